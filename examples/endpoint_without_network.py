"""Test code that drafts through an endpoint, without an endpoint: the openai client's transport is replaced.

python examples/endpoint_without_network.py

httpx2 is what the openai client speaks HTTP with; it comes along with drafter.
"""

import asyncio
import json

import httpx2

import drafter

LEDGER = {
    "organization": "竹溪镇",
    "period": "2024年上半年",
    "theme": "防汛备汛工作",
    "outline": ["achievements"],
    "facts": [
        {"topic": "隐患排查", "text": "排查山塘28座"},
        {"topic": "隐患排查", "text": "清理河道6.5公里"},
    ],
}
asked: list[httpx2.Request] = []


def answer(request: httpx2.Request) -> httpx2.Response:
    """What the server would say; an assertion on the request belongs here."""
    asked.append(request)
    message = {"role": "assistant", "content": "组织排查山塘28座，清理河道6.5公里。"}
    return httpx2.Response(
        200,
        json={
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "model": "my-model",
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": {"prompt_tokens": 700, "completion_tokens": 20, "total_tokens": 720},
        },
    )


async def main() -> drafter.Report:
    """Who hands a client in closes it."""
    settings = drafter.load_settings({"base_url": "http://model.invalid/v1", "model": "my-model"})
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as client:
        writer = drafter.EndpointWriter(settings, http_client=client)
        return await drafter.adraft(LEDGER, writer=writer, settings=settings)


if __name__ == "__main__":
    report = asyncio.run(main())
    body = json.loads(asked[0].content)
    print(f"请求 {len(asked)} 次：{asked[0].url}，模型 {body['model']}，温度 {body['temperature']}")
    print("提示词里有事实：" + ("是" if "排查山塘28座" in body["messages"][1]["content"] else "否"))
    print(f"词元：{report.tokens.prompt_tokens} 进 {report.tokens.completion_tokens} 出")
    print(report.text)

"""Let code of your own do the wording: anything with a name and `async write(request) -> Reply` is a writer.

python examples/own_writer.py
"""

import drafter

LEDGER = {
    "organization": "竹溪镇",
    "period": "2024年上半年",
    "theme": "防汛备汛工作",
    "date": "2024-07-02",
    "facts": [
        {"role": "background", "topic": "概况", "text": "辖12个村，沿河5个村"},
        {"topic": "隐患排查", "text": "排查山塘28座"},
        {"topic": "隐患排查", "text": "清理河道6.5公里"},
        {"role": "problem", "topic": "隐患整改", "text": "还有2处隐患未整改"},
        {"role": "plan", "topic": "隐患整改", "text": "8月底前整改剩余2处隐患"},
    ],
}


class Plain:
    """Strings the facts together. A writer for a model would send `request.messages` instead."""

    name = "plain"

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def write(self, request: drafter.WriteRequest) -> drafter.Reply:
        """One leaf of the outline: paragraphs, no heading, no number, no markdown."""
        self.asked.append(request.heading or request.section)
        prompt = sum(len(message["content"]) for message in request.messages)
        text = "，".join(fact.text for fact in request.facts) + "。"
        return drafter.Reply(text, usage=drafter.Usage(prompt_tokens=prompt, completion_tokens=len(text)))


writer = Plain()
report = drafter.draft(LEDGER, writer=writer)

print(f"写了 {report.calls} 次：{'、'.join(writer.asked)}")
print(report.text)
print(f"写作：{report.writer}；错误 {report.counts['error']}")

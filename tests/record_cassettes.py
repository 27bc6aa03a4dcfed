"""What the cassettes of test_endpoint.py hold, and how to record them again from a real server:

    python tests/record_cassettes.py http://127.0.0.1:8080/v1

vcrpy 9.4 wraps `httpx2.AsyncHTTPTransport.handle_async_request`, the transport under the openai client (its `_httpx2`
patcher; `httpx` proper has one of its own), so the openai client, its http_client and our retries all run for real and
only the wire is replayed. Its default matcher ignores bodies: here method, path and body must all be the recorded ones.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import vcr
import yaml
from pydantic import SecretStr
from vcr.persisters.filesystem import CassetteNotFoundError
from vcr.serialize import deserialize, serialize

from drafter.facts import Facts
from drafter.plugins.protocols import Limits, Reply, WriteRequest
from drafter.settings import Settings
from drafter.writers.endpoint import ContextOverflow, EndpointWriter

FOLDER = Path(__file__).parent / "cassettes"
HOST = "http://model.test"
KEY = "sk-drafter-cassette-4f1c2d"
MODEL = "qwen2.5-1.5b"

LEDGER = Facts(
    organization="青禾镇",
    period="2023年上半年",
    theme="便民服务工作",
    facts=["开展上门服务12次", "办理事项340件", "新增自助终端6台", "培训窗口人员45人次"],
)
ROLE = "你是机关文字工作者。只写一个自然段，不写标题，不加说明。"
ALL_FACTS = "；".join(fact.text for fact in LEDGER.facts)


def request(text: str, max_tokens: int = 200, heading: str = "优化便民服务") -> WriteRequest:
    """A leaf about the invented town of 青禾镇."""
    return WriteRequest(
        messages=({"role": "system", "content": ROLE}, {"role": "user", "content": text}),
        section="achievements",
        roles=("done",),
        heading=heading,
        topics=("便民服务",),
        facts=tuple(LEDGER.facts),
        ledger=LEDGER,
        limits=Limits(length=150, max_tokens=max_tokens),
    )


SECTION = request(
    "用一个自然段写青禾镇2023年上半年便民服务工作，不超过120字。事项：开展上门服务12次；办理事项340件。"
)
CUT = request(f"用一个自然段写青禾镇2023年上半年便民服务工作，约150字。事项：{ALL_FACTS}。", max_tokens=40)
SHORT = request("用一句话写青禾镇下半年便民服务打算，不超过30字。", max_tokens=60)
# most tokenizers make a token of each digit, so this passes a context of 8,192 tokens in few bytes
LONG = request("1234567890" * 900, max_tokens=64)

CASES: dict[str, tuple[str, tuple[WriteRequest, ...]]] = {
    "section": (MODEL, (SECTION,)),
    "cut": (MODEL, (CUT,)),
    "models": ("", (SHORT,)),
    "overflow": (MODEL, (LONG,)),
}
"""Cassette: the model in the settings, and the requests written."""


async def run(name: str, base_url: str = f"{HOST}/v1") -> list[Reply]:
    """The replies of one case; through a cassette when called within one."""
    model, requests = CASES[name]
    settings = Settings(base_url=base_url, model=model, api_key=SecretStr(KEY), attempts=1)
    async with EndpointWriter(settings) as writer:
        return [await writer.write(each) for each in requests]


class _Readable:
    """Cassettes as YAML in which Chinese can be read."""

    @staticmethod
    def serialize(cassette: dict[str, Any]) -> str:
        for interaction in cassette["interactions"]:
            body = interaction["request"]["body"]
            interaction["request"]["body"] = body.decode() if isinstance(body, bytes) else body
        return yaml.safe_dump(cassette, allow_unicode=True, sort_keys=False, width=4096)

    @staticmethod
    def deserialize(text: str) -> Any:
        return yaml.safe_load(text)


class _Utf8:
    """vcrpy's own persister writes in the locale's encoding."""

    @staticmethod
    def load_cassette(path: Any, serializer: Any) -> Any:
        if not Path(path).is_file():
            raise CassetteNotFoundError
        return deserialize(Path(path).read_text("utf-8"), serializer)

    @staticmethod
    def save_cassette(path: Any, cassette: dict[str, Any], serializer: Any) -> None:
        Path(path).write_text(serialize(cassette, serializer), "utf-8")


def _plain_request(recorded: Any) -> Any:
    """Only what is matched: no key, no host, nothing of the machine."""
    recorded.uri = HOST + recorded.path
    recorded.headers = {"content-type": "application/json"} if recorded.body else {}
    return recorded


def _plain_response(response: dict[str, Any]) -> dict[str, Any]:
    kept = ("content-type", "retry-after")
    response["headers"] = {name: value for name, value in response["headers"].items() if name.lower() in kept}
    return response


def recorder(mode: str = "none") -> vcr.VCR:
    """The player of the cassettes; mode "all" records."""
    tape = vcr.VCR(
        cassette_library_dir=str(FOLDER),
        record_mode=mode,
        match_on=("method", "path", "body"),
        before_record_request=_plain_request,
        before_record_response=_plain_response,
        serializer="readable",
    )
    tape.register_serializer("readable", _Readable)
    tape.register_persister(_Utf8)
    return tape


def main(base_url: str) -> None:
    """Record every cassette anew."""
    for name in CASES:
        (FOLDER / f"{name}.yaml").unlink(missing_ok=True)
        with recorder("all").use_cassette(f"{name}.yaml"):
            try:
                print(name, asyncio.run(run(name, base_url)))
            except ContextOverflow as error:
                print(name, error)


if __name__ == "__main__":
    main(sys.argv[1])

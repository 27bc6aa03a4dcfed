"""Reads what a server answers to a call that went well, in the shapes that OpenAI-compatible servers really send."""

from __future__ import annotations

import json
from typing import Any

from drafter.plugins.protocols import Answer
from drafter.report import Usage
from drafter.writers.faults import malformed_fault, status_fault

_ENDINGS = {
    "stop": frozenset({"stop", "eos", "end_turn", "stop_sequence", "tool_calls", "function_call"}),
    "length": frozenset({"length", "max_tokens", "model_length"}),
    "content_filter": frozenset({"content_filter", "sensitive"}),
}


def read_answer(content: bytes, wanted: str, url: str, key: str = "") -> dict[str, Any]:
    """The JSON object of an answer with status 200.

    Args:
        content: the body, UTF-8 whatever its header says.
        wanted: the name that must hold a list: `choices` of a completion, `data` of the models.
        url: for messages.
        key: the secret that no message may show.

    Raises:
        Fault: it is a web page, no JSON, lacks what was wanted, or carries an error object.
    """
    try:
        data = json.loads(content.decode("utf-8"))
    except ValueError:
        raise malformed_fault(
            "是一个网页" if b"<html" in content[:2000].lower() else "不是 JSON", url
        ) from None
    if not isinstance(data, dict):
        raise malformed_fault("不是 JSON 对象", url)
    found = data.get(wanted)
    if not found and data.get("error"):
        # some gateways report a failure with status 200
        code = data["error"].get("code") if isinstance(data["error"], dict) else None
        raise status_fault(
            code if isinstance(code, int) and 400 <= code < 600 else 500, content, {}, url, key
        )
    if not isinstance(found, list):
        raise malformed_fault(f"里没有 {wanted}", url)
    if wanted == "choices":
        first = found[0] if found else None
        if not isinstance(first, dict) or not isinstance(first.get("message"), dict):
            raise malformed_fault("里的 choices 是空的", url)
    return data


def chat_answer(data: dict[str, Any], *, finish: str = "") -> Answer:
    """What a chat completion says, as received: reasoning and all. `finish` where it is known better."""
    choice = data["choices"][0]
    return Answer(
        text=message_text(choice["message"]),
        finish=finish or ending(choice.get("finish_reason")),
        usage=reported_usage(data.get("usage")),
        model=str(data.get("model") or ""),
    )


def message_text(message: dict[str, Any]) -> str:
    """The text of a message: a string, a list of text parts, or nothing. Reasoning is no part of it."""
    content = message.get("content")
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def ending(reason: Any) -> str:
    """Why a text ends, from its finish_reason: "stop", "length", "content_filter", or "broken".

    "length" may be gone on with. "broken" is every other reason: the server failed or stopped by a rule of its own,
    so that the text is neither whole nor worth asking on.
    """
    word = str(reason or "stop").lower()
    return next((name for name, words in _ENDINGS.items() if word in words), "broken")


def reported_usage(usage: Any) -> Usage:
    """Tokens as reported, in whatever completeness; DeepSeek counts its cache beside, the others in the details."""

    def number(value: Any) -> int:
        return value if isinstance(value, int) and value > 0 else 0

    if not isinstance(usage, dict):
        return Usage()
    details = usage.get("prompt_tokens_details")
    cached = (
        details.get("cached_tokens") if isinstance(details, dict) else usage.get("prompt_cache_hit_tokens")
    )
    return Usage(
        prompt_tokens=number(usage.get("prompt_tokens")),
        completion_tokens=number(usage.get("completion_tokens")),
        cached_tokens=number(cached),
    )

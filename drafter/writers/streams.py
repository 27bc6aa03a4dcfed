"""Gathers a reply that comes in pieces (server-sent events), so that what had come is kept when it breaks off."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from drafter.writers.answers import message_text

MOST = 4_000_000
"""Characters of one body. A reply of 3,000 tokens is some 10 kB; a server that sends so much will not end by itself."""


@dataclass
class Gathered:
    """A reply as far as its events have come. `fault` is the error object of an event that says the server failed."""

    finish: Any = None
    usage: Any = None
    model: str = ""
    done: bool = False
    fault: dict[str, Any] | None = None
    size: int = 0
    """Characters of all events."""
    blank: int = 0
    """Blanks and line ends that the text ends with so far."""
    _pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The reply's text so far."""
        return "".join(self._pieces)

    @property
    def begun(self) -> bool:
        """Whether any text has come."""
        return bool(self._pieces)

    @property
    def ended(self) -> bool:
        """Whether the server said that the reply is over; that the connection ended says nothing."""
        return self.done or bool(self.finish)

    def completion(self) -> dict[str, Any]:
        """The chat completion that it would have been in one piece."""
        message = {"role": "assistant", "content": self.text}
        choice = {"index": 0, "finish_reason": self.finish, "message": message}
        return {"choices": [choice], "usage": self.usage, "model": self.model}

    def take(self, data: str) -> bool:
        """Take in an event's data; whether it brought text."""
        self.size += len(data)
        if data.strip() == "[DONE]":
            self.done = True
            return False
        try:
            event = json.loads(data)
        except ValueError:
            return False  # a gateway's own word; what is missing shows in the end
        if not isinstance(event, dict):
            return False
        if event.get("error"):
            self.fault = event
        self.usage = event.get("usage") or self.usage
        self.model = str(event.get("model") or self.model)
        choices = event.get("choices")
        first = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(first, dict):
            return False
        self.finish = first.get("finish_reason") or self.finish
        # some gateways send the whole message as one event
        said = first.get("delta") or first.get("message")
        text = message_text(said) if isinstance(said, dict) else ""
        if text:
            self._pieces.append(text)
            bare = text.rstrip()
            self.blank = len(text) - len(bare) + (0 if bare else self.blank)
        return bool(text)

    def end_here(self) -> None:
        """Take what has come for the whole. A server tells its tokens last: each event with text is counted as one."""
        self.finish = "stop"
        self.usage = self.usage or {"prompt_tokens": 0, "completion_tokens": len(self._pieces)}

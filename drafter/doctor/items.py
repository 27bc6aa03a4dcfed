"""What `drafter doctor` says of one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

State = Literal["ok", "note", "fault"]


@dataclass(frozen=True)
class Item:
    """One thing that was looked at.

    name     stable, for programs: settings, writer, endpoint, model, …
    label    what a person calls it
    state    ok; note: something optional is missing or doubtful, a report can be drafted all the same; fault: it cannot
    said     what was found
    advice   what to do about it, or how to get what is missing
    """

    name: str
    label: str
    state: State
    said: str
    advice: str = ""
    exit_status: int = 0

    @classmethod
    def ok(cls, name: str, label: str, said: str) -> Item:
        """Nothing is wanting."""
        return cls(name, label, "ok", said)

    @classmethod
    def note(cls, name: str, label: str, said: str, advice: str = "") -> Item:
        """A report can be drafted, but the person should know this."""
        return cls(name, label, "note", said, advice)

    @classmethod
    def fault(cls, name: str, label: str, said: str, advice: str = "", *, exit_status: int = 2) -> Item:
        """No report can be drafted until this is mended; `exit_status` is what a draft would end with."""
        return cls(name, label, "fault", said, advice, exit_status)

    def to_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {
            "name": self.name,
            "label": self.label,
            "state": self.state,
            "message": self.said,
            "advice": self.advice,
        }

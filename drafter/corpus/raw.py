"""The lines of a text as found, before anything is known of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

PAGE = "\x0c"
"""A line of its own where one page ends and the next begins."""
_SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n ]")


@dataclass(slots=True)
class RawLine:
    """A line without the blanks around it, and what stood there."""

    text: str
    indented: bool
    blank_before: bool


def raw_lines(text: str) -> list[RawLine]:
    """The lines that hold anything, and form feeds as lines of their own."""
    lines = []
    blank = False
    for raw in text.replace(PAGE, f"\n{PAGE}\n").split("\n"):
        stripped = raw.strip()
        if stripped:
            if not stripped.isprintable() or "  " in stripped:
                stripped = _SPACES.sub(" ", stripped)
            lines.append(RawLine(stripped, raw[0].isspace(), blank))
        elif raw == PAGE:
            lines.append(RawLine(PAGE, False, blank))
        blank = not stripped
    return lines

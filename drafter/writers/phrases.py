"""The phrase lists in `data/`: one phrase or expression a line, `#` before a comment."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def phrases(name: str) -> tuple[str, ...]:
    """The lines of a data file, without blank ones and comments."""
    text = (files("drafter.writers") / "data" / name).read_text("utf-8")
    return tuple(line for line in text.splitlines() if line.strip() and not line.startswith("#"))

"""Loads the rule files of data/: one rule a line, a code and what belongs to it; lines that begin with # are comments."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def rows(name: str) -> dict[str, str]:
    """What `name` says for each code."""
    text = resources.files("drafter.repair").joinpath("data", name).read_text(encoding="utf-8")
    lines = (line.split(None, 1) for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return {code: rest.strip() for code, rest in lines}

"""Loads the text rules of data/*.txt: one rule a line, `#` after a blank begins a comment, columns divided by blanks."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources


@cache
def read_rules(name: str, columns: int) -> tuple[tuple[str, ...], ...]:
    """The rules of data/`name`, each cut into at most `columns` columns; the last column may hold blanks."""
    text = resources.files("drafter.checks").joinpath("data", name).read_text(encoding="utf-8")
    rows = (re.split(r"(?:^|\s)#\s", line, maxsplit=1)[0].strip() for line in text.splitlines())
    return tuple(tuple(row.split(None, columns - 1)) for row in rows if row)


@cache
def words(name: str) -> frozenset[str]:
    """All words of a list file."""
    return frozenset(word for row in read_rules(name, 99) for word in row)

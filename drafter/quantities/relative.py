"""Dates and periods that hold no numeral: 今年, 去年同期, 截至目前 (data/relative.txt)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from drafter.quantities.mention import Kind
from drafter.quantities.rules import alternation, read_rules

LEADS = frozenset({"今年", "去年", "前年", "明年", "后年", "本月", "上月", "下月"})
"""What may stand before the rest of a date: 去年8月, 本月15日."""


@dataclass(frozen=True, slots=True)
class Relative:
    """One such word where it stands."""

    start: int
    end: int
    word: str
    kind: Kind


@cache
def _words() -> tuple[re.Pattern[str], dict[str, tuple[str, Kind, str, str]]]:
    known: dict[str, tuple[str, Kind, str, str]] = {}
    for word, common, kind, after, before in read_rules("relative.txt"):
        barred = ("" if after == "-" else after, "" if before == "-" else before)
        known[word] = (common, "date" if kind == "date" else "period", *barred)
    return re.compile(alternation([*known])), known


def relatives(plain: str) -> list[Relative]:
    """All such words of a flattened text, in order."""
    pattern, known = _words()
    found: list[Relative] = []
    for match in pattern.finditer(plain):
        common, kind, after, before = known[match[0]]
        start, end = match.span()
        if (after and plain[end : end + 1] in tuple(after)) or (
            before and plain[start - 1 : start] in tuple(before)
        ):
            continue
        found.append(Relative(start, end, common, kind))
    return found

"""The words that set something beside an earlier period (同比, 上年同期, 较2022年), and whether they name the right one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from drafter.checks.rules import read_rules
from drafter.comparisons import Comparison

_TIME_BEHIND = re.compile(r"全年|[上下]半年|第?[一二三四]季度|前三季度|年?[底末初]|\d{1,2}(?:-\d{1,2})?月份?")
"""What may follow 去年 and say which part of it is meant."""
_YEAR = re.compile(r"^\d{4}年")


class Cues:
    """The words for the earlier period of one comparison, among all words for earlier periods."""

    def __init__(self, comparison: Comparison) -> None:
        relation = comparison.relation
        self._relation = relation
        self._own = (relation.lead.removeprefix("较"), relation.former, comparison.period)
        self._pattern = _pattern((relation.lead, *self._own))
        self._part = _YEAR.sub("", comparison.period) or "全年"

    def find(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """Each such word in text[start:end]."""
        return self._pattern.finditer(text, start, len(text) if end is None else end)

    def end(self, text: str, cue: re.Match[str]) -> int:
        """Where the word ends with the part of the year that it means (去年|上半年)."""
        behind = _TIME_BEHIND.match(text, cue.end())
        return behind.end() if behind else cue.end()

    def fitting(self, text: str, cue: re.Match[str]) -> bool:
        """Whether the word names the period of the earlier ledger."""
        word = cue[0].removeprefix("较")
        if word not in _words("loosely") and word.replace("去年", "上年") in self._own:
            return True
        part = text[cue.end() : self.end(text, cue)]
        if part and part != self._part:
            return False  # 去年全年 is no 上年同期 of half a year
        kinds = {"year": ("year", "loosely"), "before": ("before",)}.get(self._relation.name, ())
        return any(word in _words(kind) for kind in kinds)


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(word for of, row in read_rules("comparing.txt", 2) if of == kind for word in row.split())


@cache
def _pattern(own: tuple[str, ...]) -> re.Pattern[str]:
    words = {*own, *(each.replace("上年", "去年") for each in own)}
    words |= {word for kind in ("year", "before", "loosely") for word in _words(kind)}
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))

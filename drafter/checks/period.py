"""Looks for events, congresses, campaigns and slogans that do not fit the report's period, by a dated lexicon."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import resources

from drafter.checks.limits import bounded
from drafter.checks.rules import read_rules
from drafter.checks.sources import Sources
from drafter.corpus.periods import months
from drafter.events import Event, parse_events
from drafter.plugins.protocols import CheckContext
from drafter.quantities import find
from drafter.report import Evidence, Finding

GRACE = 3
"""Months after its end for which a name may still be spoken of as of today."""
AHEAD = 24
"""Months before its beginning from which on a sentence may look forward to it."""
_NOT_COMPARED = re.compile(r"[“”\"‘’《》〈〉「」『』、\s]")
_QUOTES = frozenset('“”"‘’「」『』')
_NUMERAL = re.compile(r"[第\d一二三四五六七八九十百千]")
_STOP = re.compile("[。！？；\n]")
_REACH = 80
"""Characters to each side of a name that are looked at in its sentence."""
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年|[-—.](?=\d))")


@dataclass(frozen=True)
class _Named:
    """A name as it is compared, its times, and whether it counts in quotation marks only."""

    name: str
    spans: tuple[tuple[int, int], ...]
    quoted: bool


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    named: _Named


class Period:
    """What did not exist yet is an error, unless the ledger names it; what is long over is a warning."""

    name = "period"

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings period.early and period.late; none for a ledger whose period names no year."""
        reported = _reported(context)
        if reported is None:
            return
        ledger = _NOT_COMPARED.sub("", Sources.of(context.ledger).names)
        first, last = reported
        yield from bounded(
            finding
            for found in _mentions(text, _lexicon(tuple(context.events)))
            if (finding := self._judge(text, found, first, last, named=found.named.name in ledger))
        )

    def _judge(self, text: str, found: _Found, first: int, last: int, *, named: bool) -> Finding | None:
        spans = found.named.spans
        if any(
            (not begin or begin <= last) and (not end or first <= _later(end, GRACE)) for begin, end in spans
        ):
            return None
        sentence = _sentence(text, found)
        begin = min(begin for begin, _ in spans)
        if begin > last:
            if begin <= _later(last, AHEAD) and _beside("ahead").search(sentence):
                return None
            message = f"“{_compared(text[found.start : found.end])}”始于{_written(begin)}，报告时段里还没有，请核实或删去"
            return self._finding(text, found, "early", message, begin, 0, warning=named)
        if named or _beside("past").search(sentence) or _of_earlier_year(sentence, first // 100):
            return None
        if _in_longer_title(text, found):
            return None
        start, end = max(span for span in spans if span[1] and span[1] < first)
        message = f"“{_compared(text[found.start : found.end])}”到{_written(end)}已经结束或改名，报告时段里不宜再作当前工作写，请核实"
        return self._finding(text, found, "late", message, start, end, warning=True)

    def _finding(
        self, text: str, found: _Found, code: str, message: str, begin: int, end: int, *, warning: bool
    ) -> Finding:
        span = f"{_written(begin) if begin else ''}至{_written(end) if end else '今'}"
        return Finding(
            check=self.name,
            code=f"period.{code}",
            severity="warning" if warning else "error",
            message=message,
            start=found.start,
            end=found.end,
            text=text[found.start : found.end],
            evidence=(Evidence(text=f"{found.named.name}：{span}"),),
        )


def _reported(context: CheckContext) -> tuple[int, int] | None:
    """First and last month that the report may speak of as of today: those of its period, up to the day it is dated."""
    ledger = context.ledger
    dated = date.fromisoformat(ledger.date) if ledger.date else None
    day = dated.year * 100 + dated.month if dated else 0
    period = (
        months(ledger.period)
        if any(name == "年" for each in find(ledger.period) for name, _ in each.parts)
        else None
    )
    if period is None:
        return (day, day) if day else None
    return period[0], max(period[1], day)


@cache
def _built_in() -> tuple[Event, ...]:
    text = resources.files("drafter.checks").joinpath("data", "period.txt").read_text(encoding="utf-8")
    return parse_events(text, "period.txt")


@lru_cache(maxsize=8)
def _lexicon(own: tuple[Event, ...]) -> tuple[_Named, ...]:
    """The names with their times, the user's in place of the built-in of the same name."""
    replaced = {_compared(event.name) for event in own}
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    quoted: dict[str, bool] = {}
    for event in (*(each for each in _built_in() if _compared(each.name) not in replaced), *own):
        name = _compared(event.name)
        spans[name].append((event.first, event.last))
        quoted[name] = event.name[0] in _QUOTES and event.name[-1] in _QUOTES
    return tuple(_Named(name, tuple(times), quoted[name]) for name, times in spans.items() if name)


def _compared(name: str) -> str:
    return _NOT_COMPARED.sub("", name)


def _mentions(text: str, lexicon: Iterable[_Named]) -> Iterator[_Found]:
    """Where names of the lexicon stand, in order; of two at one place the longer."""
    plain = _NOT_COMPARED.sub("", text)
    present = [named for named in lexicon if named.name in plain]
    if not present:
        return
    left_out = [match.start() for match in _NOT_COMPARED.finditer(text)]
    before = [place - number for number, place in enumerate(left_out)]
    found: list[tuple[int, int, _Named]] = []
    for named in present:
        at = plain.find(named.name)
        while at >= 0:
            end = at + len(named.name)
            if not _is_part(plain, at, end):
                found.append((at, end, named))
            at = plain.find(named.name, end)
    found.sort(key=lambda each: (each[0], -each[1]))
    reached = 0
    for at, end, named in found:
        if at < reached:
            continue
        start = at + bisect_right(before, at)
        stop = end - 1 + bisect_right(before, end - 1) + 1
        if named.quoted and not (text[start - 1 : start] in _QUOTES and text[stop : stop + 1] in _QUOTES):
            continue
        if "\n" in text[start:stop]:
            continue
        reached = end
        yield _Found(*_with_its_marks(text, start, stop), named)


def _with_its_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """The place widened by the mark that belongs to one within: “三严三实”专题教育, not 三严三实”专题教育."""
    for opening, closing in ("“”", "《》", "‘’"):
        inside = text[start:end]
        if inside.count(closing) > inside.count(opening) and text[start - 1 : start] == opening:
            start -= 1
        elif inside.count(opening) > inside.count(closing) and text[end : end + 1] == closing:
            end += 1
    return start, end


def _is_part(plain: str, start: int, end: int) -> bool:
    """Whether the name is the tail or the head of a longer number: 十四五 of 二十四五."""
    first, last = plain[start], plain[end - 1]
    return bool(
        (_NUMERAL.match(first) and first != "第" and start and _NUMERAL.match(plain[start - 1]))
        or (_NUMERAL.match(last) and end < len(plain) and _NUMERAL.match(plain[end]))
    )


def _sentence(text: str, found: _Found) -> str:
    """What its sentence says beside the name."""
    before = _STOP.split(text[max(0, found.start - _REACH) : found.start])[-1]
    after = _STOP.split(text[found.end : found.end + _REACH], maxsplit=1)[0]
    return f"{before}\n{after}"


@cache
def _beside(kind: str) -> re.Pattern[str]:
    found: Sequence[str] = [
        word for of, row in read_rules("period_words.txt", 2) if of == kind for word in row.split()
    ]
    return re.compile("|".join(sorted(found, key=lambda word: (-len(word), word))))


def _of_earlier_year(sentence: str, year: int) -> bool:
    return any(int(match[1]) < year for match in _YEAR.finditer(sentence))


def _in_longer_title(text: str, found: _Found) -> bool:
    """Whether it stands in the 《》 of a document that is called by more than the name."""
    before, after = text[max(0, found.start - _REACH) : found.start], text[found.end : found.end + _REACH]
    opened = before.rfind("《") > before.rfind("》")
    closes = after.find("》")
    inside = opened and closes >= 0 and not 0 <= after.find("《") < closes
    return inside and not (before.endswith("《") and closes == 0)


def _later(month: int, by: int) -> int:
    number = month // 100 * 12 + month % 100 - 1 + by
    return number // 12 * 100 + number % 12 + 1


def _written(month: int) -> str:
    return f"{month // 100}年{month % 100}月"

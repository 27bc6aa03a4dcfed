"""Whether a date of the text is stated, or implied, by the header or by a fact."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from drafter.checks.numbers.index import Entry, Index
from drafter.checks.numbers.periods import Fields, Period, implied, read_period
from drafter.checks.sources import DATE_LABEL, PERIOD_LABEL, Source
from drafter.quantities import Mention, resolve
from drafter.report import Evidence

UNTIL = re.compile(r"(?:截[至止][到至]?|[到至])(?:今年|本年|当年)?$")
"""What stands before the day on which a period ends."""
_LONG = frozenset({"半年", "季"})
_END = {"止年": "年", "止季": "季", "止月": "月", "止日": "日"}


@dataclass(frozen=True)
class Calendar:
    """What the header says of time: its dates with the periods they name, and the year that a fact's date may lack."""

    index: Index

    @classmethod
    def of(cls, index: Index) -> Calendar:
        """The calendar of this index, read once for all checks."""
        known = next((calendar for calendar in _recent if calendar.index is index), None)
        if known is None:
            known = cls(index)
            _recent.append(known)
        return known

    @cached_property
    def _spans(self) -> dict[int, tuple[date, date] | None]:
        """First and last day of each date of the ledger, by the number of its entry."""
        return {entry.number: self.span(entry.mention) for entry in self.index.entries if entry.mention.parts}

    @cached_property
    def _header(self) -> tuple[tuple[Source, Mention, Period | None], ...]:
        return tuple(
            (source, mention, read_period(mention.parts))
            for source in self.index.sources.header
            for mention in source.mentions
            if mention.parts
        )

    @cached_property
    def years(self) -> Fields:
        """The years that the header names."""
        return frozenset(part for _, mention, _ in self._header for part in mention.parts if part[0] == "年")

    @cached_property
    def period(self) -> Mention | None:
        """The report's period."""
        return next(
            (m for s, m, period in self._header if period and period.year and s.label == PERIOD_LABEL), None
        )

    @cached_property
    def last_day(self) -> date | None:
        """The day the report is dated; without one, the last of its period."""
        ledger = self.index.sources.ledger
        if ledger.date:
            return ledger.date if isinstance(ledger.date, date) else date.fromisoformat(str(ledger.date))
        span = self.span(self.period) if self.period else None
        return span[1] if span else None

    def lasts(self, mention: Mention) -> bool:
        """Whether so many months are those of the report's period (一季度: 三个月来)."""
        period = read_period(self.period.parts) if self.period else None
        return (
            mention.unit == "个月" and period is not None and mention.value == period.last - period.first + 1
        )

    @property
    def length(self) -> tuple[int, int] | None:
        """The days and the months of the report's period; None where it has none."""
        days = self.span(self.period) if self.period else None
        if days is None:
            return None
        first, last = days
        return (last - first).days + 1, 12 * (last.year - first.year) + last.month - first.month + 1

    def span(self, mention: Mention) -> tuple[date, date] | None:
        """First and last day of a date or period, read by the report's period."""
        return resolve(mention, self.period) if self.period else None

    def late(self, mention: Mention) -> bool:
        """Whether the date begins after the day the report is dated, or is a season behind its period that is not over."""
        span, last = self.span(mention), self.last_day
        if span is None or last is None:
            return False
        whole = self.span(self.period) if self.period else None
        ahead = whole is not None and _LONG.intersection(dict(mention.parts)) and span[0] > whole[1]
        return span[0] > last or (bool(ahead) and span[1] > last)

    def outside(self, mention: Mention) -> bool:
        """Whether the date lies wholly before or behind the report's period."""
        span, whole = self.span(mention), self.span(self.period) if self.period else None
        return span is not None and whole is not None and (span[1] < whole[0] or span[0] > whole[1])

    def another_year(self, mention: Mention) -> bool:
        """Whether the date is a year alone, and not the one that the report is of."""
        return [name for name, _ in mention.parts] == ["年"] and self.outside(mention)

    def implied(self, mention: Mention, before: str, *, planned: bool) -> Source | None:
        """The header field that states this date, or whose period implies it; `before` is the text before the date.

        A period with a year that begins after the report's is implied only where something is `planned` for it.
        """
        wanted = frozenset(mention.parts)
        if not wanted or mention.relative not in (None, "今年"):
            return None
        at_end = UNTIL.search(before) is not None
        for source, other, period in self._header:
            if period is None:
                if _states(other, wanted, self.years) and (len(wanted) > 1 or source.label != DATE_LABEL):
                    return source  # its year alone is that of the letter, not of what it tells
                continue
            bare = wanted if period.year else wanted - self.years
            later = any(name == "年" and value > period.year > 0 for name, value in wanted)
            if (planned or not later) and any(bare == whole for whole in implied(period, at_end=at_end)):
                return source
        return None

    def evidence_of(self, name: Mention) -> Evidence | None:
        """The fact that has the day which is a name in the text (“5·18”国际博物馆日 of 5月18日)."""
        if not name.parts:
            return None
        dates = (entry for entry in self.index.entries if entry.mention.parts)
        return next((entry.source.evidence for entry in self.stating(name, dates)), None)

    def stating(self, mention: Mention, entries: Iterable[Entry]) -> list[Entry]:
        """The entries that state this date as one: a day of one and a month of another make no date.

        Only the year may come from the header (a fact says 4月12日, the text 2022年4月12日).
        """
        wanted = frozenset(mention.parts)
        if not wanted:
            return []
        entries = [
            entry for entry in entries if entry.source.fact
        ]  # what the header implies is asked for by itself
        alone = _each_alone(mention)
        if alone:
            listed = [[e for e in entries if _states(e.mention, fields, self.years)] for fields in alone]
            return [entry for found in listed for entry in found] if all(listed) else []
        span = self.span(mention)
        plain = mention.relative in (None, "今年")
        return [
            entry
            for entry in entries
            if (
                plain
                and entry.mention.relative in (None, "今年")
                and _states(entry.mention, wanted, self.years)
            )
            or (span is not None and span == self._spans[entry.number])
            or (
                span is not None
                and ("旬" in dict(mention.parts))
                and _within(self._spans[entry.number], span)
            )
        ]


def _within(days: tuple[date, date] | None, span: tuple[date, date]) -> bool:
    """Whether these days are of that part of a month (3月12日, 3月中旬)."""
    return days is not None and span[0] <= days[0] and days[1] <= span[1]


def _each_alone(mention: Mention) -> list[Fields]:
    """The dates of a list (4月、6月), each by itself; nothing for one date."""
    names = [name for name, _ in mention.parts]
    return [frozenset({part}) for part in mention.parts] if len(names) > 1 == len(set(names)) else []


def _states(other: Mention, wanted: Fields, years: Fields) -> bool:
    """Whether this date has every field that is wanted; the end of a span is a date of its own, a year within too."""
    fields = dict(other.parts)
    if not fields:
        return False
    last = frozenset((_END[name], value) for name, value in other.parts if name in _END)
    spared = frozenset() if "年" in fields else years
    if wanted <= frozenset(other.parts) | spared or (last and wanted <= last | spared):
        return True
    within = range(fields.get("年", 0), fields.get("止年", 0))
    return len(wanted) == 1 and any(name == "年" and value in within for name, value in wanted)


_recent: deque[Calendar] = deque(maxlen=4)

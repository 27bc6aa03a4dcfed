"""What a report's period implies: its own names, the next period, and, after 截至, the day it ends. Knows no sources."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass

from drafter.quantities import find

Fields = frozenset[tuple[str, int]]
_WHOLE_LENGTHS = (1, 3, 6, 12)
"""Months of the periods that have a next one of their kind: month, quarter, half-year, year."""
_END_OF_MONTH = ("旬", 5)


@dataclass(frozen=True)
class Period:
    """Months of a year, from the first to the last; the year is 0 where none is given."""

    year: int
    first: int
    last: int

    @property
    def names(self) -> Iterator[Fields]:
        """Each whole way to write the period without its year (上半年, 1-6月, 一、二季度)."""
        if (self.first, self.last) == (1, 12):
            yield frozenset()
        if self.first == self.last:
            yield frozenset({("月", self.first)})
        else:
            yield frozenset({("月", self.first), ("止月", self.last)})
        if self.first in (1, 7) and self.last == self.first + 5:
            yield frozenset({("半年", 1 if self.first == 1 else 2)})
        if self.first % 3 == 1 and self.last % 3 == 0:
            start, end = self.first // 3 + 1, self.last // 3
            yield frozenset(("季", quarter) for quarter in range(start, end + 1))
            if end > start:
                yield frozenset({("季", start), ("止季", end)})

    @property
    def ends(self) -> Iterator[Fields]:
        """Each whole way to write when it ends, without its year (6月, 6月底, 6月30日)."""
        month = ("月", self.last)
        last_day = calendar.monthrange(self.year or 2024, self.last)[1]
        yield frozenset({month})
        yield frozenset({month, _END_OF_MONTH})
        yield frozenset({month, ("日", last_day)})

    @property
    def next(self) -> Period | None:
        """The next period of the same kind; after nine months the last quarter."""
        if self.last < 12:
            length = min(self.last - self.first + 1, 12 - self.last)
            return Period(self.year, self.last + 1, self.last + length)
        length = self.last - self.first + 1
        if length not in _WHOLE_LENGTHS:
            return None
        return Period(self.year + 1 if self.year else 0, 1, length)


def read_period(parts: tuple[tuple[str, int], ...]) -> Period | None:
    """The period that these fields of a date name; None for a day, several years and the like."""
    fields = dict(parts)
    quarters = [value for name, value in parts if name in ("季", "止季")]
    if fields.keys() - {"年", "半年", "季", "止季", "月", "止月"}:
        return None
    year = fields.get("年", 0)
    if "半年" in fields:
        first, last = (1, 6) if fields["半年"] == 1 else (7, 12)
    elif quarters:
        first, last = min(quarters) * 3 - 2, max(quarters) * 3
    elif "月" in fields:
        first, last = fields["月"], fields.get("止月", fields["月"])
    elif year:
        first, last = 1, 12
    else:
        return None
    return Period(year, first, last) if 1 <= first <= last <= 12 and year < 9999 else None


def period_named(text: str) -> Period | None:
    """The period with its year that a text names (a ledger's field); None where it cannot be told."""
    found = (read_period(mention.parts) for mention in find(text) if mention.parts)
    return next((period for period in found if period and period.year), None)


def implied(period: Period, *, at_end: bool) -> Iterator[Fields]:
    """Whole dates that the period supports by itself, each with its year and without.

    Neither a day nor a month within it is among them. When it ends is, where the text says 截至 (`at_end`).
    """
    wholes = [(period.year, name) for name in period.names]
    if period.next:
        wholes += [(period.next.year, name) for name in period.next.names]
        wholes.append((period.next.year, frozenset()))
    wholes.append((period.year, frozenset()))
    if at_end:
        wholes += [(period.year, end) for end in period.ends]
    for year, fields in wholes:
        if fields:
            yield fields
        if year:
            yield fields | {("年", year)}

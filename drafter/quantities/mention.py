"""The mention of a quantity, and when two mentions say the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from drafter.quantities.context import Direction, counted_of, direction_of, lead_of
from drafter.quantities.exact import EXACT
from drafter.quantities.intervals import interval_of
from drafter.quantities.rules import compatible_units
from drafter.quantities.units import Unit, unit_named

Kind = Literal[
    "cardinal",
    "percent",
    "fraction",
    "ratio",
    "range",
    "ordinal",
    "money",
    "date",
    "period",
    "enumerator",
    "phrase",
    "name",
]
"""What a numeral is. `enumerator` (一是), `phrase` (三会一课) and `name` (十九大) count nothing."""

_COUNTLESS = frozenset({"enumerator", "phrase", "name"})
_TODAY = frozenset({None, "今年"})
"""Dates without a year are of this year: 今年3月 is 3月."""


@dataclass(frozen=True)
class Mention:
    """One numeral in its expression. Offsets are code points of the text, ends exclusive.

    start, end                  the expression: numeral, unit or measure word, approximation marks (近3000余人次)
    numeral_start, numeral_end  the numeral alone (3000); of a range, from the first numeral to the last
    text                        text[start:end]
    value, high                 the number, scaled (1.5万 is 15000); `high` is the end of a range. Phrases, names and
                                enumerators have a value where their numeral has one: it counts nothing all the same
    unit                        canonical: 元 for money, % for percent, otherwise the measure word; None without one
    approximation               余 (余 多 逾 超 几), 约 (约 近 左右 将近), 以上, 以下, 不足, 数 (数十); None when exact
    parts                       of a date or period: its fields, such as (("年", 2022), ("半年", 1)); of the name of a
                                day (4.23世界读书日) too
    relative                    of a date or period: the word it hangs on (今年, 去年, 上月, 目前), in its common form
    indefinite                  a single or half thing that the text tells of without counting (一位老人, 半条街, 过半), the
                                foremost (第一责任), a time told by another (第二天, 朝九晚五), the year in a title: asks
                                for no fact
    before, after               the text on either side as far as the words that the number goes with may reach; what is
                                counted, the deed and the direction are read from it when they are asked for
    """

    start: int
    end: int
    numeral_start: int
    numeral_end: int
    text: str
    kind: Kind
    value: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    approximation: str | None = None
    parts: tuple[tuple[str, int], ...] = ()
    relative: str | None = None
    indefinite: bool = False
    before: str = ""
    after: str = ""

    @property
    def counted(self) -> str | None:
        """The head noun that is counted, after the number (32名党员) or before it (党员32名)."""
        return self._bearing[0]

    @property
    def deed(self) -> str | None:
        """The verb that the number goes with (排查, 培训, 召开)."""
        return self._bearing[1]

    @cached_property
    def direction(self) -> Direction | None:
        """Whether the text says that it rose or fell, by so much or to so much."""
        if not self.before and not self.after:
            return None
        return direction_of(lead_of(self.before, len(self.before), 0), self.after, 0, self.kind)

    @cached_property
    def _bearing(self) -> tuple[str | None, str | None]:
        if self.kind == "ratio" or not (self.before or self.after):
            return None, None
        return counted_of(lead_of(self.before, len(self.before), 0), self.after, 0, self.unit, self.kind)

    @property
    def countable(self) -> bool:
        """Whether it states a quantity, an order, a date or a period, which a fact has to support.

        A date or period without a numeral (今年, 截至目前) states none, and neither does what is `indefinite`.
        """
        return (
            self.kind not in _COUNTLESS
            and not self.indefinite
            and (self.relative is None or bool(self.parts))
        )

    @property
    def dimension(self) -> str | None:
        """Of the unit: count, money, percent, points, length, area, volume, mass, duration … (see units.txt)."""
        if self.kind == "fraction" and self.unit is None:
            return "percent"
        return self._known_unit.dimension if self._known_unit else None

    @property
    def base(self) -> str | None:
        """The unit in which `amount` is told: only amounts of the same base may be compared."""
        if self.kind == "fraction" and self.unit is None:
            return "%"
        return self._known_unit.base if self._known_unit else None

    @property
    def amount(self) -> Decimal | None:
        """The value in the base unit of its dimension (1.5公里 is 1500 metres); None without a unit or a value."""
        return self._in_base(self.value)

    @property
    def interval(self) -> tuple[Decimal | None, Decimal | None] | None:
        """Lowest and highest number that the words allow, in the mention's own unit; None for an open end.

        60余 is from 60 to 70, 近60 up to 60, 约 a tenth to either side; an exact number is both ends. None without value.
        """
        return interval_of(self.text, self.value, self.high, self.approximation)

    @property
    def _known_unit(self) -> Unit | None:
        return unit_named(self.unit) if self.unit and self.kind not in _COUNTLESS else None

    def _in_base(self, value: Decimal | None) -> Decimal | None:
        if value is None:
            return None
        if self.kind == "fraction" and self.unit is None:
            return EXACT.multiply(value, 100)
        unit = self._known_unit
        return EXACT.multiply(value, unit.factor) if unit else None


def same_unit(a: str | None, b: str | None) -> bool:
    """Whether two canonical units may stand for one another: 名 for 人, 场次 for 场, a bare number for a measure word."""
    if a == b:
        return True
    if a is None or b is None:
        known = unit_named(a or b or "")
        return known.dimension not in ("money", "percent", "points")
    return b in compatible_units().get(a, frozenset())


def same_quantity(a: Mention, b: Mention) -> bool:
    """Whether the two mentions state the same quantity, order, date or period.

    Values, range ends and approximations must agree (60余 and 60多 do, 20余 and 20 do not) and the units be
    compatible or convertible: 1.5公里 is 1500米, 95% is 百分之九十五 and 二十分之十九, but 3% is not 3个百分点.
    What is counted is not compared: that takes the sentence.
    """
    if a.kind in ("date", "period") or b.kind in ("date", "period"):
        return (
            bool(a.parts)
            and a.parts == b.parts
            and a.countable == b.countable
            and (a.relative == b.relative or (a.relative in _TODAY and b.relative in _TODAY))
        )
    if a.value is None or b.value is None or not a.countable or not b.countable:
        return False
    if a.approximation != b.approximation or (a.kind == "ordinal") != (b.kind == "ordinal"):
        return False
    if (a.kind == "ratio") != (b.kind == "ratio"):
        return False
    if a.value == b.value and a.high == b.high and same_unit(a.unit, b.unit):
        return "fraction" not in (a.kind, b.kind) or a.kind == b.kind
    if a.base is None or a.base != b.base or a.dimension == "count":
        return False
    return a.amount == b.amount and a._in_base(a.high) == b._in_base(b.high)

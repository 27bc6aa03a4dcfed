"""Whether a fact's quantity bears out a quantity of the text, by value, unit and looseness alone. Knows no wording."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from drafter.quantities import Mention, same_unit

Key = tuple[str, Decimal]
"""What two quantities must share before anything else is compared: whether they count or order, and the value."""

_PARTS = {"%": Decimal(1), "‰": Decimal("0.1")}
_HUNDRED = Decimal(100)
_NEAR = Decimal("0.05")
"""How far 约 may stand from the exact value, as a share of it."""
_NEAR_POINTS = Decimal("2.5")
_BELOW = Decimal("0.1")
_COARSE = Decimal(10)
"""So many points above it a loose part in words may stand for: 超过四分之一 is told of 26.4%, 超过七成 of 78%."""
_MEASURED = frozenset({"length", "area", "volume", "mass", "duration", "speed", "energy", "data"})
"""Dimensions whose units are converted into one another; a count stays what it counts."""
NEARLY = "近"
"""Less than so much, told apart from 约 here alone."""
_ABOUT = frozenset({"约", NEARLY})
_UP = frozenset({"余", "以上", "数"})
_DOWN = frozenset({"不足", "以下"})
_BOUNDS = frozenset({"以上", "以下"})


_NEARLY = re.compile("将近|接近|近|几乎|差不多")


class Value(NamedTuple):
    """What a quantity comes to: quantity, ordinal, ratio or date, with percentages and measures of one dimension made alike."""

    sort: str
    low: Decimal | None
    high: Decimal | None
    """The end of a range."""
    unit: str | None
    approximation: str | None
    coarse: bool = False
    """Whether it is a part in words (四分之一, 七成), which lies some points off what it stands for."""

    @property
    def key(self) -> Key | None:
        """The key under which it is looked up; None for dates and what has no value."""
        return None if self.low is None else (self.sort, self.low)


def value_of(mention: Mention) -> Value:
    """The value of a quantity: 95%, 百分之九十五 and 二十分之十九 come to the same, and so do 1.5公里 and 1500米."""
    value, high, unit = mention.value, mention.high, mention.unit
    approximation = mention.approximation
    if approximation == "约" and _NEARLY.match(mention.text):
        approximation = NEARLY
    if mention.kind in ("date", "period"):
        return Value("date", None, None, None, None)
    if mention.kind in ("ordinal", "ratio"):
        return Value(mention.kind, value, high, unit, approximation)
    sort, scale = "quantity", Decimal(1)
    if mention.kind == "fraction" and unit is None:
        scale, unit = _HUNDRED, "%"
    elif unit in _PARTS:
        scale, unit = _PARTS[unit or ""], "%"
    elif mention.dimension in _MEASURED and mention.amount is not None and value:
        scale, unit = mention.amount / value, f"[{mention.dimension}]"
    if scale != 1:
        value = None if value is None else value * scale
        high = None if high is None else high * scale
    coarse = unit == "%" and (mention.kind == "fraction" or "成" in mention.text)
    return Value(sort, value, high, unit, approximation, coarse)


def is_percentage(mention: Mention) -> bool:
    """Whether the quantity is told as a part of a hundred: 95%, 百分之五, 三分之二."""
    if mention.kind in ("date", "period"):
        return False
    if mention.kind in ("ordinal", "ratio"):
        return mention.unit == "%"
    return mention.unit in _PARTS or (mention.kind == "fraction" and mention.unit is None)


def same_measure(a: Value, b: Value) -> bool:
    """Whether the two could be values of one thing: both count, or both order, in units that may stand for one another."""
    return a.sort == b.sort and a.sort != "date" and same_unit(a.unit, b.unit)


def bears_out(fact: Value, text: Value) -> bool:
    """Whether the fact's quantity makes the text's true, if both are of the same thing.

    An exact figure needs an exact one. A loose one (60余) is borne out by its like (60多) and by an exact figure within
    it (63); the reverse is not.
    """
    low, value, top = fact.low, text.low, text.high
    if low is None or value is None or not same_measure(fact, text):
        return False
    loose, theirs = text.approximation, fact.approximation
    if low == value and fact.high == top:
        return (
            loose == theirs
            or {loose, theirs} <= _ABOUT
            or {loose, theirs} <= _UP
            or {loose, theirs} <= _DOWN
            or (theirs is None and loose in _BOUNDS)  # 64场 are 不少于64场
        )
    if loose in _ABOUT and theirs in _UP and fact.high is None and top is None:
        return low < value <= low + _step(low)  # 1900余 is nearly 2000
    if loose is None or theirs is not None or fact.high is not None or top is not None or value <= 0:
        return False
    if loose == "约":
        room = _NEAR * value
        if text.unit == "%":  # 接近四分之一 is told of 23.5%
            room = max(room, min(_NEAR_POINTS, _BELOW * value))
        return abs(low - value) <= room
    if loose == NEARLY:
        return 0 <= value - low <= _BELOW * value
    if loose in _UP:
        room = _COARSE if text.coarse else _step(value)
        return value < low < value + room
    return value > low >= value - _BELOW * value


def _step(value: Decimal) -> Decimal:
    """One in the last place of the value that is not 0: 10 for 60, 100 for 1200."""
    digits = value.normalize()
    exponent = digits.as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)

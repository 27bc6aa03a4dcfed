"""The mention of a quantity, and when two mentions say the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from drafter.quantities.rules import compatible_units

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

_EXACT_UNITS = frozenset({"元", "美元", "欧元", "港元", "日元", "%", "‰", "百分点"})


@dataclass(frozen=True, slots=True)
class Mention:
    """One numeral in its expression. Offsets are code points of the text, ends exclusive.

    start, end                  the expression: numeral, unit or measure word, approximation marks (近3000余人次)
    numeral_start, numeral_end  the numeral alone (3000); of a range, from the first numeral to the last
    text                        text[start:end]
    value, high                 the number, scaled (1.5万 is 15000); `high` is the end of a range
    unit                        canonical: 元 for money, % for percent, otherwise the measure word; None without one
    approximation               余 (余 多 逾 超 几), 约 (约 近 左右 将近), 以上, 以下, 不足, 数 (数十); None when exact
    counted                     the noun counted, as far as it stands beside the number
    parts                       of a date or period: its fields, such as (("年", 2022), ("半年", 1))
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
    counted: str | None = None
    parts: tuple[tuple[str, int], ...] = ()

    @property
    def countable(self) -> bool:
        """Whether it states a quantity, an order, a date or a period, which a fact has to support."""
        return self.kind not in ("enumerator", "phrase", "name")


def same_unit(a: str | None, b: str | None) -> bool:
    """Whether two canonical units may stand for one another: 名 for 人, 场次 for 场, a bare number for a measure word."""
    if a == b:
        return True
    if a is None or b is None:
        return (a or b) not in _EXACT_UNITS
    return b in compatible_units().get(a, frozenset())


def same_quantity(a: Mention, b: Mention) -> bool:
    """Whether the two mentions state the same quantity, order, date or period.

    Values, range ends and approximations must agree (60余 and 60多 do, 20余 and 20 do not) and the units be
    compatible. 95% is 百分之九十五 and 二十分之十九. What is counted is not compared: that takes the sentence.
    """
    if a.kind in ("date", "period") or b.kind in ("date", "period"):
        return bool(a.parts) and a.parts == b.parts
    plain = "fraction" not in (a.kind, b.kind) and a.unit not in _PARTS and b.unit not in _PARTS
    if plain and a.value != b.value:
        return False  # by far the most pairs that are asked about
    if (a.kind == "ordinal") != (b.kind == "ordinal") or (a.kind == "ratio") != (b.kind == "ratio"):
        return False
    if not a.countable or not b.countable:
        return False
    (low, high, unit), (other_low, other_high, other_unit) = _normal(a), _normal(b)
    return (
        low is not None
        and low == other_low
        and high == other_high
        and a.approximation == b.approximation
        and same_unit(unit, other_unit)
    )


_PARTS = ("%", "‰")


def _normal(mention: Mention) -> tuple[Decimal | None, Decimal | None, str | None]:
    """Value, range end and unit, a fraction of the whole expressed as a percentage."""
    value, high, unit = mention.value, mention.high, mention.unit
    if mention.kind == "fraction" and value is not None:
        return value * 100, high, "%"
    if unit in _PARTS and value is not None:
        factor = Decimal(1) if unit == "%" else Decimal("0.1")
        return value * factor, None if high is None else high * factor, "%"
    return value, high, unit

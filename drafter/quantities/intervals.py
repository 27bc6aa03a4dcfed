"""Which numbers a loose number may stand for: 60余 is 60 to 70, 近60 at most 60, 约60 a tenth to either side."""

from __future__ import annotations

import re
from decimal import Decimal

from drafter.quantities.exact import EXACT

Interval = tuple[Decimal | None, Decimal | None]

_NEARLY = re.compile(r"(?:将近|接近|近|几乎|差不多)(?!年|期|日)")
_BEYOND = re.compile(r"超|逾|突破|高于|多于|大于|不止")
_TENTH = Decimal("0.1")
_FIFTH = Decimal("0.2")
_ONE = Decimal(1)


def interval_of(
    text: str, value: Decimal | None, high: Decimal | None, approximation: str | None
) -> Interval | None:
    """The ends of what `text` allows; `text` tells apart what shares a mark (近 and 约, 超 and 余)."""
    if value is None:
        return None
    if approximation in (None, "") or (high is not None and approximation == "约"):
        return (value, value if high is None else high)
    top = value if high is None else high
    match approximation:
        case "约":
            return (
                _below(value)
                if _NEARLY.match(text)
                else (_away(value, value.copy_abs(), -_TENTH), _away(top, top.copy_abs(), _TENTH))
            )
        case "余":
            if _BEYOND.match(text):
                return value, None
            if _NEARLY.match(text):  # 近3000余: both sides
                return _below(value)[0], _away(top, _step(top), _ONE)
            return value, _away(top, _step(top), _ONE)
        case "数":
            return _away(value, value, _ONE), EXACT.scaleb(value, 1)
        case "以上":
            return value, None
        case "以下":
            return None, top
        case _:
            return None, top


def _step(value: Decimal) -> Decimal:
    """One of the last significant digit: 10 of 60, 1000 of 15000."""
    if not value:
        return Decimal(0)
    exponent = EXACT.normalize(value).as_tuple().exponent
    return EXACT.scaleb(_ONE, exponent) if isinstance(exponent, int) else Decimal(0)


def _below(value: Decimal) -> Interval:
    """Nearly so much: within one of the last significant digit, and within a fifth."""
    return max(_away(value, _step(value), -_ONE), _away(value, value.copy_abs(), -_FIFTH)), value


def _away(value: Decimal, step: Decimal, share: Decimal) -> Decimal:
    return EXACT.fma(step, share, value)

"""Reads a numeral with its scale and looseness (30余万, 十几, 数十, 两三), before any unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from drafter.quantities.numerals import DIGITS, parse_numeral

_SCALE = r"(?:万亿|亿|万|千(?![米克瓦卡伏])|百(?!分))"
_FIGURE = r"(?:\d{1,3}(?:,\d{3}){1,8}(?!\d)|\d{1,40})(?:\.\d{1,20})?"
_HAN = "零〇一二三四五六七八九十百千万亿两廿卅壹贰叁肆伍陆柒捌玖拾佰仟"
NUMERAL = re.compile(
    rf"{_FIGURE}(?:{_SCALE}(?:{_FIGURE}{_SCALE}){{0,3}})?|[{_HAN}]{{1,40}}(?:点[零〇一二三四五六七八九]{{1,20}}+(?!十)(?:{_SCALE})?)?|半"
)
_LOOSE = re.compile(
    r"(?P<more>余|多(?![种方面次元样])|来(?=[个名次场人户家岁年]))(?P<scale>万亿|亿|万|千|百)?"
)
SCALES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000, "万亿": 1_000_000_000_000}
_SOME = re.compile(r"几[十百千万亿]{0,4}")


@dataclass(frozen=True, slots=True)
class Number:
    """A numeral with its scale and looseness, before any unit."""

    start: int
    end: int
    after: int
    value: Decimal | None
    high: Decimal | None = None
    approximation: str | None = None


def read_number(plain: str, at: int) -> Number | None:
    """The number whose numeral begins at `at`; None where the characters form none."""
    match = NUMERAL.match(plain, at)
    if match is None:
        return None
    text = match[0]
    end = after = match.end()
    approximation: str | None = None
    high: Decimal | None = None
    value = Decimal("0.5") if text == "半" else parse_numeral(text)
    if value is None or _adjacent(text):
        value, high = _neighbours(text)
        if value is None:
            return None
        approximation = "约"
    some = _SOME.match(plain, end)
    if some and text[-1] in "十百千万亿":
        # 十几 and 二十几万 are loose, 几 itself counts nothing
        for unit in some[0][1:]:
            value *= SCALES.get(unit, 1)
        return Number(at, end, some.end(), value, None, "余")
    if text[0] in "十百千万亿" and at and plain[at - 1] in "数几":
        return Number(at, end, end, value, None, "数")
    loose = _LOOSE.match(plain, end)
    if loose and (text[-1] not in "一二三四五六七八九两半"):
        scale = SCALES.get(loose["scale"] or "", 1)
        return Number(at, end, loose.end(), value * scale, None, "约" if loose["more"] == "来" else "余")
    return Number(at, end, after, value, high, approximation)


def _adjacent(text: str) -> bool:
    """Two neighbouring digits without a unit between them (两三, 五六十): some number in that span."""
    return (
        2 <= len(text) <= 3
        and text[0] in DIGITS
        and text[1] in DIGITS
        and DIGITS[text[1]] - DIGITS[text[0]] == 1
        and DIGITS[text[0]] > 0
        and (len(text) == 2 or text[2] in "十百千万亿")
    )


def _neighbours(text: str) -> tuple[Decimal | None, Decimal | None]:
    if not _adjacent(text):
        return None, None
    return parse_numeral(text[0] + text[2:]), parse_numeral(text[1] + text[2:])

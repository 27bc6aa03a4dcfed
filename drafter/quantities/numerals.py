"""Reads one numeral: Arabic, Chinese, formal capitals and mixtures (1.5万, 三千二百, 贰拾伍). Knows no units."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation

MAX_LENGTH = 40
"""A longer run of digits is no quantity."""

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_CAPITALS = dict(zip("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千", strict=True))

_PLAIN = str.maketrans(
    {
        **{chr(0xFF10 + d): str(d) for d in range(10)},
        **dict(zip("．％／＋－：·•‧", ".%/+-:···", strict=True)),
        **dict.fromkeys("–—－～~〜﹣−", "-"),
        **dict(zip("萬億點個餘", "万亿点个余", strict=True)),
        **{"∶": ":", "○": "〇", "￥": "¥", "（": "(", "）": ")", "﹪": "%"},
    }
)


def flatten(text: str) -> str:
    """`text` with full-width figures and the like made plain, of the same length, so that offsets stay."""
    return text.translate(_PLAIN)


def parse_numeral(numeral: str) -> Decimal | None:
    """The value of a numeral, or None for what is none.

    Takes Arabic figures with thousands separators and a scale (1.5万, 1亿5000万), Chinese numerals (两万三,
    二〇二二, 三点五, 三点二万) and formal capitals.
    """
    text = flatten(numeral).replace(",", "").replace("廿", "二十").replace("卅", "三十")
    text = "".join(_CAPITALS.get(char, char) for char in text)
    if not text or len(text) > MAX_LENGTH:
        return None
    if text[0].isdecimal():
        return _mixed(text)
    whole, point, tail = text.partition("点")
    value = _chinese(whole)
    if value is None or not point:
        return value
    decimals = tail.rstrip("".join(UNITS))
    if not decimals or any(char not in DIGITS for char in decimals):
        return None
    value += Decimal("0." + "".join(str(DIGITS[char]) for char in decimals))
    return value * math.prod(UNITS[char] for char in tail[len(decimals) :])  # 三点二万


def _mixed(text: str) -> Decimal | None:
    total = Decimal(0)
    figure = ""
    for place, char in enumerate(text):
        if char.isdecimal() or char == ".":
            figure += char
            continue
        if char not in UNITS:
            return None
        scale = Decimal(UNITS[char])
        if figure:
            part = _decimal(figure)
            if part is None:
                return None
            total += part * scale
            figure = ""
        elif place:
            total *= scale
        else:
            return None
    if figure:
        part = _decimal(figure)
        return None if part is None else total + part
    return total


def _decimal(figure: str) -> Decimal | None:
    try:
        return Decimal(figure)
    except InvalidOperation:
        return None


def _chinese(text: str) -> Decimal | None:
    if not text or any(char not in DIGITS and char not in UNITS for char in text):
        return None
    if not any(char in UNITS for char in text):
        return Decimal("".join(str(DIGITS[char]) for char in text))
    total = section = 0
    digit: int | None = None
    last = 1
    zero = False
    for char in text:
        if char in DIGITS:
            if digit:
                return None
            digit = DIGITS[char]
            zero = zero or digit == 0
            continue
        unit = UNITS[char]
        zero = False
        if unit >= 10_000:
            section += digit or 0
            if not section and not total:
                section = 1
            if unit > 10_000 or not section:
                total = (total + section) * unit
            else:
                total += section * unit
            section = 0
        else:
            section += (digit or 1) * unit
        digit, last = None, unit
    if digit is not None:
        # 一万五 is 15000, 一百零五 is 105
        section += digit if zero or last <= 10 else digit * last // 10
    return Decimal(total + section)

"""Numbers of headings: 一、 （一） 1. （1）, the four levels of GB/T 9704-2012, section 7.3.3. The program owns them."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """1 to 9999 as Chinese numerals: 1 → 一, 10 → 十, 21 → 二十一, 105 → 一百零五."""
    if not 1 <= number <= 9999:
        raise ValueError(f"only 1 to 9999 are numbered, not {number}")
    written, zero = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            written += ("零" if zero else "") + _DIGITS[digit] + unit
        zero = bool(written) and not digit
    return written.removeprefix("一") if 10 <= number < 20 else written


def heading_number(level: int, number: int) -> str:
    """The mark of the `number`-th heading of `level` (1 to 4), ready to stand before its text."""
    return {1: f"{chinese(number)}、", 2: f"（{chinese(number)}）", 3: f"{number}. ", 4: f"（{number}）"}[
        level
    ]


def enumerator(number: int) -> str:
    """一是, 二是, … of an enumeration inside a paragraph."""
    return f"{chinese(number)}是"

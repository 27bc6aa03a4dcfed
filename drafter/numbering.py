"""Numbers of headings: 一、 （一） 1. （1）, the four levels of GB/T 9704-2012, section 7.3.3. The program owns them."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """1 to 99 as Chinese numerals: 1 → 一, 10 → 十, 21 → 二十一."""
    if not 1 <= number <= 99:
        raise ValueError(f"headings are numbered from 1 to 99, not {number}")
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (
        _DIGITS[ones] if ones else ""
    )


def heading_number(level: int, number: int) -> str:
    """The mark of the `number`-th heading of `level` (1 to 4), ready to stand before its text."""
    return {1: f"{chinese(number)}、", 2: f"（{chinese(number)}）", 3: f"{number}. ", 4: f"（{number}）"}[
        level
    ]


def enumerator(number: int) -> str:
    """一是, 二是, … of an enumeration inside a paragraph."""
    return f"{chinese(number)}是"

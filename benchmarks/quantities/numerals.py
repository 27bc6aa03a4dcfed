"""Writing a value the ways a report may write it, and reading it back: the benchmark's own small hand at numerals.

It knows no more than the generator writes; it is kept apart from drafter so that one cannot excuse the other.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

DIGITS = "零一二三四五六七八九"
YEAR_DIGITS = "〇一二三四五六七八九"
FULL = str.maketrans("0123456789.%:", "０１２３４５６７８９．％：")
HALF = str.maketrans("０１２３４５６７８９．％：，", "0123456789.%:,")
POWERS = {"十": 10, "百": 100, "千": 1000}
READ = {sign: number for number, sign in enumerate(DIGITS)} | {"〇": 0, "两": 2}

NUMERAL = re.compile(
    r"\d[\d,]*(?:\.\d+)?(?:[万亿]|千(?![瓦米克卡帕]))?|(?:(?!千[瓦米克卡帕])[零〇一二两三四五六七八九十百千万亿])+(?:点[零一二三四五六七八九]+)?"
)


def plain(value: Decimal) -> str:
    """Arabic digits without exponent or idle zeros: 12000, 93.5."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def thousands(value: Decimal) -> str:
    """Arabic digits in groups of three: 12,000."""
    whole, _, rest = plain(value).partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "")


def _below_ten_thousand(number: int, leading: bool) -> str:
    text, gap = "", not leading
    for power, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            if gap and power < 1000:
                text += "零"
            gap = False
            text += ("两" if digit == 2 and power == 1000 else DIGITS[digit]) + sign
        elif text:
            gap = bool(number)
    if leading and text.startswith("一十"):
        text = text[1:]
    return text


def chinese(value: Decimal, counting: bool = False) -> str:
    """Chinese numerals: 十二, 一千零五, 九十五点三; counting says 两 for a bare 2 before a measure word."""
    whole, _, rest = plain(value).partition(".")
    number = int(whole)
    text = ""
    for power, sign in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, number = divmod(number, power)
        if part:
            if text and part < 1000:
                text += (
                    "零"
                    + _below_ten_thousand(part, True).replace("十", "一十", 1 if 10 <= part < 20 else 0)
                    + sign
                )
            else:
                short = "两" if part == 2 and sign else _below_ten_thousand(part, not text)
                text += short + sign
    text = text or "零"
    if rest:
        return text + "点" + "".join(DIGITS[int(sign)] for sign in rest)
    return "两" if counting and text == "二" else text


def year(number: int) -> str:
    """二〇二四."""
    return "".join(YEAR_DIGITS[int(sign)] for sign in str(number))


def read(text: str) -> Decimal | None:
    """The value of one numeral as NUMERAL finds it, None for what is no number (千万 alone, 三百百)."""
    text = text.translate(HALF).replace(",", "")
    scale = Decimal(1)
    while len(text) > 1 and text[-1] in "千万亿" and text[0].isascii():
        scale *= {"千": 10**3, "万": 10**4, "亿": 10**8}[text[-1]]
        text = text[:-1]
    if text[:1].isascii():
        try:
            return Decimal(text) * scale
        except InvalidOperation:
            return None
    text, _, rest = text.partition("点")
    if len(text) > 1 and all(sign in READ for sign in text):
        return Decimal("".join(str(READ[sign]) for sign in text))
    great, total, section, digit, unit = 0, 0, 0, 0, False
    for sign in text:
        if sign in READ:
            digit, unit = READ[sign], True
        elif sign in POWERS:
            section += (digit or 1) * POWERS[sign]
            digit, unit = 0, True
        elif sign == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        elif sign == "亿":
            great, total, section, digit = (total + section + digit) * 10**8, 0, 0, 0
        else:
            return None
    whole = great + total + section + digit
    if rest:
        return Decimal(f"{whole}." + "".join(str(READ[sign]) for sign in rest))
    return Decimal(whole) if unit else None


def numbers(text: str) -> list[tuple[int, int, Decimal]]:
    """Every numeral of a text with its value; a reader as plain as a ledger's peer would be."""
    folded = text.translate(HALF)
    found = ((match, read(match[0])) for match in NUMERAL.finditer(folded))
    return [(match.start(), match.end(), value) for match, value in found if value is not None]

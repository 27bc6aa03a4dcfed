"""What a cell of a workbook shows: the text that its reader sees, from the stored value and its number format.

The clerk signs what the sheet shows, so 0.125 as 12.5% is 12.5%, and a third with one decimal is 33.3%. What the
format makes of a value is worked out for the formats of ECMA-376 18.8.31 that ledgers have; another is a fault.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal

DIGITS = 15
"""Excel keeps so many digits of a number; what lies beyond is dust of binary fractions (0.30000000000000004)."""
MOST_DECIMALS = 6
"""More decimals than this without a format come of a division, and no report tells them."""

_DUST = Decimal("1e-9")
"""A difference of binary fractions leaves dust above the last digit (23.04-23.13); a cell shows nine decimals at most."""

_EXACT = Context(prec=DIGITS, rounding=ROUND_HALF_UP)
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_GENERAL = frozenset({"", "general", "@", "g/通用格式", "通用格式"})
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)(?:-[^\]]*)?\]|\[[A-Za-z]+\d*\]')
_PATTERN = re.compile(r"(?P<whole>[#0?][#0?,]*|(?=\.))(?P<point>\.[#0?]*)?(?P<scale>,*)")
_MONEY = "¥￥$€£"
_BARE = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")


class Unreadable(ValueError):
    """What a cell shows cannot be told; the message says why, and what to do, as a Chinese phrase."""


def shown(value: object, number_format: str = "General") -> str:
    """The text of a cell.

    Raises:
        Unreadable: an error value, or a number in a format that is not known.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, dt.date | dt.time):
        return _moment(value, number_format)
    if isinstance(value, dt.timedelta):
        raise Unreadable("是时长格式，请改成文字，如“24小时”")
    return clean(str(value))


def clean(text: str) -> str:
    """Text without what cannot be seen and without blanks at its ends."""
    return _INVISIBLE.sub("", text).strip()


def tidy(text: str) -> str:
    """A figure that a program wrote as text, as a person writes it: 9.0 is 9, 0.30000000000000004 is 0.3."""
    return plain_number(_dusted(Decimal(text))) if _BARE.fullmatch(text) and len(text) < 40 else text


def _dusted(value: Decimal) -> Decimal:
    value = _EXACT.plus(value) if value != value.to_integral_value() else value
    return value.quantize(_DUST, ROUND_HALF_UP, context=_WIDE) if abs(value) < 10**15 else value


def plain_number(value: Decimal) -> str:
    """Digits without an exponent and without zeros behind the point."""
    written = f"{value:f}"
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if written in ("-0", "") else written


def _number(value: float, number_format: str) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        raise Unreadable("不是有效的数")
    exact = _EXACT.create_decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if number_format.strip().lower() in _GENERAL:
        return _general(exact)
    sections = _sections(number_format)
    section, exact = _section_for(exact, sections)
    if section.strip().lower() in _GENERAL:
        return _general(exact)
    return _formatted(exact, section, number_format)


def _general(value: Decimal) -> str:
    written = plain_number(_dusted(value))
    if len(written.partition(".")[2]) > MOST_DECIMALS:
        raise Unreadable(f"是算出来的长小数 {written}，请设好小数位数")
    return written


def _section_for(value: Decimal, sections: list[str]) -> tuple[str, Decimal]:
    """The part of the format that is for this value; one of its own for negative values shows them without a sign."""
    if value < 0 and len(sections) > 1:
        own = sections[1]
        return (own if "-" in own or "(" in own or "（" in own else f"-{own}"), -value
    if value == 0 and len(sections) > 2:
        return sections[2], value
    return sections[0], value


def _sections(number_format: str) -> list[str]:
    found, quoted, last = [""], False, ""
    for sign in number_format:
        if sign == '"' and last != "\\":
            quoted = not quoted
        if sign == ";" and not quoted and last != "\\":
            found.append("")
        else:
            found[-1] += sign
        last = sign
    return found


def _formatted(value: Decimal, section: str, whole_format: str) -> str:
    literals: list[str] = []

    def kept(match: re.Match[str]) -> str:
        text = next((part for part in match.groups() if part is not None), "")
        literals.append(text)
        return "\x00" if text else ""

    bare = _LITERAL.sub(kept, section)
    literals = [text for text in literals if text]
    figure = next((match for match in _PATTERN.finditer(bare) if match[0]), None)
    if figure is None:
        text = _with_literals(bare, literals).strip()
        if value == 0 and text in ("", "-", "—", "–"):
            return "0"  # the accounting formats show nothing as a dash
        raise Unreadable(f"的数字格式“{whole_format}”看不懂，请改成“常规”或文字")
    before, after = bare[: figure.start()], bare[figure.end() :]
    percent = after.count("%") + before.count("%")
    strange = re.sub(r"[\x00\s%()（）¥￥$€£+\-人次个户元件场万千百亿\u3400-\u9fff]", "", before + after)
    if strange or figure["scale"]:
        raise Unreadable(f"的数字格式“{whole_format}”显示的与所存的不同，请改成“常规”或文字")
    places = (figure["point"] or "").lstrip(".")
    value = _WIDE.multiply(value, Decimal(100) ** percent)
    rounded = value.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP, context=_WIDE)
    count = before.count("\x00")
    lead = _with_literals(before, literals[:count])
    tail = _with_literals(after, literals[count:])
    negative = "-" in lead or "(" in lead or "（" in lead
    money = any(sign in lead + tail for sign in _MONEY)
    tail = re.sub(rf"[\s()（）{re.escape(_MONEY)}]", "", tail)
    lead = re.sub(rf"[\s()（）\-+{re.escape(_MONEY)}]", "", lead)
    written = plain_number(-rounded if negative and rounded else rounded)
    return f"{lead}{written}{tail}" + ("元" if money and not tail else "")


def _with_literals(text: str, literals: list[str]) -> str:
    pieces = iter(literals)
    return "".join(next(pieces) if sign == "\x00" else sign for sign in text)


def _moment(value: dt.date | dt.time, number_format: str) -> str:
    """A date as reports write it, with the fields that the format shows: 2024年6月 where it shows no day."""
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    bare = _LITERAL.sub("", number_format).lower()
    year, month, day = ("y" in bare or "e" in bare), "m" in bare, "d" in bare
    if not (year or month or day):
        year = month = day = True
    text = f"{value.year}年" * year + f"{value.month}月" * (month or day) + f"{value.day}日" * day
    if isinstance(value, dt.datetime) and "h" in bare and (value.hour or value.minute):
        text += f"{value:%H:%M}"
    return text

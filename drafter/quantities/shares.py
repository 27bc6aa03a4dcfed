"""Parts and ratios: 百分之九十五, 三分之二, 一又二分之一, 1/3, 3:1, 九成五, 八折, 半数."""

from __future__ import annotations

import re
from decimal import Decimal

from drafter.quantities.context import BEHIND, REACH
from drafter.quantities.draft import Draft
from drafter.quantities.exact import QUOTIENT
from drafter.quantities.marks import SUFFIX, SUFFIXES, prefix_of
from drafter.quantities.numerals import DIGITS, parse_numeral
from drafter.quantities.reading import Number, read_number

TENTHS = re.compile(r"成(?P<tail>[一二三四五六七八九半])?(?![立为功员果效长年人本就都型熟交分绩品套群片])")
_DISCOUNT = re.compile(r"折(?![叠腾磨旧射合算中返转])")
_OF = re.compile(r"分之(?P<sign>负)?")
_SLASH = re.compile(r"/(\d{1,4})(?![\d/.])")
_RATIO = re.compile(r"(?::|比)(?=[\d一二三四五六七八九十])")
_RATIO_END = re.compile(r"(\d{1,6}(?:\.\d+)?|[一二三四五六七八九十]{1,3})(?![\d:]|[较例重是曰则要来、])")
_HUNDREDTHS = {Decimal(100): "%", Decimal(1000): "‰", Decimal(10000): "‱"}
SHARE_SIGNS = frozenset("分又/:比成折")


def share_at(plain: str, start: int, number: Number) -> Draft | None:
    """百分之九十五, 三分之二, 一又二分之一, 1/3, 3:1, 九成五, 八折."""
    at, end, value = number.start, number.after, number.value
    follow = plain[end]
    mark = number.approximation
    if follow == "分":
        if value == 100 and plain.startswith("分百", end):
            return Draft(start, end + 2, at, end + 2, "percent", Decimal(100), None, "%", mark)
        of = _OF.match(plain, end)
        return _parts(plain, start, number, of.end(), of["sign"] is not None) if of else None
    if follow == "又":
        lower = read_number(plain, end + 1)
        of = _OF.match(plain, lower.after) if lower else None
        upper = read_number(plain, of.end()) if of else None
        if lower is None or upper is None or not lower.value:
            return None
        portion = QUOTIENT.divide(upper.value, lower.value)
        value += -portion if value < 0 else portion
        return Draft(start, upper.end, at, upper.end, "fraction", value, None, None, mark)
    if follow == "/":
        match = _SLASH.match(plain, end)
        if match is None or not int(match[1]) or number.end != end or end - at > 4 or "." in plain[at:end]:
            return None
        value = QUOTIENT.divide(value, Decimal(match[1]))
        return Draft(start, match.end(), at, match.end(), "fraction", value, None, None, mark)
    if follow in ":比":
        ratio = _RATIO.match(plain, end)
        last = _RATIO_END.match(plain, ratio.end()) if ratio else None
        right = parse_numeral(last[1]) if last else None
        if last is None or right is None or end - at > 8:
            return None
        return Draft(start, last.end(), at, last.end(), "ratio", value, right)
    if follow == "成" and number.high is None and 0 < value <= 10 and (tenths := TENTHS.match(plain, end)):
        tail = tenths["tail"]
        part = Decimal(5 if tail == "半" else DIGITS[tail]) if tail else Decimal(0)
        return Draft(start, tenths.end(), at, tenths.end(), "percent", value * 10 + part, None, "%", mark)
    if follow == "成" and number.high is not None and number.high <= 10 and TENTHS.match(plain, end):
        return Draft(start, end + 1, at, number.end, "range", value * 10, number.high * 10, "%", mark)
    if follow == "折" and _DISCOUNT.match(plain, end) and 0 < value <= 100:
        digits = number.high if number.high is not None else value
        text = plain[at : number.end]
        if number.high is not None:  # 七八折, read as a pair
            return Draft(start, end + 1, at, number.end, "range", value * 10, digits * 10, "%", mark)
        percent = Decimal(50) if text == "半" else value if len(text) == 2 and value > 10 else value * 10
        return Draft(start, end + 1, at, number.end, "percent", percent, None, "%", mark)
    return None


def half_of_all(plain: str, at: int, floor: int) -> Draft | None:
    """半数, 过半: a half, of which the 半 stands at `at`."""
    if plain.startswith("数", at + 1) and not plain.startswith("数百", at + 1):
        draft = Draft(at, at + 2, at, at + 1, "fraction", Decimal("0.5"))
        number = Number(at, at + 1, at + 1, Decimal("0.5"))
        draft.start, draft.approximation, _ = prefix_of(plain, at, floor, number)
        if plain[at - 1 : at] == "过" and at > floor:
            draft.start, draft.approximation = at - 1, "以上"
        if suffix := SUFFIX.match(plain, draft.end):
            draft.end, draft.approximation = suffix.end(), SUFFIXES[str(suffix.lastgroup)]
        return draft
    if at > floor and plain[at - 1] == "过" and not "\u4e00" <= plain[at + 1 : at + 2] <= "\u9fff":
        draft = Draft(at - 1, at + 1, at, at + 1, "fraction", Decimal("0.5"), None, None, "以上")
        draft.indefinite = True
        return draft
    return None


def one_half(plain: str, at: int, place: int, floor: int) -> Draft | None:
    """一半, of which the 半 stands at `place`: 只完成一半; 另一半 and 成功的一半 are manners of speaking."""
    if place - at != 1 or plain[at] != "一" or _NO_HALF.search(plain, max(floor, at - 4), at):
        return None
    if _HALVES.match(plain, place + 1) or _HALVES_BEFORE.search(plain, max(floor, at - 14), at):
        return None
    draft = Draft(at, place + 1, at, place + 1, "fraction", Decimal("0.5"))
    number = Number(at, place + 1, place + 1, Decimal("0.5"))
    draft.start, draft.approximation, _ = prefix_of(plain, at, floor, number)
    if suffix := SUFFIX.match(plain, draft.end):
        draft.end, draft.approximation = suffix.end(), SUFFIXES[str(suffix.lastgroup)]
    return draft


_NO_HALF = re.compile(r"(?:[另这那每哪]|成功[的了]|病好了|轻了)$")
_HALVES = re.compile(r"[\u4e00-\u9fff]{0,8}[，、；]?一半|天|会|[是靠凭为]")
_HALVES_BEFORE = re.compile(r"一半[\u4e00-\u9fff]{0,8}[，、；]?$")


def _parts(plain: str, start: int, number: Number, place: int, negative: bool) -> Draft | None:
    """百分之… and …分之…, whose upper number begins at `place`."""
    at, value, mark = number.start, number.value, number.approximation
    upper = read_number(plain, place)
    if upper is None or not value:
        return None
    sign = -1 if negative else 1
    top, high = sign * upper.value, upper.high
    unit = (
        _HUNDREDTHS.get(abs(value))
        if plain[at] in "百千万佰仟拾1" or plain[at : at + 1].isdecimal()
        else None
    )
    if unit and plain[at] != "一" and plain[at] != "壹":
        if high is not None:
            return Draft(start, upper.after, at, upper.end, "range", top, high, unit, mark)
        if value < 0:
            top = -top
        mark = mark or upper.approximation
        return Draft(start, upper.after, at, upper.end, "percent", top, None, unit, mark)
    return Draft(
        start,
        upper.after,
        at,
        upper.end,
        "fraction",
        QUOTIENT.divide(top, value),
        None,
        None,
        mark or upper.approximation,
    )


_HALVED = re.compile(r"(?:打|享受?|按|以|价格?|票|[卖售]|优惠)(?:了|的)?$")


def with_halves(plain: str, found: list[Draft]) -> list[Draft]:
    """The mentions with those of 对折, half the price, which has no numeral; what is folded (把纸对折) is none."""
    halves = []
    index, place = 0, plain.find("对折")
    while place >= 0:
        while index < len(found) and found[index].end <= place:
            index += 1
        free = index == len(found) or found[index].start >= place + 2
        if free and _HALVED.search(plain[max(0, place - 3) : place]) and plain[place + 2 : place + 3] != "叠":
            draft = Draft(place, place + 2, place + 1, place + 2, "percent", Decimal(50), None, "%")
            draft.before = plain[max(found[index - 1].end if index else 0, place - REACH) : place]
            draft.after = plain[place + 2 : place + 2 + BEHIND]
            halves.append(draft)
        place = plain.find("对折", place + 2)
    return sorted([*found, *halves], key=lambda draft: draft.start)

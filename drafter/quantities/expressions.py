"""Quantities proper: numeral, scale, measure word and approximation marks; ranges and ordinals."""

from __future__ import annotations

import re
from decimal import Decimal

from drafter.quantities.context import BEHIND, REACH
from drafter.quantities.draft import Draft
from drafter.quantities.manner import manner_of, reach_at, without_unit
from drafter.quantities.marks import (
    AFTER_UNIT,
    SIGN_AFTER,
    SUFFIX,
    SUFFIX_HEADS,
    SUFFIXES,
    far_mark,
    passes_goal,
    prefix_of,
)
from drafter.quantities.mention import Kind
from drafter.quantities.numerals import parse_numeral
from drafter.quantities.reading import SCALES, Number, read_number
from drafter.quantities.rules import Measure, begins_with, measure_at
from drafter.quantities.shares import SHARE_SIGNS, TENTHS, share_at
from drafter.quantities.units import unit_named

_ARTICLE = re.compile(r"[”\"]?(?:的|这)?(?:一?篇)?大?文章")
_RED_LINE = re.compile(r"(?:永久)?(?:基本)?(?:农田|耕地)(?:保护)?红线")
_NATION = Decimal(1_000_000_000)
_MONTHS_AND_HOURS = re.compile(
    r"个(?P<more>[多余])?(?P<half>半)?(?P<unit>月|小时|钟头|星期|学期|学年|工作日|百分点|季度)"
)
_HALF_MORE = re.compile(r"半(?![年月天个小日夜数径成])")
_TO = re.compile(r"-{1,2}|至(?!少|多|今)|到(?!位|期|账|达|岗|场|会)")
_AND_TO = re.compile(r"[和与](?=[^，。；、\n]{1,12}之间)")
_TO_HEADS = frozenset("-至到和与")
_UNKNOWN = frozenset("半俩仨")
_MONEY = frozenset(
    {
        "元",
        "美元",
        "欧元",
        "港元",
        "日元",
        "英镑",
        "卢布",
        "韩元",
        "台币",
        "澳元",
        "加元",
        "角",
        "比特币",
        "泰铢",
        "瑞士法郎",
        "美分",
        "分钱",
    }
)
_COINS = re.compile(
    r"(?:(?P<dime>\d|[零一二两三四五六七八九壹贰叁肆伍陆柒捌玖])[角毛])?(?:零?(?P<cent>\d|[一二两三四五六七八九壹贰叁肆伍陆柒捌玖])分(?!之|钟|别|类))?[整正]?(?![式常确个合])"
)
_RANK = re.compile(r"等[奖功]")
_PARENTHESIS = re.compile(r"\((?P<inner>[\u4e00-\u9fff]{1,3})\)")
_TAIL_SCALE = re.compile(r"(?:万亿|亿|万)$")
_LARGE = re.compile("[万亿]")


def expression_at(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """The quantity whose numeral begins at `at`; a Chinese numeral that counts nothing is a phrase."""
    number = read_number(plain, at)
    if (
        plain[at - 1 : at] == "."
        and at - 1 >= floor
        and plain[at].isdecimal()
        and number is not None
        and (at == 1 or plain[at - 2] in SIGN_AFTER or plain[at - 2] in "负-")
    ):
        number = read_number(plain, at - 1) or number
        at = number.start
    if number is None:
        return _word(at, run_end, plain)
    before = plain[at - 1] if at > floor else ""
    if before == "第":
        return _ordinal(plain, at, number)
    start, approximation, currency = prefix_of(plain, at, floor, number)
    number.approximation = approximation or far_mark(plain, start, floor, number)
    follow = plain[number.after : number.after + 1]
    if follow == "等" and (rank := _RANK.match(plain, number.after)):
        # 一等奖 is a class of a fixed scheme
        return Draft(at, rank.end(), at, number.end, "name", number.value, None, rank[0])
    draft = share_at(plain, start, number) if follow in SHARE_SIGNS and follow else None
    if draft is None:
        draft = _counted(plain, at, start, number, currency)
    if draft is None or draft.kind == "phrase":
        return draft
    end = draft.end
    if (
        plain[end : end + 1] in SUFFIX_HEADS
        and (suffix := SUFFIX.match(plain, end))
        and (draft.unit or draft.kind == "fraction" or draft.value is not None)
    ):
        draft.approximation = draft.approximation or SUFFIXES[str(suffix.lastgroup)]
        draft.end = suffix.end()
    elif draft.unit and plain[end : end + 1] in ("余", "多") and (more := AFTER_UNIT.match(plain, end)):
        draft.approximation = draft.approximation or "余"
        draft.end = more.end()
    if passes_goal(plain, draft.start, draft.end):
        draft.start, draft.approximation = at, None
    draft.before = plain[max(floor, draft.start - REACH) : draft.start]
    draft.after = plain[draft.end : draft.end + BEHIND]
    return draft


def _word(at: int, run_end: int, plain: str) -> Draft | None:
    """A run of Chinese numerals that forms no number (九九八十一): part of a phrase; figures that form none are unknown."""
    text = plain[at:run_end]
    if text[0].isdecimal():
        return unreadable(plain, at, run_end)
    if text in _UNKNOWN or not text.strip("零〇幺壹贰叁肆伍陆柒捌玖拾佰仟"):
        return None
    return Draft(at, run_end, at, run_end, "phrase")


_SCALE_RUN = re.compile("[十百千万亿]{1,8}")


def unreadable(plain: str, at: int, run_end: int) -> Draft:
    """Figures or numerals too long to be a number: a quantity of which nobody can say how much, with its scale and unit."""
    if not plain[at].isdecimal():
        return Draft(at, run_end, at, run_end, "phrase")
    scale = _SCALE_RUN.match(plain, run_end)
    end = scale.end() if scale else run_end
    measure = measure_at(plain, end)
    unit = measure.canonical if measure else None
    return Draft(at, end + (measure.length if measure else 0), at, end, "cardinal", None, None, unit)


def _ordinal(plain: str, at: int, number: Number) -> Draft:
    measure = measure_at(plain, number.end)
    end = number.end + (measure.length if measure else 0)
    unit = measure.canonical if measure else None
    if unit in ("天", "日", "年", "周") and plain[end : end + 1] not in _ORDERED_ON:
        draft = Draft(at - 1, end, at, number.end, "date", number.value, None, unit)
        draft.indefinite = True  # the day after what was told before
        return draft
    kind: Kind = (
        "name" if unit in _PROVISIONS and _OF_LAW.search(plain[max(0, at - 7) : at - 1]) else "ordinal"
    )
    draft = Draft(at - 1, end, at, number.end, kind, number.value, None, unit)
    follow = plain[end : end + 1]
    if kind == "ordinal" and plain[at] == "一" and (unit is None or unit in _FOREMOST_UNITS):
        draft.indefinite = "\u3400" <= follow <= "\u9fff" and follow not in _RANKED
    return draft


_FOREMOST_UNITS = frozenset({"个", "件", "站", "所", "道", "张", "块", "把", "课", "棒", "面", "本"})
"""第一责任, 第一件大事, 第一所学校: the foremost one or the first of its kind, which asks for no fact; 第一批 and 全市第一 do."""
_RANKED = frozenset("的位名、和")
_PROVISIONS = frozenset({"条", "款", "项", "章", "节"})
_OF_LAW = re.compile(r"(?:[》法典]|[条案]例|办法|规[定则程]|[守准细]则|章程|[条款]第?|[条款项][、和及至与])$")
"""What stands before the number of a provision: 《信访工作条例》第十五条, 第二十条第一款."""
_ORDERED_ON = frozenset("级度")


def _counted(plain: str, at: int, start: int, number: Number, currency: str | None) -> Draft | None:
    """A number with or without its unit, or the range it begins."""
    place = number.after
    follow = plain[place : place + 1]
    measure: Measure | None = None
    end = place
    if follow and follow in "%‰‱":
        unit: str | None = follow
        end = place + 1
    else:
        measure = measure_at(plain, place)
        unit = measure.canonical if measure else None
        if measure:
            end = place + measure.length
    if number.high is None:
        ranged = _range(plain, number, end, unit)
        if ranged:
            number, end, unit, measure = ranged
            if unit is None and number.high is not None and number.high <= 10 and TENTHS.match(plain, end):
                number.value, number.high, unit, end = number.value * 10, number.high * 10, "%", end + 1
    kind: Kind = "cardinal" if number.high is None else "range"
    value, high = number.value, number.high
    text = plain[at : number.end]
    figure = plain[at].isdecimal() or plain[at] == "."
    if unit is None and text[-1] in "千万亿" and begins_with("persons.txt").match(plain, end):
        unit = "人"  # 4.3万群众
    elif unit is None:
        if currency:
            return Draft(
                start,
                end,
                at,
                number.end,
                "money" if high is None else kind,
                value,
                high,
                currency,
                number.approximation,
            )
        if not figure:
            return without_unit(plain, at, number, start)
        return Draft(start, end, at, number.end, kind, value, high, None, number.approximation)
    if measure is None and unit != "人":
        kind = "percent" if high is None else "range"
        return Draft(start, end, at, number.end, kind, value, high, unit, number.approximation)
    if follow == "个" and (compound := _MONTHS_AND_HOURS.match(plain, number.after)):
        unit = {"月": "个月", "钟头": "小时", "百分点": "百分点"}.get(compound["unit"], compound["unit"])
        end = compound.end()
        if compound["half"]:
            value += Decimal("0.5")
        if compound["more"]:
            number.approximation = number.approximation or "余"
    elif unit == "百分点":
        kind = "percent" if high is None else "range"
    elif plain[end : end + 1] == "半" and (half := _HALF_MORE.match(plain, end)) and not text.endswith("半"):
        known = unit_named(unit)
        if known.dimension != "count" and unit != "度" and high is None:
            value += Decimal("0.5")
            end = half.end()
    if unit == "百分点":
        kind = "percent" if high is None else "range"
    if (
        unit == "年"
        and not figure
        and len(text) > 1
        and not any(c in "十百千万亿" for c in text)
        and high is None
    ):
        return Draft(at, end, at, number.end, "phrase")  # 九九九年 is neither a year nor a length
    if unit == "打" and high is None:
        value, unit = value * 12, "个"
    if unit in ("度", "℃") and plain[max(0, start - 4) : start].endswith(
        ("华氏", "华氏温度", "摄氏", "摄氏温度")
    ):
        unit = "华氏度" if "华氏" in plain[max(0, start - 4) : start] else "℃"
    indefinite = False
    if not figure and value == number.value:
        manner = manner_of(plain, at, number, end, unit)
        if manner == "phrase":
            return Draft(at, end, at, number.end, "phrase", value)
        indefinite = manner is not None
    if unit == "个" and plain[end : end + 1] == "字" and _ARTICLE.match(plain, end + 1):
        return Draft(at, end, at, number.end, "phrase", value)
    if unit == "亩" and abs(value) >= _NATION and _RED_LINE.match(plain, end):
        return Draft(at, end, at, number.end, "phrase", value)
    if reach_at(plain, number.after) or (unit == "年" and text in ("百", "千", "万")):
        indefinite = True  # 百年戏台 is an old one
    if unit == "番":
        value = Decimal(2) ** int(value) if 0 < value < 20 else value
    if unit in _MONEY:
        if high is None:
            kind = "money"
            if unit == "元" and (coins := _COINS.match(plain, end)) and coins.end() > end:
                for name, part in (("dime", Decimal("0.1")), ("cent", Decimal("0.01"))):
                    if coins[name]:
                        value += (parse_numeral(coins[name]) or 0) * part
                end = coins.end()
        if currency and currency != "元":
            unit = currency
    if (
        plain[end : end + 1] == "("
        and (note := _PARENTHESIS.match(plain, end))
        and measure_at(note["inner"], 0)
    ):
        end = note.end()
    if unit == "年级" and high is None:
        kind = "ordinal"
    draft = Draft(start, end, at, number.end, kind, value, high, unit, number.approximation)
    draft.indefinite = indefinite
    return draft


def _range(
    plain: str, number: Number, end: int, unit: str | None
) -> tuple[Number, int, str | None, Measure | None] | None:
    """The number with its range end (3-5次, 三至五名, 30元至50元, 5%-10%), the end of its unit, and the unit."""
    for place in (number.after, end) if end > number.after else (number.after,):
        if plain[place : place + 1] not in _TO_HEADS:
            continue
        to = _TO.match(plain, place) or _AND_TO.match(plain, place)
        second = read_number(plain, to.end()) if to else None
        if second is None or second.high is not None or second.value <= number.value:
            continue
        stop = second.after
        sign = plain[stop : stop + 1]
        last: Measure | None = None
        if sign and sign in "%‰":
            last_unit: str | None = sign
            stop += 1
        else:
            last = measure_at(plain, stop)
            last_unit = last.canonical if last else None
            stop += last.length if last else 0
        if place > number.after and last_unit != unit:
            continue
        if place == number.after and unit is not None and end > number.after:
            continue
        low = number.value
        tail = _TAIL_SCALE.search(plain[second.start : second.end])
        if place == number.after and tail and not _LARGE.search(plain[number.start : number.end]):
            low *= SCALES[tail[0]]  # 3至5万 is 30000 to 50000
        if low >= second.value:
            continue
        if to is not None and to[0] in "和与" and not plain.startswith("之间", stop):
            continue
        mark = number.approximation or second.approximation
        joined = Number(number.start, second.end, second.after, low, second.value, mark)
        return joined, stop, last_unit, last
    return None

"""Dates and calendar periods: 2022年上半年, 一季度, 3月, 4月12日, 1-6月, 周一, 2022-07-05, 9:30.

A date is told by its fields, so that 二〇二二年 and 2022年 are the same; what it means today is not asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from drafter.quantities.mention import Kind
from drafter.quantities.numerals import parse_numeral

_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR = r"(?:\d{4}|[零〇一二三四五六七八九]{4})"
_TO = r"(?:-{1,2}|至|到|——)"
_PLACE = r"(?:[初底末]|[上中下]旬)?"
_QUARTER = r"(?:第?[一二三四1234](?:[、,和][二三四234])*|前[二两三])个?季度"
_HALF = r"[上下]半年"
_DAY_MARK = r"(?:日(?!均常报|[常报]|前)|号(?![楼线院文令]))"

_PATTERN = re.compile(
    rf"""
      (?P<iso>(?P<iy>\d{{4}})(?P<sep>[-./])(?P<im>\d{{1,2}})(?P=sep)(?P<id>\d{{1,2}})(?![\d.]))
    | (?P<years>(?P<y1>{_YEAR})年?{_TO}(?P<y2>{_YEAR})年度?)
    | (?P<year>(?P<y>{_YEAR})年度?)
      (?:(?P<yhalf>{_HALF})|(?P<yquarter>{_QUARTER})
        |(?P<ym>{_NUMBER})月?(?P<yto>{_TO})(?P<ym2>{_NUMBER})月份?
        |(?P<ymonth>{_NUMBER})月份?(?:(?P<yday>{_NUMBER}){_DAY_MARK}|(?P<yplace>{_PLACE})))?
    | (?P<half>(?<=[上下])半年)
    | (?P<quarter>{_QUARTER})
    | (?P<months>(?P<m1>{_NUMBER})月?份?{_TO}(?P<m2>{_NUMBER})月(?!\d|[一二三四五六七八九十])份?)
    | (?P<span>(?P<sm1>{_NUMBER})月(?P<sd1>{_NUMBER})[日号]?{_TO}(?:(?P<sm2>{_NUMBER})月)?(?P<sd2>{_NUMBER})[日号])
    | (?P<days>(?P<d1>{_NUMBER})日?{_TO}(?P<d2>{_NUMBER})日)
    | (?P<month>(?P<m>{_NUMBER})月份?(?:(?P<mday>{_NUMBER}){_DAY_MARK}|(?P<mplace>{_PLACE})))
    | (?P<day>(?P<d>{_NUMBER})日(?![内均常报后]|[益夜游照]))
    | (?P<clock>(?P<ch>\d{{1,2}}):(?P<cm>[0-5]\d)(?::[0-5]\d)?(?!\d))
    | (?P<hour>(?P<hh>\d{{1,2}})时(?:(?P<hm>\d{{1,2}})分)?(?![间代期段刻任候常限]))
    """,
    re.VERBOSE,
)
_WEEKDAY = re.compile(r"[一二三四五六](?=[^一二三四五六七八九十百年次期轮]|$)")
_QUARTER_DIGIT = re.compile("[一二三四1234]")
_LIMITS = {"月": 12, "日": 31, "止月": 12, "止日": 31, "时": 24, "分": 59}


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as it stands: its span, its fields, and whether it is a date or a period."""

    start: int
    end: int
    kind: Kind
    parts: tuple[tuple[str, int], ...]


def date_at(plain: str, at: int, floor: int) -> Dated | None:
    """The date or calendar period whose first numeral stands at `at`; it may not begin before `floor`."""
    before = plain[max(floor, at - 2) : at]
    if before.endswith(("周", "星期", "礼拜")) and (found := _WEEKDAY.match(plain, at)):
        lead = 1 if before.endswith("周") else 2
        return Dated(at - lead, found.end(), "date", (("周", _number(found[0])),))
    start = at
    if before.endswith(("第", "前")) and (found := re.compile(_QUARTER).match(plain, at - 1)):
        return Dated(at - 1, found.end(), "period", _quarter(found[0]))
    match = _PATTERN.match(plain, at)
    if match is None:
        return None
    fields, kind = _fields(match, plain, at)
    if match["half"]:
        start = at - 1
    if not fields or any(
        not 0 < value <= _LIMITS.get(name, 9999) for name, value in fields if name not in ("时", "分")
    ):
        return None
    return Dated(start, match.end(), kind, tuple(fields))


def _fields(match: re.Match[str], plain: str, at: int) -> tuple[list[tuple[str, int]], Kind]:
    if match["iso"]:
        return [("年", int(match["iy"])), ("月", int(match["im"])), ("日", int(match["id"]))], "date"
    if match["years"]:
        return [("年", _number(match["y1"])), ("止年", _number(match["y2"]))], "period"
    if match["year"]:
        fields = [("年", _number(match["y"]))]
        if match["yhalf"]:
            return [*fields, _half(match["yhalf"][0])], "period"
        if match["yquarter"]:
            return [*fields, *_quarter(match["yquarter"])], "period"
        if match["yto"]:
            return [*fields, ("月", _number(match["ym"])), ("止月", _number(match["ym2"]))], "period"
        return [*fields, *_month(match["ymonth"], match["yday"], match["yplace"])], "date"
    if match["half"]:
        return [_half(plain[at - 1])], "period"
    if match["quarter"]:
        return list(_quarter(match["quarter"])), "period"
    if match["months"]:
        return [("月", _number(match["m1"])), ("止月", _number(match["m2"]))], "period"
    if match["span"]:
        second = match["sm2"] or match["sm1"]
        names = ("月", "日", "止月", "止日")
        values = (match["sm1"], match["sd1"], second, match["sd2"])
        return [(name, _number(value)) for name, value in zip(names, values, strict=True)], "period"
    if match["days"]:
        return [("日", _number(match["d1"])), ("止日", _number(match["d2"]))], "period"
    if match["month"]:
        return _month(match["m"], match["mday"], match["mplace"]), "date"
    if match["day"]:
        return [("日", _number(match["d"]))], "date"
    if match["clock"]:
        return [("时", int(match["ch"])), ("分", int(match["cm"]))] if int(match["ch"]) <= 24 else [], "date"
    minutes = [("分", int(match["hm"]))] if match["hm"] else []
    return [("时", int(match["hh"])), *minutes] if int(match["hh"]) <= 24 else [], "date"


def _number(numeral: str) -> int:
    value = parse_numeral(numeral)
    return int(value) if value is not None else 0


def _half(char: str) -> tuple[str, int]:
    return "半年", 1 if char == "上" else 2


def _quarter(text: str) -> tuple[tuple[str, int], ...]:
    if text.startswith("前"):
        return (("季", 1), ("止季", 3 if text[1] == "三" else 2))
    return tuple(("季", _number(digit)) for digit in _QUARTER_DIGIT.findall(text))


def _month(month: str | None, day: str | None, place: str | None) -> list[tuple[str, int]]:
    fields: list[tuple[str, int]] = []
    if month:
        fields.append(("月", _number(month)))
    if day:
        fields.append(("日", _number(day)))
    if place:
        fields.append(("旬", {"初": 0, "上旬": 1, "中旬": 2, "下旬": 3, "底": 4, "末": 4}[place] + 1))
    return fields

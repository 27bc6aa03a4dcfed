"""Dates and calendar periods: 2022年上半年, 一季度, 3月5日至8日, 1-6月, 周一, 2022-07-05, 晚上9点, 20世纪90年代.

A date is told by its fields, so that 二〇二二年 and 2022年 are the same; what it means by the report's period is
`resolve`'s to say. Fields: 年 止年 年段 (1 初, 5 底) 半年 季 止季 月 止月 旬 (1 初, 2 上旬, 3 中旬, 4 下旬, 5 底) 日 止日 周 止周
时 分 止时 止分 世纪 年代 农历月 农历日.
"""

from __future__ import annotations

import re

from drafter.quantities.draft import Draft
from drafter.quantities.mention import Kind
from drafter.quantities.numerals import parse_numeral
from drafter.quantities.rules import eras, measure_at

Fields = list[tuple[str, int]]

_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元正])"
_D = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
_Y = r"(?:1\d{3}|2[01]\d{2}|[一二][零〇一二三四五六七八九]{3})"
_H = r"(?:2[0-4]|1\d|0?\d|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"
_MIN = r"(?:[0-5]?\d|[二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九])"
_TO = r"(?:-{1,2}|至|到)"
_DAY_MARK = r"(?:日(?!均常报|[常报]前)|号(?![楼线院文令机井地厂]))"

FOLLOWING = frozenset("年月日号季个时点:-至到/.·、和,,世旬周学半")
"""What stands after the first numeral of a date: without one of these nothing is looked for."""

_ISO = re.compile(
    rf"(\d{{4}})([-./])(\d{{1,2}})\2(\d{{1,2}})日?(?![\d.]\d)(?!\d)(?:{_TO}(?:(\d{{4}})\2)?(?:(\d{{1,2}})\2)?(\d{{1,2}})日?(?![\d.]))?"
)
_YEAR_MONTH = re.compile(
    r"((?:19|20)\d\d)[-./](0[1-9]|1[0-2])(?![\d./%‰万亿元个人次-])(?:-((?:19|20)\d\d)[-./](0[1-9]|1[0-2])(?!\d))?"
)
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?![\d.,])")
_YEARS = re.compile(rf"({_Y})年?{_TO}({_Y}|\d\d)(?:学年度?|年度?(?!\d|[一二三四五六七八九十]{{1,3}}月))")
_BARE_YEARS = re.compile(r"((?:19|20)\d\d)-((?:19|20)\d\d)(?![\d.%-])(?=期间|[^\u4e00-\u9fff]|$)")
_SCHOOL_YEAR = re.compile(rf"({_Y})学年度?")
_YEAR = re.compile(
    rf"(?:({_Y})|(0\d(?=年)|[零〇][零〇一二三四五六七八九](?=年)|(?:\d\d|[六七八九][零〇一二三四五六七八九])(?=年(?:度|[1-9]\d?月|[一二三四五六七八九十]{{1,2}}月|[以之]前|入伍|参军|出生|毕业|参加工作|建[成校厂]))|[七八九][零〇一二三四五](?=年)|[五六八](?:[零〇一二三四]|9)(?=年)|六[六八九](?=年)|五[五七八九](?=年)|八[五六七八](?=年)|九[六七八](?=年)))年(?:度(?!假))?"
)
_MONTHS = re.compile(rf"({_M})月?份?{_TO}({_M})月(?!\d|[一二三四五六七八九十]+[日号])份?")
_MONTH_LIST = re.compile(rf"({_M}(?:、{_M}){{1,11}})月份?(?!\d)")
_MONTH = re.compile(rf"({_M})月份?")
_DAY = re.compile(rf"({_D}){_DAY_MARK}")
_DAY_ALONE = re.compile(rf"({_D})日(?![内均常报后产活销用供平游照夜益]|历|程|前[^，。；、\s]{{0,1}}均)")
_DAY_BARE = re.compile(r"([二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[^\u4e00-\u9fff\d]|$)")
_DAYS = re.compile(rf"({_D})日?{_TO}({_D})日")
_UNTIL_DAY = re.compile(rf"日?号?{_TO}(?:(?:({_Y})年)?({_M})月)?({_D})[日号]")
_UNTIL_MONTH = re.compile(rf"{_TO}(?:({_Y})年)({_M})月份?(?!\d)")
_SHORT_DAYS = re.compile(rf"({_D}){_TO}({_D})[日号]")
_DAY_LIST = re.compile(rf"({_D})日?(?:[、,]{_D}日?){{0,30}}[、,和]{_D}[日号]")
_PLACE = re.compile(r"[初底末](?![中])|[上中下]旬")
_YEAR_PLACE = re.compile(r"[初底末](?!中)")
_HALF = re.compile(r"(上|下)半年")
_QUARTER = re.compile(
    r"第?([一二三四1234])(?:个?季度)?((?:[、,和至到-]第?[一二三四1-4]){0,3})个?季度?(?<=季度)|(前)([一二两三123])个?季度"
)
_TWO_QUARTERS = re.compile("([一二三])([二三四])季度")
_QUARTER_DIGIT = re.compile("[一二三四1234]")
_CLOCK = re.compile(
    rf"([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?(?!\d|:\d)(?:{_TO}([01]?\d|2[0-4]):([0-5]\d)(?!\d))?"
)
_TIME_TAIL = rf"(?:({_MIN})分(?![之钟])|(半)(?!年|月|天|个)|([一三])刻|整|钟)"
_HOUR = re.compile(rf"({_H})([时点])({_TIME_TAIL}?)(?:{_TO}({_H})[时点]({_TIME_TAIL}?))?")
_HAN_DIGIT = re.compile(r"[一二三四五六七八九]")
_HOUR_BARRED = re.compile(r"[间代期段刻任候常限速效区装势局政尚髦长差]|许多|有发")
_PART_OF_DAY = re.compile(
    r"(上午|下午|早上|早晨|清晨|晚上|凌晨|中午|傍晚|夜间|夜里|当晚|今晚|每晚|晚间|午后|早|晚)$"
)
_LATE = frozenset({"下午", "晚上", "傍晚", "夜间", "夜里", "当晚", "今晚", "每晚", "晚间", "午后", "晚"})
_CENTURY = re.compile(
    r"(\d{1,2}|二十一?|十[一二三四五六七八九]?)世纪(?:(\d0|[一二三四五六七八九]十)年代)?(?:初|末|中叶|中期)?"
)
_DECADE = re.compile(r"((?:1[89]|20)?\d0|[二三四五六七八九]十)年代(?:初|末|中期)?")
_LUNAR = re.compile(
    rf"({_M})月(初[一二三四五六七八九十]|[十廿][一二三四五六七八九]?|二十[一二三四五六七八九]?|三十)(?![日号月])"
)
_LUNAR_DAY = re.compile(r"廿[一二三四五六七八九]?|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]")
_LUNAR_MONTH = {"正月": 1, "冬月": 11, "腊月": 12}
_WEEKDAYS = re.compile(
    rf"([一二三四五六日])(?:(?:{_TO})(?:周|星期)?([二三四五六日])|(?=[^一二三四五六七八九十百年次期轮]|$))"
)
_SHORT = re.compile(
    r"(1[0-2]|0?[1-9])([/.-])(3[01]|[12]\d|0?[1-9])(?![\d./:%-])(?:(前|之前|后|之后|起|止|日|已|晚|上午|下午)|(?=(.?)))"
)
_SHORT_RANGE = re.compile(
    r"(1[0-2]|0?[1-9])([/.])(3[01]|[12]\d|0?[1-9])-(?:(1[0-2]|0?[1-9])\2)(3[01]|[12]\d|0?[1-9])(?![\d./%])"
)
_DAY_NAME = re.compile(
    r"(1[0-2]|0?[1-9])[.·](3[01]|[12]\d|0?[1-9])(?![\d.%])(?=[”\"’』」]|[\u4e00-\u9fff]{1,12}?(?:日|周|月|节|事变|事件|晚会|地震|惨案|主题|宣传|活动|案)(?![均常报]))"
)
_NUMERIC = frozenset("万亿千百余多几元‰%℃")
"""After figures with a point these tell that they are a decimal, no day: 4.02万元."""
_DATE_LEAD = re.compile(r"(?:截至|截止|截止到|于|自|从|在|至|到|期限|时限|日期|时间)[:：]?$")
_COMMON_PARTS = frozenset({2, 3, 4, 5, 6, 8, 10, 100})
"""Denominators that fractions have: 1/3 is a third, 8/20 the twentieth of August."""
_FIRM = frozenset("前后起止日")


def date_at(plain: str, at: int, end: int, floor: int) -> Draft | None:
    """The date or calendar period whose first numeral is plain[at:end]; it may not begin before `floor`."""
    before = plain[at - 1] if at > floor else ""
    if before and before in "周期拜" and (found := _weekdays(plain, at, floor)):
        return found
    if before and before in "月初" and (found := _lunar(plain, at, floor) or _monthly(plain, at, floor)):
        return found
    if before in _SHIFT_HEADS and (found := _shift(plain, at, floor)):
        return found
    if before == "第" or before == "前" or before == "头":
        return _quarters(plain, at - 1, at) or (_first_months(plain, at, floor) if before != "第" else None)
    follow = plain[end : end + 1]
    if follow == "年" and (found := _year_of_era(plain, at, end, floor)):
        return found
    if follow in ("两", "月", "、") or plain[end - 1] == "两":
        match = _TWO_MONTHS.match(plain, at)
        if match and _number(match[2]) - _number(match[1]) == 1:
            return _draft(
                "period", at, match.end(), at, [("月", _number(match[1])), ("月", _number(match[2]))]
            )
    if follow not in FOLLOWING or not follow:
        if follow and end - at == 8:
            return _compact(plain, at)
        return _compact(plain, at) if end - at == 8 else None
    if follow in "-/.·" and (found := _with_signs(plain, at, end, floor)):
        return found
    if follow in "时点:" and (found := _clock(plain, at, floor)):
        return found
    if follow == "世" or (follow == "年" and plain.startswith("年代", end)):
        return _century(plain, at, floor)
    if follow in "季个、和至到-," and (found := _quarters(plain, at, at)):
        return found
    if (
        follow == "月"
        and (plain.startswith("初", end + 1) or before == "历")
        and (found := lunar_at(plain, at, floor))
    ):
        return found
    if follow == "学" and (match := _SCHOOL_YEAR.match(plain, at)):
        return _draft("period", at, match.end(), at, [("年", _number(match[1]))])
    return _calendar(plain, at, floor)


def _year_of_era(plain: str, at: int, end: int, floor: int) -> Draft | None:
    """光绪二年, 民国三十七年."""
    before = eras().get(plain[at - 2 : at]) if at - 2 >= floor else None
    number = parse_numeral(plain[at:end]) if before is not None else None
    if before is None or number is None or not 0 < number < 62:
        return None
    return _draft("date", at - 2, end + 1, at, [("年", before + int(number))])


def half_year_at(plain: str, at: int, floor: int) -> Draft | None:
    """上半年 or 下半年, of which the 半 stands at `at`."""
    if at <= floor or plain[at - 1] not in "上下" or not plain.startswith("年", at + 1):
        return None
    return _draft("period", at - 1, at + 2, at, [("半年", 1 if plain[at - 1] == "上" else 2)])


def named_day_at(plain: str, at: int) -> Draft | None:
    """A day that is a name: 4.23世界读书日, “12·4”宪法宣传."""
    match = _DAY_NAME.match(plain, at)
    if match is None or _is_decimal(plain, match.end(2)):
        return None
    draft = _draft("name", at, match.end(), at, [("月", int(match[1])), ("日", int(match[2]))])
    draft.numeral_end = match.end()
    return draft


def _is_decimal(plain: str, end: int) -> bool:
    """Whether a scale or unit follows figures with a point."""
    if plain[end : end + 1] in _NUMERIC and end < len(plain):
        return True
    unit = measure_at(plain, end)
    return unit is not None and unit.word != "节"


_FIRST_MONTHS = re.compile(rf"({_M}|两)个?多?月")
_SHIFT = re.compile(r"[朝早]([五六七八九十]{1,2})晚([三四五六七八九十]{1,2})")
_SHIFT_HEADS = frozenset("朝早")
_LATE_SUMMER = re.compile(
    r"[六七八九]下[六七八九]上|七上八下(?=[”\"]?(?:期间|时期|关键|防汛|主汛|汛|到来|来临|是))"
)
_TWO_MONTHS = re.compile(
    r"([一二三四五六七八九])、?([二三四五六七八九十])(?:两个?)?月(?!\d|份?[一二三四五六七八九十]{1,3}[日号])[份间]?"
)


def _first_months(plain: str, at: int, floor: int) -> Draft | None:
    """前八个月, of a year: what stands before the 前 is no event (开工前三个月)."""
    match = _FIRST_MONTHS.match(plain, at)
    if match is None or (
        at - 1 > floor and plain[at - 2] not in "年的在比至以，。；、,;:：\n（(与和是较为" and at > 1
    ):
        return None
    last = 2 if match[1] == "两" else _number(match[1])
    return _draft("period", at - 1, match.end(), at, [("月", 1), ("止月", last)]) if last > 1 else None


def _shift(plain: str, at: int, floor: int) -> Draft | None:
    """朝九晚五: hours that nobody states."""
    match = _SHIFT.match(plain, at - 1) if at > floor else None
    if match is None:
        return None
    draft = _draft("period", at - 1, match.end(), at, [])
    draft.indefinite = True
    return draft


def season_at(plain: str, at: int) -> Draft | None:
    """七下八上, from late July to early August; “七上八下” too, where the season of floods is told by it."""
    match = _LATE_SUMMER.match(plain, at)
    if match is None:
        return None
    draft = _draft("period", at, match.end(), at, [])
    draft.indefinite = True
    return draft


def _draft(kind: Kind, start: int, end: int, at: int, fields: Fields) -> Draft:
    draft = Draft(start, end, at, at + 1, kind)
    draft.parts = tuple(fields)
    return draft


def _calendar(plain: str, at: int, floor: int) -> Draft | None:
    """Years, months and days, from one to the other."""
    fields: Fields = []
    kind: Kind = "date"
    place = at
    if match := (_YEARS.match(plain, at) or _BARE_YEARS.match(plain, at)):
        first, last = _number(match[1]), _number(match[2])
        if last < 100:
            last += first // 100 * 100
        if last > first and not (match[2].isdecimal() and len(match[2]) == 2 and last - first > 30):
            return _draft("period", at, match.end(), at, [("年", first), ("止年", last)])
    if match := _YEAR.match(plain, at):
        year = _number(match[1] or match[2])
        if year < 100:
            year += 1900 if year > 50 else 2000
        fields.append(("年", year))
        place = match.end()
        if half := _HALF.match(plain, place):
            return _draft("period", at, half.end(), at, [*fields, ("半年", 1 if half[1] == "上" else 2)])
        if plain[place : place + 1] in "第前一二三四1234" and (quarters := _quarters(plain, place, place)):
            return _draft("period", at, quarters.end, at, [*fields, *quarters.parts])
        if edge := _YEAR_PLACE.match(plain, place):
            return _draft("date", at, edge.end(), at, [*fields, ("年段", 1 if edge[0] == "初" else 5)])
    if match := _MONTHS.match(plain, place):
        first, last = _number(match[1]), _number(match[2])
        if first < last and plain[place] not in "元正":
            return _draft("period", at, match.end(), at, [*fields, ("月", first), ("止月", last)])
    if match := _MONTH_LIST.match(plain, place):
        months = re.findall(_M, match[1])
        return _draft("period", at, match.end(), at, [*fields, *(("月", _number(month)) for month in months)])
    if match := _MONTH.match(plain, place):
        fields.append(("月", _number(match[1])))
        place = match.end()
        day = _DAY.match(plain, place) or (_DAY_BARE.match(plain, place) if len(fields) > 1 else None)
        days = None if day else _SHORT_DAYS.match(plain, place)
        if days:
            fields += [("日", _number(days[1])), ("止月", fields[-1][1]), ("止日", _number(days[2]))]
            return _draft("period", at, days.end(), at, fields)
        if day:
            fields.append(("日", _number(day[1])))
            place = day.end()
            if until := _UNTIL_DAY.match(plain, place):
                if until[1]:
                    fields.append(("止年", _number(until[1])))
                month = _number(until[2]) if until[2] else dict(fields)["月"]
                fields += [("止月", month), ("止日", _number(until[3]))]
                kind, place = "period", until.end()
        elif (until := _UNTIL_MONTH.match(plain, place)) and fields[0][0] == "年":
            fields += [("止年", _number(until[1])), ("止月", _number(until[2]))]
            kind, place = "period", until.end()
        elif edge := _PLACE.match(plain, place):
            fields.append(("旬", {"初": 1, "上旬": 2, "中旬": 3, "下旬": 4, "底": 5, "末": 5}[edge[0]]))
            place = edge.end()
        return _draft(kind, at, place, at, fields)
    if fields:
        return _draft("date", at, place, at, fields)
    if match := _DAYS.match(plain, at):
        return _draft("period", at, match.end(), at, [("日", _number(match[1])), ("止日", _number(match[2]))])
    if (match := _DAY_ALONE.match(plain, at)) and not (plain[at] == "一" and match.end() == at + 2):
        return _draft("date", at, match.end(), at, [("日", _number(match[1]))])
    if match := _DAY_LIST.match(plain, at):
        days_listed = re.findall(_D, match[0])
        return _draft("period", at, match.end(), at, [("日", _number(d)) for d in days_listed])
    return None


def _compact(plain: str, at: int) -> Draft | None:
    match = _COMPACT.match(plain, at)
    if match is None or measure_at(plain, match.end()):
        return None
    return _draft(
        "date", at, match.end(), at, [("年", int(match[1])), ("月", int(match[2])), ("日", int(match[3]))]
    )


def _with_signs(plain: str, at: int, end: int, floor: int) -> Draft | None:
    """2022-07-05, 2022.7.5, 2025/3, 8/20前, 9.15前, 5-20前."""
    if not plain[at].isdecimal():
        return None
    if end - at == 4:
        if match := _ISO.match(plain, at):
            year, month, day = int(match[1]), int(match[3]), int(match[4])
            if not (0 < month <= 12 and 0 < day <= 31):
                return None
            fields = [("年", year), ("月", month), ("日", day)]
            if match[7] and 0 < int(match[7]) <= 31 and (match[6] or match[2] != "-"):
                fields += [("止年", int(match[5]))] if match[5] else []
                fields += [("止月", int(match[6] or month)), ("止日", int(match[7]))]
                return _draft("period", at, match.end(), at, fields)
            stop = match.end(4) + (plain[match.end(4) : match.end(4) + 1] == "日")
            return _draft("date", at, stop, at, fields)
        if match := _YEAR_MONTH.match(plain, at):
            fields = [("年", int(match[1])), ("月", int(match[2]))]
            if match[3]:
                fields += [("止年", int(match[3])), ("止月", int(match[4]))]
            return _draft("period" if match[3] else "date", at, match.end(), at, fields)
        return None
    if end - at > 2:
        return None
    if match := _SHORT_RANGE.match(plain, at):
        fields = [
            ("月", int(match[1])),
            ("日", int(match[3])),
            ("止月", int(match[4])),
            ("止日", int(match[5])),
        ]
        if fields[0][1] <= fields[2][1] and _opens(plain, at, floor):
            return _draft("period", at, match.end(), at, fields)
    match = _SHORT.match(plain, at)
    if match is None:
        return None
    month, day = int(match[1]), int(match[3])
    firm = match[4] is not None and not plain.startswith("后期", match.end() - 1)
    follow = plain[match.end(3) : match.end(3) + 1]
    lead = _DATE_LEAD.search(plain[max(floor, at - 4) : at]) is not None
    opens = _opens(plain, at, floor)
    if match[4] == "起" and match[2] == "." and not (lead or opens):
        firm = False  # 办理11.8起: also a measure word
    sign = match[2]
    if (plain[match.end(3) : match.end(3) + 1] in _NUMERIC) or (measure_at(plain, match.end(3)) and not firm):
        return None
    if sign == "/":
        sure = firm or lead or (opens and not (month < day and day in _COMMON_PARTS and not _han(follow)))
        sure = sure and not (follow and follow in "的以左")
    elif sign == ".":
        two = day >= 10 or len(match[3]) == 2
        clause = opens and at > 0 and (plain[at - 1] == "\n" or (plain[at - 1] in "，。；" and _han(follow)))
        sure = firm or (two and (lead or clause) and follow not in ("的", "至", "到"))
    else:
        sure = firm and (lead or opens)
    if not sure:
        return None
    stop = match.end(3) + (match[4] == "日")
    return _draft("date", at, stop, at, [("月", month), ("日", day)])


def _han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _opens(plain: str, at: int, floor: int) -> bool:
    """Whether a clause or a line begins at `at`."""
    return at == 0 or (at >= floor and plain[at - 1] in "\n。；;，,、:：（( \t|")


def _weekdays(plain: str, at: int, floor: int) -> Draft | None:
    before = plain[max(floor, at - 2) : at]
    if not before.endswith(("周", "星期", "礼拜")) or (found := _WEEKDAYS.match(plain, at)) is None:
        return None
    lead = 1 if before.endswith("周") else 2
    fields = [("周", 7 if found[1] == "日" else _number(found[1]))]
    if found[2]:
        fields.append(("止周", 7 if found[2] == "日" else _number(found[2])))
    return _draft("period" if found[2] else "date", at - lead, found.end(), at, fields)


def _lunar(plain: str, at: int, floor: int) -> Draft | None:
    place = at - 1 if plain[at - 1] == "初" else at
    month = plain[max(floor, place - 2) : place]
    day = _LUNAR_DAY.match(plain, at)
    if day is None:
        return None
    if month == "大年" and place - 2 >= floor:
        return _draft("date", place - 2, day.end(), at, [("农历月", 1), ("农历日", _number(day[0]))])
    if month not in _LUNAR_MONTH:
        return None
    start = place - 2
    if plain.startswith("农历", start - 2) and start - 2 >= floor:
        start -= 2
    return _draft(
        "date", start, day.end(), at, [("农历月", _LUNAR_MONTH[month]), ("农历日", _number(day[0]))]
    )


_MONTHLY = re.compile(r"(?:每月|每逢|逢|农历|阴历)(?:农历|阴历)?$")
_MONTHLY_LIST = re.compile(
    r"(?:初[一二三四五六七八九十]|[一二]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?)、$"
)


def _monthly(plain: str, at: int, floor: int) -> Draft | None:
    """每月初一: a day of every month of the old calendar."""
    start = at - 1 if plain[at - 1] == "初" else at
    day = _LUNAR_DAY.match(plain, at)
    if day is None or start == at or not _MONTHLY.search(plain[max(floor, start - 4) : start]):
        return None
    return _draft("date", start, day.end(), at, [("农历日", _number(day[0]))])


def market_day_at(plain: str, at: int, floor: int) -> Draft | None:
    """The further days after such a one: 每月初一、十五."""
    before = plain[at - 1 : at]
    place = at - 1 if before == "初" else at
    if plain[place - 1 : place] != "、" or not (
        listed := _MONTHLY_LIST.search(plain[max(0, place - 4) : place])
    ):
        return None
    head = place - len(listed[0])
    day = _LUNAR_DAY.match(plain, at)
    if day is None or not _MONTHLY.search(plain[max(0, head - 4) : head]) or place < floor:
        return None
    return _draft("date", place, day.end(), at, [("农历日", _number(day[0]))])


def lunar_at(plain: str, at: int, floor: int) -> Draft | None:
    """农历五月初五, 八月十五 (after 农历)."""
    match = _LUNAR.match(plain, at)
    if match is None:
        return None
    start = at - 2 if plain.startswith(("农历", "阴历"), max(0, at - 2)) and at - 2 >= floor else at
    if start == at and match[2][0] != "初":
        return None
    fields = [("农历月", _number(match[1])), ("农历日", _number(match[2].lstrip("初")))]
    return _draft("date", start, match.end(), at, fields)


def _quarters(plain: str, start: int, at: int) -> Draft | None:
    """一季度, 前三季度, 第2季度, 一、二季度, 一至三季度."""
    if both := _TWO_QUARTERS.match(plain, at):
        return _draft("period", at, both.end(), at, [("季", _number(both[1])), ("季", _number(both[2]))])
    match = _QUARTER.match(plain, start)
    if match is None or (start == at and plain.startswith("个", at + 1)):
        return None  # 四个季度 is a length of time
    if match[3]:
        fields = [("季", 1), ("止季", _number(match[4]))]
    else:
        fields = [("季", _number(digit)) for digit in (match[1], *_QUARTER_DIGIT.findall(match[2]))]
        if len(fields) == 2 and re.match("[至到-]", match[2]):
            fields[1] = ("止季", fields[1][1])
    return _draft("period", start, match.end(), at, fields)


def _clock(plain: str, at: int, floor: int) -> Draft | None:
    """9:30, 8:30-11:30, 21时, 8时30分, 晚上9点, 九点半."""
    part = _PART_OF_DAY.search(plain[max(floor, at - 2) : at])
    start = at - len(part[1]) if part else at
    late = 12 if part and part[1] in _LATE else 0
    if match := _CLOCK.match(plain, at):
        if plain[max(floor, at - 3) : at].endswith(("比例", "比为", "比率", "比", "例为")):
            return None
        fields = _time(int(match[1]), int(match[2]), late)
        if match[3]:
            fields += [("止" + name, value) for name, value in _time(int(match[3]), int(match[4]), late)]
        return _draft("period" if match[3] else "date", start, match.end(), at, fields)
    match = _HOUR.match(plain, at)
    if match is None or _HOUR_BARRED.match(plain, match.end()):
        return None
    word, tail = match[2], match[3]
    if word == "点" and not (
        tail
        or part
        or match[7]
        or plain[match.end() : match.end() + 1] in ("前", "后", "起")
        or plain[max(floor, at - 1) : at] == "日"
    ):
        return None
    if word == "时" and not (
        tail or part or match[7] or plain[at].isdecimal() or plain[max(floor, at - 1) : at] == "日"
    ):
        return None
    if word == "点" and tail == "半" and not part and plain[max(floor, at - 1) : at] in ("有", "个", "共"):
        return None
    if (
        word == "点"
        and match[4]
        and not part
        and _HAN_DIGIT.fullmatch(match[4])
        and not plain[at].isdecimal()
    ):
        return None  # 十七点五分 is a score: minutes under ten are read 零五分
    fields = _time(_number(match[1]), _minutes(match[4], match[5], match[6]), late)
    if match[7]:
        until = _time(_number(match[7]), _minutes(match[9], match[10], match[11]), late)
        fields += [("止" + name, value) for name, value in until]
    return _draft("period" if match[7] else "date", start, match.end(), at, fields)


def _minutes(number: str | None, half: str | None, quarters: str | None) -> int:
    return _number(number) if number else 30 if half else 15 * _number(quarters) if quarters else 0


def _time(hour: int, minute: int, late: int) -> Fields:
    """21:00, 21时 and 晚上9点 are the same, so whole hours have no minutes."""
    if late and hour < 12:
        hour += late
    return [("时", hour), ("分", minute)] if minute else [("时", hour)]


def _century(plain: str, at: int, floor: int) -> Draft | None:
    if match := _CENTURY.match(plain, at):
        fields = [("世纪", _number(match[1]))]
        if match[2]:
            fields.append(("年代", _number(match[2])))
        return _draft("period", at, match.end(), at, fields)
    match = _DECADE.match(plain, at)
    if match is None:
        return None
    decade = _number(match[1])
    start = at - 3 if at - 3 >= floor and plain.startswith("上世纪", at - 3) else at
    fields = [("世纪", 20)] if start < at else []
    if decade > 100:
        fields, decade = [("世纪", decade // 100 + 1)], decade % 100
    return _draft("period", start, match.end(), at, [*fields, ("年代", decade)])


def _number(numeral: str) -> int:
    if numeral in ("元", "正"):
        return 1
    value = parse_numeral(numeral)
    return int(value) if value is not None else 0

"""Quantities proper: numeral, scale, measure word and approximation marks; percentages, fractions, ratios, ranges."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from drafter.quantities.context import BEHIND, REACH
from drafter.quantities.draft import Draft
from drafter.quantities.exact import QUOTIENT
from drafter.quantities.mention import Kind
from drafter.quantities.numerals import DIGITS, HAN, parse_numeral
from drafter.quantities.phrases import is_slogan, painted, repeated
from drafter.quantities.reading import SCALES, Number, read_number
from drafter.quantities.rules import Measure, about_is_of_word, begins_with, measure_at, one_rules, read_rules
from drafter.quantities.units import unit_named

_SUFFIX = re.compile(r"(?P<about>左右|上下)|(?P<least>及?以上)|(?P<most>及?以下|以内|之内)|(?P<more>有余)")
_SUFFIXES = {"about": "约", "least": "以上", "most": "以下", "more": "余"}
_SUFFIX_HEADS = frozenset("左上及以之有")
_AFTER_UNIT = re.compile(r"(?:余|多)(?=[^\u4e00-\u9fff]|$|[的时里路左了来前后以])")
_MONTHS_AND_HOURS = re.compile(
    r"个(?P<more>[多余])?(?P<half>半)?(?P<unit>月|小时|钟头|星期|学期|学年|工作日|百分点|季度)"
)
_HALF_MORE = re.compile(r"半(?![年月天个小日夜数径成])")
_TO = re.compile(r"-{1,2}|至(?!少|多|今)|到(?!位|期|账|达|岗|场|会)")
_AND_TO = re.compile(r"[和与](?=[^，。；、\n]{1,12}之间)")
_TO_HEADS = frozenset("-至到和与")
_TENTHS = re.compile(r"成(?P<tail>[一二三四五六七八九半])?(?![立为功员果效长年人本就都型熟交分绩品套群片])")
_DISCOUNT = re.compile(r"折(?![叠腾磨旧射合算中返转])")
_OF = re.compile(r"分之(?P<sign>负)?")
_SLASH = re.compile(r"/(\d{1,4})(?![\d/.])")
_RATIO = re.compile(r"(?::|比)(?=[\d一二三四五六七八九十])")
_RATIO_END = re.compile(r"(\d{1,6}(?:\.\d+)?|[一二三四五六七八九十]{1,3})(?![\d:]|[较例重])")
_UNKNOWN = frozenset("半俩仨")
_WORDLY = frozenset("壹贰叁肆伍陆柒捌玖拾佰仟")
_IN_WORDS = frozenset("肆伍陆拾佰仟幺")
"""A single one is part of a word (队伍, 陆续, 收拾) or of a name, no numeral."""
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
_CURRENCIES = {"¥": "元", "$": "美元", "€": "欧元", "£": "英镑"}
_COINS = re.compile(
    r"(?:(?P<dime>\d|[零一二两三四五六七八九壹贰叁肆伍陆柒捌玖])[角毛])?(?:零?(?P<cent>\d|[一二两三四五六七八九壹贰叁肆伍陆柒捌玖])分(?!之|钟|别|类))?[整正]?(?![式常确个合])"
)
_RANK = re.compile(r"等[奖功]")
_MEASURED = frozenset({"length", "area", "volume", "mass", "temperature", "energy", "power", "speed", "data"})
"""What is measured is so much, also when it is one: 一吨 counts, 一个 mostly does not."""
_GREAT = re.compile(
    r"大(?=支柱|基地|产业(?!兴|振兴)|农场|市场|片区|板块|园区|系统|市场|品牌|功能区|集群|平台|中心城)"
)
_PARENTHESIS = re.compile(r"\((?P<inner>[\u4e00-\u9fff]{1,3})\)")
_TAIL_SCALE = re.compile(r"(?:万亿|亿|万)$")
_LARGE = re.compile("[万亿]")
_HUNDREDTHS = {Decimal(100): "%", Decimal(1000): "‰", Decimal(10000): "‱"}
_NEGATIVE_AFTER = frozenset(" \n\u3000(（:：,，、。；;=为达至到约是在|\t温")
_SIGNS = frozenset("分又/:比成折")


@cache
def _prefixes() -> tuple[frozenset[str], tuple[tuple[int, dict[str, str]], ...]]:
    """Last characters of the marks that stand before a number, and the marks by their length, longest first."""
    known = {word: mark for mark, *words in read_rules("prefixes.txt") for word in words}
    lengths = sorted({len(word) for word in known}, reverse=True)
    by_length = tuple((size, {w: m for w, m in known.items() if len(w) == size}) for size in lengths)
    return frozenset(word[-1] for word in known), by_length


def expression_at(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """The quantity whose numeral begins at `at`; a Chinese numeral that counts nothing is a phrase."""
    number = read_number(plain, at)
    if (
        plain[at - 1 : at] == "."
        and at - 1 >= floor
        and plain[at].isdecimal()
        and number is not None
        and (at == 1 or plain[at - 2] in _NEGATIVE_AFTER or plain[at - 2] in "负-")
    ):
        number = read_number(plain, at - 1) or number
        at = number.start
    if number is None:
        return _word(at, run_end, plain)
    before = plain[at - 1] if at > floor else ""
    if before == "第":
        return _ordinal(plain, at, number)
    start, approximation, currency = prefix_of(plain, at, floor, number)
    number.approximation = approximation
    follow = plain[number.after : number.after + 1]
    if follow == "等" and (rank := _RANK.match(plain, number.after)):
        # 一等奖 is a class of a fixed scheme
        return Draft(at, rank.end(), at, number.end, "name", number.value, None, rank[0])
    draft = _fraction(plain, start, number) if follow in _SIGNS and follow else None
    if draft is None:
        draft = _counted(plain, at, start, number, currency)
    if draft is None or draft.kind == "phrase":
        return draft
    end = draft.end
    if (
        plain[end : end + 1] in _SUFFIX_HEADS
        and (suffix := _SUFFIX.match(plain, end))
        and (draft.unit or draft.kind == "fraction" or draft.value is not None)
    ):
        draft.approximation = draft.approximation or _SUFFIXES[str(suffix.lastgroup)]
        draft.end = suffix.end()
    elif draft.unit and plain[end : end + 1] in ("余", "多") and (more := _AFTER_UNIT.match(plain, end)):
        draft.approximation = draft.approximation or "余"
        draft.end = more.end()
    draft.before = plain[max(floor, draft.start - REACH) : draft.start]
    draft.after = plain[draft.end : draft.end + BEHIND]
    return draft


def _word(at: int, run_end: int, plain: str) -> Draft | None:
    """A run of Chinese numerals that forms no number (九九八十一): part of a phrase."""
    text = plain[at:run_end]
    if text in _UNKNOWN or not text.strip("零〇幺壹贰叁肆伍陆柒捌玖拾佰仟") or text[0].isdecimal():
        return None
    return Draft(at, run_end, at, run_end, "phrase")


def prefix_of(plain: str, at: int, floor: int, number: Number) -> tuple[int, str | None, str | None]:
    """Where the expression begins, with the approximation mark before the numeral and the currency sign."""
    approximation = number.approximation
    if at <= floor:
        return at, approximation, None
    start = at
    before = plain[at - 1]
    currency: str | None = None
    if approximation == "数":
        start = at - 1
    elif before == "上" and plain[at] in "百千万亿" and approximation is None:
        return at - 1, "以上", None
    elif before == "负" or (before == "-" and _negative(plain, at, floor)):
        start = at - 1
        number.value = -number.value
    elif before in _CURRENCIES:
        start = at - 1
        currency = _CURRENCIES[before]
        if start > floor and before == "$" and plain[start - 1] in "SK":
            currency = {"S": "美元", "K": "港元"}[plain[start - 1]]
            start -= 2 if start - 1 > floor and plain[start - 2] in "UH" else 0
    heads, marks = _prefixes()
    if start > floor and plain[start - 1] in heads:
        for length, known in marks:
            first = start - length
            if first < floor:
                continue
            mark = known.get(plain[first:start])
            if mark is None or about_is_of_word(plain, first) or _is_of_word(plain, first, start):
                continue
            return first, approximation or mark, currency
    return start, approximation, currency


def _is_of_word(plain: str, first: int, start: int) -> bool:
    """Whether a mark of one character belongs to the word before it: 最近3次, 附近5个, 赶超."""
    if start - first > 1 or not first:
        return False
    return (plain[first] == "近" and plain[first - 1] in "最附邻就临亲远贴靠新") or (
        plain[first] == "超" and plain[first - 1] in "赶反高"
    )


def _negative(plain: str, at: int, floor: int) -> bool:
    """Whether the - before a figure is a sign (-5℃), not a dash (1-6月)."""
    if not (plain[at].isdecimal() or plain[at] == "."):
        return False
    return (
        at - 1 == 0
        or (at - 1 == floor and plain[at - 2] in _NEGATIVE_AFTER)
        or (at - 2 >= floor and plain[at - 2] in _NEGATIVE_AFTER)
    )


def _ordinal(plain: str, at: int, number: Number) -> Draft:
    measure = measure_at(plain, number.end)
    end = number.end + (measure.length if measure else 0)
    unit = measure.canonical if measure else None
    if unit in ("天", "日", "年", "周") and plain[end : end + 1] not in _ORDERED_ON:
        draft = Draft(at - 1, end, at, number.end, "date", number.value, None, unit)
        draft.indefinite = True  # the day after what was told before
        return draft
    return Draft(at - 1, end, at, number.end, "ordinal", number.value, None, unit)


_ORDERED_ON = frozenset("级度")


def _fraction(plain: str, start: int, number: Number) -> Draft | None:
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
    if follow == "成" and number.high is None and 0 < value <= 10 and (tenths := _TENTHS.match(plain, end)):
        tail = tenths["tail"]
        part = Decimal(5 if tail == "半" else DIGITS[tail]) if tail else Decimal(0)
        return Draft(start, tenths.end(), at, tenths.end(), "percent", value * 10 + part, None, "%", mark)
    if follow == "成" and number.high is not None and number.high <= 10 and _TENTHS.match(plain, end):
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
        if suffix := _SUFFIX.match(plain, draft.end):
            draft.end, draft.approximation = suffix.end(), _SUFFIXES[str(suffix.lastgroup)]
        return draft
    if at > floor and plain[at - 1] == "过" and not "\u4e00" <= plain[at + 1 : at + 2] <= "\u9fff":
        draft = Draft(at - 1, at + 1, at, at + 1, "fraction", Decimal("0.5"), None, None, "以上")
        draft.indefinite = True
        return draft
    return None


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
            if unit is None and number.high is not None and number.high <= 10 and _TENTHS.match(plain, end):
                number.value, number.high, unit, end = number.value * 10, number.high * 10, "%", end + 1
    kind: Kind = "cardinal" if number.high is None else "range"
    value, high = number.value, number.high
    text = plain[at : number.end]
    figure = plain[at].isdecimal() or plain[at] == "."
    if unit is None:
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
            return _bare_chinese(plain, at, number, start)
        return Draft(start, end, at, number.end, kind, value, high, None, number.approximation)
    if measure is None:
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
        manner = _manner(plain, at, number, end, unit)
        if manner == "phrase":
            return Draft(at, end, at, number.end, "phrase", value)
        indefinite = manner is not None
    if unit == "个" and plain[end : end + 1] == "字" and _ARTICLE.match(plain, end + 1):
        return Draft(at, end, at, number.end, "phrase", value)
    if unit == "亩" and abs(value) >= _NATION and _RED_LINE.match(plain, end):
        return Draft(at, end, at, number.end, "phrase", value)
    if reach_at(plain, number.after):
        indefinite = True
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


def _bare_chinese(plain: str, at: int, number: Number, start: int) -> Draft | None:
    """A Chinese numeral without a unit: a large or loose one counts, a single character is part of a word."""
    text = plain[number.start : number.end]
    if text == "半" or (
        not text.strip("零〇") and len(text) == 1 and "\u4e00" <= plain[at + 1 : at + 2] <= "\u9fff"
    ):
        return None
    if text in _IN_WORDS or text.strip("〇") == "":
        return None
    if len(text) == 2 and text[0] in _WORDLY and text[1] in _IN_WORDS and number.value is None:
        return None
    if _GREAT.match(plain, number.after) and text != "一":
        return Draft(
            start,
            number.after + 1,
            at,
            number.end,
            "cardinal",
            number.value,
            None,
            "大",
            number.approximation,
        )
    if plain[number.after : number.after + 1] in ("死", "伤"):
        return Draft(start, number.after, at, number.end, "cardinal", number.value)  # 三死两伤
    if (
        len(text) == 1
        and plain[at - 1 : at] == "有"
        and at > 1
        and plain[number.after : number.after + 1] in _CLAUSE_END
    ):
        return Draft(at, number.after, at, number.end, "cardinal", number.value)  # 短板主要有三
    if _BODIES.match(plain, number.after) and text != "一":
        return Draft(start, number.after, at, number.end, "cardinal", number.value)  # 两校区
    loose = number.approximation in ("余", "数", "以上")
    ends = not "\u4e00" <= plain[number.after : number.after + 1] <= "\u9fff"
    large = any(char in "十百千万亿拾佰仟" for char in text)
    signed = start < at and plain[start] in "负-"
    if (
        loose
        or signed
        or "点" in text
        or (len(text) >= 2 and ends and large)
        or (len(text) >= 4 and text[0] in HAN)
    ):
        kind: Kind = "cardinal" if number.high is None else "range"
        return Draft(
            start, number.after, at, number.end, kind, number.value, number.high, None, number.approximation
        )
    return Draft(at, number.after, at, number.end, "phrase", number.value, number.high)


def _manner(plain: str, at: int, number: Number, end: int, unit: str) -> str | None:
    """What a Chinese numeral with a measure word is where it does not count: "phrase" or "indefinite".

    一项重要工作 and 从三个方面 are manners of speaking; 一位老人 is one, but nothing that anybody counted.
    """
    if number.approximation or number.after - number.start > 1:
        return None
    if is_slogan(plain, at, number.end, unit, end):
        return "phrase"
    if plain[at] == "半":
        return "indefinite" if unit_named(unit).dimension == "count" or unit == "天" else None
    if unit == "分" and _is_share(plain, at):
        return "phrase"
    if unit == "处" and plain[at] == "四" and begins_with("about_places.txt").match(plain, end):
        return "phrase"
    if plain[at] != "一" or unit_named(unit).dimension in _MEASURED:
        return None
    rules = one_rules()
    only_after = rules["count-only-after"]
    place = at - 1 if plain[at - 1 : at] == "了" else at
    before = plain[max(0, place - 2) : place]
    told = unit in rules["count"] and (before in only_after or before[-1:] in only_after)
    if (
        unit == "起"
        and not repeated(plain, at)
        and (told or (plain[at - 1] in "故案纷情诉灾火件" and _terse(plain, at, end)))
    ):
        return None  # 一起 is mostly an adverb
    if before[-1:] == "每" or painted(plain, at, end, unit):
        return "phrase"
    if told:
        return None
    if _terse(plain, at, end) or (unit in rules["count-at-head"] and _at_head(plain, at, end)):
        return None
    if unit in ("人", "名") and _HARMED.match(plain, end):
        return None
    return "indefinite"


_BODIES = re.compile(
    r"(?:校区|院区|部门|单位|企业|省市|县区|县市|乡镇|镇街|村居|省份|城市|国家)(?![一-龥]?一)"
)
_CLAUSE_END = frozenset("，。；、;,\n）)：!！")
_CLAUSE = re.compile(r"[^，。；、;,\n：]{0,5}(?=[，。；、;,\n]|$)")
_HARMED = re.compile(r"(?:[受轻重]{1,2}伤|死亡|遇难|失踪|失联|被困|溺|获救|被拘|被刑|不治)")
_POINTING = frozenset("这那某另任同哪唯统第之每逐再又进下上最不无未没非其")


def _terse(plain: str, at: int, end: int) -> bool:
    """Whether a noun stands before the numeral and nothing after it: 修机耕桥一座, 今年一人."""
    if end < len(plain) and plain[end] not in _CLAUSE_END:
        return False
    if not at or not "\u4e00" <= plain[at - 1] <= "\u9fff" or plain[at - 1] in _POINTING:
        return False
    return not any(char in plain[max(0, at - 4) : at] for char in "不无未没落漏")


def _at_head(plain: str, at: int, end: int) -> bool:
    """Whether a short clause begins with the count: 一座冷库闲置."""
    return (not at or plain[at - 1] in _CLAUSE_END) and _CLAUSE.match(plain, end) is not None


_SHARE = re.compile(r"([一二三四五六七八九])分[\u4e00-\u9fff、，,]{1,5}([一二三四五六七八九])分")


def _is_share(plain: str, at: int) -> bool:
    """Whether the 分 is one of two shares that make ten: 三分建、七分管."""
    match = next(
        (
            found
            for found in _SHARE.finditer(plain, max(0, at - 8), at + 10)
            if found.start() <= at < found.end()
        ),
        None,
    )
    return match is not None and DIGITS[match[1]] + DIGITS[match[2]] == 10


_REACH_OF_SERVICE = re.compile(r"(?:个)?(?:分钟|刻钟|小时|公里|米|里)[”\"]?[\u4e00-\u9fff]{0,8}圈")
_ARTICLE = re.compile(r"[”\"]?(?:的|这)?(?:一?篇)?大?文章")
_RED_LINE = re.compile(r"(?:永久)?(?:基本)?(?:农田|耕地)(?:保护)?红线")
_NATION = Decimal(1_000_000_000)


def reach_at(plain: str, place: int) -> bool:
    """Whether a time or way that a service reaches follows: “十五分钟”养老服务圈."""
    return _REACH_OF_SERVICE.match(plain, place) is not None


def with_halves(plain: str, found: list[Draft]) -> list[Draft]:
    """The mentions with those of 对折, half the price, which has no numeral."""
    place = plain.find("对折")
    while place >= 0:
        if not any(draft.start < place + 2 and place < draft.end for draft in found) and not plain.startswith(
            "叠", place + 2
        ):
            found.append(Draft(place, place + 2, place, place + 1, "percent", Decimal(50), None, "%"))
        place = plain.find("对折", place + 2)
    return sorted(found, key=lambda draft: draft.start)

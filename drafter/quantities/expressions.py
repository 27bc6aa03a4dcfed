"""Quantities proper: numeral, scale, measure word and approximation marks; percentages, fractions, ratios, ranges."""

from __future__ import annotations

import re
from decimal import Decimal

from drafter.quantities.mention import Kind, Mention
from drafter.quantities.numerals import DIGITS, parse_numeral
from drafter.quantities.reading import NUMERAL, SCALES, Number, read_number
from drafter.quantities.rules import Measure, about_is_of_word, measure_at, one_rules, words

_PREFIX = re.compile(
    r"(?P<about>大约|大概|约为?|将近|接近|(?<![最附邻就临亲远])近)"
    r"|(?P<least>不少于|不低于|至少|最少|不下)|(?P<most>不超过|不高于|不多于|至多|最多)"
    r"|(?P<under>不足|不到|未满)|(?P<over>超过|超出|(?<!赶)超|逾|突破)"
)
_PREFIXES = {"about": "约", "least": "以上", "most": "以下", "under": "不足", "over": "余"}
_SUFFIX = re.compile(r"(?P<about>左右|上下)|(?P<least>及?以上)|(?P<most>及?以下|以内|之内)")
_SUFFIXES = {"about": "约", "least": "以上", "most": "以下"}
_AFTER_UNIT = re.compile(r"(?:余|多)(?=[^\u4e00-\u9fff]|$|[的时里路左了])")
_TO = re.compile(r"-{1,2}|——|至(?!少|多)|到(?!位)")
_PERCENT = re.compile(r"(?P<sign>%|‰)")
_TENTHS = re.compile(r"成(?P<tail>[一二三四五六七八九半])?(?![立为功员果效长年人本就都型熟交分绩品])")
_OF = re.compile(r"分之")
_SLASH = re.compile(r"(\d{1,4})/(\d{1,4})(?![\d/])")
_RATIO = re.compile(
    r"(\d{1,6}(?:\.\d+)?)(?::|比)(\d{1,6}(?:\.\d+)?)(?![\d:])|([一二三四五六七八九十]{1,3})比([一二三四五六七八九十]{1,3})(?![较例重])"
)
_CAPITALS = frozenset("壹贰叁肆伍陆柒捌玖拾佰仟")
"""A single one is part of a word (队伍) or a surname (陆)."""
_MONEY = frozenset({"元", "美元", "欧元", "港元", "日元"})
_RANK = re.compile(r"等[奖功]")
_PARENTHESIS = re.compile(r"\((?P<inner>[\u4e00-\u9fff]{1,3})\)")
_COUNTED_AFTER = re.compile(r"的?([\u4e00-\u9fff]{1,8})")
_COUNTED_BEFORE = re.compile(r"[\u4e00-\u9fff]{1,8}$")
_COUNTED_STOP = re.compile(r"[，来的了和与及并在为是对]|以上|左右|以内|其中")
_LEAD = re.compile(r".*(?:共计|累计|合计|总计|共|达到|达|已|约|近)")


def expression_at(plain: str, at: int, floor: int) -> Mention | None:
    """The quantity whose numeral begins at `at`; a Chinese numeral that counts nothing is a phrase."""
    number = read_number(plain, at)
    if number is None:
        return _word(plain, at)
    start, approximation = _prefix(plain, at, floor, number.approximation)
    if start == at - 1 and plain[start] == "第" and number.value is not None:
        return _ordinal(plain, at, number)
    if number.value is not None and (rank := _RANK.match(plain, number.end)):
        return Mention(at, rank.end(), at, number.end, "", "ordinal", number.value, None, rank[0])
    fraction = _fraction(plain, start, number, approximation)
    if fraction:
        return fraction
    number, unit = _range(plain, number)
    end, unit_name, kind, value, high = _unit(plain, number, unit)
    if value is None:
        return None
    if unit_name is None and not plain[at].isdecimal():
        return _bare_chinese(plain, at, number, start, approximation, value)
    if _manner(plain, at, number, end, unit_name):
        return Mention(at, end, number.start, number.end, "", "phrase")
    suffix = (
        _SUFFIX.match(plain, end) or _AFTER_UNIT.match(plain, end) if unit_name or kind == "percent" else None
    )
    if suffix:
        mark = "余" if suffix.re is _AFTER_UNIT else _SUFFIXES[str(suffix.lastgroup)]
        approximation = approximation or mark
        end = suffix.end()
    counted = _counted(plain, start, end, floor) if kind in ("cardinal", "range") else None
    return Mention(
        start, end, number.start, number.end, "", kind, value, high, unit_name, approximation, counted
    )


def _word(plain: str, at: int) -> Mention | None:
    """A run of Chinese numerals that forms no number (九九八十一): part of a phrase."""
    run = NUMERAL.match(plain, at)
    if (
        run is None
        or run[0] == "半"
        or not run[0].strip("零〇壹贰叁肆伍陆柒捌玖拾佰仟")
        or run[0][0].isdecimal()
    ):
        return None
    return Mention(at, run.end(), at, run.end(), "", "phrase")


def _prefix(plain: str, at: int, floor: int, approximation: str | None) -> tuple[int, str | None]:
    """Where the expression begins, with the approximation mark before the numeral."""
    if at > floor and plain[at - 1] == "第":
        return at - 1, approximation
    start = at
    if approximation == "数":
        start = at - 1
    elif at > floor and plain[at - 1] == "上" and plain[at] in "百千万亿" and approximation is None:
        return at - 1, "以上"
    window = max(floor, start - 3)
    for length in (3, 2, 1):
        if start - length < window:
            continue
        match = _PREFIX.match(plain, start - length, start)
        if match and match.end() == start and not about_is_of_word(plain, start - length):
            return start - length, approximation or _PREFIXES[str(match.lastgroup)]
    if start > floor and plain[start - 1] == "¥":
        start -= 1
    return start, approximation


def _ordinal(plain: str, at: int, number: Number) -> Mention:
    measure = measure_at(plain, number.end)
    end = number.end + (len(measure.word) if measure else 0)
    unit = measure.canonical if measure else None
    return Mention(at - 1, end, at, number.end, "", "ordinal", number.value, None, unit)


def _fraction(plain: str, start: int, number: Number, approximation: str | None) -> Mention | None:
    """百分之九十五, 三分之二, 1/3, 3:1, 九成五."""
    at, end, value = number.start, number.after, number.value
    if value is None:
        return None
    of = _OF.match(plain, end)
    if of:
        over = NUMERAL.match(plain, of.end())
        top = parse_numeral(over[0]) if over else None
        if over is None or top is None or not value:
            return None
        if value in (100, 1000):
            unit = "%" if value == 100 else "‰"
            return _approximate(
                plain,
                Mention(start, over.end(), at, over.end(), "", "percent", top, None, unit, approximation),
            )
        return _approximate(
            plain,
            Mention(
                start, over.end(), at, over.end(), "", "fraction", top / value, None, None, approximation
            ),
        )
    if match := _SLASH.match(plain, at):
        if not int(match[2]):
            return None
        portion = Decimal(match[1]) / Decimal(match[2])
        return Mention(
            start, match.end(), at, match.end(), "", "fraction", portion, None, None, approximation
        )
    if match := _RATIO.match(plain, at):
        left, right = parse_numeral(match[1] or match[3]), parse_numeral(match[2] or match[4])
        if left is not None and right is not None:
            return Mention(start, match.end(), at, match.end(), "", "ratio", left, right)
    if (tenths := _TENTHS.match(plain, end)) and number.high is None and 0 < value <= 10:
        tail = tenths["tail"]
        part = Decimal(5 if tail == "半" else DIGITS[tail]) if tail else Decimal(0)
        mention = Mention(
            start, tenths.end(), at, tenths.end(), "", "percent", value * 10 + part, None, "%", approximation
        )
        return _approximate(plain, mention)
    return None


def _approximate(plain: str, mention: Mention) -> Mention:
    """With the mark after it, if there is one (九成以上)."""
    suffix = _SUFFIX.match(plain, mention.end)
    if suffix is None:
        return mention
    mark = mention.approximation or _SUFFIXES[str(suffix.lastgroup)]
    return Mention(
        mention.start,
        suffix.end(),
        mention.numeral_start,
        mention.numeral_end,
        "",
        mention.kind,
        mention.value,
        mention.high,
        mention.unit,
        mark,
    )


def _range(plain: str, number: Number) -> tuple[Number, Measure | None]:
    """The number with its range end (3-5次, 三至五名, 30元至50元, 5%-10%), and its unit when that was read."""
    measure = None if plain[number.after : number.after + 1] in "%‰" else measure_at(plain, number.after)
    places = [number.after]
    if measure:
        places.append(number.after + len(measure.word))
    elif plain[number.after : number.after + 1] in ("%", "‰"):
        places.append(number.after + 1)
    for place in places:
        to = _TO.match(plain, place)
        second = read_number(plain, to.end()) if to else None
        if second is None or second.value is None or second.high is not None or number.high is not None:
            continue
        if number.value is None or second.value <= number.value:
            continue
        last = measure_at(plain, second.after)
        if place > number.after and plain[place - 1] in "%‰":
            if plain[second.after : second.after + 1] != plain[place - 1]:
                continue
        elif measure and (last is None or last.canonical != measure.canonical):
            continue
        low = number.value
        tail = re.search(r"(?:万亿|亿|万)$", plain[second.start : second.end])
        if place == number.after and tail and not re.search("[万亿]", plain[number.start : number.end]):
            # 3至5万 is 30000 to 50000
            low *= SCALES[tail[0]]
        approximation = number.approximation or second.approximation
        return Number(number.start, second.end, second.after, low, second.value, approximation), last
    return number, measure


def _unit(
    plain: str, number: Number, measure: Measure | None
) -> tuple[int, str | None, Kind, Decimal | None, Decimal | None]:
    """End of the expression with its unit, canonical unit, kind and value."""
    kind: Kind = "range" if number.high is not None else "cardinal"
    if sign := _PERCENT.match(plain, number.after):
        return (
            sign.end(),
            sign["sign"],
            "range" if number.high is not None else "percent",
            number.value,
            number.high,
        )
    if number.start and plain[number.start - 1] == "¥" and measure is None:
        return number.after, "元", "money", number.value, number.high
    if measure is None:
        return number.after, None, kind, number.value, number.high
    end = number.after + len(measure.word)
    if measure.canonical == "百分点":
        return end, "百分点", "percent", number.value, number.high
    if (note := _PARENTHESIS.match(plain, end)) and measure_at(note["inner"], 0):
        end = note.end()
    if measure.canonical in _MONEY and number.high is None:
        kind = "money"
    return end, measure.canonical, kind, number.value, number.high


def _bare_chinese(
    plain: str, at: int, number: Number, start: int, approximation: str | None, value: Decimal
) -> Mention | None:
    """A Chinese numeral without a unit: a large or loose one counts, a single character is part of a word."""
    text = plain[number.start : number.end]
    if text == "半" or not text.strip("零〇") or text in _CAPITALS:
        return None
    loose = number.approximation in ("余", "数")
    ends = not "\u4e00" <= plain[number.after : number.after + 1] <= "\u9fff"
    if loose or (len(text) >= 2 and ends and any(char in "十百千万亿" for char in text)) or len(text) >= 4:
        return Mention(
            start, number.after, at, number.end, "", "cardinal", value, number.high, None, approximation
        )
    return Mention(at, number.end, at, number.end, "", "phrase")


def _manner(plain: str, at: int, number: Number, end: int, unit: str | None) -> bool:
    """Whether a Chinese numeral with a measure word is a manner of speaking (一项重要工作, 从三个方面)."""
    if number.approximation or (plain[at].isdecimal() and number.end - number.start > 1):
        return False
    abstract = words("abstract.txt")
    if unit in ("个", "大", "点", "项") and any(
        plain[end : end + length] in abstract for length in (4, 3, 2)
    ):
        return True
    if plain[number.start : number.after] != "一":
        return False
    rules = one_rules()
    if unit not in rules["count"]:
        return True
    return not any(plain[max(0, at - length) : at] in rules["count-only-after"] for length in (2, 1))


def _counted(plain: str, start: int, end: int, floor: int) -> str | None:
    """The run of Han after the measure word, or else the one before the numeral."""
    after = _COUNTED_AFTER.match(plain, end)
    if after:
        noun = _COUNTED_STOP.split(after[1])[0]
        if noun:
            return noun
    before = _COUNTED_BEFORE.search(plain[max(floor, start - 8) : start])
    if before is None:
        return None
    noun = _LEAD.sub("", before[0])
    noun = _COUNTED_STOP.split(noun)[-1]
    return noun or None

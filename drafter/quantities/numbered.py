"""Numerals that count nothing since they name something: C919, 12345热线, 十九大, “四点半课堂”."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache

from drafter.quantities.draft import Draft
from drafter.quantities.numerals import parse_numeral
from drafter.quantities.rules import alternation, measure_at, name_match, read_rules, service_numbers

_DOCUMENT_NUMBER = re.compile(r"[〔\[(]\d{4}[〕\])]第?\d{1,4}号")
_CASE_NUMBER = re.compile(r"[(]\d{4}[)][\u4e00-\u9fff]\d{0,4}[\u4e00-\u9fff]{1,4}\d{1,6}号")
_DOTTED = re.compile(r"(1[0-2]|0?[1-9])·(3[01]|[12]\d|0?[1-9])(?!\d)")
_SUM = re.compile(r"\d+(?:[+×xX*][\dA-Za-z]{1,12}){1,6}(?:小时|天)?|[Nn]\+\d+")
_PHONE = re.compile(
    r"0\d{2,3}-\d{7,8}(?!\d)|1[3-9]\d{9}(?!\d)|400-?\d{3}-?\d{4}(?!\d)|800-?\d{3}-?\d{4}(?!\d)"
)
_VERSION = re.compile(r"\d{1,9}(?:\.\d{1,9}){2,20}(?:万|亿|千)?")
_FILE_NUMBER = re.compile(r"\d{1,4}号(?=[文令])")
_CLOCK_ROUND = re.compile(
    r"24小时(?=值班|在线|不间断|服务|值守|热线|营业|响应|监控|监测|备勤|开放|轮班|待命|巡逻|自助|受理|畅通|联系|坚守|应急|全天|不打烊|无休|保障|供应|保供|照护|看护|守护|护航)"
)
_CONGRESS = re.compile(
    r"(?:1[5-9]|2[0-9])大(?=精神|报告|以来|代表|召开|关于|提出|胜利|部署|闭幕|开幕|[”\"，。、])"
)
_THOUSANDS = re.compile(r"[,，]\d{3}(?!\d)")
"""119,000 is a number, not the telephone number 119."""
_ROAD = re.compile(r"[国省县乡]道$|双$")
_FIGURES = re.compile(r"\d(?:[\d.]{0,40}\d)?")
_CALLED = re.compile(
    r"(?:拨打|热线|电话|致电|拨|联系|平台|编号|账号|账户|卡号|证号|邮编|群号|信箱|公路|国道|省道)(?:电话|号码|热线)?[:：]?[“\"]?$"
)


@cache
def _listed() -> tuple[re.Pattern[str], frozenset[str], frozenset[str]]:
    rows = [row[0] for row in read_rules("number_names.txt")]
    heads = frozenset(row[0] for row in rows)
    return (
        re.compile(alternation(rows)),
        service_numbers(),
        heads,
    )


@cache
def _service_words() -> re.Pattern[str]:
    return re.compile(alternation([row[0] for row in read_rules("service_words.txt")]))


def name_at(plain: str, at: int, run_end: int, floor: int, quote: tuple[int, int] | None) -> Draft | None:
    """Numerals in names: C919, 5G, 12·4, 〔2022〕15号, 12345热线, 十九大."""
    before = plain[at - 1] if at > floor else ""
    if not plain[at].isdecimal():
        start = at - 1 if before and before in "第双" else at
        match = name_match(plain, start) or (name_match(plain, at) if start < at else None)
        return _name(plain, match.start(), match.end(), at, run_end) if match else None
    for reader in _readers(before, plain[run_end : run_end + 1]):
        if found := reader(plain, at, run_end, floor):
            return found
    if quote and quote[0] == at - 1:
        return _quoted(plain, at, run_end, quote)
    return None


def _document(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """〔2022〕15号; (2023)云0102民初3421号."""
    match = _DOCUMENT_NUMBER.match(plain, at - 1)
    if match is None and run_end - at == 4 and plain[at - 1] == "(":
        match = _CASE_NUMBER.match(plain, at - 1)
    return _name(plain, at - 1, match.end(), at, run_end) if match else None


def _dotted(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """12·4, a day that is a name; a date where the day itself is told (选在“5·12”当天)."""
    match = _DOTTED.match(plain, at)
    if match is None:
        return None
    draft = _name(plain, at, match.end(), at, match.end())
    draft.parts = (("月", int(match[1])), ("日", int(match[2])))
    if _THAT_DAY.match(plain, match.end()):
        draft.kind = "date"
    return draft


def _sum(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """1+6+N, 5+2, 7×24小时."""
    match = _SUM.match(plain, at)
    return Draft(at, match.end(), at, run_end, "phrase", parse_numeral(plain[at:run_end])) if match else None


def _phone(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    match = _PHONE.match(plain, at)
    if match is None and _CALLED.search(plain[max(0, at - 6) : at]):
        match = _LOCAL_PHONE.match(plain, at)
    return Draft(at, match.end(), at, match.end(), "name") if match else None


def _mobile(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    return _phone(plain, at, run_end, floor) if run_end - at == 11 else None


def _whole_day(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    match = _CLOCK_ROUND.match(plain, at)
    return round_the_clock(at, run_end, match.end()) if match else None


def _lettered(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """C919, F-16, with the letters before the figures; of AED74台 the letters are what is counted."""
    head = _letters_start(plain, at, floor)
    if head == at:
        return None
    figures = _FIGURES.match(plain, at)
    end = figures.end() if figures else run_end
    thing = plain[head:at]
    if len(thing) > 1 and thing.isupper() and thing.isalpha() and plain[end : end + 1] in _THINGS:
        return None
    return _name(plain, head, _letters_end(plain, end), at, end)


_THINGS = frozenset("台盏套只辆架块支件枚部副")
"""Measure words of things that have letters for a name: LED灯 is LED, and no serial number is followed by them."""


def _version(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    match = _VERSION.match(plain, at)
    return Draft(at, match.end(), at, match.end(), "name") if match and not _is_day(match[0]) else None


def _road(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """国道318线 (but 县道20公里), 双11."""
    follow = plain[run_end : run_end + 1]
    if not _ROAD.search(plain[max(floor, at - 2) : at]):
        return None
    if follow != "线" and (measure_at(plain, run_end) or follow in ".万千百余多"):
        return None
    return _name(plain, at, run_end + (follow == "线"), at, run_end)


def _with_letters(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """5G, 3D, 1.0T, with the letters behind the figures; 3km is a measure and 3k a number."""
    figures = _FIGURES.match(plain, at)
    end = figures.end() if figures else run_end
    after = plain[end : end + 1]
    if not after or not _letter(after) or (letters := _letters_end(plain, end)) == end:
        return None
    unit = measure_at(plain, end)
    scaled = after in "kKeE" and (letters == end + 1 or plain[end + 1 : letters].isdecimal())
    if scaled or (unit and end + unit.length >= letters):
        return None
    return _name(plain, at, letters, at, end)


def _headed(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """What names by what follows: 12345热线, 107国道, 3号楼."""
    match = None if plain[at - 1 : at] == "第" and at > floor else _listed()[0].match(plain, run_end)
    return _name(plain, at, run_end, at, run_end) if match else None


def _service(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """Telephone numbers of services (110, 12345) and numbers of five and more figures that are called or written to."""
    length = run_end - at
    if length < 3:
        return None
    called = _CALLED.search(plain[max(0, at - 6) : at]) and not measure_at(plain, run_end)
    known = length <= 5 and plain[at:run_end] in _listed()[1] and not _THOUSANDS.match(plain, run_end)
    if called and (known or length >= 5):
        return _name(plain, at, run_end, at, run_end)
    if not known:
        return None
    after = plain[run_end : run_end + 1]
    if _service_words().match(plain, run_end) or (after not in _GOING_ON and not measure_at(plain, run_end)):
        return _name(plain, at, run_end, at, run_end)
    return None


def _standard(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """GB 50016."""
    match = _STANDARD.match(plain, at) if at - 1 > floor and "A" <= plain[at - 2] <= "Z" else None
    return _name(plain, at, match.end(), at, match.end()) if match else None


def _born(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """90后."""
    if run_end - at != 2 or plain[run_end - 1] not in "05" or not _BORN.match(plain, run_end):
        return None
    return Draft(at, run_end + 1, at, run_end, "phrase", parse_numeral(plain[at:run_end]))


def _programme(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """985高校."""
    return _name(plain, at, run_end, at, run_end) if _PROGRAMME.match(plain, at) else None


def _dwelling(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """12栋3单元1402室, each of its numbers."""
    if not (
        _DWELLING.match(plain, at) or (at > floor and plain[at - 1] in "元栋幢座" and _ROOM.match(plain, at))
    ):
        return None
    beside = _BESIDE.match(plain, run_end)
    if beside and measure_at(plain, beside.end()):
        return None  # 教学楼1栋3200平方米
    return _name(plain, at, run_end, at, run_end)


def _bus(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """2路、15路公交."""
    return _name(plain, at, run_end + 1, at, run_end) if _BUS.match(plain, at) else None


def _top(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """500强."""
    return _name(plain, at, run_end + 1, at, run_end) if _TOP.match(plain, run_end) else None


def _congress(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    match = _CONGRESS.match(plain, at)
    return _name(plain, at, match.end(), at, run_end) if match else None


def _file(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    match = _FILE_NUMBER.match(plain, at)
    return _name(plain, at, match.end(), at, run_end) if match else None


def _quoted(plain: str, at: int, run_end: int, quote: tuple[int, int]) -> Draft | None:
    """Figures that alone fill quotation marks: a number to call (“12345”, “96871”) or a shorthand (“123”转移机制)."""
    if quote[0] + 1 == at and run_end - at < 6 and _METHOD.fullmatch(plain, run_end, quote[1] - 1):
        return Draft(at, run_end, at, run_end, "phrase", parse_numeral(plain[at:run_end]))  # “721工作法”
    if quote[1] != run_end + 1:
        counts = plain[run_end : run_end + 1] in _GOING_ON or measure_at(plain, run_end)
        known = not counts and plain[at:run_end] in _listed()[1]
        return _name(plain, at, run_end, at, run_end) if known else None
    if run_end - at < 6 and _METHOD.match(plain, quote[1]):
        return Draft(at, run_end, at, run_end, "phrase", parse_numeral(plain[at:run_end]))
    if plain[at:run_end] in _listed()[1] or _SERVICE.fullmatch(plain, at, run_end):
        return _name(plain, at, run_end, at, run_end)
    return None


_STANDARD = re.compile(r"\d{3,6}(?:[.-]\d{1,4}){0,2}(?![\d万亿元%])(?! ?[A-Za-z])")
_BORN = re.compile(
    r"后(?=[”\"、，。年青大干党职员村退返创新的小姑女男书奶宝妈爸医教民警讲演护辅群选员驻厨理店歌画诗村支志社创兵]|$)(?!年内)"
)
_PROGRAMME = re.compile(r"(?:985|211|863|973)(?=工程|高校|院校|大学|计划|、(?:985|211))")
_METHOD = re.compile(
    r"[\u4e00-\u9fff]{0,6}?(?:工作法|机制|模式|体系|战略|计划|工程|行动|举措|管理|治理|服务|格局|架构|布局|思路|要求|转移|方针)"
)
"""What follows figures that are a shorthand, in their quotation marks or behind: “123”转移机制, “721工作法”."""
_TOP = re.compile(r"强(?![度化降风对制力劲大势烈行硬调震台磁酸])")
_NUMBERED_HEADS = frozenset("中大支分病监车级类等党区")
"""What the words begin with that a number names directly, and no measure word but 级 does."""
_LOCAL_PHONE = re.compile(r"\d{3,4}-\d{4}(?![\d-])")
_THAT_DAY = re.compile(r"[”\"]?(?:当[天日晚]|这[一]?天)")
_SERVICE = re.compile(r"9[56]\d{3,4}|12[13]\d\d")
"""What numbers that one calls for a service look like, where they stand alone in quotation marks."""
_GOING_ON = frozenset(".万亿千百余多%‰0123456789")
_DWELLING = re.compile(
    r"\d{1,4}(?:(?:栋|幢|座|号楼)(?=\d{1,2}单元|\d{3,4}(?:室|号|[^\d万余多]))|单元(?=\d{3,4})|室(?![内外]))"
)
_BESIDE = re.compile(r"[栋幢座]\d{3,4}")
_ROOM = re.compile(r"\d{1,2}单元|\d{3,4}(?![\d万余多.])")
_BUS = re.compile(r"\d{1,3}路(?=[、和及与至]\d{1,3}路|[、和及与](?:夜|K|k)\d|[(（]|公交|车|电车)")


def _numbered(plain: str, at: int, run_end: int, floor: int) -> Draft | None:
    """第3小学, 7病区, 2级响应: what is a name with a Chinese numeral is one with figures."""
    if run_end - at > 3:
        return None
    ordinal = plain[at - 1 : at] == "第"
    like = "第三" + plain[run_end : run_end + 12]
    match = name_match(like, 0) if ordinal else name_match(like, 1)
    if match is None:
        return None
    return _name(plain, at - ordinal, run_end + match.end() - 2, at, run_end)


_Reader = Callable[[str, int, int, int], Draft | None]
_ASCII_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


@cache
def _table() -> tuple[tuple[_Reader, frozenset[str] | None, frozenset[str] | None], ...]:
    """The readers in their order, each with the characters that must stand before and behind the figures."""
    return (
        (_document, frozenset("(〔["), None),
        (_dotted, None, frozenset("·")),
        (_sum, None, frozenset("+×xX*")),
        (_phone, None, frozenset("-")),
        (_mobile, None, None),
        (_whole_day, None, frozenset("小")),
        (_lettered, _ASCII_LETTERS | {"-", "_"}, None),
        (_version, None, frozenset(".")),
        (_road, frozenset("道双"), None),
        (_with_letters, None, _ASCII_LETTERS | {"."}),
        (_headed, None, _listed()[2]),
        (_dwelling, None, frozenset("栋幢座号单室")),
        (_dwelling, frozenset("元栋幢座"), None),
        (_bus, None, frozenset("路")),
        (_service, None, None),
        (_standard, frozenset(" "), None),
        (_born, None, frozenset("后")),
        (_programme, None, frozenset("工高院大计、")),
        (_top, None, frozenset("强")),
        (_numbered, frozenset("第"), None),
        (_numbered, None, _NUMBERED_HEADS),
        (_congress, None, frozenset("大")),
        (_file, None, frozenset("号")),
    )


@lru_cache(maxsize=8192)
def _readers(before: str, follow: str) -> tuple[_Reader, ...]:
    """The readers that these two characters beside the figures leave, each once."""
    left = (
        reader
        for reader, heads, marks in _table()
        if (heads is None or before in heads) and (marks is None or follow in marks)
    )
    return tuple(dict.fromkeys(left))


def round_the_clock(at: int, run_end: int, end: int) -> Draft:
    """24小时值班: as long as a day is, which no fact has to support."""
    draft = Draft(at, end, at, run_end, "cardinal", Decimal(24), None, "小时")
    draft.indefinite = True
    return draft


def _is_day(dotted: str) -> bool:
    """2022.7.5 is a date."""
    parts = dotted.split(".")
    return (
        len(parts) == 3
        and len(parts[0]) == 4
        and len(parts[1]) < 3
        and len(parts[2]) < 3
        and dotted[-1].isdecimal()
    )


def _name(plain: str, start: int, end: int, at: int, run_end: int) -> Draft:
    numeral_end = min(run_end, end)
    return Draft(start, end, at, numeral_end, "name", parse_numeral(plain[at:numeral_end]))


def _letters_end(plain: str, at: int) -> int:
    end = at
    while end < len(plain) and end - at < 12 and plain[end].isascii() and plain[end].isalnum():
        end += 1
    return end


def _letters_start(plain: str, at: int, floor: int) -> int:
    """Where letters that lead to the numeral begin (C919, COVID-19, F-16)."""
    start = at
    if start > floor and plain[start - 1] in "-_" and start - 1 > floor and _letter(plain[start - 2]):
        start -= 1
    while start > floor and at - start < 12 and _letter(plain[start - 1]):
        start -= 1
    return start


def _letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


_NOT_NAMED = re.compile(r"号召|杯中|轮[流换]|船[上只]")


@cache
def _name_words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What stands before and after quotation marks that hold a name, and what such a name ends with."""
    rows = {key: alternation(words) for key, *words in read_rules("name_words.txt")}
    return (
        re.compile(rf"(?:{rows['before']})(?:[“\"][^”\"\n]{{1,8}}[”\"]、?){{0,4}}$"),
        re.compile(rf"{rows['after']}|[\u4e00-\u9fff]{{1,4}}(?:大赛|联赛|夏令营|论坛|服务队)"),
        re.compile(f"(?:{rows['inside']})$"),
    )


_CAMPAIGN = re.compile(r"[百千万][\u4e00-\u9fff]{2,7}")
_CAMPAIGN_INSIDE = re.compile(r"[百千万]{1,3}[\u4e00-\u9fff]{1,5}(?:工程|行动|计划|攻坚战?)")
_CAMPAIGN_TWICE = re.compile(
    r"[十百千万](?:[名家个支户场][\u4e00-\u9fff]{1,4}|[\u4e00-\u9fff])[\u4e00-\u9fff]{0,2}[十百千万](?![年岁变难苦辛])[\u4e00-\u9fff]{1,3}"
)
"""百名专家进百企, 千村百镇."""
_NAME_LENGTH = 14
"""So long with its quotation marks a name may be."""
_CAMPAIGN_AFTER = re.compile(r"(?:系列|主题|专项|大型)?(?:活动|行动|工程|计划|大赛|评选|攻坚|攻势|竞赛)")
_MAY_FOLLOW = frozenset('目名为唱歌曲品板称号题叫册演作蹈标本片列展剧牌览、”"')
"""What the words before a name and the names of a list end with: without one of these nothing is looked for."""


def named_quote(plain: str, quote: tuple[int, int]) -> bool:
    """Whether what stands in quotation marks is the name of a thing (“九湾红”商标, “四点半课堂”), not a slogan."""
    if quote[1] - quote[0] > _NAME_LENGTH:
        return False
    inside = plain[quote[0] + 1 : quote[1] - 1]
    before, after, end = _name_words()
    return bool(
        (after.match(plain, quote[1]) and not _NOT_NAMED.match(plain, quote[1]))
        or end.search(inside)
        or (
            plain[quote[0] - 1 : quote[0]] in _MAY_FOLLOW
            and before.search(plain, max(0, quote[0] - 40), quote[0])
        )
        or _CAMPAIGN_INSIDE.fullmatch(inside)
        or _CAMPAIGN_TWICE.fullmatch(inside)
        or (_CAMPAIGN.fullmatch(inside) and _CAMPAIGN_AFTER.match(plain, quote[1]))
    )

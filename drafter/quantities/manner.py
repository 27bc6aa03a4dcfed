"""When a Chinese numeral counts: without a unit mostly as part of a word, with one sometimes only as a manner of speaking."""

from __future__ import annotations

import re
from decimal import Decimal

from drafter.quantities.draft import Draft
from drafter.quantities.mention import Kind
from drafter.quantities.numerals import DIGITS, HAN
from drafter.quantities.phrases import has_parts, is_slogan, painted, repeated
from drafter.quantities.reading import Number
from drafter.quantities.rules import begins_with, one_rules
from drafter.quantities.units import unit_named

_WORDLY = frozenset("壹贰叁肆伍陆柒捌玖拾佰仟")
_IN_WORDS = frozenset("肆伍陆拾佰仟幺")
"""A single one is part of a word (队伍, 陆续, 收拾) or of a name, no numeral."""
_GREAT = re.compile(r"大(?=[\u4e00-\u9fff]{2})(?![家会型小学众道姑姨夫型寒暑检名发金]|战[^役略区场])")
_GREAT_COUNT = frozenset("两三四五六七八九")
_MEASURED = frozenset({"length", "area", "volume", "mass", "temperature", "energy", "power", "speed", "data"})
"""What is measured is so much, also when it is one: 一吨 counts, 一个 mostly does not."""


def without_unit(plain: str, at: int, number: Number, start: int) -> Draft | None:
    """A Chinese numeral without a unit: a large or loose one counts, a single character is part of a word."""
    text = plain[number.start : number.end]
    if text == "半":
        return None
    if not text.strip("零〇") and len(text) == 1 and "\u4e00" <= plain[at + 1 : at + 2] <= "\u9fff":
        return Draft(at, at + 1, at, at + 1, "phrase")  # 零差评
    if text in _IN_WORDS or text.strip("〇") == "":
        return None
    if aged := _AND_YEARS.match(plain, at):
        value = DIGITS[aged[1]] * 10 + DIGITS[aged[2]]
        return Draft(start, aged.end(), at, aged.end(), "cardinal", Decimal(value))
    if text in _BEYOND and plain[at - 1 : at] in _PASSING and _ends_clause(plain, number.after):
        return Draft(at, number.after, at, number.end, "cardinal", number.value, None, None, "以上")
    if len(text) == 2 and text[0] in _WORDLY and text[1] in _IN_WORDS and number.value is None:
        return None
    if _GREAT.match(plain, number.after) and text in _GREAT_COUNT:
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
    if (
        (_BODIES.match(plain, number.after) and text != "一")
        or has_parts(plain, at)
        or _among_places(plain, at, number.after)
    ):
        return Draft(start, number.after, at, number.end, "cardinal", number.value)  # 两校区
    if text == "一" and _returns(plain, at):
        draft = Draft(at, number.after, at, number.end, "cardinal", number.value)
        draft.indefinite = True
        return draft
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


def manner_of(plain: str, at: int, number: Number, end: int, unit: str) -> str | None:
    """What a Chinese numeral with a measure word is where it does not count: "phrase" or "indefinite".

    一项重要工作 and 从三个方面 are manners of speaking; 一位老人 is one, but nothing that anybody counted.
    """
    if number.approximation or number.after - number.start > 1:
        return None
    if is_slogan(plain, at, number.end, unit, end):
        return "phrase"
    if plain[at - 1 : at] in _ANNOUNCING and plain[end : end + 1] in ("事", "话") and unit in ("件", "句"):
        return "phrase"  # 今天说三件事
    if plain[at] == "半":
        return "indefinite" if unit_named(unit).dimension == "count" or unit == "天" else None
    if unit == "分" and _is_share(plain, at):
        return "phrase"
    if unit == "处" and plain[at] == "四" and begins_with("about_places.txt").match(plain, end):
        return "phrase"
    if plain[at] != "一" or unit_named(unit).dimension in _MEASURED:
        return None
    rules = one_rules()
    if unit == "年" and (
        plain[at - 1 : at] == "的"
        or plain[max(0, at - 2) : at] in rules["year-told-of"]
        or plain.startswith("来", end)
    ):
        return "indefinite"
    only_after = rules["count-only-after"]
    place = at - 1 if plain[at - 1 : at] == "了" else at
    before = plain[max(0, place - 2) : place]
    if (
        unit == "起"
        and (not at or plain[at - 1] in _CLAUSE_END)
        and _CASES_BEFORE.search(plain[max(0, at - 24) : at])
    ):
        return None  # 五起已结，一起进入仲裁
    told = unit in rules["count"] and (before in only_after or before[-1:] in only_after)
    if (
        unit == "起"
        and not repeated(plain, at)
        and (told or (plain[at - 1] in "故案纷情诉灾火件" and _terse(plain, at, end)))
    ):
        return None  # 一起 is mostly an adverb
    if told and unit == "番":
        return None
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
    r"(?:校区|院区|部委|科室|委局|馆(?![藏长员])|部门|单位|企业|省市|县区|县市|乡镇|镇街|村居|省份|城市|国家)(?![一-龥]?一)|连[丰冠增涨降升跌胜快]|[金银](?=[一二两三四五六七八九十]{1,3}[银铜])|[金银铜](?=[，。；、,;\n]|$)|运会|室(?=[一二两三]厅)|厅(?=[，。、的一二两])|旬(?=老|的|党|夫|母|父|高|以)|方(?:会|协|座|签|见|联|共|代|评|主体|参|合作|达成|通话)"
)
_PLACES = "省市县区镇乡村街"
_PAIR_OF_PLACES = re.compile(
    rf"[{_PLACES}校][一二两三四五六七八九十]{{1,3}}[{_PLACES}校](?![一二两三四五六七八九十])"
)
_REGIONS = re.compile(
    rf"(?:[{_PLACES}](?=[，。；、,;\n]|联动|共建|合作|携手|交界|毗邻|协同|同步|政府|党政|公安|[一二两三四五六七八九十][{_PLACES}])|地(?=联|协|同|共|合作|政府|党|携手|文旅|[，。；、的]))"
)


def _among_places(plain: str, at: int, after: int) -> bool:
    """Whether places are counted without a measure word: 三镇六村, 沪苏浙皖三省一市, 川渝两地."""
    if plain[at] != "一" and not _QUOTING.intersection(plain[at - 1 : at]):
        if _PAIR_OF_PLACES.match(plain, after):
            return True
        if "\u4e00" <= plain[at - 1 : at] <= "\u9fff" and _REGIONS.match(plain, after):
            return True
    # the second of such a pair
    place = at - 1
    if place < 1 or plain[place] not in _PLACES + "校" or plain[after : after + 1] not in _PLACES + "校":
        return False
    first = place - 1
    while first and plain[first - 1] in HAN and place - first < 3:
        first -= 1
    return plain[place - 1] in HAN and plain[first] != "一" and plain[first - 1 : first] not in _QUOTING


_QUOTING = frozenset('“"‘「')
_EVERY = re.compile(r"每(?:隔)?[\d一二两三四五六七八九十半]{1,3}个?(?:分钟|小时|天|日|周|月|季度|年)$")


def _returns(plain: str, at: int) -> bool:
    """Whether the 一 says how often: 五十年一遇, 每2小时一报."""
    follow = plain[at + 1 : at + 2]
    if follow == "遇":
        return plain[at - 1 : at] == "年"
    return "\u4e00" <= follow <= "\u9fff" and _EVERY.search(plain[max(0, at - 9) : at]) is not None


_CASES_BEFORE = re.compile(r"[\d余多二三四五六七八九十百两]起[^。\n]*$")
_ANNOUNCING = frozenset("讲说谈聊")
_AND_YEARS = re.compile(r"([二三四五六七八九])十有([一二三四五六七八九])(?=[^\u4e00-\u9fff]|岁|的|$)")
"""六十有三, an age."""
_BEYOND = frozenset({"百", "千", "万", "亿", "百万", "千万", "十亿", "百亿", "千亿"})
_PASSING = frozenset("过破超逾")


def _ends_clause(plain: str, place: int) -> bool:
    return not "\u4e00" <= plain[place : place + 1] <= "\u9fff" or plain[place] in "的大关"


_CLAUSE_END = frozenset("，。；、;,\n）)：:!！")
_CLAUSE = re.compile(r"[^，。；、;,\n：]{0,5}(?=[，。；、;,\n]|$)")
_HARMED = re.compile(r"(?:[受轻重]{1,2}伤|死亡|遇难|失踪|失联|被困|溺|获救|被拘|被刑|不治)")
_POINTING = frozenset("这那某另任同哪唯统第之每逐再又进下上最不无未没非其")


def _terse(plain: str, at: int, end: int) -> bool:
    """Whether a noun stands before the numeral and nothing after it: 修机耕桥一座, 今年一人."""
    if end < len(plain) and plain[end] not in _CLAUSE_END:
        return False
    if not at or not "\u4e00" <= plain[at - 1] <= "\u9fff" or plain[at - 1] in _POINTING:
        return False
    return _DENYING.search(plain, max(0, at - 4), at) is None


_DENYING = re.compile("[不未没落漏]|无(?!人机|线|障碍|偿|害)")
"""What makes 不漏一户 of the one that is counted: not a drone."""


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


def reach_at(plain: str, place: int) -> bool:
    """Whether a time or way that a service reaches follows: “十五分钟”养老服务圈."""
    return _REACH_OF_SERVICE.match(plain, place) is not None

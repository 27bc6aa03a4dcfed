"""Set phrases with a numeral that count nothing: the listed ones, a user's own, and those told by their shape."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from drafter.quantities.numerals import HAN
from drafter.quantities.rules import begins_with, measure_at, read_rules

_NUMERAL = re.compile(rf"[{HAN}半0-9]")
_DIGIT = "一二两三四五六七八九十"
_COUPLE = re.compile(rf"[{_DIGIT}][\u4e00-\u9fff][{_DIGIT}双][\u4e00-\u9fff]")
_NUMERALS = frozenset(HAN)
_PLAIN_NUMERALS = _NUMERALS - frozenset("伍陆拾")
"""With a plain numeral behind them these go on with no number: 队伍|十二支."""
_TOLL = frozenset("死伤男女亡孩点又分比加到至之零第乘减金银铜室厅卫")
"""三死两伤 counts, and 三点一折 and 九又四分之三 are numbers, although they have the shape of 三会一课."""
_GENERAL = frozenset(
    {
        "个",
        "大",
        "项",
        "点",
        "条",
        "类",
        "种",
        "级",
        "重",
        "方",
        "支",
        "张",
        "道",
        "场",
        "本",
        "把",
        "套",
        "批",
        "件",
        "年",
        "次",
        "步",
        "层",
        "篇",
    }
)


@dataclass(frozen=True, slots=True)
class PhraseTable:
    """Phrases by their first numeral and the character beside it."""

    after: dict[str, tuple[tuple[int, str, str], ...]]
    """Numeral and next character → (offset of the numeral, phrase, characters that must not follow), longest first."""
    before: dict[str, tuple[tuple[int, str, str], ...]]
    """Character before and numeral, for phrases that end with it."""


def _table(rows: Iterable[tuple[str, str]]) -> PhraseTable:
    after: dict[str, list[tuple[int, str, str]]] = {}
    before: dict[str, list[tuple[int, str, str]]] = {}
    for phrase, barred in rows:
        numeral = _NUMERAL.search(phrase)
        if numeral is None or len(phrase) < 2:
            continue
        offset = numeral.start()
        if offset + 1 < len(phrase):
            after.setdefault(phrase[offset : offset + 2], []).append((offset, phrase, barred))
        else:
            before.setdefault(phrase[offset - 1 : offset + 1], []).append((offset, phrase, barred))
    return PhraseTable(
        *(
            {key: tuple(sorted(found, key=lambda row: -len(row[1]))) for key, found in side.items()}
            for side in (after, before)
        )
    )


@cache
def listed_phrases() -> PhraseTable:
    """The set phrases of phrases.txt and the idioms of idioms.txt."""
    phrases = ((row[0], row[1] if len(row) > 1 else "") for row in read_rules("phrases.txt"))
    return _table([*phrases, *((idiom, "") for row in read_rules("idioms.txt") for idiom in row)])


@lru_cache(maxsize=64)
def own_phrases(given: tuple[str, ...]) -> PhraseTable | None:
    """A user's own phrases; those without a numeral are left aside."""
    table = _table((phrase, "") for phrase in given)
    return table if table.after or table.before else None


def phrase_at(plain: str, anchor: int, floor: int, table: PhraseTable) -> tuple[int, int] | None:
    """Span of the longest phrase of the table whose first numeral stands at `anchor`; it may not begin before `floor`."""
    found = table.after.get(plain[anchor : anchor + 2])
    best: tuple[int, int] | None = None
    if found:
        best = _fitting(plain, anchor, floor, found)
    if anchor > floor and (found := table.before.get(plain[anchor - 1 : anchor + 1])):
        other = _fitting(plain, anchor, floor, found)
        if other and (best is None or other[1] - other[0] > best[1] - best[0]):
            best = other
    return best


def _fitting(
    plain: str, anchor: int, floor: int, candidates: tuple[tuple[int, str, str], ...]
) -> tuple[int, int] | None:
    for offset, phrase, barred in candidates:
        start = anchor - offset
        if start < floor or not plain.startswith(phrase, start):
            continue
        end = start + len(phrase)
        if barred and plain[end : end + 1] in tuple(barred):
            continue
        if start and plain[start - 1] == "第" and offset == 0:
            continue
        if offset == 0 and start > floor and plain[start - 1] in _NUMERALS:
            continue
        if (
            plain[end - 1] in _PLAIN_NUMERALS
            and (follow := plain[end : end + 1]) in _NUMERALS
            and (follow in "十百千万亿" or plain[end - 1] != "一")
        ):
            continue  # 省内县外三千人: the numeral goes on
        return start, end
    return None


def shaped_phrase(plain: str, at: int, end: int) -> int | None:
    """End of an abbreviation of the 三会一课 or 五位一体 kind whose one-digit numeral is plain[at:end]; None without.

    Two one-digit numerals, each with one character: a count (三名两女) only where both characters are measure words.
    """
    if end - at != 1:
        return None
    match = _COUPLE.match(plain, at)
    if match is None or plain[at + 1] in _NUMERALS or plain[at + 3] in _NUMERALS:
        return None
    if plain[at + 1] in _TOLL or plain[at + 3] in _TOLL or plain[at + 3] in "个名是、":
        return None
    if has_parts(plain, at) or (
        plain[at] != "一"
        and plain[at + 1] in PLACES
        and plain[at + 3] in PLACES
        and plain[at - 1 : at] not in _QUOTES
    ):
        return None  # 三省一市
    first, second = measure_at(plain, at + 1), measure_at(plain, at + 3)
    if first and (second or first.length > 1):
        return None
    if first is None and second and plain[at + 2] != "一":
        return None  # 组三场: the second numeral counts
    return at + 4


PLACES = frozenset("省市县区镇乡村街")
"""What is counted without a measure word."""
_HAVING = re.compile(
    r"(?:[下内]?设有?|[下管]?辖|设立|涉及)(?:[一二两三四五六七八九十]{1,3}[\u4e00-\u9fff]){0,3}$"
)


def has_parts(plain: str, at: int) -> bool:
    """Whether the numeral at `at` counts the parts of what was named: 下设三科一室, 辖五镇二乡."""
    return _HAVING.search(plain[max(0, at - 10) : at]) is not None


def is_slogan(plain: str, at: int, end: int, unit: str, after: int) -> bool:
    """Whether numeral, measure word and what follows make a manner of speaking: 四个意识, 三个确保, 从三个方面.

    `after` is where the measure word ends. Only a numeral of one Chinese character does, and only before a word that is
    nothing to be counted.
    """
    if end - at != 1 or unit not in _GENERAL:
        return False
    if unit == "点" or plain.startswith("步走", end):
        return True  # 讲三点意见, 三步走
    if abstract := begins_with("abstract.txt").match(plain, after):
        # of 四个方面十五项 the fifteen tell that the four are counted
        return not _GOES_ON.match(plain, abstract.end())
    return unit == "个" and (
        begins_with("slogan_verbs.txt").match(plain, after) is not None
        or (plain[at - 1 : at] in tuple('“"‘「') and plain[after : after + 1] not in ("村", "人", "月"))
    )


def parallel_slogan(plain: str, start: int, end: int) -> bool:
    """Whether what stands in quotation marks is a slogan of like members that begin with a numeral each.

    “五户联防、十户联治”, “一个项目、一名领导、一套班子”: of one length, or of 一 alone, or called a method behind the marks.
    """
    members = _MEMBERS.split(plain[start + 1 : end - 1])
    if len(members) < 2 or not all(_MEMBER.match(member) for member in members):
        return False
    return (
        all(member[0] == "一" for member in members)
        or len({len(member) for member in members}) == 1
        or _AS_METHOD.match(plain, end) is not None
    )


_MEMBERS = re.compile("[、，,]")
_MEMBER = re.compile(
    rf"[{_DIGIT}百千万][\u4e00-\u9fff](?<![{HAN}几余多来][{HAN}几余多来])[\u4e00-\u9fff]{{1,8}}$"
)
_AS_METHOD = re.compile(
    r"(?:\d?[\u4e00-\u9fff]{0,4})?(?:工作法|机制|模式|做法|经验|行动|服务|方法|制度|要求|原则|体系|思路|理念|格局|管理|标准|流程)"
)
_GOES_ON = re.compile(rf"[共的、]?(?:[0-9]{{1,4}}|[{HAN}]{{1,6}})[个项条类款点件]")


@cache
def _paint() -> dict[str, list[str]]:
    """What makes 一 with a measure word a manner of speaking, by the measure word (see paint.txt)."""
    found: dict[str, list[str]] = {}
    for unit, *patterns in read_rules("paint.txt"):
        found.setdefault(unit, []).extend(patterns)
    return found


@cache
def _painting(unit: str) -> re.Pattern[str]:
    patterns = _paint()[unit]
    return re.compile("" if "*" in patterns else "|".join(patterns))


_ROLE = re.compile(r"(?:作为|成为|当好|当成|视为|看作|做|等于|不失为)$")


def painted(plain: str, at: int, end: int, unit: str) -> bool:
    """Whether the 一 at `at`, whose measure word ends at `end`, only paints: 一池碧水, 作为一名党员, 一项重要工作."""
    word = plain[at + 1 : end]
    if _ROLE.search(plain[max(0, at - 3) : at]):
        return True
    if plain.startswith(("又一" + word, "接一" + word, "更比一" + word, "比一" + word, word), end):
        return True  # 一次又一次, 一件件
    if plain[max(0, at - len(word) - 4) : at].endswith(
        ("一" + word + "又", "一" + word + "接", "一" + word + "更比", "一" + word + "比")
    ):
        return True
    if plain[max(0, at - 1) : at] in ("不", "无", "没", "落", "漏") and not plain.startswith("没有", at - 2):
        return True  # 不漏一户
    if repeated(plain, at) or _EVEN.match(plain, end) or _in_pair(plain, at, word):
        return True
    known = next((each for each in (word, unit) if each in _paint()), None)
    return known is not None and _painting(known).match(plain, end) is not None


def _in_pair(plain: str, at: int, word: str) -> bool:
    """Whether it is one of two such in quotation marks: “一次询问、一次取证”."""
    begins = at and plain[at - 1] in _QUOTES and _LATER_ONE.match(plain, at + 1 + len(word))
    if begins and plain.startswith(word, begins.end()):
        return True
    earlier = _EARLIER_ONE.search(plain[max(0, at - 10) : at]) if at and plain[at - 1] in "、，" else None
    return earlier is not None and earlier[1].startswith(word)


_QUOTES = frozenset('“"‘「')
_LATER_ONE = re.compile(r"[\u4e00-\u9fff]{1,6}[、，]一")
_EARLIER_ONE = re.compile(r"[“\"‘「]一([\u4e00-\u9fff]{1,8})[、，]$")
_EVEN = re.compile(r"[\u4e00-\u9fff]{0,3}[都也](?:不|没|要|别|未|无)|不[少漏落缺差误留丢掉错荒闲]")
_PAIRED = re.compile(r"一([\u4e00-\u9fff])[、，,][\u4e00-\u9fff]{2}一\1")


def repeated(plain: str, at: int) -> bool:
    """Whether the 一 at `at` is of such a pair of deeds, which says “each”."""
    return _paired(plain, at) or (at >= 5 and _paired(plain, at - 5))


def _paired(plain: str, at: int) -> bool:
    """Whether a pair of deeds begins a clause with this 一: 发现一起、查处一起 (but 受理信访一件、办结一件 counts)."""
    if not _PAIRED.match(plain, at):
        return False
    return at < 3 or not "\u4e00" <= plain[at - 3] <= "\u9fff"

"""Finds names of places by their ending (村, 镇, 街道 …) and the word boundary before the proper part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

from drafter.corpus import rules
from drafter.corpus.cutting import cut, is_rare, is_word, kind_of
from drafter.corpus.edges import NO_EDGES, Edges, dividing
from drafter.corpus.lexicon import HAN, Name

MAX_BODY = 4
"""Characters of a proper part at most; with one more we look for the boundary before it."""
SUFFIXES = ("街道", "社区", "省", "市", "县", "区", "旗", "镇", "乡", "村", "屯", "嘎查", "苏木")

_SUFFIX = re.compile("|".join(SUFFIXES))
_LAST_SUFFIX = re.compile(f"(?:{'|'.join(SUFFIXES)})$")
_AT_END = frozenset("上下中前后内外")
_NUMBERED = frozenset("东西南北中一二三四五六七八九")
"""What tells the parts of one street: 鼓楼北路, 建材二路."""
_IN_FRONT = frozenset("老大小一二三四五六七八九十两")
_NAMING = frozenset(["", "ns", "nr"])
"""Parts of speech of words that name a place, or are taken for a person; "" is a word that jieba does not know."""
_MILES = re.compile(
    "[一二三四五六七八九十](?<![零一二三四五六七八九十百千万几多\\d].)里[墩铺店桥坪堡营沟岗冲湾塘坡亭庙河]"
)
"""A place by its distance from the next: 七里墩."""
_BODIES = frozenset([*_NAMING, "n", "nz", "nrt", "a", "i", "l"])
"""Parts of speech of what may stand before a landform in a name: 野猫 and 簸箕 do, 灌溉 does not."""
_DOING = frozenset([*_BODIES, "v", "vn"])
"""What may stand before a landform that is no word of every day: 打鼓 of 打鼓坳."""
_CHIEF = re.compile(r"[河湖江溪塘泉山林]长(?!约?\d)")
_NO_BODY = frozenset("vqmfpcurd")
"""Parts of speech, by their first letter, of characters that stand before no landform as a name: 口 of 三口塘."""
_HAN_TAIL = re.compile(f"[{HAN}]*\\Z")


@cache
def _hard() -> re.Pattern[str]:
    """Boundaries, each reversed, for a search from the suffix leftwards."""
    return re.compile(rules.alternation(word[::-1] for word in rules.table("place_boundaries")["hard"]))


@cache
def _near(suffix: str) -> tuple[str, ...]:
    return rules.table("place_boundaries").get(f"near{suffix}", ())


@cache
def _right(suffix: str) -> frozenset[str]:
    return frozenset("".join(rules.table("place_right").get(suffix, ())))


@cache
def _verbs() -> frozenset[str]:
    return frozenset(rules.table("place_right")["verb"])


@cache
def _nameable() -> frozenset[str]:
    return frozenset(rules.table("place_boundaries")["nameable"])


@cache
def _bodies() -> tuple[str, ...]:
    return rules.words("place_bodies")


def _begins(reversed_window: str) -> bool:
    """Whether a name may begin here: nothing Chinese before, or a boundary word right before."""
    return not reversed_window or _hard().match(reversed_window) is not None


def _body(window: str, goes_on: bool, suffix: str, end: int, edges: Edges) -> int:
    """Length of the proper part at the end of `window` (the Chinese run before the suffix), 0 when there is none.

    `goes_on` says that the run goes on to the left of the window, `end` is where the window ends, `edges` are
    the words of the text.
    """
    if window.endswith(_near(suffix)):
        return 0
    backwards = window[::-1]
    if window.endswith(_bodies()):
        for body in _bodies():
            if window.endswith(body) and _begins(backwards[len(body) :]):
                return len(body)
    boundary = dividing(_hard(), window, end, edges)
    if boundary and boundary.start() == 0 and boundary[0] in _AT_END and suffix in "镇乡村屯":
        boundary = dividing(_hard(), window, end, edges, 1)  # 坳上, 坪下: the side belongs to the name
    length = boundary.start() if boundary else (0 if goes_on else len(window))
    if length == 1 and boundary and len(boundary[0]) == 1:
        opens = boundary[0] in _nameable() or edges.is_name(end - 2, end)
        length = 2 if opens and _begins(backwards[2:]) else 0
    elif (
        length == 2
        and boundary
        and boundary[0] in _IN_FRONT
        and _begins(backwards[3:])
        and backwards[3:4] != "第"
    ):
        length = 3
    return length if 2 <= length <= MAX_BODY else 0


_SAYS = {
    suffix: frozenset("vdrpmcqu" if suffix in ("村", "镇", "乡", "屯", "社区", "街道") else "vdrpmcqun")
    for suffix in SUFFIXES
}
"""Parts of speech, by their first letter, of words of everyday that say before 村 or 区 what kind it is."""


@lru_cache(8192)
def _says_kind(body: str, suffix: str) -> bool:
    """Whether a word of everyday stands there that says what kind of village it is (受灾, 许多), not one that names (桥头)."""
    if body in _bodies():
        return False
    words = cut(body)
    if any(len(word) > 1 and kind_of(word) in ("ns", "nr", "nrt", "nz") for word in words):
        return False
    return any(
        len(word) > 1
        and kind_of(word)[:1] in _SAYS[suffix]
        and (kind_of(word)[:1] not in "mqr" or word == body)  # 许多, and not 二十里铺
        and not is_rare(word)
        for word in words
    )


def find_places(text: str, edges: Edges = NO_EDGES) -> list[Name]:
    """Names of places, such as 柏树湾村 or 云溪镇; never 农村, 全镇, 各村, 乡村, 行政村.

    Where a suffix may belong to the next word (坳上村民), the name counts only if it stands clearly elsewhere.
    """
    names: dict[int, Name] = {}
    sure: set[str] = set()
    ends: set[int] = set()
    for match in _SUFFIX.finditer(text):
        suffix, at = match[0], match.start()
        left = max(0, at - MAX_BODY - 4)
        tail = _HAN_TAIL.search(text, left, at)
        window = tail[0] if tail else ""
        if len(window) < 2:
            continue
        length = _body(window, len(window) == at - left and left > 0, suffix, at, edges)
        delimited = (
            text[at - length - 1 : at - length] == "、" and at - length - 1 in ends
        )  # one of a list of places
        end = match.end()
        if length and not delimited and _says_kind(window[len(window) - length :], suffix):
            continue
        if not length or (
            not delimited
            and text[end : end + 1] in _right(suffix)
            and text[end : end + 2] not in _verbs()
            and not (suffix == "社区" and kind_of(text[at - length : at]) == "ns")  # 西关社区党群服务中心
        ):
            continue
        start = at - length
        if start > 1 and text[start - 2] == "、" and text[start - 1] in "上下" and start - 2 in ends:
            start -= 1  # 朱家湾村、下洼子村: in a list the side belongs to the name
        ends.add(end)
        names[start] = Name(start, end, text[start:end], "place")
        sure.add(text[start:end])
    for start, body in _everywhere(text, sure):
        names.setdefault(start, Name(start, start + len(body), body, "place"))
    for match in _steppe().finditer(text):
        names[match.start()] = Name(*match.span(), match[0], "place")
    for name in (*_find_hamlets(text), *_find_streets(text), *_find_landforms(text)):
        names.setdefault(name.start, name)
    return [names[start] for start in sorted(names)]


def _everywhere(text: str, names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Where any of these names stands, from the left, without overlaps; the longest of those that begin at one place.

    What a text names changes with the text, so there is no pattern to compile for it.
    """
    found = [(at, -len(name), name) for name in names for at in _all_of(text, name)]
    end = 0
    for at, _, name in sorted(found):
        if at >= end:
            end = at + len(name)
            yield at, name


def _all_of(text: str, name: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + 1)


@cache
def _steppe() -> re.Pattern[str]:
    """A Mongolian village or town, however long its name: 查干敖包苏木."""
    return re.compile(f"[{''.join(rules.words('transliteration'))}]{{2,8}}(?:嘎查|苏木)")


@cache
def _family_hamlets() -> re.Pattern[str]:
    """A family's hamlet: 李家沟, 王家湾."""
    table = rules.table("hamlets")
    form, family, no_end = ("".join(table[key]) for key in ("landform", "family", "no end"))
    return re.compile(f"家(?<=[{family}]家)(?<![0-9余多几数].家)[{form}](?![{no_end}])")


@cache
def _listed_hamlets() -> re.Pattern[str]:
    """Hamlets by their landform before a word that says so: 赵楼、钱庄等自然村."""
    table = rules.table("hamlets")
    one = f"[{HAN}]{{1,3}}[{''.join(table['landform'])}]"
    return re.compile(
        f"(?<![{HAN}])(?P<listed>{one}(?:[、和]{one}){{0,8}})(?=等?(?:\\d+|[{HAN}])?个?(?:{rules.alternation(table['cue'])}))"
    )


def _find_hamlets(text: str) -> list[Name]:
    found = [
        Name(match.start() - 1, match.end(), text[match.start() - 1 : match.end()], "place")
        for match in _family_hamlets().finditer(text)
    ]
    if not any(cue in text for cue in rules.table("hamlets")["cue"]):
        return found
    for match in _listed_hamlets().finditer(text):
        for part in re.finditer(f"[{HAN}]+?(?=[、和]|\\Z)", match[0]):
            if part[0] in _bodies() or not _hard().search(part[0][::-1]):
                start = match.start() + part.start()
                found.append(Name(start, start + len(part[0]), part[0], "place"))
    return found


@cache
def _groups() -> re.Pattern[str]:
    """A group of a village, behind the village's name: 磨盘组 of 獐子坪村磨盘组."""
    no_group = rules.alternation(rules.table("hamlets")["no group"])
    return re.compile(f"(?<=[村屯])(?<=[{HAN}]{{2}}.)(?!{no_group})([{HAN}]{{2,3}}组)(?![织长建成合团员])")


@cache
def _short_hamlets() -> re.Pattern[str]:
    """A family's hamlet without 家: 郜庄, 姚圩."""
    families = {*rules.table("hamlets")["family"], *rules.table("given_names")["hard"]}
    return re.compile(f"[{''.join(families)}](?:庄子(?![女弟孙])|[庄圩畈垸岙寨营堡屯])")


@dataclass(frozen=True)
class _Landforms:
    """The word lists of data/landforms.txt."""

    form: re.Pattern[str]
    river: re.Pattern[str]
    telling: re.Pattern[str]
    telling_forms: frozenset[str]
    in_front: frozenset[str]
    wary: frozenset[str]
    generic: frozenset[str]


@cache
def _landforms() -> _Landforms:
    table = rules.table("landforms")
    rare = "".join({form[0] for form in table["rare form"]})
    return _Landforms(
        form=re.compile(
            f"[{''.join(table['form'])}](?:(?<=[{HAN}]{{2}}.)(?<![{''.join(table['no end'])}].))"
            f"|(?=[{rare}])(?<=[{HAN}])(?<![{''.join(table['no rare end'])}]){rules.one_of(table['rare form'])}(?<=[{HAN}]{{3}})"
        ),
        river=re.compile(
            f"[{''.join(table['river'])}](?<=[{HAN}].)(?<![{''.join(table['no end'])}].)(?={rules.one_of(table['river behind'])})"
        ),
        telling=re.compile(f"[{''.join(table['telling form'])}](?<=[{HAN}].)"),
        telling_forms=frozenset(table["telling form"]),
        in_front=frozenset(table["in front"]),
        wary=frozenset(table["wary"]),
        generic=frozenset(table["generic"]),
    )


def _find_landforms(text: str) -> Iterator[Name]:
    """Names of three or four characters that end in a landform (簸箕沟, 洗马桥), between clear boundaries.

    Before the name stands a mark or a word that no name holds, and its last character makes no word with what follows
    (沟通); what is an everyday word itself (排水沟) or ends in one (…水桥) is no name.
    """
    words = _landforms()
    for match in words.form.finditer(text):
        at, end = match.start(), match.end()
        if _is_han(text[end : end + 1]) and is_word(text[end - 1 : end + 1]):
            continue
        if _CHIEF.match(text, end - 1):
            continue  # 总河长
        tail = _HAN_TAIL.search(text, max(0, at - MAX_BODY - 4), at)
        window = tail[0] if tail else ""
        boundary = _hard().search(window[::-1])
        length = boundary.start() if boundary else len(window)
        if (
            length == 1
            and window[-2:-1] in words.in_front
            and _begins(window[-3::-1] if len(window) > 2 else "")
            and kind_of(window[-1])[:1] not in _NO_BODY
            and not is_word(window[-1] + match[0])
        ):
            length = 2  # 老鸹山
        if window[-2:] in _bodies() and _begins(window[-3::-1]):
            length = 2  # 跃进渠
        if not 2 <= length <= 3:
            continue
        body = window[len(window) - length :]
        name = body + match[0]
        if body in words.generic or body[:2] in words.generic or body[-2:] in words.generic:
            continue
        kind = kind_of(name)
        if kind not in _NAMING or (length == 3 and kind_of(name[1:]) not in _NAMING):
            continue
        if match[0] in words.wary and not (kind or not kind_of(body)):
            continue
        if length == 3 and not kind and kind_of(name[1:]):
            name = name[1:]  # 越|莱茵河
        elif not kind:
            if (kind_of(name[-2:]) not in ("", "nr") and not (length == 2 and kind_of(body) == "ns")) or (
                length == 3 and is_word(name[:2]) and is_word(name[2:])
            ):
                continue  # 渡|汾桥, 流放|汶山; 卧龙寺 is one
            if (
                kind_of(body) not in (_DOING if match[0] in words.telling_forms else _BODIES)
                and body not in _bodies()
            ):
                continue
        yield Name(end - len(name), end, name, "place")
    for pattern in (words.river, words.telling):
        for match in pattern.finditer(text):
            at, end = match.start() - 1, match.end()
            before = text[max(0, at - 4) : at][::-1]
            name = text[at:end]
            if kind_of(name) not in ("", "ns") or not (_begins(before) or not _is_han(before[0])):
                continue
            if not _hard().match(name[0]) and not (
                _is_han(text[end : end + 1]) and is_word(text[end - 1 : end + 1])
            ):
                yield Name(at, end, name, "place")
    for match in _groups().finditer(text):
        if kind_of(match[1]) in _BODIES:
            yield Name(match.start(1), match.end(1), match[1], "place")
    for match in _short_hamlets().finditer(text):
        at, end = match.span()
        before, behind = text[max(0, at - 4) : at][::-1], text[end : end + 1]
        if kind_of(match[0]) not in _NAMING or (_is_han(behind) and is_word(text[end - 1 : end + 1])):
            continue
        if not before or not _is_han(before[0]) or _hard().match(before):
            yield Name(at, end, match[0], "place")
    for match in _MILES.finditer(text):
        if not (
            _is_han(text[match.end() : match.end() + 1]) and is_word(text[match.end() - 1 : match.end() + 1])
        ):
            yield Name(*match.span(), match[0], "place")


def _is_han(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff"


@cache
def _streets() -> re.Pattern[str]:
    """A road or street whose name is an ordinary one (解放路, 人民东街)."""
    table = rules.table("streets")
    names = {*table["name"], *_bodies()} - set(table["not"])
    return re.compile(
        f"(?:{rules.alternation(names)})[东西南北中一二三四]?[路街巷](?![{''.join(table['no end'])}])"
    )


@cache
def _other_streets() -> re.Pattern[str]:
    no_end = "".join(rules.table("streets")["no end"])
    return re.compile(
        f"[路街巷弄](?<=[{HAN}]{{2}}.)(?![{no_end}])|大道(?<=[{HAN}]{{2}}..)|胡同(?<=[{HAN}]{{2}}..)"
    )


@cache
def _street_words() -> tuple[frozenset[str], frozenset[str]]:
    table = rules.table("streets")
    return frozenset(table["generic"]), frozenset(table["no name before"])


def _find_other_streets(text: str) -> Iterator[Name]:
    """Roads and streets with a name of their own between clear boundaries: 打铜巷, 鼓楼北路, 建材二路."""
    generic, no_end = _street_words()
    for match in _other_streets().finditer(text):
        at, end = match.start(), match.end()
        if _is_han(text[end : end + 1]) and is_word(text[end - 1 : end + 1]):
            continue
        tail = _HAN_TAIL.search(text, max(0, at - MAX_BODY - 4), at)
        window = tail[0] if tail else ""
        boundary = _hard().search(
            window[::-1], 1 if window[-1:] in _NUMBERED and window[-2:-1] not in ("", "第") else 0
        )
        length = boundary.start() if boundary else len(window)
        body = window[len(window) - length :] if length else ""
        proper = body[:-1] if body[-1:] in _NUMBERED else body
        if not 2 <= len(proper) <= 3 or len(body) > 4 or proper[-1] in no_end:
            continue
        if any(part in generic for part in (proper, proper[:2], proper[-2:])):
            continue
        if kind_of(body + match[0]) not in (*_NAMING, "nz") or kind_of(proper) not in _BODIES:
            continue
        if (
            len(proper) == 3
            and not kind_of(proper)
            and is_word(proper[:2])
            and kind_of(proper[:2]) not in _BODIES
        ):
            continue
        if (
            body == proper
            and len(match[0]) == 1
            and kind_of(proper[-1] + match[0]) not in ("", "nr", "ns")
            and kind_of(proper) not in ("nr", "ns")  # 桂花巷
        ):
            continue
        yield Name(at - len(body), end, body + match[0], "place")


def _find_streets(text: str) -> list[Name]:
    return [*_find_ordinary_streets(text), *_find_other_streets(text)]


def _find_ordinary_streets(text: str) -> list[Name]:
    return [
        Name(*match.span(), match[0], "place")
        for match in _streets().finditer(text)
        if _begins(text[max(0, match.start() - 4) : match.start()][::-1])
        or not re.match(f"[{HAN}]", text[match.start() - 1 : match.start()])
    ]


@cache
def _regions() -> tuple[frozenset[str], tuple[str, ...], frozenset[str], frozenset[str]]:
    table = rules.table("regions")
    return (
        frozenset(table["name"]),
        table["not before"],
        frozenset(table["landform"]),
        frozenset(table["no landform"]),
    )


def find_known(text: str, words: Sequence[str]) -> Iterator[Name]:
    """Provinces and cities by their short names (浙江, 柳州), rivers and mountains of three characters (白龙江)."""
    regions, not_before, landforms, no_landform = _regions()
    wanted = {
        word
        for word in set(words)
        if word in regions
        or (
            len(word) == 3
            and word[2] in landforms
            and word[0] not in no_landform
            and kind_of(word) in _NAMING
            and not _hard().match(word[1::-1])
        )
    }
    if not wanted:
        return
    for start, word in zip(accumulate(map(len, words), initial=0), words, strict=False):
        if word in wanted and not (word in regions and text.startswith(not_before, start + len(word))):
            yield Name(start, start + len(word), word, "place")


def find_guessed(words: Sequence[str]) -> Iterator[Name]:
    """Places without 村 or 镇 that jieba guesses as one word by their last character: 檀溪, 芦花荡."""
    last = _guessed()[0]
    wanted = {word for word in words if word[-1] in last and _is_guessed(word)}
    if not wanted:
        return
    for start, word in zip(accumulate(map(len, words), initial=0), words, strict=False):
        if word in wanted:
            yield Name(start, start + len(word), word, "place")


@lru_cache(32_768)
def _is_guessed(word: str) -> bool:
    table = _guessed()
    if word[-1] not in table[0] or not 2 <= len(word) <= 3 or word[-2] in table[1] or is_word(word):
        return False
    if kind_of(word[0])[:1] in _NO_BODY and word[0] not in "九七八三双":
        return False
    if len(word) == 3 and (kind_of(word[:2]) not in _BODIES or kind_of(word[1:]) not in ("", "ns", "nr")):
        return False
    return not _hard().search(word[-2::-1])


@cache
def _guessed() -> tuple[frozenset[str], frozenset[str]]:
    table = rules.table("landforms")
    return frozenset(table["guessed"]), frozenset(table["no guessed"])


def stem(name: str) -> str:
    """A place's name without its ending: 云溪 of 云溪镇; the name itself when nothing would stay."""
    match = _LAST_SUFFIX.search(name)
    return name[: match.start()] if match and match.start() else name


def is_telling(short: str) -> bool:
    """Whether a place's short form can only mean the place: two characters at least, and no common word."""
    return (
        len(short) >= 2
        and short not in _bodies()
        and kind_of(short) in ("", "ns", "nz")
        and _hard().search(short[::-1]) is None
    )

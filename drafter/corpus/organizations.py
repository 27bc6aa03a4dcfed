"""Finds names of organisations, landmarks and media by their ending and the proper part before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from drafter.corpus import rules
from drafter.corpus.cutting import cut, is_rare, kind_of
from drafter.corpus.edges import NO_EDGES, Edges, dividing
from drafter.corpus.lexicon import HAN, Name, NameKind, is_common
from drafter.corpus.places import find_places

MAX_BODY = 14
_NAMING = frozenset(["", "ns", "nr", "nz", "nt", "nrt"])
"""Parts of speech of words that name; "" is a word that jieba does not know."""
_HOUSES = ("电影院",)
"""Kinds of houses that end in other kinds."""
_LEADING = frozenset("vpdctrmuf")
"""Parts of speech, by their first letter, of words that go before a name and are no part of it."""
_NOUNS = frozenset("nsbaijl")
"""Parts of speech, by their first letter, of words of everyday that name a school or a landmark."""
_FUNCTION = frozenset("pdcruqymf")
"""Parts of speech, by their first letter, of single characters that no name is made of."""
_ACCOUNT_BEFORE = re.compile(
    r"(?:公众号|视频号|抖音号|快手号|微博|头条号|公众平台|账号|客户端|APP|App|小程序|平台)“([^“”\n]{2,20})”"
)
_ACCOUNT_BEHIND = re.compile(
    r"“([^“”\n]{2,20})”(?=(?:微信)?(?:公众号|视频号|抖音号|快手号|微博|头条号|账号|客户端|公众平台|小程序))"
)


class _Patterns(NamedTuple):
    """What is read off the words of `organizations.txt` and `media.txt`."""

    ending: re.Pattern[str]
    """Ends a body or a landmark."""
    stop: re.Pattern[str]
    """No name reaches beyond it; for text read backwards."""
    generic: re.Pattern[str]
    generic_of_place: re.Pattern[str]
    """大 is generic before 小学 and part of the name in 大湾水库."""
    wordlike: re.Pattern[str]
    """A county whose name is a word of everyday."""
    weak_ending: re.Pattern[str]
    weak_generic: re.Pattern[str]
    firm: re.Pattern[str]
    """What says at the end of a name that it is a firm's."""
    media: re.Pattern[str]
    account: re.Pattern[str]
    """An account named without marks, beside a word that says what it is."""


@cache
def _patterns() -> _Patterns:
    words, media = rules.table("organizations"), rules.table("media")

    def one_of(entries: Iterable[str]) -> str:
        return f"(?:{rules.alternation(entries)})"

    longer = [entry for entry in words["generic"] if len(entry) > 1]
    stops = one_of(word[::-1] for word in words["stop"])
    measures = "".join(words["measure"])
    account, cue, verb = (one_of(media[key]) for key in ("account", "account cue", "account verb"))
    return _Patterns(
        ending=re.compile(f"{one_of([*words['ending'], *words['landmark']])}(?![习生员者科历位业])"),
        stop=re.compile(f"{stops}|[{measures}](?=[一二两三四五六七八九十百千万余多几数]|\\Z)"),
        generic=re.compile(one_of(words["generic"])),
        generic_of_place=re.compile(one_of(longer)),
        wordlike=re.compile(f"{one_of(words['wordlike'])}[市县区镇乡](?![村乡镇市县区域级里])"),
        weak_ending=re.compile(
            f"{one_of([*words['weak'], *words['weak landmark']])}(?!长(?![期年])|[职员]?工(?![作程厂])|员(?!工)|主(?![动要办导体]))"
        ),
        weak_generic=re.compile(one_of([*longer, *words["weak generic"]])),
        firm=re.compile(f"{one_of(words['firm'])}\\Z"),
        media=re.compile(f"(?<=[{HAN}]{{2}}){rules.one_of(media['ending'])}(?<!日报(?=[告表送销备考道]))"),
        account=re.compile(
            f"{cue}(?P<behind>[{HAN}]{{2,4}}{account}|[{HAN}]{{3,6}}?(?={verb}))"
            f"|(?:(?<![{HAN}])|(?<=[在由被经和与及过向]))(?P<before>[{HAN}]{{2,4}}{account})(?=(?:官方)?(?:微信)?{cue})"
        ),
    )


_TAIL = re.compile(f"[{HAN}A-Za-z]*\\Z")


def find_organizations(text: str, edges: Edges = NO_EDGES) -> list[Name]:
    """Organisations and landmarks with a proper part (绿源种养专业合作社, 大湾水库); never 镇卫生院, 各学校, 小型水库.

    Args:
        text: the text.
        edges: its words.
    """
    landmarks = frozenset(rules.table("organizations")["landmark"])
    patterns, local = _patterns(), _local()
    found = []
    for match, window in _before(patterns.ending, text, edges):
        kind: NameKind = "place" if match[0] in landmarks else "organization"
        skipped = edges.rest(match.start() - len(window))
        if skipped < len(window):
            window = window[skipped:]  # 全|面地提高医院
        window = window[_opening(window) :]
        proper = (patterns.generic_of_place if kind == "place" else patterns.generic).sub("", window)
        if kind == "organization" and patterns.wordlike.match(window):
            proper = window[:8]  # 平安县人民医院: the word is the county's name here
        elif not (_names(window) or (match[0] in local and _is_noun(proper))):
            continue
        if 2 <= len(proper) <= 8:
            found.append(Name(match.start() - len(window), match.end(), window + match[0], kind))
    return [*found, *_find_weak(text, edges)]


@lru_cache(8192)
def _opening(window: str) -> int:
    """How many characters before an ending are words that go before names: 使|波音, 感谢|海棠; none where no name follows."""
    words = cut(window)
    at = 0
    for place, word in enumerate(words[:-1]):
        if _is_naming(word) or kind_of(word)[:1] not in _LEADING:
            break
        if not any(map(_is_naming, words[place + 1 :])):
            break
        at += len(word)
    return at


@lru_cache(8192)
def _names(window: str) -> bool:
    """Whether one of these words names, or singles stand side by side that make no words."""
    words = cut(window)
    if any(map(_is_naming, words)):
        return True
    singles = [len(word) == 1 and kind_of(word)[:1] not in _FUNCTION for word in words]
    return any(a and b for a, b in pairwise(singles)) or bool(find_places(window))


def _is_naming(word: str) -> bool:
    if len(word) < 2 or word in rules.table("organizations")["everyday"]:
        return word in _brands()
    return (
        kind_of(word) in _NAMING
        or word in _brands()
        or word in _regions()
        or (is_rare(word) and word not in _trades())
    )


@cache
def _trades() -> frozenset[str]:
    """Words that say of what trade or kind a body is, however rare."""
    words = rules.table("organizations")
    return frozenset((*words["generic"], *words["weak generic"], *words["no local"], *words["modern"]))


@cache
def _regions() -> frozenset[str]:
    return frozenset(rules.table("regions")["name"])


@cache
def _local() -> frozenset[str]:
    table = rules.table("organizations")
    return frozenset((*table["local"], *table["landmark"]))


@lru_cache(4096)
def _is_noun(proper: str) -> bool:
    """Whether these are nouns that a school or a reservoir may be called by: 云盘 of 云盘中学, never 孩子 of 孩子上中学."""
    none = rules.table("organizations")["no local"]
    if proper.endswith(rules.table("person_roles")["firm"] + rules.table("person_roles")["loose"]):
        return False  # 民警景区值勤
    return all(kind_of(word)[:1] in _NOUNS and not word.startswith(none) for word in cut(proper))


def _find_weak(text: str, edges: Edges) -> Iterator[Name]:
    """Bodies by an ending that is mostly generic (养殖场, 志愿服务队): only with a word in front that is none of everyday's."""
    words = rules.table("organizations")
    landmarks = frozenset(words["weak landmark"])
    for match, whole in _before(_patterns().weak_ending, text, edges):
        if text.endswith(_HOUSES, 0, match.end()):
            continue  # 电影院 is no 影院
        window = whole[_opening(whole) :]
        proper = window if window in _brands() else _patterns().weak_generic.sub("", window)
        if any(word in window for word in words["weak stop"]):
            continue
        if 2 <= len(proper) <= 6 and _names(proper):
            kind: NameKind = "place" if match[0] in landmarks else "organization"
            yield Name(match.start() - len(window), match.end(), window + match[0], kind)


def _before(ending: re.Pattern[str], text: str, edges: Edges) -> Iterator[tuple[re.Match[str], str]]:
    """Each ending, and the words before it that may belong to the name; none where no boundary is in sight."""
    for match in ending.finditer(text):
        left = max(0, match.start() - MAX_BODY)
        tail = _TAIL.search(text, left, match.start())
        window = tail[0] if tail else ""
        stop = dividing(_patterns().stop, window, match.start(), edges)
        if stop and stop.start() == 0 and _is_trade(stop[0][::-1], match[0]):
            stop = dividing(_patterns().stop, window, match.start(), edges, stop.end())
        if stop:
            yield match, window[len(window) - stop.start() :]
        elif left == 0 or len(window) < match.start() - left:
            yield match, window


def _is_trade(word: str, ending: str) -> bool:
    """Whether what begins a name elsewhere belongs to a firm's here: 发展 of 恒瑞农业发展有限公司."""
    return ending.endswith(("公司", "集团")) and word in rules.table("organizations")["generic"]


@cache
def _brands() -> frozenset[str]:
    table = rules.table("organizations")
    return frozenset(table["brand"]) - frozenset(table["weak generic"])


@lru_cache(4096)
def is_generic(body: str) -> bool:
    """Whether this is a body or a landmark without a name of its own: 文化广场, 中心小学."""
    patterns = _patterns()
    match = next((match for match in patterns.ending.finditer(body) if match.end() == len(body)), None)
    return match is not None and not patterns.generic_of_place.sub("", body[: match.start()])


def _media_begins(text: str, at: int, edges: Edges) -> int:
    """Where the name begins that the word before a medium's ending is (云阳|电视台); -1 where no such word stands there."""
    start = edges.begins(at)
    word = text[start:at]
    if len(word) == 1:
        before = edges.begins(start)
        singles = start - before == 1 and kind_of(text[before:start])[:1] not in _FUNCTION
        return before if singles and kind_of(word)[:1] not in _FUNCTION else -1
    return start if 2 <= len(word) <= 6 and (_is_naming(word) or kind_of(word) == "") else -1


def short_form(name: str) -> str:
    """A firm's name without what says that it is one: 云岭茶业 of 云岭茶业有限公司; "" when too little would stay."""
    bare = _patterns().firm.sub("", name)
    return bare if bare != name and len(bare) >= 4 and not _patterns().generic.fullmatch(bare) else ""


def find_media(text: str, edges: Edges = NO_EDGES) -> list[Name]:
    """Newspapers, stations and accounts; an account's name is what stands inside the marks, marks included."""
    table = rules.table("media")
    found = [
        Name(start, end, text[start:end], "media", is_common(text[start:end], "media"))
        for start, end in (
            (_media_begins(text, match.start(), edges), match.end())
            for match in _patterns().media.finditer(text)
        )
        if start >= 0
        and not text.startswith(table["generic"], start)
        and set(text[start : start + 2]).isdisjoint(table["stop"])
    ]
    for match in (
        _patterns().account.finditer(text) if any(cue in text for cue in table["account cue"]) else ()
    ):
        key = "behind" if match["behind"] else "before"
        if not any(word in match[key] for word in table["no account"]):
            start, end = match.span(key)
            opening = next((word for word in table["account opening"] if text.startswith(word, start)), "")
            start += len(opening) if end - start - len(opening) > 3 else 0  # 依托青禾先锋视频号
            name = text[start:end]
            found.append(Name(start, end, name, "media", is_common(name, "media")))
    for pattern in (_ACCOUNT_BEFORE, _ACCOUNT_BEHIND):
        for match in pattern.finditer(text):
            start, end = match.span(1)
            common = is_common(match[1], "media") or is_common(match[1], "quoted")
            found.append(Name(start - 1, end + 1, f"“{match[1]}”", "quoted", common))
    return found

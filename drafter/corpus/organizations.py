"""Finds names of organisations, landmarks and media by their ending and the proper part before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from drafter.corpus import rules
from drafter.corpus.cutting import cut, kind_of
from drafter.corpus.lexicon import HAN, Name, NameKind, is_common

MAX_BODY = 14
_NAMING = frozenset(["", "ns", "nr", "nz", "nt", "nrt"])
"""Parts of speech of words that name; "" is a word that jieba does not know."""
_ACCOUNT_BEFORE = re.compile(
    r"(?:公众号|视频号|抖音号|快手号|微博|头条号|公众平台|账号|客户端|APP|App|小程序|平台)“([^“”\n]{2,20})”"
)
_ACCOUNT_BEHIND = re.compile(
    r"“([^“”\n]{2,20})”(?=(?:微信)?(?:公众号|视频号|抖音号|快手号|微博|头条号|账号|客户端|公众平台|小程序))"
)


@cache
def _endings() -> re.Pattern[str]:
    table = rules.table("organizations")
    return re.compile(
        f"(?:{rules.alternation([*table['ending'], *table['landmark']])})(?![习生员者科历位业])"
    )


@cache
def _stops() -> re.Pattern[str]:
    table = rules.table("organizations")
    measure = "".join(table["measure"])
    return re.compile(
        f"{rules.alternation(word[::-1] for word in table['stop'])}|[{measure}](?=[一二两三四五六七八九十百千万余多几数]|\\Z)"
    )


@cache
def _generic(shortest: int) -> re.Pattern[str]:
    entries = rules.table("organizations")["generic"]
    return re.compile(rules.alternation(entry for entry in entries if len(entry) >= shortest))


@cache
def _wordlike() -> re.Pattern[str]:
    words = rules.table("organizations")["wordlike"]
    return re.compile(f"(?:{rules.alternation(words)})[市县区镇乡](?![村乡镇市县区域级里])")


@cache
def _media() -> re.Pattern[str]:
    endings = rules.table("media")["ending"]
    first = "".join({ending[0] for ending in endings})
    return re.compile(
        f"[{first}](?:(?<=[{HAN}]{{2}}.))(?:{rules.alternation(ending[1:] for ending in endings)})(?<!日报(?=[告表送销备]))"
    )


@cache
def _weak_endings() -> re.Pattern[str]:
    table = rules.table("organizations")
    return re.compile(
        f"(?:{rules.alternation([*table['weak'], *table['weak landmark']])})(?![{HAN}]?[长员工主])"
    )


@cache
def _weak_generic() -> re.Pattern[str]:
    table = rules.table("organizations")
    return re.compile(
        rules.alternation([*(entry for entry in table["generic"] if len(entry) > 1), *table["weak generic"]])
    )


@cache
def _account() -> re.Pattern[str]:
    """An account named without marks, beside a word that says what it is."""
    table = rules.table("media")
    ending, cue = rules.alternation(table["account"]), rules.alternation(table["account cue"])
    verb = rules.alternation(table["account verb"])
    return re.compile(
        f"(?:{cue})(?P<behind>[{HAN}]{{2,4}}(?:{ending})|[{HAN}]{{3,6}}?(?=(?:{verb})))|(?:(?<![{HAN}])|(?<=[在由被经和与及过向]))(?P<before>[{HAN}]{{2,4}}(?:{ending}))(?=(?:官方)?(?:微信)?(?:{cue}))"
    )


_TAIL = re.compile(f"[{HAN}A-Za-z]*\\Z")


def find_organizations(text: str) -> list[Name]:
    """Organisations and landmarks with a proper part (绿源种养专业合作社, 大湾水库); never 镇卫生院, 各学校, 小型水库."""
    landmarks = frozenset(rules.table("organizations")["landmark"])
    found = []
    for match in _endings().finditer(text):
        left = max(0, match.start() - MAX_BODY)
        tail = _TAIL.search(text, left, match.start())
        window = tail[0] if tail else ""
        stop = _stops().search(window[::-1])
        if stop:
            window = window[len(window) - stop.start() :]
        elif len(window) == match.start() - left and left > 0:
            continue  # no boundary in sight
        kind: NameKind = "place" if match[0] in landmarks else "organization"
        # 大 is generic before 小学 and part of the name in 大湾水库
        proper = _generic(2 if kind == "place" else 1).sub("", window)
        if kind == "organization" and _wordlike().match(window):
            proper = window[:8]  # 平安县人民医院: the word is the county's name here
        if 2 <= len(proper) <= 8:
            found.append(Name(match.start() - len(window), match.end(), window + match[0], kind))
    return [*found, *_find_weak(text)]


def _find_weak(text: str) -> Iterator[Name]:
    """Bodies by an ending that is mostly generic (养殖场, 志愿服务队): only with a word in front that is none of everyday's."""
    landmarks = frozenset(rules.table("organizations")["weak landmark"])
    for match in _weak_endings().finditer(text):
        left = max(0, match.start() - MAX_BODY)
        tail = _TAIL.search(text, left, match.start())
        window = tail[0] if tail else ""
        stop = _stops().search(window[::-1])
        if stop:
            window = window[len(window) - stop.start() :]
        elif len(window) == match.start() - left and left > 0:
            continue
        proper = window if window in _brands() else _weak_generic().sub("", window)
        if any(word in window for word in rules.table("organizations")["weak stop"]):
            continue
        if 2 <= len(proper) <= 6 and _naming(proper):
            kind: NameKind = "place" if match[0] in landmarks else "organization"
            yield Name(match.start() - len(window), match.end(), window + match[0], kind)


@cache
def _brands() -> frozenset[str]:
    table = rules.table("organizations")
    return frozenset(table["brand"]) - frozenset(table["weak generic"])


@lru_cache(4096)
def _naming(proper: str) -> bool:
    """Whether these words name: one that jieba does not know or has as a name, or one that firms take for theirs."""
    return any(len(word) > 1 and (kind_of(word) in _NAMING or word in _brands()) for word in cut(proper))


def short_form(name: str) -> str:
    """A firm's name without what says that it is one: 云岭茶业 of 云岭茶业有限公司; "" when too little would stay."""
    bare = _firm().sub("", name)
    return bare if bare != name and len(bare) >= 4 and not _generic(1).fullmatch(bare) else ""


@cache
def _firm() -> re.Pattern[str]:
    return re.compile(f"(?:{rules.alternation(rules.table('organizations')['firm'])})\\Z")


def find_media(text: str) -> list[Name]:
    """Newspapers, stations and accounts; an account's name is what stands inside the marks, marks included."""
    table = rules.table("media")
    found = [
        Name(start, end, text[start:end], "media", is_common(text[start:end], "media"))
        for start, end in ((match.start() - 2, match.end()) for match in _media().finditer(text))
        if not text.startswith(table["generic"], start)
        and set(text[start : start + 2]).isdisjoint(table["stop"])
    ]
    for match in _account().finditer(text) if any(cue in text for cue in table["account cue"]) else ():
        key = "behind" if match["behind"] else "before"
        if not any(word in match[key] for word in table["no account"]):
            found.append(Name(*match.span(key), match[key], "media", is_common(match[key], "media")))
    for pattern in (_ACCOUNT_BEFORE, _ACCOUNT_BEHIND):
        for match in pattern.finditer(text):
            start, end = match.span(1)
            common = is_common(match[1], "media") or is_common(match[1], "quoted")
            found.append(Name(start - 1, end + 1, f"“{match[1]}”", "quoted", common))
    return found

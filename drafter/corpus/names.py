"""Finds names in Chinese report text: titles, quoted names, places, organisations, persons, media.

Precision before recall: a run of common words must not be called a name. It knows no document and no ledger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache

from drafter.corpus import rules
from drafter.corpus.lexicon import HAN, Common, Name, NameKind, is_common, is_saying, lexicon

MAX_QUOTED = 30
"""Characters inside “” beyond which it is speech, not a name."""

_TITLE = re.compile(r"《[^《》\n]{1,100}》")
_QUOTED = re.compile(
    f"“[^“”\\n]{{1,{MAX_QUOTED}}}”|「[^「」\\n]{{1,{MAX_QUOTED}}}」|『[^『』\\n]{{1,{MAX_QUOTED}}}』|‘[^‘’\\n]{{1,{MAX_QUOTED}}}’"
    f'|"(?=[^"\\n]{{0,{MAX_QUOTED}}}[{HAN}])[^"\\n]{{1,{MAX_QUOTED}}}"'
)
_KEPT_TEXTS = 256
_LONGEST_KEPT = 20_000


@cache
def _common_words() -> tuple[re.Pattern[str], dict[str, NameKind]]:
    kinds: dict[str, NameKind] = {}
    known: tuple[NameKind, ...] = ("organization", "person", "media", "place")
    for kind in known:
        for entry in lexicon(kind)[0]:
            kinds.setdefault(entry, kind)
    return re.compile(rules.alternation(kinds)), kinds


def find_names(text: str, common: Iterable[str] = ()) -> list[Name]:
    """The names in `text`, in order, without overlaps.

    Generic words (全镇, 各村, 镇党委, 派出所) are not names and do not appear; national common property
    (党中央, “三会一课”, 《习近平谈治国理政》) appears with `common` set. Linear in the length of the text.

    Args:
        text: any text.
        common: names that are common property here besides the national ones; `*` at the end means any ending.
    """
    names, *_ = _seen(text)
    if not common:
        return list(names)
    own = Common(common)
    return [replace(name, common=True) if not name.common and own.holds(name) else name for name in names]


def find_doubtful(text: str) -> list[Name]:
    """What may be a person's name and may be none; another text that shows it as a name would decide."""
    return list(_seen(text)[1])


def all_places(text: str) -> list[Name]:
    """Places, also those inside a title or another name."""
    return list(_seen(text)[2])


def _seen(text: str) -> tuple[tuple[Name, ...], tuple[Name, ...], tuple[Name, ...]]:
    return _read(text) if len(text) <= _LONGEST_KEPT else _names(text)


def _names(text: str) -> tuple[tuple[Name, ...], tuple[Name, ...], tuple[Name, ...]]:
    """The names, what may be one, and the places that stand inside others."""
    from drafter.corpus import bare, coined, kinds, listed, organizations, persons, places, transliterated
    from drafter.corpus.cutting import cut
    from drafter.corpus.edges import Edges, fit

    found: list[Name] = []
    for match in _TITLE.finditer(text):
        found.append(Name(*match.span(), match[0], "title", is_common(match[0][1:-1], "title")))
    for match in _QUOTED.finditer(text):
        found.append(
            Name(
                *match.span(),
                match[0],
                "quoted",
                is_common(match[0][1:-1], "quoted") or is_saying(text, *match.span()),
            )
        )
    pattern, kind_of_common = _common_words()
    for match in pattern.finditer(text):
        found.append(Name(*match.span(), match[0], kind_of_common[match[0]], True))
    words = cut(text)
    edges = Edges(words)
    found += organizations.find_media(text, edges)
    found += organizations.find_organizations(text, edges)
    found_places = places.find_places(text, edges)
    found += found_places
    found += coined.find_coined(text)
    found += listed.find_listed(text)
    found += places.find_known(text, words)
    found += places.find_guessed(words)
    found += kinds.find_kinds(text, words, edges)
    found += transliterated.find_transliterated(text)
    shown = persons.find_persons(text, [name.end for name in found_places])
    found += shown
    sure, doubtful = bare.find_bare(text, words, [(name.start, name.end) for name in shown])
    names = [
        replace(name, common=True) if name.kind == "event" and is_common(name.text, "quoted") else name
        for name in resolve(fit([*found, *sure], text, edges))
    ]
    taken = {place for name in names for place in range(name.start, name.end)} if doubtful else set()
    free = tuple(name for name in doubtful if taken.isdisjoint(range(name.start, name.end)))
    return tuple(names), free, tuple(found_places)


@lru_cache(maxsize=_KEPT_TEXTS)
def _read(text: str) -> tuple[tuple[Name, ...], tuple[Name, ...], tuple[Name, ...]]:
    """`_names`, kept: a draft and the passages beside it are read by several checks and again after each repair."""
    return _names(text)


_RANK: dict[NameKind, int] = {
    "title": 0,
    "quoted": 1,
    "media": 2,
    "organization": 3,
    "person": 4,
    "event": 5,
    "place": 6,
}


def resolve(names: Iterable[Name]) -> list[Name]:
    """Names in order without overlaps: titles and quoted names win over what stands inside them, longer over shorter."""
    taken: list[Name] = []
    end = 0
    for name in sorted(
        names, key=lambda name: (name.start, _RANK[name.kind] > 1, -name.end, _RANK[name.kind])
    ):
        if name.start >= end:
            taken.append(name)
            end = name.end
        elif taken and _RANK[name.kind] <= 1 < _RANK[taken[-1].kind] and name.end > end:
            # a name ran into the marks of a title: the title stays
            taken[-1] = name
            end = name.end
    return taken

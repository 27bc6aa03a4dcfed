"""Finds names in Chinese report text: titles, quoted names, places, organisations, persons, media.

Precision before recall: a run of common words must not be called a name. It knows no document and no ledger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from drafter.corpus import rules

NameKind = Literal["title", "quoted", "place", "organization", "person", "media"]

MAX_QUOTED = 30
"""Characters inside “” beyond which it is speech, not a name."""

HAN = "\u3400-\u9fff"
_TITLE = re.compile(r"《[^《》\n]{1,100}》")
_QUOTED = re.compile(f"“[^“”\\n]{{1,{MAX_QUOTED}}}”")
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")


@dataclass(frozen=True, slots=True)
class Name:
    """A name at `text[start:end]`, offsets in code points.

    `text` of a title or quoted name has its marks 《》 “” too. `common` says that it is national common property
    or a saying that everybody uses, so that finding it elsewhere proves nothing.
    """

    start: int
    end: int
    text: str
    kind: NameKind
    common: bool = False

    @property
    def bare(self) -> str:
        """The name without 《》 or “”."""
        return self.text[1:-1] if self.kind in ("title", "quoted") else self.text


@cache
def _lexicon(kind: str) -> tuple[frozenset[str], tuple[str, ...]]:
    entries = rules.table("common_names")[kind]
    return (
        frozenset(entry for entry in entries if not entry.endswith("*")),
        tuple(entry[:-1] for entry in entries if entry.endswith("*")),
    )


def is_common(text: str, kind: NameKind) -> bool:
    """Whether this name (without its marks) is in the national lexicon."""
    exact, prefixes = _lexicon(kind)
    if text in exact or (prefixes and text.startswith(prefixes)):
        return True
    if kind == "title":
        plain = _BRACKETS.sub("", text)
        return plain in exact or (bool(prefixes) and plain.startswith(prefixes))
    if kind == "quoted":
        parts = [part for part in re.split(r"[、，·\s]", text.rstrip("。，；！")) if part]
        return len(parts) > 1 and all(is_common(part, kind) for part in parts)
    return False


@cache
def _common_words() -> tuple[re.Pattern[str], dict[str, NameKind]]:
    kinds: dict[str, NameKind] = {}
    known: tuple[NameKind, ...] = ("organization", "person", "media")
    for kind in known:
        for entry in _lexicon(kind)[0]:
            kinds.setdefault(entry, kind)
    return re.compile(rules.alternation(kinds)), kinds


def find_names(text: str) -> list[Name]:
    """The names in `text`, in order, without overlaps.

    Generic words (全镇, 各村, 镇党委, 派出所) are not names and do not appear; national common property
    (党中央, “三会一课”, 《习近平谈治国理政》) appears with `common` set. Linear in the length of the text.
    """
    from drafter.corpus import organizations, persons, places

    found: list[Name] = []
    for match in _TITLE.finditer(text):
        found.append(Name(*match.span(), match[0], "title", is_common(match[0][1:-1], "title")))
    for match in _QUOTED.finditer(text):
        found.append(Name(*match.span(), match[0], "quoted", is_common(match[0][1:-1], "quoted")))
    common, kinds = _common_words()
    for match in common.finditer(text):
        found.append(Name(*match.span(), match[0], kinds[match[0]], True))
    found += organizations.find_media(text)
    found += organizations.find_organizations(text)
    found_places = places.find_places(text)
    found += found_places
    found += persons.find_persons(text, [name.end for name in found_places])
    return resolve(found)


_RANK: dict[NameKind, int] = {"title": 0, "quoted": 1, "media": 2, "organization": 3, "person": 4, "place": 5}


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

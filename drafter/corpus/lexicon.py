"""What a name is, and the national lexicon that says which names are common property. Finds nothing itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from drafter.corpus import rules

NameKind = Literal["title", "quoted", "place", "organization", "person", "media", "event"]

HAN = "\u3400-\u9fff"
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


class Common:
    """Names that a user calls common property, besides the national lexicon; `*` at the end means any ending."""

    def __init__(self, entries: Iterable[str]) -> None:
        cleaned = [entry.strip().strip("《》“”") for entry in entries]
        self._exact = frozenset(entry for entry in cleaned if not entry.endswith("*"))
        self._prefixes = tuple(entry[:-1] for entry in cleaned if entry.endswith("*") and len(entry) > 1)

    def holds(self, name: Name) -> bool:
        """Whether this name is one of them."""
        bare = name.bare
        return bare in self._exact or bool(self._prefixes and bare.startswith(self._prefixes))


@cache
def lexicon(kind: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The common names of a kind: those that stand there whole, and the beginnings of others."""
    entries = rules.table("common_names")[kind]
    return (
        frozenset(entry for entry in entries if not entry.endswith("*")),
        tuple(entry[:-1] for entry in entries if entry.endswith("*")),
    )


def is_common(text: str, kind: NameKind) -> bool:
    """Whether this name (without its marks) is in the national lexicon."""
    exact, prefixes = lexicon(kind)
    if text in exact or (prefixes and text.startswith(prefixes)):
        return True
    if kind == "title":
        plain = _BRACKETS.sub("", text)
        return plain in exact or (bool(prefixes) and plain.startswith(prefixes)) or _is_law(plain)
    if kind == "quoted":
        parts = [part for part in re.split(r"[、，·\s]", text.rstrip("。，；！")) if part]
        return len(parts) > 1 and all(is_common(part, kind) for part in parts)
    return False


def _is_law(title: str) -> bool:
    """Whether this is the title of a national law: a local one has the name of its place in front."""
    table = rules.table("common_names")
    if not title.endswith(table["title ending"]) or title.endswith(table["title not ending"]):
        return False
    return re.search("[省市县区州盟旗镇乡村]", title) is None

"""What a name is, and the national lexicon that says which names are common property. Finds nothing itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from drafter.corpus import rules
from drafter.corpus.cutting import cut, is_word, kind_of

NameKind = Literal["title", "quoted", "place", "organization", "person", "media", "event"]

HAN = "\u3400-\u9fff"
_NAMING = frozenset(["ns", "nr", "nz", "nt", "nrt", "nrfg"])
_SAYING = frozenset("vadpcrf")
"""Parts of speech, by their first letter, that make a clause of words rather than the name of a thing."""
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
        if _form().fullmatch(plain):
            return True
        return plain in exact or (bool(prefixes) and plain.startswith(prefixes)) or _is_law(plain)
    if kind == "quoted":
        if _usual().fullmatch(text):
            return True
        parts = [part for part in re.split(r"[、，·\s]", text.rstrip("。，；！")) if part]
        return len(parts) > 1 and (all(is_common(part, kind) for part in parts) or _is_parallel(parts))
    return False


@cache
def _form() -> re.Pattern[str]:
    """Titles of the forms and notices that every office has: 《值班制度》, 《安全生产责任书》."""
    table = rules.table("common_names")
    theme, genre = rules.alternation(table["title theme"]), rules.alternation(table["title genre"])
    return re.compile(f"(?:{theme})*(?:{genre})")


def _is_parallel(parts: Sequence[str]) -> bool:
    """Whether these are steps of one saying: 早发现、早报告、早处置; 底数清、情况清."""
    if len({len(part) for part in parts}) > 1 or len(parts[0]) > 6:
        return False
    return len({part[0] for part in parts}) == 1 or len({part[-1] for part in parts}) == 1


@cache
def _usual() -> re.Pattern[str]:
    """Sayings that only count what is done (一户一策, 五清一改), who takes part (党支部+合作社+农户), or what
    is made so everywhere (平安家庭)."""
    table = rules.table("common_names")
    part = rules.alternation(table["quoted part"])
    theme, ground = rules.alternation(table["quoted theme"]), rules.alternation(table["quoted ground"])
    return re.compile(
        "|".join((*table["quoted shape"], f"(?:{theme})(?:{ground})", f"(?:{part})(?:[+＋](?:{part}))+"))
    )


@cache
def _beside_quoted() -> tuple[tuple[str, ...], tuple[str, ...]]:
    table = rules.table("common_names")
    return table["quoted named by"], table["quoted names"]


@cache
def _sayings() -> re.Pattern[str]:
    table = rules.table("common_names")
    theme, kind = rules.alternation(table["quoted theme"]), rules.alternation(table["quoted kind"])
    return re.compile(f"{rules.alternation(table['saying'])}|(?:{theme})(?:{kind})")


def is_everyday(word: str) -> bool:
    """Whether this is one word of the language and no name."""
    return is_word(word) and kind_of(word) not in _NAMING


@lru_cache(4096)
def _says(part: str) -> bool:
    """Whether this is a clause of common words (事有人管, 小田变大田), not what a thing is called (板凳课堂, 岔河嫂)."""
    if part.endswith(rules.table("common_names")["quoted names"]) or not re.fullmatch(f"[{HAN}]+", part):
        return False
    if part.startswith(rules.table("common_names")["quoted opening"]) and len(part) == 4:
        return False  # 平安云盘
    kinds = [kind_of(word) for word in cut(part)]
    if kinds[0][:1] == "m":
        return False  # 四个新: what is counted is somebody's own
    return all(kind and kind not in _NAMING for kind in kinds) and any(kind[0] in _SAYING for kind in kinds)


def is_saying(text: str, start: int, end: int) -> bool:
    """Whether what stands in “” there is a saying or word of every day that nothing beside it makes a name: 破除“躺平”心态.

    In 实施“躺平”计划 it would be one.
    """
    parts = [part for part in re.split("[、，]", text[start + 1 : end - 1].rstrip("。，；！")) if part]
    if not parts or not all(_sayings().fullmatch(part) or is_everyday(part) or _says(part) for part in parts):
        return False
    before, behind = _beside_quoted()
    return not (text.startswith(behind, end) or text[max(0, start - 5) : start].endswith(before))


def _is_law(title: str) -> bool:
    """Whether this is the title of a national law: a local one has the name of its place in front."""
    table = rules.table("common_names")
    if not title.endswith(table["title ending"]) or title.endswith(table["title not ending"]):
        return False
    plain = _of_everywhere().sub("", title)
    return re.search("[省市县区州盟旗镇乡村]", plain) is None


@cache
def _of_everywhere() -> re.Pattern[str]:
    """Words in titles of laws that name no place, though a place's kind is in them: 社区矫正法, 城乡规划法."""
    return re.compile(rules.alternation(rules.table("common_names")["title of everywhere"]))

"""Holds names to the words of the text: none begins inside a word of everyday, and none is such a word."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import accumulate

from drafter.corpus import rules
from drafter.corpus.cutting import is_rare, kind_of
from drafter.corpus.lexicon import Name, is_everyday

_LEAST = 3
"""Characters of a place at least, when a word before it was taken for part of it."""
_LONGEST_ROLE = 8
"""Characters before a person's name in which a title is looked for."""
_NAMING = frozenset(["ns", "nr", "nz", "nrt", "nt"])


class Edges:
    """Where the words of a text begin and end."""

    def __init__(self, words: Sequence[str]) -> None:
        """Read these words, which stand in order and without gaps."""
        self._words = words
        self._starts = list(accumulate(map(len, words), initial=0))

    def _around(self, at: int) -> tuple[str, int]:
        """The word that goes on over this offset and how far its end is; none where a word begins there."""
        place = bisect_right(self._starts, at) - 1
        if place >= len(self._words) or self._starts[place] == at:
            return "", 0
        return self._words[place], self._starts[place + 1] - at

    def rest(self, at: int) -> int:
        """How far the end of the word of everyday is that goes on over this offset; 0 for none."""
        word, left = self._around(at)
        return left if left and _is_common(word) else 0

    def in_name(self, at: int) -> bool:
        """Whether a word that names goes on over this offset: what stands there divides no names (仁和, 会同)."""
        word, left = self._around(at)
        return left > 0 and kind_of(word) in _NAMING

    def begins(self, at: int) -> int:
        """Where the word begins that ends at this offset or goes on over it."""
        return self._starts[max(0, bisect_right(self._starts, at - 1) - 1)] if at > 0 else 0

    def is_name(self, start: int, end: int) -> bool:
        """Whether one word stands there that names, or that jieba guesses: 美泉."""
        place = bisect_right(self._starts, start) - 1
        if place >= len(self._words) or self._starts[place] != start or self._starts[place + 1] != end:
            return False
        return kind_of(self._words[place]) in ("", *_NAMING)


@lru_cache(32_768)
def _is_common(word: str) -> bool:
    return len(word) > 1 and is_everyday(word)


NO_EDGES = Edges(())
"""Of a text whose words are not known."""


def dividing(
    pattern: re.Pattern[str], window: str, end: int, edges: Edges, start: int = 0
) -> re.Match[str] | None:
    """The last boundary word in `window`; one character counts only where no name goes on over it.

    Args:
        pattern: boundary words, each reversed.
        window: the characters before a name's ending.
        end: the offset of its end in the text.
        edges: the words of the text.
        start: characters at the window's end that are not looked at.
    """
    backwards = window[::-1]
    match = pattern.search(backwards, start)
    while match and len(match[0]) == 1 and edges.in_name(end - match.end()):
        match = pattern.search(backwards, match.end())
    return match


def fit(names: Iterable[Name], text: str, edges: Edges) -> Iterator[Name]:
    """These names without the rest of a word before them; dropped where nothing is left that names.

    Args:
        names: names of the text by their wording.
        text: the text.
        edges: its words.
    """
    for name in names:
        if name.common or name.kind in ("title", "quoted"):
            yield name
            continue
        rest = edges.rest(name.start)
        if name.kind == "person":
            before = text[max(0, name.start - _LONGEST_ROLE) : name.start]
            if (not rest or "·" in name.text or before.endswith(_roles())) and not _runs_on(name, edges):
                yield name
        elif name.kind == "place":
            begin = name.start + rest
            if (not rest or name.end - begin >= _LEAST) and not _is_no_place(text[begin : name.end]):
                yield replace(name, start=begin, text=text[begin : name.end]) if rest else name
        elif not rest and not is_everyday(name.text):
            yield name


@cache
def _roles() -> tuple[str, ...]:
    """Titles, behind which a person's name begins wherever words are cut: 老师|傅小兰."""
    roles = rules.table("person_roles")
    return tuple(role for role in (*roles["firm"], *roles["loose"]) if len(role) > 1)


def _runs_on(name: Name, edges: Edges) -> bool:
    """Whether this is a word of everyday and the beginning of the next: 连连|称赞."""
    return len(name.text) > 2 and _is_common(name.text[:-1]) and edges.rest(name.end) > 0


@lru_cache(4096)
def _is_no_place(word: str) -> bool:
    """Whether this is a word of everyday (禁飞区, 发人深省), not a place that jieba takes for one (寿光市, 合肥)."""
    if not is_everyday(word) or word in rules.table("regions")["name"]:
        return False
    return word.endswith("区") or len(word) > 3 or not is_rare(word)

"""Holds names to the words of the text: none begins inside a word of everyday, and none is such a word."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate

from drafter.corpus import rules
from drafter.corpus.cutting import is_rare, kind_of
from drafter.corpus.lexicon import Name, is_everyday

_LEAST = 3
"""Characters of a place at least, when a word before it was taken for part of it."""


@lru_cache(32_768)
def _is_common(word: str) -> bool:
    return len(word) > 1 and is_everyday(word)


def inside(words: Sequence[str]) -> dict[int, int]:
    """The offsets inside words of everyday, and how far each is from the word's end.

    Args:
        words: the words of a text, in order and without gaps.
    """
    found: dict[int, int] = {}
    for start, word in zip(accumulate(map(len, words), initial=0), words, strict=False):
        if _is_common(word):
            found.update((start + at, len(word) - at) for at in range(1, len(word)))
    return found


@lru_cache(32_768)
def _may_name(word: str) -> bool:
    return len(word) > 1 and kind_of(word) in ("ns", "nr", "nz", "nrt", "nt")


def within_names(words: Sequence[str]) -> frozenset[int]:
    """The offsets inside words that name: what stands there divides no names (仁和, 会同)."""
    return frozenset(
        start + at
        for start, word in zip(accumulate(map(len, words), initial=0), words, strict=False)
        if _may_name(word)
        for at in range(1, len(word))
    )


def dividing(
    pattern: re.Pattern[str], window: str, end: int, held: Collection[int], start: int = 0
) -> re.Match[str] | None:
    """The last boundary word in `window`; one character counts only where no name goes on over it.

    Args:
        pattern: boundary words, each reversed.
        window: the characters before a name's ending.
        end: the offset of its end in the text.
        held: what `within_names` says of the text.
        start: characters at the window's end that are not looked at.
    """
    backwards = window[::-1]
    match = pattern.search(backwards, start)
    while match and len(match[0]) == 1 and end - match.end() in held:
        match = pattern.search(backwards, match.end())
    return match


def fit(names: Iterable[Name], text: str, inner: Mapping[int, int]) -> Iterator[Name]:
    """These names without the rest of a word before them; dropped where nothing is left that names.

    Args:
        names: names of the text by their wording.
        text: the text.
        inner: what `inside` says of its words.
    """
    for name in names:
        if name.common or name.kind in ("title", "quoted"):
            yield name
        elif name.kind == "person":
            if (name.start not in inner or "·" in name.text) and not _runs_on(name, inner):
                yield name
        elif name.kind == "place":
            begin = name.start + inner.get(name.start, 0)
            if begin == name.start:
                if not _is_no_place(name.text):
                    yield name
            elif name.end - begin >= _LEAST and not _is_no_place(text[begin : name.end]):
                yield replace(name, start=begin, text=text[begin : name.end])
        elif name.start not in inner and not is_everyday(name.text):
            yield name


def _runs_on(name: Name, inner: Mapping[int, int]) -> bool:
    """Whether this is a word of everyday and the beginning of the next: 连连|称赞."""
    return name.end in inner and _is_common(name.text[:-1]) and len(name.text) > 2


@lru_cache(4096)
def _is_no_place(word: str) -> bool:
    """Whether this is a word of everyday (禁飞区, 发人深省), not a place that jieba takes for one (寿光市, 合肥)."""
    if not is_everyday(word) or word in rules.table("regions")["name"]:
        return False
    return word.endswith("区") or len(word) > 3 or not is_rare(word)

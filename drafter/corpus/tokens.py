"""Cuts text into search tokens: words of jieba plus character bigrams; digits are none, so numbers never lead a search."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise
from operator import add
from typing import Any

_RUNS = re.compile("([\u3400-\u9fff]+)|([A-Za-z]+)")
_DIGITS = re.compile("[0-9]+")
_ENCLOSED_DIGITS = re.compile("(?<=[^0-9])[0-9]+(?=[^0-9])")
_NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两")
_NUMERAL_PAIRS = frozenset(first + second for first in _NUMERALS for second in _NUMERALS)


def tokens(text: str) -> list[str]:
    """Tokens of `text` in order, repeated as they occur: words and bigrams of Chinese runs, Latin words in lower case.

    A word of two characters is two tokens, so it weighs more than a bigram across words. A token made of numerals only
    (三十) is left out like digits.
    """
    cut = _jieba().cut_for_search
    found: list[str] = []
    for match in _RUNS.finditer(text):
        han, latin = match.groups()
        if latin:
            found.append(latin.lower())
            continue
        words, pairs = cut(han), map(add, han, han[1:])
        if _NUMERALS.isdisjoint(han):
            found += words
            found += pairs
        else:
            found += [word for word in words if not (word[0] in _NUMERALS and _NUMERALS.issuperset(word))]
            found += [pair for pair in pairs if pair not in _NUMERAL_PAIRS]
    return found


def required(text: str) -> list[str]:
    """Tokens that a text has if every word of `text` stands in it: each word's bigrams, so that no cut of words matters.

    Single characters (和, 的) are asked for only where there is nothing else.
    """
    found: dict[str, None] = {}
    for match in _RUNS.finditer(text):
        han, latin = match.groups()
        for word in [latin.lower()] if latin else _jieba().cut(han):
            found.update(dict.fromkeys([word] if latin else map("".join, pairwise(word))))
    return [token for token in found if token not in _NUMERAL_PAIRS] or tokens(text)


def pairs(text: str) -> list[str]:
    """The character bigrams among the tokens of any text that holds this one: what an exact string is looked up by."""
    runs = (match[1] for match in _RUNS.finditer(text) if match[1])
    return [pair for han in runs for pair in map(add, han, han[1:]) if pair not in _NUMERAL_PAIRS]


def figures(text: str) -> list[str]:
    """The runs of digits in a text, each once: no search tokens, but they tell where an exact string can stand."""
    return list(dict.fromkeys(_DIGITS.findall(text)))


def whole_figures(text: str) -> list[str]:
    """The figures of any text that holds this one; a run of digits at its edge may be the part of a longer one there."""
    return _ENCLOSED_DIGITS.findall(text)


@lru_cache(128)
def bigrams(text: str) -> frozenset[str]:
    """The character pairs of a text without spaces and digits, for telling near-identical texts."""
    plain = re.sub(r"[\W\d_]", "", text)
    return frozenset(map(add, plain, plain[1:])) or frozenset([plain])


def alike(a: frozenset[str], b: frozenset[str], threshold: float = 0.85) -> bool:
    """Whether two bigram sets have a Jaccard similarity above the threshold."""
    if not a or not b or min(len(a), len(b)) < threshold * max(len(a), len(b)):
        return False
    return len(a & b) > threshold * len(a | b)


@cache
def _jieba() -> Any:
    import rjieba

    return rjieba

"""Cuts text into jieba's words for the name finders, which ask where a word may begin and whether it is one."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")


def cut(text: str) -> list[str]:
    """The words of `text`, in order and without gaps; a name that jieba does not know is guessed as one word."""
    try:
        return list(_jieba().cut(text))
    except UnicodeEncodeError:  # half of a surrogate pair, which no Rust string holds
        return list(_jieba().cut(_SURROGATE.sub("\ufffd", text)))


def boundaries(text: str) -> frozenset[int]:
    """The offsets where words of `text` begin or end."""
    return frozenset(accumulate(map(len, cut(text)), initial=0))


def is_word(word: str) -> bool:
    """Whether jieba's dictionary has this word."""
    return bool(_jieba().has_word(word))


@lru_cache(maxsize=32_768)
def kind_of(word: str) -> str:
    """Jieba's part of speech of one word of its dictionary (n, v, nr, ns …); "" when it is not there."""
    if not is_word(word):
        return ""
    tagged = _jieba().tag(word)
    return str(tagged[0][1]) if len(tagged) == 1 else ""


_RARE = 60
"""A word that jieba's texts have less often is a brand or a place rather than a word of everyday (富临 5, 薄弱 846)."""


@lru_cache(maxsize=32_768)
def is_rare(word: str) -> bool:
    """Whether jieba's dictionary has this word, and its texts hardly ever."""
    return is_word(word) and int(_jieba().suggest_freq(word)) < _RARE


@cache
def _jieba() -> Any:
    import rjieba

    return rjieba

"""The other indexes, given texts that are cut into tokens already: bm25s and rank_bm25, where they are installed.

Both come with the extra `bench-retrieval`. Neither cuts Chinese itself: bm25s takes token lists or a `splitter`
function, rank_bm25 leaves all preprocessing to its caller, as their READMEs say. So jieba cuts for them too (its Rust
port, the one that drafter has). Words and figures count, marks do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from itertools import pairwise

from drafter.corpus.tokens import tokens

Tokenizer = Callable[[str], list[str]]
ABSENT = "not installed"

_RUN = re.compile("([\u3400-\u9fff]+)|([A-Za-z0-9]+)")
_WORD = re.compile(r"\w")


def installed(package: str) -> bool:
    """Whether it can be imported."""
    return find_spec(package) is not None


def words(text: str) -> list[str]:
    """The words that jieba cuts, marks left out."""
    import rjieba

    return [word.lower() for word in rjieba.cut(text) if _WORD.search(word)]


def pairs(text: str) -> list[str]:
    """Bigrams of Chinese runs; Latin words and figures whole."""
    found: list[str] = []
    for match in _RUN.finditer(text):
        han, other = match.groups()
        if other:
            found.append(other.lower())
        else:
            found += [first + second for first, second in pairwise(han)] or [han]
    return found


TOKENS: dict[str, Tokenizer] = {"jieba": words, "bigrams": pairs, "as drafter": tokens}


class Bm25s:
    """bm25s as its README shows: index token lists, retrieve the top k. Its defaults are k1 1.5, b 0.75, Lucene's formula."""

    def __init__(self, texts: Sequence[str], cut: Tokenizer, k1: float = 1.5, b: float = 0.75) -> None:
        import bm25s

        self._cut, self._count = cut, len(texts)
        self._index = bm25s.BM25(k1=k1, b=b)
        self._index.index([cut(text) for text in texts], show_progress=False)

    def search(self, queries: Sequence[str], limit: int) -> list[list[int]]:
        """The places of the best texts for each query; those that share no word with it are left out."""
        cut = [self._cut(query) for query in queries]
        places, scores = self._index.retrieve(cut, k=min(limit, self._count), show_progress=False)
        return [
            [int(place) for place, score in zip(row, row_scores, strict=True) if score > 0]
            for row, row_scores in zip(places, scores, strict=True)
        ]


class RankBm25:
    """rank_bm25's BM25Okapi with its defaults k1 1.5, b 0.75, epsilon 0.25. It scores every text for every query."""

    def __init__(self, texts: Sequence[str], cut: Tokenizer) -> None:
        from rank_bm25 import BM25Okapi

        self._cut = cut
        self._index = BM25Okapi([cut(text) for text in texts])

    def search(self, queries: Sequence[str], limit: int) -> list[list[int]]:
        """The places of the best texts for each query."""
        found = []
        for query in queries:
            scores = self._index.get_scores(self._cut(query))
            found.append([int(place) for place in (-scores).argsort(kind="stable")[:limit]])
        return found

"""Cuts a text into lines, sentences and clauses, and compares wording by pairs of characters. Knows no facts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from drafter.checks.rules import words

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”’」）)]?")
_CLAUSE = re.compile(r"[^。！？!?；;，,：:\n]+")
_LINE = re.compile(r"[^\n]+")
_ENUMERATOR = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|[一二三四五六七八九十]{1,3}[是要]")
_HAN = re.compile("[\u3400-\u9fff]")
_FIGURE = re.compile(r"[0-9０-９]")
_EMPTY = "的了和与及并等在为是将把被也都而之其各已又还就我们"
"""Characters that join words and carry none of the matter."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Wording:
    """A text with its sentences and clauses, found once."""

    text: str

    @cached_property
    def sentences(self) -> list[Span]:
        """Spans of the sentences, divided at 。！？； and line ends."""
        return [match.span() for match in _SENTENCE.finditer(self.text)]

    @cached_property
    def clauses(self) -> list[Span]:
        """Spans of the clauses, divided at ，： too."""
        return [match.span() for match in _CLAUSE.finditer(self.text)]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    @cached_property
    def _clause_starts(self) -> list[int]:
        return [start for start, _ in self.clauses]

    def sentence_at(self, offset: int) -> Span:
        """The sentence that holds `offset`."""
        place = bisect_right(self._sentence_starts, offset) - 1
        return self.sentences[place] if place >= 0 else (offset, offset)

    def sentences_between(self, start: int, end: int) -> Sequence[Span]:
        """The sentences that any of this run stands in."""
        first = max(0, bisect_right(self._sentence_starts, start) - 1)
        return self.sentences[first : bisect_left(self._sentence_starts, end)]

    def deeds_between(self, start: int, end: int, least: int) -> Iterator[Span]:
        """Of the sentences of a run those without a figure and of at least so many Han characters, without their enumerators."""
        for first, last in self.sentences_between(start, end):
            lead = _ENUMERATOR.match(self.text, first, last)
            first = lead.end() if lead else first
            bare = not _FIGURE.search(self.text, first, last)
            if bare and len(_HAN.findall(self.text, first, last)) >= least:
                yield first, last

    def clause_at(self, offset: int) -> Span:
        """The clause that holds `offset`."""
        place = bisect_right(self._clause_starts, offset) - 1
        return self.clauses[place] if place >= 0 else (offset, offset)

    def clause_before(self, offset: int) -> Span | None:
        """The clause before the one that holds `offset`, when both are of one sentence."""
        place = bisect_right(self._clause_starts, offset) - 2
        if place < 0:
            return None
        before = self.clauses[place]
        return before if before[0] >= self.sentence_at(offset)[0] else None


def lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that hold anything, each with where it begins; blanks around are left out."""
    for match in _LINE.finditer(text):
        line = match[0]
        bare = line.strip()
        if bare:
            yield match.start() + line.index(bare[0]), bare


def occurrences(text: str, string: str) -> Iterator[int]:
    """Where the string begins in the text, each occurrence behind the one before."""
    at = text.find(string)
    while at >= 0:
        yield at
        at = text.find(string, at + len(string))


def ordered_pairs(text: str) -> list[str]:
    """Pairs of neighbouring Han characters of the text that carry matter (no 开展, no 的…), in its order."""
    dull = words("dull_words.txt")
    return [pair for pair in _pair().findall(text) if pair not in dull]


def pairs(text: str) -> frozenset[str]:
    """These pairs, each once."""
    return frozenset(_pair().findall(text)) - words("dull_words.txt")


@cache
def _pair() -> re.Pattern[str]:
    """Every two neighbouring Han characters, none of them such, unless they are a word: 就业."""
    telling = "|".join(sorted(words("telling_pairs.txt")))
    return re.compile(rf"(?=({telling}|[^\0-\u33ff\ua000-\U0010ffff{_EMPTY}]{{2}}))")


def shared_start(one: str, other: str) -> int:
    """How many characters both begin with alike."""
    size = 0
    for ours, theirs in zip(one, other, strict=False):
        if ours != theirs:
            break
        size += 1
    return size

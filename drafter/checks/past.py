"""Where past reports say something: a passage as evidence, and the passage that a figure without support may be from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate

from drafter.checks.wording import occurrences, pairs
from drafter.passages import Passage
from drafter.plugins.protocols import CheckContext
from drafter.report import Evidence, Finding

_AROUND = 20
"""Characters of a passage on either side of what it is quoted for."""
_BESIDE = 10
"""Characters on either side of a figure that say what it counts."""
_FIGURE = frozenset("0123456789０１２３４５６７８９.．,，一二三四五六七八九十百千万亿零〇两")
_MOST_ASKED = 5
"""Figures that the corpus is asked about: a question may read all of it, and the examples, asked first, have most leaks."""
_BETWEEN = "\0"
"""Divides texts; no figure holds it."""
_STOP = re.compile("[。；;\n]")
_WORDS_BEFORE = re.compile(r"[\u3400-\u9fff]{2,4}\Z")
_WORDS_BEHIND = re.compile(r"[\u3400-\u9fff]{2,4}")


def quote(passage: Passage, string: str) -> Evidence:
    """A passage as evidence, its text being what stands around `string`."""
    at = max(0, passage.text.find(string))
    return Evidence(
        document=passage.document,
        passage=passage.id,
        text=passage.text[max(0, at - _AROUND) : at + len(string) + _AROUND],
    )


class PastFigures:
    """Says of figures without support in which past report they stand, counting the same."""

    def __init__(self, text: str, context: CheckContext) -> None:
        self._text = text
        self._context = context
        self._asked = 0

    @cached_property
    def _examples(self) -> tuple[str, list[int]]:
        """The texts of all examples, and where each begins: a figure is looked for in all of them in one go."""
        texts = [passage.text for passage in self._context.examples]
        return _BETWEEN.join(texts), [0, *accumulate(len(text) + 1 for text in texts)]

    def _in_examples(self, figure: str, beside: frozenset[str]) -> Passage | None:
        """As `_with` for the examples."""
        joined, starts = self._examples
        for at in occurrences(joined, figure) if beside else ():
            number = bisect_right(starts, at) - 1
            passage = self._context.examples[number]
            if _says(figure, beside, passage, at - starts[number]):
                return passage
        return None

    def traced(self, finding: Finding) -> Finding:
        """The finding, with the past report's passage that has this figure, unit and thing as evidence if there is one."""
        if (
            finding.code != "numbers.unsupported"
            or finding.start is None
            or finding.end is None
            or not finding.text
        ):
            return finding
        passage = self._passage(finding.text, finding.start, finding.end)
        if passage is None:
            return finding
        return finding.model_copy(update={"evidence": (*finding.evidence, quote(passage, finding.text))})

    def _passage(self, figure: str, start: int, end: int) -> Passage | None:
        beside = _beside(self._text, start, end)
        found = self._in_examples(figure, beside)
        string = _in_words(self._text, start, end)
        if found is None and string and self._context.lookup is not None and self._asked < _MOST_ASKED:
            self._asked += 1
            found = _with(figure, beside, self._context.lookup(string))
        return found


def _in_words(text: str, start: int, end: int) -> str:
    """The figure with the words next to it, by which an index finds it: a bare 12户 stands everywhere. "" without words."""
    before = _WORDS_BEFORE.search(text, max(0, start - _BESIDE), start)
    if before:
        return text[before.start() : end]
    behind = _WORDS_BEHIND.match(text, end)
    return text[start : behind.end()] if behind else ""


def _beside(text: str, start: int, end: int) -> frozenset[str]:
    before = _STOP.split(text[max(0, start - _BESIDE) : start])[-1]
    behind = _STOP.split(text[end : end + _BESIDE], 1)[0]
    return pairs(before) | pairs(behind)


def _with(figure: str, beside: frozenset[str], passages: Iterable[Passage]) -> Passage | None:
    for passage in passages:
        if any(_says(figure, beside, passage, at) for at in occurrences(passage.text, figure)):
            return passage
    return None


def _says(figure: str, beside: frozenset[str], passage: Passage, at: int) -> bool:
    """Whether the figure that the passage has at this place is a whole one, with one of these words beside it."""
    text = passage.text
    return text[at - 1 : at] not in _FIGURE and not beside.isdisjoint(_beside(text, at, at + len(figure)))

"""Finds long runs of words that one past report has and the facts have not, in the same words or with small edits."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations

from drafter.checks.rules import words
from drafter.checks.sameness import Origins, allowed
from drafter.checks.sources import Sources
from drafter.checks.wording import Wording, pairs
from drafter.corpus.shingles import GRAM, SURE, HanText, runs_between
from drafter.passages import Copy, Document, Passage
from drafter.plugins.protocols import CheckContext
from drafter.report import Evidence, Finding

RUN = 30
"""Han characters that count as copied. Turns of phrase that writers share without knowing of one another, two or three
clauses of the genre, end below it; a whole sentence with its own content begins about here."""
LONG_RUN = 60
"""From so many on it is another report's passage, two sentences and more, and no chance: an error, so that it is flagged."""
SHARED = SURE
"""Han characters in a row that reports of several origins have in common are nobody's. So many are found for sure wherever
they stand; what is shorter is left with the run around it."""
TRACED = 1 / 3
"""Share of a sentence's pairs of characters that one fact has, from which on the sentence tells of it in an example's words."""
_HAN = re.compile("[\u3400-\u9fff]")
_QUOTED = 120
"""Characters of the source that the evidence quotes."""


def copied(text: str, context: CheckContext, check: str) -> Iterator[Finding]:
    """Findings leakage.copied for `check`.

    A run counts by the Han characters that are left when those are taken out that the facts have too, set formulas,
    what reports of another origin share, and what stands in reports that may be copied from. A whole sentence out of a
    passage that the writer was shown, of which no fact tells, is an error from SHARED characters on: that is no chance.
    """
    find = context.copies or partial(_in_examples, context.examples)
    copies = find(text, SHARED)
    shortest = SHARED if context.shown else RUN
    if all(copy.end - copy.start < shortest for copy in copies):
        return
    han = HanText(text)
    spans = sorted(
        (_Span(han.han_place(copy.start), han.han_place(copy.end), copy) for copy in copies),
        key=lambda span: (span.first, span.last, span.copy.document.id),
    )
    free = {copy.document.id for copy in copies if allowed(copy.document, context)}
    taken = bytearray(len(han.han))
    for span in spans:
        if span.copy.document.id in free:
            taken[span.first : span.last] = b"\1" * (span.last - span.first)
    others = _Others([span for span in spans if span.copy.document.id not in free])
    facts = _grams(HanText(Sources.of(context.ledger).names).han)
    for span in sorted(others.spans, key=lambda span: span.first - span.last):
        left = _left(span, han.han, taken, facts)
        least = SHARED if _is_shown(span.copy, context) else RUN
        if len(left) >= least:
            left = others.taken_out(span, left)
        if len(left) < least:
            continue
        start, end = han.place(left[0]), han.place(left[-1]) + 1
        foreign = list(_foreign(text, start, end, context)) if least < RUN else []
        if foreign or len(left) >= RUN:
            taken[left[0] : left[-1] + 1] = b"\1" * (left[-1] + 1 - left[0])
        for first, last in foreign:
            yield _finding(
                check, text, first, last, len(_HAN.findall(text, first, last)), span.copy, foreign=True
            )
        if not foreign and len(left) >= RUN:
            yield _finding(check, text, start, end, len(left), span.copy)


def _is_shown(copy: Copy, context: CheckContext) -> bool:
    return copy.passage is not None and copy.passage.id in context.shown


def _foreign(text: str, start: int, end: int, context: CheckContext) -> Iterator[tuple[int, int]]:
    """The whole sentences of a run that tell of no fact.

    A sentence with a figure is left to the check of numbers. One that a fact is told in may have an example's words.
    """
    facts = [source.pairs for source in Sources.of(context.ledger).facts]
    for first, last in Wording(text).deeds_between(start, end, SHARED):
        han = [match.start() for match in _HAN.finditer(text, first, last)]
        if han[0] < start or han[-1] >= end:
            continue
        own = pairs(text[first:last])
        if all(len(own & each) < TRACED * len(own) for each in facts):
            yield first, last


@dataclass(frozen=True, slots=True)
class _Span:
    """A copy, with its place among the Han characters of the text."""

    first: int
    last: int
    copy: Copy


class _Others:
    """The copies of one text by place, to tell what a run has in common with reports of another origin."""

    def __init__(self, spans: Sequence[_Span]) -> None:
        self.spans = spans
        self._longest = max((span.last - span.first for span in spans), default=0)
        self._origins = Origins()

    def taken_out(self, span: _Span, places: Sequence[int]) -> list[int]:
        """Those of a run's places that no two reports of different origin cover, this one or others.

        A digest of several reports is of one origin with each of them; they are not with one another.
        """
        run = span.copy.text
        low = bisect_left(self.spans, span.first - self._longest, key=lambda one: one.first)
        high = bisect_right(self.spans, span.last, key=lambda one: one.first)
        near = [span, *(one for one in self.spans[low:high] if one is not span and one.last > span.first)]
        shared: set[int] = set()
        for one, other in combinations(near, 2):
            common = range(max(span.first, one.first, other.first), min(span.last, one.last, other.last))
            if shared.issuperset(common) or self._origins.same(one.copy.document, other.copy.document, run):
                continue
            shared.update(common)
        return [place for place in places if place not in shared]


def _left(span: _Span, han: str, taken: bytearray, facts: Collection[str]) -> list[int]:
    """The places of a run that nothing has taken yet and neither the facts nor a formula take out."""
    run = han[span.first : span.last]
    out = bytearray(taken[span.first : span.last])
    for at in range(len(run) - GRAM + 1):
        if run[at : at + GRAM] in facts:
            out[at : at + GRAM] = b"\1" * GRAM
    for match in formulas().finditer(run):
        out[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return [span.first + at for at, gone in enumerate(out) if not gone]


@cache
def formulas() -> re.Pattern[str]:
    """Set formulas of official writing, the longest first."""
    longest_first = sorted(words("formulas.txt"), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


def _grams(han: str) -> frozenset[str]:
    return frozenset(han[at : at + GRAM] for at in range(len(han) - GRAM + 1))


def _in_examples(examples: Sequence[Passage], text: str, least: int) -> list[Copy]:
    """The copies that passages tell of, where no corpus can be asked: of their documents no more is known."""
    han = HanText(text)
    found = []
    for passage in examples:
        document = Document(id=passage.document, text=passage.text)
        for run in runs_between(han, HanText(passage.text), least):
            places = (run.start, run.end, run.other_start, run.other_end)
            found.append(Copy(document, passage, *places, run.same, run.exact))
    return found


def _finding(
    check: str, text: str, start: int, end: int, count: int, copy: Copy, *, foreign: bool = False
) -> Finding:
    title = f"《{copy.document.title}》" if copy.document.title else "一份过去的报告"
    how = f"照抄{title}" if copy.exact else f"与{title}几乎相同，只改了几处"
    return Finding(
        check=check,
        code="leakage.copied",
        severity="error" if foreign or count >= LONG_RUN else "warning",
        message=f"这段话有 {count} 个字{how}，{'事实里没有这件事，请删去' if foreign else '请改用自己的话，只写事实里有的'}",
        start=start,
        end=end,
        text=text[start:end],
        evidence=(
            Evidence(
                document=copy.document.id,
                passage=copy.passage.id if copy.passage else None,
                text=copy.text[:_QUOTED],
            ),
        ),
    )

"""Whether what a drafted section tells without a figure is told of some fact: a deed that nobody did has no number to betray it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.checks.sources import Sources
from drafter.checks.wording import Wording, pairs
from drafter.plugins.protocols import CheckContext, SectionSpan
from drafter.report import Finding

_LEAST = 12
"""Han characters from which on a sentence tells something; a shorter one links others, but for one that has a line to itself."""
_LEAST_ALONE = 4
_SHARED, _SHARE = 2, 0.12
"""Pairs of characters that a sentence has in common with the fact that it tells, and how many of its own these are."""
_LEADING = re.compile(r"[：:][”’」）)]?\s*$")


def unfounded(text: str, context: CheckContext, check: str) -> Iterator[Finding]:
    """Findings leakage.unfounded for `check`: sentences of sections that tell facts which share hardly a word with any.

    Only text that was drafted here is judged: its writer was told to write nothing else. A person knows more than a ledger.
    """
    ledger = context.ledger
    told = {fact.id for fact in ledger.facts if fact.role != "background"}
    sections = [span for span in context.sections if told & set(span.facts)]
    if not sections:
        return
    facts = [source.pairs for source in Sources.of(ledger).facts]
    known: frozenset[str] = frozenset().union(*facts)
    header = pairs(f"{ledger.organization}，{ledger.report_title}，{ledger.theme}")
    wording = Wording(text)
    for span in sections:
        for start, end in _sentences(wording, span):
            own = pairs(text[start:end]) - header
            least = max(_SHARED, _SHARE * len(own))
            if len(own & known) < least or all(len(own & each) < least for each in facts):
                yield Finding(
                    check=check,
                    code="leakage.unfounded",
                    severity="warning",
                    message="这句话说的事在事实里找不到，请核实或删去",
                    start=start,
                    end=end,
                    text=text[start:end],
                )


def _sentences(wording: Wording, span: SectionSpan) -> Iterator[tuple[int, int]]:
    """The sentences of a section that stand by themselves: no heading, row or lead, and none with a figure, which is judged by it."""
    text = wording.text
    for start, end in wording.deeds_between(span.start, span.end, _LEAST_ALONE):
        if len(text[start:end].strip()) <= _LEAST and not _amid_lines(text, start, end, span):
            continue
        heading = start < span.start or text.startswith(("#", "|"), start)
        if not heading and not _LEADING.search(text, start, end):
            yield start, end


def _amid_lines(text: str, start: int, end: int, span: SectionSpan) -> bool:
    """Whether a sentence has a line of its own among others, as what a model puts for a heading: 未来计划。"""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    others = text[span.start : max(span.start, first)] + text[last : span.end]
    return bool(others.strip()) and not text[first:start].strip() and not text[end:last].strip()

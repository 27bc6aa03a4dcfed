"""A sentence that begins with 去年, though the facts whose figures it tells are of no other year than the report's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from drafter.checks.numbers.dating import Calendar
from drafter.checks.sources import Sources
from drafter.checks.wording import Wording
from drafter.quantities import Mention, find
from drafter.report import Claim

_BEGINS = re.compile(
    r"(?<![^。！？；;\n ])(?:[一二三四五六七八九十]{1,3}是|（[一二三四五六七八九十\d]{1,2}）)?((?:去|上|前)年)(?!同期|[底末初度])"
)
_ELSEWHEN = re.compile("[去上前往历近]年|20\\d\\d年|以来|至今")
"""What in a fact says that it may be of more than the report's own time."""


def shifted(text: str, sources: Sources, claims: Sequence[Claim], calendar: Calendar) -> Iterator[Mention]:
    """The words for another year that move figures of this one, in order.

    Nothing is said without the report's period, nor of a report dated in a later year, which may call its own year so.
    """
    whole = calendar.span(calendar.period) if calendar.period else None
    if whole is None or (calendar.last_day and calendar.last_day.year > whole[1].year):
        return
    facts = {source.fact: source for source in sources.facts}
    wording = Wording(text)
    for match in _BEGINS.finditer(text):
        word = next(iter(find(match[1])), None)
        if word is None or not calendar.outside(word):
            continue
        first, last = wording.sentence_at(match.start(1))
        told = {
            each.fact
            for claim in claims
            if first <= claim.start < last and claim.status == "supported"
            for each in claim.evidence
            if each.fact
        }
        if told and not any(_ELSEWHEN.search(facts[fact].text) for fact in told if fact in facts):
            yield replace(word, start=match.start(1), end=match.end(1))

"""Finds deprecated terms in a report that is later than their replacement."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence

from drafter import CheckContext, Evidence, Facts, Finding
from drafter.quantities import find

from drafter_terms.listing import Term

LATEST = "9999"
"""When a report tells neither its period nor its date, every term counts."""
_TITLE = re.compile(r"《[^《》\n]{1,120}》")
_FORMER = re.compile(r"(?<![草高平太中])原(?:[省市州县区镇乡]|[\u4e00-\u9fff]{1,3}[省市州县区镇乡])?$")
"""原安监局, 原青河县安监局: rightly told as what it was called."""


class Terms:
    """A warning for each deprecated term, with its replacement as the suggestion."""

    name = "terms"

    def __init__(self, terms: Sequence[Term]):
        """Args: terms, the list; of two rows with one term the later counts."""
        self._terms = {term.term: term for term in terms}

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings terms.deprecated.

        A term counts from the day that its row names, measured by the end of the report's period. Of two terms in
        one place the longer counts. What a title 《…》 quotes, what is called 原…, and a term that is but part of
        its replacement are left alone. The ledger's own wording is no excuse: the fact is named, to be mended there.
        """
        now = told_at(context.ledger)
        current = {term: row for term, row in self._terms.items() if row.since <= now}
        if not any(row.replacement != row.term for row in current.values()):
            return
        words = {*current, *(row.replacement for row in current.values())}
        pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
        titles = [match.span() for match in _TITLE.finditer(text)]
        for match in pattern.finditer(text):
            row = current.get(match[0])
            quoted = any(start < match.start() < end for start, end in titles)
            former = _FORMER.search(text, max(0, match.start() - 6), match.start())
            if row is None or row.replacement == row.term or quoted or former:
                continue
            yield self._finding(match, row, replacement(row, current), context.ledger)

    def _finding(self, match: re.Match[str], row: Term, better: str, ledger: Facts) -> Finding:
        facts = [fact for fact in ledger.facts if row.term in fact.text or row.term in fact.topic]
        note = f"（{row.note}）" if row.note else ""
        where = f"；台账 {'、'.join(fact.id for fact in facts)} 也要改" if facts else ""
        return Finding(
            check=self.name,
            code="terms.deprecated",
            severity="warning",
            message=f"“{row.term}”自{row.since}起改称“{better}”{note}{where}",
            start=match.start(),
            end=match.end(),
            text=match[0],
            evidence=tuple(Evidence(fact=fact.id, text=fact.text) for fact in facts),
            suggestion=better,
        )


def replacement(row: Term, current: dict[str, Term]) -> str:
    """What the term is called now, where its replacement was replaced in turn."""
    seen = {row.term}
    while row.replacement not in seen and row.replacement in current:
        seen.add(row.replacement)
        row = current[row.replacement]
    return row.replacement


def told_at(ledger: Facts) -> str:
    """The last day that the report tells of, as 2024-06-30: the end of its period, else its date, else the far future."""
    for mention in find(ledger.period):
        parts = dict(mention.parts)
        if year := parts.get("止年") or parts.get("年"):
            month = parts.get("止月") or parts.get("月") or 12
            if "半年" in parts:
                month = parts["半年"] * 6
            if quarter := parts.get("止季") or parts.get("季"):
                month = quarter * 3
            day = parts.get("日") or calendar.monthrange(year, month)[1]
            return f"{year:04}-{month:02}-{day:02}"
    return ledger.date or LATEST

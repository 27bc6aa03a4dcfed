"""Clauses of a draft that stand in a passage its writer was shown, and that no fact tells.

Small models fill what they write out of their examples by the clause (主要改门槛、装扶手): too short to be a copied run, and
another office's deed all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from drafter.checks.copying import TRACED, formulas
from drafter.checks.rules import words
from drafter.checks.sameness import allowed
from drafter.checks.sources import Sources
from drafter.checks.wording import Wording, pairs
from drafter.corpus.shingles import GRAM
from drafter.passages import Passage
from drafter.plugins.protocols import CheckContext
from drafter.report import Evidence, Finding

LEAST = 8
"""Han characters of a clause, without set formulas and effects, from which on it is hardly the example's by chance."""
_ELSEWHERE = 2
"""So many other reports that have the clause make it nobody's."""
_SLOT = re.compile(r"〔[^〔〕]{1,6}〕")
_OTHER = re.compile("[^\u3400-\u9fff]+")


def borrowed(text: str, context: CheckContext, check: str) -> Iterator[Finding]:
    """Findings leakage.copied for `check`: only of text that was drafted here, in sections that tell facts."""
    told = {fact.id for fact in context.ledger.facts if fact.role != "background"}
    sections = [span for span in context.sections if told & set(span.facts)]
    shown = [passage for passage in context.examples if passage.id in context.shown] if sections else []
    if not shown:
        return
    free = _free(text, context)
    read = [
        (passage, _han(_SLOT.sub("", passage.masked))) for passage in shown if passage.document not in free
    ]
    facts = [source.pairs for source in Sources.of(context.ledger).facts]
    whole = _han(Sources.of(context.ledger).names)
    for start, end in Wording(text).clauses:
        if not any(span.start <= start < span.end for span in sections) or text.startswith(("#", "|"), start):
            continue
        han = _han(text[start:end])
        if len(_effects().sub("", formulas().sub("", han))) < LEAST or han in whole:
            continue
        passage = next((passage for passage, words in read if han in words), None)
        if passage is None or _is_everybodys(text[start:end].strip(), passage, context):
            continue
        own = pairs(text[start:end])
        if all(len(own & each) < TRACED * len(own) for each in facts):
            yield Finding(
                check=check,
                code="leakage.copied",
                severity="error",
                message=f"这半句话有 {len(han)} 个字照抄范文，事实里没有这件事，请删去",
                start=start,
                end=end,
                text=text[start:end],
                evidence=(Evidence(document=passage.document, passage=passage.id, text=passage.text[:120]),),
            )


@cache
def _effects() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words("effects.txt"), key=len, reverse=True))))


def _han(text: str) -> str:
    return _OTHER.sub("", text)


def _free(text: str, context: CheckContext) -> frozenset[str]:
    """Reports that may be copied from, as far as the text has words of them."""
    if not context.allow_copying_from or context.copies is None:
        return frozenset(context.allow_copying_from)
    copies = context.copies(text, GRAM)
    return frozenset(copy.document.id for copy in copies if allowed(copy.document, context))


def _is_everybodys(clause: str, passage: Passage, context: CheckContext) -> bool:
    """Whether several other reports have the clause as well."""
    found = context.lookup(clause) if context.lookup else ()
    return len({each.document for each in found if clause in each.text} - {passage.document}) >= _ELSEWHERE

"""Says in a sentence how its first comparable figure changed since the earlier period, where that reads well."""

from __future__ import annotations

import re
from collections.abc import Sequence

from drafter.comparisons import Compared
from drafter.quantities import find

_BEHIND = re.compile(r"(?=$|，(?!其中|其余|分别|包括|均|共|占|较|比|同比|环比))")
"""What may follow a figure for a change to stand there: the end of the sentence, or a clause that leans on no figure."""
_SAYS_ALREADY = re.compile(r"同比|环比|[较比](?:上|去|前|\d)|增长|下降|持平")
_CLAUSE_END = re.compile("[，；。：]")
_FEW = 20
"""A growth in per cent of fewer things than this says less than their difference."""


def with_change(text: str, compared: Sequence[Compared]) -> str:
    """The sentence, with how much a figure of it grew or fell behind that figure; as it is where none can stand so."""
    if _SAYS_ALREADY.search(text):
        return text
    for each in compared:
        found = [*re.finditer(rf"(?<![\d.第]){re.escape(each.figure)}", text)]
        if each.changes and len(found) == 1 and _alone(text, *found[0].span()):
            at = found[0].end()
            return f"{text[:at]}，{_told(each)}{text[at:]}"
    return text


def _alone(text: str, start: int, end: int) -> bool:
    """Whether a change behind the figure can be read of that figure only: it is no part, and alone in its clause."""
    before = text[:start]
    clause = _CLAUSE_END.split(before)[-1]
    others = (mention for mention in find(clause) if mention.countable and not mention.parts)
    return _BEHIND.match(text, end) is not None and "其中" not in before and next(others, None) is None


def _told(compared: Compared) -> str:
    growth, difference = compared.change("growth"), compared.change("difference")
    change = compared.changes[0]
    if growth and not (difference and growth.value and abs(difference.value / growth.value * 100) < _FEW):
        change = growth
    return compared.relation.lead + change.wording

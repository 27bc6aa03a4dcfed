"""Whether a date of the text is stated, or implied, by the header or by a fact."""

from __future__ import annotations

import re

from drafter.checks.periods import Fields, implied, read_period
from drafter.checks.sources import Source, Sources
from drafter.quantities import Mention

UNTIL = re.compile(r"(?:截[至止][到至]?|[到至])(?:今年|本年|当年)?$")
"""What stands before the day on which a period ends."""
_END = {"止年": "年", "止季": "季", "止月": "月", "止日": "日"}


def dated_source(mention: Mention, before: str, sources: Sources) -> Source | None:
    """The source that states this date as one, or whose period implies it; `before` is the text before the date.

    One source has to have all its fields: a day of one and a month of another make no date. Only the year may come
    from the header (a fact says 4月12日, the text 2022年4月12日).
    """
    wanted = frozenset(mention.parts)
    if not wanted:
        return None
    years = frozenset(
        part
        for source in sources.header
        for other in source.mentions
        for part in other.parts
        if part[0] == "年"
    )
    at_end = UNTIL.search(before) is not None
    for source in (*sources.all, *sources.topics):
        for other in source.mentions:
            period = read_period(other.parts) if source.fact is None else None
            if period is None:
                stated = _states(other, wanted, years)
            else:
                bare = wanted if period.year else wanted - years
                stated = any(bare == whole for whole in implied(period, at_end=at_end))
            if stated:
                return source
    return None


def _states(other: Mention, wanted: Fields, years: Fields) -> bool:
    """Whether this date has every field that is wanted; the end of a span is a date of its own, a year within too."""
    fields = dict(other.parts)
    if not fields:
        return False
    last = frozenset((_END[name], value) for name, value in other.parts if name in _END)
    spared = frozenset() if "年" in fields else years
    if wanted <= frozenset(other.parts) | spared or (last and wanted <= last | spared):
        return True
    within = range(fields.get("年", 0), fields.get("止年", 0))
    return len(wanted) == 1 and any(name == "年" and value in within for name, value in wanted)

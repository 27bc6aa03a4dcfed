"""Whether a date of the text is stated, or implied, by the header or by a fact."""

from __future__ import annotations

from drafter.checks.sources import Source, Sources
from drafter.quantities import Mention

_END_OF_MONTH = ("旬", 5)


def dated_source(mention: Mention, sources: Sources) -> Source | None:
    """The source that states every field of this date, or whose period implies it.

    A year may come from the header (a fact says 4月12日, the text 2022年4月12日). The period implies its own
    last month (截至6月底) and the next period of the same kind (下半年 in the plans).
    """
    wanted = frozenset(mention.parts)
    if not wanted:
        return None
    header = [
        (source, frozenset(part for part in other.parts))
        for source in sources.header
        for other in source.mentions
    ]
    years = frozenset(part for _, parts in header for part in parts if part[0] == "年")
    for source in sources.all:
        for other in source.mentions:
            if other.parts and wanted <= frozenset(other.parts) | years:
                return source
    for source, parts in header:
        if wanted <= _implied(parts) | years:
            return source
    return None


def _implied(parts: frozenset[tuple[str, int]]) -> frozenset[tuple[str, int]]:
    fields = dict(parts)
    found = set(parts)
    half, year, quarter = fields.get("半年"), fields.get("年"), fields.get("季")
    if half == 1:
        found |= {("半年", 2), ("月", 6), ("日", 30), _END_OF_MONTH, ("止月", 6)}
        found.add(("月", 1))
    elif half == 2:
        found |= {("月", 12), ("日", 31), _END_OF_MONTH, ("止月", 12)}
    elif quarter:
        found |= {("季", quarter + 1), ("月", quarter * 3), _END_OF_MONTH}
    elif year and len(fields) == 1:
        found |= {("年", year + 1), ("月", 12), ("日", 31), _END_OF_MONTH}
    if year and half == 2:
        found.add(("年", year + 1))
    return frozenset(found)

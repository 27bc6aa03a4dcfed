"""Whether a value that became another went the way the text says: 由871件减少到814件 can be, 由814件减少到871件 cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from drafter.checks.numbers.surroundings import Reading
from drafter.checks.numbers.values import same_measure
from drafter.report import Evidence, Finding

_FROM = re.compile(r"[由从][^，。；]{0,8}$")
_REACH = 10


def wrong_changes(reading: Reading, check: str) -> Iterator[Finding]:
    """Findings numbers.reversed: exact figures of one measure in one sentence, the second reached from the first."""
    for one, other in pairwise(reading.settings):
        direction = other.mention.direction
        before, after = one.value.low, other.value.low
        if direction not in ("up_to", "down_to") or one.sentence != other.sentence:
            continue
        if before is None or after is None or not same_measure(one.value, other.value):
            continue
        lead = reading.text[max(0, one.mention.start - _REACH) : one.mention.start]
        between = reading.text[one.mention.end : other.mention.start]
        if len(between) > _REACH or "，" in between or not _FROM.search(lead):
            continue
        if before == after or (after > before) == (direction == "up_to"):
            continue
        sign = "<" if before < after else ">"
        yield Finding(
            check=check,
            code="numbers.reversed",
            severity="error",
            message=f"“{one.mention.text}”与“{other.mention.text}”的大小与所说的增减相反，请核对",
            start=other.mention.start,
            end=other.mention.end,
            text=other.mention.text,
            evidence=(Evidence(formula=f"{one.mention.text}{sign}{other.mention.text}"),),
        )

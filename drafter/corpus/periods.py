"""What months a report's period covers, so that periods written in different ways compare."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from drafter.quantities import Mention, find, resolve

_MONTH = re.compile(r"\d[月日季]")


@lru_cache(maxsize=4096)
def months(period: str) -> tuple[int, int] | None:
    """First and last month of a period as year × 100 + month: 2023年上半年 gives (202301, 202306).

    None where `period` names no year or is no period.
    """
    text = f"{period}年" if period.isdigit() else period
    mentions = find(text)
    days = [span for mention in mentions if (span := resolve(mention))]
    if not days or _left_over(text, mentions):
        return None
    first, last = min(start for start, _ in days), max(end for _, end in days)
    return first.year * 100 + first.month, last.year * 100 + last.month


def _left_over(text: str, mentions: Sequence[Mention]) -> bool:
    """Whether a month or day is part of no date: the 13月 of 2023年13月."""
    for mention in reversed(mentions):
        if mention.kind in ("date", "period"):
            text = text[: mention.start] + text[mention.end :]
    return _MONTH.search(text) is not None

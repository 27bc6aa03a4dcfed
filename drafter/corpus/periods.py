"""What months a report's period covers, so that periods written in different ways compare."""

from __future__ import annotations

from functools import lru_cache

from drafter.quantities import find, resolve


@lru_cache(maxsize=4096)
def months(period: str) -> tuple[int, int] | None:
    """First and last month of a period as year × 100 + month: 2023年上半年 gives (202301, 202306).

    None where `period` names no year or is no period.
    """
    text = f"{period}年" if period.isdigit() else period
    days = [span for mention in find(text) if (span := resolve(mention))]
    if not days:
        return None
    first, last = min(start for start, _ in days), max(end for _, end in days)
    return first.year * 100 + first.month, last.year * 100 + last.month

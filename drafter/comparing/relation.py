"""How an earlier period stands to the report's: 同比, 环比, or by its name."""

from __future__ import annotations

from drafter.checks.numbers.periods import Period, period_named
from drafter.comparisons import Relation
from drafter.errors import FactsError

_STEPS = {1: "上月", 3: "上季度"}


def relation_of(now: str, then: str) -> Relation:
    """The relation of the earlier period `then` to `now`, both as ledgers name them.

    Raises:
        FactsError: `then` is not earlier.
    """
    ours, theirs = period_named(now), period_named(then)
    if now.strip() == then.strip() or (ours and theirs and _ends(theirs) >= _ends(ours)):
        raise FactsError(f"上期事实文件的时段是“{then}”，不早于本期的“{now}”；请核对两份文件有没有拿反")
    if ours is None or theirs is None:
        return Relation(name="other", lead=f"较{then}", former=then)
    whole_year = (ours.first, ours.last) == (1, 12)
    if (ours.first, ours.last) == (theirs.first, theirs.last):
        if theirs.year == ours.year - 1:
            return (
                Relation(name="year", lead="较上年", former="上年")
                if whole_year
                else Relation(name="year", lead="同比", former="上年同期")
            )
        former = f"{theirs.year}年" if whole_year else f"{theirs.year}年同期"
        return Relation(name="other", lead=f"较{former}", former=former)
    if _ends(theirs) + 1 == _begins(ours) and _length(ours) == _length(theirs):
        length = _length(ours)
        if length in _STEPS:
            return Relation(name="before", lead="环比", former=_STEPS[length])
        former = ("上半年" if theirs.year == ours.year else "上年下半年") if length == 6 else "上期"
        return Relation(name="before", lead=f"较{former}", former=former)
    return Relation(name="other", lead=f"较{then}", former=then)


def comparable(now: str, then: str) -> str:
    """Why counts of the two periods cannot be compared: they are of unequal length; "" where they can, or nobody knows."""
    ours, theirs = period_named(now), period_named(then)
    if ours and theirs and _length(ours) != _length(theirs):
        return f"两期长短不同（{then}，{now}）"
    return ""


def _begins(period: Period) -> int:
    return period.year * 12 + period.first


def _ends(period: Period) -> int:
    return period.year * 12 + period.last


def _length(period: Period) -> int:
    return period.last - period.first + 1

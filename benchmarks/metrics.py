"""Measures of a ranking, seeded bootstrap intervals, and percentiles. Knows no index and no data."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence

DRAWS = 1000
SEED = 20240601


def reciprocal_rank(found: Sequence[str], relevant: Collection[str]) -> float:
    """1 / the place of the first right one, 0 where none is right."""
    return next((1 / place for place, key in enumerate(found, 1) if key in relevant), 0.0)


def ranked(ranks: Sequence[float]) -> dict[str, float]:
    """R@1, R@10 and MRR@10 of queries' reciprocal ranks within the first ten."""
    n = len(ranks) or 1
    return {
        "R@1": sum(rank == 1 for rank in ranks) / n,
        "R@10": sum(rank > 0 for rank in ranks) / n,
        "MRR@10": sum(ranks) / n,
    }


def paired(ours: Sequence[float], theirs: Sequence[float], draws: int = DRAWS) -> tuple[float, float, float]:
    """The mean of the differences over the same queries and its 95% bootstrap interval (queries are drawn)."""
    gaps = [mine - other for mine, other in zip(ours, theirs, strict=True)]
    if not gaps:
        return 0.0, 0.0, 0.0
    draw = random.Random(SEED)
    n = len(gaps)
    return sum(gaps) / n, *_ends([sum(draw.choices(gaps, k=n)) / n for _ in range(draws)])


def clustered(
    clusters: Mapping[str, Sequence[tuple[float, float]]], draws: int = DRAWS
) -> tuple[float, float, float]:
    """The share of right over wanted and its 95% bootstrap interval; whole clusters (reports) are drawn.

    A cluster is a list of (right, wanted). With a handful of clusters the interval is rough and rather too narrow.
    """
    sums = [
        (sum(right for right, _ in cluster), sum(wanted for _, wanted in cluster))
        for cluster in clusters.values()
    ]

    def share(drawn: Sequence[tuple[float, float]]) -> float:
        wanted = sum(wanted for _, wanted in drawn)
        return sum(right for right, _ in drawn) / wanted if wanted else 0.0

    if not sums:
        return 0.0, 0.0, 1.0
    draw = random.Random(SEED)
    return share(sums), *_ends([share(draw.choices(sums, k=len(sums))) for _ in range(draws)])


def _ends(values: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return percentile(ordered, 2.5), percentile(ordered, 97.5)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which so many percent of the values lie (nearest rank)."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, max(0, round(share / 100 * len(ordered)) - 1))]


def short(value: float) -> str:
    """`.914`, `-.003`."""
    text = f"{value:.3f}"
    return text.replace("0.", ".", 1) if abs(value) < 1 and text.lstrip("-").startswith("0.") else text


def told(value: float, low: float, high: float, *, sign: bool = False) -> str:
    """`.914 [.832, .958]`."""
    plus = "+" if sign and value > 0 else ""
    return f"{plus}{short(value)} [{short(low)}, {short(high)}]"

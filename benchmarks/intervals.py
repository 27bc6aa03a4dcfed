"""Confidence intervals of counted shares."""

from __future__ import annotations

import math

Z = 1.959963984540054
"""95%, two-sided."""


def wilson(right: int, n: int, z: float = Z) -> tuple[float, float]:
    """Wilson's score interval of right/n; (0, 1) where nothing was counted."""
    if not 0 <= right <= n:
        raise ValueError(f"{right} of {n}")
    if n == 0:
        return 0.0, 1.0
    share, square = right / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def share(right: int, n: int) -> str:
    """`.914 [.832, .958]`, or `–` where nothing was counted."""
    if n == 0:
        return "–"
    low, high = wilson(right, n)
    return f"{_told(right / n)} [{_short(low)}, {_short(high)}]"


def _told(value: float) -> str:
    """The share; where rounding alone would bring it to a hundredth, at which targets lie, with the digit that says so."""
    raised = round(value, 3)
    return (
        _short(value) if value >= raised or f"{raised:.3f}"[-1] != "0" else f"{value:.4f}".removeprefix("0")
    )


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")

"""All cases of a kind and part: the generated ones and those made by hand. Imports nothing of drafter."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks.checks.carried import coverage
from benchmarks.checks.cases import BESIDE, KINDS, PARTS, Case, hand
from benchmarks.checks.copies import copying, measured
from benchmarks.checks.leaks import leakage
from benchmarks.checks.sentences import personal, placeholder, residue
from benchmarks.checks.skeletons import period, structure, style

GENERATORS: Mapping[str, Callable[[str, int], list[Case]]] = {
    "placeholder": placeholder,
    "residue": residue,
    "structure": structure,
    "leakage": leakage,
    "copying": copying,
    "coverage": coverage,
    "style": style,
    "period": period,
    "personal": personal,
}


def cases(kind: str, part: str, seed: int = 1) -> list[Case]:
    """Every case of a kind in a part."""
    by_hand = hand(kind, part)
    if kind == "copying":
        by_hand = [measured(case) for case in by_hand]
    return by_hand if kind in BESIDE else [*GENERATORS[kind](part, seed), *by_hand]


__all__ = ["BESIDE", "KINDS", "PARTS", "cases"]

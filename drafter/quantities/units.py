"""Which dimension a unit measures, and how much of its base unit it holds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from drafter.quantities.exact import QUOTIENT
from drafter.quantities.rules import read_rules


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit: `factor` of `base` make one of it; a unit without a fixed factor is its own base."""

    name: str
    dimension: str
    base: str
    factor: Decimal


@cache
def _units() -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for name, dimension, base, factor in read_rules("units.txt"):
        upper, _, lower = factor.partition("/")
        found[name] = Unit(name, dimension, base, QUOTIENT.divide(Decimal(upper), Decimal(lower or 1)))
    return found


@lru_cache(maxsize=4096)
def unit_named(name: str) -> Unit:
    """The unit of that canonical name; a measure word that is no unit counts."""
    return _units().get(name) or Unit(name, "count", name, Decimal(1))

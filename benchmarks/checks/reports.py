"""Reports made of the clauses of `benchmarks/quantities/material`: ledgers, and drafts that tell them. Seeded."""

from __future__ import annotations

import random
import re
from functools import cache
from typing import Any

from benchmarks.quantities import drafts, themes

SEED = 11
LEAST = 24
"""Ledgers of a part that has few themes."""
_HAN = re.compile("[\u3400-\u9fff]")


@cache
def ledgers(part: str) -> tuple[drafts.Ledger, ...]:
    """Ledgers of the part's material, each of one theme where the material has enough of them."""
    material = themes.load(part)
    count = max(2 * len(material), LEAST) if material else 0
    return tuple(drafts.ledger_of(part, SEED, number, material) for number in range(count))


@cache
def theme_count(part: str) -> int:
    """How many themes the part's material has."""
    return len(themes.load(part))


@cache
def clean(part: str, number: int) -> drafts.Draft:
    """The draft that tells all of a ledger."""
    return drafts.clean(ledgers(part)[number])


def sentences(part: str, number: int) -> list[str]:
    """The sentences of a clean draft that tell a fact."""
    draft = clean(part, number)
    return [draft.text[one.start : one.end] for one in draft.sentences]


def facts(part: str, number: int) -> list[dict[str, Any]]:
    """The facts of a ledger."""
    return [dict(fact) for fact in ledgers(part)[number].facts["facts"]]


def excerpt(part: str, number: int, count: int, rng: random.Random) -> list[str]:
    """Some sentences of a clean draft, in their order."""
    told = sentences(part, number)
    return [told[place] for place in sorted(rng.sample(range(len(told)), min(count, len(told))))]


def han(text: str) -> str:
    """The Han characters of a text."""
    return "".join(_HAN.findall(text))

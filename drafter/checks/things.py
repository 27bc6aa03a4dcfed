"""Which thing a quantity counts, told from the words beside it, and whether two quantities count the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from drafter.checks.rules import read_rules
from drafter.checks.wording import ordered_pairs, pairs
from drafter.quantities import Mention, same_unit

_BEFORE = re.compile(r"[\u3400-\u9fff]{1,8}$")


@dataclass(frozen=True)
class Thing:
    """The thing by the last two characters of its name (困难老人 is 老人), with all pairs of the name."""

    head: str = ""
    pairs: frozenset[str] = frozenset()

    def same(self, other: Thing) -> bool:
        """Whether one is the other or a kind of it; what has no name is the same as nothing."""
        return bool(self.head and other.head) and (self.head in other.pairs or other.head in self.pairs)


def thing(text: str, mention: Mention, floor: int = 0) -> Thing:
    """What the quantity counts, from the words after or else before it; without verbs, unless it counts deeds.

    Nothing before `floor`, where the number before it ends, belongs to it.
    """
    before = _BEFORE.search(text[max(floor, mention.start - 8) : mention.start])
    for words in (mention.counted, before[0] if before else None):
        for part in reversed(_parts(words or "", mention.unit)):
            found = list(ordered_pairs(part))
            if found:
                return Thing(found[-1], pairs(words or ""))
    return Thing()


def things(text: str, mentions: Sequence[Mention]) -> tuple[Thing, ...]:
    """What each quantity counts; one without a name goes on with the thing before it (隐患40处，已整改38处)."""
    found: list[Thing] = []
    for place, mention in enumerate(mentions):
        own = thing(text, mention, mentions[place - 1].end if place else 0)
        earlier = [
            known
            for known, other in zip(found, mentions[:place], strict=True)
            if known.head and mention.unit and same_unit(other.unit, mention.unit)
        ]
        found.append(own if own.head or not earlier else earlier[-1])
    return tuple(found)


def _parts(words: str, unit: str | None) -> list[str]:
    deeds = _deeds()
    return [words] if unit in deeds[1] else deeds[0].split(words)


@cache
def _deeds() -> tuple[re.Pattern[str], frozenset[str]]:
    rows = [(kind, rest.split()) for kind, rest in read_rules("deeds.txt", 2)]
    verbs = sorted({word for kind, row in rows if kind == "verb" for word in row}, key=len, reverse=True)
    return re.compile("|".join(verbs)), frozenset(
        word for kind, row in rows if kind == "unit" for word in row
    )

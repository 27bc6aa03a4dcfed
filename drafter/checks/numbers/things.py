"""Which thing a quantity counts, and whether two quantities count the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from drafter.checks.numbers.deeds import deeds_of
from drafter.quantities import Mention, same_unit


@dataclass(frozen=True)
class Thing:
    """The thing by the last two characters of its name (困难老人 is 老人), with all pairs of the name."""

    head: str = ""
    pairs: frozenset[str] = frozenset()

    def same(self, other: Thing) -> bool:
        """Whether one is the other or a kind of it; what has no name is the same as nothing."""
        return bool(self.head and other.head) and (self.head in other.pairs or other.head in self.pairs)


@dataclass(frozen=True)
class Things:
    """What each quantity of a text counts, found out for all of them when the first is asked for."""

    mentions: Sequence[Mention]

    @cached_property
    def all(self) -> Sequence[Thing]:
        """The things in order; one without a name goes on with the thing before it (隐患40处，已整改38处)."""
        found: list[Thing] = []
        for place, mention in enumerate(self.mentions):
            own = _thing(mention)
            earlier = [
                known
                for known, other in zip(found, self.mentions[:place], strict=True)
                if known.head and mention.unit and same_unit(other.unit, mention.unit)
            ]
            found.append(own if own.head or not earlier else earlier[-1])
        return found


def _thing(mention: Mention) -> Thing:
    """The noun that is counted; a deed only for units that count deeds (督查9次)."""
    name = mention.counted or ""
    if len(name) < 2 or (name == mention.deed and mention.unit not in deeds_of("unit")):
        return Thing()
    return Thing(name[-2:], frozenset(name[i : i + 2] for i in range(len(name) - 1)))

"""Which fact contradicts a number: the same thing with another value, or the value with another unit."""

from __future__ import annotations

from collections.abc import Sequence

from drafter.checks.derived import Stated
from drafter.checks.sources import Source, Sources
from drafter.checks.surroundings import Place, closeness
from drafter.checks.wording import pairs
from drafter.quantities import Mention, same_unit


def rival(place: Place, near: Sequence[Stated], sources: Sources, beside: Sequence[Stated]) -> Stated | None:
    """A fact with another value for the very thing, where what has this value counts something else.

    The rival must share more words with the clause than any supporter, and no fewer with the sentence.
    """
    mention, wording = place.mention, pairs(place.naming)
    if not place.thing.head or any(source.fact is None for source, _ in near):
        return None
    supporters = [(source, source.thing(other)) for source, other in near]
    if any(own.same(place.thing) or own.head in wording for _, own in supporters):
        return None
    bar = max(closeness(place, source, sources) for source, _ in supporters)
    for source in sources.facts:
        if any(source is other for other, _ in near):
            continue
        for other in source.mentions:
            if (
                other.kind == mention.kind
                and same_unit(other.unit, mention.unit)
                and source.thing(other).same(place.thing)
                and (source, other) not in beside
            ):
                close = closeness(place, source, sources)
                if close[0] > bar[0] and close[1] >= bar[1]:
                    return source, other
    return None


def conflict(place: Place, sources: Sources, beside: Sequence[Stated], *, value_known: bool) -> Stated | None:
    """The fact that states the same thing with another value, if one clearly does.

    Where a fact has the value (`value_known`), words in common are not enough: it must be the very thing.
    """
    mention = place.mention
    best: tuple[int, Stated] | None = None
    for source in sources.facts:
        shared = len(place.clause & (source.pairs - sources.common))
        for other in source.mentions:
            if (
                (source, other) in beside
                or other.kind != mention.kind
                or not same_unit(other.unit, mention.unit)
                or (value_known and not source.thing(other).same(place.thing))
            ):
                continue
            head = bool(sources.matter(mention.counted or "") & sources.matter(other.counted or ""))
            if (shared >= 2 or head) and (best is None or shared + head > best[0]):
                best = (shared + head, (source, other))
    return best[1] if best else None


def same_value(mention: Mention, sources: Sources) -> Source | None:
    """A fact that holds the value in another unit."""
    for source in sources.facts:
        for other in source.mentions:
            if (
                mention.value is not None
                and other.value == mention.value
                and other.high == mention.high
                and not same_unit(other.unit, mention.unit)
            ):
                return source
    return None

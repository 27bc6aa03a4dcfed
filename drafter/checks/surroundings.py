"""The words around each number of a text, and how closely a fact is about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drafter.checks.sources import Source, Sources, without_mentions
from drafter.checks.things import Thing, thing
from drafter.checks.wording import Span, Wording
from drafter.quantities import Mention


@dataclass(frozen=True)
class Place:
    """A number in its surroundings: the matter of its clause, of its clause with the one before, of its sentence."""

    mention: Mention
    clause: frozenset[str]
    wider: frozenset[str]
    sentence: frozenset[str]
    span: Span
    """Of the sentence."""
    nearby: str
    """The sentence, as far as 200 characters to either side."""
    before: str
    """The few characters before the number."""
    naming: str
    """Its clause, with the one before where its own words name nothing counted."""
    thing: Thing


def places_of(text: str, mentions: Sequence[Mention], sources: Sources) -> list[Place]:
    """Each number that counts, in its surroundings; the words around it are read without the numbers."""
    wording = Wording(text)
    matter: dict[Span, frozenset[str]] = {}

    def of(span: Span) -> frozenset[str]:
        if span not in matter:
            matter[span] = sources.matter(without_mentions(text, mentions, *span))
        return matter[span]

    found: list[Place] = []
    for place, mention in enumerate(mentions):
        if not mention.countable:
            continue
        sentence = wording.sentence_at(mention.start)
        span, before = wording.clause_at(mention.start), wording.clause_before(mention.start)
        clause = of(span)
        counted = thing(text, mention, mentions[place - 1].end if place else 0)
        found.append(
            Place(
                mention=mention,
                clause=clause,
                wider=clause | of(before) if before and len(clause) < 2 else clause,
                sentence=of(sentence),
                span=sentence,
                nearby=text[max(sentence[0], mention.start - 200) : min(sentence[1], mention.end + 200)],
                before=text[max(0, mention.start - 8) : mention.start],
                naming=text[before[0] if before and not counted.head else span[0] : span[1]],
                thing=counted,
            )
        )
    return found


def related(place: Place, source: Source, sources: Sources) -> bool:
    """Whether the words around the number speak of what the source speaks of."""
    if source.fact is None:
        return True
    matter = source.pairs - sources.common
    if not matter:
        return True
    if place.clause & matter:
        return True
    if place.wider & matter:
        return True
    return len(place.sentence & matter) >= 3


def closeness(place: Place, source: Source, sources: Sources) -> tuple[int, int]:
    """How many pairs of the source the clause has, and how many the sentence."""
    matter = source.pairs - sources.common
    return len(place.clause & matter), len(place.sentence & matter)

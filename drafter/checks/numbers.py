"""Traces every quantity and date of a text to a fact, to the ledger's header, or to a formula over facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafter.checks.dating import dated_source
from drafter.checks.derived import Stated, derive
from drafter.checks.sources import Source, Sources, without_mentions
from drafter.checks.wording import Span, Wording, pairs
from drafter.plugins.protocols import CheckContext
from drafter.quantities import Mention, find, same_quantity, same_unit
from drafter.report import Claim, Evidence, Finding, Severity

_MESSAGES = {
    "unsupported": "“{text}”在事实里找不到依据，请核实或删去",
    "conflicting": "“{text}”与事实不符，事实是“{fact}”",
    "misattributed": "“{text}”的数值见于事实“{fact}”，但说的不是同一件事，请核实",
}


@dataclass(frozen=True)
class _Place:
    """A number in its surroundings: the matter of its clause, of its clause with the one before, of its sentence."""

    mention: Mention
    clause: frozenset[str]
    wider: frozenset[str]
    sentence: frozenset[str]
    span: Span
    """Of the sentence."""
    nearby: str
    """The sentence, as far as 200 characters to either side."""


class Numbers:
    """A number without support is an error; one whose thing is in doubt is a warning. Leaves a claim for each."""

    name = "numbers"

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings numbers.unsupported, .conflicting and .misattributed; claims for every quantity and date."""
        sources = Sources(context.ledger)
        mentions = find(text)
        places = _places(text, mentions, sources)
        stated = _stated_by_sentence(places, sources)
        for place in places:
            mention = place.mention
            claim, finding = self._trace(place, sources, stated.get(place.span, ()))
            context.claims.append(claim.model_copy(update={"text": text[mention.start : mention.end]}))
            if finding:
                yield finding

    def _trace(
        self, place: _Place, sources: Sources, beside: Sequence[Stated]
    ) -> tuple[Claim, Finding | None]:
        mention = place.mention
        if mention.kind in ("date", "period"):
            source = dated_source(mention, sources)
            if source:
                return self._claim(mention, "supported", source.evidence), None
            return self._found(mention, "unsupported", "error")
        same = [
            (source, other)
            for source in sources.all
            for other in source.mentions
            if same_quantity(other, mention)
        ]
        near = [
            source for source, other in same if _related(place, source, sources) or _same_noun(mention, other)
        ]
        if near:
            best = max(near, key=lambda source: _closeness(place, source, sources))
            return self._claim(mention, "supported", best.evidence), None
        related = [
            (source, other)
            for source in sources.facts
            if _related(place, source, sources)
            for other in source.mentions
        ]
        derivation = derive(mention, place.nearby, beside, related)
        if derivation:
            evidence = (
                Evidence(formula=derivation.formula),
                *(source.evidence for source in derivation.sources),
            )
            return self._claim(mention, "derived", *evidence), None
        conflict = _conflict(place, sources, beside)
        if conflict:
            source, other = conflict
            suggestion = source.text[other.start : other.end]
            return self._found(mention, "conflicting", "error", source, suggestion)
        if same:
            return self._found(mention, "misattributed", "warning", same[0][0])
        elsewhere = _same_value(mention, sources)
        if elsewhere:
            return self._found(mention, "misattributed", "error", elsewhere)
        return self._found(mention, "unsupported", "error")

    def _claim(self, mention: Mention, status: str, *evidence: Evidence) -> Claim:
        return Claim.model_validate(
            {
                "start": mention.start,
                "end": mention.end,
                "text": mention.text,
                "status": status,
                "evidence": evidence,
            }
        )

    def _found(
        self,
        mention: Mention,
        kind: str,
        severity: Severity,
        source: Source | None = None,
        suggestion: str | None = None,
    ) -> tuple[Claim, Finding]:
        evidence = (source.evidence,) if source else ()
        status = "wrong" if severity == "error" else "doubtful"
        finding = Finding(
            check=self.name,
            code=f"numbers.{kind}",
            severity=severity,
            message=_MESSAGES[kind].format(text=mention.text, fact=source.text if source else ""),
            start=mention.start,
            end=mention.end,
            text=mention.text,
            evidence=evidence,
            suggestion=suggestion,
        )
        return self._claim(mention, status, *evidence), finding


def _places(text: str, mentions: Sequence[Mention], sources: Sources) -> list[_Place]:
    wording = Wording(text)
    matter: dict[Span, frozenset[str]] = {}

    def of(span: Span) -> frozenset[str]:
        if span not in matter:
            matter[span] = sources.matter(without_mentions(text, mentions, *span))
        return matter[span]

    found: list[_Place] = []
    for mention in mentions:
        if not mention.countable:
            continue
        sentence = wording.sentence_at(mention.start)
        clause = of(wording.clause_at(mention.start))
        before = wording.clause_before(mention.start)
        wider = clause | of(before) if before and len(clause) < 2 else clause
        nearby = text[max(sentence[0], mention.start - 200) : min(sentence[1], mention.end + 200)]
        found.append(_Place(mention, clause, wider, of(sentence), sentence, nearby))
    return found


def _stated_by_sentence(places: Sequence[_Place], sources: Sources) -> dict[Span, list[Stated]]:
    """For each sentence the facts' quantities that it states, each once."""
    stated: dict[Span, list[Stated]] = {}
    for place in places:
        known = stated.setdefault(place.span, [])
        for source in sources.facts:
            if not _related(place, source, sources):
                continue
            for other in source.mentions:
                if same_quantity(other, place.mention) and (source, other) not in known:
                    known.append((source, other))
    return stated


def _related(place: _Place, source: Source, sources: Sources) -> bool:
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


def _same_noun(mention: Mention, other: Mention) -> bool:
    return bool(pairs(mention.counted or "") & pairs(other.counted or ""))


def _closeness(place: _Place, source: Source, sources: Sources) -> tuple[int, int]:
    matter = source.pairs - sources.common
    return len(place.clause & matter), len(place.sentence & matter)


def _conflict(place: _Place, sources: Sources, beside: Sequence[Stated]) -> Stated | None:
    """The fact that states the same thing with another value, if one clearly does."""
    mention = place.mention
    best: tuple[int, Stated] | None = None
    for source in sources.facts:
        shared = len(place.clause & (source.pairs - sources.common))
        for other in source.mentions:
            if (
                (source, other) in beside
                or other.kind != mention.kind
                or not same_unit(other.unit, mention.unit)
            ):
                continue
            head = bool(sources.matter(mention.counted or "") & sources.matter(other.counted or ""))
            if (shared >= 2 or head) and (best is None or shared + head > best[0]):
                best = (shared + head, (source, other))
    return best[1] if best else None


def _same_value(mention: Mention, sources: Sources) -> Source | None:
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

"""Traces every quantity and date of a text to a fact, to the ledger's header, or to a formula over facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from drafter.checks.contradiction import conflict, rival, same_value
from drafter.checks.dating import dated_source
from drafter.checks.derived import Grounds, Stated, derive
from drafter.checks.identifiers import Identifiers
from drafter.checks.sources import Source, Sources
from drafter.checks.surroundings import Place, closeness, places_of, related
from drafter.checks.tables import row_numbers
from drafter.checks.verbatim import verbatim_source
from drafter.checks.wording import Span, pairs
from drafter.plugins.protocols import CheckContext
from drafter.quantities import Mention, find, same_quantity
from drafter.report import Claim, Evidence, Finding, Severity

_MESSAGES = {
    "unsupported": "“{text}”在事实里找不到依据，请核实或删去",
    "conflicting": "“{text}”与事实不符，事实是“{fact}”",
    "misattributed": "“{text}”的数值见于事实“{fact}”，但说的不是同一件事，请核实",
}


class Numbers:
    """A number without support is an error; one whose thing is in doubt is a warning. Leaves a claim for each."""

    name = "numbers"

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings numbers.unsupported, .conflicting and .misattributed; claims for every quantity and date."""
        sources = Sources.of(context.ledger)
        rows = row_numbers(text)
        mentions = [mention for mention in find(text) if mention.numeral_start not in rows]
        identifiers = Identifiers(text, sources)
        names = [mention for mention in mentions if identifiers.holds(mention)]
        for mention in names:
            yield from self._identify(mention, text, identifiers, context)
        taken = frozenset(mention.start for mention in names)
        places = [place for place in places_of(text, mentions, sources) if place.mention.start not in taken]
        stated = _stated_by_sentence(places, sources)
        for place in places:
            mention = place.mention
            exact = verbatim_source(text, mention, sources)
            if exact:
                claim, finding = self._claim(mention, "supported", exact.evidence), None
            else:
                claim, finding = self._trace(place, sources, stated.get(place.span, ()))
            context.claims.append(claim.model_copy(update={"text": text[mention.start : mention.end]}))
            if finding:
                yield finding

    def _identify(
        self, mention: Mention, text: str, identifiers: Identifiers, context: CheckContext
    ) -> Iterator[Finding]:
        """A name with figures: a claim where the ledger has it, a finding where it has not."""
        name = identifiers.read(mention)
        if name is None:
            return
        whole = replace(mention, start=name.start, end=name.end, text=text[name.start : name.end])
        if name.evidence:
            context.claims.append(self._claim(whole, "supported", name.evidence))
            return
        claim, finding = self._found(whole, "unsupported", "error")
        context.claims.append(claim)
        yield finding

    def _trace(
        self, place: Place, sources: Sources, beside: Sequence[Stated]
    ) -> tuple[Claim, Finding | None]:
        mention = place.mention
        if mention.kind in ("date", "period"):
            source = dated_source(mention, place.before, sources)
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
            (source, other)
            for source, other in same
            if related(place, source, sources) or _same_noun(mention, other)
        ]
        if near:
            better = rival(place, near, sources, beside)
            if better:
                return self._contradicted(mention, better)
            best = max(near, key=lambda stated: closeness(place, stated[0], sources))[0]
            return self._claim(mention, "supported", best.evidence), None
        nearby = [
            (source, other)
            for source in sources.facts
            if related(place, source, sources)
            for other in source.mentions
        ]
        topic = _topic_source(place, sources)
        if topic:
            return self._claim(mention, "supported", topic.evidence), None
        derivation = derive(mention, Grounds(place.nearby, place.naming, beside, nearby))
        if derivation:
            evidence = (
                Evidence(formula=derivation.formula),
                *(source.evidence for source in derivation.sources),
            )
            return self._claim(mention, "derived", *evidence), None
        contrary = conflict(place, sources, beside, value_known=bool(same))
        if contrary:
            return self._contradicted(mention, contrary)
        if same:
            return self._found(mention, "misattributed", "warning", same[0][0])
        elsewhere = same_value(mention, sources)
        if elsewhere:
            return self._found(mention, "misattributed", "error", elsewhere)
        return self._found(mention, "unsupported", "error")

    def _contradicted(self, mention: Mention, by: Stated) -> tuple[Claim, Finding]:
        source, other = by
        suggestion = source.text[other.start : other.end]
        return self._found(mention, "conflicting", "error", source, suggestion)

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


def _stated_by_sentence(places: Sequence[Place], sources: Sources) -> dict[Span, list[Stated]]:
    """For each sentence the facts' quantities that it states, each once."""
    stated: dict[Span, list[Stated]] = {}
    for place in places:
        known = stated.setdefault(place.span, [])
        for source in sources.facts:
            if not related(place, source, sources):
                continue
            for other in source.mentions:
                if same_quantity(other, place.mention) and (source, other) not in known:
                    known.append((source, other))
    return stated


def _topic_source(place: Place, sources: Sources) -> Source | None:
    """The topic that states the number, where the words around it are of that topic."""
    for source in sources.topics:
        if any(same_quantity(other, place.mention) for other in source.mentions) and (
            pairs(place.naming) & source.pairs
        ):
            return source
    return None


def _same_noun(mention: Mention, other: Mention) -> bool:
    return bool(pairs(mention.counted or "") & pairs(other.counted or ""))

"""Whether each fact that the text must carry is in it: its figures, its names, and each of its deeds, in one place."""

from __future__ import annotations

from collections.abc import Iterator

from drafter.checks.numbers.check import judge
from drafter.checks.personal import masked_text, shown_as
from drafter.checks.sources import Sources
from drafter.checks.telling import Place, Telling
from drafter.plugins.protocols import CheckContext
from drafter.report import Evidence, Finding, Severity


class Coverage:
    """A required fact that is absent, or whose figure or name is, is an error; one that lacks a deed a warning."""

    name = "coverage"

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings coverage.missing and coverage.partial; they stand nowhere in the text and name the fact."""
        if not context.expected:
            return
        sources = Sources.of(context.ledger)
        known = {fact.id for fact in context.ledger.facts}
        strange = [fact for fact in context.expected if fact.id not in known]
        if strange:
            facts = [*context.ledger.facts, *strange]
            sources = Sources(context.ledger.model_copy(update={"facts": facts}))
        telling = Telling.of_text(judge(text, sources, context.phrases))
        homes = {fact: span.name for span in context.sections for fact in span.facts}
        for fact in context.expected:
            source = telling.demands[fact.id].source
            verdict = _verdict(source.text, telling.of(fact.id))
            if verdict:
                code, severity, message = verdict
                yield Finding(
                    check=self.name,
                    code=f"coverage.{code}",
                    severity=severity,
                    message=message,
                    section=homes.get(fact.id),
                    evidence=(Evidence(fact=fact.id, text=masked_text(source.text)),),
                )


def _verdict(fact: str, place: Place | None) -> tuple[str, Severity, str] | None:
    """What is wrong with how the text tells the fact at that place, or None; personal data stand masked in it."""
    told = masked_text(fact)
    if place is None:
        return "missing", "error", f"没有写到：“{told}”"
    deeds = [shown_as(segment.text, fact) for segment in place.deeds]
    lacking = [*(entry.text for entry in place.figures), *place.names]
    things = list(dict.fromkeys(shown_as(thing, fact) for thing in lacking))
    if things:
        return "partial", "error", f"“{told}”没有写全，缺：{'、'.join([*things, *deeds])}"
    if deeds:
        return "partial", "warning", f"“{told}”可能没有写全，请核对：{'、'.join(deeds)}"
    return None

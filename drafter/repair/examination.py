"""What the checks say of one leaf, and whether another wording of it may take its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from drafter.report import CheckResult, Claim, Evidence, Finding

WEIGHTS = {"error": 10, "warning": 1, "info": 0}
"""What a finding weighs when two wordings are compared."""
WEIGHTLESS = frozenset({"structure.short", "structure.long"})
"""Codes that weigh nothing: whoever adds words, whatever they are, is not to gain by it."""

TWICE = "structure.duplicate"
"""What stands in two sections: its finding lies in the later one, and may be mended in either."""


def weight(findings: Iterable[Finding]) -> int:
    """The weight of these findings together."""
    return sum(WEIGHTS[finding.severity] for finding in findings if finding.code not in WEIGHTLESS)


@dataclass(frozen=True)
class Examination:
    """One wording of a leaf with what was found.

    `findings` and `claims` are the leaf's own, their offsets in `text` (paragraphs divided by one newline); what is
    absent has none. The rest is of all that was examined, which may be the whole report: the weight of all findings,
    the errors by what they say (with how often), and the ids of the facts that are `carried` whole and of those that are
    `touched`, some figure of them being stated. `again` are findings of other leaves about a sentence that stands in this
    one as well, with its place here.
    """

    text: str
    findings: tuple[Finding, ...]
    claims: tuple[Claim, ...]
    carried: frozenset[str]
    touched: frozenset[str]
    weight: int
    errors: Counter[tuple[str, str]]
    again: tuple[Finding, ...] = ()

    @property
    def own_errors(self) -> tuple[Finding, ...]:
        """Findings of the leaf that have to be repaired."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    def refuses(self, other: Examination) -> str:
        """Why `other` may not take this one's place, in Chinese; empty when it may."""
        lost = sorted((self.carried | self.touched - other.touched) - other.carried)
        if lost:
            return f"丢了事实 {'、'.join(lost[:5])}"
        # one falsehood less does not pay for a new one
        new = [text for code, text in other.errors - self.errors]
        if new:
            return f"有了新的错误“{new[0][:30]}”"
        if other.weight >= self.weight:
            return f"问题没有减少（{self.weight} → {other.weight}）"
        return ""


def examination(
    body: str, place: int, result: CheckResult, carried: Collection[str], own: Collection[str]
) -> Examination:
    """What a check's result says of the leaf whose text begins at `place` of the text that was checked.

    Args:
        body: the leaf's text as it stands there, paragraphs divided by empty lines.
        place: its offset.
        result: of the whole text.
        carried: ids of the facts that the whole text carries.
        own: ids of the leaf's facts; what is missing of them is the leaf's to mend.
    """
    end = place + len(body)

    def inside(at: int | None) -> bool:
        return at is not None and place <= at < end

    def moved(at: int | None) -> int | None:
        return None if at is None else len(_single(body[: max(0, at - place)]))

    findings, again = [], []
    for finding in result.findings:
        if inside(finding.start):
            span = {"start": moved(finding.start), "end": moved(min(finding.end or 0, end))}
            text = _single(body)[span["start"] : span["end"]]
            findings.append(finding.model_copy(update={**span, "text": text}))
        elif finding.start is None and {each.fact for each in finding.evidence} & set(own):
            findings.append(finding)
        elif finding.code == TWICE and finding.evidence:
            earlier = finding.evidence[0].text or ""
            at = _single(body).find(earlier)
            if earlier and at >= 0:
                span = {"start": at, "end": at + len(earlier)}
                later = (Evidence(text=finding.text),)
                again.append(finding.model_copy(update={**span, "text": earlier, "evidence": later}))
    claims = [
        claim.model_copy(update={"start": moved(claim.start), "end": moved(claim.end)})
        for claim in result.claims
        if inside(claim.start)
    ]
    touched = {
        evidence.fact
        for claim in result.claims
        if claim.status in ("supported", "derived")
        for evidence in claim.evidence
        if evidence.fact
    }
    return Examination(
        text=_single(body),
        findings=tuple(findings),
        claims=tuple(claims),
        carried=frozenset(carried),
        touched=frozenset(touched),
        weight=weight(result.findings),
        errors=Counter(
            (finding.code, finding.text or finding.message)
            for finding in result.findings
            if finding.severity == "error"
        ),
        again=tuple(again),
    )


def _single(body: str) -> str:
    return body.replace("\n\n", "\n")

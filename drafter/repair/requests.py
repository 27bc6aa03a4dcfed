"""What the writer is told when it is asked to mend a leaf: the facts, the text, and what is wrong with it."""

from __future__ import annotations

from drafter.plugins import Purpose, WriteRequest
from drafter.prompting import Templates, fact_row, unfenced
from drafter.repair.examination import Examination
from drafter.repair.tables import rows
from drafter.report import Finding

_MOST = 12
"""Findings told at once: a longer list is no longer followed."""
_LONG = 60


def repair_messages(
    purpose: Purpose, exam: Examination, request: WriteRequest, templates: Templates
) -> tuple[dict[str, str], ...]:
    """The messages that ask for a patch or a rewrite of this leaf. No passage of a past report is in them."""
    known = {fact.id: fact.text for fact in request.facts}
    told = list(dict.fromkeys(_advice(finding, known) for finding in exam.own_errors))
    values = {
        "ledger": request.ledger,
        "heading": request.heading,
        "facts": [fact_row(fact) for fact in request.facts],
        "text": unfenced(exam.text),
        "findings": told[:_MOST],
        "length": request.limits.length,
    }
    system = templates.render("system.j2", {"ledger": request.ledger})
    user = templates.render(f"{purpose}.j2", values)
    return ({"role": "system", "content": system}, {"role": "user", "content": user})


def _advice(finding: Finding, facts: dict[str, str]) -> str:
    named = next((each.fact for each in finding.evidence if each.fact), None)
    fact = facts.get(named or "") or next(
        (each.text for each in finding.evidence if each.fact and each.text), ""
    )
    form = rows("advice.txt").get(finding.code)
    if form is None or ("{suggestion}" in form and finding.suggestion is None):
        # a plugin's check says in its message what is wrong, and may say what should stand
        more = f"，应为“{finding.suggestion}”" if finding.suggestion else ""
        return f"{finding.message}{more}"
    words = finding.text or ""
    shown = words if len(words) <= _LONG else words[: _LONG // 2] + "……" + words[-_LONG // 3 :]
    return form.format(text=shown, fact=fact or "", suggestion=finding.suggestion or "")

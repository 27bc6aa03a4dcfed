"""What the writer is told when it is asked to mend a leaf: the facts, the text, and what is wrong with it."""

from __future__ import annotations

from drafter.plugins import Purpose, WriteRequest
from drafter.prompting import Templates, fact_rows, unfenced
from drafter.repair.examination import Examination
from drafter.repair.targets import MOST, advice, targets


def repair_messages(
    purpose: Purpose, exam: Examination, request: WriteRequest, templates: Templates, label: str
) -> tuple[dict[str, str], ...]:
    """The messages that ask for a patch or a rewrite of this leaf. No passage of a past report is in them.

    Args:
        purpose: patch or rewrite.
        exam: the leaf with what is wrong.
        request: what it was written from.
        templates: where the prompts come from.
        label: what a person calls the leaf, also where it has no heading.
    """
    known = {fact.id: fact.text for fact in request.facts}
    values = {
        "ledger": request.ledger,
        "heading": label,
        "facts": fact_rows(request.facts),
        "text": unfenced(exam.text),
        "targets": targets(exam, known),
        "findings": list(dict.fromkeys(advice(finding, known) for finding in exam.own_errors))[:MOST],
        "length": request.limits.length,
    }
    system = templates.render("system.j2", {"ledger": request.ledger})
    user = templates.render(f"{purpose}.j2", values)
    return ({"role": "system", "content": system}, {"role": "user", "content": user})

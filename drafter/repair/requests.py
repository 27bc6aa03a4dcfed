"""What the writer is told when it is asked to mend a leaf: the facts, the text, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable

from drafter.plugins import Purpose, WriteRequest
from drafter.prompting import Templates, fact_rows, sample_slot, unfenced
from drafter.repair.examination import Examination
from drafter.repair.targets import MOST, Target, advice, targets


def repair_messages(
    purpose: Purpose,
    exam: Examination,
    request: WriteRequest,
    templates: Templates,
    label: str,
    *,
    sent: WriteRequest | None = None,
    sealed: Callable[[str], str] = str,
) -> tuple[dict[str, str], ...]:
    """The messages that ask for a patch or a rewrite of this leaf. No passage of a past report is in them.

    A patch is asked for with the facts that its sentences concern, a rewrite with all.

    Args:
        purpose: patch or rewrite.
        exam: the leaf with what is wrong.
        request: what it was written from.
        templates: where the prompts come from.
        label: what a person calls the leaf, also where it has no heading.
        sent: the request as it may leave, where its facts are sealed.
        sealed: makes of a text of the draft or about it what may leave.
    """
    known = {fact.id: fact.text for fact in request.facts}
    sent = sent or request
    told = list(dict.fromkeys(advice(finding, known) for finding in exam.own_errors))[:MOST]
    asked = targets(exam, known)
    concerned = frozenset[str]().union(*(each.facts for each in asked))
    # sentence by sentence a model needs no more than these; a long list makes it tell the rest again
    shown = [fact for fact in sent.facts if purpose == "rewrite" or fact.id in concerned]
    facts = fact_rows(shown, sent.compared)
    values = {
        "ledger": sent.ledger,
        "heading": sealed(label),
        "facts": facts,
        "slot": sample_slot(facts),
        "compared_with": sent.compared[0].relation.former if sent.compared else "",
        "text": sealed(unfenced(exam.text)),
        "targets": [Target(sealed(each.old_text), tuple(map(sealed, each.advice))) for each in asked],
        "findings": list(map(sealed, told)),
        "length": request.limits.length,
    }
    system = templates.system(sent.ledger)
    user = templates.render(f"{purpose}.j2", values)
    return ({"role": "system", "content": system}, {"role": "user", "content": user})

"""Which facts each sentence of a text tells, from what the number check and coverage have worked out already."""

from __future__ import annotations

from collections.abc import Sequence

from drafter.checks.numbers.check import judge
from drafter.checks.placeholder import without_flags
from drafter.checks.sources import Sources
from drafter.checks.telling import Telling
from drafter.facts import Facts
from drafter.report import Trace


def traces(text: str, ledger: Facts, phrases: Sequence[str] = ()) -> list[Trace]:
    """Each sentence of the text with the facts that it tells, in order.

    Args:
        text: the text as it was checked; flags in it (【待核实：…】) are read as blanks.
        ledger: the facts.
        phrases: as the checks were given them; with the same, nothing is judged a second time.
    """
    return Telling.of_text(judge(without_flags(text), Sources.of(ledger), phrases)).traces()

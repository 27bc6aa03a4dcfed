"""What a run would still call, and what that can cost: for `--dry-run`. Nothing is called."""

from __future__ import annotations

from dataclasses import dataclass

from drafter.drafting.asking import is_kept
from drafter.drafting.meter import cost
from drafter.drafting.run import Plan, Run
from drafter.report import Usage


@dataclass(frozen=True)
class Call:
    """One leaf to be written. `most` is what the first call for it costs at most: nothing when the journal has it."""

    section: str
    heading: str
    label: str
    facts: tuple[str, ...]
    passages: tuple[str, ...]
    kept: bool
    most: Usage


@dataclass(frozen=True)
class Forecast:
    """The calls of a run. Going on after a reply that was cut off, and repair, are not in it: nobody knows them yet."""

    calls: tuple[Call, ...]
    cost: float

    @property
    def most(self) -> Usage:
        """The sum over the calls to come."""
        return sum((call.most for call in self.calls), Usage())

    @property
    def to_come(self) -> int:
        """Calls that are not kept."""
        return sum(not call.kept for call in self.calls)


def forecast(run: Run, plan: Plan) -> Forecast:
    """The calls to come; none for a writer that reads no messages."""
    calls = []
    for task in plan.calls if run.prompted else ():
        kept = is_kept(run, task.request)
        most = Usage(prompt_tokens=task.tokens, completion_tokens=run.settings.max_tokens)
        calls.append(
            Call(
                section=task.section.name,
                heading=task.request.heading,
                label=task.label,
                facts=tuple(fact.id for fact in task.leaf.facts),
                passages=tuple(passage.id for passage in task.passages),
                kept=kept,
                most=Usage() if kept else most,
            )
        )
    return Forecast(tuple(calls), sum(cost(call.most, run.settings) for call in calls))

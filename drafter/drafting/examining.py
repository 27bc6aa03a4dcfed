"""What the checks say of drafted sections, whole report or single leaf; both are laid out and checked alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace

from drafter import checks
from drafter.drafting.assembly import DraftedSection, assemble
from drafter.drafting.leaves import Task
from drafter.drafting.run import Run
from drafter.events import load_events
from drafter.facts import Fact
from drafter.plugins import CheckContext, SectionSpan
from drafter.repair import Examination, examination
from drafter.report import Block, CheckResult, Part, SectionDraft

GUARDS = ("coverage", "numbers")
"""Checks that tell which facts a text carries; repair needs them also where the settings do without."""
_LOST = ("coverage.missing", "coverage.partial")


@dataclass(frozen=True)
class Checked:
    """Sections laid out as a report, what the chosen checks found in it, and the ids of the facts that it carries.

    `carried` is known only where the guards ran, and then of facts that need not be written too. `phrases` are those that
    the checks were given.
    """

    text: str
    blocks: list[Block]
    sections: list[SectionDraft]
    result: CheckResult
    carried: frozenset[str] = frozenset()
    phrases: Sequence[str] = ()


def check_sections(
    run: Run,
    drafted: Sequence[DraftedSection],
    lengths: Sequence[int],
    expected: Sequence[Fact],
    also: Collection[str] = (),
) -> Checked:
    """Lay out and check.

    Args:
        run: whose checks are chosen and silenced.
        drafted: the sections.
        lengths: the characters aimed at in each.
        expected: facts that must be carried.
        also: names of checks to run besides the chosen ones; what they find goes to `result.silenced`.
    """
    text, blocks, sections = assemble(run.ledger, drafted)
    spans = [
        SectionSpan(section.name, section.start, section.end, section.heading, length, tuple(section.facts))
        for section, length in zip(sections, lengths, strict=True)
    ]
    context = CheckContext(
        ledger=run.ledger,
        expected=expected,
        sections=spans,
        examples=[passage for section in sections for passage in section.passages],
        shown={passage.id for section in sections for passage in section.passages},
        lookup=getattr(run.retriever, "containing", None),
        copies=getattr(run.retriever, "copies", None),
        markdown=True,
        phrases=(*run.settings.phrases, *getattr(run.retriever, "phrases", ())),
        allow_copying_from=run.settings.allow_copying_from,
        events=load_events(run.settings.period_lexicon),
        common_names=run.settings.common_names,
        comparison=run.comparison,
    )
    wanted = run.settings.checks or list(run.registry.checks)
    chosen = [check for name, check in run.registry.checks.items() if name in wanted or name in also]
    result = checks.run(text, context, chosen, silenced=run.settings.silenced)
    if extra := set(also) - set(wanted):
        kept = [finding for finding in result.findings if finding.check not in extra]
        aside = [finding for finding in result.findings if finding.check in extra]
        result = result.model_copy(update={"findings": kept, "silenced": [*result.silenced, *aside]})
    carried = _carried(run, text, context, result, sections) if also else frozenset()
    return Checked(text, blocks, sections, result, carried, context.phrases)


def _carried(
    run: Run, text: str, context: CheckContext, result: CheckResult, sections: Sequence[SectionDraft]
) -> frozenset[str]:
    """Every fact of these sections that the text carries whole, whether it must be written or not."""
    given = {fact for section in sections for fact in section.facts}
    expected = {fact.id for fact in context.expected}
    others = [fact for fact in run.ledger.facts if fact.id in given - expected]
    findings = [*result.findings, *result.silenced]
    coverage = run.registry.checks.get("coverage")
    if others and coverage:
        findings += checks.run(text, replace(context, expected=others), [coverage]).findings
    lost = {each.fact for finding in findings if finding.code in _LOST for each in finding.evidence}
    return frozenset((expected | {fact.id for fact in others}) - lost)


def leaf_examiner(run: Run, task: Task) -> Callable[[str], Awaitable[Examination]]:
    """Checks wordings of one leaf, laid out as a report of its own."""
    expected = [fact for fact in task.leaf.facts if fact.required]

    async def examine(text: str) -> Examination:
        part = Part(
            heading=task.heading,
            topics=list(task.leaf.topics),
            facts=[fact.id for fact in task.leaf.facts],
            text=text,
        )
        section = DraftedSection(
            task.section.name, task.section.heading, parts=[part], passages=list(task.passages)
        )
        async with run.desk.turn():
            checked = check_sections(run, [section], [task.leaf.length], expected, GUARDS)
        return of_part(checked, checked.sections[0].parts[0])

    return examine


def report_examiner(
    run: Run,
    drafted: Sequence[DraftedSection],
    lengths: Sequence[int],
    expected: Sequence[Fact],
    at: tuple[int, int],
) -> Callable[[str], Awaitable[Examination]]:
    """Checks wordings of the part `at` (section, part) within the whole report."""
    place, index = at

    async def examine(text: str) -> Examination:
        sections = list(drafted)
        parts = list(sections[place].parts)
        parts[index] = parts[index].model_copy(update={"text": text})
        sections[place] = replace(sections[place], parts=parts)
        async with run.desk.turn():
            checked = check_sections(run, sections, lengths, expected, GUARDS)
        return of_part(checked, checked.sections[place].parts[index])

    return examine


def of_part(checked: Checked, part: Part) -> Examination:
    """What was found in one part of what was checked."""
    body = checked.text[part.start : part.end]
    return examination(body, part.start, checked.result, checked.carried, part.facts)

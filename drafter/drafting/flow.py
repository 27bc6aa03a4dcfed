"""The flow of one report: plan, write and mend each leaf, assemble, check, mend the whole.

It owns neither wording nor rules; each step is another module's.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence

from drafter.addresses import shown_url
from drafter.checks.personal import in_ledger, masked_text
from drafter.checks.tracing import traces
from drafter.drafting.assembly import DraftedSection
from drafter.drafting.examining import Checked
from drafter.drafting.mending import Mender
from drafter.drafting.progress import Progress, Stopwatch
from drafter.drafting.run import Plan, Run, make_plan
from drafter.drafting.writing import Written, write_all
from drafter.errors import OutputError
from drafter.passages import Passage
from drafter.report import Block, Evidence, Finding, Part, Report, Usage, count_severities

OFFLINE_NOTE = "本稿由内置离线写作器按事实台账生成，未调用模型，文字请人工润色。"
MODEL_NOTE = "本稿文字由模型起草，数字和名称已与事实台账核对，请人工审定。"
FALLBACK_NOTE = "模型没有给出能用的正文，本稿由内置离线写作器按事实台账生成，文字请人工润色。"
PARTLY_NOTE = "模型没有写好的小节由内置离线写作器写成。"
SEALED_NOTE = "封存起草：认出的数字、日期和名称只以记号发给模型，由程序换回。"
SILENCED_NOTE = "有的错误按设置没有提示，也没有在文中标出，见核对结果。"
NARROWED_NOTE = "按设置只做了部分检查：{}。"
UNFINISHED_NOTE = "文中标出的地方尚未核实，本稿未完成。"


async def run_flow(run: Run, plan: Plan | None = None) -> Report:
    """Draft the report; `plan` is made here unless the caller has it already.

    Raises:
        EndpointError: the writer failed; what was received before is in the journal.
    """
    plan = plan or make_plan(run)
    if run.journal:
        run.meter.spent_before(run.journal.spent())
        run.journal.begin(**_heading(run))
        if plan.seal is not None:
            run.journal.keep_seal(plan.seal.rows())
        run.journal.sent_elsewhere(getattr(run.retriever, "take_sent", list)())
    try:
        report = await _drafted(run, plan)
    except BaseException as error:
        if run.journal:
            interrupted = isinstance(error, asyncio.CancelledError | KeyboardInterrupt)
            # a full disk may be why the run failed: that is what the person must read, not that this failed too
            with contextlib.suppress(OutputError):
                run.journal.finish("interrupted" if interrupted else "failed", str(error))
        raise
    if run.journal:
        run.journal.finish("done", f"{report.counts['error']} 个错误，{report.counts['warning']} 个提醒")
    return report


def _heading(run: Run) -> dict[str, str]:
    """What the journal notes of a run before anything is sent."""
    from drafter import __version__

    return {
        "title": run.ledger.report_title,
        "writer": run.writer.name,
        "model": run.settings.model if run.prompted else "",
        "url": shown_url(run.settings.base_url) if run.prompted and run.settings.base_url else "",
        "drafter": __version__,
    }


async def _drafted(run: Run, plan: Plan) -> Report:
    watch = Stopwatch()
    mender = Mender(run, plan, watch)
    written = await write_all(run, plan, mender, watch)
    total = len(plan.calls)
    run.on_progress(Progress("check", done=total, total=total))
    drafted, findings = _sections(run, plan, written)
    lengths = [
        0 if place in plan.rendered else sum(leaf.length for leaf in planned.leaves)
        for place, planned in enumerate(plan.outline.sections)
    ]
    left = {fact.id for fact in plan.outline.leftover}
    expected = [fact for fact in run.ledger.facts if fact.required and fact.id not in left]
    checked = await mender.whole(drafted, lengths, expected)
    # a reply that goes round in circles is told of once
    located = [_located(finding, checked) for finding in findings]
    findings = [each for place, each in enumerate(located) if each not in located[:place]] + _unrepaired(
        mender
    )
    if "personal" in (run.settings.checks or run.registry.checks):
        findings += in_ledger(run.ledger, facts=left)  # the check itself has looked at the facts of sections
    checked.result.findings[:0] = [each for each in findings if each.code not in run.settings.silenced]
    checked.result.silenced.extend(each for each in findings if each.code in run.settings.silenced)
    report = _report(run, checked, sealed=plan.seal is not None)
    report.writer_seconds = round(watch.seconds, 3)
    report.seconds = round(time.perf_counter() - run.started, 3)
    run.on_progress(Progress("done", done=total, total=total, seconds=report.seconds))
    return report


def _sections(
    run: Run, plan: Plan, written: dict[int, Written]
) -> tuple[list[DraftedSection], list[Finding]]:
    """The drafted sections in order, and what drafting itself has to report."""
    drafted: list[DraftedSection] = []
    findings: list[Finding] = []
    for place, planned in enumerate(plan.outline.sections):
        section = DraftedSection(planned.name, planned.heading)
        if place in plan.rendered:
            section.blocks = plan.rendered[place]
            section.parts = [Part(facts=[fact.id for fact in planned.facts], writer="section")]
        elif planned.leaves:
            shown: dict[str, Passage] = {}
            for task in plan.tasks[place]:
                done = written[id(task)]
                section.parts.append(done.part)
                findings += done.findings
                shown |= {passage.id: passage for passage in done.task.passages}
            section.passages = list(shown.values())
            genre = "报告" if run.ledger.report_title.endswith("报告") else "汇报"
            section.tail = planned.section.tail.format(genre=genre)
        elif planned.asked:
            gap = f"【待核实：“{planned.label}”没有可用的事实】"
            section.blocks = [Block(kind="paragraph", text=gap)]
        drafted.append(section)
    for again, first in run.ledger.repeated.items():
        same = next(fact for fact in run.ledger.facts if fact.id == first)
        findings.append(
            Finding(
                check="outline",
                code="outline.repeated",
                severity="warning",
                message=f"事实 {again} 与 {first} 说的相同，只写一次：“{masked_text(same.text)}”",
                evidence=(Evidence(fact=first, text=masked_text(same.text)),),
            )
        )
    for fact in plan.outline.leftover:
        findings.append(
            Finding(
                check="outline",
                code="outline.unplaced",
                severity="error" if fact.required else "warning",
                message=f"事实 {fact.id} 没有归入任何章节：“{masked_text(fact.text)}”",
                evidence=(Evidence(fact=fact.id, text=masked_text(fact.text)),),
                suggestion=None,
            )
        )
    return drafted, findings


def _located(finding: Finding, checked: Checked) -> Finding:
    """A finding about words of a leaf with their place in the report; as it is where they no longer stand there."""
    if not finding.text or finding.start is not None:
        return finding
    for section in checked.sections:
        if section.name == finding.section:
            start = checked.text.find(finding.text, section.start, section.end)
            if start >= 0:
                return finding.model_copy(update={"start": start, "end": start + len(finding.text)})
    return finding.model_copy(update={"text": None})


def _unrepaired(mender: Mender) -> list[Finding]:
    """What is to be said when the endpoint failed while it was asked to mend: the report is whole, but not as good."""
    return [
        Finding(
            check="repair",
            code="repair.stopped",
            severity="warning",
            message=f"请模型修改时停下，此后只按规则修改：{fault}；排除后再次运行（不带 --fresh、--section）可继续",
        )
        for fault in mender.faults[:1]
    ]


def _notes(run: Run, parts: Sequence[Part]) -> list[str]:
    """Who wrote it: what the model did not give must not pass for its work, nor the reverse."""
    writers = {part.writer for part in parts if part.writer != "section"}
    if writers == {"offline"}:
        return [OFFLINE_NOTE if run.writer.name == "offline" else FALLBACK_NOTE]
    return [MODEL_NOTE, PARTLY_NOTE] if "offline" in writers else [MODEL_NOTE]


def _report(run: Run, checked: Checked, *, sealed: bool) -> Report:
    from drafter import __version__

    sections, result = checked.sections, checked.result
    parts = [part for section in sections for part in section.parts]
    counts = count_severities(result.findings)
    unfinished = counts["error"] > 0
    notes = _notes(run, parts)
    if sealed:
        notes.append(SEALED_NOTE)
    if any(finding.severity == "error" for finding in result.silenced):
        notes.append(SILENCED_NOTE)
    if run.settings.checks:
        notes.append(NARROWED_NOTE.format("、".join(run.settings.checks)))
    return Report(
        drafter=__version__,
        title=run.ledger.report_title,
        text=checked.text,
        writer=run.writer.name,
        model=next((part.model for part in parts if part.model), run.settings.model),
        unfinished=unfinished,
        ledger=run.ledger,
        blocks=checked.blocks,
        sections=sections,
        findings=result.findings,
        claims=result.claims,
        traces=traces(checked.text, run.ledger, checked.phrases),
        silenced=result.silenced,
        comparison=run.comparison,
        counts=counts,
        calls=sum(part.calls for part in parts),
        tokens=sum((part.tokens for part in parts), Usage()),
        spending=run.meter.rows,
        cost=round(sum(row.cost for row in run.meter.rows), 6),
        currency=run.settings.currency,
        notes=[*notes, UNFINISHED_NOTE] if unfinished else notes,
    )

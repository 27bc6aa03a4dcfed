"""The flow of one report: plan, write, settle what came back, assemble, check.

It owns neither wording nor rules; each step is another module's.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from drafter import checks
from drafter.drafting.assembly import DraftedSection, assemble
from drafter.drafting.progress import Progress, Stopwatch
from drafter.drafting.run import Plan, Run, make_plan
from drafter.drafting.writing import Written, write_all
from drafter.facts import Facts
from drafter.passages import Passage
from drafter.plugins import CheckContext, SectionSpan
from drafter.report import (
    Block,
    CheckResult,
    Evidence,
    Finding,
    Part,
    Report,
    SectionDraft,
    Severity,
    Usage,
    count_severities,
)
from drafter.writers.offline import compose

OFFLINE_NOTE = "本稿由内置离线写作器按事实台账生成，未调用模型，文字请人工润色。"
MODEL_NOTE = "本稿文字由模型起草，数字和名称已与事实台账核对，请人工审定。"
FALLBACK_NOTE = "模型没有给出可用的正文，本稿由内置离线写作器按事实台账生成，文字请人工润色。"
PARTLY_NOTE = "模型没有给出正文的小节由内置离线写作器写成。"
SILENCED_NOTE = "有的错误按设置没有提示，也没有在文中标出，见核对结果。"
UNFINISHED_NOTE = "文中方括号内标出的地方尚未核实，本稿未完成。"


async def run_flow(run: Run, plan: Plan | None = None) -> Report:
    """Draft the report; `plan` is made here unless the caller has it already.

    Raises:
        EndpointError: the writer failed; what was received before is in the journal.
    """
    plan = plan or make_plan(run)
    watch = Stopwatch()
    written = await write_all(run, plan, watch)
    run.on_progress(Progress("check", done=len(plan.calls), total=len(plan.calls)))
    drafted, findings = _sections(run, plan, written)
    text, blocks, sections = assemble(run.ledger, drafted)
    result = _check(run, plan, text, sections)
    result.findings[:0] = [finding for finding in findings if finding.code not in run.settings.silenced]
    result.silenced.extend(finding for finding in findings if finding.code in run.settings.silenced)
    report = _report(run, text, blocks, sections, result)
    report.writer_seconds = round(watch.seconds, 3)
    report.seconds = round(time.perf_counter() - run.started, 3)
    run.on_progress(Progress("done", done=len(plan.calls), total=len(plan.calls), seconds=report.seconds))
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
                part, found = _settle(written[id(task)])
                section.parts.append(part)
                findings += found
                shown |= {passage.id: passage for passage in written[id(task)].task.passages}
            section.passages = list(shown.values())
            _lead_over(section.parts[-1], planned.section.tail, run.ledger)
        elif planned.asked:
            gap = f"【待核实：“{planned.label}”没有可用的事实】"
            section.blocks = [Block(kind="paragraph", text=gap)]
        drafted.append(section)
    for fact in plan.outline.leftover:
        findings.append(
            Finding(
                check="outline",
                code="outline.unplaced",
                severity="error" if fact.required else "warning",
                message=f"事实 {fact.id} 没有归入任何章节：“{fact.text}”",
                evidence=(Evidence(fact=fact.id, text=fact.text),),
                suggestion=None,
            )
        )
    return drafted, findings


def _lead_over(part: Part, tail: str, ledger: Facts) -> None:
    """Put the section's tail behind its last part, unless the writer led over in words of its own."""
    if tail and not part.text.rstrip().endswith(("如下：", "如下:", "如下。")):
        part.text += tail.format(genre="报告" if ledger.report_title.endswith("报告") else "汇报")


def _settle(written: Written) -> tuple[Part, list[Finding]]:
    """What becomes of a reply that did not simply stop: a gap is filled by rule and said so, a cut is reported."""
    task, part, finish = written.task, written.part, written.reply.finish
    findings = []

    def found(code: str, severity: Severity, message: str) -> None:
        said = f"“{task.label}”：{message}"
        findings.append(
            Finding(check="writer", code=code, severity=severity, message=said, section=task.section.name)
        )

    if written.cut:
        found("writer.prompt_cut", "warning", "服务端报告的词元太少，可能截断了提示词；请核对它的上下文长度")
    if not part.text.strip() or finish in ("content_filter", "empty"):
        reason = "被服务端的内容过滤拦下" if finish == "content_filter" else "没有可用的正文"
        found("writer.fallback", "warning", f"模型的回复{reason}，此处由离线写作器按事实写成")
        part = part.model_copy(update={"text": compose(task.request), "writer": "offline"})
    elif finish == "length":
        found(
            "writer.cut_off",
            "error",
            "模型的回复没有写完，后面的内容缺失；可调大 max_tokens，再次运行会重写这一节",
        )
    return part, findings


def _check(run: Run, plan: Plan, text: str, sections: Sequence[SectionDraft]) -> CheckResult:
    """The report-wide checks."""
    chosen = [
        check
        for name, check in run.registry.checks.items()
        if not run.settings.checks or name in run.settings.checks
    ]
    left = {fact.id for fact in plan.outline.leftover}
    spans = []
    for planned, section in zip(plan.outline.sections, sections, strict=True):
        wanted = sum(leaf.length for leaf in planned.leaves)
        spans.append(
            SectionSpan(
                section.name, section.start, section.end, section.heading, wanted, tuple(section.facts)
            )
        )
    context = CheckContext(
        ledger=run.ledger,
        expected=[fact for fact in run.ledger.facts if fact.required and fact.id not in left],
        sections=spans,
        examples=[passage for section in sections for passage in section.passages],
        lookup=getattr(run.retriever, "containing", None),
        markdown=True,
    )
    return checks.run(text, context, chosen, silenced=run.settings.silenced)


def _notes(run: Run, parts: Sequence[Part]) -> list[str]:
    """Who wrote it: what the model did not give must not pass for its work, nor the reverse."""
    writers = {part.writer for part in parts if part.writer != "section"}
    if writers == {"offline"}:
        return [OFFLINE_NOTE if run.writer.name == "offline" else FALLBACK_NOTE]
    return [MODEL_NOTE, PARTLY_NOTE] if "offline" in writers else [MODEL_NOTE]


def _report(
    run: Run, text: str, blocks: list[Block], sections: list[SectionDraft], result: CheckResult
) -> Report:
    from drafter import __version__

    parts = [part for section in sections for part in section.parts]
    counts = count_severities(result.findings)
    unfinished = counts["error"] > 0
    notes = _notes(run, parts)
    if any(finding.severity == "error" for finding in result.silenced):
        notes.append(SILENCED_NOTE)
    return Report(
        drafter=__version__,
        title=run.ledger.report_title,
        text=text,
        writer=run.writer.name,
        model=next((part.model for part in parts if part.model), run.settings.model),
        unfinished=unfinished,
        ledger=run.ledger,
        blocks=blocks,
        sections=sections,
        findings=result.findings,
        claims=result.claims,
        silenced=result.silenced,
        counts=counts,
        calls=sum(part.calls for part in parts),
        tokens=sum((part.tokens for part in parts), Usage()),
        notes=[*notes, UNFINISHED_NOTE] if unfinished else notes,
    )

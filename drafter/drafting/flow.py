"""The flow of one report: plan, retrieve, write concurrently, keep each reply, assemble, check.

It owns neither wording nor rules; each step is another room's. Replies are kept the moment they arrive, and when
the endpoint fails the calls under way are still waited for, because they are paid.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from drafter import checks
from drafter.drafting.assembly import DraftedSection, assemble
from drafter.drafting.journal import Journal, resume_key
from drafter.drafting.leaves import Task, make_tasks
from drafter.drafting.progress import OnProgress, Progress, Stopwatch
from drafter.errors import EndpointError
from drafter.facts import Facts
from drafter.outline import Outline, make_outline
from drafter.passages import Passage
from drafter.plugins import CheckContext, Registry, Reply, Retriever, SectionContext, SectionSpan, Writer
from drafter.prompting import Templates, TokenCounter
from drafter.report import (
    Block,
    CheckResult,
    Evidence,
    Finding,
    Part,
    Report,
    SectionDraft,
    Usage,
    count_severities,
)
from drafter.settings import Settings
from drafter.writers.cleaning import clean_reply
from drafter.writers.offline import compose

OFFLINE_NOTE = "本稿由内置离线写作器按事实台账生成，未调用模型，文字请人工润色。"
MODEL_NOTE = "本稿文字由模型起草，数字和名称已与事实台账核对，请人工审定。"
UNFINISHED_NOTE = "文中方括号内标出的地方尚未核实，本稿未完成。"


@dataclass
class Run:
    """What one run of the flow works with."""

    ledger: Facts
    registry: Registry
    settings: Settings
    writer: Writer
    retriever: Retriever | None = None
    journal: Journal | None = None
    refresh: Collection[str] = ()
    """Names of sections whose kept replies are not used again."""
    on_progress: OnProgress = field(default=lambda event: None)
    made: list[Any] = field(default_factory=list)
    """What was opened for this run, and not handed in, and so is closed with it."""

    async def aclose(self) -> None:
        """Close what was opened for this run."""
        for thing in self.made:
            if hasattr(thing, "aclose"):
                await thing.aclose()
            elif hasattr(thing, "close"):
                thing.close()


@dataclass(frozen=True)
class Plan:
    """The outline with its tasks: what `--dry-run` shows, and what a run carries out."""

    outline: Outline
    tasks: dict[int, list[Task]]
    counter: TokenCounter

    @property
    def calls(self) -> list[Task]:
        """Every leaf that a writer has to write, in order."""
        return [task for place in sorted(self.tasks) for task in self.tasks[place]]


def make_plan(run: Run) -> Plan:
    """Everything before the first call."""
    outline = make_outline(run.ledger, run.registry, length=run.settings.length)
    sections = tuple(planned.section for planned in outline.sections)
    templates = Templates(run.settings.prompts, sections)
    counter = TokenCounter(run.settings.model)
    prompted = getattr(run.writer, "wants_messages", True)
    tasks = make_tasks(
        run.ledger, outline, run.retriever, run.settings, templates, counter, prompted=prompted
    )
    return Plan(outline, tasks, counter)


async def run_flow(run: Run, plan: Plan | None = None) -> Report:
    """Draft the report; `plan` is made here unless the caller has it already.

    Raises:
        EndpointError: the writer failed; what was received before is in the journal.
    """
    started = time.perf_counter()
    plan = plan or make_plan(run)
    watch = Stopwatch()
    parts = await _write_all(run, plan, watch)
    run.on_progress(Progress("check", done=len(plan.calls), total=len(plan.calls)))
    drafted, findings = _sections(run, plan, parts)
    text, blocks, sections = assemble(run.ledger, drafted)
    result = _check(run, plan, text, sections)
    result.findings[:0] = [finding for finding in findings if finding.code not in run.settings.silenced]
    result.silenced.extend(finding for finding in findings if finding.code in run.settings.silenced)
    report = _report(run, text, blocks, sections, result)
    report.writer_seconds = round(watch.seconds, 3)
    report.seconds = round(time.perf_counter() - started, 3)
    run.on_progress(Progress("done", done=len(plan.calls), total=len(plan.calls), seconds=report.seconds))
    return report


async def _write_all(run: Run, plan: Plan, watch: Stopwatch) -> dict[int, tuple[Part, Reply]]:
    """Write every leaf, at most `concurrency` at once; after a failure nothing new is begun."""
    tasks = plan.calls
    gate = asyncio.Semaphore(run.settings.concurrency)
    written: dict[int, tuple[Part, Reply]] = {}
    failures: list[EndpointError] = []

    async def one(task: Task) -> None:
        async with gate:
            if failures:
                return
            run.on_progress(Progress("begin", task.section.name, _label(task), len(written), len(tasks)))
            try:
                part, reply = await _write(run, plan, task, watch)
            except EndpointError as error:
                failures.append(error)
                return
            written[id(task)] = (part, reply)
            run.on_progress(
                Progress(
                    "finish",
                    task.section.name,
                    _label(task),
                    len(written),
                    len(tasks),
                    part.resumed,
                    part.seconds,
                )
            )

    await asyncio.gather(*(one(task) for task in tasks))
    if failures:
        kept = f"已完成 {len(written)}/{len(tasks)} 节"
        kept += "，已存入日志；排除故障后再次运行同一命令即可接着写" if run.journal else ""
        raise EndpointError(f"{failures[0]}（{kept}）") from failures[0]
    return written


async def _write(run: Run, plan: Plan, task: Task, watch: Stopwatch) -> tuple[Part, Reply]:
    """One leaf: from the journal when it is there, else from the writer, and kept before anything else is done."""
    key = resume_key(task.request.messages, _parameters(run, task))
    reply = None
    if run.journal and task.section.name not in run.refresh:
        reply = run.journal.reply(key)
    resumed, seconds, calls, tokens = reply is not None, 0.0, 0, Usage()
    if reply is None:
        begun = time.perf_counter()
        with watch.waiting():
            reply = await run.writer.write(task.request)
        seconds, calls, tokens = time.perf_counter() - begun, reply.calls, reply.usage
        if run.journal and reply.calls:
            run.journal.keep(
                key,
                reply,
                section=task.section.name,
                heading=task.request.heading,
                messages=task.request.messages,
                seconds=seconds,
            )
        if reply.calls == 1 and reply.usage.prompt_tokens:
            plan.counter.observe(task.request.messages, reply.usage.prompt_tokens)
    part = Part(
        heading=task.heading,
        topics=list(task.leaf.topics),
        facts=[fact.id for fact in task.leaf.facts],
        text=_cleaned(task, reply.text),
        passages=[passage.id for passage in task.passages],
        writer=run.writer.name,
        model=reply.model,
        calls=calls,
        resumed=resumed,
        tokens=tokens,
        seconds=round(seconds, 3),
    )
    return part, reply


def _cleaned(task: Task, text: str) -> str:
    """The reply without an echo of the section's heading and the leaf's own, whichever writer gave it."""
    for heading in (task.section.heading, task.request.heading):
        text = clean_reply(text, heading, task.leaf.topics)
    return text


def _label(task: Task) -> str:
    return task.heading or task.section.label


def _parameters(run: Run, task: Task) -> dict[str, Any]:
    """What besides the messages decides a reply, and so belongs in its resume key. The API key does not."""
    settings = run.settings
    return {
        "writer": run.writer.name,
        "model": settings.model or settings.base_url,
        "temperature": settings.temperature,
        "max_tokens": task.request.limits.max_tokens,
        "extra_body": settings.extra_body,
    }


def _sections(
    run: Run, plan: Plan, written: dict[int, tuple[Part, Reply]]
) -> tuple[list[DraftedSection], list[Finding]]:
    """The drafted sections in order, and what drafting itself has to report."""
    drafted: list[DraftedSection] = []
    findings: list[Finding] = []
    for place, planned in enumerate(plan.outline.sections):
        section = DraftedSection(planned.name, planned.heading)
        rendered = planned.section.render(SectionContext(run.ledger, planned.facts, planned.heading))
        if rendered is not None:
            section.blocks = rendered
        elif planned.leaves:
            shown: dict[str, Passage] = {}
            for task in plan.tasks[place]:
                part, reply = written[id(task)]
                part, found = _settle(task, part, reply)
                section.parts.append(part)
                findings += found
                shown |= {passage.id: passage for passage in task.passages}
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


def _settle(task: Task, part: Part, reply: Reply) -> tuple[Part, list[Finding]]:
    """What becomes of a reply that did not simply stop: a gap is filled by rule and said so, a cut is reported."""
    name, label = task.section.name, _label(task)
    if not part.text.strip() or reply.finish in ("content_filter", "empty"):
        reason = "被服务端的内容过滤拦下" if reply.finish == "content_filter" else "没有可用的正文"
        message = f"“{label}”：模型的回复{reason}，此处由离线写作器按事实写成"
        finding = Finding(
            check="writer", code="writer.fallback", severity="warning", message=message, section=name
        )
        return part.model_copy(update={"text": compose(task.request), "writer": "offline"}), [finding]
    if reply.finish == "length":
        message = f"“{label}”：模型的回复到长度上限仍未写完，后面的内容缺失；可调大 max_tokens 后重写这一节"
        return part, [
            Finding(check="writer", code="writer.cut_off", severity="error", message=message, section=name)
        ]
    return part, []


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


def _report(
    run: Run, text: str, blocks: list[Block], sections: list[SectionDraft], result: CheckResult
) -> Report:
    from drafter import __version__

    parts = [part for section in sections for part in section.parts]
    counts = count_severities(result.findings)
    unfinished = counts["error"] > 0
    notes = [OFFLINE_NOTE if run.writer.name == "offline" else MODEL_NOTE]
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

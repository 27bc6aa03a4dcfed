"""Writes every leaf: concurrently, each mended as it comes; what the journal has is not asked for again.

When something fails nothing new is begun, but the calls under way are waited for: they are paid.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from drafter.checks.wording import Wording
from drafter.drafting.asking import Asked, ask, is_kept
from drafter.drafting.leaves import Task
from drafter.drafting.mending import Mender
from drafter.drafting.progress import Progress, Stopwatch
from drafter.drafting.run import Plan, Run, ratio_note
from drafter.errors import ContextOverflow, EndpointError, LimitReached
from drafter.prompting.calibration import remember_ratio
from drafter.prompting.reported import Cut
from drafter.report import Finding, Part, Severity, Usage
from drafter.sealing import SLOT as LEFT
from drafter.sealing import Misuse
from drafter.writers.offline import compose

MADE_GOOD = "模型的回复没有写完；缺的事实已经补上，请看这一节是否通顺"
BY_RULE = "模型没有用对封存的记号，这一句改由离线写作器按事实写成"
REPEATED = "同一个数字写了不止一处，而事实只说了一次；请看是否重复"
CUT_OFF = "模型的回复没有写完，后面的内容缺失；可调大 max_tokens，或用 --section 重写这一节"

_LEADS_OVER = re.compile(r"现[将就][^。；\n]{0,20}如下[：:。]?\s*\Z")
"""What a section's tail says too: a text of nothing else says nothing."""


@dataclass(frozen=True)
class Written:
    """A task as it was asked in the end, its part, and what drafting itself has to report of it."""

    task: Task
    part: Part
    findings: list[Finding]

    def with_cut(self, cut: Cut | None) -> Written:
        """With a finding where the server cannot have read the whole prompt."""
        if cut is None:
            return self
        return replace(
            self, findings=[_found(self.task, "writer.prompt_cut", "warning", _cut(cut)), *self.findings]
        )


async def write_all(run: Run, plan: Plan, mender: Mender, watch: Stopwatch) -> dict[int, Written]:
    """Write every leaf, as many at once as the run's gate lets in.

    Returns:
        What was written, by the id of the task.

    Raises:
        EndpointError: the writer failed; the message says how much is kept and how to go on.
        DrafterError: whatever else stopped a leaf, after the calls under way have been kept.
    """
    tasks = plan.calls
    written: dict[int, Written] = {}
    failures: list[Exception] = []
    if run.journal and run.prompted:
        run.journal.keep_note(ratio_note(run.settings), repr(plan.counter.ratio))

    async def one(task: Task) -> None:
        try:
            async with run.gate.turn():
                if failures:
                    return
                run.on_progress(Progress("begin", task.section.name, task.label, len(written), len(tasks)))
                sent, asked = await _ask(run, plan, task, watch)
            done = written[id(task)] = await _settled(run, plan, sent, asked, mender)
            run.on_progress(
                Progress(
                    "finish",
                    task.section.name,
                    task.label,
                    len(written),
                    len(tasks),
                    done.part.resumed,
                    done.part.seconds,
                )
            )
        except Exception as error:  # noqa: BLE001 - raised again below, when nothing that is paid is under way
            failures.append(error)
            run.stopped = True

    await asyncio.gather(*(one(task) for task in tasks))
    if run.prompted:
        remember_ratio(run.settings.base_url, run.settings.model, plan.counter.ratio)
    if failures:
        raise _with_state(failures[0], len(written), len(tasks), kept=run.journal is not None)
    # only all prompts together tell whether one of them was cut
    return {key: done.with_cut(plan.counter.cut(done.task.request.messages)) for key, done in written.items()}


def _with_state(error: Exception, done: int, total: int, *, kept: bool) -> Exception:
    if not isinstance(error, EndpointError):
        return error
    state = f"已完成 {done}/{total} 节"
    first = "调大上限" if isinstance(error, LimitReached) else "排除故障"
    if kept and done:
        state += f"，已存入日志；{first}后再次运行（不带 --fresh、--section）即可接着写"
    elif kept:
        state += f"；{first}后再次运行同一命令"
    said = f"{error}（{state}）"
    failure = (
        LimitReached(said, shared=error.shared) if isinstance(error, LimitReached) else EndpointError(said)
    )
    failure.__cause__ = error
    return failure


async def _settled(run: Run, plan: Plan, task: Task, asked: Asked, mender: Mender) -> Written:
    """What becomes of a leaf's reply, and its repair."""
    plan.counter.observe(task.request.messages, asked.prompt_tokens)
    filled = task.filled(asked.reply)
    part, findings = settle(task, _part(run, task, asked, filled.text), asked.reply.finish)
    part = await mender.leaf(task, part)
    findings += of_slots(task, filled.misuses, part)
    if mender.mended(task) or any(step.kind == "rewrite" for step in part.repairs):
        findings = [_made_good(finding) for finding in findings]
    mender.finish(task, part)
    return Written(task, part, findings)


async def _ask(run: Run, plan: Plan, task: Task, watch: Stopwatch) -> tuple[Task, Asked]:
    """The writer's reply to a leaf, from the journal when it is there.

    When the server's context turns out smaller than set, with fewer passages, in the end with none: what was too long for
    one leaf is not tried for the next.
    """
    place = plan.place(task)
    forms = [task, *task.shorter()]
    kept = next((each for each in forms if is_kept(run, each.request)), None)
    if kept is not None:
        return kept, await ask(run, plan.counter, kept.sent, watch, place)
    for form in forms[:-1]:
        if run.too_long and form.tokens >= run.too_long:
            continue
        try:
            return form, await ask(run, plan.counter, form.sent, watch, place)
        except ContextOverflow:
            run.too_long = min(form.tokens, run.too_long or form.tokens)
    return forms[-1], await ask(run, plan.counter, forms[-1].sent, watch, place)


def _part(run: Run, task: Task, asked: Asked, text: str) -> Part:
    reply = asked.reply
    return Part(
        heading=task.heading,
        topics=list(task.leaf.topics),
        facts=[fact.id for fact in task.leaf.facts],
        text=task.cleaned(text),
        passages=[passage.id for passage in task.passages],
        writer=run.writer.name,
        model=reply.model,
        calls=0 if asked.resumed else reply.calls,
        resumed=asked.resumed,
        tokens=Usage() if asked.resumed else reply.usage,
        seconds=0.0 if asked.resumed else round(asked.seconds, 3),
    )


def _made_good(finding: Finding) -> Finding:
    """A reply that was cut off is no error where nothing is missing any more."""
    if finding.code != "writer.cut_off":
        return finding
    message = finding.message.replace(CUT_OFF, MADE_GOOD)
    return finding.model_copy(update={"severity": "warning", "message": message})


def settle(task: Task, part: Part, finish: str) -> tuple[Part, list[Finding]]:
    """What becomes of a reply that did not simply stop: a gap is filled by rule and said so, a cut is reported."""
    findings = []
    endless = finish == "length" and task.request.limits.ran_away(part.text)
    told = _LEADS_OVER.sub("", part.text) if task.section.section.tail else part.text
    if not told.strip() or finish in ("content_filter", "empty") or endless:
        reason = "被服务端的内容过滤拦下" if finish == "content_filter" else "没有可用的正文"
        if endless:
            reason = "越写越长，没有写完"
        message = f"模型的回复{reason}，此处由离线写作器按事实写成"
        findings.append(_found(task, "writer.fallback", "warning", message))
        part = part.model_copy(update={"text": compose(task.request), "writer": "offline"})
    elif finish == "length":
        findings.append(_found(task, "writer.cut_off", "error", CUT_OFF))
    return part, findings


def of_slots(task: Task, misuses: Sequence[Misuse], part: Part) -> list[Finding]:
    """What is said of slots that were not used as they should be: the sentence that the ledger's words took the place of,
    and figures that are still told more often than the facts do."""
    findings = []
    for step in part.repairs:
        if step.kind == "fallback" and LEFT.search(step.before):
            sentences = (step.after[slice(*span)].strip() for span in Wording(step.after).sentences)
            told = [each for each in sentences if each not in step.before and each in part.text]
            for sentence in told:
                found = _found(task, "sealing.fallback", "warning", BY_RULE)
                findings.append(found.model_copy(update={"text": sentence}))
    for misuse in misuses:
        if misuse.kind == "repeated" and part.writer != "offline":
            shown = task.opened(misuse.written)
            if shown in part.text:
                found = _found(task, "sealing.repeated", "warning", REPEATED)
                findings.append(found.model_copy(update={"text": shown}))
    return findings


def _found(task: Task, code: str, severity: Severity, message: str) -> Finding:
    said = f"“{task.label}”：{message}"
    return Finding(check="writer", code=code, severity=severity, message=said, section=task.section.name)


def _cut(cut: Cut) -> str:
    said = f"服务端报告提示词有 {cut.reported} 词元"
    if cut.expected:
        said += f"，按它的长短约应有 {cut.expected}"
    if cut.alike:
        said += f"，{cut.alike} 个不同的提示词都报这个数"
    return f"{said}，可能只读了一部分；请核对服务端的上下文长度（如 Ollama 的 num_ctx）"

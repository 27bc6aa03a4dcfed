"""Writes every leaf: concurrently, each reply kept the moment it arrives, what was kept not asked for again.

When something fails nothing new is begun, but the calls under way are waited for: they are paid.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import Any

from drafter.drafting.journal import resume_key
from drafter.drafting.leaves import Task
from drafter.drafting.progress import Progress, Stopwatch
from drafter.drafting.run import RATIO, Plan, Run
from drafter.errors import DrafterError, EndpointError, PluginError
from drafter.plugins import Reply
from drafter.prompting.calibration import remember_ratio
from drafter.report import Part, Usage
from drafter.writers.cleaning import clean_reply
from drafter.writers.faults import ContextOverflow


@dataclass(frozen=True)
class Written:
    """A task's part with the reply it came from; `cut` when the server cannot have read the whole prompt."""

    task: Task
    part: Part
    reply: Reply
    cut: bool = False


async def write_all(run: Run, plan: Plan, watch: Stopwatch) -> dict[int, Written]:
    """Write every leaf, at most `concurrency` at once.

    Returns:
        What was written, by the id of the task.

    Raises:
        EndpointError: the writer failed; the message says how much is kept and how to go on.
        DrafterError: whatever else stopped a leaf, after the calls under way have been kept.
    """
    tasks = plan.calls
    gate = asyncio.Semaphore(run.settings.concurrency)
    written: dict[int, Written] = {}
    failures: list[Exception] = []
    if run.journal and run.prompted:
        run.journal.keep_note(RATIO, repr(plan.counter.ratio))

    async def one(task: Task) -> None:
        async with gate:
            if failures:
                return
            try:
                run.on_progress(Progress("begin", task.section.name, task.label, len(written), len(tasks)))
                done = await _write(run, plan, task, watch)
                written[id(task)] = done
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

    await asyncio.gather(*(one(task) for task in tasks))
    if run.prompted:
        remember_ratio(run.settings.base_url, run.settings.model, plan.counter.ratio)
    if failures:
        raise _with_state(failures[0], len(written), len(tasks), kept=run.journal is not None)
    return written


def _with_state(error: Exception, done: int, total: int, *, kept: bool) -> Exception:
    if not isinstance(error, EndpointError):
        return error
    state = f"已完成 {done}/{total} 节"
    if kept and done:
        state += "，已存入日志；排除故障后再次运行（不带 --fresh、--section）即可接着写"
    elif kept:
        state += "；排除故障后再次运行同一命令"
    failure = EndpointError(f"{error}（{state}）")
    failure.__cause__ = error
    return failure


async def _write(run: Run, plan: Plan, task: Task, watch: Stopwatch) -> Written:
    """One leaf: from the journal when it is there, else from the writer, and kept before anything else is done."""
    key = resume_key(task.request.messages, _parameters(run, task))
    reply = None
    if run.journal and run.prompted and task.section.name not in run.refresh:
        reply = run.journal.reply(key)
    if reply is not None:
        return Written(task, _part(run, task, reply, resumed=True), reply)
    begun = time.perf_counter()
    with watch.waiting():
        task, reply = await _ask(run, task)
    seconds = time.perf_counter() - begun
    # a lone surrogate can be neither kept nor written to a file
    reply = replace(reply, text=reply.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    if run.journal and run.prompted:
        run.journal.keep(
            key,
            reply,
            section=task.section.name,
            heading=task.request.heading,
            messages=task.request.messages,
            seconds=seconds,
        )
    whole = True
    if reply.calls == 1 and reply.usage.prompt_tokens:
        whole = plan.counter.observe(task.request.messages, reply.usage.prompt_tokens)
    return Written(task, _part(run, task, reply, seconds=seconds), reply, cut=not whole)


async def _ask(run: Run, task: Task) -> tuple[Task, Reply]:
    """The writer's reply; when the server's context turns out smaller than set, once more without passages."""
    try:
        return task, await run.writer.write(task.request)
    except ContextOverflow:
        if not task.passages:
            raise
        task = task.without_passages()
        return task, await run.writer.write(task.request)
    except (DrafterError, asyncio.CancelledError):
        raise
    except Exception as error:
        name = f"{type(error).__name__}: {error}"
        raise PluginError(f"写作器 {run.writer.name} 出错（{name}）；请修好它，或换一个写作器") from error


def _part(run: Run, task: Task, reply: Reply, *, resumed: bool = False, seconds: float = 0.0) -> Part:
    text = reply.text
    # an echo of the section's heading and of the leaf's own goes, whichever writer gave it
    for heading in (task.section.heading, task.request.heading):
        text = clean_reply(text, heading, task.leaf.topics)
    return Part(
        heading=task.heading,
        topics=list(task.leaf.topics),
        facts=[fact.id for fact in task.leaf.facts],
        text=text,
        passages=[passage.id for passage in task.passages],
        writer=run.writer.name,
        model=reply.model,
        calls=0 if resumed else reply.calls,
        resumed=resumed,
        tokens=Usage() if resumed else reply.usage,
        seconds=round(seconds, 3),
    )


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

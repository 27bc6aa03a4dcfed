"""Repair within a run: leaf by leaf as replies come in, then for what only the whole report shows.

What to try and what to take is the repair room's matter; here the writer is asked, and decisions are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from drafter.drafting.asking import Asked, ask
from drafter.drafting.assembly import DraftedSection
from drafter.drafting.examining import (
    GUARDS,
    Checked,
    check_sections,
    leaf_examiner,
    of_part,
    report_examiner,
)
from drafter.drafting.leaves import Task
from drafter.drafting.progress import Progress, Stopwatch
from drafter.drafting.run import Plan, Run
from drafter.errors import ContextOverflow, EndpointError, PluginError
from drafter.facts import Fact
from drafter.plugins import Purpose, Reply, WriteRequest
from drafter.prompting import without_echo
from drafter.repair import Ask, Examination, Repaired, repair, repair_messages, to_mend
from drafter.report import Finding, Part, Usage


@dataclass
class Mender:
    """Repairs the leaves of one run. After the endpoint failed once, nobody is asked any more."""

    run: Run
    plan: Plan
    watch: Stopwatch
    faults: list[str] = field(default_factory=list)
    asked: Counter[int] = field(default_factory=Counter)
    left: dict[int, frozenset[tuple[str, str]]] = field(default_factory=dict)
    """What could not be mended in a leaf by itself, by its id: not tried again in the whole report."""
    clean: dict[int, bool] = field(default_factory=dict)
    """Whether a leaf was left without an error, by its id."""

    async def leaf(self, task: Task, part: Part) -> Part:
        """A leaf that has just been written, mended by itself."""
        if not (self.run.settings.repair and self.run.prompted):
            return part
        examine = leaf_examiner(self.run, task)
        exam = await examine(part.text)
        part, done = await self._repaired(task, part, exam, examine)
        self.left[id(task.leaf)] = _told(to_mend(done))
        self.clean[id(task.leaf)] = not done.own_errors
        return part

    def mended(self, task: Task) -> bool:
        """Whether repair looked at this leaf and left no error in it."""
        return self.clean.get(id(task.leaf), False)

    async def whole(
        self, drafted: list[DraftedSection], lengths: Sequence[int], expected: Sequence[Fact]
    ) -> Checked:
        """What only the whole report shows, mended in `drafted`, one leaf after the other; returns it checked."""
        if not self.run.settings.repair:
            return await self._checked(drafted, lengths, expected)
        checked = await self._checked(drafted, lengths, expected, GUARDS)
        for place, tasks in sorted(self.plan.tasks.items()):
            for index, task in enumerate(tasks):
                exam = of_part(checked, checked.sections[place].parts[index])
                if _told(to_mend(exam)) <= self.left.get(id(task.leaf), frozenset()):
                    continue
                examine = report_examiner(self.run, drafted, lengths, expected, (place, index))
                before = drafted[place].parts
                part, _ = await self._repaired(task, before[index], exam, examine)
                drafted[place] = replace(drafted[place], parts=[*before[:index], part, *before[index + 1 :]])
                if part.text != before[index].text:
                    self.finish(task, part)
                    checked = await self._checked(drafted, lengths, expected, GUARDS)
        only_chosen = not self.run.settings.checks or set(GUARDS) <= set(self.run.settings.checks)
        return checked if only_chosen else await self._checked(drafted, lengths, expected)

    async def _checked(
        self,
        drafted: Sequence[DraftedSection],
        lengths: Sequence[int],
        expected: Sequence[Fact],
        also: Sequence[str] = (),
    ) -> Checked:
        async with self.run.desk.turn():
            return check_sections(self.run, drafted, lengths, expected, also)

    async def _repaired(
        self, task: Task, part: Part, exam: Examination, examine: Callable[[str], Awaitable[Examination]]
    ) -> tuple[Part, Examination]:
        spent = _Spent()
        asking = self._ask(task, spent) if self.run.prompted and not self.faults else None
        budget = self.run.settings.repairs - self.asked[id(task.leaf)]
        done = await repair(exam, task.request, examine, asking, budget, task.cleaned)
        self.asked[id(task.leaf)] += done.asked
        return self._kept(task, part, done, spent), done.exam

    def _kept(self, task: Task, part: Part, done: Repaired, spent: _Spent) -> Part:
        if self.run.journal:
            for step in done.steps:
                self.run.journal.step(self.plan.place(task), step)
        changed = part.model_copy(
            update={
                "text": done.exam.text,
                "repairs": [*part.repairs, *(step for step in done.steps if step.accepted)],
                "calls": part.calls + spent.calls,
                "tokens": part.tokens + spent.tokens,
                "seconds": round(part.seconds + spent.seconds, 3),
            }
        )
        anew = any(step.accepted and step.kind == "rewrite" for step in done.steps)
        writer = "offline" if done.whole else self.run.writer.name if anew else part.writer
        return changed.model_copy(update={"writer": writer})

    def finish(self, task: Task, part: Part) -> None:
        """Keep a finished leaf."""
        if self.run.journal:
            self.run.journal.finished(
                self.plan.place(task), task.section.name, task.label, part.text, part.writer
            )

    def _ask(self, task: Task, spent: _Spent) -> Ask:
        """Asks the run's writer, within its context; what that costs goes to `spent`."""
        room = self.run.settings.context_window - self.run.settings.max_tokens

        async def asking(purpose: Purpose, exam: Examination) -> Reply:
            sent, local = task.sent, self.plan.seal and self.plan.seal.local(task.request.facts)
            sealed = local.text if local else str
            messages = repair_messages(
                purpose, exam, task.request, self.plan.templates, task.label, sent=sent, sealed=sealed
            )
            if self.plan.counter.count(messages) > room:
                raise ContextOverflow("修改的提示词放不进模型的上下文")
            self.run.on_progress(Progress("repair", task.section.name, task.label))
            request = replace(sent, messages=messages, purpose=purpose)
            async with self.run.gate.turn(mending=True):
                asked = await self._asked(request, task)
            spent.calls += 0 if asked.resumed else asked.reply.calls
            spent.tokens += Usage() if asked.resumed else asked.reply.usage
            spent.seconds += asked.seconds
            reply = asked.reply.text
            shown: Sequence[Mapping[str, str]] = messages
            if local:
                told = [message["content"] for message in messages]
                reply = local.fill(reply, told, whole=purpose == "rewrite").text
                shown = [{"content": local.opened(each)} for each in told]
            return replace(asked.reply, text=without_echo(reply, shown, exam.text))

        return asking

    async def _asked(self, request: WriteRequest, task: Task) -> Asked:
        """The writer's reply, unless it failed while this request waited. What fails here costs no report."""
        if self.faults:
            raise EndpointError(self.faults[0])
        try:
            return await ask(self.run, self.plan.counter, request, self.watch, self.plan.place(task))
        except ContextOverflow:
            raise
        except (EndpointError, PluginError) as error:  # a writer of a plugin may be able to do no repair
            self.faults.append(str(error))
            raise EndpointError(str(error)) from error


@dataclass
class _Spent:
    calls: int = 0
    tokens: Usage = field(default_factory=Usage)
    seconds: float = 0.0


def _told(findings: Sequence[Finding]) -> frozenset[tuple[str, str]]:
    """What these findings say, wherever it stands."""
    return frozenset((finding.code, finding.text or finding.message) for finding in findings)

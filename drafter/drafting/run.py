"""One run: what it works with, and its plan, everything that is settled before the first call."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from drafter.addresses import shown_url
from drafter.comparisons import Comparison
from drafter.drafting.desk import Desk
from drafter.drafting.gate import Gate
from drafter.drafting.journal import Journal
from drafter.drafting.leaves import Task, make_tasks
from drafter.drafting.meter import Meter, Purse
from drafter.drafting.progress import OnProgress
from drafter.errors import PluginError, SettingsError
from drafter.events import load_events
from drafter.facts import Facts
from drafter.outline import Outline, PlannedSection, make_outline
from drafter.plugins import Registry, Retriever, SectionContext, Writer
from drafter.prompting import Templates, TokenCounter
from drafter.prompting.calibration import known_ratio
from drafter.report import Block
from drafter.sealing import Seal
from drafter.settings import Settings
from drafter.writers.offline import OfflineWriter


def ratio_note(settings: Settings) -> str:
    """The name of the journal's note of the ratio that prompts for this model were counted with: resumed, they are the same."""
    return f"token_ratio {shown_url(settings.base_url)} {settings.model}"


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
    comparison: Comparison | None = None
    """The ledger beside that of an earlier period."""
    turns: dict[str, asyncio.Lock] = field(default_factory=dict)
    """Who asks the same waits for its turn, by resume key."""
    meter: Meter = field(init=False)
    """What this run's calls cost, and whether one more may be made."""
    too_long: int = 0
    """Tokens, as we count them, of the shortest prompt that the server's context refused; 0 while it refused none."""
    stopped: bool = False
    """Whether a leaf has failed: those that wait to make a call do not make it."""
    gate: Gate = field(init=False)
    """Who asks the writer next; several runs may share it."""
    desk: Desk = field(default_factory=Desk)
    """Where replies are looked at, one after the other; several runs may share it."""
    started: float = field(default_factory=time.perf_counter)

    def __post_init__(self) -> None:
        self.meter, self.gate = Meter(self.settings), Gate(self.settings.concurrency)

    def share(self, purse: Purse, gate: Gate, desk: Desk) -> None:
        """Make this run one of several: a purse that pays for all, one gate, one desk."""
        self.meter, self.gate, self.desk = Meter(self.settings, purse), gate, desk

    @property
    def prompted(self) -> bool:
        """Whether the writer reads messages at all; what it then gives is kept in the journal."""
        return getattr(self.writer, "wants_messages", True)

    async def aclose(self) -> None:
        """Close what was opened for this run."""
        await close_all(self.made)


async def close_all(things: Iterable[Any]) -> None:
    """Close each that can be closed: a writer awaits it, a corpus does not."""
    for thing in things:
        if hasattr(thing, "aclose"):
            await thing.aclose()
        elif hasattr(thing, "close"):
            thing.close()


@dataclass(frozen=True)
class Plan:
    """The outline, the sections that rendered themselves, and a task for each leaf of the others.

    `rendered` and `tasks` go by the section's place in the outline. `--dry-run` shows it, a run carries it out.
    """

    outline: Outline
    rendered: dict[int, list[Block]]
    tasks: dict[int, list[Task]]
    counter: TokenCounter
    templates: Templates
    seal: Seal | None = None

    @property
    def calls(self) -> list[Task]:
        """Every leaf that a writer has to write, in order."""
        return [task for place in sorted(self.tasks) for task in self.tasks[place]]

    def place(self, task: Task) -> int:
        """The leaf's number among them, from 0."""
        return next(number for number, each in enumerate(self.calls) if each.leaf is task.leaf)


def make_writer(settings: Settings, registry: Registry) -> Writer:
    """The writer that the settings choose.

    Raises:
        SettingsError: there is none of this name, or it cannot be made of these settings.
    """
    factory = registry.writers.get(settings.writer_name)
    if factory is None:
        raise SettingsError(
            f"没有名为“{settings.writer_name}”的写作器，可用的有 {'、'.join(registry.writers)}"
        )
    return factory(settings)


def asking_at_once(writer: Writer, settings: Settings) -> int:
    """Requests of a batch that may be with the writer together: some more than calls where it counts calls itself.

    Each call that ends is then followed by the next at once, whatever drafter is at.
    """
    spare = max(1, settings.concurrency // 4) if getattr(writer, "paces_calls", False) else 0
    return settings.concurrency + spare


def make_plan(run: Run) -> Plan:
    """Everything before the first call.

    Raises:
        InputError: the outline, a template, the corpus or a section's plugin is at fault, or facts do not fit.
    """
    load_events(run.settings.period_lexicon)  # a wrong line is told before anything is paid for
    outline = make_outline(run.ledger, run.registry, length=run.settings.length)
    rendered = {
        place: blocks
        for place, planned in enumerate(outline.sections)
        if (blocks := _rendered(run, planned)) is not None
    }
    seal = _seal(run)
    templates = Templates(run.settings.prompts, sealed=seal is not None)
    counter = TokenCounter(run.settings.model, ratio=_ratio(run))
    written = {place: planned for place, planned in enumerate(outline.sections) if place not in rendered}
    tasks = make_tasks(
        run.ledger,
        written,
        run.retriever,
        run.settings,
        templates,
        counter,
        prompted=run.prompted,
        comparison=run.comparison,
        seal=seal,
    )
    return Plan(outline, rendered, tasks, counter, templates, seal)


def _seal(run: Run) -> Seal | None:
    """What seals this report; None where it goes out open, or goes to nobody but the embedded writer."""
    settings = run.settings
    if not settings.seal or isinstance(run.writer, OfflineWriter):
        return None
    never = (*settings.unsealed_words, *settings.common_names)
    return Seal(run.ledger, run.comparison, always=settings.sealed_words, never=never)


def _rendered(run: Run, planned: PlannedSection) -> list[Block] | None:
    try:
        blocks = planned.section.render(SectionContext(run.ledger, planned.facts, planned.heading))
        if blocks is None:
            return None
        blocks = list(blocks)
        if not all(isinstance(block, Block) for block in blocks):
            raise TypeError("render 应返回 Block 的列表")
    except (Exception, SystemExit) as error:  # the plugin border: a stranger's section may raise anything
        name = f"{type(error).__name__}: {error}"
        raise PluginError(
            f"章节 {planned.name} 自己排版时出错（{name}）；请修好它，或在提纲里去掉"
        ) from error
    return blocks


def _ratio(run: Run) -> float:
    """Tokens a byte as last observed: what this report began with, so that its prompts and keys stay the same."""
    noted = run.journal.note(ratio_note(run.settings)) if run.journal else None
    if noted is not None:
        return float(noted)
    return known_ratio(run.settings.base_url, run.settings.model) if run.prompted else 0.0

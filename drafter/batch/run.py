"""Drafts the reports of a batch together: the calls of all share one pace and one budget, in the order of the jobs.

A report that fails is told and left; one that was finished before, from the same facts and settings, is not drafted again.
Of a finished report only its row stays in memory.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drafter.batch.jobs import Job, find_jobs
from drafter.batch.rows import BatchRow
from drafter.batch.summary import write_summary
from drafter.drafting import Journal, asking_at_once, make_plan, make_writer, prepare, refuse_in_loop
from drafter.drafting.desk import Desk
from drafter.drafting.folder import Place, folder_place
from drafter.drafting.gate import Gate
from drafter.drafting.meter import Purse, batch_purse
from drafter.drafting.run import close_all
from drafter.errors import DrafterError, EndpointError, LimitReached, OutputError
from drafter.inputs import CorpusLike, earlier_facts, open_retriever, refuse_unknown_checks
from drafter.plugins import Registry, Retriever, Writer, load_registry
from drafter.settings import Settings, load_settings

NOTE = "batch"
"""The name of the journal's note about the report that stands beside it."""
GIVEN_UP = 3
"""Reports in a row that the endpoint fails before no further one is begun."""
_NOT_WHAT = frozenset(
    {
        "api_key",
        "embeddings_api_key",
        "concurrency",
        "requests_per_minute",
        "tokens_per_minute",
        "timeout",
        "stall",
    }
    | {"deadline", "attempts", "budget_tokens", "budget_money", "batch_budget_tokens", "batch_budget_money"}
    | {"price_input", "price_cached", "price_output", "currency"}
)
"""Settings that change how a report is made, and not what it says."""


@dataclass(frozen=True)
class BatchProgress:
    """A report has come to an end, as `row` says, or has begun (`row.status` is "waiting")."""

    row: BatchRow
    done: int
    total: int


OnBatchProgress = Callable[[BatchProgress], None]


@dataclass
class Fuse:
    """Says when no further report is begun, and why (`blown`): a server that fails one report after another is away."""

    failures: int = 0
    blown: str = ""

    def note(self, row: BatchRow) -> None:
        """Look at a report that has come to an end."""
        self.failures = 0 if row.status != "stopped" else self.failures + 1
        if self.failures >= GIVEN_UP:
            self.blown = f"没有开始：接口连续失败（{row.message}）"


@dataclass
class _Batch:
    """What the reports of a batch share."""

    out: Path
    settings: Settings
    registry: Registry
    writer: Writer
    retriever: Retriever | None
    fresh: bool
    force: bool
    tell: OnBatchProgress
    rows: list[BatchRow]
    purse: Purse
    gate: Gate
    desk: Desk = field(default_factory=Desk)
    fuse: Fuse = field(default_factory=Fuse)
    done: int = 0


async def adraft_batch(
    facts: Sequence[str | Path],
    out: str | Path,
    *,
    previous: str | Path | None = None,
    corpus: CorpusLike | None = None,
    writer: Writer | None = None,
    settings: Settings | None = None,
    registry: Registry | None = None,
    fresh: bool = False,
    force: bool = False,
    on_progress: OnBatchProgress | None = None,
) -> list[BatchRow]:
    """Draft a report of each facts file into a folder of its own below `out`, and write the summary there.

    Args:
        facts: facts files, folders of them, patterns.
        out: the folder of the batch; each report has one in it, named after its facts file.
        previous: an earlier period's facts file, or a folder of them in which each report's has the name of its own.
        corpus: past reports for all of them.
        writer: who writes; by default what the settings choose.
        settings: by default gathered from the settings files and the environment; `concurrency` counts over all reports.
        registry: by default the built-in plugins and those installed.
        fresh: draft finished reports again, and do not use what their journals have.
        force: overwrite files that a person has changed.
        on_progress: told when a report begins and ends.

    Returns:
        A row for each report, in the order of the jobs. A report that failed is in it; nothing is raised for it.

    Raises:
        InputError: nothing can be drafted at all: no facts files, a wrong setting, a corpus that cannot be read.
    """
    settings = with_previous(settings or load_settings(), previous)
    registry = registry or load_registry(settings.plugins)
    out = Path(out)
    jobs = checked_jobs(facts, out, settings, registry)
    purse = batch_purse(settings)
    made: list[Any] = []
    if writer is None:
        writer = make_writer(settings, registry)
        made.append(writer)
    make_folder(out)
    retriever = open_retriever(corpus, settings, registry)
    if retriever is not corpus:
        made.append(retriever)
    batch = _Batch(
        out=out,
        settings=settings,
        registry=registry,
        writer=writer,
        retriever=retriever,
        fresh=fresh,
        force=force,
        tell=on_progress or (lambda event: None),
        rows=[BatchRow(facts=str(job.facts), folder=str(out / job.name)) for job in jobs],
        purse=purse,
        gate=Gate(asking_at_once(writer, settings)),
    )
    try:
        await _all(batch, jobs)
    finally:
        await close_all(made)
        write_summary(batch.rows, out)
    return batch.rows


def draft_batch(
    facts: Sequence[str | Path],
    out: str | Path,
    *,
    previous: str | Path | None = None,
    corpus: CorpusLike | None = None,
    writer: Writer | None = None,
    settings: Settings | None = None,
    registry: Registry | None = None,
    fresh: bool = False,
    force: bool = False,
    on_progress: OnBatchProgress | None = None,
) -> list[BatchRow]:
    """`adraft_batch` for code without an event loop; takes the same arguments.

    Raises:
        InputError: as `adraft_batch`.
        DrafterError: an event loop is running already, such as a notebook's.
    """
    refuse_in_loop("adraft_batch")
    return asyncio.run(
        adraft_batch(
            facts,
            out,
            previous=previous,
            corpus=corpus,
            writer=writer,
            settings=settings,
            registry=registry,
            fresh=fresh,
            force=force,
            on_progress=on_progress,
        )
    )


async def _all(batch: _Batch, jobs: Sequence[Job]) -> None:
    """Every job, so many at once that each place for a leaf has a report, and one more that is getting ready."""
    todo = iter(enumerate(jobs))

    async def worker() -> None:
        for place, job in todo:
            if batch.fuse.blown:
                batch.rows[place].message = batch.fuse.blown
                continue
            await _one(batch, place, job)

    at_once = min(len(jobs), asking_at_once(batch.writer, batch.settings) + 1)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(worker())
    except BaseExceptionGroup as several:
        # a callback's fault; what ends one report is in its row
        raise several.exceptions[0] from None


async def _one(batch: _Batch, place: int, job: Job) -> None:
    row = batch.rows[place]
    batch.tell(BatchProgress(row, batch.done, len(batch.rows)))
    try:
        row = await _draft(batch, row, job)
    except asyncio.CancelledError:
        said = "被中断；已收到的内容存在日志里，再次运行即可接着写"
        batch.rows[place] = row.model_copy(update={"status": "stopped", "exit_status": 130, "message": said})
        raise
    except EndpointError as error:
        row = row.model_copy(update={"status": "stopped", "exit_status": 3, "message": str(error)})
        if isinstance(error, LimitReached) and error.shared:
            batch.fuse.blown = f"没有开始：{batch.purse.of}的预算已用完"
    except DrafterError as error:
        row = row.model_copy(
            update={"status": "failed", "exit_status": error.exit_status, "message": str(error)}
        )
    except Exception as error:  # noqa: BLE001 - one report's fault, even ours, must not cost the others
        said = f"drafter 自身出错（{type(error).__name__}: {error}）；请单独起草这一份并加 --debug，把输出报告给我们"
        row = row.model_copy(update={"status": "failed", "exit_status": 70, "message": said})
    batch.rows[place] = row
    if not (batch.fuse.blown or row.earlier):
        batch.fuse.note(row)
    batch.done += 1
    batch.tell(BatchProgress(row, batch.done, len(batch.rows)))


async def _draft(batch: _Batch, row: BatchRow, job: Job) -> BatchRow:
    """The report of one job, unless it is finished already."""
    target = folder_place(batch.out / job.name, batch.settings, batch.registry)
    with ExitStack() as opened:
        async with batch.desk.turn():
            run = prepare(
                job.facts,
                corpus=batch.retriever,
                writer=batch.writer,
                settings=batch.settings,
                registry=batch.registry,
                refresh=tuple(batch.registry.sections) if batch.fresh else (),
            )
        run.share(batch.purse, batch.gate, batch.desk)
        target.open(run, opened)
        before = None if batch.fresh else finished(run.journal, job.facts, batch.settings, target)
        if before is not None:
            return before.model_copy(update={"facts": row.facts, "folder": row.folder, "earlier": True})
        async with batch.desk.turn():
            plan = make_plan(run)
        target.make_ready(run, opened, force=batch.force)
        report = await target.carry_out(run, plan, force=batch.force)
        row = row.drafted(report)
        assert run.journal is not None
        digest = _digest(job.facts, batch.settings)
        run.journal.keep_note(NOTE, json.dumps({"digest": digest, "row": row.model_dump(mode="json")}))
        return row


def with_previous(settings: Settings, previous: str | Path | None) -> Settings:
    """The settings with the earlier period's facts that were named here."""
    return settings if previous is None else settings.model_copy(update={"previous": str(previous)})


def _digest(facts: Path, settings: Settings) -> str:
    """What a finished report was made from: its facts, the earlier ones as they stand, and what shapes a report."""
    from drafter import __version__

    earlier = earlier_facts(facts, settings.previous or None)
    try:
        content = facts.read_bytes() + (Path(str(earlier)).read_bytes() if earlier else b"")
    except OSError:
        content = b""  # loading it says what is wrong
    # where a model that has a name is served does not matter, as in the journal's keys
    places = {"base_url"} if settings.model else set()
    shaping = settings.model_dump(
        mode="json", exclude={*_NOT_WHAT, *places, "embeddings_base_url", "previous"}
    )
    plain = json.dumps([__version__, shaping], sort_keys=True).encode()
    return hashlib.sha256(hashlib.sha256(content).digest() + plain).hexdigest()


def checked_jobs(facts: Sequence[str | Path], out: Path, settings: Settings, registry: Registry) -> list[Job]:
    """The jobs, after what would be wrong with every one of them has been told once.

    Raises:
        InputError: no facts files, a wrong format, an unknown check.
    """
    jobs = find_jobs(facts)
    folder_place(out, settings, registry)
    refuse_unknown_checks(settings.checks, registry)
    return jobs


def finished(journal: Journal | None, facts: Path, settings: Settings, target: Place) -> BatchRow | None:
    """The row of a report that was finished from the same, and whose files are still there; None otherwise."""
    noted = journal.note(NOTE) if journal is not None else None
    if noted is None or not all(path.is_file() for path in target.targets):
        return None
    try:
        note = json.loads(noted)
        return BatchRow.model_validate(note["row"]) if note["digest"] == _digest(facts, settings) else None
    except (ValueError, KeyError, TypeError):
        return None  # of another version


def make_folder(out: Path) -> None:
    """Make an output folder.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{out}：建不了输出文件夹（{error.strerror}）；请检查权限，或用 -o 换个地方"
        ) from None

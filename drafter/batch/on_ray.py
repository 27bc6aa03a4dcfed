"""The reports of a batch as tasks of a Ray cluster; the extra `drafter[ray]`.

A task is one report: it gets the facts and the journal so far, drafts in a folder of its own node with the journal there
(one file, one writer), and gives back what it wrote. A node that is lost takes its unfinished journals with it; its
reports are begun again elsewhere. Keys do not travel: each node takes them from its own settings or environment.
"""

from __future__ import annotations

import re
import socket
import tempfile
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from drafter.batch.jobs import Job
from drafter.batch.rows import BatchRow
from drafter.batch.run import (
    BatchProgress,
    Fuse,
    OnBatchProgress,
    checked_jobs,
    draft_batch,
    finished,
    make_folder,
    with_previous,
)
from drafter.batch.summary import replace_file, write_summary
from drafter.drafting import Journal
from drafter.drafting.folder import Place, folder_place
from drafter.drafting.journal import lock_of
from drafter.drafting.meter import cost
from drafter.errors import DrafterError, SettingsError
from drafter.exporters.files import refuse_changed
from drafter.facts import load_facts
from drafter.inputs import earlier_facts
from drafter.plugins import Registry, load_registry
from drafter.report import Usage
from drafter.settings import Settings, load_settings

RETRIES = 5
"""How often a report is begun again on another node when its own is lost."""
_CONNECT = 10.0
"""Seconds in which the cluster's address must take a connection."""
_OWN = ("api_key", "embeddings_api_key")
"""Settings that a node has of its own."""


@dataclass(frozen=True)
class _Share:
    """What one of so many tasks at once may have of the pace; the server sees all of them together."""

    tasks: int

    def of(self, settings: Settings, spent: Usage) -> Settings:
        """The settings of a task: its share of calls, requests, tokens a minute, and of what is left of the budget."""
        changed: dict[str, Any] = {"concurrency": max(1, settings.concurrency // self.tasks)}
        for name in ("requests_per_minute", "tokens_per_minute"):
            if whole := getattr(settings, name):
                changed[name] = max(1, whole // self.tasks)
        if settings.batch_budget_tokens:
            left = max(1, (settings.batch_budget_tokens - spent.total) // self.tasks)
            changed["budget_tokens"] = min(left, settings.budget_tokens or left)
        if settings.batch_budget_money:
            money = max(1e-9, (settings.batch_budget_money - cost(spent, settings)) / self.tasks)
            changed["budget_money"] = min(money, settings.budget_money or money)
        return settings.model_copy(update={**changed, "batch_budget_tokens": 0, "batch_budget_money": 0.0})


def draft_batch_on_ray(
    facts: Sequence[str | Path],
    out: str | Path,
    *,
    address: str,
    previous: str | Path | None = None,
    corpus: Sequence[str | Path] | None = None,
    settings: Settings | None = None,
    registry: Registry | None = None,
    fresh: bool = False,
    force: bool = False,
    on_progress: OnBatchProgress | None = None,
) -> list[BatchRow]:
    """`draft_batch` on a Ray cluster.

    Args:
        facts: facts files, folders of them, patterns; of this machine.
        out: the folder of the batch, on this machine.
        address: the cluster's, as of `ray.init`: `host:port`, `auto`, or `local` for one of this process.
        previous: as of `draft_batch`; of this machine.
        corpus: paths of stores or folders, which every node must have.
        settings: shared by all nodes but for the keys.
        registry: the plugins of this machine; every node loads its own by the same settings.
        fresh: draft finished reports again.
        force: overwrite files that a person has changed.
        on_progress: told when a report begins and ends.

    Raises:
        InputError: as `draft_batch`; Ray is not installed, or there is no cluster at the address.
    """
    settings = with_previous(settings or load_settings(), previous)
    registry = registry or load_registry(settings.plugins)
    out = Path(out)
    jobs = checked_jobs(facts, out, settings, registry)
    ray = _connected(address)
    try:
        make_folder(out)
        rows = [BatchRow(facts=str(job.facts), folder=str(out / job.name)) for job in jobs]
        driver = _Driver(
            ray, out, settings, registry, fresh, force, on_progress or (lambda event: None), rows
        )
        try:
            driver.run(jobs, [str(Path(path).resolve()) for path in corpus or ()])
        finally:
            write_summary(rows, out)
    finally:
        ray.shutdown()
    return rows


def _connected(address: str) -> Any:
    """Ray, connected to the cluster."""
    try:
        ray = import_module("ray")
    except ImportError:
        raise SettingsError("--ray 需要 Ray：请先 pip install 'ray>=2.44'（各机器上都要）") from None
    try:
        if found := re.fullmatch(r"(\[?[\w.:-]+\]?):(\d+)", address):
            # Ray itself would try for minutes
            socket.create_connection((found[1].strip("[]"), int(found[2])), timeout=_CONNECT).close()
        ray.init(address=address, namespace="drafter", log_to_driver=False, logging_level="error")
    except (OSError, ValueError, RuntimeError) as error:
        said = " ".join(str(error).split())[:120]
        raise SettingsError(
            f"--ray：连不上 Ray 集群 {address}（{said}）；请核对地址，先在各机器上 ray start"
        ) from None
    return ray


@dataclass
class _Driver:
    """Hands out the reports, and writes down what comes back."""

    ray: Any
    out: Path
    settings: Settings
    registry: Registry
    fresh: bool
    force: bool
    tell: OnBatchProgress
    rows: list[BatchRow]
    fuse: Fuse = field(default_factory=Fuse)
    spent: Usage = field(default_factory=Usage)
    done: int = 0

    def run(self, jobs: Sequence[Job], corpus: list[str]) -> None:
        """Every job, as many at once as the cluster has processors and the pace has calls."""
        processors = int(self.ray.cluster_resources().get("CPU", 1))
        share = _Share(max(1, min(len(jobs), processors, self.settings.concurrency)))
        task = self.ray.remote(report_task).options(
            num_cpus=1, max_retries=RETRIES, scheduling_strategy="SPREAD"
        )
        waiting = deque(enumerate(jobs))
        flying: dict[Any, tuple[int, Job]] = {}
        while waiting or flying:
            while waiting and len(flying) < share.tasks:
                place, job = waiting.popleft()
                if sent := self._sent(place, job):
                    own = share.of(self.settings, self.spent).model_dump(
                        mode="json", exclude={*_OWN, "previous"}
                    )
                    flying[task.remote(*sent, corpus, own)] = place, job
            if not flying:
                continue
            [ready], _ = self.ray.wait(list(flying), num_returns=1)
            place, job = flying.pop(ready)
            self._ended(place, self._received(place, job, ready))

    def _sent(self, place: int, job: Job) -> tuple[Any, ...] | None:
        """What a task needs of a job; None when there is nothing to be done for it, or nothing can be."""
        row = self.rows[place]
        budget = self.settings.batch_budget_tokens, self.settings.batch_budget_money
        if not self.fuse.blown and (
            (budget[0] and self.spent.total >= budget[0])
            or (budget[1] and cost(self.spent, self.settings) >= budget[1])
        ):
            self.fuse.blown = "没有开始：这一批报告的预算已用完"
        if self.fuse.blown:
            row.message = self.fuse.blown
            return None
        self.tell(BatchProgress(row, self.done, len(self.rows)))
        try:
            load_facts(job.facts)
            target = self._target(job)
            content, journal = job.facts.read_bytes(), b""
            found = earlier_facts(job.facts, self.settings.previous or None)
            earlier = (Path(str(found)).suffix, Path(str(found)).read_bytes()) if found else None
            if target.journal.is_file():
                with Journal(target.journal) as kept:
                    before = None if self.fresh else finished(kept, job.facts, self.settings, target)
                    if before is not None:
                        same = {"facts": row.facts, "folder": row.folder, "earlier": True}
                        self._ended(place, before.model_copy(update=same))
                        return None
                    if not self.force:
                        refuse_changed(target.targets, kept.written)
                journal = target.journal.read_bytes()
            elif not self.force:
                refuse_changed(target.targets, lambda name: ())
        except DrafterError as error:
            self._ended(place, _failed(row, error))
            return None
        return job.name, job.facts.suffix, content, journal, earlier, self.fresh

    def _received(self, place: int, job: Job, ready: Any) -> BatchRow:
        """The row of a task that has ended, and its files in their place."""
        row = self.rows[place]
        try:
            told, files = self.ray.get(ready)
        except self.ray.exceptions.RayError as error:
            said = " ".join(str(error).split())[:200]
            message = f"节点出错或丢失，重试 {RETRIES} 次仍未完成（{type(error).__name__}: {said}）"
            return row.model_copy(update={"status": "stopped", "exit_status": 3, "message": message})
        back = BatchRow.model_validate(told).model_copy(update={"facts": row.facts, "folder": row.folder})
        self.spent += back.tokens
        try:
            self._put(self._target(job), files)
        except DrafterError as error:
            return _failed(back, error)
        return back

    def _put(self, target: Place, files: Mapping[str, bytes]) -> None:
        """Write a report's files: the journal, which knows them, before the others."""
        name = target.journal.name
        make_folder(target.folder)
        with lock_of(target.journal):
            replace_file(target.journal, files[name], 0o600)
        with Journal(target.journal) as journal:
            if not self.force:
                refuse_changed(target.targets, journal.written)
        for path in target.targets:
            if path.name in files:
                replace_file(path, files[path.name])

    def _target(self, job: Job) -> Place:
        return folder_place(self.out / job.name, self.settings, self.registry)

    def _ended(self, place: int, row: BatchRow) -> None:
        self.rows[place] = row
        if not row.earlier:
            self.fuse.note(row)
        self.done += 1
        self.tell(BatchProgress(row, self.done, len(self.rows)))


def _failed(row: BatchRow, error: DrafterError) -> BatchRow:
    return row.model_copy(
        update={"status": "failed", "exit_status": error.exit_status, "message": str(error)}
    )


def report_task(
    name: str,
    suffix: str,
    facts: bytes,
    journal: bytes,
    earlier: tuple[str, bytes] | None,
    fresh: bool,
    corpus: list[str],
    shared: dict[str, Any],
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """One report on a node: its row, and its files by name.

    Args:
        name: of the report's folder.
        suffix: of the facts file.
        facts: the facts file.
        journal: the journal so far; empty for none.
        earlier: the ending and the content of the earlier period's facts file; None without one.
        fresh: whether what it has is not used.
        corpus: paths on the node.
        shared: settings of the batch; the node's own keys are added to them.
    """
    own = load_settings()
    settings = Settings(**shared, **{each: getattr(own, each) for each in _OWN})
    with tempfile.TemporaryDirectory(prefix="drafter-") as place:
        folder = Path(place) / "out" / name
        folder.mkdir(parents=True)
        source = Path(place) / f"{name}{suffix}"
        source.write_bytes(facts)
        before = None
        if earlier:
            before = Path(place) / f"previous{earlier[0]}"
            before.write_bytes(earlier[1])
        if journal:
            (folder / "journal.sqlite").write_bytes(journal)
        # what a person may have changed was looked at where the files are
        [row] = draft_batch(
            [source],
            folder.parent,
            previous=before,
            corpus=corpus or None,
            settings=settings,
            fresh=fresh,
            force=True,
        )
        files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    return row.model_dump(mode="json"), files

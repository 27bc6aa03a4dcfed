"""Reads journals: which runs there were, what each asked and was answered, and what was decided about each leaf."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from drafter.drafting.journal import Journal, in_use
from drafter.errors import OutputError
from drafter.report import RepairStep, Usage

_DEPTH = 2
"""Folders below the one that is searched; an output folder lies beside its facts."""


@dataclass(frozen=True)
class RunRecord:
    """One run as its journal has it. Times are UTC; `killed` is the status of one that never came to an end."""

    journal: Path
    id: str
    title: str
    writer: str
    model: str
    url: str
    drafter: str
    status: str
    summary: str
    started: str
    finished: str | None

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {**vars(self), "journal": str(self.journal)}


@dataclass(frozen=True)
class CallRecord:
    """One call: what left the machine (`body`), and what came back. `kept` when this run took it from the journal.

    `received` is None where no answer came; `fault` then says why, or is empty when the run was ended first.
    """

    number: int
    section: str
    heading: str
    purpose: str
    url: str
    body: dict[str, Any]
    sent: str
    received: str | None
    text: str
    finish: str
    model: str
    usage: Usage
    seconds: float
    fault: str
    kept: bool

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {**vars(self), "usage": self.usage.model_dump()}


@dataclass(frozen=True)
class LeafRecord:
    """One leaf of a run: its calls, the decisions of repair, and its text as it was finished (None if it was not)."""

    section: str
    heading: str
    calls: tuple[CallRecord, ...]
    steps: tuple[RepairStep, ...]
    text: str | None
    writer: str

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            **vars(self),
            "calls": [call.to_json() for call in self.calls],
            "steps": [step.model_dump(mode="json") for step in self.steps],
        }


def find_journals(place: Path) -> list[Path]:
    """The journals at a place: the file itself, or those in the folder and up to two folders below it."""
    if place.is_file():
        return [place]
    patterns = ("/".join(["*"] * depth + [name]) for depth in range(_DEPTH + 1) for name in _NAMES)
    return sorted({path for pattern in patterns for path in place.glob(pattern) if path.is_file()})


_NAMES = ("journal.sqlite", "*.journal.sqlite")


def read_runs(journals: Sequence[Path]) -> list[RunRecord]:
    """Every run of these journals, the latest last.

    Raises:
        OutputError: a file is no journal.
    """
    return sorted((run for path in journals for run in _runs(path)), key=lambda run: run.started)


def _runs(path: Path) -> Iterator[RunRecord]:
    alive = in_use(path)
    with Journal(path, read_only=True) as journal:
        if not journal.rows("SELECT 1 FROM sqlite_master WHERE name = 'runs'"):
            return  # of the first format, which noted no runs
        names = (
            "id",
            "title",
            "writer",
            "model",
            "url",
            "drafter",
            "status",
            "summary",
            "started",
            "finished",
        )
        for row in journal.rows(f"SELECT {', '.join(names)} FROM runs"):
            values = dict(zip(names, row, strict=True))
            if values["status"] == "running" and not alive:
                values["status"] = "killed"
            yield RunRecord(journal=path, **values)


def read_leaves(run: RunRecord) -> list[LeafRecord]:
    """The leaves of one run in the order of the report; one that was begun only stands behind those."""
    with Journal(run.journal, read_only=True) as journal:
        names = [each.name for each in fields(CallRecord)]
        calls = [
            _call(dict(zip(names, row, strict=True)))
            for row in journal.rows(
                f"SELECT {', '.join(names)} FROM calls JOIN uses ON call = number WHERE run = ? ORDER BY number",
                (run.id,),
            )
        ]
        steps = [
            (section, heading, RepairStep.model_validate_json(step))
            for section, heading, step in journal.rows(
                "SELECT section, heading, step FROM steps WHERE run = ? ORDER BY number", (run.id,)
            )
        ]
        finished = {
            (section, heading): (text, writer)
            for section, heading, text, writer in journal.rows(
                "SELECT section, heading, text, writer FROM leaves WHERE run = ? ORDER BY place", (run.id,)
            )
        }
    leaves = dict.fromkeys([*finished, *((call.section, call.heading) for call in calls)])
    return [
        LeafRecord(
            *name,
            calls=tuple(call for call in calls if (call.section, call.heading) == name),
            steps=tuple(step for section, heading, step in steps if (section, heading) == name),
            text=finished[name][0] if name in finished else None,
            writer=finished[name][1] if name in finished else run.writer,
        )
        for name in leaves
    ]


def _call(values: dict[str, Any]) -> CallRecord:
    read = {
        "body": json.loads(values["body"]),
        "usage": Usage(**json.loads(values["usage"])),
        "kept": bool(values["kept"]),
    }
    return CallRecord(**values | read)


def outgoing(run: RunRecord) -> list[CallRecord]:
    """The calls that this run sent, in order: exactly what left the machine for it, keys apart."""
    calls = (call for leaf in read_leaves(run) for call in leaf.calls if not call.kept)
    return sorted(calls, key=lambda call: call.number)


def choose_run(name: str | None, folder: Path) -> tuple[list[RunRecord], bool]:
    """The runs that a name stands for: an output place, a facts file, or the beginning of a run's id.

    Args:
        name: None for all runs below `folder`.
        folder: where ids are looked for.

    Returns:
        The runs, the latest last, and whether one was named by its id.

    Raises:
        OutputError: there is no such run.
    """
    if name is not None and (folder / name).exists():
        place = folder / name
        beside = place.with_name(f"{place.stem}-draft")
        own = place.with_name(f"{place.name}.journal.sqlite")
        if place.is_file() and place.suffix != ".sqlite":
            place = own if own.is_file() else beside if beside.is_dir() else place.parent
        runs = read_runs(find_journals(place))
        if not runs:
            raise OutputError(f"{name}：这里没有起草的记录；请给出输出文件夹，或先运行 drafter draft")
        return runs, False
    runs = read_runs(find_journals(folder))
    if name is None:
        if not runs:
            raise OutputError(f"{folder} 及其下没有起草的记录；请给出输出文件夹，如 drafter log facts-draft")
        return runs, False
    chosen = [run for run in runs if run.id.startswith(name)]
    if len(chosen) != 1:
        found = "有不止一次" if chosen else "没有"
        raise OutputError(f"{name}：{found}这样的起草记录；运行 drafter log 列出编号，或给出输出文件夹")
    return chosen, True

"""Reads journals: which runs there were, what each asked and was answered, and what was decided about each leaf."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from drafter.drafting.journal import ELSEWHERE, SEAL, Journal, in_use
from drafter.errors import OutputError
from drafter.report import RepairStep, Usage

_NAMES = ("journal.sqlite", "*.journal.sqlite")
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


def read_runs(journals: Sequence[Path]) -> tuple[list[RunRecord], list[str]]:
    """Every run of these journals, the latest last, and a line for each journal that cannot be read."""
    runs: list[tuple[str, RunRecord]] = []
    unread: list[str] = []
    for path in journals:
        latest = ""
        try:
            for run in _runs(path):
                # a clock that was set back makes no run of a journal older than the one before it
                latest = max(latest, run.started)
                runs.append((latest, run))
        except OutputError as error:
            unread.append(str(error))
    return [run for _, run in sorted(runs, key=lambda each: each[0])], unread


def _runs(path: Path) -> list[RunRecord]:
    alive = in_use(path)
    names = ("id", "title", "writer", "model", "url", "drafter", "status", "summary", "started", "finished")
    found = []
    with _reading(path) as journal:
        if not journal.rows("SELECT 1 FROM sqlite_master WHERE name = 'runs'"):
            return []  # of the first format, which noted no runs
        for row in journal.rows(f"SELECT {', '.join(names)} FROM runs ORDER BY rowid"):
            values = dict(zip(names, row, strict=True))
            if values["status"] == "running" and not alive:
                values["status"] = "killed"
            datetime.fromisoformat(values["started"])
            if not all(isinstance(value, str) for name, value in values.items() if name != "finished"):
                raise ValueError("runs")
            found.append(RunRecord(journal=path, **values))
    return found


def read_leaves(run: RunRecord) -> list[LeafRecord]:
    """The leaves of one run in the order of the report.

    Raises:
        OutputError: the journal is not as drafter writes it.
    """
    with _reading(run.journal) as journal:
        calls: dict[int, list[CallRecord]] = {}
        for place, call in _calls(journal, run):
            if place != ELSEWHERE:
                calls.setdefault(place, []).append(call)
        steps: dict[int, list[RepairStep]] = {}
        for place, step in journal.rows(
            "SELECT place, step FROM steps WHERE run = ? ORDER BY number", (run.id,)
        ):
            steps.setdefault(place, []).append(RepairStep.model_validate_json(step))
        finished = {
            place: row
            for place, *row in journal.rows(
                "SELECT place, section, heading, text, writer FROM leaves WHERE run = ?", (run.id,)
            )
        }
    leaves = []
    for place in sorted({*calls, *finished}):
        asked = tuple(calls.get(place, ()))
        if place in finished:
            section, heading, text, writer = finished[place]
        else:
            section, heading, text, writer = asked[0].section, asked[0].heading, None, run.writer
        leaves.append(LeafRecord(section, heading, asked, tuple(steps.get(place, ())), text, writer))
    return leaves


@contextmanager
def _reading(path: Path) -> Iterator[Journal]:
    """The journal to read; whatever in it is not as drafter writes it becomes one line."""
    try:
        with Journal(path, read_only=True) as journal:
            yield journal
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        said = str(error).splitlines()[0][:80]
        raise OutputError(f"{path}：日志里有看不懂的内容（{said}）；它可能被别的程序改过") from None


def _calls(journal: Journal, run: RunRecord) -> Iterator[tuple[int, CallRecord]]:
    """The calls of a run in order, each with the number of its leaf."""
    names = [each.name for each in fields(CallRecord)]
    for place, *row in journal.rows(
        f"SELECT place, {', '.join(names)} FROM calls JOIN uses ON call = number WHERE run = ? ORDER BY number",
        (run.id,),
    ):
        yield place, _call(dict(zip(names, row, strict=True)))


def _call(values: dict[str, Any]) -> CallRecord:
    body = json.loads(values["body"])
    messages = body.get("messages", [])
    if not all(isinstance(each, dict) for each in messages):
        raise ValueError("messages")
    for name in ("text", "section", "heading", "purpose", "url", "fault", "sent"):
        if not isinstance(values[name], str):
            raise ValueError(name)
    read = {
        "body": body,
        "usage": Usage(**json.loads(values["usage"])),
        "kept": bool(values["kept"]),
    }
    return CallRecord(**values | read)


def outgoing(run: RunRecord) -> list[CallRecord]:
    """The requests that this run sent, in order: exactly what left the machine for it, keys apart.

    Raises:
        OutputError: the journal is not as drafter writes it.
    """
    with _reading(run.journal) as journal:
        return [call for _, call in _calls(journal, run) if not call.kept]


def seal_of(run: RunRecord) -> list[dict[str, Any]]:
    """The seal map of a run's report: which words each slot stands for; empty where nothing was sealed.

    Raises:
        OutputError: the journal is not as drafter writes it.
    """
    with _reading(run.journal) as journal:
        kept = journal.note(SEAL)
        rows: list[dict[str, Any]] = json.loads(kept) if kept else []
        return rows


def choose_run(name: str | None, folder: Path) -> tuple[list[RunRecord], bool, list[str]]:
    """The runs that a name stands for: an output place, a facts file, or the beginning of a run's id.

    Args:
        name: None for all runs below `folder`.
        folder: where ids are looked for.

    Returns:
        The runs, the latest last; whether one was named by its id; and a line for each journal that cannot be read.

    Raises:
        OutputError: there is no such run.
    """
    if name is not None and (folder / name).exists():
        place = folder / name
        beside = place.with_name(f"{place.stem}-draft")
        own = place.with_name(f"{place.name}.journal.sqlite")
        if place.is_file() and place.suffix != ".sqlite":
            place = own if own.is_file() else beside if beside.is_dir() else place.parent
        runs, unread = read_runs(find_journals(place))
        if not runs:
            none = f"{name}：这里没有起草的记录；请给出输出文件夹，或先运行 drafter draft"
            raise OutputError(unread[0] if unread else none)
        return runs, False, unread
    runs, unread = read_runs(find_journals(folder))
    if name is None:
        if not runs:
            none = f"{folder} 及其下没有起草的记录；请给出输出文件夹，如 drafter log facts-draft"
            raise OutputError(unread[0] if unread else none)
        return runs, False, unread
    chosen = [run for run in runs if run.id.startswith(name)]
    if len(chosen) != 1:
        found = "有不止一次" if chosen else "没有"
        raise OutputError(f"{name}：{found}这样的起草记录；运行 drafter log 列出编号，或给出输出文件夹")
    return chosen, True, unread

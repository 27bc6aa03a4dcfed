"""Which facts files a batch drafts, and the name of each report's folder."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from drafter.errors import FactsError
from drafter.facts import SUFFIXES


@dataclass(frozen=True)
class Job:
    """One report: its facts file, and the name of its folder below the batch's."""

    facts: Path
    name: str


def find_jobs(places: Sequence[str | Path]) -> list[Job]:
    """The jobs of these facts files, of the facts files right in these folders, and of these patterns.

    A folder is named after its file; of files of one name in several folders each has its folder's name before it.

    Raises:
        FactsError: nothing is there, nothing matches, or two reports would share a folder.
    """
    files = list(dict.fromkeys(path for place in places for path in _files(str(place))))
    if not files:
        raise FactsError("没有事实文件；请给出 .xlsx、.csv、.json、.yaml 文件、装有它们的文件夹或通配符")
    shared = Counter(_stem(path) for path in files)
    jobs = [Job(path, _name(path, alone=shared[_stem(path)] == 1)) for path in files]
    twice = Counter(job.name.casefold() for job in jobs)
    for job in jobs:
        if twice[job.name.casefold()] > 1:
            same = "、".join(str(each.facts) for each in jobs if each.name.casefold() == job.name.casefold())
            raise FactsError(f"{same}：输出文件夹会同名（{job.name}）；请把文件改名，或分批起草")
    return jobs


def _of_no_clerk(path: Path) -> bool:
    """Whether an office program or a batch left it there: what is open in Excel or WPS, and a summary."""
    return path.name.startswith(("~$", ".~")) or path.name in ("summary.csv", "summary.json")


def _stem(path: Path) -> str:
    # 账 and 账 of another case are one folder on Windows and macOS
    return path.stem.casefold()


def _name(path: Path, *, alone: bool) -> str:
    return path.stem if alone else f"{path.resolve().parent.name}-{path.stem}"


def _files(place: str) -> Iterable[Path]:
    path = Path(place)
    if path.is_dir():
        found = sorted(
            each
            for each in path.iterdir()
            if each.suffix.lower() in SUFFIXES and each.is_file() and not _of_no_clerk(each)
        )
        if not found:
            raise FactsError(f"{path}：文件夹里没有事实文件（{'、'.join(sorted(SUFFIXES))}）")
        return found
    if path.exists() or not glob.has_magic(place):
        return [path]  # what is not there is told with its own report
    matched = sorted(Path(each) for each in glob.glob(place, recursive=True))
    if not matched:
        raise FactsError(f"{place}：没有匹配的文件")
    return [each for each in matched if each.is_file()]

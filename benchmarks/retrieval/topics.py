"""Passages for the sections of twelve ledgers, in a corpus of reports on many themes, labelled as they were written.

    python -m benchmarks.retrieval.run --only topics

`topics/README.md` describes the files. The measures are those of `task.py`; right is a passage of the role and the topic,
and a topic is its theme's own.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from benchmarks.retrieval import peers, task
from benchmarks.retrieval.labels import Label, Labelled, Unit
from benchmarks.rows import Row
from benchmarks.table import markdown
from drafter.corpus.store import open_store
from drafter.passages import Role

FOLDER = Path(__file__).parent / "topics"
PARTS = ("open", "kept")
THEMES = {
    "flood": "防汛备汛工作",
    "forest": "森林防火工作",
    "hall": "政务服务工作",
    "aged": "养老服务工作",
    "sanitation": "农村人居环境整治工作",
    "peace": "平安建设工作",
    "food": "食品安全工作",
    "jobs": "就业帮扶工作",
    "road": "农村公路养护工作",
    "clinic": "卫生健康工作",
    "land": "耕地保护工作",
    "library": "公共文化服务工作",
}
"""The ledgers' themes; the titles of the reports say them in words of their own."""


@dataclass(frozen=True)
class Set:
    """A part: its reports, each a file with labelled lines, and what is asked."""

    files: tuple[Labelled, ...]
    sections: tuple[task.Section, ...]


def read(part: str) -> Set:
    """The reports and ledgers of a part; a section for each role and topic of a ledger, with its facts and with its words."""
    files: list[Labelled] = []
    sections: list[task.Section] = []
    for path in sorted((FOLDER / part).glob("*.txt")):
        theme = path.stem
        reports: list[list[str]] = []
        facts: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for line in path.read_text(encoding="utf-8").splitlines():
            mark, _, rest = line.partition(" ")
            if mark in ("===", "---"):
                reports += [[f"frame general|{rest}"]] if mark == "===" else []
                told = mark == "---"
            elif told:
                said, _, text = line.partition("|")
                role, words, topic = said.split()
                facts[role, f"{theme} {topic}"].append((words, text))
            else:
                reports[-1].append(line)
        files += [_labelled(f"{theme}-{number}.txt", theme, lines) for number, lines in enumerate(reports, 1)]
        for (role, topic), known in facts.items():
            place = (f"{theme}-ledger", 1)
            words = tuple(dict.fromkeys(word for word, _ in known))
            asked = task.Section(place, cast(Role, role), topic, tuple(known), words, THEMES[theme])
            sections += [asked, task.Section(place, asked.role, topic, (), words, asked.theme)]
    return Set(tuple(files), tuple(sections))


def _labelled(name: str, theme: str, lines: Sequence[str]) -> Labelled:
    raw, units = "", []
    for line in lines:
        said, _, text = line.partition("|")
        role, topic = said.split()
        own = topic if topic == "general" else f"{theme} {topic}"
        units.append(Unit(len(raw), len(raw) + len(text), Label(1, True, role, own)))
        raw += f"{text}\n"
    return Labelled.of(name, raw, units)


def answers(part: Set) -> dict[str, list[task.Result]]:
    """The results of drafter, and of plain BM25 where it is installed."""
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "corpus") as corpus:
        for file in part.files:
            (Path(folder) / file.file).write_text(file.raw, encoding="utf-8")
        corpus.add([Path(folder) / file.file for file in part.files])
        found = {"drafter": task.search_drafter(corpus, part.files, part.sections)}
    if peers.installed("bm25s"):
        found[f"bm25s, chunks of {task.CHUNK}"] = task.search_chunks(part.files, part.sections)
    return found


def run() -> tuple[str, Any]:
    """The table, and the same as data."""
    found = {part: answers(read(part)) for part in PARTS}
    tools = list(found[PARTS[0]])
    rows = []
    for asked, ledger in (("with a ledger", True), ("topic words", False)):
        for measure in task.MEASURES:
            row = [f"{measure}, {asked}"]
            for part in PARTS:
                row += [task.share(_of(found[part][tool], ledger), measure) for tool in tools]
            rows.append(row)
    header = [
        "right of the first 5, over those there are",
        *(f"{part}: {tool}" for part in PARTS for tool in tools),
    ]
    asked_of = Counter(part for part in PARTS for _ in found[part]["drafter"])
    return (
        f"Sections asked: {', '.join(f'{part} {count}' for part, count in asked_of.items())}, half of them with facts. "
        f"Intervals draw whole ledgers.\n\n{markdown(header, rows)}",
        {part: _shares(found[part]) for part in PARTS},
    )


def rows(data: Any) -> list[Row]:
    """What `run` gives as data, as rows for RESULTS.md."""
    found = []
    for part, tools in data.items():
        ours, *others = tools
        for measure, score in tools[ours].items():
            beside = {tool: tools[tool][measure] for tool in others}
            found.append(
                Row(f"right of the first 5: {measure}", f"{part} ledgers", None, score, beside, better="more")
            )
    return found


def _of(results: Sequence[task.Result], ledger: bool) -> list[task.Result]:
    return [result for result in results if bool(result.section.facts) == ledger]


def _shares(found: Mapping[str, Sequence[task.Result]]) -> dict[str, dict[str, str]]:
    return {
        tool: {
            f"{measure}, {'ledger' if ledger else 'words'}": task.share(_of(results, ledger), measure)
            for measure in task.MEASURES
            for ledger in (True, False)
        }
        for tool, results in found.items()
    }

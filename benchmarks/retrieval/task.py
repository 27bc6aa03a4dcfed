"""Passages for the sections of seven real reports, each with its own report held out, by labels that were made blind.

    python -m benchmarks.retrieval.run --only task [--shared ../shared]

The query is what drafting asks: for the two reports with a ledger in ../shared/cases the section's heading, the topics
and the texts of its facts, for the others the heading and the topic's words in the codebook that the labellers had.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from benchmarks.metrics import clustered, told
from benchmarks.retrieval import peers
from benchmarks.retrieval.labels import Found, Label, Labelled, labelled
from benchmarks.rows import Row
from benchmarks.table import markdown
from drafter.corpus.store import Corpus, open_store
from drafter.corpus.tokens import bigrams
from drafter.drafting.leaves import _similar
from drafter.passages import Passage, Query, Role
from drafter.sections import Achievements, Opening, Plans, Problems

LIMIT = 5
CHUNK = 200
"""Characters of a chunk that plain BM25 searches."""
TARGETS = {"role": 0.9, "role and topic": 0.8}

TOPICS: dict[str, tuple[str, ...]] = {
    "leadership": ("组织领导", "责任制", "机制", "研判", "考核", "督查"),
    "study": ("理论学习", "中心组", "宣讲", "党员教育", "思想教育"),
    "opinion": ("舆论引导", "网络舆情", "网评", "网络安全与管控", "谣言"),
    "publicity": ("对外宣传", "投稿", "信息报道", "新媒体平台发稿", "公众号"),
    "venues": ("阵地建设与管理", "文化广场", "文明实践站", "农家书屋", "宣传栏", "广播"),
    "culture": ("文明创建", "文化活动", "移风易俗", "志愿服务", "道德模范", "核心价值观"),
    "team": ("队伍建设", "培训宣传干部", "人员与经费"),
    "safety": ("宗教", "非法传播", "扫黄打非", "邪教", "矛盾稳定"),
}
"""The labellers' topics and the words that the codebook explains them with."""
THEME = "意识形态工作"
"""The one theme of the seed reports and of both ledgers."""
SECTIONS = {section.roles[0]: section for section in (Opening(), Achievements(), Problems(), Plans())}

Report = tuple[str, int]
"""A file and the number of a report in it."""


@dataclass(frozen=True)
class Section:
    """What one report says on one topic in one role, and the ledger's facts for it as (topic, text).

    `words` are what the query has for the topic where there are no facts; `theme` is the ledger's.
    """

    report: Report
    role: Role
    topic: str
    facts: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    theme: str = ""

    @property
    def topics(self) -> tuple[str, ...]:
        """The ledger's topics, or the topic's words."""
        return tuple(dict.fromkeys(topic for topic, _ in self.facts)) or self.words


@dataclass(frozen=True)
class Part:
    """A passage or chunk that a search may give, with its labels."""

    key: str
    report: Report
    found: Found


@dataclass(frozen=True)
class Result:
    """How many of the first five are right for one section, of how many there are to find, by measure."""

    section: Section
    right: Mapping[str, int]
    wanted: Mapping[str, int]
    missed: tuple[str, ...] = ()


def sections(files: Sequence[Labelled], cases: Path) -> list[Section]:
    """One for each report, role and topic that occurs."""
    facts = _facts(files, cases)
    found = []
    for file in files:
        told = (unit.label for unit in file.units)
        for report, kept, role, topic in dict.fromkeys(told):
            if kept and topic in TOPICS and role in SECTIONS:
                key = (file.file, report)
                known = tuple(facts[key, role, topic])
                found.append(Section(key, cast(Role, role), topic, known, TOPICS[topic], THEME))
    return found


def _facts(files: Sequence[Labelled], cases: Path) -> dict[tuple[Report, str, str], list[tuple[str, str]]]:
    """The facts of the ledgers, each under the topic of the sentence of its role that it has most bigrams in common with."""
    found: dict[tuple[Report, str, str], list[tuple[str, str]]] = defaultdict(list)
    for case in sorted(cases.glob("*/notes.json")):
        notes = json.loads(case.read_text(encoding="utf-8"))
        ledger = json.loads((case.parent / "facts.json").read_text(encoding="utf-8"))
        for file in (file for file in files if file.file == notes["source"]):
            for fact in ledger["facts"]:
                label = _sentence(file, notes["part"], fact)
                if label:
                    place = ((file.file, label.report), label.role, label.topic)
                    found[place].append((fact["topic"], fact["text"]))
    return found


def _sentence(file: Labelled, report: int, fact: Mapping[str, str]) -> Label | None:
    said = bigrams(fact["topic"] + fact["text"])
    nearest = max(
        (unit for unit in file.units if (unit.label.report, unit.label.role) == (report, fact["role"])),
        key=lambda unit: len(said & bigrams(file.raw[unit.start : unit.end])),
        default=None,
    )
    return nearest.label if nearest else None


def asked(section: Section) -> Query:
    """The query that drafting makes for this section."""
    seen: list[Query] = []

    def note(query: Query) -> list[Passage]:
        seen.append(query)
        return []

    stub = cast(Any, SimpleNamespace)
    facts = [stub(text=text) for _, text in section.facts] or [stub(text="")]
    planned = SECTIONS[section.role]
    _similar(
        stub(theme=section.theme),
        stub(heading=planned.heading, section=planned),
        stub(topics=section.topics, facts=facts),
        stub(search=note),
        stub(passages=LIMIT),
        None,
    )
    return seen[0]


def passages(corpus: Corpus, files: Sequence[Labelled]) -> tuple[list[Part], dict[Report, tuple[str, ...]]]:
    """All passages of the corpus with their labels, and each report's documents."""
    by_name = {file.file: file for file in files}
    parts: list[Part] = []
    documents: dict[Report, tuple[str, ...]] = defaultdict(tuple)
    after: dict[str, int] = defaultdict(int)
    for document in corpus.documents():
        file = by_name[Path(document.source).name]
        for passage in corpus.passages_of(document.id):
            found = file.find(passage.text, after[file.file])
            after[file.file] = found.end
            report = (file.file, found.report)
            parts.append(Part(passage.id, report, found))
            if document.id not in documents[report]:
                documents[report] += (document.id,)
    return parts, documents


def chunks(files: Sequence[Labelled], length: int = CHUNK) -> Iterator[tuple[Part, str]]:
    """The raw texts in pieces of one length, with their labels."""
    for file in files:
        for start in range(0, len(file.raw), length):
            end = min(start + length, len(file.raw))
            found = file.span(start, end)
            yield Part(f"{file.file}:{start}", (file.file, found.report), found), file.raw[start:end]


def judged(section: Section, keys: Sequence[str], parts: Sequence[Part]) -> Result:
    """The first five of a search, by role, by topic, and by both."""
    tests: dict[str, Callable[[Found], bool]] = {
        "role": lambda found: found.role == section.role,
        "topic": lambda found: found.topic == section.topic,
        "role and topic": lambda found: (found.role, found.topic) == (section.role, section.topic),
    }
    others = {part.key: part.found for part in parts if part.report != section.report}
    first = [others[key] for key in keys[:LIMIT]]
    both = tests["role and topic"]
    return Result(
        section,
        {name: sum(map(test, first)) for name, test in tests.items()},
        {name: min(LIMIT, sum(map(test, others.values()))) for name, test in tests.items()},
        tuple(key for key, found in others.items() if both(found) and key not in keys[:LIMIT]),
    )


def search_drafter(
    corpus: Corpus,
    files: Sequence[Labelled],
    todo: Sequence[Section],
    ask: Callable[[Section], Query] = asked,
) -> list[Result]:
    """Drafter's answers."""
    parts, documents = passages(corpus, files)
    return [
        judged(
            section,
            [
                hit.id
                for hit in corpus.search(
                    ask(section).model_copy(update={"exclude": documents[section.report]})
                )
            ],
            parts,
        )
        for section in todo
    ]


def search_chunks(
    files: Sequence[Labelled], todo: Sequence[Section], *, heading: bool = False
) -> list[Result]:
    """Plain BM25 over chunks: bm25s with its defaults, words of jieba, the same query texts, no role to narrow by.

    With `heading` the section's heading stands before the query: all that tells such a search the role.
    """
    cut = list(chunks(files))
    found: list[Result] = []
    indexes: dict[Report, tuple[list[Part], peers.Bm25s]] = {}
    for section in todo:
        if section.report not in indexes:
            others = [(part, text) for part, text in cut if part.report != section.report]
            index = peers.Bm25s([text for _, text in others], peers.words)
            indexes[section.report] = ([part for part, _ in others], index)
        parts, index = indexes[section.report]
        said = f"{SECTIONS[section.role].heading} " if heading else ""
        (places,) = index.search([said + asked(section).text], LIMIT)
        found.append(judged(section, [parts[place].key for place in places], parts))
    return found


def share(results: Sequence[Result], measure: str) -> str:
    """`.914 [.832, .958]`: right over those there are, drawn by report."""
    if not any(result.wanted[measure] for result in results):
        return "–"
    return told(*_share(results, measure))


def _share(results: Sequence[Result], measure: str) -> tuple[float, float, float]:
    clusters: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for result in results:
        clusters[str(result.section.report)].append((result.right[measure], result.wanted[measure]))
    return clustered(clusters)


MEASURES = ("role", "topic", "role and topic")


def run(shared: Path) -> tuple[str, Any]:
    """The tables, and the same as data."""
    if not (shared / "seeds").is_dir():
        return "left out: the seed reports are not beside the checkout", None
    files = labelled(shared / "seeds")
    todo = sections(files, shared / "cases")
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(folder) as corpus,
    ):
        corpus.add([shared / "seeds" / file.file for file in files])
        kept, _ = passages(corpus, files)
        ours = search_drafter(corpus, files, todo)
    tools = {"drafter": ours}
    if peers.installed("bm25s"):
        tools[f"bm25s, chunks of {CHUNK}"] = search_chunks(files, todo)
        tools["the same, with the heading"] = search_chunks(files, todo, heading=True)
    aligned = sum(part.found.aligned for part in kept) / len(kept)
    return (
        f"{len(todo)} sections of {len({section.report for section in todo})} reports on one theme, "
        f"{sum(bool(section.facts) for section in todo)} of them with facts of a ledger; {len(kept)} passages, "
        f"{aligned:.1%} of their characters aligned. Intervals draw whole reports."
        + ("" if len(tools) > 1 else f" bm25s: {peers.ABSENT}.")
        + f"\n\n{_overall(tools)}\n\n{_by(tools, 'role')}\n\n{_by(tools, 'topic')}",
        {
            "sections": [
                {
                    "report": list(section.report),
                    "role": section.role,
                    "topic": section.topic,
                    "facts": len(section.facts),
                    **{
                        tool: {"right": dict(results[at].right), "wanted": dict(results[at].wanted)}
                        for tool, results in tools.items()
                    },
                }
                for at, section in enumerate(todo)
            ],
            "shares": _shares(tools),
        },
    )


SETS = {"all": None, "with a ledger": True, "topic words": False}


def _shares(tools: Mapping[str, Sequence[Result]]) -> dict[str, dict[str, dict[str, str]]]:
    """By measure and set, each tool's share."""
    return {
        measure: {
            name: {
                tool: share(
                    [one for one in results if wants is None or bool(one.section.facts) == wants], measure
                )
                for tool, results in tools.items()
            }
            for name, wants in SETS.items()
        }
        for measure in MEASURES
    }


def rows(data: Any) -> list[Row]:
    """What `run` gives as data, as rows for RESULTS.md."""
    return [
        Row(
            f"right of the first {LIMIT}: {measure}",
            f"sections of real reports, {name}",
            None,
            shares["drafter"],
            {tool: score for tool, score in shares.items() if tool != "drafter"},
            f"≥ {TARGETS[measure]:.1f}" if name == "all" and measure in TARGETS else "",
            better="more",
        )
        for measure, by_set in data["shares"].items()
        for name, shares in by_set.items()
    ]


def _overall(tools: Mapping[str, Sequence[Result]]) -> str:
    rows = []
    shares = _shares(tools)
    for name in SETS:
        for measure in MEASURES:
            target = TARGETS.get(measure) if name == "all" else None
            met = _share(tools["drafter"], measure)[0] >= target if target else None
            rows.append(
                [
                    f"{measure}, {name}",
                    *shares[measure][name].values(),
                    f"≥ {target:.1f}" if target else "–",
                    {True: "yes", False: "no"}.get(met, "–"),
                ]
            )
    return markdown([f"right of the first {LIMIT}, over those there are", *tools, "target", "met"], rows)


def _by(tools: Mapping[str, Sequence[Result]], what: str) -> str:
    rows = []
    for value in dict.fromkeys(getattr(result.section, what) for result in tools["drafter"]):
        row = [value]
        for results in tools.values():
            of = [result for result in results if getattr(result.section, what) == value]
            if not row[1:]:
                row.append(str(len(of)))
            row += [
                f"{sum(r.right[measure] for r in of)} of {sum(r.wanted[measure] for r in of)}"
                for measure in MEASURES
            ]
        rows.append(row)
    return markdown([what, "sections", *(f"{tool}: {m}" for tool in tools for m in MEASURES)], rows)

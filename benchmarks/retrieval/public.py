"""Public passages and questions (CMRC 2018, DRCD): drafter's own index beside bm25s and rank_bm25.

    python -m benchmarks.retrieval.run --only public [--shared ../shared]

The paragraphs' texts alone are searched, without their titles, by every tool. Drafter's index is the one of a corpus
(`drafter.corpus.index`), twenty paragraphs a document, as a report has; nothing is narrowed, nothing left out for being
alike.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.metrics import SEED, paired, ranked, reciprocal_rank, short, told
from benchmarks.retrieval import peers
from benchmarks.rows import Row
from benchmarks.table import markdown
from drafter.corpus.index import DocumentEntry, PassageEntry, build_index
from drafter.corpus.tokens import tokens
from drafter.passages import Passage

LIMIT = 10
TOGETHER = 20
"""Paragraphs of a document."""
SUBSET = 600
"""Queries that rank_bm25 is asked: it scores all passages anew for each."""
MEASURES = ("R@1", "R@10", "MRR@10")
SETS = ("cmrc", "drcd")


@dataclass(frozen=True)
class Question:
    """A query with the passages that answer it."""

    id: str
    text: str
    relevant: frozenset[str]


Search = Callable[[Sequence[str]], list[list[int]]]
"""From queries to the places of passages, best first."""


def drafter(texts: Sequence[str], limit: int = LIMIT) -> Search:
    """Drafter's index of a corpus, in memory."""
    documents = []
    for first in range(0, len(texts), TOGETHER):
        entries = [
            PassageEntry(
                Passage(id=f"{place}", document=f"d{first}", text=texts[place]),
                " ".join(tokens(texts[place])),
                "",
            )
            for place in range(first, min(first + TOGETHER, len(texts)))
        ]
        documents.append(DocumentEntry(f"d{first}", "", "", None, [], entries))
    index = build_index(None, documents)
    return lambda queries: [[int(key) for key, _ in index.search(tokens(query), limit)] for query in queries]


def tools(texts: Sequence[str]) -> dict[tuple[str, str, str], Search | None]:
    """By name, tokens, and k1 and b; None where it is not installed."""
    found: dict[tuple[str, str, str], Search | None] = {
        ("drafter", "jieba + bigrams", "1.2, 0.75"): drafter(texts)
    }
    have = peers.installed("bm25s")
    for name in ("jieba", "as drafter", "bigrams"):
        for k1 in (1.5, 1.2):
            key = ("bm25s", name, f"{k1}, 0.75" + (" (its default)" if k1 == 1.5 else ""))
            found[key] = (
                partial(peers.Bm25s(texts, peers.TOKENS[name], k1).search, limit=LIMIT) if have else None
            )
    have = peers.installed("rank_bm25")
    key = ("rank_bm25", "as drafter", "1.5, 0.75 (its default)")
    found[key] = partial(peers.RankBm25(texts, tokens).search, limit=LIMIT) if have else None
    return found


def ranks(search: Search, questions: Sequence[Question], ids: Sequence[str]) -> list[float]:
    """The reciprocal rank of each question's answer."""
    found = search([question.text for question in questions])
    return [
        reciprocal_rank([ids[place] for place in places], question.relevant)
        for places, question in zip(found, questions, strict=True)
    ]


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def data(shared: Path) -> tuple[list[dict[str, Any]], list[Question]]:
    """The passages, with `id` and `text`, and the questions."""
    folder = shared / "data" / "retrieval"
    return _read(folder / "passages.jsonl"), [
        Question(row["id"], row["query"], frozenset(row["relevant"]))
        for row in _read(folder / "queries.jsonl")
    ]


def run(shared: Path) -> tuple[str, Any]:
    """The tables, and the same as data."""
    if not (shared / "data" / "retrieval").is_dir():
        return "left out: the public passages are not beside the checkout", None
    passages, questions = data(shared)
    ids = [row["id"] for row in passages]
    some = sorted(random.Random(SEED).sample(range(len(questions)), min(SUBSET, len(questions))))
    whole: dict[tuple[str, str, str], list[float]] = {}
    part: dict[tuple[str, str, str], list[float]] = {}
    absent: list[tuple[str, str, str]] = []
    for key, search in tools([row["text"] for row in passages]).items():
        if search is None:
            absent.append(key)
        elif key[0] == "rank_bm25":
            part[key] = ranks(search, [questions[at] for at in some], ids)
        else:
            whole[key] = ranks(search, questions, ids)
            part[key] = [whole[key][at] for at in some]
    drawn = [questions[at] for at in some]
    note = "".join(f"\n\n{' '.join(key)}: {peers.ABSENT}." for key in absent)
    return (
        f"{len(passages):,} passages, {len(questions):,} queries; the difference's interval is a paired bootstrap over "
        f"queries.\n\n{_table(whole, questions)}\n\n{_best(whole)}\n\nThe {len(drawn)} queries, drawn by a seed, that "
        f"rank_bm25 is asked:\n\n{_table(part, drawn)}{note}",
        {
            "all": _data(whole, questions),
            "subset": _data(part, drawn),
            "gaps": {measure: [name, *gap] for measure, (name, *gap) in gaps(whole).items()},
        },
    )


def rows(data: Any) -> list[Row]:
    """What `run` gives as data, as rows for RESULTS.md."""
    found = []
    for name, key in (("all queries", "all"), (f"the {SUBSET} queries that rank_bm25 is asked", "subset")):
        ours, *others = data[key]
        for measure in MEASURES:
            beside = {
                f"{other['index']}, {other['tokens']}, {other['k1, b']}": short(other[measure])
                for other in others
            }
            found.append(Row(measure, name, None, short(ours[measure]), beside, better="more"))
    for measure, (best, gap, low, high) in data["gaps"].items():
        note = f"the best is {best}" + ("; within the interval" if gap < 0 <= high else "")
        found.append(
            Row(
                f"{measure}, drafter − best peer",
                "all queries",
                None,
                told(gap, low, high),
                target="≥ 0",
                note=note,
            )
        )
    return found


Ranks = Mapping[tuple[str, str, str], Sequence[float]]


def _of(questions: Sequence[Question], values: Sequence[float], name: str) -> list[float]:
    return [value for question, value in zip(questions, values, strict=True) if question.id.startswith(name)]


def _table(found: Ranks, questions: Sequence[Question]) -> str:
    (ours, *_) = found.values()
    rows = []
    for (tool, cut, constants), values in found.items():
        scores = ranked(values)
        cells = [short(scores[measure]) for measure in MEASURES]
        for name in SETS:
            own = ranked(_of(questions, values, name))
            cells.append(f"{short(own['R@1'])}, {short(own['MRR@10'])}")
        gap = "–" if values is ours else told(*paired(ours, values), sign=True)
        rows.append([tool, cut, constants, *cells, gap])
    header = ["index", "tokens", "k1, b", *MEASURES, "CMRC R@1, MRR", "DRCD R@1, MRR", "drafter − it, MRR@10"]
    return markdown(header, rows)


def gaps(found: Ranks) -> dict[str, tuple[str, float, float, float]]:
    """Drafter less whichever peer is best, by measure: its name, the difference and its interval."""
    (_, ours), *others = found.items()
    gaps = {}
    for measure in MEASURES if others else ():
        best, theirs = max(others, key=lambda other: ranked(other[1])[measure])
        gaps[measure] = (", ".join(best), *paired(_judged(ours, measure), _judged(theirs, measure)))
    return gaps


def _best(found: Ranks) -> str:
    """Drafter against whichever peer is best."""
    rows = []
    for measure, (best, gap, low, high) in gaps(found).items():
        verdict = "yes" if gap >= 0 else "within the interval" if high >= 0 else "no"
        rows.append([measure, best, told(gap, low, high, sign=True), "≥ 0", verdict])
    if not rows:
        return "drafter alone: no peer is installed."
    return markdown(["measure", "best peer", "drafter − best peer", "target", "met"], rows)


def _judged(values: Collection[float], measure: str) -> list[float]:
    """Each query's part in a measure."""
    if measure == "R@1":
        return [float(value == 1) for value in values]
    return [float(value > 0) for value in values] if measure == "R@10" else list(values)


def _data(found: Ranks, questions: Sequence[Question]) -> list[dict[str, Any]]:
    return [
        {
            "index": tool,
            "tokens": cut,
            "k1, b": constants,
            **ranked(values),
            **{name: ranked(_of(questions, values, name)) for name in SETS},
        }
        for (tool, cut, constants), values in found.items()
    ]

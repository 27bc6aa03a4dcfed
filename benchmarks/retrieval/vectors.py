"""What vectors add to the word search, on the public questions and on the sections of real reports.

    python -m benchmarks.retrieval.run --only vectors --embeddings-url http://127.0.0.1:18090/v1 --embeddings-model NAME

Asks the endpoint for every passage once and for every query; a prefix that the model wants is the server's business.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.metrics import SEED, paired, ranked, reciprocal_rank, short, told
from benchmarks.retrieval import public, task
from benchmarks.retrieval.labels import labelled
from benchmarks.table import markdown
from drafter.corpus.embedding import Embedder
from drafter.corpus.store import open_store
from drafter.corpus.vectors import Vectors, fused
from drafter.passages import Passage
from drafter.settings import Settings

QUESTIONS, PASSAGES = 300, 600
"""Public questions and passages, drawn by a seed, those that answer among them: a small model on two cores takes half a
second and more for each. Fewer passages than in the public part, so easier for all."""
BREADTH = 80
"""Passages of each ranking that are fused, as many as `Corpus.find` takes for ten."""
WORDS, VECTORS, BOTH = "words", "vectors", "words and vectors"


def run(shared: Path, settings: Settings) -> tuple[str, Any]:
    """The tables, and the same as data."""
    if not settings.embeddings_base_url:
        return "left out: no embeddings endpoint was named (--embeddings-url, --embeddings-model)", None
    if not (shared / "seeds").is_dir() or not (shared / "data" / "retrieval").is_dir():
        return "left out: the data is not beside the checkout", None
    asked, of_public = _public(shared, settings)
    of_task = _task(shared, settings)
    return (
        f"Model {settings.embeddings_model}.\n\n{asked}\n\n{_public_table(of_public)}\n\n{_task_table(of_task)}",
        {
            "public": {name: ranked(values) for name, values in of_public.items()},
            "task": {
                name: {measure: task.share(results, measure) for measure in task.MEASURES}
                for name, results in of_task.items()
            },
        },
    )


def _public(shared: Path, settings: Settings) -> tuple[str, dict[str, list[float]]]:
    rows, questions = public.data(shared)
    draw = random.Random(SEED)
    questions = draw.sample(questions, min(QUESTIONS, len(questions)))
    wanted = frozenset().union(*(question.relevant for question in questions))
    draw.shuffle(rows)
    rows = sorted(rows, key=lambda row: row["id"] not in wanted)[: max(PASSAGES, len(wanted))]
    draw.shuffle(rows)
    ids, texts = [row["id"] for row in rows], [row["text"] for row in rows]
    by_words = public.drafter(texts, BREADTH)([question.text for question in questions])
    embedder = Embedder(settings)
    rankings: dict[str, list[list[str]]] = {WORDS: [], VECTORS: [], BOTH: []}
    with tempfile.TemporaryDirectory() as folder:
        vectors = Vectors(Path(folder), embedder)
        start = time.perf_counter()
        vectors.update(
            [Passage(id=key, document="d", text=text) for key, text in zip(ids, texts, strict=True)],
            lambda passage: passage.text,
            "",
        )
        middle = time.perf_counter()
        for question, places in zip(questions, by_words, strict=True):
            hits = [ids[place] for place in places]
            near = vectors.nearest(question.text, BREADTH, "")
            rankings[WORDS].append(hits)
            rankings[VECTORS].append(near)
            rankings[BOTH].append([key for key, _ in fused([hits, near], BREADTH)])
        end = time.perf_counter()
    embedder.close()
    return (
        f"{len(ids):,} passages took {middle - start:.0f} s, {len(questions):,} queries {end - middle:.0f} s.",
        {
            name: [
                reciprocal_rank(found[: public.LIMIT], question.relevant)
                for found, question in zip(lists, questions, strict=True)
            ]
            for name, lists in rankings.items()
        },
    )


def _task(shared: Path, settings: Settings) -> dict[str, list[task.Result]]:
    files = labelled(shared / "seeds")
    todo = task.sections(files, shared / "cases")
    found: dict[str, list[task.Result]] = {}
    for name, chosen in ((WORDS, None), (BOTH, settings)):
        with tempfile.TemporaryDirectory() as folder, open_store(folder, settings=chosen) as corpus:
            corpus.add([shared / "seeds" / file.file for file in files])
            corpus.embed()
            found[name] = task.search_drafter(corpus, files, todo)
    return found


def _public_table(found: dict[str, list[float]]) -> str:
    rows = []
    for name, values in found.items():
        scores = ranked(values)
        gap = "–" if name == WORDS else told(*paired(values, found[WORDS]), sign=True)
        rows.append([name, *(short(scores[measure]) for measure in public.MEASURES), gap])
    return markdown(["public questions", *public.MEASURES, "it − words, MRR@10"], rows)


def _task_table(found: dict[str, list[task.Result]]) -> str:
    def of(results: Sequence[task.Result], ledger: bool) -> list[task.Result]:
        return [result for result in results if bool(result.section.facts) == ledger]

    rows = [
        [name, *(task.share(results, measure) for measure in task.MEASURES)]
        + [task.share(of(results, ledger), "role and topic") for ledger in (True, False)]
        for name, results in found.items()
    ]
    header = ["sections of reports", *task.MEASURES, "both, with a ledger", "both, topic words"]
    return markdown(header, rows)

"""All checks together on one report, with a ledger and a corpus: cold in new processes, warm in one.

    python -m benchmarks.checks.speed STORE      one process's figures as JSON

Cold is the first check of a process, modules imported and the store opened before; the imports and the opening are told
apart. Warm is other texts against the same ledger, what the repair loop meets. `told` is warm too: reports that tell the
ledger's facts, which is what a writer hands in; in the other texts no figure is a fact's, so that each of some sixty has
to be looked for in the past reports as well. Files stand in the page cache. Beside the clock stands the processor's time,
which others at work on the machine lengthen less.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.metrics import percentile
from benchmarks.retrieval import generate
from benchmarks.retrieval.scale import load

LENGTH, FACTS, PASSAGES = 3_000, 40, 10_000
PROCESSES, TEXTS, ALONE = 5, 25, 8
TARGET = 50.0
_SEED = 21


def texts(count: int, length: int = LENGTH) -> list[str]:
    """Reports of the wanted length out of the generator of the corpus; none of them is in it."""
    made = []
    for place in range(count):
        draw = random.Random(f"speed/{place}")
        text = ""
        while len(text) < length:
            text += generate.report(draw)
        made.append(text[:length])
    return made


def telling(count: int, ledger: dict[str, Any]) -> list[str]:
    """Reports of the wanted length that tell a ledger's facts: one stands in for each sentence that has a figure."""
    told = [fact["text"] for fact in ledger["facts"]]
    made = []
    for place, text in enumerate(texts(count, 3 * LENGTH)):
        lines = cycle(random.Random(f"telling/{place}").sample(told, len(told)))
        sentences = re.split(r"(?<=[。\n])", text)
        made.append(
            "".join(f"{next(lines)}。" if re.search(r"\d", one) else one for one in sentences)[:LENGTH]
        )
    return made


def facts() -> dict[str, Any]:
    """A ledger of 40 facts, clauses of the kind that the texts are made of."""
    asked = generate.queries(random.Random(_SEED), FACTS)
    lines = [text.split(" ")[-1] for text, *_ in asked]
    return {
        "organization": "双桥镇",
        "period": "2024年",
        "theme": "综合工作",
        "date": "2025-01-06",
        "facts": [{"id": f"f{place:02d}", "text": line} for place, line in enumerate(lines)],
    }


def measure(store: Path) -> dict[str, Any]:
    """Milliseconds of this process: imports, opening, the first check, and those after it."""
    todo, ledger = texts(TEXTS), facts()
    own = telling(TEXTS, ledger)
    start = time.perf_counter()
    import drafter
    from drafter.corpus.store import open_store
    from drafter.inputs import as_facts
    from drafter.plugins import load_registry
    from drafter.settings import Settings

    registry, settings = load_registry(entry_points=False), Settings()
    held = as_facts(ledger)
    imported = time.perf_counter()
    with open_store(store) as corpus:
        opened = time.perf_counter()

        def timed(text: str, only: Sequence[str] = ()) -> tuple[float, float]:
            begun, busy = time.perf_counter(), time.process_time()
            drafter.check(text, held, corpus=corpus, only=only, settings=settings, registry=registry)
            return 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - busy)

        took = [timed(text) for text in todo]
        told = [timed(text) for text in own]
        alone = {name: [timed(text, [name]) for text in todo[:ALONE]] for name in registry.checks}
    return {
        "imports": 1000 * (imported - start),
        "opening": 1000 * (opened - imported),
        "cold": took[:1],
        "warm": took[1:],
        "told": told,
        "alone": alone,
    }


def _middle(times: Iterable[tuple[float, float]]) -> dict[str, float]:
    """Median and p95 of the clock's times, and the median of the processor's."""
    clock, processor = zip(*times, strict=True)
    return {
        "p50": percentile(clock, 50),
        "p95": percentile(clock, 95),
        "processor": percentile(processor, 50),
    }


def run(build: Path) -> dict[str, Any]:
    """Make the corpus once and measure in new processes."""
    from drafter.corpus.store import open_store

    place = build / "checks-speed"
    store = place / "store"
    try:
        shutil.rmtree(place, ignore_errors=True)
        generate.write(place / "files", PASSAGES, _SEED)
        with open_store(store) as corpus:
            corpus.add([place / "files"])
            passages = corpus.stats().passages
        told = []
        for _ in range(PROCESSES):
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.checks.speed", str(store)],
                cwd=Path(__file__).resolve().parents[2],
                stdout=subprocess.PIPE,
                check=True,
                text=True,
            )
            told.append(json.loads(done.stdout.splitlines()[-1]))
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return {
        "passages": passages,
        "load": load(),
        "imports": percentile([one["imports"] for one in told], 50),
        "opening": percentile([one["opening"] for one in told], 50),
        "cold": _middle(times for one in told for times in one["cold"]),
        "warm": _middle(times for one in told for times in one["warm"]),
        "told": _middle(times for one in told for times in one["told"]),
        "alone": {
            name: _middle(times for one in told for times in one["alone"][name]) for name in told[0]["alone"]
        },
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))

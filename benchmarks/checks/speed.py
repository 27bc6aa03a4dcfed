"""All checks together on one report, with a ledger and a corpus: cold in new processes, warm in one.

    python -m benchmarks.checks.speed STORE      one process's figures as JSON

Cold is the first check of a process, modules imported and the store opened before; the imports and the opening are told
apart. Warm is other texts against the same ledger, what the repair loop meets. Files stand in the page cache.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.metrics import percentile
from benchmarks.retrieval import generate

LENGTH, FACTS, PASSAGES = 3_000, 40, 10_000
PROCESSES, TEXTS = 7, 30
TARGET = 50.0
_SEED = 21


def texts(count: int) -> list[str]:
    """Reports of the wanted length out of the generator of the corpus; none of them is in it."""
    made = []
    for place in range(count):
        draw = random.Random(f"speed/{place}")
        text = ""
        while len(text) < LENGTH:
            text += generate.report(draw)
        made.append(text[:LENGTH])
    return made


def facts() -> dict[str, Any]:
    """A ledger of 40 facts, 25 of them told by the texts' kind of clause."""
    asked = generate.queries(random.Random(_SEED), FACTS)
    lines = [text.split(" ")[-1] for text, _ in asked]
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
    start = time.perf_counter()
    import drafter
    from drafter.corpus.store import open_store
    from drafter.drafting import as_facts
    from drafter.plugins import load_registry
    from drafter.settings import Settings

    registry, settings = load_registry(entry_points=False), Settings()
    held = as_facts(ledger)
    imported = time.perf_counter()
    with open_store(store) as corpus:
        opened = time.perf_counter()
        took = []
        for text in todo:
            begun = time.perf_counter()
            drafter.check(text, held, corpus=corpus, settings=settings, registry=registry)
            took.append(1000 * (time.perf_counter() - begun))
        alone: dict[str, float] = {}
        for name in registry.checks:
            times = []
            for text in todo[:10]:
                begun = time.perf_counter()
                drafter.check(text, held, corpus=corpus, only=[name], settings=settings, registry=registry)
                times.append(1000 * (time.perf_counter() - begun))
            alone[name] = percentile(times, 50)
    return {
        "imports": 1000 * (imported - start),
        "opening": 1000 * (opened - imported),
        "first": took[0],
        "warm": took[1:],
        "alone": alone,
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
    first = [one["first"] for one in told]
    warm = [value for one in told for value in one["warm"]]
    names = told[0]["alone"]
    return {
        "passages": passages,
        "imports": percentile([one["imports"] for one in told], 50),
        "opening": percentile([one["opening"] for one in told], 50),
        "cold": [percentile(first, 50), percentile(first, 95)],
        "warm": [percentile(warm, 50), percentile(warm, 95)],
        "alone": {name: percentile([one["alone"][name] for one in told], 50) for name in names},
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))

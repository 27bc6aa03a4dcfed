"""Intake, disk, memory and search over size, on made-up reports; every step in a process of its own.

    python -m benchmarks.retrieval.run --only scale [--sizes 1000,10000,100000,300000] [--million]

Files and stores stand in build/retrieval-scale and are removed after each size. Memory is the peak of resident memory
(getrusage), the shared pages of mapped index files among it. The files were just written, so they come from the page
cache: a disk that has to be read first is not measured.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.metrics import percentile
from benchmarks.plots import Plot
from benchmarks.retrieval import generate
from benchmarks.rows import Row
from benchmarks.table import markdown

SIZES = (1_000, 10_000, 100_000, 300_000)
MILLION = 1_000_000
JUDGED = 300_000
"""The size that the targets are about."""
PROCESSES = 2
QUERIES = 300
WARM_UP = 20
TARGETS = {"find p50": 6.0, "find p99": 25.0, "intake": 2500.0}
_SEARCH_SEED, _WARM_SEED, _COPY_SEED, _STAGE_SEED = 7, 8, 9, 10


def load() -> str:
    """The machine's load average, since others may be at work on it."""
    return " ".join(f"{value:.1f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"


def _memory(children: bool = False) -> float:
    """Peak of resident memory in MB, of this process or of the largest of its children that have ended."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _processor() -> float:
    """Seconds that processors worked for this process and its children that have ended."""
    import resource

    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def intake(files: Path, store: Path) -> dict[str, float]:
    """Take the files in."""
    from drafter.corpus.store import open_store

    start, begun = time.perf_counter(), _processor()
    with open_store(store) as corpus:
        report = corpus.add([files], processes=PROCESSES)
        seconds, busy = time.perf_counter() - start, _processor() - begun
        passages = corpus.stats().passages
    return {
        "seconds": seconds,
        "reports": report.documents,
        "passages": passages,
        "processor seconds": busy,
        "memory": _memory(),
        "memory of a child": _memory(children=True),
    }


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def search(store: Path) -> dict[str, float]:
    """Cold and warm searches in this process, in milliseconds."""
    from drafter.corpus.store import open_store
    from drafter.passages import Query, Role

    def asked(seed: int, count: int) -> list[Query]:
        made = generate.queries(random.Random(seed), count)
        roles: dict[str, Role] = {"done": "done", "problem": "problem", "plan": "plan"}
        return [
            Query(text=text, role=roles[role], favoured_theme=theme, limit=5) for text, role, theme in made
        ]

    todo, warm_up = asked(_SEARCH_SEED, QUERIES), asked(_WARM_SEED, WARM_UP)
    text = "\n".join(generate.report(random.Random(_COPY_SEED + at)) for at in range(2))[:3000]
    start = time.perf_counter()
    with open_store(store) as corpus:
        corpus.find(warm_up[0])
        cold = 1000 * (time.perf_counter() - start)
        for query in warm_up:
            corpus.search(query)
        corpus.copies(text)
        found = [_timed(lambda query=query: corpus.find(query)) for query in todo]  # type: ignore[misc]
        masked = [_timed(lambda query=query: corpus.search(query)) for query in todo]  # type: ignore[misc]
        copied = [_timed(lambda: corpus.copies(text)) for _ in range(20)]
    return {
        "cold": cold,
        "find p50": percentile(found, 50),
        "find p99": percentile(found, 99),
        "search p50": percentile(masked, 50),
        "search p99": percentile(masked, 99),
        "copies p50": percentile(copied, 50),
        "memory": _memory(),
    }


def stages(files: Path) -> dict[str, float]:
    """What each step of intake costs in this process, in microseconds a passage."""
    from drafter.corpus.catalog import FILE, Catalog
    from drafter.corpus.duplicates import bands, digest
    from drafter.corpus.entries import prepare
    from drafter.corpus.files import by_suffix
    from drafter.corpus.index import build_index
    from drafter.corpus.shingles import fingerprints
    from drafter.corpus.splitting import split
    from drafter.corpus.tokens import tokens

    reader = by_suffix(None)[".txt"]
    paths = sorted(files.rglob("*.txt"))
    for document in reader.read(paths[0]):
        prepare(document)  # imports and dictionaries
    took: dict[str, float] = {}

    def step(name: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        made = work()
        took[name] = time.perf_counter() - start
        return made

    documents = step("read, clean", lambda: [document for path in paths for document in reader.read(path)])
    passages = step("split", lambda: [split(document) for document in documents])
    step(
        "tokens",
        lambda: [
            tokens("\n".join((*passage.heading, passage.text))) for group in passages for passage in group
        ],
    )
    step(
        "fingerprints, signature",
        lambda: [(fingerprints(d.text), digest(d.text), bands(d.text)) for d in documents],
    )
    ready = [prepare(document) for document in documents]
    with tempfile.TemporaryDirectory(dir=files.parent) as folder:
        catalog = Catalog(Path(folder) / FILE, create=True)

        def store() -> None:
            with catalog.writing():
                for place, one in enumerate(ready):
                    catalog.add(f"{place}", one.document, 0, digest=one.digest, bands=one.bands, same_as="")
                    catalog.add_passages(one.passages)

        step("catalog", store)
        catalog.close()
        step("tantivy", lambda: build_index(Path(folder), [one.entry for one in ready]))
    count = sum(map(len, passages))
    return {name: 1e6 * seconds / count for name, seconds in took.items()}


def _alone(*arguments: str) -> dict[str, float]:
    """One step in a new process."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.retrieval.scale", *arguments],
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _size(paths: Sequence[Path]) -> float:
    return sum(
        file.stat().st_size for path in paths for file in (path, *path.rglob("*")) if file.is_file()
    ) / (1 << 20)


def measure(passages: int, place: Path) -> dict[str, Any]:
    """Everything for one size; nothing stays on disk."""
    shutil.rmtree(place, ignore_errors=True)
    files, store = place / "files", place / "store"
    try:
        generate.write(files, passages)
        found: dict[str, Any] = {"asked": passages, "load": load()}
        found["intake"] = _alone("intake", str(files), str(store))
        found["index MB"] = _size(list(store.glob("index-*")))
        found["catalog MB"] = _size(list(store.glob("catalog*")))
        found["load before search"] = load()
        found["search"] = _alone("search", str(store))
        return found
    finally:
        shutil.rmtree(place, ignore_errors=True)


def run(build: Path, sizes: Sequence[int] = SIZES) -> tuple[str, Any]:
    """The tables, and the same as data."""
    place = build / "retrieval-scale"
    try:
        generate.write(place / "files", 6000, _STAGE_SEED)
        before = load()
        steps = _alone("stages", str(place / "files"))
    finally:
        shutil.rmtree(place, ignore_errors=True)
    text = [
        "Each step of intake in one process (load average " + before + "):",
        markdown(
            ["step", "µs a passage", "passages a second"],
            [(name, f"{took:.0f}", f"{1e6 / took:,.0f}") for name, took in steps.items()]
            + [("together", f"{sum(steps.values()):.0f}", f"{1e6 / sum(steps.values()):,.0f}")],
        ),
    ]
    measured = []
    for size in sizes:
        print(f"  {size:,} passages …", file=sys.stderr, flush=True)
        measured.append(measure(size, place))
    text += [f"\n{PROCESSES} processes for intake, one for searching:", _table(measured)]
    return "\n\n".join(text), {"stages": steps, "load": before, "sizes": measured}


def rows(data: Any) -> list[Row]:
    """What `run` gives as data, as rows for RESULTS.md."""
    found = []
    for one in data["sizes"]:
        took, asked = one["intake"], one["search"]
        judged = one["asked"] == JUDGED
        size = f"{took['passages']:,} passages"
        told: list[tuple[str, str, str]] = [
            (
                "intake, passages a second",
                f"{took['passages'] / took['seconds']:,.0f}",
                f"≥ {TARGETS['intake']:,.0f}",
            ),
            (
                "intake, processor time a passage",
                f"{1e6 * took['processor seconds'] / took['passages']:.0f} µs",
                "",
            ),
            ("memory of intake", f"{took['memory']:.0f} MB", ""),
            ("index and catalog on disk", f"{one['index MB'] + one['catalog MB']:.0f} MB", ""),
            ("first search of a process", f"{asked['cold']:.0f} ms", ""),
            ("find p50", f"{asked['find p50']:.1f} ms", f"< {TARGETS['find p50']:.0f} ms"),
            ("find p99", f"{asked['find p99']:.1f} ms", f"< {TARGETS['find p99']:.0f} ms"),
            ("search (masked) p50", f"{asked['search p50']:.1f} ms", ""),
            ("copies of 3,000 characters p50", f"{asked['copies p50']:.0f} ms", ""),
            ("memory of searching", f"{asked['memory']:.0f} MB", ""),
        ]
        note = f"load {one['load'].split()[0]} → {one['load before search'].split()[0]}"
        found += [
            Row(name, size, None, said, target=target if judged else "", note=note)
            for name, said, target in told
        ]
    return found


def plots(data: Any) -> dict[str, Plot]:
    """Time and memory over the passages of a store."""

    def line(step: str, name: str) -> list[list[float]]:
        return [[one["intake"]["passages"], one[step][name]] for one in data["sizes"]]

    across = "passages in the store"
    return {
        "growth-search.svg": Plot(
            "Searching a store of past reports",
            across,
            "milliseconds",
            {
                "find p50": line("search", "find p50"),
                "find p99": line("search", "find p99"),
                "search, masked p50": line("search", "search p50"),
            },
        ),
        "growth-store-memory.svg": Plot(
            "Memory of a store",
            across,
            "peak, MB",
            {"taking in": line("intake", "memory"), "searching": line("search", "memory")},
        ),
    }


def _table(measured: Sequence[dict[str, Any]]) -> str:
    header = [
        "passages",
        "intake, passages a second",
        "processor time of it, µs a passage",
        "memory of it, of a child, MB",
        "index, catalog, MB",
        "cold search, ms",
        "find p50, p99, ms",
        "search p50, p99, ms",
        "copies of 3,000 characters p50, ms",
        "memory of searching, MB",
        "load",
    ]
    rows = []
    for one in measured:
        took, asked = one["intake"], one["search"]
        rate = took["passages"] / took["seconds"]
        marks = ["", ""]
        if one["asked"] == JUDGED:
            fast = asked["find p50"] < TARGETS["find p50"] and asked["find p99"] < TARGETS["find p99"]
            marks = [
                f" (≥ {TARGETS['intake']:,.0f}{'' if rate >= TARGETS['intake'] else ', missed'})",
                f" (< {TARGETS['find p50']:.0f}, < {TARGETS['find p99']:.0f}{'' if fast else ', missed'})",
            ]
        rows.append(
            [
                f"{took['passages']:,}",
                f"{rate:,.0f}{marks[0]}",
                f"{1e6 * took['processor seconds'] / took['passages']:.0f}",
                f"{took['memory']:.0f}, {took['memory of a child']:.0f}",
                f"{one['index MB']:.0f}, {one['catalog MB']:.0f}",
                f"{asked['cold']:.0f}",
                f"{asked['find p50']:.1f}, {asked['find p99']:.1f}{marks[1]}",
                f"{asked['search p50']:.1f}, {asked['search p99']:.1f}",
                f"{asked['copies p50']:.0f}",
                f"{asked['memory']:.0f}",
                f"{one['load'].split()[0]} → {one['load before search'].split()[0]}",
            ]
        )
    return markdown(header, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="One step alone; the whole is benchmarks.retrieval.run.")
    parser.add_argument("step", choices=("intake", "search", "stages"))
    parser.add_argument("paths", nargs="+", type=Path)
    options = parser.parse_args()
    steps: dict[str, Callable[..., dict[str, float]]] = {"intake": intake, "search": search, "stages": stages}
    print(json.dumps(steps[options.step](*options.paths)))


if __name__ == "__main__":
    main()

"""All of retrieval: intake, public questions, sections of real and of invented reports, and size; the peers in the same run.

    make bench-retrieval
    python -m benchmarks.retrieval.run [--only intake,public,task,topics,vectors,scale] [--shared ../shared] [--sizes 1000,10000] [--million]

Prints markdown, one or more tables for each part, and writes the figures to build/bench-retrieval.json; --keep leaves
the rows for RESULTS.md. Data that is
not there, and peers that are not installed, are named as such.
"""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.results import keep
from benchmarks.retrieval import intake, peers, public, scale, task, topics, vectors
from benchmarks.rows import Row
from drafter.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
SHARED = ROOT.parent / "shared"

ROWS: dict[str, Callable[[Any], list[Row]]] = {
    "intake": intake.rows,
    "public": public.rows,
    "task": task.rows,
    "topics": topics.rows,
    "scale": scale.rows,
}
SEEDS = {
    "public": "20240601 (queries, bootstrap)",
    "task": "20240601 (bootstrap)",
    "topics": "20240601 (bootstrap)",
}
SEEDS["scale"] = "7 to 10 (queries), as generate.py says (reports)"


def versions() -> str:
    """What runs against what."""
    told = []
    for package in ("drafter", "tantivy", "rjieba", "bm25s", "rank_bm25"):
        try:
            told.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            told.append(f"{package} {'from the checkout' if package == 'drafter' else peers.ABSENT}")
    return ", ".join([*told, f"Python {platform.python_version()}"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with seeds/, cases/ and data/")
    parser.add_argument("--build", type=Path, default=BUILD, help="folder for what is made and the figures")
    parser.add_argument(
        "--sizes", default=",".join(map(str, scale.SIZES)), help="passages, divided by commas"
    )
    parser.add_argument(
        "--million", action="store_true", help="a million passages too: 3 GB of disk, a quarter of an hour"
    )
    parser.add_argument(
        "--only", default="intake,public,task,topics,vectors,scale", help="parts, divided by commas"
    )
    parser.add_argument("--embeddings-url", default="", help="an OpenAI-compatible endpoint, for the vectors")
    parser.add_argument("--embeddings-model", default="", help="its model")
    parser.add_argument("--keep", action="store_true", help="leave the rows for RESULTS.md")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",") if size]
    if options.million:
        sizes.append(scale.MILLION)
    settings = Settings(embeddings_base_url=options.embeddings_url, embeddings_model=options.embeddings_model)
    parts: dict[str, tuple[str, Callable[[], tuple[str, Any]]]] = {
        "intake": ("Taking reports in", lambda: intake.run(options.shared)),
        "public": ("Public questions", lambda: public.run(options.shared)),
        "task": ("Sections of real reports", lambda: task.run(options.shared)),
        "topics": ("Sections of ledgers on many themes", topics.run),
        "vectors": ("What vectors add", lambda: vectors.run(options.shared, settings)),
        "scale": ("Size", lambda: scale.run(options.build, sizes)),
    }
    chosen = options.only.split(",")
    if unknown := set(chosen) - set(parts):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")

    options.build.mkdir(parents=True, exist_ok=True)
    figures = options.build / "bench-retrieval.json"
    kept: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8")) if figures.is_file() else {}
    print(f"{versions()}\nLoad average {scale.load()}. Shares with 95% intervals.")
    for name in chosen:
        title, work = parts[name]
        text, data = work()
        print(f"\n## {title}\n\n{text}", flush=True)
        kept[name] = {"versions": versions(), "figures": data}
        figures.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if options.keep and data and name in ROWS:
            given = f" --sizes {','.join(map(str, sizes))}" if name == "scale" else ""
            keep(
                f"retrieval-{name}",
                f"Past reports: {title[0].lower()}{title[1:]}",
                ROWS[name](data),
                command=f"python -m benchmarks.retrieval.run --only {name}{given}",
                seeds=SEEDS.get(name, ""),
                packages=("tantivy", "rjieba", "bm25s", "rank_bm25"),
                series=scale.plots(data) if name == "scale" else None,
            )


if __name__ == "__main__":
    main()

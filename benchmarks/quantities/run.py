"""The whole table of numbers: kinds, public cases, mutations and false alarms, speed; the peers in the same run.

    make bench-numbers
    python -m benchmarks.quantities.run [--shared ../shared] [--only kinds,public,mutations,speed] [--show] [--keep]

Prints markdown, one table for each part; --keep leaves the rows for RESULTS.md. Data that is not there, and peers that are not installed, are named as such.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.quantities import kinds, peers, prose, public, speed, written
from benchmarks.results import keep
from benchmarks.rows import Row, markdown

MUTATIONS = "benchmarks.quantities.mutations"
"""Its `rows()` give the rows for wrong numbers caught and for false alarms."""

SEEDS = {"mutations": "1 (drafts), 2 (prose)", "speed": "0 to 4 (texts)"}


def mutation_rows() -> list[Row]:
    """Wrong numbers caught and false alarms."""
    if importlib.util.find_spec(MUTATIONS) is None:
        return [
            Row(measure, "generated drafts", None, "left out", target=target, note=f"there is no {MUTATIONS}")
            for measure, target in (("wrong numbers caught", "≥ .98"), ("false alarms", "≤ 1 in 1,000"))
        ]
    found: list[Row] = importlib.import_module(MUTATIONS).rows()
    return found


def versions() -> str:
    """What runs against what."""
    told = []
    for package in ("drafter", peers.SUITE, peers.CN2AN):
        try:
            told.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            told.append(f"{package} {'from the checkout' if package == 'drafter' else peers.ABSENT}")
    return ", ".join([*told, f"Python {platform.python_version()}"])


def main() -> None:
    parts: dict[str, tuple[str, Callable[[Path], list[Row]]]] = {
        "kinds": ("Kind of each numeral", kinds.rows),
        "public": ("Value and unit of public cases", public.rows),
        "mutations": (
            "Wrong numbers caught, false alarms",
            lambda shared: [*mutation_rows(), *written.rows(), *prose.rows(shared)],
        ),
        "speed": ("Speed", lambda shared: speed.rows()),
    }
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=public.SHARED, help="folder with cases/ and data/")
    parser.add_argument("--only", default=",".join(parts), help="parts, divided by commas")
    parser.add_argument("--show", action="store_true", help="list what drafter has wrong")
    parser.add_argument("--keep", action="store_true", help="leave the rows for RESULTS.md")
    options = parser.parse_args()
    chosen = options.only.split(",")
    if unknown := set(chosen) - set(parts):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")

    print(f"{versions()}\n\nShares with Wilson's 95% interval.")
    for name in chosen:
        title, measured = parts[name]
        rows = measured(options.shared)
        print(f"\n## {title}\n\n{markdown(rows)}", flush=True)
        if options.keep:
            keep(
                f"numbers-{name}",
                f"Numbers: {title[0].lower()}{title[1:]}",
                rows,
                command=f"python -m benchmarks.quantities.run --only {name}",
                seeds=SEEDS.get(name, ""),
                packages=(peers.SUITE, peers.CN2AN),
            )
        if name == "public" and public.present(options.shared):
            print(f"\n{public.exclusions(options.shared)}")
        if options.show and name in ("kinds", "public"):
            told = kinds.wrong(options.shared) if name == "kinds" else public.wrong(options.shared)
            print(f"\n{told}")


if __name__ == "__main__":
    main()

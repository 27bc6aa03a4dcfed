"""How drafting offline and checking grow with the ledger and the text: processor time and memory, each size in a process.

    python -m benchmarks.sizes [--keep]
    python -m benchmarks.sizes draft|check SIZE     one size, as JSON

Ledgers and texts are made by seed, as for the speed of numbers. Processor time is lengthened by others at work on the machine less
than the clock; imports are told apart, as what a size of nothing costs.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.plots import Plot
from benchmarks.quantities.speed import facts_of, section_of
from benchmarks.results import keep
from benchmarks.rows import Row, markdown

ROOT = Path(__file__).resolve().parent.parent
FACTS = (10, 30, 100, 300, 1_000)
CHARACTERS = (1_000, 3_000, 10_000, 30_000, 100_000)
LEDGER = 40
"""Facts of the ledger that texts are checked against."""
ROLES = ("done",) * 4 + ("problem", "plan")


def ledger(size: int) -> dict[str, Any]:
    """So many facts, each of a grid of its own: where two figures contradict each other, time goes into mending."""
    made: dict[str, Any] = facts_of(size).model_dump(mode="json")
    for number, fact in enumerate(made["facts"]):
        fact["role"] = ROLES[number % len(ROLES)]
        fact["text"] = re.sub("村(?:第\\d+网格)?", f"村第{number + 1}网格", fact["text"], count=1)
    return made


def alone(what: str, size: int) -> dict[str, float]:
    """One size, in this process."""
    import drafter

    made = ledger(size) if what == "draft" else facts_of(LEDGER).model_dump(mode="json")
    text = section_of(facts_of(LEDGER), size) if what == "check" else ""
    drafter.check("全镇工作有序推进。", facts_of(3))  # what a process loads once
    begun = time.process_time()
    if what == "draft":
        text = drafter.draft(made).text
    else:
        drafter.check(text, made)
    taken = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": taken,
        "memory": peak / (1 << 20 if sys.platform == "darwin" else 1 << 10),
        "characters": len(text),
    }


def measure(what: str, size: int) -> dict[str, float]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.sizes", what, str(size)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="?", choices=("draft", "check"))
    parser.add_argument("size", nargs="?", type=int, default=0)
    parser.add_argument("--keep", action="store_true", help="leave the rows for RESULTS.md")
    given = parser.parse_args()
    if given.what:
        print(json.dumps(alone(given.what, given.size)))
        return
    rows = []
    lines: dict[str, dict[str, list[list[float]]]] = {"seconds": {}, "memory": {}}
    for what, sizes, name, unit in (
        ("draft", FACTS, "draft, offline", "facts"),
        ("check", CHARACTERS, f"check against {LEDGER} facts", "characters"),
    ):
        for size in sizes:
            took = measure(what, size)
            length = f"{took['characters']:,.0f} characters"
            data = f"{size:,} facts, {length}" if what == "draft" else length
            lines["seconds"].setdefault(what, []).append([size, 1000 * took["seconds"]])
            lines["memory"].setdefault(what, []).append([size, took["memory"]])
            note = f"{1000 * took['seconds'] / size:.3f} ms for each of the {unit}"
            rows.append(
                Row(f"{name}: processor time", data, None, f"{1000 * took['seconds']:.0f} ms", note=note)
            )
            rows.append(Row(f"{name}: peak memory", data, None, f"{took['memory']:.0f} MB"))
    print(markdown(rows))
    plots = {
        f"growth-{what}.svg": Plot(
            title,
            across,
            "ms of a processor, MB",
            {"processor time": lines["seconds"][what], "peak memory": lines["memory"][what]},
        )
        for what, title, across in (
            ("draft", "Drafting offline", "facts in the ledger"),
            ("check", f"Checking against {LEDGER} facts", "characters of the text"),
        )
    }
    if given.keep:
        keep(
            "sizes",
            "Drafting and checking over size",
            rows,
            command="python -m benchmarks.sizes",
            seeds="1 (ledgers and texts)",
            series=plots,
        )


if __name__ == "__main__":
    main()

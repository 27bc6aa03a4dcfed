"""Reports as people write them, beside their ledgers: false alarms, and wrong numbers put in by hand.

    python -m benchmarks.quantities.written [--part open] [--show]

Each file of a folder of `written` holds a ledger (`facts`), a true report of it in free wording (`report`) and
the faults to put in, one at a time (`wrong`: kind, what stands there once, what stands there instead). All of it was written
before its writer had read the rules. Details are shown of the folders named `open` alone; of `kept` there are totals only.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from benchmarks.intervals import share
from benchmarks.quantities.mutations import findings
from benchmarks.rows import Row, markdown
from drafter.facts import parse_facts
from drafter.quantities import find
from drafter.report import Finding

HERE = Path(__file__).resolve().parent / "written"
PARTS = ("open", "open-2", "open-3", "open-4", "open-5", "kept", "kept-2", "kept-3", "kept-5")
OPEN = ("open", "open-2", "open-3", "open-4", "open-5")
"""The parts whose findings may be looked at."""
NAMES = frozenset({"owner", "subject"})
"""Where a name was changed, the finding may stand at any figure of its sentence."""


@dataclass
class Tally:
    """What a part came to, and what a reader of an open part wants to see of it."""

    mentions: int = 0
    alarms: int = 0
    errors: int = 0
    made: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)


def measure(part: str) -> Tally:
    """Every file of the part.

    Raises ValueError for a fault whose place stands not once in its report, or that changes nothing.
    """
    tally = Tally()
    for path in sorted((HERE / part).glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        facts, report = parse_facts(data["facts"]), data["report"]
        tally.mentions += sum(mention.countable for mention in find(report))
        true = findings(report, facts)
        tally.alarms += len(true)
        tally.errors += sum(finding.severity == "error" for finding in true)
        tally.told += [f"{path.stem} alarm {_line(report, finding)}" for finding in true]
        for kind, was, now in data["wrong"]:
            if report.count(was) != 1 or was == now:
                raise ValueError(
                    f"{path.name}: {was!r} stands {report.count(was)} times, must be replaced once"
                )
            wrong = report.replace(was, now)
            start = report.index(was)
            end = start + len(was)
            if kind in NAMES:
                start, end = _sentence(report, start, end)
            before = _within(true, start, end)
            after = _within(findings(wrong, facts), start, end + len(wrong) - len(report))
            tally.made[kind] += 1
            # what was told of the place before anything was wrong is no catch
            if after - before:
                tally.caught[kind] += 1
            else:
                tally.told.append(f"{path.stem} missed {kind}: {was} → {now}")
    return tally


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence, up to 。；or a line's end, that holds the place."""
    first = max(text.rfind(mark, 0, start) for mark in "。；\n") + 1
    return first, min(place for mark in "。；\n" if (place := text.find(mark, end)) >= 0)


def _within(found: list[Finding], start: int, end: int) -> Counter[tuple[str, str]]:
    return Counter(
        (finding.code, finding.text or "")
        for finding in found
        if finding.start is not None
        and finding.end is not None
        and finding.start < end
        and start < finding.end
    )


def _line(report: str, finding: Finding) -> str:
    start, end = finding.start or 0, finding.end or 0
    around = f"{report[max(0, start - 25) : start]}⟦{report[start:end]}⟧{report[end : end + 15]}"
    return f"{finding.severity} {finding.code} …{around}… {finding.message}".replace("\n", "⏎")


def rows_of(part: str, tally: Tally) -> list[Row]:
    """The rows of one part."""
    made = tally.made.total()
    kinds = ", ".join(f"{kind} {tally.caught[kind]}/{count}" for kind, count in sorted(tally.made.items()))
    rate, errors = (1000 * count / max(1, tally.mentions) for count in (tally.alarms, tally.errors))
    return [
        Row(
            "false alarms: written reports",
            part,
            tally.mentions,
            f"{rate:.2f} in 1,000",
            target="≤ 1 in 1,000",
            note=f"{tally.alarms} findings; errors alone {errors:.2f} in 1,000",
        ),
        Row(
            "wrong numbers caught: written reports",
            part,
            made,
            share(tally.caught.total(), made),
            target="≥ .98",
            note=kinds,
        ),
    ]


def rows() -> list[Row]:
    """Every part."""
    return [row for part in PARTS for row in rows_of(part, measure(part))]


def main() -> None:
    """Print the rows, and of the open parts what was raised and what was missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument(
        "--show", action="store_true", help="what was raised and what was missed, of the open parts alone"
    )
    options = parser.parse_args()
    chosen = [options.part] if options.part else list(PARTS)
    tallies = {part: measure(part) for part in chosen}
    print(markdown(row for part, tally in tallies.items() for row in rows_of(part, tally)))
    if options.show:
        for part in OPEN:
            if part in tallies:
                print(f"\n{part}\n" + "\n".join(tallies[part].told))


if __name__ == "__main__":
    main()

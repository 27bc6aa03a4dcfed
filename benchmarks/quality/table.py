"""The table of runs.jsonl: every row's medians over its reports, beside the targets.

    python -m benchmarks.quality.table [--all] [--keep] [--runs FILE] [--shared ../shared]

Rows are scored here and now by `score`, from the texts that were kept; `--all` prints every report, too, with what was
found in it. A row stands for the reports that are there: its first column says how many of the six.
"""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.quality.cases import CORPUS, load_cases
from benchmarks.quality.flags import flag_key, flags, judged, run_key
from benchmarks.quality.peers import corpus_texts
from benchmarks.quality.run import ROWS, RUNS, kept, shared_folder
from benchmarks.quality.score import Number, Score, body, score
from benchmarks.results import keep
from benchmarks.rows import Row as ResultRow

ORDER = ("plain", "pasted", "langchain", "instructor", "drafter-unmasked", "drafter-unchecked", "drafter", "drafter-sealed", "drafter-offline")  # fmt: skip
TARGETS = "facts covered ≥ .98, wrong unflagged 0, false flags ≤ 1, leaks 0, residue 0, structure 0, by the model ≥ .8, tokens ≤ 2.5 × plain"


@dataclass
class Row:
    """A kept run with its score."""

    run: dict[str, Any]
    score: Score
    unflagged: list[Number]
    true_flags: int
    false_flags: int
    unjudged: int

    @property
    def tokens(self) -> int:
        """Uncached prompt and reply tokens."""
        return sum(call["prompt"] - call["cached"] + call["reply"] for call in self.run["calls"])

    @property
    def by_model(self) -> float:
        """The share of sentences that the model wrote."""
        return written_by_model(self.run)


def of_run(run: dict[str, Any], data: dict[str, Any], corpus: Sequence[str], known: dict[Any, bool]) -> Row:
    scored = score(run["text"], data, corpus)
    verdicts = [known.get((run_key(run), flag_key(flag))) for flag in flags(run)]
    return Row(
        run,
        scored,
        [number for number in scored.wrong if not flagged(number, run)],
        verdicts.count(True),
        verdicts.count(False),
        verdicts.count(None),
    )


def flagged(number: Number, run: dict[str, Any]) -> bool:
    """Whether a finding stands on the number."""
    return any(
        each["start"] is not None and each["start"] < number.end and number.start < each["end"]
        for each in flags(run)
    )


def written_by_model(run: dict[str, Any]) -> float:
    """The share of a report's sentences that the model wrote, the text between headings counted.

    Of drafter's parts: one that the offline writer wrote has none, and of one that repair changed by rule those are not
    the model's that the change brought and that are like none before it (less than six tenths of the characters).
    """
    if "parts" not in run:
        return 1.0
    own = total = 0
    for part in run["parts"]:
        told = [each.text for paragraph in body("\n\n\n" + part["text"]) for each in paragraph]
        total += len(told)
        if part["writer"] != "endpoint":
            continue
        put = {
            sentence
            for step in part["repairs"]
            if step["kind"] in ("fix", "fallback")
            for sentence in _new(step["before"], step["after"])
        }
        own += sum(sentence.strip() not in put for sentence in told)
    return own / total if total else 0.0


def _new(before: str, after: str) -> list[str]:
    had = _cut(before)
    return [each for each in _cut(after) if not difflib.get_close_matches(each, had, 1, 0.6)]


def _cut(text: str) -> list[str]:
    return [each.strip() for each in re.findall(r"[^。！？；\n]+[。！？；]?", text) if each.strip()]


COLUMNS: dict[str, Callable[[Row], float]] = {
    "facts covered": lambda row: row.score.covered,
    "wrong numbers": lambda row: len(row.score.wrong),
    "unflagged": lambda row: len(row.unflagged),
    "leaked names": lambda row: len(row.score.leaked),
    "residue": lambda row: len(row.score.residue),
    "copied runs": lambda row: len(row.score.copied),
    "structure": lambda row: len(row.score.structure),
    "said again": lambda row: len(row.score.repeats),
    "true flags": lambda row: row.true_flags,
    "false flags": lambda row: row.false_flags,
    "by the model": lambda row: row.by_model,
    "from the ledger": lambda row: row.score.from_ledger / max(1, row.score.sentences),
    "characters": lambda row: row.score.length,
    "tokens": lambda row: row.tokens,
    "seconds": lambda row: row.run["seconds"],
}
SHARES = ("facts covered", "by the model", "from the ledger")


def shown(name: str, value: float) -> str:
    if name in SHARES:
        return "1.00" if value >= 0.995 else f"{value:.2f}".removeprefix("0")
    return f"{value:.0f}" if value == int(value) or value > 20 else f"{value:.1f}"


def table(rows: Sequence[Row], names: Sequence[str] = ROWS) -> list[str]:
    """Markdown: medians over the reports of each row."""
    lines = [
        f"| row | reports | {' | '.join(COLUMNS)} |",
        "|---|---" + "|---" * len(COLUMNS) + "|",
    ]
    for name in ORDER:
        mine = [row for row in rows if row.run["row"] == name]
        if name not in names or not mine:
            continue
        cells = [shown(column, median(measure(row) for row in mine)) for column, measure in COLUMNS.items()]
        lines.append(f"| {name} | {len(mine)} | {' | '.join(cells)} |")
    return lines


def against_plain(rows: Sequence[Row]) -> list[str]:
    """Tokens over the plain prompt's for the same ledger, seed and model: the median, and how many pairs there are."""
    plain = {same(row): row.tokens for row in rows if row.run["row"] == "plain"}
    lines = []
    for name in ORDER:
        ratios = [
            row.tokens / plain[same(row)] for row in rows if row.run["row"] == name and plain.get(same(row))
        ]
        if ratios and name not in ("plain", "drafter-offline"):
            lines.append(f"{name} {median(ratios):.1f} (of {len(ratios)})")
    return lines


def same(row: Row) -> tuple[Any, ...]:
    return row.run["facts"], row.run["seed"], row.run["model"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=Path, default=RUNS)
    parser.add_argument("--shared", type=Path, default=shared_folder())
    parser.add_argument("--all", action="store_true", help="every report with what was found in it")
    parser.add_argument("--keep", action="store_true", help="leave the medians for RESULTS.md")
    options = parser.parse_args()
    cases, corpus, known = load_cases(options.shared), corpus_texts(CORPUS), judged()
    runs = kept(options.runs)
    if absent := sorted({run["facts"] for run in runs} - set(cases)):
        print(f"Not scored, their facts are not there (--shared): {', '.join(absent)}\n")
    rows = [of_run(run, cases[run["facts"]].data, corpus, known) for run in runs if run["facts"] in cases]
    for model in dict.fromkeys(row.run["model"] for row in rows):
        mine = [row for row in rows if row.run["model"] == model]
        names = list(dict.fromkeys(row.run["facts"] for row in mine))
        sizes = [f"{name} ({len(cases[name].data['facts'])} facts)" for name in names]
        print(f"**{model}**, ledgers: {', '.join(sizes)}\n")
        print("\n".join(table(mine)))
        total = [
            sum(getattr(row, kind) for row in mine) for kind in ("true_flags", "false_flags", "unjudged")
        ]
        print(f"\nTargets (drafter): {TARGETS}.")
        print(f"Tokens over plain: {', '.join(against_plain(mine))}.")
        print(
            f"Flags judged by hand: {total[0] + total[1]} of {sum(total)} ({total[0]} right, {total[1]} false).\n"
        )
    if options.keep:
        keep(
            "quality",
            "Quality with a real model",
            results(rows),
            command="python -m benchmarks.quality.table --keep",
            seeds="1",
            note="Medians over the reports that are there, whose number stands behind each name; a row with one report says little.",
        )
    if options.all:
        for row in rows:
            print(details(row))


AIMS = {
    "facts covered": "≥ .98",
    "unflagged": "≤ 0",
    "false flags": "≤ 1",
    "leaked names": "≤ 0",
    "residue": "≤ 0",
    "structure": "≤ 0",
    "copied runs": "",
    "by the model": "≥ .8",
    "tokens": "",
    "seconds": "",
}
"""The targets for drafter, by column."""


def results(rows: Sequence[Row]) -> list[ResultRow]:
    """Drafter's medians beside those of all other rows, and its tokens over the plain prompt's."""
    told = []
    for model in dict.fromkeys(row.run["model"] for row in rows):
        of: dict[str, list[Row]] = {}
        for row in rows:
            if row.run["model"] == model:
                of.setdefault(row.run["row"], []).append(row)
        mine = of.get("drafter", [])
        if not mine:
            continue
        for column, target in AIMS.items():
            value = {name: shown(column, median(map(COLUMNS[column], own))) for name, own in of.items()}
            beside = {f"{name} ({len(of[name])})": each for name, each in value.items() if name != "drafter"}
            told.append(
                ResultRow(
                    column, f"{model}, {len(mine)} reports", len(mine), value["drafter"], beside, target
                )
            )
        plain = {same(row): row.tokens for row in of.get("plain", [])}
        ratios = [row.tokens / plain[same(row)] for row in mine if plain.get(same(row))]
        if ratios:
            part = f"{model}, {len(ratios)} reports"
            told.append(
                ResultRow(
                    "tokens over the plain prompt's",
                    part,
                    len(ratios),
                    f"{median(ratios):.1f}",
                    target="≤ 2.5",
                )
            )
    return told


def details(row: Row) -> str:
    found = row.score
    told = {
        "missing": found.missing,
        "wrong": [number.text for number in found.wrong],
        "unflagged": [number.text for number in row.unflagged],
        "leaked": found.leaked,
        "residue": found.residue,
        "copied": found.copied,
        "structure": found.structure,
        "said again": found.repeats,
    }
    head = f"{row.run['facts']} {row.run['row']} (seed {row.run['seed']})"
    cells = ", ".join(f"{name} {shown(name, measure(row))}" for name, measure in COLUMNS.items())
    return "\n".join(
        [f"- {head}: {cells}", *(f"  - {name}: {'｜'.join(items)}" for name, items in told.items() if items)]
    )


if __name__ == "__main__":
    main()

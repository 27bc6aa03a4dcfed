"""How often the scorer is right: its columns on 100 sentences that were labelled by hand before it was run on them.

    python -m benchmarks.quality.validate [--show]

Facts, numbers and names are counted one by one, the rest by sentence. Precision and recall with Wilson's 95% intervals.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from typing import Any

from benchmarks.intervals import share
from benchmarks.quality.cases import CORPUS, HERE, load_cases
from benchmarks.quality.peers import corpus_texts
from benchmarks.quality.score import (
    Ledger,
    copied_runs,
    covered,
    leaked_names,
    repeats,
    residue,
    windows,
    word_for_word,
    wrong_numbers,
)

LABELS = HERE / "labels" / "sentences.jsonl"
COLUMNS = ("covered", "wrong", "leaked", "residue", "copied", "from_ledger", "said_again")


def labelled() -> list[dict[str, Any]]:
    return [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]


def scored(row: dict[str, Any], ledger: Ledger, corpus: list[str]) -> dict[str, Counter[str]]:
    """What the scorer says of one sentence, by column; of a column that is yes or no, `yes` once or nothing."""
    text = row["text"]
    yes = {
        "residue": bool(residue(text)),
        "copied": bool(copied_runs(text, corpus, ledger)),
        "from_ledger": word_for_word(text, ledger),
        "said_again": bool(row["before"] and repeats([row["before"], text])),
    }
    return {
        "covered": Counter(covered(windows(text), ledger)),
        "wrong": Counter(figure(number.text) for number in wrong_numbers(text, ledger)),
        "leaked": Counter(leaked_names(text, ledger)),
        **{column: Counter(["yes"] * said) for column, said in yes.items()},
    }


def wanted(row: dict[str, Any]) -> dict[str, Counter[str]]:
    """The label in the same form."""
    return {
        "covered": Counter(row["covered"]),
        "wrong": Counter(map(figure, row["wrong"])),
        "leaked": Counter(row["leaked"]),
        **{
            column: Counter(["yes"] * row[column])
            for column in ("residue", "copied", "from_ledger", "said_again")
        },
    }


def figure(number: str) -> str:
    """A number without its unit: people cut units off at different places."""
    found = re.match(r"[\d.]+|[一二两三四五六七八九十百千]+", number)
    return found[0] if found else number


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", action="store_true", help="where scorer and label differ")
    options = parser.parse_args()
    ledgers = {name: Ledger.of(case.data) for name, case in load_cases().items()}
    corpus = corpus_texts(CORPUS)
    hits, said, labels = Counter[str](), Counter[str](), Counter[str]()
    rows = labelled()
    for row in rows:
        ours, theirs = scored(row, ledgers[row["facts"]], corpus), wanted(row)
        for column in COLUMNS:
            hits[column] += (ours[column] & theirs[column]).total()
            said[column] += ours[column].total()
            labels[column] += theirs[column].total()
            if options.show and ours[column] != theirs[column]:
                print(f"{row['id']} {column}: scorer {list(ours[column].elements())}, label {list(theirs[column].elements())}: {row['text']}")  # fmt: skip
    by_model = sum(row["source"] == "model" for row in rows)
    print(
        f"{len(rows)} sentences, {by_model} by a model.\n\n| column | labelled | precision | recall |\n|---|---|---|---|"
    )
    for column in COLUMNS:
        right, found, all_of = hits[column], said[column], labels[column]
        print(f"| {column.replace('_', ' ')} | {all_of} | {share(right, found)} | {share(right, all_of)} |")


if __name__ == "__main__":
    main()

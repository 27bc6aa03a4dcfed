"""The kind of each labelled numeral: drafter's `find` and recognizers-text-suite on the same texts.

    python -m benchmarks.quantities.kinds [--shared ../shared] [--show]

Labels have six values; `LABEL_OF` maps drafter's twelve kinds to them. A numeral that no mention covers is wrong,
except 半 in a word (半夜), which `find` passes over by design: that says the same as a phrase. Masked numerals (xx
where a figure was blacked out) are left out, and counted, as is the 百 of the unit 百分点, which the labels call idiom and
each tool finds as part of 0.9个百分点. The suite knows no enumerators, set phrases and names, so for
it no hit at all counts as right for all three; where several of its models hit, the one that is right counts.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.intervals import share
from benchmarks.quantities import peers
from benchmarks.quantities.public import SHARED, read_jsonl
from benchmarks.rows import Row, markdown
from drafter.quantities import Mention, find

HERE = Path(__file__).resolve().parent
LABELS = ("quantity", "date", "enumerator", "idiom", "name")
LABEL_OF = {
    "cardinal": "quantity",
    "percent": "quantity",
    "fraction": "quantity",
    "ratio": "quantity",
    "range": "quantity",
    "ordinal": "quantity",  # 第二届 is labelled quantity
    "money": "quantity",
    "date": "date",
    "period": "date",
    "enumerator": "enumerator",
    "phrase": "idiom",
    "name": "name",
}
NOTHING = "nothing"
KEPT = "our sample reports, kept out of sight"
_LENGTHS = ("duration", "set")
"""What the suite's date model calls a length of time is a quantity to the labels (24小时)."""


@dataclass(frozen=True)
class Labelled:
    """A text and its labelled numerals."""

    name: str
    text: str
    rows: list[dict[str, Any]]


@dataclass
class Tally:
    """How many numerals of each label each tool has right, and what was taken for what."""

    part: str
    n: Counter[str] = field(default_factory=Counter)
    ours: Counter[str] = field(default_factory=Counter)
    suite: Counter[str] | None = None
    left: Counter[str] = field(default_factory=Counter)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def left_out(row: dict[str, Any], text: str) -> str:
    """Why no tool is asked about this numeral; empty where all are."""
    if row["label"] == "masked":
        return "masked"
    return "百 of 百分点" if row["text"] == "百" and text.startswith("分点", row["end"]) else ""


def label_of(row: dict[str, Any], mentions: Sequence[Mention]) -> str:
    """The label of the mention that covers the numeral, of several the one that covers most of it."""
    covers = [
        (
            min(mention.end, row["end"]) - max(mention.start, row["start"]),
            -(mention.end - mention.start),
            mention,
        )
        for mention in mentions
        if mention.start < row["end"] and row["start"] < mention.end
    ]
    if covers:
        return LABEL_OF[max(covers, key=lambda cover: cover[:2])[2].kind]
    return "idiom" if row["text"] == "半" else NOTHING


def suite_labels(texts: Iterable[str]) -> list[tuple[int, int, str]]:
    """Spans that the suite finds in the lines of a text, offsets counted through all of them, with their labels."""
    found = []
    offset = 0
    for line in texts:
        for model in peers.recognizers() or {}:
            for item in peers.recognized(model, line):
                dated = model == "DateTimeModel" and item.type not in _LENGTHS
                found.append((offset + item.start, offset + item.end, "date" if dated else "quantity"))
        offset += len(line)
    return found


def suite_right(row: dict[str, Any], hits: Iterable[tuple[int, int, str]]) -> bool:
    """Whether one of the suite's hits at the numeral has the label; no hit is right for all that counts nothing."""
    labels = {label for start, end, label in hits if start < row["end"] and row["start"] < end}
    return row["label"] in labels if labels else row["label"] in ("idiom", "enumerator", "name")


def tally(part: str, documents: Iterable[Labelled]) -> Tally:
    """Drafter and the suite on the labelled texts."""
    result = Tally(part, suite=Counter() if peers.recognizers() else None)
    for document in documents:
        mentions = find(document.text)
        hits = suite_labels(document.text.splitlines(keepends=True)) if result.suite is not None else []
        for row in document.rows:
            if document.text[row["start"] : row["end"]] != row["text"]:
                raise ValueError(f"{document.name}: {row['start']} is not {row['text']}")
            if reason := left_out(row, document.text):
                result.left[reason] += 1
                continue
            label = label_of(row, mentions)
            result.n[row["label"]] += 1
            result.ours[row["label"]] += label == row["label"]
            if label != row["label"]:
                result.confused[row["label"], label] += 1
                context = row.get("context", "").replace("\n", "⏎")
                result.wrong.append(
                    f"{document.name}:{row['start']} {row['text']} in {context!r}: {row['label']} taken for {label}"
                )
            if result.suite is not None:
                result.suite[row["label"]] += suite_right(row, hits)
    return result


def shared_documents(shared: Path) -> list[Labelled]:
    """The labelled reports beside the checkout, none where they are not there."""
    return [
        Labelled(
            path.parent.name, (path.parent / "reference.md").read_text(encoding="utf-8"), read_jsonl(path)
        )
        for path in sorted(shared.glob("cases/*/numerals.jsonl"))
    ]


def own_documents(part: str) -> list[Labelled]:
    """Our own labelled texts whose names begin with `part` (open, kept)."""
    return [
        Labelled(
            path.stem, (HERE / "texts" / f"{path.stem}.md").read_text(encoding="utf-8"), read_jsonl(path)
        )
        for path in sorted((HERE / "labels").glob(f"{part}-*.jsonl"))
    ]


@cache
def tallies(shared: Path) -> list[Tally]:
    """One tally for each part of the data that is there."""
    parts = {
        "labelled reports, ../shared/cases": shared_documents(shared),
        "our sample reports, open": own_documents("open"),
        KEPT: own_documents("kept"),
    }
    return [tally(part, documents) for part, documents in parts.items() if documents]


def rows(shared: Path = SHARED) -> list[Row]:
    """The rows of the table: every part whole, then label by label."""
    measure = "kind of each numeral"
    found = tallies(shared)
    table = []
    if not shared_documents(shared):
        table.append(Row(measure, "labelled reports", None, "left out", note="not beside the checkout"))
    for part in ("open", "kept"):
        if not own_documents(part):
            table.append(Row(measure, f"our sample reports, {part}", None, "left out", note="no labels"))
    for counted in found:
        note = "; ".join(f"{count} {reason} left out" for reason, count in counted.left.items())
        table.append(_row(measure, counted, LABELS, counted.part, "≥ .99", note))
        table += [
            _row(measure, counted, (label,), f"{counted.part}: {label}", "", "")
            for label in LABELS
            if counted.n[label]
        ]
    if len(found) > 1:
        whole = Tally("all parts", suite=Counter() if peers.recognizers() else None)
        for counted in found:
            whole.n += counted.n
            whole.ours += counted.ours
            if whole.suite is not None and counted.suite is not None:
                whole.suite += counted.suite
        table.append(_row(measure, whole, LABELS, "all parts", "≥ .99", ""))
    return table


def _row(measure: str, counted: Tally, labels: Sequence[str], part: str, target: str, note: str) -> Row:
    n = sum(counted.n[label] for label in labels)
    suite = counted.suite
    theirs = peers.ABSENT if suite is None else share(sum(suite[label] for label in labels), n)
    ours = sum(counted.ours[label] for label in labels)
    return Row(measure, part, n, share(ours, n), {peers.SUITE: theirs}, target, note, "more")


def wrong(shared: Path) -> str:
    """What drafter took for what, and where."""
    lines = []
    for counted in tallies(shared):
        lines.append(f"{counted.part}: {sum(counted.confused.values())} of {sum(counted.n.values())} wrong")
        lines += [
            f"  {label} taken for {taken}: {count}"
            for (label, taken), count in counted.confused.most_common()
        ]
        # of what is kept out of sight only the score is told, so that nothing is tuned to it
        if counted.part != KEPT:
            lines += [f"    {line}" for line in counted.wrong]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--show", action="store_true", help="list what was taken for what, and where")
    options = parser.parse_args()
    print(markdown(rows(options.shared)))
    if options.show:
        print(f"\n{wrong(options.shared)}")


if __name__ == "__main__":
    main()

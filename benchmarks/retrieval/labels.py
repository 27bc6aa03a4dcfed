"""What part of a report a passage is, by labels of its sentences that were made blind.

`labels/seeds.json` holds offsets and labels only, no text. The raw files stay in ../shared/seeds; a file that is not
the one that was labelled is refused.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

LABELS = Path(__file__).parent / "labels" / "seeds.json"
_BARE = re.compile(r"[\W_]")


class Label(NamedTuple):
    """Of a sentence: the report of its file (counted from 1), whether it belongs to the report, role and topic."""

    report: int
    kept: bool
    role: str
    topic: str


@dataclass(frozen=True)
class Unit:
    """A labelled sentence: where it stands in the raw text."""

    start: int
    end: int
    label: Label


@dataclass(frozen=True)
class Labelled:
    """A raw text without spaces and marks, and the label of each of its characters."""

    file: str
    raw: str
    units: tuple[Unit, ...]
    bare: str
    labels: tuple[Label | None, ...]

    @classmethod
    def of(cls, file: str, raw: str, units: Iterable[Unit]) -> Labelled:
        """A raw text with its labelled sentences."""
        units = tuple(units)
        at: list[Label | None] = [None] * len(raw)
        for unit in units:
            at[unit.start : unit.end] = [unit.label] * (unit.end - unit.start)
        places = [place for place, char in enumerate(raw) if not _BARE.match(char)]
        return cls(
            file, raw, units, "".join(raw[place] for place in places), tuple(at[place] for place in places)
        )

    def span(self, start: int, end: int) -> Found:
        """The labels of a part of the raw text."""
        first, last = (len(_BARE.sub("", self.raw[:place])) for place in (start, end))
        return Found.of(self.labels[first:last], last - first, last)

    def find(self, text: str, after: int = 0) -> Found:
        """The labels of a passage: it is sought behind `after` (a place in `bare`), then anywhere, then line by line."""
        bare = _BARE.sub("", text)
        at = self._place(bare, after)
        if at >= 0:
            return Found.of(self.labels[at : at + len(bare)], len(bare), at + len(bare))
        labels: list[Label | None] = []
        for piece in re.split("(?<=[。；！？\n])", text):
            bare_piece = _BARE.sub("", piece)
            at = self._place(bare_piece, after) if bare_piece else -1
            if at >= 0:
                labels += self.labels[at : at + len(bare_piece)]
                after = at + len(bare_piece)
        return Found.of(labels, len(bare), after)

    def _place(self, bare: str, after: int) -> int:
        if not bare:
            return -1
        at = self.bare.find(bare, after)
        return at if at >= 0 else self.bare.find(bare)


@dataclass(frozen=True)
class Found:
    """What most characters of a passage are. `aligned` is the share that was found in the raw text."""

    report: int
    role: str
    topic: str
    aligned: float
    end: int

    @classmethod
    def of(cls, labels: Sequence[Label | None], length: int, end: int) -> Found:
        """The majority of each label by itself; characters that belong to no report count as frame."""
        told = [label for label in labels if label is not None]

        def most(values: Iterable[object]) -> str:
            counted = Counter(map(str, values)).most_common(1)
            return counted[0][0] if counted else ""

        return cls(
            int(most(label.report for label in told) or 0),
            most(label.role if label.kept else "frame" for label in told),
            most(label.topic if label.kept else "" for label in told),
            len(told) / length if length else 0.0,
            end,
        )


def labelled(seeds: Path, labels: Path = LABELS) -> list[Labelled]:
    """The labelled files of a folder.

    Raises:
        ValueError: a file is not the one that was labelled.
    """
    found = []
    for row in json.loads(labels.read_text(encoding="utf-8")):
        with (seeds / row["file"]).open(encoding="utf-8", newline="") as file:
            raw = file.read()
        if hashlib.sha256(raw.encode("utf-8")).hexdigest() != row["sha256"]:
            raise ValueError(f"{row['file']} is not the text that was labelled")
        units = [Unit(start, end, Label(*label)) for start, end, *label in row["units"]]
        found.append(Labelled.of(row["file"], raw, units))
    return found

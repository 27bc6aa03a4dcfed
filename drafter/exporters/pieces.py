"""Blocks with their flags, for formats that lay the report out themselves instead of showing its markdown.

Findings count code points of `Report.text`, which is markdown: here those places become places in what a block
shows, which has no # and no bars.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from drafter.exporters.flags import flags
from drafter.report import Block, Report

Span = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `flag` says that it is to be made conspicuous.

    `findings` are the places in `Report.findings` of those whose words it is part of.
    """

    text: str
    flag: bool = False
    findings: tuple[int, ...] = ()


Line = tuple[Piece, ...]
"""What a paragraph, a heading or a cell shows, cut where flags and the words of findings begin and end."""


@dataclass(frozen=True)
class FlaggedBlock:
    """A block as it is shown: `line`, with a heading's number before it, or the `rows` of a table.

    A table without a cell has a line that holds its flags, if any.
    """

    block: Block
    line: Line = ()
    rows: tuple[tuple[Line, ...], ...] = ()


def flagged_blocks(report: Report) -> Iterator[FlaggedBlock]:
    """The report's blocks, each with the flags that belong to it; no flag is lost.

    Conspicuous are the flags, and the 【待核实：…】 and the like that already stand in the text.
    """
    marks = flags(report)
    words = _Words(report)
    pending = [
        (finding.start, finding.end)
        for finding in report.findings
        if finding.code == "placeholder.pending" and finding.start is not None and finding.end is not None
    ]
    blocks = blocks_of(report)
    for own, block in zip(_shares(marks, [block.start for block in blocks]), blocks, strict=True):
        if block.kind == "table" and any(block.rows):
            yield FlaggedBlock(block, rows=_rows(block, own, pending, words))
        elif block.kind == "table":
            yield FlaggedBlock(block, line=_line("", [block.start], own, pending, words))
        else:
            shown = block.number + block.text
            yield FlaggedBlock(block, line=_line(shown, line_places(block), own, pending, words))


def blocks_of(report: Report) -> list[Block]:
    """The report's blocks; of a report without any its text, a paragraph a line."""
    return report.blocks or _lines(report.text)


def line_places(block: Block) -> range:
    """Where each character of what a block other than a table shows stands in the report's text, and its end."""
    start = block.start + _marks_before(block)
    return range(start, start + len(block.number + block.text) + 1)


class _Words:
    """Where the words of findings stand in the report's text; of one that points between two characters, the character before."""

    def __init__(self, report: Report) -> None:
        found = [
            (max(0, min(finding.start, finding.end - 1)), max(1, finding.end), place)
            for place, finding in enumerate(report.findings)
            if finding.start is not None and finding.end is not None
        ]
        self._spans = sorted(found)
        self._starts = [start for start, _, _ in self._spans]
        self._longest = max((end - start for start, end, _ in found), default=0)

    def within(self, where: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """Which of the characters that stand at `where` (and end at its last) belong to which finding: from, to, its place."""
        first = bisect_left(self._starts, where[0] - self._longest)
        for start, end, place in self._spans[first : bisect_left(self._starts, where[-1])]:
            own = bisect_left(where, start), min(bisect_left(where, end), len(where) - 1)
            if own[0] < own[1]:
                yield *own, place


def _lines(text: str) -> list[Block]:
    """For a report without blocks: its text, a paragraph a line."""
    blocks, start = [], 0
    for line in text.split("\n"):
        if line.strip() or not text.strip():
            blocks.append(Block(kind="paragraph", text=line, start=start, end=start + len(line)))
        start += len(line) + 1
    return blocks


def _marks_before(block: Block) -> int:
    """How many characters of markdown stand before what the block shows: "# ", "## " and so on."""
    return {"title": 2, "heading": block.level + 2}.get(block.kind, 0)


def _shares(marks: Mapping[int, str], starts: Sequence[int]) -> list[dict[int, str]]:
    """The flags divided among things that begin at `starts`: each to the last that begins before it, or where it is."""
    shares: list[dict[int, str]] = [{} for _ in starts]
    for at, flag in marks.items():
        place = max(0, bisect_left(starts, at + 1) - 1)
        if starts:
            shares[place][at] = flag
    return shares


def cell_places(block: Block) -> list[list[list[int]]]:
    """Where each character of each cell of a table stands in the report's text, and the cell's end.

    In markdown a cell stands between "| " and " |", with \\| for a bar.
    """
    places: list[list[list[int]]] = []
    at = block.start
    for number, row in enumerate(block.rows):
        at += len("| ")
        places.append([])
        for place, cell in enumerate(row):
            at += len(" | ") if place else 0
            where = []
            for char in cell:
                where.append(at)
                at += len("\\|") if char == "|" else 1
            places[-1].append([*where, at])
        at += len(" |\n")
        if number == 0:
            at += len("| " + " | ".join("---" for _ in row) + " |\n")
    return places


def _rows(
    block: Block, marks: Mapping[int, str], pending: Sequence[Span], words: _Words
) -> tuple[tuple[Line, ...], ...]:
    """The rows of a table, with the flags of each cell."""
    places = cell_places(block)
    shares = iter(_shares(marks, [where[0] for cells in places for where in cells]))
    return tuple(
        tuple(
            _line(cell, where, next(shares), pending, words) for cell, where in zip(row, cells, strict=True)
        )
        for row, cells in zip(block.rows, places, strict=True)
    )


def _line(
    text: str, where: Sequence[int], marks: Mapping[int, str], pending: Sequence[Span], words: _Words
) -> Line:
    """`text`, whose characters stand at `where` in the report's text (and end at its last), with its flags."""
    bright = {
        place
        for start, end in pending
        for place in range(bisect_left(where, start), min(bisect_left(where, end), len(text)))
    }
    behind: dict[int, str] = {}
    for at, flag in marks.items():
        place = min(bisect_left(where, at), len(text))
        behind[place] = behind.get(place, "") + flag
    found = list(words.within(where))
    edges = {place for place in bright if place - 1 not in bright}
    edges |= {place + 1 for place in bright if place + 1 not in bright}
    edges |= {edge for first, last, _ in found for edge in (first, last)}
    pieces: list[Piece] = []
    done = 0
    for place in sorted({*behind, *edges, len(text)}):
        if place > done:
            own = tuple(finding for first, last, finding in found if first < place and done < last)
            pieces.append(Piece(text[done:place], done in bright, own))
        if place in behind:
            pieces.append(Piece(behind[place], flag=True))
        done = place
    return tuple(pieces)

"""Tables, in markdown or as read from Word (｜ around each cell): which figures only number the rows. Knows no facts."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TABLE = re.compile(r"(?:^[ \t]*\|[^\n]*\|[ \t]*(?:\n|\Z))+|(?:^｜[^\n]*｜(?:\n|\Z))+", re.MULTILINE)
_ROWS = re.compile(r"(?:^[ \t]*\|[^\n]*\|[ \t]*(?:\n|\Z))+", re.MULTILINE)
_RULE = re.compile(r"[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*")
_FIRST_CELL = re.compile(r"[ \t]*[|｜][ \t]*(\d{1,4})[ \t]*[|｜]")


def row_numbers(text: str) -> frozenset[int]:
    """Where the first cells begin that number their rows: 1 in the first row below the head, 2 in the next, and so on.

    A first cell that holds another number than its row's states something, and is not among them.
    """
    found: set[int] = set()
    if "|" not in text and "｜" not in text:
        return frozenset()  # the search tries every line
    for table in _TABLE.finditer(text):
        start, row = table.start(), 0
        head = 1 if table[0].startswith("｜") else 2  # in markdown with the rule below it
        for place, line in enumerate(table[0].splitlines(keepends=True)):
            if place == 1 and head == 2 and not _RULE.fullmatch(line.rstrip("\n")):
                break
            if place >= head:
                row += 1
                cell = _FIRST_CELL.match(line)
                if cell and int(cell[1]) == row:
                    found.add(start + cell.start(1))
            start += len(line)
    return frozenset(found)


def broken_tables(text: str) -> Iterator[tuple[int, int]]:
    """The first row of each block of rows that markdown renders as no table: its head or the rule below it is missing."""
    if "|" not in text:
        return
    for table in _ROWS.finditer(text):
        first, _, rest = table[0].partition("\n")
        if _RULE.fullmatch(first) or not _RULE.fullmatch(rest.partition("\n")[0]):
            yield table.start(), table.start() + len(first)

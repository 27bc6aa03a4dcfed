"""A sheet as a grid of text, and what its rows are: names of columns, fields of the header, merged cells, units above."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from drafter.sheets.names import IGNORED, field_of

_HEAD_ROWS = 50
"""So many rows may stand above the names of the columns."""
FILLED = frozenset({"role", "topic", "required"})
"""Columns in which a cell merged over several rows goes for each of them."""
_INLINE = re.compile(r"\s*([^：:\s]{2,8})\s*[：:]\s*(\S.*?)\s*(?=\s{2,}\S|$)")
_LONGEST_INLINE = 200
"""Characters of a cell in which fields are looked for; a longer one is prose."""
_UNIT_ABOVE = re.compile(r"(?<![\u3400-\u9fff])单位\s*[：:]\s*([\u3400-\u9fff%]{1,4})(?![\u3400-\u9fff])")
_UNIT_IN_NAME = re.compile(r"[（(]\s*(?:单位[：:])?\s*([^（()）]{1,6}?)\s*[）)]")
_NO_UNIT = frozenset({"必填", "选填", "可不填", "数字", "填数字"})


@dataclass
class Grid:
    """A sheet as the text of its cells, by row and column from 1; `name` is "" for a file without sheets.

    `faults` are the cells whose text cannot be told, each with a phrase to stand behind the cell's name. `merged` are
    first row, first column, last row, last column.
    """

    name: str
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def rows(self) -> list[int]:
        """The rows that hold something."""
        return sorted({row for row, _ in (*self.cells, *self.faults)})

    def row(self, number: int) -> dict[int, str]:
        """The cells of a row, by column; the grid is no more changed once it has been asked."""
        return self._by_row.get(number, {})

    def place(self, row: int, what: str) -> str:
        """What a clerk calls a cell."""
        sheet = f"工作表“{self.name}”" if self.name else ""
        return f"{sheet}第{row}行“{what}”栏"

    @cached_property
    def _by_row(self) -> dict[int, dict[int, str]]:
        found: dict[int, dict[int, str]] = {}
        for (row, column), text in sorted(self.cells.items()):
            found.setdefault(row, {})[column] = text
        return found


def known_columns(grid: Grid) -> int:
    """How many columns of facts have a name that is known; 0 where there is no row of names."""
    head = head_of(grid, "column", "text")
    return len(head[1]) if head else 0


def head_of(grid: Grid, where: str, needed: str) -> tuple[int, dict[int, str]] | None:
    """The row with the names of the columns, and which field each column is; None where no row has the needed one."""
    for row in grid.rows()[:_HEAD_ROWS]:
        columns = {
            column: field_
            for column, name in grid.row(row).items()
            if (field_ := field_of(where, name)) is not None
        }
        if needed in columns.values():
            return row, columns
    return None


def is_header(grid: Grid, below: int = 0) -> bool:
    """Whether the sheet holds fields of the header, whatever it is called; 项目 and 内容 may stand above them."""
    rows = [row for row in grid.rows() if row > below][:_HEAD_ROWS]
    return len({field_ for row in rows for _, field_, _, _ in fields_in(grid, row)} - {IGNORED}) >= 2


def fields_in(grid: Grid, row: int) -> Iterator[tuple[str, str, str, int]]:
    """The fields of the header in a row: name, field, value and the value's column; 填报单位：竹溪镇 in one cell too."""
    cells = grid.row(row)
    taken = 0
    for column, text in cells.items():
        if column <= taken:
            continue
        field_ = field_of("header", text)
        if field_ is not None:
            at = next((c2 for r1, c1, r2, c2 in grid.merged if r1 <= row <= r2 and c1 == column), column) + 1
            value = cells.get(at, "")
            taken = at
            yield text.rstrip("：: "), field_, value, at
            continue
        for name, value in _INLINE.findall(text[:_LONGEST_INLINE]):
            inner = field_of("header", name)
            if inner not in (None, IGNORED):
                yield name, inner, value, column


def fill(grid: Grid, columns: dict[int, str]) -> dict[tuple[int, int], str]:
    """What a cell merged over several rows says for the rows below its own."""
    found: dict[tuple[int, int], str] = {}
    for top, left, bottom, _ in grid.merged:
        text = grid.cells.get((top, left))
        if text and columns.get(left) in FILLED:
            found |= {(row, left): text for row in range(top + 1, min(bottom, top + 10_000) + 1)}
    return found


def unit_of_all(grid: Grid, head: int) -> str:
    """The unit that a line above the names of the columns gives for all figures (单位：万元); "" for none."""
    above = (text for (row, _), text in grid.cells.items() if row < head)
    return next((match[1] for text in above if (match := _UNIT_ABOVE.search(text))), "")


def unit_in(name: str) -> str:
    """The unit that a column's name has in brackets: 数值（万元）."""
    match = _UNIT_IN_NAME.search(name)
    return "" if match is None or match[1] in _NO_UNIT else match[1]

"""Reads a .csv as programs and offices write it: any usual encoding, separators , ; and tab, breaks in quotes."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

from drafter.errors import FactsError
from drafter.sheets.cells import clean
from drafter.sheets.grid import Grid, known_columns
from drafter.sheets.table import Table, read_grids

_SEPARATORS = ",;\t"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_csv(content: bytes, path: Path) -> Table:
    """The ledger in a .csv.

    Raises:
        FactsError: it is a workbook, binary, in no encoding that offices use, or its quotation marks do not match.
    """
    text = _decoded(content, path)
    if not text.strip(f"{_SEPARATORS} \r\n"):
        return read_grids([], path)
    if text.startswith("sep=") and text[4:5] in tuple(_SEPARATORS):
        grids = [_grid(text.partition("\n")[2], text[4], first=2)]
    else:
        grids = [_grid(text, separator) for separator in _SEPARATORS]
    # quotation marks match only where the text is divided rightly
    best = max(grids, key=lambda grid: (not grid.faults, known_columns(grid), len(grid.cells)))
    broken = next((grid for grid in grids if grid.faults), None)
    if broken and not (best is not broken and known_columns(best)):
        [(line, _)] = broken.faults
        raise FactsError(
            f"{path}：第 {line} 行附近的引号没有配对，或一格太长；请检查英文双引号，格内的双引号要写两个"
        )
    return read_grids([best], path)


def _grid(text: str, separator: str, first: int = 1) -> Grid:
    """The cells; rows are counted as a spreadsheet counts them, a break within quotes making none.

    Where quotation marks do not match, the line is the one fault of the grid.
    """
    grid = Grid("")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, row in enumerate(rows, first):
            for column, cell in enumerate(row, 1):
                if written := clean(cell):
                    grid.cells[number, column] = written
    except csv.Error:
        grid.faults[rows.line_num, 0] = "的引号没有配对"
    return grid


def _decoded(content: bytes, path: Path) -> str:
    if content.startswith(b"PK\x03\x04"):
        raise FactsError(f"{path}：其实是 Excel 工作簿；请把结尾改成 .xlsx")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FactsError(f"{path}：其实是旧版 .xls 文件；请在 Excel 或 WPS 里另存为 .xlsx")
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            text = _try(content, encoding)
            if text is None:
                raise FactsError(f"{path}：开头标明是 {encoding}，内容却不是；请另存为 UTF-8 编码的 .csv")
            return text
    if b"\x00" in content:
        # UTF-16 without a mark: separators and line ends are ASCII, so every other byte of them is a zero
        even, odd = content[::2].count(0), content[1::2].count(0)
        text = _try(content, "utf-16-le" if odd > even else "utf-16-be")
        if text is None or "\x00" in text or not any(sign in text for sign in ",;\t\n"):
            raise FactsError(f"{path}：不是文本（含有二进制内容）；请另存为 UTF-8 编码的 .csv")
        return text
    for encoding in ("utf-8", "gb18030"):
        if (text := _try(content, encoding)) is not None:
            return text
    raise FactsError(f"{path}：认不出文字编码；请另存为 UTF-8 编码的 .csv")


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None

"""Reads a workbook (.xlsx, ECMA-376) that anybody may have written into grids of text, within bounds.

openpyxl reads, since only it tells the number format, without which a percentage is a bare fraction. Formulas are
not computed: what Excel or WPS last computed is in the file.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drafter.errors import FactsError
from drafter.sheets.cells import Unreadable, shown
from drafter.sheets.grid import Grid

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MAX_XML = 48 * 1024 * 1024
"""Bytes of all parts, unpacked; a ledger has some hundred thousand."""
MAX_MARKS = 600_000
"""Tags of all parts. A row of a ledger has some twenty; a workbook beyond this takes minutes to read."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_OLE = b"\xd0\xcf\x11\xe0"
_SAVE = "请在 Excel 或 WPS 里打开后另存为 .xlsx"
_READ = (".xml", ".rels", ".vml")
"""Endings of parts that are parsed; pictures and macros are not."""


def read_workbook(content: bytes, path: Path) -> list[Grid]:
    """The visible sheets, each with the text of its cells, in order. Rows that a filter hides are read.

    Raises:
        FactsError: no workbook, encrypted, damaged, or larger than any ledger.
    """
    formulas = _looked_through(content, path)
    shows = _opened(content, path, values=True)
    computes = _opened(content, path, values=False) if formulas else None
    sheets = [sheet for sheet in shows.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise FactsError(f"{path}：没有可见的工作表；请取消隐藏放台账的工作表后再保存")
    return [_grid(sheet, computes[sheet.title] if computes else None) for sheet in sheets]


def _looked_through(content: bytes, path: Path) -> bool:
    """Whether there are formulas in it; the first look refuses what must not be parsed."""
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise FactsError(f"{path}：文件加了密码，没有读；请去掉密码后另存为 .xlsx")
        raise FactsError(f"{path}：其实是旧版 .xls 文件；{_SAVE}")
    if not content.startswith(b"PK"):
        kind = "网页" if b"<html" in content[:4096].lower() or b"<table" in content[:4096].lower() else "文本"
        known = kind if b"\x00" not in content[:4096] else "别的格式"
        raise FactsError(f"{path}：不是 Excel 工作簿，里面是{known}；{_SAVE}")
    total = marks = 0
    formulas = False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
                raise FactsError(f"{path}：不是 Excel 工作簿；{_SAVE}")
            if "xl/workbook.bin" in names:
                raise FactsError(f"{path}：其实是 .xlsb 文件；{_SAVE}")
            for info in archive.infolist():
                if not info.filename.lower().endswith(_READ):
                    continue
                if info.compress_type not in _METHODS:
                    raise zipfile.BadZipFile(f"compression {info.compress_type}")
                with archive.open(info) as part:
                    xml = part.read(MAX_XML - total + 1)
                total += len(xml)
                marks += xml.count(b"<")
                if total > MAX_XML or marks > MAX_MARKS:
                    raise FactsError(
                        f"{path}：展开后太大，不像一份台账，没有读；请把台账各行复制到新建的工作簿里再试"
                    )
                if any(doctype in xml for doctype in _DOCTYPES):
                    raise FactsError(
                        f"{path}：里面有外部实体之类的声明（DOCTYPE），Excel 不会这样写，可能有害，没有读；{_SAVE}"
                    )
                of_cells = info.filename.startswith("xl/worksheets/")
                formulas = formulas or (of_cells and _FORMULA.search(xml) is not None)
    except RuntimeError as error:
        if isinstance(error, NotImplementedError):
            raise FactsError(f"{path}：文件已损坏；{_SAVE}") from None
        raise FactsError(f"{path}：文件有密码，没有读；请去掉密码后另存为 .xlsx") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError):
        raise FactsError(f"{path}：文件已损坏或没有存完；{_SAVE}") from None
    return formulas


def _opened(content: bytes, path: Path, *, values: bool) -> Workbook:
    """The workbook, with the values last computed or with the formulas."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which say nothing of the cells
            return load_workbook(io.BytesIO(content), data_only=values)
    except Exception:  # noqa: BLE001 - what openpyxl raises for a strange part is of any type
        raise FactsError(f"{path}：文件已损坏，或不是通常的 .xlsx；{_SAVE}") from None


def _grid(sheet: Worksheet, formulas: Any) -> Grid:
    """The cells that hold something; a formula without a value that was computed is a fault of its cell."""
    from openpyxl.cell.cell import MergedCell
    from openpyxl.utils.escape import unescape

    grid = Grid(sheet.title.strip())
    # one cell at the end of a sheet would make any walk over its rows and columns endless
    for (row, column), cell in sorted(sheet._cells.items()):
        if isinstance(cell, MergedCell):
            continue
        value = cell.value
        try:
            if cell.data_type == "e":
                raise Unreadable(f"是错误值 {value}，请改正")
            if value is None and formulas is not None and formulas._cells[row, column].data_type == "f":
                raise Unreadable("的公式还没有算出结果，请在 Excel 或 WPS 里打开、保存一次，或改成数值")
            text = shown(unescape(value) if isinstance(value, str) else value, cell.number_format)
        except Unreadable as fault:
            grid.faults[row, column] = str(fault)
            continue
        if text:
            grid.cells[row, column] = text
    for merged in sheet.merged_cells.ranges:
        grid.merged.append((merged.min_row, merged.min_col, merged.max_row, merged.max_col))
    return grid

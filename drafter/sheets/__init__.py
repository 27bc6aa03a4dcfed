"""Ledgers as clerks keep them, in .xlsx and .csv: read into plain data with the place of every value.
To write one is `drafter.scaffold.spreadsheets`' matter.

Of a workbook the values are taken as they are shown; nothing in it is run or fetched. What a fact may be is the model's
matter (drafter.facts), which says through `Table.places` in which row and column something is wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drafter.sheets.table import Table

SUFFIXES = (".xlsx", ".xlsm", ".csv")
"""Endings of ledgers that are tables; of a workbook with macros (.xlsm) the macros are not looked at."""
FOREIGN = (".xls", ".xlsb", ".xlt", ".xltx", ".ods", ".fods", ".et", ".ett", ".numbers", ".tsv")
"""Endings of tables that have to be saved as one of these first."""
MAX_BYTES = 10 * 1024 * 1024
"""A workbook may hold some pictures; the rows of a ledger take some kilobytes."""

__all__ = ["FOREIGN", "MAX_BYTES", "SUFFIXES", "read_table"]


def read_table(content: bytes, path: Path) -> Table:
    """The ledger in the bytes of such a file; `path` names it in errors.

    Raises:
        FactsError: it is no such file, encrypted, damaged, too large, or holds nothing.
    """
    if path.suffix.lower() == ".csv":
        from drafter.sheets.delimited import read_csv

        return read_csv(content, path)
    from drafter.sheets.table import read_grids
    from drafter.sheets.workbook import read_workbook

    return read_grids(read_workbook(content, path), path)

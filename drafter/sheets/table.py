"""Turns grids of cells into the plain data of a ledger, with the place of every value in the clerk's own terms.

A sheet of facts has a row with the names of its columns, among them 事项; what stands above may be fields of the
header, or a title, which is not read. All faults are gathered, so that a clerk mends them in one go.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from drafter.errors import FactsError
from drafter.sheets.cells import tidy
from drafter.sheets.grid import FILLED, Grid, fields_in, fill, head_of, is_header, unit_in, unit_of_all
from drafter.sheets.names import IGNORED, close_to, field_of, name_of, names_of, value_names, value_of

Location = tuple[int | str, ...]
"""A place in the plain data, as a validator names it: ("facts", 3, "role")."""

_MANDATORY = ("organization", "period", "theme")
_SEVERAL = frozenset({"attachments", "outline"})
"""Fields of the header that may have several values, in rows of their own, in lines of a cell or behind 、 and ；."""
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0?0:00(?::00)?)?")
_NUMBER = re.compile(
    r"(?P<number>[^\d]{0,4}[\d.,，]+[万亿千百]{0,2}[余多]?[万亿]{0,2}[%‰]?(?:以上|以下|左右)?"
    r"|[约近]?[零〇一二两三四五六七八九十百千万]+[余多]?)(?P<unit>.*)"
)
_DIGIT_END, _DIGIT_START = re.compile(r"[\d.]$"), re.compile(r"[\d.]")
_WIDE = str.maketrans("０１２３４５６７８９．％，－", "0123456789.%,-")


@dataclass
class Table:
    """The plain data of a ledger, where each value stands, and what is wrong already."""

    data: dict[str, Any]
    places: dict[Location, str]
    faults: list[str]

    def place(self, location: Location) -> str | None:
        """What a clerk calls this place; None where the table has no cell for it."""
        while location:
            if location in self.places:
                return self.places[location]
            location = location[:-1]
        return None


def read_grids(grids: Iterable[Grid], path: Path) -> Table:
    """The ledger in these sheets.

    Raises:
        FactsError: none of them holds anything.
    """
    filled = [grid for grid in grids if grid.cells or grid.faults]
    if not filled:
        raise FactsError(f"{path}：文件是空的；可用 drafter new facts 新建一份带示例的")
    table = Table({"facts": []}, {}, [])
    reader = _Reader(table)
    for grid in filled:
        reader.read(grid)
    reader.finish(sheets=bool(filled[0].name))
    return table


class _Reader:
    """Gathers a table from its sheets."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._ids: dict[str, str] = {}

    def read(self, grid: Grid) -> None:
        """Take in one sheet, by its name or by what it holds."""
        kind = field_of("sheet", grid.name) if grid.name else None
        if kind == "notes":
            return
        if kind == "outline":
            self._outline(grid)
        elif kind == "header":
            self._header(grid, grid.rows(), strict=True)
        elif (head := head_of(grid, "column", "text")) and not is_header(grid, below=head[0]):
            row, columns = head
            self._header(grid, [number for number in grid.rows() if number < row], strict=False)
            self._facts(grid, row, columns)
        elif is_header(grid):
            self._header(grid, grid.rows(), strict=True)
        else:
            sheet = f"工作表“{grid.name}”里" if grid.name else ""
            rest = "；不是台账的工作表请隐藏或删去" if grid.name else ""
            self.fault(f"{sheet}找不到表头：要有一行栏名，其中有“{name_of('column', 'text')}”{rest}")

    def fault(self, said: str) -> None:
        """Note something that is wrong."""
        self.table.faults.append(said)

    def finish(self, *, sheets: bool) -> None:
        """What only all sheets together show: fields that every ledger has."""
        for name in _MANDATORY:
            if name not in self.table.data:
                called = name_of("header", name)
                where = (
                    "请写在工作表“报告信息”里"
                    if sheets
                    else f"请在表头之前加一行，第一格写“{called}”，第二格写内容"
                )
                self.fault(f"缺“{called}”，{where}")

    def _facts(self, grid: Grid, head: int, columns: dict[int, str]) -> None:
        names = grid.row(head)
        for column, name in names.items():
            if column not in columns:
                near = close_to("column", name)
                way = (
                    f"，是否应为“{near}”？"
                    if near
                    else f"；可用的有{'、'.join(names_of('column'))}；不写进报告的栏，栏名前加“备注”"
                )
                self.fault(f"{grid.place(head, name)}是不认识的栏名{way}")
        for twice, count in Counter(columns.values()).items():
            if count > 1 and twice != IGNORED:
                self.fault(f"{grid.place(head, name_of('column', twice))}有{count}栏，请只留一栏")
        of_all = unit_of_all(grid, head)
        if of_all and "value" in columns.values() and "unit" not in columns.values():
            self.fault(
                f"{grid.place(head, name_of('column', 'value'))}的单位写在表头之上（{of_all}），请加一栏“单位”逐行写明"
            )
        filled = fill(grid, columns)
        for row in grid.rows():
            if row > head and grid.row(row) != names:
                self._fact(grid, row, columns, names, filled)

    def _fact(
        self,
        grid: Grid,
        row: int,
        columns: dict[int, str],
        names: dict[int, str],
        filled: dict[tuple[int, int], str],
    ) -> None:
        own = {columns[column]: text for column, text in grid.row(row).items() if column in columns}
        called = {field: names[column] for column, field in columns.items()}
        faulty = False
        for column, field_ in columns.items():
            if field_ != IGNORED and (row, column) in grid.faults:
                self.fault(f"{grid.place(row, names[column])}{grid.faults[row, column]}")
                faulty = True
        own.pop(IGNORED, None)
        if faulty or not own:
            return
        if "value" in own and "unit" not in own and (unit := unit_in(called["value"])):
            own["unit"], called["unit"] = unit, called["value"]
        own = {columns[c]: filled[r, c] for r, c in filled if r == row} | own
        if own.keys() <= FILLED:
            text = called.get("text", name_of("column", "text"))
            self.fault(f"{grid.place(row, text)}是空的，请补上，或把这一行清空")
            return
        fact: dict[str, Any] = {}
        for field_ in ("role", "required"):
            if field_ in own:
                meant = value_of(field_, own[field_])
                if meant is None:
                    allowed = "、".join(value_names(field_))
                    self.fault(f"{grid.place(row, called[field_])}是“{own[field_]}”，只能是{allowed}")
                else:
                    fact[field_] = meant if field_ == "role" else meant == "true"
        fact |= {name: own[name] for name in ("id", "topic") if name in own}
        fact["text"] = self._text(grid, row, own, called)
        place = len(self.table.data["facts"])
        if "id" in fact:
            here = grid.place(row, called["id"])
            if fact["id"] in self._ids:
                self.fault(f"{here}“{fact['id']}”与{self._ids[fact['id']]}重复")
                del fact["id"]
            else:
                self._ids[fact["id"]] = here
        if not fact["text"]:
            return
        self.table.data["facts"].append(fact)
        for field_, name in called.items():
            self.table.places["facts", place, field_] = grid.place(row, name)
        self.table.places["facts", place] = grid.place(row, called["text"])

    def _text(self, grid: Grid, row: int, own: dict[str, str], called: dict[str, str]) -> str:
        """The fact: 事项, with 数值 and 单位 behind it where they stand in columns of their own; "" where one is wrong."""
        text, unit = own.get("text", ""), own.get("unit", "").translate(_WIDE)
        value = tidy(own.get("value", "").translate(_WIDE))
        if not text:
            self.fault(f"{grid.place(row, called.get('text', name_of('column', 'text')))}是空的，请补上")
            return ""
        if not value:
            if unit and not re.search(r"\d", text):
                self.fault(
                    f"{grid.place(row, called['unit'])}有“{unit}”而没有数值，请补上“数值”，或写进“事项”"
                )
                return ""
            return text
        match = _NUMBER.fullmatch(value)
        if match is None:
            self.fault(
                f"{grid.place(row, called['value'])}是“{value}”，不像数值；话请写进“{called['text']}”栏"
            )
            return ""
        given = match["unit"].strip()
        if unit and given and given != unit:
            self.fault(
                f"{grid.place(row, called['value'])}是“{value}”，与“{called['unit']}”栏的“{unit}”不一致"
            )
            return ""
        figure = value if given or not unit or value.endswith(unit) else value + unit
        return text if _tells(text, figure) else text + figure

    def _header(self, grid: Grid, rows: Iterable[int], *, strict: bool) -> None:
        """Fields of the header: a name, and right of it the value. `strict` where nothing else may stand there."""
        for row in rows:
            cells = grid.row(row)
            fields = list(fields_in(grid, row))
            for name, field_, value, column in fields:
                if (row, column) in grid.faults:
                    self.fault(f"{grid.place(row, name)}{grid.faults[row, column]}")
                elif field_ != IGNORED and value:
                    self._set(grid, row, name, field_, value)
            if strict and cells and not fields:
                first = next(iter(cells.values()))
                near = close_to("header", first)
                way = f"，是否应为“{near}”？" if near else f"；可用的有{'、'.join(names_of('header'))}"
                self.fault(f"{grid.place(row, first)}是不认识的项目{way}")

    def _set(self, grid: Grid, row: int, name: str, field_: str, value: str) -> None:
        place = grid.place(row, name)
        data = self.table.data
        if field_ == "date":
            value = _iso(value)
        if field_ in _SEVERAL:
            values = [
                part.strip()
                for part in re.split(r"[\n；;]" if field_ == "attachments" else r"[\n；;、，,]", value)
            ]
            data.setdefault(field_, []).extend(part for part in values if part)
        elif field_ in data and data[field_] != value:
            self.fault(f"{place}与{self.table.places[(field_,)]}不一致，请删去一处")
            return
        else:
            data[field_] = value
        self.table.places.setdefault((field_,), place)

    def _outline(self, grid: Grid) -> None:
        head = head_of(grid, "outline", "name")
        if head is None:
            self.fault(f"工作表“{grid.name}”里找不到表头：要有一行栏名，其中有“{name_of('outline', 'name')}”")
            return
        first, columns = head
        names = grid.row(first)
        entries = self.table.data.setdefault("outline", [])
        for column in names.keys() - columns.keys():
            allowed = "、".join(names_of("outline"))
            self.fault(f"{grid.place(first, names[column])}是不认识的栏名；可用的有{allowed}")
        for row in grid.rows():
            own = {
                columns[column]: text
                for column, text in grid.row(row).items()
                if column in columns and row > first
            }
            own.pop(IGNORED, None)
            if not own:
                continue
            entry: dict[str, Any] = {name: own[name] for name in ("name", "heading") if name in own}
            if "topics" in own:
                entry["topics"] = [
                    part.strip() for part in re.split(r"[\n；;、]", own["topics"]) if part.strip()
                ]
            if "length" in own:
                length = own["length"].translate(_WIDE)
                entry["length"] = int(length) if length.isdecimal() and len(length) < 9 else length
            for column, field_ in columns.items():
                self.table.places["outline", len(entries), field_] = grid.place(row, names[column])
            entries.append(entry)


def _tells(text: str, figure: str) -> bool:
    """Whether the text has the figure already, as no part of a longer one."""
    pieces = text.translate(_WIDE).split(figure)
    joints = pairwise(pieces)
    return any(not (_DIGIT_END.search(left) or _DIGIT_START.match(right)) for left, right in joints)


def _iso(text: str) -> str:
    """A date in any usual writing as YYYY-MM-DD; another text as it is, for the model to refuse."""
    match = _DATE.fullmatch(text.translate(_WIDE).strip())
    return "{}-{:0>2}-{:0>2}".format(*match.groups()) if match else text

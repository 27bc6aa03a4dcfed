"""Writes a ledger as a workbook that is pleasant to fill in, or as .csv; what is written reads back as the same ledger."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from drafter.errors import FactsError
from drafter.facts import Attachment, Fact, Facts, OutlineEntry
from drafter.sheets.names import name_of, value_name, value_names

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FACTS_SHEET = "台账"
_COLUMNS = ("role", "topic", "text", "required")
_WIDTHS = {"role": 9, "topic": 16, "text": 72, "required": 8, "id": 10}
_CENTRED = frozenset({"role", "required", "id"})
_SPARE_ROWS = 200
"""So many rows below the last fact have the drop-downs too."""
_HINTS = {
    "role": "这一条属于哪一类：背景（基本情况）、已做（做了什么）、问题、打算。从下拉框里选；不选就是“已做”。",
    "topic": "同一主题的事项写在一起，成为报告里的一小节，如“隐患排查”。可以新写，也可以从下拉框里选用过的。",
    "text": "一行写一件事，照台账的写法，短而具体，数字带单位，如“排查山塘28座，发现隐患9处，已整改7处”。",
    "required": "“是”：报告里必须写到，漏写算错误。“否”：可写可不写。不选时，背景为否，其余为是。",
    "id": "可不填。给这一条起的固定名称，核对结果里用它；几期台账用同一个编号，便于比较。",
}
_HEADER_HINTS = {
    "organization": "必填。写报告的单位，如“竹溪镇”。",
    "period": "必填。报告的时段，如“2024年上半年”“2024年1-9月”“2024年”。",
    "theme": "必填。报告讲什么工作，如“防汛备汛工作”。",
    "title": "可不填。不填时由单位、时段和主题组成。",
    "recipient": "可不填。报给哪个机关。",
    "date": "可不填。报告的落款日期，如 2024-07-02。",
    "report_type": "一般不用改。",
    "document_number": "可不填，用于 Word 文件，如“竹政〔2024〕12号”。",
    "signer": "可不填，用于 Word 文件。",
    "contact": "可不填，用于 Word 文件。",
    "attachments": "可不填，几个附件各占一行（按 Alt+回车换行）。",
}
_EXPLANATION = (
    ("怎么填", ""),
    ("台账", "一行一件事。灰色的表头不要删；行的次序随意，空行不要紧，可以合并同一主题的单元格。"),
    ("报告信息", "报告单位、报告时段、主题三项必填，其余可不填。"),
    (
        "数字",
        "以单元格里显示的为准：显示 12.5% 就按 12.5% 读，显示两位小数就按两位小数读。公式取算好的结果。",
    ),
    ("数值、单位", "数字另成一栏的台账，可以加“数值”“单位”两栏：事项“召开防汛专题会议”，数值 6，单位 次。"),
    ("没把握的数", "照实写“约”“余”，如“120余人”；没有的数不要写“xx”，整条留空即可。"),
    ("不写进报告的栏", "可以加，栏名以“备注”开头，如“备注：来源”。"),
    ("不读的表", "隐藏的工作表和这一页不读。"),
    ("", ""),
    ("填好以后", ""),
    ("起草", "drafter draft 这个文件.xlsx --corpus 往年报告文件夹"),
    ("核对写好的稿子", "drafter check 稿子.docx --facts 这个文件.xlsx"),
    ("与上期比较", "drafter draft 这个文件.xlsx --previous 上期的文件.xlsx"),
)
_OWN_ID = re.compile(r"f-[0-9a-f]{8}(?:-\d+)?")
"""The ids that drafter gives by itself; they need not be written down."""


def to_workbook(ledger: Facts) -> bytes:
    """The ledger as .xlsx: a sheet of facts with drop-downs and hints, one of the header, one of explanations.

    A sheet of the outline stands in it where the ledger has one.
    """
    from openpyxl import Workbook

    book = Workbook()
    facts = book.active
    assert facts is not None
    _write_facts(facts, ledger)
    _write_header(book.create_sheet(name_of("sheet", "header")), ledger)
    if ledger.outline:
        _write_outline(book.create_sheet(name_of("sheet", "outline")), ledger.outline)
    _write_explanation(book.create_sheet(name_of("sheet", "notes")))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _lines(attachments: Sequence[Attachment]) -> list[str]:
    """The names of attachments.

    Raises:
        FactsError: one has a table, for which a spreadsheet of facts has no place.
    """
    if table := next((each.name for each in attachments if each.rows), ""):
        raise FactsError(f"附件“{table}”带有表格，表格形式的事实文件放不下；请用 .json 或 .yaml")
    return [each.name for each in attachments]


def to_csv(ledger: Facts) -> bytes:
    """The ledger as .csv (UTF-8 with a mark, as Excel and WPS need it): the header's fields, then a row a fact.

    An outline keeps only the names of its sections there.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    for field in _header_fields():
        value = getattr(ledger, field)
        for each in _lines(value) if isinstance(value, list) else [value]:
            if each and (field, each) != ("report_type", Facts.model_fields["report_type"].default):
                rows.writerow([name_of("header", field), each])
    if ledger.outline:
        rows.writerow([name_of("header", "outline"), "、".join(entry.name for entry in ledger.outline)])
    columns = _columns(ledger.facts)
    rows.writerow([name_of("column", column) for column in columns])
    for fact in ledger.facts:
        rows.writerow([_cell(fact, column) for column in columns])
    return text.getvalue().encode("utf-8-sig")


def _columns(facts: Sequence[Fact]) -> tuple[str, ...]:
    own = any(not _OWN_ID.fullmatch(fact.id) for fact in facts)
    return (*(["id"] if own else []), *_COLUMNS)


def _cell(fact: Fact, column: str) -> str:
    if column == "id" and _OWN_ID.fullmatch(fact.id):
        return ""
    value = getattr(fact, column)
    if column == "role":
        return value_name("role", value)
    return value_name("required", "true" if value else "false") if column == "required" else str(value)


def _header_fields() -> list[str]:
    return [field for field in Facts.model_fields if field not in ("facts", "outline")]


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Any:
    """A cell that holds this text as text, also where it begins like a formula."""
    cell = sheet.cell(row, column)
    if text:
        cell.value = text
        cell.data_type = "s"
    return cell


def _write_facts(sheet: Worksheet, ledger: Facts) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet.title = FACTS_SHEET
    columns = _columns(ledger.facts)
    last = len(ledger.facts) + 1 + _SPARE_ROWS
    topics = list(dict.fromkeys(fact.topic for fact in ledger.facts if fact.topic))
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        head = _put(sheet, 1, number, name_of("column", column))
        _as_head(head)
        head.comment = Comment(_HINTS[column], "drafter", width=320, height=110)
        sheet.column_dimensions[letter].width = _WIDTHS[column]
        lists = {
            "role": value_names("role"),
            "required": value_names("required"),
            "topic": topics
            if len(",".join(topics)) <= 255 and not any("," in topic for topic in topics)
            else [],
        }
        validation = DataValidation(
            type="list" if lists.get(column) else None,
            formula1='"{}"'.format(",".join(lists[column])) if lists.get(column) else None,
            allow_blank=True,
            showErrorMessage=column in ("role", "required"),
            showInputMessage=True,
        )
        validation.promptTitle, validation.prompt = name_of("column", column), _HINTS[column]
        validation.errorTitle, validation.error = (
            "不能这样填",
            f"请从下拉框里选：{'、'.join(lists.get(column, []))}",
        )
        validation.add(f"{letter}2:{letter}{last}")
        sheet.add_data_validation(validation)
    for row, fact in enumerate(ledger.facts, 2):
        for number, column in enumerate(columns, 1):
            cell = _put(sheet, row, number, _cell(fact, column))
            cell.alignment = Alignment(
                horizontal="center" if column in _CENTRED else None, vertical="center", wrap_text=True
            )
    _dress(sheet)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"


def _dress(sheet: Worksheet) -> None:
    """Lines around the cells, and A4 across, as wide as the page."""
    from openpyxl.styles import Border, Side

    thin = Side(style="thin", color="A6A6A6")
    for row in sheet.iter_rows(min_row=1, max_row=sheet.max_row, max_col=sheet.max_column):
        for cell in row:
            cell.border = Border(thin, thin, thin, thin)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]


def _write_header(sheet: Worksheet, ledger: Facts) -> None:
    from openpyxl.styles import Alignment

    for column, (name, width) in enumerate((("项目", 14), ("内容", 46), ("说明", 52)), 1):
        _as_head(_put(sheet, 1, column, name))
        sheet.column_dimensions["ABC"[column - 1]].width = width
    for row, field in enumerate(_header_fields(), 2):
        value = getattr(ledger, field)
        _put(sheet, row, 1, name_of("header", field))
        text = "\n".join(_lines(value)) if isinstance(value, list) else value
        _put(sheet, row, 2, text).alignment = Alignment(wrap_text=True, vertical="center")
        sheet.cell(row, 2).number_format = "@"  # or 2024-07-02 becomes a number, typed anew
        _put(sheet, row, 3, _HEADER_HINTS[field])
    _dress(sheet)
    sheet.freeze_panes = "A2"


def _write_outline(sheet: Worksheet, outline: Sequence[OutlineEntry]) -> None:
    for column, (field, width) in enumerate(
        (("name", 18), ("heading", 30), ("topics", 46), ("length", 10)), 1
    ):
        _as_head(_put(sheet, 1, column, name_of("outline", field)))
        sheet.column_dimensions["ABCD"[column - 1]].width = width
        for row, entry in enumerate(outline, 2):
            value = getattr(entry, field)
            if field == "length" and value:
                sheet.cell(row, column).value = value
            else:
                _put(sheet, row, column, "\n".join(value) if isinstance(value, list) else value or "")
    _dress(sheet)


def _write_explanation(sheet: Worksheet) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.column_dimensions["A"].width = 18
    sheet.column_dimensions["B"].width = 84
    rows = [*_EXPLANATION, ("", ""), ("各栏", "")]
    rows += [(name_of("column", column), hint) for column, hint in _HINTS.items()]
    for row, (name, text) in enumerate(rows, 1):
        _put(sheet, row, 1, name).font = Font(bold=not text)
        _put(sheet, row, 2, text).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9


def _as_head(cell: Any) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="D9D9D9")
    cell.alignment = Alignment(horizontal="center", vertical="center")

"""The report as a Word file with real styles, after GB/T 9704-2012; its styles and page stand in word/, an unpacked docx."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from drafter.exporters.pieces import FlaggedBlock, Line, Piece, flagged_blocks
from drafter.report import Report

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

SKELETON = Path(__file__).parent / "word"
STYLES = {
    "title": "Title",
    "recipient": "Salutation",
    "paragraph": "Body Text",
    "signature": "Signature",
    "date": "Date",
}
"""Names of the styles in word/styles.xml by kind of block; a heading's is Heading 1 to Heading 4."""
MOST_COLUMNS = 63
"""Word opens no table that has more."""
_NOT_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TYPE_AREA = 8844
"""Width of a page's text (156 mm), in twentieths of a point."""
_CHARACTER = 320
"""Width of one character of 3号 (16 points), in twentieths of a point."""


class DocxExporter:
    """The report with its flags in yellow, and at its end, below a line, what the reader must know of how it was made."""

    name, suffix = "docx", ".docx"

    def write(self, report: Report, path: Path) -> None:
        """Write the file. The same report gives the same bytes: the file holds no time and no name of a user."""
        import docx  # costs 0.2 s, so only a run that writes the format pays for it

        document = docx.Document(_skeleton())
        core = document.core_properties
        core.title = xml_text(report.title)[:255]  # OPC's limit
        core.author = xml_text(report.ledger.organization or "drafter")[:255]
        _fill(document, list(flagged_blocks(report)))
        for note in report.notes:
            _write_line(document.add_paragraph(style="成稿说明"), (Piece(note),))
        saved = io.BytesIO()
        document.save(saved)
        _pack(_parts(saved), path)


def xml_text(text: str) -> str:
    """The text with U+FFFD (�) for each character that XML cannot hold, and \\n for every line end.

    Such are control characters, lone surrogates, U+FFFE and U+FFFF: XML 1.0, production 2.
    """
    return _NOT_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _skeleton() -> io.BytesIO:
    parts = {
        path.relative_to(SKELETON).as_posix(): path.read_bytes()
        for path in sorted(SKELETON.rglob("*"))
        if path.suffix in (".xml", ".rels") or path.name == ".rels"
    }
    packed = io.BytesIO()
    _pack(parts, packed)
    packed.seek(0)
    return packed


def _parts(saved: io.BytesIO) -> dict[str, bytes]:
    with zipfile.ZipFile(saved) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _pack(parts: dict[str, bytes], target: Path | io.BytesIO) -> None:
    """Zip the parts without the time of day, which python-docx would put on each."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)  # dated 1980-01-01, zip's beginning of time
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(info, content)


def _fill(document: Document, flagged: Sequence[FlaggedBlock]) -> None:
    signed = {own.block.kind: _width(own.block.text) for own in flagged}
    for place, own in enumerate(flagged):
        block = own.block
        following = flagged[place + 1].block.kind if place + 1 < len(flagged) else ""
        if block.kind == "table":
            if _tabular(own):
                _write_table(document, own)
                if following in ("", "table"):
                    # Word joins tables that touch, and wants a paragraph at the end
                    document.add_paragraph(style="表格文字")
            else:
                for line in [own.line, *map(_joined, own.rows)]:
                    if line:
                        _write_line(document.add_paragraph(style="Body Text"), line)
            continue
        if block.kind == "heading":
            paragraph = document.add_paragraph(style=f"Heading {min(max(block.level, 1), 4)}")
            _write_line(paragraph, own.line)
            continue
        for line in _split(own.line) if block.kind == "paragraph" else [own.line]:
            paragraph = document.add_paragraph(style=STYLES[block.kind])
            _write_line(paragraph, line)
        if following == "signature":
            # the signature never stands alone on a page: 7.3.5.5
            paragraph.paragraph_format.keep_with_next = True
        if block.kind in ("signature", "date"):
            _indent_right(paragraph, block.kind, signed.get("signature", 0.0), signed.get("date", 0.0))


def _write_line(paragraph: Paragraph, line: Line) -> None:
    from docx.enum.text import WD_COLOR_INDEX
    from docx.oxml.ns import qn

    for piece in line:
        run = paragraph.add_run(xml_text(piece.text))
        # without the hint Word takes “ ” … — for Latin, whatever the style's fonts are
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
        if piece.flag:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _tabular(own: FlaggedBlock) -> bool:
    return 0 < max((len(row) for row in own.rows), default=0) <= MOST_COLUMNS


def _write_table(document: Document, own: FlaggedBlock) -> None:
    """A bordered table whose first row is repeated on every page; short rows are filled up with empty cells."""
    from docx.oxml import OxmlElement
    from docx.shared import Twips

    columns = max(len(row) for row in own.rows)
    table = document.add_table(len(own.rows), columns, style="Table Grid")
    widths = [Twips(width) for width in _column_widths(own.rows, columns)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, (row, line) in enumerate(zip(table.rows, own.rows, strict=True)):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0 and len(own.rows) > 1:
            properties.append(OxmlElement("w:tblHeader"))
        for place, cell in enumerate(row.cells):
            cell.width = widths[place]
            _write_cell(cell, line[place] if place < len(line) else (), head=number == 0)


def _column_widths(rows: Sequence[Sequence[Line]], columns: int) -> list[int]:
    """The page's width divided by what the columns hold, in twentieths of a point; no column gets all of it."""
    longest = [4.0] * columns
    for row in rows:
        for place, line in enumerate(row):
            longest[place] = max(longest[place], min(_width("".join(piece.text for piece in line)), 24.0))
    return [round(_TYPE_AREA * width / sum(longest)) for width in longest]


def _write_cell(cell: _Cell, line: Line, *, head: bool) -> None:
    from docx.enum.table import WD_ALIGN_VERTICAL

    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.style = "表头文字" if head else "表格文字"
    _write_line(paragraph, line)


def _indent_right(paragraph: Paragraph, kind: str, signature: float, date: float) -> None:
    """Put the date four characters from the right and the signature centred above it: GB/T 9704-2012, 7.3.5.1."""
    from docx.oxml.ns import qn

    free = 4.0 if kind == "date" else max(0.0, 4.0 + (date - signature) / 2)
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:rightChars"), str(round(free * 100)))
    indent.set(qn("w:right"), str(round(free * _CHARACTER)))  # for programs that know no characters


def _width(text: str) -> float:
    """In characters; digits and Latin letters are half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


def _split(line: Line) -> list[Line]:
    """The line cut at its line feeds; a paragraph of Word has none."""
    lines: list[list[Piece]] = [[]]
    for piece in line:
        for place, text in enumerate(piece.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
            if place:
                lines.append([])
            lines[-1].append(Piece(text, piece.flag))
    return [tuple(pieces) for pieces in lines]


def _joined(row: Sequence[Line]) -> Line:
    """A row as one line, for a table that Word could not show."""
    pieces: list[Piece] = []
    for cell in row:
        pieces += [Piece("　")] if pieces else []
        pieces += cell
    return tuple(pieces)

"""Paragraphs and tables as they are put into a sheet, in the style of what they are, with flags in yellow and comments."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from drafter.exporters.pieces import Line, Piece
from drafter.exporters.word.comments import Comments
from drafter.exporters.word.elements import element, name, run
from drafter.exporters.word.template import Sheet

CHARACTER = 320
"""Width of one character of 3号 (16 points), in twentieths of a point."""
_TYPE_AREA = 8844
"""Width of a page's text (156 mm), in twentieths of a point, where the page does not say."""

_BEHIND_UPDATE_FIELDS = (
    "w:hdrShapeDefaults",
    "w:footnotePr",
    "w:endnotePr",
    "w:compat",
    "w:docVars",
    "w:rsids",
    "m:mathPr",
    "w:attachedSchema",
    "w:themeFontLang",
    "w:clrSchemeMapping",
    "w:doNotIncludeSubdocsInStats",
    "w:doNotAutoCompressPictures",
    "w:forceUpgrade",
    "w:captions",
    "w:readModeInkLockDown",
    "w:smartTagType",
    "w:schemaLibrary",
    "w:shapeDefaults",
    "w:doNotEmbedSmartTags",
    "w:decimalSymbol",
    "w:listSeparator",
)
"""What the schema wants behind w:updateFields (CT_Settings)."""


class Layout:
    """Writes into a sheet from top to bottom. Distances are in twentieths of a point, widths of text in characters."""

    def __init__(self, sheet: Sheet, comments: Comments) -> None:
        self._sheet = sheet
        self._comments = comments
        self._bookmarks = 0
        self._break = False

    def break_page(self) -> None:
        """The next paragraph begins a page."""
        self._break = True

    def paragraph(self, role: str, line: Line = (), *properties: Any, bookmark: str = "") -> Any:
        """Add a paragraph in the style of its role; `properties` are those of its own, in the order of the schema."""
        content = self._runs(line)
        if bookmark:
            self._bookmarks += 1
            start = element("bookmarkStart", id=self._bookmarks, name=bookmark)
            content = [start, *content, element("bookmarkEnd", id=self._bookmarks)]
        paragraph = element("p", self._properties(role, properties), *content)
        self._sheet.end.addprevious(paragraph)
        return paragraph

    def words(self, text: str, role: str) -> Any:
        """A run in the style of its role, to be put into a paragraph."""
        return run(text, style=self._sheet.styles.ids[role])

    def update_fields(self) -> None:
        """Have Word bring fields up to date when it opens the file: it alone knows on which page a heading is."""
        settings = self._sheet.document.settings.element
        if settings.find(name("updateFields")) is None:
            settings.insert_element_before(element("updateFields", val="true"), *_BEHIND_UPDATE_FIELDS)

    def table(self, rows: Sequence[Sequence[Line]]) -> None:
        """Add a bordered table whose first row is repeated on every page; short rows are filled up with empty cells."""
        ids = self._sheet.styles.ids
        widths = _column_widths(rows, self._type_area())
        table = element(
            "tbl",
            element(
                "tblPr",
                element("tblStyle", val=ids["table"]),
                element("tblW", w=sum(widths), type="dxa"),
                element("jc", val="center"),
                element(
                    "tblLook",
                    val="0420",
                    firstRow=1,
                    lastRow=0,
                    firstColumn=0,
                    lastColumn=0,
                    noHBand=0,
                    noVBand=1,
                ),
            ),
            element("tblGrid", *(element("gridCol", w=width) for width in widths)),
        )
        for number, row in enumerate(rows):
            head = number == 0
            marks = [element("cantSplit")] + ([element("tblHeader")] if head and len(rows) > 1 else [])
            cells = [
                element(
                    "tc",
                    element("tcPr", element("tcW", w=width, type="dxa"), element("vAlign", val="center")),
                    element(
                        "p",
                        self._properties("table head" if head else "table text", ()),
                        *(self._runs(row[place]) if place < len(row) else ()),
                    ),
                )
                for place, width in enumerate(widths)
            ]
            table.append(element("tr", element("trPr", *marks), *cells))
        self._sheet.end.addprevious(table)

    def _properties(self, role: str, properties: Sequence[Any]) -> Any:
        styles = self._sheet.styles
        level = [element("outlineLvl", val=styles.levels[role])] if role in styles.levels else []
        start = [element("pageBreakBefore")] if self._break else []
        self._break = False
        # keepNext alone stands before pageBreakBefore
        early = [each for each in properties if each.tag == name("keepNext")]
        late = [each for each in properties if each.tag != name("keepNext")]
        return element("pPr", element("pStyle", val=styles.ids[role]), *early, *start, *late, *level)

    def _runs(self, line: Line) -> list[Any]:
        runs: list[Any] = []
        for piece in line:
            look = [element("highlight", val="yellow")] if piece.flag else []
            runs += self._comments.before(piece)
            if piece.text:
                runs.append(run(piece.text, *look))
            runs += self._comments.behind(piece)
        return runs

    def _type_area(self) -> int:
        """The width of the page's text."""
        section = self._sheet.document.element.body.find(name("sectPr"))
        size, edges = (
            (None, None) if section is None else (section.find(name("pgSz")), section.find(name("pgMar")))
        )
        if size is None or edges is None:
            return _TYPE_AREA
        width = int(size.get(name("w"))) - int(edges.get(name("left"))) - int(edges.get(name("right")))
        return width if width > 0 else _TYPE_AREA


def indent(**characters: float) -> Any:
    """An indent in characters (`left`, `right`), also in twentieths of a point for programs that know no characters."""
    attributes: dict[str, int] = {}
    for side, width in characters.items():
        attributes[f"{side}Chars"] = round(width * 100)
        attributes[side] = round(width * CHARACTER)
    return element("ind", **attributes)


def hanging(left: float, width: float) -> list[Any]:
    """Lines that begin `left` characters from the left, the first of them `width` before; a tab in it leads to the others.

    In twentieths of a point alone: programs differ in whether an indent in characters counts what hangs. The tab is told,
    for those at every second character would come first.
    """
    edge = round(left * CHARACTER)
    stop = element("tabs", element("tab", val="left", pos=edge))
    return [stop, element("ind", left=edge, hanging=round(width * CHARACTER))]


def text_width(text: str) -> float:
    """In characters; digits and Latin letters are half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


def plain(text: str) -> Line:
    """A line without flags and findings."""
    return (Piece(text),)


def _column_widths(rows: Sequence[Sequence[Line]], whole: int) -> list[int]:
    """The page's width divided by what the columns hold; no column gets all of it."""
    longest = [4.0] * max(len(row) for row in rows)
    for row in rows:
        for place, line in enumerate(row):
            longest[place] = max(longest[place], min(text_width("".join(piece.text for piece in line)), 24.0))
    return [round(whole * width / sum(longest)) for width in longest]

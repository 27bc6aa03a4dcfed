"""Reads the text of a .docx as its reader sees it: deletions left out, insertions in, tables row by row.

Knows the XML, not the layout: headings are lines like any other, and numbers that Word counts itself are not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drafter.corpus.readers.package import opened
from drafter.errors import CorpusError

if TYPE_CHECKING:
    from drafter.passages import Document

CELL = "｜"
"""Stands around and between the cells of a table's row: no other check takes a line with it for a paragraph."""
_BREAKS = re.compile(r"\s*\n\s*")
_TEXT = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_UNSEEN = frozenset({"pPr", "rPr", "del", "moveFrom", "delText", "instrText", "rt", "Fallback", "sectPr"})
"""Properties, deleted text, field codes, readings above characters, and the second copy of a text box."""


class WordReader:
    """Reads .docx; of a past report's tables nothing is taken, they are no wording to learn from."""

    name = "docx"
    suffixes: tuple[str, ...] = (".docx",)

    def read(self, path: Path) -> Iterable[Document]:
        """The reports in a Word file, cleaned and told apart.

        Raises:
            CorpusError: missing, unreadable, damaged, protected, too large, or without text.
        """
        from drafter.corpus.readers.formats import text_of
        from drafter.corpus.reports import documents_of

        return documents_of(without_rows(text_of(path)), str(path))


def without_rows(text: str) -> str:
    """The text without the rows of tables."""
    return "\n".join(line for line in text.split("\n") if not line.startswith(CELL))


def read_docx(path: Path) -> str:
    """The paragraphs of a Word file joined by line feeds; a table's row is one line, ｜ around each cell.

    Tracked changes are read as accepted, links and fields as they show, text boxes after their paragraph; headers,
    footers, notes, comments and the contents are left out.

    Raises:
        CorpusError: missing, unreadable, damaged, protected, too large, or without text.
    """
    with opened(path) as package:
        root = package.tree(package.main)
    _drop_contents(root)
    text = "\n".join(_lines(root))
    if not text.strip():
        raise CorpusError(f"{path}：这个 Word 文件里没有文字（只有图片？），请换成有内容的报告")
    return text


def local_name(node: Any) -> str:
    """The element's name without its namespace: that of Word's own files and of ISO's strict ones differ."""
    return str(node.tag).rpartition("}")[2]


def _drop_contents(root: Any) -> None:
    """Take out the lines of a table of contents, a field, and its title: they are the headings once more.

    A line with words of its own stays, and all of them where the field has no end.
    """
    fields: list[str] = []
    listed: list[Any] = []
    before = None
    for paragraph in [*root.iter("{*}p")]:
        inside, outside = any(map(_is_contents, fields)), False
        for node in paragraph.iter("{*}fldChar", "{*}instrText", "{*}t"):
            kind = next((value for key, value in node.attrib.items() if key.endswith("}fldCharType")), "")
            if kind == "begin":
                fields.append("")
            elif kind == "end" and fields:
                fields.pop()
            elif local_name(node) == "instrText" and fields:
                fields[-1] += node.text or ""
                inside = inside or _is_contents(fields[-1])
            elif local_name(node) == "t" and not any(map(_is_contents, fields)):
                outside = True
        if inside and not outside:
            if not listed and before is not None and "".join("".join(_words(before, [])).split()) == "目录":
                listed.append(before)
            listed.append(paragraph)
        before = paragraph
    if not any(map(_is_contents, fields)):
        for paragraph in listed:
            paragraph.getparent().remove(paragraph)


def _is_contents(code: str) -> bool:
    return code.split()[:1] == ["TOC"]


def _lines(node: Any) -> Iterator[str]:
    """The lines of a body, a cell, a content control or a text box."""
    for child in node:
        name = local_name(child)
        if name == "p":
            boxes: list[Any] = []
            yield from "".join(_words(child, boxes)).split("\n")
            for box in boxes:
                yield from _lines(box)
        elif name == "tr":
            cells = [" ".join(filter(str.strip, _lines(cell))) for cell in _cells(child)]
            yield CELL + CELL.join(_BREAKS.sub(" ", cell) for cell in cells) + CELL
        elif name not in _UNSEEN:
            yield from _lines(child)


def _cells(row: Any) -> Iterator[Any]:
    """The cells of a row, also those in a content control."""
    for child in row:
        if local_name(child) == "tc":
            yield child
        elif local_name(child) not in _UNSEEN:
            yield from _cells(child)


def _words(node: Any, boxes: list[Any]) -> Iterator[str]:
    """What a paragraph shows; text boxes in it go to `boxes`."""
    for child in node:
        name = local_name(child)
        if name == "t":
            yield child.text or ""
        elif name in _TEXT:
            yield _TEXT[name]
        elif name == "txbxContent":
            boxes.append(child)
        elif name not in _UNSEEN:
            yield from _words(child, boxes)

"""Reads the text of a .docx as its reader sees it: deletions left out, insertions in, tables row by row.

Knows the XML, not the layout: headings are lines like any other, and numbers that Word counts itself are not there.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drafter.corpus.readers.encoding import read_bytes
from drafter.errors import CorpusError

if TYPE_CHECKING:
    from drafter.passages import Document

CELL = "｜"
"""Stands around and between the cells of a table's row: no other check takes a line with it for a paragraph."""
MAX_XML = 64 * 1024 * 1024
"""Bytes of the main part, unpacked; a report has some hundred thousand."""
_BREAKS = re.compile(r"\s*\n\s*")
_TEXT = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_UNSEEN = frozenset({"pPr", "rPr", "del", "moveFrom", "delText", "instrText", "rt", "Fallback", "sectPr"})
"""Properties, deleted text, field codes, readings above characters, and the second copy of a text box."""
_OLE = b"\xd0\xcf\x11\xe0"
_OTHER = "不是能读的 .docx；请用 Word 或 WPS 打开后另存为 .docx"


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
    footers, notes and comments are left out.

    Raises:
        CorpusError: missing, unreadable, damaged, protected, too large, or without text.
    """
    from lxml import etree

    try:
        root = _tree(_main_part(path))
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, etree.XMLSyntaxError):
        raise CorpusError(f"{path}：文件已损坏，或{_OTHER}") from None
    except RuntimeError:  # what zipfile raises for a password
        raise CorpusError(f"{path}：文件有密码，没有读；请去掉密码后另存为 .docx") from None
    text = "\n".join(_lines(root))
    if not text.strip():
        raise CorpusError(f"{path}：这个 Word 文件里没有文字（只有图片？），请换成有内容的报告")
    return text


def _main_part(path: Path) -> bytes:
    """The XML of the document itself, wherever the package says it is."""
    content = read_bytes(path, remedy="请去掉图片后另存")
    if content.startswith(_OLE):
        raise CorpusError(f"{path}：是旧版 .doc 或加了密码的文件；请用 Word 或 WPS 另存为不加密的 .docx")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        relations = _tree(_part(archive, "_rels/.rels", path))
        for relation in relations:
            if str(relation.get("Type", "")).endswith("/officeDocument"):
                target = posixpath.normpath(str(relation.get("Target", "")).lstrip("/"))
                return _part(archive, target, path)
    raise CorpusError(f"{path}：{_OTHER}")


def _part(archive: zipfile.ZipFile, name: str, path: Path) -> bytes:
    with archive.open(name) as part:
        content = part.read(MAX_XML + 1)
    if len(content) > MAX_XML:
        raise CorpusError(f"{path}：展开后超过 {MAX_XML // 1048576} MB，不像一份报告，没有读")
    return content


def _tree(content: bytes) -> Any:
    """The root of an XML part that anyone may have written: nothing outside it is fetched, no entity is expanded."""
    from lxml import etree

    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _name(node: Any) -> str:
    """The element's name without its namespace: that of Word's own files and of ISO's strict ones differ."""
    return str(node.tag).rpartition("}")[2]


def _lines(node: Any) -> Iterator[str]:
    """The lines of a body, a cell, a content control or a text box."""
    for child in node:
        name = _name(child)
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
        if _name(child) == "tc":
            yield child
        elif _name(child) not in _UNSEEN:
            yield from _cells(child)


def _words(node: Any, boxes: list[Any]) -> Iterator[str]:
    """What a paragraph shows; text boxes in it go to `boxes`."""
    for child in node:
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name in _TEXT:
            yield _TEXT[name]
        elif name == "txbxContent":
            boxes.append(child)
        elif name not in _UNSEEN:
            yield from _words(child, boxes)

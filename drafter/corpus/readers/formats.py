"""Reads a document of any format that is known, by what is in it: a name may lie, and those from the web often do.

Knows which function reads what, and nothing of how.
"""

from __future__ import annotations

import re
from pathlib import Path

from drafter.errors import CorpusError

SUFFIXES = (".docx", ".pdf", ".html", ".htm", ".mht", ".mhtml", ".doc", ".wps", ".rtf", ".odt")
"""Names of documents that `text_of` reads."""
_HEAD = 64 * 1024
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|div|p|table|title)[\s>/]", re.IGNORECASE)
_MHTML = re.compile(
    rb"^(?:[\w-]+:.*\r?\n(?:[ \t].*\r?\n)*)*?(?:mime-version|content-type)\s*:", re.IGNORECASE
)
_WORD_XML = re.compile(rb"<(?:w:wordDocument|pkg:package|office:document)\b")


def text_of(path: Path) -> str:
    """The paragraphs of a document joined by line feeds; a table's row is one line, ｜ around each cell.

    Raises:
        CorpusError: missing, unreadable, damaged, protected, too large, without text, or in no format that is read.
    """
    from drafter.corpus.readers.encoding import decode, read_bytes

    kind = _kind(path)
    if kind == "pdf":
        from drafter.corpus.readers.pdf import read_pdf

        return read_pdf(path)
    if kind == "html":
        from drafter.corpus.readers.web import read_html

        return read_html(path)
    if kind == "office":
        from drafter.corpus.readers.office import read_office

        return read_office(path)
    if kind == "text":
        raw = read_bytes(path)
        if not raw.strip(b"\0 \t\r\n"):
            raise CorpusError(f"{path}：文件是空的，请换成有内容的报告")
        try:
            return decode(raw, str(path))
        except CorpusError:
            raise CorpusError(
                f"{path}：已损坏，或不是 {path.suffix} 文件；请用 Word 或 WPS 打开后另存为 .docx"
            ) from None
    from drafter.corpus.readers.word import read_docx

    return read_docx(path)


def notes_on(path: Path) -> list[str]:
    """What `text_of` leaves out of a document, and how it took what can be taken two ways, as Chinese sentences.

    Raises:
        CorpusError: as `text_of`.
    """
    if _kind(path) != "docx":
        return []
    from drafter.corpus.readers.besides import besides

    return besides(path)


def _kind(path: Path) -> str:
    """What reads this file: pdf, html, office, text or docx. A file that cannot be opened is for its reader to refuse."""
    suffix = path.suffix.lower()
    usual = (
        "pdf"
        if suffix == ".pdf"
        else "docx"
        if suffix == ".docx"
        else "html"
        if ".mht" in suffix or ".htm" in suffix
        else "text"
    )
    try:
        if not path.is_file():
            return usual
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return usual
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "office" if b"mimetypeapplication/vnd.oasis.opendocument.text" in head[:200] else "docx"
    bare = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")
    if head.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")) or _WORD_XML.search(head):
        return "office"
    if _HTML.search(bare[:4096]) or (_MHTML.match(bare) and b"multipart/related" in head):
        return "html"
    return usual

"""Reads saved web pages: one file of HTML in whatever encoding, or an archive (.mht) of a page with its parts."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from pathlib import Path

from drafter.corpus.readers.encoding import decode, read_bytes
from drafter.corpus.readers.word import without_rows
from drafter.errors import CorpusError
from drafter.passages import Document

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_SCRAPS = 200
"""Of so many characters of a page one may be broken: a counter or a banner often is, the report then is not."""


class WebReader:
    """Reads .htm, .html, .mht and .mhtml: the report in a page, without what stands around it; of tables nothing."""

    name = "web"
    suffixes: tuple[str, ...] = (".htm", ".html", ".mht", ".mhtml")

    def read(self, path: Path) -> Iterable[Document]:
        """The reports in a web page, cleaned and told apart.

        Raises:
            CorpusError: missing, unreadable, too large, in no encoding that we can tell, or without a report.
        """
        from drafter.corpus.readers.formats import text_of
        from drafter.corpus.reports import documents_of

        return documents_of(without_rows(text_of(path)), str(path))


def read_html(path: Path) -> str:
    """The report in a web page as `article_of` gives it.

    Raises:
        CorpusError: missing, unreadable, too large, in no encoding that we can tell, or without a report.
    """
    from drafter.corpus.readers.article import article_of

    raw = read_bytes(path, remedy="请另存为“网页，仅 HTML”")
    if not raw.strip():
        raise CorpusError(f"{path}：文件是空的，请换成有内容的报告")
    archived = b"multipart/related" in raw[:65536]
    text = article_of(_archived(raw, path) if archived else decode_page(raw, str(path)))
    if not text.strip():
        raise CorpusError(f"{path}：网页里没有找到正文；请把正文复制到 .txt 或 .docx 里再加入")
    return text


def decode_page(raw: bytes, source: str, charset: str = "") -> str:
    """The text of a page: as UTF-8 if it is that, else as it says itself, else as any text is.

    What a page says is often wrong: a browser that saved it wrote other bytes and left the words as they were.

    Raises:
        CorpusError: no encoding fits.
    """
    declared = charset or (match[1].decode("ascii") if (match := _CHARSET.search(raw[:8192])) else "")
    try:
        return decode(raw, source)
    except CorpusError:
        try:
            name = codecs.lookup(declared or "utf-8").name
        except LookupError:
            raise CorpusError(f"{source}：认不出文字编码；请另存为 UTF-8 编码") from None
        # most pages that say gb2312 have characters that only GB18030 has
        text = raw.decode({"gb2312": "gb18030", "gbk": "gb18030"}.get(name, name), "replace")
        if text.count("\ufffd") * _SCRAPS > len(text):
            raise
        return text.replace("\ufffd", "")


def _archived(raw: bytes, path: Path) -> str:
    """The page in an archive that a browser or Word saved: its first part that is HTML."""
    import email

    for part in email.message_from_bytes(raw).walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                return decode_page(content, str(path), str(part.get_content_charset() or ""))
    raise CorpusError(f"{path}：网页档案里没有网页，或已损坏；请重新另存")

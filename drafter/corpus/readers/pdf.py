"""Reads the text layer of a .pdf, however the file was made: what it may cost has bounds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from drafter.corpus.readers.apart import Apart, Lost, TooLong, TooMuch
from drafter.corpus.readers.encoding import read_bytes
from drafter.corpus.readers.pdfium import Refused
from drafter.corpus.readers.word import without_rows
from drafter.errors import CorpusError

if TYPE_CHECKING:
    from drafter.passages import Document

MAX_PDF = 64 * 1024 * 1024
"""Bytes of a file; reports with photographs have some tens of millions."""
MAX_MEMORY = 768 * 1024 * 1024
"""Bytes that reading may take; a report takes some ten million, a book some hundred."""
MAX_SECONDS = 60.0
"""Seconds of computing for one file; a report takes a tenth of a second, a book ten."""
_ORIGINAL = "请换成 Word 原件，或打开后另外打印成 PDF"
_APART = Apart()


class PdfReader:
    """Reads .pdf with a text layer; of a past report's tables nothing is taken."""

    name = "pdf"
    suffixes: tuple[str, ...] = (".pdf",)

    def read(self, path: Path) -> Iterable[Document]:
        """The reports in a PDF, cleaned and told apart.

        Raises:
            CorpusError: missing, unreadable, damaged, protected, too large, scanned, its text layer is garbage, or it
                takes more memory or time to read than any report.
        """
        from drafter.corpus.readers.formats import text_of
        from drafter.corpus.reports import documents_of

        return documents_of(without_rows(text_of(path)), str(path))


def read_pdf(path: Path) -> str:
    """The paragraphs of a PDF joined by line feeds, begun with 　　 where they are indented; a table's row as ｜a｜b｜.

    Page numbers and running heads are left out, as is text that stands askew, such as a watermark. Safe to call from any
    thread; files are read one at a time.

    Raises:
        CorpusError: missing, unreadable, damaged, protected, too large, scanned, its text layer is garbage, or it takes
            more memory or time to read than any report (MAX_MEMORY, MAX_SECONDS).
    """
    raw = read_bytes(path, MAX_PDF, "请去掉图片后另存")
    if not raw:
        raise CorpusError(f"{path}：文件是空的，请换成有内容的报告")
    try:
        return _APART.text_of_pdf(raw, MAX_SECONDS, MAX_MEMORY)
    except Refused as refused:
        said = str(refused)
    except TooLong:
        said = f"算了 {MAX_SECONDS:g} 秒还没有读完，不像一份报告，没有读；{_ORIGINAL}"
    except TooMuch:
        said = f"展开后要占 {MAX_MEMORY // 1048576} MB 以上内存，不像一份报告，没有读；{_ORIGINAL}"
    except Lost:
        said = f"读它的进程中途退出了（文件损坏，或内存不够），没有读；{_ORIGINAL}"
    except OSError as error:
        from drafter.corpus.files import LACKING

        said = f"{LACKING}，启动不了读 PDF 的进程（{error.strerror or error}）"
    raise CorpusError(f"{path}：{said}")

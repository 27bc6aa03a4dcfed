"""The text of a PDF's text layer. Knows pdfium; where lines and paragraphs are is told from where characters stand.

pdfium is native code and has no bounds of its own: it is not to be called but in a process of its own (see `apart`).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from drafter.corpus.readers.encoding import common_han

if TYPE_CHECKING:
    from drafter.corpus.readers.printed import Page

MAX_PAGES = 1000
MAX_CHARS = 1_000_000
"""Characters of all pages; a book has some hundred thousand."""
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_SCANNED = "只有图片，没有文字层；请先做文字识别（OCR），另存后再加入"
_GARBLED = "文字层是乱码（字体没有文字对照表），没有读；请换成 Word 原件，或做文字识别（OCR）后另存"
_TURN = math.pi / 2


class Refused(Exception):
    """A PDF is damaged, protected, too large, scanned, or its text layer is garbage; `str(error)` says so in Chinese."""


def text_of_pdf(raw: bytes) -> str:
    """The paragraphs of a PDF, as `pdf.read_pdf` gives them.

    Raises:
        Refused: there is no text to be had from it.
    """
    from drafter.corpus.readers.printed import text_of_pages

    pages, scanned, unmapped = _pages(raw)
    text = text_of_pages(pages)
    han = len(_HAN.findall(text))
    shown = sum(1 for char in text if not char.isspace())
    if scanned and (han < 50 or scanned * 2 > len(pages)):
        amount = "" if scanned == len(pages) else f"{len(pages)} 页里有 {scanned} 页"
        raise Refused(f"{amount}{_SCANNED}")
    if not shown and not unmapped:
        raise Refused("这个 PDF 里没有文字，请换成有内容的报告")
    if unmapped * 5 > shown or han * 10 < shown or (han > 100 and common_han(text) < 0.02):
        raise Refused(_GARBLED)
    return text


def _pages(raw: bytes) -> tuple[list[Page], int, int]:
    """The pages, how many of them are but a picture, and how many characters no text stands behind."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if (
            getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD
            or "password" in str(error).lower()
        ):
            raise Refused("文件有密码，没有读；请去掉密码后另存") from None
        raise Refused("文件已损坏，或不是 PDF；请重新下载或另存") from None
    pages: list[Page] = []
    scanned = unmapped = total = 0
    try:
        if len(document) > MAX_PAGES:
            raise Refused(f"有 {len(document)} 页，超过上限 {MAX_PAGES} 页；请把报告单独存成一个文件")
        for number in range(len(document)):
            page = document[number]
            found, lost = _page(page)
            if sum(1 for glyph in found.glyphs if _HAN.match(glyph.char)) < 20 and _is_picture(page):
                scanned += 1
            pages.append(found)
            unmapped += lost
            total += len(found.glyphs)
            page.close()
            if total > MAX_CHARS:
                raise Refused(f"超过 {MAX_CHARS // 10000} 万字，不像一份报告，没有读")
    except pypdfium2.PdfiumError:
        raise Refused(f"第 {len(pages) + 1} 页已损坏，没有读；请重新下载或另存") from None
    finally:
        document.close()
    return pages, scanned, unmapped


def _page(page: Any) -> tuple[Page, int]:
    """A page turned so that most of its text is upright, and how many characters have no Unicode."""
    import ctypes

    import pypdfium2.raw as pdfium

    from drafter.corpus.readers.printed import Page, upright

    textpage = page.get_textpage()
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    found: list[tuple[int, str, tuple[float, float, float, float], float, float]] = []
    unmapped = 0
    west, south, east, north = page.get_mediabox()
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        if pdfium.FPDFText_IsGenerated(textpage, index) == 1:
            continue  # a space or line end that pdfium thinks fit
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        code = 0x2D if code == 0x02 else code  # how pdfium writes a hyphen at the end of a line
        if _no_text(code) or pdfium.FPDFText_HasUnicodeMapError(textpage, index) == 1:
            unmapped += code not in (0x0A, 0x0D)
            continue
        turns = -pdfium.FPDFText_GetCharAngle(textpage, index) / _TURN
        if abs(turns - round(turns)) > 0.03:
            continue  # a watermark
        pdfium.FPDFText_GetLooseCharBox(textpage, index, box)
        pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
        edges = (box.left - west, box.bottom - south, box.right - west, box.top - south)
        found.append((round(turns) % 4, chr(code), edges, x.value - west, y.value - south))
    textpage.close()
    width, height = east - west, north - south
    turn = Counter(turn for turn, *_ in found).most_common(1)[0][0] if found else 0
    glyphs = tuple(
        upright(turn, char, edges, x, y, width, height) for own, char, edges, x, y in found if own == turn
    )
    return Page(width if turn % 2 else height, glyphs), unmapped


def _no_text(code: int) -> bool:
    """Whether a code point is none that a report is written with: control, private use, replacement, lone surrogate."""
    return (
        (code < 0x20 and code != 0x09)
        or 0x7F <= code < 0xA0
        or 0xD800 <= code < 0xF900
        or 0xFFF0 <= code <= 0xFFFF
        or code >= 0xE0000
    )


def _is_picture(page: Any) -> bool:
    """Whether pictures cover half the page."""
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    covered = 0.0
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = item.get_bounds()
        covered += (right - left) * (top - bottom)
    return bool(covered >= 0.5 * width * height)

"""Prints reports as PDF files with nothing but reportlab, as an office's programs do: lines broken at the page's width."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"  # no file: every reader of PDF knows this font and its characters
WIDTH, HEIGHT = 595.0, 842.0
LEFT, SIZE, LEADING, ACROSS, DOWN = 79.0, 16.0, 28.0, 27, 24


def wrapped(paragraph: str, across: int, indent: int) -> Iterator[tuple[int, str]]:
    """The lines of a paragraph with their indents; a mark that closes never begins a line."""
    line, room, deep = "", float(across - indent), indent
    for char in paragraph:
        width = 0.5 if unicodedata.east_asian_width(char) == "Na" else 1.0
        if room < width and char not in "，。；：、！？”）》％":
            yield deep, line
            line, room, deep = "", float(across), 0
        line, room = line + char, room - width
    yield deep, line


def print_report(
    path: Path,
    paragraphs: Sequence[str],
    *,
    head: str = "松坪镇党政办公室编",
    foot: str = "— {page} —",
    indent: int = 2,
    password: str = "",
    rows: Sequence[Sequence[str]] = (),
    watermark: str = "",
    turned: bool = False,
    below: str = "",
) -> Path:
    """A report as pages: the first paragraph is the title, in the middle; the last two stand on the right, above `below`."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    locked = StandardEncryption(password) if password else None
    canvas = Canvas(str(path), pagesize=(HEIGHT, WIDTH) if turned else (WIDTH, HEIGHT), encrypt=locked)
    lines: list[tuple[float, str, float]] = []
    for number, paragraph in enumerate(paragraphs):
        if number == 0:
            lines += [(WIDTH / 2 - LEFT - len(part) * 11, part, 22.0) for part in paragraph.split("\n")]
        elif number >= len(paragraphs) - 2:
            lines.append(((ACROSS - len(paragraph)) * SIZE, paragraph, SIZE))
        else:
            lines += [(deep * SIZE, line, SIZE) for deep, line in wrapped(paragraph, ACROSS, indent)]
    lines += [(0.0, below, SIZE)] if below else []
    page = 0
    while lines:
        page += 1
        if turned:  # a page laid on its side, which a viewer turns back
            canvas.setPageRotation(90)
            canvas.translate(HEIGHT, 0)
            canvas.rotate(90)
        canvas.setFont(FONT, 10.5)
        canvas.drawCentredString(WIDTH / 2, HEIGHT - 50, head)
        canvas.drawCentredString(WIDTH / 2, 45, foot.format(page=page))
        if watermark:
            canvas.saveState()
            canvas.translate(200, 300)
            canvas.rotate(45)
            canvas.drawString(0, 0, watermark)
            canvas.restoreState()
        height = HEIGHT - 110
        for deep, line, size in lines[:DOWN]:
            canvas.setFont(FONT, size)
            canvas.drawString(LEFT + deep, height, line)
            height -= LEADING
        del lines[:DOWN]
        if not lines:
            for row in rows:
                canvas.setFont(FONT, 12)
                for place, cell in enumerate(row):
                    canvas.drawString(LEFT + place * 110, height, cell)
                height -= 20
        canvas.showPage()
    canvas.save()
    return path


def print_columns(path: Path, title: str, left: Sequence[str], right: Sequence[str]) -> Path:
    """A page of a bulletin: a title across two columns, whose lines are drawn alternately."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT))
    canvas.setFont(FONT, 22)
    canvas.drawCentredString(WIDTH / 2, 760, title)
    canvas.setFont(FONT, 12)
    columns = [[line for text in side for line in wrapped(text, 17, 2)] for side in (left, right)]
    for row in range(max(map(len, columns))):
        for side, lines in enumerate(columns):
            if row < len(lines):
                deep, line = lines[row]
                canvas.drawString(70 + side * 235 + deep * 12, 700 - row * 20, line)
    canvas.save()
    return path


def print_scan(path: Path, stamp: str = "") -> Path:
    """Two pages that are photographs, with at most the stamp of the program that took them."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT))
    bitmap = b"P5 60 80 255\n" + bytes(range(160)) * 30
    for _ in range(2):
        canvas.drawImage(ImageReader(io.BytesIO(bitmap)), 0, 0, WIDTH, HEIGHT)
        canvas.setFont(FONT, 9)
        canvas.drawString(400, 20, stamp)
        canvas.showPage()
    canvas.save()
    return path

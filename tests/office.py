"""LibreOffice as tests use it: a Word file converted to another format, and where each character stands on a page."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest

needs_office = pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed"
)


def converted(path: Path, suffix: str, folder: Path) -> Path:
    """The file as LibreOffice saves it in another format, in a folder of its own."""
    out = folder / f"as-{suffix}"
    profile = (folder / "office").as_uri()
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            suffix,
            "--outdir",
            out,
            path,
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return out / f"{path.stem}.{suffix}"


@dataclass(frozen=True)
class Char:
    """One character on a page: its box with the space around it, in points from the lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Page:
    """A page of a PDF: its size in points, and its lines from the top, each without blanks from left to right."""

    width: float
    height: float
    lines: list[list[Char]]

    def line(self, words: str) -> list[Char]:
        """The only line that holds these words."""
        (found,) = [line for line in self.lines if words in "".join(char.text for char in line)]
        return found


def pages(path: Path) -> list[Page]:
    """The pages of a PDF."""
    found = []
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            text = page.get_textpage()
            chars = [
                Char(text.get_text_range(place, 1), *text.get_charbox(place, loose=True))
                for place in range(text.count_chars())
            ]
            shown = sorted(
                (char for char in chars if char.text.strip()), key=lambda char: (-char.bottom, char.left)
            )
            # characters of one line may differ by the fonts they come from; lines are 29 points apart
            lines: list[list[Char]] = []
            for char in shown:
                if lines and abs(lines[-1][0].bottom - char.bottom) < 7:
                    lines[-1].append(char)
                else:
                    lines.append([char])
            found.append(Page(*page.get_size(), [sorted(line, key=lambda char: char.left) for line in lines]))
    return found

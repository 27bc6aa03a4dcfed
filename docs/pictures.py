"""Makes docs/images/word.png: the first page of the Word file of examples/, as LibreOffice prints it.

    python docs/pictures.py          needs LibreOffice (soffice), poppler (pdftoppm), Pillow, and fonts for Chinese

Where the fonts of GB/T 9704 are not installed, free ones of their kind stand in for them, as far as these are there.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

import drafter

ROOT = Path(__file__).resolve().parent.parent
STAND_INS = {
    "方正小标宋简体": ("FandolSong", "Noto Serif CJK SC"),
    "仿宋": ("FandolFang", "Noto Serif CJK SC"),
    "黑体": ("FandolHei", "Noto Sans CJK SC"),
    "楷体": ("FandolKai", "Noto Serif CJK SC"),
}
"""Free fonts for those of the standard, the likest first."""
DOTS = 72
"""A page of some 600 by 840 dots: to be seen how it looks, and still light."""


def stand_ins() -> str:
    """A configuration for fontconfig with the stand-ins behind each font itself."""
    rules = [
        f"<alias binding='same'><family>{name}</family><accept>"
        + "".join(f"<family>{other}</family>" for other in others)
        + "</accept></alias>"
        for name, others in STAND_INS.items()
    ]
    return f"<fontconfig><include>/etc/fonts/fonts.conf</include>{''.join(rules)}</fontconfig>"


def word(place: Path) -> None:
    """The first page, as a picture at `place`."""
    report = drafter.draft(
        ROOT / "examples/facts/yunxi-safety.json",
        corpus=ROOT / "examples/corpus",
        settings=drafter.Settings(offline=True),
        registry=drafter.load_registry(entry_points=False),
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report.save(folder / "report.docx")
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", name, "report.docx"]
        (folder / "fonts.conf").write_text(stand_ins(), "utf-8")
        fonts = os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf")}
        subprocess.run(convert, cwd=folder, env=fonts, check=True, stdout=subprocess.DEVNULL)
        page = ["-singlefile", "-f", "1", "-r", str(DOTS), "-gray", "-png"]
        subprocess.run(["pdftoppm", *page, folder / "report.pdf", place.with_suffix("")], check=True)
    with Image.open(place) as printed:
        sheet = printed.convert("L")
    # white on white, no page is seen
    ImageOps.expand(ImageOps.crop(sheet, 1), 1, fill=0xB0).save(place, optimize=True)


if __name__ == "__main__":
    word(ROOT / "docs/images/word.png")

"""Which of the fonts that a report is set in are missing on this machine. Reads names of fonts, and never replaces one."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import BinaryIO

_STAND_INS = frozenset({"华文中宋", "STZhongsong"})
"""Named in the font table because they look alike, but another face: with them alone 小标宋 is still missing."""
_FAMILY, _FULL, _TYPOGRAPHIC = 1, 4, 16
"""Names of a font by their number in its table `name` (OpenType)."""
_LARGEST = 1 << 20
"""Bytes of a table of names; a larger one is damage."""


def missing_fonts(names: Sequence[str] | None = None) -> list[str]:
    """The fonts that programs of this machine will show as others, in the order of `names`.

    Args:
        names: names of fonts; by default the five that GB/T 9704-2012 asks for.

    A font that is there under another of its names (仿宋 as FangSong or 仿宋_GB2312) is not missing.
    """
    same = same_faces()
    there = installed_fonts()
    return [
        face
        for face in (same if names is None else names)
        if not there & {each.lower() for each in same.get(face, (face,))}
    ]


@cache
def same_faces() -> dict[str, tuple[str, ...]]:
    """The fonts of drafter's own Word file, each with the names that it may have; from the file's font table."""
    from docx.oxml.parser import parse_xml

    from drafter.exporters.word.elements import name
    from drafter.exporters.word.styles import PARTS

    faces = {}
    for font in parse_xml((PARTS / "word" / "fontTable.xml").read_bytes()).iter(name("font")):
        own = font.get(name("name"))
        others = font.find(name("altName")).get(name("val")).split(",")
        faces[own] = (own, *(other for other in others if other not in _STAND_INS))
    return faces


@cache
def installed_fonts() -> frozenset[str]:
    """The names of all fonts in the folders where this system keeps them, in small letters."""
    found: set[str] = set()
    for folder in font_folders():
        for file in sorted(folder.rglob("*")):
            if file.suffix.lower() in (".ttf", ".ttc", ".otf", ".otc"):
                try:
                    found.update(font_names(file))
                except (OSError, struct.error):
                    continue  # a link that leads nowhere, a damaged font: no program shows it either
    return frozenset(found)


def font_folders() -> list[Path]:
    """Where this system and its user keep fonts, as far as the folders are there."""
    home = Path.home()
    if sys.platform == "win32":
        folders = [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"]
        folders += (
            [Path(os.environ["LOCALAPPDATA"]) / "Microsoft/Windows/Fonts"]
            if "LOCALAPPDATA" in os.environ
            else []
        )
    elif sys.platform == "darwin":
        folders = [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
        folders += [
            Path("/System/Library/AssetsV2"),
            Path("/Applications/Microsoft Word.app/Contents/Resources/DFonts"),
        ]
    else:
        shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
        own = os.environ.get("XDG_DATA_HOME") or str(home / ".local/share")
        folders = [Path(place) / "fonts" for place in (own, *shared.split(":")) if place] + [home / ".fonts"]
    return [folder for folder in dict.fromkeys(folders) if folder.is_dir()]


def font_names(path: Path) -> set[str]:
    """The names of the fonts in a .ttf, .otf or .ttc, in small letters; none where the file is no font.

    Raises:
        OSError: the file cannot be read.
        struct.error: it is cut off.
    """
    with path.open("rb") as file:
        start = file.read(4)
        if start == b"ttcf":
            _, count = struct.unpack(">II", file.read(8))
            offsets: Iterable[int] = struct.unpack(f">{min(count, 256)}I", file.read(4 * min(count, 256)))
        else:
            offsets = (0,) if start in (b"\0\1\0\0", b"OTTO", b"true") else ()
        return {each.lower() for offset in offsets for each in _names_at(file, offset)}


def _names_at(file: BinaryIO, offset: int) -> Iterator[str]:
    file.seek(offset + 4)
    (tables,) = struct.unpack(">H6x", file.read(8))
    records = (struct.unpack(">4sIII", file.read(16)) for _ in range(tables))
    where, length = next(((at, size) for tag, _, at, size in records if tag == b"name"), (0, 0))
    if not 6 <= length <= _LARGEST:
        return
    file.seek(where)
    table = file.read(length)
    _, count, storage = struct.unpack_from(">HHH", table)
    for place in range(count):
        platform, encoding, _, kind, size, at = struct.unpack_from(">6H", table, 6 + 12 * place)
        if kind in (_FAMILY, _FULL, _TYPOGRAPHIC):
            raw = table[storage + at : storage + at + size]
            if platform in (0, 3) and not (platform == 3 and encoding == 3):
                yield raw.decode("utf-16-be", "ignore")
            else:
                # a Mac's or an old Windows' name: Chinese ones are GBK
                yield raw.decode("gb18030", "ignore")

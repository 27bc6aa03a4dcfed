"""Which fonts are missing: names read from font files, one face under several names, damaged files."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from drafter.exporters import fonts
from drafter.exporters.fonts import font_names, missing_fonts, same_faces


def font(*names: str, mac: str = "", collection: bool = False) -> bytes:
    """A font of nothing but names: of Windows in UTF-16, of a Mac in GBK."""
    records, texts = b"", b""
    for name in names:
        data = name.encode("utf-16-be")
        records += struct.pack(">6H", 3, 1, 0x804, 1, len(data), len(texts))
        texts += data
    if mac:
        data = mac.encode("gb18030")
        records += struct.pack(">6H", 1, 25, 33, 4, len(data), len(texts))
        texts += data
    records += struct.pack(">6H", 3, 1, 0x409, 13, 4, 0)  # the licence, which is no name
    count = len(records) // 12
    table = struct.pack(">3H", 0, count, 6 + len(records)) + records + texts
    start = 16 if collection else 0
    head = b"\0\1\0\0" + struct.pack(">H6x", 1)
    own = head + struct.pack(">4sIII", b"name", 0, start + 28, len(table)) + table
    return b"ttcf" + struct.pack(">III", 0x10000, 1, 16) + own if collection else own


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "fonts" / "cn").mkdir(parents=True)
    monkeypatch.setattr(fonts, "font_folders", lambda: [tmp_path / "fonts"])
    fonts.installed_fonts.cache_clear()
    yield tmp_path / "fonts" / "cn"
    fonts.installed_fonts.cache_clear()


def test_without_fonts_all_five_are_missing(folder: Path) -> None:
    assert missing_fonts() == ["仿宋", "黑体", "楷体", "方正小标宋简体", "宋体"]


def test_a_font_under_another_of_its_names_is_there(folder: Path) -> None:
    (folder / "simfang.ttf").write_bytes(font("仿宋", "FangSong"))
    (folder / "kai.TTF").write_bytes(font("KaiTi_GB2312"))
    (folder / "hei.otf").write_bytes(b"OTTO" + font("SIMHEI")[4:])
    (folder / "simsun.ttc").write_bytes(font("NSimSun", collection=True))
    assert missing_fonts() == ["方正小标宋简体"]
    (folder / "xbs.ttf").write_bytes(font("x", mac="方正小标宋简体"))
    fonts.installed_fonts.cache_clear()
    assert missing_fonts() == []


def test_one_that_only_looks_alike_does_not_count(folder: Path) -> None:
    (folder / "zs.ttf").write_bytes(font("华文中宋", "STZhongsong"))
    assert "方正小标宋简体" in missing_fonts()
    assert missing_fonts(["华文中宋", "某某体"]) == ["某某体"]


def test_damaged_and_other_files_are_no_fonts(folder: Path) -> None:
    whole = font("仿宋")
    for length in (0, 3, 4, 11, 20, len(whole) - 2):
        (folder / f"{length}.ttf").write_bytes(whole[:length])
    (folder / "text.ttf").write_text("仿宋", "utf-8")
    (folder / "huge.ttf").write_bytes(b"ttcf" + b"\xff" * 60)
    (folder / "gone.ttf").symlink_to(folder / "nowhere")
    assert "仿宋" in missing_fonts()


def test_the_licence_is_no_name(folder: Path) -> None:
    (folder / "a.ttf").write_bytes(font("甲体", "Jia"))
    assert font_names(folder / "a.ttf") == {"甲体", "jia"}


def test_the_faces_are_those_of_the_word_file() -> None:
    assert {name: faces[0] for name, faces in same_faces().items()} == {name: name for name in same_faces()}
    assert "FangSong_GB2312" in same_faces()["仿宋"]


@pytest.mark.parametrize(
    ("system", "place"), [("win32", "win/Fonts"), ("darwin", "Library/Fonts"), ("linux", ".fonts")]
)
def test_each_system_keeps_fonts_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, place: str
) -> None:
    (tmp_path / place).mkdir(parents=True)
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("WINDIR", str(tmp_path / "win"))
    assert tmp_path / place in fonts.font_folders()

"""Which fonts of the standard a machine has: by fontconfig, and by files in the folders of fonts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from drafter.exporters import fonts
from drafter.exporters.fonts import FONTS, missing_fonts


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ([], list(FONTS)),
        (["FZXiaoBiaoSong-B05S", "仿宋_GB2312", "Sim Hei", "simkai", "Arial"], []),
        (["fangsong", "SIMHEI"], ["方正小标宋简体", "楷体"]),
        (["FangSongBogus"], list(FONTS)),
    ],
)
def test_fonts_are_known_by_any_of_their_names(
    monkeypatch: pytest.MonkeyPatch, there: list[str], missing: list[str]
) -> None:
    monkeypatch.setattr(fonts, "installed_fonts", lambda: set(there))
    assert missing_fonts() == missing


def test_fonts_of_this_machine_come_from_fontconfig(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    listing = tmp_path / "fc-list"
    listing.write_text("#!/bin/sh\nprintf '仿宋,FangSong\\nSimHei\\n楷体,KaiTi,Kaiti\\\\-X\\n'\n", "utf-8")
    listing.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert missing_fonts() == ["方正小标宋简体"]
    folder = tmp_path / ".local/share/fonts/x"
    folder.mkdir(parents=True)
    (folder / "FZXBSJW.TTF").touch()
    assert missing_fonts() == []

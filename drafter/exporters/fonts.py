"""Which of the fonts that GB/T 9704-2012 asks for this machine has. Word and LibreOffice put others in their place silently."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_SECONDS = 20
"""For fc-list, which may have to fill its cache first."""


FONTS: dict[str, tuple[str, ...]] = {
    "方正小标宋简体": ("方正小标宋_GBK", "小标宋体", "FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05S", "FZXBSJW"),
    "仿宋": ("仿宋_GB2312", "FangSong_GB2312", "FangSong", "simfang", "方正仿宋_GBK"),
    "黑体": ("SimHei", "方正黑体_GBK"),
    "楷体": ("楷体_GB2312", "KaiTi_GB2312", "KaiTi", "simkai", "方正楷体_GBK"),
}
"""GB/T 9704-2012, 5.2.2 and 7.3: title 小标宋, body 仿宋, levels 黑体 and 楷体; each with the other names (also of files) in use."""


def missing_fonts() -> list[str]:
    """The fonts of the standard that are not on this machine, under any of their names."""
    here = {_plain(name) for name in installed_fonts()}
    return [name for name, others in FONTS.items() if not here & {_plain(each) for each in (name, *others)}]


def installed_fonts() -> set[str]:
    """Families known to fontconfig, to the registry of Windows, and the names of files in the usual folders of fonts."""
    return {*_of_fontconfig(), *_of_registry(), *_of_folders()}


def _plain(name: str) -> str:
    return name.casefold().replace(" ", "")


def _of_fontconfig() -> list[str]:
    program = shutil.which("fc-list")
    if program is None:
        return []
    try:
        done = subprocess.run([program, ":", "family"], capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return [name.strip().replace("\\", "") for line in lines for name in line.split(",")]


def _of_registry() -> list[str]:
    """Names as Windows lists them: `FangSong (TrueType)`, several with ` & ` between."""
    if sys.platform != "win32":
        return []
    import winreg

    found: list[str] = []
    for hive in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
        try:
            with winreg.OpenKey(hive, r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts") as key:
                values = [winreg.EnumValue(key, place)[0] for place in range(winreg.QueryInfoKey(key)[1])]
        except OSError:  # nobody installed a font for this user alone
            continue
        found += [name.strip() for value in values for name in value.partition(" (")[0].split("&")]
    return found


def _of_folders() -> list[str]:
    home = Path.home()
    folders = [
        *(Path("/Library/Fonts"), Path("/System/Library/Fonts"), home / "Library/Fonts"),
        *(home / ".fonts", home / ".local/share/fonts"),
    ]
    if local := os.environ.get("LOCALAPPDATA"):
        folders.append(Path(local) / "Microsoft/Windows/Fonts")
    return [path.stem for folder in folders if folder.is_dir() for path in folder.rglob("*.[tToO][tT][fFcC]")]

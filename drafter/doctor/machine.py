"""What the machine has: Python and libraries, room and rights on the disk, fonts, LibreOffice, tables of tokens."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import shutil
import tempfile
from pathlib import Path

from drafter import __version__
from drafter.corpus.local import CACHE, cache_base
from drafter.corpus.readers.office import find_office
from drafter.doctor.items import Item
from drafter.exporters.fonts import missing_fonts
from drafter.prompting.budget import table_at_hand, table_of
from drafter.settings import Settings

MEGABYTE = 1024 * 1024
LEAST = 20 * MEGABYTE
"""Bytes free below which a report with its journal and the index of some reports may not fit."""
FEW = 500 * MEGABYTE
"""Bytes free below which an office's own past reports may not be indexed."""

USES = {"方正小标宋简体": "报告标题", "仿宋": "正文", "黑体": "一级标题", "楷体": "二级标题"}
"""What each font of GB/T 9704-2012 is for."""


def look_at_machine(settings: Settings) -> list[Item]:
    """An item for each thing."""
    return [*_libraries(), *_tables(settings), _office(), _fonts(), *_disk()]


def _libraries() -> list[Item]:
    items = [
        Item.ok(
            "python",
            "程序",
            f"drafter {__version__}，Python {platform.python_version()}，{platform.system()} {platform.machine()}",
        )
    ]
    try:
        wanted = importlib.metadata.requires("drafter") or []
    except importlib.metadata.PackageNotFoundError:
        return [*items, Item.note("libraries", "库", "drafter 没有安装，是从源代码目录运行的")]
    names = [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in wanted if "extra ==" not in line]
    versions = {name: _version(name) for name in names}
    there = "，".join(f"{name} {version}" for name, version in sorted(versions.items()) if version)
    items.append(Item.ok("libraries", "库", there))
    if missing := [name for name, version in versions.items() if version is None]:
        items.append(
            Item.fault("libraries", "库", f"缺少 {'、'.join(missing)}", f"pip install {' '.join(missing)}")
        )
    return items


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _tables(settings: Settings) -> list[Item]:
    """How tokens are counted; of concern only where a model is asked."""
    if settings.writer_name != "endpoint":
        return []
    table = table_of(settings.model)
    if table is None:
        said = "没有这个模型的词表，按字节从多估计，收到回复后按服务端报告的用量校正（不会少算）"
        return [Item.ok("tokens", "词元", said)]
    if table_at_hand(table):
        return [Item.ok("tokens", "词元", f"用模型自己的词表 {table} 计数")]
    get = (
        f"在能上网的机器上：TIKTOKEN_CACHE_DIR=词表 python -c \"import tiktoken; tiktoken.get_encoding('{table}')\"，"
        "把文件夹“词表”带过来，并设环境变量 TIKTOKEN_CACHE_DIR 指向它"
    )
    return [Item.note("tokens", "词元", f"本机没有词表 {table}，按字节从多估计，参考片段可能偏少", get)]


def _office() -> Item:
    if program := find_office():
        return Item.ok("libreoffice", "LibreOffice", f"{program}，可以读 .doc、.wps、.rtf、.odt")
    get = {
        "Windows": "从 libreoffice.org 安装",
        "Darwin": "从 libreoffice.org 安装，或 brew install --cask libreoffice",
    }.get(platform.system(), "用系统的软件包安装 libreoffice-writer")
    said = "没有 LibreOffice，读不了 .doc、.wps、.rtf、.odt；起草和 .docx、.pdf、.txt 不受影响"
    return Item.note("libreoffice", "LibreOffice", said, get)


def _fonts() -> Item:
    missing = missing_fonts()
    if not missing:
        return Item.ok("fonts", "字体", "公文用的字体都有")
    names = "、".join(f"{name}（{USES[name]}）" if name in USES else name for name in missing)
    said = f"本机没有 {names}；Word 文件照样写出，在这台机器上打开时会用别的字体代替"
    get = "安装这些字体（Windows 和 Office 自带仿宋、黑体、楷体，方正小标宋需另装），或在装有它们的机器上打印"
    return Item.note("fonts", "字体", said, get)


def _disk() -> list[Item]:
    """The working folder, where reports go by default; the caches; the folder for what is short-lived."""
    places = {
        "当前文件夹": (Path.cwd(), "换一个能写的文件夹，或用 -o 指定输出位置"),
        "索引的缓存": (cache_base(), f"检查权限，或用环境变量 {CACHE} 另选位置"),
        "临时文件夹": (Path(tempfile.gettempdir()), "检查权限，或用环境变量 TMPDIR 另选位置"),
    }
    items = []
    for label, (path, advice) in places.items():
        there = next(each for each in (path, *path.parents) if each.exists())
        try:
            with tempfile.TemporaryFile(dir=there):
                free = shutil.disk_usage(there).free
        except OSError as error:
            items.append(Item.fault("disk", "磁盘", f"{label} {path} 写不了（{error.strerror}）", advice))
            continue
        said = f"{label} {path} 可写，剩余 {free // MEGABYTE:,} MB"
        if free < LEAST:
            items.append(Item.fault("disk", "磁盘", said, "空间不够，请先清理，或换一个位置"))
        elif free < FEW:
            items.append(Item.note("disk", "磁盘", said, "空间不多，往年报告多时建索引可能不够"))
        else:
            items.append(Item.ok("disk", "磁盘", said))
    return items

"""Says what a Word file holds besides the text that is read of it: who has a file checked must know what was not."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from drafter.corpus.readers.package import Package, opened
from drafter.corpus.readers.word import local_name

_TEXTS = {"header": "页眉", "footer": "页脚"}
_NOTES = {"footnotes": ("footnote", "脚注"), "endnotes": ("endnote", "尾注"), "comments": ("comment", "批注")}
_OBJECTS = {
    "image": "图片",
    "chart": "图表",
    "chartEx": "图表",
    "diagramData": "SmartArt 图形",
    "oleObject": "嵌入的文件",
    "package": "嵌入的文件",
    "aFChunk": "嵌入的文件",
}
_CHANGES = frozenset({"ins", "del", "moveFrom", "moveTo"})
_WORDS = re.compile(r"[^\W\d_]")
"""A letter or character: a header with a page number alone says nothing."""


def besides(path: Path) -> list[str]:
    """What is not read of a Word file, and how it was read where it can be read two ways, as Chinese sentences.

    Raises:
        CorpusError: as `read_docx`.
    """
    with opened(path) as package:
        changed = any(local_name(node) in _CHANGES for node in package.tree(package.main).iter("{*}*"))
        relations = package.relations(package.main)
        unread = _unread(package, [(kind, target) for kind, target in relations if package.has(target)])
        macros = any(kind == "vbaProject" for kind, _ in relations)
    said = []
    if unread:
        what = "、".join(f"{name}（{count}）" if count else name for name, count in unread.items())
        said.append(f"没有核对：{what}；核对的是正文、表格和文本框")
    if changed:
        said.append("有还没有接受的修订；按全部接受以后的文字核对")
    if macros:
        said.append("带有宏（VBA）；没有运行，也没有核对，报送前请另存为不带宏的 .docx")
    return said


def _unread(package: Package, relations: list[tuple[str, str]]) -> dict[str, int]:
    """What is there and not read, and how many of it; 0 where the number says nothing."""
    found: Counter[str] = Counter()
    for kind, target in sorted(set(relations)):
        if kind in _OBJECTS:
            found[_OBJECTS[kind]] += 1
        elif kind in _TEXTS and _says_something(package.tree(target)):
            found[_TEXTS[kind]] = 0
        elif kind in _NOTES:
            element, name = _NOTES[kind]
            notes = package.tree(target).iter(f"{{*}}{element}")
            if count := sum(_says_something(note) for note in notes):
                found[name] = count
    return dict(found)


def _says_something(node: Any) -> bool:
    return any(_WORDS.search(text.text or "") for text in node.iter("{*}t"))

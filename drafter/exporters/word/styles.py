"""Which style each thing of a report has: in drafter's own file, and by name in an office's template.

Knows names and definitions of styles, not what is written in them.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from drafter.exporters.word.elements import element, name

PARTS = Path(__file__).parent / "parts"


@dataclass(frozen=True)
class Role:
    """A thing of a report that has a style: what a person calls it, and the names under which templates have it.

    `names` are as they stand in the file, where built-in styles have English names in every language of Word. The last
    is the one of drafter's own file. `plain` things are of use to drafter alone: nobody is told that they are missing.
    """

    said: str
    names: tuple[str, ...]
    plain: bool = False


ROLES: Mapping[str, Role] = {
    "document number": Role("发文字号", ("发文字号",)),
    "signer": Role("签发人姓名", ("签发人姓名",)),
    "title": Role("标题", ("公文标题", "Title")),
    "recipient": Role("主送机关", ("主送机关", "Salutation")),
    "heading 1": Role("一级标题", ("一级标题", "heading 1")),
    "heading 2": Role("二级标题", ("二级标题", "heading 2")),
    "heading 3": Role("三级标题", ("三级标题", "heading 3")),
    "heading 4": Role("四级标题", ("四级标题", "heading 4")),
    "paragraph": Role("正文", ("公文正文", "Body Text")),
    "attachment list": Role("附件说明", ("附件说明",)),
    "signature": Role("署名", ("发文机关署名", "署名", "Signature")),
    "date": Role("成文日期", ("成文日期", "Date")),
    "remark": Role("附注", ("附注",)),
    "annex mark": Role("附件序号", ("附件序号",)),
    "annex title": Role("附件标题", ("附件标题",)),
    "table": Role("表格", ("公文表格", "Table Grid")),
    "table head": Role("表头文字", ("表头文字",)),
    "table text": Role("表格文字", ("表格文字",)),
    "contents title": Role("目录标题", ("目录标题", "TOC Heading")),
    "contents 1": Role("目录 1", ("toc 1",), plain=True),
    "contents 2": Role("目录 2", ("toc 2",), plain=True),
    "notes": Role("成稿说明", ("成稿说明",), plain=True),
    "comment text": Role("批注文字", ("annotation text",), plain=True),
    "comment mark": Role("批注引用", ("annotation reference",), plain=True),
}
_LEVELS = {"heading 1": 0, "heading 2": 1, "heading 3": 2, "heading 4": 3, "annex title": 0}
"""Outline levels as Word counts them: what its navigation pane and its contents go by."""
_KINDS = {"signer": "character", "comment mark": "character", "table": "table"}
_ORDER = (
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "widowControl",
    "pBdr",
    "tabs",
    "autoSpaceDE",
    "autoSpaceDN",
    "snapToGrid",
    "spacing",
    "ind",
    "contextualSpacing",
    "jc",
    "outlineLvl",
)
"""The order in which the schema wants the properties of a paragraph (CT_PPrBase), as far as our styles have them."""
_RUN_ORDER = ("rFonts", "spacing", "sz", "szCs", "lang")
_TABLE_ORDER = ("tblInd", "tblBorders", "tblCellMar")


@dataclass(frozen=True)
class Styles:
    """The id of each role's style in one document; `levels` are outline levels that the paragraphs must say themselves."""

    ids: Mapping[str, str]
    levels: Mapping[str, int]


@cache
def own_styles() -> Any:
    """The root of drafter's own styles.xml; it must not be changed."""
    from docx.oxml.parser import parse_xml

    return parse_xml((PARTS / "word" / "styles.xml").read_bytes())


def resolve(styles: Any) -> tuple[Styles, list[str]]:
    """Find the style of each role among `styles` (the root of a styles.xml), and add drafter's own where there is none.

    Returns:
        The styles, and the roles for which drafter's own was added.
    """
    found = _by_name(styles)
    ids: dict[str, str] = {}
    added: list[str] = []
    for role, what in ROLES.items():
        own = next((found[each.lower()] for each in what.names if _fits(found.get(each.lower()), role)), None)
        if own is None:
            own = _whole(what.names[-1])
            taken = {each.get(name("styleId")) for each in styles.iter(name("style"))}
            while own.get(name("styleId")) in taken:
                own.set(name("styleId"), own.get(name("styleId")) + "Drafter")
            styles.append(own)
            added.append(role)
        ids[role] = own.get(name("styleId"))
    levels = {
        role: level
        for role, level in _LEVELS.items()
        if _value(styles, ids[role], "outlineLvl", "val") is None
    }
    return Styles(ids, levels), added


def faces(styles: Any, ids: Mapping[str, str]) -> list[str]:
    """The fonts that Chinese text has in these styles, each once; one that a theme decides is not among them."""
    default = styles.find(f"{name('docDefaults')}//{name('rFonts')}")
    usual = None if default is None else default.get(name("eastAsia"))
    found = (
        _value(styles, own, "rFonts", "eastAsia") or usual
        for role, own in ids.items()
        if not ROLES[role].plain
    )
    return list(dict.fromkeys(face for face in found if face))


def _by_name(styles: Any) -> dict[str, Any]:
    return {
        str(style.find(name("name")).get(name("val"))).lower(): style
        for style in styles.iter(name("style"))
        if style.find(name("name")) is not None
    }


def _fits(style: Any, role: str) -> bool:
    return style is not None and style.get(name("type")) == _KINDS.get(role, "paragraph")


def _chain(styles: Any, own: str) -> Iterator[Any]:
    """A style and what it is based on, itself first; a circle of them is walked once."""
    by_id = {style.get(name("styleId")): style for style in styles.iter(name("style"))}
    while (style := by_id.pop(own, None)) is not None:
        yield style
        base = style.find(name("basedOn"))
        own = "" if base is None else base.get(name("val"))


def _value(styles: Any, own: str, tag: str, attribute: str) -> str | None:
    for style in _chain(styles, own):
        for node in style.iter(name(tag)):
            if (value := node.get(name(attribute))) is not None:
                return str(value)
    return None


def _whole(own: str) -> Any:
    """A style of drafter's with all that it is based on, so that in another file it looks the same."""
    styles = own_styles()
    style = _by_name(styles)[own.lower()]
    chain = [*_chain(styles, style.get(name("styleId")))][::-1]
    merged: dict[str, dict[str, Any]] = {"pPr": {}, "rPr": {}, "tblPr": {}}
    defaults = styles.find(f"{name('docDefaults')}/{name('rPrDefault')}")
    for source in ([defaults] if style.get(name("type")) == "paragraph" else []) + chain:
        for kind, properties in merged.items():
            node = source.find(name(kind))
            for each in () if node is None else node:
                tag = each.tag.rpartition("}")[2]
                if tag in properties and len(each) == 0:
                    properties[tag].attrib.update(each.attrib)
                else:
                    properties[tag] = copy.deepcopy(each)
    whole = copy.deepcopy(style)
    for tag in ("basedOn", "next", *merged):
        for node in whole.findall(name(tag)):
            whole.remove(node)
    for kind, order in (("pPr", _ORDER), ("rPr", _RUN_ORDER), ("tblPr", _TABLE_ORDER)):
        if merged[kind]:
            whole.append(element(kind, *(merged[kind][tag] for tag in sorted(merged[kind], key=order.index))))
    return whole

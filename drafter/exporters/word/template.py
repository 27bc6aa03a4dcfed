"""The file that a report is laid into: drafter's own, or an office's template with its styles, page and letterhead."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drafter.corpus.readers.package import opened
from drafter.errors import CorpusError, SettingsError
from drafter.exporters.word.elements import element, name
from drafter.exporters.word.styles import PARTS, ROLES, Styles, faces, resolve

if TYPE_CHECKING:
    from docx.document import Document

PLACE = "{{报告}}"
"""The paragraph of a template in whose place the report comes; without one the template's text is left out."""
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_DROPPED = ("comments", "stylesWithEffects")
"""Parts that are not taken over: what was remarked on the template, and Word 2010's second copy of its styles."""
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REMEDY = "请在 Word 或 WPS 中另存为不带宏、不加密的 .docx 或 .dotx"


@dataclass(frozen=True)
class Template:
    """A .docx or .dotx that reports are laid into; `content` is the file, `missing` the roles that it has no style for."""

    path: Path
    content: bytes = field(repr=False)
    missing: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()

    def notice(self) -> str:
        """One line for whoever drafts, saying which styles are not there and what is used; empty if all are."""
        lacking = [ROLES[role] for role in self.missing if not ROLES[role].plain]
        if not lacking:
            return ""
        named = "、".join(f"{role.said}（{' 或 '.join(role.names)}）" for role in lacking)
        return f"{self.path.name}：模板里没有这些样式，用了 drafter 自带的：{named}"


@dataclass(frozen=True)
class Sheet:
    """A document that is ready to be filled: what is written comes before `end`, an element of its body."""

    document: Document
    styles: Styles
    end: Any


def own_sheet() -> Sheet:
    """An empty sheet after GB/T 9704-2012."""
    import docx

    document = docx.Document(io.BytesIO(_own_file()))
    return _sheet(document)


def sheet_of(template: Template) -> Sheet:
    """An empty sheet with the template's page, headers and styles."""
    return _sheet(_loaded(template.content))


def open_template(path: Path) -> Template:
    """Read a template and look whether reports can be laid into it.

    Raises:
        SettingsError: missing, unreadable, damaged, protected, with macros, or no Word file.
    """
    try:
        found = path.stat()
    except OSError as error:
        why = "找不到这个文件" if isinstance(error, FileNotFoundError) else f"读不了（{error.strerror}）"
        raise SettingsError(f"docx_template：{path}：{why}，请核对路径") from None
    return _read(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, size: int) -> Template:
    """`changed` and `size` make a file that was changed another one: a batch asks for each of its reports."""
    from lxml import etree

    try:
        with opened(path) as package:
            types = {
                node.get("PartName", ""): node.get("ContentType", "")
                for node in package.tree("[Content_Types].xml")
            }
            kind = types.get(f"/{package.main}", "")
            macros = "macroEnabled" in kind or any(value.endswith("vbaProject") for value in types.values())
            package.tree(package.main)
    except CorpusError as error:
        raise SettingsError(f"docx_template：{error}") from None
    if macros:
        raise SettingsError(f"docx_template：{path}：模板带有宏，没有用；{_REMEDY}")
    if kind not in (_DOCUMENT, _TEMPLATE):
        raise SettingsError(f"docx_template：{path}：不是 Word 文件或模板；{_REMEDY}")
    content = path.read_bytes()
    try:
        if kind == _TEMPLATE:
            content = _as_document(content)
        document = _loaded(content)
        styles, added = resolve(document.styles.element)
    except (KeyError, ValueError, AttributeError, zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError):
        raise SettingsError(f"docx_template：{path}：文件已损坏；{_REMEDY}") from None
    return Template(path, content, tuple(added), tuple(faces(document.styles.element, styles.ids)))


def _as_document(content: bytes) -> bytes:
    """The bytes of a .dotx as those of a .docx, which differ in one word."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            data = old.read(part)
            new.writestr(
                part,
                data.replace(_TEMPLATE.encode(), _DOCUMENT.encode())
                if part == "[Content_Types].xml"
                else data,
            )
    return packed.getvalue()


def _loaded(content: bytes) -> Document:
    """The template, with its text taken out but for what stands around the report's place."""
    import docx

    document = docx.Document(io.BytesIO(content))
    body = document.element.body
    for relation in list(document.part.rels.values()):
        if relation.reltype.rpartition("/")[2].startswith(_DROPPED):
            del document.part.rels[relation.rId]
    # where its maker keeps another template is nobody's business
    settings = document.settings.element
    for node in settings.findall(name("attachedTemplate")):
        del document.part._settings_part.rels[node.get(_RELATION)]
        settings.remove(node)
    if _place(body) is None:
        for node in list(body):
            if node.tag != name("sectPr"):
                body.remove(node)
    for mark in [*body.iter(name("commentRangeStart"), name("commentRangeEnd"), name("commentReference"))]:
        mark.getparent().remove(mark)
    return document


def _sheet(document: Document) -> Sheet:
    styles, _ = resolve(document.styles.element)
    body = document.element.body
    place = _place(body)
    if place is None:
        end = body.find(name("sectPr"))
    else:
        end = place.getnext()
        body.remove(place)
    if end is None:
        end = element("sectPr")
        body.append(end)
    return Sheet(document, styles, end)


def _place(body: Any) -> Any | None:
    """The paragraph in whose place the report comes."""
    return next(
        (node for node in body.iterchildren(name("p")) if node.xpath("string(.)").strip() == PLACE), None
    )


@lru_cache(maxsize=1)
def _own_file() -> bytes:
    packed = io.BytesIO()
    parts = {
        path.relative_to(PARTS).as_posix(): path.read_bytes()
        for path in sorted(PARTS.rglob("*"))
        if path.suffix in (".xml", ".rels") or path.name == ".rels"
    }
    pack(parts, packed)
    return packed.getvalue()


def pack(parts: dict[str, bytes], target: Path | io.BytesIO) -> None:
    """Zip the parts without the time of day, which python-docx would put on each."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            info = zipfile.ZipInfo(part)  # dated 1980-01-01, zip's beginning of time
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(info, content)

"""Opens the package of a Word file (a zip of XML parts, ECMA-376 part 2) that anybody may have written, within bounds.

Knows parts and relations, and nothing of what a document says. Nothing in a package is run, and nothing outside it fetched.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from drafter.corpus.readers.encoding import read_bytes
from drafter.errors import CorpusError

MAX_XML = 64 * 1024 * 1024
"""Bytes of one part, unpacked; a report has some hundred thousand."""
MAX_MARKS = 2_000_000
"""Tags and attributes of one part: each takes some hundred bytes once it is read. A long report has some ten thousand."""
_OLE = b"\xd0\xcf\x11\xe0"
_OTHER = "不是能读的 .docx；请用 Word 或 WPS 打开后另存为 .docx"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What the standard allows; the others of a zip may take gigabytes to unpack a byte."""
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


class Relation(NamedTuple):
    """One part that another points to: what for (header, image, footnotes …), and where it is."""

    kind: str
    target: str


class Package:
    """A package as its parts; `path` names the file in errors."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self._path = path
        main = [relation.target for relation in self.relations("") if relation.kind == "officeDocument"]
        if not main:
            raise CorpusError(f"{path}：{_OTHER}")
        self.main = main[0]
        """The name of the part that is the document itself."""

    def tree(self, name: str) -> Any:
        """The root of an XML part.

        Raises:
            CorpusError: it is too large, or declares a document type, through which files could be drawn in or a few
                bytes grow to gigabytes; Word writes none.
        """
        from lxml import etree

        info = self._archive.getinfo(name)
        if info.compress_type not in _METHODS:
            raise zipfile.BadZipFile(f"compression {info.compress_type}")
        with self._archive.open(info) as part:
            content = part.read(MAX_XML + 1)
        if len(content) > MAX_XML:
            raise CorpusError(f"{self._path}：展开后超过 {MAX_XML // 1048576} MB，不像一份报告，没有读")
        if content.count(b"<") + content.count(b"=") > MAX_MARKS:
            raise CorpusError(
                f"{self._path}：里面的标记超过 {MAX_MARKS // 10_000} 万个，不像一份报告，没有读；请把正文复制到新的 .docx 里再试"
            )
        if any(doctype in content for doctype in _DOCTYPES):
            raise CorpusError(
                f"{self._path}：里面有外部实体之类的声明（DOCTYPE），Word 不会这样写，可能有害，没有读；请用 Word 或 WPS 打开后另存为 .docx"
            )
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))

    def relations(self, name: str) -> list[Relation]:
        """What a part points to within the package; "" for the package itself."""
        folder, base = posixpath.split(name)
        source = posixpath.join(folder, "_rels", f"{base}.rels")
        if name and source not in self._archive.NameToInfo:
            return []
        return [
            Relation(
                str(relation.get("Type", "")).rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, str(relation.get("Target", "")))).lstrip("/"),
            )
            for relation in self.tree(source)
            if relation.get("TargetMode") != "External"
        ]

    def has(self, name: str) -> bool:
        """Whether there is a part of this name."""
        return name in self._archive.NameToInfo


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """The package of a Word file.

    Raises:
        CorpusError: missing, unreadable, damaged, protected, too large, or no Word file; also for what is found in it
            while it is open.
    """
    from lxml import etree

    content = read_bytes(path, remedy="请去掉图片后另存")
    if not content:
        raise CorpusError(f"{path}：文件是空的，请换成有内容的报告")
    if content.startswith(_OLE):
        raise CorpusError(f"{path}：是旧版 .doc 或加了密码的文件；请用 Word 或 WPS 另存为不加密的 .docx")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield Package(archive, path)
    except CorpusError:
        raise
    except RuntimeError as error:
        if isinstance(error, NotImplementedError):
            raise CorpusError(f"{path}：文件已损坏，或{_OTHER}") from None
        # what zipfile raises for a password
        raise CorpusError(f"{path}：文件有密码，没有读；请去掉密码后另存为 .docx") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        KeyError,
        ValueError,
        etree.XMLSyntaxError,
    ):
        raise CorpusError(f"{path}：文件已损坏，或{_OTHER}") from None

"""Reads .doc, .wps, .rtf and .odt through LibreOffice, if the machine has it. Knows how to start, bound and end it.

Each file gets a LibreOffice of its own, with a profile of its own in a temporary folder: two at a time do not disturb each
other or one that the user has open, nothing is left behind, no macro runs and nothing is fetched from anywhere.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from drafter.corpus.readers.encoding import read_bytes
from drafter.corpus.readers.word import read_docx, without_rows
from drafter.errors import CorpusError
from drafter.passages import Document

TIMEOUT = 120.0
"""Seconds for one file, most of which the start takes on a slow machine."""
MAX_OFFICE = 64 * 1024 * 1024
"""Bytes of a file; those of old formats carry their pictures unpacked."""
_SAVE = "请用 Word 或 WPS 另存为 .docx"
_FILTERS = {".doc": "MS Word 97", ".rtf": "Rich Text Format", ".odt": "writer8"}
"""How LibreOffice is told to read: left to itself it takes what it cannot make out for plain text."""
_PLACES = (
    "{ProgramFiles}/LibreOffice/program/soffice.exe",
    "{ProgramFiles(x86)}/LibreOffice/program/soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "{HOME}/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/usr/local/bin/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/snap/bin/libreoffice",
)
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse"><value>1</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
"""
"""Settings of the private profile: no macros, no pictures from elsewhere, and a proxy where nobody answers."""


class OfficeReader:
    """Reads .doc, .wps, .rtf and .odt; of a past report's tables nothing is taken."""

    name = "office"
    suffixes: tuple[str, ...] = (".doc", ".wps", ".rtf", ".odt")

    def read(self, path: Path) -> Iterable[Document]:
        """The reports in a file, cleaned and told apart.

        Raises:
            CorpusError: missing, unreadable, damaged, protected, too large, without text, or there is no LibreOffice.
        """
        from drafter.corpus.readers.formats import text_of
        from drafter.corpus.reports import documents_of

        return documents_of(without_rows(text_of(path)), str(path))


def read_office(path: Path) -> str:
    """The text of a file that LibreOffice can read, as `read_docx` gives it.

    Raises:
        CorpusError: missing, unreadable, damaged, protected, too large, without text, or there is no LibreOffice.
    """
    from drafter.corpus.files import LACKING

    raw = read_bytes(path, MAX_OFFICE, "请去掉图片后另存")
    kind = _kind(raw, path)
    program = find_office()
    if program is None:
        raise CorpusError(
            f"{path}：{LACKING} LibreOffice，读不了 {kind or path.suffix}；{_SAVE}，或装上 LibreOffice 后再试"
        )
    with tempfile.TemporaryDirectory(prefix="drafter-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # under a name of our own: one that is odd, or lies about the format, is no matter then
        source = folder / f"report{kind or path.suffix.lower()}"
        source.write_bytes(raw)
        converted = _convert(program, source, _FILTERS.get(kind, ""), path)
        try:
            return read_docx(converted)
        except CorpusError as error:
            said = str(error).removeprefix(f"{converted}：")
            raise CorpusError(f"{path}：经 LibreOffice 转换后{said}") from None


def find_office() -> str | None:
    """The program that starts LibreOffice: from PATH, or from where it is usually installed."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return found
    for place in _PLACES:
        with contextlib.suppress(KeyError):
            path = Path(place.format_map(os.environ))
            if path.is_file():
                return str(path)
    return None


def _kind(raw: bytes, path: Path) -> str:
    """The format by what is in the file, as a suffix; "" where only LibreOffice may know.

    Raises:
        CorpusError: it is protected, or none of these formats.
    """
    locked = CorpusError(f"{path}：文件有密码，没有读；请去掉密码后{_SAVE.removeprefix('请')}")
    if raw.startswith(b"{\\rtf"):
        return ".rtf"
    if raw.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                if b"encryption-data" in archive.open("META-INF/manifest.xml").read(1 << 20):
                    raise locked
        except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError):
            raise CorpusError(f"{path}：文件已损坏；请重新下载，或{_SAVE}") from None
        return ".odt"
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in raw or _is_locked(raw):
            raise locked
        if "WordDocument".encode("utf-16-le") in raw:
            return ".doc"
        if path.suffix.lower() != ".wps":
            raise CorpusError(f"{path}：不是 Word 文档（是表格、演示或已损坏）；{_SAVE}")
    return ""


def _is_locked(raw: bytes) -> bool:
    """Whether the header of a Word document says that it is encrypted: [MS-DOC] 2.5.2, fEncrypted of FibBase."""
    for place in range(512, len(raw) - 12, 512):
        if raw[place : place + 2] == b"\xec\xa5":
            (flags,) = struct.unpack_from("<H", raw, place + 10)
            return bool(flags & 0x0100)
    return False


def _convert(program: str, source: Path, known: str, path: Path) -> Path:
    """The .docx that LibreOffice makes of `source`, in the same folder; `path` names the file in errors."""
    folder = source.parent
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    command = [
        program,
        f"-env:UserInstallation={profile.as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"),
        *([f"--infilter={known}"] if known else []),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out"), str(source)),
    ]
    try:
        with _running(command) as process:
            process.wait(TIMEOUT)
    except subprocess.TimeoutExpired:
        raise CorpusError(f"{path}：LibreOffice 转换超过 {TIMEOUT:.0f} 秒，已停止；{_SAVE}") from None
    except OSError as error:
        raise CorpusError(f"{path}：启动不了 LibreOffice（{error.strerror}）；{_SAVE}") from None
    converted = folder / "out" / "report.docx"
    if not converted.is_file():
        raise CorpusError(f"{path}：LibreOffice 打不开，文件可能已损坏或有密码；{_SAVE}")
    return converted


@contextlib.contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program that is ended with all that it started, whatever happens meanwhile."""
    windows = sys.platform == "win32"
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=not windows,
    )
    try:
        yield process
    finally:
        # soffice is a script that starts a program that starts another; the group outlives its leader
        if sys.platform == "win32":
            if process.poll() is None:
                subprocess.run(
                    ["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False
                )
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()

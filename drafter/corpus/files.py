"""Finds report files in folders, tells which changed, and reads those. Knows readers by their suffixes only."""

from __future__ import annotations

import errno
import fnmatch
import glob
import hashlib
import os
import re
import stat
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from drafter.corpus.catalog import FILE
from drafter.corpus.readers.encoding import IRREGULAR
from drafter.corpus.readers.text import TextReader
from drafter.errors import CorpusError
from drafter.passages import Document
from drafter.plugins.protocols import Reader

DOCUMENT_SUFFIXES = frozenset(
    {
        *(".doc", ".docx", ".docm", ".dot", ".dotx", ".wps", ".wpt", ".rtf", ".odt", ".uof", ".uot"),
        *(".pdf", ".ofd", ".ceb", ".caj", ".htm", ".html", ".mht", ".mhtml", ".xhtml", ".epub"),
    }
)
"""Files that hold text but need a reader; in a folder they are listed as skipped rather than passed over."""
LACKING = "缺少程序"
"""Begins the reason of a reader that the machine lacks something: such a file is tried again, though it is as it was."""
_PAGE_PARTS = ("_files", ".files", "_文件", ".文件")
"""Ends the name of the folder that a browser saves beside a page, with frames that are no reports."""
PRUNED = "-"
"""Stands before the checksum of a file of which a report was removed by hand."""
_LOOP = "符号链接绕成了圈，没有读；请改成指向文件本身"
_OUTSIDE = "链接指向这个文件夹之外，没有读；确要用它，请直接给出那个文件"
"""A folder that was received must not bring in a file of this machine, which a prompt would carry out."""
_NAME = "名字不是有效的 UTF-8，没有读；请改名后再加入"

Progress = Callable[[int, int, Path], None]
"""Called as (files done, files in all, the file at hand) while files are looked at."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalog knows of a file."""

    root: str
    size: int
    mtime: int
    sha256: str
    problem: str

    @property
    def pruned(self) -> bool:
        """Whether a report of it was removed by hand."""
        return self.sha256.startswith(PRUNED)


@dataclass(frozen=True, slots=True)
class Found:
    """A file to look at. `key` is its resolved path, `root` the resolved folder that was added, "" for a file.

    With a `problem` it is not opened at all, and `path` and `key` are only to be shown.
    """

    path: Path
    key: str
    root: str
    explicit: bool
    problem: str = ""


@dataclass(slots=True)
class Gathered:
    """All files of the paths that were named."""

    files: list[Found] = field(default_factory=list)
    roots: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    """Folders beneath the roots that cannot be listed now: nothing is known of what they hold."""


@dataclass(slots=True)
class Change:
    """A file whose row in the catalog changes; `read` says that its content is new."""

    path: Path
    key: str
    root: str
    size: int
    mtime: int
    sha256: str = ""
    problem: str = ""
    read: bool = True
    documents: list[Document] = field(default_factory=list)


def by_suffix(readers: Mapping[str, Reader] | None) -> dict[str, Reader]:
    """Readers by lower-case suffix; of two that claim one suffix, the later wins."""
    given: Iterable[Reader] = (TextReader(),) if readers is None else readers.values()
    return {suffix.lower(): reader for reader in given for suffix in reader.suffixes}


def gather(paths: Sequence[Path], readers: Mapping[str, Reader], store: Path) -> Gathered:
    """The files that the paths name, folders recursively, each once; hidden files and stores are passed over.

    Raises:
        CorpusError: a path does not exist, cannot be listed, or is no file or folder that can be taken in.
    """
    gathered = Gathered()
    for path in chain.from_iterable(map(_matching, paths)):
        if stat.S_ISDIR(state(path).st_mode):
            root = str(path.resolve())
            if not _encodable(root):
                raise CorpusError(f"{shown(path)}：{_NAME}")
            gathered.roots.add(root)
            for file in _walk(path, store.resolve(), gathered):
                if file.suffix.lower() in readers or file.suffix.lower() in DOCUMENT_SUFFIXES:
                    _keep(gathered, file, root, explicit=False)
        else:
            _keep(gathered, path, "", explicit=True)
    return gathered


def _matching(path: Path) -> Sequence[Path]:
    """The paths that a pattern (reports/2023*.docx, reports/**/*.md) matches; a path that exists stands for itself.

    Raises:
        CorpusError: nothing matches.
    """
    if os.path.lexists(path) or not glob.has_magic(str(path)):
        return (path,)
    found = sorted(_expanded(path))
    if not found:
        raise CorpusError(f"{shown(path)}：没有符合这个样式的文件，请核对路径")
    return found


def _expanded(pattern: Path) -> Iterable[Path]:
    """What a pattern matches, with ** for any number of folders; hidden names only by a pattern that begins with a dot.

    No wildcard stands for a link to a folder: glob.iglob goes through those, and does not end where two lead upwards.
    """
    found = [Path(pattern.anchor)]
    parts = pattern.parts[1:] if pattern.anchor else pattern.parts
    for place, part in enumerate(parts, 1):
        if part == "**" and place == len(parts):
            found = [folder for folder in found if folder.is_dir()]  # all in it, as always with a folder
        elif part == "**":
            found = list(dict.fromkeys(chain.from_iterable(map(_below, found))))
        elif glob.has_magic(part):
            fits = re.compile(fnmatch.translate(os.path.normcase(part))).match
            found = [
                folder / entry.name
                for folder in found
                for entry in _entries(folder)
                if fits(os.path.normcase(entry.name)) and (part[0] == "." or entry.name[0] != ".")
            ]
        else:
            found = [folder / part for folder in found if os.path.lexists(folder / part)]
    return found


def _below(folder: Path) -> Iterable[Path]:
    """A folder and all folders in it that are not hidden."""
    waiting = [folder] if folder.is_dir() else []
    while waiting:
        here = waiting.pop()
        yield here
        waiting += [
            here / entry.name
            for entry in _entries(here)
            if entry.name[0] != "." and entry.is_dir(follow_symlinks=False)
        ]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What is in a folder but links to folders; nothing where it is no folder, or cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if not (entry.is_symlink() and entry.is_dir())]
    except OSError:
        return []


def state(path: Path) -> os.stat_result:
    """What a path that the user named is.

    Raises:
        CorpusError: it does not exist, or cannot be told.
    """
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise CorpusError(f"{shown(path)}：找不到这个文件或文件夹，请核对路径") from None
    except OSError as error:
        why = _LOOP if error.errno == errno.ELOOP else f"读不了（{error.strerror}），请检查权限"
        raise CorpusError(f"{shown(path)}：{why}") from None


def shown(path: Path) -> str:
    """A path fit for messages and the catalog: bytes that are no UTF-8 as \\xff."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _encodable(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _resolved(path: Path) -> tuple[str, str]:
    """The key of a file, and why it cannot be taken in, whatever is in it."""
    try:
        key = str(path.resolve())
        mode = path.stat().st_mode
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop, before Python 3.13
        key = ""
        # other failures, such as a link that leads nowhere, show again when the file is looked at
        loop = isinstance(error, RuntimeError) or error.errno == errno.ELOOP
        problem = _LOOP if loop else ""
    else:
        problem = "" if stat.S_ISREG(mode) else IRREGULAR
    if not (_encodable(key) and _encodable(str(path))):
        problem = problem or _NAME
    # a file that is left out is known by its own name: what a link leads to says nothing
    return (shown(Path(os.path.abspath(path))) if problem or not key else key), problem


def _keep(gathered: Gathered, path: Path, root: str, *, explicit: bool) -> None:
    key, problem = _resolved(path)
    if problem and explicit:
        raise CorpusError(f"{shown(path)}：{problem}")
    if not problem and not explicit and not Path(key).is_relative_to(root):
        key, problem = shown(Path(os.path.abspath(path))), _OUTSIDE
    if key not in gathered.keys:
        gathered.keys.add(key)
        shown_path = Path(shown(path)) if problem else path
        gathered.files.append(Found(shown_path, key, root, explicit, problem))


def _walk(folder: Path, store: Path, gathered: Gathered) -> Iterable[Path]:
    """The files of a folder; folders in it that cannot be listed are noted as closed, and as files with a problem."""

    def refuse(error: OSError) -> None:
        why = f"打不开这个文件夹（{error.strerror}），请检查权限"
        closed = Path(str(error.filename))
        if closed == folder:
            raise CorpusError(f"{folder}：{why}") from None
        key = shown(Path(os.path.abspath(closed)))
        gathered.closed.add(str(closed.resolve()))
        gathered.keys.add(key)
        gathered.files.append(Found(closed, key, str(folder.resolve()), False, why))

    for place, folders, names in os.walk(folder, onerror=refuse):
        here = Path(place)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and not os.path.exists(here / name / FILE)
            and here / name != store
            and not _belongs_to_page(name, names)
        )
        for name in sorted(names):
            if not name.startswith((".", "~$")):
                yield here / name


def _belongs_to_page(folder: str, names: Sequence[str]) -> bool:
    """Whether a folder holds the parts of a web page that was saved beside it."""
    page = next((folder.removesuffix(end) for end in _PAGE_PARTS if folder.endswith(end)), None)
    return page is not None and (f"{page}.htm" in names or f"{page}.html" in names)


def gone(wanted: Gathered, known: Mapping[str, Known]) -> list[str]:
    """The keys of files that the folders named held when last looked at, and no longer hold.

    A file that came by name, or with another folder that this one holds or lies in, counts when it is there no more.
    """

    def left(key: str, old: Known) -> bool:
        if key in wanted.keys or _within(key, wanted.closed):
            return False
        return old.root in wanted.roots or (_within(key, wanted.roots) and not os.path.lexists(key))

    return [key for key, old in known.items() if left(key, old)]


def _within(key: str, folders: Collection[str]) -> bool:
    """Whether a path stands in one of these folders."""
    return bool(folders) and any(str(parent) in folders for parent in Path(key).parents)


def touched(found: Found, old: Known) -> bool:
    """Whether a file looks changed by its size and time alone."""
    try:
        now = found.path.stat()
    except OSError:
        return True
    return (old.size, old.mtime) != (now.st_size, now.st_mtime_ns)


def look(found: Found, old: Known | None, readers: Mapping[str, Reader]) -> Change | None:
    """What changed about a file since the catalog knew it; None when nothing did. Reads it only when needed."""
    if found.problem:
        known = old is not None and (old.problem, old.root) == (found.problem, found.root)
        return None if known else Change(found.path, found.key, found.root, 0, 0, problem=found.problem)
    try:
        now = found.path.stat()
    except OSError as error:
        return Change(found.path, found.key, found.root, 0, 0, problem=f"读不了（{error.strerror}）")
    root = found.root or (old.root if old else "")
    change = Change(found.path, found.key, root, now.st_size, now.st_mtime_ns)
    reader = readers.get(found.path.suffix.lower())
    missing = f"没有能读 {found.path.suffix or '无后缀'} 文件的读取器"
    if reader is None:
        change.problem = missing
        return None if old and old.problem == missing and old.root == root else change
    lacked = old is not None and (old.problem == missing or old.problem.startswith(LACKING))
    same = old is not None and (old.size, old.mtime, old.root) == (now.st_size, now.st_mtime_ns, root)
    if same and not lacked:
        return None
    try:
        with found.path.open("rb") as file:
            change.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        change.problem = f"读不了（{error.strerror}），请检查权限"
        return change
    if old and not lacked and old.sha256.removeprefix(PRUNED) == change.sha256:
        change.sha256, change.problem, change.read = old.sha256, old.problem, False  # touched, not changed
        return change
    _read(change, reader)
    return None if same and old and change.problem == old.problem else change


def _read(change: Change, reader: Reader) -> None:
    try:
        change.documents = [document for document in reader.read(change.path) if document.text.strip()]
        for document in change.documents:
            document.model_dump_json()  # what is no text at all shows here, before anything is stored
    except CorpusError as error:
        change.problem = str(error).removeprefix(f"{change.path}：")
    except Exception as error:  # noqa: BLE001 - the plugin border: a stranger's reader may raise anything
        change.problem = f"读取器 {reader.name} 出错：{type(error).__name__}: {error}"
    else:
        if not change.documents:
            change.problem = "里面没有报告文字"

"""The catalog of a corpus in SQLite: sources, documents, passages. It suffices to rebuild the index; it knows no index.

One writer at a time: `writing` holds SQLite's write lock over catalog and index together, so a kill leaves the
old catalog, and an index whose generation differs from the catalog's is known to be stale.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from drafter.errors import CorpusError
from drafter.passages import Document, Passage

FILE = "catalog.sqlite"
VERSION = 1
RULES = 3
"""Counts changes of cleaning and splitting; passages cut by older rules are cut again from the clean text."""
_CHECKED = 32 * 1024 * 1024
_WAIT = 30.0

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (
  path TEXT PRIMARY KEY, root TEXT NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL,
  sha256 TEXT NOT NULL, problem TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE documents (
  id TEXT PRIMARY KEY, path TEXT NOT NULL, position INTEGER NOT NULL, title TEXT NOT NULL,
  organization TEXT NOT NULL, period TEXT NOT NULL, source TEXT NOT NULL, text TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX documents_by_path ON documents (path);
CREATE TABLE passages (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document TEXT NOT NULL, heading TEXT NOT NULL,
  role TEXT NOT NULL, topic TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX passages_by_document ON passages (document);
"""


class Damaged(Exception):
    """The catalog cannot be read; whoever opened it decides whether it can be made anew."""


class Catalog:
    """An open catalog. Reading is safe from several threads."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the catalog at `path`.

        Raises:
            Damaged: it is not a whole SQLite file, or of another version.
            CorpusError: it cannot be opened or made for reasons outside (permissions, a full disk).
        """
        self.path = path
        self._lock = threading.RLock()
        new = not path.exists() or path.stat().st_size == 0
        if new and not create:
            raise CorpusError(f"{path.parent}：这里没有报告库，请先用 drafter corpus add 建立")
        try:
            self._connection = sqlite3.connect(
                path, timeout=_WAIT, isolation_level=None, check_same_thread=False
            )
            if new:
                self._make()
            self._verify()
        except sqlite3.OperationalError as error:
            raise CorpusError(f"{path}：报告库打不开（{error}），请检查权限和磁盘空间") from None
        except sqlite3.DatabaseError as error:
            self.close()
            raise Damaged(str(error)) from None

    def _make(self) -> None:
        with self.writing():
            exists = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if not exists:  # another process may have been faster
                for statement in _SCHEMA.split(";\n"):
                    if statement.strip():
                        self._connection.execute(statement)
                rows = [("version", str(VERSION)), ("rules", str(RULES)), ("generation", "0")]
                self._connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)

    def _verify(self) -> None:
        if self.path.stat().st_size <= _CHECKED:
            answer = self._connection.execute("PRAGMA quick_check(1)").fetchone()
            if answer is None or answer[0] != "ok":
                raise sqlite3.DatabaseError(str(answer))
        try:
            version = self.get("version")
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                raise sqlite3.DatabaseError("not a catalog") from None
            raise
        if version != str(VERSION):
            raise sqlite3.DatabaseError(f"version {version}, wanted {VERSION}")

    def close(self) -> None:
        """Release the file."""
        with contextlib.suppress(AttributeError):
            self._connection.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """All changes inside take effect together or not at all; other writers wait.

        Raises:
            CorpusError: another program holds the corpus for too long, or the disk is full or read-only.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise CorpusError(f"{self.path}：报告库现在写不了（{error}），请稍后再试或检查权限") from None
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException as error:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError):
                    raise CorpusError(f"{self.path}：报告库没有写成（{error}），原有内容未变") from None
                raise

    def rows(self, query: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._lock:
            return self._connection.execute(query, tuple(parameters)).fetchall()

    def get(self, key: str) -> str:
        """A value of `meta`, "" when there is none."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(found[0][0]) if found else ""

    def put(self, key: str, value: str) -> None:
        """Set a value of `meta`."""
        self.rows("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def add(self, path: str, document: Document, position: int, passages: Iterable[Passage]) -> None:
        """Store a document and its passages; ids must be free."""
        self.rows(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.id,
                path,
                position,
                document.title,
                document.organization,
                document.period,
                document.source,
                document.text,
            ),
        )
        self.add_passages(passages)

    def add_passages(self, passages: Iterable[Passage]) -> None:
        """Store passages."""
        for passage in passages:
            heading = json.dumps(passage.heading, ensure_ascii=False)
            self.rows(
                "INSERT INTO passages (id, document, heading, role, topic, text) VALUES (?, ?, ?, ?, ?, ?)",
                (passage.id, passage.document, heading, passage.role, passage.topic, passage.text),
            )

    def drop(self, document: str) -> None:
        """Remove a document and its passages."""
        self.rows("DELETE FROM passages WHERE document = ?", (document,))
        self.rows("DELETE FROM documents WHERE id = ?", (document,))

    def documents(self, where: str = "", parameters: Iterable[Any] = ()) -> list[Document]:
        """Documents in the order of their sources; `where` is a condition on their columns."""
        query = "SELECT id, title, organization, period, source, text FROM documents"
        query += (f" WHERE {where}" if where else "") + " ORDER BY path, position"
        keys = ("id", "title", "organization", "period", "source", "text")
        return [Document(**dict(zip(keys, row, strict=True))) for row in self.rows(query, parameters)]

    def passages(self, where: str = "", parameters: Iterable[Any] = (), limit: int = -1) -> list[Passage]:
        """Passages in order; `where` is a condition on their columns."""
        query = "SELECT id, document, heading, role, topic, text FROM passages"
        query += (f" WHERE {where}" if where else "") + " ORDER BY number LIMIT ?"
        return [
            Passage(
                id=row[0],
                document=row[1],
                heading=tuple(json.loads(row[2])),
                role=row[3],
                topic=row[4],
                text=row[5],
            )
            for row in self.rows(query, (*parameters, limit))
        ]

"""The catalog of a corpus in SQLite: sources, documents, passages, and which index is the valid one. It knows no index.

It suffices to rebuild the index. One writer at a time: `writing` holds SQLite's write lock over catalog and index together,
so a kill leaves the old catalog, which names the old index. Every row of text carries a checksum, since SQLite has none.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drafter.errors import CorpusError, DamagedCorpus, LostReports, ReadOnlyCorpus
from drafter.passages import Document, Passage

FILE = "catalog.sqlite"
VERSION = 2
RULES = 5
"""Counts changes of cleaning and splitting; what older rules derived from the clean texts is derived again."""
_CHECKED = 32 * 1024 * 1024
_WAIT = 30.0
_AT_ONCE = 500
"""Keys in one query."""

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (
  path TEXT PRIMARY KEY, root TEXT NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL,
  sha256 TEXT NOT NULL, problem TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE documents (
  id TEXT PRIMARY KEY, path TEXT NOT NULL, position INTEGER NOT NULL, title TEXT NOT NULL,
  organization TEXT NOT NULL, period TEXT NOT NULL, theme TEXT NOT NULL, source TEXT NOT NULL,
  digest TEXT NOT NULL, same_as TEXT NOT NULL, characters INTEGER NOT NULL, sum INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX documents_by_path ON documents (path, position);
CREATE INDEX documents_by_digest ON documents (digest);
CREATE INDEX documents_by_same ON documents (same_as);
CREATE INDEX documents_by_organization ON documents (organization);
CREATE TABLE texts (id TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE bands (band INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (band, document)) WITHOUT ROWID;
CREATE INDEX bands_by_document ON bands (document);
CREATE TABLE passages (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document TEXT NOT NULL, heading TEXT NOT NULL,
  role TEXT NOT NULL, topic TEXT NOT NULL, text TEXT NOT NULL, sum INTEGER NOT NULL
);
CREATE INDEX passages_by_document ON passages (document);
"""
_HEADING = json.JSONEncoder(ensure_ascii=False)
"""Made once: json.dumps would make one for every passage."""
_OF_DOCUMENT = ("id", "title", "organization", "period", "theme", "source")
_KEPT = (*_OF_DOCUMENT, "path", "digest", "same_as")
"""Columns of a document that its checksum covers, before the text."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A document without its text; `sources` are all files that hold it, the one that was read first."""

    id: str
    title: str
    organization: str
    period: str
    theme: str
    characters: int
    passages: int
    sources: tuple[str, ...]


class Catalog:
    """An open catalog. Reading is safe from several threads."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the catalog at `path`.

        Raises:
            DamagedCorpus: it is not a whole SQLite file, or of a version that this one cannot read.
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
            # bytes that are no UTF-8 any more shall meet the checksum, not SQLite's own error
            self._connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            # a writer's pages stay in memory until it commits, so that readers are kept waiting no longer than that
            self._connection.execute("PRAGMA cache_spill = OFF")
            if new:
                self._make()
            self._verify()
        except sqlite3.OperationalError as error:
            raise CorpusError(f"{path}：报告库打不开（{error}），请检查权限和磁盘空间") from None
        except sqlite3.DatabaseError as error:
            self.close()
            raise self._damaged(str(error)) from None
        except CorpusError:
            self.close()
            raise

    def _damaged(self, why: str) -> DamagedCorpus:
        said = " ".join(why.split())  # SQLite's own words may be many lines
        return DamagedCorpus(
            f"{self.path}：报告库的目录已损坏（{said[:120]}）；请用 drafter corpus add 再加入原来的报告，会重新建库"
        )

    def _lost(self, documents: Iterable[str]) -> LostReports:
        """Take out documents whose rows have changed by themselves, so that their files are read again; the error to raise."""
        found = dict.fromkeys(documents)
        sources = {key: self.rows("SELECT path, source FROM documents WHERE id = ?", (key,)) for key in found}
        told = {key: rows[0][1] if rows else "（出处不明）" for key, rows in sources.items()}
        error = LostReports(self.path, told, [path for rows in sources.values() for path, _ in rows])
        if not self._connection.in_transaction:
            self._take_out(error)
        return error  # inside a transaction, which this error rolls back, `writing` takes them out afterwards

    def _take_out(self, error: LostReports) -> None:
        with contextlib.suppress(ReadOnlyCorpus), self.writing():  # then the error says it again and again
            for document in error.documents:
                self.drop(document)
            for path in error.paths:
                self.rows("UPDATE sources SET size = -1, sha256 = '' WHERE path = ?", (path,))
            self.put("index", "")

    def _make(self) -> None:
        with self.writing():
            exists = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if not exists:  # another process may have been faster
                self._create()
                self.put("rules", str(RULES))

    def _create(self) -> None:
        for statement in _SCHEMA.split(";\n"):
            if statement.strip():
                self._connection.execute(statement)
        self.put("version", str(VERSION))

    def _verify(self) -> None:
        if self.path.stat().st_size <= _CHECKED:
            answer = self._connection.execute("PRAGMA quick_check(1)").fetchone()
            if answer[0] != "ok":
                raise self._damaged(str(answer[0]))
        try:
            found = self._connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
            version = str(found[0]) if found else ""
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                raise self._damaged("不是报告库的目录") from None
            raise
        if version == "1":
            self._migrate()
        elif version.isdecimal() and int(version) > VERSION:
            raise CorpusError(
                f"{self.path}：报告库由更新的 drafter 建立（版本 {version}），请升级 drafter 后再用"
            )
        elif version != str(VERSION):
            raise self._damaged(f"版本 {version or '不明'}")

    def _migrate(self) -> None:
        """From the first version, whose documents hold all that matters; the rest is derived again."""
        with self.writing():
            if self.get("version") != "1":
                return
            for table in ("passages", "meta", "documents_by_path"):
                self._connection.execute(f"DROP {'INDEX' if '_' in table else 'TABLE'} {table}")
            for table in ("documents", "sources"):
                self._connection.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
            self._create()
            self._connection.execute("INSERT INTO sources SELECT * FROM old_sources")
            rows = self.rows(
                "SELECT id, title, organization, period, source, text, path, position FROM old_documents"
            )
            for *values, path, position in rows:
                keys = ("id", "title", "organization", "period", "source", "text")
                self.add(path, Document(**dict(zip(keys, values, strict=True))), position)
            for table in ("documents", "sources"):
                self._connection.execute(f"DROP TABLE old_{table}")

    def close(self) -> None:
        """Release the file."""
        with contextlib.suppress(AttributeError):
            self._connection.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """All changes inside take effect together or not at all; other writers wait.

        Raises:
            CorpusError: the lock stays taken, or the disk does not take the changes.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise ReadOnlyCorpus(
                    f"{self.path}：报告库现在写不了（{error}），请稍后再试或检查权限"
                ) from None
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException as error:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                if isinstance(error, LostReports):
                    self._take_out(error)
                if isinstance(error, sqlite3.OperationalError):
                    raise ReadOnlyCorpus(f"{self.path}：报告库没有写成（{error}），原有内容未变") from None
                raise

    def rows(self, query: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query.

        Raises:
            DamagedCorpus: the file is no longer what SQLite wrote.
            CorpusError: it cannot be read now.
        """
        with self._lock:
            try:
                return self._connection.execute(query, tuple(parameters)).fetchall()
            except sqlite3.OperationalError as error:
                if self._connection.in_transaction:
                    raise  # `writing` says what became of the changes
                raise CorpusError(f"{self.path}：报告库现在读不了（{error}），请稍后再试") from None
            except sqlite3.DatabaseError as error:
                raise self._damaged(str(error)) from None

    def _where(self, query: str, keys: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """The rows of a query whose {} takes as many keys as one query can hold."""
        for first in range(0, len(keys), _AT_ONCE):
            some = keys[first : first + _AT_ONCE]
            yield from self.rows(query.format(", ".join("?" * len(some))), some)

    def get(self, key: str) -> str:
        """A value of `meta`, "" when there is none."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(found[0][0]) if found else ""

    def put(self, key: str, value: str) -> None:
        """Set a value of `meta`."""
        self.rows("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def add(
        self,
        path: str,
        document: Document,
        position: int,
        *,
        digest: str = "",
        bands: Iterable[int] = (),
        same_as: str = "",
    ) -> None:
        """Store a document; its id must be free. With `same_as` it is the same report as that one."""
        values = [str(getattr(document, name)) for name in _OF_DOCUMENT] + [path, digest, same_as]
        self.rows(
            f"INSERT INTO documents ({', '.join(_KEPT)}, position, characters, sum)"
            f" VALUES ({', '.join('?' * (len(_KEPT) + 3))})",
            (*values, position, len(document.text), _sum(*values, document.text)),
        )
        self.rows("INSERT INTO texts VALUES (?, ?)", (document.id, document.text))
        self.add_bands(document.id, bands)

    def add_bands(self, document: str, bands: Iterable[int]) -> None:
        """Let a document be found by its bands."""
        self._insert("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, document) for band in bands])

    def _insert(self, query: str, rows: Sequence[tuple[Any, ...]]) -> None:
        with self._lock:
            try:
                self._connection.executemany(query, rows)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError as error:
                raise self._damaged(str(error)) from None

    def add_passages(self, passages: Iterable[Passage]) -> None:
        """Store passages."""
        rows = []
        for passage in passages:
            heading = _HEADING.encode(passage.heading)
            values = (passage.id, passage.document, heading, passage.role, passage.topic, passage.text)
            rows.append((*values, _sum(*values)))
        self._insert(
            "INSERT INTO passages (id, document, heading, role, topic, text, sum) VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )

    def move(self, document: str, same_as: str) -> None:
        """Say that a document is the same report as another one, or with "" that it is kept itself."""
        columns = ", ".join(f"d.{name}" for name in _KEPT if name != "same_as")
        self.rows("UPDATE documents SET same_as = ? WHERE id = ?", (same_as, document))
        query = f"SELECT {columns}, d.same_as, t.text FROM documents AS d JOIN texts AS t ON t.id = d.id WHERE d.id = ?"
        for row in self.rows(query, (document,)):
            self.rows("UPDATE documents SET sum = ? WHERE id = ?", (_sum(*row), document))

    def drop(self, document: str) -> None:
        """Remove a document and its passages."""
        self.rows("DELETE FROM passages WHERE document = ?", (document,))
        self.rows("DELETE FROM bands WHERE document = ?", (document,))
        self.rows("DELETE FROM texts WHERE id = ?", (document,))
        self.rows("DELETE FROM documents WHERE id = ?", (document,))

    def documents(self, where: str = "same_as = ''", parameters: Iterable[Any] = ()) -> Iterator[Document]:
        """Documents in the order of their files, read as they are asked for; `where` is a condition on their columns.

        Raises:
            DamagedCorpus: one is no longer what was written.
        """
        keys = [
            row[0]
            for row in self.rows(
                f"SELECT id FROM documents WHERE {where} ORDER BY path, position", parameters
            )
        ]
        for first in range(0, len(keys), _AT_ONCE):
            found = {
                document.id: document for document in self.documents_by_id(keys[first : first + _AT_ONCE])
            }
            yield from (found[key] for key in keys[first : first + _AT_ONCE] if key in found)

    def documents_by_id(self, keys: Sequence[str]) -> list[Document]:
        """These documents, in any order; those that are gone are left out.

        Raises:
            DamagedCorpus: one is no longer what was written.
        """
        columns = ", ".join(f"d.{name}" for name in _KEPT)
        query = (
            f"SELECT {columns}, t.text, d.sum"
            " FROM documents AS d LEFT JOIN texts AS t ON t.id = d.id WHERE d.id IN ({})"
        )
        others: dict[str, list[str]] = {}
        for same, source in self._where(
            "SELECT same_as, source FROM documents WHERE same_as IN ({}) ORDER BY path", keys
        ):
            others.setdefault(same, []).append(source)
        found, lost = [], []
        for *values, total in self._where(query, keys):
            if values[-1] is None or _sum(*values) != total:
                lost.append(values[0])
                continue
            fields = dict(zip((*_KEPT, "text"), values, strict=True))
            sources = (fields["source"], *others.get(fields["id"], ()))
            wanted = {name: fields[name] for name in (*_OF_DOCUMENT, "text")}
            found.append(Document(**wanted, sources=sources))
        if lost:
            raise self._lost(lost)
        return found

    def passages(self, keys: Sequence[str], column: str = "id") -> list[Passage]:
        """The passages with these ids, or of these documents, in the order in which they were stored.

        Raises:
            DamagedCorpus: one is no longer what was written.
        """
        query = f"SELECT id, document, heading, role, topic, text, sum, number FROM passages WHERE {column} IN ({{}})"
        found, lost = [], []
        for row in sorted(self._where(query, keys), key=lambda row: row[-1]):
            *values, total, _ = row
            if _sum(*values) != total:
                lost.append(row[1])
                continue
            found.append(
                Passage(
                    id=row[0],
                    document=row[1],
                    heading=tuple(json.loads(row[2])),
                    role=row[3],
                    topic=row[4],
                    text=row[5],
                )
            )
        if lost:
            raise self._lost(lost)
        return found

    def texts_of(self, documents: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Document, id and text of each passage of these documents, in the order in which they were stored.

        It only looks for where a string stands; what is shown of a passage is read, and proven, by `passages`.
        """
        query = "SELECT document, id, text FROM passages WHERE document IN ({}) ORDER BY number"
        yield from self._where(query, documents)

    def listed(self) -> list[Listed]:
        """All documents without their texts, in the order of their files."""
        others: dict[str, list[str]] = {}
        for same, source in self.rows(
            "SELECT same_as, source FROM documents WHERE same_as != '' ORDER BY path"
        ):
            others.setdefault(same, []).append(source)
        counts = dict(self.rows("SELECT document, count(*) FROM passages GROUP BY document"))
        rows = self.rows(
            "SELECT id, title, organization, period, theme, characters, source FROM documents"
            " WHERE same_as = '' ORDER BY path, position"
        )
        return [
            Listed(
                id=key,
                title=title,
                organization=organization,
                period=period,
                theme=theme,
                characters=characters,
                passages=counts.get(key, 0),
                sources=(source, *others.get(key, ())),
            )
            for key, title, organization, period, theme, characters, source in rows
        ]


def _sum(*values: str) -> int:
    return zlib.crc32("\x1f".join(values).encode("utf-8", "surrogatepass"))


def legible_sources(path: Path) -> list[str]:
    """The folders and files that a damaged catalog was filled from, as far as they can still be read."""
    try:
        connection = sqlite3.connect(path)
    except sqlite3.Error:
        return []
    found: dict[str, None] = {}
    try:
        for root, file in connection.execute("SELECT root, path FROM sources"):
            found[str(root or file)] = None
    except (sqlite3.Error, UnicodeDecodeError):
        return list(found)  # what was read before the damage counts
    finally:
        connection.close()
    return list(found)

"""Vectors of passages beside the index: kept once paid for, compared exactly, fused with the word search by rank.

Vectors are kept by model and text in a file of their own, so that no text is sent twice, whatever becomes of the index.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from drafter.corpus.embedding import AT_ONCE, Embedder, EmbeddingAway
from drafter.errors import CorpusError, SettingsError
from drafter.passages import Passage

FILE = "vectors.sqlite"
OnVectors = Callable[[int], None]
_WAIT = 30.0
"""Seconds for which another process may write before the search goes on without vectors."""
_OUTSIDE = (
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN),
    *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM),
)
"""Primary result codes of SQLite whose cause is not in the file."""
_ROWS = 16_384
"""Vectors compared at a time, so that full precision needs little memory."""
_MOST = 1.01
"""Above any cosine of vectors in half precision."""
_SENT = """
CREATE TABLE IF NOT EXISTS sent
    (at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')), url TEXT NOT NULL, body TEXT NOT NULL)
"""
FUSED = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke, Büttcher, SIGIR 2009)."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (model TEXT, text BLOB, vector BLOB NOT NULL, PRIMARY KEY (model, text)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS placed (passage TEXT PRIMARY KEY, text BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS finished (state TEXT NOT NULL);
"""


def fused(rankings: Sequence[Sequence[str]], limit: int) -> list[tuple[str, float]]:
    """Ids by the sum of 1 / (FUSED + rank) over the rankings that have them, best first; ties in the first one's order."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, 1):
            scores[key] = scores.get(key, 0.0) + 1 / (FUSED + rank)
    return sorted(scores.items(), key=lambda pair: -pair[1])[:limit]


@dataclass(frozen=True)
class Sent:
    """A request to an embeddings endpoint: when it left (UTC), where to, and its body in JSON; no key is in it."""

    at: str
    url: str
    body: str


class Vectors:
    """The vectors of one store for one model. Searching is safe from several threads.

    Args:
        store: the store's folder.
        embedder: asks the endpoint.

    Raises:
        SettingsError: numpy is not installed.
        EmbeddingAway: the file of vectors cannot be used or is damaged.
    """

    def __init__(self, store: Path, embedder: Embedder) -> None:
        try:
            import numpy
        except ImportError:
            raise SettingsError("向量检索要用 numpy，请先安装：pip install numpy") from None
        self._numpy, self._embedder = numpy, embedder
        self.path = store / FILE
        self._lock = threading.Lock()
        self._loaded: tuple[str, list[str], Any] | None = None
        with self._connected() as connection:
            connection.executescript(_SCHEMA)

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A connection that begins no transaction by itself: one that began with reading could not go on to write while
        another process does.

        Raises:
            EmbeddingAway: the file is damaged, cannot be used, or another process does not let go of it.
        """
        try:
            with closing(sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)) as connection:
                yield connection
        except sqlite3.DatabaseError as error:
            # of faults that Python's own module finds, such as a text that is none, SQLite knows no code
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                said = "正被另一个 drafter 占用（稍后再试）"
            elif code in _OUTSIDE:
                said = f"用不了（{error}；请检查权限和磁盘空间）"
            else:
                said = f"已损坏（{error}；删掉它，再用 drafter corpus add 会重新计算）"
            raise EmbeddingAway(f"{self.path} {said}") from None

    def finished(self, state: str) -> bool:
        """Whether an `update` for this state went through.

        Raises:
            EmbeddingAway: the file is damaged.
        """
        with self._connected() as connection:
            return (state,) in connection.execute("SELECT state FROM finished").fetchall()

    def update(
        self,
        passages: Iterable[Passage],
        masked: Callable[[Passage], str],
        state: str,
        on_progress: OnVectors | None = None,
    ) -> int:
        """Place these passages, all that the store has, and ask for the vectors that lack; how many those were.

        What was answered is kept at once, so a kill costs no more than one request.

        Args:
            passages: read one by one; their number is no matter.
            masked: what of a passage may be sent.
            state: anything that changes when the passages or the model do; `finished` tells it afterwards.
            on_progress: called with the number of passages that have been seen to.

        Raises:
            EmbeddingAway: the endpoint failed, or the file is damaged or in use; passages without a vector are then
                found by their words alone.
        """
        asked = done = 0
        away: EmbeddingAway | None = None
        with self._connected() as connection:
            connection.execute("CREATE TEMP TABLE placing (passage TEXT PRIMARY KEY, text BLOB NOT NULL)")
            stream = iter(passages)
            while some := list(islice(stream, 8 * AT_ONCE)):
                keys = {passage.id: _key(passage.text) for passage in some}
                connection.executemany("INSERT INTO placing VALUES (?, ?)", keys.items())
                lacking = {} if away else self._lacking(connection, some, keys)
                while lacking and not away:
                    chosen = dict(islice(lacking.items(), AT_ONCE))
                    try:
                        vectors = self._embedder.of_passages(
                            [masked(passage) for passage in chosen.values()], partial(_note, connection)
                        )
                    except EmbeddingAway as error:
                        away = error
                        break
                    self._keep(connection, list(chosen), vectors)
                    asked += len(chosen)
                    lacking = {key: lacking[key] for key in lacking if key not in chosen}
                done += len(some)
                if on_progress:
                    on_progress(done)
            with _writing(connection):
                connection.execute("DELETE FROM placed")
                connection.execute("INSERT INTO placed SELECT passage, text FROM placing")
                connection.execute("DELETE FROM finished")
                if not away:
                    connection.execute("INSERT INTO finished VALUES (?)", (state,))
        self._loaded = None
        if away:
            raise away
        return asked

    def _lacking(
        self, connection: sqlite3.Connection, passages: Sequence[Passage], keys: dict[str, bytes]
    ) -> dict[bytes, Passage]:
        marks = ", ".join("?" * len(keys))
        query = f"SELECT text FROM vectors WHERE model = ? AND text IN ({marks})"
        known = {row[0] for row in connection.execute(query, (self._embedder.model, *keys.values()))}
        return {keys[passage.id]: passage for passage in passages if keys[passage.id] not in known}

    def _keep(
        self, connection: sqlite3.Connection, keys: Sequence[bytes], vectors: Sequence[Sequence[float]]
    ) -> None:
        rows = self._unit(vectors)
        with _writing(connection):
            connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [(self._embedder.model, key, row.tobytes()) for key, row in zip(keys, rows, strict=True)],
            )

    def _unit(self, vectors: Sequence[Sequence[float]]) -> Any:
        """Vectors of length one in half precision, which loses nothing that a ranking shows."""
        numpy = self._numpy
        rows = numpy.asarray(vectors, dtype=numpy.float32)
        norms = numpy.linalg.norm(rows, axis=1, keepdims=True)
        return (rows / numpy.where(norms > 0, norms, 1)).astype(numpy.float16)

    def nearest(self, text: str, limit: int, state: str) -> list[str]:
        """Ids of the passages nearest to a query by cosine, best first.

        Args:
            text: the query.
            limit: how many.
            state: anything that changes when the store does; vectors are loaded anew then.

        Raises:
            EmbeddingAway: the endpoint failed, the store has no vectors of its model, or their file is damaged.
        """
        numpy = self._numpy
        ids, rows = self._matrix(state)
        if not ids:
            raise EmbeddingAway(
                f"报告库里还没有模型 {self._embedder.model} 的向量（用 drafter corpus add 计算）"
            )
        query = self._unit([self._embedder.of_query(text)])[0].astype(numpy.float32)
        if rows.shape[1] != len(query):
            raise EmbeddingAway("向量接口现在给出的向量长度与已存的不同（换了模型？）")
        scores = numpy.empty(len(ids), dtype=numpy.float32)
        with numpy.errstate(all="ignore"):
            for first in range(0, len(ids), _ROWS):
                scores[first : first + _ROWS] = rows[first : first + _ROWS].astype(numpy.float32) @ query
            scores[~(numpy.abs(scores) < _MOST)] = -1  # no cosine: the vector was damaged on disk
        best = numpy.argsort(-scores, kind="stable")[:limit]
        return [ids[place] for place in best]

    def _matrix(self, state: str) -> tuple[list[str], Any]:
        with self._lock:
            if self._loaded is None or self._loaded[0] != state:
                query = (
                    "SELECT p.passage, v.vector FROM placed AS p JOIN vectors AS v ON v.text = p.text"
                    " WHERE v.model = ? ORDER BY p.passage"
                )
                with self._connected() as connection:
                    found = connection.execute(query, (self._embedder.model,)).fetchall()
                # one that was damaged on disk may be of any type and length
                found = [row for row in found if isinstance(row[1], bytes) and len(row[1]) % 2 == 0]
                sizes = Counter(len(row[1]) for row in found).most_common(1)
                found = [row for row in found if len(row[1]) == sizes[0][0]]
                flat = self._numpy.frombuffer(b"".join(row[1] for row in found), dtype=self._numpy.float16)
                rows = flat.reshape(len(found), -1) if found else flat
                self._loaded = (state, [row[0] for row in found], rows)
            return self._loaded[1:]


@contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction, begun when nobody else writes."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _note(connection: sqlite3.Connection, url: str, body: Mapping[str, Any]) -> None:
    """Keep a request before it leaves."""
    with _writing(connection):
        connection.execute(_SENT)
        connection.execute(
            "INSERT INTO sent (url, body) VALUES (?, ?)", (url, json.dumps(body, ensure_ascii=False))
        )


def sent(store: Path) -> list[Sent]:
    """What making the vectors of this store has sent to embeddings endpoints, the earliest first; empty without vectors.

    Raises:
        CorpusError: the file of vectors cannot be read.
    """
    path = store / FILE
    if not path.is_file():
        return []
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_WAIT)
        ) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sent'").fetchone():
                return []  # of a drafter that kept no account of it
            return [Sent(*row) for row in connection.execute("SELECT at, url, body FROM sent ORDER BY rowid")]
    except sqlite3.DatabaseError as error:
        raise CorpusError(f"{path}：读不了（{error}）") from None


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]

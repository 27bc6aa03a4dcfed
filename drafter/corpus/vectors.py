"""Vectors of passages beside the index: kept once paid for, compared exactly, fused with the word search by rank.

Vectors are kept by model and text in a file of their own, so that no text is sent twice, whatever becomes of the index.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from drafter.corpus.embedding import AT_ONCE, Embedder, EmbeddingAway
from drafter.errors import SettingsError
from drafter.passages import Passage

FILE = "vectors.sqlite"
OnVectors = Callable[[int], None]
_ROWS = 16_384
"""Vectors compared at a time, so that full precision needs little memory."""
FUSED = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke, Büttcher, SIGIR 2009)."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (model TEXT, text BLOB, vector BLOB NOT NULL, PRIMARY KEY (model, text)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS placed (passage TEXT PRIMARY KEY, text BLOB NOT NULL) WITHOUT ROWID;
"""


def fused(rankings: Sequence[Sequence[str]], limit: int) -> list[tuple[str, float]]:
    """Ids by the sum of 1 / (FUSED + rank) over the rankings that have them, best first; ties in the first one's order."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, 1):
            scores[key] = scores.get(key, 0.0) + 1 / (FUSED + rank)
    return sorted(scores.items(), key=lambda pair: -pair[1])[:limit]


class Vectors:
    """The vectors of one store for one model. Searching is safe from several threads.

    Args:
        store: the store's folder.
        embedder: asks the endpoint.

    Raises:
        SettingsError: numpy is not installed.
        EmbeddingAway: the file of vectors cannot be opened or is damaged.
    """

    def __init__(self, store: Path, embedder: Embedder) -> None:
        try:
            import numpy
        except ImportError:
            raise SettingsError("向量检索要用 numpy，请先安装：pip install 'drafter[vectors]'") from None
        self._numpy, self._embedder = numpy, embedder
        self.path = store / FILE
        self._lock = threading.Lock()
        self._loaded: tuple[str, list[str], Any] | None = None
        try:
            with closing(self._connect()) as connection:
                connection.executescript(_SCHEMA)
        except sqlite3.DatabaseError as error:
            raise EmbeddingAway(
                f"{self.path} 打不开或已损坏（{error}；删掉它，再用 drafter corpus add 会重新计算）"
            ) from None

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=30)

    def update(
        self,
        passages: Iterable[Passage],
        masked: Callable[[Passage], str],
        on_progress: OnVectors | None = None,
    ) -> int:
        """Place these passages, all that the store has, and ask for the vectors that lack; how many those were.

        What was answered is kept at once, so a kill costs no more than one request.

        Args:
            passages: read one by one; their number is no matter.
            masked: what of a passage may be sent.
            on_progress: called with the number of passages that have been seen to.

        Raises:
            EmbeddingAway: the endpoint failed; passages without a vector are then found by their words alone.
        """
        asked = done = 0
        away: EmbeddingAway | None = None
        with closing(self._connect()) as connection:
            connection.execute("CREATE TEMP TABLE placing (passage TEXT PRIMARY KEY, text BLOB NOT NULL)")
            stream = iter(passages)
            while some := list(islice(stream, 8 * AT_ONCE)):
                keys = {passage.id: _key(passage.text) for passage in some}
                connection.executemany("INSERT INTO placing VALUES (?, ?)", keys.items())
                lacking = {} if away else self._lacking(connection, some, keys)
                while lacking and not away:
                    chosen = dict(islice(lacking.items(), AT_ONCE))
                    try:
                        vectors = self._embedder.of_passages([masked(passage) for passage in chosen.values()])
                    except EmbeddingAway as error:
                        away = error
                        break
                    self._keep(connection, list(chosen), vectors)
                    asked += len(chosen)
                    lacking = {key: lacking[key] for key in lacking if key not in chosen}
                done += len(some)
                if on_progress:
                    on_progress(done)
            with connection:
                connection.execute("DELETE FROM placed")
                connection.execute("INSERT INTO placed SELECT passage, text FROM placing")
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
        with connection:
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
            EmbeddingAway: the endpoint failed, or the store has no vectors of its model.
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
        for first in range(0, len(ids), _ROWS):
            scores[first : first + _ROWS] = rows[first : first + _ROWS].astype(numpy.float32) @ query
        best = numpy.argsort(-scores, kind="stable")[:limit]
        return [ids[place] for place in best]

    def _matrix(self, state: str) -> tuple[list[str], Any]:
        with self._lock:
            if self._loaded is None or self._loaded[0] != state:
                query = (
                    "SELECT p.passage, v.vector FROM placed AS p JOIN vectors AS v ON v.text = p.text"
                    " WHERE v.model = ? ORDER BY p.passage"
                )
                with closing(self._connect()) as connection:
                    found = connection.execute(query, (self._embedder.model,)).fetchall()
                size = len(found[0][1]) if found else 0
                found = [row for row in found if len(row[1]) == size]
                flat = self._numpy.frombuffer(b"".join(row[1] for row in found), dtype=self._numpy.float16)
                rows = flat.reshape(len(found), -1) if found else flat
                self._loaded = (state, [row[0] for row in found], rows)
            return self._loaded[1:]


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]

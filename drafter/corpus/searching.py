"""Finds passages for a query: words, vectors where they are wanted, filters, and a choice spread over documents."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drafter.corpus.catalog import Catalog
from drafter.corpus.consensus import CONSIDERED, by_consensus
from drafter.corpus.current import CurrentIndex
from drafter.corpus.embedding import Embedder, EmbeddingAway
from drafter.corpus.index import Filter
from drafter.corpus.periods import months
from drafter.corpus.results import choose
from drafter.corpus.tokens import required, tokens
from drafter.errors import CorpusError, RetrievalWarning
from drafter.passages import Passage, Query

if TYPE_CHECKING:
    from drafter.corpus.vectors import Vectors

NEAREST = 400
"""Passages nearest by vector among which those that fit the filters are looked for."""


class Search:
    """The search of one store. Safe from several threads."""

    def __init__(
        self, path: Path, catalog: Catalog, current: CurrentIndex, embedder: Embedder | None = None
    ) -> None:
        """Args: the store's folder, its catalog and index, and who gives vectors, if anybody does."""
        self._path, self._catalog, self._current, self._embedder = path, catalog, current, embedder
        self._opened: Vectors | None = None
        self._away = False

    def take_sent(self) -> list[tuple[str, dict[str, Any]]]:
        """What the embeddings endpoint was sent since this was last asked; see `Embedder.take_sent`."""
        return self._embedder.take_sent() if self._embedder is not None else []

    def close(self) -> None:
        """Close the connection to the endpoint."""
        if self._embedder is not None:
            self._embedder.close()

    def passages(self, keys: Sequence[str]) -> dict[str, Passage]:
        """These passages by id."""
        return {passage.id: passage for passage in self._catalog.passages(keys)}

    def find(self, query: Query) -> list[Passage]:
        """At most `query.limit` passages, best first, not masked; none that reads almost like a better one.

        A query without words finds nothing.

        Raises:
            CorpusError: the query's period names no year, or its topic or theme has no word.
        """
        words = tokens(f"{query.text} {query.topic} {query.theme}")
        if not words:
            return []
        index = self._current.ready()
        narrow = self._filter(query)
        favoured = required(query.favoured_theme)
        breadth = max(CONSIDERED, query.limit * 8)
        hits = index.search(words, breadth, narrow, favoured)
        found = self.passages([key for key, _ in hits[:CONSIDERED]])
        hits = self._with_vectors(query, by_consensus(hits, found), narrow)
        chosen = self._chosen(hits, found, query, [])
        wide = Filter(exclude=query.exclude)
        if query.fill and narrow != wide and len(chosen) < query.limit:
            least = chosen[-1].score if chosen else 1.0
            known = {key for key, _ in hits}
            wider = index.search(words, breadth, wide, favoured)
            more = [(key, score) for key, score in wider if key not in known]
            top = max((score for _, score in more), default=1.0) or 1.0
            more = [(key, 0.9 * least * score / top) for key, score in more]
            chosen = self._chosen(more, {}, query, chosen)
        return chosen

    def _chosen(
        self,
        hits: Sequence[tuple[str, float]],
        found: Mapping[str, Passage],
        query: Query,
        before: list[Passage],
    ) -> list[Passage]:
        """The passages chosen before and those to show of these hits; what is not in `found` is read as it is needed."""
        chosen = before
        for first in range(0, len(hits), 3 * query.limit):
            if len(chosen) >= query.limit:
                break
            some = hits[first : first + 3 * query.limit]
            unread = [key for key, _ in some if key not in found]
            known = {**found, **self.passages(unread)} if unread else found
            chosen = chosen + choose(some, known, query, chosen)
        return chosen

    def _with_vectors(
        self, query: Query, hits: list[tuple[str, float]], narrow: Filter
    ) -> list[tuple[str, float]]:
        """The hits fused by rank with those whose vectors are near, where an endpoint was chosen and answers."""
        vectors = self._vectors()
        if vectors is None:
            return hits
        try:
            near = vectors.nearest(query.text, NEAREST, self._current.state)
        except EmbeddingAway as error:
            self._warn(error)
            return hits
        from drafter.corpus.vectors import fused

        fitting = self._current.ready().fitting(near, narrow)
        near = [key for key in near if key in fitting][: len(hits) or NEAREST]
        return fused([[key for key, _ in hits], near], max(len(hits), len(near)))

    def _filter(self, query: Query) -> Filter:
        span = None
        if query.period and (span := months(query.period)) is None:
            raise CorpusError(f"时段“{query.period}”里认不出年月，请写成“2023年”或“2023年上半年”这样")
        names = None
        if query.organization:
            rows = self._catalog.rows("SELECT DISTINCT organization FROM documents WHERE organization != ''")
            names = tuple(
                name
                for (name,) in rows
                if name.endswith(query.organization) or query.organization.endswith(name)
            )
        return Filter(
            role=query.role,
            topic=_words("主题词", query.topic),
            theme=_words("主题", query.theme),
            organizations=names,
            months=span,
            exclude=query.exclude,
        )

    def _vectors(self) -> Vectors | None:
        """The vectors; None where no endpoint was chosen, or what was chosen cannot be used now, which is said once."""
        if self._embedder is None or self._away:
            return None
        from drafter.corpus.vectors import Vectors  # numpy, only where vectors are wanted

        try:
            self._opened = self._opened or Vectors(self._path, self._embedder)
        except EmbeddingAway as error:
            self._warn(error)
        return self._opened

    def embed(
        self, masked: Callable[[Passage], str], on_progress: Callable[[int, int], None] | None = None
    ) -> int:
        """Ask the chosen endpoint for the vectors that passages lack; how many those were, 0 without an endpoint.

        Args:
            masked: what of a passage may be sent.
            on_progress: called with the passages that were seen to and those in all.
        """
        vectors = self._vectors()
        if self._embedder is None or vectors is None:
            return 0
        catalog, index = self._catalog, self._current.ready()
        state = f"{self._embedder.model} {index.state()}"
        total = int(catalog.rows("SELECT count(*) FROM passages")[0][0])
        documents = catalog.rows("SELECT id FROM documents WHERE same_as = '' ORDER BY path, position")
        passages = chain.from_iterable(catalog.passages([key], "document") for (key,) in documents)
        told = (lambda done: on_progress(done, total)) if on_progress else None
        try:
            return 0 if vectors.finished(state) else vectors.update(passages, masked, state, told)
        except EmbeddingAway as error:
            self._warn(error)
            return 0

    def _warn(self, error: EmbeddingAway) -> None:
        """Say once that the search goes on without vectors."""
        if not self._away:
            self._away = True
            warnings.warn(RetrievalWarning(f"{error}，这次只按词语检索"), stacklevel=2)


def _words(name: str, text: str) -> tuple[str, ...]:
    """The words that a filter asks for.

    Raises:
        CorpusError: it was given, and has none.
    """
    found = tuple(required(text))
    if text.strip() and not found:
        raise CorpusError(f"{name}“{text}”里没有可以查的词（数字和标点不算），请改用别的词")
    return found

"""The retriever over a server's index: searches, looks strings up, lists documents. Takes nothing in."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from drafter.corpus.consensus import by_consensus
from drafter.corpus.results import Masker, choose, line_of
from drafter.passages import Document, Passage, Query

from drafter_opensearch.connection import Server
from drafter_opensearch.mapping import (
    DOCUMENT_FIELDS,
    DOCUMENTS,
    PASSAGE_FIELDS,
    PASSAGES,
    document_of,
    passage_of,
)
from drafter_opensearch.queries import favoured, filters, passages, phrase, words_of

LEARN_FROM = 300
"""Documents from which set phrases are learnt, as many as of a local corpus."""
PAGE = 100
"""Documents in one answer."""
FIRST, MOST = 30, 1000
"""Hits of one search at first, and again where too few of them could be used."""
WINDOW = 10_000
"""Hits that servers give at most, by default."""
_KEPT_TEXTS = 200


class OpenSearchRetriever:
    """Passages of past reports that stand in a server's index. Searching is safe from several threads."""

    def __init__(self, server: Server, skipped: Sequence[tuple[Path, str]] = ()) -> None:
        """Search what the server has; `skipped` are files that were to be taken in and could not be read."""
        self.server = server
        self.skipped = list(skipped)
        self._masker = Masker()
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self.server.close()

    def search(self, query: Query) -> list[Passage]:
        """At most `query.limit` passages, best first, spread over documents, `masked` filled in.

        BM25 over the text's words, headings counting a little less, then what the best have in common, as in drafter's
        local index. A passage that reads almost like a better one is
        left out. A query without words finds nothing.

        Raises:
            CorpusError: the server cannot be used.
        """
        words = words_of(query)
        if not words:
            return []
        wanted = filters(query)
        chosen = self._choose(words, query, wanted, ())
        if query.fill and wanted and len(chosen) < query.limit:
            chosen += self._choose(words, query, wanted, chosen, fitting=False)
        return self._masked(chosen)

    def _choose(
        self,
        words: Sequence[str],
        query: Query,
        wanted: Sequence[dict[str, Any]],
        before: Sequence[Passage],
        *,
        fitting: bool = True,
    ) -> list[Passage]:
        """The passages to show that fit what is wanted, or those that do not, behind those chosen `before`."""
        fit, unfit = (wanted, ()) if fitting else ((), wanted)
        chosen: list[Passage] = []
        first = min(max(FIRST, query.limit * 8), WINDOW)
        for size in dict.fromkeys((first, max(first, MOST))):
            body = passages(words, fit, unfit, query.exclude, size, favoured(query))
            found = self.server.search(PASSAGES, body, _scored)
            hits = [(passage.id, passage.score) for passage in found]
            by_id = {passage.id: passage for passage in found}
            if not fitting and hits:
                least, top = (before[-1].score if before else 1.0), hits[0][1] or 1.0
                hits = [(key, 0.9 * least * score / top) for key, score in hits]
            else:
                hits = by_consensus(hits, by_id)
            chosen = choose(hits, by_id, query, before)
            if len(before) + len(chosen) >= query.limit or len(found) < size:
                break
        return chosen

    def _masked(self, found: Sequence[Passage]) -> list[Passage]:
        """The passages with `masked` filled in; one whose report has just left the index is left out.

        Without its report the names in it are not known, and a prompt would show them.
        """
        texts = self._texts_of({passage.document for passage in found})
        return [
            self._masker.masked(passage, texts[passage.document])
            for passage in found
            if passage.document in texts
        ]

    def _texts_of(self, documents: set[str]) -> dict[str, str]:
        with self._lock:
            known = {key: self._texts[key] for key in documents if key in self._texts}
        if missing := sorted(documents - known.keys()):
            body = {
                "size": len(missing),
                "_source": ["id", "body"],
                "query": {"bool": {"filter": [{"terms": {"id": missing}}]}},
            }
            known |= dict(self.server.search(DOCUMENTS, body, _text))
        with self._lock:
            self._texts |= known
            while len(self._texts) > _KEPT_TEXTS:
                self._texts.popitem(last=False)
        return known

    def containing(self, text: str, limit: int = 5) -> list[Passage]:
        """Passages that hold exactly this string, each document once as far as there are enough.

        A string that stands only in a title, a heading, a signature or across two passages gives a passage whose
        id is the document's and whose text is the line that holds its beginning.

        Raises:
            CorpusError: the server cannot be used.
        """
        if not text.strip():
            return []
        most = min(max(limit * 20, 100), WINDOW)
        body = {
            "size": most,
            "_source": PASSAGE_FIELDS,
            "query": {"bool": {"filter": [phrase("spelled", text)]}},
            "sort": [{"key": "asc"}, {"position": "asc"}, {"number": "asc"}],
        }
        # the phrase passes over white space, and ends where the server's part of it does
        rows = [
            passage
            for passage in self.server.search(PASSAGES, body, lambda hit: passage_of(hit["_source"]))
            if text in passage.text
        ]
        first: dict[str, Passage] = {}
        for passage in rows:
            first.setdefault(passage.document, passage)
        found = [*first.values(), *(passage for passage in rows if passage not in first.values())][:limit]
        if len(found) < limit:
            query = {"bool": {"filter": [phrase("spelled", text)], "must_not": _of(first)}}
            for document in islice(self._documents(query, most=most), most):
                if text in document.text and len(found) < limit:
                    found.append(line_of(document, text))
        return self._masked(found)

    def documents(self) -> list[Document]:
        """All documents, in the order of their files.

        Raises:
            CorpusError: the server cannot be used.
        """
        return list(self._documents({"match_all": {}}))

    def _documents(self, query: dict[str, Any], most: int = PAGE) -> Iterator[Document]:
        """Documents page by page, as far as they are asked for."""
        body: dict[str, Any] = {
            "size": min(most, PAGE),
            "_source": DOCUMENT_FIELDS,
            "query": query,
            "sort": [{"key": "asc"}, {"position": "asc"}, {"id": "asc"}],
        }
        while True:
            page = self.server.search(DOCUMENTS, body, lambda hit: (document_of(hit["_source"]), hit["sort"]))
            for document, _ in page:
                yield document
            if len(page) < body["size"]:
                return
            body["search_after"] = page[-1][1]

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """Set phrases with a numeral that independent documents have and that never varies, learnt once a retriever.

        Documents of one organisation are one origin; at most LEARN_FROM documents are read.
        """
        from drafter.quantities import learn_phrases

        documents = islice(self._documents({"match_all": {}}), LEARN_FROM)
        return tuple(
            learn_phrases((document.organization or document.id, document.text) for document in documents)
        )


def _scored(hit: dict[str, Any]) -> Passage:
    return passage_of(hit["_source"]).model_copy(update={"score": float(hit["_score"])})


def _text(hit: dict[str, Any]) -> tuple[str, str]:
    return str(hit["_source"]["id"]), str(hit["_source"]["body"])


def _of(documents: dict[str, Passage]) -> list[dict[str, Any]]:
    return [{"terms": {"id": list(documents)}}] if documents else []

"""Finds what holds an exact string: by the index where it can tell, else by going through the texts."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from drafter.corpus.catalog import Catalog
from drafter.corpus.current import CurrentIndex
from drafter.corpus.index import Index
from drafter.corpus.results import line_of
from drafter.corpus.tokens import pairs, whole_figures
from drafter.passages import Document, Passage

FEW = 200
"""Documents, or in a small store passages, that are looked into one by one without more thought."""
_SHARE = 5
"""To look into a passage by its id costs some four times what it costs in going through all; so up to a fifth of them."""
_KEPT = 500
"""Strings whose passages are kept."""
_DIVIDED = re.compile(r"[。！？\n]")
"""Where one passage may end and the next begin."""


class Exact:
    """The exact search of a store. Safe from several threads."""

    def __init__(self, catalog: Catalog, current: CurrentIndex) -> None:
        """Args: the store's catalog and index."""
        self._catalog, self._current = catalog, current
        self._kept: dict[tuple[str, int], tuple[Passage, ...]] = {}
        """What was found in this state of the store: a draft is checked again and again, and asks for the same names."""
        self._state = ""

    def find(self, text: str, limit: int) -> list[Passage]:
        """What holds this string, at most `limit`: see `Corpus.containing`."""
        if not text.strip():
            return []
        index = self._current.ready()
        state, kept = self._current.state, self._kept
        if state != self._state or len(kept) >= _KEPT:
            kept = self._kept = {}
            self._state = state
        known = kept.get((text, limit))
        if known is None:
            known = tuple(self._found(text, limit, index))
            if index.folder is not None:  # an index in memory may change
                kept[text, limit] = known
        return list(known)

    def _found(self, text: str, limit: int, index: Index) -> list[Passage]:
        words, figures = pairs(text), whole_figures(text)
        passages = self._passages(text, limit, words, figures, index)
        first = {passage.document: passage for passage in reversed(passages)}
        ones = [passage for passage in passages if first[passage.document] is passage]
        others = [passage for passage in passages if first[passage.document] is not passage]
        found = [*ones, *others][:limit]
        if len(found) < limit:
            documents = self._documents(text, words, figures, index)
            more = (one for one in documents if one.id not in first and text in one.text)
            found += [
                line_of(document, text) for document, _ in zip(more, range(limit - len(found)), strict=False)
            ]
        return found

    def _passages(
        self, text: str, limit: int, words: Sequence[str], figures: Sequence[str], index: Index
    ) -> list[Passage]:
        most = max(FEW, index.count() // _SHARE)
        keys = index.with_words("text", words, most + 1, figures) if words or figures else None
        if keys is None or len(keys) > most:
            query = "SELECT id FROM passages WHERE instr(text, ?) ORDER BY number LIMIT ?"
            keys = [key for (key,) in self._catalog.rows(query, (text, max(limit * 20, 100)))]
        elif len(keys) > FEW:
            among = "id IN (SELECT value FROM json_each(?))"
            query = f"SELECT id FROM passages WHERE {among} AND instr(text, ?) ORDER BY number LIMIT ?"
            keys = [
                key for (key,) in self._catalog.rows(query, (json.dumps(keys), text, max(limit * 20, 100)))
            ]
        return [passage for passage in self._catalog.passages(keys) if text in passage.text]

    def _documents(
        self, text: str, words: Sequence[str], figures: Sequence[str], index: Index
    ) -> Sequence[Document]:
        """Documents that may hold the string outside their passages or across two."""
        if (words or figures) and not _DIVIDED.search(text):
            keys = index.with_words("frame", words, FEW + 1, figures)
            if len(keys) <= FEW:
                return sorted(self._catalog.documents_by_id(keys), key=lambda document: document.source)
        where = "same_as = '' AND id IN (SELECT id FROM texts WHERE instr(text, ?))"
        return list(self._catalog.documents(where, (text,)))

"""The full-text index of a corpus in tantivy: passages to search, documents by fingerprint. Derived data: anything wrong, rebuilt.

An index is a folder that never changes once its state (name and checksums of its files) is in the catalog: an update
makes a new folder, in which the files that stay are links to the old ones. So a reader keeps what it opened, and a kill
leaves the old folder. tantivy 0.27 can give wrong results or abort on damaged files, so every file's size and CRC-32 is
compared with the state before tantivy sees it.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log
from pathlib import Path
from typing import Any, Literal

from drafter.passages import Passage, Role

FORMAT = 5
HEAP = 50_000_000
"""Bytes of the writer's buffer, tantivy's least being 15 million."""
_MOST_KEPT = 20_000
"""Fingerprints whose documents are kept: those of some forty reports."""
BUDGET = 120_000
"""Occurrences of words, each counted once a passage, that a search goes through: it takes the rarest words first and stops
before the word that would exceed it. So a search costs about the same in any corpus, and only in a large one is anything
left out: its commonest words, which say least (the "quit" strategy of Moffat and Zobel, Self-indexing inverted files, 1996)."""
FAVOUR = 2.0
"""What a report of the favoured theme adds to a passage's score: less than one telling word, so that it orders passages that
are as near otherwise, and those that share no word with the query."""
K3 = 2.0
"""How much more a word counts that the query says again and again, BM25's k3 (Robertson et al., Okapi at TREC-3, 1994). It
also tells real words, which are tokens twice (as a word and as a pair), from pairs across two words."""


_Place = tuple[str, str]
"""A field of the index and a word in it."""


@dataclass(frozen=True, slots=True)
class PassageEntry:
    """A passage with its search tokens, those of its headings among them, those of its topic, and its figures."""

    passage: Passage
    words: str
    topic: str
    figures: str = ""


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """What the index holds of a document: whose it is, about what and when, its fingerprints and passages.

    `frame` is what stands outside its passages, as search tokens: title, headings, recipient, signature. `figures` are
    the figures that stand there.
    """

    id: str
    organization: str
    theme: str
    months: tuple[int, int] | None
    fingerprints: Sequence[int]
    passages: Sequence[PassageEntry]
    frame: str = ""
    figures: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a passage must be; what is empty or None does not narrow. Words must all occur."""

    role: Role | None = None
    topic: Sequence[str] = ()
    theme: Sequence[str] = ()
    organizations: Sequence[str] | None = None
    months: tuple[int, int] | None = None
    exclude: Sequence[str] = ()


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("document", "role", "organization"):
        builder.add_text_field(name, stored=False, tokenizer_name="raw", index_option="basic")
    for name in ("topic", "theme", "frame", "figures"):
        builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("text", stored=False, tokenizer_name="whitespace", index_option="freq")
    for name in ("first", "last"):
        builder.add_integer_field(name, stored=False, indexed=True, fast=True)
    builder.add_integer_field("fingerprint", stored=False, indexed=True, fast=False)
    return builder.build()


class Index:
    """An open index. `search` and `holders` may be called from several threads."""

    def __init__(self, store: Path | None, folder: Path | None, index: Any) -> None:
        """Use `open_index`, `build_index` or `update_index`."""
        self._store, self.folder, self._index = store, folder, index
        self._documents: dict[tuple[int, int], str] = {}
        """Ids of documents by their place, read once: one text's fingerprints lead to hundreds of them."""
        self._holders: dict[tuple[int, int], list[str]] = {}
        """What was found of fingerprints: the next wording of a text has most of them again."""

    def search(
        self,
        words: Iterable[str],
        limit: int,
        narrow: Filter | None = None,
        favoured: Iterable[str] = (),
    ) -> list[tuple[str, float]]:
        """Ids of passages with scores, best first: BM25 over the words of text and headings, repeated words weigh more.

        Words of a `favoured` theme count a little where the report's theme or title has them.
        """
        from tantivy import Occur, Query

        schema, searcher = self._index.schema, self._index.searcher()
        wanted = Counter(words)
        places = [("text", word) for word in wanted] + [("theme", word) for word in dict.fromkeys(favoured)]
        frequencies = {place: searcher.doc_freq(*place) for place in places}
        telling = _affordable(frequencies)
        if not telling:
            return []
        rarity = {
            word: log(1 + searcher.num_docs / frequencies[field, word])
            for field, word in telling
            if field == "theme"
        }
        clauses = [
            _weighted(schema, word, wanted[word])
            if field == "text"
            else _constant(schema, field, word, FAVOUR * rarity[word] / sum(rarity.values()))
            for field, word in telling
        ]
        query = Query.boolean_query([(Occur.Should, clause) for clause in clauses])
        musts = list(_musts(schema, narrow or Filter()))
        if musts:
            query = Query.boolean_query([(Occur.Must, query), *musts])
        hits = searcher.search(query, limit, count=False).hits
        return [(searcher.doc(address)["id"][0], float(score)) for score, address in hits]

    def fitting(self, passages: Sequence[str], narrow: Filter) -> frozenset[str]:
        """Those of these passages that the filter lets through."""
        from tantivy import Occur, Query

        schema, searcher = self._index.schema, self._index.searcher()
        among = Query.const_score_query(Query.term_set_query(schema, "id", list(passages)), 1.0)
        query = Query.boolean_query([(Occur.Must, among), *_musts(schema, narrow)])
        hits = searcher.search(query, max(len(passages), 1), count=False).hits
        return frozenset(searcher.doc(address)["id"][0] for _, address in hits)

    def holders(self, fingerprints: Iterable[int], limit: int) -> dict[int, list[str]]:
        """For each of these fingerprints that documents have, the ids of those.

        A fingerprint that more than `limit` documents have is common wording: three of them stand for all.
        """
        from tantivy import Query

        schema, searcher = self._index.schema, self._index.searcher()
        found: dict[int, list[str]] = {}
        names = self._documents if self.folder else {}  # an index in memory may change
        if len(self._holders) > _MOST_KEPT:
            self._holders = {}
        kept = self._holders if self.folder else {}
        for fingerprint in fingerprints:
            known = kept.get((fingerprint, limit))
            if known is not None:
                if known:
                    found[fingerprint] = known
                continue
            query = Query.term_query(schema, "fingerprint", fingerprint, index_option="basic")
            hits = searcher.search(query, limit + 1, count=False).hits
            if len(hits) > limit:
                hits = hits[:: limit // 2]
            holding = kept[fingerprint, limit] = []
            for _, address in hits:
                place = (address.segment_ord, address.doc)
                if place not in names:
                    names[place] = searcher.doc(address)["id"][0]
                holding.append(names[place])
            if holding:
                found[fingerprint] = holding
        return found

    def with_words(
        self, field: Literal["text", "frame"], words: Iterable[str], limit: int, figures: Iterable[str] = ()
    ) -> list[str]:
        """Ids of passages whose text, or documents whose frame, has all these words and figures, `limit` at most, in any order."""
        from tantivy import Occur, Query

        schema, searcher = self._index.schema, self._index.searcher()
        option = "freq" if field == "text" else "basic"
        terms = [Query.term_query(schema, field, word, index_option=option) for word in dict.fromkeys(words)]
        terms += [Query.term_query(schema, "figures", figure, index_option="basic") for figure in figures]
        query = Query.boolean_query([(Occur.Must, Query.const_score_query(term, 0.0)) for term in terms])
        hits = searcher.search(query, limit, count=False).hits
        return [searcher.doc(address)["id"][0] for _, address in hits]

    def count(self) -> int:
        """How many passages and documents it holds."""
        return int(self._index.searcher().num_docs)

    def state(self) -> str:
        """The folder's name and the checksums of its files, for the catalog to keep; "" for one in memory."""
        if self.folder is None:
            return ""
        return json.dumps({"format": FORMAT, "folder": self.folder.name, "files": _checksums(self.folder)})


def _affordable(frequencies: Mapping[_Place, int]) -> list[_Place]:
    """The words that a search uses, rarest first: those that occur, as many as the budget allows, at least one."""
    words = sorted((word for word, count in frequencies.items() if count), key=lambda word: frequencies[word])
    spent = list(accumulate(frequencies[word] for word in words))
    return words[: max(1, bisect_right(spent, BUDGET))]


def _weighted(schema: Any, word: str, times: int) -> Any:
    from tantivy import Query

    query = Query.term_query(schema, "text", word, index_option="freq")
    return query if times == 1 else Query.boost_query(query, (K3 + 1) * times / (K3 + times))


def _constant(schema: Any, field: str, value: str, score: float) -> Any:
    from tantivy import Query

    return Query.const_score_query(Query.term_query(schema, field, value, index_option="basic"), score)


def _musts(schema: Any, narrow: Filter) -> Iterator[tuple[Any, Any]]:
    from tantivy import FieldType, Occur, Query

    def term(field_name: str, value: str) -> Any:
        return _constant(schema, field_name, value, 0.0)

    if narrow.role is not None:
        yield Occur.Must, term("role", narrow.role)
    for field_name, words in (("topic", narrow.topic), ("theme", narrow.theme)):
        for word in words:
            yield Occur.Must, term(field_name, word)
    if narrow.organizations is not None:
        names = [(Occur.Should, term("organization", name)) for name in narrow.organizations]
        yield Occur.Must, Query.boolean_query(names) if names else Query.empty_query()
    if narrow.months is not None:
        for name in ("first", "last"):
            span = Query.range_query(schema, name, FieldType.Integer, *narrow.months)
            yield Occur.Must, Query.const_score_query(span, 0.0)
    for document in narrow.exclude:
        yield Occur.MustNot, term("document", document)


def has_index(store: Path) -> bool:
    """Whether an index, whole or not, stands in this folder."""
    return any(store.glob("index-*/meta.json"))


def open_index(store: Path, state: str) -> Index | None:
    """The index of a store that this state describes, None when it is missing, damaged or of another format."""
    try:
        described = json.loads(state)
        if described["format"] != FORMAT:
            return None
        folder = store / Path(described["folder"]).name
        if described["files"] != _checksums(folder):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    import tantivy

    try:
        return Index(store, folder, tantivy.Index(_schema(), path=str(folder), reuse=True))
    except (ValueError, OSError):
        return None


def build_index(store: Path | None, documents: Iterable[DocumentEntry]) -> Index:
    """A new index of these documents beside any old one. Without a store, or where it cannot be written, in memory."""
    folder = None if store is None else store / f"index-{uuid.uuid4().hex[:8]}"
    try:
        if folder is not None:
            folder.mkdir()
    except OSError:
        folder = None
    import tantivy

    index = tantivy.Index(_schema(), path=str(folder) if folder else None, reuse=False)
    return _filled(Index(store, folder, index), (), documents)


def update_index(old: Index, removed: Iterable[str], documents: Iterable[DocumentEntry]) -> Index:
    """A new index like the old one without the removed documents and with these; the old one stays as it is."""
    if old._store is None or old.folder is None:
        return _filled(old, removed, documents)
    import tantivy

    folder = old._store / f"index-{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    for path in _files(old.folder):
        _link(path, folder / path.name)
    index = tantivy.Index(_schema(), path=str(folder), reuse=True)
    return _filled(Index(old._store, folder, index), removed, documents)


def sweep(store: Path, keep: Path | None) -> None:
    """Remove what kills left; only for who holds the catalog's write lock, since others' new indexes would go too."""
    for folder in store.glob("index-*"):
        if folder != keep:
            discard(folder)


def discard(folder: Path) -> None:
    """Remove an index that the catalog no longer names; on Windows a reader may still hold it, then `sweep` does later."""
    shutil.rmtree(folder, ignore_errors=True)


def _link(source: Path, target: Path) -> None:
    """The same file under another name; copied where the disk has no links, and what tantivy replaces is safe either way."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _filled(index: Index, removed: Iterable[str], documents: Iterable[DocumentEntry]) -> Index:
    import tantivy

    writer = index._index.writer(HEAP, 1)
    for document in removed:
        writer.delete_documents_by_term("document", document)
    for entry in documents:
        of = {"document": [entry.id]}
        writer.add_document(
            tantivy.Document(
                id=[entry.id],
                fingerprint=list(entry.fingerprints),
                frame=[entry.frame],
                figures=[entry.figures],
                **of,
            )
        )
        of |= {"organization": [entry.organization], "theme": [entry.theme]}
        span: Mapping[str, Any] = (
            {"first": [entry.months[0]], "last": [entry.months[1]]} if entry.months else {}
        )
        for one in entry.passages:
            writer.add_document(
                tantivy.Document(
                    id=[one.passage.id],
                    role=[one.passage.role],
                    topic=[one.topic],
                    text=[one.words],
                    figures=[one.figures],
                    **of,
                    **span,
                )
            )
    writer.commit()
    writer.wait_merging_threads()
    index._index.reload()
    return index


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.is_file() and not path.name.endswith(".lock"))


_sums: dict[tuple[int, int, int, int], int] = {}
"""Checksums of files that this process has read, by what tells a file: a link to one is not read again."""


def _checksums(folder: Path) -> dict[str, list[int]]:
    sums = {}
    for path in _files(folder):
        state = path.stat()
        key = (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)
        if key not in _sums:
            if len(_sums) > 10_000:
                _sums.clear()
            _sums[key] = _checksum(path)
        sums[path.name] = [state.st_size, _sums[key]]
    return sums


def _checksum(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            crc = zlib.crc32(chunk, crc)
    return crc

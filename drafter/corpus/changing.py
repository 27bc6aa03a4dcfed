"""Brings a catalog to what its files hold: what left, what is new, and which of several files with one report is kept."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from drafter.corpus.catalog import RULES, Catalog
from drafter.corpus.duplicates import same_report
from drafter.corpus.entries import Prepared, prepare
from drafter.corpus.files import PRUNED, Change
from drafter.corpus.index import DocumentEntry


class Changing:
    """One batch of changes, to be made inside the catalog's write lock; `removed` and `added` tell the index of them."""

    def __init__(self, catalog: Catalog) -> None:
        """Args: the catalog that changes."""
        self._catalog = catalog
        self.removed: list[str] = []
        self.added: dict[str, DocumentEntry] = {}

    def forget(self, paths: Iterable[str]) -> None:
        """Take out the documents that these files held."""
        for path in paths:
            for (document,) in self._catalog.rows("SELECT id FROM documents WHERE path = ?", (path,)):
                self._catalog.drop(document)
                self.removed.append(document)

    def remove(self, document: str) -> None:
        """Take out a document and its doubles, but not their files, which are not read again unless they are named."""
        rows = self._catalog.rows(
            "SELECT id, path FROM documents WHERE id = ? OR same_as = ?", (document, document)
        )
        for key, path in rows:
            self._catalog.drop(key)
            self._catalog.rows(
                "UPDATE sources SET sha256 = ? || ltrim(sha256, ?) WHERE path = ?", (PRUNED, PRUNED, path)
            )
        self.removed.append(document)

    def take_in(self, change: Change, prepared: Iterable[Prepared]) -> None:
        """Note a file and store its documents; a document's passages only when no other is the same report."""
        values = (change.key, change.root, change.size, change.mtime, change.sha256, change.problem)
        self._catalog.rows("INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?)", values)
        for position, one in enumerate(prepared):
            free = self._free_id(one.document.id)
            if free != one.document.id:
                one = prepare(one.document.model_copy(update={"id": free}))
            same_as = self._double_of(one)
            _store(self._catalog, change.key, position, one, same_as)
            if not same_as:
                self.added[free] = one.entry

    def promote(self) -> None:
        """Where the kept one of several files with the same report has gone, keep the next."""
        catalog = self._catalog
        for gone in self.removed:
            rows = catalog.rows("SELECT id FROM documents WHERE same_as = ? ORDER BY path, position", (gone,))
            if not rows:
                continue
            heir = rows[0][0]
            for (same,) in rows:
                catalog.move(same, "" if same == heir else heir)
            (document,) = catalog.documents_by_id([heir])
            prepared = prepare(document)
            catalog.add_bands(heir, prepared.bands)
            catalog.add_passages(prepared.passages)
            self.added[heir] = prepared.entry

    def _free_id(self, wanted: str) -> str:
        """An id that no document has: the same text may stand twice in one file."""
        names = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
        return next(
            name for name in names if not self._catalog.rows("SELECT 1 FROM documents WHERE id = ?", (name,))
        )

    def _double_of(self, prepared: Prepared) -> str:
        """The id of a document that is the same report, "" when there is none."""
        catalog = self._catalog
        exact = catalog.rows(
            "SELECT id FROM documents WHERE digest = ? AND +same_as = '' LIMIT 1", (prepared.digest,)
        )
        if exact:
            return str(exact[0][0])
        marks = ", ".join("?" * len(prepared.bands))
        near = catalog.rows(
            f"SELECT document FROM bands WHERE band IN ({marks}) GROUP BY document ORDER BY count(*) DESC LIMIT 10",
            prepared.bands,
        )
        for other in catalog.documents_by_id([row[0] for row in near]):
            if same_report(prepared.document, other):
                return other.id
        return ""


def derive_again(catalog: Catalog) -> None:
    """Split all texts anew, since the rules have changed; the index follows when it is asked for."""
    with catalog.writing():
        places = {
            row[0]: row[1:] for row in catalog.rows("SELECT id, path, position, same_as FROM documents")
        }
        for document in catalog.documents("1"):
            path, position, same_as = places[document.id]
            catalog.drop(document.id)
            _store(catalog, path, position, prepare(document), same_as)
        catalog.put("index", "")
        catalog.put("rules", str(RULES))


def _store(catalog: Catalog, path: str, position: int, prepared: Prepared, same_as: str) -> None:
    """Store a document, as one of its own or as the double of another."""
    bands = () if same_as else prepared.bands
    catalog.add(path, prepared.document, position, digest=prepared.digest, bands=bands, same_as=same_as)
    if not same_as:
        catalog.add_passages(prepared.passages)

"""The index that the catalog names: opened, replaced together with the catalog, and rebuilt when it is damaged."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from drafter.corpus.catalog import Catalog
from drafter.corpus.entries import entry
from drafter.corpus.index import (
    DocumentEntry,
    Index,
    build_index,
    discard,
    open_index,
    sweep,
    update_index,
)
from drafter.errors import LostReports, ReadOnlyCorpus


class CurrentIndex:
    """The valid index of a store. `ready` may be called from several threads."""

    def __init__(self, path: Path, catalog: Catalog) -> None:
        """Args: the store's folder and its catalog."""
        self._path, self._catalog = path, catalog
        self._index: Index | None = None
        self.state = ""
        """What the catalog said of the index when it was last opened; it changes when passages do."""
        self._lock = threading.RLock()

    def close(self) -> None:
        """Let go of the files."""
        self._index = None

    def ready(self) -> Index:
        """The index, rebuilt from the catalog when it is missing, damaged or of another format.

        Raises:
            DamagedCorpus: the catalog is damaged too. Where only some reports are, they are taken out, and the next
                call finds an index of the others.
        """
        with self._lock:
            lost: LostReports | None = None
            while (index := self._load()) is None:
                try:
                    index = self._index = self._rebuilt()
                    break
                except LostReports as error:  # taken out: the next try goes on without them
                    if lost and set(error.documents) <= set(lost.documents):
                        raise  # a store that may only be read
                    lost = lost + error if lost else error
            if lost:
                raise lost
            return index

    def _rebuilt(self) -> Index:
        try:
            with self._catalog.writing():  # one rebuilds, others wait and find it done
                index = self._load()
                if index is None:
                    index = build_index(self._path, self._entries())
                    self.state = index.state()
                    self._catalog.put("index", self.state)
                    sweep(self._path, index.folder)
                return index
        except ReadOnlyCorpus:
            return build_index(None, self._entries())

    @contextlib.contextmanager
    def switching(self, removed: Sequence[str], added: Mapping[str, DocumentEntry]) -> Iterator[None]:
        """Inside, the catalog changes; at the end the index follows, and both take effect with one commit.

        Args:
            removed: ids of documents that leave, filled inside.
            added: what the index shall hold of new documents, by id, filled inside.
        """
        with self._lock:
            with self._catalog.writing():
                old = self._load()  # inside the lock: nobody else replaces it now
                sweep(self._path, old.folder if old else None)
                yield
                if not removed and not added:
                    return
                if old is not None:
                    new = update_index(old, removed, added.values())
                elif len(added) == self._documents():
                    new = build_index(self._path, added.values())
                else:
                    new = build_index(self._path, self._entries())
                state = new.state()
                self._catalog.put("index", state)
            self._index, self.state = new, state
            if old is not None and old.folder is not None:
                discard(old.folder)

    def _load(self) -> Index | None:
        """The index that the catalog names, opened anew when another process made a new one; None when it is damaged."""
        for _ in range(3):
            state = self._catalog.get("index")
            if self._index is None or self.state != state:
                self._index, self.state = open_index(self._path, state), state
            # a writer removes the old folder once the catalog names a new one: then it has to be asked again
            if self._index is not None or self._catalog.get("index") == state:
                break
        return self._index

    def _documents(self) -> int:
        return int(self._catalog.rows("SELECT count(*) FROM documents WHERE same_as = ''")[0][0])

    def _entries(self) -> Iterator[DocumentEntry]:
        for document in self._catalog.documents():
            yield entry(document, self._catalog.passages([document.id], "document"))

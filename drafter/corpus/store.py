"""A corpus of past reports on disk: adds files, keeps up with their changes, and finds passages."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drafter.corpus import files as files_
from drafter.corpus.catalog import (
    FILE,
    RULES,
    Catalog,
    Listed,
    legible_sources,
)
from drafter.corpus.changing import Changing, derive_again
from drafter.corpus.copies import Copies
from drafter.corpus.current import CurrentIndex
from drafter.corpus.embedding import Embedder
from drafter.corpus.exact import Exact
from drafter.corpus.index import has_index, open_index, sweep
from drafter.corpus.periods import months
from drafter.corpus.results import AddReport, Masker, Stats
from drafter.corpus.searching import Search
from drafter.errors import CorpusError, DamagedCorpus, LostReports, ReadOnlyCorpus
from drafter.passages import ROLES, Copy, Document, Passage, Query
from drafter.plugins.protocols import Reader
from drafter.settings import Settings

if TYPE_CHECKING:
    from drafter.corpus.intake import Taken

_BATCH = 20_000
"""Passages between two commits: what a kill can cost, and what memory holds."""


class Corpus:
    """An open store. Close it, or use it in a `with`. Searching is safe from several threads."""

    def __init__(
        self,
        path: Path,
        catalog: Catalog,
        embedder: Embedder | None = None,
        common_names: Sequence[str] = (),
        hidden: Sequence[str] = (),
    ) -> None:
        """Use `open_store`."""
        self.path = path
        self._catalog = catalog
        self._current = CurrentIndex(path, catalog)
        self._search = Search(path, catalog, self._current, embedder)
        self._copies = Copies(catalog, self._current)
        self._exact = Exact(catalog, self._current)
        self._masker = Masker(common_names, hidden)
        if catalog.get("rules") != str(RULES):
            with contextlib.suppress(ReadOnlyCorpus):  # what older rules made of the reports serves too
                derive_again(catalog)

    def __enter__(self) -> Corpus:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the files."""
        self._catalog.close()
        self._current.close()
        self._search.close()

    def take_sent(self) -> list[tuple[str, dict[str, Any]]]:
        """Address and body of what the embeddings endpoint was sent since this was last asked."""
        return self._search.take_sent()

    @property
    def skipped(self) -> list[tuple[Path, str]]:
        """Files that could not be read when last tried, with the reason."""
        rows = self._catalog.rows("SELECT path, problem FROM sources WHERE problem != '' ORDER BY path")
        return [(Path(path), problem) for path, problem in rows]

    def add(
        self,
        paths: Iterable[str | Path],
        on_progress: files_.Progress | None = None,
        *,
        readers: Mapping[str, Reader] | None = None,
        processes: int = 1,
    ) -> AddReport:
        """Bring files and folders (recursively) into the corpus; only what is new or changed is read.

        Documents whose file is gone from an added folder leave the corpus. A file that cannot be read is listed
        in the report with the reason, and does not stop the others. A report that several files hold is kept once.
        What was committed stays when the process is killed, and the next call goes on from there.

        Args:
            paths: files and folders.
            on_progress: called before each file that is looked at.
            readers: by any key, as in the registry; the built-in reader when left out.
            processes: how many read, split and tokenise when there are many files. With more than one, a script that
                calls this needs the usual `if __name__ == "__main__":`.

        Raises:
            CorpusError: a path does not exist, or the store cannot be written.
        """
        from drafter.corpus.intake import changes, seldom_collecting

        with contextlib.suppress(LostReports):  # their files are read again now
            self._current.ready()
        by_suffix = files_.by_suffix(readers)
        wanted = files_.gather([Path(path) for path in paths], by_suffix, self.path)
        known = self._known()
        gone = files_.gone(wanted, known)
        if gone:
            self._apply([], gone)
        report = AddReport(unchanged=len(wanted.files), removed=sum(not known[key].problem for key in gone))
        paths_of = {found.key: found.path for found in wanted.files}
        batch: list[Taken] = []
        waiting = 0
        taken = changes(wanted, known, by_suffix, on_progress, processes)
        with seldom_collecting(), closing(taken):
            for change, prepared in taken:
                paths_of.pop(change.key, None)
                report.count(change)
                batch.append((change, prepared))
                waiting += 1 + sum(len(one.entry.passages) for one in prepared)
                if waiting >= _BATCH:
                    self._apply(batch, ())
                    batch, waiting = [], 0
            if batch:
                self._apply(batch, ())
        for path, why in self.skipped:
            if str(path) in paths_of:
                report.skip_again(paths_of[str(path)], why)
        return report

    def _apply(self, batch: Sequence[Taken], gone: Sequence[str]) -> None:
        """Bring catalog and index to these changes, together or not at all."""
        changing = Changing(self._catalog)
        with self._current.switching(changing.removed, changing.added):
            changing.forget((*gone, *(change.key for change, _ in batch if change.read)))
            for key in gone:
                self._catalog.rows("DELETE FROM sources WHERE path = ?", (key,))
            changing.promote()  # first, so that a file's new report meets the doubles of its old one
            for change, prepared in batch:
                changing.take_in(change, prepared)
        self._masker.forget()

    def embed(self, on_progress: Callable[[int, int], None] | None = None) -> int:
        """Ask the chosen endpoint for the vectors that passages lack; how many those were, 0 without an endpoint.

        What is sent is the masked text. An endpoint that fails is a RetrievalWarning: what has no vector is found by
        its words.

        Args:
            on_progress: called with the passages that were seen to and those in all.
        """
        return self._search.embed(lambda passage: self.masked(passage).masked, on_progress)

    def _known(self) -> dict[str, files_.Known]:
        rows = self._catalog.rows("SELECT path, root, size, mtime, sha256, problem FROM sources")
        return {path: files_.Known(*values) for path, *values in rows}

    def search(self, query: Query) -> list[Passage]:
        """At most `query.limit` passages, best first, at most `query.per_document` of one document, masked.

        How they are found: see `find`.

        Raises:
            CorpusError: the query's period names no year.
        """
        return [self.masked(passage) for passage in self.find(query)]

    def find(self, query: Query) -> list[Passage]:
        """The passages of `search` before they are masked, for who shows only some of them."""
        return self._search.find(query)

    def masked(self, passage: Passage) -> Passage:
        """A passage of this corpus with `masked` filled in."""
        found = self._catalog.documents_by_id([passage.document])
        return self._masker.masked(passage, found[0].text if found else "")

    def containing(self, text: str, limit: int = 5) -> list[Passage]:
        """Passages that hold exactly this string, each document once as far as there are enough; not masked.

        A string that stands only in a title, a heading, a signature or across two passages gives a passage whose
        id is the document's and whose text is the line that holds its beginning.
        """
        return self._exact.find(text, limit)

    def copies(self, text: str, least: int = 20) -> list[Copy]:
        """Runs of at least `least` Han characters of `text` that documents have, exact or with small edits.

        A run of shingles.SURE characters and more leads to every document that has it. Those are compared that have
        most in common with the text around it, copies.NEAREST at each place and copies.COMPARED in all (a text of more
        than copies.PIECE characters is taken in pieces, each by itself), so the source of a long run is found for sure,
        and with it as many of the other documents that have the run. Passages are not masked.

        Raises:
            ValueError: `least` is below shingles.GRAM.
        """
        return self._copies.find(text, least)

    @property
    def state(self) -> str:
        """Another one whenever the documents are others; "" for a store that may only be read and whose index is damaged."""
        self._current.ready()
        return self._current.state

    def noted(self, name: str, state: str, make: Callable[[], str]) -> str:
        """What was derived from documents in this state, kept in the store; made anew where the state is another."""
        kept = self._catalog.get(name)
        if state and kept.startswith(f"{state}\n"):
            return kept.removeprefix(f"{state}\n")
        value = make()
        # a store that may only be read keeps nothing
        with contextlib.suppress(CorpusError), self._catalog.writing():
            self._catalog.put(name, f"{state}\n{value}")
        return value

    def documents(self) -> list[Document]:
        """All documents, in the order of their files, each report once."""
        return list(self._catalog.documents())

    def first_documents(self, limit: int) -> list[Document]:
        """The first `limit` documents."""
        return [document for _, document in zip(range(limit), self._catalog.documents(), strict=False)]

    def document(self, key: str) -> Document:
        """The document with this id.

        Raises:
            CorpusError: there is none.
        """
        found = self._catalog.documents_by_id([key])
        if not found:
            raise CorpusError(f"{self.path}：没有编号为 {key} 的报告，请用 drafter corpus list 查看编号")
        return found[0]

    def listed(self) -> list[Listed]:
        """All documents without their texts."""
        return self._catalog.listed()

    def passages_of(self, document: str) -> list[Passage]:
        """The passages of a document in order, masked.

        Raises:
            CorpusError: there is no such document.
        """
        self.document(document)
        return [self.masked(passage) for passage in self._catalog.passages([document], "document")]

    def behind(self, readers: Mapping[str, Reader] | None = None) -> tuple[int, int, int]:
        """How many files are new, changed and gone, by size and time, in what it was filled from; nothing is read.

        Folders that are not there now (a drive that is away) are passed over.
        """
        known = self._known()
        roots = sorted({old.root for old in known.values() if old.root and Path(old.root).is_dir()})
        wanted = files_.gather([Path(root) for root in roots], files_.by_suffix(readers), self.path)
        at_hand = [found for found in wanted.files if not found.problem]
        new = sum(found.key not in known for found in at_hand)
        changed = sum(found.key in known and files_.touched(found, known[found.key]) for found in at_hand)
        return new, changed, len(files_.gone(wanted, known))

    def remove(self, document: str) -> None:
        """Take a document out, whatever files hold it. They are not read again until they change or are added by name.

        Raises:
            CorpusError: there is no such document.
        """
        self.document(document)
        changing = Changing(self._catalog)
        with self._current.switching(changing.removed, changing.added):
            changing.remove(document)
        self._masker.forget()

    def stats(self) -> Stats:
        """How much the corpus holds."""
        listed, catalog = self.listed(), self._catalog
        sources, skipped = catalog.rows("SELECT count(*), count(nullif(problem, '')) FROM sources")[0]
        spans = [months(one.period) for one in listed]
        return Stats(
            documents=len(listed),
            doubles=sum(len(one.sources) - 1 for one in listed),
            passages=sum(one.passages for one in listed),
            characters=sum(one.characters for one in listed),
            sources=sources,
            skipped=skipped,
            roles=dict.fromkeys(map(str, ROLES), 0)
            | dict(catalog.rows("SELECT role, count(*) FROM passages GROUP BY role")),
            themes=dict(Counter(one.theme for one in listed).most_common()),
            years=dict(sorted(Counter(str(span[1] // 100) if span else "" for span in spans).items())),
        )


def open_catalog(path: Path, *, create: bool) -> Catalog:
    """The catalog of the store at `path`.

    Raises:
        DamagedCorpus: as `Catalog` does, and where an index stands without its catalog: to make a new one would hide
            that all reports are gone.
        CorpusError: as `Catalog` does.
    """
    indexed = has_index(path)  # before the catalog is looked at: another process makes that one first
    file = path / FILE
    emptied = DamagedCorpus(
        f"{file}：报告库的目录不见了或是空的，索引却还在；请用 drafter corpus add 再加入原来的报告，会重新建库"
    )
    if indexed and not (file.exists() and file.stat().st_size):
        raise emptied
    catalog = Catalog(file, create=create)
    state = catalog.get("index")  # before the documents: another process may just be adding some
    if indexed and not catalog.rows("SELECT 1 FROM documents LIMIT 1"):
        index = open_index(path, state)
        if index is not None and index.count():
            catalog.close()
            raise emptied
    return catalog


def open_store(path: str | Path, *, create: bool = True, settings: Settings | None = None) -> Corpus:
    """Open the store at `path`, a folder; made when it is missing and `create` is set.

    With `settings` that choose an embeddings endpoint, passages are also found by their vectors; their common names
    are not masked, and with sealing its words always are.

    Raises:
        DamagedCorpus: the catalog is damaged or of another version.
        CorpusError: the place cannot be used.
    """
    path = Path(path)
    if path.exists() and not path.is_dir():
        raise CorpusError(f"{path}：这是文件，报告库应是文件夹，请换一个位置")
    if create:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CorpusError(f"{path}：建不了报告库（{error.strerror}），请换一个位置或检查权限") from None
    embedder = Embedder.chosen(settings) if settings else None
    common_names = settings.common_names if settings else ()
    hidden = settings.sealed_words if settings and settings.seal else ()
    return Corpus(path, open_catalog(path, create=create), embedder, common_names, hidden)


def set_aside(path: Path) -> tuple[Path | None, list[Path]]:
    """Make room for a new catalog where a damaged one stands: where that is now, and what can be added again.

    Files and folders that it was filled from are given as far as it still tells them and they exist. None when there
    was no catalog at all, only an index.

    Raises:
        CorpusError: the folder cannot be written.
    """
    file = path / FILE
    known = [Path(name) for name in legible_sources(file) if Path(name).exists()] if file.exists() else []
    kept: Path | None = None
    try:
        if file.exists() and file.stat().st_size:
            names = (path / f"catalog.damaged-{number}.sqlite" for number in count(1))
            kept = next(name for name in names if not name.exists())
            file.rename(kept)
        else:
            file.unlink(missing_ok=True)
        (path / f"{FILE}-journal").unlink(missing_ok=True)
    except OSError as error:
        raise CorpusError(f"{path}：不能在这里重新建库（{error.strerror}），请检查权限") from None
    sweep(path, None)
    return kept, known

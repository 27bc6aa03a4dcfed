"""A corpus of past reports on disk: adds files, keeps up with their changes, and finds passages."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from drafter.corpus import files as files_
from drafter.corpus.catalog import FILE, RULES, Catalog, Listed
from drafter.corpus.duplicates import same_report
from drafter.corpus.entries import Prepared, entry, prepare
from drafter.corpus.index import (
    DocumentEntry,
    Filter,
    Index,
    build_index,
    discard,
    has_index,
    open_index,
    sweep,
    update_index,
)
from drafter.corpus.periods import months
from drafter.corpus.results import AddReport, Copy, Masker, Stats, choose, line_of
from drafter.corpus.shingles import fingerprints, shared_runs
from drafter.corpus.tokens import tokens
from drafter.errors import CorpusError, DamagedCorpus
from drafter.passages import ROLES, Document, Passage, Query
from drafter.plugins.protocols import Reader

_BATCH = 10_000
"""Passages between two commits: what a kill can cost, and what memory holds."""
_SHARED = 50
"""Documents that may share a fingerprint; wording that more have in common is nobody's."""
_LIKELY = 40
"""Documents whose texts are compared with one text, those with most fingerprints in common first."""


class Corpus:
    """An open store. Close it, or use it in a `with`. Searching is safe from several threads."""

    def __init__(self, path: Path, catalog: Catalog) -> None:
        """Use `open_store`."""
        self.path = path
        self._catalog = catalog
        self._index: Index | None = None
        self._state = ""
        self._masker = Masker()
        self._lock = threading.RLock()
        if catalog.get("rules") != str(RULES):
            self._derive_again()

    def __enter__(self) -> Corpus:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the files."""
        self._catalog.close()
        self._index = None

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
        from drafter.corpus.intake import changes

        by_suffix = files_.by_suffix(readers)
        wanted = files_.gather([Path(path) for path in paths], by_suffix, self.path)
        known = self._known()
        gone = files_.gone(wanted, known)
        if gone:
            self._apply([], gone)
        report = AddReport(unchanged=len(wanted.files), removed=len(gone))
        paths_of = {found.key: found.path for found in wanted.files}
        batch: list[files_.Change] = []
        waiting = 0
        for change in changes(wanted, known, by_suffix, on_progress, processes):
            paths_of.pop(change.key, None)
            report.count(change)
            batch.append(change)
            waiting += 1 + sum(len(prepared.entry.passages) for prepared in change.documents)
            if waiting >= _BATCH:
                self._apply(batch, ())
                batch, waiting = [], 0
        if batch:
            self._apply(batch, ())
        report.skipped += [(paths_of[str(path)], why) for path, why in self.skipped if str(path) in paths_of]
        return report

    def _known(self) -> dict[str, files_.Known]:
        filled = {row[0] for row in self._catalog.rows("SELECT DISTINCT path FROM documents")}
        rows = self._catalog.rows("SELECT path, root, size, mtime, sha256, problem FROM sources")
        return {
            path: files_.Known(root, size, mtime, sha256, problem, emptied=not problem and path not in filled)
            for path, root, size, mtime, sha256, problem in rows
        }

    def _apply(self, changes: Sequence[files_.Change], gone: Sequence[str]) -> None:
        """Bring catalog and index to these changes, together or not at all."""
        catalog = self._catalog
        removed: list[str] = []
        added: dict[str, DocumentEntry] = {}
        with self._switching(removed, added):
            for key in (*gone, *(change.key for change in changes if change.read)):
                for (document,) in catalog.rows("SELECT id FROM documents WHERE path = ?", (key,)):
                    catalog.drop(document)
                    removed.append(document)
            for key in gone:
                catalog.rows("DELETE FROM sources WHERE path = ?", (key,))
            for change in changes:
                catalog.rows(
                    "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?)",
                    (change.key, change.root, change.size, change.mtime, change.sha256, change.problem),
                )
                for position, prepared in enumerate(change.documents):
                    self._take_in(change.key, position, prepared, added)
            self._promote(removed, added)

    def _take_in(self, path: str, position: int, prepared: Prepared, added: dict[str, DocumentEntry]) -> None:
        """Store a document; its passages only when no other document is the same report."""
        document = prepared.document
        free = self._free_id(document.id)
        if free != document.id:
            prepared = prepare(document.model_copy(update={"id": free}))
        same_as = self._double_of(prepared)
        catalog = self._catalog
        catalog.add(
            path,
            prepared.document,
            position,
            digest=prepared.digest,
            bands=() if same_as else prepared.bands,
            same_as=same_as,
        )
        if not same_as:
            catalog.add_passages(prepared.passages)
            added[free] = prepared.entry

    def _free_id(self, wanted: str) -> str:
        number, free = 1, wanted
        while self._catalog.rows("SELECT 1 FROM documents WHERE id = ?", (free,)):
            number += 1
            free = f"{wanted}-{number}"
        return free

    def _double_of(self, prepared: Prepared) -> str:
        """The id of a document that is the same report, "" when there is none."""
        catalog = self._catalog
        exact = catalog.rows(
            "SELECT id FROM documents WHERE digest = ? AND same_as = '' LIMIT 1", (prepared.digest,)
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

    def _promote(self, removed: list[str], added: dict[str, DocumentEntry]) -> None:
        """Where the kept one of several files with the same report has gone, keep the next."""
        catalog = self._catalog
        for gone in removed:
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
            added[heir] = prepared.entry

    @contextlib.contextmanager
    def _switching(self, removed: Sequence[str], added: Mapping[str, DocumentEntry]) -> Iterator[None]:
        """Inside, the catalog changes; at the end the index follows, and both take effect with one commit."""
        with self._lock:
            with self._catalog.writing():
                old = self._load_index()  # inside the lock: nobody else replaces it now
                sweep(self.path, old.folder if old else None)
                yield
                self._masker.forget()
                if not removed and not added:
                    return
                if old is not None:
                    new = update_index(old, removed, added.values())
                elif len(added) == self._count():
                    new = build_index(self.path, added.values())
                else:
                    new = self._build(self.path)
                state = new.state()
                self._catalog.put("index", state)
            self._index, self._state = new, state
            if old is not None and old.folder is not None:
                discard(old.folder)

    def _load_index(self) -> Index | None:
        """The index that the catalog names, opened anew when another process made a new one; None when it is damaged."""
        for _ in range(3):
            state = self._catalog.get("index")
            if self._index is None or self._state != state:
                self._index, self._state = open_index(self.path, state), state
            # a writer removes the old folder once the catalog names a new one: then it has to be asked again
            if self._index is not None or self._catalog.get("index") == state:
                break
        return self._index

    def _ready_index(self) -> Index:
        """The index, rebuilt from the catalog when it is missing, damaged or stale."""
        with self._lock:
            index = self._load_index()
            if index is None:
                try:
                    with self._catalog.writing():  # one rebuilds, others wait and find it done
                        index = self._load_index()
                        if index is None:
                            index = self._build(self.path)
                            self._state = index.state()
                            self._catalog.put("index", self._state)
                            sweep(self.path, index.folder)
                except DamagedCorpus:
                    raise
                except CorpusError:
                    index = self._build(None)  # a store that may only be read
                self._index = index
            return index

    def _count(self) -> int:
        return int(self._catalog.rows("SELECT count(*) FROM documents WHERE same_as = ''")[0][0])

    def _build(self, where: Path | None) -> Index:
        return build_index(where, self._entries())

    def _entries(self) -> Iterator[DocumentEntry]:
        for document in self._catalog.documents():
            yield entry(document, self._catalog.passages([document.id], "document"))

    def _derive_again(self) -> None:
        """Split all texts anew, since the rules have changed; the index follows when it is asked for."""
        catalog = self._catalog
        with catalog.writing():
            places = {
                row[0]: row[1:] for row in catalog.rows("SELECT id, path, position, same_as FROM documents")
            }
            for document in catalog.documents("1"):
                prepared = prepare(document)
                path, position, same_as = places[document.id]
                catalog.drop(document.id)
                catalog.add(
                    path,
                    document,
                    position,
                    digest=prepared.digest,
                    bands=() if same_as else prepared.bands,
                    same_as=same_as,
                )
                if not same_as:
                    catalog.add_passages(prepared.passages)
            catalog.put("index", "")
            catalog.put("rules", str(RULES))

    def search(self, query: Query) -> list[Passage]:
        """At most `query.limit` passages, best first, at most `query.per_document` of one document, masked.

        How they are found: see `find`.

        Raises:
            CorpusError: the query's period names no year.
        """
        return [self.masked(passage) for passage in self.find(query)]

    def find(self, query: Query) -> list[Passage]:
        """The passages of `search` before they are masked, for who shows only some of them.

        A passage that reads almost like a better one is left out. A query without words finds nothing.
        """
        words = tokens(f"{query.text} {query.topic} {query.theme}")
        if not words:
            return []
        index = self._ready_index()
        narrow = self._filter(query)
        breadth = max(30, query.limit * 8)
        hits = index.search(words, breadth, narrow)
        chosen = choose(hits, self._passages([key for key, _ in hits]), query)
        wide = Filter(exclude=query.exclude)
        if query.fill and narrow != wide and len(chosen) < query.limit:
            least = chosen[-1].score if chosen else 1.0
            known = {key for key, _ in hits}
            more = [(key, score) for key, score in index.search(words, breadth, wide) if key not in known]
            top = max((score for _, score in more), default=1.0) or 1.0
            more = [(key, 0.9 * least * score / top) for key, score in more]
            chosen += choose(more, self._passages([key for key, _ in more]), query, chosen)
        return chosen

    def _filter(self, query: Query) -> Filter:
        span = None
        if query.period and (span := months(query.period)) is None:
            raise CorpusError(f"时段“{query.period}”里认不出年份，请写成“2023年”或“2023年上半年”这样")
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
            topic=_demanded(query.topic),
            theme=_demanded(query.theme),
            organizations=names,
            months=span,
            exclude=query.exclude,
        )

    def _passages(self, keys: Sequence[str]) -> dict[str, Passage]:
        return {passage.id: passage for passage in self._catalog.passages(keys)}

    def masked(self, passage: Passage) -> Passage:
        """A passage of this corpus with `masked` filled in."""
        found = self._catalog.documents_by_id([passage.document])
        return self._masker.masked(passage, found[0].text if found else "")

    def containing(self, text: str, limit: int = 5) -> list[Passage]:
        """Passages that hold exactly this string, each document once as far as there are enough.

        A string that stands only in a title, a heading, a signature or across two passages gives a passage whose
        id is the document's and whose text is the line that holds its beginning.
        """
        if not text.strip():
            return []
        rows = self._catalog.rows(
            "SELECT id, document FROM passages WHERE instr(text, ?) ORDER BY number LIMIT ?",
            (text, max(limit * 20, 100)),
        )
        first: dict[str, str] = {}
        for key, document in rows:
            first.setdefault(document, key)
        keys = [*first.values(), *(key for key, _ in rows if key not in first.values())][:limit]
        found = self._passages(keys)
        passages = [found[key] for key in keys]
        if len(passages) < limit:
            with_it = "same_as = '' AND id IN (SELECT id FROM texts WHERE instr(text, ?))"
            for document in self._catalog.documents(with_it, (text,)):
                if document.id not in first and len(passages) < limit:
                    passages.append(line_of(document, text))
        return [self.masked(passage) for passage in passages]

    def copies(self, text: str, least: int = 20) -> list[Copy]:
        """Runs of at least `least` Han characters of `text` that documents have, exact or with small edits.

        A run of shingles.SURE characters and more is found for sure, unless all its parts are common wording that
        more than 50 documents share. Of several documents that have a run, all are given, best first.

        Raises:
            ValueError: `least` is below shingles.GRAM.
        """
        held = self._ready_index().holders(fingerprints(text), _SHARED)
        likely = sorted(held, key=lambda key: -held[key])[:_LIKELY]
        found = [
            Copy(document.id, run, document.text[run.other_start : run.other_end])
            for document in self._catalog.documents_by_id(likely)
            for run in shared_runs(text, document.text, least)
        ]
        return sorted(found, key=lambda copy: (copy.run.start, -copy.run.same, copy.document))

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

    def remove(self, document: str) -> None:
        """Take a document out, whatever files hold it. They are not read again until they change or are added by name.

        Raises:
            CorpusError: there is no such document.
        """
        self.document(document)
        removed = [document]
        with self._switching(removed, {}):
            for (same,) in self._catalog.rows("SELECT id FROM documents WHERE same_as = ?", (document,)):
                self._catalog.drop(same)
            self._catalog.drop(document)

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


def _demanded(text: str) -> tuple[str, ...]:
    """The words that a filter's text asks for; those of one character, which are cut now so, now otherwise, only alone."""
    words = tuple(dict.fromkeys(tokens(text)))
    return tuple(word for word in words if len(word) > 1) or words


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
        f"{file}：报告库的目录不见了或是空的，索引却还在；请移走这个文件夹，再用 drafter corpus add 重新加入原来的报告"
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


def open_store(path: str | Path, *, create: bool = True) -> Corpus:
    """Open the store at `path`, a folder; made when it is missing and `create` is set.

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
    return Corpus(path, open_catalog(path, create=create))

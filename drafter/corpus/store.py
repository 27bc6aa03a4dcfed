"""A corpus of past reports on disk: adds files, keeps up with their changes, and finds passages."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from drafter.corpus import files as files_
from drafter.corpus.catalog import FILE, RULES, Catalog, Damaged
from drafter.corpus.index import Index, build_index, has_index, open_index
from drafter.corpus.results import AddReport, Masker, Stats, choose, line_of
from drafter.corpus.splitting import split
from drafter.corpus.tokens import tokens
from drafter.errors import CorpusError
from drafter.passages import ROLES, Document, Passage, Query
from drafter.plugins.protocols import Reader

_EMPTIED = "目录不见了或是空的，索引却还在"


class Corpus:
    """An open store. Close it, or use it in a `with`. Searching is safe from several threads."""

    def __init__(self, path: Path, catalog: Catalog) -> None:
        """Use `open_store`."""
        self.path = path
        self._catalog = catalog
        self._index: Index | None = None
        self._index_generation = ""
        self._masker = Masker()
        self._lock = threading.RLock()
        if catalog.get("rules") != str(RULES):
            self._split_again()

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
    ) -> AddReport:
        """Bring files and folders (recursively) into the corpus; only what is new or changed is read.

        Documents whose file is gone from an added folder leave the corpus. A file that cannot be read is listed
        in the report with the reason, and does not stop the others.

        Args:
            paths: files and folders.
            on_progress: called before each file that is looked at.
            readers: by any key, as in the registry; the built-in reader when left out.

        Raises:
            CorpusError: a path does not exist, or the store cannot be written.
        """
        by_suffix = files_.by_suffix(readers)
        wanted = files_.gather([Path(path) for path in paths], by_suffix, self.path)
        changes, gone = files_.compare(wanted, self._known(), by_suffix, on_progress)
        if changes or gone:
            self._apply(changes, gone)
        read = [change for change in changes if change.read]
        problems = [(change.path, change.problem) for change in changes if change.problem]
        paths_of = {found.key: found.path for found in wanted.files}
        for change in changes:
            paths_of.pop(change.key, None)
        kept = [(paths_of[str(path)], why) for path, why in self.skipped if str(path) in paths_of]
        return AddReport(
            added=sum(1 for change in read if not change.problem),
            unchanged=len(wanted.files) - len(read),
            removed=len(gone),
            documents=sum(len(change.documents) for change in read),
            skipped=problems + kept,
        )

    def _known(self) -> dict[str, files_.Known]:
        filled = {row[0] for row in self._catalog.rows("SELECT DISTINCT path FROM documents")}
        rows = self._catalog.rows("SELECT path, root, size, mtime, sha256, problem FROM sources")
        return {
            path: files_.Known(root, size, mtime, sha256, problem, emptied=not problem and path not in filled)
            for path, root, size, mtime, sha256, problem in rows
        }

    def _apply(self, changes: Sequence[files_.Change], gone: Sequence[str]) -> None:
        catalog = self._catalog
        removed: list[str] = []
        added: list[Passage] = []
        with self._lock, catalog.writing():
            self._load_index()  # inside the lock: nobody else rebuilds it now
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
                for position, document in enumerate(change.documents):
                    document = self._with_free_id(document)
                    passages = split(document)
                    catalog.add(change.key, document, position, passages)
                    added += passages
            self._commit(removed, added)

    def _with_free_id(self, document: Document) -> Document:
        number, free = 1, document.id
        while self._catalog.rows("SELECT 1 FROM documents WHERE id = ?", (free,)):
            number += 1
            free = f"{document.id}-{number}"
        return document if number == 1 else document.model_copy(update={"id": free})

    def _commit(self, removed: Sequence[str], added: Sequence[Passage]) -> None:
        """Bring the index to what the catalog will be; runs inside the catalog's write lock."""
        self._masker.forget()
        if not removed and not added:
            return
        generation = str(int(self._catalog.get("generation") or 0) + 1)
        if self._index is None:
            self._index = build_index(self.path, generation, self._catalog.passages(), seal=False)
        else:
            self._index.update(removed, added)
        self._index.seal(
            generation
        )  # a kill between this and the catalog's commit leaves an index known to be stale
        self._catalog.put("generation", generation)
        self._index_generation = generation

    def _load_index(self) -> Index | None:
        generation = self._catalog.get("generation")
        if self._index is None or self._index_generation != generation:
            self._index = open_index(self.path, generation)
            self._index_generation = generation
        return self._index

    def _ready_index(self) -> Index:
        """The index, rebuilt from the catalog when it is missing, damaged or stale."""
        with self._lock:
            index = self._load_index()
            if index is None:
                try:
                    with self._catalog.writing():  # one rebuilds, others wait and find it done
                        index = self._load_index() or self._build()
                except CorpusError:
                    index = self._build(in_memory=True)  # a store that may only be read
                self._index = index
            return index

    def _build(self, *, in_memory: bool = False) -> Index:
        where = None if in_memory else self.path
        return build_index(where, self._index_generation, self._catalog.passages())

    def _split_again(self) -> None:
        with self._catalog.writing():
            self._catalog.rows("DELETE FROM passages")
            for document in self._catalog.documents():
                self._catalog.add_passages(split(document))
            self._catalog.put("generation", str(int(self._catalog.get("generation") or 0) + 1))
            self._catalog.put("rules", str(RULES))

    def search(self, query: Query) -> list[Passage]:
        """At most `query.limit` passages, best first, at most `query.per_document` of one document, masked.

        How they are found: see `find`.
        """
        return [self.masked(passage) for passage in self.find(query)]

    def find(self, query: Query) -> list[Passage]:
        """The passages of `search` before they are masked, for who shows only some of them.

        With a role, passages of that role come first; others fill up only when there are too few. A passage that
        reads almost like a better one is left out. A query without words finds nothing.
        """
        words = tokens(f"{query.text} {query.topic}")
        if not words:
            return []
        index = self._ready_index()
        breadth = max(30, query.limit * 8)
        hits = index.search(words, breadth, query.role)
        chosen = choose(hits, self._passages([key for key, _ in hits]), query)
        if query.role is not None and len(chosen) < query.limit:
            least = chosen[-1].score if chosen else 1.0
            more = [
                (key, score)
                for key, score in index.search(words, breadth)
                if key not in {key for key, _ in hits}
            ]
            top = max((score for _, score in more), default=1.0) or 1.0
            more = [(key, 0.9 * least * score / top) for key, score in more]
            chosen += choose(more, self._passages([key for key, _ in more]), query, chosen)
        return chosen

    def _passages(self, keys: Sequence[str]) -> dict[str, Passage]:
        marks = ", ".join("?" * len(keys))
        return (
            {passage.id: passage for passage in self._catalog.passages(f"id IN ({marks})", keys)}
            if keys
            else {}
        )

    def masked(self, passage: Passage) -> Passage:
        """A passage of this corpus with `masked` filled in."""
        rows = self._catalog.rows("SELECT text FROM documents WHERE id = ?", (passage.document,))
        return self._masker.masked(passage, rows[0][0] if rows else "")

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
            for document in self._catalog.documents("instr(text, ?)", (text,)):
                if document.id not in first and len(passages) < limit:
                    passages.append(line_of(document, text))
        return [self.masked(passage) for passage in passages]

    def documents(self) -> list[Document]:
        """All documents, in the order of their files."""
        return self._catalog.documents()

    def passages_of(self, document: str) -> list[Passage]:
        """The passages of a document in order, masked.

        Raises:
            CorpusError: there is no such document.
        """
        self._require(document)
        return [self.masked(passage) for passage in self._catalog.passages("document = ?", (document,))]

    def remove(self, document: str) -> None:
        """Take a document out. Its file is not read again until it changes or is added by its own path.

        Raises:
            CorpusError: there is no such document.
        """
        self._require(document)
        with self._lock, self._catalog.writing():
            self._load_index()
            self._catalog.drop(document)
            self._commit([document], [])

    def _require(self, document: str) -> None:
        if not self._catalog.rows("SELECT 1 FROM documents WHERE id = ?", (document,)):
            raise CorpusError(f"{self.path}：没有编号为 {document} 的报告，请用 drafter corpus list 查看编号")

    def stats(self) -> Stats:
        """How much the corpus holds."""
        count, characters = self._catalog.rows(
            "SELECT count(*), coalesce(sum(length(text)), 0) FROM documents"
        )[0]
        roles = dict.fromkeys(ROLES, 0) | dict(
            self._catalog.rows("SELECT role, count(*) FROM passages GROUP BY role")
        )
        sources, skipped = self._catalog.rows("SELECT count(*), count(nullif(problem, '')) FROM sources")[0]
        return Stats(
            count, sum(roles.values()), characters, sources, skipped, {str(k): v for k, v in roles.items()}
        )


def open_catalog(path: Path, *, create: bool) -> Catalog:
    """The catalog of the store at `path`.

    Raises:
        Damaged: as `Catalog` does, and where an index stands without its catalog: to make a new one would hide that
            all reports are gone.
        CorpusError: as `Catalog` does.
    """
    indexed = has_index(path)  # before the catalog is looked at: another process makes that one first
    file = path / FILE
    if indexed and not (file.exists() and file.stat().st_size):
        raise Damaged(_EMPTIED)
    catalog = Catalog(file, create=create)
    generation = catalog.get("generation")  # before the documents: another process may just be adding some
    if indexed and not catalog.rows("SELECT 1 FROM documents LIMIT 1"):
        index = open_index(path, generation)
        if index is not None and index.count():
            catalog.close()
            raise Damaged(_EMPTIED)
    return catalog


def open_store(path: str | Path, *, create: bool = True) -> Corpus:
    """Open the store at `path`, a folder; made when it is missing and `create` is set.

    Raises:
        CorpusError: the place cannot be used, or the catalog is damaged or of another version.
    """
    path = Path(path)
    if path.exists() and not path.is_dir():
        raise CorpusError(f"{path}：这是文件，报告库应是文件夹，请换一个位置")
    if create:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CorpusError(f"{path}：建不了报告库（{error.strerror}），请换一个位置或检查权限") from None
    try:
        return Corpus(path, open_catalog(path, create=create))
    except Damaged as error:
        raise CorpusError(
            f"{path / FILE}：报告库已损坏或版本不同（{error}）；请移走这个文件夹，再用 drafter corpus add 重新加入原来的报告"
        ) from None

"""Opens what a user names as corpus, stores, plain folders and single files, as one retriever."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Any

from drafter import __version__
from drafter.corpus.catalog import FILE, VERSION
from drafter.corpus.files import Progress, state
from drafter.corpus.index import has_index
from drafter.corpus.store import Corpus, open_store
from drafter.corpus.tokens import alike, bigrams
from drafter.errors import CorpusError, DamagedCorpus
from drafter.passages import Copy, Document, Passage, Query
from drafter.plugins.protocols import Reader
from drafter.settings import Settings

CACHE = "DRAFTER_CACHE_DIR"
"""Environment variable that names the folder for indexes of plain folders."""


def cache_base() -> Path:
    """The user's own folder for what can be made anew."""
    if named := os.environ.get(CACHE, "").strip():
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("drafter", appauthor=False)


def cache_folder(*paths: Path) -> Path:
    """Where the index of plain folders and files of reports is kept: by a hash of their resolved paths."""
    resolved = "\n".join(sorted({str(path.resolve()) for path in paths}))
    digest = hashlib.sha256(resolved.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return cache_base() / f"corpus-{VERSION}" / digest  # an older drafter beside this one keeps its own


def open_folder(
    *paths: str | Path,
    readers: Mapping[str, Reader] | None = None,
    on_progress: Progress | None = None,
    settings: Settings | None = None,
) -> Corpus:
    """Plain folders and files of reports as one corpus, its index in the user's cache and brought up to date.

    Only files whose size or time changed are looked into, and read when their content did. A damaged cache is made
    anew from the files.

    Raises:
        CorpusError: a folder is missing or cannot be listed, or the cache cannot be written.
    """
    named = [Path(path) for path in paths]
    for path in named:
        state(path)
    cache = cache_folder(*named)
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CorpusError(
            f"{cache}：建不了索引（{error.strerror}），请检查权限，或用环境变量 {CACHE} 另选位置"
        ) from None
    try:
        return _brought_up_to_date(cache, named, readers, on_progress, settings)
    except DamagedCorpus:
        shutil.rmtree(cache, ignore_errors=True)
        return _brought_up_to_date(cache, named, readers, on_progress, settings)


def _brought_up_to_date(
    cache: Path,
    named: Sequence[Path],
    readers: Mapping[str, Reader] | None,
    on_progress: Progress | None,
    settings: Settings | None,
) -> Corpus:
    corpus = open_store(cache, settings=settings)
    try:
        corpus.add(named, on_progress, readers=readers)
        corpus.embed()
    except BaseException:
        corpus.close()
        raise
    return corpus


LEARN_FROM = 300
"""Documents from which set phrases are learnt; more would cost every command a second and teach little."""


class FolderRetriever:
    """Several corpora searched as one: results by rank in turn, best first, documents and near-doubles held apart."""

    def __init__(self, corpora: Sequence[Corpus]) -> None:
        """Search these corpora, in this order where ranks are equal."""
        self.corpora = list(corpora)

    def __enter__(self) -> FolderRetriever:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the files."""
        for corpus in self.corpora:
            corpus.close()

    def take_sent(self) -> list[tuple[str, dict[str, Any]]]:
        """Address and body of what an embeddings endpoint was sent since this was last asked."""
        return [each for corpus in self.corpora for each in corpus.take_sent()]

    @property
    def skipped(self) -> list[tuple[Path, str]]:
        """Files that could not be read, with the reason."""
        return [pair for corpus in self.corpora for pair in corpus.skipped]

    def documents(self) -> list[Document]:
        """All documents, each once."""
        return list(
            {document.id: document for corpus in self.corpora for document in corpus.documents()}.values()
        )

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """Set phrases with a numeral that independent documents have and that never varies.

        Documents of one organisation are one origin; at most LEARN_FROM documents are read. Learnt once and kept in the
        first corpus until documents change.
        """
        states = [corpus.state for corpus in self.corpora]
        told = "\n".join([__version__, str(LEARN_FROM), *states])
        state = hashlib.sha256(told.encode()).hexdigest() if all(states) else ""
        return tuple(json.loads(self.corpora[0].noted("phrases", state, self._learn_phrases)))

    def _learn_phrases(self) -> str:
        from drafter.quantities import learn_phrases

        documents = chain.from_iterable(corpus.first_documents(LEARN_FROM) for corpus in self.corpora)
        learnt = learn_phrases(
            (document.organization or document.id, document.text)
            for document in islice(documents, LEARN_FROM)
        )
        return json.dumps(list(learnt), ensure_ascii=False)

    def search(self, query: Query) -> list[Passage]:
        """At most `query.limit` passages, best first, spread over documents, `masked` filled in.

        Scores of different corpora do not compare, so with several the n-th of each follow one another, those of
        the wanted role first, and the score is 1/rank.
        """
        return [self.corpora[place].masked(passage) for place, passage in self._found(query)]

    def find(self, query: Query) -> list[Passage]:
        """The passages of `search` before they are masked, for who shows none of them."""
        return [passage for _, passage in self._found(query)]

    def _found(self, query: Query) -> list[tuple[int, Passage]]:
        """Passages with the place of their corpus, not masked: most that are looked at are not chosen."""
        if len(self.corpora) == 1:
            return [(0, passage) for passage in self.corpora[0].find(query)]
        ranked = [
            (query.role is not None and passage.role != query.role, rank, place, passage)
            for place, corpus in enumerate(self.corpora)
            for rank, passage in enumerate(corpus.find(query))
        ]
        chosen: list[tuple[int, Passage]] = []
        seen: list[frozenset[str]] = []
        for *_, place, passage in sorted(ranked, key=lambda entry: entry[:3]):
            grams = bigrams(passage.text)
            if any(alike(grams, other) for other in seen):
                continue
            seen.append(grams)
            chosen.append((place, passage.model_copy(update={"score": 1 / (len(chosen) + 1)})))
            if len(chosen) == query.limit:
                break
        return chosen

    def copies(self, text: str, least: int = 20) -> list[Copy]:
        """Runs of `text` that documents have, exact or with small edits: see `Corpus.copies`."""
        found = [copy for corpus in self.corpora for copy in corpus.copies(text, least)]
        return sorted(found, key=lambda copy: (copy.start, -copy.same, copy.document.id))

    def containing(self, text: str, limit: int = 5) -> list[Passage]:
        """Passages that hold exactly this string; not masked, for checks and for persons to read."""
        return [passage for corpus in self.corpora for passage in corpus.containing(text, limit)][:limit]


def open_corpus(
    paths: str | Path | Sequence[str | Path],
    settings: Settings | None = None,
    *,
    readers: Mapping[str, Reader] | None = None,
    on_progress: Progress | None = None,
) -> FolderRetriever:
    """A retriever over stores (folders with a catalog), plain folders and single files; the retriever "local".

    Files that cannot be read are left out and listed in its `skipped`.

    Raises:
        CorpusError: a path is missing or damaged, or nothing usable was found in any of them.
    """
    # a string is a sequence too: of letters
    paths = [paths] if isinstance(paths, str | Path) else paths
    if not paths:
        raise CorpusError("没有指定往期报告的位置，请给出报告库、文件夹或文件")
    stores = [Path(path) for path in paths if is_store(Path(path))]
    plain = [Path(path) for path in paths if Path(path) not in stores]
    corpora: list[Corpus] = []
    try:
        for path in stores:
            corpora.append(open_store(path, create=False, settings=settings))
        if plain:
            # one index over all of them: scores of different indexes do not compare
            corpora.append(open_folder(*plain, readers=readers, on_progress=on_progress, settings=settings))
        if not any(corpus.stats().documents for corpus in corpora):
            raise CorpusError(
                _nothing([str(path) for path in paths], [pair for c in corpora for pair in c.skipped])
            )
    except BaseException:
        for corpus in corpora:
            corpus.close()
        raise
    return FolderRetriever(corpora)


def is_store(path: Path) -> bool:
    """Whether a store of past reports is kept in this folder."""
    return os.path.exists(path / FILE) or has_index(path)


def _nothing(paths: Sequence[str], skipped: Sequence[tuple[Path, str]]) -> str:
    where = "、".join(paths)
    if not skipped:
        return f"{where}：没有可用的报告，请放入 .txt 或 .md 格式的往期报告"
    path, why = skipped[0]
    more = f"，另有 {len(skipped) - 1} 个文件" if len(skipped) > 1 else ""
    return f"{where}：没有可用的报告；{path.name}：{why}{more}"

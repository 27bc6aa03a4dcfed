"""The full-text index of a corpus: a tantivy folder with a manifest of checksums. Derived data: anything wrong, rebuilt.

tantivy 0.27 can give wrong results or abort on damaged files, so every file's size and CRC-32 is compared with the
manifest before tantivy sees it.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import uuid
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from drafter.corpus.tokens import tokens
from drafter.passages import Passage, Role

MANIFEST = "index.json"
FORMAT = 1
HEAP = 15_000_000
"""Bytes of the writer's buffer, tantivy's least."""


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("document", "role"):
        builder.add_text_field(name, stored=False, tokenizer_name="raw", index_option="basic")
    for name in ("text", "heading"):
        builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class Index:
    """An open index. `search` may be called from several threads."""

    def __init__(self, store: Path | None, folder: Path | None, index: Any) -> None:
        """Use `open_index` or `build_index`."""
        self._store, self._folder, self._index = store, folder, index

    def search(self, words: Iterable[str], limit: int, role: Role | None = None) -> list[tuple[str, float]]:
        """Ids of passages with scores, best first: BM25 over text tokens, headings counting a little more."""
        from tantivy import Occur, Query

        schema = self._index.schema
        parts: list[Any] = []
        for word in dict.fromkeys(words):
            parts.append((Occur.Should, Query.term_query(schema, "text", word, index_option="freq")))
            heading = Query.term_query(schema, "heading", word, index_option="freq")
            parts.append((Occur.Should, Query.boost_query(heading, 0.6)))
        if not parts:
            return []
        query = Query.boolean_query(parts)
        if role is not None:
            wanted = Query.const_score_query(
                Query.term_query(schema, "role", role, index_option="basic"), 0.0
            )
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, wanted)])
        searcher = self._index.searcher()
        hits = searcher.search(query, limit, count=False).hits
        return [(searcher.doc(address)["id"][0], float(score)) for score, address in hits]

    def count(self) -> int:
        """How many passages it holds."""
        return int(self._index.searcher().num_docs)

    def update(self, removed: Iterable[str], passages: Iterable[Passage]) -> None:
        """Take the passages of removed documents out, put passages in. Call `seal` when the catalog has committed."""
        writer = self._index.writer(HEAP, 1)
        for document in removed:
            writer.delete_documents_by_term("document", document)
        _fill(writer, passages)
        self._index.reload()

    def seal(self, generation: str) -> None:
        """Write the manifest for what is on disk now, which makes this index the valid one."""
        if self._store is not None and self._folder is not None:
            _write_manifest(self._store, self._folder, generation)


def has_index(store: Path) -> bool:
    """Whether an index, whole or not, stands in this folder."""
    return any(store.glob("index-*/meta.json"))


def open_index(store: Path, generation: str) -> Index | None:
    """The index of a store if it is whole and of this generation of the catalog, else None. Changes nothing."""
    try:
        manifest = json.loads((store / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT or manifest["generation"] != generation:
            return None
        folder = store / Path(manifest["folder"]).name
        if manifest["files"] != _checksums(folder):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    import tantivy

    try:
        return Index(store, folder, tantivy.Index(_schema(), path=str(folder), reuse=True))
    except (ValueError, OSError):
        return None


def build_index(
    store: Path | None, generation: str, passages: Iterable[Passage], *, seal: bool = True
) -> Index:
    """A new index of these passages beside the old one, which stays valid until the new one is sealed.

    Without a store, or where it cannot be written, the index lives in memory.
    """
    import tantivy

    folder = None if store is None else store / f"index-{uuid.uuid4().hex[:8]}"
    try:
        if folder is not None:
            folder.mkdir()
    except OSError:
        folder = None
    index = tantivy.Index(_schema(), path=str(folder) if folder else None, reuse=False)
    _fill(index.writer(HEAP, 1), passages)
    index.reload()
    built = Index(store, folder, index)
    if seal:
        built.seal(generation)
    return built


def _fill(writer: Any, passages: Iterable[Passage]) -> None:
    import tantivy

    for passage in passages:
        writer.add_document(
            tantivy.Document(
                id=[passage.id],
                document=[passage.document],
                role=[passage.role],
                text=[" ".join(tokens(passage.text))],
                heading=[" ".join(tokens(" ".join((*passage.heading, passage.topic))))],
            )
        )
    writer.commit()
    writer.wait_merging_threads()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.is_file() and not path.name.endswith(".lock"))


def _checksums(folder: Path) -> dict[str, list[int]]:
    sums = {}
    for path in _files(folder):
        crc = size = 0
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                crc = zlib.crc32(chunk, crc)
                size += len(chunk)
        sums[path.name] = [size, crc]
    return sums


def _write_manifest(store: Path, folder: Path, generation: str) -> None:
    manifest = {
        "format": FORMAT,
        "generation": generation,
        "folder": folder.name,
        "files": _checksums(folder),
    }
    temporary = store / f"{MANIFEST}.{uuid.uuid4().hex[:8]}"
    temporary.write_text(json.dumps(manifest), encoding="utf-8")
    os.replace(temporary, store / MANIFEST)
    for other in (*store.glob("index-*"), *store.glob(f"{MANIFEST}.*")):
        if other != folder:  # older indexes and what a kill left; a reader on Windows may still hold one
            if other.is_dir():
                shutil.rmtree(other, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):
                    other.unlink()

"""Takes reports into a server's index: only what is new or changed is read and sent, what is gone leaves.

A source's record, with the sum of its content, is written behind its documents and passages and removed before they
are: what a broken run left half done is done again by the next one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import drafter
from drafter.corpus import AddReport
from drafter.corpus.files import Change, Known, Progress, by_suffix, gather, look
from drafter.corpus.splitting import split
from drafter.errors import CorpusError
from drafter.passages import Document
from drafter.plugins import Reader

from drafter_opensearch.connection import BUSY, Server
from drafter_opensearch.mapping import (
    DOCUMENTS,
    PASSAGES,
    SOURCES,
    document_fields,
    own_id,
    passage_fields,
    source_id,
)

BATCH_CHARACTERS = 2_000_000
BATCH_FILES = 500
"""Of reports that are held in memory at once."""
CHUNK, CHUNK_BYTES = 500, 5_000_000
"""Records and bytes of one bulk request; some services take no more than 10 MB."""
PATIENCE = 600.0
"""Seconds for one request that writes or deletes much."""
PAGE = 5_000
SLICE = 1_000
"""Keys named in one query."""
VERSION = f"drafter {drafter.__version__}"
"""Which cleaning and splitting a source went through; sources of another version are read again."""


@dataclass(slots=True)
class _Tally:
    added: int = 0
    unchanged: int = 0
    documents: int = 0
    skipped: list[tuple[Path, str]] = field(default_factory=list)


def add(
    server: Server,
    paths: Sequence[Path],
    on_progress: Progress | None = None,
    *,
    readers: Mapping[str, Reader] | None = None,
) -> AddReport:
    """Bring files and folders (recursively) into the index; only what is new or changed is read and sent.

    Documents whose file is gone from an added folder leave the index. A file that cannot be read, or that the server
    does not take, is listed in the report with the reason, and does not stop the others. A file is known by its
    path, so an index should be filled from one machine (others search it), by one process at a time.

    Args:
        server: whose indexes exist.
        paths: files and folders.
        on_progress: called before each file that is looked at.
        readers: by any key, as in the registry; the built-in reader when left out.

    Raises:
        CorpusError: a path does not exist, the server cannot be used, or there is nothing in the index afterwards.
    """
    known_readers = by_suffix(readers)
    wanted = gather(list(paths), known_readers, Path(os.devnull))
    server.refresh()  # what a broken run wrote last must be seen to be removed
    known = _known(server, sorted(wanted.roots), sorted(wanted.keys))
    gone = [key for key, (old, _) in known.items() if old.root in wanted.roots and key not in wanted.keys]
    tally = _Tally()
    try:
        _remove(server, gone)
        batch: list[Change] = []
        held = 0
        for done, found in enumerate(wanted.files):
            if on_progress:
                on_progress(done, len(wanted.files), found.path)
            old, version = known.get(found.key, (None, VERSION))
            change = look(found, old if version == VERSION else None, known_readers)
            if change is None:
                tally.unchanged += 1
                if old is not None and old.problem:
                    tally.skipped.append((found.path, old.problem))
                continue
            batch.append(change)
            held += sum(len(document.text) for document in change.documents)
            if held >= BATCH_CHARACTERS or len(batch) >= BATCH_FILES:
                _send(server, batch, tally)
                batch, held = [], 0
        _send(server, batch, tally)
    finally:
        server.refresh()
    if not server.count(DOCUMENTS):
        raise CorpusError(_nothing(paths, tally.skipped))
    return AddReport(
        added=tally.added,
        unchanged=tally.unchanged,
        removed=len(gone),
        documents=tally.documents,
        skipped=tally.skipped,
    )


def _nothing(paths: Sequence[Path], skipped: Sequence[tuple[Path, str]]) -> str:
    where = "、".join(str(path) for path in paths)
    if not skipped:
        return f"{where}：没有可用的报告，请放入 .txt 或 .md 格式的往期报告"
    path, why = skipped[0]
    more = f"，另有 {len(skipped) - 1} 个文件" if len(skipped) > 1 else ""
    return f"{where}：没有可用的报告；{path.name}：{why}{more}"


def _known(server: Server, roots: Sequence[str], keys: Sequence[str]) -> dict[str, tuple[Known, str]]:
    """What the index knows of the sources under these folders and of these files, with the version of each."""
    known: dict[str, tuple[Known, str]] = {}
    for name, values in (("root", roots), ("key", keys)):
        for some in _slices(values):
            body: dict[str, Any] = {
                "size": PAGE,
                "query": {"bool": {"filter": [{"terms": {name: some}}]}},
                "sort": [{"key": "asc"}],
            }
            while page := server.search(SOURCES, body, _source):
                known |= {key: (source, version) for key, source, version, _ in page}
                body["search_after"] = page[-1][-1]
    return known


def _source(hit: Mapping[str, Any]) -> tuple[str, Known, str, list[Any]]:
    """A source's key, what is known of it, the version that read it, and its place in the order."""
    record = hit["_source"]
    known = Known(record["root"], record["size"], record["mtime"], record["sha256"], record["problem"])
    return record["key"], known, record["version"], hit["sort"]


def _slices(values: Sequence[str]) -> Iterator[list[str]]:
    return (list(values[start : start + SLICE]) for start in range(0, len(values), SLICE))


def _remove(server: Server, keys: Sequence[str]) -> None:
    """Take what came from these sources out of the index, the sources' own records first."""
    for some in _slices(keys):
        for kind in (SOURCES, PASSAGES, DOCUMENTS):
            body = {"query": {"bool": {"filter": [{"terms": {"key": some}}]}}}

            def delete(client: Any, kind: str = kind, body: dict[str, Any] = body) -> list[Any]:
                # on a second try what the first deleted must be seen to be gone, or it is a conflict
                client.indices.refresh(index=server.name(kind))
                answer = client.delete_by_query(
                    index=server.name(kind), body=body, params={"request_timeout": PATIENCE}
                )
                return list(answer["failures"])

            if server.ask(delete):
                raise CorpusError(
                    f"{server.place.url}：有记录没能从索引 {server.name(kind)} 删去；请稍后再试，或请管理员看看服务器的日志"
                )


def _send(server: Server, batch: Sequence[Change], tally: _Tally) -> None:
    """Replace what the index has of these sources by what they hold now, and tally what came of it."""
    if not batch:
        return
    read = [change for change in batch if change.read]
    _remove(server, [change.key for change in read])
    refused = _bulk(server, lambda: (action for change in read for action in _actions(server, change)))
    for change in batch:
        problem = change.problem
        if why := refused.get(change.key):
            problem = f"服务器没有收下其中的内容（{why}）"
        if problem:
            tally.skipped.append((change.path, problem))
        if change.read and not problem:
            tally.added += 1
            tally.documents += len(change.documents)
        elif not change.read:
            tally.unchanged += 1
    # one that was refused gets no record, and is tried again next time
    refused = _bulk(
        server, lambda: (_record(server, change) for change in batch if change.key not in refused)
    )
    if refused:
        raise CorpusError(
            f"{server.place.url}：{next(iter(refused))} 的登记没有被收下（{next(iter(refused.values()))}）；请再加入一次"
        )


def _actions(server: Server, change: Change) -> Iterator[dict[str, Any]]:
    """The documents and passages of one source, made one after the other as they are sent."""
    seen: dict[str, int] = {}
    for position, told in enumerate(change.documents):
        number = seen[told.text] = seen.get(told.text, -1) + 1
        document: Document = told.model_copy(update={"id": own_id(change.key, told, number)})
        fields = document_fields(document, change.key, position, change.sha256)
        yield _index(server, DOCUMENTS, document.id, fields)
        for place, passage in enumerate(split(document)):
            fields = passage_fields(passage, place, document, change.key, position)
            yield _index(server, PASSAGES, passage.id, fields)


def _record(server: Server, change: Change) -> dict[str, Any]:
    fields = {
        "key": change.key,
        "path": str(change.path),
        "root": change.root,
        "size": change.size,
        "mtime": change.mtime,
        "sha256": change.sha256,
        "problem": change.problem,
        "documents": len(change.documents),
        "version": VERSION,
    }
    return _index(server, SOURCES, source_id(change.key), fields)


def _index(server: Server, kind: str, key: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"_op_type": "index", "_index": server.name(kind), "_id": key, "_source": dict(fields)}


def _bulk(server: Server, actions: Callable[[], Iterable[dict[str, Any]]]) -> dict[str, str]:
    """Send what `actions()` gives; the sources of which something was refused, each with the first reason."""

    def send(client: Any) -> dict[str, str]:
        from opensearchpy.helpers import streaming_bulk

        refused: dict[str, str] = {}
        sources: dict[str, str] = {}  # of what is on its way

        def noted() -> Iterator[dict[str, Any]]:
            for action in actions():
                sources[action["_id"]] = action["_source"]["key"]
                yield action

        results = streaming_bulk(
            client,
            noted(),
            chunk_size=CHUNK,
            max_chunk_bytes=CHUNK_BYTES,
            max_retries=server.attempts - 1,  # of items that met a full queue
            initial_backoff=1,
            max_backoff=30,
            raise_on_error=False,
            params={"request_timeout": PATIENCE},
        )
        for ok, result in results:
            told = result["index"]
            source = sources.pop(told["_id"])
            if not ok:
                error = told.get("error")
                why = f"{error.get('type')}: {error.get('reason')}" if isinstance(error, dict) else str(error)
                why = " ".join(f"{told.get('status', '')} {why}".split())[:200]
                refused.setdefault(source, why)
        return refused

    return server.ask(send, BUSY - {429})

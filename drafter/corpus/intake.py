"""Looks into many files at once: the changed ones are read, split and tokenised in processes of their own."""

from __future__ import annotations

import gc
import pickle
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from functools import partial

from drafter.corpus import files
from drafter.corpus.entries import Prepared, prepare
from drafter.corpus.files import Change, Found, Known, Progress
from drafter.corpus.workers import SELDOM, Workers
from drafter.plugins.protocols import Reader

CHUNK = 16
"""Files that a process is handed at a time."""
AHEAD = 16
"""Chunks for each process that are under way or waiting to be stored, so that none idles during a commit."""
WORTH = 64
"""Files below which starting processes costs more than it saves."""

_LOST = "读它的进程中途退出了（文件损坏，或内存不够），没有读；请换成 Word 原件或 .txt 后再加入"

Taken = tuple[Change, Sequence[Prepared]]
"""A file that changed, and its documents with all that is derived from them."""
_Item = tuple[Found, Known | None]


def changes(
    wanted: files.Gathered,
    known: Mapping[str, Known],
    readers: Mapping[str, Reader],
    on_progress: Progress | None,
    processes: int = 1,
) -> Generator[Taken, None, None]:
    """The files that are new or changed, read, in the order of `wanted`; memory does not grow with their number.

    Close it: processes that it started end then.
    """
    work = [(found, _asked_again(found, known.get(found.key))) for found in wanted.files]
    with closing(_looked(work, readers, processes)) as looked:
        for done, (found, _) in enumerate(work):
            if on_progress:
                on_progress(done, len(work), found.path)
            taken = next(looked)
            if taken is not None:
                yield taken


def _asked_again(found: Found, old: Known | None) -> Known | None:
    """What was known of a file; nothing when a report of it was removed by hand and it is now asked for by name."""
    return None if old is not None and found.explicit and old.pruned else old


def _looked(
    work: Sequence[_Item], readers: Mapping[str, Reader], processes: int
) -> Generator[Taken | None, None, None]:
    take = partial(_take, dict(readers))
    if processes < 2 or not _worth(work) or not _can_travel(readers):
        yield from map(take, work)
        return
    with Workers(processes, take, _lost) as workers:
        waiting: deque[Future[list[Taken | None]]] = deque()
        for first in range(0, len(work), CHUNK):
            waiting.append(workers.work(work[first : first + CHUNK]))
            if len(waiting) > AHEAD * processes:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Let Python look for garbage seldom; where its host has turned that off, it stays off."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], SELDOM) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _worth(work: Sequence[_Item]) -> bool:
    """Whether enough files look changed by their size and time alone."""
    changed = 0
    for found, old in work:
        changed += old is None or files.touched(found, old)
        if changed >= WORTH:
            return True
    return False


def _can_travel(readers: Mapping[str, Reader]) -> bool:
    """Whether other processes can have these readers: a plugin's may be bound to this one, or not be importable there."""
    if any(not type(reader).__module__.startswith("drafter.") for reader in readers.values()):
        return False
    try:
        pickle.dumps(dict(readers))
    except Exception:  # noqa: BLE001 - pickle raises whatever the object does
        return False
    return True


def _take(readers: Mapping[str, Reader], item: _Item) -> Taken | None:
    change = files.look(*item, readers)
    return None if change is None else (change, [prepare(document) for document in change.documents])


def _lost(item: _Item) -> Taken:
    """What becomes of a file that ends whoever reads it. Its size is not noted: the next time it is tried again."""
    found, _ = item
    return Change(found.path, found.key, found.root, 0, 0, problem=_LOST), []

"""Looks into many files at once: the changed ones are read, split and tokenised in processes of their own."""

from __future__ import annotations

import gc
import multiprocessing
import pickle
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager

from drafter.corpus import files
from drafter.corpus.entries import Prepared, prepare
from drafter.corpus.files import Change, Found, Known, Progress
from drafter.plugins.protocols import Reader

CHUNK = 16
"""Files that a process is handed at a time."""
AHEAD = 16
"""Chunks for each process that are under way or waiting to be stored, so that none idles during a commit."""
WORTH = 64
"""Files below which starting processes costs more than it saves."""

SELDOM = 50_000
"""Objects made between two garbage collections, where Python has 700: thousands of passages wait to be stored, none of
them garbage, and going through them again and again takes a tenth of the time of intake."""

Taken = tuple[Change, Sequence[Prepared]]
"""A file that changed, and its documents with all that is derived from them."""
_Work = Sequence[tuple[Found, Known | None]]


def changes(
    wanted: files.Gathered,
    known: Mapping[str, Known],
    readers: Mapping[str, Reader],
    on_progress: Progress | None,
    processes: int = 1,
) -> Iterator[Taken]:
    """The files that are new or changed, read, in the order of `wanted`; memory does not grow with their number."""
    work = [(found, _asked_again(found, known.get(found.key))) for found in wanted.files]
    looked = _looked(work, readers, processes)
    for done, (found, _) in enumerate(work):
        if on_progress:
            on_progress(done, len(work), found.path)
        taken = next(looked)
        if taken is not None:
            yield taken


def _asked_again(found: Found, old: Known | None) -> Known | None:
    """What was known of a file; nothing when a report of it was removed by hand and it is now asked for by name."""
    return None if old is not None and found.explicit and old.pruned else old


def _looked(work: _Work, readers: Mapping[str, Reader], processes: int) -> Iterator[Taken | None]:
    if processes < 2 or not _worth(work) or not _can_travel(readers):
        yield from (_take(found, old, readers) for found, old in work)
        return
    # spawned, not forked: this process may hold threads of the index and of whoever drafts with it
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _receive, (dict(readers),)) as pool:
        waiting: deque[Future[list[Taken | None]]] = deque()
        try:
            for first in range(0, len(work), CHUNK):
                waiting.append(pool.submit(_look, work[first : first + CHUNK]))
                if len(waiting) > AHEAD * processes:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Let Python look for garbage seldom; where its host has turned that off, it stays off."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], SELDOM) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _worth(work: _Work) -> bool:
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


_readers: dict[str, Reader] = {}
"""In a process that looks: the readers it was given."""


def _receive(readers: dict[str, Reader]) -> None:
    _readers.update(readers)
    gc.set_threshold(SELDOM)


def _look(chunk: _Work) -> list[Taken | None]:
    return [_take(found, old, _readers) for found, old in chunk]


def _take(found: Found, old: Known | None, readers: Mapping[str, Reader]) -> Taken | None:
    change = files.look(found, old, readers)
    return None if change is None else (change, [prepare(document) for document in change.documents])

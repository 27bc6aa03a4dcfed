"""Processes that work for this one: they end when it does, leave Ctrl-C to it, and one that dies over its work is replaced."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import process as processes
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from drafter.errors import CorpusError

Item = TypeVar("Item")
Result = TypeVar("Result")

SELDOM = 50_000
"""Objects made between two garbage collections, where Python has 700: thousands of passages wait to be stored, none of
them garbage, and going through them again and again takes a tenth of the time of intake."""
DEATHS = 2
"""Processes that an item may cost: the first may have been ended for want of memory that others took."""
_GRACE = 1.0
"""Seconds in which a process that shall end can end the programs that it started."""


@dataclass(eq=False)
class _Worker:
    process: processes.BaseProcess
    connection: Connection


class Workers(Generic[Item, Result]):
    """Use it in a `with`: at its end no process is left, whatever they were at.

    Args:
        count: how many processes.
        does: called there with each item; it, items and results must pickle.
        lost: called here with an item over which DEATHS processes died, for what shall stand in the place of its result.
    """

    def __init__(self, count: int, does: Callable[[Item], Result], lost: Callable[[Item], Result]) -> None:
        # spawned, not forked: this process may hold threads of the index and of whoever drafts with it
        self._context = multiprocessing.get_context("spawn")
        self._does, self._lost = does, lost
        self._threads = ThreadPoolExecutor(
            count
        )  # one for each process: it starts it, feeds it and takes its results
        self._own = threading.local()
        self._lock = threading.Lock()
        self._all: set[_Worker] = set()
        self._ending = False

    def __enter__(self) -> Workers[Item, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._ending = True
            for worker in self._all:
                worker.process.terminate()
        self._threads.shutdown(cancel_futures=True)
        for worker in list(self._all):
            self._bury(worker)

    def work(self, items: Sequence[Item]) -> Future[list[Result]]:
        """The results of these items in their order, to come from one of the processes.

        Raises:
            CorpusError: in the future: no process can be started.
        """
        return self._threads.submit(self._results, items)

    def _results(self, items: Sequence[Item]) -> list[Result]:
        results: list[Result] = []
        failure: Exception | None = None
        deaths = 0
        while len(results) < len(items) and failure is None:
            worker = self._mine()
            try:
                worker.connection.send(items[len(results) :])
                while len(results) < len(items) and failure is None:
                    failure, result = worker.connection.recv()
                    results.append(result)
                    deaths = 0
            except (EOFError, ConnectionError):
                self._own.worker = None
                if self._ending:
                    raise CancelledError from None
                self._bury(worker)
                deaths += 1
                if deaths == DEATHS:
                    results.append(self._lost(items[len(results)]))
                    deaths = 0
        if failure is not None:
            raise failure
        return results

    def _mine(self) -> _Worker:
        """The process of this thread."""
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None:
            here, there = self._context.Pipe()
            with self._lock, _without_interrupts():
                if self._ending:
                    raise CancelledError
                process = self._context.Process(target=_serve, args=(there, self._does), daemon=True)
                process.start()
                worker = _Worker(process, here)
                self._all.add(worker)
            there.close()
            try:
                here.recv()  # it is ready
            except (EOFError, ConnectionError):
                self._bury(worker)
                raise CorpusError(
                    f"读文件的进程启动不了（结束状态 {process.exitcode}）；在自己的脚本里调用时，"
                    '请放在 if __name__ == "__main__": 之下，或用 processes=1'
                ) from None
            self._own.worker = worker
        return worker

    def _bury(self, worker: _Worker) -> None:
        worker.process.join(2 * _GRACE)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        worker.connection.close()
        self._all.discard(worker)


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """What is started inside does not get Ctrl-C, not even before it can say so; Windows has no such means."""
    if os.name != "posix":
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # else it would be started inside, and unblock the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, does: Callable[[Item], Result]) -> None:
    """The life of a process: results one by one, so that the other side knows over which item it died."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.set_threshold(SELDOM)
    with contextlib.suppress(EOFError, ConnectionError):  # the other side has gone
        connection.send(None)
        while True:
            for item in connection.recv():
                try:
                    result = does(item)
                except Exception as error:  # noqa: BLE001 - raised again on the other side
                    connection.send((error, None))
                    break
                connection.send((None, result))


def _end(*_: object) -> None:
    """End in order: programs that readers started are ended by those; by force if that takes long."""
    timer = threading.Timer(_GRACE, os._exit, (1,))
    timer.daemon = True
    timer.start()
    raise SystemExit(1)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    if os.name == "posix":
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        time.sleep(2 * _GRACE)
    os._exit(1)

"""What drafting tells while it runs, and how long somebody had to wait for the writer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Progress:
    """One step of a run: the corpus was opened, a leaf was begun, is asked to be mended
    or is finished, checks began, the report is done.

    `done` and `total` count leaves. `resumed` means that a finished leaf came from the journal.
    """

    stage: Literal["corpus", "begin", "repair", "finish", "check", "done"]
    section: str = ""
    heading: str = ""
    done: int = 0
    total: int = 0
    resumed: bool = False
    seconds: float = 0.0


OnProgress = Callable[[Progress], None]


class Stopwatch:
    """Adds up the time in which at least one of several overlapping waits was going on."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._running = 0
        self._since = 0.0

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Time one wait."""
        if self._running == 0:
            self._since = time.perf_counter()
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            if self._running == 0:
                self.seconds += time.perf_counter() - self._since

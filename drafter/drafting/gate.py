"""Who asks the writer next: as many at once as may, and in the order in which reports are finished soonest."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_ROUNDS = 4
"""Rounds of calls that still wait to write a leaf, from which on these go before repairs."""


class Gate:
    """Lets so many ask at once; several runs may share it.

    A leaf that is to be mended goes before those that are not begun, so that the reports begun first are finished first.
    Near the end it is the reverse: a leaf not begun has the longest way before it, to be written and perhaps mended twice,
    and begun last would be waited for alone (Hu 1961, Parallel sequencing and assembly line problems: of the tasks that
    are ready, the one furthest from the end goes first).
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._free = most
        self._begin: deque[asyncio.Future[None]] = deque()
        self._mend: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def turn(self, *, mending: bool = False) -> AsyncIterator[None]:
        """Wait for a place, to write a leaf or to ask for its repair."""
        await self._enter(self._mend if mending else self._begin)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, queue: deque[asyncio.Future[None]]) -> None:
        if self._free:  # then nobody waits: a place that comes free is handed on
            self._free -= 1
            return
        handed = asyncio.get_running_loop().create_future()
        queue.append(handed)
        try:
            await handed
        except asyncio.CancelledError:
            if handed.done() and not handed.cancelled():
                self._leave()
            raise

    def _leave(self) -> None:
        last = len(self._begin) <= _ROUNDS * self._most
        for queue in (self._begin, self._mend) if last else (self._mend, self._begin):
            while queue:
                handed = queue.popleft()
                if not handed.done():
                    handed.set_result(None)
                    return
        self._free += 1

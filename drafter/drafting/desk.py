"""The one desk at which what takes the processor long is done, so that calls are not kept waiting by it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_HOPS = 6
"""Rounds of the event loop between two pieces of work: what a call needs to be read, kept, and followed by the next."""


class Desk:
    """Lets one piece of work begin at a time, each after the replies and requests that have become ready meanwhile.

    Replies that come together would otherwise all be looked at before the next calls leave: the endpoint would then idle
    while drafter works, and drafter while the endpoint does.
    """

    def __init__(self) -> None:
        self._free = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for the desk. What is done there must not wait for a call."""
        async with self._free:
            for _ in range(_HOPS):
                await asyncio.sleep(0)
            yield

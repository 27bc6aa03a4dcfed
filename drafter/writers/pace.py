"""How fast one server is asked, by all who ask it together: calls at once, requests and tokens a minute, pauses.

A passing fault halves the calls at once, and answers bring them back one by one: additive increase and multiplicative
decrease, as in TCP (RFC 5681, section 3.1). The pause after it holds for everybody, and so do the attempts: faults of calls
that were under way together are one, and when there were as many as attempts are allowed, without an answer in between,
nobody tries again.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiolimiter import AsyncLimiter

from drafter.settings import Settings

_BURST = 10.0
"""Seconds' worth of tokens that may be asked for at once; a prompt may well be some seconds' worth."""
_SPREAD = 0.25
"""Share of a pause by which those who waited are strung out after it."""


@dataclass
class Turn:
    """Leave to make one call. `tokens` is what it was thought to cost; who knows better says so with `cost`.

    `over` lets the next call begin before the turn ends: while the answer is being kept, say.
    """

    begun: float
    tokens: int
    over: Callable[[], None]
    cost: int = -1


class Pace:
    """One for each server and event loop. Times are of the loop's clock, which no change of the date touches."""

    def __init__(self, settings: Settings) -> None:
        """Takes concurrency, attempts, requests_per_minute and tokens_per_minute; 0 is no limit of requests or tokens."""
        self._most = settings.concurrency
        self._at_once = float(self._most)
        self._places = asyncio.Semaphore(self._most)
        self._withheld = 0
        requests, tokens = settings.requests_per_minute, settings.tokens_per_minute
        # one by one, not a minute's worth in a burst: servers count shorter spans than the one that they name
        self._requests = AsyncLimiter(1, 60 / requests) if requests else None
        self._tokens = AsyncLimiter(max(1, tokens * _BURST / 60), _BURST) if tokens else None
        self._owed = 0.0
        self._until = 0.0
        self._attempts = settings.attempts
        self._failed, self._rounds = -1.0, 0

    @property
    def at_once(self) -> int:
        """Calls that may now be under way together."""
        return int(self._at_once)

    @property
    def given_up(self) -> bool:
        """Whether the attempts are used up, and no call has been answered since."""
        return self._rounds >= self._attempts

    @asynccontextmanager
    async def turn(self, tokens: int) -> AsyncIterator[Turn]:
        """Wait for leave to make a call of about so many tokens, prompt and reply."""
        await self._places.acquire()
        held = True

        def over() -> None:
            nonlocal held
            if held:
                held = False
                self._withheld += 1
                self._give_places()

        try:
            await self._pauses()
            if self._requests is not None:
                await self._requests.acquire()
            await self._spend(tokens)
            turn = Turn(asyncio.get_running_loop().time(), tokens, over)
            yield turn
            if turn.cost >= 0:
                self._owed += turn.cost - tokens
        finally:
            over()

    def answered(self) -> None:
        """A call was answered."""
        self._rounds = 0
        self._at_once = min(float(self._most), self._at_once + 1 / self.at_once)
        self._give_places()

    def failed(self, turn: Turn) -> None:
        """This call met a fault that may pass. Those that were under way when another met it say nothing new."""
        if turn.begun > self._failed:
            self._failed = asyncio.get_running_loop().time()
            self._rounds += 1
            self._at_once = max(1.0, self._at_once / 2)

    def pause(self, seconds: float) -> None:
        """Nobody begins a call for so long."""
        self._until = max(self._until, asyncio.get_running_loop().time() + seconds)

    def give_up(self) -> None:
        """A call has used up its own attempts, whatever the others met."""
        self._rounds = self._attempts

    def _give_places(self) -> None:
        """Give back the places that came free, as far as the pace allows."""
        while self._withheld > self._most - self.at_once:
            self._withheld -= 1
            self._places.release()

    async def _pauses(self) -> None:
        loop = asyncio.get_running_loop()
        while (left := self._until - loop.time()) > 0:  # noqa: ASYNC110 - a pause may grow while it lasts
            await asyncio.sleep(left * (1 + random.uniform(0, _SPREAD)))

    async def _spend(self, tokens: int) -> None:
        """Wait until so many tokens may be asked for, plus or minus what earlier calls were misjudged by."""
        if self._tokens is None:
            return
        owed = self._owed + tokens
        self._owed = min(0.0, owed)
        while owed > 0:
            part = min(owed, self._tokens.max_rate)
            await self._tokens.acquire(part)
            owed -= part

"""How fast a server is asked by all who ask it together: by counting and order, never by how long something took."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from drafter import EndpointWriter, Settings
from drafter.errors import EndpointError
from drafter.writers.endpoint import Backoff
from drafter.writers.pace import Pace, Turn
from tests import fault_table as table
from tests import faulty_server as served
from tests import record_cassettes as tapes
from tests.faulty_server import Act, Call, faulty


class Crowd:
    """Calls that wait until they are let go; counts how many are under way."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.turns: list[Turn] = []
        self.under_way = 0
        self._go: list[asyncio.Event] = []

    async def call(self) -> None:
        async with self.pace.turn(10) as turn:
            self.under_way += 1
            self.turns.append(turn)
            self._go.append(asyncio.Event())
            await self._go[-1].wait()
            self.under_way -= 1

    async def settled(self) -> int:
        """How many are under way when nobody can move any more."""
        for _ in range(20):
            await asyncio.sleep(0)
        return self.under_way

    async def end(self, *places: int) -> None:
        for place in places:
            self._go[place].set()
        await self.settled()


def test_calls_that_fail_together_halve_the_calls_at_once_and_only_once() -> None:
    async def go() -> None:
        pace = Pace(Settings(concurrency=8))
        crowd = Crowd(pace)
        async with asyncio.TaskGroup() as group:
            for _ in range(16):
                group.create_task(crowd.call())
            assert await crowd.settled() == 8
            for turn in crowd.turns[:8]:
                pace.failed(turn)
            assert pace.at_once == 4
            await crowd.end(*range(8))
            assert await crowd.settled() == 4
            # these left after it was halved: they say something new
            pace.failed(crowd.turns[8])
            assert pace.at_once == 2
            await crowd.end(*range(8, 12))
            assert await crowd.settled() == 2
            await crowd.end(12, 13)
            await crowd.end(14, 15)

    asyncio.run(go())


def test_the_pace_never_falls_below_one_call() -> None:
    async def go() -> None:
        pace = Pace(Settings(concurrency=3))
        for _ in range(5):
            async with pace.turn(10) as turn:
                pace.failed(turn)
        assert pace.at_once == 1

    asyncio.run(go())


def test_answers_bring_the_calls_back_one_by_one_and_never_to_more_than_was_set() -> None:
    async def go() -> list[int]:
        pace = Pace(Settings(concurrency=4))
        for _ in range(2):
            async with pace.turn(10) as turn:
                pace.failed(turn)
        seen = []
        for _ in range(12):
            pace.answered()
            seen.append(pace.at_once)
        crowd = Crowd(pace)
        async with asyncio.TaskGroup() as group:
            for _ in range(6):
                group.create_task(crowd.call())
            assert await crowd.settled() == 4
            await crowd.end(0, 1, 2, 3)
            await crowd.end(4, 5)
        return seen

    # about one more for each round of answers
    assert asyncio.run(go()) == [2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4]


def test_nobody_begins_a_call_while_a_pause_lasts_though_it_grows() -> None:
    async def go() -> None:
        loop = asyncio.get_running_loop()
        pace = Pace(Settings(concurrency=4))
        pace.pause(0.01)
        pace.pause(0.03)
        pace.pause(0.001)  # a shorter one takes nothing back
        until = loop.time() + 0.025

        async def call() -> float:
            async with pace.turn(10) as turn:
                return turn.begun

        assert all(begun >= until for begun in await asyncio.gather(*(call() for _ in range(4))))

    asyncio.run(go())


class Counting:
    """In a limiter's place: how much was asked of it."""

    max_rate = 1000.0

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def acquire(self, amount: float = 1) -> None:
        self.asked.append(amount)


def test_tokens_are_asked_for_in_bearable_parts_and_misjudged_ones_are_put_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def go() -> list[float]:
        pace, limiter = Pace(Settings(tokens_per_minute=6000)), Counting()
        monkeypatch.setattr(pace, "_tokens", limiter)
        for guess, cost in ((2500, 400), (1500, 1500), (1000, 1300), (100, -1)):
            async with pace.turn(guess) as turn:
                turn.cost = cost
            limiter.asked.append(0)
        return limiter.asked

    # 2,100 too many the first time: the second is paid from them, and 600 of the third; the fourth pays 300 more
    assert asyncio.run(go()) == [1000, 1000, 500, 0, 0, 400, 0, 400, 0]


def test_requests_a_minute_are_spread_out_not_given_in_a_burst() -> None:
    async def go() -> list[float]:
        pace = Pace(Settings(concurrency=8, requests_per_minute=6000))

        async def call() -> float:
            async with pace.turn(10) as turn:
                return turn.begun

        return sorted(await asyncio.gather(*(call() for _ in range(6))))

    begun = asyncio.run(go())
    # five intervals of a hundredth of a second; a slow machine makes them longer only
    assert begun[-1] - begun[0] >= 0.04


def test_limits_of_tokens_and_requests_are_off_by_default() -> None:
    pace = Pace(Settings())
    assert (pace._requests, pace._tokens) == (None, None)


def several(act: Callable[[int], Act], count: int, **values: Any) -> tuple[int, list[Any]]:
    """How many calls left when so many leaves were asked for at once, and what each came to."""

    async def go(url: str) -> list[Any]:
        async with httpx2.AsyncClient(verify=table.TRUSTED, trust_env=False) as client:
            settings = table.settings(url, **values)
            writer = EndpointWriter(settings, http_client=client, backoff=Backoff(0.001, 0.004))
            leaves = (writer.write(tapes.SHORT) for _ in range(count))
            return await asyncio.gather(*leaves, return_exceptions=True)

    with faulty(act) as server:
        came = asyncio.run(go(server.url))
        return len(server.asked), came


def test_when_one_call_has_used_up_its_attempts_the_others_do_not_go_on() -> None:
    asked, came = several(lambda number: table.refusing(503), 8, concurrency=8, attempts=4)
    assert all(isinstance(each, EndpointError) for each in came)
    # eight fail together, then half as many, and half of these: nobody has four attempts of its own
    assert asked <= 8 + 4 + 2 + 1


def test_a_fault_that_passes_ends_no_other_call() -> None:
    asked, came = several(
        lambda number: table.refusing(503) if number in (1, 2, 5) else plainly, 6, concurrency=2, attempts=3
    )
    assert [reply.text for reply in came] == ["督查9次。"] * 6
    assert asked == 9


def plainly(call: Call) -> None:
    call.send(served.stream(served.events("督查9次。")))


def test_answers_in_between_leave_each_call_its_own_attempts() -> None:
    asked, came = several(
        lambda number: plainly if number % 3 == 0 else table.refusing(500), 4, concurrency=2, attempts=8
    )
    assert [reply.text for reply in came] == ["督查9次。"] * 4
    assert asked == 12

"""Who asks the writer next."""

from __future__ import annotations

import asyncio

from drafter.drafting.gate import Gate


async def _order(most: int, writing: int, mending: int) -> list[str]:
    """Who is let in, one after the other, when all of them come while the places are taken."""
    gate, said = Gate(most), list[str]()
    closed = asyncio.Event()

    async def holder() -> None:
        async with gate.turn():
            await closed.wait()

    async def one(name: str, mend: bool) -> None:
        async with gate.turn(mending=mend):
            said.append(name)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for _ in range(most):
            group.create_task(holder())
        await asyncio.sleep(0)
        for number in range(writing):
            group.create_task(one(f"w{number}", False))
        for number in range(mending):
            group.create_task(one(f"m{number}", True))
        await asyncio.sleep(0)
        closed.set()
    return said


def test_repairs_go_before_leaves_until_few_leaves_are_left() -> None:
    said = asyncio.run(_order(1, 8, 2))
    assert said == ["m0", "m1", *(f"w{number}" for number in range(8))]
    said = asyncio.run(_order(1, 3, 2))
    assert said == ["w0", "w1", "w2", "m0", "m1"]
    # the last four rounds of leaves go before a repair that comes with the fifth
    said = asyncio.run(_order(2, 10, 1))
    assert said.index("m0") == 0
    assert asyncio.run(_order(2, 8, 1))[-1] == "m0"


def test_no_more_than_may_are_let_in_and_all_are() -> None:
    async def scene() -> tuple[int, int]:
        gate, inside, most, done = Gate(3), 0, 0, 0

        async def one(number: int) -> None:
            nonlocal inside, most, done
            async with gate.turn(mending=number % 3 == 0):
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0)
                inside -= 1
            done += 1

        await asyncio.gather(*(one(number) for number in range(50)))
        return most, done

    assert asyncio.run(scene()) == (3, 50)


def test_who_gives_up_waiting_takes_no_place_along() -> None:
    async def scene() -> list[str]:
        gate, said = Gate(1), list[str]()

        async def one(name: str) -> None:
            async with gate.turn():
                said.append(name)

        async with gate.turn():
            tasks = [asyncio.create_task(one(name)) for name in "abc"]
            await asyncio.sleep(0)
            tasks[0].cancel()  # while it waits
        tasks[1].cancel()  # when the place has just been handed to it
        await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(5), gate.turn():
            said.append("d")
        return said

    assert asyncio.run(scene()) == ["c", "d"]

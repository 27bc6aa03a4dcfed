"""Random sequences of faults, kills and budgets: each run ends in a report or in one line, and the last one mends all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafter import DrafterError, Journal, Report
from tests import fault_table as table
from tests.fault_table import Case
from tests.faulty_server import Act, Call, FaultyServer, faulty, healthy

WAYS = ("reset", "close", "kill")
ANSWERS: dict[str, Act] = {
    "401": table.refusing(401),
    "429": table.refusing(429),
    "503": table.refusing(503),
    "empty": table.answering(table.NULL),
    "filtered": table.answering(table.FILTERED),
    "half": table.half,
    "not JSON": table.answering(b"{"),
}
TOLD = Case("", differs=("repairs",))
"""A patch that was cut off is answered, and a rewrite asked for instead: the record of repair is another."""


@dataclass(frozen=True)
class Trouble:
    """One run: what befalls its calls, in order, healthy after that; and its budget, 0 for none."""

    calls: tuple[str | tuple[str, int], ...]
    budget: int


troubles = st.builds(
    Trouble,
    st.lists(
        st.sampled_from(sorted(ANSWERS))
        | st.tuples(st.sampled_from(WAYS), st.integers(0, 6000))
        | st.just("healthy"),
        max_size=6,
    ).map(tuple),
    st.sampled_from((0, 0, 0, 4000, 8000, 12000)),
)


def drafted(trouble: Trouble, journal: Journal, folder: Path) -> tuple[Report | None, FaultyServer]:
    """What one run came to; None where it was killed or ended in an error of one line."""
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[Report]]] = []

    def kill() -> None:
        loop, task = running[0]
        loop.call_soon_threadsafe(task.cancel)

    def act(number: int) -> Act:
        what = trouble.calls[number - 1] if number <= len(trouble.calls) else "healthy"
        if isinstance(what, str):
            return ANSWERS.get(what, healthy)
        way, byte = what

        def broken(call: Call) -> None:
            call.send(call.whole[:byte])
            if way == "reset":
                call.reset()
            elif way == "kill":
                kill()
                call.hang()

        return broken

    async def whole(url: str) -> Report | None:
        chosen = table.settings(url, attempts=2, concurrency=2, budget_tokens=trouble.budget)
        task = asyncio.create_task(table.drafting(chosen, journal))
        running.append((asyncio.get_running_loop(), task))
        try:
            return await task
        except asyncio.CancelledError:
            return None
        except DrafterError as error:
            errors.append(error)
            return None

    errors: list[DrafterError] = []
    with faulty(act) as server, table.surroundings(Case(""), lambda number: False, folder):
        report = asyncio.run(whole(f"http://{table.HOST}:{server.port}/v1"))
    for error in errors:
        assert error.exit_status == 3
        assert "\n" not in str(error)
        assert "再次运行" in str(error)
    return report, server


def survive(runs: list[Trouble], calm: Report, folder: Path) -> None:
    path = folder / "journal.sqlite"
    try:
        with Journal(path) as journal:
            for trouble in [*runs, Trouble((), 0)]:
                kept = table.received(journal)
                spent = journal.spent().total
                report, server = drafted(trouble, journal, folder)
                asked = {table.messages(body) for body in server.asked}
                assert asked.isdisjoint(kept), "an answered call was asked again"
                assert not (trouble.budget and asked) or journal.spent().total <= trouble.budget
                assert spent <= journal.spent().total
        assert report is not None
        assert table.compared(report, TOLD) == table.compared(calm, TOLD)
    finally:
        path.unlink()


@pytest.fixture(scope="module")
def memory() -> Iterator[Path]:
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def calm(memory: Path) -> Report:
    return table.undisturbed(memory)


FIXTURES = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=12, suppress_health_check=FIXTURES, deadline=None)
@given(runs=st.lists(troubles, min_size=1, max_size=2))
def test_whatever_happens_a_run_ends_in_a_report_or_a_line_and_the_next_goes_on(
    runs: list[Trouble], calm: Report, memory: Path
) -> None:
    survive(runs, calm, memory)


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=FIXTURES, deadline=None)
@given(runs=st.lists(troubles, min_size=1, max_size=3))
def test_many_sequences_of_faults_are_survived(runs: list[Trouble], calm: Report, memory: Path) -> None:
    survive(runs, calm, memory)

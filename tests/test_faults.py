"""Every fault that a model's server can show, at every place of a run: what the user reads, what is kept, how it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from drafter import Report
from tests import fault_table
from tests.fault_table import CASES, FIRST, MENDING, MIDDLE, Case, Outcome, compared


@pytest.fixture(scope="module")
def memory() -> Iterator[Path]:
    """A folder that no disk holds back: each answer is synced before the next is asked for."""
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def calm(memory: Path) -> Report:
    return fault_table.undisturbed(memory)


@pytest.fixture(scope="module")
def page() -> dict[str, list[str]]:
    return fault_table.rows()


def holds(case: Case, place: int, for_ever: bool, memory: Path, calm: Report) -> Outcome:
    done = fault_table.run(case, place, for_ever=for_ever, folder=memory)
    assert compared(done.mended, case) == compared(calm, case)
    assert done.bought_twice == set()
    assert "\n" not in done.said
    if done.report is None:
        assert done.status == 3
        assert "再次运行" in done.said
        assert done.again > 0
    if not case.passes and place != MENDING and done.status == 3:
        assert done.calls <= place, "a fault that cannot pass was tried again"
    return done


def test_the_page_has_a_row_for_each_fault(page: dict[str, list[str]]) -> None:
    assert list(page) == [case.name for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_was_answered_before_a_lasting_fault_is_kept_and_the_rest_is_asked_for(
    case: Case, memory: Path, calm: Report, page: dict[str, list[str]]
) -> None:
    place = MIDDLE if MIDDLE in case.places else FIRST
    done = holds(case, place, True, memory, calm)
    cells = page[case.name]
    assert fault_table.cell(done) == cells[fault_table.COLUMNS.index((place, True))]
    assert done.said == cells[-1]


@pytest.mark.slow
def test_the_page_is_what_the_runs_come_to(memory: Path, calm: Report) -> None:
    found = {
        case.name: {
            (place, for_ever): holds(case, place, for_ever, memory, calm)
            for place, for_ever in fault_table.variants(case)
        }
        for case in CASES
    }
    assert fault_table.table(found) == fault_table.PAGE.read_text("utf-8")

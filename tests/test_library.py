"""The library as its user meets it: the public names, their documentation, the exceptions, and running loops."""

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import drafter
from drafter.errors import DrafterError
from tests.fakes import QueueWriter, faithful

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "docs/exceptions.md"]


# -- names


@pytest.mark.parametrize("name", drafter.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name: str) -> None:
    thing = getattr(drafter, name)
    doc = inspect.getdoc(thing)
    assert doc, f"drafter.{name} has no docstring"
    assert len(doc) > 20
    assert not doc.startswith(f"{name}("), f"drafter.{name} has only the docstring of a data class"


def test_dir_is_the_public_names_and_the_version() -> None:
    assert sorted(dir(drafter)) == sorted([*drafter.__all__, "__version__"])
    assert len(set(drafter.__all__)) == len(drafter.__all__)


def test_what_a_type_checker_sees_is_what_there_is_at_run_time() -> None:
    tree = ast.parse(Path(drafter.__file__).read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    assert ast.unparse(block.test) == "TYPE_CHECKING"
    seen = {
        alias.asname: (node.module, alias.name)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == {
        name: (module, name)
        for module, names in drafter._HOME.items()  # type: ignore[attr-defined]
        for name in names
    }


def test_a_public_name_lives_where_its_module_says_that_it_is_public() -> None:
    for name in drafter.__all__:
        module = importlib.import_module(drafter._WHERE[name])  # type: ignore[attr-defined]
        assert name in getattr(module, "__all__", [name]), f"{module.__name__}.{name}"


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import sys, drafter; print([name for name in sys.modules if name.startswith(('drafter.', 'pydantic'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def names_used(text: str) -> set[str]:
    """`drafter.X` in code, where X is no module of ours and no file."""
    modules = {module.name for module in pkgutil.iter_modules(drafter.__path__)}
    found = set(re.findall(r"(?<![\w./-])drafter\.([A-Za-z_]\w*)", text))
    return found - modules - {"toml", "__version__"} | {
        name.strip()
        for line in re.findall(r"^from drafter import (.+)$", text, re.M)
        for name in line.split(",")
    }


@pytest.mark.parametrize(
    "path", [*PAGES, *sorted((ROOT / "examples").glob("*.py"))], ids=lambda path: path.name
)
def test_pages_and_examples_use_public_names_only(path: Path) -> None:
    used = names_used(path.read_text("utf-8"))
    assert used, "the test would pass on anything"
    assert used <= set(drafter.__all__)


def test_the_page_of_the_library_names_exactly_the_public_names() -> None:
    text = (ROOT / "docs/library.md").read_text("utf-8")
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    listed = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    listed += re.findall(r"`(\w+)`", text.split("## Errors")[1])
    assert sorted(listed) == drafter.__all__


def test_draft_and_adraft_take_the_same_arguments() -> None:
    given = inspect.signature(drafter.adraft).parameters
    assert list(inspect.signature(drafter.draft).parameters.values()) == list(given.values())
    assert {parameter.kind for parameter in list(given.values())[1:]} == {inspect.Parameter.KEYWORD_ONLY}
    assert all(parameter.annotation != "Any" for parameter in given.values())
    described = set(re.findall(r"^    (\w+): ", inspect.getdoc(drafter.adraft) or "", re.M))
    assert set(given) <= described


# -- exceptions


def exceptions(kind: type[DrafterError] = DrafterError) -> Iterator[type[DrafterError]]:
    """Every class of the tree that drafter's own modules define, from the top."""
    yield kind
    for child in kind.__subclasses__():
        if child.__module__.startswith("drafter."):
            yield from exceptions(child)


@pytest.fixture(scope="module")
def every_module() -> None:
    for module in pkgutil.walk_packages(drafter.__path__, "drafter."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


@pytest.mark.usefixtures("every_module")
def test_the_page_of_exceptions_shows_the_tree_as_it_is() -> None:
    tree = re.search(r"```\n(.*?)```", (ROOT / "docs/exceptions.md").read_text("utf-8"), re.S)
    assert tree
    shown: dict[str, tuple[str, int]] = {}
    above: list[str] = []
    for line in tree[1].splitlines():
        indent, name, status = re.fullmatch(r"([│├└─ ]*)(\w+) +(\d+)", line).groups()  # type: ignore[union-attr]
        depth = len(indent) // 4
        above[depth:] = [name]
        shown[name] = (above[depth - 1] if depth else "Exception", int(status))
    assert shown == {kind.__name__: (kind.__bases__[0].__name__, kind.exit_status) for kind in exceptions()}


@pytest.mark.usefixtures("every_module")
def test_the_page_says_of_every_exception_when_and_what_to_do() -> None:
    text = (ROOT / "docs/exceptions.md").read_text("utf-8")
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")][1:]
    assert [row[0].strip() for row in rows] == [kind.__name__ for kind in exceptions()]
    assert [row[0] for row in rows if min(len(cell.strip()) for cell in row[1:]) < 12] == []


@pytest.mark.usefixtures("every_module")
def test_what_a_caller_can_meet_is_public() -> None:
    assert {kind.__name__ for kind in exceptions()} - set(drafter.__all__) == {"ContentFiltered"}


# -- loops


CELLS = """\
import asyncio, json, drafter
ledger = json.loads({ledger!r})
settings = drafter.load_settings({{"offline": True}})
try: drafter.draft(ledger, settings=settings)
except drafter.DrafterError as error: print("SAID", error)

steps = []
report = await drafter.adraft(ledger, settings=settings, on_progress=steps.append)
print("TITLE", report.title, steps[-1].stage)
both = await asyncio.gather(*(drafter.adraft(ledger, settings=settings) for _ in range(2)))
print("SAME", both[0].text == both[1].text == report.text)
print("CHECKED", drafter.check(report.text, ledger, settings=settings).counts["error"])
"""


def test_cells_of_a_notebook_await_adraft(plain: dict[str, Any]) -> None:
    """`python -m asyncio` runs each cell in one running loop, with top-level await, as a notebook's kernel does."""
    import json

    cells = CELLS.format(ledger=json.dumps(plain))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "asyncio"],
        input=cells,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    said = dict(re.findall(r"(SAID|TITLE|SAME|CHECKED) (.*)", done.stdout))
    assert "await drafter.adraft" in said["SAID"], done.stderr
    assert said["TITLE"] == "竹溪镇2024年上半年防汛备汛工作情况汇报 done"
    assert (said["SAME"], said["CHECKED"]) == ("True", "0")
    assert "Traceback" not in done.stderr


def test_other_work_goes_on_while_a_report_is_drafted(plain: dict[str, Any]) -> None:
    async def main() -> tuple[drafter.Report, int]:
        ticks = 0

        async def clock() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0)
                ticks += 1

        ticking = asyncio.create_task(clock())
        report = await drafter.adraft(plain, writer=QueueWriter(faithful, delay=0.01))
        ticking.cancel()
        return report, ticks

    report, ticks = asyncio.run(main())
    assert report.calls > 3
    assert ticks > report.calls


def test_a_corpus_that_was_handed_in_stays_open(plain: dict[str, Any]) -> None:
    with drafter.open_corpus([ROOT / "examples/corpus"]) as past:
        first = drafter.draft(plain, corpus=past)
        second = drafter.draft(plain, corpus=past)
        assert past.search(drafter.Query(text="防汛"))
    assert first.text == second.text


def test_one_folder_need_not_stand_in_a_list() -> None:
    with drafter.open_corpus(str(ROOT / "examples/corpus")) as past:
        assert len(past.documents()) > 10


def test_what_a_callback_raises_comes_out_and_the_replies_are_kept(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    def stop(event: drafter.Progress) -> None:
        if event.stage == "finish":
            raise KeyError("the caller's own fault")

    with drafter.Journal(tmp_path / "journal.sqlite") as journal:
        with pytest.raises(KeyError, match="the caller's own fault"):
            drafter.draft(plain, writer=QueueWriter(faithful), journal=journal, on_progress=stop)
        again = QueueWriter(faithful)
        report = drafter.draft(plain, writer=again, journal=journal)
    assert 0 < len(again.requests) < sum(len(section.parts) for section in report.sections)


def test_a_run_that_is_cancelled_ends_and_the_next_one_works(plain: dict[str, Any]) -> None:
    async def main() -> drafter.Report:
        task = asyncio.create_task(drafter.adraft(plain, writer=QueueWriter(faithful, delay=60)))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await drafter.adraft(plain)

    assert asyncio.run(main()).title.startswith("竹溪镇")

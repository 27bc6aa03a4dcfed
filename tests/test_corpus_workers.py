"""Processes of intake: they end with the one that started them, and a file that kills one is named, whatever else goes in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from drafter.corpus import intake, open_store
from drafter.corpus.readers.text import TextReader
from drafter.corpus.workers import Workers
from drafter.passages import Document
from tests.test_corpus_damage import write_reports

REPO = Path(__file__).parent.parent
posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
linux = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are counted through /proc")


def doubled(item: Any) -> Any:
    """What the processes of these tests do: they die of some items, of a path only the first time."""
    if item == "fatal" or (isinstance(item, Path) and not item.exists()):
        if isinstance(item, Path):
            item.touch()
        os._exit(9)
    if item == "faulty":
        raise ValueError("no good")
    return os.getpid() if item == "who" else item if isinstance(item, Path) else item * 2


def given_up(item: Any) -> str:
    return f"lost {item}"


def test_an_item_that_kills_is_given_up_and_the_rest_is_done_in_order(tmp_path: Path) -> None:
    flag = tmp_path / "once"
    chunks: list[list[Any]] = [[1, "fatal", 3], [4, flag, 5], [], [6]]
    with Workers(2, doubled, given_up) as workers:
        futures = [workers.work(chunk) for chunk in chunks]
        assert [future.result(60) for future in futures] == [
            [2, "lost fatal", 6],
            [8, flag, 10],
            [],
            [12],
        ]
        with pytest.raises(ValueError, match="no good"):
            workers.work([1, "faulty"]).result(60)
        assert workers.work([7]).result(60) == [14]


def asleep(item: Path) -> None:
    item.with_suffix(".part").write_text(str(os.getpid()))
    item.with_suffix(".part").rename(item)
    time.sleep(1000)


@posix
def test_at_the_end_no_process_is_left_whatever_it_was_at(tmp_path: Path) -> None:
    with Workers(1, doubled, given_up) as workers:
        (one,) = workers.work(["who"]).result(60)
    with Workers(1, asleep, given_up) as workers:
        workers.work([tmp_path / "other"])
        while not (tmp_path / "other").exists():
            time.sleep(0.01)
        begun = time.monotonic()
    assert time.monotonic() - begun < 20
    for process in (one, int((tmp_path / "other").read_text())):
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


class Fatal(TextReader):
    """Dies of one file as of a fault in a library."""

    def read(self, path: Path) -> Iterable[Document]:
        if path.name == "00003.txt" and "致命" in path.read_text("utf-8"):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(path)


@posix
def test_a_file_that_kills_who_reads_it_is_skipped_by_name_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_can_travel", lambda readers: True)
    monkeypatch.setattr(intake, "WORTH", 1)
    folder = tmp_path / "报告"
    write_reports(folder, 5)
    bad = folder / "00003.txt"
    good = bad.read_text("utf-8")
    bad.write_text(good + "致命", "utf-8")
    with open_store(tmp_path / "store") as corpus:
        report = corpus.add([folder], readers={"text": Fatal()}, processes=2)
        ((path, reason),) = report.skipped
        assert (report.added, report.unchanged, path) == (4, 0, bad)
        assert "进程中途退出" in reason
        bad.write_text(good, "utf-8")
        assert corpus.add([folder], readers={"text": Fatal()}, processes=2).added == 1


def heed_ctrl_c() -> None:
    """For a process to be started: a shell's background job, and all it starts, would not hear of Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def children(process: int) -> list[int]:
    found = []
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        found += [int(number) for number in listed.read_text().split()]
    return found


def alive(process: int) -> bool:
    """Whether it runs; one that has ended and waits to be noticed does not."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def stopped(
    folder: Path, store: Path, stop: Callable[[subprocess.Popen[str]], None]
) -> tuple[int, str, list[int]]:
    """Stop `corpus add` while its processes are at work: status, what it said, and the processes it had."""
    process = subprocess.Popen(
        [sys.executable, "-m", "drafter", "corpus", "add", str(folder), "--store", str(store)],
        env={**os.environ, "PYTHONPATH": str(REPO)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=heed_ctrl_c,
    )
    had: list[int] = []
    while len(had) < 3 and process.poll() is None:  # two that read, and multiprocessing's own
        time.sleep(0.01)
        had = children(process.pid)
    assert process.poll() is None, process.communicate()
    stop(process)
    _, said = process.communicate(timeout=30)  # ends when nobody holds stdout and stderr any more
    return process.returncode, said, had


@posix
@linux
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor, one process")
@pytest.mark.parametrize(
    "wait", [pytest.param(0.0, id="at their start", marks=pytest.mark.slow), pytest.param(0.6, id="at work")]
)
@pytest.mark.parametrize(
    ("send", "status"),
    [
        (lambda process: os.killpg(process.pid, signal.SIGINT), 130),
        pytest.param(lambda process: process.terminate(), 143, marks=pytest.mark.slow),
        (lambda process: process.kill(), -9),
    ],
    ids=["ctrl-c", "sigterm", "sigkill"],
)
def test_a_stop_ends_all_processes_and_the_same_command_goes_on(
    tmp_path: Path, send: Callable[[subprocess.Popen[str]], None], status: int, wait: float
) -> None:
    folder, store = tmp_path / "报告", tmp_path / "store"
    write_reports(folder, 1500)

    def stop(process: subprocess.Popen[str]) -> None:
        time.sleep(wait)
        send(process)

    code, said, had = stopped(folder, store, stop)
    assert code == status
    if status != -9:  # killed at its start, multiprocessing itself says that its orders broke off
        assert said == "已中断；已入库的都保留，再次运行同一条命令即可接着做\n"
    deadline = time.monotonic() + 10
    while any(map(alive, had)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [process for process in had if alive(process)]
    with open_store(store) as corpus:
        corpus.add([folder / f"{number:05}.txt" for number in range(5)])
        assert len(corpus.listed()) >= 5

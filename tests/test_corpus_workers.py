"""Processes of intake: they end with the one that started them, and a file that kills one is named, whatever else goes in."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drafter.corpus import intake, open_store
from drafter.corpus.workers import Workers
from tests.processes import children, left, linux, posix, start
from tests.test_corpus_damage import write_reports
from tests.worker_items import Fatal, asleep, doubled


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


@posix
def test_at_the_end_no_process_is_left_whatever_it_was_at(tmp_path: Path) -> None:
    with Workers(1, doubled, given_up) as workers:
        (one,) = workers.work(["who"]).result(60)
    with Workers(1, asleep, given_up) as workers:
        workers.work([tmp_path / "other"])
        while not (tmp_path / "other").exists():
            time.sleep(0.01)
    # it would take its number back if it were waited for
    for process in (one, int((tmp_path / "other").read_text())):
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


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

    process = start("corpus", "add", folder, "--store", store, folder=tmp_path)
    had = children(process, 3)  # two that read, and multiprocessing's own
    time.sleep(wait)
    send(process)
    _, said = process.communicate(timeout=30)  # ends when nobody holds stdout and stderr any more
    assert process.returncode == status
    if status != -9:  # killed at its start, multiprocessing itself says that its orders broke off
        assert said == "已中断；已入库的都保留，再次运行同一条命令即可接着做\n"
    assert left(had) == []
    with open_store(store) as corpus:
        corpus.add([folder / f"{number:05}.txt" for number in range(5)])
        assert len(corpus.listed()) >= 5

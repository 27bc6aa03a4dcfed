"""Commands of drafter as processes that a test interrupts, and the processes that those started in turn."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

REPO = Path(__file__).parent.parent
posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
linux = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are counted through /proc")


def heed_ctrl_c() -> None:
    """For a process to be started: a shell's background job, and all it starts, would not hear of Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(*arguments: object, folder: Path) -> subprocess.Popen[str]:
    """`python -m drafter` with these arguments in a folder, at the head of a group that signals can be sent to."""
    return subprocess.Popen(
        [sys.executable, "-m", "drafter", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPO)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=heed_ctrl_c,
    )


def children(process: subprocess.Popen[str], count: int) -> list[int]:
    """The processes that it has started, as soon as they are so many."""
    found: list[int] = []
    while len(found) < count:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
        listed = Path(f"/proc/{process.pid}/task").glob("*/children")
        found = [int(number) for path in listed for number in path.read_text().split()]
    return found


def alive(process: int) -> bool:
    """Whether it runs; one that has ended and waits to be noticed does not."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def left(processes: list[int]) -> list[int]:
    """Those that still run after ten seconds, or none as soon as none does."""
    deadline = time.monotonic() + 10
    while any(map(alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return [process for process in processes if alive(process)]

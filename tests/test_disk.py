"""A disk that is full, a place that may only be read, a clock that jumps: nothing torn, nothing paid twice, a clear line."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from drafter.drafting import Journal
from drafter.drafting.journal import BALLAST
from drafter.drafting.records import read_runs
from drafter.errors import OutputError
from drafter.plugins import Answer as Kept
from drafter.report import Usage
from tests.misbehaving_server import failure, serving, telling

REPO = Path(__file__).resolve().parent.parent


def own_disk(option: str) -> list[str]:
    """Begins a command that sees a disk of its own at $DISK, mounted with this option, where the system lets us."""
    if not shutil.which("unshare"):
        pytest.skip("no unshare on this system: no disk of its own can be made")
    mount = f'mount -t tmpfs -o {option} none "$DISK" && exec "$@"'
    begin = ["unshare", "-rm", "sh", "-c", mount, "sh"]
    tried = subprocess.run(
        [*begin, "true"], env={**os.environ, "DISK": "/mnt"}, capture_output=True, check=False
    )
    if tried.returncode:
        pytest.skip(f"no disk of its own can be made here: {tried.stderr.decode()[:80]}")
    return begin


FULL = """
    import shutil, sys
    from pathlib import Path
    from drafter.cli import run
    disk, url, facts, kept = Path(sys.argv[1]), *sys.argv[2:]
    line = ["draft", facts, "-o", str(disk / "out"), "--base-url", url, "--model", "m-1", "--format", "md"]
    # all but so much of the disk is somebody else's
    room = int(kept)
    free = shutil.disk_usage(disk).free
    (disk / "other").write_bytes(bytes(max(0, free - room)))
    first = run(line)
    left = sorted(path.name for path in (disk / "out").iterdir()) if (disk / "out").exists() else []
    (disk / "other").unlink()
    print(first, left, file=sys.stderr)
    sys.exit(run(line))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a disk of its own is made with Linux namespaces")
@pytest.mark.parametrize("room", [0, 200_000, BALLAST + 40_000, BALLAST + 90_000, BALLAST + 140_000])
def test_a_full_disk_is_one_line_and_nothing_is_paid_twice(
    room: int, plain: dict[str, Any], tmp_path: Path
) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    disk = tmp_path / "disk"
    disk.mkdir()
    code = textwrap.dedent(FULL)
    with serving(telling) as server:
        done = subprocess.run(
            [*own_disk("size=8m"), sys.executable, "-c", code, str(disk), server.url, str(facts), str(room)],
            env={**os.environ, "DISK": str(disk), "PYTHONPATH": str(REPO), "DRAFTER_CONCURRENCY": "3"},
            capture_output=True,
            text=True,
            check=False,
        )
        asked = [json.dumps(body["messages"]) for _, body in server.asked]
    assert done.returncode == 0, done.stderr
    errors = [line for line in done.stderr.splitlines() if line.startswith("错误：")]
    assert "Traceback" not in done.stderr
    first, left = re.search(r"^(\d+) (\[.*\])$", done.stderr, re.MULTILINE).groups()  # type: ignore[union-attr]
    if first == "2":
        assert len(errors) == 1, done.stderr
        assert re.search("磁盘|空间", errors[0])
        assert not re.search(r"report|part|ballast", left), "torn files, or the ballast, are left"
    else:
        assert room > BALLAST + 40_000, "so little room must not do"
        assert (first, errors) == ("0", [])
    assert len(asked) == len(set(asked)), "an answer was paid for twice"


@pytest.mark.skipif(sys.platform != "linux", reason="a disk of its own is made with Linux namespaces")
def test_a_place_that_may_only_be_read_is_told_before_anything_is_asked(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    disk = tmp_path / "disk"
    disk.mkdir()
    with serving(telling) as server:
        endpoint = ["--base-url", server.url, "--model", "m-1"]
        for out in (disk / "out", disk):
            done = subprocess.run(
                [
                    *own_disk("ro"),
                    sys.executable,
                    "-m",
                    "drafter",
                    "draft",
                    str(facts),
                    "-o",
                    str(out),
                    *endpoint,
                ],
                env={**os.environ, "DISK": str(disk), "PYTHONPATH": str(REPO)},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 2, done.stderr
            assert re.search(f"错误：{out}.*Read-only", done.stderr)
        assert server.asked == []


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("faketime"), reason="faketime is not installed: no clock to turn")
def test_a_clock_that_jumps_changes_nothing(plain: dict[str, Any], tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    surroundings = {**os.environ, "PYTHONPATH": str(REPO), "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    date = {"Date": "Wed, 05 Mar 2025 10:00:00 GMT", "Retry-After": "Wed, 05 Mar 2025 10:00:01 GMT"}
    reports = []
    # a clock that races (an hour a second) into the future, then one that stands three years back
    clocks = (["-f", "@2027-01-01 00:00:00 x3600"], ["-f", "@2024-01-01 00:00:00"], [])
    with serving(failure(429, headers=date), telling) as server:
        for clock in clocks:
            begin = ["faketime", *clock] if clock else []
            out = tmp_path / "out"
            line = [
                sys.executable,
                "-m",
                "drafter",
                "draft",
                str(facts),
                "-o",
                str(out),
                "--base-url",
                server.url,
            ]
            done = subprocess.run(
                [*begin, *line, "--model", "m-1", "--format", "md"],
                env=surroundings,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            reports.append((out / "report.md").read_bytes())
            asked = len(server.asked)
            if clock is clocks[0]:
                first = asked
    assert asked == first, "nothing was paid for again because the clock was turned"
    assert len(set(reports)) == 1
    runs, _ = read_runs([tmp_path / "out/journal.sqlite"])
    assert [run.started[:4] for run in runs][:2] == ["2027", "2024"], "in the order in which they were"


def test_when_even_the_ballast_is_not_enough_the_line_says_so(tmp_path: Path) -> None:
    with Journal(tmp_path / "j.sqlite") as journal:
        journal.begin(title="t", writer="w", model="m", url="", drafter="0")
        number = journal.sent("k", 0, Usage(), section="s", heading="h", purpose="write", url="", body={})
        journal.rows("PRAGMA max_page_count = 1")  # as a disk that takes no page more
        with pytest.raises(OutputError, match="日志写不了"):
            journal.received(number, Kept("长" * 100_000, usage=Usage()), Usage(), 0.1)
        assert not (tmp_path / ".j.sqlite.ballast").exists()
        with pytest.raises(OutputError, match="没有再调用"):
            journal.sent("k2", 0, Usage(), section="s", heading="h", purpose="write", url="", body={})
        journal.rows("PRAGMA max_page_count = 1000000")
        journal.received(number, Kept("到了", usage=Usage()), Usage(), 0.1)
        answer = journal.answer("k", 0)
        assert answer is not None
        assert answer.text == "到了"

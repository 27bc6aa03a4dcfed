"""Kill -9 in the middle of an endpoint run, then the same command again: the same report, and nothing bought twice."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from drafter.cli import run
from tests.misbehaving_server import Answer, Script, completion, facts_of, mends, serving, telling

REPO = Path(__file__).resolve().parent.parent
DELAY = 0.12
"""Seconds that the server takes for an answer, so that a kill finds calls under way."""


def answering(body: dict[str, Any]) -> Answer:
    """What a model might answer: the facts of the prompt; every other leaf with a wrong number, which is then mended."""
    asked = body["messages"][-1]["content"]
    facts = facts_of(body)
    faulty = not mends(asked) and len(facts) % 2 == 0
    answer = completion(f"{'，'.join(facts[:-1])}。同时开展活动37场次。") if faulty else telling(body)
    return Answer(answer.body, delay=DELAY)


def command(facts: Path, out: Path, server: Script) -> list[str]:
    return [
        *(sys.executable, "-m", "drafter", "draft", str(facts), "-o", str(out)),
        *("--base-url", server.url, "--model", "m-1"),
    ]


def received(out: Path) -> set[str]:
    """The messages of every call whose answer is in the journal."""
    path = out / "journal.sqlite"
    if not path.exists():
        return set()
    with closing(sqlite3.connect(path)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'calls'").fetchone():
            return set()
        rows = db.execute("SELECT body FROM calls WHERE received IS NOT NULL").fetchall()
    return {json.dumps(json.loads(body)["messages"], sort_keys=True) for (body,) in rows}


def asked(server: Script) -> list[str]:
    return [json.dumps(body["messages"], sort_keys=True) for _, body in server.asked]


def told(out: Path) -> dict[str, Any]:
    """The report without what a second run may differ in: who was asked when, and how long it took."""
    data = json.loads((out / "report.json").read_text("utf-8"))
    for part in (
        data,
        *data["sections"],
        *(part for section in data["sections"] for part in section["parts"]),
    ):
        for name in ("seconds", "writer_seconds", "calls", "tokens", "spending", "cost", "resumed"):
            part.pop(name, None)
    return data


def survive(facts: Path, tmp_path: Path, kills: int, seed: int | None = None) -> None:
    """Kill at random moments, or without a seed when the third, fourth, … request comes in."""
    surroundings = {**os.environ, "PYTHONPATH": str(REPO), "DRAFTER_CONCURRENCY": "2"}
    with serving(answering) as server:
        begun = time.monotonic()
        subprocess.run(
            command(facts, tmp_path / "calm", server), env=surroundings, capture_output=True, check=True
        )
        before_asking, asking = server.times[0] - begun, time.monotonic() - server.times[0]
        calm, bought = told(tmp_path / "calm"), len(server.asked)
        words = (tmp_path / "calm" / "report.md").read_bytes()
        chance = random.Random(seed)
        in_the_middle = 0
        for number in range(kills):
            out = tmp_path / f"killed-{number}"
            server.asked.clear()
            process = subprocess.Popen(
                command(facts, out, server),
                env=surroundings,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            # every fourth before anything is asked, the others at some moment from the first request to the end
            early = seed is not None and number % 4 == 3
            wanted = 0 if early else 1 if seed is not None else number + 3
            moment = 0.0 if seed is None else chance.uniform(0, before_asking if early else asking)
            try:
                while len(server.asked) < wanted:
                    time.sleep(0.01)
                process.wait(moment)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
            time.sleep(2 * DELAY)  # answers under way find nobody
            before, kept = asked(server), received(out)
            whole = {"report.md": words}
            for name in ("report.md", "report.json", "report.html", "report.docx"):
                if (out / name).exists():
                    content = (out / name).read_bytes()
                    assert content == whole.get(name, content), f"torn {name}, killed after {moment:.3f} s"
                    assert content
            server.asked.clear()
            again = subprocess.run(
                command(facts, out, server), env=surroundings, capture_output=True, text=True
            )
            assert again.returncode == 0, again.stderr
            after = asked(server)
            assert kept.isdisjoint(after), f"bought twice, killed after {moment:.3f} s (seed {seed})"
            assert len(set(before) | set(after)) == bought
            assert len(before) + len(after) <= bought + 2, "more was lost than the calls under way"
            assert told(out) == calm
            assert (out / "report.md").read_bytes() == words
            assert not list(out.glob(".*")), "litter is left behind"
            in_the_middle += 0 < len(kept) < bought
    assert in_the_middle, "no kill hit the middle of a run"


@pytest.fixture
def facts(plain: dict[str, Any], tmp_path: Path) -> Path:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    return path


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX signal")
def test_a_kill_loses_and_costs_nothing(facts: Path, tmp_path: Path) -> None:
    survive(facts, tmp_path, 1)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX signal")
def test_twenty_kills_at_random_moments_lose_and_cost_nothing(facts: Path, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    survive(facts, tmp_path, 20, seed)


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX signal")
def test_a_second_process_on_the_same_output_gets_a_clear_line(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    surroundings = {**os.environ, "PYTHONPATH": str(REPO)}
    with serving(lambda body: Answer(answering(body).body, delay=3)) as server:
        first = subprocess.Popen(
            command(facts, tmp_path / "out", server),
            env=surroundings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while not server.asked:
                time.sleep(0.05)
            second = run(command(facts, tmp_path / "out", server)[3:])
            said = capsys.readouterr().err
            looked = run(["log", str(tmp_path / "out")])
        finally:
            first.kill()
            first.wait()
    assert second == 2
    assert f"另一个 drafter（进程 {first.pid}）正在使用这个输出位置" in said
    assert said.count("\n") == 1
    assert (looked, "正在进行" in capsys.readouterr().out) == (0, True)

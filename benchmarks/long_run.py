"""A long run: a batch through a server that misbehaves, killed again and again and started anew; what was lost of it.

    python -m benchmarks.long_run [--reports 100] [--kills 20] [--seed 1] [--keep]

The server (tests/faulty_server.py) tells the facts of each prompt, and by seed refuses (429, 503), answers nothing, breaks
off, cuts replies short and hands in what is no JSON. `drafter batch` is killed with SIGKILL at moments drawn by seed and started
anew with the same command until it is done. The server knows which replies it has sent in full; what the journals held is
read after each kill. Then the same ledgers are drafted by a server without a fault and a process that nobody kills.

A reply is lost when it was in a journal and its call came in again. One that the server had sent, and that had not reached
the disk when the process was killed, is bought again: it is counted apart.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.quantities.speed import facts_of
from benchmarks.results import keep
from benchmarks.rows import Row, markdown
from tests import fault_table as faults
from tests.faulty_server import Act, Call, FaultyServer, events, faulty, healthy, stream
from tests.faulty_server import counted as counted_tokens

ROOT = Path(__file__).resolve().parent.parent
FACTS = 24
AT_ONCE = 8
OPENING = "半年来，各项工作有序推进。"
_ROLES = ("done",) * 4 + ("problem", "plan")
_TOWNS = ("青白清双柳枫桐梅石松", "溪桥坪湾岭塘河店滩浦")
PATIENCE = 600.0
"""Seconds after which a run that goes on is a fault of its own."""


def _broken(end: str) -> Act:
    """Some of the reply, and then the connection is gone."""

    def act(call: Call) -> None:
        call.send(call.begun(40))
        if end == "reset":
            call.reset()

    return act


MISHAPS: dict[str, Act] = {
    "429": faults.refusing(429),
    "503": faults.refusing(503),
    "empty": faults.answering(faults.NULL),
    "reset": _broken("reset"),
    "closed": _broken("close"),
    "cut short": faults.half,
    "no JSON": faults.answering(b"{"),
}
"""What befalls a call; all of it may pass when it is asked again."""
SHARE = 0.07
"""Of the calls, those that something befalls."""


@dataclass
class Seen:
    """What the server saw, in order: ("asked", prompt), ("sent", prompt) for a reply that went out in full, and of each kill
    ("struck", "") at the moment and ("killed", "") when what was under way has gone out."""

    seed: int
    misbehaves: bool = True
    events: list[tuple[str, str]] = field(default_factory=list)
    held: list[set[str]] = field(default_factory=list)
    """After each kill, the prompts whose reply was in a journal."""
    befallen: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def act(self, number: int) -> Act:
        """What befalls the call of this number."""
        chance = random.Random(f"{self.seed}/{number}")
        mishap = chance.choice(sorted(MISHAPS)) if self.misbehaves and chance.random() < SHARE else ""
        wait = chance.uniform(0.02, 0.15)

        def answered(call: Call) -> None:
            prompt = faults.messages(call.body)
            with self.lock:
                self.events.append(("asked", prompt))
            time.sleep(wait)
            if not call.text:  # the opening has no facts to tell
                call.send(stream(events(OPENING, prompt_tokens=counted_tokens(call.body))))
            else:
                (MISHAPS[mishap] if mishap else healthy)(call)
            with self.lock:
                if mishap and call.text:
                    self.befallen[mishap] += 1
                if (
                    mishap in ("", "cut short") or not call.text
                ):  # what it had to say has gone out to the last byte
                    self.events.append(("sent", prompt))

        return answered

    def killed(self, out: Path) -> None:
        """Note a kill, and what the journals hold after it."""
        with self.lock:
            self.events.append(("killed", ""))
            self.held.append(kept(out))

    @property
    def asked(self) -> int:
        """Calls that came in."""
        return sum(what == "asked" for what, _ in self.events)


def ledgers(folder: Path, count: int) -> None:
    """So many facts files, each of a town of its own."""
    folder.mkdir(parents=True)
    for place in range(count):
        made = facts_of(FACTS, seed=place).model_dump(mode="json")
        made["organization"] = f"{_TOWNS[0][place // 10 % 10]}{_TOWNS[1][place % 10]}镇"
        for number, fact in enumerate(made["facts"]):
            fact["role"] = _ROLES[number % len(_ROLES)]
        (folder / f"town-{place:04}.json").write_text(json.dumps(made, ensure_ascii=False), "utf-8")


def kept(out: Path) -> set[str]:
    """The prompts whose whole reply is in a journal below this folder."""
    found = set()
    for path in out.glob("*/journal.sqlite"):
        with closing(sqlite3.connect(path)) as db:
            if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'calls'").fetchone():
                rows = db.execute(
                    "SELECT body FROM calls WHERE finish IN ('stop', 'length') AND text != ''"
                ).fetchall()
                found |= {faults.messages(json.loads(body)) for (body,) in rows}
    return found


def _start(folder: Path, out: Path, server: FaultyServer) -> subprocess.Popen[bytes]:
    command = [
        *(
            sys.executable,
            "-m",
            "drafter",
            "batch",
            str(folder / "facts"),
            "-o",
            str(out),
            "--format",
            "json",
        ),
        *("--base-url", server.url, "--model", "m-1", "--concurrency", str(AT_ONCE)),
        *("--corpus", str(ROOT / "examples" / "corpus")),
    ]
    own = {key: value for key, value in os.environ.items() if not key.startswith(("OPENAI_", "DRAFTER_"))}
    own |= {"PYTHONPATH": str(ROOT), "DRAFTER_CACHE_DIR": str(folder / "cache")}
    own |= {"DRAFTER_SETTINGS": str(folder / "none.toml"), "DRAFTER_ATTEMPTS": "6"}
    (folder / "none.toml").touch()
    return subprocess.Popen(command, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _to_the_end(folder: Path, out: Path, server: FaultyServer) -> int:
    """Start it until it is done by itself; how often, since a run may give up on the server."""
    for times in range(1, 20):
        status = _start(folder, out, server).wait(PATIENCE)
        if status in (0, 1):
            return times
        if status != 3:
            raise RuntimeError(f"drafter batch ended with {status}")
    raise RuntimeError("drafter batch did not come to an end")


def _kill(process: subprocess.Popen[bytes], seen: Seen, calls: int, moment: float) -> bool:
    """Kill it so many calls and then so many seconds from now; whether it still ran."""
    wanted = seen.asked + calls
    while seen.asked < wanted and process.poll() is None:
        time.sleep(0.005)
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        with seen.lock:
            seen.events.append(("struck", ""))
        process.wait()
        return True
    return False


def reports_in(out: Path) -> dict[str, Any]:
    """Each report without what a second run may differ in: cost, time, and how a reply that was cut off was mended."""
    found = {}
    for path in sorted(out.glob("*/report.json")):
        data = json.loads(path.read_text("utf-8"))
        parts = [part for section in data["sections"] for part in section["parts"]]
        for each in (data, *data["sections"], *parts):
            for name in (*faults.COSTS, "repairs"):
                each.pop(name, None)
        found[path.parent.name] = data
    return found


def difference(one: Any, other: Any, path: str = "") -> str:
    """Where two reports first differ, and how; empty where they do not."""
    if isinstance(one, dict) and isinstance(other, dict):
        pairs = [(f"{path}.{key}", one.get(key), other.get(key)) for key in sorted(one.keys() | other.keys())]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(f"{path}[{place}]", *pair) for place, pair in enumerate(zip(one, other, strict=True))]
    else:
        return "" if one == other else f"{path}: {str(one)[:200]!r}, then {str(other)[:200]!r}"
    return next((found for where, *pair in pairs if (found := difference(*pair, where))), "")


@dataclass
class Outcome:
    """What a long run came to."""

    reports: int
    kills: int
    starts: int
    calls: int
    sent: int
    """Replies that the server sent in full."""
    lost: int
    """Of these, in a journal at a kill, and their call came in again."""
    twice: int
    """Of these, asked for again with no kill between."""
    unsaved: int
    """Of these, sent before a kill, not on the disk at it, and asked for again."""
    unheard: int
    """Of these, sent when the process that had asked was killed already, and asked for again."""
    unused: int
    """Of these, in no journal in the end."""
    missing: list[str]
    different: list[str]
    befallen: Counter[str]
    seconds: float


def counted(seen: Seen) -> Counter[str]:
    """The replies that were lost, bought twice, unsaved or unheard."""
    found: Counter[str] = Counter()
    kills, struck = 0, False
    sent: dict[str, tuple[int, bool]] = {}
    for what, prompt in seen.events:
        if what == "struck":
            struck = True
        elif what == "killed":
            kills, struck = kills + 1, False
        elif what == "sent":
            found["sent"] += 1
            sent[prompt] = kills, struck
        elif any(prompt in held for held in seen.held[:kills]):
            found["lost"] += 1
        elif prompt in sent:
            before, dead = sent[prompt]
            found["twice" if before == kills else "unheard" if dead else "unsaved"] += 1
    return found


def run(reports: int, kills: int, seed: int, folder: Path) -> Outcome:
    """Both runs, in a folder that is empty."""
    ledgers(folder / "facts", reports)
    calm = Seen(seed, misbehaves=False)
    with faulty(calm.act) as server:
        _to_the_end(folder, folder / "calm", server)
    wanted = reports_in(folder / "calm")
    seen, out, chance, starts, fallen = Seen(seed), folder / "out", random.Random(seed), 0, 0
    begun = time.monotonic()
    with faulty(seen.act) as server:
        for number in range(kills):
            # every fifth while it starts, the others after some calls, so that some are left for the last
            most = max(1, int(1.6 * (calm.asked - seen.asked) / (kills - number + 1)))
            calls = 0 if number % 5 == 4 else chance.randint(1, most)
            starts += 1
            fallen += _kill(
                _start(folder, out, server), seen, calls, chance.uniform(0, 1 if not calls else 0.2)
            )
            time.sleep(0.3)  # what was under way goes out and finds nobody
            seen.killed(out)
        starts += _to_the_end(folder, out, server)
    got = reports_in(out)
    told = counted(seen)
    sent = {prompt for what, prompt in seen.events if what == "sent"}
    return Outcome(
        reports=reports,
        kills=fallen,
        starts=starts,
        calls=seen.asked,
        sent=told["sent"],
        lost=told["lost"],
        twice=told["twice"],
        unsaved=told["unsaved"],
        unheard=told["unheard"],
        unused=len(sent - kept(out)),
        missing=sorted(wanted.keys() - got.keys()),
        different=[
            f"{name} {where}"
            for name in sorted(wanted.keys() & got.keys())
            if (where := difference(wanted[name], got[name]))
        ],
        befallen=seen.befallen,
        seconds=time.monotonic() - begun,
    )


def rows(told: Outcome) -> list[Row]:
    """The rows for RESULTS.md."""
    data = f"{told.reports} reports, killed {told.kills} times"
    mishaps = ", ".join(f"{name} {count}" for name, count in sorted(told.befallen.items()))
    return [
        Row("replies in a journal at a kill and asked for again", data, told.sent, str(told.lost), target="≤ 0"),
        Row("replies asked for twice with no kill between", data, told.sent, str(told.twice), target="≤ 0"),
        Row("replies sent in full that no journal has in the end", data, told.sent, str(told.unused), target="≤ 0"),
        Row(
            "replies bought again: sent before the kill, not on the disk yet",
            data,
            told.sent,
            str(told.unsaved),
            note=f"{told.unsaved / max(1, told.kills):.2f} a kill, at {AT_ONCE} calls at once",
        ),
        Row(
            "replies bought again: sent when who had asked was killed already",
            data,
            told.sent,
            str(told.unheard),
            note=f"{told.unheard / max(1, told.kills):.2f} a kill",
        ),
        Row("reports missing", data, told.reports, str(len(told.missing)), target="≤ 0"),
        Row(
            "reports that differ from an undisturbed run's",
            data,
            told.reports,
            str(len(told.different)),
            target="≤ 0",
        ),
        Row("calls that came in", data, None, f"{told.calls:,}", note=f"{told.starts} starts; {mishaps}"),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=100)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="leave the rows for RESULTS.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = run(given.reports, given.kills, given.seed, Path(folder))
    print(markdown(rows(told)))
    for name in (*told.missing, *told.different):
        print(f"missing or different: {name}", file=sys.stderr)
    if given.keep:
        keep(
            "long-run",
            "A long run with faults and kills",
            rows(told),
            command=f"python -m benchmarks.long_run --reports {given.reports} --kills {given.kills}",
            seeds=f"{given.seed} (faults and kills), 0 to {given.reports - 1} (ledgers)",
        )


if __name__ == "__main__":
    main()

"""Runs the rows with a real model and keeps each report in runs.jsonl; what is there is not run again.

    python -m benchmarks.quality.run --base-url http://127.0.0.1:8080/v1 --model my-model
        [--rows plain,drafter] [--facts shaodu-elderly,…] [--seeds 1,2] [--shared ../shared] [--peers PYTHON] [--again]

File by file, and within a file row by row, so that what is there compares whenever it is stopped; a killed run loses the
report under way. `python -m benchmarks.quality.table` makes the table.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
import urllib.request
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.quality.cases import CORPUS, HERE, NAMES, ROOT, Case, load_cases
from benchmarks.quality.peers import ROWS as PEERS
from benchmarks.quality.peers import Job

RUNS = HERE / "runs.jsonl"
OURS = ("drafter-offline", "drafter", "drafter-unchecked", "drafter-unmasked", "drafter-sealed")
ROWS = ("plain", "drafter-offline", "drafter", "pasted", "drafter-unchecked", "langchain", "drafter-unmasked", "instructor", "drafter-sealed")  # fmt: skip
"""In the order in which they are run: those that the targets compare come first, and none behind one that begins its
prompts alike, for the server's cache would pay for it."""
LONGEST = 3600 * 2
"""Seconds that one report may take."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--rows", default=",".join(ROWS), help="divided by commas")
    parser.add_argument("--facts", default=",".join(NAMES), help="divided by commas")
    parser.add_argument("--seeds", default="1", help="divided by commas; each is a run of its own")
    parser.add_argument("--temperature", type=float, default=0.3)
    parser.add_argument(
        "--shared", type=Path, default=shared_folder(), help="folder with cases/ (or DRAFTER_BENCH_SHARED)"
    )
    parser.add_argument("--peers", default=str(ROOT / "build/quality-peers/bin/python"), help="their Python")
    parser.add_argument("--runs", type=Path, default=RUNS)
    parser.add_argument("--again", action="store_true", help="also what is there; of two the later counts")
    options = parser.parse_args()
    rows, wanted = options.rows.split(","), options.facts.split(",")
    if unknown := [row for row in rows if row not in ROWS] + [name for name in wanted if name not in NAMES]:
        parser.error(f"not there: {', '.join(unknown)}; rows: {', '.join(ROWS)}; facts: {', '.join(NAMES)}")
    cases = load_cases(options.shared)
    finished = set() if options.again else {key(row) for row in kept(options.runs)}
    for name in wanted:
        if name not in cases:
            print(f"{name}: not there (--shared)", file=sys.stderr)
            continue
        for seed in map(int, options.seeds.split(",")):
            for row in rows:
                one = {"row": row, "facts": name, "seed": seed, "model": options.model}
                if key(one) not in finished:
                    _run(one, cases[name], options)


def shared_folder() -> Path:
    return Path(os.environ.get("DRAFTER_BENCH_SHARED") or ROOT.parent / "shared")


def key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["row"], row["facts"], row["seed"], row["model"]


def kept(path: Path) -> list[dict[str, Any]]:
    """The rows that are there; of a line that a kill cut off nothing, of two of the same run the later."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        rows[key(row)] = row
    return list(rows.values())


def keep(path: Path, row: dict[str, Any]) -> None:
    """Append a row, on a line of its own also behind one that a kill cut off."""
    broken = path.is_file() and path.stat().st_size and not path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" * bool(broken) + json.dumps(row, ensure_ascii=False) + "\n")


def _run(one: dict[str, Any], case: Case, options: argparse.Namespace) -> None:
    job = Job(
        case=case.name,
        facts=str(case.path),
        best=str(case.best),
        corpus=str(CORPUS),
        base_url=options.base_url,
        model=options.model,
        seed=one["seed"],
        temperature=options.temperature,
    )
    if one["row"] in PEERS:
        command = [options.peers, "-m", "benchmarks.quality.peers", one["row"]]
        if not Path(options.peers).exists():
            print(f"{case.name} {one['row']}: no Python for the peers at {options.peers} (make bench-quality makes it)", file=sys.stderr)  # fmt: skip
            return
    else:
        command = [sys.executable, "-m", "benchmarks.quality.ours", one["row"]]
    if one["row"] != "drafter-offline":
        forget_prompts(job)
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    done = subprocess.run(
        command, input=json.dumps(asdict(job)), capture_output=True, text=True, encoding="utf-8",
        timeout=LONGEST, cwd=ROOT, env=environ,
    )  # fmt: skip
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no word why"]
        print(f"{case.name} {one['row']}: failed ({last[0]}); not kept, the next run tries it again", file=sys.stderr)  # fmt: skip
        return
    result = json.loads(done.stdout)
    result["versions"] |= {"python": platform.python_version(), "commit": _commit()}
    row = {
        **one,
        "temperature": options.temperature,
        "digest": hashlib.sha256(case.path.read_bytes()).hexdigest()[:12],
        "when": time.strftime("%Y-%m-%dT%H:%M"),
        "load": round(load, 1),
        **result,
    }
    keep(options.runs, row)
    print(f"{case.name} {one['row']}: {len(row['text'])} characters, {row['seconds']:.0f} s", file=sys.stderr)


def forget_prompts(job: Job) -> None:
    """Ask something else, so that no row begins with the server's cache of the row before."""
    body = {"model": job.model, "max_tokens": 1, "messages": [{"role": "user", "content": "回答“好”。"}]}
    request = urllib.request.Request(
        job.base_url.rstrip("/") + "/chat/completions",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=job.timeout) as answer:
        answer.read()


def _commit() -> str:
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return told.stdout.strip() if told.returncode == 0 else ""


if __name__ == "__main__":
    main()

"""What drafter costs outside the model: one command, one table.

    python -m benchmarks.cost [--shared ../shared] [--runs 5] [--base-url URL --model M] [--latency 6] [--keep]

Whole processes are timed from outside, median of some runs after one that is not counted; memory is the largest
resident set that the operating system saw. Beside the clock stands the processor's time, which others at work on the machine
lengthen less. Without --base-url the endpoint run asks a stub on loopback that takes
--latency seconds a call and answers with the facts it was asked to write.
"""

from __future__ import annotations

import argparse
import http.server
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.results import keep
from benchmarks.rows import Row, markdown

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Timed:
    """Medians over some runs of a command: wall and processor seconds, and the largest resident set of the last in MB."""

    wall: float
    processor: float
    memory: float


def timed(command: list[str], runs: int, environ: dict[str, str]) -> Timed:
    """Run it once more than is counted; of 0 runs the one counts."""
    walls, busy, memory = [], [], 0.0
    for number in range(runs + 1):
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ)
        _, _, used = os.wait4(process.pid, 0)
        if number or not runs:
            walls.append(time.perf_counter() - begun)
            busy.append(used.ru_utime + used.ru_stime)
            memory = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return Timed(statistics.median(walls), statistics.median(busy), memory)


class Stub(http.server.BaseHTTPRequestHandler):
    """Answers every chat completion after a fixed time with the fact texts found in the prompt."""

    latency = 6.0

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        time.sleep(self.latency)
        facts = [
            json.loads(line)["text"]
            for line in re.findall(r'^\{"text".*\}$', asked["messages"][-1]["content"], re.M)
        ]
        text = "。".join(facts or ["现将有关情况汇报如下"]) + "。"
        body = json.dumps(
            {
                "id": "stub",
                "object": "chat.completion",
                "created": 0,
                "model": asked["model"],
                "choices": [
                    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
                ],
                "usage": {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200},
            }
        ).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the table clean."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--shared", type=Path, default=ROOT.parent / "shared", help="folder with cases/ and seeds/"
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--base-url", default="")
    parser.add_argument("--model", default="stub")
    parser.add_argument("--latency", type=float, default=6.0, help="seconds a call of the stub takes")
    parser.add_argument("--keep", action="store_true", help="leave the rows for RESULTS.md")
    options = parser.parse_args()

    facts = options.shared / "cases" / "s0" / "facts.json"
    corpus = sorted(
        str(path) for path in (options.shared / "seeds").glob("*.txt") if not path.name.startswith("000_")
    )
    label = "case s0, corpus of the other seeds"
    if not facts.is_file():
        facts, corpus = ROOT / "examples/facts/yunxi-safety.json", [str(ROOT / "examples/corpus")]
        label = "examples/yunxi-safety"
    drafter = [sys.executable, "-m", "drafter"]
    with tempfile.TemporaryDirectory() as folder:
        # compiled modules are kept, as an installation has them
        apart = ("OPENAI_", "DRAFTER_", "PYTHONDONTWRITEBYTECODE")
        environ = {key: value for key, value in os.environ.items() if not key.startswith(apart)}
        environ |= {"DRAFTER_CACHE_DIR": f"{folder}/cache", "DRAFTER_SETTINGS": f"{folder}/none.toml"}
        environ |= {"PYTHONPATH": str(ROOT)}
        Path(folder, "none.toml").touch()
        subprocess.run([*drafter, "info"], check=False, capture_output=True, env=environ)
        draft = [*drafter, "draft", str(facts), "--force", "-o", f"{folder}/out"]
        past = [word for path in corpus for word in ("--corpus", path)]
        cold = timed([*draft, *past, "--offline"], 0, environ)
        offline = timed([*draft, *past, "--offline"], options.runs, environ)
        word = f"{folder}/out/report.docx"
        check = timed([*drafter, "check", word, "--facts", str(facts), *past], options.runs, environ)
        help_ = timed([*drafter, "--help"], options.runs, environ)
        bare = timed([sys.executable, "-c", "pass"], options.runs, environ)

        url = options.base_url
        server = None
        if not url:
            Stub.latency = options.latency
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            url = f"http://127.0.0.1:{server.server_port}/v1"
        asked = [*draft, *past, "--fresh", "--base-url", url, "--model", options.model]
        whole = timed(asked, 0, environ)
        if server:
            server.shutdown()
        report = json.loads(Path(folder, "out/report.json").read_text("utf-8"))
    waiting = report["writer_seconds"]
    who = f"a stub of {options.latency:g} s a call" if server else options.model

    def row(measure: str, took: Timed, target: str = "") -> Row:
        note = f"by the clock {took.wall:.2f} s"
        return Row(
            f"{measure}: processor time",
            label,
            options.runs,
            f"{took.processor:.2f} s",
            target=target,
            note=note,
        )

    rows = [
        row("draft --offline, whole process, index ready", offline, "≤ 1.5 s"),
        Row("its peak memory", label, 1, f"{offline.memory:.0f} MB", target="≤ 150 MB"),
        row("the same the first time, past reports read and indexed", cold),
        row("check of the Word file, whole process", check),
        row("--help, whole process", help_, "≤ 0.25 s"),
        row("python -c pass, for comparison", bare),
        Row(
            "of a draft with an endpoint, own processor time over the waiting for it",
            f"{label}, {who}, {report['calls']} calls",
            1,
            f"{100 * whole.processor / waiting:.1f}%",
            note=f"{whole.processor:.2f} of {waiting:.1f} s",
        ),
    ]
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores; medians of {options.runs}\n\n{markdown(rows)}"
    )
    if options.keep:
        keep(
            "cost",
            "What drafter costs outside the model",
            rows,
            command=f"python -m benchmarks.cost --runs {options.runs}",
        )


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()

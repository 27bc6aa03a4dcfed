"""What drafter costs outside the model: one command, one table.

    python benchmarks/cost.py [--shared ../shared] [--runs 5] [--base-url URL --model M] [--latency 6]

Whole processes are timed from outside, median of some runs after one that is not counted; memory is the largest
resident set that the operating system saw. Without --base-url the endpoint run asks a stub on loopback that takes
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
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def timed(command: list[str], runs: int, environ: dict[str, str]) -> tuple[float, float, float]:
    """Median, minimum and maximum wall seconds."""
    walls = []
    for number in range(runs + 1):
        begun = time.perf_counter()
        subprocess.run(
            command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ
        )
        if number:
            walls.append(time.perf_counter() - begun)
    return statistics.median(walls), min(walls), max(walls)


def peak_megabytes(command: list[str], environ: dict[str, str]) -> float:
    """The largest resident set of one run, asked of a fresh parent so that no other child counts."""
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], capture_output=True, text=True, env=environ, check=True
    )
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    return int(done.stdout) / unit


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
        environ = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "DRAFTER_"))}
        environ |= {"DRAFTER_CACHE_DIR": f"{folder}/cache", "DRAFTER_SETTINGS": f"{folder}/none.toml"}
        Path(folder, "none.toml").touch()
        draft = [*drafter, "draft", str(facts), "--force", "-o", f"{folder}/out"]
        for path in corpus:
            draft += ["--corpus", path]
        begun = time.perf_counter()
        subprocess.run([*draft, "--offline"], check=False, capture_output=True, env=environ)
        cold = time.perf_counter() - begun
        offline = timed([*draft, "--offline"], options.runs, environ)
        memory = peak_megabytes([*draft, "--offline"], environ)
        help_ = timed([*drafter, "--help"], options.runs, environ)
        bare = timed([sys.executable, "-c", "pass"], options.runs, environ)

        url = options.base_url
        server = None
        if not url:
            Stub.latency = options.latency
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            url = f"http://127.0.0.1:{server.server_port}/v1"
        begun = time.perf_counter()
        subprocess.run(
            [*draft, "--fresh", "--base-url", url, "--model", options.model],
            check=False,
            capture_output=True,
            env=environ,
        )
        whole = time.perf_counter() - begun
        if server:
            server.shutdown()
        report = json.loads(Path(folder, "out/report.json").read_text("utf-8"))
    waited = report["writer_seconds"]
    who = f"stub, {options.latency:g} s a call" if server else options.model
    print(
        f"{label}; Python {sys.version.split()[0]}, {os.cpu_count()} cores; median of {options.runs} (min to max)\n"
    )
    print("| measure | figure | target |")
    print("|---|---|---|")
    print(
        f"| `draft --offline`, whole process, index ready | {offline[0]:.2f} s ({offline[1]:.2f} to {offline[2]:.2f}) | 1.5 s |"
    )
    print(f"| the same the first time, corpus read and indexed | {cold:.2f} s | – |")
    print(f"| its peak memory | {memory:.0f} MB | 150 MB |")
    print(f"| `--help` | {help_[0]:.2f} s ({help_[1]:.2f} to {help_[2]:.2f}) | 0.25 s |")
    print(f"| `python -c pass`, for comparison | {bare[0]:.2f} s | – |")
    print(f"| endpoint run ({who}, {report['calls']} calls): whole process | {whole:.1f} s | – |")
    print(
        f"| … of it not waiting for the endpoint | {whole - waited:.2f} s = {(whole - waited) / whole:.1%} | 2% |"
    )


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()

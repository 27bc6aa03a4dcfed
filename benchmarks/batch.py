"""Many reports against a server of fixed latency: how near to the ideal, at what cost, in which memory.

    python -m benchmarks.batch [--reports 200] [--latency 1.0] [--concurrency 1 8 64] [--tokenizer URL] [--keep]
    python -m benchmarks.batch serve LATENCY     the server, in a process of its own; prints its address

The ideal is calls × latency ÷ concurrency: nothing but waiting. Ledgers, past reports and replies are made by seed; the
server answers with the facts of the prompt, every fifth time with a wrong number, so that repair takes part. Each run is a
process of its own, whose processor time and peak memory the system tells. With `--tokenizer`, the address of a llama.cpp
server, prompts are counted as its model counts them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.quantities.speed import facts_of
from benchmarks.results import keep
from benchmarks.rows import Row, markdown
from tests.misbehaving_server import mends

ROOT = Path(__file__).resolve().parent.parent
FACTS = 24
PASSAGES = 2_000
_ROLES = ("done",) * 4 + ("problem", "plan")


def ledgers(folder: Path, count: int) -> None:
    """So many facts files of invented towns."""
    folder.mkdir(parents=True)
    for place in range(count):
        made = facts_of(FACTS, seed=place).model_dump(mode="json")
        draw = random.Random(place)
        made["organization"] = f"{draw.choice('青白清双柳枫桐梅')}{draw.choice('溪桥坪湾岭塘河店')}镇"
        for number, fact in enumerate(made["facts"]):
            fact["role"] = _ROLES[number % len(_ROLES)]
        (folder / f"town-{place:04}.json").write_text(json.dumps(made, ensure_ascii=False), "utf-8")


def reply(body: dict[str, Any]) -> str:
    """What the server says: the facts of the prompt; to one prompt in five with a number that no fact has."""
    asked = body["messages"][-1]["content"]
    facts = [json.loads(line)["text"] for line in re.findall(r'^\{"text".*\}$', asked, re.MULTILINE)]
    text = "".join(f"{fact}。" for fact in facts) or "半年来，各项工作有序推进。"
    wrong = not mends(asked) and random.Random(asked).random() < 0.2
    return f"{text}同时开展主题活动9377场次。" if wrong else text


async def serve(latency: float) -> None:
    """Answer chat completions as events after `latency` seconds, on a free port of this machine; for ever."""

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                found = re.search(rb"content-length: *(\d+)", head, re.I)
                body = json.loads(await reader.readexactly(int(found[1]) if found else 0))
                await asyncio.sleep(latency)
                text = reply(body)
                events = [
                    {"choices": [{"index": 0, "delta": {"content": text[at : at + 4]}}]}
                    for at in range(0, len(text), 4)
                ]
                events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                usage = {"prompt_tokens": 900, "completion_tokens": len(text)}
                events.append({"choices": [], "usage": usage, "model": "fixed"})
                sent = "".join(
                    f"data: {json.dumps(each, ensure_ascii=False)}\n\n" for each in events
                ).encode()
                sent += b"data: [DONE]\n\n"
                writer.write(
                    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                    + f"content-length: {len(sent)}\r\n\r\n".encode()
                    + sent
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client is done
        finally:
            writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


@contextmanager
def served(latency: float) -> Iterator[str]:
    """The address of a server in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.batch", "serve", str(latency)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def run(facts: Path, corpus: Path, out: Path, url: str, concurrency: int) -> dict[str, Any]:
    """One `drafter batch`, with its wall time, processor time and peak memory."""
    command = [
        *(sys.executable, "-m", "drafter", "batch", str(facts), "-o", str(out), "--corpus", str(corpus)),
        *("--base-url", url, "--model", "fixed", "--concurrency", str(concurrency), "--format", "json"),
    ]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    told = json.loads((out / "summary.json").read_text("utf-8"))["totals"]
    return {
        "status": os.waitstatus_to_exitcode(status),
        "seconds": seconds,
        "processor": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss / 1024,
        **told,
    }


def measure(reports: int, latency: float, steps: list[int], build: Path) -> list[Row]:
    """How near to the ideal, and at what cost."""
    from benchmarks.retrieval import generate
    from drafter.corpus.store import open_store

    shutil.rmtree(build, ignore_errors=True)
    generate.write(build / "past", PASSAGES, 5)
    with open_store(build / "store") as store:
        store.add([build / "past"])
    ledgers(build / "facts", reports)
    rows = []
    with served(latency) as url:
        for concurrency in steps:
            told = run(build / "facts", build / "store", build / f"out-{concurrency}", url, concurrency)
            ideal = told["calls"] * latency / concurrency
            data = f"{told['done'] + told['flagged']} reports, {concurrency} at once, {latency:g} s a call"
            rows += [
                Row(
                    "time over the ideal",
                    data,
                    told["calls"],
                    f"{told['seconds'] / ideal:.3f}",
                    target="≤ 1.05",
                    note=f"{told['seconds']:.1f} of {ideal:.1f} s, load {os.getloadavg()[0]:.1f}",
                ),
                Row(
                    "processor time a report",
                    data,
                    None,
                    f"{1000 * told['processor'] / reports:.0f} ms",
                    note=f"{1000 * told['processor'] / told['calls']:.0f} ms a call",
                ),
                Row("peak memory", data, None, f"{told['memory']:.0f} MB"),
            ]
            print(markdown(rows[-3:]), file=sys.stderr)
    return rows


def counted_by(url: str, messages: Sequence[Mapping[str, str]]) -> int:
    """Tokens of these messages for the model of a llama.cpp server, without its template."""
    said = json.dumps({"content": "".join(message["content"] for message in messages)}).encode()
    asked = urllib.request.Request(f"{url}/tokenize", said, {"content-type": "application/json"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return len(json.load(answer)["tokens"])


def pasted(reports: int, build: Path, tokenizer: str) -> list[Row]:
    """Tokens of the first prompts of these reports, beside the same prompts with the best past report whole.

    Both are counted alike, without a tokenizer as the safe bound for a byte-level one; it is their ratio that says
    something. The system prompt is the same in all prompts of a report: a server that caches reads it once.
    """
    from drafter.corpus.store import open_store
    from drafter.drafting import Plan, make_plan, prepare
    from drafter.passages import Query
    from drafter.plugins import load_registry
    from drafter.settings import Settings

    settings = Settings(base_url="http://127.0.0.1:9/v1", model="fixed", context_window=1_000_000)
    registry = load_registry(entry_points=False)
    ours = whole = system = calls = 0
    with open_store(build / "store") as store:
        for file in sorted((build / "facts").iterdir())[:reports]:
            run = prepare(file, corpus=store, settings=settings, registry=registry)
            plan = make_plan(run)

            def count(messages: Sequence[Mapping[str, str]], plan: Plan = plan) -> int:
                return counted_by(tokenizer, messages) if tokenizer else plan.counter.count(messages)

            for task in plan.calls:
                words = " ".join((task.label, *(fact.text for fact in task.leaf.facts)))
                best = store.search(Query(text=words, limit=1))
                shown = [
                    each.model_copy(update={"masked": store.document(each.document).text}) for each in best
                ]
                ours += count(task.request.messages)
                whole += count(task.build(shown).messages)
                system += count(task.request.messages[:1])
                calls += 1
    data = f"{reports} reports, past reports of 3,000 characters"
    by = "a model's tokenizer" if tokenizer else "the safe bound of a byte-level tokenizer"
    beside = {"the best past report pasted whole": f"{whole / reports:,.0f}"}
    return [
        Row(
            "prompt tokens a report",
            data,
            calls,
            f"{ours / reports:,.0f}",
            beside,
            note=f"of these the system prompts {system / reports:,.0f}; by {by}",
            better="less",
        ),
        Row("the same over pasting", data, calls, f"{ours / whole:.3f}", target="≤ .334"),
        Row(
            "the same over pasting, without the system prompts",
            data,
            calls,
            f"{(ours - system) / (whole - system):.3f}",
        ),
    ]


def main() -> None:
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(float(sys.argv[2])))
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--latency", type=float, default=1.0)
    parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--tokenizer", default="", metavar="URL")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "batch")
    parser.add_argument("--keep", action="store_true", help="leave the rows for RESULTS.md")
    given = parser.parse_args()
    steps = " ".join(map(str, given.concurrency))
    rows = measure(given.reports, given.latency, given.concurrency, given.build)
    prompts = pasted(min(20, given.reports), given.build, given.tokenizer)
    print(f"{markdown(rows)}\n\n{markdown(prompts)}")
    if given.keep:
        command = f"python -m benchmarks.batch --reports {given.reports} --latency {given.latency:g} --concurrency {steps}"
        seeds = f"0 to {given.reports - 1} (ledgers), 5 (past reports)"
        keep("batch", "Batch against a server of fixed latency", rows, command=command, seeds=seeds)
        keep("prompts", "Length of prompts", prompts, command=command, seeds=seeds)


if __name__ == "__main__":
    main()

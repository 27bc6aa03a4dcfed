"""What repair makes of faulty drafts: 100 reports with one fault each, against writers that help, idle, harm and vary.

    python -m benchmarks.repair [--count 100] [--keep]
    python -m benchmarks.repair --url URL --model NAME [--real 20] [--asking-only] [--rows build/repair.jsonl]

The ledgers are those of examples/, the past reports too, and one of another town. Each report has one spoiled leaf, ten of
each kind; `crowded` are 33 more with up to three faults in every leaf. `by rule` is repair as it is; `asking only` has the rules switched off, so that all hangs on what the writer
answers. With --url the drafts are spoiled alike and a real model is asked to mend them; each draft is a row of the file,
and one that is there is not drafted again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import shutil
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.results import keep
from benchmarks.rows import Row as Told
from drafter import checks
from drafter.checks.coverage import Coverage
from drafter.drafting import adraft, open_retriever
from drafter.facts import Facts, load_facts
from drafter.plugins import CheckContext, Reply, WriteRequest, load_registry
from drafter.repair import weight
from drafter.report import Report
from drafter.settings import Settings
from drafter.writers.endpoint import EndpointWriter
from tests.fakes import QueueWriter, faithful
from tests.faulty_drafts import KINDS, PAST, Spoiling, spoil

ROOT = Path(__file__).resolve().parent.parent

MODES = ("varied", "helpful", "useless", "harmful")
CROWDED = "crowded"
_EACH = 10
_NUMERAL = re.compile(r"\d[\d.]*")
_COLUMNS = (
    ("faults", "faults"),
    ("mended", "mended"),
    ("errors before", "errors_before"),
    ("after", "errors_after"),
    ("gone", "gone"),
    ("warnings before", "warnings_before"),
    ("after", "warnings_after"),
    ("facts kept", "kept"),
    ("worse", "worse"),
    ("calls", "calls"),
    ("taken", "taken"),
    ("a section: median", "median"),
    ("most", "most"),
)

Row = dict[str, Any]


def carried(report: Report) -> set[str]:
    """The facts that the report carries whole, whether they must be written or not."""
    facts = report.ledger.facts
    found = checks.run(report.text, CheckContext(report.ledger, expected=facts), [Coverage()]).findings
    return {fact.id for fact in facts} - {each.fact for finding in found for each in finding.evidence}


def lost(before: Report, after: Report) -> set[str]:
    """The facts that were carried and are not, or of which a figure stands nowhere any more."""
    had, numerals = carried(before), set(_NUMERAL.findall(after.text))
    bare = {
        fact.id
        for fact in before.ledger.facts
        if fact.id in had and set(_NUMERAL.findall(fact.text)) & set(_NUMERAL.findall(before.text)) - numerals
    }
    return had - carried(after) | bare


class Real(Spoiling):
    """A scripted fault, mended by a real model."""

    def __init__(self, kind: str, number: int, skip: int, writer: EndpointWriter) -> None:
        super().__init__(kind, number, "real", skip)
        self.writer = writer

    async def write(self, request: WriteRequest) -> Reply:
        if request.purpose == "write":
            return await super().write(request)
        self.asked.append(request)
        return await self.writer.write(request)


class Crowded(Spoiling):
    """Up to three faults of any kind in every leaf, by seed; answers like a varied writer."""

    async def write(self, request: WriteRequest) -> Reply:
        if request.purpose != "write":
            return await super().write(request)
        text = faithful(request)
        self.written += 1
        chance = random.Random(f"{self.number} {self.written}")
        for _ in range(0 if request.section == "opening" else chance.randrange(4)):
            text = spoil(chance.choice(KINDS), text, request, chance.randrange(_EACH))
        return Reply(text)


class Bench:
    """The faulty drafts, made once, and what becomes of them."""

    def __init__(self, folder: Path) -> None:
        past = folder / "past"
        shutil.copytree(ROOT / "examples" / "corpus", past)
        (past / "songqiao-2022.txt").write_text(PAST, "utf-8")
        self.registry = load_registry(entry_points=False)
        self.corpus = open_retriever(past, Settings(), self.registry)
        self.ledgers = [load_facts(path) for path in sorted((ROOT / "examples" / "facts").iterdir())]
        self.clean = [self._draft(ledger, QueueWriter(faithful), repair=False) for ledger in self.ledgers]
        self.spoiled: dict[tuple[str, int], Report] = {}

    def _draft(self, ledger: Facts, writer: Any, **more: Any) -> Report:
        settings = Settings(temperature=0, concurrency=1, **more)

        async def drafted() -> Report:
            given = {"corpus": self.corpus, "registry": self.registry, "settings": settings}
            try:
                return await adraft(ledger, writer=writer, **given)
            finally:
                if isinstance(writer, Real):
                    await writer.writer.aclose()

        return asyncio.run(drafted())

    def row(self, kind: str, number: int, mode: str, *, rules: bool, endpoint: Settings | None = None) -> Row:
        """One draft, spoiled and mended."""
        place, skip = number % len(self.ledgers), number * 3 % 8
        ledger = self.ledgers[place]
        scripted = Crowded if kind == CROWDED else Spoiling
        if (kind, number) not in self.spoiled:
            spoiling = scripted(kind, number, mode, skip)
            self.spoiled[kind, number] = self._draft(ledger, spoiling, repair=False)
        before, clean = self.spoiled[kind, number], self.clean[place]
        writer = (
            Real(kind, number, skip, EndpointWriter(endpoint))
            if endpoint
            else scripted(kind, number, mode, skip)
        )
        with ExitStack() as off:
            if not rules:
                for name in ("fixes", "fallbacks"):
                    off.enter_context(patch(f"drafter.repair.ladder.{name}", lambda *_: ()))
            after = self._draft(ledger, writer)
        calls = Counter((each.section, each.heading, each.facts) for each in writer.asked)
        steps = [step for section in after.sections for part in section.parts for step in part.repairs]
        return {
            "kind": kind,
            "number": number,
            "faults": int(weight(before.findings) > weight(clean.findings)),
            "mended": int(weight(after.findings) <= weight(clean.findings) < weight(before.findings)),
            "errors_before": before.counts["error"],
            "errors_after": after.counts["error"],
            "warnings_before": before.counts["warning"] - clean.counts["warning"],
            "warnings_after": after.counts["warning"] - clean.counts["warning"],
            "weight_before": weight(before.findings),
            "weight_after": weight(after.findings),
            "facts": len(carried(before)),
            "lost": sorted(lost(before, after)),
            "calls": sorted(calls.values()),
            "taken": sum(step.kind in ("patch", "rewrite") for step in steps),
            "steps": [f"{step.kind} {','.join(step.codes)}" for step in steps],
            "left": [
                f"{each.code} {each.text or each.message}"
                for each in after.findings
                if each.severity == "error"
            ],
            "stopped": any(each.code == "repair.stopped" for each in after.findings),
        }


def table(first: str, named: Iterable[tuple[str, Sequence[Row]]]) -> str:
    """The rows summed up under a name each, as markdown."""
    lines = [
        f"| {first} | {' | '.join(shown for shown, _ in _COLUMNS)} |",
        "|" + "---|" * (len(_COLUMNS) + 1),
    ]
    for name, rows in named:
        if rows:
            total = summed(rows)
            lines.append(f"| {name} | {' | '.join(str(total[key]) for _, key in _COLUMNS)} |")
    return "\n".join(lines)


def summed(rows: Sequence[Row]) -> dict[str, Any]:
    """What these rows come to together."""
    keys = (
        "faults",
        "mended",
        "errors_before",
        "errors_after",
        "warnings_before",
        "warnings_after",
        "facts",
        "taken",
    )
    total: dict[str, Any] = {key: sum(row[key] for row in rows) for key in keys}
    calls = [count for row in rows for count in row["calls"]]
    gone = 1 - total["errors_after"] / total["errors_before"] if total["errors_before"] else None
    return total | {
        "gone": "-" if gone is None else f"{gone:.0%}",
        "kept": f"{1 - sum(len(row['lost']) for row in rows) / total['facts']:.3f}",
        "worse": sum(row["weight_after"] > row["weight_before"] for row in rows),
        "calls": sum(calls),
        "median": f"{statistics.median(calls):g}" if calls else "-",
        "most": max(calls, default=0),
    }


def scripted(bench: Bench, count: int) -> list[tuple[str, list[Row]]]:
    """Print what becomes of the drafts with scripted writers; the drafts by writer."""
    drafts = [(kind, number) for number in range(_EACH) for kind in KINDS][:count]
    crowded = [(CROWDED, number) for number in range(count // 3)]
    totals = []
    for rules in (True, False):
        for mode in (*MODES, CROWDED):
            wanted = crowded if mode == CROWDED else drafts
            answers = "varied" if mode == CROWDED else mode
            rows = [bench.row(kind, number, answers, rules=rules) for kind, number in wanted]
            for row in rows:
                if row["lost"] or row["weight_after"] > row["weight_before"]:
                    print(f"  {mode} {'by rule' if rules else 'asking only'}: {row}", file=sys.stderr)
            totals.append((f"{mode}, {'by rule' if rules else 'asking only'}", rows))
            if mode == "varied":
                print(f"\n{totals[-1][0]}:\n", flush=True)
                print(by_kind(rows), flush=True)
    print(f"\n{table('writer', totals)}", flush=True)
    return totals


def told(totals: Iterable[tuple[str, Sequence[Row]]]) -> list[Told]:
    """The totals as rows for RESULTS.md."""
    found = []
    for name, rows in totals:
        total = summed(rows)
        note = f"{total['calls']} calls, a section at the median {total['median']}, at most {total['most']}"
        found += [
            Told("drafts mended", name, total["faults"], str(total["mended"]), note=note),
            Told("errors left", name, total["errors_before"], str(total["errors_after"])),
            Told("facts kept", name, total["facts"], total["kept"], target="≥ 1.000"),
            Told("reports made worse", name, len(rows), str(total["worse"]), target="≤ 0"),
        ]
    return found


def by_kind(rows: Sequence[Row]) -> str:
    """A line for each kind of fault, and one for all."""
    named = [(kind, [row for row in rows if row["kind"] == kind]) for kind in KINDS]
    return table("kind", [*named, ("all", rows)])


def real(bench: Bench, settings: Settings, count: int, path: Path, *, rules: bool) -> bool:
    """Mend drafts with a real model, each a row of the file; returns whether all are there."""
    key = {"model": settings.model, "rules": rules}
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    kept = [json.loads(line) for line in lines if line.endswith("}")]
    rows = {(row["kind"], row["number"]): row for row in kept if key.items() <= row.items()}
    # a fault in a sentence of its own, then one within a sentence that tells a fact
    order = [number for half in zip(range(5), range(5, _EACH), strict=True) for number in half]
    drafts = [(kind, number) for number in order for kind in KINDS][:count]
    path.parent.mkdir(parents=True, exist_ok=True)
    if lines and not lines[-1].endswith("}"):
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept), "utf-8")
    for kind, number in drafts:
        if (kind, number) in rows:
            continue
        row = key | bench.row(kind, number, "real", rules=rules, endpoint=settings)
        if row["stopped"]:
            print(f"{kind} {number}: the endpoint failed; run again to go on", file=sys.stderr)
            return False
        rows[kind, number] = row
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        print(f"{kind} {number}: {row['steps']} left {row['left']}", file=sys.stderr, flush=True)
    print(f"\n{settings.model}, {'by rule' if rules else 'asking only'}:\n")
    print(by_kind([rows[each] for each in drafts]))
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=_EACH * len(KINDS), help="drafts for scripted writers")
    parser.add_argument("--url", "--base-url", default="", help="an OpenAI-compatible endpoint that mends")
    parser.add_argument("--model", default="")
    parser.add_argument("--real", type=int, default=20, help="drafts for the endpoint, at most 100")
    parser.add_argument("--asking-only", action="store_true", help="the endpoint without the rules")
    parser.add_argument("--keep", action="store_true", help="leave the scripted writers' rows for RESULTS.md")
    parser.add_argument("--rows", type=Path, default=ROOT / "build" / "repair.jsonl")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        if not options.url:
            totals = scripted(bench, options.count)
            if options.keep:
                keep(
                    "repair",
                    "Repair of faulty drafts",
                    told(totals),
                    command=f"python -m benchmarks.repair --count {options.count}",
                    seeds="the draft's number",
                )
            return 0
        settings = Settings(base_url=options.url, model=options.model, temperature=0)
        done = real(bench, settings, options.real, options.rows, rules=not options.asking_only)
        return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())

"""What repair makes of faulty drafts: 50 reports with one fault each, against writers that help, idle or harm.

    python benchmarks/repair.py [--count 50] [--base-url URL --model M [--real 10]]

The ledgers are those of examples/. Each report has one spoiled leaf (wrong number, leaked name, placeholder, missing
fact, chat), ten of each kind. `by rule` is repair as it is; `asking only` has the rules switched off, so that all hangs
on what the writer answers. With --base-url the answers to the first --real drafts come from a real model.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from drafter.drafting import draft  # noqa: E402
from drafter.facts import load_facts  # noqa: E402
from drafter.plugins import Reply, WriteRequest, load_registry  # noqa: E402
from drafter.repair import weight  # noqa: E402
from drafter.report import Report  # noqa: E402
from drafter.settings import Settings  # noqa: E402
from drafter.writers.endpoint import EndpointWriter  # noqa: E402
from tests.faulty_drafts import KINDS, Spoiling  # noqa: E402


def carried(report: Report) -> set[str]:
    """The required facts that the report carries."""
    missing = {
        evidence.fact
        for finding in report.findings
        if finding.check == "coverage"
        for evidence in finding.evidence
    }
    return {fact.id for fact in report.ledger.facts if fact.required} - missing


class Real(Spoiling):
    """A scripted fault, mended by a real model."""

    def __init__(self, kind: str, number: int, writer: EndpointWriter) -> None:
        super().__init__(kind, number, "real")
        self.writer = writer

    async def write(self, request: WriteRequest) -> Reply:
        if request.purpose == "write":
            return await super().write(request)
        self.asked.append(request)
        return await self.writer.write(request)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--count", type=int, default=50)
    arguments.add_argument("--base-url", default="")
    arguments.add_argument("--model", default="")
    arguments.add_argument("--real", type=int, default=10)
    options = arguments.parse_args()
    ledgers = [load_facts(path) for path in sorted((ROOT / "examples" / "facts").iterdir())]
    registry = load_registry(entry_points=False)
    modes = [(mode, rules) for rules in (True, False) for mode in ("helpful", "useless", "harmful")]
    if options.base_url:
        modes = [("real", True), ("real", False)]
        options.count = options.real
    print(
        "| writer | rules | faults | mended | errors before | after | weight before | after | calls | taken | lost | worse |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for mode, rules in modes:
        total: Counter[str] = Counter()
        for number in range(options.count):
            kind, ledger = KINDS[number % len(KINDS)], ledgers[number // len(KINDS) % len(ledgers)]
            endpoint = (
                EndpointWriter(Settings(base_url=options.base_url, model=options.model))
                if mode == "real"
                else None
            )
            with ExitStack() as off:
                if not rules:
                    for name in ("fixes", "fallbacks"):
                        off.enter_context(patch(f"drafter.repair.ladder.{name}", lambda *_: ()))
                before, after, writer = run(kind, number, mode, ledger, registry, endpoint)
            total["faults"] += before.counts["error"] > 0
            total["mended"] += before.counts["error"] > 0 and after.counts["error"] == 0
            for name, report in (("before", before), ("after", after)):
                total[f"errors {name}"] += report.counts["error"]
                total[f"weight {name}"] += weight(report.findings)
            total["calls"] += len(writer.asked)
            total["taken"] += sum(
                step.kind in ("patch", "rewrite")
                for section in after.sections
                for part in section.parts
                for step in part.repairs
            )
            lost = carried(before) - carried(after)
            worse = weight(after.findings) > weight(before.findings)
            total["lost"] += len(lost)
            total["worse"] += worse
            if lost or worse:
                print(f"  {kind} {number}: lost {lost}, worse {worse}", file=sys.stderr)
        row = [
            total[name]
            for name in (
                "faults",
                "mended",
                "errors before",
                "errors after",
                "weight before",
                "weight after",
                "calls",
                "taken",
                "lost",
                "worse",
            )
        ]
        print(
            f"| {mode} | {'by rule' if rules else 'asking only'} | " + " | ".join(map(str, row)) + " |",
            flush=True,
        )


def run(kind, number, mode, ledger, registry, endpoint):
    """The report as it was spoiled, the repaired one, and the writer that was asked."""
    before = draft(
        ledger, writer=Spoiling(kind, number, mode), registry=registry, settings=Settings(repair=False)
    )
    writer = Real(kind, number, endpoint) if endpoint else Spoiling(kind, number, mode)
    after = draft(
        ledger,
        writer=writer,
        registry=registry,
        settings=Settings(temperature=0),
    )
    return before, after, writer


if __name__ == "__main__":
    main()

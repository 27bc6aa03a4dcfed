"""Sealed drafting beside open drafting, with a writer that misuses slots in every way, or with a real model.

    python -m benchmarks.sealed.run [--cases FOLDER] [--keep]
    python -m benchmarks.sealed.run --url URL --model NAME [--facts FILE]... [--rows FILE] [--table-only]

Ledgers are those of examples/ and, where the folder is given, of cases/*/facts.json. Runs with a real model append a row each to the file, and one that is there
is not drafted again. Target: nothing of a ledger in any message that leaves.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.intervals import wilson
from benchmarks.results import keep
from benchmarks.rows import Row as ResultRow
from benchmarks.sealed.leaks import leaks, names
from benchmarks.sealed.misuse import MISUSES, Misuser
from benchmarks.table import markdown
from drafter.checking import check
from drafter.checks.wording import Wording
from drafter.drafting import make_plan, prepare, run_flow
from drafter.facts import Facts, load_facts
from drafter.plugins import Reply, WriteRequest, load_registry
from drafter.quantities import find, same_quantity
from drafter.report import Report
from drafter.settings import Settings
from drafter.writers.endpoint import EndpointWriter

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS = Path(__file__).with_name("runs.jsonl")
Row = dict[str, Any]


class Recording:
    """A writer that notes what it is sent."""

    def __init__(self, writer: Any) -> None:
        self.writer, self.sent = writer, []  # type: ignore[var-annotated]
        self.name = writer.name

    def __getattr__(self, name: str) -> Any:
        return getattr(self.writer, name)

    async def write(self, request: WriteRequest) -> Reply:
        """What the writer says."""
        self.sent += [message["content"] for message in request.messages]
        reply: Reply = await self.writer.write(request)
        return reply


def measured(facts: Path, writer: Any, settings: Settings, corpus: Path | None) -> Row:
    """One report, and what is to be told of it."""
    writer = Recording(writer)
    began = time.perf_counter()
    run = prepare(facts, writer=writer, settings=settings, registry=load_registry(()), corpus=corpus)
    plan = make_plan(run)

    async def whole() -> Report:
        try:
            return await run_flow(run, plan)
        finally:
            await run.aclose()

    report = asyncio.run(whole())
    ledger = load_facts(facts)
    required, covered = report.coverage()
    by_model, sentences = shares(report)
    parts = [part for section in report.sections for part in section.parts]
    tally = plan.seal.tally if plan.seal else None
    name = facts.parent.name if facts.stem == "facts" else facts.stem
    return {
        "facts": name,
        "sealed": settings.seal,
        "leaks": sorted(set(leaks(writer.sent, ledger, names().get(name, [])))),
        "messages": len(writer.sent),
        "given": tally.given if tally else 0,
        "back": tally.back if tally else 0,
        "misused": dict(tally.misused) if tally else {},
        "required": required,
        "covered": covered,
        "errors": report.counts["error"],
        "warnings": report.counts["warning"],
        "codes": sorted(finding.code for finding in report.findings if finding.severity != "info"),
        "strange": strange(report, ledger),
        "recheck": sum(each.severity == "error" for each in check(report.text, ledger).findings),
        "flagged": sum(finding.code.startswith("sealing.") for finding in report.findings),
        "by_model": by_model,
        "sentences": sentences,
        "calls": report.calls,
        "prompt_tokens": report.tokens.prompt_tokens,
        "reply_tokens": report.tokens.completion_tokens,
        "offline_parts": sum(part.writer == "offline" for part in parts),
        "seconds": round(time.perf_counter() - began, 1),
        "text": report.text,
    }


def shares(report: Report) -> tuple[int, int]:
    """Sentences of the model, and all sentences of leaves: what a rule put in is not the model's."""
    by_model = sentences = 0
    for section in report.sections:
        for part in section.parts:
            own = [part.text[slice(*span)] for span in Wording(part.text).sentences]
            ruled = " ".join(step.after for step in part.repairs if step.kind == "fallback")
            before = " ".join(step.before for step in part.repairs if step.kind == "fallback")
            sentences += len(own)
            if part.writer not in ("offline", "section"):
                by_model += sum(not (each in ruled and each not in before) for each in own)
    return by_model, sentences


def strange(report: Report, ledger: Facts) -> list[str]:
    """Figures of the report that no fact has, and that are not flagged: the wrong numbers of a sealed draft."""
    known = [mention for fact in ledger.facts for mention in find(fact.text)]
    known += [each for text in (ledger.period, ledger.report_title) for each in find(text)]
    known += [each for entry in ledger.outline or () for each in find(entry.heading or "")]
    flagged = [(f.start, f.end) for f in report.findings if f.start is not None and f.severity != "info"]
    derived = {(claim.start, claim.end) for claim in report.claims if claim.status == "derived"}
    body = report.text[: report.sections[-1].end if report.sections else None]
    found = []
    for mention in find(body):
        place = (mention.start, mention.end)
        if not mention.countable or place in derived or re.match("^\\d{4}年\\d+月\\d+日$", mention.text):
            continue
        if any(start <= mention.start < (end or 0) for start, end in flagged if start is not None):
            continue
        if not any(same_quantity(mention, each) for each in known):
            found.append(mention.text)
    return found


def share(count: int, of: int) -> str:
    """A share with its interval."""
    if not of:
        return "–"
    low, high = wilson(count, of)
    return f"{count / of:.3f} [{low:.3f}, {high:.3f}]"


def scripted(files: Sequence[Path], corpus: Path | None) -> list[tuple[str, bool, list[Row]]]:
    """For each way of misuse the reports of all ledgers, by a writer that learns when asked again and by one that does not."""
    rows = []
    for kind in MISUSES:
        for learns in (True, False):
            if kind == "as told" and not learns:
                continue
            told = [
                measured(path, Misuser(kind, seed=place, learns=learns), Settings(seal=True), corpus)
                for place, path in enumerate(files)
            ]
            rows.append((kind, learns, told))
    return rows


HEADER = (
    "messages",
    "leaks",
    "figures back",
    "bent, read",
    "unknown",
    "inexact",
    "repeated",
    "facts covered",
    "errors",
    "checked again",
    "warnings",
    "wrong, unflagged",
    "flagged by sealing",
    "by the model",
)


NOTE = "A scripted writer misuses half of all slots, or one in each leaf, in one way at a time; over the ledgers of examples/ and of ../shared/cases."


def _kept(told: Sequence[tuple[str, bool, list[Row]]]) -> list[ResultRow]:
    """What the table of all results has of the scripted writer."""
    every = [row for *_, rows in told for row in rows]
    messages = sum(row["messages"] for row in every)
    kept = [
        ResultRow(
            "figures and names of the ledger in what leaves",
            "all misuses",
            messages,
            str(sum(len(row["leaks"]) for row in every)),
            target="≤ 0",
            note="n: messages",
        ),
        ResultRow(
            "wrong figures unflagged",
            "all misuses",
            len(every),
            str(sum(len(row["strange"]) for row in every)),
            target="≤ 0",
            note="n: reports",
        ),
        ResultRow(
            "errors when the filled report is checked by itself",
            "all misuses",
            len(every),
            str(sum(row["recheck"] for row in every)),
            target="≤ 0",
            note="n: reports",
        ),
    ]
    for kind, learns, rows in told:
        given, back = (sum(row[name] for row in rows) for name in ("given", "back"))
        required, covered = (sum(row[name] for row in rows) for name in ("required", "covered"))
        part = kind if learns else f"{kind}, never learns"
        kept.append(ResultRow("figures that come back to be filled", part, given, share(back, given)))
        kept.append(ResultRow("required facts covered", part, required, share(covered, required)))
    return kept


def _kept_real(rows: Sequence[Row]) -> list[ResultRow]:
    """And of real models, sealed beside open: drafter open is the peer."""
    kept = []
    for model in sorted({row["model"] for row in rows}):
        sealed, opened = (
            [row for row in rows if row["model"] == model and row["sealed"] == how] for how in (True, False)
        )

        def both(
            measure: str,
            count: str,
            of: str,
            note: str = "",
            sealed: Any = sealed,
            opened: Any = opened,
            model: str = model,
        ) -> ResultRow:
            ours, theirs = (
                share(sum(r[count] for r in rows), sum(r[of] for r in rows)) for rows in (sealed, opened)
            )
            return ResultRow(
                measure,
                f"{model}, {len(sealed)} reports",
                sum(r[of] for r in sealed),
                ours,
                {"open": theirs} if opened else {},
                note=note,
                better="more",
            )

        leaked = sum(len(row["leaks"]) for row in sealed)
        kept.append(
            ResultRow(
                "figures and names of the ledger in what leaves",
                model,
                sum(r["messages"] for r in sealed),
                str(leaked),
                target="≤ 0",
            )
        )
        kept.append(both("figures that come back to be filled", "back", "given"))
        kept.append(both("required facts covered", "covered", "required"))
        kept.append(both("sentences that the model wrote", "by_model", "sentences"))
    return kept


def _cells(told: Sequence[Row]) -> list[str]:
    def total(name: str) -> int:
        return sum(len(row[name]) if isinstance(row[name], list) else row[name] for row in told)

    misused = {
        kind: sum(row["misused"].get(kind, 0) for row in told)
        for kind in ("bent", "unknown", "inexact", "repeated")
    }
    return [
        str(total("messages")),
        str(total("leaks")),
        share(total("back"), total("given")),
        *(str(count) for count in misused.values()),
        share(total("covered"), total("required")),
        str(total("errors")),
        str(total("recheck")),
        str(total("warnings")),
        str(total("strange")),
        str(total("flagged")),
        share(total("by_model"), total("sentences")),
    ]


def real(files: Sequence[Path], corpus: Path | None, url: str, model: str, rows: Path) -> None:
    """Draft each ledger open and sealed with a real model; a row each."""
    have = {(row["facts"], row["sealed"], row["model"]) for row in read(rows)}
    for path in files:
        name = path.parent.name if path.stem == "facts" else path.stem
        for sealed in (True, False):
            if (name, sealed, model) in have:
                continue
            settings = Settings(
                base_url=url, model=model, seal=sealed, timeout=1800, stall=900, concurrency=1
            )
            row = measured(path, EndpointWriter(settings), settings, corpus)
            row["model"] = model
            with rows.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
            print(name, "sealed" if sealed else "open", f"{row['seconds']} s", flush=True)


def read(rows: Path) -> list[Row]:
    """The rows of a file; none where there is none."""
    return [json.loads(line) for line in rows.read_text("utf-8").splitlines()] if rows.exists() else []


def real_table(rows: Iterable[Row]) -> str:
    """Sealed and open side by side."""
    table = []
    rows = list(rows)
    for model in sorted({row["model"] for row in rows}):
        for sealed in (True, False):
            told = [row for row in rows if row["model"] == model and row["sealed"] == sealed]
            if told:
                tokens = statistics.median(row["prompt_tokens"] + row["reply_tokens"] for row in told)
                seconds = statistics.median(row["seconds"] for row in told)
                calls = statistics.median(row["calls"] for row in told)
                table.append(
                    [
                        model,
                        "sealed" if sealed else "open",
                        str(len(told)),
                        *_cells(told),
                        f"{calls:g}",
                        f"{tokens:.0f}",
                        f"{seconds:.0f}",
                    ]
                )
    return markdown(("model", "how", "reports", *HEADER, "calls", "tokens", "seconds"), table)


def ledgers(cases: Path | None) -> list[Path]:
    """The facts files: of examples/, and of the cases where they are given."""
    own = sorted((ROOT / "examples" / "facts").glob("*.*"))
    return own + (sorted(cases.glob("*/facts.json")) if cases and cases.is_dir() else [])


def main(argv: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=Path, default=ROOT.parent / "shared" / "cases")
    parser.add_argument("--url")
    parser.add_argument("--model", default="")
    parser.add_argument("--facts", type=Path, action="append")
    parser.add_argument("--rows", type=Path, default=ROWS)
    parser.add_argument("--keep", action="store_true", help="leave the rows for RESULTS.md")
    parser.add_argument("--table-only", action="store_true", help="of the real model's rows")
    arguments = parser.parse_args(argv)
    files = arguments.facts or ledgers(arguments.cases)
    corpus = ROOT / "examples" / "corpus"
    if arguments.url:
        real(files, corpus, arguments.url, arguments.model, arguments.rows)
    if not arguments.url and not arguments.table_only:
        print(f"{len(files)} ledgers\n")
        told = scripted(files, corpus)
        cells = [[kind, "yes" if learns else "no", *_cells(rows)] for kind, learns, rows in told]
        print(markdown(("misuse", "learns", *HEADER), cells))
        if arguments.keep:
            kept = [*_kept(told), *_kept_real(read(arguments.rows))]
            keep(
                "sealed",
                "Sealed drafting",
                kept,
                command="python -m benchmarks.sealed.run --keep",
                seeds="0 to 4",
                note=NOTE,
            )
    if read(arguments.rows):
        print("\n" + real_table(read(arguments.rows)))


if __name__ == "__main__":
    main()

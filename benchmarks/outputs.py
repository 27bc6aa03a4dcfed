"""What each format costs of a processor for a large report: 200 facts, 20,000 characters, 400 findings.

python -m benchmarks.outputs [--keep]
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from pathlib import Path

from benchmarks.results import keep
from benchmarks.rows import Row, markdown
from drafter.drafting.assembly import DraftedSection, assemble
from drafter.facts import parse_facts
from drafter.plugins import load_registry
from drafter.report import Block, Evidence, Finding, Report, count_severities

SENTENCE = "镇党委组织力量开展专项督查9次，发现隐患12处，"
TIMES = 5


def large_report() -> Report:
    """A report of invented matter, with an annex."""
    rows = [["序号", "村", "处数"], *([number, f"第{number}村", number % 7] for number in range(1, 101))]
    ledger = parse_facts(
        {
            "organization": "竹溪镇",
            "period": "2024年上半年",
            "theme": "防汛工作",
            "recipient": "安澜县防汛指挥部",
            "date": "2024-07-02",
            "attachments": [{"name": "隐患情况表", "rows": rows}],
            "facts": [
                {"id": f"f{number}", "text": f"第{number}村排查{number + 3}次，整改{number}处"}
                for number in range(200)
            ],
        }
    )
    topic = (
        Block(kind="heading", text="隐患排查", level=2),
        *(Block(kind="paragraph", text=SENTENCE * 5),) * 4,
    )
    text, blocks, sections = assemble(
        ledger, [DraftedSection(f"s{number}", "主要工作", blocks=list(topic * 10)) for number in range(4)]
    )
    mentions = list(re.finditer(r"\d+[次处]", text))[::4]
    findings = [
        Finding(
            check="numbers",
            code="numbers.unsupported",
            severity="warning" if place % 3 else "error",
            message=f"“{found[0]}”在事实里找不到依据",
            start=found.start(),
            end=found.end(),
            text=found[0],
            evidence=(Evidence(fact="f1", text=SENTENCE),),
        )
        for place, found in enumerate(mentions)
    ]
    return Report(
        title=ledger.report_title,
        text=text,
        writer="offline",
        ledger=ledger,
        blocks=blocks,
        sections=sections,
        findings=findings,
        counts=count_severities(findings),
    )


def rows() -> list[Row]:
    """Seconds of a processor: the first time, with what a process loads once, and the best of the next."""
    report = large_report()
    size = (
        f"{len(report.ledger.facts)} facts, {len(report.text):,} characters, {len(report.findings)} findings"
    )
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name, exporter in load_registry(entry_points=False).exporters.items():
            path = Path(folder) / f"report{exporter.suffix}"
            taken = []
            for _ in range(TIMES):
                begun = time.process_time()
                exporter.write(report, path)
                taken.append(time.process_time() - begun)
            note = f"{path.stat().st_size / 1024:,.0f} KB"
            found += [
                Row(f"export {name}, first of a process", size, None, f"{taken[0]:.2f} s", note=note),
                Row(f"export {name}, then", size, None, f"{min(taken[1:]):.2f} s"),
            ]
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", action="store_true", help="leave the rows for RESULTS.md")
    given = parser.parse_args()
    found = rows()
    print(markdown(found))
    if given.keep:
        keep("outputs", "Export, processor time", found, command="python -m benchmarks.outputs")


if __name__ == "__main__":
    main()

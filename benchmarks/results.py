"""The table of all results, made of what each benchmark has kept: RESULTS.md, RESULTS.json, the READMEs' head, the plots.

    python -m benchmarks.results

A benchmark run with --keep leaves its rows in benchmarks/results/NAME.json, with its command and seeds and the commit,
the machine and the load it was measured at. Slow ones need not be run again for the table to be made anew: each part
says for itself when it was measured.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.plots import Plot, svg
from benchmarks.rows import Row, markdown
from benchmarks.table import markdown as table

ROOT = Path(__file__).resolve().parent.parent
PARTS = ROOT / "benchmarks" / "results"
ORDER = (
    "quality",
    "sealed",
    "numbers-kinds",
    "numbers-public",
    "numbers-mutations",
    "checks-found",
    "checks-clean",
    "repair",
    "retrieval-public",
    "retrieval-task",
    "retrieval-topics",
    "retrieval-vectors",
    "retrieval-intake",
    "pages",
    "long-run",
    "batch",
    "prompts",
    "cost",
    "numbers-speed",
    "checks-speed",
    "outputs",
    "sizes",
    "retrieval-scale",
    "growth",
)
"""The parts in the order of the table; what is not named comes last."""
HEAD: tuple[tuple[str, str, str, str], ...] = (
    ("numbers-mutations", "wrong numbers caught", "kept", "改错的数字被查出"),
    ("numbers-mutations", "false alarms", "kept", "数字误报"),
    ("numbers-kinds", "kind of each numeral", "our sample reports, kept", "数字种类认对"),
    ("checks-found", "leakage: recall", "kept", "泄漏的名称被查出"),
    ("checks-found", "leakage: precision", "kept", "泄漏报得对"),
    ("checks-found", "copying: recall", "kept", "照抄被查出"),
    ("checks-found", "coverage: recall", "kept", "漏写的事实被查出"),
    ("retrieval-task", "right of the first 5: role and topic", "sections of real reports, all", "找对往年片段"),
    ("long-run", "replies in a journal at a kill and asked for again", "100 reports", "中断以后重复付费的回复"),
    ("cost", "draft --offline, whole process, index ready: processor time", "", "离线起草一份，处理器时间"),
)  # fmt: skip
"""What the READMEs show: the part, the measure, how the data's name begins, and the measure in Chinese."""
MARKS = ("<!-- results: `make bench` writes what stands between these marks -->", "<!-- end of results -->")


@dataclass(frozen=True)
class Part:
    """What one benchmark has kept. `series` are plots over size by the name of their file."""

    name: str
    title: str
    command: str
    measured: Mapping[str, str]
    rows: Sequence[Row]
    seeds: str = ""
    note: str = ""
    series: Mapping[str, Plot] = field(default_factory=dict)


def _machine() -> str:
    """Processor, cores, memory, system: what a time depends on, and nothing that names the machine."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file() and (found := re.search(r"model name\s*: (.+)", info.read_text())):
        processor = found[1].strip()
    memory = ""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB"
    return f"{processor}, {os.cpu_count()} cores{memory}, {platform.system()}"


def _commit() -> str:
    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "drafter", "prompts")
    return f"{git('rev-parse', '--short', 'HEAD') or 'unknown'}{', changed since' if changed else ''}"


def _versions(packages: Iterable[str]) -> str:
    told = [f"Python {platform.python_version()}"]
    for package in packages:
        try:
            told.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            told.append(f"{package} not installed")
    return ", ".join(told)


def keep(
    name: str,
    title: str,
    rows: Sequence[Row],
    *,
    command: str,
    seeds: str = "",
    note: str = "",
    packages: Iterable[str] = (),
    series: Mapping[str, Plot] | None = None,
) -> None:
    """Leave a benchmark's rows for the table.

    Args:
        name: the file's name, one of ORDER.
        title: the heading.
        rows: what was measured; rows without a score are no results and left out.
        command: what measures it again.
        seeds: the seeds of what is made by chance.
        note: what a reader must know of how it was measured.
        packages: whose versions matter besides Python's.
        series: plots over size, by the name of the file in docs/images.
    """
    measured = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": _commit(),
        "machine": _machine(),
        "load": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown",
        "versions": _versions(packages),
    }
    scored = [row for row in rows if row.value is not None]
    part = Part(name, title, command, measured, scored, seeds, note, series or {})
    PARTS.mkdir(exist_ok=True)
    text = json.dumps(asdict(part), ensure_ascii=False, indent=1)
    (PARTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(f"kept: benchmarks/results/{name}.json", file=sys.stderr)


def parts(folder: Path = PARTS) -> list[Part]:
    """What has been kept, in the order of the table."""
    found = []
    for path in folder.glob("*.json"):
        read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        read["rows"] = [Row(**row) for row in read["rows"]]
        read["series"] = {name: Plot(**plot) for name, plot in read["series"].items()}
        found.append(Part(**read))
    place = {name: at for at, name in enumerate(ORDER)}
    return sorted(found, key=lambda part: (place.get(part.name, len(ORDER)), part.name))


def missed(found: Sequence[Part]) -> list[tuple[Part, Row]]:
    """Rows whose target is not met."""
    return [(part, row) for part in found for row in part.rows if row.met is False]


def beaten(found: Sequence[Part]) -> list[tuple[Part, Row]]:
    """Rows in which a peer is better."""
    return [(part, row) for part in found for row in part.rows if row.winners]


def as_data(found: Sequence[Part]) -> dict[str, Any]:
    """RESULTS.json: every row with its numbers, its command and what it was measured at."""
    return {
        "rows": [
            {
                "part": part.name,
                "measure": row.measure,
                "data": row.part,
                "n": row.n,
                "drafter": row.ours,
                "value": row.value,
                "interval": row.interval,
                "peers": row.peers,
                "better_peers": row.winners,
                "target": row.target or None,
                "met": row.met,
                "note": row.note or None,
                "command": part.command,
                "seeds": part.seeds or None,
                "measured": dict(part.measured),
            }
            for part in found
            for row in part.rows
        ],
        "series": {name: asdict(plot) for part in found for name, plot in part.series.items()},
    }


def _counts(found: Sequence[Part]) -> tuple[int, int, int, int, int]:
    rows = [row for part in found for row in part.rows]
    with_peers = [row for row in rows if row.peers]
    aimed = [row for row in rows if row.met is not None]
    return len(rows), len(aimed), sum(bool(row.met) for row in aimed), len(with_peers), len(beaten(found))


def _head(found: Sequence[Part], head: Sequence[tuple[str, str, str, str]]) -> list[tuple[Row, str]]:
    by_name = {part.name: part for part in found}
    rows = []
    for name, measure, data, chinese in head:
        row = next(row for row in by_name[name].rows if row.measure == measure and row.part.startswith(data))
        rows.append((row, chinese))
    return rows


def _score(row: Row, met: Sequence[str]) -> list[str]:
    verdict = "" if row.met is None else met[not row.met]
    peers = "; ".join(f"{name} {score}" for name, score in row.peers.items())
    return [row.ours, f"{row.target}{verdict}", peers]


def head(found: Sequence[Part], *, chinese: bool = False, link: str = "benchmarks/RESULTS.md") -> str:
    """The short block of a README."""
    every, aimed, met, beside, lost = _counts(found)
    shown = _head(found, HEAD)
    if chinese:
        header = ["量什么", "drafter", "目标", "别的工具"]
        lines = [[name, *_score(row, ("", "，没有达到"))] for row, name in shown]
        told = (
            f"一共量了 {every} 项：{aimed} 项有目标，达到 {met} 项；{beside} 项旁边有别的工具，其中 {lost} 项别的工具更好。"
            f"没有达到的和不如别人的都列在[全部结果]({link})里，附命令、种子、机器和日期。"
        )
    else:
        header = ["measure", "drafter", "target", "beside it"]
        lines = [
            [f"{row.measure}{f' ({row.part})' if row.part else ''}", *_score(row, ("", ", missed"))]
            for row, _ in shown
        ]
        told = (
            f"{every} rows: of {aimed} targets {met} are met; beside other tools stand {beside} rows, and in {lost} of them "
            f"another tool is better. What is missed, where others win, and the command, seeds, machine and date of each: "
            f"[all results]({link})."
        )
    return f"{table(header, lines)}\n\n{told}"


def _list(found: Sequence[tuple[Part, Row]], of: str) -> str:
    if of == "missed":
        header = ["part", "measure", "data", "drafter", "target", "note"]
        lines = [[p.title, r.measure, r.part, r.ours, r.target, r.note] for p, r in found]
    else:
        header = ["part", "measure", "data", "drafter", "better", "note"]
        lines = [
            [
                p.title,
                r.measure,
                r.part,
                r.ours,
                "; ".join(f"{name} {r.peers[name]}" for name in r.winners),
                r.note,
            ]
            for p, r in found
        ]
    return table(header, lines) if lines else "None."


def page(found: Sequence[Part]) -> str:
    """RESULTS.md."""
    text = [
        "# Results",
        "`make bench` measures and writes this page; `python -m benchmarks.results` writes it anew from benchmarks/results/, "
        "what each benchmark has kept, and RESULTS.json with the same rows. How each is measured, and what it cannot say, "
        "stands in the README beside it. Shares have 95% intervals; a target is met by the share, not by its interval. "
        "Times depend on the hour: the machine's two cores are shared, and each part says its load.",
        head(found, link="RESULTS.md"),
        "## Targets that are missed",
        _list(missed(found), "missed"),
        "## Where another tool is better",
        "By any difference, also one within the intervals.",
        _list(beaten(found), "beaten"),
    ]
    for part in found:
        at = part.measured
        told = f"`{part.command}`  \n{at['date']}, commit {at['commit']}, {at['machine']}, load {at['load']}; {at['versions']}"
        told += f"; seeds: {part.seeds}" if part.seeds else ""
        text += [f"## {part.title}", told, *([part.note] if part.note else []), markdown(part.rows)]
    return "\n\n".join(text) + "\n"


def with_head(text: str, block: str) -> str:
    """A README's text with the block between its marks.

    Raises:
        ValueError: it has no marks, or more than once.
    """
    first, last = MARKS
    if text.count(first) != 1 or text.count(last) != 1:
        raise ValueError(f"the README needs one line {first} and one {last}")
    before, rest = text.split(first)
    return f"{before}{first}\n{block}\n{last}{rest.split(last)[1]}"


def written(found: Sequence[Part], root: Path = ROOT) -> dict[Path, str]:
    """Every file that is made of the parts, with its text."""
    made = {
        root / "benchmarks" / "RESULTS.md": page(found),
        root / "benchmarks" / "RESULTS.json": json.dumps(as_data(found), ensure_ascii=False, indent=1) + "\n",
    }
    for name, chinese in (("README.md", False), ("README.zh-CN.md", True)):
        text = (root / name).read_text(encoding="utf-8")
        made[root / name] = with_head(text, head(found, chinese=chinese))
    for part in found:
        for name, plot in part.series.items():
            made[root / "docs" / "images" / name] = svg(plot)
    return made


def main() -> None:
    """Write them."""
    for path, text in written(parts()).items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()

"""What a person sees on the terminal: tables of findings and the progress of a draft. All of it goes to stderr."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drafter.cli.answers import answers
from drafter.cli.options import shown
from drafter.drafting.progress import OnProgress, Progress
from drafter.report import SEVERITY_NAMES

if TYPE_CHECKING:
    from rich.console import Console

    from drafter.batch import BatchProgress
    from drafter.comparisons import Comparison
    from drafter.plugins import Registry
    from drafter.report import Finding

MOST_FIGURES = 6
"""So many figures that were not compared are shown for one reason; report.json has them all."""
LINE_EVERY = 1000
"""Files between two lines of progress where there is no terminal."""
COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


def say(line: str) -> None:
    """One line to the person."""
    print(shown(line), file=sys.stderr, flush=True)


def print_json(data: Any) -> None:
    """One JSON object on stdout, UTF-8 whatever the console's encoding (RFC 8259, section 8.1)."""
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    stream = answers()
    stream.flush()
    stream.buffer.write(text.encode("utf-8", "backslashreplace"))
    stream.buffer.flush()


def console() -> Console:
    """The console on stderr; without colours where it is not a terminal."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())


def show_problems(registry: Registry) -> None:
    """A line for each plugin that was left out."""
    for problem in registry.problems:
        say(f"提醒：{problem}；其余照常")


def show_findings(
    findings: Sequence[Finding], names: dict[str, str], most: int = 30, rest: str = "report.json"
) -> None:
    """A short table of findings, errors first; on anything but a terminal plain lines."""
    order = {"error": 0, "warning": 1, "info": 2}
    rows = sorted(findings, key=lambda finding: order[finding.severity])
    if not sys.stderr.isatty():
        for finding in rows[:most]:
            say(
                f"[{SEVERITY_NAMES[finding.severity]}] {finding.code} {names.get(finding.section or '', '')} {finding.message}"
            )
    else:
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table("程度", "代码", "章节", "内容", box=box.SIMPLE_HEAD)
        for finding in rows[:most]:
            table.add_row(
                Text(SEVERITY_NAMES[finding.severity], COLOURS[finding.severity]),
                finding.code,
                Text(names.get(finding.section or "", finding.section or "")),
                Text(shown(finding.message)),
            )
        if rows:
            console().print(table)
    if len(rows) > most:
        say(f"另有 {len(rows) - most} 条，见 {rest}")


def show_comparison(comparison: Comparison | None) -> None:
    """With which period the facts are compared, and which of them are not, with the reason; nothing without one."""
    if comparison is None:
        return
    say(
        f"与上期（{comparison.period}）比较：{len(comparison.compared)} 处数字有对应的，{len(comparison.left_out)} 处没有比较"
    )
    reasons: dict[str, list[str]] = {}
    for each in comparison.left_out:
        reasons.setdefault(each.reason, []).append(f"{each.fact}“{each.figure}”")
    for reason, figures in reasons.items():
        more = f"等 {len(figures)} 处" if len(figures) > MOST_FIGURES else ""
        say(f"  {reason}：{'、'.join(figures[:MOST_FIGURES])}{more}")


def show_counts(findings: Sequence[Finding], checks: Sequence[str]) -> None:
    """How many errors and warnings each check left, also where it left none: what was looked at, not only what was found."""
    rows = [("检查", "错误", "提醒")]
    for check in dict.fromkeys([*checks, *(finding.check for finding in findings)]):
        own = [finding.severity for finding in findings if finding.check == check]
        rows.append((check, str(own.count("error")), str(own.count("warning"))))
    for check, errors, warnings in rows:
        wide = 12 - sum(ord(letter) > 0x2E80 for letter in check)
        say(f"  {check:<{wide}} {errors:>4} {warnings:>6}")


@contextmanager
def counting(what: str, quiet: bool) -> Iterator[Callable[..., None] | None]:
    """A callback for how many are done, how many there are and, if there is one, the file at hand.

    A bar on a terminal, elsewhere a line now and then, nothing when quiet.
    """
    if quiet:
        yield None
    elif not sys.stderr.isatty():

        def tell(done: int, total: int, path: Path | None = None) -> None:
            if done and done % LINE_EVERY == 0:
                say(f"{what}：{done}/{total}")

        yield tell
    else:
        from rich.markup import escape
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Bars(*columns, console=console(), transient=True) as bars:
            task = bars.add_task(what, total=None)

            def show(done: int, total: int, path: Path | None = None) -> None:
                name = f" {escape(shown(path.name)[:24])}" if path else ""
                bars.update(task, completed=done, total=total, description=what + name)

            yield show


@contextmanager
def draft_progress(quiet: bool) -> Iterator[OnProgress]:
    """A callback that shows each leaf: a live display on a terminal, plain lines elsewhere, nothing when quiet."""
    if quiet:
        yield lambda event: None
    elif sys.stderr.isatty():
        with _live() as show:
            yield show
    else:
        yield _plain


def _plain(event: Progress) -> None:
    if event.stage == "corpus":
        say("整理往年报告……")
    elif event.stage == "finish":
        how = "取自日志" if event.resumed else f"{event.seconds:.1f} 秒"
        say(f"[{event.done}/{event.total}] {event.heading or event.section}（{how}）")
    elif event.stage == "check":
        say("核对全文……")


@contextmanager
def _live() -> Iterator[OnProgress]:
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console(), transient=True) as bars:
        whole = bars.add_task("准备", total=None)
        running: dict[tuple[str, str], Any] = {}

        def show(event: Progress) -> None:
            key = (event.section, event.heading)
            if event.stage == "corpus":
                bars.update(whole, description="整理往年报告")
            elif event.stage == "begin":
                bars.update(whole, description="起草", total=event.total, completed=event.done)
                running[key] = bars.add_task(f"  {escape(event.heading or event.section)}", total=None)
            elif event.stage == "repair" and key in running:
                bars.update(running[key], description=f"  {escape(event.heading or event.section)}（修改）")
            elif event.stage == "finish":
                bars.update(whole, completed=event.done, total=event.total)
                if key in running:
                    bars.remove_task(running.pop(key))
            elif event.stage == "check":
                bars.update(whole, description="核对全文")

        yield show


@contextmanager
def batch_progress(quiet: bool) -> Iterator[Callable[[BatchProgress], None]]:
    """A callback that shows each report of a batch: one bar on a terminal, a line for each elsewhere, nothing when quiet."""
    if quiet:
        yield lambda event: None
        return
    from drafter.batch.rows import STATUS

    def line(event: BatchProgress) -> str:
        row = event.row
        how = f"{STATUS[row.status]}（上次）" if row.earlier else STATUS[row.status]
        said = row.message or f"{row.errors} 个错误，{row.warnings} 个提醒，{row.seconds:.1f} 秒"
        return f"[{event.done}/{event.total}] {Path(row.folder).name}：{how}，{said}"

    if not sys.stderr.isatty():
        yield lambda event: say(line(event)) if event.row.status != "waiting" else None
        return
    from rich.markup import escape
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars

    columns = (
        *(TextColumn("起草"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}")),
        *(TimeElapsedColumn(), TimeRemainingColumn()),
    )
    with Bars(*columns, console=console(), transient=True) as bars:
        whole = bars.add_task("", total=None)
        counts: Counter[str] = Counter()

        def show(event: BatchProgress) -> None:
            if event.row.status == "waiting":
                bars.update(whole, total=event.total)
                return
            counts[event.row.status] += 1
            said = "，".join(f"{STATUS[status]} {counts[status]}" for status in STATUS if counts[status])
            bars.update(whole, completed=event.done, total=event.total, description=escape(said))
            if not event.row.finished:
                bars.console.print(escape(shown(line(event))))

        yield show

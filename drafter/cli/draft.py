"""`drafter draft`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from drafter.cli.options import HELP, PLUGINS

if TYPE_CHECKING:
    from drafter.drafting import Plan, Run
    from drafter.facts import Facts
    from drafter.plugins import Exporter, Registry
    from drafter.report import Report


@click.command(short_help="由事实文件起草一份报告。")
@HELP
@click.argument("facts", type=click.Path(path_type=Path), metavar="FACTS")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="输出文件夹，或一个带结尾的文件；不写时为事实文件旁的 <名称>-draft/。",
)
@click.option(
    "--corpus",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="往年报告：文件夹、文件或 corpus add 建的库，可重复。",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="FMT",
    help="输出格式（md、docx、json……），可重复；不写为全部。",
)
@click.option(
    "--section", "sections", multiple=True, metavar="NAME", help="重写这一章节，其余取自日志，可重复。"
)
@click.option("--model", metavar="M", help="模型名称；选了模型或地址，事实才会发往接口。")
@click.option("--base-url", metavar="URL", help="OpenAI 兼容接口的地址，如 http://127.0.0.1:8080/v1。")
@click.option("--offline", is_flag=True, default=None, help="只用内置离线写作器，什么也不发出。")
@PLUGINS
@click.option("--strict", is_flag=True, help="插件有故障时不继续。")
@click.option("--fresh", is_flag=True, help="不用日志里的旧回复，从头写起。")
@click.option("--force", is_flag=True, help="覆盖已被人修改过的输出文件。")
@click.option("--dry-run", is_flag=True, help="只列出将要进行的调用和词元数，不起草。")
@click.option("--json", "as_json", is_flag=True, help="在标准输出打印 report.json 的内容和文件位置。")
def draft(
    facts: Path,
    out: Path | None,
    corpus: tuple[Path, ...],
    formats: tuple[str, ...],
    sections: tuple[str, ...],
    model: str | None,
    base_url: str | None,
    offline: bool | None,
    plugin_names: tuple[str, ...],
    strict: bool,
    fresh: bool,
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """由事实文件 FACTS（.json、.yaml）起草一份完整的工作报告。

    没有选模型时用内置离线写作器。结束状态：0 完成；1 完成但有错误留在文中并已标出；2 输入有误；3 接口失败，已写的存在日志里。
    """
    from drafter.cli.console import (
        draft_progress,
        print_json,
        say,
        show_counts,
        show_findings,
        show_problems,
    )
    from drafter.drafting import Journal, make_plan, prepare
    from drafter.exporters.files import refuse_changed
    from drafter.facts import load_facts
    from drafter.plugins import load_registry
    from drafter.settings import load_settings

    flags: dict[str, Any] = {"model": model, "base_url": base_url, "offline": offline}
    if plugin_names:
        flags["plugins"] = list(plugin_names)
    if formats:
        flags["formats"] = list(formats)
    settings = load_settings(flags)
    registry = load_registry(settings.plugins, strict=strict)
    show_problems(registry)
    ledger = load_facts(facts)
    folder, targets = choose_targets(facts, out, settings.formats, registry)
    journal = journal_path(folder, targets)
    with ExitStack() as opened, draft_progress(quiet=as_json) as progress:
        run = prepare(
            ledger,
            corpus=corpus or None,
            settings=settings,
            registry=registry,
            refresh=tuple(registry.sections) if fresh else (),
            on_progress=progress,
        )
        for path, reason in getattr(run.retriever, "skipped", ()):
            say(f"提醒：{path} 没有用上：{reason}")
        if journal.is_file() and not (dry_run and not journal.stat().st_size):
            run.journal = opened.enter_context(Journal(journal, read_only=dry_run))
        plan = make_plan(run)
        run.refresh = (*run.refresh, *in_the_outline(sections, plan))
        if dry_run:
            return show_plan(run, plan, as_json)
        if not force:
            # before anything is made or paid for
            refuse_changed(targets, run.journal.written if run.journal else lambda name: ())
        if run.journal is None:
            _make_folder(folder)
            run.journal = opened.enter_context(Journal(journal))
        report = _carry_out(run, plan, targets, force=force)
    files = [str(path) for path in targets]
    if as_json:
        print_json({**report.to_json(), "files": files})
    else:
        show_findings(report.findings, section_names(plan))
        show_counts(report.findings, settings.checks or list(registry.checks))
        show_summary(report, ledger)
        for file in files:
            click.echo(file)
    return 1 if report.unfinished else 0


def choose_targets(
    facts: Path, out: Path | None, formats: list[str], registry: Registry
) -> tuple[Path, dict[Path, Exporter]]:
    """The folder of the output and the exporter for each file in it.

    Raises:
        OutputError: an unknown format or ending, or a folder and a file mistaken for each other.
    """
    from drafter.errors import OutputError

    unknown = [name for name in formats if name not in registry.exporters]
    if unknown:
        raise OutputError(f"没有名为“{unknown[0]}”的输出格式，可用的有 {'、'.join(registry.exporters)}")
    # out2024.07 is a folder; a file has an ending of letters
    if out is not None and out.suffix[1:].isalpha() and not out.is_dir():
        for exporter in registry.exporters.values():
            if exporter.suffix == out.suffix.lower():
                return out.parent, {out: exporter}
        known = "、".join(exporter.suffix for exporter in registry.exporters.values())
        raise OutputError(f"{out}：没有这种格式的导出器，可用的结尾有 {known}")
    folder = out if out is not None else facts.parent / f"{facts.stem}-draft"
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}：已有同名文件，不能作为输出文件夹；请用 -o 换个地方")
    chosen = [registry.exporters[name] for name in formats or registry.exporters]
    return folder, {folder / f"report{exporter.suffix}": exporter for exporter in chosen}


def in_the_outline(names: tuple[str, ...], plan: Plan) -> list[str]:
    """The sections of this report that were named, by name, heading or the heading of a subsection.

    Raises:
        OutlineError: naming those that it has.
    """
    from drafter.errors import OutlineError

    own = section_names(plan)
    known = {name: name for name in own} | {label: name for name, label in own.items()}
    known |= {task.label: task.section.name for task in plan.calls}
    for name in names:
        if name not in known:
            has = "、".join(f"{each}（{label}）" for each, label in own.items())
            raise OutlineError(f"--section：这份报告里没有章节“{name}”，有的是 {has}")
    return [known[name] for name in names]


def journal_path(folder: Path, targets: dict[Path, Exporter]) -> Path:
    """The journal of an output folder, or beside a single file that was asked for by name."""
    single = next(iter(targets))
    if len(targets) == 1 and single.stem != "report":
        return folder / f"{single.name}.journal.sqlite"
    return folder / "journal.sqlite"


def _carry_out(run: Run, plan: Plan, targets: dict[Path, Exporter], *, force: bool) -> Report:
    """Draft, and write the files; the run is closed afterwards."""
    import asyncio

    from drafter.drafting import run_flow
    from drafter.exporters.files import refuse_changed, sweep, write_outputs

    async def whole() -> Report:
        try:
            return await run_flow(run, plan)
        finally:
            await run.aclose()

    report = asyncio.run(whole())
    journal = run.journal
    assert journal is not None

    def about_to_move(digests: Mapping[str, str]) -> None:
        if not force:
            # somebody may have edited a file while the report was drafted
            refuse_changed(targets, journal.written)
        journal.remember(digests)

    sweep(targets)
    write_outputs(report, targets, before_moving=about_to_move)
    return report


def _make_folder(folder: Path) -> None:
    from drafter.errors import OutputError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder}：建不了输出文件夹（{error.strerror}）；请检查权限，或用 -o 换个地方"
        ) from None


def section_names(plan: Plan) -> dict[str, str]:
    """What a person calls each section."""
    return {section.name: section.label for section in plan.outline.sections}


def show_summary(report: Report, ledger: Facts) -> None:
    """A few lines: who wrote, what it cost, how it stands."""
    from drafter.cli.console import say

    writer = (
        "内置离线写作器（未调用模型）"
        if report.writer == "offline"
        else f"{report.writer} {report.model}".strip()
    )
    missing = {
        e.fact
        for f in [*report.findings, *report.silenced]
        if f.code in ("coverage.missing", "outline.unplaced")
        for e in f.evidence
    }
    required = [fact for fact in ledger.facts if fact.required]
    covered = sum(fact.id not in missing for fact in required)
    say(f"写作：{writer}，{report.seconds:.1f} 秒")
    if report.calls:
        say(
            f"调用：{report.calls} 次，词元 {report.tokens.prompt_tokens} 进（其中缓存 {report.tokens.cached_tokens}）"
            f" {report.tokens.completion_tokens} 出"
        )
    say(f"事实：必写 {len(required)} 条，写到 {covered} 条；可追溯的数字、日期 {len(report.claims)} 处")
    if report.silenced:
        say(
            f"按设置不提示：{len(report.silenced)} 条（{'、'.join(sorted({f.code for f in report.silenced}))}）"
        )
    counts = report.counts
    if report.unfinished:
        say(f"结果：{counts['error']} 个错误已在文中标出，{counts['warning']} 个提醒；请核实后再用")
    else:
        say(f"结果：没有错误，{counts['warning']} 个提醒")


def show_plan(run: Run, plan: Plan, as_json: bool) -> int:
    """What a run would call; nothing is written."""
    from drafter.cli.console import print_json, say

    endpoint = run.writer.name != "offline"
    rows = [
        {
            "section": task.section.name,
            "heading": task.request.heading,
            "facts": [fact.id for fact in task.leaf.facts],
            "passages": [passage.id for passage in task.passages],
            "prompt_tokens_at_most": task.tokens if endpoint else 0,
        }
        for task in plan.calls
    ]
    total = sum(int(str(row["prompt_tokens_at_most"])) for row in rows)
    if as_json:
        print_json(
            {"writer": run.writer.name, "calls": rows if endpoint else [], "prompt_tokens_at_most": total}
        )
        return 0
    for task in plan.calls:
        say(
            f"{task.heading or task.section.label}：事实 {len(task.leaf.facts)} 条，参考片段 {len(task.passages)} 个"
            + (f"，提示词至多 {task.tokens} 词元" if endpoint else "")
        )
    if endpoint:
        say(
            f"共 {len(rows)} 次调用，提示词至多 {total} 词元，回复至多 {len(rows) * run.settings.max_tokens} 词元"
        )
    else:
        say("离线起草，不调用任何接口")
    return 0

"""`drafter draft`."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from drafter.cli.completing import offer_sections
from drafter.cli.options import (
    BASE_URL,
    CORPUS,
    DOCX_CONTENTS,
    DOCX_TEMPLATE,
    DRY_RUN,
    FORCE,
    FORMATS,
    HELP,
    MODEL,
    OFFLINE,
    PLUGINS,
    PREVIOUS,
    SEAL,
    STEPS,
    STRICT,
)

if TYPE_CHECKING:
    from drafter.drafting import Plan, Run
    from drafter.report import Report, Spending
    from drafter.sealing import Seal


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
@PREVIOUS
@CORPUS
@FORMATS
@DOCX_TEMPLATE
@DOCX_CONTENTS
@click.option(
    "--section",
    "sections",
    multiple=True,
    metavar="NAME",
    shell_complete=offer_sections,
    help="重写这一章节，其余取自日志，可重复。",
)
@MODEL
@BASE_URL
@OFFLINE
@SEAL
@PLUGINS
@STRICT
@click.option("--fresh", is_flag=True, help="不用日志里的旧回复，从头写起。")
@FORCE
@DRY_RUN
@click.option("--json", "as_json", is_flag=True, help="在标准输出打印 report.json 的内容和文件位置。")
def draft(
    facts: Path,
    out: Path | None,
    previous: Path | None,
    corpus: tuple[Path, ...],
    formats: tuple[str, ...],
    docx_template: str | None,
    docx_contents: bool | None,
    sections: tuple[str, ...],
    model: str | None,
    base_url: str | None,
    offline: bool | None,
    seal: bool | None,
    plugin_names: tuple[str, ...],
    strict: bool,
    fresh: bool,
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """由事实文件 FACTS（.xlsx、.csv、.json、.yaml）起草一份完整的工作报告。

    没有选模型时用内置离线写作器。结束状态：0 完成；1 完成但有错误留在文中并已标出；2 输入有误；3 接口失败，已写的存在日志里。
    """
    import asyncio

    from drafter.cli.console import (
        draft_progress,
        print_json,
        say,
        show_comparison,
        show_counts,
        show_findings,
        show_problems,
    )
    from drafter.cli.personal import warn_of_personal_data
    from drafter.drafting import make_plan, prepare
    from drafter.drafting.folder import choose_place, notices
    from drafter.plugins import load_registry
    from drafter.settings import load_settings

    flags: dict[str, Any] = {
        "model": model,
        "base_url": base_url,
        "offline": offline,
        "seal": seal,
        "docx_template": docx_template,
        "docx_contents": docx_contents,
    }
    if plugin_names:
        flags["plugins"] = list(plugin_names)
    if formats:
        flags["formats"] = list(formats)
    settings = load_settings(flags)
    registry = load_registry(settings.plugins, strict=strict)
    show_problems(registry)
    place = choose_place(facts, out, settings, registry)
    with ExitStack() as opened, draft_progress(quiet=as_json) as progress:
        run = prepare(
            facts,
            previous=previous,
            corpus=corpus or None,
            settings=settings,
            registry=registry,
            refresh=tuple(registry.sections) if fresh else (),
            on_progress=progress,
        )
        for path, reason in getattr(run.retriever, "skipped", ()):
            say(f"提醒：{path} 没有用上：{reason}")
        show_comparison(run.comparison)
        place.open(run, opened, read_only=dry_run)
        plan = make_plan(run)
        run.refresh = (*run.refresh, *in_the_outline(sections, plan))
        if run.prompted:
            warn_of_personal_data(run.ledger, settings, registry)
        if dry_run:
            return show_plan(run, plan, as_json)
        place.make_ready(run, opened, force=force)
        report = asyncio.run(_whole(run, place.carry_out(run, plan, force=force)))
    files = [str(path) for path in place.targets]
    if as_json:
        print_json({**report.to_json(), "files": files})
    else:
        show_findings(report.findings, section_names(plan))
        show_counts(report.findings, settings.checks or list(registry.checks))
        show_summary(report, section_names(plan))
        for file in files:
            click.echo(file)
        for line in notices(place.targets.values()):
            say(f"提醒：{line}")
    return 1 if report.unfinished else 0


async def _whole(run: Run, work: Awaitable[Report]) -> Report:
    """The work, and the run closed afterwards."""
    try:
        return await work
    finally:
        await run.aclose()


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


def section_names(plan: Plan) -> dict[str, str]:
    """What a person calls each section."""
    return {section.name: section.label for section in plan.outline.sections}


def show_summary(report: Report, names: dict[str, str]) -> None:
    """A few lines: who wrote, what it cost, how it stands."""
    from drafter.cli.console import say

    writer = (
        "内置离线写作器（未调用模型）"
        if report.writer == "offline"
        else f"{report.writer} {report.model}".strip()
    )
    required, covered = report.coverage()
    say(f"写作：{writer}，{report.seconds:.1f} 秒")
    show_spending(report, names)
    say(f"事实：必写 {required} 条，写到 {covered} 条；可追溯的数字、日期 {len(report.claims)} 处")
    if report.silenced:
        say(
            f"按设置不提示：{len(report.silenced)} 条（{'、'.join(sorted({f.code for f in report.silenced}))}）"
        )
    counts = report.counts
    if report.unfinished:
        say(f"结果：{counts['error']} 个错误已在文中标出，{counts['warning']} 个提醒；请核实后再用")
    else:
        say(f"结果：没有错误，{counts['warning']} 个提醒")


def show_spending(report: Report, names: dict[str, str]) -> None:
    """What the calls have cost: all together, and by section and step."""
    from drafter.cli.console import say
    from drafter.report import Usage

    def told(calls: int, tokens: Usage, cost: float) -> str:
        cached = f"（其中缓存 {tokens.cached_tokens}）" if tokens.cached_tokens else ""
        money = f"，{cost:.4g} {report.currency}" if cost else ""
        return f"{calls} 次，词元 {tokens.prompt_tokens} 进{cached} {tokens.completion_tokens} 出{money}"

    if not report.spending:
        return
    rows: dict[tuple[str, str], list[Spending]] = {}
    for row in report.spending:
        rows.setdefault((row.section, row.step), []).append(row)
    whole = sum((row.tokens for row in report.spending), Usage())
    say(f"调用：{told(sum(row.calls for row in report.spending), whole, report.cost)}")
    for (section, step), own in rows.items():
        tokens = sum((row.tokens for row in own), Usage())
        calls, cost = sum(row.calls for row in own), sum(row.cost for row in own)
        say(f"  {names.get(section, section)}，{STEPS.get(step, step)}：{told(calls, tokens, cost)}")


def show_plan(run: Run, plan: Plan, as_json: bool) -> int:
    """What a run would still call; nothing is called or written."""
    from drafter.cli.console import print_json, say
    from drafter.drafting.forecast import forecast

    told = forecast(run, plan)
    most = told.most
    if as_json:
        rows = [
            {
                "section": call.section,
                "heading": call.heading,
                "facts": call.facts,
                "passages": call.passages,
                "kept": call.kept,
                "prompt_tokens_at_most": call.most.prompt_tokens,
            }
            for call in told.calls
        ]
        print_json(
            {
                "writer": run.writer.name,
                "sealed_facts": [fact.text for fact in plan.seal.ledger.facts] if plan.seal else None,
                "calls": rows,
                "prompt_tokens_at_most": most.prompt_tokens,
                "reply_tokens_at_most": most.completion_tokens,
                "cost_at_most": round(told.cost, 6),
            }
        )
        return 0
    if not run.prompted:
        for task in plan.calls:
            say(f"{task.label}：事实 {len(task.leaf.facts)} 条")
        say("离线起草，不调用任何接口")
        return 0
    for call in told.calls:
        how = "取自日志" if call.kept else f"提示词至多 {call.most.prompt_tokens} 词元"
        say(f"{call.label}：事实 {len(call.facts)} 条，参考片段 {len(call.passages)} 个，{how}")
    if plan.seal is not None:
        _show_sealed(plan.seal)
    price = f"，至多 {told.cost:.4g} {run.settings.currency}" if told.cost else ""
    say(
        f"共 {told.to_come} 次调用，提示词至多 {most.prompt_tokens} 词元，回复至多 {most.completion_tokens} 词元{price}"
        "；续写和修改另计"
    )
    return 0


def _show_sealed(seal: Seal) -> None:
    """The facts as a model will see them: only a person can tell whether a word in them should not leave."""
    from collections import Counter

    from drafter.cli.console import say
    from drafter.sealing import KINDS

    counts = Counter(KINDS[entry.code[0]] for entry in seal.book)
    say("封存：" + "，".join(f"{kind} {count} 个" for kind, count in counts.items()))
    for fact in seal.ledger.facts:
        say(f"  {fact.id}：{fact.text}")
    say("请看上面还有没有不该发出的词；有，就写进设置 sealed_words；不必封存的写进 unsealed_words")

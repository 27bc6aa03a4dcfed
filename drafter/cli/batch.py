"""`drafter batch`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from drafter.cli.options import (
    BASE_URL,
    CORPUS,
    DOCX_CONTENTS,
    DOCX_TEMPLATE,
    DRY_RUN,
    FORCE,
    FORMATS,
    HELP,
    JSON,
    MODEL,
    OFFLINE,
    PLUGINS,
    PREVIOUS,
    SEAL,
    STRICT,
)

if TYPE_CHECKING:
    from drafter.batch import BatchRow


@click.command(short_help="由多个事实文件起草一批报告。")
@HELP
@click.argument("facts", nargs=-1, required=True, metavar="FACTS...")
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="输出文件夹：每份报告一个子文件夹，另有 summary.csv 和 summary.json。",
)
@PREVIOUS
@CORPUS
@FORMATS
@DOCX_TEMPLATE
@DOCX_CONTENTS
@MODEL
@BASE_URL
@OFFLINE
@SEAL
@click.option("--concurrency", type=int, metavar="N", help="全批同时进行的调用数。")
@click.option("--ray", "address", metavar="ADDRESS", help="在 Ray 集群上起草（主机:端口、auto 或 local）。")
@PLUGINS
@STRICT
@click.option("--fresh", is_flag=True, help="已完成的也重写，不用日志里的旧回复。")
@FORCE
@DRY_RUN
@JSON
def batch(
    facts: tuple[str, ...],
    out: Path,
    previous: Path | None,
    corpus: tuple[Path, ...],
    formats: tuple[str, ...],
    docx_template: str | None,
    docx_contents: bool | None,
    model: str | None,
    base_url: str | None,
    offline: bool | None,
    seal: bool | None,
    concurrency: int | None,
    address: str | None,
    plugin_names: tuple[str, ...],
    strict: bool,
    fresh: bool,
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """由多个事实文件 FACTS（文件、文件夹或通配符）起草一批报告，共用一个节奏和预算。

    再次运行时，上次已完成而事实和设置没有变的不再起草，失败的和中断的接着写。结束状态：0 全部完成；1 有错误留在文中并已标出；2
    有的输入有误；3 接口失败或预算用完，已写的存在日志里。
    """
    from drafter.batch import draft_batch, plan_batch
    from drafter.batch.jobs import find_jobs
    from drafter.batch.summary import to_json
    from drafter.cli.console import batch_progress, print_json, say, show_problems
    from drafter.cli.personal import warn_of_personal_data_in
    from drafter.drafting.folder import choose_exporters, notices
    from drafter.plugins import load_registry
    from drafter.settings import load_settings

    flags: dict[str, Any] = {
        "model": model,
        "base_url": base_url,
        "offline": offline,
        "seal": seal,
        "concurrency": concurrency,
        "plugins": list(plugin_names) or None,
        "formats": list(formats) or None,
        "docx_template": docx_template,
        "docx_contents": docx_contents,
    }
    settings = load_settings(flags)
    registry = load_registry(settings.plugins, strict=strict)
    show_problems(registry)
    if settings.writer_name != "offline":
        warn_of_personal_data_in((job.facts for job in find_jobs(facts)), settings, registry)
    given: dict[str, Any] = {
        "previous": previous,
        "corpus": corpus or None,
        "settings": settings,
        "registry": registry,
        "fresh": fresh,
    }
    if dry_run:
        told = plan_batch(facts, out, **given)
        if as_json:
            print_json(told)
        else:
            _show_plan(told, settings.currency)
        return 0
    with batch_progress(quiet=as_json) as progress:
        draft = draft_batch
        if address:
            from drafter.batch.on_ray import draft_batch_on_ray

            draft = partial(draft_batch_on_ray, address=address)
        rows = draft(facts, out, force=force, on_progress=progress, **given)
    if as_json:
        print_json(to_json(rows))
    else:
        _show_summary(rows, settings.currency)
        for name in ("summary.csv", "summary.json"):
            click.echo(str(out / name))
        if any(row.finished and not row.earlier for row in rows):
            for line in notices(choose_exporters(settings, registry)):
                say(f"提醒：{line}")
    say_again = [row for row in rows if not row.finished]
    if say_again and not as_json:
        say(f"有 {len(say_again)} 份没有完成；排除原因后再次运行同一命令即可，完成的不会重写")
    return exit_status(rows)


def exit_status(rows: list[BatchRow]) -> int:
    """The gravest of the reports' own: ours (70), an interrupt, the endpoint (3), the input (2), errors left (1)."""
    return max((row.exit_status for row in rows), default=0)


def _show_summary(rows: list[BatchRow], currency: str) -> None:
    from drafter.batch.rows import STATUS
    from drafter.batch.summary import totals
    from drafter.cli.console import say

    told = totals(rows)
    for row in rows:
        if not row.finished:
            say(f"{STATUS[row.status]}：{row.facts}：{row.message}")
    counts = "，".join(f"{word} {told[status]}" for status, word in STATUS.items() if told[status])
    earlier = f"（其中上次已完成 {told['earlier']}）" if told["earlier"] else ""
    say(f"共 {told['reports']} 份：{counts}{earlier}")
    tokens = told["tokens"]
    if told["calls"]:
        money = f"，{told['cost']:.4g} {currency}" if told["cost"] else ""
        say(
            f"调用：{told['calls']} 次，词元 {tokens['prompt_tokens']} 进（其中缓存 {tokens['cached_tokens']}）"
            f" {tokens['completion_tokens']} 出{money}"
        )


def _show_plan(told: dict[str, Any], currency: str) -> None:
    from drafter.cli.console import say

    for each in told["reports"]:
        if each["message"]:
            say(f"{each['facts']}：{each['message']}")
        else:
            how = (
                "已完成"
                if each["finished"]
                else f"{each['calls']} 次调用，提示词至多 {each['prompt_tokens_at_most']} 词元"
            )
            say(f"{each['facts']}：{how}")
    price = f"，至多 {told['cost_at_most']:.4g} {currency}" if told["cost_at_most"] else ""
    say(
        f"共 {told['calls']} 次调用，提示词至多 {told['prompt_tokens_at_most']} 词元，"
        f"回复至多 {told['reply_tokens_at_most']} 词元{price}；续写和修改另计"
    )

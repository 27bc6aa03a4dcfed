"""`drafter check`."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from drafter.cli.completing import offer_checks
from drafter.cli.options import HELP, JSON, PLUGINS, PREVIOUS


@click.command(short_help="核对一篇写好的稿子：有没有出处，写没写全，有没有占位和残留。")
@HELP
@click.argument("text", type=click.Path(path_type=Path), metavar="TEXT")
@click.option(
    "--facts",
    type=click.Path(path_type=Path),
    metavar="FACTS",
    help="事实文件；不给就只做不用对照事实的检查。",
)
@PREVIOUS
@click.option(
    "--corpus", multiple=True, type=click.Path(path_type=Path), metavar="PATH", help="往年报告，可重复。"
)
@click.option(
    "--only",
    multiple=True,
    metavar="CHECK",
    shell_complete=offer_checks,
    help="只做这项检查，可重复。",
)
@click.option(
    "--allow-copying-from",
    "sources",
    multiple=True,
    metavar="NAME",
    help="可以照用原文的往期报告：编号、标题或单位，own 为本单位的；可重复。",
)
@PLUGINS
@JSON
def check(
    text: Path,
    facts: Path | None,
    previous: Path | None,
    corpus: tuple[Path, ...],
    only: tuple[str, ...],
    sources: tuple[str, ...],
    plugin_names: tuple[str, ...],
    as_json: bool,
) -> int:
    """核对稿子 TEXT（.md、.txt、.docx、.pdf、网页、.doc）：数字、日期和名称有没有出处，事实写没写到，有没有占位和残留。

    结束状态：0 没有错误；1 有错误；2 输入有误。
    """
    from drafter.checking import check as check_text
    from drafter.checking import chosen_checks, notes_on, read_text
    from drafter.cli.check_report import Report, write
    from drafter.cli.console import print_json, say, show_comparison, show_problems
    from drafter.plugins import load_registry
    from drafter.settings import load_settings

    content = read_text(text)
    flags = {"plugins": list(plugin_names) or None, "allow_copying_from": list(sources) or None}
    settings = load_settings(flags)
    registry = load_registry(settings.plugins)
    show_problems(registry)
    done, left_out = chosen_checks(only, settings, registry, with_facts=facts is not None)
    result = check_text(
        content,
        facts,
        previous=previous,
        corpus=corpus or None,
        only=only,
        settings=settings,
        registry=registry,
        markdown=text.suffix.lower() == ".md",
    )
    show_comparison(result.comparison)
    notes = notes_on(text)
    if left_out:
        notes.append(f"没有事实文件（--facts），没有做的检查：{'、'.join(left_out)}")
    if as_json:
        for note in notes:
            say(f"提醒：{text.name}：{note}")
        print_json(result.model_dump(mode="json"))
    else:
        unit = "行" if text.suffix.lower() in (".md", ".txt") else "段"
        write(Report(text.name, content, result, done, notes, unit))
    return 1 if result.counts["error"] else 0

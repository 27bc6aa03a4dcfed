"""`drafter check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from drafter.cli.options import HELP, JSON, PLUGINS

if TYPE_CHECKING:
    from drafter.report import Finding


@click.command(short_help="用事实文件核对一篇写好的稿子。")
@HELP
@click.argument("text", type=click.Path(path_type=Path), metavar="TEXT")
@click.option("--facts", required=True, type=click.Path(path_type=Path), metavar="FACTS", help="事实文件。")
@click.option(
    "--corpus", multiple=True, type=click.Path(path_type=Path), metavar="PATH", help="往年报告，可重复。"
)
@click.option("--only", multiple=True, metavar="CHECK", help="只做这项检查，可重复。")
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
    facts: Path,
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
    from drafter.checking import read_text
    from drafter.cli.console import print_json, say, show_findings, show_problems
    from drafter.plugins import load_registry
    from drafter.settings import load_settings

    content = read_text(text)
    flags = {"plugins": list(plugin_names) or None, "allow_copying_from": list(sources) or None}
    settings = load_settings(flags)
    registry = load_registry(settings.plugins)
    show_problems(registry)
    result = check_text(
        content,
        facts,
        corpus=corpus or None,
        only=only,
        settings=settings,
        registry=registry,
        markdown=text.suffix.lower() == ".md",
    )
    if as_json:
        print_json(result.model_dump(mode="json"))
    else:
        found = [_with_line(finding, content) for finding in result.findings]
        places = {finding.section: finding.section for finding in found if finding.section}
        show_findings(found, places, most=200, rest="--json")
        if result.silenced:
            codes = "、".join(sorted({finding.code for finding in result.silenced}))
            say(f"按设置不提示：{len(result.silenced)} 条（{codes}）")
        counts = result.counts
        say(
            f"结果：错误 {counts['error']}，提醒 {counts['warning']}，说明 {counts['info']}；可追溯 {len(result.claims)} 处"
        )
    return 1 if result.counts["error"] else 0


def _with_line(finding: Finding, text: str) -> Finding:
    """The finding with its line where a draft's would have its section; a text from elsewhere has none."""
    if finding.start is None:
        return finding
    line = text.count("\n", 0, finding.start) + 1
    return finding.model_copy(update={"section": f"第{line}行"})

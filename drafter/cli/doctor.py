"""`drafter doctor`."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from drafter.cli.options import BASE_URL, CORPUS, HELP, JSON, MODEL, OFFLINE, PLUGINS, shown

STATES = {"ok": "正常", "note": "提醒", "fault": "故障"}


@click.command(short_help="检查能不能起草：设置、接口、字体、往年报告等缺什么。")
@HELP
@CORPUS
@MODEL
@BASE_URL
@OFFLINE
@PLUGINS
@JSON
def doctor(
    corpus: tuple[Path, ...],
    model: str | None,
    base_url: str | None,
    offline: bool | None,
    plugin_names: tuple[str, ...],
    as_json: bool,
) -> int:
    """检查这台机器能不能起草，缺什么、怎样补上。

    选项与 draft 相同。对接口只问模型列表（不收费），不发送任何事实，也不显示密钥。结束状态：0 可以起草；2 本机或设置有要改的；
    3 接口有故障。

    --json 打印 can_draft、writer、counts 和 items，每项有 name、label、state（ok、note、fault）、message、advice。
    """
    from drafter.cli.console import counting, print_json
    from drafter.doctor import examine

    flags = {
        "model": model,
        "base_url": base_url,
        "offline": offline,
        "plugins": list(plugin_names) or None,
    }
    with counting("查看往年报告", quiet=as_json) as progress:
        found = examine(corpus, flags, progress)
    if as_json:
        print_json(found.to_json())
        return found.exit_status
    for item in found.items:
        click.echo(shown(f"[{STATES[item.state]}] {item.label}：{item.said}"))
        if item.advice:
            click.echo(shown(f"       办法：{item.advice}"))
    notes = sum(item.state == "note" for item in found.items)
    faults = sum(item.state == "fault" for item in found.items)
    if faults:
        offline_works = "；接口好以前可以加 --offline 用内置离线写作器" if found.exit_status == 3 else ""
        click.echo(f"结果：还不能起草，{faults} 处故障，{notes} 处提醒{offline_works}")
    else:
        who = "内置离线写作器" if found.writer == "offline" else f"写作器 {found.writer}"
        click.echo(f"结果：可以起草（{who}），{notes} 处提醒")
    return found.exit_status

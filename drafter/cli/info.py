"""`drafter plugins` and `drafter schema`."""

from __future__ import annotations

import rich_click as click

from drafter.cli.options import HELP, JSON, PLUGINS

KINDS = {
    "sections": "章节",
    "report_types": "报告类型",
    "checks": "检查",
    "writers": "写作器",
    "retrievers": "检索器",
    "readers": "读取器",
    "exporters": "导出格式",
}


@click.command(short_help="列出已注册的章节、检查、写作器等及其来源。")
@HELP
@PLUGINS
@click.option("--strict", is_flag=True, help="有插件不能加载时以错误结束。")
@JSON
def plugins(plugin_names: tuple[str, ...], strict: bool, as_json: bool) -> int:
    """列出已注册的一切，每项注明来自内置还是哪个插件；不能加载的插件也在其中。"""
    from drafter.cli.console import print_json, show_problems
    from drafter.plugins import load_registry
    from drafter.settings import load_settings

    settings = load_settings({"plugins": list(plugin_names)} if plugin_names else None)
    registry = load_registry(settings.plugins, strict=strict)
    rows = [
        {
            "kind": kind,
            "name": name,
            "plugin": registry.origins[kind, name].plugin,
            "version": registry.origins[kind, name].version,
        }
        for kind in KINDS
        for name in getattr(registry, kind)
    ]
    if as_json:
        print_json({"plugins": rows, "problems": registry.problems})
    else:
        for kind, label in KINDS.items():
            names = [
                f"{row['name']}"
                + ("" if row["plugin"] == "built-in" else f"（{row['plugin']} {row['version']}）")
                for row in rows
                if row["kind"] == kind
            ]
            click.echo(f"{label}：{'、'.join(names)}")
        show_problems(registry)
    return 0


@click.command(short_help="打印事实文件的 JSON Schema。")
@HELP
def schema() -> int:
    """打印事实文件的 JSON Schema，供编辑器校验和补全。"""
    from drafter.cli.console import print_json
    from drafter.facts import facts_schema

    print_json(facts_schema())
    return 0

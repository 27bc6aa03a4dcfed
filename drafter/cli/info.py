"""`drafter plugins` and `drafter schema`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import rich_click as click

from drafter.cli.options import HELP, JSON, PLUGINS

if TYPE_CHECKING:
    from drafter.plugins import Origin


@click.command(short_help="列出已注册的章节、检查、写作器等及其来源。")
@HELP
@PLUGINS
@click.option("--strict", is_flag=True, help="有插件不能加载时以错误结束。")
@JSON
def plugins(plugin_names: tuple[str, ...], strict: bool, as_json: bool) -> int:
    """列出已注册的一切，每项注明来自内置、哪个安装包的哪个版本，还是哪个模块或文件；不能加载的插件和原因也在其中。"""
    from drafter.cli.console import print_json, show_problems
    from drafter.plugins import load_registry
    from drafter.plugins.hookspecs import KINDS
    from drafter.settings import load_settings

    settings = load_settings({"plugins": list(plugin_names)} if plugin_names else None)
    registry = load_registry(settings.plugins, strict=strict)
    if as_json:
        rows = [
            {"kind": kind, "name": name, **asdict(registry.origins[kind, name])}
            for kind in KINDS
            for name in getattr(registry, kind)
        ]
        print_json({"plugins": rows, "problems": registry.problems})
        return 0
    for kind, label in KINDS.items():
        click.echo(f"{label}：")
        own = [name for name in getattr(registry, kind) if registry.origins[kind, name].plugin == "built-in"]
        if own:
            click.echo(f"  内置：{'、'.join(own)}")
        for name in getattr(registry, kind):
            origin = registry.origins[kind, name]
            if origin.plugin != "built-in":
                click.echo(f"  {name}：{_whence(origin)}")
    show_problems(registry)
    return 0


def _whence(origin: Origin) -> str:
    """Where a plugin's thing came from, for a person."""
    if origin.version:
        said = f"安装包 {origin.plugin} {origin.version}，模块 {origin.module}"
    else:
        said = f"{'文件' if origin.module.endswith('.py') else '模块'} {origin.module}"
    who = "内置" if origin.replaces == "built-in" else origin.replaces
    return f"{said}，替换了{who}的同名项" if who else said


@click.command(short_help="打印事实文件的 JSON Schema。")
@HELP
def schema() -> int:
    """打印事实文件的 JSON Schema，供编辑器校验和补全。"""
    from drafter.cli.console import print_json
    from drafter.facts import facts_schema

    print_json(facts_schema())
    return 0

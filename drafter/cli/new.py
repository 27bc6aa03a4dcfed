"""`drafter new`: begins something for the user, as files to be changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from drafter.cli.options import HELP

if TYPE_CHECKING:
    from drafter.scaffold import Kind

NAME = click.argument("name", metavar="NAME")
FOLDER = click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="新建的文件夹；不写时为当前文件夹下的 drafter-NAME/。",
)


@click.group(short_help="新建一份事实文件，或一个章节、检查插件。", no_args_is_help=True)
@HELP
def new() -> None:
    """新建可以接着改的文件。"""


@new.command(short_help="新建一份填好示例的事实文件。")
@HELP
@click.argument("file", metavar="[FILE]", type=click.Path(path_type=Path), default="facts.xlsx")
def facts(file: Path) -> int:
    """新建一份填好示例的事实文件 FILE，照着改成自己的；不写时为 facts.xlsx。

    结尾决定格式：.xlsx（带下拉框和填写说明）、.csv、.json 或 .yaml。
    """
    from drafter.cli.console import say
    from drafter.scaffold.ledger import write_example

    write_example(file)
    say("已建好，里面是示例，请改成自己的。接下来：")
    say(f"  drafter draft {file} --corpus 往年报告文件夹    # 起草")
    say(f"  drafter check 稿子.docx --facts {file}    # 核对写好的稿子")
    click.echo(file)
    return 0


@new.command(short_help="新建一个章节插件。")
@HELP
@NAME
@FOLDER
def section(name: str, out: Path | None) -> int:
    """新建一个名为 NAME 的章节插件：一个可安装的包，带提示词模板和能通过的测试。

    NAME 用小写字母、数字和下划线，提纲里就用这个名称。
    """
    return _write("section", name, out)


@new.command(short_help="新建一个检查插件。")
@HELP
@NAME
@FOLDER
def check(name: str, out: Path | None) -> int:
    """新建一个名为 NAME 的检查插件：一个可安装的包，带能通过的测试。

    NAME 用小写字母、数字和下划线，--only 和设置里就用这个名称。
    """
    return _write("check", name, out)


def _write(kind: Kind, name: str, out: Path | None) -> int:
    from drafter.cli.console import say, show_problems
    from drafter.plugins import load_registry
    from drafter.scaffold import write_package
    from drafter.settings import load_settings

    registry = load_registry(load_settings().plugins)
    show_problems(registry)
    folder = write_package(kind, name, out, registry)
    say("已建好。接下来：")
    say(f"  cd {folder}")
    say("  python -m pytest                # 不安装也能测试（先 pip install pytest）")
    say("  python -m pip install -e .      # 装上；以后改动即时生效")
    say("  drafter plugins                 # 看到它已注册")
    if kind == "section":
        say(f"再改 drafter_{name}/ 里的标题、类别和模板，并在事实文件的 outline 里写上 {name}。")
    else:
        say(f"再改 drafter_{name}/__init__.py 里要查的内容；drafter draft 和 check 会自动用上它。")
    click.echo(folder)
    return 0

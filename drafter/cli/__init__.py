"""The command line: reads arguments, calls the library, prints, and turns errors into exit statuses.

Commands import what they need when they run: `--help` must not wait for a model client, an index or a Word library.
"""

from __future__ import annotations

import os
import re
import sys
import traceback
import warnings
from collections.abc import Sequence
from typing import Any

import rich_click as click
from click import exceptions as kinds

from drafter import __version__
from drafter.cli.answers import kept_for_json
from drafter.cli.batch import batch
from drafter.cli.check import check
from drafter.cli.completion import completion
from drafter.cli.corpus import corpus
from drafter.cli.doctor import doctor
from drafter.cli.draft import draft
from drafter.cli.info import plugins, schema
from drafter.cli.log import log
from drafter.cli.new import new
from drafter.cli.options import HELP, shown
from drafter.errors import DrafterError, RetrievalWarning


@click.group(no_args_is_help=True)
@HELP
@click.rich_config(
    help_config={
        "options_panel_title": "选项",
        "commands_panel_title": "命令",
        "arguments_panel_title": "参数",
        "header_text": None,
        "default_string": "[默认 {}]",
        "required_short_string": "*",
        "required_long_string": "[必填]",
        "width": 100,
    }
)
@click.version_option(__version__, "--version", "-V", message="drafter %(version)s", help="显示版本。")
@click.option("--debug", is_flag=True, help="出错时显示完整的调用栈。")
def group(debug: bool) -> None:
    """把事实台账和往年报告写成一份可核对的工作报告。

    每个数字、名称和日期都能追溯到台账，否则在文中标出。
    """


for command in (draft, batch, check, corpus, new, plugins, schema, log, doctor, completion):
    group.add_command(command)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status; prints one line for a user's mistake, never a trace."""
    for stream in (sys.stdout, sys.stderr):
        # a console in GBK cannot show everything; better a question mark than a crash
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    debug = "--debug" in arguments
    try:
        with kept_for_json(arguments), warnings.catch_warnings():
            warnings.simplefilter("always", RetrievalWarning)
            warnings.showwarning = _warn
            status = group.main(
                args=[a for a in arguments if a != "--debug"], prog_name="drafter", standalone_mode=False
            )
        return status if isinstance(status, int) else 0
    except DrafterError as error:
        if debug:
            traceback.print_exc()
        return _fail(str(error), error.exit_status)
    except kinds.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return 2
    except click.ClickException as error:
        return _fail(f"{_usage(error)}；用法见 drafter{_path(error)} --help", 2)
    except (KeyboardInterrupt, kinds.Abort):
        return _fail("已中断；已收到的内容存在日志里，再次运行（不带 --fresh、--section）即可接着写", 130)
    except BrokenPipeError:
        # the reader went away (| head); nothing is wrong, and nothing more can be printed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if debug:
            traceback.print_exc()
        where = f"：{error.filename}" if error.filename else ""
        return _fail(f"文件操作失败（{error.strerror}{where}）；请检查路径、权限和磁盘空间", 2)
    except Exception as error:  # noqa: BLE001 - the last border: a fault of ours ends in a line and a status too
        if debug:
            traceback.print_exc()
        return _fail(
            f"drafter 自身出错（{type(error).__name__}: {error}）；请加 --debug 重试，并把输出报告给我们", 70
        )


def _warn(message: Warning | str, *_: Any, **__: Any) -> None:
    """A warning as a line to the person."""
    print(f"提醒：{shown(str(message))}", file=sys.stderr)


def _fail(message: str, status: int) -> int:
    print(f"错误：{shown(message)}", file=sys.stderr)
    return status


def _path(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return context.command_path.removeprefix("drafter") if context else ""


def _usage(error: click.ClickException) -> str:
    """The usage error in Chinese."""
    if isinstance(error, kinds.NoSuchOption):
        near = f"，是否要用 {'、'.join(error.possibilities)}？" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}"
    if isinstance(error, kinds.MissingParameter) and error.param is not None:
        return f"缺少 {_named(error, error.param)}"
    if isinstance(error, kinds.BadOptionUsage):
        needs = "不带值" if "does not take" in error.message else "需要一个值"
        return f"选项 {error.option_name} {needs}"
    if isinstance(error, kinds.BadParameter) and error.param is not None:
        return f"{_named(error, error.param)} 的值不合要求（{_wanted(error.param.type) or error.message}）"
    if found := re.match(r"No such command '([^']*)'", error.format_message()):
        return f"没有命令 {found[1]}"
    if found := re.match(r"Got unexpected extra arguments? \((.*)\)", error.format_message(), re.DOTALL):
        return f"多出了 {found[1]}"
    return f"命令行有误（{error.format_message()}）"


def _named(error: click.UsageError, param: click.Parameter) -> str:
    """An option as it is written, an argument as the usage line has it."""
    name = param.opts[-1]
    return name if name.startswith("-") or error.ctx is None else param.make_metavar(error.ctx)


def _wanted(kind: Any) -> str:
    """What a value of this kind must be; "" for kinds whose own message says it."""
    if isinstance(kind, click.Choice):
        return f"应是 {'、'.join(map(str, kind.choices))} 之一"
    if isinstance(kind, click.IntRange):
        return f"应是 {kind.min} 到 {kind.max} 的整数"
    return ""

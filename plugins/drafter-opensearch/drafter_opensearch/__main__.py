"""`python -m drafter_opensearch`: fill a server's index with past reports, and see what it holds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import rich_click as click
from click import exceptions as kinds
from drafter.errors import DrafterError, SettingsError
from drafter.passages import ROLES

HELP = click.help_option("-h", "--help", help="显示帮助。")
_EVERY = 200


def say(line: str) -> None:
    """One line to the person; what is quoted in it gives a terminal no commands."""
    print("".join(sign if sign.isprintable() else "�" for sign in line), file=sys.stderr, flush=True)


@click.group(no_args_is_help=True)
@HELP
@click.rich_config(
    help_config={
        "options_panel_title": "选项",
        "commands_panel_title": "命令",
        "arguments_panel_title": "参数",
        "required_short_string": "*",
        "width": 100,
    }
)
def group() -> None:
    """把往期报告放进 OpenSearch 或 Elasticsearch，供多台机器的 drafter 检索。

    服务器由环境变量 OPENSEARCH_URL（默认 http://127.0.0.1:9200）、OPENSEARCH_INDEX、OPENSEARCH_USERNAME、
    OPENSEARCH_PASSWORD、OPENSEARCH_CA 指定。
    """


@group.command(short_help="加入报告。")
@HELP
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--fresh", is_flag=True, help="先删去服务器上原有的索引，从头加入。")
def add(paths: tuple[Path, ...], fresh: bool) -> int:
    """把文件或文件夹 PATH 里的报告加入索引；没有变动的文件不再处理，文件夹里已经没有的移出。有文件没收进时结束状态为 1。"""
    from drafter.plugins import load_registry
    from drafter.settings import load_settings

    from drafter_opensearch.connection import connect
    from drafter_opensearch.intake import add as take_in

    settings = load_settings()
    registry = load_registry(settings.plugins)
    for problem in registry.problems:
        say(f"提醒：{problem}；其余照常")

    def progress(done: int, total: int, path: Path) -> None:
        if done and done % _EVERY == 0:
            say(f"[{done}/{total}] {path}")

    server = connect(attempts=settings.attempts)
    try:
        server.prepare(fresh=fresh)
        report = take_in(server, list(paths), progress, readers=registry.readers)
    finally:
        server.close()
    for path, why in report.skipped:
        say(f"提醒：{path} 没有收进：{why}")
    say(
        f"新收进 {report.added} 个文件，未变 {report.unchanged} 个，移除 {report.removed} 个，跳过 {len(report.skipped)} 个"
    )
    return 1 if report.skipped else 0


@group.command(short_help="索引的概况。")
@HELP
def status() -> int:
    """服务器、索引，以及报告、片段和文件的数目。"""
    from drafter_opensearch.connection import connect
    from drafter_opensearch.mapping import DOCUMENTS, PASSAGES, SOURCES

    server = connect()
    try:
        click.echo(f"服务器：{server.place.url}（{server.info()}）")
        server.check()
        click.echo(f"索引：{server.place.index}-*")
        click.echo(f"报告：{server.count(DOCUMENTS)}")
        roles = "、".join(f"{role} {server.count(PASSAGES, {'term': {'role': role}})}" for role in ROLES)
        click.echo(f"片段：{server.count(PASSAGES)}（{roles}）")
        bad = {"bool": {"must_not": [{"term": {"problem": ""}}]}}
        click.echo(f"文件：{server.count(SOURCES)}，其中没有收进的 {server.count(SOURCES, bad)}")
    finally:
        server.close()
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status; one line for a user's mistake, never a trace."""
    run: Callable[..., Any] = group.main
    try:
        status = run(
            args=list(sys.argv[1:] if arguments is None else arguments),
            prog_name="python -m drafter_opensearch",
            standalone_mode=False,
        )
        return status if isinstance(status, int) else 0
    except DrafterError as error:
        return _fail(str(error), error.exit_status)
    except kinds.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return 2
    except click.ClickException as error:
        return _fail(
            f"命令行有误（{error.format_message()}）；用法见 python -m drafter_opensearch --help",
            SettingsError.exit_status,
        )
    except (KeyboardInterrupt, kinds.Abort):
        return _fail("已中断；再次运行会接着收进其余的文件", 130)


def _fail(message: str, status: int) -> int:
    say(f"错误：{message}")
    return status


if __name__ == "__main__":
    sys.exit(main())

"""`drafter completion`: the script that teaches a shell what the Tab key offers."""

from __future__ import annotations

import rich_click as click
from click.shell_completion import get_completion_class

from drafter.cli.options import HELP

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_DRAFTER_COMPLETE"
"""By which the script asks drafter what fits; click's own name for it."""


@click.command(short_help="打印命令行补全的脚本（bash、zsh、fish）。")
@HELP
@click.argument("shell", type=click.Choice(SHELLS), metavar="SHELL")
@click.pass_context
def completion(ctx: click.Context, shell: str) -> int:
    """打印 SHELL（bash、zsh 或 fish）的补全脚本；装好后按 Tab 补全命令、选项、章节、检查和报告编号。

    bash：在 ~/.bashrc 里加一行 eval "$(drafter completion bash)"

    zsh：在 ~/.zshrc 里加一行 eval "$(drafter completion zsh)"（compinit 之后）

    fish：drafter completion fish > ~/.config/fish/completions/drafter.fish
    """
    chosen = get_completion_class(shell)
    assert chosen is not None, "SHELLS names only those that click knows"
    click.echo(chosen(ctx.find_root().command, {}, "drafter", VARIABLE).source())
    return 0

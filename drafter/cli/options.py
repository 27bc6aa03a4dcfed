"""What several commands share: options, words, and how a line reaches a terminal."""

from __future__ import annotations

import unicodedata

import rich_click as click

HELP = click.help_option("-h", "--help", help="显示帮助。")
PLUGINS = click.option(
    "--plugins",
    "plugin_names",
    multiple=True,
    metavar="NAME",
    help="另外加载的插件：模块名、.py 文件或带 / 的文件夹，可重复。",
)
JSON = click.option("--json", "as_json", is_flag=True, help="在标准输出打印结果（JSON）。")

STEPS = {"write": "起草", "patch": "逐句修改", "rewrite": "重写"}
"""What a person calls the purposes of a call."""


def shown(line: str) -> str:
    """A line fit for a terminal: files that anybody may have written are quoted in it, so it gives no commands and stays one line."""
    return "".join("�" if unicodedata.category(sign) in ("Cc", "Cf") else sign for sign in line)

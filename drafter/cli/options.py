"""What several commands share: options, words, and how a line reaches a terminal."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import rich_click as click

from drafter.cli.completing import offer_formats

HELP = click.help_option("-h", "--help", help="显示帮助。")
PLUGINS = click.option(
    "--plugins",
    "plugin_names",
    multiple=True,
    metavar="NAME",
    help="另外加载的插件：模块名、.py 文件或带 / 的文件夹，可重复。",
)
JSON = click.option("--json", "as_json", is_flag=True, help="在标准输出打印结果（JSON）。")

CORPUS = click.option(
    "--corpus",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="往年报告：文件夹、文件或 corpus add 建的库，可重复。",
)
PREVIOUS = click.option(
    "--previous",
    type=click.Path(path_type=Path),
    metavar="FACTS",
    help="上期的事实文件，或放它的文件夹（找同名的）：算出同比、环比的增减，供写作和核对。",
)
FORMATS = click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="FMT",
    shell_complete=offer_formats,
    help="输出格式（md、docx、html、json……），可重复；不写为全部。",
)
DOCX_TEMPLATE = click.option(
    "--docx-template",
    metavar="FILE",
    help="本单位的 Word 模板（.docx 或 .dotx），用其中的样式和页面。",
)
DOCX_CONTENTS = click.option("--docx-contents", is_flag=True, default=None, help="Word 文件前面加目录。")
MODEL = click.option("--model", metavar="M", help="模型名称；选了模型或地址，事实才会发往接口。")
BASE_URL = click.option(
    "--base-url", metavar="URL", help="OpenAI 兼容接口的地址，如 http://127.0.0.1:8080/v1。"
)
OFFLINE = click.option("--offline", is_flag=True, default=None, help="只用内置离线写作器，什么也不发出。")
SEAL = click.option(
    "--seal", is_flag=True, default=None, help="封存起草：数字、日期和名称不发给模型，只发记号，由程序换回。"
)
STRICT = click.option("--strict", is_flag=True, help="插件有故障时不继续。")
FORCE = click.option("--force", is_flag=True, help="覆盖已被人修改过的输出文件。")
DRY_RUN = click.option("--dry-run", is_flag=True, help="只列出将要进行的调用和词元数，不起草。")
STEPS = {"write": "起草", "patch": "逐句修改", "rewrite": "重写"}
"""What a person calls the purposes of a call."""


def shown(line: str) -> str:
    """A line fit for a terminal: files that anybody may have written are quoted in it, so it gives no commands and stays one line."""
    return "".join("�" if unicodedata.category(sign) in ("Cc", "Cf") else sign for sign in line)

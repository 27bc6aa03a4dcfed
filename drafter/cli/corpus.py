"""`drafter corpus`: fill a store of past reports and look into it."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from drafter.cli.options import HELP, JSON

if TYPE_CHECKING:
    from drafter.corpus import Corpus

STATS = {
    "documents": "报告",
    "passages": "片段",
    "characters": "字数",
    "sources": "文件",
    "skipped": "没有读入的文件",
    "roles": "片段分类",
}
STORE = click.option(
    "--store",
    type=click.Path(path_type=Path),
    default=Path("corpus.drafter"),
    show_default=True,
    metavar="PATH",
    help="库所在的文件夹。",
)


@click.group(short_help="整理和查看往年报告的库。")
@HELP
def corpus() -> None:
    """整理往年报告：读入、清洗、分段、建索引；只处理新增和改动过的文件。"""


def _open(store: Path, *, must_exist: bool = True) -> Corpus:
    from drafter.corpus import open_store
    from drafter.errors import CorpusError

    if must_exist and not store.is_dir():
        raise CorpusError(f"{store}：还没有这个库，请先用 drafter corpus add 建立")
    return open_store(store, create=not must_exist)


@corpus.command(short_help="读入报告。")
@HELP
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@STORE
@JSON
def add(paths: tuple[Path, ...], store: Path, as_json: bool) -> int:
    """把文件或文件夹 PATH 里的报告读入库；没有变动的文件不再处理。有文件读不了时结束状态为 1，其余照常入库。"""
    from drafter.cli.console import print_json, say, show_problems
    from drafter.errors import CorpusError
    from drafter.plugins import load_registry
    from drafter.settings import load_settings

    registry = load_registry(load_settings().plugins)
    show_problems(registry)
    for path in paths:
        if not os.path.lexists(path):
            raise CorpusError(f"{path}：找不到这个文件或文件夹，请核对路径")
    with _open(store, must_exist=False) as opened:
        result = opened.add(list(paths), readers=registry.readers)
    skipped = [{"path": str(path), "reason": reason} for path, reason in result.skipped]
    if as_json:
        print_json(
            {
                "added": result.added,
                "unchanged": result.unchanged,
                "removed": result.removed,
                "skipped": skipped,
            }
        )
    else:
        for row in skipped:
            say(f"提醒：{row['path']} 没有读入：{row['reason']}")
        say(
            f"新读入 {result.added} 个文件，未变 {result.unchanged} 个，移除 {result.removed} 个，跳过 {len(skipped)} 个"
        )
    return 1 if skipped else 0


@corpus.command(short_help="检索片段。")
@HELP
@click.argument("query", metavar="QUERY")
@click.option("--role", type=click.Choice(["background", "done", "problem", "plan"]), help="只找这一类片段。")
@click.option(
    "-k", "count", type=click.IntRange(1, 100), default=5, show_default=True, metavar="N", help="至多几段。"
)
@STORE
@JSON
def search(query: str, role: Any, count: int, store: Path, as_json: bool) -> int:
    """找与 QUERY 相近的片段，分散在不同报告里。"""
    from drafter.cli.console import print_json
    from drafter.passages import Query

    with _open(store) as opened:
        passages = opened.search(Query(text=query, role=role, limit=count))
    if as_json:
        print_json(
            {
                "passages": [
                    {
                        "id": p.id,
                        "document": p.document,
                        "heading": list(p.heading),
                        "role": p.role,
                        "topic": p.topic,
                        "text": p.text,
                        "masked": p.masked,
                        "score": p.score,
                    }
                    for p in passages
                ]
            }
        )
    else:
        for passage in passages:
            click.echo(
                f"[{passage.score:.2f}] {passage.document}　{' > '.join(passage.heading)}（{passage.role}）"
            )
            click.echo(f"    {passage.text}\n")
    return 0


@corpus.command("list", short_help="列出报告。")
@HELP
@STORE
@JSON
def list_documents(store: Path, as_json: bool) -> int:
    """列出库里的报告。"""
    from drafter.cli.console import print_json

    with _open(store) as opened:
        rows = [
            {
                "id": d.id,
                "title": d.title,
                "organization": d.organization,
                "period": d.period,
                "source": d.source,
                "passages": len(opened.passages_of(d.id)),
            }
            for d in opened.documents()
        ]
    if as_json:
        print_json({"documents": rows})
    else:
        for row in rows:
            click.echo(f"{row['id']}　{row['title'] or '（无标题）'}　{row['passages']} 段　{row['source']}")
    return 0


@corpus.command(short_help="显示一份报告的清洗后文本。")
@HELP
@click.argument("document", metavar="ID")
@STORE
@JSON
def show(document: str, store: Path, as_json: bool) -> int:
    """显示报告 ID 清洗后的文本和它的分段。"""
    from drafter.cli.console import print_json
    from drafter.errors import CorpusError

    with _open(store) as opened:
        found = next((d for d in opened.documents() if d.id == document), None)
        if found is None:
            raise CorpusError(f"库 {store} 里没有报告 {document}，编号见 drafter corpus list")
        passages = opened.passages_of(document)
    if as_json:
        print_json(
            {**found.model_dump(mode="json"), "passages": [p.model_dump(mode="json") for p in passages]}
        )
    else:
        click.echo(found.text)
    return 0


@corpus.command(short_help="移除一份报告。")
@HELP
@click.argument("document", metavar="ID")
@STORE
@JSON
def remove(document: str, store: Path, as_json: bool) -> int:
    """把报告 ID 移出库；原文件不动。"""
    from drafter.cli.console import print_json, say

    with _open(store) as opened:
        opened.remove(document)
    if as_json:
        print_json({"removed": document})
    else:
        say(f"已移除 {document}")
    return 0


@corpus.command(short_help="库的概况。")
@HELP
@STORE
@JSON
def stats(store: Path, as_json: bool) -> int:
    """报告数、片段数、字数，以及片段在各类别的分布。"""
    from drafter.cli.console import print_json

    with _open(store) as opened:
        result = asdict(opened.stats())
    if as_json:
        print_json(result)
    else:
        for key, value in result.items():
            shown = "、".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
            click.echo(f"{STATS.get(key, key)}：{shown}")
    return 0

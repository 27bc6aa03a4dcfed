"""`drafter corpus`: fill a store of past reports and look into it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from drafter.cli.completing import offer_documents
from drafter.cli.options import HELP, JSON, shown

if TYPE_CHECKING:
    from drafter.corpus import Corpus
    from drafter.settings import Settings

ROLES = {"background": "背景", "done": "已做", "problem": "问题", "plan": "打算"}
COUNTS = {
    "documents": "报告",
    "doubles": "重复的报告",
    "passages": "片段",
    "characters": "字数",
    "sources": "文件",
    "skipped": "没有读入的文件",
}
MOST_PROCESSES = 8
"""More read faster than one process can store."""
MOST_THEMES = 15
BAR = 30
"""Characters of the longest bar."""


class _Place(click.Path):
    """A path; "" is none, though it would stand for the working folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("路径是空的，请写出文件或文件夹", param, ctx)
        return super().convert(value, param, ctx)


STORE = click.option(
    "--store",
    type=_Place(path_type=Path),
    default=Path("corpus.drafter"),
    show_default=True,
    metavar="PATH",
    help="库所在的文件夹。",
)


class _Terminated(BaseException):
    """Somebody asked this process to end."""


class _Group(click.RichGroup):
    """Says of a command that was stopped what became of its work."""

    def invoke(self, ctx: click.Context) -> Any:
        """The exit status of the command: 130 after Ctrl-C, 143 after SIGTERM, as shells have it."""
        from drafter.cli.console import say

        try:
            with _ended_by_exception():
                return super().invoke(ctx)
        except (KeyboardInterrupt, _Terminated) as error:
            say("已中断；已入库的都保留，再次运行同一条命令即可接着做")
            return 130 if isinstance(error, KeyboardInterrupt) else 143


@contextmanager
def _ended_by_exception() -> Iterator[None]:
    """SIGTERM ends the command in order: processes that it started end with it, and what is half written is taken back."""

    def end(*_: object) -> None:
        raise _Terminated

    try:
        before = signal.signal(signal.SIGTERM, end)
    except ValueError:  # not the main thread: it is for the host to say what becomes of the signal
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@click.group(cls=_Group, short_help="整理和查看往年报告的库。")
@HELP
def corpus() -> None:
    """整理往年报告：读入、清洗、分段、建索引；只处理新增和改动过的文件。"""


def _open(store: Path, *, must_exist: bool = True, settings: Settings | None = None) -> Corpus:
    from drafter.corpus import open_store
    from drafter.errors import CorpusError

    if must_exist and not store.exists():
        raise CorpusError(f"{store}：还没有这个库，请先用 drafter corpus add 建立")
    return open_store(store, create=not must_exist, settings=settings)


@corpus.command(short_help="读入报告。")
@HELP
@click.argument("paths", nargs=-1, required=True, type=_Place(path_type=Path), metavar="PATH...")
@STORE
@JSON
def add(paths: tuple[Path, ...], store: Path, as_json: bool) -> int:
    """把文件或文件夹 PATH 里的报告读入库；没有变动的文件不再处理。有文件读不了时结束状态为 1，其余照常入库。"""
    from drafter.cli.console import counting, print_json, say, show_problems
    from drafter.plugins import load_registry
    from drafter.settings import load_settings

    settings = load_settings()
    registry = load_registry(settings.plugins)
    show_problems(registry)
    opened, rebuilt, again = _open_or_rebuild(store, settings)
    paths = (*paths, *(path for path in again if path.resolve() not in {named.resolve() for named in paths}))
    with opened:
        processes = min(os.cpu_count() or 1, MOST_PROCESSES)
        with counting("读入", quiet=as_json) as progress:
            result = opened.add(list(paths), progress, readers=registry.readers, processes=processes)
        with counting("向量", quiet=as_json) as vectors:
            embedded = opened.embed(vectors)
        stats = opened.stats()
    skipped = [{"path": str(path), "reason": reason} for path, reason in result.skipped]
    if as_json:
        print_json(
            {
                "added": result.added,
                "unchanged": result.unchanged,
                "removed": result.removed,
                "reports": result.documents,
                "embedded": embedded,
                "rebuilt": rebuilt,
                "skipped": skipped,
            }
        )
    else:
        for row in skipped:
            say(f"提醒：{row['path']} 没有读入：{row['reason']}")
        say(
            f"新读入 {result.added} 个文件（{result.documents} 份报告），未变 {result.unchanged} 个，移除 {result.removed} 个，"
            f"跳过 {len(skipped)} 个"
        )
        doubles = f"，另有 {stats.doubles} 份与它们重复，不再另存" if stats.doubles else ""
        say(f"库里现有 {stats.documents} 份报告、{stats.passages} 个片段{doubles}")
    return 1 if skipped or rebuilt else 0


def _open_or_rebuild(store: Path, settings: Settings) -> tuple[Corpus, bool, list[Path]]:
    """The store, whether a damaged one had to make room for it, and what that one was filled from."""
    from drafter.cli.console import say
    from drafter.corpus.store import set_aside
    from drafter.errors import DamagedCorpus

    try:
        return _open(store, must_exist=False, settings=settings), False, []
    except DamagedCorpus as error:
        kept, again = set_aside(store)
        say(f"提醒：{error}")
        where = f"，原目录改名为 {kept.name}" if kept else ""
        more = f"，并重新读入原来的 {len(again)} 处" if again else "；原来读过哪些已看不出，请逐一再加入"
        say(f"已重新建库{where}{more}")
        return _open(store, must_exist=False, settings=settings), True, again


@corpus.command(short_help="检索片段。")
@HELP
@click.argument("query", metavar="QUERY")
@click.option("--role", type=click.Choice(list(ROLES)), help="只找这一类片段。")
@click.option("--topic", default="", metavar="WORDS", help="只找标题或主题含有这些词的片段。")
@click.option("--theme", default="", metavar="WORDS", help="只找这一专题的报告，如“安全生产”。")
@click.option(
    "--period", default="", metavar="PERIOD", help="只找这一时段内的报告，如“2023年”“2023年上半年”。"
)
@click.option("--organization", default="", metavar="NAME", help="只找这个单位的报告。")
@click.option("--exclude", multiple=True, metavar="ID", help="不找这份报告；可重复。")
@click.option("--fill", is_flag=True, help="不够时用不符合上述条件的片段补足，排在后面。")
@click.option(
    "-k", "count", type=click.IntRange(1, 100), default=5, show_default=True, metavar="N", help="至多几段。"
)
@STORE
@JSON
def search(
    query: str,
    role: Any,
    topic: str,
    theme: str,
    period: str,
    organization: str,
    exclude: tuple[str, ...],
    fill: bool,
    count: int,
    store: Path,
    as_json: bool,
) -> int:
    """找与 QUERY 相近的片段，分散在不同报告里。"""
    from drafter.cli.console import print_json, say
    from drafter.passages import Query
    from drafter.settings import load_settings

    asked = Query(
        text=query,
        role=role,
        topic=topic,
        theme=theme,
        period=period,
        organization=organization,
        exclude=exclude,
        fill=fill,
        limit=count,
    )
    with _open(store, settings=load_settings()) as opened:
        passages = opened.search(asked)
    if as_json:
        print_json({"passages": [passage.model_dump(mode="json") for passage in passages]})
        return 0
    if not passages:
        say("没有找到相近的片段；可以换一些词，或少加条件")
    for passage in passages:
        _print(
            f"[{passage.score:.2f}] {passage.document}　{' > '.join(passage.heading)}（{ROLES[passage.role]}）"
        )
        _print(f"    {passage.text}")
        _print("")
    return 0


@corpus.command("list", short_help="列出报告。")
@HELP
@STORE
@JSON
def list_documents(store: Path, as_json: bool) -> int:
    """列出库里的报告。"""
    from drafter.cli.console import print_json

    with _open(store) as opened:
        listed = opened.listed()
    if as_json:
        print_json({"documents": [asdict(one) | {"source": one.sources[0]} for one in listed]})
    else:
        for one in listed:
            more = f"（另有 {len(one.sources) - 1} 个文件相同）" if len(one.sources) > 1 else ""
            _print(f"{one.id}　{one.title or '（无标题）'}　{one.passages} 段　{one.sources[0]}{more}")
    return 0


@corpus.command(short_help="显示一份报告的清洗后文本。")
@HELP
@click.argument("document", metavar="ID", shell_complete=offer_documents)
@click.option("--passages", "cut", is_flag=True, help="显示分成的片段，各有标题路径和类别。")
@STORE
@JSON
def show(document: str, cut: bool, store: Path, as_json: bool) -> int:
    """显示报告 ID 清洗后的文本，或它的分段。"""
    from drafter.cli.console import print_json

    with _open(store) as opened:
        found = opened.document(document)
        passages = opened.passages_of(document) if cut or as_json else []
    if as_json:
        print_json(
            {**found.model_dump(mode="json"), "passages": [p.model_dump(mode="json") for p in passages]}
        )
    elif cut:
        for passage in passages:
            _print(f"〔{ROLES[passage.role]}〕{' > '.join(passage.heading)}")
            _print(passage.text)
            _print("")
    else:
        for line in found.text.split("\n"):
            _print(line)
    return 0


@corpus.command(short_help="移除一份报告。")
@HELP
@click.argument("document", metavar="ID", shell_complete=offer_documents)
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
    """报告数、片段数、字数，以及报告按专题和年份、片段按类别的分布。"""
    from drafter.cli.console import print_json

    with _open(store) as opened:
        result = asdict(opened.stats())
    if as_json:
        print_json(result)
        return 0
    for key, label in COUNTS.items():
        _print(f"{label}：{result[key]:,}")
    _draw("专题（报告）", {name or "（标题里没有）": count for name, count in result["themes"].items()})
    _draw("年份（报告）", {year or "（不明）": count for year, count in result["years"].items()}, most=0)
    _draw("类别（片段）", {ROLES[role]: count for role, count in result["roles"].items()}, most=0)
    return 0


def _print(line: str) -> None:
    """One line of the answer; what it quotes from files gives the terminal no commands."""
    click.echo(shown(line))


def _draw(title: str, counts: Mapping[str, int], most: int = MOST_THEMES) -> None:
    """A bar for each count; past `most` the rest is one line."""
    if not counts:
        return
    drawn = list(counts.items())
    rest = drawn[most:] if most and len(drawn) > most + 1 else []
    if rest:
        drawn = [*drawn[:most], (f"其余 {len(rest)} 个", sum(count for _, count in rest))]
    longest = max(count for _, count in drawn)
    wide = max(_width(name) for name, _ in drawn)
    _print("")
    _print(title)
    for name, count in drawn:
        bar = "█" * max(1 if count else 0, round(BAR * count / max(longest, 1)))
        _print(f"  {name}{' ' * (wide - _width(name))}  {bar} {count:,}")


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)

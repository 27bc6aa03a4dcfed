"""Past reports: whether they can be read, how many there are, and whether a store is behind its files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from drafter.corpus.files import Progress
from drafter.corpus.local import FolderRetriever, is_store, open_corpus
from drafter.doctor.items import Item
from drafter.errors import DrafterError
from drafter.plugins import Registry
from drafter.settings import Settings

USUAL = Path("corpus.drafter")
"""Where `drafter corpus add` puts a store when nothing else is said."""
SHOWN = 5
"""Unreadable files that are named."""


def look_at_corpus(
    paths: Sequence[Path], settings: Settings, registry: Registry, on_progress: Progress | None = None
) -> list[Item]:
    """The past reports named, or the store in the working folder; none is no fault."""
    name, label = "corpus", "往年报告"
    if settings.retriever != Settings.model_fields["retriever"].default:
        if settings.retriever in registry.retrievers:
            return [Item.ok(name, label, f"由检索器 {settings.retriever} 提供，没有查看")]
        offered = "、".join(registry.retrievers)
        return [Item.fault(name, label, f"没有名为“{settings.retriever}”的检索器", f"可用的有 {offered}")]
    named = list(paths) or [USUAL] * is_store(USUAL)
    if not named:
        said = "没有指定；没有往年报告也能起草，有则行文更像本单位"
        return [Item.ok(name, label, f"{said}（--corpus 文件夹，或 drafter corpus add 文件夹）")]
    items = []
    # what a draft would ask an embeddings endpoint for is paid for: not here
    words_alone = settings.model_copy(update={"embeddings_base_url": "", "embeddings_model": ""})
    for path in named:
        try:
            with open_corpus(
                [path], words_alone, readers=registry.readers, on_progress=on_progress
            ) as opened:
                items += _of_one(path, opened, registry)
        except DrafterError as error:
            items.append(Item.fault(name, label, str(error)))
    return items


def _of_one(path: Path, opened: FolderRetriever, registry: Registry) -> list[Item]:
    name, label = "corpus", "往年报告"
    (corpus,) = opened.corpora
    stats = corpus.stats()
    items = [Item.ok(name, label, f"{path}：{stats.documents} 份报告，{stats.passages} 个片段")]
    if is_store(path):
        new, changed, gone = corpus.behind(registry.readers)
        if new or changed or gone:
            said = f"{path} 建库以后，原来的文件夹里新增 {new} 个文件，改动 {changed} 个，少了 {gone} 个"
            items.append(Item.note(name, label, said, f"drafter corpus add 原来的文件夹 --store {path}"))
    skipped = opened.skipped
    for file, why in skipped[:SHOWN]:
        items.append(Item.note(name, label, f"{file} 没有用上：{why}"))
    if len(skipped) > SHOWN:
        items.append(Item.note(name, label, f"另有 {len(skipped) - SHOWN} 个文件没有用上"))
    return items

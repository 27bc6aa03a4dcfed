"""`drafter doctor`: looks over the machine and the settings before a report is due. It asks for nothing that is paid for.

    machine    Python, libraries, disk, fonts, LibreOffice, tables for counting tokens
    server     the model's and the vectors' endpoints, by GET /models alone
    reports    past reports: readable, how many, up to date
    rehearsal a small report prepared up to the first call

No key is in anything it says.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drafter.checks import CODES
from drafter.corpus.files import Progress
from drafter.doctor.items import Item
from drafter.doctor.machine import look_at_machine
from drafter.doctor.rehearsal import rehearse
from drafter.doctor.reports import look_at_corpus
from drafter.doctor.server import look_at_embeddings, look_at_server
from drafter.errors import SettingsError
from drafter.plugins import load_registry
from drafter.settings import Settings, Source, load_settings, sources

__all__ = ["Examination", "Item", "examine"]


@dataclass
class Examination:
    """What was found. `writer` is who would draft, "" where the settings cannot be used."""

    writer: str = ""
    items: list[Item] = field(default_factory=list)

    @property
    def can_draft(self) -> bool:
        """Whether a report can be drafted as things are."""
        return not any(item.state == "fault" for item in self.items)

    @property
    def exit_status(self) -> int:
        """0 when a report can be drafted; else as a draft would end: 2 for what is to be mended here, 3 for the server."""
        statuses = {item.exit_status for item in self.items if item.state == "fault"}
        return min(statuses, default=0)

    def to_json(self) -> dict[str, Any]:
        """What `--json` prints."""
        counts = {state: sum(item.state == state for item in self.items) for state in ("ok", "note", "fault")}
        items = [item.to_json() for item in self.items]
        return {"can_draft": self.can_draft, "writer": self.writer, "counts": counts, "items": items}


def examine(
    corpus: Sequence[Path] = (), flags: dict[str, Any] | None = None, on_progress: Progress | None = None
) -> Examination:
    """Look at everything that a draft with these past reports and flags would need, in the working folder.

    `on_progress` is called while a folder of past reports is read for the first time.
    """
    found = Examination()
    places = sources()
    found.items += _of_settings(places)
    settings = None
    if found.can_draft:
        try:
            settings = load_settings(flags)
        except SettingsError as error:
            found.items.append(Item.fault("settings", "设置", str(error)))
    if settings is None:
        found.items += look_at_machine(Settings())
        return found
    found.writer = settings.writer_name
    found.items += _of_codes(settings)
    found.items.append(_of_writer(settings, places))
    registry = load_registry(settings.plugins)
    if settings.writer_name not in registry.writers:
        offered = "、".join(registry.writers)
        found.items.append(
            Item.fault("writer", "写作", f"没有名为“{settings.writer_name}”的写作器", f"可用的有 {offered}")
        )
    if settings.writer_name == "endpoint":
        found.items += look_at_server(settings)
    found.items += look_at_embeddings(settings)
    if found.can_draft:
        found.items.append(rehearse(settings, registry))
    origins = sorted({origin.plugin for origin in registry.origins.values()} - {"built-in"})
    loaded = f"已加载 {'、'.join(origins)}" if origins else "没有另装的插件"
    found.items.append(Item.ok("plugins", "插件", loaded))
    found.items += [Item.note("plugins", "插件", problem, "其余照常") for problem in registry.problems]
    found.items += look_at_corpus(corpus, settings, registry, on_progress)
    found.items += look_at_machine(settings)
    return found


def _of_settings(places: Sequence[Source]) -> list[Item]:
    items = []
    for source in places:
        if source.faults:
            items += [Item.fault("settings", "设置", line) for line in source.faults]
        elif source.values:
            items.append(Item.ok("settings", "设置", f"{source.place}：{'、'.join(source.values)}"))
        else:
            there = "空的" if source.found else "没有"
            items.append(Item.ok("settings", "设置", f"{source.place}：{there}（可以没有）"))
    return items


def _of_codes(settings: Settings) -> list[Item]:
    """Codes to be silenced that the check of that name does not raise: most likely misspelt. A plugin's cannot be told."""
    ours = {code.partition(".")[0] for code in CODES}
    wrong = [code for code in settings.silenced if code not in CODES and code.partition(".")[0] in ours]
    items = []
    for code in wrong:
        near = difflib.get_close_matches(code, CODES, n=1)
        advice = f"是否应为 {near[0]}？" if near else "全部代码见 docs/checks.md"
        items.append(
            Item.note("settings", "设置", f"silenced 里的 {code} 不是任何检查的代码，不起作用", advice)
        )
    return items


def _of_writer(settings: Settings, places: Sequence[Source]) -> Item:
    if settings.writer_name != "offline":
        return Item.ok("writer", "写作", f"由写作器 {settings.writer_name} 起草")
    said = "由内置离线写作器起草，不需要模型，什么也不发出"
    if settings.api_key.get_secret_value() and not settings.offline:
        advice = "有密钥不算选择了模型；要用模型请给出 --model 或 --base-url，或写进设置"
        return Item.note("writer", "写作", said, advice)
    return Item.ok("writer", "写作", said)

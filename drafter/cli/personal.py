"""Says, before the first call, what personal data the facts hold: it goes to the model with them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from drafter.cli.console import say
from drafter.errors import DrafterError
from drafter.facts import Facts
from drafter.plugins import Registry
from drafter.report import Finding
from drafter.settings import Settings

_MOST = 5
"""Places, and facts files, that are named; of the others the number."""


def warn_of_personal_data(ledger: Facts, settings: Settings, registry: Registry) -> None:
    """A line for each place of the ledger that has some, masked, and what to do."""
    found = _found(ledger, settings, registry)
    for finding in found[:_MOST]:
        say(f"提醒：{finding.message}")
    if len(found) > _MOST:
        say(f"提醒：事实文件里这样的个人信息另有 {len(found) - _MOST} 处")
    if found:
        _say_where_it_goes(settings)


def warn_of_personal_data_in(files: Iterable[Path], settings: Settings, registry: Registry) -> None:
    """A line for each facts file that has some, for a batch. A file that cannot be read is told by its own row."""
    from drafter.facts import load_facts

    told = 0
    for file in files:
        try:
            found = _found(load_facts(file), settings, registry)
        except DrafterError:
            continue  # nothing of it is sent, and the batch says why
        if found and told < _MOST:
            say(f"提醒：{file}：有个人信息 {len(found)} 处，{found[0].message}")
        told += bool(found)
    if told > _MOST:
        say(f"提醒：有个人信息的事实文件另有 {told - _MOST} 个")
    if told:
        _say_where_it_goes(settings)


def _say_where_it_goes(settings: Settings) -> None:
    if settings.seal:
        say("封存起草，其中的号码和名称不发给模型，但会写进报告；请按需改好事实文件")
    else:
        say("这些个人信息会随事实发给模型；不想发出，请按 Ctrl+C 中断，改好事实文件再起草")


def _found(ledger: Facts, settings: Settings, registry: Registry) -> list[Finding]:
    """What the check "personal" has to say of the ledger, by the settings."""
    from drafter.checks.personal import in_ledger

    if "personal" not in (settings.checks or registry.checks):
        return []
    return [finding for finding in in_ledger(ledger) if finding.code not in settings.silenced]

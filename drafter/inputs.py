"""The forms in which a ledger and past reports may be given to drafting and to checking, and how each is opened.

Apart from drafting, so that checking a text does not load what only writing one needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from drafter.errors import SettingsError
from drafter.facts import Facts, load_facts, parse_facts
from drafter.plugins import Registry, Retriever
from drafter.settings import Settings

FactsLike = Facts | Mapping[str, Any] | str | Path
"""A ledger, plain data of one, or a path to its file."""
CorpusLike = Retriever | str | Path | Sequence[str | Path]
"""A retriever, or paths of stores, folders and files of past reports."""


def as_facts(facts: FactsLike) -> Facts:
    """A ledger from any of the forms in which it may be given."""
    if isinstance(facts, Facts):
        return facts
    return parse_facts(dict(facts)) if isinstance(facts, Mapping) else load_facts(facts)


def refuse_unknown_checks(names: Sequence[str], registry: Registry, *, where: str = "checks：") -> None:
    """Refuse names that no check has; `where` says what named them.

    Raises:
        SettingsError: with the names that there are.
    """
    unknown = [name for name in names if name not in registry.checks]
    if unknown:
        raise SettingsError(f"{where}没有名为“{unknown[0]}”的检查，可用的有 {'、'.join(registry.checks)}")


def open_retriever(corpus: CorpusLike | None, settings: Settings, registry: Registry) -> Retriever | None:
    """The retriever over the given corpus; without one, a chosen retriever over what it has of its own, else None."""
    if corpus is not None and hasattr(corpus, "search"):
        return cast(Retriever, corpus)
    paths = [corpus] if isinstance(corpus, str | Path) else list(corpus or ())
    if not paths and settings.retriever == Settings.model_fields["retriever"].default:
        return None  # the local one has nothing but what is named
    factory = registry.retrievers.get(settings.retriever)
    if factory is None:
        raise SettingsError(
            f"没有名为“{settings.retriever}”的检索器，可用的有 {'、'.join(registry.retrievers)}"
        )
    return factory([Path(path) for path in paths], settings, registry.readers)

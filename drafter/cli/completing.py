"""What the Tab key offers beyond the names of commands, options and files: sections, checks, formats, reports of a store.

Whatever goes wrong while completing, nothing is offered: a Tab key must not print.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

from click import Context, Parameter
from click.shell_completion import CompletionItem

from drafter.errors import DrafterError

if TYPE_CHECKING:
    from drafter.plugins import Registry

Offer = Callable[[Context], Iterable[tuple[str, str]]]
"""Values with what they mean, for a command line as far as it is typed."""


def _offered(offer: Offer) -> Callable[[Context, Parameter, str], list[CompletionItem]]:
    """In the form that click asks for: what begins with the letters typed and was not given before."""

    @wraps(offer)
    def complete(ctx: Context, param: Parameter, typed: str) -> list[CompletionItem]:
        given = ctx.params.get(param.name or "") if param.multiple or param.nargs == -1 else ()
        try:
            pairs = list(offer(ctx))
        except (DrafterError, OSError):
            return []
        return [
            CompletionItem(value, help=" ".join(meaning.split()))
            for value, meaning in pairs
            if value.startswith(typed) and value not in (given or ())
        ]

    return complete


def _registry(ctx: Context) -> Registry:
    from drafter.plugins import load_registry
    from drafter.settings import load_settings

    named = ctx.params.get("plugin_names")
    return load_registry(load_settings({"plugins": list(named)} if named else None).plugins)


@_offered
def offer_sections(ctx: Context) -> Iterable[tuple[str, str]]:
    """The sections of the report whose facts file is named, else all that are registered."""
    registry = _registry(ctx)
    # an option that still lacks its value leaves the arguments before it where they were
    named = [ctx.params.get("facts"), *map(Path, ctx.args)]
    facts = next((path for path in named if path is not None and path.is_file()), None)
    if facts is None:
        return [(name, section.heading) for name, section in registry.sections.items()]
    from drafter.facts import load_facts
    from drafter.outline import make_outline

    return [(one.name, one.label) for one in make_outline(load_facts(facts), registry).sections]


@_offered
def offer_checks(ctx: Context) -> Iterable[tuple[str, str]]:
    """The checks that are registered."""
    return [(name, "") for name in _registry(ctx).checks]


@_offered
def offer_formats(ctx: Context) -> Iterable[tuple[str, str]]:
    """The formats that a report can be written in."""
    return [(name, "") for name in _registry(ctx).exporters]


@_offered
def offer_documents(ctx: Context) -> Iterable[tuple[str, str]]:
    """The reports of the store, by their ids."""
    from drafter.corpus import open_store

    with open_store(Path(ctx.params["store"]), create=False) as store:
        return [(one.id, one.title) for one in store.listed()]

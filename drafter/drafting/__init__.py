"""Drafting one report: the library's `draft` and `adraft`, and the plan that `--dry-run` shows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from typing import Any

from drafter.drafting.flow import run_flow
from drafter.drafting.journal import Journal
from drafter.drafting.progress import OnProgress, Progress
from drafter.drafting.run import Plan, Run, asking_at_once, make_plan, make_writer
from drafter.errors import DrafterError, OutlineError, PluginError
from drafter.inputs import (
    CorpusLike,
    FactsLike,
    as_facts,
    compared_with,
    open_retriever,
    refuse_unknown_checks,
)
from drafter.plugins import Registry, Writer, load_registry
from drafter.report import Report
from drafter.settings import Settings, load_settings

__all__ = [
    "Journal",
    "OnProgress",
    "Plan",
    "Progress",
    "Run",
    "adraft",
    "asking_at_once",
    "draft",
    "make_plan",
    "make_writer",
    "prepare",
    "refuse_in_loop",
    "run_flow",
]


def prepare(
    facts: FactsLike,
    *,
    previous: FactsLike | None = None,
    corpus: CorpusLike | None = None,
    writer: Writer | None = None,
    settings: Settings | None = None,
    registry: Registry | None = None,
    journal: Journal | None = None,
    refresh: Collection[str] = (),
    on_progress: OnProgress | None = None,
) -> Run:
    """Load what was given as paths, open the corpus and make the chosen writer.

    Raises:
        InputError: any of it cannot be used.
    """
    started = time.perf_counter()
    settings = settings or load_settings()
    registry = registry or load_registry(settings.plugins)
    ledger = as_facts(facts)
    comparison = compared_with(facts, ledger, previous, settings)
    unknown = [name for name in refresh if name not in registry.sections]
    if unknown:
        raise OutlineError(
            f"--section：没有名为“{unknown[0]}”的章节，可用的有 {'、'.join(registry.sections)}"
        )
    refuse_unknown_checks(settings.checks, registry)
    notify = on_progress or (lambda event: None)
    if corpus is not None:
        notify(Progress("corpus"))
    made: list[Any] = []
    retriever = open_retriever(corpus, settings, registry)
    if retriever is not corpus:
        made.append(retriever)
    if writer is None:
        writer = make_writer(settings, registry)
        made.append(writer)
    if not isinstance(getattr(writer, "name", None), str) or not hasattr(writer, "write"):
        raise PluginError("writer：写作器应有 name（字符串）和 async write(request)")
    return Run(
        ledger,
        registry,
        settings,
        writer,
        retriever,
        journal,
        refresh,
        notify,
        made,
        comparison=comparison,
        started=started,
    )


async def adraft(
    facts: FactsLike,
    *,
    previous: FactsLike | None = None,
    corpus: CorpusLike | None = None,
    writer: Writer | None = None,
    settings: Settings | None = None,
    registry: Registry | None = None,
    journal: Journal | None = None,
    refresh: Collection[str] = (),
    on_progress: OnProgress | None = None,
) -> Report:
    """Draft a report.

    Args:
        facts: a path to a facts file, its plain data, or a loaded ledger.
        previous: the ledger of an earlier period to compare with, in any of these forms; by default the settings'.
        corpus: past reports to learn wording from; None for none.
        writer: who writes; by default what the settings choose (the offline writer unless a model was chosen).
        settings: by default gathered from the settings files and the environment.
        registry: sections, checks and so on; by default the built-in ones and installed plugins.
        journal: where replies are kept and taken from; None keeps nothing.
        refresh: names of sections to be written anew although the journal has them.
        on_progress: called with each step, in the loop's thread; what it raises ends the run, replies kept.

    Raises:
        InputError: something given cannot be used; nothing was written.
        EndpointError: the model's server failed.
    """
    run = prepare(
        facts,
        previous=previous,
        corpus=corpus,
        writer=writer,
        settings=settings,
        registry=registry,
        journal=journal,
        refresh=refresh,
        on_progress=on_progress,
    )
    try:
        return await run_flow(run)
    finally:
        await run.aclose()


def draft(
    facts: FactsLike,
    *,
    previous: FactsLike | None = None,
    corpus: CorpusLike | None = None,
    writer: Writer | None = None,
    settings: Settings | None = None,
    registry: Registry | None = None,
    journal: Journal | None = None,
    refresh: Collection[str] = (),
    on_progress: OnProgress | None = None,
) -> Report:
    """`adraft` for code without an event loop; takes the same arguments.

    Raises:
        InputError: as `adraft`.
        EndpointError: as `adraft`.
        DrafterError: an event loop is running already, such as a notebook's.
    """
    refuse_in_loop("adraft")
    return asyncio.run(
        adraft(
            facts,
            previous=previous,
            corpus=corpus,
            writer=writer,
            settings=settings,
            registry=registry,
            journal=journal,
            refresh=refresh,
            on_progress=on_progress,
        )
    )


def refuse_in_loop(instead: str) -> None:
    """Raise DrafterError where an event loop is running, such as a notebook's; `instead` is what to await there."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise DrafterError(f"事件循环已在运行（例如在 notebook 里），请改用 await drafter.{instead}(...)")

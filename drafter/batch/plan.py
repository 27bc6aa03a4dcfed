"""What a batch would still call: for `--dry-run`. Nothing is called or written."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from drafter.batch.jobs import Job
from drafter.batch.run import checked_jobs, finished
from drafter.drafting import make_plan, make_writer, prepare
from drafter.drafting.folder import folder_place
from drafter.drafting.forecast import forecast
from drafter.errors import DrafterError
from drafter.inputs import CorpusLike, open_retriever
from drafter.plugins import Registry
from drafter.settings import Settings

_NOTHING = {"calls": 0, "prompt_tokens_at_most": 0, "reply_tokens_at_most": 0, "cost_at_most": 0.0}


def plan_batch(
    facts: Sequence[str | Path],
    out: str | Path,
    *,
    corpus: CorpusLike | None,
    settings: Settings,
    registry: Registry,
    fresh: bool = False,
) -> dict[str, Any]:
    """Calls and tokens to come, for each report and in all; a report that cannot be drafted has a `message`.

    Raises:
        InputError: nothing can be drafted at all.
    """
    jobs = checked_jobs(facts, Path(out), settings, registry)
    retriever = open_retriever(corpus, settings, registry)
    writer = make_writer(settings, registry)
    reports: list[dict[str, Any]] = []

    def one(job: Job) -> dict[str, Any]:
        place = folder_place(Path(out) / job.name, settings.formats, registry)
        refresh = tuple(registry.sections) if fresh else ()
        with ExitStack() as opened:
            run = prepare(
                job.facts,
                corpus=retriever,
                writer=writer,
                settings=settings,
                registry=registry,
                refresh=refresh,
            )
            place.open(run, opened, read_only=True)
            if not fresh and finished(run.journal, job.facts, settings, place):
                return {"finished": True}
            told = forecast(run, make_plan(run))
            return {
                "calls": told.to_come,
                "prompt_tokens_at_most": told.most.prompt_tokens,
                "reply_tokens_at_most": told.most.completion_tokens,
                "cost_at_most": round(told.cost, 6),
            }

    try:
        for job in jobs:
            row: dict[str, Any] = {"facts": str(job.facts), "finished": False, "message": "", **_NOTHING}
            try:
                row |= one(job)
            except DrafterError as error:
                row["message"] = str(error)
            reports.append(row)
    finally:
        if retriever is not None and retriever is not corpus and hasattr(retriever, "close"):
            retriever.close()
    return {"reports": reports, **{name: round(sum(row[name] for row in reports), 6) for name in _NOTHING}}

"""drafter's rows: as it is, sealed, offline, and with one thing taken away at a time.

    echo JSON | python -m benchmarks.quality.ours ROW

Like `peers`, in a process of its own: reads a `Job`, prints a `Done` with what drafter found and how each part came about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import drafter
from benchmarks.quality.peers import Done, Job, serve


@dataclass
class Ours(Done):
    """A drafted report. `findings` are what drafter flags, with places in `text`; `parts` tell who wrote which text."""

    findings: list[dict[str, Any]] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)


class Unmasked:
    """A corpus whose passages go into prompts as they stand: the ablation of masking. Checks see the same corpus."""

    def __init__(self, corpus: Any) -> None:
        self._corpus = corpus

    def search(self, query: Any) -> list[Any]:
        return [passage.model_copy(update={"masked": passage.text}) for passage in self._corpus.search(query)]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._corpus, name)


def settings(job: Job, **changed: Any) -> drafter.Settings:
    """One call at a time, as the peers make them; nothing from the settings of whoever runs this."""
    return drafter.Settings(
        base_url=job.base_url,
        model=job.model,
        temperature=job.temperature,
        timeout=job.timeout,
        stall=job.timeout,
        concurrency=1,
        extra_body={"seed": job.seed},
        **changed,
    )


def draft(job: Job, *, unmasked: bool = False, unchecked: bool = False, **changed: Any) -> Ours:
    registry = drafter.load_registry(entry_points=False)
    chosen = settings(job, **changed)
    corpus: Any = Path(job.corpus)
    if unmasked:
        corpus = Unmasked(drafter.open_corpus(corpus))
    if unchecked:
        registry.checks.clear()
    report = drafter.draft(Path(job.facts), corpus=corpus, settings=chosen, registry=registry)
    used = report.tokens
    return Ours(
        text=report.text,
        calls=[
            {"prompt": each.tokens.prompt_tokens, "reply": each.tokens.completion_tokens, "cached": each.tokens.cached_tokens, "calls": each.calls, "step": each.step}  # type: ignore[dict-item]
            for each in report.spending
        ]
        or [{"prompt": used.prompt_tokens, "reply": used.completion_tokens, "cached": used.cached_tokens}],
        versions={"drafter": report.drafter},
        notes=list(report.notes),
        findings=[finding.model_dump(mode="json") for finding in report.findings],
        parts=[
            {
                "section": section.name,
                "heading": part.heading,
                "writer": part.writer,
                "text": part.text,
                "repairs": [step.model_dump(mode="json") for step in part.repairs],
            }
            for section in report.sections
            for part in section.parts
        ],
    )  # fmt: skip


ROWS: dict[str, Callable[[Job], Ours]] = {
    "drafter": draft,
    "drafter-unmasked": lambda job: draft(job, unmasked=True),
    "drafter-unchecked": lambda job: draft(job, unchecked=True, repair=False),
    "drafter-sealed": lambda job: draft(job, seal=True),
    "drafter-offline": lambda job: draft(job, offline=True),
}


if __name__ == "__main__":
    serve(ROWS)

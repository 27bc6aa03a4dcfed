"""Bounds how often one fault is told, so that a damaged file of megabytes gives a list that a person can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from drafter.report import Finding

MOST = 200
"""Findings of one kind; what is beyond is said in the last one's message."""


def bounded(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings up to MOST; where there are more, the last that is given says so."""
    source = iter(findings)
    first = list(islice(source, MOST))
    if len(first) == MOST and next(source, None) is not None:
        last = first[-1]
        first[-1] = last.model_copy(update={"message": f"{last.message}（后面还有同样的问题，不再一一列出）"})
    yield from first

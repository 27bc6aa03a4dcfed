"""Keeps stdout for the one JSON object that `--json` promises: what a plugin prints meanwhile goes to stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import TextIO

_kept: list[TextIO] = []


@contextmanager
def kept_for_json(arguments: Sequence[str]) -> Iterator[None]:
    """While the command runs, nothing but its answer reaches stdout, if its arguments ask for JSON."""
    if "--json" not in arguments or {"--help", "-h"} & set(arguments):
        yield
        return
    _kept.append(sys.stdout)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        _kept.pop()


def answers() -> TextIO:
    """The stream that the answer goes to."""
    return _kept[-1] if _kept else sys.stdout

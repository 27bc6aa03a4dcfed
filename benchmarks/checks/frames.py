"""The words of the generators, one file a part, and choosing among them by a seed. Imports nothing of drafter."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from benchmarks.checks.cases import HERE, Case, Mark, World, ledger

SEED = 1
_Choice = TypeVar("_Choice")


@cache
def frames(part: str, kind: str) -> Any:
    """What a part has for the generator of a kind; nothing where the part is not there."""
    path = HERE / part / "frames.json"
    return json.loads(path.read_text(encoding="utf-8")).get(kind) if path.is_file() else None


def chance(kind: str, part: str, seed: int) -> random.Random:
    """All chance of a generator."""
    return random.Random(f"{kind}/{part}/{seed}")


def spread(choices: Sequence[_Choice], count: int, rng: random.Random) -> list[_Choice]:
    """So many of the choices, each as often as the others (but one), in a drawn order."""
    drawn: list[_Choice] = []
    while len(drawn) < count:
        again = list(choices)
        rng.shuffle(again)
        drawn += again
    return drawn[:count]


def maker(kind: str, part: str) -> Callable[..., Case]:
    """Makes generated cases of a kind, in a plain world where none is given."""

    def make(
        shape: str, text: str, marks: Sequence[Mark] = (), world: World | None = None, **more: Any
    ) -> Case:
        return Case(kind, part, "generated", shape, text, world or World(ledger()), tuple(marks), **more)

    return make


def fill(frame: str, words: str) -> tuple[str, tuple[int, int]]:
    """The frame with the words in its {}, and where they stand."""
    before, _, after = frame.partition("{}")
    return before + words + after, (len(before), len(before) + len(words))

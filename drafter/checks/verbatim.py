"""Whether a number stands in a text with its neighbouring words exactly as in a fact or in a fact's topic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from drafter.checks.folding import fold
from drafter.checks.rules import words
from drafter.checks.sources import Source, Sources
from drafter.quantities import Mention, same_quantity, same_unit

ENOUGH = 2
"""Han characters beside the number, fillers left out, that the two wordings must share."""
_ALONE = 4
"""So many must be shared on a side where both clauses go on, and differently."""
_REACH = 40
_END = frozenset("。！？!?；;，,：:、\n")
_NOT_HAN = re.compile(r"[^\u3400-\u9fff]")


@dataclass(frozen=True)
class _Shared:
    """What two wordings share beside a number, on one side."""

    text: str
    whole: bool
    """Whether it goes to where one of the two clauses begins or ends."""

    @property
    def size(self) -> int:
        return len(_NOT_HAN.sub("", _fillers().sub("", self.text)))

    @property
    def fits(self) -> bool:
        return self.whole or self.size >= _ALONE


def verbatim_source(text: str, mention: Mention, sources: Sources) -> Source | None:
    """The fact, or topic, that has this number in these very words; none where another value stands in more of them."""
    best: tuple[int, Source] | None = None
    rival = 0
    left, right = _sides(text, mention)
    for source in (*sources.facts, *sources.topics):
        for other in source.mentions:
            alike = same_quantity(other, mention) or (
                other.kind == mention.kind and fold(other.text) == fold(mention.text)
            )
            if not alike and not (other.kind == mention.kind and same_unit(other.unit, mention.unit)):
                continue
            theirs = _sides(source.text, other)
            before, after = _shared(left, theirs[0], -1), _shared(right, theirs[1], 1)
            size = before.size + after.size
            if not alike:
                rival = max(rival, size)
            elif size >= ENOUGH and before.fits and after.fits and (best is None or size > best[0]):
                best = (size, source)
    return best[1] if best and best[0] >= rival else None


@lru_cache(maxsize=20_000)
def _sides(text: str, mention: Mention) -> tuple[str, str]:
    """What stands before the number and after it, as far as it is looked at; where the text ends a clause ends."""
    before, after = (
        text[max(0, mention.start - _REACH) : mention.start],
        text[mention.end : mention.end + _REACH],
    )
    return "\n" + fold(before), fold(after) + "\n"


def _shared(ours: str, theirs: str, step: int) -> _Shared:
    """The characters that both begin (`step` 1) or end (`step` -1) with, within one clause."""
    size = 0
    whole = False
    for own, other in zip(ours[::step], theirs[::step], strict=False):
        whole = own in _END or other in _END
        if whole or own != other:
            break
        size += 1
    return _Shared(ours[:size] if step > 0 else ours[len(ours) - size :], whole)


@cache
def _fillers() -> re.Pattern[str]:
    return re.compile("|".join(sorted(words("fillers.txt"), key=len, reverse=True)))

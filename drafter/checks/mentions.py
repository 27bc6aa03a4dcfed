"""The numerals of a text, found once for all checks that ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from drafter.quantities import Mention, find

KEPT = 200_000
"""Characters of the longest text of which anything is kept from one check to the next."""


def mentions_in(text: str, phrases: Sequence[str] = ()) -> tuple[Mention, ...]:
    """What `find` gives for this text and these set phrases."""
    return (_found if len(text) <= KEPT else _found.__wrapped__)(text, tuple(phrases))


@lru_cache(maxsize=4)  # with flags and without, and the wording before a change
def _found(text: str, phrases: tuple[str, ...]) -> tuple[Mention, ...]:
    return tuple(find(text, phrases))

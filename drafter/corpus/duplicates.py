"""Tells whether two documents are the same report: reprints, copies in another frame, files kept twice.

Candidates come from MinHash signatures cut into bands (locality-sensitive hashing), by rensa; what counts is the
comparison of the texts themselves.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Any
from zlib import crc32

from drafter.passages import Document

LIKE = 0.8
"""Share of common five-character shingles from which two texts may be one report."""
SAME_NUMBERS = 0.9
"""Share of the numbers of the one with fewer that the other must have: last year's report has this year's words."""
_SHINGLE = 5
_BANDS, _ROWS = 16, 8
"""Pairs with 0.8 of their shingles in common meet in a band with probability .95, with 0.85 .99, with 0.5 .06."""
_BARE = re.compile(r"[\W_]")
_INSIDE_NUMBER = re.compile(r"(?<=\d)[^\w\s](?=\d)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def bare(text: str) -> str:
    """The letters and digits of a text."""
    return _BARE.sub("", text)


def digest(text: str) -> str:
    """The same for texts that differ in spaces and marks only, but for marks inside numbers: 27.5 is not 275."""
    plain = bare(_INSIDE_NUMBER.sub("点", text))
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def bands(text: str) -> list[int]:
    """Hashes of which two texts share one when they are likely to be alike; empty for a text of a few words."""
    plain = bare(text)
    if len(plain) < 4 * _SHINGLE:
        return []
    values = _signature(plain)
    return [
        (band << 32) | crc32(repr(values[band * _ROWS : (band + 1) * _ROWS]).encode())
        for band in range(_BANDS)
    ]


def _signature(plain: str) -> list[int]:
    from rensa import RMinHash

    minhash: Any = RMinHash(num_perm=_BANDS * _ROWS, seed=1)
    minhash.update([plain[at : at + _SHINGLE] for at in range(len(plain) - _SHINGLE + 1)])
    return list(minhash.digest())


def same_report(one: Document, other: Document) -> bool:
    """Whether two documents are one report, by wording, numbers, organisation, period and theme.

    A later edition with the same wording and other figures is another report, and so is another office's.
    """
    if _differ(one.theme, other.theme) and one.theme not in other.theme and other.theme not in one.theme:
        return False
    if _differ(one.organization, other.organization) or _differ(one.period, other.period):
        return False
    if _alike(bare(one.text), bare(other.text)) < LIKE:
        return False
    few, many = sorted(
        (Counter(_NUMBER.findall(document.text)) for document in (one, other)),
        key=lambda found: found.total(),
    )
    return (few & many).total() >= SAME_NUMBERS * few.total()


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _alike(one: str, other: str) -> float:
    grams, others = (
        {text[at : at + _SHINGLE] for at in range(len(text) - _SHINGLE + 1)} for text in (one, other)
    )
    union = len(grams | others)
    return len(grams & others) / union if union else 0.0

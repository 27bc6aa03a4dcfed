"""Finds runs of words that two texts share, exact or with small edits, and fingerprints that lead to such texts.

Fingerprints are chosen by winnowing (Schleimer, Wilkerson, Aiken: Winnowing, SIGMOD 2003): of every WINDOW grams in a
row the least hash is kept, so that two texts that share SURE Han characters in a row share a fingerprint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

GRAM = 8
"""Han characters of a gram; also the shortest run that counts between two edits."""
WINDOW = 8
"""Grams of a window, a power of two."""
SURE = GRAM + WINDOW - 1
"""A shared run of so many Han characters always shares a fingerprint."""
EDIT = 6
"""Han characters that may be put in, left out or replaced between two shared runs."""
_HAN = re.compile("[\u3400-\u9fff]")
_OTHER = re.compile("[^\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of `text` that stands in `other` too: where in each, and how many Han characters of it are the same.

    Offsets are of the texts as given; marks and figures inside do not count and may differ. `exact` when no Han
    character differs.
    """

    start: int
    end: int
    other_start: int
    other_end: int
    same: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Han:
    """The Han characters of a line and where each stands in the text."""

    places: Sequence[int]
    text: str


def han_lines(text: str) -> Iterator[Han]:
    """The lines of a text without marks, figures and Latin letters, which do not count for copying."""
    start = 0
    for line in text.split("\n"):
        places = [start + match.start() for match in _HAN.finditer(line)]
        yield Han(places, "".join(text[place] for place in places))
        start += len(line) + 1


def fingerprints(text: str) -> list[int]:
    """The fingerprints of a text, each once, in order: 32-bit numbers, about one for four Han characters."""
    found: dict[int, None] = {}
    for line in text.split("\n"):
        raw = _OTHER.sub("", line).encode("utf-16-le")
        hashes = [crc32(raw[at : at + 2 * GRAM]) for at in range(0, len(raw) - 2 * GRAM + 1, 2)]
        found.update(dict.fromkeys(_winnow(hashes)))
    return list(found)


def _winnow(hashes: Sequence[int]) -> Iterable[int]:
    """The least hash of every WINDOW in a row, of fewer the least of all: the minima of 1, 2, 4 and 8 in turn."""
    if len(hashes) < WINDOW:
        return [min(hashes)] if hashes else []
    least, width = hashes, 1
    while width < WINDOW:
        least = list(map(min, least, least[width:]))
        width *= 2
    return least


def shared_runs(text: str, other: str, least: int = 20) -> list[Run]:
    """Runs of at least `least` Han characters that both texts have in one line each, in the order of `text`.

    Runs of GRAM characters and more are joined where at most EDIT characters differ between them, so a copy with a
    word changed here and there is one run. Linear in the length of the texts, but for words that repeat.

    Raises:
        ValueError: `least` is below GRAM.
    """
    if least < GRAM:
        raise ValueError(f"runs below {GRAM} characters are not looked for")
    lines = list(han_lines(other))
    grams: dict[str, list[tuple[int, int]]] = {}
    for number, line in enumerate(lines):
        for at in range(len(line.text) - GRAM + 1):
            grams.setdefault(line.text[at : at + GRAM], []).append((number, at))
    found: list[Run] = []
    for han in han_lines(text):
        for chain in _chains(_blocks(han.text, lines, grams)):
            same = sum(block.length for block in chain)
            if same < least:
                continue
            first, last = chain[0], chain[-1]
            places = lines[first.line].places
            found.append(
                Run(
                    han.places[first.at],
                    han.places[last.at + last.length - 1] + 1,
                    places[first.there],
                    places[last.there + last.length - 1] + 1,
                    same,
                    len(chain) == 1,
                )
            )
    return found


@dataclass(frozen=True, slots=True)
class _Block:
    """The same Han characters at `at` of a line of the text and at `there` of the `line`-th of the other."""

    at: int
    line: int
    there: int
    length: int


_MANY = 20
"""Places of a gram in the other text that are looked at; words that repeat more are a refrain."""


def _blocks(text: str, lines: Sequence[Han], grams: dict[str, list[tuple[int, int]]]) -> list[_Block]:
    """The longest common runs that no other covers on the same diagonal, by their beginning."""
    blocks: list[_Block] = []
    covered: dict[tuple[int, int], int] = {}  # by line and diagonal, up to where of the text
    for at in range(len(text) - GRAM + 1):
        for line, there in grams.get(text[at : at + GRAM], ())[:_MANY]:
            diagonal = (line, there - at)
            if covered.get(diagonal, 0) > at:
                continue
            other = lines[line].text
            length = GRAM
            while (
                at + length < len(text)
                and there + length < len(other)
                and text[at + length] == other[there + length]
            ):
                length += 1
            covered[diagonal] = at + length
            blocks.append(_Block(at, line, there, length))
    return blocks


def _chains(blocks: Sequence[_Block]) -> list[list[_Block]]:
    """Blocks of one line that follow one another in both texts with at most EDIT characters between them."""
    chains: list[list[_Block]] = []
    for block in blocks:
        best: list[_Block] | None = None
        for chain in reversed(chains[-_MANY:]):
            end = chain[-1]
            gaps = (block.at - end.at - end.length, block.there - end.there - end.length)
            if end.line == block.line and min(gaps) >= 0 and max(gaps) <= EDIT:
                best = chain
                break
        if best is None:
            chains.append([block])
        else:
            best.append(block)
    longest: list[list[_Block]] = []
    for chain in sorted(chains, key=lambda chain: -sum(block.length for block in chain)):
        span = (chain[0].at, chain[-1].at + chain[-1].length)
        if not any(kept[0].at <= span[0] and span[1] <= kept[-1].at + kept[-1].length for kept in longest):
            longest.append(chain)
    return sorted(longest, key=lambda chain: chain[0].at)

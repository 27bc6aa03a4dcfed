"""Finds runs of words that two texts share, exact or with small edits, and fingerprints that lead to such texts.

Fingerprints are chosen by winnowing (Schleimer, Wilkerson, Aiken: Winnowing, SIGMOD 2003): of every WINDOW grams in a
row the least hash is kept, so that two texts that share SURE Han characters in a row share a fingerprint. Runs grow
from a shared gram to both sides, as long as what differs is small beside what follows.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple
from zlib import crc32

GRAM = 8
"""Han characters of a gram; also the shortest run that counts by itself."""
WINDOW = 8
"""Grams of a window."""
SURE = GRAM + WINDOW - 1
"""A shared run of so many Han characters always shares a fingerprint."""
EDIT = 8
"""Han characters that may be put in, left out or replaced at one place of a run: a name, a number, a word or two."""
_STEP = 4
"""Every so many grams of the other text are looked up: a shared run of GRAM + _STEP - 1 characters is never passed over."""
_BEHIND_EDIT = 4
"""Han characters in a row that must be the same on the far side of the smallest edit."""
_TRIES = 4
"""Stretches that are grown over one place of the text: words that the other text says again and again cost no more."""
_MANY = 20
"""Places of a gram that are looked at; words that repeat more are a refrain."""
_HAN = "\u3400-\u9fff"
_OTHER = re.compile(f"[^{_HAN}\n]+")
_DIVIDED = re.compile(f"({_OTHER.pattern})")


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


class HanText:
    """A text with its Han characters alone, line by line: marks, figures and Latin letters do not count for copying."""

    def __init__(self, text: str) -> None:
        """Args: the text, whose offsets `place` gives."""
        self.text = text
        parts = _DIVIDED.split(text)  # Han characters and others in turn
        self.han = "".join(parts[::2])
        self._lengths = array("L", map(len, parts))

    @cached_property
    def grams(self) -> dict[str, list[int]]:
        """Every gram of a line and where in `han` it stands, at most _MANY places."""
        han, found = self.han, dict[str, list[int]]()
        for start, end in self.lines():
            for at in range(start, end - GRAM + 1):
                places = found.setdefault(han[at : at + GRAM], [])
                if len(places) < _MANY:
                    places.append(at)
        return found

    def lines(self) -> Iterator[tuple[int, int]]:
        """Where each line of `han` begins and ends."""
        start = 0
        while start < len(self.han):
            end = self.han.find("\n", start)
            end = len(self.han) if end < 0 else end
            yield start, end
            start = end + 1

    def place(self, at: int) -> int:
        """Where in the text the Han character at this place of `han` stands."""
        ends, left_out = self._gaps
        number = bisect_right(ends, at)
        return at + (left_out[number - 1] if number else 0)

    def han_place(self, offset: int) -> int:
        """Where in `han` the first character stands that is at this offset of the text or behind it."""
        low, high = 0, len(self.han)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.place(middle) < offset else (low, middle)
        return low

    @cached_property
    def _gaps(self) -> tuple[list[int], list[int]]:
        """For each stretch that was left out, where in `han` it was, and how many characters are left out up to it."""
        lengths = self._lengths
        return list(accumulate(lengths[:-1:2])), list(accumulate(lengths[1::2]))


def fingerprints(text: str) -> list[int]:
    """The fingerprints of a text, each once, in order: 32-bit numbers, about one for four Han characters."""
    return list(dict.fromkeys(number for number, _ in placed_fingerprints(HanText(text))))


def placed_fingerprints(text: HanText) -> list[tuple[int, int]]:
    """The fingerprints of a text and where in its Han characters each stands, in order of place."""
    found: list[tuple[int, int]] = []
    for start, end in text.lines():
        raw = text.han[start:end].encode("utf-16-le")
        hashes = [crc32(raw[at : at + 2 * GRAM]) for at in range(0, len(raw) - 2 * GRAM + 1, 2)]
        found += [(hashes[place], start + place) for place in _winnow(hashes)]
    return found


def _winnow(hashes: Sequence[int]) -> list[int]:
    """Where the least hash of every WINDOW in a row stands, of fewer the least of all; of equal ones it is the first."""
    if not hashes:
        return []
    least = min(hashes[:WINDOW])
    place = hashes.index(least)
    places = [place]
    for at, number in enumerate(hashes[WINDOW:], WINDOW):
        if number < least:
            least, place = number, at
        elif at - place == WINDOW:  # the window has left it behind
            least = min(hashes[place + 1 : at + 1])
            place = hashes.index(least, place + 1)
        else:
            continue
        places.append(place)
    return places


def shared_runs(text: str, other: str, least: int = 20) -> list[Run]:
    """Runs of at least `least` Han characters of `text` that both texts have in one line each, in the order of `text`.

    See `runs_between`.
    """
    return runs_between(HanText(text), HanText(other), least)


def runs_between(
    text: HanText, other: HanText, least: int = 20, places: Iterable[int] | None = None
) -> list[Run]:
    """Runs of at least `least` Han characters of `text` that both texts have in one line each, in the order of `text`.

    What differs at one place is at most EDIT characters, and what is the same behind it is half as long again and
    at least four, so a copy with a word changed here and there is one run, changed words counted. A run that has
    nowhere GRAM + 3 characters in a row the same may be passed over. Linear in the length of the texts.

    Args:
        text: the text.
        other: the other text.
        least: Han characters of the text.
        places: where in the text's Han characters a gram stands that the other may have; only runs over one of them
            are looked for. By default anywhere.

    Raises:
        ValueError: `least` is below GRAM.
    """
    if least < GRAM:
        raise ValueError(f"runs below {GRAM} characters are not looked for")
    found: list[_Stretch] = []
    followed: dict[int, int] = {}  # by diagonal, up to where of the text
    grown = Counter[int]()  # by place of the text, how many stretches go over it
    for at, there in _seeds(text, other) if places is None else _seeds_at(places, text, other):
        if followed.get(there - at, 0) > at or grown[at] >= _TRIES:
            continue
        stretch = _stretch(text.han, other.han, at, there)
        for diagonal, end in stretch.diagonals:
            followed[diagonal] = max(end, followed.get(diagonal, 0))
        if stretch.end - stretch.start >= least:
            grown.update(range(stretch.start, stretch.end))
            found.append(stretch)
        else:
            grown[at] += 1
    return [
        Run(
            text.place(run.start),
            text.place(run.end - 1) + 1,
            other.place(run.there),
            other.place(run.there_end - 1) + 1,
            run.same,
            run.same == run.end - run.start == run.there_end - run.there,
        )
        for run in _longest(found)
    ]


def _seeds(text: HanText, other: HanText) -> Iterator[tuple[int, int]]:
    """Places of grams that both have, by every _STEP-th of the other."""
    grams = text.grams
    for there in range(0, len(other.han) - GRAM + 1, _STEP):
        for at in grams.get(other.han[there : there + GRAM], ()):
            yield at, there


def _seeds_at(places: Iterable[int], text: HanText, other: HanText) -> Iterator[tuple[int, int]]:
    """These places of the text and those where the other has their grams, the first _TRIES of each."""
    for at in places:
        gram, there = text.han[at : at + GRAM], -1
        for _ in range(_TRIES):
            there = other.han.find(gram, there + 1)
            if there < 0:
                break
            yield at, there


class _Stretch(NamedTuple):
    """Han characters from `start` to `end` of the text and from `there` to `there_end` of the other."""

    start: int
    end: int
    there: int
    there_end: int
    same: int
    diagonals: Sequence[tuple[int, int]]
    """The diagonals that it follows, each with where in the text it leaves it."""


def _stretch(text: str, other: str, at: int, there: int) -> _Stretch:
    """The stretch that grows from the gram at these places to both sides."""
    diagonals: list[tuple[int, int]] = []
    end, there_end, same = at, there, 0
    while True:
        length = _alike(text, other, end, there_end)
        end, there_end, same = end + length, there_end + length, same + length
        diagonals.append((there_end - end, end))
        edit = _edit_behind(text, other, end, there_end)
        if edit is None:
            break
        end, there_end = end + edit[0], there_end + edit[1]
    start, there_start = at, there
    while True:
        length = _alike_before(text, other, start, there_start)
        if length:
            diagonals.append((there_start - start, start))
        start, there_start, same = start - length, there_start - length, same + length
        edit = _edit_before(text, other, start, there_start)
        if edit is None:
            break
        start, there_start = start - edit[0], there_start - edit[1]
    return _Stretch(start, end, there_start, there_end, same, diagonals)


def _alike(text: str, other: str, at: int, there: int) -> int:
    """How many characters from here on are the same, to the end of either line."""
    length = 0
    for size in _AT_ONCE:
        while (
            len(piece := text[at + length : at + length + size]) == size
            and piece == other[there + length : there + length + size]
            and "\n" not in piece
        ):
            length += size
    return length


def _alike_before(text: str, other: str, at: int, there: int) -> int:
    """How many characters before here are the same, to the beginning of either line."""
    length, most = 0, min(at, there)
    for size in _AT_ONCE:
        while (
            length + size <= most
            and (piece := text[at - length - size : at - length])
            == other[there - length - size : there - length]
            and "\n" not in piece
        ):
            length += size
    return length


_AT_ONCE = (16, 4, 1)
"""Characters compared in one go, as long as so many are the same."""


def _needed(edit: int) -> int:
    """How many characters in a row must be the same on the far side of an edit of so many."""
    return max(_BEHIND_EDIT, edit + edit // 2)


_FAR_SIDE = EDIT + _needed(EDIT)
"""Characters on the far side of which no edit is seen."""


def _edit_behind(text: str, other: str, at: int, there: int) -> tuple[int, int] | None:
    """The smallest edit after which the texts go on alike: characters to pass over in each."""
    ahead = text[at : at + _FAR_SIDE].partition("\n")[0]
    across = other[there : there + _FAR_SIDE].partition("\n")[0]
    return _edit(ahead, across)


def _edit_before(text: str, other: str, at: int, there: int) -> tuple[int, int] | None:
    """As `_edit_behind`, to the left."""
    ahead = text[max(0, at - _FAR_SIDE) : at].rpartition("\n")[2][::-1]
    across = other[max(0, there - _FAR_SIDE) : there].rpartition("\n")[2][::-1]
    return _edit(ahead, across)


def _edit(text: str, other: str) -> tuple[int, int] | None:
    best: tuple[int, int] | None = None
    for passed in range(min(EDIT + 1, len(other) - _BEHIND_EDIT + 1)):
        if best and passed >= max(best):
            break
        at = text.find(other[passed : passed + _BEHIND_EDIT], 0, EDIT + _BEHIND_EDIT)
        if at < 0 or (best and at >= max(best)):
            continue
        needed = _needed(max(at, passed))
        if len(text) >= at + needed and text[at : at + needed] == other[passed : passed + needed]:
            best = (at, passed)
    return best


def _longest(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """Those that no longer one holds, in the order of the text."""
    kept: list[_Stretch] = []
    for stretch in sorted(stretches, key=lambda one: (one.start, -one.end, -one.same)):
        if not kept or stretch.end > kept[-1].end:
            kept.append(stretch)
    return kept

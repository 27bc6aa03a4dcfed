"""Before and after of a change, cut where the two differ: by sentences, within these by figures, words and characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]|[^。！？；\n]+")
_TOKEN = re.compile(r"[0-9０-９][0-9０-９.．,]*|[A-Za-z]+|.", re.DOTALL)
"""A figure is changed as a whole, and so is a word in letters; of Chinese each character counts."""
_MOST = 160_000
"""Tokens of one side times those of the other, up to which they are compared; that takes some 10 ms."""
_ALIKE = 0.4
"""Sentences that share less are shown as changed whole: single characters in common tell nothing."""


class Stretch(NamedTuple):
    """A stretch of one side; `changed` when the other does not have it."""

    text: str
    changed: bool = False


Side = tuple[Stretch, ...]


def compare(before: str, after: str) -> tuple[Side, Side]:
    """Both sides of a change; the texts of each side's stretches together are that side."""
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    left: list[Stretch] = []
    right: list[Stretch] = []
    for kind, first, last, new_first, new_last in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        gone, come = "".join(old[first:last]), "".join(new[new_first:new_last])
        if kind == "equal":
            left.append(Stretch(gone))
            right.append(Stretch(come))
            continue
        for mine, theirs in _within(gone, come):
            left.append(mine)
            right.append(theirs)
    return _joined(left), _joined(right)


def _within(gone: str, come: str) -> Iterator[tuple[Stretch, Stretch]]:
    """Pairs of stretches of two wordings of one place."""
    old, new = _TOKEN.findall(gone), _TOKEN.findall(come)
    if old and new and len(old) * len(new) <= _MOST:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        if matcher.ratio() >= _ALIKE:
            for kind, first, last, new_first, new_last in matcher.get_opcodes():
                changed = kind != "equal"
                yield (
                    Stretch("".join(old[first:last]), changed),
                    Stretch("".join(new[new_first:new_last]), changed),
                )
            return
    yield Stretch(gone, True), Stretch(come, True)


def _joined(stretches: list[Stretch]) -> Side:
    joined: list[Stretch] = []
    for stretch in stretches:
        if joined and joined[-1].changed == stretch.changed:
            joined[-1] = Stretch(joined[-1].text + stretch.text, stretch.changed)
        elif stretch.text:
            joined.append(stretch)
    return tuple(joined)

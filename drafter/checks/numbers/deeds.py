"""Which words of a cell say what was done (data/deeds.txt), and whether two cells say contrary things. Knows no facts."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from drafter.checks.rules import read_rules


@cache
def deeds() -> re.Pattern[str]:
    """Words that say what was done with a thing."""
    return re.compile(_either("verb", "more", "less", "begun", "ended"))


@cache
def deeds_of(kind: str) -> frozenset[str]:
    """The words of one kind of the data file: verb, unit, more, less, begun, ended …"""
    return frozenset(word for of, row in read_rules("deeds.txt", 2) if of == kind for word in row.split())


def denies(cell: str, other: str) -> bool:
    """Whether the one cell says that it was not done, or that there is none, and the other does not.

    What a cell says in passing is missing (无村医的空白村) counts only where the other speaks of it.
    """
    if cell == other:
        return False
    here, there = _denial().search(cell), _denial().search(other)
    if (here is None) != (there is None):
        return _open().search(cell if here is None else other) is None  # 尚余68条 of 未整改68条
    ours, theirs = list(_lack().finditer(cell)), list(_lack().finditer(other))
    if bool(ours) == bool(theirs):
        return False
    rest = other if ours else cell
    return any(found["what"] is None or found["what"] in rest for found in ours or theirs)


def open_in(cell: str) -> bool:
    """Whether the cell says that it was not done, or that there is none."""
    return (_denial().search(cell) or _lack().search(cell)) is not None


@lru_cache(maxsize=64)
def undone(cell: str) -> frozenset[str]:
    """What the cell says is still to be done: 办结 of 未办结, 尚待办结."""
    return frozenset(
        found for found in set(deeds().findall(cell)) if re.search(f"[未待][^，。；]{{0,4}}{found}", cell)
    )


def opposed(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether the one added and the other took away (新增, 退出)."""
    return _parted(ours, theirs, "more", "less") or _parted(ours, theirs, "less", "more")


def further(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether the one says that it is done and the other only that it was begun or found (整改, 排查)."""
    return _parted(ours, theirs, "ended", "begun")


def _parted(ours: frozenset[str], theirs: frozenset[str], one: str, other: str) -> bool:
    """Whether ours are of the one kind alone and theirs of the other alone."""
    first, second = deeds_of(one), deeds_of(other)
    return bool(ours & first and theirs & second) and not (ours & second or theirs & first)


@cache
def _denial() -> re.Pattern[str]:
    return re.compile(_not_within_words("not"))


@cache
def _open() -> re.Pattern[str]:
    """Words for what is left to be done, as much as 未 says."""
    return re.compile(_either("left"))


@cache
def _lack() -> re.Pattern[str]:
    return re.compile(_not_within_words("lack") + "(?:(?P<what>[\\u3400-\\u9fff]{1,6})的)?")


def _not_within_words(kind: str) -> str:
    """The words of this kind where they are no part of a longer word."""
    behind, ahead = "|".join(sorted(deeds_of("not-after"))), _either("not-of")
    return f"(?<!{behind})(?:{_either(kind)})(?!{ahead})"


def _either(*kinds: str) -> str:
    found = frozenset[str]().union(*map(deeds_of, kinds))
    return "|".join(sorted(found, key=lambda word: (-len(word), word)))

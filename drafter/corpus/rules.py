"""Loads the word lists of `data/`: entries divided by spaces, a comment after `#`. Knows no meaning of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of `data/<name>.txt` without comments and blank lines; ` #` or a leading `#` opens a comment."""
    text = (
        resources.files("drafter.corpus").joinpath("data").joinpath(f"{name}.txt").read_text(encoding="utf-8")
    )
    kept = (re.split(r"(?:^|\s)#(?:\s|$)", line, maxsplit=1)[0].strip() for line in text.splitlines())
    return tuple(line for line in kept if line)


@cache
def words(name: str) -> tuple[str, ...]:
    """All entries of `data/<name>.txt`, in order, each once."""
    return tuple(dict.fromkeys(word for line in lines(name) for word in line.split()))


@cache
def table(name: str) -> dict[str, tuple[str, ...]]:
    """The entries of `data/<name>.txt` by the key that opens a line (`key: entry entry`); lines of a key add up."""
    found: dict[str, list[str]] = {}
    for line in lines(name):
        key, _, rest = line.partition(":")
        found.setdefault(key.strip(), []).extend(rest.split())
    return {key: tuple(dict.fromkeys(entries)) for key, entries in found.items()}


def one_of(entries: Iterable[str]) -> str:
    """`alternation` in brackets, told apart by first characters, which many entries make several times as fast.

    At each place some sixteen classes of first characters are tried instead of every entry. All entries that could
    match at a place begin alike, so they stay in their order, longest first.
    """
    by_first: dict[str, list[str]] = {}
    for entry in sorted(set(entries), key=lambda entry: (-len(entry), entry)):
        by_first.setdefault(entry[0], []).append(entry)
    firsts = sorted(by_first)
    size = max(1, round(len(firsts) ** 0.5))
    groups = [firsts[at : at + size] for at in range(0, len(firsts), size)]
    return "(?:{})".format(
        "|".join(
            f"(?=[{re.escape(''.join(group))}])(?:"
            + "|".join(re.escape(entry) for first in group for entry in by_first[first])
            + ")"
            for group in groups
        )
    )


def alternation(entries: Iterable[str]) -> str:
    """A regex that matches any of the entries literally, longest first."""
    return "|".join(
        re.escape(entry) for entry in sorted(set(entries), key=lambda entry: (-len(entry), entry))
    )

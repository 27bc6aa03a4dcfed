"""With which characters the matches of a regular expression may begin, so that it is tried only where they stand.

Reads what the rules of data/names.txt are written with: characters, classes, (?:…), lookarounds, ? and {n,m}. Looks are
passed over, so that the answer may name too many characters, never too few.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(
    r"(\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|.)|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:[:=!]|<[=!])|.)", re.DOTALL
)
_REPEAT = re.compile(r"(?:\{(\d*)(?:(,)(\d*))?\}|[?*+])\??")
_RANGE = re.compile(r"(\\(?:u[0-9a-f]{4}|x[0-9a-f]{2})|[^\\])-(\\(?:u[0-9a-f]{4}|x[0-9a-f]{2})|[^\\])")
_LONGEST = 256
"""A range of more characters is not listed."""


@dataclass(frozen=True, slots=True)
class Chars:
    """Some characters: those listed, or all that are not."""

    listed: frozenset[str]
    others: bool = False

    def __contains__(self, char: str) -> bool:
        return (char in self.listed) != self.others


ANY = Chars(frozenset(), others=True)
NONE = Chars(frozenset())
_Beginning = tuple[Chars, ...]


def union(several: Iterable[Chars]) -> Chars:
    """What is one of the characters of any of them, at least."""
    found = {*several}
    if len(found) == 1:
        return found.pop()
    if any(chars.others for chars in found):
        return ANY
    return Chars(frozenset().union(*(chars.listed for chars in found)))


def beginnings(rule: str, length: int) -> set[_Beginning]:
    """The first `length` characters that matches may have; fewer for a match that may be shorter.

    Raises:
        ValueError: a match may be empty, or begin with a character out of too many to list.
    """
    found = {each for branch in _branches(rule) for each in _of_rest(branch, 0, length)}
    if any(not each or each[0].others for each in found):
        raise ValueError(f"a rule has to say with what it begins: {rule}")
    return found


def _of_rest(branch: str, place: int, length: int) -> Iterator[_Beginning]:
    """What the rest of a rule without alternatives of its own may begin with; no more of it is read than is asked for."""
    if not length or place >= len(branch):
        yield ()
        return
    end = _end(branch, place)
    atom = branch[place:end]
    least = most = 1
    if repeat := _REPEAT.match(branch, end):
        end = repeat.end()
        least, most = _times(repeat)
    if atom.startswith("(?") and not atom.startswith("(?:"):
        least = most = 0  # a lookaround
    for first in _repeated(atom, least, most, length):
        for following in _of_rest(branch, end, length - len(first)):
            yield first + following


def _repeated(atom: str, least: int, most: int, length: int) -> Iterator[_Beginning]:
    if not least or not length:
        yield ()
    if not most or not length:
        return
    for first in _of_atom(atom, length):
        # what may be empty is not repeated: it would not end
        again = _repeated(atom, max(least - 1, 0), most - 1, length - len(first)) if first else ((),)
        for following in again:
            yield first + following


def _of_atom(atom: str, length: int) -> Iterator[_Beginning]:
    if atom.startswith("(?:"):
        for branch in _branches(atom[3:-1]):
            yield from _of_rest(branch, 0, length)
    else:
        yield (_chars(atom),)


def _times(repeat: re.Match[str]) -> tuple[int, int]:
    if repeat[0][0] in "?*+":
        return int(repeat[0][0] == "+"), 1 if repeat[0][0] == "?" else _LONGEST
    least = int(repeat[1] or 0)
    return least, int(repeat[3] or _LONGEST) if repeat[2] else least


def _end(rule: str, place: int) -> int:
    """Where the character, class or group that begins at `place` ends."""
    depth = 0
    for token in _TOKEN.finditer(rule, place):
        depth += token[0].startswith("(") - (token[0] == ")")
        if not depth:
            return token.end()
    raise ValueError(f"unclosed group: {rule}")


def _branches(group: str) -> list[str]:
    """The alternatives of a group."""
    depth, start, found = 0, 0, []
    for token in _TOKEN.finditer(group):
        depth += token[0].startswith("(") - (token[0] == ")")
        if token[0] == "|" and not depth:
            found.append(group[start : token.start()])
            start = token.end()
    return [*found, group[start:]]


@lru_cache(256)
def _chars(atom: str) -> Chars:
    """What a character or class stands for."""
    if not atom.startswith("["):
        if atom == "." or re.match(r"\\[A-Za-tvwyz]", atom):
            return ANY
        return Chars(frozenset(_char(atom)))
    inner = atom[1:-1]
    others = inner.startswith("^")
    listed: set[str] = set()
    for first, last in _RANGE.findall(inner := inner.removeprefix("^")):
        low, high = ord(_char(first)), ord(_char(last))
        if high - low >= _LONGEST:
            return ANY
        listed.update(map(chr, range(low, high + 1)))
    single = _RANGE.sub("", inner)
    if re.search(r"\\[A-Za-tvwyz]", single):
        return ANY
    listed.update(map(_char, re.findall(r"\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|.)|.", single, re.DOTALL)))
    return Chars(frozenset(listed), others)


def _char(written: str) -> str:
    if written.startswith(("\\u", "\\x")):
        return chr(int(written[2:], 16))
    return written[-1]

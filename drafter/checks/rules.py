"""Loads the text rules of data/*.txt: one rule a line, `#` after a blank begins a comment, columns divided by blanks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple


@cache
def read_rules(name: str, columns: int) -> tuple[tuple[str, ...], ...]:
    """The rules of data/`name`, each cut into at most `columns` columns; the last column may hold blanks."""
    text = resources.files("drafter.checks").joinpath("data", name).read_text(encoding="utf-8")
    rows = (re.split(r"(?:^|\s)#\s", line, maxsplit=1)[0].strip() for line in text.splitlines())
    return tuple(tuple(row.split(None, columns - 1)) for row in rows if row)


@cache
def words(name: str) -> frozenset[str]:
    """All words of a list file."""
    return frozenset(word for row in read_rules(name, 99) for word in row)


@dataclass(frozen=True)
class Shape:
    """A kind of match, its regular expression, and one for what it begins with."""

    kind: str
    pattern: str
    beginning: str


def read_shapes(name: str, given: Mapping[str, str]) -> tuple[list[Shape], dict[str, str]]:
    """The shapes of data/`name`, and the parts that they are made of.

    A row `let NAME …` names a part; <NAME> in a row below stands for it. `given` are parts that the program knows.
    A row `at …` says with what the shapes below it begin, up to the next such row.

    Raises:
        KeyError: a row names a part that is not there.
    """
    parts = dict(given)
    found: list[Shape] = []
    beginning = ""
    for kind, row in read_rules(name, 2):
        if kind == "let":
            part, row = row.split(None, 1)
            parts[part] = _put_together(row, parts)
        elif kind == "at":
            beginning = _put_together(row, parts)
        else:
            found.append(Shape(kind, _put_together(row, parts), beginning))
    return found, parts


class Found(NamedTuple):
    """A match of one of several shapes, and its kind."""

    start: int
    end: int
    kind: str


class OneOf:
    """All shapes as one, as an alternation of them in their order would match.

    Shapes that begin alike are one expression. It is compiled for the first text that holds such a beginning: most texts
    hold few of them, and all together take longer to compile than a text takes to be checked.
    """

    def __init__(self, shapes: Iterable[Shape]) -> None:
        groups = groupby(shapes, key=attrgetter("beginning"))
        self._groups = [_Group(beginning, list(group)) for beginning, group in groups]

    def finditer(self, text: str) -> Iterator[Found]:
        """The matches in order; where several shapes match at a place it is the first of them, none overlap."""
        ahead = {
            number: match
            for number, group in enumerate(self._groups)
            if group.may_be_in(text) and (match := group.pattern.search(text))
        }
        while ahead:
            match = min(ahead.items(), key=lambda item: (item[1].start(), item[0]))[1]
            start, end = match.span()
            yield Found(start, end, str(match.lastgroup).partition("_")[0])
            for number, other in [*ahead.items()]:
                if other.start() < end:
                    following = self._groups[number].pattern.search(text, end)
                    if following:
                        ahead[number] = following
                    else:
                        del ahead[number]


class _Group:
    """Shapes with one beginning."""

    def __init__(self, beginning: str, shapes: Sequence[Shape]) -> None:
        self._beginning, self._shapes = beginning, shapes

    def may_be_in(self, text: str) -> bool:
        return self._gate.search(text) is not None

    @cached_property
    def _gate(self) -> re.Pattern[str]:
        return re.compile(self._beginning)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The shapes in their order; names of its groups begin with the kind and an underscore."""
        named = "|".join(f"(?P<{shape.kind}_{i}>{shape.pattern})" for i, shape in enumerate(self._shapes))
        return re.compile(f"(?={self._beginning})(?:{named})")


def _put_together(row: str, parts: Mapping[str, str]) -> str:
    return re.sub("<([A-Z]+)>", lambda name: parts[name[1]], row)

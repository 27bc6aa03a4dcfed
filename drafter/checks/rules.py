"""Loads the text rules of data/*.txt: one rule a line, `#` after a blank begins a comment, columns divided by blanks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby
from operator import itemgetter


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
            beginning = row
        else:
            found.append(Shape(kind, _put_together(row, parts), beginning))
    return found, parts


def one_pattern(shapes: Iterable[Shape], flags: int = 0) -> re.Pattern[str]:
    """All shapes as one expression, tried in their order; names of its groups begin with the kind and an underscore."""
    named = [(shape.beginning, f"(?P<{shape.kind}_{i}>{shape.pattern})") for i, shape in enumerate(shapes)]
    grouped = (
        f"(?={beginning})(?:{'|'.join(pattern for _, pattern in group)})"
        for beginning, group in groupby(named, key=itemgetter(0))
    )
    return re.compile("|".join(grouped), flags)


def _put_together(row: str, parts: Mapping[str, str]) -> str:
    return re.sub("<([A-Z]+)>", lambda name: parts[name[1]], row)

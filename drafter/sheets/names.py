"""What clerks call sheets, columns, fields and values (data/names.txt), and what is meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from functools import cache
from importlib import resources

_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_OUTSIDE = re.compile(r"[\s*＊:：、。\u200b-\u200f\ufeff]+")
IGNORED = "-"
"""The field of a column that is not read."""


def plain(name: str) -> str:
    """A name as it is compared: 类 别（必填）* is 类别."""
    return _OUTSIDE.sub("", _BRACKETS.sub("", unicodedata.normalize("NFKC", name))).lower()


def field_of(where: str, name: str) -> str | None:
    """The field that this name means as a `where` (sheet, column, outline, header); None for an unknown one.

    A column whose name begins with 备注 is the clerk's own.
    """
    bare = plain(name)
    found = _fields(where).get(bare)
    return IGNORED if found is None and where != "sheet" and bare.startswith("备注") else found


def value_of(field: str, text: str) -> str | None:
    """What this cell of the column means (role, required); None for a value that the column cannot have."""
    return _values(field).get(plain(text))


def name_of(where: str, field: str) -> str:
    """What drafter itself calls a field."""
    return next(name for name, own in _fields(where).items() if own == field)


def names_of(where: str) -> list[str]:
    """What drafter calls each of these fields, those that are not read left out."""
    found = dict.fromkeys(field for field in _fields(where).values() if field != IGNORED)
    return [name_of(where, field) for field in found]


def value_name(field: str, value: str) -> str:
    """What drafter itself writes for a value."""
    return next(name for name, own in _values(field).items() if own == value)


def value_names(field: str) -> list[str]:
    """What drafter writes for each value of the column."""
    return [value_name(field, value) for value in dict.fromkeys(_values(field).values())]


def close_to(where: str, name: str) -> str:
    """The known name that this one may be a slip of; "" if none is near."""
    known = {own: field for own, field in _fields(where).items() if field != IGNORED}
    near = difflib.get_close_matches(plain(name), known, n=1, cutoff=0.5)
    return name_of(where, known[near[0]]) if near else ""


@cache
def _fields(where: str) -> dict[str, str]:
    return {plain(name) or name: row[1] for row in _rows() if row[0] == where for name in row[2:]}


@cache
def _values(field: str) -> dict[str, str]:
    return {
        plain(name): row[2] for row in _rows() if row[0] == "value" and row[1] == field for name in row[3:]
    }


@cache
def _rows() -> list[list[str]]:
    text = resources.files("drafter.sheets").joinpath("data/names.txt").read_text("utf-8")
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]

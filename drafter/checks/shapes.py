"""The shapes of data/placeholders.txt and their named parts, with what other data files give them. Knows no findings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from drafter.checks.rules import Shape, read_shapes
from drafter.corpus import rules as corpus_rules
from drafter.corpus.masking import ORDER, SLOTS
from drafter.quantities.rules import measures


@cache
def _read() -> tuple[list[Shape], dict[str, str]]:
    given = {
        "MEASURE": _measure(),
        "SLOT": f"(?:{'|'.join(SLOTS)})",
        "ORDER": rf"(?:[{ORDER}]|\d{{1,3}})?",
        "SURNAME": f"[{''.join(corpus_rules.table('surnames')['plain'])}]",
        "NUMERAL": "[零〇○一二三四五六七八九十]",
    }
    return read_shapes("placeholders.txt", given)


def shapes() -> list[Shape]:
    """The shapes in the order in which they are tried."""
    return _read()[0]


def parts() -> Mapping[str, str]:
    """The named parts of the shapes, as regular expressions."""
    return _read()[1]


def _measure() -> str:
    """Any Chinese measure word, the longest first, each with what must not follow it."""
    known = [measure for found in measures().values() for measure in found if measure.word[0] >= "\u3400"]
    free = "".join(
        sorted(measure.word for measure in known if measure.length == 1 and not measure.not_before)
    )
    others = sorted(
        (
            measure for measure in known if measure.word[0] not in free
        ),  # what a free one begins is found by it
        key=lambda measure: (-measure.length, measure.word),
    )
    written = (
        measure.word + (f"(?![{''.join(sorted(measure.not_before))}])" if measure.not_before else "")
        for measure in others
    )
    return f"(?:{'|'.join(written)}|[{free}])"

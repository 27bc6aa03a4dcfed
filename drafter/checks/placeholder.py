"""Finds what was never filled in: xx次, **镇, X月X日, 【待补】, {{ }}, TODO, and drafter's own masking slots.

The shapes are in data/placeholders.txt. A document's title or a slogan's name that is only a mask (《××》) is a blank
too, and so is a person's name that is hidden (李某某, 王**): a report that is signed names its persons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from drafter.checks.emphasis import blank_stars, emphasis_marks
from drafter.checks.rules import OneOf
from drafter.checks.shapes import parts, shapes
from drafter.plugins.protocols import CheckContext
from drafter.report import Finding

_FLAG = "flag"
"""The kind of rule whose matches no other check may read."""
_LOOKALIKE = "text"
"""The kind of rule whose matches are no blank, and hold none."""
_MESSAGES = {
    "blank": "“{text}”是没有填上的空白，请按事实填写或删去",
    "pending": "“{text}”还没有补上，请补充或删去",
    "slot": "“{text}”是遮盖范文时留下的空位，请按事实填写",
}


@cache
def _shapes() -> OneOf:
    return OneOf(shapes())


@cache
def _flags() -> re.Pattern[str]:
    return re.compile("|".join(shape.pattern for shape in shapes() if shape.kind == _FLAG))


@cache
def _suffix() -> re.Pattern[str]:
    """The word that a blank stands before: xx次, XX镇."""
    part = parts()
    return re.compile(f"{part['COUNTED']}|[%％余州局]|{part['PLACE']}")


class Placeholder:
    """Everything that stands for a blank is an error, one finding for each occurrence."""

    name = "placeholder"
    needs_facts = False
    wants_flags = True
    """Whether the check reads the text with its flags; all others read it without."""

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings placeholder.blank, placeholder.pending and placeholder.slot."""
        emphasis = {place for start, end in emphasis_marks(text) for place in range(start, end)}
        found = [
            (start, end, "pending" if kind == _FLAG else kind)
            for start, end, kind in _shapes().finditer(text)
        ]
        stars = [(start, end, "blank") for start, end in blank_stars(text)]
        taken = 0
        for start, end, kind in sorted(found + stars):
            if start < taken or not emphasis.isdisjoint(range(start, min(end, start + 8))):
                continue
            taken = end
            if kind == _LOOKALIKE:
                continue
            end = _with_suffix(text, end) if kind == "blank" else end
            yield Finding(
                check=self.name,
                code=f"placeholder.{kind}",
                severity="error",
                message=_MESSAGES[kind].format(text=text[start:end]),
                start=start,
                end=end,
                text=text[start:end],
            )


def without_flags(text: str) -> str:
    """The text with blanks for every character of a flag, of the same length.

    Where a line holds nothing but flags their brackets stay, so that what stands above it is not empty.
    """
    kept: list[str] = []
    done = 0
    for match in _flags().finditer(text):
        kept += text[done : match.start()], " " * len(match[0])
        done = match.end()
    if not done:
        return text
    hidden = "".join([*kept, text[done:]])
    lines: list[str] = []
    place = 0
    for line in hidden.split("\n"):
        original = text[place : place + len(line)]
        alone = not line.strip() and original.strip()
        lines.append("".join(c if c in "【】" else " " for c in original) if alone else line)
        place += len(line) + 1
    return "\n".join(lines)


def _with_suffix(text: str, end: int) -> int:
    """The blank with the word it stands before: xx次, XX镇."""
    suffix = _suffix().match(text, end)
    return suffix.end() if suffix else end

"""Finds what was never filled in: xx次, **镇, X月X日, 【待补】, {{ }}, TODO, and drafter's own masking slots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from drafter.checks.rules import read_rules
from drafter.plugins.protocols import CheckContext
from drafter.report import Finding

_STARS = re.compile(r"[*＊]+")
_BLANK_SUFFIX = re.compile(
    r"(?:余|多)?(?:万元|亿元|人次|场次|[%％年月]|日(?!报)|[次个名人场项条份篇户家件起元亩期届批册张幅镇乡村县区市省局州]|街道)"
)
_PAUSE = re.compile(r"[，。；、]")
_HAN = re.compile(r"[\u3400-\u9fff“”《》]")
_FLAG = "flag"
"""The kind of rule whose matches no other check may read."""
_MESSAGES = {
    "blank": "“{text}”是没有填上的空白，请按事实填写或删去",
    "pending": "“{text}”还没有补上，请补充或删去",
    "slot": "“{text}”是遮盖范文时留下的空位，请按事实填写",
}


@cache
def _shapes() -> re.Pattern[str]:
    """All shapes as one expression; group names say the kind and the number of the rule."""
    return re.compile(
        "|".join(
            f"(?P<{kind}_{i}>{shape})" for i, (kind, shape) in enumerate(read_rules("placeholders.txt", 2))
        )
    )


class Placeholder:
    """Everything that stands for a blank is an error, one finding for each occurrence."""

    name = "placeholder"
    needs_facts = False
    wants_flags = True
    """Whether the check reads the text with its flags; all others read it without."""

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings placeholder.blank, placeholder.pending and placeholder.slot."""
        taken = 0
        bold = {start for start, _ in bold_marks(text)}
        shapes = [(m.start(), m.end(), _kind(m)) for m in _shapes().finditer(text)]
        stars = [(start, end, "blank") for start, end in _blank_stars(text) if start not in bold]
        for start, end, kind in sorted(shapes + stars):
            if start < taken or any(place in bold for place in range(start, min(end, start + 8))):
                continue
            taken = end
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


def _kind(match: re.Match[str]) -> str:
    """The kind of finding that a match makes."""
    kind = str(match.lastgroup).partition("_")[0]
    return "pending" if kind == _FLAG else kind


@cache
def _flags() -> re.Pattern[str]:
    return re.compile("|".join(shape for kind, shape in read_rules("placeholders.txt", 2) if kind == _FLAG))


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
    suffix = _BLANK_SUFFIX.match(text, end)
    return suffix.end() if suffix else end


def bold_marks(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the ** that open and close bold type, as **粗体**; a masked **镇…**村 is no bold type."""
    for line in re.finditer(r"[^\n]+", text):
        marks = list(re.finditer(r"(?<![*＊])\*\*(?![*＊])", line[0]))
        place = 0
        while place + 1 < len(marks):
            opening, closing = marks[place], marks[place + 1]
            if _is_bold(line[0], opening.end(), closing.start()):
                for mark in (opening, closing):
                    yield line.start() + mark.start(), line.start() + mark.end()
                place += 2
            else:
                place += 1


def _is_bold(line: str, start: int, end: int) -> bool:
    """Whether line[start:end], between two **, is bold type rather than text between two blanks."""
    inner = line[start:end]
    if not inner or inner[0].isspace() or inner[-1].isspace():
        return False
    before, after = line[max(0, start - 12) : start - 2].rstrip()[-1:], line[end + 2 : end + 3]
    free_before = not _HAN.match(before)
    free_after = not _HAN.match(after)
    if _BLANK_SUFFIX.match(inner):
        return free_before and free_after
    if _BLANK_SUFFIX.match(line, end + 2):
        return free_before and (inner[-1] in "。：:" or not _PAUSE.search(inner))
    return free_before or free_after or (len(inner) <= 12 and not _PAUSE.search(inner))


def _blank_stars(text: str) -> Iterator[tuple[int, int]]:
    """Asterisks that stand for a blank: **镇, *余场, ＊＊, but not 3*4, bullets or rules."""
    for match in _STARS.finditer(text):
        start, end = match.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        if "＊" in match[0] or _BLANK_SUFFIX.match(text, end):
            if not (before.isdecimal() and after.isdecimal()):
                yield start, end
        elif after.isspace() and len(match[0]) == 1:
            continue
        elif _HAN.match(before) or (
            len(match[0]) > 1 and not ((not before or before == "\n") and after in ("", "\n"))
        ):
            yield start, end

"""Tells apart what stars and double underscores in a text are: emphasis (**粗体**), blanks (**镇), or something else.

Emphasis opens and closes on one line. Between two blanks, too, there is text; so a pair is emphasis only where what
stands inside and around it allows, and in doubt only in a text that has no sure blank of the same mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from drafter.checks.shapes import parts

_RUN = re.compile(r"(?:\\?[*＊])+|(?<![_＿\w])_{2}(?!_)|(?<=[\u3400-\u9fff“”《》，。；：、])_{2}(?!_)")
_MARK = re.compile("[*＊_]")
"""What every run has; few texts have any."""
_HAN = re.compile(r"[\u3400-\u9fff“”《》]")
_PAUSE = re.compile(r"[，。；、]")
_NO_OPENING = re.compile(r"[\s，。；、：）》”,.;:!?！？]")
_WORD = 12
"""Characters up to which what is emphasised amid a clause is one word or phrase."""


@cache
def _filled() -> re.Pattern[str]:
    """What follows a blank: a measure word, the kind of a place, an office."""
    part = parts()
    return re.compile(
        rf"[余多]?(?:{part['COUNT']}|[年月日](?![度初底均报常])|[%％]|[十百千万亿]|余)|{part['PLACE']}|[州局](?!面|部|限)|{part['ROLE']}"
    )


def emphasis_marks(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the marks that open and close emphasis, in the order of the text."""
    marks = [mark for mark in _runs(text) if mark[0] in ("*", "**", "***", "__")]
    masked: dict[str, bool] = {}
    place = 0
    while place + 1 < len(marks):
        opening, closing = marks[place], marks[place + 1]
        if opening[0] == closing[0] and _is_emphasis(text, opening, closing, masked):
            yield opening.span()
            yield closing.span()
            place += 2
        else:
            place += 1


def _runs(text: str) -> Iterator[re.Match[str]]:
    return _RUN.finditer(text) if _MARK.search(text) else iter(())


def _is_emphasis(text: str, opening: re.Match[str], closing: re.Match[str], masked: dict[str, bool]) -> bool:
    """Whether what stands between two marks is emphasised rather than text between two blanks."""
    start, end = opening.end(), closing.start()
    if start == end or _NO_OPENING.match(text, start) or text[end - 1].isspace():
        return False
    if text.find("\n", start, end) >= 0:
        return False
    free_before = not _HAN.match(text[max(0, start - 14) : opening.start()].rstrip(" ")[-1:])
    free_after = not _HAN.match(text, closing.end())
    last = text[end - 1]
    pause = _PAUSE.search(text, start, end - 1) is not None
    if _filled().match(text, start):
        return free_before and free_after
    if _filled().match(text, closing.end()):
        return free_before and (last in "。：:" or not (pause or last in "，；、"))
    if free_before and (free_after or last in "。：:；"):
        return True
    if opening[0] not in masked:
        masked[opening[0]] = _has_blanks(text, opening[0])
    if masked[opening[0]]:
        return False
    return free_before or free_after or (end - start <= _WORD and not pause)


def _has_blanks(text: str, mark: str) -> bool:
    """Whether the mark stands somewhere as a blank that can be nothing else: with what follows a blank."""
    char = re.escape(mark[0])
    for found in re.finditer(rf"(?<!{char}){char}{{{len(mark)}}}(?!{char})", text):
        if _filled().match(text, found.end()):
            return True
    return False


def blank_stars(text: str) -> Iterator[tuple[int, int]]:
    """Stars that stand for a blank: **镇, *余场, ＊＊, but not 3*4, list marks, rules, or footnotes' stars."""
    notes = _footnotes(text) if "*" in text else frozenset()
    for match in _runs(text):
        start, end = match.span()
        stars = match[0].replace("\\", "")
        if stars[0] == "_":
            continue
        before, after = text[start - 1 : start], text[end : end + 1]
        size = len(stars)
        if "＊" in stars or _filled().match(text, end):
            if not (before.isdecimal() and (after.isdecimal() or size == 1)):
                yield start, end
        elif stars in notes or (after.isspace() and size == 1 and not _HAN.match(before)):
            continue
        elif _HAN.match(before) or (
            size > 1
            and not before.isdecimal()
            and not ((not before or before == "\n") and after in ("", "\n"))
        ):
            yield start, end


def _footnotes(text: str) -> frozenset[str]:
    """The stars with which a footnote begins (*注：…), and which in the text refer to it."""
    return frozenset(match[1] for match in _note().finditer(text))


@cache
def _note() -> re.Pattern[str]:
    return re.compile(rf"(?:(?<=\n)|\A)[ \t]{{0,8}}(\*{{1,3}})[ \t]?{parts()['NOTE']}")

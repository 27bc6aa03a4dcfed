"""Half-width punctuation in Chinese text, and the full-width mark that should stand there (GB/T 15834).

Numbers (1,234.5; 10:30; 3:1), degrees and feet (23°26'31"), Latin text, a formula or a name in Latin letters in brackets,
addresses of the web, code and markdown keep theirs. Converters such as AutoCorrect rewrite the whole text and put blanks
between Han and Latin, which official documents do not want.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

_MARK = re.compile(
    r"[,;:?!()\"'.](?:(?<!\.)|(?<=[\u3400-\u9fff”》）%％]\.)(?=[ \t]*(?:\n|\Z|[”）\u3400-\u9fff])))"
)
_FULL = dict(zip(",;:?!().", "，；：？！（）。", strict=True))
_PROTECTED = re.compile(
    r"```.*?(?:```|\Z)"
    r"|`[^`\n]{1,200}`"
    r"|(?:(?:https?|ftp)://|www\.)[!-~]{1,2000}"
    r"|\]\([!-~]{1,500}\)"
    r"|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,64}(?:\.[A-Za-z0-9-]{1,64}){1,5}"
    r"|</?[A-Za-z!][^<>\n]{0,300}>"
    r"|&\#?[A-Za-z0-9]{1,10};"
    r"|\{\{.{0,300}?\}\}"
    r"|[A-Za-z]:[\\/]{1,2}[!-~]{1,300}"
    r"|\d{1,3}[°º][ \t]?\d{1,2}(?:\.\d{1,6})?(?:['′’][ \t]?(?:\d{1,2}(?:\.\d{1,6})?(?:[\"″”]|'')?)?)?"
    r"|(?<![\d.])\d{1,2}[′'’][ \t]?\d{1,2}(?:[\"″”]|'')"
    r"|(?<=[′’])[ \t]?\d{1,2}(?:\.\d{1,6})?\""
    r"|^[ \t]*(?:\|[ \t]*)?:?-{2,}:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*){0,50}(?:\|[ \t]*)?$",
    re.DOTALL | re.MULTILINE,
)
_ADDRESS = re.compile("https?:|ftp:|www")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003134f]")
_LATIN = re.compile("[A-Za-z]")
_LEFT = re.compile("[\u3400-\u9fff\U00020000-\U0003134f”’》）】」』％]")
_RIGHT = re.compile("[\u3400-\u9fff\U00020000-\U0003134f“‘《（【「『]")
_CLOSING = "”’》）】」』"
_FOREIGN = re.compile("[A-Za-z\u00c0-\u02af\u0370-\u052f\u1e00-\u1fff×÷=+<>≤≥≠≈^]")
"""Letters that are neither Han nor kana, and the signs of a formula."""
_CHINESE_MARK = re.compile("[\u3001-\u30ff\uff01-\uff60]")
_CITED = re.compile(r"[ \t]*(?:\d[ -~–]{7}|\d{1,4}页)")
_BETWEEN = " \t*_"
_REACH = 4
"""Blanks and stars that may stand between a mark and the words beside it."""
_LATIN_LINE = 3
"""So many Latin letters for each Han character make a line Latin."""
_ITEM = re.compile(r"[ \t]*(?:\d{1,3}|[A-Za-z])\Z")
_NUMERAL = re.compile(r"[ \t#]*[一二三四五六七八九十]{1,3}\Z")


class Half(NamedTuple):
    """One half-width mark, where it stands, and what should."""

    start: int
    mark: str
    full: str


def half_widths(text: str) -> Iterator[Half]:
    """The half-width marks that stand in Chinese text, in order."""
    marks = [match.start() for match in _MARK.finditer(text)]
    if not marks:
        return
    spans = [_without_end(match) for match in _PROTECTED.finditer(text)]
    starts = [start for start, _ in spans]
    line: list[int] = []
    line_end = -1
    for place in marks:
        at = bisect_right(starts, place) - 1
        if at >= 0 and place < spans[at][1]:
            continue
        if place > line_end:
            yield from _of_line(text, line)
            line = []
            line_end = text.find("\n", place)
            line_end = len(text) if line_end < 0 else line_end
        line.append(place)
    yield from _of_line(text, line)


def _without_end(match: re.Match[str]) -> tuple[int, int]:
    """The protected span; the mark that ends an address is not of it."""
    start, end = match.span()
    return (start, start + len(match[0].rstrip(",;:?!()."))) if _ADDRESS.match(match[0]) else (start, end)


def _of_line(text: str, places: list[int]) -> Iterator[Half]:
    if not places:
        return
    start = text.rfind("\n", 0, places[0]) + 1
    end = text.find("\n", places[0])
    line = text[start : end if end >= 0 else len(text)]
    if len(_LATIN.findall(line)) >= _LATIN_LINE * len(_HAN.findall(line)):
        return
    places = [place for place in places if not (text[place] == "'" and _is_apostrophe(text, place))]
    for quote in "\"'":
        if sum(text[place] == quote for place in places) % 2:
            # which of them belong together is not sure
            places = [place for place in places if text[place] != quote]
    partners = _partners(text, places)
    for number, place in enumerate(places):
        mark = text[place]
        if mark in "\"'":
            first, last = sorted((place, partners[place]))
            if _HAN.search(text, first, last) and (mark == '"' or _HAN.match(text, first + 1)):
                yield Half(place, mark, "“" if place == first else "”")
        elif mark in "()":
            if _is_chinese_bracket(text, start, place, partners.get(place)):
                yield Half(place, mark, _FULL[mark])
        elif _is_chinese(text, start, place) and not _joins_numbers(text, places, number):
            yield Half(place, mark, _FULL[mark])


def _is_apostrophe(text: str, place: int) -> bool:
    """Whether it stands within a Latin word (it's, O'Brien)."""
    return bool(_LATIN.match(text[place - 1 : place]) and _LATIN.match(text, place + 1))


def _partners(text: str, places: list[int]) -> dict[int, int]:
    """Which brackets and straight quotation marks of a line belong together."""
    found: dict[int, int] = {}
    opened: list[int] = []
    quotes: dict[str, int] = {}
    for place in places:
        if text[place] == "(":
            opened.append(place)
        elif text[place] == ")" and opened:
            other = opened.pop()
            found[place], found[other] = other, place
        elif text[place] in "\"'":
            other_quote = quotes.pop(text[place], None)
            if other_quote is None:
                quotes[text[place]] = place
            else:
                found[place], found[other_quote] = other_quote, place
    return found


def _beside(text: str, place: int, step: int) -> str:
    """The next character on this side that is no blank; empty at the end of the line."""
    for _ in range(_REACH):
        place += step
        if not 0 <= place < len(text) or text[place] == "\n":
            return ""
        if text[place] not in _BETWEEN:
            return text[place]
    return ""


def _is_chinese(text: str, line: int, place: int) -> bool:
    mark = text[place]
    before, after = _beside(text, place, -1), _beside(text, place, 1)
    if mark == ".":
        return not (place - line < 6 and _NUMERAL.match(text[line:place]))
    if _LEFT.match(before):
        return not (before in _CLOSING and _is_of_citation(text, line, place))
    if not before or not _RIGHT.match(after):
        return False
    return not (mark in "!?" and before.isalpha())  # Yahoo!奇摩


def _is_of_citation(text: str, line: int, place: int) -> bool:
    """Whether a Latin title ends before it and volume and pages follow, no Han word."""
    latin = _LATIN.match(text[max(line, place - 99) : place].rstrip(_BETWEEN + _CLOSING)[-1:])
    return bool(latin and _CITED.match(text, place + 1))


def _joins_numbers(text: str, places: list[int], number: int) -> bool:
    """Whether figures stand on both sides (3:1, 1,234)."""
    place = places[number]
    return text[place - 1 : place].isdecimal() and text[place + 1 : place + 2].isdecimal()


def _is_chinese_bracket(text: str, line: int, place: int, partner: int | None) -> bool:
    if partner is None:
        if text[place] == ")" and place - line < 8 and _ITEM.match(text[line:place]):
            return text[place + 1 : place + 2] not in (" ", "")  # "1) " is markdown's
        return bool(_LEFT.match(_beside(text, place, -1)) or _RIGHT.match(_beside(text, place, 1)))
    first, last = min(place, partner), max(place, partner)
    if _HAN.search(text, first, last):
        return True
    before, after = _beside(text, first, -1), _beside(text, last, 1)
    # what opens a line is the number of an item; elsewhere practice allows both widths around Latin letters
    if before and (_LATIN.match(after) or _FOREIGN.search(text, first, last)):
        return bool(_CHINESE_MARK.search(text, first, last))
    return bool(_LEFT.match(before)) or (not before and bool(_RIGHT.match(after)))

"""Marks in pairs: 《》 “” ‘’ （） 【】 〔〕 「」, and the straight \"\"; which of them has no partner."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from drafter.checks.skeleton import Line

_PAIRS = dict(zip("》”’）】〕」』〉", "《“‘（【〔「『〈", strict=True))
_OPENING = frozenset(_PAIRS.values())
_FULL = {"(": "（", ")": "）"}
_MARK = re.compile('[《》“”‘’（）()【】〔〕「」『』〈〉"]')
_ITEM = re.compile(r"(?:^|[\s：:；;，,。、（(])(?:[一二三四五六七八九十]{1,3}|\d{1,3}|[a-zA-Z])$")
"""What stands before a bracket that closes a number: 1） 2）."""
_WHOLE_NUMBER = re.compile(r"[（(](?:[一二三四五六七八九十]{1,3}|\d{1,3})[）)]")
_LATIN = re.compile("[A-Za-z]")
_REACH = 12
"""Lines that a quotation of several paragraphs may have."""
_A_LINE = 3
"""And marks that may open one in a line."""
_WRAPPED = 15
"""Characters of the shortest line that may be wrapped."""
_END = re.compile("[。！？；：.!?;:…|｜][”’」』）)》】]*$")
_LEADS = ("：", ":", "")


class Stray(NamedTuple):
    """A mark without a partner: its line, its place there, and itself."""

    line: int
    place: int
    mark: str


def strays(lines: Sequence[Line]) -> Iterator[Stray]:
    """The marks without a partner, in order.

    A pair stands within one paragraph, or encloses whole ones: it opens where a line begins and closes where one ends.
    """
    numbered = any(
        _WHOLE_NUMBER.match(line.text, line.body - len(line.number) if line.number else 0) for line in lines
    )
    waiting: list[Stray] = []
    for number, line in enumerate(lines):
        if _goes_on(lines, number):
            continue
        first = number
        while first and _goes_on(lines, first - 1):
            first -= 1
        odd = list(_in_paragraph(lines, first, number, numbered=numbered))
        yield from (each for each in waiting if number - each.line > _REACH)
        waiting = [each for each in waiting if number - each.line <= _REACH]
        ending = line.text.rstrip("。！？；，")
        last, opened = len(ending) - 1, 0
        if (
            waiting
            and ending[0:1] == _PAIRS.get(ending[-1:])
            and (partner := _chain(number, ending[0], waiting))
        ):
            waiting = [each for each in waiting if each.line < partner.line or each.mark != partner.mark]
        for each in odd:
            if (
                each.mark in _OPENING
                and opened < _A_LINE
                and lines[each.line].text[max(0, each.place - 1) : each.place] in _LEADS
            ):
                waiting.append(each)
                opened += 1
            elif each.line == number and each.place == last and (partner := _enclosed(each, waiting)):
                waiting = [
                    other for other in waiting if other.line < partner.line or other.mark != partner.mark
                ]
            else:
                yield each
    yield from waiting


def _enclosed(closing: Stray, waiting: Sequence[Stray]) -> Stray | None:
    """The first of the marks, one a line, that this one closes, which ends a line."""
    mark = _PAIRS.get(closing.mark, "")
    mine = [each for each in waiting if each.mark == mark and each.line < closing.line]
    return _chain(mine[-1].line + 1, mark, mine) if mine else None


def _chain(line: int, mark: str, waiting: Sequence[Stray]) -> Stray | None:
    """The first of the marks that open each of the lines right before this one: a quotation of several paragraphs."""
    first = None
    for each in reversed(waiting):
        if each.mark == mark and each.line == line - 1:
            first, line = each, each.line
    return first


def _goes_on(lines: Sequence[Line], number: int) -> bool:
    """Whether the line is wrapped: it ends amid a sentence, and the next line has no number."""
    line = lines[number]
    if line.hashes or number + 1 >= len(lines) or lines[number + 1].is_node:
        return False
    return len(line.text) >= _WRAPPED and not _END.search(line.text)


def _in_paragraph(lines: Sequence[Line], first: int, last: int, *, numbered: bool) -> Iterator[Stray]:
    """The marks without a partner in these lines, which are one paragraph."""
    if first == last:
        yield from _in_line(last, lines[last].text, numbered=numbered)
        return
    starts, length = [], 0
    for line in lines[first : last + 1]:
        starts.append(length)
        length += len(line.text)
    for stray in _in_line(0, "".join(line.text for line in lines[first : last + 1]), numbered=numbered):
        at = bisect_right(starts, stray.place) - 1
        yield Stray(first + at, stray.place - starts[at], stray.mark)


def _in_line(number: int, text: str, *, numbered: bool) -> Iterator[Stray]:
    stack: list[tuple[int, str]] = []
    odd: list[tuple[int, str]] = []
    straight: list[int] = []
    depth: dict[str, int] = {}
    for match in _MARK.finditer(text):
        place, mark = match.start(), _FULL.get(match[0], match[0])
        if mark == '"':
            if not text[place - 1 : place].isdecimal() or len(straight) % 2:
                straight.append(place)  # behind a figure it is the inch
        elif mark in _OPENING:
            stack.append((place, mark))
            depth[mark] = depth.get(mark, 0) + 1
        elif mark == "’" and _LATIN.match(text, place - 1) and not depth.get("‘"):
            continue  # the apostrophe
        elif depth.get(_PAIRS[mark]):
            while stack[-1][1] != _PAIRS[mark]:
                other = stack.pop()
                depth[other[1]] -= 1
                odd.append(other)
            stack.pop()
            depth[_PAIRS[mark]] -= 1
        elif mark != "）" or not _is_item(text, place, numbered=numbered):
            odd.append((place, mark))
    odd += stack
    if len(straight) % 2:
        odd.append((straight[-1], '"'))
    for place, _ in sorted(odd):
        yield Stray(number, place, _FULL.get(text[place], text[place]))


def _is_item(text: str, place: int, *, numbered: bool) -> bool:
    """Whether the bracket closes the number of an item (1）); where other lines have （一） it lacks its partner."""
    before = text[max(0, place - 5) : place]
    item = _ITEM.search(before)
    return item is not None and not (numbered and place <= 3)

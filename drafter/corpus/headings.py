"""Recognises headings of reports: 一、 （一） 1. （1） 一是 and # of markdown, alone or run in before the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_HEADING = 50
"""Characters of a heading that stands alone."""
MAX_RUN_IN = 42
"""Characters of a heading run in before its text."""

_CHINESE = "[一二三四五六七八九十]"
_NUMBERS = (
    (1, re.compile(f"第?{_CHINESE}{{1,3}}(?:、|部分[、：，\\s]?)\\s*")),
    (2, re.compile(f"[（(]{_CHINESE}{{1,3}}[）)][、.]?\\s*")),
    (3, re.compile(r"\d{1,2}(?:[.．](?!\d)|、)\s*")),
    (4, re.compile(r"[（(]\d{1,2}[）)][、.]?\s*")),
)
POINT = re.compile(f"(?:{_CHINESE}{{1,2}})(?:是|要)(?![不否])")
"""一是, 二要: a point inside prose, a heading only in front of a paragraph."""
POINT_LEVEL = 5
_MARKDOWN = re.compile(r"(#{1,6})\s*(?=[^#\s])")
_STOP = re.compile("[。！？；]")
_RUN_IN_STOP = re.compile("[。！？；：]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading at the start of a line.

    level   1 一、 2 （一） 3 1. 4 （1） 5 一是; 0 is a markdown title (#)
    number  the number as written, with the # of markdown
    text    the heading without number and closing mark
    rest    the text run in behind it; empty when the heading stands alone. For 一是 it is the whole line.
    """

    level: int
    number: str
    text: str
    rest: str = ""

    @property
    def ordinal(self) -> int:
        """The number's value: 1 for 一、 or 1. — 0 when there is none."""
        digits = re.sub(r"[^一二三四五六七八九十\d]", "", self.number)
        return _value(digits)


def _value(digits: str) -> int:
    if digits.isdigit():
        return int(digits)
    if not digits:
        return 0
    tens, ten, ones = digits.partition("十")
    if not ten:
        return "一二三四五六七八九".find(digits[0]) + 1
    high = "一二三四五六七八九".find(tens) + 1 if tens else 1
    return high * 10 + ("一二三四五六七八九".find(ones[0]) + 1 if ones else 0)


def is_numbered(line: str) -> bool:
    """Whether a line opens with a number of any style, or with 一是, or is a markdown heading."""
    return bool(
        _MARKDOWN.match(line) or POINT.match(line) or any(pattern.match(line) for _, pattern in _NUMBERS)
    )


def parse_heading(line: str, following: str = "") -> Heading | None:
    """The heading that opens `line`, or None. `following` is the next line, which settles doubtful cases."""
    if mark := _MARKDOWN.match(line):
        text = line[mark.end() :].strip("# ")
        for _, pattern in _NUMBERS:
            if number := pattern.match(text):
                return Heading(len(mark[1]) - 1, mark[0] + number[0], text[number.end() :].strip() or text)
        return Heading(len(mark[1]) - 1, mark[0], text) if text else None
    for level, pattern in _NUMBERS:
        if number := pattern.match(line):
            return _numbered(level, number[0], line[number.end() :], following)
    if POINT.match(line):
        return _point(line)
    return None


def _numbered(level: int, number: str, body: str, following: str) -> Heading | None:
    if not body or not re.search(r"\w", body):
        return None
    stop = _STOP.search(body)
    if stop is None:
        if len(body) <= MAX_HEADING:
            return Heading(level, number, body.rstrip("：: "))
        colon = body.find("：", 0, 20)
        return Heading(level, number, body[:colon], body[colon + 1 :]) if colon > 0 else None
    colon = body.find("：", 0, min(20, stop.start()))
    if colon > 1 and not re.search("[，、]", body[:colon]) and colon + 1 < len(body):
        return Heading(level, number, body[:colon], body[colon + 1 :])
    head, rest = body[: stop.start()], body[stop.end() :].lstrip()
    if stop[0] in "；" or len(head) > MAX_RUN_IN or re.search(r"\d", head):
        return None
    if rest and re.match("[”’）》」』]", rest):
        return None  # the mark closes a quotation
    if rest:
        return Heading(level, number, head, rest)
    alone = following and not is_numbered(following) and len(following) > len(head)
    return Heading(level, number, head) if alone and len(head) <= 30 else None


def _point(line: str) -> Heading | None:
    mark = POINT.match(line)
    if mark is None:
        return None
    body = line[mark.end() :].lstrip("，、：")
    stop = _RUN_IN_STOP.search(body)
    head = body[: stop.start()] if stop else body
    if len(head) > MAX_RUN_IN or re.search(r"\d", head):
        head = re.split("[，：]", head, maxsplit=1)[0]
    if not head or len(head) > MAX_RUN_IN:
        return None
    return Heading(POINT_LEVEL, mark[0], head, line)

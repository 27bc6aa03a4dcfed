"""Recognises headings of reports: 一、 （一） 1. （1） ① 一是 and # of markdown, alone or run in before the text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MAX_HEADING = 50
"""Characters of a heading that stands alone."""
MAX_RUN_IN = 42
"""Characters of a heading run in before its text."""

_CHINESE = "[一二三四五六七八九十]"
# a group a level, in the order of the levels; one expression, so that a line is looked at once
_NUMBER = re.compile(
    f"(第{_CHINESE}{{1,3}}部分[、：，\\s]?\\s*)"
    f"|({_CHINESE}{{1,3}}、(?!{_CHINESE}+(?:季度|[类级期档产]))\\s*)"  # 一、二季度 counts quarters
    f"|((?:[（(]{_CHINESE}{{1,3}}[）)]|[㈠-㈩])[、.]?\\s*)"
    r"|((?:\d{1,2}(?:[.．](?!\d)|、(?!\d{1,2}(?:[年月日号]|季度)))|[⒈-⒛])\s*)"
    r"|((?:[（(]\d{1,2}[）)]|\d{1,2}[）)]|[⑴-⒇])[、.]?\s*)"
    f"|((?:[①-⑳]|第{_CHINESE}、(?!{_CHINESE}))[、.]?\\s*)"
)
PART_LEVEL = 0
"""第一部分, above 一、."""
POINT_LEVEL = 6
POINT = re.compile(
    f"{_CHINESE}{{1,2}}(?:是|要)(?![不否])|[第其]{_CHINESE}(?:，|、(?!{_CHINESE}))|(?:首先|其次|再次|再者|最后)[，、]"
)
"""一是, 二要, 首先， and 第一，: a point inside prose, a heading only in front of a paragraph."""
LAST = 99
"""The ordinal of 最后."""
_ORDINALS = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": LAST}
_MARKDOWN = re.compile(r"(#{1,6})\s*(?=[^#\s])")
_OPENERS = frozenset("#第其首再最一二三四五六七八九十（(0123456789") | {
    chr(code) for code in (*range(0x2460, 0x249C), *range(0x3220, 0x322A))
}
"""First characters of all the above."""
_STOP = re.compile("[。！？；]")
_RUN_IN_STOP = re.compile("[。！？；：]")
_CLAUSE = re.compile("[，：]")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w")
_NO_NUMERAL = re.compile(r"[^一二三四五六七八九十\d①-⒛㈠-㈩]")
_PAUSE = re.compile("[，、]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading at the start of a line.

    level   0 第一部分 1 一、 2 （一） 3 1. 4 （1） 5 ① or 第一、 6 一是; a markdown title (#) is 0 too
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
        """The number's value: 1 for 一、 or 1. or 首先 — 0 when there is none."""
        return ordinal_of(self.number)

    @property
    def style(self) -> tuple[int, bool]:
        """How it is numbered: the level, and whether # marks it. 一、 may stand under ## 三、."""
        return self.level, self.number.startswith("#")

    @property
    def is_title(self) -> bool:
        """Whether it is the title of a markdown file."""
        return self.level == 0 and self.number.startswith("#")


@lru_cache(1024)
def ordinal_of(number: str) -> int:
    """The value of a number as written: 3 of （三）, 3. or 三是; 0 when there is none."""
    if ranked := _ORDINALS.get(number[:2]):
        return ranked
    digits = _NO_NUMERAL.sub("", number)
    if digits.isdecimal():
        return int(digits)
    if len(digits) <= 1:
        return int(unicodedata.numeric(digits)) if digits else 0
    tens, ten, ones = digits.partition("十")
    if not ten:
        return "一二三四五六七八九".find(digits[0]) + 1
    high = "一二三四五六七八九".find(tens) + 1 if tens else 1
    return high * 10 + ("一二三四五六七八九".find(ones[0]) + 1 if ones else 0)


def is_numbered(line: str) -> bool:
    """Whether a line opens with a number of any style, or with 一是, or is a markdown heading."""
    return line[:1] in _OPENERS and bool(_NUMBER.match(line) or POINT.match(line) or _MARKDOWN.match(line))


def leading_number(line: str) -> tuple[int, str] | None:
    """Level and number, as written, that open a line, be it a heading or a paragraph; None for 一是 and markdown."""
    if line[:1] not in _OPENERS or not (number := _NUMBER.match(line)):
        return None
    return (number.lastindex or 1) - 1, number[0]


def parse_heading(line: str, following: str = "") -> Heading | None:
    """The heading that opens `line`, or None. `following` is the next line, which settles doubtful cases."""
    if line[:1] not in _OPENERS:
        return None
    if mark := _MARKDOWN.match(line):
        text = line[mark.end() :].strip("# ")
        if number := _NUMBER.match(text):
            return Heading(len(mark[1]) - 1, mark[0] + number[0], text[number.end() :].strip() or text)
        return Heading(len(mark[1]) - 1, mark[0], text) if text else None
    if number := _NUMBER.match(line):
        level = (number.lastindex or 1) - 1
        heading = _numbered(level, number[0], line[number.end() :], following)
        if level != 5 or number[0][0] != "第" or (heading and not heading.rest):
            return heading
    return _point(line) if POINT.match(line) else None


def _numbered(level: int, number: str, body: str, following: str) -> Heading | None:
    if not _WORD.search(body):
        return None
    stop = _STOP.search(body)
    if stop is None:
        if len(body) <= MAX_HEADING:
            return Heading(level, number, body.rstrip("：: "))
        colon = body.find("：", 0, 20)
        return Heading(level, number, body[:colon], body[colon + 1 :]) if colon > 0 else None
    colon = body.find("：", 0, min(20, stop.start()))
    if colon > 1 and not _PAUSE.search(body, 0, colon) and colon + 1 < len(body):
        return Heading(level, number, body[:colon], body[colon + 1 :])
    if stop[0] == "；" or stop.start() > MAX_RUN_IN:
        return None
    head, rest = body[: stop.start()], body[stop.end() :].lstrip()
    if _DIGIT.search(head):
        return None
    if rest and rest[0] in "”’）》」』]":
        return None  # the mark closes a quotation
    if rest:
        return Heading(level, number, head, rest)
    alone = following and not is_numbered(following) and len(following) > len(head)
    return Heading(level, number, head) if alone and len(head) <= 30 else None


def _point(line: str) -> Heading | None:
    mark = POINT.match(line)
    if mark is None:
        return None
    start = mark.end()
    while line[start : start + 1] in ("，", "、", "："):
        start += 1
    stop = _RUN_IN_STOP.search(line, start)
    end = stop.start() if stop else len(line)
    head = line[start : min(end, start + MAX_RUN_IN + 1)]
    if len(head) > MAX_RUN_IN or _DIGIT.search(head):
        clause = _CLAUSE.search(line, start, end)
        head = line[start : min(clause.start() if clause else end, start + MAX_RUN_IN + 1)]
    if not head or len(head) > MAX_RUN_IN:
        return None
    return Heading(POINT_LEVEL, mark[0], head, line)

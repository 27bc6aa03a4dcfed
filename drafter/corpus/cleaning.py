"""Cleans the text of a report as found: web boilerplate, entities, hard wraps, mixed widths. Loses nothing of the report."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from unicodedata import east_asian_width

from drafter.corpus import rules
from drafter.corpus.headings import parse_heading

_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_BREAK_TAG = re.compile(r"</?(?:p|br|div|li|tr|h[1-6])(?:\s[^<>\n]{0,300})?\s*/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:span|strong|b|i|u|em|font|a|td|th|table|tbody|ul|ol|img|o:p)(?:\s[^<>\n]{0,300})?\s*/?>",
    re.IGNORECASE,
)
_DROPPED = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f]")
_SPACES = re.compile(r"[^\S\n]+")
_FULL_WIDTH = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_FULL_WIDTH[0xFF05] = ord("%")

_CJK = "\u3400-\u9fff\u3001-\u3011\u3014-\u301b\uff01-\uff60“”‘’…—"
_HALF = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
_HALF_MARK = re.compile(f"(?:(?<=[{_CJK}])[,;:!?]|[,;:!?](?=[{_CJK}]))")
_PARENTHESES = re.compile(r"\(([^()\n]{0,200})\)")
_LONE_OPEN = re.compile(f"\\((?=[{_CJK}])|(?<=[{_CJK}])\\((?!\\d|[A-Za-z])")
_LONE_CLOSE = re.compile(f"(?<=[{_CJK}])\\)")
_STRAIGHT = re.compile(r'"([^"\n]{1,60})"')
_SPACE_AT_MARK = re.compile(
    "(?<=[，。；：、！？）》】”]) (?=\\S)|(?<=\\S) (?=[，。；：、！？）》】”“《（])|(?<=[“《（【]) "
)
_CJK_ONE = re.compile(f"[{_CJK}]")

_MD_BOLD = re.compile(
    r"(?:(?<=^)|(?<=[\s\d.、，。；：）)]))\*\*(?=[^\s*])(?![镇乡县区市村省街])([^*\n]{1,60}?)(?<=[^\s*])\*\*"
)
_MD_BULLET = re.compile(r"[-*+•·]\s+(?=\S)")
_MD_LINK = re.compile(r"!?\[([^\[\]\n]{0,120})\]\([^()\s]{1,300}\)")
_SENTENCE_END = tuple("。！？；：…!?;:.")


@dataclass(slots=True)
class _Line:
    text: str
    indented: bool
    blank_before: bool


def clean(text: str, *, markdown: bool = False) -> str:
    """The report in `text`, one paragraph or heading a line, without empty lines.

    Args:
        text: text as read from a file or taken from a document.
        markdown: whether bullets, bold marks and links are marks (of a .md file) or text. # headings always stay.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\x0c", "\n")
    for _ in range(2):  # &amp;nbsp; is found on pages that were copied twice
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    text = _TAG.sub("", _BREAK_TAG.sub("\n", text))
    text = text.replace("\x85", "\n").replace('\\"', '"').translate(_FULL_WIDTH)
    text = _DROPPED.sub("", text)
    lines = _without_boilerplate(_lines(text))
    if markdown:
        for line in lines:
            line.text = _plain_markdown(line.text)
    joined = _unwrap(lines)
    return "\n".join(fixed for line in joined if (fixed := _widths(line)))


def _lines(text: str) -> list[_Line]:
    lines = []
    blank = False
    for raw in text.split("\n"):
        stripped = _SPACES.sub(" ", raw.strip())
        if stripped:
            lines.append(_Line(stripped, raw[0].isspace(), blank))
        blank = not stripped
    return lines


@cache
def _boilerplate() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in rules.lines("boilerplate")))


@cache
def _inline() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in rules.lines("boilerplate_inline")))


def _without_boilerplate(lines: list[_Line]) -> list[_Line]:
    kept: list[_Line] = []
    head = True  # nothing but titles so far
    listing = False  # below 相关文章: titles of other pages
    for place, line in enumerate(lines):
        if _boilerplate().fullmatch(line.text):
            if place < 10 and line.text.startswith(("当前位置", "首页", "主页")):
                kept = [before for before in kept if len(before.text) > 12]  # the page's own rubric
            listing = listing or line.text.startswith(("相关", "推荐", "热门", "猜你喜欢"))
            continue
        if listing and len(line.text) <= 50 and not line.text.endswith(("。", "；", "：")):
            continue
        listing = False
        bare = _inline().sub("", line.text).strip()
        if not bare:
            continue
        line.text = bare
        if head and any(bare.lstrip("# ") == before.text.lstrip("# ") for before in kept):
            continue  # the title once more
        if head and (len(bare) > 80 or bare.endswith(("。", "；"))):
            head = False
        kept.append(line)
    return kept


def _plain_markdown(line: str) -> str:
    line = _MD_BULLET.sub("", line, count=1) if _MD_BULLET.match(line) else line
    return _MD_LINK.sub(r"\1", _MD_BOLD.sub(r"\1", line))


def _width(line: str) -> int:
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in line)


def _ends_sentence(line: str) -> bool:
    return line.rstrip('”’）》】)"').endswith(_SENTENCE_END)


def _wrap(lines: list[_Line], measure: Callable[[str], int]) -> tuple[int, list[int], int]:
    """How many lines show a break, the lines' widths by this measure, and the least width of a broken line."""
    one = measure("中")
    widths = [measure(line.text) + (2 * one if line.indented else 0) for line in lines]
    ends = [
        width
        for line, width in zip(lines, widths, strict=True)
        if 12 * one <= width <= 80 * one and not _ends_sentence(line.text)
    ]
    limit = max(ends, default=0)
    near = sum(1 for width in ends if width >= limit - 3 * one)
    longer = sum(1 for width in widths if width > limit + 4 * one)
    if near < 3 or near * 2 < len(ends) or longer * 4 > len(lines):
        return 0, widths, 0  # paragraphs stand whole; the short lines are headings
    return near, widths, limit - 3 * one


def _unwrap(lines: list[_Line]) -> list[str]:
    """Join lines that a program broke at a fixed width; the width is where many lines end without a mark."""
    near, widths, least = max((_wrap(lines, measure) for measure in (_width, len)), key=lambda wrap: wrap[0])
    if not near:
        return [line.text for line in lines]
    indents = (
        sum(line.indented for line in lines) >= 3
    )  # then a paragraph begins with an indent, and only there
    joined: list[str] = []
    open_line = False
    for line, width in zip(lines, widths, strict=True):
        if open_line and not line.blank_before and not line.indented and not _starts_anew(line.text):
            glue = "" if _CJK_ONE.match(joined[-1][-1]) or _CJK_ONE.match(line.text) else " "
            joined[-1] += glue + line.text
        else:
            joined.append(line.text)
        ended = _ends_sentence(line.text) and not indents
        open_line = width >= least and not ended and not line.text.startswith("#")
    return joined


def _starts_anew(line: str) -> bool:
    return line.startswith(("#", "- ", "|")) or parse_heading(line) is not None


def _widths(line: str) -> str:
    """Half-width marks between Chinese characters turned full-width, straight quotes into “”."""
    if not _CJK_ONE.search(line):
        return line

    def parenthesis(match: re.Match[str]) -> str:
        inside = match[1]
        before = line_now[match.start() - 1 : match.start()]
        after = line_now[match.end() : match.end() + 1]
        if _CJK_ONE.search(inside) or (
            _CJK_ONE.match(before or " ") and (not after or _CJK_ONE.match(after))
        ):
            return f"（{inside}）"
        return match[0]

    line_now = line
    line = _PARENTHESES.sub(parenthesis, line)
    line = _LONE_CLOSE.sub("）", _LONE_OPEN.sub("（", line))
    line = _HALF_MARK.sub(lambda match: _HALF[match[0]], line)
    if line.count('"') % 2 == 0:
        line = _STRAIGHT.sub(lambda match: f"“{match[1]}”" if _CJK_ONE.search(match[1]) else match[0], line)
    return _SPACE_AT_MARK.sub("", line).strip()

"""Cleans the text of a report as found: web boilerplate, entities, hard wraps, mixed widths. Loses nothing of the report."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from drafter.corpus.boilerplate import without_boilerplate
from drafter.corpus.headings import POINT, POINT_LEVEL, parse_heading
from drafter.corpus.pages import without_pages
from drafter.corpus.raw import RawLine, raw_lines

_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_BREAK_TAG = re.compile(
    r"</?(?:p|br|hr|div|li|ul|ol|dl|dt|dd|tr|table|tbody|thead|h[1-6]|section|article|center|blockquote|pre|header|footer"
    r"|main|nav|body|html|head)(?:\s[^<>\n]{0,300})?\s*/?>",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"</?(?:span|strong|b|i|u|s|em|font|a|td|th|img|o:p|sup|sub|small|big|label|mark|ins|del)(?:\s[^<>\n]{0,300})?\s*/?>",
    re.IGNORECASE,
)
_ODD = re.compile(
    "([０-９Ａ-Ｚａ-ｚ％]+)|[\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]+"
)

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
_TO_MEND = re.compile('[,;:!?()" ]')

_MD_BOLD = re.compile(
    r"(?:(?<=^)|(?<=[\s\d.、，。；：）)]))\*\*(?=[^\s*])(?![镇乡县区市村省街])([^*\n]{1,60}?)(?<=[^\s*])\*\*"
)
_MD_BULLET = re.compile(r"[-*+•·]\s+(?=\S)")
_MD_LINK = re.compile(r"!?\[([^\[\]\n]{0,120})\]\([^()\s]{1,300}\)")
_SENTENCE_END = tuple("。！？；：…!?;:.")


def clean(text: str, *, markdown: bool = False) -> str:
    """The report in `text`, one paragraph or heading a line, without empty lines.

    Args:
        text: text as read from a file or taken from a document.
        markdown: whether bullets, bold marks and links are marks (of a .md file) or text. # headings always stay.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    if "&" in text:
        for _ in range(2):  # &amp;nbsp; is found on pages that were copied twice
            text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    if "<" in text:
        text = _TAG.sub("", _BREAK_TAG.sub("\n", text))
    text = _ODD.sub(_half, text.replace("\x85", "\n").replace('\\"', '"'))
    lines = without_boilerplate(without_pages(raw_lines(text)))
    if markdown:
        for line in lines:
            line.text = _plain_markdown(line.text)
    joined = _unwrap(lines)
    return "\n".join(fixed for line in joined if (fixed := _widths(line)))


def _half(match: re.Match[str]) -> str:
    """Full-width digits and letters made half-width; what cannot be seen goes."""
    return "".join(chr(ord(char) - 0xFEE0) for char in match[1] or "")


def _plain_markdown(line: str) -> str:
    line = _MD_BULLET.sub("", line, count=1) if _MD_BULLET.match(line) else line
    return _MD_LINK.sub(r"\1", _MD_BOLD.sub(r"\1", line))


def _width(line: str) -> int:
    """Columns as the programs counted that wrapped such texts: a byte of GBK is one."""
    return len(line.encode("gbk", "replace"))


def _ends_sentence(line: str) -> bool:
    return line.rstrip('”’）》】)"').endswith(_SENTENCE_END)


@dataclass(frozen=True)
class _Wrap:
    """Lines as one measure sees them: how many show a break, and the width at which they break.

    one     the measure of a Chinese character
    widths  of all lines, indents included
    limit   the width of the longest broken lines; 0 when nothing was wrapped
    """

    near: int
    one: int
    widths: list[int]
    limit: int = 0


_SLACK = 3
"""Characters by which a broken line may be shorter than the longest: what would not fit stands on the next."""


def _wrap(lines: list[RawLine], measure: Callable[[str], int]) -> _Wrap:
    """Where lines without a mark at their end are about equally wide, a program broke them."""
    one = measure("中")
    widths = [measure(line.text) + (2 * one if line.indented else 0) for line in lines]
    ends = sorted(
        width
        for line, width in zip(lines, widths, strict=True)
        if 12 * one <= width <= 80 * one and not _ends_sentence(line.text)
    )
    near, limit, first = 0, 0, 0
    for place, width in enumerate(ends):
        while ends[first] < width - _SLACK * one:
            first += 1
        if place - first + 1 >= near:
            near, limit = place - first + 1, width
    longer = [width for width in widths if width > limit + 4 * one]
    if near < 3 or near * 2 < len(ends) or len(longer) * 4 > len(lines) or sum(longer) * 2 > sum(widths):
        return _Wrap(0, one, widths)  # paragraphs stand whole; the short lines are headings
    return _Wrap(near, one, widths, limit)


def _unwrap(lines: list[RawLine]) -> list[str]:
    """Join lines that a program broke at a fixed width; the width is where many lines end without a mark."""
    wrap = max((_wrap(lines, measure) for measure in (_width, len)), key=lambda wrap: wrap.near)
    if not wrap.near:
        return [line.text for line in lines]
    least = wrap.limit - _SLACK * wrap.one
    marked = _marked(lines, wrap.widths, least)
    joined: list[list[str]] = []
    open_line = False
    ended = False
    for line, width in zip(lines, wrap.widths, strict=True):
        apart = line.blank_before or line.indented or (ended and POINT.match(line.text))
        if open_line and not apart and not _starts_anew(line.text):
            last = joined[-1][-1]
            both = (
                last[-1].isascii()
                and last[-1].isalpha()
                and line.text[0].isascii()
                and line.text[0].isalpha()
            )
            joined[-1].append(f" {line.text}" if both else line.text)
        else:
            joined.append([line.text])
        # a line that ends with a sentence goes on when paragraphs begin otherwise, or when it is full to the edge
        ended = _ends_sentence(line.text) and not marked
        open_line = width >= (wrap.limit - wrap.one if ended else least) and not line.text.startswith("#")
    return ["".join(parts) for parts in joined]


def _marked(lines: list[RawLine], widths: list[int], least: int) -> bool:
    """Whether paragraphs are told apart by indents or empty lines: behind short lines one of them stands."""
    behind = [
        line.indented or line.blank_before
        for width, line in zip(widths, lines[1:], strict=False)
        if width < least
    ]
    return len(behind) >= 3 and sum(behind) >= 0.8 * len(behind)


def _starts_anew(line: str) -> bool:
    """Whether a line cannot go on another. 一是 can: it stands amid paragraphs as often as in front of them."""
    if line.startswith(("#", "- ", "|")):
        return True
    heading = parse_heading(line)
    return heading is not None and heading.level != POINT_LEVEL


def _widths(line: str) -> str:
    """Half-width marks between Chinese characters turned full-width, straight quotes into “”."""
    if not _TO_MEND.search(line) or not _CJK_ONE.search(line):
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

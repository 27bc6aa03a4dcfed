"""Tells what each line of a clean report is: title, recipient, heading, paragraph, signature or date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from drafter.corpus import rules
from drafter.corpus.headings import POINT_LEVEL, Heading, parse_heading

LineKind = Literal["title", "recipient", "heading", "paragraph", "signature", "date"]

_DATE = re.compile(
    r"[（(]?(?:\d{4}|[〇○零一二三四五六七八九]{4}|[xX×*＊]{2,4})年[\d一二三四五六七八九十xX×*＊]{1,3}月"
    r"(?:[\d一二三四五六七八九十xX×*＊]{1,3}日)?[）)]?"
)
_TAIL = re.compile(r"[（(][^（）()]{1,20}[）)]$")
_MARKS = re.compile("[。！？；：，]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a clean report. `heading` is set for headings and for paragraphs that begin with 一是."""

    kind: LineKind
    text: str
    heading: Heading | None = None


@cache
def _title_endings() -> tuple[str, ...]:
    return rules.words("title_endings")


def looks_like_title(line: str) -> bool:
    """Whether a line reads as the title of a report: short, no mark inside, ending in 汇报, 总结, 报告 …"""
    if not 6 <= len(line) <= 70 or line.startswith("《") or parse_heading(line) is not None:
        return False
    bare = _TAIL.sub("", line).rstrip()
    return bare.endswith(_title_endings()) and not _MARKS.search(bare)


def parse_lines(text: str) -> list[Line]:
    """The lines of a clean report with what they are. No character is lost: the lines' texts are the text."""
    raw = [line.strip() for line in text.split("\n") if line.strip()]
    found = [_line(line, raw[place + 1] if place + 1 < len(raw) else "") for place, line in enumerate(raw)]
    _mark_head(found)
    _mark_tail(found)
    return found


def _line(line: str, following: str) -> Line:
    heading = parse_heading(line, following)
    if heading is None or heading.level == POINT_LEVEL:
        return Line("paragraph", line, heading)
    if heading.level == 0:
        return Line("title", line, heading)
    return Line("heading", line, heading)


def _mark_head(lines: list[Line]) -> None:
    """The title is the first line (two when it is broken); behind it stands the recipient, with a colon."""
    place = 0
    if lines and lines[0].kind == "title":
        place = 1
    else:
        for count in (1, 2):
            if len(lines) < count or any(line.kind != "paragraph" or line.heading for line in lines[:count]):
                break
            joined = "".join(line.text for line in lines[:count])
            if looks_like_title(joined) or (count == 1 and _short_opener(lines)):
                lines[:count] = [Line("title", line.text) for line in lines[:count]]
                place = count
                break
    if place < len(lines) - 1 and lines[place].kind == "paragraph":
        text = lines[place].text
        if len(text) <= 40 and text.endswith(("：", ":")) and not re.search("如下|[。，；]", text):
            lines[place] = Line("recipient", text)


def _short_opener(lines: Sequence[Line]) -> bool:
    """A first line without marks above a much longer one is a title, whatever its ending."""
    text = lines[0].text
    if len(lines) < 2 or not 4 <= len(text) <= 40 or _MARKS.search(text) or _DATE.fullmatch(text):
        return False
    return len(lines[1].text) > 2 * len(text) and bool(re.search("[\u4e00-\u9fff]{4}", text))


def _mark_tail(lines: list[Line]) -> None:
    place = len(lines) - 1
    if place > 0 and lines[place].kind == "paragraph" and _DATE.fullmatch(lines[place].text.replace(" ", "")):
        lines[place] = Line("date", lines[place].text)
        place -= 1
    endings = rules.words("signature_endings")
    while (
        place > 0
        and len(lines) - place <= 4
        and lines[place].kind == "paragraph"
        and not lines[place].heading
    ):
        text = lines[place].text
        if not (2 <= len(text) <= 30 and text.endswith(endings) and not _MARKS.search(text)):
            break
        lines[place] = Line("signature", text)
        place -= 1

"""Tells what each line of a clean report is: title, recipient, heading, paragraph, signature, date or a note beside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from drafter.corpus import rules
from drafter.corpus.headings import POINT_LEVEL, Heading, parse_heading

LineKind = Literal["title", "recipient", "heading", "paragraph", "signature", "date", "note"]

_DATE = re.compile(
    r"[（(]?(?:\d{4}|[〇○零一二三四五六七八九]{4}|[xX×*＊]{2,4})年[\d一二三四五六七八九十xX×*＊]{1,3}月"
    r"(?:[\d一二三四五六七八九十xX×*＊]{1,3}日)?[）)]?"
)
_TAIL = re.compile(r"[（(][^（）()]{1,20}[）)]$")
_MARKS = re.compile("[。！？；：，]")
_ENCLOSED = re.compile("附(?:件|表|图)?\\s*\\d{0,2}\\s*[:：]")
_TAIL_LINES = 24
"""How far from the end a signature may stand: behind it come copies, enclosures, whom to ask."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a clean report. `heading` is set for headings and for paragraphs that begin with 一是.

    A note is what stands around a report and is no sentence of it: its number, enclosures, copies, whom to ask.
    """

    kind: LineKind
    text: str
    heading: Heading | None = None


@cache
def _title_endings() -> tuple[str, ...]:
    return rules.words("title_endings")


@cache
def _note(place: str) -> re.Pattern[str]:
    rows = [line.partition(":") for line in rules.lines("frame_lines")]
    return re.compile("|".join(f"(?:{pattern.strip()})" for key, _, pattern in rows if key.strip() == place))


def looks_like_title(line: str) -> bool:
    """Whether a line reads as the title of a report: short, no mark inside, ending in 汇报, 总结, 报告 …"""
    if not 6 <= len(line) <= 70 or line.startswith("《") or parse_heading(line) is not None:
        return False
    bare = _TAIL.sub("", line).rstrip()
    return bare.endswith(_title_endings()) and not _MARKS.search(bare)


def is_date(line: str) -> bool:
    """Whether a line is a date and nothing else."""
    return len(line) <= 24 and _DATE.fullmatch(line.replace(" ", "")) is not None


def is_signature(line: str) -> bool:
    """Whether a line could be a signature: short, without marks, ending as an office does."""
    return (
        2 <= len(line) <= 30 and line.endswith(rules.words("signature_endings")) and not _MARKS.search(line)
    )


def is_tail_note(line: str) -> bool:
    """Whether a line is one that stands behind a report: enclosures, copies, whom to ask, a closing formula."""
    return len(line) <= 200 and _note("tail").fullmatch(line) is not None


def parse_lines(text: str) -> list[Line]:
    """The lines of a clean report with what they are. No character is lost: the lines' texts are the text."""
    return framed(read_lines(text))


def read_lines(text: str) -> list[Line]:
    """The lines with their headings, as far as one line and the next tell; a text of several reports too."""
    raw = [line.strip() for line in text.split("\n") if line.strip()]
    return [_line(line, raw[place + 1] if place + 1 < len(raw) else "") for place, line in enumerate(raw)]


def framed(lines: Sequence[Line]) -> list[Line]:
    """The lines of one report, with title, recipient, signature, date and notes marked."""
    found = list(lines)
    _mark_head(found)
    _mark_tail(found)
    return found


@lru_cache(1024)  # a report is read when it is told from others, and again when it is split
def _line(line: str, following: str) -> Line:
    heading = parse_heading(line, following)
    if heading is None or heading.level == POINT_LEVEL:
        return Line("paragraph", line, heading)
    return Line("title" if heading.is_title else "heading", line, heading)


def _mark_head(lines: list[Line]) -> None:
    """The title is the first line (two when it is broken); behind it stand an office, a date, and the recipient."""
    place = 0
    while (
        place < min(len(lines), 6)
        and len(lines[place].text) <= 60
        and _note("head").fullmatch(lines[place].text)
    ):
        lines[place] = Line("note", lines[place].text)
        place += 1
    place = _mark_title(lines, place)
    while 0 < place < len(lines) - 1 and lines[place].kind == "paragraph" and not lines[place].heading:
        if is_date(lines[place].text):
            lines[place] = Line("date", lines[place].text)
        elif is_signature(lines[place].text):
            lines[place] = Line("signature", lines[place].text)
        else:
            break
        place += 1
    if place < len(lines) - 1 and lines[place].kind == "paragraph":
        text = lines[place].text
        if len(text) <= 40 and text.endswith(("：", ":")) and not re.search("如下|[。，；]", text):
            lines[place] = Line("recipient", text)


def _mark_title(lines: list[Line], place: int) -> int:
    """Mark the title that begins at `place`, and say where it ends."""
    if place < len(lines) and lines[place].kind == "title":
        return place + 1
    for count in (1, 2):
        head = lines[place : place + count]
        if len(head) < count or any(line.kind != "paragraph" or line.heading for line in head):
            break
        joined = "".join(line.text for line in head)
        if looks_like_title(joined) or (count == 1 and _short_opener(lines[place : place + 2])):
            lines[place : place + count] = [Line("title", line.text) for line in head]
            return place + count
    return place


def _short_opener(lines: Sequence[Line]) -> bool:
    """A first line without marks above a much longer one is a title, whatever its ending."""
    text = lines[0].text
    if len(lines) < 2 or not 4 <= len(text) <= 40 or _MARKS.search(text) or is_date(text):
        return False
    return len(lines[1].text) > 2 * len(text) and bool(re.search("[\u4e00-\u9fff]{4}", text))


def _mark_tail(lines: list[Line]) -> None:
    """From the end upwards: date, signature, notes, and the enclosures that are listed below 附件."""
    signatures = 0
    place = len(lines) - 1
    least = max(0, len(lines) - _TAIL_LINES)
    while place > least:
        line = lines[place]
        if line.kind == "paragraph" and is_date(line.text):
            lines[place] = Line("date", line.text)
        elif line.kind == "paragraph" and not line.heading and signatures < 4 and is_signature(line.text):
            lines[place] = Line("signature", line.text)
            signatures += 1
        elif is_tail_note(line.text):
            lines[place] = Line("note", line.text)
        elif first := _enclosed(lines, place, least):
            lines[first : place + 1] = [Line("note", one.text) for one in lines[first : place + 1]]
            place = first
        else:
            break
        place -= 1


def _enclosed(lines: Sequence[Line], place: int, least: int) -> int:
    """Where the list of enclosures begins whose last line is at `place`; 0 when there is none."""
    while place > least and len(lines[place].text) <= 60 and not _MARKS.search(lines[place].text):
        place -= 1
        if _ENCLOSED.match(lines[place].text):
            return place
    return 0

"""Tells reports apart that were glued into one file, and guesses the title, organisation and period of each."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

from drafter.corpus import rules
from drafter.corpus.cleaning import clean
from drafter.corpus.headings import PART_LEVEL, POINT_LEVEL
from drafter.corpus.layout import (
    Line,
    framed,
    is_date,
    is_signature,
    is_tail_note,
    looks_like_title,
    read_lines,
)
from drafter.corpus.places import find_places
from drafter.corpus.roles import role_after, role_of_heading
from drafter.corpus.themes import theme_of
from drafter.passages import Document

_SHORT = 200
"""Characters below which nothing is a whole report, where only a title or a signature says that one ends."""

_REMARK = 80
"""Characters below which what stands behind a signature is a remark on the report and no other one."""
_LOOK = 20
"""Lines that are looked at for that."""
_OPENING_END = re.compile(r"(?:如下|情况汇报|报告|汇报)[：:。]?$")
_TITLE = 60
"""Characters of a line with a title, at most."""
_OPENING_STOP = re.compile("如下[：:。]$")
_TITLE_TAIL = re.compile(r"[（(][^（）()]{1,20}[）)]$")
_OPENING = re.compile(
    "(?:近年来|今年以来|一年来|半年来|上半年，|20\\d\\d年|[xX*＊某]{1,3}年)"
    "|[xX*＊×某]{1,3}(?:镇|乡|街道|社区|村|县|区|局)(?!党委|纪委)"
)
_PIECE = re.compile(
    "[【（(\\[]?\\s*(?:第\\s*[一二三四五六七八九十\\d]{1,3}\\s*篇(?!章)|(?:篇|范文)\\s*[一二三四五六七八九十\\d]{1,3})"
    "\\s*(?:[】）)\\]]|[】）)\\]]?\\s*(?:[:：]|$))\\s*"
)
"""篇一：…, what collections of samples put above each."""
_YEAR = "(?:20\\d\\d|[二2][〇○零0][〇○零一二三四五六七八九\\d]{2})"
_SPAN = re.compile(
    f"{_YEAR}年(?:度)?(?:(?:上|下)半年|前?第?[一二三四1-4]季度|前?[三一二四五六七八九十\\d]{{1,2}}个月"
    "|(?:1[0-2]|[1-9])(?:月)?[至到—-](?:1[0-2]|[1-9])月(?:份)?|全年)?"
)
_MASK = re.compile("[*＊×xX某]|[○〇◯]{2,}(?!年)")
_OFFICE = re.compile(
    "^(?:关于|中共)?([\u4e00-\u9fff]{2,12}?(?:镇|乡|街道|县|区|市|村|社区|局|委员会|办公室|中心|学校|公司|党委|党组|文化站))"
)
_SIGNATURE_TAIL = re.compile("(?:人民政府|街道办事处|办事处|党委|委员会|党工委)$")
_GENERIC = re.compile("^(?:我|本|全|各|某|该|乡镇|镇|乡|县|区|市|村)")


def documents_of(text: str, source: str, *, markdown: bool = False) -> list[Document]:
    """The reports in a text, cleaned, each with what its title and opening tell of it.

    Args:
        text: as read from a file; it may hold several reports, one after another.
        source: the file's path as given, part of each document's id.
        markdown: whether the text came from a markdown file.
    """
    documents: list[Document] = []
    seen: Counter[str] = Counter()
    for part in _parts(read_lines(clean(text, markdown=markdown))):
        lines = framed(_without_count(part))
        body = "\n".join(line.text for line in lines)
        title = "".join(line.text for line in lines if line.kind == "title").lstrip("# ").strip()
        digest = hashlib.sha256(
            f"{source}\0{body}\0{seen[body]}".encode("utf-8", "surrogatepass")
        ).hexdigest()
        seen[body] += 1
        organization, period = _organization(title, lines), _period(title, lines)
        documents.append(
            Document(
                id=f"d{digest[:12]}",
                title=title,
                organization=organization,
                period=period,
                theme=theme_of(title, organization, period),
                source=source,
                text=body,
            )
        )
    return documents


def separate(text: str) -> list[str]:
    """The reports of a clean text. No line is lost: the parts joined by newlines are the text."""
    lines = (line for line in text.split("\n") if line.strip())
    return ["\n".join(islice(lines, len(part))) for part in _parts(read_lines(text))]


def _without_count(lines: list[Line]) -> list[Line]:
    """The lines of a report of a collection, without the 篇一： above or before its title."""
    mark = _PIECE.match(lines[0].text) if len(lines[0].text) <= _TITLE else None
    if mark is None:
        return lines
    rest = lines[0].text[mark.end() :]
    return [Line("paragraph", rest), *lines[1:]] if rest else lines[1:] or lines


@dataclass(slots=True)
class _Seen:
    """What the report at hand has shown so far.

    top      the outermost style of numbers (1 for 一、, 3 for 1.), None before the first
    reached  the highest number in that style
    marked   whether # marks that style
    length   characters of its paragraphs
    signed   whether the line before was a date below a signature
    """

    start: int
    titles: set[str] = field(default_factory=set)
    top: int | None = None
    reached: int = 0
    marked: bool = False
    length: int = 0
    signed: bool = False


def _parts(lines: list[Line]) -> list[list[Line]]:
    """The lines of each report.

    A new one begins at a title amid the text, where the outermost numbers begin again, at an opening (…汇报如下：)
    behind numbered sections, and behind a signature with its date.
    """
    starts = [0]
    seen = _Seen(0)
    for place in range(len(lines)):
        start = _begins(lines, place, seen)
        if start is not None:
            starts.append(start)
            length = sum(len(one.text) for one in lines[start:place])
            seen = _Seen(start, length=length)
        _note(lines, place, seen)
    return [
        lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True) if start < end
    ]


def _begins(lines: list[Line], place: int, seen: _Seen) -> int | None:
    """The line where a new report begins, when the line at `place` shows that one does."""
    line = lines[place]
    heading = line.heading
    if not seen.length and seen.top is None:
        return None  # nothing but titles so far
    if heading is None and len(line.text) <= _TITLE and "。" not in line.text and _PIECE.match(line.text):
        return place if _goes_on(lines, place + 1) else None
    if line.kind == "title" or (heading is None and looks_like_title(line.text)):
        return place if _opens_with_title(lines, place, seen) else None
    if seen.signed and heading is None and not is_tail_note(line.text):
        follows = sum(len(one.text) for one in lines[place : place + _LOOK])
        return place if follows >= _REMARK and _goes_on(lines, place) else None
    if heading is None:
        again = seen.reached >= 2 and _OPENING_STOP.search(line.text[-8:]) and _opens(line.text)
        return place if again else None
    if heading.level == POINT_LEVEL or heading.ordinal != 1 or seen.top is None or heading.level > seen.top:
        return None
    if line.kind != "heading" or heading.level == PART_LEVEL:
        return None
    if _stands_alone(lines[place - 1]) or (seen.marked and not heading.style[1]):
        return None  # the report numbers so: （一） under 1、, 一、 under ## 三、
    if seen.reached < (
        1 if heading.level < seen.top == 2 else 2
    ):  # （一） and then 一、: the first report has no 一、
        return None
    start = _opening(lines, place, seen.start)
    return start if start < place or (heading.level == 1 and seen.top <= 2) else None


def _stands_alone(line: Line) -> bool:
    return line.kind == "heading" and line.heading is not None and not line.heading.rest


def _opens_with_title(lines: list[Line], place: int, seen: _Seen) -> bool:
    text = lines[place].text
    if text.lstrip("# ").strip() in seen.titles or not _goes_on(lines, place + 1):
        return False
    if lines[place].kind == "title":
        return True
    named = bool(_SPAN.search(text) or text.startswith("关于") or _MASK.search(text) or find_places(text))
    firm = _TITLE_TAIL.sub("", text).endswith(rules.words("title_endings_firm"))
    if seen.top is None:
        return firm and named and seen.length >= _SHORT
    return firm or (named and role_of_heading(text) != "plan" and not text.startswith(("附", "表")))


def _goes_on(lines: list[Line], place: int) -> bool:
    """Whether a report follows: a whole sentence or a heading stands in the next lines."""
    return any("。" in line.text or line.kind == "heading" for line in lines[place : place + 6])


def _note(lines: list[Line], place: int, seen: _Seen) -> None:
    """Take the line at `place` into what was seen."""
    line = lines[place]
    heading = line.heading
    signed = seen.signed and is_tail_note(line.text)  # copies and enclosures stand behind the date
    if line.kind == "title" or (heading is None and looks_like_title(line.text)):
        seen.titles.add(line.text.lstrip("# ").strip())
    elif heading is None or heading.level == POINT_LEVEL:
        seen.length += len(line.text)
        if place and is_date(line.text) and is_signature(lines[place - 1].text) and seen.length >= _SHORT:
            signed = True
    else:
        seen.length += len(heading.rest)
        if heading.level == PART_LEVEL:
            seen.top, seen.reached = 1, 0
        elif heading.ordinal and (seen.top is None or heading.level < seen.top):
            seen.top, seen.marked = heading.style
            seen.reached = heading.ordinal
        elif heading.style == (seen.top, seen.marked):
            seen.reached = max(seen.reached, heading.ordinal)
    seen.signed = signed


def _opening(lines: list[Line], place: int, earliest: int) -> int:
    """Where the report begins whose 一、 stands at `place`: an opening paragraph before it belongs to it."""
    before = place - 1
    if before <= earliest or lines[before].heading is not None:
        return place
    text = lines[before].text
    if _OPENING_END.search(text[-8:]):
        # 现将情况汇报如下： alone does not open; the paragraph before it may
        more = before - 1 > earliest and lines[before - 1].heading is None and not _opens(text)
        return before - 1 if more and _opens(lines[before - 1].text) else before
    return before if _opens(text) else place


def _opens(line: str) -> bool:
    """Whether a paragraph begins as an opening does: 今年以来, 2021年, or with the name of a place."""
    if role_after("done", line) != "done":
        return False
    return bool(_OPENING.match(line)) or any(place.start == 0 for place in find_places(line[:16]))


def _period(title: str, lines: list[Line]) -> str:
    opening = [line.text for line in lines[:4] if line.kind == "paragraph"]
    for text in (title, *opening):
        if match := _SPAN.search(text):
            return match[0]
    return ""


def _organization(title: str, lines: list[Line]) -> str:
    if not _MASK.search(title):
        for place in find_places(title):
            if not place.text.endswith(("省", "市", "县", "村")) or len(find_places(title)) == 1:
                return place.text
    for line in lines:
        if line.kind == "signature" and not _MASK.search(line.text):
            owner = next(iter(find_places(line.text)), None)
            if owner and owner.start == 0 and owner.text.endswith(("镇", "乡", "街道")):
                return owner.text
            return _SIGNATURE_TAIL.sub("", line.text) or line.text
    if title and not _MASK.search(title) and (match := _OFFICE.match(title)) and not _GENERIC.match(match[1]):
        return match[1]
    opening = next((line.text for line in lines if line.kind == "paragraph"), "")
    places = [
        place.text
        for place in find_places(opening[:200])
        if place.text.endswith(("镇", "乡", "街道", "社区"))
    ]
    return places[0] if places else ""

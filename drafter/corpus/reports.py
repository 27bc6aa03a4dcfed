"""Tells reports apart that were glued into one file, and guesses the title, organisation and period of each."""

from __future__ import annotations

import hashlib
import re

from drafter.corpus.cleaning import clean
from drafter.corpus.headings import parse_heading
from drafter.corpus.layout import Line, looks_like_title, parse_lines
from drafter.corpus.places import find_places
from drafter.passages import Document

_OPENING_END = re.compile(r"(?:如下|情况汇报|报告|汇报)[：:。]?$")
_OPENING = re.compile(
    "(?:近年来|今年以来|一年来|半年来|上半年，|20\\d\\d年|[xX*＊某]{1,3}年)"
    "|[xX*＊×某]{1,3}(?:镇|乡|街道|社区|村|县|区|局)(?!党委|纪委)"
)
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
    for part in separate(clean(text, markdown=markdown)):
        lines = parse_lines(part)
        title = "".join(line.text for line in lines if line.kind == "title").lstrip("# ").strip()
        number = sum(1 for document in documents if document.text == part)
        digest = hashlib.sha256(f"{source}\0{part}\0{number}".encode("utf-8", "surrogatepass")).hexdigest()[
            :12
        ]
        documents.append(
            Document(
                id=f"d{digest}",
                title=title,
                organization=_organization(title, lines),
                period=_period(title, lines),
                source=source,
                text=part,
            )
        )
    return documents


def separate(text: str) -> list[str]:
    """The reports of a clean text. A new one begins where 一、 comes again after 二、, or at a title amid the text.

    No line is lost: the parts joined by newlines are the text.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    starts = [0]
    reached = 0  # the highest 一、 level number of the report so far
    below = False  # whether it numbers by （一） without 一、
    content = False  # whether it has more than a title yet
    titles: set[str] = set()
    for place, line in enumerate(lines):
        heading = parse_heading(line, lines[place + 1] if place + 1 < len(lines) else "")
        title = (heading is not None and heading.level == 0) or looks_like_title(line)
        bare = line.lstrip("# ").strip()
        if (
            title
            and content
            and bare not in titles
            and (reached or below or heading is not None)
            and place + 1 < len(lines)
        ):
            starts.append(place)
            reached, below, content, titles = 0, False, False, {bare}
            continue
        if title:
            titles.add(bare)
            continue
        if (
            heading is None
            and reached >= 2
            and content
            and re.search(r"如下[：:。]$", line)
            and _OPENING.match(line)
        ):
            starts.append(place)
            reached, below, titles = 0, False, set()
            continue
        below = below or (heading is not None and heading.level == 2 and not reached)
        if heading is not None and heading.level == 1 and heading.ordinal:
            if heading.ordinal == 1 and (reached >= 2 or (below and not reached)):
                start = _opening(lines, place, starts[-1])
                starts.append(start)
                reached, below, titles = 1, False, set()
            else:
                reached = max(reached, heading.ordinal)
        content = True
    return [
        "\n".join(lines[start:end])
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
        if start < end
    ]


def _opening(lines: list[str], place: int, earliest: int) -> int:
    """Where the report begins whose 一、 stands at `place`: an opening paragraph before it belongs to it."""
    before = place - 1
    if before <= earliest or parse_heading(lines[before]) is not None:
        return place
    return before if _OPENING_END.search(lines[before]) or _opens(lines[before]) else place


def _opens(line: str) -> bool:
    """Whether a paragraph begins as an opening does: 今年以来, 2021年, or with the name of a place."""
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

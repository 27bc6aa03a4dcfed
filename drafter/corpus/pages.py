"""Takes out what pages add to a text that was printed or set as PDF: numbers of pages, running heads and feet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from drafter.corpus import rules
from drafter.corpus.headings import is_numbered
from drafter.corpus.layout import looks_like_title
from drafter.corpus.raw import PAGE, RawLine

_BARE = re.compile(r"(\d{1,4})(?:\s*/\s*(\d{1,4}))?")
_FAR = 8
"""Lines between two bare numbers of pages; nearer they are the numbers of rows."""
_LONGEST_HEAD = 40
_OWN_NUMBER = re.compile(r"^\d{1,4}\s|\s\d{1,4}$")


@cache
def _page_number() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in rules.lines("page_numbers")))


def without_pages(lines: list[RawLine]) -> list[RawLine]:
    """The lines without numbers of pages and what recurs beside them.

    A paragraph that runs over the end of a page stands in lines that follow one another afterwards.
    """
    breaks = _breaks(lines)
    if not breaks:
        return lines
    dropped = breaks | _running(lines, breaks)
    kept: list[RawLine] = []
    turned = False
    for place, line in enumerate(lines):
        if place in dropped:
            turned = turned or place in breaks
            continue
        if turned:
            line.blank_before = False
            turned = False
        kept.append(line)
    return kept


def _breaks(lines: Sequence[RawLine]) -> set[int]:
    found: set[int] = set()
    bare: list[tuple[int, int, str]] = []
    for place, line in enumerate(lines):
        if len(line.text) > 24:
            continue
        if line.text == PAGE or _page_number().fullmatch(line.text):
            found.add(place)
        elif match := _BARE.fullmatch(line.text):
            bare.append((place, int(match[1]), match[2] or ""))
    return found | _series(bare, found | {len(lines)})


def _series(bare: list[tuple[int, int, str]], edges: set[int]) -> set[int]:
    """Bare numbers that count pages: one more each time and a page apart, or each at the edge of a page (in `edges`)."""
    found: set[int] = set()
    chain: list[int] = []
    near = 0  # of the chain, how many stand at an edge
    last: tuple[int, str] = (0, "")
    for place, value, total in [*bare, (-1, -1, "")]:
        edge = place - 1 in edges or place + 1 in edges
        next_page = (value, total) == (last[0] + 1, last[1])
        if chain and not (next_page and (edge or total or place - chain[-1] > _FAR)):
            if len(chain) > 2 or (len(chain) == 2 and near == 2):
                found.update(chain)
            chain, near = [], 0
        chain.append(place)
        near += edge
        last = (value, total)
    return found


def _running(lines: Sequence[RawLine], breaks: set[int]) -> set[int]:
    """Short lines that recur at the edges of pages. The first page's stays when it is the only title."""
    beside = [
        place
        for place in range(len(lines))
        if place not in breaks and (place == 0 or place - 1 in breaks or place + 1 in breaks)
    ]
    often = Counter(key for place in beside if (key := _key(lines[place].text)))
    return {
        place
        for place in beside
        if often.get(_key(lines[place].text), 0) > 1
        and (place or _titled(lines[1:3]) or not looks_like_title(lines[0].text))
    }


def _key(text: str) -> str:
    """What of a line recurs; empty when it is no running head. A page's number may stand in it."""
    if len(text) > _LONGEST_HEAD or text.endswith(("。", "；", "，", "：")) or is_numbered(text):
        return ""
    return _OWN_NUMBER.sub("", text)


def _titled(following: Sequence[RawLine]) -> bool:
    return any(
        looks_like_title("".join(line.text for line in following[:count]))
        for count in range(1, len(following) + 1)
    )

"""Points inside prose: 一是 二是, 一要 二要, 第一， 第二， and （1） （2） within a paragraph, and whether any is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from drafter.checks.skeleton import Skeleton, sign
from drafter.corpus.headings import LAST, ordinal_of
from drafter.numbering import chinese

_CHINESE = "[一二三四五六七八九十]"
_WITHIN = r"[^统唯之第万不同专单划如合期周其十百千逐归一。！？；：，、”）;:,\s#*]"
"""What may stand right before 一是 that begins a list amid a clause (问题的根子一是…，二是…), and not in 统一是."""
_POINT = re.compile(
    rf"(?:^|(?<=[。！？；：，、”）;:,\s#*]))(?:(?P<point>{_CHINESE}{{1,3}})(?P<word>是|要)(?![一二三四五六七八九十不否][，、。；])"
    rf"|第(?P<rank>{_CHINESE}{{1,2}})[，、：](?!{_CHINESE}|第)"
    r"|(?P<order>首先|其次|再次|再者|最后)[，、：]"
    r"|(?<![^。！？；：，;:,])[（(](?P<item>\d{1,2})[）)](?=[^\s，。；、）)]))"
    rf"|(?<={_WITHIN})一(?P<within>是|要)(?![一二三四五六七八九十不否][，、。；])",
    re.MULTILINE,
)
_FURTHER = re.compile("(?:^|[，。；：;,:])(?:其?二|另|再|也|还)")
"""How what follows 一是 may go on in other words: 二就是, 另一, 再就是."""


class Slip(NamedTuple):
    """A point out of order: where it stands, itself, and what should stand there (empty: one should follow)."""

    start: int
    text: str
    expected: str


class _Last(NamedTuple):
    number: int
    line: int
    start: int
    text: str
    alone: bool
    """Whether it is surely a point, so that a 一是 wants a 二是."""


def slips(text: str, skeleton: Skeleton) -> Iterator[Slip]:
    """Points that are not counted on from the one before; a new heading, or a 1, begins anew."""
    breaks = [skeleton.lines[node.line] for node in skeleton.nodes]
    last: dict[str, _Last] = {}
    at = line = 0
    line_end = text.find("\n")
    for match in _POINT.finditer(text):
        while at < len(breaks) and breaks[at].start <= match.start():
            yield from _alone(last, text, match.start())
            last.clear()
            at += 1
        while 0 <= line_end < match.start():
            line += 1
            line_end = text.find("\n", line_end + 1)
        if at and breaks[at - 1].start == match.start() and match["item"]:
            continue  # the number of the heading itself
        family, number = _read(match)
        before = last.get(family)
        if before and family == "项" and before.line != line:
            before = None
        slip = _slip(family, number, before, line, match)
        if slip:
            yield slip
        if before and number == 1 and not slip and not match["within"]:
            yield from _alone({family: before}, text, match.start())
        last[family] = _Last(number, line, match.start(), match[0], alone=not match["within"])
    yield from _alone(last, text, len(text))


def _read(match: re.Match[str]) -> tuple[str, int]:
    if match["within"]:
        return match["within"], 1
    if match["point"]:
        return match["word"], ordinal_of(match["point"])
    if match["rank"] or match["order"]:
        return "第", ordinal_of(match["rank"] or match["order"])
    return "项", int(match["item"])


def _slip(family: str, number: int, before: _Last | None, line: int, match: re.Match[str]) -> Slip | None:
    last = before.number if before else 0
    text = match[0].rstrip("，、：")
    if match["order"] or (family == "项" and not before):
        return None  # 其次 may follow on anything; （3） alone may be a reference
    if number == 1:
        twice = before is not None and before.number == 1 and before.line == line and not match["within"]
        return Slip(match.start(), text, _named(family, 2)) if twice else None
    if number == last + 1 or last == LAST:
        return None
    return Slip(match.start(), text, _named(family, last + 1))


def _named(family: str, number: int) -> str:
    if family == "项":
        return sign(4, number)
    return f"第{chinese(number)}" if family == "第" else f"{chinese(number)}{family}"


def _alone(last: dict[str, _Last], text: str, end: int) -> Iterator[Slip]:
    """一是 that nothing follows up to `end`."""
    point = last.get("是")
    if (
        point
        and point.number == 1
        and point.alone
        and not _FURTHER.search(text, point.start + len(point.text), end)
    ):
        yield Slip(point.start, point.text, "")

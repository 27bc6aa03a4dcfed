"""Finds paragraphs that break off: at a comma, amid a word, or before what their colon announces.

What rightly ends without a full stop is left alone: titles, headings, items, tables, signatures, dates, contacts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from drafter.checks.rules import words
from drafter.checks.wording import Span, lines

_OPEN_END = tuple("，、,（(《“【〔")
_ENDS = tuple('。！？：!?:”’」』）)》】〕]|｜"*`~—->')
_NO_SENTENCE = re.compile(
    r"#{1,6}\s|[一二三四五六七八九十]{1,3}、[^。；]{1,40}$|[（(][一二三四五六七八九十]{1,3}[）)][^。；]{1,40}$"
    r"|[-*+•○●] |[\u3400-\u9fff]{2,4}(?:来源|网格|小组)?：[^。；]{1,40}$|\||>|附件|附：|联系|抄送|主送|报送|签发|印发|[（(]联系|[（(]?\d{1,2}[.、．）)][^。；]{1,60}$"
)
_SIGNATURE = re.compile(
    r"(?:\d{1,2}|[一二三四五六七八九十])日(?:印发|印)?$|(?:政府|委员会|办公室|支部|党委|指挥部|中心)$"
)
_HEADING = re.compile(
    r"(?P<hash>#{1,6})\s|(?P<first>[一二三四五六七八九十]{1,3}、)[^。；]{1,40}$"
    r"|(?P<second>[（(][一二三四五六七八九十]{1,3}[）)])[^。；]{1,40}$"
)
_NUMBERED = re.compile(r"(?:#{1,6}\s+)?[（(]?[一二三四五六七八九十]{1,3}[、）)]")
_NUMBERED_MARKDOWN = re.compile(r"#{1,6}\s+(?:([一二三四五六七八九十]{1,3}、)|([（(][一二三四五六七八九十]))")
_ITEM = re.compile(r"[一二三四五六七八九十]{1,2}[是要]")
_FIGURE = re.compile(r"(?:达到?|增长|下降|共计?|完成)\d[\d.,]*[%％]?$")
_SENTENCE_MARK = re.compile(r"[，。；]")
_ELLIPSIS = re.compile(r"(?:…+|\.{3,})$")
_TAIL = 12
"""Characters of the end that a finding shows, and under which a line without a full stop may be a label."""
_LONG = 36
"""Characters from which on a line without any mark is no title, signature or label."""
_WRAPPED = 4
"""Lines of one width from which on it is a width at which the text was wrapped."""
_ONE_BREAK = re.compile(r"[ \t]*\r?\n[ \t\u3000]*")
_PAIRS = {"《": "》", "“": "”", "（": "）"}


def broken_off(text: str) -> Iterator[Span]:
    """Where the ends of such paragraphs stand."""
    found = list(lines(text))
    broken: list[int] = []
    level = 0
    body = False
    for place, (_, line) in enumerate(found):
        following = found[place + 1][1] if place + 1 < len(found) else ""
        rank = _rank(line)
        if rank:
            level = rank if _NUMBERED.match(line) else 0  # what an unnumbered heading holds is not known
        if _breaks_off(line, place, following, level, body):
            broken.append(place)
        body = body or "。" in line
    wrapped = _wrapped(text, found, broken)
    for place in broken:
        if place not in wrapped:
            start, line = found[place]
            end = start + len(line)
            whole = max(map(line.rstrip("。！？；").rfind, "。！？；"))
            yield max(start + whole + 1, end - _TAIL), end


def _wrapped(text: str, found: list[tuple[int, str]], broken: list[int]) -> frozenset[int]:
    """The lines that break off because the whole text was wrapped at one width: several, alike in width, none the last."""
    ends = {
        place: len(_whole_line(text, *found[place]).encode("gbk", "replace"))
        for place in broken
        if place + 1 < len(found)
        and _ONE_BREAK.fullmatch(text, found[place][0] + len(found[place][1]), found[place + 1][0])
        and not _rank(found[place + 1][1])
    }
    if len(ends) < _WRAPPED:
        return frozenset()
    usual = sorted(ends.values())[len(ends) // 2]
    alike = frozenset(place for place, width in ends.items() if abs(width - usual) <= 8)
    return alike if len(alike) >= max(_WRAPPED, len(ends) * 2 // 3) else frozenset()


def _whole_line(text: str, start: int, line: str) -> str:
    """The line with its indent."""
    return text[text.rfind("\n", 0, start) + 1 : start] + line


def _rank(line: str) -> int:
    """How deep the heading is that the line is, 0 for none: 1 for # and 一、, 2 for ## and （一）, deeper with more #."""
    heading = _HEADING.match(line[:60])
    if heading is None:
        return 0
    numbered = _NUMBERED_MARKDOWN.match(line)
    if heading["first"] or (numbered and numbered[1]):
        return 2
    if heading["second"] or (numbered and numbered[2]):
        return 3
    return len(heading["hash"])


def _breaks_off(line: str, place: int, following: str, level: int, body: bool) -> bool:
    if line.endswith(_OPEN_END):
        return True
    if line.endswith(("；", ";")):
        return (not following or _rank(following) > 0) and _rank(following) != (_rank(line) or -1)
    if line.endswith(("：", ":")):
        return bool(level and (not following or 0 < _rank(following) <= level) and not _rank(line))
    if _ELLIPSIS.search(line[-_TAIL:]):
        return bool(place and "等" not in line[-5:] and _SENTENCE_MARK.search(line)) or _after_lead(line)
    if not place and "。" not in line:
        return False  # a title
    if line.endswith(_ENDS) or _NO_SENTENCE.match(line):
        return False
    if (
        _FIGURE.search(line[-_TAIL:])
        or _ITEM.fullmatch(line)
        or (len(line) >= 4 and _dangling().search(line[-8:]))
    ):
        return True
    if (
        not place
        and len(line) - line.rfind("。") <= _TAIL
        and not _SENTENCE_MARK.search(line, line.rfind("。") + 1)
    ):
        return False  # a passage of a page, with a label behind it
    if _SENTENCE_MARK.search(line):
        return (len(line) > _TAIL or _ITEM.match(line) is not None) and not _SIGNATURE.search(line[-_TAIL:])
    if _ITEM.match(line) and (not following or _rank(following)):
        return body  # the last of several items
    return body and (len(line) >= _LONG or _is_open(line))


def _after_lead(line: str) -> bool:
    """Whether dots stand where a clause should: 下一步……"""
    return _dangling().search(_ELLIPSIS.sub("", line)[-8:]) is not None


def _is_open(line: str) -> bool:
    """Whether a bracket or quotation mark is open at the line's end."""
    return any(line.count(opening) > line.count(closing) for opening, closing in _PAIRS.items())


@cache
def _dangling() -> re.Pattern[str]:
    """A word at the end after which something must follow."""
    return re.compile(f"(?:{'|'.join(sorted(words('dangling.txt'), key=len, reverse=True))})$")

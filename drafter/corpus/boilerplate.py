"""Takes out what a web page adds around a report: paths, bars, buttons, downloads, lists of other pages, titles twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from drafter.corpus import rules
from drafter.corpus.headings import is_numbered
from drafter.corpus.layout import looks_like_title
from drafter.corpus.raw import RawLine

_LONGEST = 260
"""Characters of a line of a page; longer ones are matter."""
_TOP = 10
"""Lines in which a page's path stands; what is short above it is the page's rubric."""
_TITLES = 3
"""Lines of a page among which its title is."""
_BAR = re.compile(r"[\s|｜>＞»›\[\]【】·•:：]+")
_PATHS = re.compile("(?:网站)?(?:首页|主页)|您|当前位置|所在位置|现在位置")
_LISTS = ("相关", "推荐", "热门", "最新", "精彩", "延伸", "猜你喜欢", "为您推荐", "看了又看", "大家都在看")
_SITE = re.compile(r"\s*[-_|｜—–·]{1,2}\s*\S.{0,20}")


def _joined(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


@cache
def _lines() -> re.Pattern[str]:
    return _joined(rules.lines("boilerplate"))


@cache
def _inline() -> re.Pattern[str]:
    return _joined(rules.lines("boilerplate_inline"))


@cache
def _beside(*where: str) -> re.Pattern[str]:
    rows = [line.partition(":") for line in rules.lines("boilerplate_beside")]
    return _joined([pattern.strip() for key, _, pattern in rows if key.strip() in where])


@cache
def _labels() -> re.Pattern[str]:
    return re.compile(
        f"(?:^|(?<=[\\s|｜】\\]）)]))(?:{rules.alternation(rules.words('web_labels'))})\\s*[:：]"
    )


def without_boilerplate(lines: list[RawLine]) -> list[RawLine]:
    """The lines without those of a web page; traces inside a line are taken out of it."""
    dropped = _dropped(lines)
    kept: list[RawLine] = []
    head = 0  # where in `kept` the page at hand begins; -1 once its first paragraph has come
    listed: list[RawLine] = []  # titles of other pages, below 相关文章
    listing = False
    for place, line in enumerate(lines):
        if place in dropped:
            listing = line.text.startswith(_LISTS)
            listed = []
            if _PATHS.match(line.text):
                head = _new_page(kept, head)
            continue
        matter = len(line.text) > 50 or line.text.endswith(("。", "；", "："))
        if listing and not matter:
            listed.append(line)
            continue
        if listing:  # another report may follow, with its title
            kept.extend(listed[_title_below(listed) :])
            listing = False
        line.text = _inline().sub("", line.text).strip()
        if not line.text or (head >= 0 and _again(kept, head, line.text)):
            continue
        if len(line.text) > 80 or line.text.endswith(("。", "；")):
            head = -1
        kept.append(line)
    return kept


def _dropped(lines: Sequence[RawLine]) -> set[int]:
    """Places of lines that are a page's by themselves, and of those that are because they touch one."""
    found = {place for place, line in enumerate(lines) if _is_page(line.text)}
    if not found:
        return found
    for place in range(1, len(lines)):
        if place - 1 in found and _fits(_beside("both"), lines[place].text):
            found.add(place)
    top = next((place for place, line in enumerate(lines) if len(line.text) > 80), len(lines))
    for place in range(len(lines) - 2, -1, -1):
        if place + 1 in found:
            pattern = _beside("both", "before") if place < top else _beside("both")
            if _fits(pattern, lines[place].text):
                found.add(place)
    return found


def _fits(pattern: re.Pattern[str], text: str) -> bool:
    return len(text) <= _LONGEST and pattern.fullmatch(text) is not None


def _is_page(text: str) -> bool:
    return len(text) <= _LONGEST and (
        _lines().fullmatch(text) is not None or _is_bar(text) or _is_about(text)
    )


def _is_bar(text: str) -> bool:
    words = [word for word in _BAR.split(text) if word]
    return len(words) > 1 and all(word in rules.words("web_words") for word in words)


def _is_about(text: str) -> bool:
    """Whether a line is two or more labels with their values: 来源：… 发布时间：… 浏览：…"""
    if text.count("：") + text.count(":") < 2 or "。" in text:
        return False
    labels = list(_labels().finditer(text))
    if len(labels) < 2 or text[: labels[0].start()].strip("【[（( "):
        return False
    ends = [*(label.start() for label in labels[1:]), len(text)]
    return all(end - label.end() <= 40 for label, end in zip(labels, ends, strict=True))


def _new_page(kept: list[RawLine], head: int) -> int:
    """A page's path has come: short lines that stand above it are the page's. Says where its report begins."""
    if head >= 0 and len(kept) - head < _TOP:
        kept[head:] = [line for line in kept[head:] if len(line.text) > 12]
        return head
    return len(kept)


def _title_below(listed: Sequence[RawLine]) -> int:
    """Where among titles of other pages the next report's own title or heading stands, right above its text."""
    place = len(listed)
    while place and is_numbered(listed[place - 1].text):
        place -= 1
    if place and looks_like_title(listed[place - 1].text):
        place -= 1
    return place


def _again(kept: list[RawLine], head: int, text: str) -> bool:
    """Whether the line is the title once more. A title with the site's name behind it gives way to the bare one."""
    bare = text.lstrip("# ")
    if bare.endswith(("，", "、", "；", "：")):
        return False  # a piece of a wrapped sentence
    for place in range(head, min(len(kept), head + _TITLES)):
        before = kept[place].text.lstrip("# ")
        if bare == before:
            return True
        if before.startswith(bare) and len(bare) >= 6 and _SITE.fullmatch(before, len(bare)):
            kept[place].text = text
            return True
    return False

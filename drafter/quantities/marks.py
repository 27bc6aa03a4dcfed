"""What stands beside a number and bends it: signs, currency signs, marks of looseness (近, 不少于, 左右)."""

from __future__ import annotations

import re
from functools import cache

from drafter.quantities.reading import Number
from drafter.quantities.rules import alternation, mark_is_of_word, read_rules

SUFFIX = re.compile(r"(?P<about>左右|上下)|(?P<least>及?以上)|(?P<most>及?以下|以内|之内)|(?P<more>有余)")
SUFFIXES = {"about": "约", "least": "以上", "most": "以下", "more": "余"}
SUFFIX_HEADS = frozenset("左上及以之有")
AFTER_UNIT = re.compile(r"(?:余|多)(?=[^\u4e00-\u9fff]|$|[的时里路左了来前后以])")
_CURRENCIES = {"¥": "元", "$": "美元", "€": "欧元", "£": "英镑"}
_BURDENED = frozenset("减担抱肩背胜增重")
"""减负4.86亿元 has no sign."""
SIGN_AFTER = frozenset(" \n\u3000(（:：,，、。；;=为达至到约是在|\t温")


@cache
def _prefixes() -> tuple[frozenset[str], tuple[tuple[int, dict[str, str]], ...]]:
    """Last characters of the marks that stand before a number, and the marks by their length, longest first."""
    known = {word: mark for mark, *words in read_rules("prefixes.txt") for word in words}
    lengths = sorted({len(word) for word in known}, reverse=True)
    by_length = tuple((size, {w: m for w, m in known.items() if len(w) == size}) for size in lengths)
    return frozenset(word[-1] for word in known), by_length


def prefix_of(plain: str, at: int, floor: int, number: Number) -> tuple[int, str | None, str | None]:
    """Where the expression begins, with the approximation mark before the numeral and the currency sign."""
    approximation = number.approximation
    if at <= floor:
        return at, approximation, None
    start = at
    before = plain[at - 1]
    currency: str | None = None
    if approximation == "数":
        start = at - 1
    elif before == "上" and plain[at] in "百千万亿" and approximation is None:
        return at - 1, "以上", None
    elif (before == "负" and plain[at - 2 : at - 1] not in _BURDENED) or (
        before == "-" and _negative(plain, at, floor)
    ):
        start = at - 1
        number.value = -number.value
    elif before in _CURRENCIES:
        start = at - 1
        currency = _CURRENCIES[before]
        if start > floor and before == "$" and plain[start - 1] in "SK":
            currency = {"S": "美元", "K": "港元"}[plain[start - 1]]
            start -= 2 if start - 1 > floor and plain[start - 2] in "UH" else 0
    heads, marks = _prefixes()
    if start > floor and plain[start - 1] in heads:
        for length, known in marks:
            first = start - length
            if first < floor:
                continue
            mark = known.get(plain[first:start])
            if mark is None or (start - first == 1 and mark_is_of_word(plain, first)):
                continue
            return first, approximation or mark, currency
    return start, approximation, currency


def passes_goal(plain: str, start: int, end: int) -> bool:
    """Whether a quantity that begins with 超 is a goal that was passed, and so just so much: 超出842人的年度任务."""
    return plain[start] == "超" and _GOAL.match(plain, end) is not None


_GOAL = re.compile(r"的[\u4e00-\u9fff]{0,6}?(?:任务|目标|计划|指标|预期)")


def far_mark(plain: str, start: int, floor: int, number: Number) -> str | None:
    """The mark of a part that stands before what it is a part of: 接近户籍人口的四分之一."""
    if plain[number.after : number.after + 1] not in ("分", "成") or plain[start - 1 : start] != "的":
        return None
    match = _far().search(plain[max(floor, start - _FAR) : start])
    return _marks()[match[1]] if match else None


_FAR = 16
"""So many characters may stand between such a mark and the part."""


@cache
def _marks() -> dict[str, str]:
    return {word: mark for mark, *words in read_rules("prefixes.txt") for word in words if len(word) > 1}


@cache
def _far() -> re.Pattern[str]:
    return re.compile(rf"({alternation([*_marks()])})[\u4e00-\u9fff]{{2,12}}的$")


def _negative(plain: str, at: int, floor: int) -> bool:
    """Whether the - before a figure is a sign (-5℃), not a dash (1-6月)."""
    if not (plain[at].isdecimal() or plain[at] == "."):
        return False
    return (
        at - 1 == 0
        or (at - 1 == floor and plain[at - 2] in SIGN_AFTER)
        or (at - 2 >= floor and plain[at - 2] in SIGN_AFTER)
    )

"""The commonest form by far, read in one go: Arabic figures with a plain measure word (128次, 3.5万元, 60余户, 95%)."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from drafter.quantities.context import BEHIND, REACH
from drafter.quantities.draft import Draft
from drafter.quantities.marks import passes_goal, prefix_of
from drafter.quantities.numerals import scaled
from drafter.quantities.reading import Number
from drafter.quantities.rules import Measure, measures, read_rules
from drafter.quantities.units import unit_named

_FIGURE = re.compile(
    r"([0-9]{1,9}(?:,[0-9]{3}(?![0-9])){0,4}(?:\.[0-9]{1,9})?)(?![0-9]|[.,][0-9])(万亿|[亿万]|[千百](?![米克瓦卡伏帕赫牛字比焦分]))?([余多]万?)?"
)
_SPECIAL = frozenset(
    [
        "年",
        "月",
        "日",
        "周",
        "天",
        "分",
        "级",
        "点",
        "年级",
        "学年",
        "季度",
        "打",
        "番",
        "度",
        "℃",
        "号",
        "期",
        "小时",
        "世纪",
        "个月",
        "道",
        "式",
        "方",
        "阶",
        "重",
        "代",
    ]
)
"""Units that make dates, names, ranks and the like as well."""
_ENTWINED = frozenset("第前头道双数上负几周期拜初月点时年日号比间之其总每约-./:+~_([〔¥$€£%‰×*#=<>和与")
"""Before a figure these may belong to it."""
_HALTING = frozenset("-至到~半余多左上及以之有内(/:比又分,、和与一二三四五六七八九十百千万亿0123456789")
"""After a unit these may go on with the number."""


@cache
def _marks() -> dict[str, tuple[str, ...]]:
    """The marks that may stand before a number (近, 不少于), by their last character."""
    found: dict[str, list[str]] = {}
    for _, *marks in read_rules("prefixes.txt"):
        for mark in marks:
            found.setdefault(mark[-1], []).append(mark)
    return {last: tuple(marks) for last, marks in found.items()}


@cache
def _units() -> dict[str, tuple[Measure, ...]]:
    """The measure words; one that needs a closer look is there too, so that no shorter one is taken for it."""
    return {first: found for first, found in measures().items() if first > "\u4e00"}


@cache
def _kinds() -> dict[str, str]:
    """What a number with each plain unit is."""
    kinds: dict[str, str] = {}
    for found in measures().values():
        for measure in found:
            unit = measure.canonical
            dimension = unit_named(unit).dimension
            if measure.word not in _SPECIAL and unit not in _SPECIAL:
                kinds[unit] = {"money": "money", "points": "percent"}.get(dimension, "cardinal")
    return kinds


def plain_count(plain: str, at: int, floor: int) -> Draft | None:
    """The count whose figures begin at `at`; None for all that takes more than a figure and a plain unit to tell."""
    before = plain[at - 1]
    if before in _ENTWINED or (before < "\u2e80" and before not in "\n ,;"):
        return None
    match = _FIGURE.match(plain, at)
    if match is None:
        return None
    figure, scale, loose = match.groups()
    end = match.end()
    follow = plain[end : end + 1]
    if follow == "%":
        if scale:
            return None
        end += 1
        unit, kind = "%", "percent"
    else:
        for measure in _units().get(follow, ()):
            if plain.startswith(measure.word, end) and (
                not measure.not_before
                or plain[end + measure.length : end + measure.length + 1] not in measure.not_before
            ):
                break
        else:
            return None
        unit = measure.canonical
        kind = _kinds().get(unit, "")
        end += measure.length
        if not kind or measure.word in _SPECIAL:
            return None
    halt = plain[end : end + 1]
    if halt in _HALTING or (unit == "元" and "0" <= halt <= "9"):
        return None
    if scale is None and (loose is None or len(loose) == 1) and "," not in figure:
        value = Decimal(figure)
    else:
        if loose and len(loose) > 1:
            if scale:
                return None
            scale = loose[1]
        value = scaled(figure.replace(",", ""), scale)
    draft = Draft(at, end, at, match.end(2) if match[2] else match.end(1), "cardinal", value, None, unit)
    if kind != "cardinal":
        draft.kind = "money" if kind == "money" else "percent"
    if loose:
        draft.approximation = "余"
    if (marks := _marks().get(before)) and plain.endswith(marks, max(floor, at - 8), at):
        number = Number(at, end, end, value, None, draft.approximation)
        draft.start, draft.approximation, _ = prefix_of(plain, at, floor, number)
        if passes_goal(plain, draft.start, end):
            draft.start, draft.approximation = at, "余" if loose else None
    draft.before = plain[max(floor, draft.start - REACH) : draft.start]
    draft.after = plain[end : end + BEHIND]
    return draft

"""Figures that follow from the text itself: a total of the parts listed behind it, a share said again loosely, the days of
a span, the number of points that are listed. Knows no facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate

from drafter.checks.numbers.derivation import fits
from drafter.checks.numbers.surroundings import Reading, Setting
from drafter.checks.numbers.values import same_measure
from drafter.quantities import Mention

Span = Callable[[Mention], tuple[date, date] | None]
"""First and last day of a date."""

_LISTED = re.compile(r"其中|分别|包括|[：（(]")
_NEXT = 10
_DAYS = frozenset({"天", "日"})
_REACH = 16
"""So far behind a total its first part may stand."""
_POINTS = frozenset({"项", "件", "个", "点", "条", "大", "类"})
_NUMBERS = "一二三四五六七八九十"
_SERIES = ("{}是", "{}要", "第{}，", "第{}、", "其{}，", "（{}）", "{}、")
"""How the points of a list are numbered."""
_HEADING = re.compile(r"^[一二三四五六七八九十]{1,3}、", re.M)
_JOINED = re.compile(
    r"(?:^|[，。；、\n])([\u3400-\u9fff]{2,14}、(?:[\u3400-\u9fff]{2,6}、)*[\u3400-\u9fff]{2,6}|(?:[A-Z]、)+[A-Z])$"
)
"""Names joined right before how many they are: 石坪、双河|两所."""
_TIERS = re.compile(r"(?:[省市州县区镇乡街村组]、?){1,4}[省市州县区镇乡街村组]$")
"""Levels of offices by one character each: 县乡村|三级."""
_MEMBERS = re.compile(r"((?:[\u3400-\u9fff]{1,6}[—－-]+)+[\u3400-\u9fff]{1,6})[”\"]?$")


def follows(
    reading: Reading,
    span: Span,
    settings: Sequence[Setting],
    place: int,
    sound: Sequence[bool],
    *,
    doubtful: bool,
) -> str | None:
    """The formula by which the figure at `place` follows from the others of its sentence, of which some are `sound`.

    `doubtful` says that no fact speaks for another value: what is left of a total is no more than that.
    """
    setting = settings[place]
    if setting.mention.parts or setting.mention.value is None:
        return None
    found = (
        _listed(reading, settings, place, sound)
        or (doubtful and _other_part(reading, settings, place, sound))
        or _again(settings, place, sound)
        or _days(span, settings, place, sound)
        or _dates(settings, place, sound)
        or _points(reading.text, setting)
    )
    return found or None


def _listed(reading: Reading, settings: Sequence[Setting], place: int, sound: Sequence[bool]) -> str | None:
    """The total of the sound parts listed behind it, divided by one mark: 16个村（社区），其中村14个、社区2个."""
    total = settings[place]
    if total.mention.approximation or place + 2 >= len(settings):
        return None
    lead = reading.text[total.mention.end : settings[place + 1].mention.start]
    if len(lead) > _REACH or not _LISTED.search(lead):
        return None
    parts: list[Setting] = []
    marks: set[str] = set()
    for number in range(place + 1, len(settings)):
        part = settings[number]
        if not sound[number] or not same_measure(part.value, total.value) or part.mention.approximation:
            break
        if parts:
            between = reading.text[parts[-1].mention.end : part.mention.start]
            marks.add(next((char for char in between if char in "、，；和及"), ""))
            if len(marks) > 1 and marks - set("、和及"):
                break
        parts.append(part)
    sums = list(accumulate(part.value.low or Decimal(0) for part in parts))
    if total.value.low not in sums[1:]:
        return None
    count = sums.index(total.value.low) + 1
    return "+".join(part.mention.text for part in parts[:count]) + f"={total.mention.text}"


def _other_part(
    reading: Reading, settings: Sequence[Setting], place: int, sound: Sequence[bool]
) -> str | None:
    """One of two parts whose total stands right before them: 47场，线下35场、线上12场."""
    part = settings[place]
    for first in (place, place - 1):
        if first < 1 or first + 1 >= len(settings):
            continue
        total, other = settings[first - 1], settings[2 * first + 1 - place]
        gaps = (
            reading.text[total.mention.end : settings[first].mention.start],
            reading.text[settings[first].mention.end : settings[first + 1].mention.start],
        )
        if (
            sound[first - 1]
            and sound[2 * first + 1 - place]
            and len(gaps[0]) <= _NEXT
            and "、" in gaps[1]
            and len(gaps[1]) <= _NEXT
            and not any(one.mention.approximation for one in (total, part, other))
            and same_measure(total.value, part.value)
            and same_measure(other.value, part.value)
            and (total.value.low or 0) - (other.value.low or 0) == part.value.low
        ):
            return f"{total.mention.text}-{other.mention.text}={part.mention.text}"
    return None


def _again(settings: Sequence[Setting], place: int, sound: Sequence[bool]) -> str | None:
    """The share told right before, said again loosely: 42%，不足五成."""
    if not place or not sound[place - 1]:
        return None
    before, loose = settings[place - 1], settings[place]
    if loose.mention.approximation is None or loose.value.unit != "%" or before.value.unit != "%":
        return None
    exact = before.value.low
    if exact is None or before.mention.approximation or not fits(exact, loose.mention):
        return None
    return f"{before.mention.text}≈{loose.mention.text}"


def _days(span: Span, settings: Sequence[Setting], place: int, sound: Sequence[bool]) -> str | None:
    """The days of a span that the sentence names: 5月27日至29日, 三天."""
    mention = settings[place].mention
    if mention.unit not in _DAYS:
        return None
    for number in range(place):
        days = span(settings[number].mention) if sound[number] and settings[number].mention.parts else None
        if days and (days[1] - days[0]).days + 1 == mention.value and mention.value > 1:
            return f"{settings[number].mention.text}={mention.text}"
    return None


def _dates(settings: Sequence[Setting], place: int, sound: Sequence[bool]) -> str | None:
    """How many dates are listed right before it: 4月、9月|两次."""
    mention, dates = settings[place].mention, []
    end = mention.start
    for number in range(place - 1, -1, -1):
        date_ = settings[number].mention
        if not sound[number] or not date_.parts or end - date_.end > 1:
            break
        dates.append(date_.text)
        end = date_.start
    return f"{'、'.join(reversed(dates))}={mention.text}" if 2 <= len(dates) == mention.value else None


def _points(text: str, setting: Setting) -> str | None:
    """How many points the paragraph lists behind it (三项工作：第一，…), or names joined before it (“甲—乙”两级)."""
    mention = setting.mention
    if (
        mention.value is None
        or mention.value != int(mention.value)
        or not 2 <= mention.value <= len(_NUMBERS)
    ):
        return None
    count = int(mention.value)
    members = _MEMBERS.search(text[max(0, mention.start - 40) : mention.start])
    if members and len(re.split("[—－-]+", members[1])) == count:
        return f"{members[1]}={mention.text}"
    joined = _JOINED.search(text[max(0, mention.start - 40) : mention.start])
    if joined and joined[1].count("、") + 1 == count:
        return f"{joined[1]}={mention.text}"
    tiers = _TIERS.search(text[max(0, mention.start - 10) : mention.start])
    if mention.unit == "级" and tiers and len(tiers[0].replace("、", "")) == count:
        return f"{tiers[0]}={mention.text}"
    if mention.unit not in _POINTS:
        return None
    end = text.find("\n", mention.end)
    rest = text[mention.end : end if end >= 0 else len(text)]
    if "。" not in rest:  # a heading: what stands under it, up to the next of its kind
        start = text.rfind("\n", 0, mention.start) + 1
        beyond = _HEADING.search(text, mention.end) if _HEADING.match(text, start) else None
        rest = (
            text[mention.end : beyond.start() if beyond else len(text)]
            if _HEADING.match(text, start)
            else rest
        )
    for series in _SERIES:
        listed = [series.format(number) in rest for number in _NUMBERS]
        if all(listed[:count]) and not any(listed[count : count + 1]):
            return f"{series.format(_NUMBERS[0])}…{series.format(_NUMBERS[count - 1])}={mention.text}"
    return None

"""Recomputes totals whose parts are listed beside them: 共培训120人，其中党员50人、群众80人 cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise

from drafter.checks.numbers.matching import Match
from drafter.checks.numbers.surroundings import Reading, Setting
from drafter.quantities import same_unit
from drafter.report import Evidence, Finding

_TOTAL_BEFORE = re.compile(r"(?:一共|共计|共有|合计|总计|总共|共)[^，。；、]{0,12}$")
_WHOLE = re.compile(r"(?:分别|包括|包含|由|分为|构成|组成)")
_PARTS = re.compile(r"其中|分别")
_NUMERALS = "两三四五六七八九"
_SO_MANY = re.compile(rf"([{_NUMERALS}])[项类者种方面级个]")
"""How many parts are added up, where the text says so: 三类合计."""
_OTHER = re.compile(r"另|还|同时|此外|撬动|带动|并")
"""Words behind which no part of the total stands any more."""


def wrong_totals(reading: Reading, matches: Sequence[Match], check: str) -> Iterator[Finding]:
    """Findings numbers.total.

    Parts behind 其中 may not exceed their total; parts that are listed before 共 or 合计, or that make up the whole by
    分别, 包括, have to equal it. Parts are those of the total's unit in the same sentence.
    """
    by_sentence: dict[int, list[Match]] = {}
    for match in matches:
        by_sentence.setdefault(match.setting.sentence, []).append(match)
    for together in by_sentence.values():
        if len(together) < 3:
            continue
        settings = [match.setting for match in together]
        facts = {match.setting.mention.start: match.entry and match.entry.source for match in together}
        for place in range(len(settings)):
            wrong = _behind(reading, settings, place) or _before(reading, settings, place)
            if wrong is None:
                continue
            stated = [facts[setting.mention.start] for setting in (wrong.total, *wrong.parts)]
            if stated[0] and all(fact is stated[0] for fact in stated):
                continue  # the ledger says so itself: the parts overlap
            yield _finding(wrong, check)
            break


@dataclass(frozen=True)
class _Wrong:
    """A total that its parts do not come to."""

    total: Setting
    parts: Sequence[Setting]
    value: Decimal


def _behind(reading: Reading, settings: Sequence[Setting], place: int) -> _Wrong | None:
    """The total stands first: 120人，其中A 50人、B 80人."""
    total = settings[place]
    if place + 2 >= len(settings) or not _summable(total):
        return None
    lead = reading.text[total.mention.end : settings[place + 1].mention.start]
    cue = _PARTS.search(lead)
    if cue is None or len(lead) > 16:
        return None
    parts: list[Setting] = []
    for before, other in zip(settings[place:], settings[place + 1 :], strict=False):
        if parts and _OTHER.search(_between(reading, before, other)):
            break
        if _summable(other) and _alike(other, total):
            parts.append(other)
    if len(parts) < 2 or any(_PARTS.search(_between(reading, *pair)) for pair in pairwise(parts)):
        return None
    value = sum((_value(part) for part in parts), Decimal(0))
    if _value(total) in list(accumulate(_value(part) for part in parts))[1:]:
        return None  # what stands behind is told of the parts: 41家，其中A 27家、B 14家，2家是省级
    exact = cue[0] == "分别" and len(parts) == len(settings) - place - 1
    if value > _value(total) or (exact and value != _value(total)):
        return _Wrong(total, parts, value)
    return None


def _before(reading: Reading, settings: Sequence[Setting], place: int) -> _Wrong | None:
    """The total stands last: A 50人、B 80人，共120人."""
    total = settings[place]
    before = reading.text[max(0, total.mention.start - 16) : total.mention.start]
    if place < 2 or not _summable(total) or not _TOTAL_BEFORE.search(before):
        return None
    parts: list[Setting] = []
    for other in reversed(settings[:place]):
        if not (_summable(other) and _alike(other, total)):
            break
        gap = reading.text[other.mention.end : (parts[-1] if parts else total).mention.start]
        if len(gap) > 16:
            break
        parts.append(other)
    parts.reverse()
    if len(parts) < 2 or any(part.clause != parts[0].clause for part in parts):
        return None
    counted = _SO_MANY.search(before)
    if counted and _NUMERALS.index(counted[1]) + 2 != len(parts):
        return None  # of 三类合计 two stand here
    value = sum((_value(part) for part in parts), Decimal(0))
    return _Wrong(total, parts, value) if value != _value(total) else None


def _between(reading: Reading, one: Setting, other: Setting) -> str:
    return reading.text[one.mention.end : other.mention.start]


def _summable(setting: Setting) -> bool:
    mention = setting.mention
    return (
        mention.kind in ("cardinal", "money")
        and mention.value is not None
        and mention.high is None
        and mention.approximation is None
        and mention.unit is not None
    )


def _alike(one: Setting, other: Setting) -> bool:
    return same_unit(one.value.unit, other.value.unit)


def _value(setting: Setting) -> Decimal:
    return setting.value.low or Decimal(0)


def _finding(wrong: _Wrong, check: str) -> Finding:
    mention = wrong.total.mention
    formula = "+".join(part.mention.text for part in wrong.parts) + f"≠{mention.text}"
    return Finding(
        check=check,
        code="numbers.total",
        severity="error",
        message=f"“{mention.text}”与所列各项对不上：各项合计为{wrong.value.normalize():f}，请核对",
        start=mention.start,
        end=mention.end,
        text=mention.text,
        evidence=(Evidence(formula=formula),),
    )

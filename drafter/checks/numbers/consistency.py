"""One indicator, two values: the same thing told twice in a text with different figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from drafter.checks.numbers.deeds import open_in
from drafter.checks.numbers.matching import Match
from drafter.checks.numbers.surroundings import Reading, Setting, marks_of
from drafter.checks.numbers.values import bears_out
from drafter.report import Evidence, Finding

_ENOUGH_WORDS = 3
"""Pairs of characters that a cell must have to name an indicator by itself (全镇|户籍|人口)."""


def two_values(reading: Reading, matches: Sequence[Match], check: str) -> Iterator[Finding]:
    """Findings numbers.inconsistent, at the later of the two.

    An indicator is what stands beside the figure, with its unit and all the dates of its clause; it has to be alike in
    both places. Figures that two facts bear out each in its own place are not in question.
    """
    known: dict[tuple[object, ...], Match] = {}
    for match in matches:
        setting = match.setting
        if setting.mention.parts or setting.mention.value is None or len(setting.local) < _ENOUGH_WORDS:
            continue
        # the clause has to say the same throughout: 柳塘村新建公厕3座 is not 杏花村新建公厕2座
        words = _around(reading.clauses[setting.clause].words, setting)
        # 49人没有学会换气 are others than 87人学会换气
        key = (setting.value.sort, setting.value.unit, words, setting.local, open_in(setting.cell))
        earlier = known.setdefault(key, match)
        if earlier is match or _agree(earlier.setting, setting):
            continue
        if _own_facts(earlier, match) or _same_list(earlier.setting, setting):
            continue
        yield _finding(reading, earlier.setting, setting, check)


def _agree(one: Setting, other: Setting) -> bool:
    return bears_out(one.value, other.value) or bears_out(other.value, one.value)


def _own_facts(one: Match, other: Match) -> bool:
    """Whether two facts that differ in more than the value bear the two out."""
    if not (one.entry and other.entry) or one.entry.source is other.entry.source:
        return False
    return _around(one.entry.words, one.entry.setting) != _around(other.entry.words, other.entry.setting)


def _around(words: frozenset[str], setting: Setting) -> frozenset[str]:
    """The words without what the quantity itself lends them; 60岁以上 beside it is a matter of its own."""
    return words.difference(marks_of(setting.mention, setting.value))


def _same_list(one: Setting, other: Setting) -> bool:
    return one.sentence == other.sentence


def _finding(reading: Reading, one: Setting, other: Setting, check: str) -> Finding:
    mention = other.mention
    start, end = reading.span_of(one.sentence)
    return Finding(
        check=check,
        code="numbers.inconsistent",
        severity="error",
        message=f"同一事项前后不一：前文是“{one.mention.text}”，这里是“{mention.text}”",
        start=mention.start,
        end=mention.end,
        text=mention.text,
        evidence=(Evidence(text=reading.text[start:end]),),
    )

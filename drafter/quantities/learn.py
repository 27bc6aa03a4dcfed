"""Learns set phrases from a corpus: what stands with the same Chinese numeral in independent documents, and never another.

A count varies from office to office and from year to year; 四个专班 that every office of a county has does not. Anything that
looks like a count is left alone, since a count taken for a phrase would go unchecked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from drafter.quantities.context import lead_of
from drafter.quantities.find import find
from drafter.quantities.mention import Mention
from drafter.quantities.rules import begins_with, measure_at, words

INDEPENDENT = 3
"""So many origins have to use a phrase."""
_SHORT = re.compile(r"[一二两三四五六七八九十]")
_NUMERAL = re.compile(r"[零〇一二三四五六七八九十百千万亿两半0-9]+")
_RUN = re.compile(r"[\u4e00-\u9fff]{1,6}")
_STOP = re.compile(r"[的了和与及等要是为在对将以从向被并也都]")
"""A phrase ends before one of these."""
_OPEN, _CLOSE = '“"‘「', '”"’」'
_GENERAL = frozenset({"个", "大", "类", "项", "条", "重", "种", "级", "张", "本", "套", "支"})
"""Measure words that slogans have too; any other (名, 次, 户, 元) always counts."""


def learn_phrases(documents: Iterable[tuple[str, str]]) -> list[str]:
    """Phrases with a Chinese numeral that never varies, each seen in at least three origins, in alphabetical order.

    `documents` are pairs of an origin (the organisation that wrote it) and a text. What is learnt can be given to
    `find(text, phrases=…)`. Never learnt: what stands with another numeral anywhere (三个专班, 3个专班), what counts
    deeds, persons, places or money, and what one origin alone repeats.
    """
    origins: defaultdict[str, set[str]] = defaultdict(set)
    numerals: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    counted: set[str] = set()
    for origin, text in documents:
        for mention in find(text):
            if mention.kind in ("date", "period", "enumerator", "ordinal"):
                continue
            for before, numeral, after in _candidates(text, mention):
                numerals[before, after].add(numeral)
                phrase = before + numeral + after
                if _counts(text, mention, before, after):
                    counted.add(phrase)
                else:
                    origins[phrase].add(origin)
    found = {
        phrase
        for phrase, seen in origins.items()
        if len(seen) >= INDEPENDENT and phrase not in counted and _never_varies(phrase, numerals)
    }
    # 三专一会 makes 三专 needless where every origin that has the short one has the long one
    return sorted(
        phrase
        for phrase in found
        if not any(
            phrase != other and phrase in other and origins[phrase] <= origins[other] for other in found
        )
    )


def _candidates(text: str, mention: Mention) -> Iterable[tuple[str, str, str]]:
    """The mention with what stands in the same quotation marks, or else with one to four characters after it."""
    start, end = mention.numeral_start, mention.numeral_end
    numeral = text[start:end]
    opening = max((text.rfind(mark, max(0, start - 6), start) for mark in _OPEN), default=-1)
    if opening >= 0:
        closing = min((place for mark in _CLOSE if (place := text.find(mark, end, end + 8)) >= 0), default=-1)
        inside = text[opening + 1 : closing] if closing > 0 else ""
        if inside and _RUN.fullmatch(inside.replace(numeral, "")[:6] or "-"):
            yield text[opening + 1 : start], numeral, text[end:closing]
            return
    if mention.kind == "phrase" and mention.end > end + 1:  # 三联三帮, told by its shape
        yield text[mention.start : start], numeral, text[end : mention.end]
        return
    run = _RUN.match(text, end)
    words_after = _STOP.split(run[0])[0] if run else ""
    measure = measure_at(text, end)
    least = measure.length + 2 if measure and measure.canonical in _GENERAL else 2
    for length in range(min(least, 4), min(len(words_after), 4) + 1):
        yield "", numeral, words_after[:length]


def _counts(text: str, mention: Mention, before: str, after: str) -> bool:
    """Whether the numeral counts what follows here: with an Arabic figure, a measure of things, or a deed before it."""
    numeral = text[mention.numeral_start : mention.numeral_end]
    if not _SHORT.fullmatch(numeral) or mention.approximation or mention.kind in ("money", "percent"):
        return True
    quoted = text[mention.numeral_start - len(before) - 1 : mention.numeral_start - len(before)] in tuple(
        _OPEN
    )
    measure = measure_at(text, mention.numeral_end)
    if measure is None or quoted:
        return False
    if measure.canonical not in _GENERAL or measure.length >= len(after):
        return True
    thing = after[measure.length :]
    if begins_with("countable.txt").match(thing) or thing[-1:] in words("countable.txt"):
        return True
    return mention.deed is not None or lead_of(text, mention.numeral_start, 0).endswith(
        ("共", "有", "达", "了")
    )


def _never_varies(phrase: str, numerals: dict[tuple[str, str], set[str]]) -> bool:
    """Whether the words around the numeral never stand with another one."""
    for match in _NUMERAL.finditer(phrase):
        seen = numerals.get((phrase[: match.start()], phrase[match.end() :]))
        if seen is not None and len(seen) > 1:
            return False
    return True

"""Whose the figures of a fact are: the places and bodies that it names, and what tells it from facts of its kind."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from drafter.checks.rules import words
from drafter.checks.sources import Source, Sources
from drafter.checks.wording import pairs
from drafter.corpus.names import find_names

_LONGEST = 10
"""No owner's name is longer."""
_LEAST_ALIKE = 4
"""So many characters have to be alike in two facts that differ in their owner alone."""
_PLACE = re.compile(r"[\u3400-\u9fff]{1,6}?(?:村|社区|街道|镇|乡)")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_NUMERAL = "\\d０-９一二三四五六七八九十两"


@dataclass(frozen=True, slots=True)
class Owners:
    """The owners of all facts.

    `told_apart[id of a source]` is the beginning that tells the fact from others of the same wording (仁和 of
    仁和敬老院改造房间42间 beside 松鹤敬老院改造房间35间), with the beginnings of those others.
    """

    names: re.Pattern[str] | None
    """The names of places and bodies that the facts hold; the office's own is none."""
    own: dict[int, frozenset[str]]
    """The names that each fact and its topic hold, by the id of its source."""
    told_apart: dict[int, tuple[str, frozenset[str]]]
    words: frozenset[str]
    """The pairs of characters of all these names."""

    @classmethod
    def of(cls, sources: Sources) -> Owners:
        """The owners that the facts name."""
        office = sources.ledger.organization
        texts = {id(source): f"{source.text}，{source.topic}" for source in sources.facts}
        found = {
            name
            for source in sources.facts
            for name in (*places_in(texts[id(source)]), *_subject_of(source.text))
            if name not in office
        }
        names = re.compile("|".join(map(re.escape, _longest_first(found)))) if found else None
        own = {key: frozenset(names.findall(text)) if names else frozenset() for key, text in texts.items()}
        apart = _told_apart(sources.facts)
        all_words = [pairs(name) for of in own.values() for name in of]
        all_words += [pairs(name) for name, _ in apart.values()]
        return cls(names, own, apart, frozenset().union(*all_words))

    def in_text(self, text: str) -> frozenset[str]:
        """Which of the names stand in the text."""
        return frozenset(self.names.findall(text)) if self.names else frozenset()

    def named(self, source: Source, text: str, found: frozenset[str]) -> bool:
        """Whether the text names an owner of the fact; `found` are the names in the text."""
        apart = self.told_apart.get(id(source))
        return bool(found & self.own.get(id(source), frozenset())) or (apart is not None and apart[0] in text)


def places_in(text: str) -> list[str]:
    """The villages, communities and townships that the text names, alone or in the name of a body (竹坪村幸福院)."""
    found = (_PLACE.match(name.text) for name in find_names(text) if not name.common)
    return [match[0] for match in found if match]


def _told_apart(facts: Sequence[Source]) -> dict[int, tuple[str, frozenset[str]]]:
    """Facts with one wording but for their figures and a few characters at the beginning, by these characters."""
    groups: dict[str, dict[str, Source]] = defaultdict(dict)
    for source in facts:
        shape = _shape(source)
        end = shape.find(_BLANK)
        for size in range(2, min(_LONGEST, end) + 1):
            rest = shape[size:]
            if _HAN.fullmatch(shape[:size]) and sum(map(len, _HAN.findall(rest))) >= _LEAST_ALIKE:
                groups[rest].setdefault(shape[:size], source)
    found: dict[int, tuple[str, frozenset[str]]] = {}
    for beginnings in groups.values():
        if len(beginnings) < 2 or len({name[-1] for name in beginnings}) == 1:
            continue  # where their last characters are alike too, a shorter beginning tells them apart
        for name, source in beginnings.items():
            known = found.get(id(source))
            if known is None or len(known[1]) < len(beginnings):
                found[id(source)] = name, frozenset(beginnings)
    return found


_BLANK = "□"


def _shape(source: Source) -> str:
    """The text of a fact with a mark for each of its figures and dates."""
    pieces, at = [], 0
    for mention in source.mentions:
        pieces.append(source.text[at : mention.start])
        at = max(at, mention.end)
    return _BLANK.join((*pieces, source.text[at:]))


def _subject_of(text: str) -> list[str]:
    """The body that a fact begins with; what is counted (合作社7家) is none."""
    ends = "|".join(_longest_first(words("body_ends.txt")))
    match = re.match(rf"([\u3400-\u9fff]{{2,6}}?(?:{ends}))(?![{_NUMERAL}])[\u3400-\u9fff：:，]", text)
    return [match[1]] if match else []


def _longest_first(found: Iterable[str]) -> list[str]:
    return sorted(found, key=len, reverse=True)

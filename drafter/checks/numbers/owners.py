"""Whose the figures of a fact are: the places and bodies that it names, and what tells it from facts of its kind."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain

from drafter.checks.numbers.deeds import deeds
from drafter.checks.rules import words
from drafter.checks.sources import Source, Sources
from drafter.checks.wording import pairs, shared_start
from drafter.corpus.names import find_names

_LONGEST = 6
"""No name that tells two facts apart is longer."""
_LEAST_ALIKE = 4
"""So many characters have to be alike in two facts that differ in their owner alone."""
_NEAREST = 3
"""So many facts on either side, in the order of their wording, show what differs; to compare each with all takes too long."""
_PLACE = re.compile(r"[\u3400-\u9fff]{1,6}?(?:村|社区|街道|镇|乡)")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_NOT_HAN = re.compile(r"[^\u3400-\u9fff]")
_NUMERAL = "\\d０-９一二三四五六七八九十两"


@dataclass(frozen=True)
class Owners:
    """The owners of all facts.

    `told_apart[id of a source]` is what tells the fact from others of the same wording (仁和 of 仁和敬老院改造房间42间
    beside 松鹤敬老院改造房间35间), with what tells those others.
    """

    names: re.Pattern[str] | None
    """The names of places and bodies that the facts hold; the office's own is none."""
    own: dict[int, frozenset[str]]
    """The names that each fact and its topic hold, by the id of its source."""
    told_apart: dict[int, tuple[str, frozenset[str]]]

    @classmethod
    def of(cls, sources: Sources) -> Owners:
        """The owners that the facts name."""
        office = sources.ledger.organization
        texts = {id(source): f"{source.text}，{source.topic}" for source in sources.facts}
        found = {
            name
            for source in sources.facts
            for name in _timeless([*places_in(texts[id(source)]), *_subject_of(source.text)], source)
            if name not in office
        }
        names = re.compile("|".join(map(re.escape, _longest_first(found)))) if found else None
        own = {key: frozenset(names.findall(text)) if names else frozenset() for key, text in texts.items()}
        return cls(names, own, _told_apart(sources.facts))

    @cached_property
    def words(self) -> frozenset[str]:
        """The pairs of characters of all these names."""
        apart = (name for name, _ in self.told_apart.values())
        return frozenset().union(*map(pairs, {*apart, *chain.from_iterable(self.own.values())}))

    def in_text(self, text: str) -> frozenset[str]:
        """Which of the names stand in the text."""
        return frozenset(self.names.findall(text)) if self.names else frozenset()

    def named(self, source: Source, text: str, found: frozenset[str]) -> bool:
        """Whether the text names an owner of the fact; `found` are the names in the text."""
        apart = self.told_apart.get(id(source))
        if found & self.own.get(id(source), frozenset()):
            return True
        return apart is not None and _short(apart[0]) in text


def _timeless(names: Iterable[str], source: Source) -> Iterator[str]:
    """The names without a time that they seem to begin with (三季度在|北港社区)."""
    for name in names:
        at = source.text.find(name)
        ends = [m.end - at for m in source.mentions if m.parts and m.start <= at < m.end < at + len(name) - 2]
        yield name[max(ends) :].removeprefix("在") if at >= 0 and ends else name


def _short(name: str) -> str:
    """What a name may be shortened to (耕地地力 to 耕地, 新柳社区 to 新柳)."""
    return name[:2] if len(name) > 3 else name


def places_in(text: str) -> list[str]:
    """The villages, communities and townships that the text names, alone or in the name of a body (竹坪村幸福院)."""
    if not _PLACE.search(text):
        return []
    found = (_PLACE.match(name.text) for name in find_names(text) if not name.common)
    return [match[0] for match in found if match and not _TAIL.fullmatch(deeds().sub("", match[0]))]


_TAIL = re.compile(r"村|社区|街道|镇|乡")
"""What is left of no name where a deed stood before it (新建|社区)."""


def _told_apart(facts: Sequence[Source]) -> dict[int, tuple[str, frozenset[str]]]:
    """Facts of one wording but for their figures and a few characters before the first of them, by these characters."""
    groups: dict[tuple[str, ...], list[tuple[str, Source]]] = defaultdict(list)
    for source in facts:
        lead, *rest = _shape(source)
        if lead and rest:
            groups[tuple(rest)].append((lead, source))
    found: dict[int, tuple[str, frozenset[str]]] = {}
    for pieces, records in groups.items():
        alike = sum(len(_NOT_HAN.sub("", piece)) for piece in pieces)
        peers = _peers({lead for lead, _ in records}, len(pieces), alike)
        for lead, source in records:
            if lead in peers:
                texts = [lead, *peers[lead]]
                backwards = [text[::-1] for text in texts]
                # what the first and the last in order begin with alike, all begin with
                start = shared_start(min(texts), max(texts))
                end = shared_start(min(backwards), max(backwards))
                names = [_named_at(text, start, end) for text in texts]
                found[id(source)] = names[0], frozenset(names)
    return found


def _peers(leads: Iterable[str], figures: int, alike: int) -> dict[str, set[str]]:
    """For each of the leads those that differ from it in a name alone, of those that begin, or end, most like it."""
    found: dict[str, set[str]] = defaultdict(set)
    for ordered in (sorted(leads), sorted(leads, key=lambda lead: lead[::-1])):
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 : place + 1 + _NEAREST]:
                if _parallel(one, other, figures, alike):
                    found[one].add(other)
                    found[other].add(one)
    return found


def _parallel(one: str, other: str, figures: int, alike: int) -> bool:
    """Whether two leads differ in a name alone; one figure tells of a name only at the beginning of the fact."""
    if figures == 1 and one[0] == other[0]:
        return False
    start = shared_start(one, other)
    behind = start + _LONGEST  # all that stands there has to be alike
    if not (one.endswith(other[behind:]) and other.endswith(one[behind:])):
        return False
    end = shared_start(one[::-1], other[::-1])
    cores = (text[start : len(text) - end] for text in (one, other))
    return start + end + alike >= _LEAST_ALIKE and all(_HAN.fullmatch(core) for core in cores)


def _named_at(text: str, start: int, end: int) -> str:
    """What stands there, with the next character where it is one alone (东|街, 西|街)."""
    core = text[start : len(text) - end]
    return core if len(core) > 1 else text[start : len(text) - end + 1]


def _shape(source: Source) -> list[str]:
    """What stands between the figures and dates of a fact."""
    pieces, at = [], 0
    for mention in source.mentions:
        pieces.append(source.text[at : mention.start])
        at = max(at, mention.end)
    return [*pieces, source.text[at:]]


def _subject_of(text: str) -> list[str]:
    """The body that a fact begins with; what is counted (合作社7家) is none."""
    match = _subject().match(text)
    return [match[1]] if match else []


@cache
def _subject() -> re.Pattern[str]:
    ends = "|".join(_longest_first(words("body_ends.txt")))
    return re.compile(rf"([\u3400-\u9fff]{{2,6}}?(?:{ends}))(?![{_NUMERAL}])[\u3400-\u9fff：:，]")


def _longest_first(found: Iterable[str]) -> list[str]:
    return sorted(found, key=len, reverse=True)

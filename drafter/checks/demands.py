"""What the facts of a ledger ask of a text: figures, names, and for each of their clauses the words that carry it.

Words are compared by pairs of characters, so that neither a cut of words nor their order matters.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from drafter.checks.folding import squeeze
from drafter.checks.numbers.dating import Calendar
from drafter.checks.numbers.deeds import deeds
from drafter.checks.numbers.index import Entry, Index
from drafter.checks.rules import read_rules, words
from drafter.checks.sources import Source, without_mentions
from drafter.checks.wording import ordered_pairs
from drafter.corpus.names import find_names

_QUOTED = re.compile(r"《[^《》\n]{1,60}》|“[^“”\n]{1,30}”")
_MARKS = str.maketrans(dict.fromkeys("《》"))
_SEGMENT = re.compile(r"[^，。；：、！？,;:（）()\n]+")
_EMPTY_TAGS = frozenset("upcdrxwyeo")
"""jieba's parts of speech that carry no matter by themselves; numerals are gone by then."""
_NO_NAME = frozenset("vadtp")
"""And those that no name of a place or body holds."""
_VERB = 0.6
"""What a verb weighs beside a noun: a report tells the deed in its own words more often than the thing."""
_FORMS = 12
"""So many other words for one word are tried."""

Pairs = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that carries matter; `forms` are its pairs of characters, and those of each word that may stand for it."""

    text: str
    weight: float
    forms: tuple[Pairs, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A clause of a fact, or an item of an enumeration in it."""

    text: str
    keywords: tuple[Keyword, ...]
    entries: tuple[Entry, ...]
    pairs: Pairs
    """All its wording, for words that were cut wrongly."""
    weight: float
    """What its words weigh together."""
    things: frozenset[str]
    """The characters of its wording that do not say what was done."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What one fact asks for. Dates that the report's period implies are not asked for."""

    source: Source
    segments: tuple[Segment, ...]
    names: tuple[str, ...]
    """Quoted names, places, bodies and persons, without marks."""
    apart: str
    """What tells it from facts of the same wording (西 of 西街 beside 东街)."""
    pairs: frozenset[str]

    entries: tuple[Entry, ...]
    """Its figures and dates."""
    weight: float
    """What its words weigh together."""


def demands_of(index: Index) -> Sequence[Demand]:
    """The demands of all facts of the ledger, worked out once."""
    return _asked_by(index)[1]


def words_of(index: Index) -> frozenset[str]:
    """The pairs of characters of all words that the demands may be told in."""
    return _asked_by(index)[2]


def _asked_by(index: Index) -> tuple[Index, Sequence[Demand], frozenset[str]]:
    for known in _recent:
        if known[0] is index:
            return known
    calendar = Calendar.of(index)
    entries: dict[int, list[Entry]] = defaultdict(list)
    for entry in index.entries:
        if entry.mention.countable and not calendar.implied(entry.mention, "", planned=False):
            entries[id(entry.source)].append(entry)
    made = tuple(_demand(source, entries[id(source)], index) for source in index.sources.facts)
    segments = [segment for demand in made for segment in demand.segments]
    forms = [form for segment in segments for keyword in segment.keywords for form in keyword.forms]
    asked = frozenset().union(*forms, *(segment.pairs for segment in segments))
    _recent.append((index, made, asked))
    return _recent[-1]


_recent: deque[tuple[Index, Sequence[Demand], frozenset[str]]] = deque(maxlen=4)


def _demand(source: Source, entries: Sequence[Entry], index: Index) -> Demand:
    text = source.text
    blank = without_mentions(text, source.mentions, 0, len(text))
    segments = []
    for match in _SEGMENT.finditer(text):
        start, end = match.span()
        own = tuple(entry for entry in entries if start <= entry.mention.start < end)
        keywords = _keywords(blank[start:end], index)
        weight = sum(keyword.weight for keyword in keywords)
        wording = tuple(dict.fromkeys(ordered_pairs(blank[start:end])))
        things = frozenset("".join(ordered_pairs(deeds().sub(" ", blank[start:end]))))
        segments.append(Segment(match[0].strip(), keywords, own, wording, weight, things))
    names = dict.fromkeys(squeeze(found).translate(_MARKS) for found in _QUOTED.findall(text))
    names |= dict.fromkeys(map(_without_verb, sorted(index.owners.own.get(id(source), ()))))
    names |= {found.text: None for found in find_names(text) if found.kind == "person" and not found.common}
    office = index.sources.ledger.organization
    wanted = tuple(
        name for name in names if name and name not in office and name in squeeze(text).translate(_MARKS)
    )
    return Demand(
        source,
        tuple(segments),
        wanted,
        index.owners.told_apart.get(id(source), ("", frozenset()))[0],
        frozenset(ordered_pairs(blank)),
        tuple(entry for segment in segments for entry in segment.entries),
        sum(segment.weight for segment in segments),
    )


def _without_verb(name: str) -> str:
    """The name behind the last verb or time in it (明确|水库, 明年|完成|小河村); nothing where no name is left."""
    import rjieba  # half of the time of an import of drafter

    rest = at = 0
    for word, tag in rjieba.tag(name):
        at += len(word)
        if tag[0] in _NO_NAME:
            rest = at
    found = name[rest:]
    return "" if found in words("body_ends.txt") else found


def _keywords(text: str, index: Index) -> tuple[Keyword, ...]:
    import rjieba

    dull = words("dull_words.txt") | words("fillers.txt")
    found: dict[str, float] = {}
    run = ""
    for word, tag in [*rjieba.tag(text), (" ", "w")]:
        empty = tag[0] in _EMPTY_TAGS or word in dull
        if len(word) == 1 and not empty:
            run += word  # 改|厕, 占|道
            continue
        if len(run) > 1:
            found[run] = _VERB
        run = ""
        if not empty and len(word) > 1:
            found[word] = _VERB if tag[0] in "va" and tag != "vn" else 1.0
    made = []
    for word, weight in found.items():
        forms = tuple(dict.fromkeys(tuple(ordered_pairs(form)) for form in (word, *other_words(word))))
        if forms[0]:
            rare = min(1.0, max(index.weight(pair) for pair in forms[0]))
            made.append(Keyword(word, weight * rare, tuple(form for form in forms if form)))
    return tuple(made)


@cache
def other_words(word: str) -> tuple[str, ...]:
    """Words that may stand for this one; of a longer word also with a part of it exchanged."""
    groups = _groups()
    return tuple(dict.fromkeys(other for other in groups.get(word, ()) if other != word and len(other) > 1))[
        :_FORMS
    ]


@cache
def _groups() -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for name in ("rewordings.txt", "synonyms.txt"):
        for row in read_rules(name, 99):
            for word in row:
                groups[word].extend(row)
    return groups


def plain(text: str) -> str:
    """The text as names are looked for in it: folded, without quotation marks, title marks and blanks."""
    return squeeze(text).translate(_MARKS)

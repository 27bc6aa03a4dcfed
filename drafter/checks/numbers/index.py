"""The quantities of a ledger, to be looked up by value, by unit and by the words around them. Read once a ledger."""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from drafter.checks.numbers.deeds import deeds
from drafter.checks.numbers.nouns import Noun, bare, noun_of
from drafter.checks.numbers.owners import Owners
from drafter.checks.numbers.surroundings import Setting, marks_of, read
from drafter.checks.numbers.things import Thing, Things
from drafter.checks.numbers.values import Key, Value, same_measure
from drafter.checks.sources import Source, Sources
from drafter.checks.wording import pairs
from drafter.quantities import Mention, same_unit

_CELL, _CLAUSE, _BEFORE, _SENTENCE, _TOPIC, _FACT = 1.0, 0.8, 0.55, 0.5, 0.4, 0.25
"""How much a word says about a quantity of its fact, by where it stands."""
_OWN_NAME = 0.2
"""What is left of the weight of words that the whole report is about (the office, its theme)."""

_TIME = 2.0
"""How much more a date says than a pair of characters."""

_DEED = 1.5
"""And a verb: 改建 tells 改建45公里 from 新建公路19公里 better than 公路 does."""


_LEAST = 0.05
"""Words that weigh less stand in so many facts that they are not asked."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One quantity that a fact, a topic or the header states, in its place."""

    number: int
    source: Source
    setting: Setting
    words: frozenset[str]
    """The words of its sentence, its fact's topic with them."""
    things: Things
    """What the quantities of its source count."""
    place: int
    """Its place among these."""

    @property
    def mention(self) -> Mention:
        """The quantity itself."""
        return self.setting.mention

    @property
    def thing(self) -> Thing:
        """What it counts."""
        return self.things.all[self.place]

    @property
    def text(self) -> str:
        """The quantity as the fact writes it."""
        return self.source.text[self.mention.start : self.mention.end]


class Index:
    """The entries of a ledger with the weight of every word; words that few facts have weigh most, at most 1."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.entries: list[Entry] = []
        self.by_key: dict[Key, list[Entry]] = defaultdict(list)
        self.by_sort: dict[tuple[str, str | None], list[Entry]] = defaultdict(list)
        self.by_digits: dict[Decimal | None, list[Entry]] = defaultdict(list)
        self.postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self.frequency: Counter[str] = Counter()
        self._units = 0
        for source in sources.facts:
            self._read(source, pairs(source.topic), is_fact=True)
        for source in (*sources.header, *sources.topics):
            if source.mentions:
                self._read(source, frozenset(), is_fact=False)
        self._own = sources.own_words
        self._alike: dict[tuple[str, str | None], tuple[Entry, ...]] = {}
        self._weights: dict[str, float] = {}
        self._said: dict[str, Sequence[tuple[int, float]]] = {}
        self._nouns: dict[int, Noun] = {}

    @classmethod
    def of(cls, sources: Sources) -> Index:
        """The index of these sources, read once for all checks of all wordings of a ledger."""
        known = next((index for index in _recent if index.sources is sources), None)
        if known is None:
            known = cls(sources)
            _recent.append(known)
        return known

    def weight(self, word: str) -> float:
        """How well the word tells one fact from another: 1 for a word of one fact, 0 for one that no fact has."""
        known = self._weights.get(word)
        if known is None:
            count = self.frequency.get(word, 0)
            known = 0.0
            if count:
                rare = math.log(1 + self._units / 1.5)
                known = math.log(1 + self._units / (count + 0.5)) / rare if rare else 1.0
                if word in self._own:
                    known *= _OWN_NAME
                if word.startswith("@"):
                    known *= _TIME
                elif deeds().fullmatch(word):
                    known *= _DEED
            self._weights[word] = known
        return known

    def said(self, word: str) -> Sequence[tuple[int, float]]:
        """How much the word says of each entry, by the entry's number; one that nearly all facts have says nothing."""
        known = self._said.get(word)
        if known is None:
            weight = self.weight(word)
            known = [(number, weight * factor) for number, factor in self.postings[word] if weight >= _LEAST]
            self._said[word] = known
        return known

    def alike(self, value: Value) -> Sequence[Entry]:
        """Entries that could be values of the same thing, by their unit alone; of a date all dates."""
        sort, unit = value.sort, value.unit
        found = self._alike.get((sort, unit))
        if found is None:
            found = tuple(
                entry
                for (of, other), entries in self.by_sort.items()
                if of == sort and same_unit(unit, other)
                for entry in entries
            )
            self._alike[sort, unit] = found
        return found

    def noun(self, entry: Entry) -> Noun:
        """What the entry counts; one that says only what was done goes on with the noun before it (新建公厕5座，改造8座)."""
        known = self._nouns.get(entry.number)
        if known is None:
            known = noun_of(entry.setting)
            before = self.entries[entry.number - 1] if entry.number else None
            if (
                before
                and before.source is entry.source
                and not bare(entry.setting)
                and same_measure(before.setting.value, entry.setting.value)
            ):
                known = self.noun(before)
            self._nouns[entry.number] = known
        return known

    @cached_property
    def owners(self) -> Owners:
        """Whose the figures of each fact are."""
        return Owners.of(self.sources)

    def _read(self, source: Source, topic: frozenset[str], *, is_fact: bool) -> None:
        mentions = sorted((*source.mentions, *source.times), key=lambda mention: mention.start)
        reading = read(source.text, mentions)
        everything = frozenset().union(*(clause.words for clause in reading.clauses), topic)
        everything = everything.union(*(setting.local for setting in reading.settings))
        if is_fact:
            self._units += 1
            self.frequency.update(everything)
        things = Things(source.mentions)
        for place, setting in enumerate(reading.settings):
            sentence = reading.words_of(setting.sentence)
            entry = Entry(len(self.entries), source, setting, sentence | topic, things, place)
            self.entries.append(entry)
            value = setting.value
            self.by_sort[value.sort, value.unit].append(entry)
            key = value.key
            if key:
                self.by_key[key].append(entry)
                if source.fact:
                    self.by_digits[setting.mention.value].append(entry)
            weights = dict.fromkeys(everything, _FACT)
            weights.update(dict.fromkeys(topic, _TOPIC))
            weights.update(dict.fromkeys(sentence, _SENTENCE))
            for clause in reading.clauses[reading.sentences[setting.sentence][0] : setting.clause]:
                weights.update(dict.fromkeys(clause.words, _BEFORE))  # the subject stands at the head
            weights.update(dict.fromkeys(reading.clauses[setting.clause].words, _CLAUSE))
            weights.update(dict.fromkeys(setting.local, _CELL))
            for word in marks_of(setting.mention, value):
                weights.pop(word, None)  # its own value says nothing about what it counts
            for word, weight in weights.items():
                self.postings[word].append((entry.number, weight))


_recent: deque[Index] = deque(maxlen=8)

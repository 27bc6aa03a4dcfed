"""Whether plans are told as done and deeds as planned, by the words of a sentence, its section and the ledger's roles.

A sentence belongs to a fact when it carries all its figures and enough of its words; to the one that it carries best.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal, NamedTuple

from drafter.checks.numbers.deeds import deeds_of
from drafter.checks.numbers.values import value_of
from drafter.checks.rules import read_rules
from drafter.checks.sentences import Sentence
from drafter.checks.sources import Source, Sources, without_mentions
from drafter.checks.wording import pairs
from drafter.facts import Fact
from drafter.quantities import Mention

_CLAUSE = re.compile("[^，：,:。；]+")
_WITH_FIGURES, _WITHOUT = 0.45, 0.7
"""Shares of a fact's words that a sentence has to have, where the fact has figures and where it has none."""
_FEWEST = 3
"""Pairs of characters that a sentence shares at least with a fact without figures."""
_LEAD = 0.15
"""By how much a fact has to outdo those of other roles."""
_COMMON = 60
"""A word of so many facts is not looked up."""


class Wrong(NamedTuple):
    """A sentence in the wrong tense, where in it that shows, and the fact that it tells, where one is known."""

    sentence: Sentence
    start: int
    end: int
    fact: Source | None
    told: Literal["done", "planned"]


def wrong_tenses(sentences: Sequence[Sentence], sources: Sources) -> Iterator[Wrong]:
    """Sentences that tell a plan as done, or a deed as planned, in order."""
    ledger = _Ledger.of(sources)
    for sentence in sentences:
        done = _done().search(sentence.text)
        ahead = _ahead().search(sentence.text)
        back = _back().search(sentence.text)
        if sentence.role == "problem":
            continue
        if sentence.role == "plan":
            if done and not ahead and not back and not _attributive(sentence.text, done.end()):
                known = ledger.told_by(sentence)
                yield Wrong(sentence, *_clause(sentence, done.start()), known and known[1], "done")
            elif not done and not back and (found := ledger.told_by(sentence)) and found[0].role == "done":
                yield Wrong(sentence, 0, len(sentence.text), found[1], "planned")
            continue
        planned = _planned().search(sentence.text)
        if not (planned or not ahead):
            continue
        found = ledger.told_by(sentence)
        if found is None:
            continue
        fact, source = found
        if fact.role == "done" and planned and not done:
            yield Wrong(sentence, *_clause(sentence, planned.start()), source, "planned")
        elif fact.role == "plan" and not ahead and (done or sentence.role == "done"):
            yield Wrong(sentence, *_clause(sentence, done.start() if done else 0), source, "done")


def _clause(sentence: Sentence, at: int) -> tuple[int, int]:
    for match in _CLAUSE.finditer(sentence.text):
        if match.start() <= at < match.end():
            return match.span()
    return 0, len(sentence.text)


def _attributive(text: str, end: int) -> bool:
    """Whether what was done only describes something: 已建成的站点."""
    return re.match("[^，。；：]{0,2}的", text[end:]) is not None


@dataclass(frozen=True)
class _Known:
    fact: Fact
    source: Source
    figures: frozenset[object]
    words: frozenset[str]


class _Ledger:
    """The facts of a ledger by their words. Read once a ledger."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources

    @classmethod
    def of(cls, sources: Sources) -> _Ledger:
        known = next((ledger for ledger in _recent if ledger.sources is sources), None)
        if known is None:
            known = cls(sources)
            _recent.append(known)
        return known

    @cached_property
    def facts(self) -> list[_Known]:
        """The facts with their figures, dates aside, and their words."""
        found = []
        for fact, source in zip(self.sources.ledger.facts, self.sources.facts, strict=True):
            wording = without_mentions(source.text, source.mentions, 0, len(source.text))
            found.append(_Known(fact, source, _figures(source.mentions), pairs(wording)))
        return found

    @cached_property
    def _by_word(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, known in enumerate(self.facts):
            for word in known.words:
                found[word].append(number)
        return found

    def told_by(self, sentence: Sentence) -> tuple[Fact, Source] | None:
        """The fact that the sentence tells; None where there is none, or facts of two roles are told alike."""
        shared: Counter[int] = Counter()
        for word in sentence.pairs:
            numbers = self._by_word.get(word, ())
            if len(numbers) <= _COMMON:
                shared.update(numbers)
        if not shared:
            return None
        figures = _figures(sentence.mentions)
        best: dict[str, tuple[float, _Known]] = {}
        for number, count in shared.items():
            known = self.facts[number]
            share = count / len(known.words)
            if known.figures:
                score = share + len(known.figures & figures) / len(known.figures)
                fits = known.figures <= figures and share >= _WITH_FIGURES
            else:
                score, fits = share + 0.5, share >= _WITHOUT and count >= _FEWEST
            role = known.fact.role
            if (fits or score >= 1) and score > best.get(role, (0.0, known))[0]:
                best[role] = (score if fits else score - _LEAD, known)
        ranked = sorted(best.values(), key=lambda pair: -pair[0])
        if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _LEAD):
            return None
        known = ranked[0][1]
        complete = not known.figures or known.figures <= figures
        return (known.fact, known.source) if complete else None


_recent: deque[_Ledger] = deque(maxlen=4)


def _figures(mentions: Sequence[Mention]) -> frozenset[object]:
    """The figures that tell one fact from another: what they are and of which unit, dates aside."""
    keys = (value_of(mention).key for mention in mentions if not mention.parts and mention.kind != "ordinal")
    return frozenset(key for key in keys if key)


@cache
def _words(kind: str) -> str:
    found = [word for of, row in read_rules("tense.txt", 2) if of == kind for word in row.split()]
    return "|".join(sorted(found, key=lambda word: (-len(word), word)))


@cache
def _verbs() -> str:
    return "|".join(sorted(deeds_of("verb"), key=lambda word: (-len(word), word)))


@cache
def _done() -> re.Pattern[str]:
    return re.compile(
        f"(?<![自而])(?:{_words('done')})(?:{_verbs()})|(?:{_verbs()})(?:{_words('after')})(?![解望却])"
    )


@cache
def _planned() -> re.Pattern[str]:
    verbs = _verbs()
    return re.compile(
        f"(?<![模草虚])(?:{_words('planned')})(?:{verbs})"
        f"|(?<![模草虚])(?:{_words('planned-far')})[^，。；：]{{0,12}}(?:{verbs})"
        # 将任务分解到人 is 把任务…
        f"|(?<![即必终])将(?:{verbs})(?![^，。；：]*(?:[到至入给为]|挂钩|落实))"
        f"|(?<![按照年作度订定施原])计划(?:{verbs})"
    )


@cache
def _ahead() -> re.Pattern[str]:
    return re.compile(_words("ahead"))


@cache
def _back() -> re.Pattern[str]:
    return re.compile(_words("back"))

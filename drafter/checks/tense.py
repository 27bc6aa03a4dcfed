"""Whether plans are told as done and deeds as planned, by the words of a sentence, its section and the ledger's roles.

A sentence belongs to a fact when it carries all its figures and enough of its words; to the one that it carries best.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal, NamedTuple

from drafter.checks.numbers.deeds import deeds_of
from drafter.checks.rules import read_rules
from drafter.checks.sentences import Sentence, figure_of
from drafter.checks.sources import Source, Sources, without_mentions
from drafter.checks.wording import pairs
from drafter.corpus.cutting import kind_of
from drafter.corpus.periods import months
from drafter.facts import Fact
from drafter.passages import Role
from drafter.quantities import Mention

_CLAUSE = re.compile("[^，：,:。；]+")
_WITH_FIGURES, _WITHOUT = 0.45, 0.7
"""Shares of a fact's words that a sentence has to have, where the fact has figures and where it has none."""
_FEWEST = 3
"""Pairs of characters that a sentence shares at least with a fact without figures."""
_LEAD = 0.15
"""By how much a fact has to outdo those of other roles."""
_FIRST_HALF = 6
_COMMON = 60
"""A word that more facts have is not looked up; of facts with one figure so many are."""


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
        if sentence.role == "problem":
            continue
        if sentence.role == "plan" and sentence.heading != "done":
            wrong = _done_in_plans(sentence, ledger) or _deed_in_plans(sentence, ledger)
        else:
            ahead = ledger.opens_ahead(sentence.text)
            wrong = (_done_in_plans(sentence, ledger) if ahead else None) or _in_deeds(sentence, ledger)
        if wrong:
            yield wrong


def _done_in_plans(sentence: Sentence, ledger: _Ledger) -> Wrong | None:
    """A sentence of plans that tells of something as done."""
    text = sentence.text
    done = _done().search(text)
    if _looks_elsewhere(text):
        return None
    if not done or _attributive(text, done.end()):
        done = _reached(text)
    if not done:
        return None
    known = ledger.told_by(sentence)
    return Wrong(sentence, *_clause(sentence, done.start()), known and known[1], "done")


def _reached(text: str) -> re.Match[str] | None:
    """What says of a verb that no list has that it is done: 已架起路灯杆90根, 送去了棉被; never 已签约的企业, 看整改了没有."""
    for match in _perfect().finditer(text):
        if match["verb"] is None or _is_verb(match["verb"]):
            return match
    return None


def _is_verb(word: str) -> bool:
    return kind_of(word)[:1] == "v" or (not kind_of(word) and kind_of(word[0])[:1] == "v")


def _deed_in_plans(sentence: Sentence, ledger: _Ledger) -> Wrong | None:
    """A sentence of plans that tells what the ledger has as done."""
    if _done().search(sentence.text) or _pattern("back").search(sentence.text):
        return None
    found = ledger.told_by(sentence)
    return (
        Wrong(sentence, 0, len(sentence.text), found[1], "planned")
        if found and found[0].role == "done"
        else None
    )


def _looks_elsewhere(text: str) -> bool:
    return any(_pattern(kind).search(text) for kind in ("back", "ahead", "conditional"))


def _in_deeds(sentence: Sentence, ledger: _Ledger) -> Wrong | None:
    """What is wrong with a sentence elsewhere: by the ledger, or where it stands, without a turn, among the deeds."""
    text = sentence.text
    done, planned = _done().search(text), _planned().search(text) or _due(text)
    ahead = planned or any(_pattern(kind).search(text) for kind in ("ahead", "by", "coming"))
    if not planned and not done and sentence.role == "plan":
        planned = _to_come().match(text)  # 下一步要擦亮品牌
    if ahead and not (planned and not done):
        return None
    found = ledger.told_by(sentence)
    role = found[0].role if found else None
    if planned:
        start, end = _clause(sentence, planned.start())
        alone = sentence.heading == "done" and not sentence.turns
        only_spoken_of = _pattern("within").search(text, start, planned.start())
        by_place = alone and not only_spoken_of and "plan" not in ledger.fitting(sentence)
        if role == "done" or (role is None and by_place):
            return Wrong(sentence, start, end, found and found[1], "planned")
    elif role == "plan" and (done or sentence.role == "done"):
        return Wrong(sentence, *_clause(sentence, done.start() if done else 0), found and found[1], "done")
    return None


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

    def opens_ahead(self, sentence: str) -> bool:
        """Whether the sentence begins with a time to come: 下一步，… and, after a first half or a quarter, 下半年，…."""
        found = _opening().match(sentence)
        return found is not None and (not found["half"] or self._leaves_half)

    @cached_property
    def _leaves_half(self) -> bool:
        span = months(self.sources.ledger.period)
        return span is not None and span[1] % 100 <= _FIRST_HALF

    @cached_property
    def _by_figure(self) -> dict[object, list[_Known]]:
        """The facts with figures, each under one of them."""
        found: dict[object, list[_Known]] = defaultdict(list)
        for known in self.facts:
            if known.figures:
                found[next(iter(known.figures))].append(known)
        return found

    @cached_property
    def _by_word(self) -> dict[str, list[int]]:
        """The facts without figures, by their words."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, known in enumerate(self.facts):
            for word in () if known.figures else known.words:
                found[word].append(number)
        return found

    def told_by(self, sentence: Sentence) -> tuple[Fact, Source] | None:
        """The fact that the sentence tells; None where there is none, or facts of two roles are told alike."""
        ranked = sorted(self.fitting(sentence).values(), key=lambda pair: -pair[0])
        if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _LEAD):
            return None
        known = ranked[0][1]
        return known.fact, known.source

    def fitting(self, sentence: Sentence) -> dict[Role, tuple[float, _Known]]:
        """The fact of each role that the sentence carries best, with how well."""
        best: dict[Role, tuple[float, _Known]] = {}
        for score, known in (*self._by_figures(sentence), *self._by_words(sentence)):
            if score > best.get(known.fact.role, (0.0, known))[0]:
                best[known.fact.role] = score, known
        return best

    def _by_figures(self, sentence: Sentence) -> Iterator[tuple[float, _Known]]:
        figures = {key for key, mention in sentence.figures.items() if not mention.parts}
        for figure in figures:
            for known in self._by_figure.get(figure, ())[:_COMMON]:
                if known.figures <= figures and known.words:
                    share = len(known.words & sentence.pairs) / len(known.words)
                    if share >= _WITH_FIGURES:
                        yield 1 + share, known

    def _by_words(self, sentence: Sentence) -> Iterator[tuple[float, _Known]]:
        shared: dict[int, int] = defaultdict(int)
        for word in sentence.pairs if self._by_word else ():
            numbers = self._by_word.get(word, ())
            for number in numbers if len(numbers) <= _COMMON else ():
                shared[number] += 1
        for number, count in shared.items():
            known = self.facts[number]
            share = count / len(known.words)
            if share >= _WITHOUT and count >= _FEWEST:
                yield 0.5 + share, known


_recent: deque[_Ledger] = deque(maxlen=4)


def _figures(mentions: Sequence[Mention]) -> frozenset[object]:
    """The figures that tell one fact from another: what they are and of which unit, dates aside."""
    return frozenset(key for mention in mentions if not mention.parts and (key := figure_of(mention)))


@cache
def _words(kind: str) -> str:
    found = [word for of, row in read_rules("tense.txt", 2) if of == kind for word in row.split()]
    return "|".join(sorted(found, key=lambda word: (-len(word), word)))


@cache
def _verbs() -> str:
    found = deeds_of("verb").union(_words("verb").split("|"))
    return "|".join(sorted(found, key=lambda word: (-len(word), word)))


@cache
def _done() -> re.Pattern[str]:
    # begins with the particle, so that a text is passed over quickly; what is looked back at has one width
    behind: dict[int, list[str]] = defaultdict(list)
    for verb in _verbs().split("|"):
        behind[len(verb)].append(verb)
    particles = "|".join(
        f"{particle}(?:{'|'.join(f'(?<={_either(verbs, particle)})' for verbs in behind.values())})"
        for particle in _words("after").split("|")
    )
    return re.compile(f"(?<![自而])(?:{_words('done')})(?:{_verbs()})|(?:{particles})(?![解望却]|没有|吗)")


def _either(verbs: Sequence[str], particle: str) -> str:
    return "|".join(verb + particle for verb in verbs)


@cache
def _planned() -> re.Pattern[str]:
    verbs = _verbs()
    return re.compile(
        f"(?<![模草虚])(?:{_words('planned')})(?:{verbs})"
        f"|(?<![模草虚])(?:{_words('planned-far')})[^，。；：]{{0,12}}(?:{verbs})"
        # 将任务分解到人 is 把任务…
        f"|(?<![即必终])将(?:{verbs})(?![^，。；：]*(?:[到至入给为]|挂钩|落实))"
        f"|(?<![按照年作度订定施原])计划(?:{verbs})"
        f"|\\A计划(?:{_words('planned-start')})"
    )


@cache
def _perfect() -> re.Pattern[str]:
    things, unless = _words("thing"), _words("unless")
    return re.compile(
        f"(?<![对凡])(?:已经|均已|业已|已)(?![有知然久故为是])(?![^，。；：]{{2,6}}(?:的|{things}))[^，。；：]{{2}}"
        f"|已(?:将|把|为|与|同|在|给)[^，。；：]{{2}}"
        f"|(?:累计|共)[^，。；：的]{{1,4}}(?=\\d)"
        f"|(?P<verb>[\u4e00-\u9fff]{{2}})了(?!{unless})"
    )


@cache
def _over() -> re.Pattern[str]:
    """A time that is over, before a word for what is to come: 上半年，要…."""
    return re.compile(
        f"(?:(?:{_words('past')})|(?:截[至止])?\\d{{1,2}}(?:[至—–-]\\d{{1,2}})?月(?:份|底)?)[，,]?"
        f"(?:我镇|我乡|我街道|我们|全镇|全乡|各村|镇里|乡里)?"
        f"(?:{_words('due')})(?!{_words('not-due')})"
    )


def _due(text: str) -> re.Match[str] | None:
    match = _over().match(text)
    if match and any(_pattern(kind).search(text, match.end()) for kind in ("coming", "by")):
        return None  # 截至目前，预计全年…
    return match


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(f"(?:(?:{_words('opening')})|(?P<half>下半年))[，,]")


@cache
def _to_come() -> re.Pattern[str]:
    return re.compile(
        f"(?:{_words('opening')})[，,]?[^，。；：,]{{0,8}}?(?:{_words('modal')})(?!求|点|素|害|事)"
    )


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(_words(kind))

"""What is told twice: in two sections the same sentence, or the same deed, by its figures and its key words; in one, several figures.

A sum-up may repeat figures: what stands before the first heading, under a heading of that kind, or above lower headings
is compared word for word only. What was done, what is wrong and what is planned may speak of the same figures.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from drafter.checks.numbers.deeds import deeds
from drafter.checks.rules import words
from drafter.checks.sentences import Sentence
from drafter.checks.skeleton import Scope
from drafter.checks.wording import pairs
from drafter.quantities import Mention

_SAME = 12
"""Han characters from which on a sentence that stands twice is no formula."""
_HAN = re.compile("[\u3400-\u9fff\\d]+")
_ENUMERATOR = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.]|[一二三四五六七八九十]{1,2}[是要]|第[一二三四五六七八九十]{1,2}[，、])"
)
_LABEL = re.compile(r"^[^，。；：]{2,10}[：:]")
_MARK = re.compile("[，。；！？]")
_CLAUSE = re.compile(r"[，、,：:]")
_ALIKE = 0.5
"""Share of the shorter sentence's words from which on one shared figure tells the same deed; two need half of it."""
_CLOSE = 0.6
_MOST = 8
"""Sentences with the same figure that a later one is compared with."""
_LARGE = 100
_AGAIN = 2
"""Figures from which on a sentence that has none of its own tells again what its section has told."""
_AGAIN_WORDS = 0.6
"""Share of its words that its section has too."""
_CONTAINED = 0.7
"""Share of the words of a clause that are told again with its figure."""


class Twice(NamedTuple):
    """A sentence that says again what an earlier one said; `same` where it says it in the same words."""

    sentence: Sentence
    earlier: Sentence
    same: bool


def twice(sentences: Sequence[Sentence], scopes: Sequence[Scope]) -> Iterator[Twice]:
    """What is told a second time in another section, in order."""
    summing = [_sums_up(scope, place) for place, scope in enumerate(scopes)]
    wordings: dict[str, Sentence] = {}
    by_figure: dict[object, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        body = _ENUMERATOR.sub("", sentence.text)
        key = "".join(_HAN.findall(body)) if _MARK.search(body) and not _LABEL.match(body) else ""
        earlier = wordings.setdefault(key, sentence) if len(key) >= _SAME else None
        if earlier and earlier.scope != sentence.scope:
            yield Twice(sentence, earlier, same=True)
            continue
        if summing[sentence.scope] or _is_summary(body):
            continue
        figures = sentence.figures.keys()
        again = _told(
            sentence, [by_figure[figure][-_MOST:] for figure in figures if figure in by_figure], scopes
        )
        if again:
            yield Twice(sentence, again, same=False)
        for figure in figures:
            by_figure[figure].append(sentence)


def retold(sentences: Sequence[Sentence], *, drafted: bool = False) -> Iterator[Sentence]:
    """Sentences that tell again what others before them in the same section told: all their figures, in much the same words.

    What was `drafted` here may have any words around those of the first telling: its writer was given no more to tell.
    """
    figures: dict[int, dict[object, list[frozenset[str]]]] = defaultdict(lambda: defaultdict(list))
    told: dict[int, set[str]] = defaultdict(set)
    for sentence in sentences:
        own, before = sentence.figures, figures[sentence.scope]
        if own and own.keys() <= before.keys():
            shared = sentence.pairs & told[sentence.scope]
            alike = len(own) >= _AGAIN and len(shared) >= _AGAIN_WORDS * len(sentence.pairs) > 0
            if alike or (drafted and all(_holds(sentence, before[key]) for key in own)):
                yield sentence
        for key, mention in own.items():
            before[key].append(pairs(_clause(mention, sentence)))
        told[sentence.scope].update(sentence.pairs)


def _holds(sentence: Sentence, clauses: Sequence[frozenset[str]]) -> bool:
    """Whether the sentence has the words of one of the clauses that told a figure before it."""
    return any(
        clause and len(clause & sentence.pairs) >= _CONTAINED * len(clause) for clause in clauses[:_MOST]
    )


def _sums_up(scope: Scope, place: int) -> bool:
    return not scope.heading or scope.lead or any(word in scope.heading for word in words("summaries.txt"))


def _is_summary(body: str) -> bool:
    return body.startswith(tuple(words("summary_openings.txt")))


def _told(
    sentence: Sentence, beside: Sequence[Sequence[Sentence]], scopes: Sequence[Scope]
) -> Sentence | None:
    seen: set[int] = set()
    for others in beside:
        for other in others:
            if other.start in seen or other.scope == sentence.scope:
                continue
            seen.add(other.start)
            if (sentence.role or "done") == (other.role or "done") and _same_deed(sentence, other):
                return other
    return None


def _same_deed(one: Sentence, other: Sentence) -> bool:
    ours, theirs = one.figures, other.figures
    shared = ours.keys() & theirs.keys()
    small = min(len(one.pairs), len(other.pairs))
    if not shared or small < 2:
        return False
    likeness = len(one.pairs & other.pairs) / small
    share = len(shared) / min(len(ours), len(theirs))
    if (
        len(shared) > 1
        and share > 0.5
        and any(_is_strong(ours[key]) for key in shared)
        and likeness >= _ALIKE / 2
    ):
        return True
    for key in shared:
        if len(_words_at(ours[key], one) & _words_at(theirs[key], other)) < 2:
            continue
        if share > 0.5 and likeness >= (_ALIKE if _is_strong(ours[key]) else _CLOSE):
            return True
        if _is_large(ours[key]) and _clause_likeness(ours[key], one, theirs[key], other) >= _CLOSE:
            return True
    return False


def _is_strong(mention: Mention) -> bool:
    """Whether two deeds hardly have this figure by chance: a date, one of two digits, one that is no whole number."""
    if mention.parts:
        return True
    value = mention.value
    return value is not None and (value >= 10 or value != value.to_integral_value())


def _is_large(mention: Mention) -> bool:
    value = mention.value
    if mention.parts or value is None:
        return False
    digits = str(value.normalize()).replace(".", "").replace("E+", "")
    return (value >= _LARGE and len(digits.rstrip("0")) > 1) or value != value.to_integral_value()


def _clause(mention: Mention, sentence: Sentence) -> str:
    at = mention.start - sentence.start
    first = max((match.end() for match in _CLAUSE.finditer(sentence.text, 0, at)), default=0)
    end = _CLAUSE.search(sentence.text, mention.end - sentence.start)
    return sentence.wording[first : end.start() if end else len(sentence.text)]


def _words_at(mention: Mention, sentence: Sentence) -> frozenset[str]:
    """What the clause of the figure speaks of, without verbs."""
    return pairs(deeds().sub(" ", _clause(mention, sentence)))


def _clause_likeness(mine: Mention, one: Sentence, its: Mention, other: Sentence) -> float:
    ours, theirs = pairs(_clause(mine, one)), pairs(_clause(its, other))
    small = min(len(ours), len(theirs))
    return len(ours & theirs) / small if small else 0.0

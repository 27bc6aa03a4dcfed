"""Where a text tells which fact of the ledger, and what it leaves out there.

A figure is told where the number check has traced one of the text to it, so that 9次 of one fact never stands for 9次
of another. Words are told by themselves or by others of data/rewordings.txt. What a sentence says of another fact,
which it tells more of, tells nothing of this one.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from drafter.checks.demands import Demand, Keyword, Segment, demands_of, plain, words_of
from drafter.checks.numbers.check import Judgement
from drafter.checks.numbers.dating import Calendar
from drafter.checks.numbers.index import Entry
from drafter.quantities import find
from drafter.report import Trace

_SOME = 0.25
"""Share of what a fact asks for that has to be told before it counts as told in part."""
_SOME_WORDS = 0.5
"""The same of its words, where neither a figure nor a name of it is told."""
_ENOUGH = 0.34
"""Share of the words of a clause that has to be told, by which also a figure in doubt is told."""
_CLEAR = 0.6
"""Share of the fact's words that vouch for a figure that the number check takes for wrong."""
_LEAST = 0.3
"""A clause whose words weigh less is form: nothing is asked of it."""
_REACH = 2
"""A fact may be told in so many sentences on either side of the one that tells most of it."""
_PLACES = 3
"""So many places of the text are looked at for one fact."""
_LOOSE = 0.7
"""What a word counts for whose two characters stand close to each other (夜间巡逻 for 夜巡)."""
_LONGEST = 4_000
"""Longer than this no window of sentences is: a text without stops is looked through by pairs alone."""
_HEADING = re.compile(r"\s*(?:#+ |（?[一二三四五六七八九十]{1,3}[）、])")
_EACH = re.compile(r"[各均都]|分别")
_SENTENCE_MARKS = re.compile("[。！？!?；;：:…]*[”’）〕】」]*")

_SURE, _DOUBTFUL, _WRONG, _TWIN, _EACH_OF = range(5)
"""How sure it is that a figure is the fact's: by the number check's word, in doubt, wrong or told with another unit; the
equal figure of the same fact is told; the equal one of another fact is, and is told of each of several."""


class _Stated(NamedTuple):
    """A figure of the text that may be one of the ledger's; `cell` are the words beside it."""

    sentence: int
    grade: int
    cell: str


@dataclass(frozen=True)
class Place:
    """A place of the text that tells the fact, and what it does not tell of it."""

    share: float
    """How much of what the fact asks for is told."""
    figures: Sequence[Entry]
    names: Sequence[str]
    deeds: Sequence[Segment]

    @property
    def whole(self) -> bool:
        """Whether it tells all."""
        return not (self.figures or self.names or self.deeds)


class Telling:
    """One text, by what its sentences tell of each fact; `demands` are the facts by their ids."""

    @classmethod
    def of_text(cls, judged: Judgement) -> Telling:
        """What this text tells, worked out once for all who ask."""
        for known in _recent:
            if known._judged is judged:
                return known
        telling = cls(judged)
        _recent.append(telling)
        return telling

    def __init__(self, judged: Judgement) -> None:
        self._judged = judged
        self._reading = judged.reading
        self.demands = {demand.source.fact or "": demand for demand in demands_of(judged.index)}
        self._headings = frozenset(self._heading_sentences())
        self._postings = self._words_of_sentences()
        self._hits: dict[str, Mapping[int, float]] = {}
        self._texts: dict[int, str] = {}
        self._figures = self._figures_of_entries()
        self._words = {fact: self._words_told(demand) for fact, demand in self.demands.items()}
        self._leaders = self._best_of_sentences()

    def of(self, fact: str) -> Place | None:
        """The place that tells most of the fact; None where it is not told."""
        demand = self.demands[fact]
        scores = self._scores(demand)
        best: Place | None = None
        for centre in sorted(scores, key=lambda sentence: (-scores[sentence], sentence))[:_PLACES]:
            place = self._place(demand, centre)
            if place and place.whole:
                return place
            if place and (best is None or place.share > best.share):
                best = place
        return best

    def traces(self) -> list[Trace]:
        """Each sentence with the facts that it tells: a figure of theirs, or the words of one of their clauses."""
        told: dict[int, list[tuple[float, str]]] = defaultdict(list)
        for fact, demand in self.demands.items():
            scores = self._scores(demand)
            for sentence in self._sentences_telling(demand):
                told[sentence].append((-scores[sentence], fact))
        text = self._reading.text
        traces = []
        for sentence in range(len(self._reading.sentences)):
            start, end = self._reading.span_of(sentence)
            marks = _SENTENCE_MARKS.match(text, end)
            end = marks.end() if marks else end
            facts = () if sentence in self._headings else tuple(f for _, f in sorted(told[sentence]))
            traces.append(Trace(start=start, end=end, facts=facts))
        return traces

    def _sentences_telling(self, demand: Demand) -> set[int]:
        found = {
            at.sentence
            for entry in demand.entries
            if not entry.mention.parts  # that both name a day says little
            for at in self._figures.get(entry.number, ())
            if at.grade in (_SURE, _DOUBTFUL)
        }
        # a clause with a figure is told by its figure
        clauses = [each for each in demand.segments if each.weight >= _LEAST and not each.entries]
        least = _CLEAR * min((each.weight for each in clauses), default=demand.weight)
        whole = _CLEAR * demand.weight
        for sentence, words in self._words[demand.source.fact or ""].items():
            if sentence in found or words < max(_LEAST, min(least, whole)):
                continue
            if (words >= whole or self._says_one(clauses, sentence)) and self._own(demand, sentence):
                found.add(sentence)
        return found

    def _says_one(self, clauses: Sequence[Segment], sentence: int) -> bool:
        """Whether the sentence has the words of one of the clauses."""
        return any(
            sum(word.weight * self._hit(word).get(sentence, 0.0) for word in clause.keywords)
            >= _CLEAR * clause.weight
            for clause in clauses
        )

    def _heading_sentences(self) -> Iterable[int]:
        """Sentences that are headings; what these say is told by none of them."""
        counted = {setting.sentence for setting in self._reading.settings}
        text = self._reading.text
        for number in range(len(self._reading.sentences)):
            start, end = self._reading.span_of(number)
            if end - start > 60 or number in counted or not (found := _HEADING.match(text, start)):
                continue
            first, last = self._reading.sentences[number]
            if "#" in found[0] or last - first == 1 or text[end : end + 1] in "\n":
                yield number

    def _words_of_sentences(self) -> Mapping[str, set[int]]:
        postings: dict[str, set[int]] = defaultdict(set)
        asked = words_of(self._judged.index)
        for clause in self._reading.clauses:
            if clause.sentence not in self._headings:
                for word in clause.words & asked:
                    postings[word].add(clause.sentence)
        return postings

    def _figures_of_entries(self) -> Mapping[int, Sequence[_Stated]]:
        """For each entry of the ledger, by its number, where it may be stated."""
        found: dict[int, list[_Stated]] = defaultdict(list)
        by_digits = self._judged.index.by_digits
        for match, claim, finding in self._judged.verdicts:
            setting, entry = match.setting, match.entry
            sentence, cell = setting.sentence, setting.cell
            if entry is None:
                for other in by_digits.get(setting.mention.value, ()):  # 210场次 for 210次
                    if other.mention.dimension == setting.mention.dimension == "count":
                        found[other.number].append(_Stated(sentence, _WRONG, cell))
            elif claim.status == "supported":
                found[entry.number].append(_Stated(sentence, _SURE, cell))
                for other in match.same:
                    if other is not entry and other.source is entry.source:
                        found[other.number].append(_Stated(sentence, _TWIN, cell))
                    elif other is not entry and _EACH.search(setting.before):
                        found[other.number].append(_Stated(sentence, _EACH_OF, cell))
            elif finding and finding.code != "numbers.conflicting":
                grade = _DOUBTFUL if finding.severity == "warning" else _WRONG
                found[entry.number].append(_Stated(sentence, grade, cell))
        return found

    def _hit(self, keyword: Keyword) -> Mapping[int, float]:
        """How far each sentence tells the word, by itself or by one that may stand for it."""
        known = self._hits.get(keyword.text)
        if known is not None:
            return known
        found: dict[int, float] = {}
        own, *others = keyword.forms
        for pair in own:
            for sentence in self._postings.get(pair, ()):
                found[sentence] = found.get(sentence, 0.0) + 1 / len(own)
        for form in others:
            if all(pair in self._postings for pair in form):
                for sentence in set.intersection(*(self._postings[pair] for pair in form)):
                    found[sentence] = 1.0
        self._hits[keyword.text] = found
        return found

    def _words_told(self, demand: Demand) -> Mapping[int, float]:
        """What the words of the fact that each sentence tells weigh together."""
        told: dict[int, float] = defaultdict(float)
        for segment in demand.segments:
            for keyword in segment.keywords:
                for sentence, hit in self._hit(keyword).items():
                    told[sentence] += hit * keyword.weight
        return told

    def _scores(self, demand: Demand) -> Mapping[int, float]:
        """How much each sentence tells of the fact, its figures with it."""
        scores = dict(self._words[demand.source.fact or ""])
        for entry in demand.entries:
            for sentence, grade, _ in self._figures.get(entry.number, ()):
                scores[sentence] = scores.get(sentence, 0.0) + (1.0 if grade == _SURE else 0.5)
        return scores

    def _best_of_sentences(self) -> Mapping[int, tuple[float, str]]:
        """The fact that each sentence tells most of."""
        best: dict[int, tuple[float, str]] = {}
        for fact, demand in self.demands.items():
            for sentence, score in self._scores(demand).items():
                if score > best.get(sentence, (0.0, ""))[0]:
                    best[sentence] = score, fact
        return best

    def _own(self, demand: Demand, sentence: int) -> bool:
        """Whether what the sentence tells of the fact is not all another fact's, that it tells more of."""
        leader = self._leaders.get(sentence, (0.0, demand.source.fact))[1]
        if not leader or leader == demand.source.fact:
            return True
        if any(at.sentence == sentence for e in demand.entries for at in self._figures.get(e.number, ())):
            return True
        theirs = self.demands[leader].pairs
        keywords = [keyword for segment in demand.segments for keyword in segment.keywords]
        told = (keyword for keyword in keywords if self._hit(keyword).get(sentence, 0.0) >= _ENOUGH)
        if any(_is_apart(keyword, theirs) for keyword in told):
            return True
        # otherwise nothing could tell the two apart
        return not demand.entries and not any(_is_apart(keyword, theirs) for keyword in keywords)

    def _place(self, demand: Demand, centre: int) -> Place | None:
        """What is told of the fact around one sentence; None where that is too little."""
        last = len(self._reading.sentences)
        near = range(max(0, centre - _REACH), min(last, centre + _REACH + 1))
        window = [sentence for sentence in near if self._own(demand, sentence)]
        text = self._text(window)
        names = [name for name in demand.names if name not in text]
        named = not names and demand.apart in text
        figures: list[Entry] = []
        deeds: list[Segment] = []
        spoken = 0.0
        for segment in demand.segments:
            share = self._spoken(segment, window, text)
            spoken += share * segment.weight
            figures += [
                e for e in segment.entries if not self._stated(e, demand, segment, window, share, named)
            ]
            if not segment.entries and segment.weight >= _LEAST and share < _ENOUGH:
                deeds.append(segment)
        things = len(demand.entries) + len(demand.names)
        told = things - len(figures) - len(names)
        total = demand.weight + things
        share = (spoken + told) / total if total else 1.0
        if not self._hinted(figures, window) and (
            share < _SOME or (not told and total and spoken < _SOME_WORDS * demand.weight)
        ):
            return None
        return Place(share, figures, names, deeds)

    def _hinted(self, figures: Sequence[Entry], window: Sequence[int]) -> bool:
        """Whether a figure there may be one of these, that nothing else explains."""
        return any(
            at.grade == _DOUBTFUL and at.sentence in window
            for entry in figures
            for at in self._figures.get(entry.number, ())
        )

    def _text(self, window: Sequence[int]) -> str:
        """The sentences as names are looked for in them, with a heading before them."""
        whole = [window[0] - 1, *window] if window and window[0] - 1 in self._headings else window
        return "\n".join(map(self._plain, whole))

    def _plain(self, sentence: int) -> str:
        known = self._texts.get(sentence)
        if known is None:
            start, end = self._reading.span_of(sentence)
            known = self._texts[sentence] = plain(self._reading.text[start:end])
        return known

    def _spoken(self, segment: Segment, window: Sequence[int], text: str) -> float:
        """Share of the words of a clause that is told, or of its wording where that is more."""
        if not segment.pairs:
            return 1.0
        told = sum(keyword.weight * self._said(keyword, window, text) for keyword in segment.keywords)
        share = told / segment.weight if segment.weight else 0.0
        if share >= 1:
            return 1.0
        alike = [pair for pair in segment.pairs if not self._postings.get(pair, set()).isdisjoint(window)]
        return max(share, len(alike) / len(segment.pairs))

    def _said(self, keyword: Keyword, window: Sequence[int], text: str) -> float:
        hits = self._hit(keyword)
        best = max((hits.get(sentence, 0.0) for sentence in window), default=0.0)
        if best >= _LOOSE or len(keyword.text) != 2 or len(text) > _LONGEST:
            return min(best, 1.0)
        return _LOOSE if _close(keyword.text, text) else best

    def _stated(
        self, entry: Entry, demand: Demand, segment: Segment, window: Sequence[int], share: float, named: bool
    ) -> bool:
        """Whether the window states the figure; `share` of its clause is told there, and whose it is if `named`.

        One that the number check doubts is told where the words are; that there is one need not be said.
        """
        near = [stated for stated in self._figures.get(entry.number, ()) if stated.sentence in window]
        if any(stated.grade == _SURE for stated in near):
            return True
        words = self._words[demand.source.fact or ""]
        for sentence, grade, cell in near:
            told = words.get(sentence, 0.0) / demand.weight if demand.weight else 1.0
            if grade == _TWIN and self._twice(entry, demand, window):
                return True
            if grade == _DOUBTFUL and (share >= _ENOUGH or told >= _SOME_WORDS):
                return True
            if grade == _DOUBTFUL and self._company(demand, sentence) and _alike(segment, cell):
                return True
            if grade in (_WRONG, _EACH_OF) and named and max(told, share) >= _CLEAR:
                return True
        mention = entry.mention
        if mention.parts:
            return self._by_another_name(entry, window)
        return mention.value == 1 and mention.dimension == "count" and share >= _CLEAR

    def _twice(self, entry: Entry, demand: Demand, window: Sequence[int]) -> bool:
        """Whether an equal figure of the fact is stated twice: the second is this one."""
        for other in demand.entries:
            stated = [at for at in self._figures.get(other.number, ()) if at.grade == _SURE]
            same = other is not entry and other.mention.value == entry.mention.value
            if same and sum(at.sentence in window for at in stated) > 1:
                return True
        return False

    def _company(self, demand: Demand, sentence: int) -> bool:
        """Whether the sentence surely states a figure of the fact; a date vouches for nothing."""
        return any(
            at.sentence == sentence and at.grade == _SURE
            for entry in demand.entries
            if not entry.mention.parts
            for at in self._figures.get(entry.number, ())
        )

    def _by_another_name(self, entry: Entry, window: Sequence[int]) -> bool:
        """Whether the window has a word for the date (明年 for 2025年)."""
        calendar = Calendar.of(self._judged.index)
        span = calendar.span(entry.mention)
        text = "\n".join(self._reading.text[slice(*self._reading.span_of(sentence))] for sentence in window)
        if span is None or len(text) > _LONGEST:
            return False
        return any(mention.relative and calendar.span(mention) == span for mention in find(text))


_recent: deque[Telling] = deque(maxlen=2)


def _is_apart(keyword: Keyword, theirs: frozenset[str]) -> bool:
    """Whether the word is not one of another fact, of which these are the pairs."""
    return not any(map(theirs.issuperset, keyword.forms))


def _alike(segment: Segment, cell: str) -> bool:
    """Whether a character of the clause's things stands beside the figure (户厕改造|320户 for 改厕320户)."""
    return not segment.things.isdisjoint(cell)


def _close(word: str, text: str) -> bool:
    """Whether the two characters of the word stand with at most two others between them."""
    first, second = word[0], word[1]
    at = text.find(first)
    while at >= 0:
        if second in text[at + 2 : at + 4]:
            return True
        at = text.find(first, at + 1)
    return False

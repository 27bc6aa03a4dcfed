"""Which quantity of the ledger a quantity of the text is: the one that the words around it speak of most.

The right digits in the wrong place are the errors that a search for the digits cannot find. So every quantity is
weighed twice: for the entries that have its value, and for those of the same measure that have another. It is borne out
where the words speak for an entry with its value at least as much as for any other.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from drafter.checks.numbers.index import Entry, Index
from drafter.checks.numbers.nouns import bare
from drafter.checks.numbers.surroundings import Reading, Setting, leading
from drafter.checks.numbers.tense import of_plan, planned
from drafter.checks.numbers.values import Value, bears_out, same_measure
from drafter.checks.rules import words
from drafter.checks.wording import shared_start
from drafter.quantities import Mention

Stating = Callable[[Mention, Iterable[Entry]], list[Entry]]
"""Which of these entries state a date."""

_CLAUSE, _BEHIND, _BEFORE = 0.6, 0.15, (0.4, 0.3, 0.2)
"""How much the words of its own clause say of a quantity, those of a clause behind it, of one, two, three before it."""
_AROUND = 100
"""So many clauses before and behind its own are heard: no sentence has more, but nonsense does."""
_LAST_SENTENCE, _HEADING = 0.1, 0.2
_CELL = 0.6
_BESIDE = 0.25
"""For each character that stands beside both quantities alike."""
_MOST_BESIDE = 8
_NAMED = 1.0
"""What an entry gains whose cell says the name alone to which 分别 gives the figure: names may differ in one character."""
_EXACT = 0.5
"""What an entry gains that has this very value: 300余 is told of 300余 rather than of 301."""
_FAR = 0.5
"""By how much words that are not next to it may favour one figure of a fact over another."""
ENOUGH = 0.55
"""The score from which the words tie a value to an entry; about half a telling word in the same clause."""
MARGIN = 0.35
"""By how much one entry's score has to be above another's to be meant rather than that."""
COMPANY = 0.55
"""The score from which a quantity counts as told, and speaks for its fact at the others of its sentence."""
_COMPANY, _MOST_COMPANY = 0.6, 4
_FORMER = 1.5
"""What an entry loses that has become another since (由|82%|提高到95%), where the text does not tell it as such."""
_TENSE = 2.0
"""And a rival that is planned where the text tells what was done, or the reverse."""
_PAST = 1.5
"""And a rival of an earlier time (上年办件43500件) where the text tells of none."""
_TOTAL = 0.8
"""And a rival that is all there is where the text tells what is new, or the reverse."""
_FRESH = 1.5
"""And a rival that is not said to be new where the entry is (新培训260人), and the text."""
_AVERAGE = 0.8
"""And a rival that is a total where the text tells an average, or the reverse."""
_DEED = 2.0
"""And what a rival gains of which alone the fact says what the text says was done with it: 归还, not 外借."""
_DIRECTION = 1.0
"""And a rival that says how much something is where the text, and the entry, say by how much it rose, or the reverse."""
_ORDER = 0.3
"""What an exchange has to gain more, where the text keeps the order of the fact."""


@dataclass(slots=True)
class Match:
    """What the ledger has for one quantity of the text. Scores are sums of word weights; about 1 is one telling word."""

    setting: Setting
    entry: Entry | None = None
    """The entry with this value that the words speak for most."""
    score: float = 0.0
    rival: Entry | None = None
    """The entry with another value that they speak for most."""
    rival_score: float = 0.0
    exchanged: bool = False
    """Whether the line tells the rival too, at a figure that would be better placed here."""
    same: list[Entry] = field(default_factory=list)
    """All entries with this value, whatever they are about."""
    scores: list[float] = field(default_factory=list)
    """What the words alone say for each of them."""


class Matcher:
    """Matches the quantities of one text; what the words of a clause say is worked out once."""

    def __init__(self, reading: Reading, index: Index) -> None:
        self.reading = reading
        self.index = index
        self._clauses: list[Mapping[int, float] | None] = [None] * len(reading.clauses)
        self._headings: dict[frozenset[str], Mapping[int, float]] = {}
        self._around: dict[int, Mapping[int, float]] = {}
        self._sentences: dict[int, Mapping[int, float]] = {}
        self._ahead: dict[int, bool] = {}
        self._plans: dict[int, bool] = {}

    def match(self, settings: Sequence[Setting], stating: Stating) -> list[Match]:
        """The matches of the quantities of one line; `stating` says which dates are alike.

        What a sentence tells speaks for the other quantities of the same facts; what a line tells once is not meant
        by another figure of it.
        """
        found = []
        for setting in settings:
            same = self._stating(setting, stating)
            match = Match(setting, same=same, scores=[self.score(setting, entry) for entry in same])
            _choose(match, {})
            found.append(match)
        company: dict[int, Counter[int]] = defaultdict(Counter)
        for match in found:
            if match.entry and match.score >= COMPANY:
                company[match.setting.sentence][id(match.entry.source)] += 1
        owners: dict[int, Match] = {}
        for match in found:
            _choose(match, company[match.setting.sentence])
            known = owners.get(match.entry.number) if match.entry else None
            if match.entry and (known is None or match.score > known.score):
                owners[match.entry.number] = match
        for match in found:
            self._rival(match, owners, company)
        return found

    def _stating(self, setting: Setting, stating: Stating) -> list[Entry]:
        mention, value = setting.mention, setting.value
        if mention.parts:
            return stating(mention, self.index.alike(value))
        key = value.key
        candidates: Sequence[Entry]
        if key is not None and value.approximation is None:
            candidates = self.index.by_key.get(key, ())
        else:
            candidates = self.index.alike(value)
        found = [entry for entry in candidates if bears_out(entry.setting.value, value)]
        if not found and key is not None and value.approximation is None:
            return [
                entry for entry in self.index.by_digits.get(mention.value, ()) if _told_as(setting, entry)
            ]
        return found

    def _rival(
        self, match: Match, owners: Mapping[int, Match], companies: Mapping[int, Mapping[int, int]]
    ) -> None:
        """Find the entry with another value that the words speak for most.

        One that the line tells as well, at another quantity with its value, is a rival only if both would be the
        better placed for being exchanged.
        """
        setting = match.setting
        company = companies[setting.sentence]
        said = self._said(setting)
        weight = self.index.weight
        most = _CELL * sum(weight(word) for word in setting.local) + _BESIDE * _MOST_BESIDE + _NAMED
        most_company = _COMPANY * _MOST_COMPANY if company else 0.0
        same = {entry.number for entry in match.same}
        own = self._clause(setting.clause)
        bar = match.score - most
        for entry in self.index.alike(setting.value):
            if match.entry and entry.number not in own:
                continue  # its clause has no word of it
            least = bar - said.get(entry.number, 0.0)
            if least > 0 and (most_company < least or _company(match, entry, company) < least):
                continue  # not even the same cell would make it the better one
            if entry.number in same or not entry.source.fact or not _comparable(entry, setting):
                continue
            score = self._score_beside(setting, entry, match.entry) + _company(match, entry, company)
            score -= self._unlike(setting, match.entry, entry)
            if score <= match.rival_score:
                continue
            owner = owners.get(entry.number)
            if owner and owner is not match and (setting.mention.parts or setting.mention.dimension == "age"):
                continue  # of two months or ages that change places, the figures show it
            if owner and owner is not match:
                lost = owner.score
                if match.entry:
                    lost -= self._score_beside(owner.setting, match.entry, owner.entry) + _company(
                        owner, match.entry, companies[owner.setting.sentence]
                    )
                    lost += self._unlike(owner.setting, owner.entry, match.entry)
                    if _in_order(match, owner, match.entry, entry):
                        lost += _ORDER
                elif lost >= score:
                    continue
                score -= lost
                if score <= match.rival_score:
                    continue
            if match.entry and (
                _told_by_deed(setting, match.entry, entry)
                or (owner and _told_by_deed(owner.setting, entry, match.entry))
            ):
                continue
            match.rival, match.rival_score = entry, score
            match.exchanged = owner is not None and owner is not match
            bar = max(match.score, score) - most

    def _unlike(self, setting: Setting, entry: Entry | None, rival: Entry) -> float:
        """What a rival loses that is of another time, or no average, where the entry with this value is like the text."""
        lost = 0.0
        ahead = self._ahead.get(setting.sentence)
        if ahead is None:
            ahead = self._ahead[setting.sentence] = planned(self.reading, setting)
        if self._planned(rival) != ahead and (entry is None or self._planned(entry) == ahead):
            lost += _TENSE
        if rival.setting.past and not setting.past and (entry is None or not entry.setting.past):
            lost += _PAST
        if setting.fresh and rival.setting.total and (entry is None or not entry.setting.total):
            lost += _TOTAL
        if setting.fresh and entry is not None and entry.setting.fresh and not rival.setting.fresh:
            lost += _FRESH
        if setting.total and rival.setting.fresh and (entry is None or not entry.setting.fresh):
            lost += _TOTAL
        if rival.setting.each != setting.each and (entry is None or entry.setting.each == setting.each):
            lost += _AVERAGE
        if entry is not None:
            turned = setting.mention.direction
            lost += _DIRECTION * (entry.mention.direction == turned)
            lost -= _DIRECTION * (rival.mention.direction == turned)
            lost -= _DEED * _told_by_deed(setting, rival, entry)
        return lost

    def _planned(self, entry: Entry) -> bool:
        """Whether the entry's fact tells what is to come."""
        known = self._plans.get(id(entry.source))
        if known is None:
            known = self._plans[id(entry.source)] = of_plan(entry.source)
        return known

    def related(self, setting: Setting, least: float) -> list[Entry]:
        """The facts' entries that the words speak for at least so much, the most likely first."""
        entries = self.index.entries
        near = sorted((-total, number) for number, total in self._said(setting).items() if total >= least)
        return [entries[number] for _, number in near if entries[number].source.fact]

    def same_digits(self, setting: Setting) -> list[Entry]:
        """The facts' entries with this bare number in a unit that means something else."""
        mention = setting.mention
        return [
            entry
            for entry in self.index.by_digits.get(mention.value, ())
            if entry.mention.high == mention.high and not same_measure(entry.setting.value, setting.value)
        ]

    def other_measure(self, setting: Setting) -> tuple[Entry, float] | None:
        """The fact's entry with this bare number in another unit that the words speak for most, with its score."""
        scored = [(self.score(setting, entry), entry) for entry in self.same_digits(setting)]
        best = max(scored, key=lambda pair: pair[0], default=None)
        return (best[1], best[0]) if best else None

    def likeness(self, setting: Setting, entry: Entry) -> float:
        """How far the two cells are worded alike and say the same was done, names of places left out."""
        shared = (setting.local & entry.setting.local) - self.index.owners.words
        return sum(self.index.weight(word) for word in shared) + len(setting.deeds & entry.setting.deeds)

    def score(self, setting: Setting, entry: Entry) -> float:
        """How much the words around the quantity speak for the entry."""
        total = self._said(setting).get(entry.number, 0.0)
        theirs = entry.setting
        shared = setting.local & theirs.local
        if shared:
            weight = self.index.weight
            total += _CELL * sum(weight(word) for word in shared)
        if setting.name and leading().sub("", theirs.before) == setting.name:
            total += _NAMED
        if theirs.former and not setting.told_as_former:
            total -= _FORMER
        if setting.deeds and theirs.deeds and not setting.deeds & theirs.deeds:
            return total  # 改建公路 beside 新建公路: that both are of roads says little
        left = shared_start(setting.before[::-1], theirs.before[::-1])
        if joined(setting.before, left) != joined(theirs.before, left):
            left = 0  # 学生和幼儿|3126名 counts both
        beside = left + shared_start(setting.after, theirs.after)
        beside = max(beside, _crosswise(setting, theirs), _crosswise(theirs, setting))
        return total + _BESIDE * min(beside, _MOST_BESIDE)

    def _score_beside(self, setting: Setting, entry: Entry, other: Entry | None) -> float:
        """The score of an entry where it is weighed against another.

        Words that stand around figures of one fact speak for each of them; so what is said further off may favour the
        one over the other by little, and the words next to the figures decide.
        """
        score = self.score(setting, entry)
        if other is None or other.source is not entry.source:
            return score
        said = self._said(setting)
        more = said.get(entry.number, 0.0) - said.get(other.number, 0.0)
        return score - more + max(-_FAR, min(_FAR, more))

    def _said(self, setting: Setting) -> Mapping[int, float]:
        """How much the clauses around a quantity speak for each entry, by its number, together."""
        known = self._around.get(setting.clause)
        if known is not None:
            return known
        first, last = self.reading.sentences[setting.sentence]
        layers = [(_CLAUSE, self._clause(setting.clause))]
        first, last = max(first, setting.clause - _AROUND), min(last, setting.clause + 1 + _AROUND)
        for place in range(first, setting.clause):
            distance = min(setting.clause - place, len(_BEFORE)) - 1
            layers.append((_BEFORE[distance], self._clause(place)))
        layers.extend((_BEHIND, self._clause(place)) for place in range(setting.clause + 1, last))
        if setting.sentence:
            layers.append((_LAST_SENTENCE, self._whole(setting.sentence - 1)))
        heading = self.reading.headings[setting.sentence]
        if heading:
            if heading not in self._headings:
                self._headings[heading] = self._scores(heading)
            layers.append((_HEADING, self._headings[heading]))
        totals: dict[int, float] = {}
        for factor, scores in layers:
            for number, said in scores.items():
                totals[number] = totals.get(number, 0.0) + factor * said
        self._around[setting.clause] = totals
        return totals

    def _whole(self, sentence: int) -> Mapping[int, float]:
        """For each entry how much a whole sentence speaks for it."""
        known = self._sentences.get(sentence)
        if known is None:
            words = self.reading.words_of(sentence)
            known = self._sentences[sentence] = self._scores(words)
        return known

    def _clause(self, place: int) -> Mapping[int, float]:
        known = self._clauses[place]
        if known is None:
            known = self._clauses[place] = self._scores(self.reading.clauses[place].words)
        return known

    def _scores(self, words: frozenset[str]) -> Mapping[int, float]:
        """For each entry, by its number, how much these words speak for it."""
        scores: dict[int, float] = {}
        for word in filter(self.index.postings.__contains__, words):
            for number, said in self.index.said(word):
                scores[number] = scores.get(number, 0.0) + said
        return scores


def joined(before: str, size: int) -> bool:
    """Whether what stands right before the quantity, so many characters, is the last of several names (学生和|幼儿|)."""
    return bool(size) and before[-size - 1 : -size] in _JOINING


_JOINING = frozenset("和及与")


def _crosswise(one: Setting, other: Setting) -> int:
    """How many characters stand behind the one and right before the other: 14个村, 村14个."""
    return len(one.after) if one.after and other.before.endswith(one.after) else 0


def _exactly(ours: Value, theirs: Value) -> bool:
    """Whether the two are one value with one approximation, not one borne out by the other."""
    return ours.low == theirs.low and ours.approximation == theirs.approximation


def _choose(match: Match, company: Mapping[int, int]) -> None:
    """Take the entry with this value that the words, and the quantities told beside it, speak for most."""
    best: tuple[bool, float] | None = None
    chosen, chosen_score = match.entry, 0.0
    for entry, alone in zip(match.same, match.scores, strict=True):
        score = alone + _company(match, entry, company)
        exact = _EXACT if _exactly(match.setting.value, entry.setting.value) else 0.0
        if best is None or (bool(entry.source.fact), score + exact) > best:
            chosen, chosen_score, best = entry, score, (bool(entry.source.fact), score + exact)
    match.entry, match.score = chosen, chosen_score


def _company(match: Match, entry: Entry, company: Mapping[int, int]) -> float:
    """What the other quantities of an entry's fact, told in the same sentence, add to its score."""
    others = company.get(id(entry.source), 0)
    if others and match.entry is not None and match.entry.source is entry.source and match.score >= COMPANY:
        others -= 1
    return _COMPANY * min(others, _MOST_COMPANY)


def _in_order(one: Match, other: Match, ones: Entry, others: Entry) -> bool:
    """Whether the text tells two quantities of one fact in the order of the fact."""
    told = one.setting.mention.start < other.setting.mention.start
    return ones.source is others.source and told == (ones.mention.start < others.mention.start)


def _told_by_deed(setting: Setting, entry: Entry, rival: Entry) -> bool:
    """Whether the text says what was done with this one of two figures of a fact that says no more of it.

    新增注册商标12件 is told of 注册商标221件，其中新增12件 and not of the 221.
    """
    if entry.source is not rival.source or bare(entry.setting):
        return False
    return bool(setting.deeds & entry.setting.deeds) and not setting.deeds & rival.setting.deeds


def _told_as(setting: Setting, entry: Entry) -> bool:
    """Whether a fact's quantity is told here in the form that another sentence asks for: a bound as a goal (控制在1.15亿立方米
    以内: 1.15亿立方米的控制指标), posts counted by persons (编制86人: 86个编制)."""
    ours, theirs = setting.value, entry.setting.value
    if ours.sort != theirs.sort or ours.high is not None or theirs.high is not None:
        return False
    if theirs.approximation in ("以上", "以下"):
        goal = _GOAL.search(setting.before) or _GOAL.match(setting.after) or _BOUND.search(setting.before)
        return goal is not None and same_measure(ours, theirs) and ours.low == theirs.low
    posts = words("posts.txt")
    return (
        theirs.approximation is None
        and setting.mention.unit in _POSTS
        and entry.mention.unit in _PERSONS
        and (setting.after.startswith(tuple(posts)) and entry.setting.before.endswith(tuple(posts)))
    )


_GOAL = re.compile(r"(?:的)?[\u3400-\u9fff]{0,4}(?:任务|目标|计划|指标|上限|下限|标准|底线|红线)")
_BOUND = re.compile(r"至少|不少于|不低于|最多|至多|不超过")
"""A bound that stands some words before the figure: 每周至少有人上门|1次."""
_POSTS, _PERSONS = frozenset({"个"}), frozenset({"人", "名"})


def _comparable(entry: Entry, setting: Setting) -> bool:
    """Whether the two could be taken for one another: dates with the same fields, figures with a unit or both without."""
    ours, theirs = setting.mention.parts, entry.mention.parts
    if not ours:
        return (setting.mention.unit is None) == (entry.mention.unit is None)
    return [name for name, _ in ours if name != "年"] == [name for name, _ in theirs if name != "年"]

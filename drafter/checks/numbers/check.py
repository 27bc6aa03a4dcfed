"""The check itself: what becomes of each quantity and date of a text, as a claim and, where it is wrong, a finding."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal, TypeVar

from drafter.checks.mentions import mentions_in
from drafter.checks.numbers.bearing import contradicts_deed, other_thing
from drafter.checks.numbers.changes import wrong_changes
from drafter.checks.numbers.compared import compared_verdicts
from drafter.checks.numbers.consistency import two_values
from drafter.checks.numbers.dating import Calendar
from drafter.checks.numbers.derivation import Grounds, derive, ways_to
from drafter.checks.numbers.identifiers import Identifiers
from drafter.checks.numbers.index import Entry, Index
from drafter.checks.numbers.matching import ENOUGH, MARGIN, Match, Matcher
from drafter.checks.numbers.reckoned import Told, reckoned
from drafter.checks.numbers.retold import follows
from drafter.checks.numbers.shifted import shifted
from drafter.checks.numbers.surroundings import Reading, Setting, read
from drafter.checks.numbers.tense import planned, told_as_done
from drafter.checks.numbers.totals import wrong_totals
from drafter.checks.past import PastFigures
from drafter.checks.sources import Sources
from drafter.checks.tables import row_numbers
from drafter.plugins.protocols import CheckContext
from drafter.quantities import Mention
from drafter.report import Claim, Evidence, Finding, Severity

SURE = 0.9
"""The score from which words alone, without the value, say which entry is meant."""
_MARGIN_SHARE = 0.12
"""By how much an entry with another value has to outdo the one with this value: MARGIN, and this share of its score."""
POINTING = frozenset(["项", "类", "级", "种", "者", "方", "个", "村", "地"])
"""Units of a count that points back to what was just told."""
_LEFT = re.compile(r"净|[尚还另仍]有|其余|剩")
"""What stands before a figure that may be left after others were taken away."""
_TOTAL = re.compile(r"共|合计|总计|累计|净")
_SENTENCES = 4
"""So many sentences of a line are looked through for the parts of a sum."""
_REACH = 100
"""So many figures before and behind one may it be worked out from: no sentence tells more, but nonsense does."""
_RELATED = 0.3
_MOST_RELATED = 12

_MESSAGES = {
    "unsupported": "“{text}”在事实里找不到依据，请核实或删去",
    "conflicting": "“{text}”与事实不符，事实是“{fact}”",
    "misattributed": "“{text}”的数值见于事实“{fact}”，但说的不是同一件事，请核实",
    "reversed": "“{text}”说的增减或有无与事实相反，事实是“{fact}”",
    "outside": "“{text}”不在报告时段之内，事实里也没有，请核实或删去",
    "future": "“{text}”在成文日期之后，正文却写成已经完成，请核实",
}


class Numbers:
    """A number without support is an error; one whose thing is in doubt is a warning. Leaves a claim for each."""

    name = "numbers"

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        """Findings .unsupported, .conflicting, .misattributed, .reversed, .outside, .future, .total and .inconsistent.

        Leaves a claim for every quantity and date.
        """
        judged = judge(text, Sources.of(context.ledger), context.phrases)
        past = PastFigures(text, context)
        for mention in judged.names:
            yield from self._identify(mention, text, judged, context)
        verdicts = judged.verdicts
        levels: Sequence[Match] = [match for match, _, _ in verdicts]
        if context.comparison:
            verdicts, mislabelled, levels = compared_verdicts(
                judged.reading, judged.index, verdicts, context.comparison
            )
            yield from mislabelled
        for _, claim, finding in verdicts:
            context.claims.append(claim)
            if finding:
                yield past.traced(finding)
        for mention in shifted(
            text, judged.sources, [claim for _, claim, _ in verdicts], Calendar.of(judged.index)
        ):
            yield _found(mention, "outside", "error")[1]
        yield from wrong_totals(judged.reading, levels, self.name)
        yield from wrong_changes(judged.reading, self.name)
        yield from two_values(judged.reading, levels, self.name)

    def _identify(
        self, mention: Mention, text: str, judged: Judgement, context: CheckContext
    ) -> Iterator[Finding]:
        """A name with figures: a claim where the ledger has it, a finding where it has not."""
        name = judged.identifiers.read(mention)
        calendar = Calendar.of(judged.index)
        if name is None:
            return
        whole = replace(mention, start=name.start, end=name.end, text=text[name.start : name.end])
        evidence = name.evidence or calendar.evidence_of(mention)
        if evidence:
            context.claims.append(_claim(whole, "supported", evidence))
            return
        claim, finding = _found(whole, "unsupported", "error")
        context.claims.append(claim)
        yield finding


_Verdict = tuple[Claim, Finding | None]
_Item = TypeVar("_Item")
_Status = Literal["supported", "derived", "doubtful", "wrong"]


@dataclass(frozen=True)
class Judgement:
    """What becomes of each quantity of one text by one ledger."""

    text: str
    sources: Sources
    phrases: Sequence[str]
    reading: Reading
    index: Index
    names: tuple[Mention, ...]
    """Numerals that are part of a name (a licence plate, a document's number)."""
    identifiers: Identifiers
    verdicts: tuple[tuple[Match, Claim, Finding | None], ...]
    """Each other quantity with what the ledger has for it, in the order of the text."""


def judge(text: str, sources: Sources, phrases: Sequence[str] = ()) -> Judgement:
    """The judgement of this text, made once for all checks that ask for it."""
    for known in _recent:
        if known.sources is sources and known.text == text and known.phrases == phrases:
            return known
    rows = row_numbers(text)
    mentions = [mention for mention in mentions_in(text, phrases) if mention.numeral_start not in rows]
    identifiers = Identifiers(text, sources)
    names = tuple(mention for mention in mentions if identifiers.holds(mention))
    taken = frozenset(mention.start for mention in names)
    reading = read(text, [mention for mention in mentions if mention.start not in taken])
    judging = _Judge(reading, Index.of(sources))
    verdicts = [verdict for sentence in judging.sentences() for verdict in sentence]
    judged = Judgement(
        text,
        sources,
        phrases,
        reading,
        judging.index,
        names,
        identifiers,
        tuple((match, *verdict) for match, verdict in zip(judging.matches, verdicts, strict=True)),
    )
    if len(text) <= _LONGEST_KEPT:
        _recent.append(judged)
    return judged


_recent: deque[Judgement] = deque(maxlen=2)
_LONGEST_KEPT = 100_000
"""Longer texts are judged anew rather than held in memory."""


class _Judge:
    """Judges the quantities of one text by one ledger, sentence by sentence."""

    def __init__(self, reading: Reading, index: Index) -> None:
        self.reading = reading
        self.index = index
        self._line_ends = [match.start() for match in re.finditer("\n", reading.text)]
        self.matches: list[Match] = []
        self._matcher = Matcher(reading, index)
        self._calendar = Calendar.of(index)
        self._best: dict[int, Match] = {}
        """Where the text tells each quantity of the ledger most surely."""
        self._before: list[list[Entry]] = []
        """What this sentence states, the one before it, and so on, within the line."""
        self._company: Counter[int] = Counter()
        """How many quantities of each fact the sentence tells."""
        self._added: set[int] = set()
        """How many figures the sums of the sentence add up."""
        self._told: list[Told] = []
        """The figures of the line before this sentence."""

    def sentences(self) -> Iterator[list[_Verdict]]:
        """The verdicts on each sentence's quantities, in order."""
        lines = [
            self._matcher.match(line, self._calendar.stating)
            for line in _together(self.reading.settings, self._line_of)
        ]
        for matches in lines:
            self.matches.extend(matches)
            for match in matches:
                if match.entry and not _outdone(match):
                    known = self._best.get(match.entry.number)
                    if known is None or known.score < match.score:
                        self._best[match.entry.number] = match
        for matches in lines:
            self._before, self._told = [], []
            for sentence in _together(matches, lambda match: match.setting.sentence):
                yield self._sentence(sentence)

    def _line_of(self, setting: Setting) -> int:
        return bisect_left(self._line_ends, setting.mention.start)

    def _sentence(self, matches: Sequence[Match]) -> list[_Verdict]:
        told = [match.entry for match in matches if match.entry and match.score >= ENOUGH]
        self._before = [told, *self._before[: _SENTENCES - 1]]
        self._added = set()
        self._company = Counter(id(entry.source) for entry in told)
        verdicts = [
            self._date(match) if match.setting.mention.parts else self._quantity(match) for match in matches
        ]
        for place, verdict in enumerate(verdicts):
            if verdict[1]:  # in order: one may be worked out from another
                verdicts[place] = self._by_itself(place, matches, verdicts)
                self._added.update(_summands(verdicts[place]))
        verdicts = [
            self._pointing(match, verdict, verdicts) for match, verdict in zip(matches, verdicts, strict=True)
        ]
        self._told += _told(matches, verdicts)
        return verdicts

    def _by_itself(self, place: int, matches: Sequence[Match], verdicts: Sequence[_Verdict]) -> _Verdict:
        """The verdict on a figure in doubt; one that follows from what the text tells beside it stands with that."""
        begin = max(0, place - _REACH)
        near = slice(begin, place + _REACH)
        settings = [match.setting for match in matches[near]]
        sound = [claim.status in ("supported", "derived") for claim, _ in verdicts[near]]
        mention = matches[place].setting.mention
        rival = matches[place].rival if matches[place].rival_score >= SURE else None
        formula = follows(
            self.reading, self._calendar.span, settings, place - begin, sound, doubtful=rival is None
        )
        # of two figures of one fact that changed places, each is what is left of their whole
        # a value that the words tie to a fact is told of it, rightly or wrongly
        other = matches[place].entry is not None and matches[place].score >= ENOUGH
        if not formula and not other and not _of_one_fact(matches[place]):
            earlier = self._told[-_REACH:]
            told = [*earlier, *_told(matches[near], verdicts[near])]
            at = len(earlier) + place - begin
            calendar = self._calendar
            formula = reckoned(self.reading, told, at, self.index, calendar.length, calendar.span)
        return (_claim(mention, "derived", Evidence(formula=formula)), None) if formula else verdicts[place]

    def _pointing(self, match: Match, verdict: _Verdict, verdicts: Sequence[_Verdict]) -> _Verdict:
        """The verdict; but 两项 of 两项合计 counts the figures that the sentence adds up, and stands with them."""
        mention = match.setting.mention
        if verdict[1] is None or mention.unit not in POINTING or mention.value is None or match.exchanged:
            return verdict
        total = next((claim for claim, _ in verdicts if claim.status == "derived"), None)
        if total is None or mention.value not in self._added:
            return verdict
        return _claim(mention, "derived", *total.evidence), None

    def _date(self, match: Match) -> _Verdict:
        mention, text = match.setting.mention, self.reading.text
        before = text[max(0, mention.start - 8) : mention.start]
        implied = self._calendar.implied(mention, before, planned=planned(self.reading, match.setting))
        if match.entry and match.entry.source.fact and not implied and _outdone(match) and match.rival:
            return _found(mention, "conflicting", "error", match.rival)
        source = implied or (match.entry.source if match.entry else None)
        if source and not implied and match.score < _RELATED and self._calendar.another_year(mention):
            source = None  # a fact may name next year; that the report is of that year, it does not say
        late = self._calendar.late(mention)
        if late and told_as_done(self.reading, match.setting):
            return _found(mention, "future", "warning" if source else "error", match.entry)
        if source:
            other = None if implied or match.score >= _RELATED else self._dated_else(match)
            if other:
                return _found(mention, "conflicting", "error", other)
            return _claim(mention, "supported", source.evidence), None
        if match.rival and match.rival_score >= SURE:
            return _found(mention, "conflicting", "error", match.rival)
        return _found(mention, "outside" if self._calendar.outside(mention) else "unsupported", "error")

    def _dated_else(self, match: Match) -> Entry | None:
        """The date of the facts that the sentence tells, if those have another than this one, which no word speaks for."""
        told = {id(entry.source) for entry in self._before[0]}
        wanted = [name for name, _ in match.setting.mention.parts]
        known = {entry.number for entry in match.same}
        dates = [
            entry
            for entry in self.index.alike(match.setting.value)
            if entry.source.fact and id(entry.source) in told
        ]
        if any(entry.number in known for entry in dates):
            return None
        return next((entry for entry in dates if [name for name, _ in entry.mention.parts] == wanted), None)

    def _quantity(self, match: Match) -> _Verdict:
        mention, entry = match.setting.mention, match.entry
        if match.setting.after.startswith(("来", "以来")) and self._calendar.lasts(mention):
            return _claim(mention, "supported"), None
        if entry and not entry.source.fact:
            return _claim(mention, "supported", entry.source.evidence), None
        if entry and match.rival and _outdone(match) and not self._told_elsewhere(match):
            # any two parts of a whole are its difference, in either order
            by_chance = match.exchanged and not _TOTAL.search(match.setting.before)
            derived = None if by_chance else self._derived(match)
            return derived or _found(mention, "conflicting", "error", match.rival)
        if entry and match.score >= ENOUGH:
            if contradicts_deed(match.setting, entry):
                derived = self._derived(match) if _LEFT.search(match.setting.before) else None
                return derived or _found(mention, "reversed", "error", entry)
            strange = other_thing(
                match.setting, entry, self.reading, self.index, in_company=self._company[id(entry.source)] > 1
            )
            if strange:
                return self._derived(match) or _found(mention, "misattributed", strange, entry)
            return _claim(mention, "supported", entry.source.evidence), None
        derived = self._derived(match)
        if derived:
            return derived
        if entry is None:
            other = self._matcher.other_measure(match.setting)
            if other and other[1] >= max(ENOUGH, match.rival_score):
                return _found(mention, "conflicting", "error", other[0])
        if match.rival and match.rival_score >= SURE:
            return _found(mention, "conflicting", "error", match.rival)
        if entry:
            return _found(mention, "misattributed", "warning", entry)
        digits = self._matcher.same_digits(match.setting)
        if digits:
            return _found(mention, "misattributed", "error", digits[0])
        return _found(mention, "unsupported", "error")

    def _told_elsewhere(self, match: Match) -> bool:
        """Whether another line tells the rival, and the two figures would not be better placed for being exchanged."""
        told = self._best.get(match.rival.number) if match.rival else None
        if told is None or match.entry is None or self._line_of(told.setting) == self._line_of(match.setting):
            return False
        if told.score >= match.rival_score:
            return True
        exchanged = match.rival_score + self._matcher.score(told.setting, match.entry)
        return match.score + told.score > exchanged + MARGIN

    def _derived(self, match: Match) -> _Verdict | None:
        setting = match.setting
        start, end = self.reading.span_of(setting.sentence)
        sentence = self.reading.text[
            max(start, setting.mention.start - 200) : min(end, setting.mention.end + 200)
        ]
        ways = ways_to(setting.mention, sentence, former=setting.told_as_former)
        if not ways:
            return None
        clause = self.reading.clauses[setting.clause]
        naming = self.reading.text[clause.start : clause.end]
        if (
            not setting.things
            and setting.clause
            and self.reading.clauses[setting.clause - 1].sentence == setting.sentence
        ):
            naming = self.reading.text[self.reading.clauses[setting.clause - 1].start : clause.end]
        related = self._matcher.related(setting, _RELATED)[:_MOST_RELATED]
        named = self._named(setting)
        beside = [
            [entry for part in self._before[:count] for entry in part]
            for count in range(1, len(self._before) + 1)
        ]
        former = setting.told_as_former
        derivation = derive(setting.mention, ways, Grounds(sentence, naming, beside, related, named, former))
        if derivation is None:
            return None
        self._added.add(derivation.added)
        evidence = (Evidence(formula=derivation.formula), *(source.evidence for source in derivation.sources))
        return _claim(setting.mention, "derived", *evidence), None

    def _named(self, setting: Setting) -> list[Entry]:
        """Of every fact whose places, offices or dates the sentence names, the entry its words speak for most."""
        start, end = self.reading.span_of(setting.sentence)
        marks = frozenset(word for word in self.reading.words_of(setting.sentence) if word.startswith("@"))
        owners, sentence = self.index.owners, self.reading.text[start:end]
        names = owners.in_text(sentence)
        best: dict[int, tuple[float, Entry]] = {}
        for entry in self.index.alike(setting.value):
            if not entry.source.fact or not (
                marks & entry.words or owners.named(entry.source, sentence, names)
            ):
                continue
            score = self._matcher.likeness(setting, entry)
            if score > best.get(id(entry.source), (0.0, entry))[0]:
                best[id(entry.source)] = (score, entry)
        return [entry for _, entry in best.values()]


def _summands(verdict: _Verdict) -> Iterator[int]:
    """How many figures a sum that stands in the text's own figures adds up."""
    formula = verdict[0].evidence[0].formula if verdict[0].evidence else None
    if verdict[1] is None and formula and "+" in formula:
        yield formula.count("+") + 1


def _of_one_fact(match: Match) -> bool:
    """Whether its value and the one that the words speak for are told by one fact."""
    return match.entry is not None and match.rival is not None and match.entry.source is match.rival.source


def _told(matches: Sequence[Match], verdicts: Sequence[_Verdict]) -> list[Told]:
    """The figures of a sentence, and whether each stands."""
    return [
        Told(
            match.setting,
            match.entry if claim.status in ("supported", "doubtful") else None,
            claim.status != "wrong",
        )
        for match, (claim, _) in zip(matches, verdicts, strict=True)
    ]


def _together(items: Iterable[_Item], key: Callable[[_Item], int]) -> Iterator[list[_Item]]:
    """The items that follow one another with the same key."""
    return (list(group) for _, group in groupby(items, key))


def _outdone(match: Match) -> bool:
    """Whether the words speak clearly more for another value."""
    if match.entry and match.rival and match.entry.source is match.rival.source:
        of_whole = match.entry.setting.part == 1 and match.rival.number == match.entry.number - 1
        # of a whole and its part most words speak for both
        return (
            match.rival_score > match.score + (2 if of_whole else 1) * MARGIN
        )  # all but the nearest words speak for both alike
    return match.rival_score > match.score + max(MARGIN, _MARGIN_SHARE * match.rival_score)


def _claim(mention: Mention, status: _Status, *evidence: Evidence) -> Claim:
    return Claim(start=mention.start, end=mention.end, text=mention.text, status=status, evidence=evidence)


def _found(
    mention: Mention, kind: str, severity: Severity, entry: Entry | None = None
) -> tuple[Claim, Finding]:
    evidence = (entry.source.evidence,) if entry else ()
    finding = Finding(
        check=Numbers.name,
        code=f"numbers.{kind}",
        severity=severity,
        message=_MESSAGES[kind].format(text=mention.text, fact=entry.source.text if entry else ""),
        start=mention.start,
        end=mention.end,
        text=mention.text,
        evidence=evidence,
        suggestion=entry.text if entry and kind == "conflicting" else None,
    )
    return _claim(mention, "wrong" if severity == "error" else "doubtful", *evidence), finding

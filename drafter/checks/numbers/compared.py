"""Figures that set this period beside an earlier one: growth, differences, points, and the earlier figures themselves.

What the two ledgers come to is known exactly, so such a figure either is it, with both facts and the formula as
evidence, or is wrong, with the right one as suggestion. A figure of the earlier ledger may be told as such only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property

from drafter.checks.numbers.derivation import fits
from drafter.checks.numbers.index import Entry, Index
from drafter.checks.numbers.matching import Match, Matcher
from drafter.checks.numbers.periods import period_named, read_period
from drafter.checks.numbers.surroundings import Reading, Setting
from drafter.checks.numbers.values import bears_out, same_measure, value_of
from drafter.checks.rules import read_rules
from drafter.checks.sources import Sources
from drafter.comparisons import Change, Compared, Comparison
from drafter.quantities import Mention, find
from drafter.report import Claim, Evidence, Finding

ENOUGH = 0.55
"""The score from which the words tie a value to an entry; about half a telling word in the same clause."""
MARGIN = 0.35
"""By how much one entry's score has to be above another's to be meant rather than that."""
CHECK = "numbers"

Verdict = tuple[Match, Claim, Finding | None]
_MORE = re.compile(r"[多高](?:出|了)?$")
_LESS = re.compile(r"[少低](?:出|了)?$")
_CHANGED = re.compile(r"[增升涨降减跌][幅速]|增长率|下降率")
_BESIDE = re.compile(r"[较比与和同跟]\s*$")
_FORMER_GAP = 8
"""Characters that may stand between 上年同期 and its figure: 上年同期|共排查|24座."""


def compared_verdicts(
    reading: Reading, index: Index, verdicts: Sequence[Verdict], comparison: Comparison
) -> tuple[tuple[Verdict, ...], list[Finding]]:
    """The verdicts in the light of the earlier ledger, and findings on words that name the wrong earlier period."""
    judging = _Comparing(reading, index, verdicts, comparison)
    return tuple(judging.verdict(place) for place in range(len(verdicts))), judging.mislabelled


class _Comparing:
    """Looks at the figures of one text again, with the comparison of two ledgers."""

    def __init__(
        self, reading: Reading, index: Index, verdicts: Sequence[Verdict], comparison: Comparison
    ) -> None:
        self._reading, self._index, self._verdicts = reading, index, verdicts
        self._comparison, self._relation = comparison, comparison.relation
        self._by_place = {(each.fact, each.start): each for each in comparison.compared}
        self._kinds = [self._kind(match.setting) for match, _, _ in verdicts]
        self.mislabelled: list[Finding] = []

    def verdict(self, place: int) -> Verdict:
        """The verdict on one figure."""
        match, claim, finding = self._verdicts[place]
        setting, kind = match.setting, self._kinds[place]
        if setting.mention.parts:
            return match, *self._dated(setting, claim, finding)
        if kind == "level":
            return match, claim, self._traced(setting, finding) if finding else None
        cue = self._cue(place)
        if finding is None and (cue is None or (claim.status == "supported" and self._stated(match))):
            return match, claim, finding
        target = self._target(place, kind)
        if kind == "former":
            return match, *self._former(setting, target, cue, claim, finding)
        if target is None:
            return match, claim, finding
        return match, *self._change(setting, kind, target, cue, claim, finding)

    def _stated(self, match: Match) -> bool:
        """Whether a fact of this ledger itself says so: it tells a change, or an earlier figure."""
        entry = match.entry
        return entry is not None and (
            _way(entry.setting) is not None
            or entry.setting.told_as_former
            or next(self._cues(entry.source.text), None) is not None
        )

    def _kind(self, setting: Setting) -> str:
        """What the figure says: a level, by how much it changed (growth, points, times, difference), or a former level."""
        mention = setting.mention
        if mention.unit == "百分点":
            return "points"
        moved = _way(setting) is not None
        if mention.unit in ("倍", "番"):
            return "times"
        if setting.value.unit == "%" and (moved or _CHANGED.search(setting.before)):
            return "growth"
        if moved:
            return "difference"
        lead = self._reading.text[max(0, mention.start - 24) : mention.start]
        lead = re.split(r"[，。；\n,;]", lead)[-1]
        found = [*self._cues(lead)]
        if found and len(lead) - found[-1].end() <= _FORMER_GAP and found[-1][0] not in ("同比", "环比"):
            return "level" if find_figure(lead[found[-1].end() :]) else "former"
        return "level"

    def _cues(self, text: str) -> Iterator[re.Match[str]]:
        own = (self._relation.lead, self._relation.former, self._comparison.period)
        return _cue_pattern(own).finditer(text)

    def _cue(self, place: int) -> re.Match[str] | None:
        """The last word before a figure, in its sentence, that names an earlier period."""
        setting = self._verdicts[place][0].setting
        start, _ = self._reading.span_of(setting.sentence)
        pattern = _cue_pattern((self._relation.lead, self._relation.former, self._comparison.period))
        return next(reversed([*pattern.finditer(self._reading.text, start, setting.mention.start)]), None)

    def _fitting(self, cue: re.Match[str] | None) -> bool:
        """Whether the word names the period of the earlier ledger; no word names none wrongly."""
        if cue is None:
            return True
        word = cue[0].removeprefix("较")
        if word in (self._relation.lead.removeprefix("较"), self._relation.former, self._comparison.period):
            return True
        kinds = {"year": ("year", "loosely"), "before": ("before",)}.get(self._relation.name, ())
        return any(word in _cue_words(kind) for kind in kinds)

    def _target(self, place: int, kind: str) -> Compared | None:
        """The comparison of the figure that this one is said of: told before it, or right after, or named by the words."""
        setting = self._verdicts[place][0].setting
        like = kind in ("difference", "former")
        before = range(place - 1, -1, -1)
        behind = range(place + 1, len(self._verdicts))
        for places in (before, behind):
            for other in places:
                match, _, finding = self._verdicts[other]
                if match.setting.sentence != setting.sentence:
                    break
                if self._kinds[other] != "level" or match.setting.mention.parts:
                    continue
                if like and not same_measure(match.setting.value, setting.value):
                    continue
                entry = match.rival if finding and match.rival else match.entry
                return self._of(entry)
        return self._named(setting, kind)

    def _of(self, entry: Entry | None) -> Compared | None:
        if entry is None or entry.source.fact is None:
            return None
        return self._by_place.get((entry.source.fact, entry.mention.start))

    def _named(self, setting: Setting, kind: str) -> Compared | None:
        """The comparison that the words alone speak for, if they do so clearly."""
        scored: list[tuple[float, Compared]] = []
        for entry in self._index.entries:
            known = self._of(entry)
            if known is None or (
                not same_measure(entry.setting.value, setting.value)
                if kind in ("difference", "former")
                else (entry.setting.value.unit == "%") != (kind == "points")
            ):
                continue
            scored.append((self._matcher.score(setting, entry), known))
        scored.sort(key=lambda pair: -pair[0])
        if not scored or scored[0][0] < ENOUGH:
            return None
        if len(scored) > 1 and scored[1][0] > scored[0][0] - MARGIN:
            return None
        return scored[0][1]

    def _change(
        self,
        setting: Setting,
        kind: str,
        target: Compared,
        cue: re.Match[str] | None,
        claim: Claim,
        finding: Finding | None,
    ) -> tuple[Claim, Finding | None]:
        """The verdict on a figure that says by how much the target's changed."""
        mention, way = setting.mention, _way(setting)
        change = target.change(kind) if kind != "times" else target.change("growth")
        right = self._fitting(cue)
        if change is None:
            if not right:
                return claim, finding
            other = target.change("points") if kind == "growth" else None
            return self._wrong(mention, target, other)
        value = abs(change.value)
        if kind == "times":
            value = value / 100 if way else 1 + change.value / 100
        so = fits(value, mention)
        if not so and not right:
            return claim, finding  # of a period that nobody gave the ledger of
        if way and kind != "times" and (change.value > 0) != (way == "up"):
            return self._wrong(mention, target, change, code="reversed")
        if not so:
            return self._wrong(mention, target, None if kind == "times" else change)
        if not right and cue:
            self._mislabel(cue, target)
        evidence = (Evidence(formula=change.formula), *self._both(target))
        return _claim(mention, "derived", evidence), None

    def _former(
        self,
        setting: Setting,
        target: Compared | None,
        cue: re.Match[str] | None,
        claim: Claim,
        finding: Finding | None,
    ) -> tuple[Claim, Finding | None]:
        """The verdict on a figure that is told as the earlier period's."""
        mention, right = setting.mention, self._fitting(cue)
        if target is None:
            known = self._earlier(setting) if right else None
            return (_claim(mention, "supported", (known,)), None) if known else (claim, finding)
        then = find(target.previous_text)
        entry = next((each for each in then if each.start == target.previous_start), None)
        if entry is not None and bears_out(value_of(entry), setting.value):
            if not right and cue:
                self._mislabel(cue, target)
            return _claim(mention, "supported", self._both(target)[1:]), None
        if not right:
            return claim, finding
        found = Finding(
            check=CHECK,
            code="numbers.conflicting",
            severity="error",
            message=f"“{mention.text}”与上期事实不符，{self._relation.former}是“{target.previous_text}”",
            start=mention.start,
            end=mention.end,
            text=mention.text,
            evidence=self._both(target),
            suggestion=target.previous_figure,
        )
        return _claim(mention, "wrong", found.evidence), found

    def _dated(self, setting: Setting, claim: Claim, finding: Finding | None) -> tuple[Claim, Finding | None]:
        """The earlier period's own name is rightful where something is set beside it: 较2022年上半年."""
        mention = setting.mention
        before = self._reading.text[max(0, mention.start - 2) : mention.start]
        behind = self._reading.text[mention.end : mention.end + 2]
        earlier = period_named(self._comparison.period)
        if finding is None or earlier is None or not (_BESIDE.search(before) or behind == "同期"):
            return claim, finding
        told = read_period(mention.parts)
        year_alone = mention.parts == (("年", earlier.year),) and behind == "同期"
        if told == earlier or year_alone:
            text = f"上期事实文件的时段：{self._comparison.period}"
            return _claim(mention, "supported", (Evidence(text=text),)), None
        return claim, finding

    def _traced(self, setting: Setting, finding: Finding) -> Finding:
        """The finding; it says so where the figure is the earlier period's, told as this one's."""
        known = self._earlier(setting)
        if known is None:
            return finding
        said = f"{finding.message}；这是{self._relation.former}的数，要写须写明是{self._relation.former}"
        return finding.model_copy(update={"message": said, "evidence": (*finding.evidence, known)})

    def _earlier(self, setting: Setting) -> Evidence | None:
        """The earlier ledger's fact that has this figure and that the words speak for."""
        matcher = self._earlier_matcher
        scored = [
            (matcher.score(setting, entry), entry.number, entry)
            for entry in matcher.index.alike(setting.value)
            if entry.source.fact and bears_out(entry.setting.value, setting.value)
        ]
        score, _, entry = max(scored, default=(0.0, 0, None))
        if entry is None or score < ENOUGH:
            return None
        return Evidence(previous=entry.source.fact, text=entry.source.text)

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self._reading, self._index)

    @cached_property
    def _earlier_matcher(self) -> Matcher:
        return Matcher(self._reading, Index.of(Sources.of(self._comparison.previous)))

    def _both(self, target: Compared) -> tuple[Evidence, Evidence]:
        text = next(
            (source.text for source in self._index.sources.facts if source.fact == target.fact), target.figure
        )
        return (
            Evidence(fact=target.fact, text=text),
            Evidence(previous=target.previous, text=target.previous_text),
        )

    def _wrong(
        self, mention: Mention, target: Compared, change: Change | None, code: str = "conflicting"
    ) -> tuple[Claim, Finding]:
        said = "说的增减与两期事实相反" if code == "reversed" else "与两期事实算出的不符"
        formula = tuple(Evidence(formula=change.formula) for change in target.changes)
        found = Finding(
            check=CHECK,
            code=f"numbers.{code}",
            severity="error",
            message=f"“{mention.text}”{said}：本期{target.figure}，{self._relation.former}{target.previous_figure}，{target.wording}",
            start=mention.start,
            end=mention.end,
            text=mention.text,
            evidence=(*self._both(target), *formula),
            suggestion=change.figure if change and code == "conflicting" else None,
        )
        return _claim(mention, "wrong", found.evidence), found

    def _mislabel(self, cue: re.Match[str], target: Compared) -> None:
        """Note that a right figure is said of the wrong earlier period."""
        start, end = cue.span()
        if any(found.start == start for found in self.mislabelled):
            return
        lead = cue[0] in ("同比", "环比")
        self.mislabelled.append(
            Finding(
                check=CHECK,
                code="numbers.conflicting",
                severity="error",
                message=f"“{cue[0]}”不对：上期事实文件是{self._comparison.period}的，应说“{self._relation.lead}”",
                start=start,
                end=end,
                text=cue[0],
                evidence=self._both(target),
                suggestion=self._relation.lead if lead else self._relation.former,
            )
        )


def find_figure(text: str) -> bool:
    """Whether a figure stands in the text."""
    return any(mention.countable for mention in find(text))


def _way(setting: Setting) -> str | None:
    """Whether the figure says that something rose or fell by so much."""
    if setting.mention.direction in ("up", "down"):
        return setting.mention.direction
    if setting.mention.direction is None:
        if _MORE.search(setting.before):
            return "up"
        if _LESS.search(setting.before):
            return "down"
    return None


def _claim(mention: Mention, status: str, evidence: tuple[Evidence, ...]) -> Claim:
    return Claim.model_validate(
        {
            "start": mention.start,
            "end": mention.end,
            "text": mention.text,
            "status": status,
            "evidence": evidence,
        }
    )


@cache
def _cue_words(kind: str) -> frozenset[str]:
    return frozenset(word for of, row in read_rules("comparing.txt", 2) if of == kind for word in row.split())


@cache
def _cue_pattern(own: tuple[str, ...]) -> re.Pattern[str]:
    words = {*own, *(word for kind in ("year", "before", "loosely") for word in _cue_words(kind))}
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))

"""Figures that set this period beside an earlier one: growth, differences, points, and the earlier figures themselves.

What the two ledgers come to is known exactly, so such a figure either is it, with both facts and the formula as
evidence, or is wrong, with the right one as suggestion. A figure of the earlier ledger may be told as such only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from drafter.checks.numbers.cues import Cues
from drafter.checks.numbers.derivation import fits
from drafter.checks.numbers.index import Entry, Index
from drafter.checks.numbers.matching import ENOUGH, MARGIN, Match, Matcher
from drafter.checks.numbers.periods import period_named, read_period
from drafter.checks.numbers.surroundings import Reading, Setting
from drafter.checks.numbers.values import bears_out, same_measure, value_of
from drafter.checks.sources import Sources
from drafter.comparisons import Change, Compared, Comparison
from drafter.quantities import Mention, find
from drafter.report import Claim, Evidence, Finding

CHECK = "numbers"

Verdict = tuple[Match, Claim, Finding | None]
_MORE = re.compile(r"[多高](?:出|了)?$")
_LESS = re.compile(r"[少低](?:出|了)?$")
_CHANGED = re.compile(r"[增升涨降减跌][幅速]|增长率|下降率")
_BESIDE = re.compile(r"[较比与和同跟]\s*$")
_FORMER_GAP = 8
"""Characters that may stand between 上年同期 and its figure: 上年同期|共排查|24座."""


class Outcome(NamedTuple):
    """The verdicts in the light of the earlier ledger, and what else comes of it."""

    verdicts: tuple[Verdict, ...]
    mislabelled: Sequence[Finding]
    """Words that name the wrong earlier period."""
    levels: Sequence[Match]
    """The figures that say how much there is now, neither by how much it changed nor how much it was."""


def compared_verdicts(
    reading: Reading, index: Index, verdicts: Sequence[Verdict], comparison: Comparison
) -> Outcome:
    """The verdicts, looked at again with the comparison of two ledgers."""
    judging = _Comparing(reading, index, verdicts, comparison)
    judged = tuple(judging.verdict(place) for place in range(len(verdicts)))
    return Outcome(judged, judging.mislabelled, judging.levels)


class _Comparing:
    """Looks at the figures of one text again, with the comparison of two ledgers."""

    def __init__(
        self, reading: Reading, index: Index, verdicts: Sequence[Verdict], comparison: Comparison
    ) -> None:
        self._reading, self._index, self._verdicts = reading, index, verdicts
        self._comparison, self._relation = comparison, comparison.relation
        self._cues = Cues(comparison)
        self._by_place = {(each.fact, each.start): each for each in comparison.compared}
        self._kinds = [self._kind(match.setting) for match, _, _ in verdicts]
        self.mislabelled: list[Finding] = []

    @property
    def levels(self) -> list[Match]:
        """The figures of now."""
        return [
            verdict[0] for verdict, kind in zip(self._verdicts, self._kinds, strict=True) if kind == "level"
        ]

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

    def _fits(self, setting: Setting, kind: str, target: Compared) -> bool:
        """Whether the figure is what the target's change comes to."""
        if kind == "former":
            then = _earlier_mention(target)
            return then is not None and bears_out(value_of(then), setting.value)
        change, way = target.change("growth" if kind == "times" else kind), _way(setting)
        if change is None or (way and kind != "times" and (change.value > 0) != (way == "up")):
            return False
        return fits(_as_told(change, kind, way), setting.mention)

    def _stated(self, match: Match) -> bool:
        """Whether a fact of this ledger itself says so: it tells a change, or an earlier figure."""
        entry = match.entry
        return entry is not None and (
            _way(entry.setting) is not None
            or entry.setting.told_as_former
            or next(self._cues.find(entry.source.text), None) is not None
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
        lead = re.split(r"[，。；、\n,;（）()]", lead)[-1]
        found = [*self._cues.find(lead)]
        if not found or found[-1][0] in ("同比", "环比"):
            return "level"
        between = lead[self._cues.end(lead, found[-1]) :]
        return "former" if len(between) <= _FORMER_GAP and not _states_figure(between) else "level"

    def _cue(self, place: int) -> re.Match[str] | None:
        """The last word before a figure, in its sentence, that names an earlier period."""
        setting = self._verdicts[place][0].setting
        start, _ = self._reading.span_of(setting.sentence)
        found = [*self._cues.find(self._reading.text, start, setting.mention.start)]
        return found[-1] if found else None

    def _fitting(self, cue: re.Match[str] | None) -> bool:
        return cue is None or self._cues.fitting(self._reading.text, cue)

    def _target(self, place: int, kind: str) -> Compared | None:
        """The comparison of the figure that this one is said of: told before it, or right after, or named by the words."""
        setting = self._verdicts[place][0].setting
        like = kind in ("difference", "former")
        if (other := self._respective(place)) is not None:
            match, _, finding = self._verdicts[other]
            return self._of(match.rival if finding and match.rival else match.entry)
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
        return self._from_former(place, kind) or self._named(setting, kind)

    def _from_former(self, place: int, kind: str) -> Compared | None:
        """The comparison with the earlier figure told right before, if this one fits it: 较上年同期12处|减少3处."""
        setting = self._verdicts[place][0].setting
        for other in range(place - 1, -1, -1):
            told = self._verdicts[other][0].setting
            if told.sentence != setting.sentence or kind == "former":
                return None
            if self._kinds[other] == "former":
                meant = [
                    known
                    for known in self._comparison.compared
                    if self._fits(told, "former", known) and self._fits(setting, kind, known)
                ]
                return meant[0] if len(meant) == 1 else None
        return None

    def _respective(self, place: int) -> int | None:
        """The figure that this one is said of behind 分别: the first of the changes of the first of the levels."""
        text, verdicts = self._reading.text, self._verdicts
        sentence = verdicts[place][0].setting.sentence
        own = [n for n, verdict in enumerate(verdicts) if verdict[0].setting.sentence == sentence]
        levels = [n for n in own if n < place and self._kinds[n] == "level"]
        if not levels:
            return None
        between = text[verdicts[levels[-1]][0].setting.mention.end : verdicts[place][0].setting.mention.start]
        changes = [n for n in own if n > levels[-1] and self._kinds[n] not in ("level", "former")]
        if "分别" not in between or place not in changes or len(levels) < len(changes):
            return None
        return levels[-len(changes) :][changes.index(place)]

    def _of(self, entry: Entry | None) -> Compared | None:
        if entry is None or entry.source.fact is None:
            return None
        return self._by_place.get((entry.source.fact, entry.mention.start))

    def _named(self, setting: Setting, kind: str) -> Compared | None:
        """The comparison that the words alone speak for: the only one, or of several the one that the figure fits."""
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
        meant = [known for score, known in scored if score > scored[0][0] - MARGIN]
        if len(meant) > 1:
            meant = [known for known in meant if self._fits(setting, kind, known)]
        return meant[0] if meant else None

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
        so = fits(_as_told(change, kind, way), mention)
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
        if self._fits(setting, "former", target):
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
        if finding is None or earlier is None:
            return claim, finding
        told = read_period(mention.parts)
        beside = _BESIDE.search(before) is not None or behind == "同期"
        year_alone = mention.parts == (("年", earlier.year),) and behind == "同期"
        last_year = mention.relative == "去年" and self._relation.name == "year"
        if last_year and told and (told.first, told.last) == (earlier.first, earlier.last):
            beside, told = True, earlier
        if told and not told.year and self._relation.name == "before":
            told = replace(told, year=earlier.year)  # 较一季度
        if beside and (told == earlier or year_alone):
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
        start, end = cue.start(), self._cues.end(self._reading.text, cue)
        if any(found.start == start for found in self.mislabelled):
            return
        right = self._relation.lead if cue[0] in ("同比", "环比") else self._relation.former
        self.mislabelled.append(
            Finding(
                check=CHECK,
                code="numbers.conflicting",
                severity="error",
                message=f"“{self._reading.text[start:end]}”不对：上期事实文件是{self._comparison.period}的，应说“{right}”",
                start=start,
                end=end,
                text=self._reading.text[start:end],
                evidence=self._both(target),
                suggestion=right,
            )
        )


def _as_told(change: Change, kind: str, way: str | None) -> Decimal:
    """The value of a change as a figure of this kind tells it: 1.2倍 of what it was, or more by so many 倍."""
    if kind == "times":
        return abs(change.value) / 100 if way else 1 + change.value / 100
    return abs(change.value)


def _earlier_mention(target: Compared) -> Mention | None:
    return next((each for each in find(target.previous_text) if each.start == target.previous_start), None)


def _states_figure(text: str) -> bool:
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

"""What the review page shows of a report, in the order in which it shows it. Knows no HTML."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from drafter.checks import CODES
from drafter.exporters.review.changes import Side, compare
from drafter.exporters.review.lines import Cutter, ShownBlock
from drafter.facts import Fact
from drafter.passages import Passage
from drafter.report import SEVERITIES, Claim, Evidence, Finding, Part, Report, SectionDraft, Severity, Trace

STATUS = {"supported": "有依据", "derived": "推算得出", "doubtful": "存疑", "wrong": "有误"}
"""What a person calls the standing of a quantity."""
SEVERITY: Mapping[Severity, str] = {"error": "错误", "warning": "提醒", "info": "提示"}
MARK: Mapping[Severity, str] = {"error": "误", "warning": "疑", "info": "注"}
"""What stands behind a place that a finding points at, with the finding's number."""
ROLE = {"background": "背景", "done": "已做", "problem": "问题", "plan": "打算"}
STEP = {"fix": "按规则改", "patch": "请模型逐句修改", "rewrite": "请模型重写", "fallback": "改用台账原话"}
STATE = {
    "missing": "没有写到",
    "unused": "没有用到",
    "partial": "没有写全",
    "told": "已写到",
}
_WITHOUT_HEADING = {"opening": "开头", "closing": "结尾"}
_MISSING = ("coverage.missing", "outline.unplaced")
_LAID_OUT = ("title", "recipient", "heading", "signature", "date")
"""Kinds of lines whose sentences are asked about only where something was traced or found in them."""


@dataclass(frozen=True)
class FactRow:
    """A fact of the ledger; `number` counts from 0, `state` is a key of STATE, `sentences` are those that tell it."""

    number: int
    fact: Fact
    state: str
    sentences: tuple[int, ...]

    @property
    def name(self) -> str:
        """What the page calls it: an id that the program made says nothing to a person."""
        made = self.fact.id.startswith("f-")
        return f"第{self.number + 1}条" if made else f"第{self.number + 1}条 {self.fact.id}"


@dataclass(frozen=True)
class Source:
    """What a quantity or a finding leans on: a fact with a row, or else words of the header, of a past report, a formula."""

    fact: FactRow | None = None
    text: str = ""
    formula: str = ""
    past: bool = False


@dataclass(frozen=True)
class Quantity:
    """A quantity, a date or a name with figures, as it was judged; `number` is its place in `Report.claims`."""

    number: int
    claim: Claim
    sources: tuple[Source, ...]

    @property
    def status(self) -> str:
        """How it stands, in words."""
        return STATUS[self.claim.status]


@dataclass(frozen=True)
class FindingRow:
    """A finding; `label` is its mark in the text, `sentence` where it stands, `section` what a person calls that."""

    number: int
    finding: Finding
    label: str
    section: str
    sentence: int | None
    sources: tuple[Source, ...]

    @property
    def severity(self) -> str:
        """Its severity in words."""
        return SEVERITY[self.finding.severity]

    @property
    def meaning(self) -> str:
        """What its code means in general."""
        return CODES.get(self.finding.code, "")


@dataclass(frozen=True)
class Repair:
    """An accepted change of one leaf."""

    step: str
    reason: str
    solved: tuple[str, ...]
    weights: tuple[int, int]
    before: Side
    after: Side


@dataclass(frozen=True)
class Leaf:
    """One leaf of the outline as drafted, with the passages that its prompt showed and what repair changed."""

    number: int
    name: str
    part: Part
    passages: tuple[Passage, ...]
    repairs: tuple[Repair, ...]


@dataclass(frozen=True)
class Entry:
    """What one sentence leans on."""

    number: int
    text: str
    facts: tuple[FactRow, ...]
    quantities: tuple[Quantity, ...]
    findings: tuple[FindingRow, ...]
    leaf: Leaf | None

    @property
    def said(self) -> str:
        """Its sum in one line, for a reader who hears the page."""
        said = [f"事实 {len(self.facts)} 条" if self.facts else "没有对应的事实"]
        counts = Counter(quantity.claim.status for quantity in self.quantities)
        said += [f"{word} {counts[status]} 处" for status, word in STATUS.items() if counts[status]]  # type: ignore[index]
        if self.findings:
            said.append(f"核对结果 {len(self.findings)} 条")
        return "，".join(said)


@dataclass(frozen=True)
class Share:
    """A part of a bar; `start` and `size` are percents of its length."""

    name: str
    word: str
    count: int
    start: float
    size: float


@dataclass(frozen=True)
class Tick:
    """A finding on the strip that stands for the whole text; `at` is a percent of its length."""

    severity: Severity
    at: float
    number: int


@dataclass(frozen=True)
class Stripe:
    """A section on that strip."""

    name: str
    start: float
    size: float


@dataclass
class View:
    """The page."""

    report: Report
    blocks: list[ShownBlock] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    findings: list[FindingRow] = field(default_factory=list)
    facts: list[FactRow] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    quantities: list[Share] = field(default_factory=list)
    required: tuple[int, int] = (0, 0)
    stripes: list[Stripe] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)

    @property
    def left_out(self) -> list[FactRow]:
        """Facts that the text does not tell, or not whole; those that must be told first."""
        rows = [row for row in self.facts if row.state != "told"]
        return sorted(rows, key=lambda row: (list(STATE).index(row.state), not row.fact.required))

    @property
    def used(self) -> list[FactRow]:
        """The others."""
        return [row for row in self.facts if row.state == "told"]

    @property
    def repaired(self) -> list[Leaf]:
        """Leaves that repair has changed."""
        return [leaf for leaf in self.leaves if leaf.repairs]

    @property
    def modelled(self) -> list[Leaf]:
        """Leaves that were written with passages of past reports before the writer's eyes."""
        return [leaf for leaf in self.leaves if leaf.passages]


def view_of(report: Report) -> View:
    """Everything that the page shows."""
    return _Viewing(report).view()


class _Viewing:
    def __init__(self, report: Report) -> None:
        self.report = report
        # a report that was made by hand has no traces: then each line is asked about as a whole
        self.traces = report.traces or [Trace(start=start, end=end) for start, end in _lines_of(report.text)]
        self.starts = [trace.start for trace in self.traces]
        self.names = {section.name: _name(section) for section in report.sections}
        self.claims: dict[int, list[int]] = {}
        for number, claim in enumerate(report.claims):
            self.claims.setdefault(self._sentence(claim.start), []).append(number)

    def view(self) -> View:
        report = self.report
        ordered = sorted(
            report.findings,
            key=lambda found: (SEVERITIES.index(found.severity), found.start is None, found.start or 0),
        )
        cutter = Cutter(report, self.traces, ordered, self._asked(ordered))
        blocks = cutter.blocks()
        asked = frozenset(cutter.words)
        facts = self._facts(asked)
        by_id = {row.fact.id: row for row in facts}
        findings = self._findings(ordered, by_id, asked)
        leaves = self._leaves()
        length = len(report.text) or 1
        return View(
            report,
            blocks=blocks,
            entries=list(self._entries(cutter.words, by_id, findings, leaves)),
            findings=findings,
            facts=facts,
            leaves=leaves,
            quantities=_shares(Counter(claim.status for claim in report.claims)),
            required=report.coverage(),
            stripes=[
                Stripe(section.number.rstrip("、") or self.names[section.name], *_percents(section, length))
                for section in report.sections
                if section.end > section.start
            ],
            ticks=[
                Tick(row.finding.severity, round(100 * row.finding.start / length, 2), row.number)
                for row in findings
                if row.finding.start is not None
            ],
        )

    def _sentence(self, offset: int) -> int:
        """The number of the sentence at this place, or of the one before it."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def _asked(self, findings: Sequence[Finding]) -> frozenset[int]:
        """Sentences that may be asked about: all of the text's body, of the rest those with something to tell."""
        told = set(self.claims)
        for finding in findings:
            if finding.start is not None and finding.end is not None:
                told |= set(
                    range(
                        self._sentence(finding.start), self._sentence(max(finding.start, finding.end - 1)) + 1
                    )
                )
        frame = [(block.start, block.end) for block in self.report.blocks if block.kind in _LAID_OUT]
        begins = [start for start, _ in frame]
        asked = set()
        for number, trace in enumerate(self.traces):
            own = bisect_right(begins, trace.start) - 1
            framed = own >= 0 and trace.start < frame[own][1]
            if number in told or trace.facts or not framed:
                asked.add(number)
        return frozenset(asked)

    def _facts(self, asked: frozenset[int]) -> list[FactRow]:
        telling: dict[str, list[int]] = {}
        for number, trace in enumerate(self.traces):
            for own in self._facts_of(number, trace):
                if number in asked:
                    telling.setdefault(own, []).append(number)
        found = [*self.report.findings, *self.report.silenced]
        missing = {e.fact for each in found if each.code in _MISSING for e in each.evidence}
        partial = {e.fact for each in found if each.code == "coverage.partial" for e in each.evidence}
        rows = []
        for number, fact in enumerate(self.report.ledger.facts):
            state = "told" if fact.id in telling else "unused"
            if fact.id in missing:
                state = "missing"
            elif fact.id in partial:
                state = "partial"
            rows.append(FactRow(number, fact, state, tuple(telling.get(fact.id, ()))))
        return rows

    def _facts_of(self, number: int, trace: Trace) -> dict[str, None]:
        """Facts that the sentence tells, with those that stand behind its quantities, without double."""
        facts = dict.fromkeys(trace.facts)
        for claim in self.claims.get(number, ()):
            facts |= {e.fact: None for e in self.report.claims[claim].evidence if e.fact}
        return facts

    def _findings(
        self, ordered: Sequence[Finding], facts: Mapping[str, FactRow], asked: frozenset[int]
    ) -> list[FindingRow]:
        rows = []
        counts: Counter[Severity] = Counter()
        for number, finding in enumerate(ordered):
            counts[finding.severity] += 1
            sentence = None if finding.start is None else self._sentence(finding.start)
            rows.append(
                FindingRow(
                    number,
                    finding,
                    f"{MARK[finding.severity]}{counts[finding.severity]}",
                    self.names.get(finding.section or "", ""),
                    sentence if sentence in asked else None,
                    tuple(_source(each, facts) for each in finding.evidence),
                )
            )
        return rows

    def _leaves(self) -> list[Leaf]:
        leaves: list[Leaf] = []
        for section in self.report.sections:
            passages = {passage.id: passage for passage in section.passages}
            for part in section.parts:
                name = self.names[section.name] + (f"：{part.heading}" if part.heading else "")
                shown = tuple(passages[own] for own in part.passages if own in passages)
                leaves.append(Leaf(len(leaves), name, part, shown, tuple(_repairs(part))))
        return leaves

    def _entries(
        self,
        shown: Mapping[int, Sequence[str]],
        facts: Mapping[str, FactRow],
        findings: Sequence[FindingRow],
        leaves: Sequence[Leaf],
    ) -> Iterator[Entry]:
        found: dict[int, list[FindingRow]] = {}
        for row in findings:
            start, end = row.finding.start, row.finding.end
            if start is not None and end is not None:
                for number in range(self._sentence(start), self._sentence(max(start, end - 1)) + 1):
                    found.setdefault(number, []).append(row)
        placed = sorted((leaf for leaf in leaves if leaf.part.end), key=lambda leaf: leaf.part.start)
        begins = [leaf.part.start for leaf in placed]
        for number in sorted(shown):
            trace = self.traces[number]
            own = bisect_right(begins, trace.start) - 1
            leaf = placed[own] if own >= 0 and trace.start < placed[own].part.end else None
            quantities = tuple(
                Quantity(
                    claim,
                    self.report.claims[claim],
                    tuple(_source(each, facts) for each in self.report.claims[claim].evidence),
                )
                for claim in self.claims.get(number, ())
            )
            rows = (facts.get(fact) for fact in self._facts_of(number, trace))
            yield Entry(
                number,
                " ".join(shown[number]).strip(),
                tuple(row for row in rows if row),
                quantities,
                tuple(found.get(number, ())),
                leaf,
            )


def _lines_of(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _name(section: SectionDraft) -> str:
    """What a person calls a section."""
    return section.number + section.heading or _WITHOUT_HEADING.get(section.name, section.name)


def _source(evidence: Evidence, facts: Mapping[str, FactRow]) -> Source:
    return Source(
        facts.get(evidence.fact or ""),
        evidence.text or "",
        evidence.formula or "",
        past=bool(evidence.document or evidence.passage),
    )


def _repairs(part: Part) -> Iterator[Repair]:
    for step in part.repairs:
        before, after = compare(step.before, step.after)
        solved = tuple(dict.fromkeys(CODES.get(code, code) for code in step.codes))
        yield Repair(
            STEP[step.kind], step.reason, solved, (step.weight_before, step.weight_after), before, after
        )


def _shares(counts: Mapping[str, int]) -> list[Share]:
    whole = sum(counts.values()) or 1
    shares, at = [], 0.0
    for name, word in STATUS.items():
        size = 100 * counts.get(name, 0) / whole
        shares.append(Share(name, word, counts.get(name, 0), round(at, 2), round(size, 2)))
        at += size
    return shares


def _percents(section: SectionDraft, length: int) -> tuple[float, float]:
    return round(100 * section.start / length, 2), round(100 * (section.end - section.start) / length, 2)

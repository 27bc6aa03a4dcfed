"""The report as plain data: blocks, sections, findings, claims. Knows no format and no check."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    computed_field,
    model_serializer,
)

from drafter.comparisons import Comparison
from drafter.facts import Facts
from drafter.passages import Passage

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
SEVERITY_NAMES: dict[Severity, str] = {"error": "错误", "warning": "提醒", "info": "说明"}
"""What a person calls them."""


class Evidence(BaseModel):
    """What a finding or claim leans on: a fact, a passage of a past report, or a formula over facts.

    `previous` is the id of a fact of the earlier period's ledger, which stands for no fact of this one.
    """

    model_config = ConfigDict(frozen=True)

    fact: str | None = None
    document: str | None = None
    passage: str | None = None
    previous: str | None = None
    text: str | None = None
    formula: str | None = None

    @model_serializer(mode="wrap")
    def _only_what_is_there(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in handler(self).items() if value is not None}


class Finding(BaseModel):
    """One thing a check found. `start` and `end` are code points of the checked text, end exclusive.

    What is absent from the text (a missing fact) has start, end and text None and names the fact in evidence.
    `suggestion` is the text that should stand at start..end, where the check knows it.
    """

    model_config = ConfigDict(frozen=True)

    check: str
    code: str
    severity: Severity
    message: str
    section: str | None = None
    start: int | None = None
    end: int | None = None
    text: str | None = None
    evidence: tuple[Evidence, ...] = ()
    suggestion: str | None = None


class Claim(BaseModel):
    """A mention in the text that was traced: its span, how it stands, and what it leans on."""

    model_config = ConfigDict(frozen=True)

    start: int
    end: int
    text: str
    status: Literal["supported", "derived", "doubtful", "wrong"]
    evidence: tuple[Evidence, ...] = ()


class Trace(BaseModel):
    """A sentence of the text and the ids of the facts that it tells, the one that it tells most of first.

    A sentence ends at 。！？； or with its line. One that tells no fact has none: a heading, a turn of phrase, or a
    statement that nothing in the ledger supports.
    """

    model_config = ConfigDict(frozen=True)

    start: int
    end: int
    facts: tuple[str, ...] = ()


def count_severities(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each severity; every severity is named, also with 0."""
    counts: dict[str, int] = dict.fromkeys(SEVERITIES, 0)
    for finding in findings:
        counts[finding.severity] += 1
    return counts


class CheckResult(BaseModel):
    """What `check --json` prints."""

    findings: list[Finding] = Field(default_factory=list)
    claims: list[Claim] = Field(default_factory=list)
    silenced: list[Finding] = Field(default_factory=list)
    counts: dict[str, int] = Field(default_factory=lambda: count_severities(()))
    comparison: Comparison | None = None

    @model_serializer(mode="wrap")
    def _compared_if_asked(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {
            key: value for key, value in handler(self).items() if key != "comparison" or value is not None
        }


BlockKind = Literal["title", "recipient", "heading", "paragraph", "table", "signature", "date"]


class Block(BaseModel):
    """One piece of the report's layout. `level` is a heading's (1 一、 2 （一） 3 1. 4 （1）).

    A heading's `text` has no number; `number` is set by assembly, which owns numbering.
    `rows` are a table's, the first being its head. `start` is the block's place in the report's text.
    """

    model_config = ConfigDict(frozen=True)

    kind: BlockKind
    text: str = ""
    level: int = 0
    number: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    section: str | None = None
    start: int = 0
    end: int = 0


class Usage(BaseModel):
    """Tokens as the server reported them; `cached_tokens` of the prompt came from its cache."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        """The sum of two calls."""
        return Usage(
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
        )

    @property
    def total(self) -> int:
        """Tokens of prompt and reply."""
        return self.prompt_tokens + self.completion_tokens

    def minus(self, other: Usage) -> Usage:
        """What is left without the other."""
        return Usage(
            prompt_tokens=self.prompt_tokens - other.prompt_tokens,
            completion_tokens=self.completion_tokens - other.completion_tokens,
            cached_tokens=self.cached_tokens - other.cached_tokens,
        )


class Spending(BaseModel):
    """What one step ("write", "patch", "rewrite") of one leaf has cost in this run.

    `calls` counts all that left, answered or not. Where the server reports no tokens they are the most that it can have
    been; a call that was refused cost none. `cost` is at the prices of the settings, 0 without any.
    """

    section: str
    heading: str = ""
    step: str = ""
    calls: int = 0
    tokens: Usage = Field(default_factory=Usage)
    seconds: float = 0.0
    cost: float = 0.0


class RepairStep(BaseModel):
    """One decision of repair about a leaf: what was tried against which findings, and why it was taken or refused.

    `kind` is "fix" (settled by rule), "patch" and "rewrite" (asked of the writer), or "fallback" (by rule, when asking
    did not help). `before` and `after` are the leaf's whole text; `weight` is that of its findings (an error 10, a
    warning 1), before and after.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["fix", "patch", "rewrite", "fallback"]
    accepted: bool
    reason: str
    codes: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    weight_before: int = 0
    weight_after: int = 0


class Part(BaseModel):
    """One leaf of the outline as drafted: what one unit of work gave and what it cost.

    `facts` and `passages` are ids; `passages` are those that the prompt showed, masked.
    `calls` counts requests that were answered in this run; a reply taken from the journal costs none.
    `seconds` is the time the writer took, in this run. `repairs` are the accepted steps of repair, in order.
    `start` and `end` are the place of its text in the report's, where its paragraphs are divided by empty lines.
    """

    heading: str = ""
    topics: list[str] = Field(default_factory=list)
    facts: list[str] = Field(default_factory=list)
    text: str = ""
    passages: list[str] = Field(default_factory=list)
    writer: str = ""
    model: str = ""
    calls: int = 0
    resumed: bool = False
    tokens: Usage = Field(default_factory=Usage)
    seconds: float = 0.0
    repairs: list[RepairStep] = Field(default_factory=list)
    start: int = 0
    end: int = 0


class SectionDraft(BaseModel):
    """One section of the report: its heading, its leaves, and its place in the report's text.

    `text` is the section's body as it stands in the report, with subheadings, without its own heading.
    """

    name: str
    heading: str = ""
    number: str = ""
    start: int = 0
    end: int = 0
    text: str = ""
    parts: list[Part] = Field(default_factory=list)
    passages: list[Passage] = Field(default_factory=list)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def facts(self) -> list[str]:
        """Ids of the facts that the section was given."""
        return [fact for part in self.parts for fact in part.facts]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def calls(self) -> int:
        """Requests answered for the section in this run."""
        return sum(part.calls for part in self.parts)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def tokens(self) -> Usage:
        """Tokens of these requests."""
        return sum((part.tokens for part in self.parts), Usage())

    @computed_field  # type: ignore[prop-decorator]
    @property
    def seconds(self) -> float:
        """Seconds that the section's writer took, added up over its leaves."""
        return round(sum(part.seconds for part in self.parts), 3)


class Report(BaseModel):
    """A drafted report with its proof. Offsets of findings, claims and traces count code points of `text`.

    `text` is markdown without flags: `# ` title, `## ` 一、 level, `### ` （一） level, a paragraph a line.
    `unfinished` means that findings of severity error are left. `seconds` is the whole run's wall time,
    `writer_seconds` the part of it in which at least one request to the writer was under way. `calls` and `tokens` are
    answered calls and tokens as reported, `spending` is all that this run has cost by leaf and step, `cost` its sum in
    `currency`.
    """

    drafter: str = ""
    title: str
    text: str
    writer: str
    model: str = ""
    unfinished: bool = False
    ledger: Facts
    blocks: list[Block] = Field(default_factory=list)
    sections: list[SectionDraft] = Field(default_factory=list)
    findings: list[Finding] = Field(default_factory=list)
    claims: list[Claim] = Field(default_factory=list)
    traces: list[Trace] = Field(default_factory=list)
    silenced: list[Finding] = Field(default_factory=list)
    comparison: Comparison | None = None
    counts: dict[str, int] = Field(default_factory=lambda: count_severities(()))
    calls: int = 0
    tokens: Usage = Field(default_factory=Usage)
    spending: list[Spending] = Field(default_factory=list)
    cost: float = 0.0
    currency: str = ""
    seconds: float = 0.0
    writer_seconds: float = 0.0
    notes: list[str] = Field(default_factory=list)

    def coverage(self) -> tuple[int, int]:
        """How many facts are required, and how many of them the text has at least in part."""
        missing = {
            each.fact
            for finding in (*self.findings, *self.silenced)
            if finding.code in ("coverage.missing", "outline.unplaced")
            for each in finding.evidence
        }
        required = [fact.id for fact in self.ledger.facts if fact.required]
        return len(required), sum(fact not in missing for fact in required)

    def to_json(self) -> dict[str, Any]:
        """The content of report.json: the facts stand at the top, the rest of the header under `ledger`."""
        data = self.model_dump(mode="json")
        data["facts"] = data["ledger"].pop("facts")
        if self.comparison is None:
            del data["comparison"]
        return data

    def save(self, path: str | Path) -> Path:
        """Write the report to `path` in the format of its ending (.md, .json, …), whole or not at all.

        Raises:
            OutputError: no exporter has that ending, or the place cannot be written.
        """
        # the data knows no format; this is a thin call through the registry of exporters, two rooms up
        from drafter.exporters import save_report

        return save_report(self, Path(path))

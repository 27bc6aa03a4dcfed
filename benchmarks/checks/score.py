"""Runs the checks over cases and counts what they find: the only place here that knows drafter, with clean.py and speed.py.

A fault is found when a finding of the kind, under one of the fault's codes and of a severity that counts, overlaps it.
A finding that overlaps no fault is a false alarm, wherever it stands; the same finding in the same sentence of the same
ledger is one false alarm, since a made-up sentence stands in several drafts. Precision is found faults over found
faults and false alarms. A fault whose codes are none of drafter's is "not there" and counts nowhere.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import drafter
from benchmarks.checks.cases import VERDICTS, Case, Mark, World
from drafter.checks import CODES, copying
from drafter.corpus.store import Corpus, open_store
from drafter.plugins import Registry, load_registry
from drafter.report import Finding
from drafter.settings import Settings


@dataclass(frozen=True)
class Judge:
    """How a kind is judged: which checks run, which of their codes and severities count, and the targets."""

    checks: tuple[str, ...]
    codes: tuple[str, ...]
    severities: tuple[str, ...] = ("error", "warning")
    recall: float | None = None
    precision: float | None = None
    alarms: float | None = None
    """False alarms in 10,000 characters of clean text."""


JUDGES: Mapping[str, Judge] = {
    "placeholder": Judge(("placeholder",), ("placeholder.",), recall=0.97, alarms=1),
    "residue": Judge(("residue", "structure"), ("residue.", "structure.duplicate"), recall=0.97, alarms=1),
    "structure": Judge(("structure", "residue"), ("structure.", "residue.repeated"), recall=0.97, alarms=1),
    "leakage": Judge(
        ("leakage", "numbers"),
        ("leakage.name", "leakage.unsupported"),
        ("error",),
        recall=0.95,
        precision=0.95,
    ),
    "names": Judge(
        ("leakage",),
        ("leakage.name", "leakage.unsupported"),
        ("error",),
        recall=0.95,
        precision=0.95,
    ),
    "copying": Judge(("leakage", "copying"), ("leakage.copied",), recall=0.95, precision=0.95),
    "coverage": Judge(("coverage",), ("coverage.",), recall=0.95, precision=0.95),
    "style": Judge(("style",), ("style.",)),
    "tense": Judge(("style",), ("style.tense",)),
    "period": Judge(("period", "numbers"), ("period.",)),
    "personal": Judge(("personal",), ("personal.",)),
}
"""A finding of numbers may find a fault of leakage or period. Its false alarms are the matter of `make bench-numbers`."""

REGISTRY: Registry = load_registry(entry_points=False)
SETTINGS = Settings()


def threshold() -> int:
    """Han characters in a row from which on a copy is to be found, as checks/copying.py documents it."""
    return int(copying.RUN)


def is_code(prefix: str) -> bool:
    """Whether drafter has a code that begins so."""
    return any(code.startswith(prefix) for code in CODES)


def runs(kind: str) -> tuple[str, ...]:
    """The kind's checks that this drafter has; none where it cannot find faults of the kind at all."""
    judge = JUDGES[kind]
    if not any(is_code(code) for code in judge.codes):
        return ()
    return tuple(name for name in judge.checks if name in REGISTRY.checks)


@dataclass
class Score:
    """Counts over cases; `shapes` has (found, faults, false alarms, cases) of each shape."""

    cases: int = 0
    found: int = 0
    faults: int = 0
    false: int = 0
    absent: Counter[str] = field(default_factory=Counter)
    """Faults under codes that are not there."""
    edited: list[int] = field(default_factory=lambda: [0, 0])
    """Altered copies without a run as long as the threshold: found, all."""
    shapes: dict[str, list[int]] = field(default_factory=dict)
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Facts by (what is so, what the check says)."""
    seen: set[tuple[str, ...]] = field(default_factory=set)
    """False alarms that were counted: ledger, code, words, sentence."""
    wrong: list[str] = field(default_factory=list)
    """What to show: the case and what was missed or wrongly found."""


@contextmanager
def _corpora() -> Iterator[_Corpora]:
    with tempfile.TemporaryDirectory() as folder:
        corpora = _Corpora(Path(folder))
        try:
            yield corpora
        finally:
            corpora.close()


class _Corpora:
    """Past reports of a world as a corpus; the last one stays open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ""
        self._open: Corpus | None = None

    def of(self, world: World) -> Corpus | None:
        """The corpus of these past reports, None without any."""
        if not world.past:
            return None
        key = hashlib.sha256(repr(world.past).encode()).hexdigest()[:16]
        if key != self._key:
            self.close()
            self._key, self._open = key, open_store(self._folder / key)
            files = self._folder / f"{key}-files"
            files.mkdir(exist_ok=True)
            for place, (_, text) in enumerate(world.past):
                (files / f"{place:02d}.txt").write_text(text, encoding="utf-8")
            self._open.add([files])
        return self._open

    def close(self) -> None:
        """Close the corpus that is open."""
        if self._open is not None:
            self._open.close()
        self._open, self._key = None, ""


def score(kind: str, cases: Sequence[Case]) -> Score:
    """Run the kind's checks over its cases."""
    names = runs(kind)
    total = Score()
    with _corpora() as corpora:
        for case in sorted(cases, key=lambda case: repr(case.world.past)):
            result = drafter.check(
                case.text,
                dict(case.world.ledger),
                corpus=corpora.of(case.world),
                only=names,
                settings=SETTINGS,
                registry=REGISTRY,
                markdown=case.markdown,
            )
            total.cases += 1
            if case.verdicts:
                _judge_facts(case, result.findings, total)
            else:
                _judge_marks(case, result.findings, total)
    return total


def _judge_marks(case: Case, findings: Iterable[Finding], total: Score) -> None:
    judge = JUDGES[case.kind]
    placed = [
        finding for finding in findings if finding.start is not None and finding.severity in judge.severities
    ]
    shape = total.shapes.setdefault(case.shape, [0, 0, 0, 0])
    shape[3] += 1
    innocent = []
    for mark in case.marks:
        hits = [
            finding for finding in placed if finding.code.startswith(mark.codes) and _overlaps(finding, mark)
        ]
        if not any(is_code(code) for code in mark.codes):
            total.absent[", ".join(mark.codes)] += 1
        elif mark.run and mark.run < threshold():
            if mark.edited:
                total.edited[1] += 1
                total.edited[0] += bool(hits)
            else:
                innocent += hits  # a turn of phrase, not a copy
        else:
            total.faults += 1
            shape[1] += 1
            total.found += bool(hits)
            shape[0] += bool(hits)
            if not hits:
                said = " / ".join(case.text[start:end] for start, end in mark.spans)
                total.wrong.append(f"missed ({case.shape}): {said}  ←  {_around(case.text, *mark.spans[0])}")
    stray = [
        finding
        for finding in placed
        if finding.code.startswith(judge.codes) and not any(_overlaps(finding, mark) for mark in case.marks)
    ]
    for finding in [*stray, *innocent]:
        key = (
            repr(case.world.ledger),
            finding.code,
            finding.text or "",
            _sentence(case.text, finding.start or 0),
        )
        if key in total.seen:
            continue
        total.seen.add(key)
        total.false += 1
        shape[2] += 1
        start, end = finding.start or 0, finding.end or 0
        total.wrong.append(
            f"false ({case.shape}): {finding.code} {finding.text!r}  ←  {_around(case.text, start, end)}"
        )


def _overlaps(finding: Finding, mark: Mark) -> bool:
    if finding.start is None or finding.end is None:
        return False
    return any(finding.start < end and start < finding.end for start, end in mark.spans)


def _sentence(text: str, place: int) -> str:
    start = max(text.rfind(mark, 0, place) for mark in "。；\n") + 1
    ends = [end for mark in "。；\n" if (end := text.find(mark, place)) >= 0]
    return text[start : min(ends, default=len(text))]


def _around(text: str, start: int, end: int) -> str:
    return text[max(0, start - 24) : end + 16].replace("\n", "⏎")


def _judge_facts(case: Case, findings: Iterable[Finding], total: Score) -> None:
    said = {
        evidence.fact: finding.code.removeprefix("coverage.")
        for finding in findings
        for evidence in finding.evidence
        if finding.code.startswith("coverage.")
    }
    texts = {fact["id"]: fact["text"] for fact in case.world.ledger["facts"] if isinstance(fact, dict)}
    for fact, is_so in case.verdicts.items():
        told = said.get(fact, "present")
        total.verdicts[is_so, told] += 1
        shape = total.shapes.setdefault(case.shape, [0, 0, 0, 0])
        shape[3] += 1
        total.faults += is_so != "present"
        shape[1] += is_so != "present"
        if is_so != "present" and told != "present":
            total.found += 1
            shape[0] += 1
        if is_so == "present" and told != "present":
            total.false += 1
            shape[2] += 1
        if is_so != told:
            text = case.text if case.origin == "hand" else f"draft of {case.world.ledger['organization']}"
            total.wrong.append(f"{is_so} taken for {told} ({case.shape}): {texts[fact]}  ←  {text}")


__all__ = ["JUDGES", "VERDICTS", "Score", "runs", "score", "threshold"]

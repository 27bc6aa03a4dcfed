"""Reads the sets of names in tests/cases and measures the leakage check on them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from drafter.checks import run
from drafter.checks.leakage import Leakage
from drafter.checks.numbers import Numbers
from drafter.facts import parse_facts
from drafter.passages import Passage
from drafter.plugins import CheckContext

_CASES = Path(__file__).parent / "cases"
_MARK = re.compile("⟦([^⟦⟧]*)⟧")
_CODES = ("leakage.name", "leakage.unsupported")
_OF_DOCUMENTS = (*_CODES, "numbers.unsupported")
"""A document's or contract's number is a matter of the numbers' check too."""


@dataclass(frozen=True)
class Leak:
    """A sentence of a draft, what the ledger says, and where names stand that the ledger lacks."""

    kind: str
    fact: str
    text: str
    spans: tuple[tuple[int, int], ...]

    @property
    def held(self) -> bool:
        """Whether the case was kept unseen while the rules were mended: a half, by a checksum of its text."""
        return bool(zlib.crc32(self.text.encode()) & 1)

    def found(self) -> list[tuple[int, int, str]]:
        """What the check says is a name that the ledger lacks."""
        ledger = parse_facts(
            {
                "title": "石桥镇2024年工作情况汇报",
                "theme": "综合工作",
                "organization": "石桥镇人民政府",
                "period": "2024年",
                "facts": [{"id": "f01", "topic": "工作", "text": self.fact}],
            }
        )
        past = [Passage(id="p1", document="d1", text=self.text)]
        context = CheckContext(
            ledger, examples=past, lookup=lambda name: [passage for passage in past if name in passage.text]
        )
        documents = self.kind == "document"
        checks = [Leakage(), Numbers()] if documents else [Leakage()]
        return [
            (finding.start or 0, finding.end or 0, finding.text or "")
            for finding in run(self.text, context, checks).findings
            if finding.code in (_OF_DOCUMENTS if documents else _CODES)
        ]


@dataclass
class Score:
    """Names found, missed and falsely called, with the sentences of the latter two."""

    found: int
    missed: list[str]
    false: list[str]

    @property
    def recall(self) -> float:
        """Of the marked names those that were found."""
        return self.found / (self.found + len(self.missed))

    @property
    def precision(self) -> float:
        """Of the findings those at a marked name."""
        return self.found / (self.found + len(self.false))


def cases(name: str) -> Iterator[Leak]:
    """The cases of this file, in order."""
    for line in (_CASES / name).read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        sort, kind, own, said = (part.strip() for part in line.split("｜"))
        text = _MARK.sub(r"\1", said)
        spans = tuple(
            (match.start() - 2 * place, match.end() - 2 * place - 2)
            for place, match in enumerate(_MARK.finditer(said))
        )
        names = iter(own.split("、")) if len(spans) > 1 else iter([own])
        fact = own if sort == "clean" else _MARK.sub(lambda match: next(names, "邻村"), said)  # noqa: B023
        yield Leak(kind, fact, text, spans)


def measure(chosen: Iterable[Leak]) -> Score:
    """The check's score on these cases."""
    score = Score(0, [], [])
    for case in chosen:
        found = case.found()
        for start, end in case.spans:
            if any(a < end and start < b for a, b, _ in found):
                score.found += 1
            else:
                score.missed.append(f"{case.kind} {case.text[start:end]}：{case.text}")
        for start, end, said in found:
            if not any(a < end and start < b for a, b in case.spans):
                score.false.append(f"{case.kind} {said}：{case.text}")
    return score

"""Reads tests/cases/placeholders_second.txt and measures the placeholder check on it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from drafter.checks import run
from drafter.checks.placeholder import Placeholder
from drafter.facts import parse_facts
from drafter.plugins import CheckContext
from tests.leak_cases import Score

_CASES = Path(__file__).parent / "cases" / "placeholders_second.txt"
_MARK = re.compile("⟦([^⟦⟧]*)⟧")
_CONTEXT = CheckContext(
    parse_facts(
        {"organization": "竹溪镇", "period": "2024年上半年", "theme": "综合工作", "facts": ["巡查9次"]}
    )
)


@dataclass(frozen=True)
class Blank:
    """A sentence and where in it a blank stands, if any."""

    text: str
    spans: tuple[tuple[int, int], ...]

    @property
    def held(self) -> bool:
        """Whether the case was kept unseen while the rules were mended: a half, by a checksum of its text."""
        return bool(zlib.crc32(self.text.encode()) & 1)


def cases() -> Iterator[Blank]:
    """The cases, in order."""
    for line in _CASES.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        _, said = line.split(" ｜ ", 1)
        spans = tuple(
            (match.start() - 2 * place, match.end() - 2 * place - 2)
            for place, match in enumerate(_MARK.finditer(said))
        )
        yield Blank(_MARK.sub(r"\1", said), spans)


def measure(chosen: Iterable[Blank]) -> Score:
    """The check's score on these cases."""
    score = Score(0, [], [])
    for case in chosen:
        found = [
            (finding.start or 0, finding.end or 0)
            for finding in run(case.text, _CONTEXT, [Placeholder()]).findings
        ]
        for start, end in case.spans:
            if any(a < end and start < b for a, b in found):
                score.found += 1
            else:
                score.missed.append(f"{case.text[start:end]}：{case.text}")
        for start, end in found:
            if not any(a < end and start < b for a, b in case.spans):
                score.false.append(f"{case.text[start:end]}：{case.text}")
    return score

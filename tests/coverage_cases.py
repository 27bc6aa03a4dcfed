"""The cases of cases/coverage.txt as texts with a ledger: each fact told, told in part, left out, or another told instead.

`python -m tests.coverage_cases [open|kept]` prints what the check makes of them, and every case that it takes wrong.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drafter.checks.coverage import Coverage
from drafter.facts import Facts, parse_facts
from drafter.plugins import CheckContext

FILE = Path(__file__).resolve().parent / "cases" / "coverage.txt"
PRESENT, PARTIAL, MISSING, OTHER = "present", "partial", "missing", "other"
_KINDS = {"+": PRESENT, "-": PARTIAL, "x": OTHER}


@dataclass
class Told:
    """A fact with its tellings by kind."""

    plain: dict[str, Any]
    texts: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Town:
    """One ledger of the file."""

    header: dict[str, Any]
    part: str
    facts: list[Told] = field(default_factory=list)

    @property
    def ledger(self) -> Facts:
        """The ledger as the checks read it."""
        return parse_facts({**self.header, "facts": [told.plain for told in self.facts]})


@dataclass(frozen=True)
class Case:
    """A text, the fact that is asked for, and what has to be said of it (`other`: missing or partial)."""

    ledger: Facts
    fact: str
    text: str
    wanted: str
    told: str


def towns(part: str | None = None) -> list[Town]:
    """The ledgers of the file, or of one part of it."""
    found: list[Town] = []
    for line in FILE.read_text("utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "=":
            organization, period, theme, of = (cell.strip() for cell in rest.split("|"))
            found.append(Town({"organization": organization, "period": period, "theme": theme}, of))
        elif mark == "F":
            role, topic, text = (cell.strip() for cell in rest.split("|"))
            number = f"f{len(found[-1].facts) + 1:02}"
            found[-1].facts.append(Told({"id": number, "role": role, "topic": topic, "text": text}))
        elif mark in _KINDS:
            found[-1].facts[-1].texts.append((_KINDS[mark], rest))
    return [town for town in found if part in (None, town.part)]


def cases(part: str | None = None) -> Iterator[Case]:
    """Every telling of every fact among the sentences of the other facts, and the text without it."""
    for town in towns(part):
        ledger = town.ledger
        for place, told in enumerate(town.facts):
            for wanted, text in [*told.texts, (MISSING, "")]:
                yield Case(ledger, told.plain["id"], _report(town, place, text), wanted, text)


def _report(town: Town, place: int, text: str) -> str:
    """The report with `text` in the place of that fact's sentence."""
    parts = [f"{town.header['organization']}{town.header['period']}{town.header['theme']}情况报告"]
    topic, headings = "", iter("一二三四五六七八九")
    for number, told in enumerate(town.facts):
        if told.plain["topic"] != topic:
            topic = told.plain["topic"]
            parts.append(f"（{next(headings)}）{topic}\n")
        sentence = text if number == place else told.texts[0][1]
        parts[-1] += sentence
    return "\n".join(parts)


def verdict(case: Case) -> str:
    """What the check says of the case's fact."""
    expected = [fact for fact in case.ledger.facts if fact.id == case.fact]
    for finding in Coverage().check(case.text, CheckContext(case.ledger, expected=expected)):
        return finding.code.partition(".")[2]
    return PRESENT


def confusion(part: str | None = None) -> tuple[Counter[tuple[str, str]], list[tuple[Case, str]]]:
    """How often what was wanted got which verdict, and the cases that were taken wrong."""
    found: Counter[tuple[str, str]] = Counter()
    wrong: list[tuple[Case, str]] = []
    for case in cases(part):
        said = verdict(case)
        found[case.wanted, said] += 1
        if said != case.wanted and not (case.wanted == OTHER and said != PRESENT):
            wrong.append((case, said))
    return found, wrong


def shares(found: Counter[tuple[str, str]]) -> tuple[float, float]:
    """Precision and recall of “not whole” against “present”."""
    caught = sum(count for (wanted, said), count in found.items() if PRESENT not in (wanted, said))
    said = sum(count for (_, said), count in found.items() if said != PRESENT)
    wanted = sum(count for (wanted, _), count in found.items() if wanted != PRESENT)
    return caught / max(said, 1), caught / max(wanted, 1)


def main() -> None:
    """Print the table and what was taken wrong."""
    found, wrong = confusion(sys.argv[1] if len(sys.argv) > 1 else None)
    for case, said in wrong:
        fact = next(fact.text for fact in case.ledger.facts if fact.id == case.fact)
        print(f"{case.wanted} -> {said}: {fact} | {case.told}")
    print(f"{'wanted':8} {PRESENT:>8} {PARTIAL:>8} {MISSING:>8}")
    for wanted in (PRESENT, PARTIAL, MISSING, OTHER):
        print(f"{wanted:8}", *(f"{found[wanted, said]:8}" for said in (PRESENT, PARTIAL, MISSING)))
    print("precision {:.3f} recall {:.3f}".format(*shares(found)), f"cases {sum(found.values())}")


if __name__ == "__main__":
    main()

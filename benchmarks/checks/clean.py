"""False alarms of every check on text in which nothing is wrong, in 10,000 characters.

Sample reports are checked against a ledger that is no part of them, so names and numbers are left out there; what is
found in them by the checks of form is a false alarm. The references of ../shared/cases have their own ledgers, and
their masks are true blanks: findings of placeholder there are counted apart.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import drafter
from benchmarks.checks.cases import ledger
from benchmarks.checks.score import REGISTRY, SETTINGS
from drafter.inputs import as_facts

ROOT = Path(__file__).resolve().parents[2]
FORM = ("placeholder", "residue", "structure", "style", "personal")
"""Checks that need no ledger."""
FACTS = ("leakage", "numbers", "coverage", "period")
CHUNK = 3000
"""Characters of encyclopaedia text that are checked as one text, a paragraph a line."""


def _samples() -> Iterator[tuple[str, dict[str, Any]]]:
    """Sample reports that are clean: not those named dirty."""
    for path in sorted((ROOT / "examples" / "corpus").iterdir()):
        if not path.name.startswith("dirty"):
            yield path.read_text(encoding="utf-8"), ledger()


NOT_CLEAN = re.compile(r"[{}<>|*＊]|zh-(?:hans|hant|cn|tw|hk)|[^。！？…”’」』）)》\"]$")
"""An encyclopaedia's passage with wiki or HTML marks, or broken off within a sentence, is not clean: what is found may be true."""
STRIDE = 97
"""Passages are joined from far apart: neighbours are of one article and repeat each other's sentences."""


def _passages(shared: Path, all_of_them: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """The passages in texts of some paragraphs."""
    with (shared / "data" / "retrieval" / "passages.jsonl").open(encoding="utf-8") as file:
        passages = [" ".join(json.loads(line)["text"].split()) for line in file]
    kept = [passage for passage in passages if all_of_them or not NOT_CLEAN.search(passage)]
    text = ""
    for first in range(STRIDE):
        for passage in kept[first::STRIDE]:
            text += passage + "\n"
            if len(text) >= CHUNK:
                yield text, ledger()
                text = ""
    if text:
        yield text, ledger()


def _references(shared: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(shared.glob("cases/*/reference.md")):
        facts = as_facts(path.parent / "facts.json")
        yield path.read_text(encoding="utf-8"), facts.model_dump(exclude_defaults=True)


def alarms(shared: Path, show: bool = False) -> list[dict[str, Any]]:
    """For each clean text and check: characters, findings of error and warning, and those by code; `codes` with show."""
    sources = {
        "sample reports": (_samples, FORM),
        "encyclopaedia, clean passages": (lambda: _passages(shared), FORM),
        "encyclopaedia, all passages": (lambda: _passages(shared, all_of_them=True), FORM),
        "references of ../shared/cases": (lambda: _references(shared), (*FORM, *FACTS)),
    }
    rows = []
    for name, (read, checks) in sources.items():
        there = [check for check in checks if check in REGISTRY.checks]
        counts: Counter[tuple[str, str, str]] = Counter()
        examples: dict[str, list[str]] = {}
        characters = 0
        try:
            for text, facts in read():
                characters += len(text)
                result = drafter.check(text, facts, only=there, settings=SETTINGS, registry=REGISTRY)
                for finding in result.findings:
                    counts[finding.check, finding.code, finding.severity] += 1
                    if show and finding.start is not None and finding.end is not None:
                        around = text[max(0, finding.start - 20) : finding.end + 12].replace("\n", "⏎")
                        examples.setdefault(finding.code, []).append(f"{finding.text!r} ← {around}")
        except FileNotFoundError:
            characters = 0
        for check in checks:
            told = {
                f"{code} {severity}": count
                for (of, code, severity), count in sorted(counts.items())
                if of == check
            }
            loud = sum(
                count for (of, _, severity), count in counts.items() if of == check and severity != "info"
            )
            rows.append(
                {
                    "text": name,
                    "check": check,
                    "there": check in there,
                    "characters": characters,
                    "findings": loud,
                    "codes": told,
                    "examples": {code: said[:8] for code, said in examples.items() if code.startswith(check)},
                }
            )
    return rows

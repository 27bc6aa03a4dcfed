"""The style check on tenses that its rules were not made from: floors of what it reaches."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import drafter
from drafter.checks import run
from drafter.checks.style import Style
from drafter.facts import parse_facts
from drafter.plugins import CheckContext, SectionSpan
from drafter.settings import Settings

_CASES = Path(__file__).parent / "cases" / "tenses.txt"
_MARK = re.compile("⟦([^⟦⟧]*)⟧")
_LEDGER = {
    "organization": "栗坪镇",
    "period": "2024年上半年",
    "theme": "综合工作",
    "facts": ["召开会议2次"],
}


def _cases(held: bool) -> Iterator[tuple[str, bool]]:
    """Each text, and whether it has a sentence in the wrong tense; the held half was looked at as totals alone."""
    for line in _CASES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            said = line.split("｜")[1].strip()
            text = _MARK.sub(r"\1", said).replace("⏎", "\n")
            if bool(zlib.crc32(text.encode()) & 1) == held:
                yield text, "⟦" in said


def _is_found(text: str) -> bool:
    findings = drafter.check(text, _LEDGER, only=["style"], settings=Settings()).findings
    return any(finding.code == "style.tense" for finding in findings)


@pytest.mark.parametrize("held", [False, True], ids=["open", "held"])
def test_a_wrong_tense_is_found_and_a_right_one_is_not(held: bool) -> None:
    judged = [(text, wrong, _is_found(text)) for text, wrong in _cases(held)]
    missed = [text for text, wrong, found in judged if wrong and not found]
    false = [text for text, wrong, found in judged if found and not wrong]
    faults = sum(wrong for _, wrong, _ in judged)
    assert len(missed) <= 0.1 * faults, missed
    assert not false


def test_a_plan_in_a_paragraph_of_its_own_is_a_turn_for_a_person_and_none_for_a_writer_who_was_given_deeds(
    plain: dict[str, Any],
) -> None:
    text = "清理河道6.5公里。\n\n计划与企业合作，把河道清理交给专业队伍。"
    ledger = parse_facts(plain)
    drafted = [SectionSpan("achievements", 0, len(text), facts=("f05", "f06"))]
    mixed = [SectionSpan("achievements", 0, len(text), facts=("f06", "f11"))]

    def found(sections: list[SectionSpan]) -> list[str]:
        context = CheckContext(ledger, sections=sections)
        return [each.text for each in run(text, context, [Style()]).findings if each.code == "style.tense"]

    assert found([]) == found(mixed) == []
    assert found(drafted) == ["计划与企业合作"]

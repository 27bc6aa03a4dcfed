"""structure: every fault that the templates make is found where it is, and sound texts stay silent."""

from __future__ import annotations

from typing import Any

import pytest

from drafter.checks import run
from drafter.checks.structure import Structure
from drafter.facts import parse_facts
from drafter.plugins import CheckContext
from tests.structure_cases import Case, faulty, sound


def _found(plain: dict[str, Any], text: str) -> list[tuple[str, str]]:
    result = run(text, CheckContext(parse_facts(plain)), [Structure()])
    return [(finding.code.partition(".")[2], finding.text or "") for finding in result.findings]


@pytest.mark.parametrize("case", faulty(), ids=lambda case: case.name)
def test_a_fault_is_found_where_it_is(plain: dict[str, Any], case: Case) -> None:
    found = _found(plain, case.text)
    assert any(code == case.code and case.at in text for code, text in found), found


@pytest.mark.parametrize("case", list(sound()), ids=lambda case: case.name)
def test_a_sound_text_is_left_alone(plain: dict[str, Any], case: Case) -> None:
    assert _found(plain, case.text) == []

"""style: half-width marks in Chinese text with the right mark, plans told as done and deeds as planned."""

from __future__ import annotations

import pytest

from drafter.checks import run
from drafter.checks.style import Style
from drafter.facts import parse_facts
from drafter.plugins import CheckContext
from drafter.report import Finding
from tests.style_cases import LEDGER, RIGHTFUL, SOUND_TENSES, WITHOUT_PARTNER, half_widths, wrong_tenses

FACTS = parse_facts(LEDGER)


def _found(text: str, code: str) -> list[Finding]:
    return [finding for finding in run(text, CheckContext(FACTS), [Style()]).findings if finding.code == code]


@pytest.mark.parametrize(("text", "mark", "full"), list(half_widths()))
def test_a_half_width_mark_is_found_with_the_right_one(text: str, mark: str, full: str) -> None:
    first = _found(text, "style.halfwidth")[0]
    assert (first.text, first.suggestion) == (mark, full)


@pytest.mark.parametrize("text", RIGHTFUL)
def test_half_width_marks_in_their_place_are_left_alone(text: str) -> None:
    assert _found(text, "style.halfwidth") == []


@pytest.mark.parametrize("text", WITHOUT_PARTNER)
def test_marks_without_a_partner_do_not_break_the_check(text: str) -> None:
    assert _found(text, "plugin.failed") == []
    assert not [finding for finding in _found(text, "style.halfwidth") if finding.text == "'"]


def test_brackets_and_item_numbers_in_chinese_text_are_found_also_around_latin_and_figures() -> None:
    assert len(_found("(A)清淤\n(1)巡查", "style.halfwidth")) == 4
    assert len(_found("完成投资3亿元(108%)。", "style.halfwidth")) == 2
    assert len(_found("引进滴灌(Netafim，新型)技术。", "style.halfwidth")) == 2
    assert len(_found("办成“数字（digital）”, 群众满意。", "style.halfwidth")) == 1
    assert len(_found("办成“数字（digital）”,2024年启用。", "style.halfwidth")) == 1


@pytest.mark.parametrize("text", list(wrong_tenses()))
def test_a_wrong_tense_is_found(text: str) -> None:
    assert len(_found(text, "style.tense")) == 1


@pytest.mark.parametrize("text", SOUND_TENSES)
def test_a_right_tense_is_left_alone(text: str) -> None:
    assert _found(text, "style.tense") == []

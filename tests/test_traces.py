"""Which facts each sentence of a report tells: as data, for the review page and for anybody's own use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from drafter import Report, Settings, Trace, draft
from drafter.checks import tracing
from drafter.checks.numbers import check as numbers
from drafter.checks.tracing import traces
from drafter.facts import parse_facts
from tests.conftest import EXAMPLES

FACTS = [
    {"id": "c", "topic": "夜查", "text": "副镇长带队夜查6次，查烧烤店44家"},
    {"id": "d", "topic": "排查", "text": "排查燃气用户1260户，发现隐患43处"},
    {"id": "e", "topic": "排查", "text": "餐饮店全部安装可燃气体报警器"},
]


def told(text: str, facts: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    ledger = parse_facts(
        {"organization": "竹溪镇", "period": "2024年上半年", "theme": "安全工作", "facts": facts}
    )
    return {text[each.start : each.end]: each.facts for each in traces(text, ledger)}


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("副镇长带队夜查6次，检查烧烤店44家。", ("c",)),
        ("共排查燃气用户1260户；", ("d",)),
        ("辖区餐饮店已全部安装可燃气体报警器！", ("e",)),  # words alone
        ("夜查6次，发现隐患43处，餐饮店全部安装可燃气体报警器。", ("c", "d", "e")),
        ("全镇上下齐心协力，工作扎实推进。", ()),
        ("夜查7次。", ()),  # another figure tells nothing of the fact
        ("## 一、排查燃气用户", ()),
    ],
)
def test_a_sentence_has_the_facts_that_it_tells(sentence: str, facts: tuple[str, ...]) -> None:
    ((_, found),) = told(sentence, FACTS).items()
    assert tuple(sorted(found)) == facts


def test_sentences_end_with_their_marks_and_what_is_flagged_tells_nothing() -> None:
    text = "# 标题\n\n夜查6次。“排查燃气用户1260户。”【待核实：餐饮店全部安装可燃气体报警器】"
    found = told(text, FACTS)
    assert list(found)[:3] == ["# 标题", "夜查6次。", "“排查燃气用户1260户。”"]
    assert {fact for facts in found.values() for fact in facts} == {"c", "d"}


def test_a_report_holds_them_and_so_does_its_json(tmp_path: Path) -> None:
    report = draft(EXAMPLES / "facts/yunxi-safety.json", settings=Settings(offline=True))
    known = {fact.id for fact in report.ledger.facts}
    assert {fact for trace in report.traces for fact in trace.facts} == known
    for before, after in zip(report.traces, report.traces[1:], strict=False):
        assert before.end <= after.start
    # every sentence with a figure of a fact names that fact
    for claim in report.claims:
        for fact in {each.fact for each in claim.evidence if each.fact}:
            (own,) = (t for t in report.traces if t.start <= claim.start < t.end)
            assert fact in own.facts, report.text[own.start : own.end]
    data = json.loads(report.save(tmp_path / "r.json").read_text("utf-8"))
    assert [Trace.model_validate(trace) for trace in data["traces"]] == report.traces


def test_nothing_is_judged_a_second_time_for_them(
    plain: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []

    class Counted(numbers._Judge):
        def __init__(self, reading: Any, index: Any) -> None:
            judged.append(reading.text)
            super().__init__(reading, index)

    monkeypatch.setattr(numbers, "_Judge", Counted)
    report = draft(plain)
    assert report.traces
    assert judged.count(report.text) == 1
    assert tracing.traces(report.text, report.ledger) == report.traces
    assert judged.count(report.text) == 1


def test_an_older_report_without_them_still_reads(plain: dict[str, Any]) -> None:
    data = draft(plain).model_dump(mode="json")
    del data["traces"]
    assert Report.model_validate(data).traces == []

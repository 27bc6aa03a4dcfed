"""Numbers are traced to facts: what supports them, what contradicts them, what may be computed."""

from __future__ import annotations

from typing import Any

import pytest

from drafter.checks import run
from drafter.checks.numbers import Numbers
from drafter.facts import parse_facts
from drafter.plugins import CheckContext
from drafter.report import CheckResult

FACTS = [
    {"id": "f01", "topic": "督查", "text": "开展专项督查12次"},
    {"id": "f02", "topic": "培训", "text": "举办种植技术培训班9期，培训果农600余人"},
    {"id": "f03", "topic": "宣传", "text": "发放明白纸15000份、宣传单3000份"},
    {"id": "f04", "topic": "资金", "text": "投入管护资金32.5万元"},
    {"id": "f05", "topic": "整改", "text": "发现苗木隐患40处，已整改38处"},
    {"id": "f06", "topic": "节庆", "text": "4月12日办第二届梨花节"},
    {"id": "f07", "topic": "认证", "text": "绿色认证面积覆盖率95%"},
    {"id": "f08", "topic": "巡园", "text": "巡园日夜值守，24小时有人"},
    {"id": "f09", "role": "plan", "topic": "冷库", "text": "建冷库三至五座"},
]


def trace(text: str, facts: list[dict[str, Any]] = FACTS) -> CheckResult:
    ledger = parse_facts(
        {
            "organization": "梨湾镇",
            "period": "2023年上半年",
            "theme": "果业工作",
            "date": "2023-07-05",
            "facts": facts,
        }
    )
    return run(text, CheckContext(ledger), [Numbers()])


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("今年以来开展专项督查12次。", "f01"),
        ("今年以来，镇纪委先后组织专项督查十二次。", "f01"),
        ("举办种植技术培训班9期，培训果农600多人。", "f02"),
        ("印发明白纸1.5万份。", "f03"),
        ("落实管护资金325000元。", "f04"),
        ("绿色认证覆盖率达到百分之九十五。", "f07"),
        ("绿色认证覆盖率达到九成五。", "f07"),
        ("成功举办第二届梨花节。", "f06"),
        ("坚持24小时巡园值守。", "f08"),
        ("计划新建冷库3至5座。", "f09"),
        ("4月12日，梨花节开幕。", "f06"),
        ("2023年4月12日，梨花节开幕。", "f06"),
    ],
)
def test_a_number_is_supported_in_any_writing(text: str, fact: str) -> None:
    result = trace(text)
    assert result.findings == []
    assert {claim.status for claim in result.claims} == {"supported"}
    assert fact in {evidence.fact for claim in result.claims for evidence in claim.evidence}


@pytest.mark.parametrize(
    "text",
    [
        "2023年上半年，全镇果业稳步发展。",
        "上半年，全镇果业稳步发展。",
        "截至6月底，各项工作有序推进。",
        "下半年，我们将继续努力。",
        "2023年7月5日",
    ],
)
def test_header_supports_its_dates_and_the_next_period(text: str) -> None:
    assert trace(text).findings == []


@pytest.mark.parametrize(
    "text",
    [
        "一是加强管护。二是抓好培训。",
        "这是一项重要工作，要第一时间落实“一岗双责”。",
        "全镇果业迈上一个新台阶。",
        "认真学习党的二十大精神，落实“三会一课”。",
        "拨打12345热线，查阅《果树管护二十条》。",
        "从三个方面入手，进一步统一思想。",
    ],
)
def test_numerals_that_count_nothing_are_left_alone(text: str) -> None:
    result = trace(text)
    assert result.findings == []
    assert result.claims == []


def test_another_value_of_the_same_thing_is_a_conflict_with_its_mending() -> None:
    (finding,) = trace("先后开展专项督查15次。").findings
    assert (finding.code, finding.severity, finding.text) == ("numbers.conflicting", "error", "15次")
    assert finding.suggestion == "12次"
    assert finding.evidence[0].fact == "f01"


def test_an_exact_number_does_not_stand_for_a_loose_one() -> None:
    (finding,) = trace("举办种植技术培训班，培训果农600人。").findings
    assert (finding.code, finding.suggestion) == ("numbers.conflicting", "600余人")


def test_nine_meetings_never_support_nine_inspections() -> None:
    (finding,) = trace(
        "开展消防督查9次。", [{"id": "f01", "text": "召开联席会议9次"}, {"id": "f02", "text": "修剪果树"}]
    ).findings
    assert (finding.code, finding.severity) == ("numbers.misattributed", "warning")


def test_the_right_digits_in_another_unit_are_an_error() -> None:
    (finding,) = trace("架设电网12公里。").findings
    assert (finding.code, finding.severity) == ("numbers.misattributed", "error")


@pytest.mark.parametrize(
    "text", ["架设电网77公里。", "同比增长8.8%。", "2019年建成水渠。", "第七次普查启动。"]
)
def test_what_no_fact_has_is_unsupported(text: str) -> None:
    (finding,) = trace(text).findings
    assert (finding.code, finding.severity) == ("numbers.unsupported", "error")


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("累计发放明白纸、宣传单18000份。", "15000+3000=18000份"),
        ("共发现苗木隐患40处，已整改38处，整改率95%。", None),
        ("发现苗木隐患40处，已整改38处，整改占比为百分之九十五。", None),
    ],
)
def test_a_sum_or_share_is_derived_with_its_formula(text: str, formula: str | None) -> None:
    facts = [fact for fact in FACTS if fact["id"] != "f07"]
    result = trace(text, facts)
    assert result.findings == []
    formulas = [
        e.formula for claim in result.claims if claim.status == "derived" for e in claim.evidence if e.formula
    ]
    assert formulas == [formula or "38÷40=95%"]


def test_a_sum_without_a_cue_word_is_not_derived() -> None:
    assert [f.code for f in trace("发放明白纸、宣传单18000份。").findings] == ["numbers.conflicting"]


def test_every_number_leaves_a_claim() -> None:
    result = trace("开展专项督查12次，架设电网77公里。")
    assert [(claim.text, claim.status) for claim in result.claims] == [
        ("12次", "supported"),
        ("77公里", "wrong"),
    ]

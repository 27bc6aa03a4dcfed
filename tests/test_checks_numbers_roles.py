"""Right digits in the wrong role: exchanged figures, other subjects, reversed meaning, totals, two values of one thing."""

from __future__ import annotations

from typing import Any

import pytest

from drafter.checks import run
from drafter.checks.numbers import Numbers
from drafter.facts import parse_facts
from drafter.plugins import CheckContext
from drafter.report import CheckResult

FACTS = [
    {"id": "f01", "topic": "适老化", "text": "为62户老人加装扶手29处、更换蹲便器132个"},
    {"id": "f02", "topic": "办件", "text": "1月办件1430件"},
    {"id": "f03", "topic": "办件", "text": "2月办件1507件"},
    {"id": "f04", "topic": "道路", "text": "柳塘村修路3公里，建水渠2公里"},
    {"id": "f05", "topic": "道路", "text": "杏花村修路5公里，建水渠4公里"},
    {"id": "f06", "topic": "增收", "text": "村集体收入同比增长15%"},
    {"id": "f07", "topic": "培训", "text": "党员培训3期120人，村干部培训2期45人"},
    {"id": "f08", "topic": "隐患", "text": "发现隐患40处，已整改38处，未整改2处"},
    {"id": "f09", "topic": "路网", "text": "县道20公里、乡道45公里、村道55公里"},
    {"id": "f10", "topic": "果业", "text": "培训果农600余人"},
    {"id": "f11", "topic": "事故", "text": "死亡人数去年4人、今年2人"},
    {"id": "f12", "topic": "读书", "text": "8/20办朗诵会1场"},
    {"id": "f13", "role": "plan", "topic": "读书", "text": "9.15前开放书屋6间"},
    {"id": "f14", "topic": "补贴", "text": "发放耕地补贴96万元，惠及2878户；农机补贴28.3万元，惠及176户"},
    {"id": "f15", "topic": "摸排", "text": "走访63户"},
]


def trace(text: str, facts: list[dict[str, Any]] = FACTS) -> CheckResult:
    ledger = parse_facts(
        {
            "organization": "梨湾镇",
            "period": "2023年",
            "theme": "民生工作",
            "date": "2023-12-25",
            "facts": facts,
        }
    )
    return run(text, CheckContext(ledger), [Numbers()])


@pytest.mark.parametrize(
    "text",
    [
        "为62户老人加装扶手29处，更换蹲便器132个。",
        "更换蹲便器132个、加装扶手29处，惠及62户老人。",
        "2月份办件1507件，1月份办件1430件。",
        "柳塘村修路3公里、建水渠2公里，杏花村修路5公里、建水渠4公里。",
        "县道、乡道、村道分别为20公里、45公里、55公里。",
        "举办村干部培训2期、培训45人，党员培训3期、培训120人。",
        "排查发现隐患四十处，三十八处已整改，还有2处未整改。",
        "死亡人数今年为2人、去年为4人。",
        "8月20日，举办朗诵会1场。",
        "9月15日前，开放书屋6间。",
        "走访60余户。",
        "走访近65户。",
    ],
)
def test_another_order_and_other_words_are_no_fault(text: str) -> None:
    result = trace(text)
    assert result.findings == []
    assert result.claims
    assert all(claim.status == "supported" and claim.evidence for claim in result.claims)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("加装扶手132处、更换蹲便器29个。", {"132处": "29处", "29个": "132个"}),
        ("1月办件1507件，2月办件1430件。", {"1507件": "1430件", "1430件": "1507件"}),
        ("柳塘村修路5公里。", {"5公里": "3公里"}),
        ("党员培训2期，村干部培训3期。", {"2期": "3期", "3期": "2期"}),
        ("县道、乡道、村道分别为45公里、20公里、55公里。", {"45公里": "20公里", "20公里": "45公里"}),
        ("村集体收入同比增长15个百分点。", {"15个百分点": "15%"}),
        ("培训果农600人。", {"600人": "600余人"}),
        ("培训果农600余人次。", {"600余人次": "600余人"}),
    ],
)
def test_a_figure_that_belongs_elsewhere_is_conflicting_with_the_right_one(
    text: str, wrong: dict[str, str]
) -> None:
    found = {f.text: f.suggestion for f in trace(text).findings if f.code == "numbers.conflicting"}
    assert {text: found.get(text) for text in wrong} == wrong


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("培训茶农600余人。", "warning"),
        ("松岭村修路3公里。", "error"),
        ("加装路灯29处。", "warning"),
    ],
)
def test_another_subject_makes_the_figure_misattributed(text: str, severity: str) -> None:
    (finding,) = trace(text).findings
    assert (finding.code, finding.severity) == ("numbers.misattributed", severity)


@pytest.mark.parametrize("text", ["村集体收入同比下降15%。", "发现隐患40处，其中38处尚未整改。"])
def test_a_reversed_meaning_is_found(text: str) -> None:
    findings = trace(text).findings
    assert [f.severity for f in findings] == ["error"]
    assert findings[0].code in ("numbers.reversed", "numbers.conflicting")


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("柳塘村、杏花村共修路8公里。", ["3+5=8公里"]),
        (
            "耕地补贴发放96万元；农机补贴发放28.3万元。两项补贴合计124.3万元。",
            ["960000+283000=1243000元"] * 2,
        ),
        ("发现隐患40处，已整改38处，整改率95%。", ["38÷40=95%"]),
        ("死亡人数比去年减少2人。", ["4-2=2人"]),
        ("死亡人数去年4人，今年2人，下降50%。", ["(4-2)÷4=50%"]),
    ],
)
def test_what_follows_from_facts_shows_its_formula(text: str, formulas: list[str]) -> None:
    result = trace(text)
    assert result.findings == []
    derived = [claim for claim in result.claims if claim.status == "derived"]
    assert [e.formula for claim in derived for e in claim.evidence if e.formula] == formulas


@pytest.mark.parametrize(
    "text",
    [
        "柳塘村、杏花村修路8公里。",  # no cue word
        "柳塘村、杏花村共修路9公里。",
        "两项补贴合计124.5万元。",
        "发现隐患40处，已整改38处，整改率96%。",
        "柳塘村共修路8公里。",  # not all the parts are named
    ],
)
def test_chance_derives_nothing(text: str) -> None:
    result = trace(text)
    assert {f.severity for f in result.findings} == {"error"}
    assert not [claim for claim in result.claims if claim.status == "derived"]


def test_parts_that_exceed_their_total_are_found() -> None:
    facts = [
        {"id": "f01", "text": "培训120人"},
        {"id": "f02", "text": "培训党员50人"},
        {"id": "f03", "text": "培训群众80人"},
    ]
    (finding,) = trace("共培训120人，其中党员50人、群众80人。", facts).findings
    assert (finding.code, finding.text) == ("numbers.total", "120人")
    assert finding.evidence[0].formula == "50人+80人≠120人"
    assert trace("培训党员50人。另有群众80人参加培训。", facts).findings == []


def test_parts_that_one_fact_lists_may_overlap() -> None:
    facts = [{"id": "f01", "text": "支出120万元，其中民生100万元、重点项目60万元"}]
    assert trace("支出120万元，其中民生100万元、重点项目60万元。", facts).findings == []


def test_one_indicator_with_two_values_is_found_at_the_second() -> None:
    facts = [
        {"id": "f01", "text": "全镇户籍人口35124人"},
        {"id": "f02", "text": "全镇户籍人口35142人"},
    ]
    text = "## 一、镇情\n全镇户籍人口35124人。\n## 二、工作\n全镇户籍人口35142人。"
    (finding,) = trace(text, facts).findings
    assert (finding.code, finding.severity, finding.text) == ("numbers.inconsistent", "error", "35142人")
    assert "35124人" in finding.message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024年3月已建成书屋6间。", [("numbers.future", "error")]),
        ("2024年3月将建成书屋6间。", [("numbers.outside", "error")]),
        ("9月15日前开放书屋6间。", []),
    ],
)
def test_what_lies_ahead_is_not_told_as_done(text: str, found: list[tuple[str, str]]) -> None:
    assert [(f.code, f.severity) for f in trace(text).findings] == found


@pytest.mark.parametrize(
    "text",
    ["\ud800三百百九十九九", "1.2.3万个", "第第第三三", "，。12次" * 400, "分别为" * 2000],
    ids=["surrogate", "versions", "ordinals", "marks", "cue words"],
)
def test_nonsense_is_checked_to_the_end(text: str) -> None:
    result = trace(text)
    assert "plugin.failed" not in {finding.code for finding in result.findings}
    assert all(text[claim.start : claim.end] == claim.text for claim in result.claims)


def test_a_users_own_phrase_counts_nothing() -> None:
    ledger = parse_facts(
        {"organization": "梨湾镇", "period": "2023年", "theme": "民生", "facts": ["走访农户"]}
    )
    text = "全面推行九项准则，走访农户。"
    assert run(text, CheckContext(ledger), [Numbers()]).findings
    assert run(text, CheckContext(ledger, phrases=["九项准则"]), [Numbers()]).findings == []


def test_shares_told_by_turns_belong_to_the_figures_before_them() -> None:
    facts = [{"id": "f01", "text": "足球学员注册1830人，篮球学员注册910人，出勤率分别为86.4%、81.7%"}]
    right = "足球学员注册1830人，出勤率86.4%；篮球学员注册910人，出勤率81.7%。"
    assert trace(right, facts).findings == []
    wrong = "足球学员注册1830人，出勤率81.7%；篮球学员注册910人，出勤率86.4%。"
    assert [f.suggestion for f in trace(wrong, facts).findings] == ["86.4%", "81.7%"]


def test_what_lacks_something_is_told_either_way() -> None:
    facts = [{"id": "f01", "text": "无锁具的展柜13个"}]
    assert trace("13个展柜没有装锁具。", facts).findings == []
    assert [f.code for f in trace("13个展柜装有锁具。", facts).findings] == ["numbers.reversed"]

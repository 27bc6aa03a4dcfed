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


HALLS = [
    {"id": "f01", "topic": "改造", "text": "清泉馆改造展厅42间，投入106.8万元，接待观众56人"},
    {"id": "f02", "topic": "改造", "text": "松鹤馆改造展厅35间，投入120.6万元，接待观众91人"},
    {"id": "f03", "topic": "龙舟赛", "text": "端午龙舟赛上河队划9轮，胜5轮"},
    {"id": "f04", "topic": "龙舟赛", "text": "端午龙舟赛下河队划7轮，胜5轮"},
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("清泉馆改造展厅42间，投入106.8万元。", []),
        ("清泉展馆投入106.8万元，改造展厅42间。", []),
        ("松鹤馆改造展厅42间，投入106.8万元。", ["42间", "106.8万元"]),
        ("芦苇馆改造展厅42间，投入106.8万元。", ["42间", "106.8万元"]),
        ("清泉馆和松鹤馆共改造展厅77间。", []),
        ("上河队在端午龙舟赛中赢了5轮，一共划了9轮。", []),
    ],
)
def test_what_tells_parallel_facts_apart_is_their_owner(text: str, found: list[str]) -> None:
    assert [f.text for f in trace(text, HALLS).findings] == found


def test_an_owner_named_in_the_line_before_goes_on() -> None:
    assert trace("松鹤馆面貌一新。改造展厅35间，投入120.6万元。", HALLS).findings == []


NOUNS = [
    {"id": "f01", "topic": "消防", "text": "更换灭火器25具，建成监控点12个"},
    {"id": "f02", "topic": "厕所", "text": "新建公厕5座，改造8座"},
    {"id": "f03", "topic": "商标", "text": "有效注册商标221件，其中今年以来新增12件"},
    {"id": "f04", "topic": "老人", "text": "登记留守老人160人"},
    {"id": "f05", "topic": "会务", "text": "召开现场会2次，推进会13次"},
    {"id": "f06", "topic": "节会", "text": "土货节主播22名，商户40家"},
    {"id": "f07", "topic": "管网", "text": "铺排水管280米"},
    {"id": "f08", "topic": "专职", "text": "专职网格员55名"},
    {"id": "f09", "topic": "隐患", "text": "排查险情64处"},
    {"id": "f10", "topic": "代表会", "text": "应到代表102名，实到60名"},
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("更换灭火器25具。", []),
        ("更换喷枪25具。", ["25具"]),
        ("改造公厕8座、新建5座。", []),
        ("改造候车亭8座。", ["8座"]),
        ("今年以来新增注册商标12件，有效总量达到221件。", []),
        ("登记失能老人160人。", ["160人"]),
        ("登记老人160人。", []),
        ("登记重点老人160人。", []),
        ("召开恳谈会2次、推进会13次。", ["2次"]),
        ("土货节有22名主播上阵，商户40家参展。", []),
        ("土货节管理员22名，商户40家。", ["22名"]),
        ("铺设供水管280米。", ["280米"]),
        ("专职人员55名。", []),
        ("处置险情64处。", ["64处"]),
        ("实到代表60名（应到102名）。", []),
    ],
)
def test_the_noun_that_is_counted(text: str, found: list[str]) -> None:
    assert [f.text for f in trace(text, NOUNS).findings] == found


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("办件由上年的284件增加到294件。", []),
        ("办件由上年的284件减少到294件。", ["numbers.reversed"]),
        ("低保新增9户，退出7户。", []),
        ("低保减少9户，退出7户。", ["numbers.reversed"]),
        ("空白村7个，全科医生14名。", []),
        ("无村医的空白村7个。", []),
    ],
)
def test_more_and_less(text: str, codes: list[str]) -> None:
    facts = [
        {"id": "f01", "topic": "办件", "text": "办件294件，上年284件"},
        {"id": "f02", "topic": "低保", "text": "新增低保9户，退出7户"},
        {"id": "f03", "topic": "村医", "text": "全科医生14名，空白村7个"},
    ]
    assert [f.code for f in trace(text, facts).findings] == codes


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("县乡道共161.3公里。", ["54.7+106.6=161.3公里"]),
        ("考试合格人员共229人。", ["244-15=229人"]),
        ("农村补助标准每月净增20元。", ["530-510=20元"]),
        ("尚有2件未办结。", ["39-37=2件"]),
        ("竹木企业、五金企业合计18家。", ["10+8=18家"]),
    ],
)
def test_more_that_follows_from_facts(text: str, formulas: list[str]) -> None:
    facts = [
        {"id": "f01", "topic": "路网", "text": "总里程408.3公里，其中县道54.7公里、乡道106.6公里"},
        {"id": "f02", "topic": "考试", "text": "参训244人，考试不合格15人"},
        {"id": "f03", "topic": "补助", "text": "农村补助标准由每月510元提高到530元；城市补助标准为每月740元"},
        {"id": "f04", "topic": "办件", "text": "受理办件39件，其中网上受理20件，办结37件"},
        {"id": "f05", "topic": "企业", "text": "规上企业40家，其中竹木企业10家、五金企业8家"},
    ]
    result = trace(text, facts)
    assert [f.text for f in result.findings] == []
    assert [e.formula for claim in result.claims for e in claim.evidence if e.formula] == formulas


def test_another_year_than_the_reports_needs_words() -> None:
    facts = [{"id": "f01", "role": "plan", "topic": "技防", "text": "2024年1月底前新装探头60个"}]
    (finding,) = trace("2024年，梨湾镇认真落实部署要求，扎实推进民生工作。", facts).findings
    assert (finding.code, finding.text) == ("numbers.outside", "2024年")
    assert trace("2024年1月底前，计划新装探头60个。", facts).findings == []

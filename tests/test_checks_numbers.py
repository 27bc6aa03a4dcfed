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


@pytest.mark.parametrize("text", ["架设电网77公里。", "同比增长8.8%。", "3月建成水渠。", "第七次普查启动。"])
def test_what_no_fact_has_is_unsupported(text: str) -> None:
    (finding,) = trace(text).findings
    assert (finding.code, finding.severity) == ("numbers.unsupported", "error")


@pytest.mark.parametrize("text", ["2019年建成水渠。", "2022年12月5日，建成水渠。", "9月30日，建成水渠。"])
def test_a_date_outside_the_reports_period_is_named_so(text: str) -> None:
    (finding,) = trace(text).findings
    assert (finding.code, finding.severity) == ("numbers.outside", "error")


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


NAMED = [
    {"id": "f01", "topic": "服务", "text": "园区电话０５７１－８８００１２３４，包片技术员13900001111"},
    {"id": "f02", "topic": "制度", "text": "印发梨政发[2023]7号文件"},
    {"id": "f03", "topic": "水利", "text": "加固3号闸1座，沿306省道"},
]


@pytest.mark.parametrize(
    "text",
    [
        "技术员电话13900001111，园区电话0571-88001234。",
        "落实梨政发〔2023〕7号文件要求。",
        "完成3号闸加固，清理306省道边沟。",
        "拨打110、119，普及5G技术，参加“12·4”宣传，听取12345热线意见。",
        "发挥120急救作用。",
        "学习《2023年果业白皮书》。",  # titles are for the leakage check, as a whole
    ],
)
def test_a_name_with_figures_stands_in_the_ledger_or_is_the_whole_countrys(text: str) -> None:
    assert trace(text, NAMED).findings == []


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("技术员电话13900001112。", "13900001112"),
        ("开通12399热线。", "12399"),
        ("落实梨政发〔2023〕17号文件。", "〔2023〕17号"),
        ("落实梨政办〔2023〕7号文件。", "〔2023〕7号"),
        ("加固3号坝。", "3号"),
        ("加固13号闸。", "13号"),
        ("沿30省道清障。", "30省"),
        ("拨打8800123。", "8800123"),
    ],
)
def test_a_name_with_figures_that_the_ledger_lacks_is_unsupported(text: str, flagged: str) -> None:
    result = trace(text, NAMED)
    assert [(f.code, f.severity, f.text) for f in result.findings] == [
        ("numbers.unsupported", "error", flagged)
    ]
    assert [(claim.text, claim.status) for claim in result.claims] == [(flagged, "wrong")]


def test_a_name_with_figures_leads_to_its_fact() -> None:
    (claim,) = trace("包片技术员13900001111。", NAMED).claims
    assert (claim.status, [evidence.fact for evidence in claim.evidence]) == ("supported", ["f01"])


SHARES = [
    {"id": "f01", "topic": "果农", "text": "登记果农50人"},
    {"id": "f02", "topic": "果农", "text": "园艺师培训30人"},
    {"id": "f03", "topic": "果农", "text": "护园员100人"},
    {"id": "f04", "topic": "果农", "text": "参保果农45人"},
    {"id": "f05", "topic": "站点", "text": "检测站点8处，其中流动点2处"},
]


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("果农参保率达90%。", ["45÷50=90%"]),
        ("检测站点中流动点占比25%。", ["2÷8=25%"]),
        ("园艺师、护园员共130人。", ["30+100=130人"]),
        ("果农、园艺师、护园员覆盖率达50%。", []),
        ("登记果农50人、护园员100人，园艺师30人，覆盖率达50%。", []),
        ("登记果农50人、护园员100人，占比达50%。", ["50÷100=50%"]),
        ("果农共225人。", []),
    ],
)
def test_only_like_things_are_computed_with(text: str, formulas: list[str]) -> None:
    result = trace(text, SHARES)
    derived = [claim for claim in result.claims if claim.status == "derived"]
    assert [e.formula for claim in derived for e in claim.evidence if e.formula] == formulas
    assert bool(result.findings) is not bool(formulas)


def test_a_sum_names_every_part() -> None:
    facts = [{"id": "f01", "text": "走访果农20户"}, {"id": "f02", "text": "走访茶农40户"}]
    assert [claim.status for claim in trace("走访果农、茶农共60户。", facts).claims] == ["derived"]
    assert [f.code for f in trace("走访果农共60户。", facts).findings] == ["numbers.conflicting"]


RIVALS = [
    {"id": "f01", "topic": "护园", "text": "护园巡查员80人"},
    {"id": "f02", "topic": "护园", "text": "护园药剂师培训60人"},
    {"id": "f03", "topic": "护园", "text": "护园安全检查30次"},
    {"id": "f04", "topic": "护园", "text": "护园安全培训40次"},
]


@pytest.mark.parametrize(
    ("text", "suggestion"), [("护园巡查员共60人。", "80人"), ("开展护园安全检查40次。", "30次")]
)
def test_a_word_in_common_does_not_support_what_another_fact_contradicts(text: str, suggestion: str) -> None:
    (finding,) = trace(text, RIVALS).findings
    assert (finding.code, finding.severity, finding.suggestion) == (
        "numbers.conflicting",
        "error",
        suggestion,
    )


@pytest.mark.parametrize(
    "text",
    [
        "护园巡查员80人，其中60人参加药剂师培训。",
        "培训护园药剂师60人。",
        "组织60名药剂师参加护园培训。",
        "护园安全检查30次，安全培训40次。",
    ],
)
def test_a_number_of_its_own_fact_has_no_rival(text: str) -> None:
    assert trace(text, RIVALS).findings == []


@pytest.mark.parametrize(
    "text", ["截至今年6月30日", "截至2023年6月底", "1-6月", "一、二季度", "2023年1至6月"]
)
def test_the_period_supports_its_other_names_and_its_end(text: str) -> None:
    assert trace(f"{text}，各项工作有序推进。").findings == []


@pytest.mark.parametrize(
    "text",
    [
        "1月30日",
        "1月底",
        "6月30日",
        "6月底",
        "3月",
        "2023年3月",
        "4月30日",
        "截至1月底",
        "截至5月30日",
        "2024年",
        "2022年4月12日",
    ],
)
def test_the_period_alone_supports_no_day_and_no_month_within(text: str) -> None:
    (finding,) = trace(f"{text}召开动员会。").findings
    outside = text in ("2024年", "2022年4月12日")
    code = "numbers.outside" if outside else "numbers.unsupported"
    assert (finding.code, finding.text) == (code, text.removeprefix("截至"))


def test_the_year_of_a_fact_is_not_taken_for_the_headers() -> None:
    facts = [{"id": "f01", "text": "2021年5月建成冷库"}]
    assert trace("2021年5月建成冷库。", facts).findings == []
    assert [f.text for f in trace("2023年5月建成冷库。", facts).findings] == ["2023年5月"]


@pytest.mark.parametrize(
    ("period", "supported", "unsupported"),
    [
        ("2023年", "2023年、2024年、1-12月", "2023年9月"),
        ("2023年下半年", "下半年、7-12月、2024年、2024年上半年", "8月"),
        ("2023年一季度", "一季度、1-3月、二季度", "2月"),
        ("2023年前三季度", "前三季度、1-9月、四季度", "9月"),
        ("2023年1-9月", "前三季度、1-9月、四季度", "9月"),
        ("2023年3月", "3月、2023年3月、4月", "5月"),
        ("2020年至2022年", "2020年、2021年、2022年", "2019年"),
    ],
)
def test_every_kind_of_period(period: str, supported: str, unsupported: str) -> None:
    ledger = parse_facts(
        {"organization": "梨湾镇", "period": period, "theme": "果业工作", "facts": ["修剪果树"]}
    )
    for text in supported.split("、"):
        assert run(f"{text}，计划修剪果树。", CheckContext(ledger), [Numbers()]).findings == [], text
    assert run(f"{unsupported}，修剪果树。", CheckContext(ledger), [Numbers()]).findings


VERBATIM = [
    {"id": "f01", "role": "background", "topic": "镇情", "text": "辖12个村，沿河5个村"},
    {"id": "f02", "topic": "组织", "text": "柳塘村有居民小组5个"},
    {"id": "f03", "topic": "组织", "text": "石桥村有居民小组6个"},
    {"id": "f04", "topic": "护林", "text": "管护员共有60人"},
    {"id": "f05", "topic": "护林", "text": "5月上旬启动护林巡查"},
]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("梨湾镇辖12个村，沿河5个村。", ["f01", "f01"]),
        ("梨湾镇辖12个村、沿河5个村。", ["f01", "f01"]),
        ("截至目前，石桥村有居民小组6个。", ["f03"]),
        ("5月上旬启动护林巡查。", ["f05"]),
    ],
)
def test_a_number_with_the_words_of_a_fact_is_that_facts(text: str, facts: list[str]) -> None:
    result = trace(text, VERBATIM)
    assert result.findings == []
    assert [e.fact for claim in result.claims for e in claim.evidence] == facts


@pytest.mark.parametrize(
    "text",
    [
        "石桥村有居民小组5个。",
        "梨湾镇辖5个村。",
        "收购商共有60人。",
        "辖12个社区。",
        "6月上旬启动护林巡查。",
    ],
)
def test_another_subject_and_words_that_lead_to_any_number_make_no_wording_alike(text: str) -> None:
    (finding,) = trace(text, VERBATIM).findings
    assert finding.code in ("numbers.conflicting", "numbers.misattributed", "numbers.unsupported")


TOPICS = [
    {"id": "f01", "topic": "12399热线办理", "text": "办结来电"},
    {"id": "f02", "topic": "第二批主题教育", "text": "开展专题学习"},
    {"id": "f03", "topic": "中央第三生态环保督察组反馈问题", "text": "完成整改"},
    {"id": "f04", "topic": "2021年遗留问题", "text": "全部销号"},
]


@pytest.mark.parametrize(
    "text",
    [
        "（一）12399热线办理。办结来电。",
        "扎实推进第二批主题教育，开展专题学习。",
        "（二）第二批主题教育\n开展专题学习。",
        "按照中央第三生态环保督察组要求，完成整改。",
        "2021年遗留问题全部销号。",
    ],
)
def test_a_topic_supports_as_a_fact_does(text: str) -> None:
    assert trace(text, TOPICS).findings == []


@pytest.mark.parametrize(
    ("text", "flagged"), [("第二批果苗到货。", "第二批"), ("第三批主题教育。", "第三批")]
)
def test_a_topic_supports_nothing_else(text: str, flagged: str) -> None:
    assert [f.text for f in trace(text, TOPICS).findings] == [flagged]


def table(*rows: str) -> str:
    return "\n".join(["| 序号 | 事项 | 数量 |", "| --- | --- | --- |", *(f"| {row} |" for row in rows)])


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        (table("1 | 开展专项督查 | 12次", "2 | 投入管护资金 | 32.5万元"), []),
        (table("1 | 开展专项督查 | 12次", "7 | 投入管护资金 | 32.5万元"), ["7"]),
        (table("1 | 开展专项督查 | 12次", "2 | 投入管护资金 | 38.5万元"), ["38.5万元"]),
        ("| 1 | 投入管护资金 | 32.5万元 |", ["1"]),  # no head, so no table
        ("督查1\n\n" + table("1 | 开展专项督查 | 12次"), ["1"]),
    ],
)
def test_only_what_numbers_the_rows_of_a_table_needs_no_fact(text: str, flagged: list[str]) -> None:
    assert [finding.text for finding in trace(text).findings] == flagged

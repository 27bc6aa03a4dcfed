"""coverage and leakage: every fact is in the text, and nothing of a past report is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from drafter.checks import run
from drafter.checks.coverage import Coverage
from drafter.checks.leakage import Leakage
from drafter.facts import parse_facts
from drafter.passages import Passage
from drafter.plugins import CheckContext, SectionSpan
from drafter.report import Finding

WHOLE = """竹溪镇2024年上半年防汛备汛工作情况汇报

一、工作开展情况

（一）责任落实。镇村签订《防汛责任书》17份，3月召开防汛部署会2次，36名村级防汛员全部到岗到位。

（二）隐患排查。对28座山塘逐一排查，发现隐患9处，已整改7处；清理河道6.5公里。

（三）物资储备。储备编织袋4500条、救生衣80件。5月18日在柳塘村开展转移演练，130余人参加。

二、存在的问题

一是仍有2处隐患未整改，资金缺口8万元。二是防汛员平均年龄58岁，不会使用水位监测设备。

三、下一步打算

8月底前完成剩余2处隐患整改。
"""


def coverage(plain: dict[str, Any], text: str) -> dict[str | None, str]:
    ledger = parse_facts(plain)
    spans = [SectionSpan("achievements", 0, len(text), facts=("f02", "f05"))]
    context = CheckContext(ledger, expected=[f for f in ledger.facts if f.required], sections=spans)
    result = run(text, context, [Coverage()])
    assert all(f.start is None and f.text is None for f in result.findings)
    return {f.evidence[0].fact: f"{f.code.partition('.')[2]} {f.severity}" for f in result.findings}


def test_a_text_that_says_everything_lacks_nothing(plain: dict[str, Any]) -> None:
    assert coverage(plain, WHOLE) == {}


@pytest.mark.parametrize(
    ("sentence", "replaced", "found"),
    [
        ("清理河道6.5公里", "做好日常管护", {"f06": "missing error"}),
        ("清理河道6.5公里", "清理河道", {"f06": "partial error"}),
        ("清理河道6.5公里", "清理河道7.5公里", {"f06": "partial error"}),
        ("《防汛责任书》17份", "责任书17份", {"f02": "partial error"}),
        ("在柳塘村开展转移演练，130余人参加", "开展转移演练，130人参加", {"f08": "partial error"}),
        ("储备编织袋4500条、救生衣80件。", "", {"f07": "missing error"}),
    ],
)
def test_what_is_left_out_is_named(
    plain: dict[str, Any], sentence: str, replaced: str, found: dict[str, str]
) -> None:
    assert sentence in WHOLE
    assert coverage(plain, WHOLE.replace(sentence, replaced)) == found


def test_a_missing_fact_belongs_to_its_section(plain: dict[str, Any]) -> None:
    ledger = parse_facts(plain)
    span = SectionSpan("achievements", 0, 3, facts=("f05",))
    result = run("空白。", CheckContext(ledger, expected=ledger.facts[4:5], sections=[span]), [Coverage()])
    assert [(f.section, f.evidence[0].text) for f in result.findings] == [
        ("achievements", ledger.facts[4].text)
    ]


def leaks(
    plain: dict[str, Any], text: str, examples: Sequence[Passage] = (), **context: Any
) -> list[Finding]:
    return run(text, CheckContext(parse_facts(plain), examples=examples, **context), [Leakage()]).findings


EXAMPLE = Passage(
    id="p7", document="d2", text="石桥镇在龙泉村召开现场会，印发《石桥镇防汛预案》，由周建国同志带队。"
)


def test_a_name_that_only_an_example_has_is_a_leak_with_its_passage(plain: dict[str, Any]) -> None:
    found = leaks(plain, "竹溪镇在龙泉村召开现场会，印发《石桥镇防汛预案》。", [EXAMPLE])
    assert {(f.code, f.severity) for f in found} == {("leakage.name", "error")}
    assert "《石桥镇防汛预案》" in {f.text for f in found}
    assert {(e.document, e.passage) for f in found for e in f.evidence} == {("d2", "p7")}


def test_the_corpus_is_asked_when_no_example_has_the_name(plain: dict[str, Any]) -> None:
    asked: list[str] = []

    def lookup(name: str) -> list[Passage]:
        asked.append(name)
        return [EXAMPLE]

    found = leaks(plain, "印发《石桥镇防汛预案》。", lookup=lookup)
    assert [f.code for f in found] == ["leakage.name"]
    assert asked == ["石桥镇防汛预案"]


def test_an_invented_title_is_unsupported(plain: dict[str, Any]) -> None:
    (finding,) = leaks(plain, "印发《竹溪镇防汛抢险十条措施》。")
    assert (finding.code, finding.severity) == ("leakage.unsupported", "error")


@pytest.mark.parametrize(
    "text",
    [
        "竹溪镇签订《防汛责任书》17份，在柳塘村开展演练。",
        "竹溪镇人民政府",
        "报送安澜县防汛指挥部。",
        "认真学习党的二十大精神，落实“三会一课”。",
        "XX镇在**村召开会议。",
    ],
)
def test_names_of_the_ledger_and_common_property_are_no_leak(plain: dict[str, Any], text: str) -> None:
    assert leaks(plain, text, [EXAMPLE]) == []


def test_a_name_inside_another_is_told_apart(plain: dict[str, Any]) -> None:
    plain["facts"].append({"id": "f20", "text": "在王庄子村修渠"})
    assert leaks(plain, "在柳塘村、王庄子村修渠。") == []
    assert [f.text for f in leaks(plain, "在王庄村修渠。")] == ["王庄村"]


COPIED = "坚持把防汛备汛摆在突出位置来抓做到思想不松懈责任不缺位措施不打折确保群众生命财产安全"


def test_a_long_run_of_one_report_is_copying(plain: dict[str, Any]) -> None:
    passage = Passage(id="p1", document="d1", text=f"我们{COPIED}。")
    (finding,) = leaks(plain, f"全镇{COPIED}，成效明显。", [passage])
    assert (finding.code, finding.severity, finding.text) == ("leakage.copied", "warning", COPIED)
    assert (finding.evidence[0].document, finding.evidence[0].passage) == ("d1", "p1")


def test_wording_that_several_reports_share_or_the_facts_have_is_free(plain: dict[str, Any]) -> None:
    shared = [Passage(id=f"p{i}", document=f"d{i}", text=COPIED) for i in (1, 2)]
    assert leaks(plain, COPIED, shared) == []
    plain["facts"].append({"id": "f20", "text": COPIED})
    assert leaks(plain, COPIED, shared[:1]) == []


def test_the_names_of_a_topic_are_the_ledgers(plain: dict[str, Any]) -> None:
    plain["facts"].append(
        {"id": "f20", "topic": "中央第三生态环保督察组、“清河行动”", "text": "整改反馈的问题"}
    )
    assert leaks(plain, "按照中央第三生态环保督察组要求，开展“清河行动”。") == []

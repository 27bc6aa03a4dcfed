"""`run`: order, sections, silenced codes and the plugin border; and what holds for every built-in check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafter.checks import CODES, register_checks, run
from drafter.facts import Facts, parse_facts
from drafter.passages import Passage
from drafter.plugins import Check, CheckContext, SectionSpan
from drafter.report import Finding


def built_in() -> dict[str, Check]:
    checks: list[Check] = []
    register_checks(checks.append)
    return {check.name: check for check in checks}


@pytest.fixture
def ledger(plain: dict[str, Any]) -> Facts:
    return parse_facts(plain)


class Shouting:
    name = "shouting"

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        for match in re.finditer("！", text):
            yield Finding(
                check=self.name,
                code="shouting.mark",
                severity="warning",
                message="少用叹号",
                start=match.start(),
                end=match.end(),
                text=match[0],
            )


class Absent:
    name = "absent"

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        yield Finding(check=self.name, code="absent.thing", severity="error", message="缺")


class Broken:
    name = "broken"

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        raise ZeroDivisionError("除以零")


class Misplaced:
    name = "misplaced"

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        yield Finding(
            check=self.name, code="misplaced.x", severity="info", message="", start=0, end=99, text="甲"
        )


def test_findings_stand_in_order_of_place_with_their_section(ledger: Facts) -> None:
    text = "汛期已到！\n加强巡查！"
    context = CheckContext(ledger, sections=[SectionSpan("opening", 0, 5), SectionSpan("plans", 6, 11)])
    result = run(text, context, [Absent(), Shouting()])
    assert [(f.code, f.start, f.section) for f in result.findings] == [
        ("shouting.mark", 4, "opening"),
        ("shouting.mark", 10, "plans"),
        ("absent.thing", None, None),
    ]
    assert result.counts == {"error": 1, "warning": 2, "info": 0}


def test_silenced_codes_are_kept_apart_and_not_counted(ledger: Facts) -> None:
    result = run("好！", CheckContext(ledger), [Absent(), Shouting()], silenced=["shouting.mark"])
    assert [f.code for f in result.findings] == ["absent.thing"]
    assert [f.code for f in result.silenced] == ["shouting.mark"]
    assert result.counts["warning"] == 0


@pytest.mark.parametrize(("check", "says"), [(Broken(), "除以零"), (Misplaced(), "不在文中")])
def test_a_check_that_fails_is_named_and_the_others_still_run(ledger: Facts, check: Check, says: str) -> None:
    result = run("好！", CheckContext(ledger), [check, Shouting()])
    assert [f.code for f in result.findings] == ["shouting.mark", "plugin.failed"]
    failed = result.findings[1]
    assert failed.severity == "error"
    assert check.name in failed.message
    assert says in failed.message


def test_claims_do_not_pile_up_between_runs(ledger: Facts) -> None:
    context = CheckContext(ledger)
    checks = [built_in()["numbers"]]
    first = run("清理河道6.5公里。", context, checks)
    second = run("清理河道6.5公里。", context, checks)
    assert len(first.claims) == len(second.claims) == 1
    assert context.claims == []


@pytest.mark.parametrize("check", built_in().values(), ids=lambda check: check.name)
def test_the_codes_of_a_check_are_those_it_documents(check: Check) -> None:
    named = re.findall(rf"(?:{check.name})?\.([a-z]+)", (check.check.__doc__ or "").splitlines()[0])
    assert {f"{check.name}.{code}" for code in named} == {c for c in CODES if c.startswith(f"{check.name}.")}


def test_the_codes_of_drafting_are_listed_too() -> None:
    assert {"outline.unplaced", "writer.fallback", "writer.cut_off", "writer.prompt_cut"} <= set(CODES)


DIRTY = """# 竹溪镇2024年上半年防汛备汛工作情况汇报

好的，以下是根据您提供的事实撰写的报告：

一、工作开展情况

（一）责任落实。全镇签订《防汛责任书》18份，XX村**村共*余场，【待核实：经费】。
三、存在的问题

一是隐患未整改。三是资金不足，缺口约
“防汛员（平均年龄58岁。
"""


def test_a_dirty_text_is_found_out_by_every_check(ledger: Facts) -> None:
    context = CheckContext(ledger, expected=[fact for fact in ledger.facts if fact.required])
    result = run(DIRTY, context, built_in().values())
    assert {f.check for f in result.findings} >= {
        "placeholder",
        "numbers",
        "coverage",
        "residue",
        "structure",
    }
    assert {f.code for f in result.findings} <= set(CODES)


_SOUP = st.lists(
    st.sampled_from(
        [
            *"一二是、（）()“”《》*#。；，：？\n xX×某〇_-|`{}[]【】…3×",
            "9次",
            "6.5公里",
            "竹溪镇",
            "柳塘村",
            "《防汛责任书》",
            "上半年",
            "共",
            "占",
            "75%",
            "f05",
            "排查山塘28座",
            "一是",
            "**",
            "好的，",
            "```",
        ]
    ),
    max_size=60,
).map("".join)


@given(_SOUP | st.text(max_size=60))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_a_check_and_offsets_slice_to_the_text(plain: dict[str, Any], text: str) -> None:
    ledger = parse_facts(plain)
    example = Passage(id="p1", document="d1", text="排查山塘28座，柳塘村、石桥村先行先试，" + text)
    spans = [SectionSpan("achievements", 0, len(text), length=200, facts=("f05",))]
    for markdown in (True, False):
        context = CheckContext(
            ledger, expected=ledger.facts, sections=spans, examples=[example], markdown=markdown
        )
        result = run(text, context, built_in().values())
        assert not [f for f in result.findings if f.code == "plugin.failed"]
        for finding in result.findings:
            assert finding.code in CODES
            if finding.start is not None:
                assert text[finding.start : finding.end] == finding.text
        for claim in result.claims:
            assert text[claim.start : claim.end] == claim.text


class Reading:
    name = "reading"

    def __init__(self) -> None:
        self.read = ""

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        self.read = text
        for match in re.finditer(r"巡查\s*到位", text):
            yield Finding(
                check=self.name,
                code="reading.x",
                severity="info",
                message="",
                start=match.start(),
                end=match.end(),
                text=match[0],
            )


LONG = (
    "【待核实："
    + "“77公里”在龙泉村找不到依据，见〖石桥镇〗《石桥镇防汛预案》，事实是清理河道6.5公里；" * 8
    + "】"
)


def test_a_flag_is_pending_and_no_other_check_reads_it(ledger: Facts) -> None:
    text = f"清理河道{LONG}。\n巡查{LONG}到位。"
    expected = [fact for fact in ledger.facts if fact.id == "f06"]
    result = run(text, CheckContext(ledger, expected=expected), built_in().values())
    assert [(f.code, f.severity, f.text) for f in result.findings] == [
        ("placeholder.pending", "error", LONG),
        ("placeholder.pending", "error", LONG),
        ("coverage.partial", "error", None),
    ]
    assert result.claims == []


def test_a_plugin_reads_blanks_for_a_flag_and_finds_what_stands_there(ledger: Facts) -> None:
    reading, text = Reading(), f"巡查{LONG}到位。\n{LONG}\n完。"
    (finding,) = run(text, CheckContext(ledger), [reading]).findings
    assert finding.text == f"巡查{LONG}到位"
    blank = " " * (len(LONG) - 2)
    assert reading.read == f"巡查 {blank} 到位。\n【{blank}】\n完。"


def test_a_section_with_nothing_but_a_flag_is_not_called_empty(ledger: Facts) -> None:
    text = f"一、问题\n{LONG}\n二、打算\n继续巡查。"
    result = run(text, CheckContext(ledger), built_in().values())
    assert [f.code for f in result.findings] == ["placeholder.pending"]


def test_flags_without_end_take_no_time(ledger: Facts) -> None:
    text = "【待核实：" * 20_000
    assert run(text, CheckContext(ledger), [Reading()]).findings == []

"""Facts beside those of an earlier period: what is compared with what, the arithmetic, the offer and the check."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import drafter
from drafter.batch.on_ray import report_task
from drafter.checks import run
from drafter.checks.numbers import Numbers
from drafter.cli import run as command
from drafter.comparing import compare
from drafter.comparing.arithmetic import changes_between, plain, rounded
from drafter.comparing.relation import comparable, relation_of
from drafter.comparisons import Compared, Comparison
from drafter.errors import FactsError, InputError
from drafter.facts import Facts, load_facts, parse_facts
from drafter.plugins import CheckContext
from drafter.quantities import Mention, find
from drafter.report import CheckResult
from drafter.scaffold.spreadsheets import to_workbook
from drafter.settings import Settings
from tests.conftest import EXAMPLES
from tests.fakes import QueueWriter, faithful

NOW = [
    "排查山塘28座，发现隐患9处，已整改7处",
    "开展防汛演练5场",
    "山塘管护达标率95.5%",
    "投入防汛资金1.2亿元",
    "清淤渠道7.4公里",
    "参训120余人",
    "检查企业512家次",
    "发生险情3起",
    {"role": "problem", "text": "还有2处隐患未整改"},
    {"role": "plan", "text": "办班2期"},
    "储备编织袋1.2万条",
]
THEN = [
    "排查山塘24座，发现隐患12处，已整改12处",
    "防汛演练4场次",
    "山塘管护达标率93%",
    "投入防汛资金9800万元",
    "清淤渠道7400米",
    "参训100人",
    "检查企业300家",
    "发生险情0起",
    {"role": "problem", "text": "还有5处隐患未整改"},
    {"role": "plan", "text": "办班9期"},
    "储备编织袋0.9万条",
    "印发明白卡2000份",
]


def ledger(facts: list[Any], period: str = "2024年上半年") -> Facts:
    return parse_facts({"organization": "竹溪镇", "theme": "防汛", "period": period, "facts": facts})


def both(
    now: list[Any], then: list[Any], periods: tuple[str, str] = ("2024年上半年", "2023年上半年")
) -> tuple[Facts, Comparison]:
    ours = ledger(now, periods[0])
    return ours, compare(ours, ledger(then, periods[1]))


def wordings(now: list[Any], then: list[Any]) -> dict[str, str]:
    _, comparison = both(now, then)
    return {each.figure: each.wording for each in comparison.compared}


def reasons(now: list[Any], then: list[Any]) -> dict[str, str]:
    _, comparison = both(now, then)
    return {each.figure: each.reason for each in comparison.left_out}


def checked(text: str, ours: Facts, comparison: Comparison) -> CheckResult:
    return run(text, CheckContext(ours, comparison=comparison), [Numbers()])


RELATIONS = [
    ("2024年上半年", "2023年上半年", "year", "同比", "上年同期"),
    ("2024年1-6月", "2023年上半年", "year", "同比", "上年同期"),
    ("2024年", "2023年", "year", "较上年", "上年"),
    ("2024年第二季度", "2024年第一季度", "before", "环比", "上季度"),
    ("2024年一季度", "2023年四季度", "before", "环比", "上季度"),
    ("2024年3月", "2024年2月", "before", "环比", "上月"),
    ("2024年下半年", "2024年上半年", "before", "较上半年", "上半年"),
    ("2024年上半年", "2023年下半年", "before", "较上年下半年", "上年下半年"),
    ("2024年", "2021年", "other", "较2021年", "2021年"),
    ("2024年一季度", "2022年一季度", "other", "较2022年同期", "2022年同期"),
    ("2024年四季度", "2024年一季度", "other", "较2024年一季度", "2024年一季度"),
    ("本轮", "上一轮", "other", "较上一轮", "上一轮"),
]


@pytest.mark.parametrize(("now", "then", "name", "lead", "former"), RELATIONS)
def test_the_relation_of_two_periods_has_its_own_words(
    now: str, then: str, name: str, lead: str, former: str
) -> None:
    found = relation_of(now, then)
    assert (found.name, found.lead, found.former) == (name, lead, former)
    assert comparable(now, then) == ""


def test_periods_of_unequal_length_are_not_compared() -> None:
    ours, comparison = both(["走访80户"], ["走访60户"], ("2024年1-9月", "2024年上半年"))
    assert not comparison.compared
    assert [each.reason for each in comparison.left_out] == ["两期长短不同（2024年上半年，2024年1-9月）"]
    assert not checked("走访80户。", ours, comparison).findings


@pytest.mark.parametrize(
    ("period", "said"), [("2024年上半年", "不早于本期"), ("2024年下半年", "不早于本期"), ("2025年", "拿反")]
)
def test_a_later_or_the_same_period_is_refused(period: str, said: str) -> None:
    with pytest.raises(FactsError, match=said):
        both(["走访80户"], ["走访60户"], ("2024年上半年", period))


def test_another_office_is_refused() -> None:
    other = parse_facts(
        {"organization": "柳湾镇", "theme": "防汛", "period": "2023年上半年", "facts": ["走访60户"]}
    )
    with pytest.raises(FactsError, match="单位是“柳湾镇”，本期是“竹溪镇”"):
        compare(ledger(["走访80户"]), other)


def test_like_is_compared_with_like_in_the_units_of_this_period() -> None:
    assert wordings(NOW, THEN) == {
        "28座": "同比增加4座，增长16.7%",
        "9处": "同比减少3处，下降25%",
        "7处": "同比减少5处，下降41.7%",
        "5场": "同比增加1场，增长25%",
        "95.5%": "同比提高2.5个百分点",
        "1.2亿元": "同比增加2200万元，增长22.4%",
        "7.4公里": "与上年同期持平",
        "3起": "同比增加3起",  # of nothing nothing grows
        "2处": "同比减少3处，下降60%",
        "1.2万条": "同比增加3000条，增长33.3%",
    }


def test_what_is_not_compared_is_told_with_the_reason() -> None:
    assert reasons(NOW, THEN) == {
        "120余人": "本期的“120余人”是概数，不能算增减",
        "512家次": "单位不同，上期是“300家”",
    }
    assert reasons(["走访80户"], ["慰问60户"]) == {"80户": "上期没有同一事项"}
    assert reasons(["亏损5万元"], ["亏损3万元"]) == {"5万元": "本期的“5万元”是负数，增减率没有意义"}
    assert reasons(["走访困难户80户"], ["走访困难户40户，再走访困难户9户"]) == {
        "80户": f"可能对应的不止一处（上期 {ledger(['走访困难户40户，再走访困难户9户']).facts[0].id}），没有比较"
    }


NOT_ALIKE = [
    ("整改隐患7处", "发现隐患12处"),
    ("走访留守老人80人", "走访失能老人60人"),
    ("柳湾村清淤渠道3公里", "石桥村清淤渠道2公里"),
    ("户均增收300元", "增收200元"),
    ("新增护林员5名", "退出护林员3名"),
    ("培训120人", "培训90人次"),
    ("调解纠纷30件，其中邻里纠纷12件", "调解邻里纠纷9件"),
    ("未整改隐患2处", "已整改隐患9处"),
]


@pytest.mark.parametrize(("now", "then"), NOT_ALIKE)
def test_unlike_things_are_not_compared(now: str, then: str) -> None:
    _, comparison = both([now], [then])
    assert not comparison.compared


def test_an_id_of_the_clerks_own_settles_what_wording_leaves_open() -> None:
    now = [{"id": "a", "text": "走访困难户80户"}]
    then = [{"id": "a", "text": "入户走访困难户60户"}, {"id": "b", "text": "再走访困难户9户"}]
    assert wordings(now, then) == {"80户": "同比增加20户，增长33.3%"}
    renumbered = [{"id": "a", "text": "发放明白卡60份"}]
    assert wordings(now, renumbered) == {}  # a running number that means another thing each time


def test_of_two_alike_the_one_of_its_topic_is_meant() -> None:
    now = [{"topic": "夏", "text": "巡查9次"}, {"topic": "冬", "text": "巡查4次"}]
    then = [{"topic": "冬", "text": "巡查2次"}, {"topic": "夏", "text": "巡查6次"}]
    assert wordings(now, then) == {"9次": "同比增加3次，增长50%", "4次": "同比增加2次，增长100%"}


def mention(text: str) -> Mention:
    return next(found for found in find(text) if found.countable)


counts = st.integers(0, 99_999)


@given(now=counts, then=counts)
def test_the_changes_lead_from_the_one_figure_to_the_other(now: int, then: int) -> None:
    assume(now != then)
    changes = {c.kind: c for c in changes_between(mention(f"走访{now}户"), mention(f"走访{then}户"))}
    assert then + changes["difference"].value == now
    assert changes["difference"].figure == f"{abs(now - then)}户"
    told = then > 0 and rounded(abs(Decimal(now - then) / then * 100)) > 0
    assert ("growth" in changes) == told
    if told:
        growth = changes["growth"]
        share = Decimal(growth.figure.removesuffix("%"))
        assert abs(share - abs(growth.value)) <= Decimal("0.05")
        assert (growth.value > 0) == (now > then)
        assert growth.formula.startswith(f"({max(now, then)}-{min(now, then)})÷{then}")


@given(now=st.integers(0, 1000), then=st.integers(0, 1000))
def test_percentages_differ_by_points_only(now: int, then: int) -> None:
    assume(now != then)
    [change] = changes_between(mention(f"整改率{now / 10}%"), mention(f"整改率{then / 10}%"))
    assert change.kind == "points"
    assert change.value == Decimal(now - then) / 10
    assert mention(change.wording).value == abs(change.value)


@given(
    now=st.integers(1, 10**8),
    then=st.integers(1, 10**8),
    scales=st.sampled_from(["元", "万元", "亿元"]).flatmap(
        lambda one: st.tuples(st.just(one), st.sampled_from(["元", "万元", "亿元"]))
    ),
)
def test_money_is_told_in_any_scale(now: int, then: int, scales: tuple[str, str]) -> None:
    size = {"元": 1, "万元": 10**4, "亿元": 10**8}
    ours, theirs = now * size[scales[0]], then * size[scales[1]]
    assume(ours != theirs)
    assume(abs(ours - theirs) < 10**9 * size[scales[0]])  # eleven digits may be a telephone number
    change = next(changes_between(mention(f"投入{now}{scales[0]}"), mention(f"投入{then}{scales[1]}")))
    assert change.value == ours - theirs
    read = mention(change.wording)
    assert read.value == abs(ours - theirs)
    assert read.direction == ("up" if ours > theirs else "down")


def test_shares_are_rounded_half_up_to_one_decimal() -> None:
    cases = {"16.666": "16.7", "12.25": "12.3", "20.04": "20.0", "0.04": "0.04", "0.004": "0.00"}
    assert {case: str(rounded(Decimal(case))) for case in cases} == cases


@given(now=st.integers(30, 9_000), then=st.integers(30, 9_000))
@settings(max_examples=60, deadline=None)
def test_what_is_offered_passes_the_check_and_another_growth_does_not(now: int, then: int) -> None:
    ours, comparison = both([f"走访困难户{now}户", "办班2期"], [f"走访困难户{then}户"])
    [compared] = comparison.compared
    told = checked(f"走访困难户{now}户，{compared.wording}。", ours, comparison)
    assert not told.findings
    assert [claim.status for claim in told.claims[1:]] == ["derived"] * len(compared.changes)
    growth = compared.change("growth")
    if growth:
        other = Decimal(growth.figure.removesuffix("%")) + 7
        wrong = checked(f"走访困难户{now}户，同比{growth.wording[:2]}{other}%。", ours, comparison)
        assert [(found.code, found.suggestion) for found in wrong.findings] == [
            ("numbers.conflicting", growth.figure)
        ]


RIGHT = [
    "排查山塘28座，同比增加4座，增长16.7%，发现隐患9处，同比下降25%，已整改7处。",
    "排查山塘28座，同比增长17%。",
    "排查山塘28座，较上年同期增加4座、增长16.7%。",
    "排查山塘28座，比去年同期多4座。",
    "同比增加4座，排查山塘达28座。",
    "排查山塘28座，上年同期24座。",
    "上年同期排查山塘24座，今年排查28座。",
    "排查山塘由上年同期的24座增加到28座，较2023年上半年增长16.7%。",
    "山塘排查数同比增长16.7%。",
    "投入防汛资金1.2亿元，比上年同期多2200万元。",
    "投入防汛资金1.2亿元，是上年同期的1.2倍。",
    "山塘管护达标率95.5%，同比提高2.5个百分点。",
    "发生险情3起，同比增加3起。",
    "储备编织袋1.2万条，同比增加三成以上。",
    "排查山塘28座、发现隐患9处，分别同比增长16.7%、下降25%。",
    "与上年同期相比，排查山塘增加4座，达到28座。",
    "隐患数较上年同期12处减少3处，降幅达25%。",
    "同比，山塘排查增加4座，隐患减少3处。",
    "排查山塘28座（上年同期24座），发现隐患9处（上年同期12处）。",
    "去年上半年排查山塘24座。",
    "上年同期印发明白卡2000份。",
    "清淤渠道7.4公里，与上年同期持平。",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_the_two_ledgers_come_to_may_be_told(text: str) -> None:
    ours, comparison = both(NOW, THEN)
    result = checked(text, ours, comparison)
    assert [found.message for found in result.findings] == []
    assert all(claim.status in ("supported", "derived") for claim in result.claims)


WRONG: list[tuple[str, str, str, str | None]] = [
    ("排查山塘28座，同比增长20%。", "numbers.conflicting", "20%", "16.7%"),
    ("排查山塘28座，同比增加6座。", "numbers.conflicting", "6座", "4座"),
    ("排查山塘28座，同比增加28座。", "numbers.conflicting", "28座", "4座"),
    ("排查山塘28座，较上年同期下降16.7%。", "numbers.reversed", "16.7%", None),
    ("排查山塘28座，环比增长16.7%。", "numbers.conflicting", "环比", "同比"),
    ("上年同期排查山塘26座，今年28座。", "numbers.conflicting", "26座", "24座"),
    ("山塘管护达标率95.5%，同比提高2.5%。", "numbers.conflicting", "2.5%", "2.5个百分点"),
    ("发生险情3起，同比增长100%。", "numbers.conflicting", "100%", None),
    ("清淤渠道7.4公里，同比增长5%。", "numbers.conflicting", "5%", None),
    ("发现隐患9处，整改7处，同比增长28.6%。", "numbers.reversed", "28.6%", None),
    ("排查山塘24座。", "numbers.conflicting", "24座", "28座"),
    ("去年全年排查山塘24座。", "numbers.conflicting", "去年全年", "上年同期"),
    ("印发明白卡2000份。", "numbers.unsupported", "2000份", None),
]


@pytest.mark.parametrize(("text", "code", "figure", "suggestion"), WRONG)
def test_another_figure_is_an_error_with_the_right_one(
    text: str, code: str, figure: str, suggestion: str | None
) -> None:
    ours, comparison = both(NOW, THEN)
    found = [
        (each.code, each.severity, each.text, each.suggestion)
        for each in checked(text, ours, comparison).findings
    ]
    assert found == [(code, "error", figure, suggestion)]


@pytest.mark.parametrize(
    ("text", "suggestions"),
    [
        ("走访困难户80户，环比增长33.3%。", []),
        ("走访困难户80户，较上季度增加20户。", []),
        ("走访困难户80户，较一季度增加20户。", []),
        ("走访困难户80户，上季度60户。", []),
        ("走访困难户80户，同比增长33.3%。", ["环比"]),
        ("走访困难户80户，比上年同期增加20户。", ["上季度"]),
        ("走访困难户80户，环比增长25%。", ["33.3%"]),
        ("走访困难户80户，同比增长25%。", [None]),
    ],
)
def test_the_period_right_before_has_words_of_its_own(text: str, suggestions: list[str | None]) -> None:
    ours, comparison = both(["走访困难户80户"], ["走访困难户60户"], ("2024年第二季度", "2024年第一季度"))
    assert [found.suggestion for found in checked(text, ours, comparison).findings] == suggestions


@pytest.mark.parametrize(
    ("text", "suggestions"),
    [
        ("走访困难户80户，较2021年增长33.3%。", []),
        ("走访困难户80户，较2021年的60户增加20户。", []),
        ("走访困难户80户，同比增长33.3%。", ["较2021年"]),
    ],
)
def test_a_period_further_back_is_named(text: str, suggestions: list[str]) -> None:
    ours, comparison = both(["走访困难户80户"], ["走访困难户60户"], ("2024年", "2021年"))
    assert [found.suggestion for found in checked(text, ours, comparison).findings] == suggestions


def test_every_change_of_the_examples_passes_behind_its_figure_and_another_never_does() -> None:
    ours = load_facts(EXAMPLES / "facts/yunxi-safety.json")
    comparison = compare(ours, load_facts(EXAMPLES / "previous/yunxi-safety.json"))
    texts = {fact.id: fact.text for fact in ours.facts}
    assert len(comparison.compared) > 20

    def told(each: Compared, words: str) -> CheckResult:
        text = texts[each.fact]
        return checked(f"{text[: each.end]}{words}{text[each.end :]}。", ours, comparison)

    for each in comparison.compared:
        former = f"上年同期{each.previous_figure}"
        for words in (f"，{each.wording}", f"（{former}，{each.wording}）", f"，{former}"):
            assert [found.message for found in told(each, words).findings] == []
        for change in each.changes:
            number = change.figure.rstrip("%处家次户座公里元万条个百分点名场起")
            wrong = change.figure.replace(number, plain(Decimal(number) * 3 + 1), 1)
            assert told(each, f"，同比{change.wording[:2]}{wrong}").counts["error"]
            back = {"增": "减少", "减": "增加", "下": "增长", "提": "下降"}[change.wording[0]]
            assert told(each, f"，同比{back}{change.figure}").counts["error"]


def test_a_derived_figure_has_its_formula_and_both_facts_as_evidence() -> None:
    ours, comparison = both(NOW, THEN)
    claim = checked("排查山塘28座，同比增长16.7%。", ours, comparison).claims[-1]
    earlier = comparison.previous.facts[0]
    assert [evidence.model_dump() for evidence in claim.evidence] == [
        {"formula": "(28-24)÷24≈16.7%"},
        {"fact": ours.facts[0].id, "text": ours.facts[0].text},
        {"previous": earlier.id, "text": earlier.text},
    ]


def test_an_earlier_figure_told_as_this_periods_is_said_to_be_one() -> None:
    ours, comparison = both(NOW, THEN)
    for text in ("排查山塘24座。", "印发明白卡2000份。"):
        [found] = checked(text, ours, comparison).findings
        assert "这是上年同期的数" in found.message
        assert found.evidence[-1].previous


def test_without_an_earlier_ledger_growth_has_no_support() -> None:
    result = run("排查山塘28座，同比增长16.7%。", CheckContext(ledger(NOW)), [Numbers()])
    assert [found.code for found in result.findings] == ["numbers.unsupported"]


def test_growth_that_a_fact_of_this_period_states_needs_no_earlier_one() -> None:
    ours, comparison = both(["走访困难户80户，同比增长60%"], ["走访困难户60户"])
    assert not checked("走访困难户80户，同比增长60%。", ours, comparison).findings


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    now, then = tmp_path / "now" / "账.json", tmp_path / "then" / "账.xlsx"
    for path in (now, then):
        path.parent.mkdir()
    now.write_text(ledger(NOW).model_dump_json(), "utf-8")
    then.write_bytes(to_workbook(ledger(THEN, "2023年上半年")))
    return now, then


def test_the_embedded_writer_tells_how_figures_changed(files: tuple[Path, Path], tmp_path: Path) -> None:
    now, then = files
    out = tmp_path / "out"
    assert command(["draft", str(now), "--previous", str(then), "-o", str(out)]) == 0
    text = (out / "report.md").read_text("utf-8")
    assert "排查山塘28座，同比增长16.7%，发现隐患9处" in text
    assert "防汛演练5场，同比增加1场" in text  # of so few things a share says little
    assert "投入防汛资金1.2亿元，同比增长22.4%" in text
    told = json.loads((out / "report.json").read_text("utf-8"))["comparison"]
    assert (told["period"], told["relation"]["lead"]) == ("2023年上半年", "同比")
    assert told["compared"][0]["wording"] == "同比增加4座，增长16.7%"
    assert "previous" not in told
    assert {each["reason"] for each in told["left_out"]} == set(reasons(NOW, THEN).values())


def test_the_examples_can_be_compared(tmp_path: Path) -> None:
    report = drafter.draft(
        EXAMPLES / "facts/yunxi-safety.json", previous=EXAMPLES / "previous/yunxi-safety.json"
    )
    assert report.counts["error"] == 0
    assert report.text.count("同比") >= 8
    assert sum(claim.status == "derived" for claim in report.claims) >= 8


def test_a_model_is_offered_the_changes_and_its_wrong_growth_is_mended() -> None:
    def boasting(request: drafter.WriteRequest) -> str:
        return faithful(request).replace("同比增长22.4%", "同比增长35%")

    writer = QueueWriter(boasting)
    report = asyncio.run(
        drafter.adraft(ledger(NOW), previous=ledger(THEN, "2023年上半年"), writer=writer, settings=Settings())
    )
    prompts = "\n".join(message["content"] for request in writer.requests for message in request.messages)
    assert '"compared": ["28座：同比增加4座，增长16.7%"' in prompts
    assert "compared 是与上年同期相比已经算好的增减" in prompts
    assert "9800万元" not in prompts
    assert "持平" not in prompts
    assert "投入防汛资金1.2亿元，同比增长22.4%" in report.text
    assert report.counts["error"] == 0


def test_prompts_without_an_earlier_ledger_say_nothing_of_comparing() -> None:
    writer = QueueWriter(faithful)
    asyncio.run(drafter.adraft(ledger(NOW), writer=writer, settings=Settings()))
    assert "compared" not in "".join(m["content"] for each in writer.requests for m in each.messages)


def test_a_text_is_checked_against_both_periods(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now, then = files
    (tmp_path / "稿.md").write_text("排查山塘28座，同比增长20%。\n", "utf-8")
    arguments = ["check", str(tmp_path / "稿.md"), "--facts", str(now), "--only", "numbers"]
    assert command([*arguments, "--previous", str(then.parent), "--json"]) == 1
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert [found["suggestion"] for found in told["findings"]] == ["16.7%"]
    assert told["comparison"]["compared"]
    assert "与上期（2023年上半年）比较：10 处数字有对应的，2 处没有比较" in printed.err
    assert "单位不同，上期是“300家”" in printed.err
    assert command([*arguments, "--json"]) == 1
    assert "comparison" not in json.loads(capsys.readouterr().out)


def test_the_earlier_ledger_may_be_set(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, then = files
    monkeypatch.setenv("DRAFTER_PREVIOUS", str(then))
    assert "同比" in drafter.draft(now).text
    assert drafter.check("排查山塘28座，同比增长16.7%。", now, only=["numbers"]).counts["error"] == 0


def test_a_batch_finds_each_reports_earlier_facts_by_name(files: tuple[Path, Path], tmp_path: Path) -> None:
    now, then = files
    alone = now.parent / "新.json"
    alone.write_text(now.read_text("utf-8"), "utf-8")
    rows = drafter.draft_batch([now.parent], tmp_path / "out", previous=then.parent)
    assert [row.status for row in rows] == ["done", "done"]
    texts = {row.folder: (Path(row.folder) / "report.md").read_text("utf-8") for row in rows}
    assert {Path(folder).name: "同比" in text for folder, text in texts.items()} == {"账": True, "新": False}
    again = drafter.draft_batch([now.parent], tmp_path / "out", previous=then.parent)
    assert [row.earlier for row in again] == [True, True]
    then.write_bytes(to_workbook(ledger([*THEN, "新增一条"], "2023年上半年")))
    again = drafter.draft_batch([now.parent], tmp_path / "out", previous=then.parent)
    assert {Path(row.folder).name: row.earlier for row in again} == {"账": False, "新": True}


def test_what_cannot_be_compared_is_one_line(files: tuple[Path, Path], tmp_path: Path) -> None:
    now, then = files
    with pytest.raises(FactsError, match=r"账.json：上期事实文件的时段是“2024年上半年”，不早于"):
        drafter.draft(now, previous=now)
    (then.parent / "账.csv").write_text("事项\n办班2期\n", "utf-8")
    with pytest.raises(FactsError, match="上期事实文件有几份同名的"):
        drafter.draft(now, previous=then.parent)
    with pytest.raises(FactsError, match="找不到这个文件"):
        drafter.draft(now, previous=tmp_path / "nein.json")
    with pytest.raises(FactsError, match="这是文件夹，请给出上期的事实文件"):
        drafter.draft(ledger(NOW), previous=then.parent)
    with pytest.raises(InputError, match="没有给本期的"):
        drafter.check("走访80户。", None, previous=then)


def test_a_report_on_another_machine_gets_the_earlier_facts_along(files: tuple[Path, Path]) -> None:
    now, then = files
    shared = Settings(formats=["md"]).model_dump(
        mode="json", exclude={"api_key", "embeddings_api_key", "previous"}
    )
    row, written = report_task(
        "账", ".json", now.read_bytes(), b"", (".xlsx", then.read_bytes()), False, [], shared
    )
    assert row["status"] == "done"
    assert "同比" in written["report.md"].decode()

"""What repair may take and what it may try, rule by rule; each rule's loss would be noticed here."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from drafter.checks import CODES
from drafter.drafting import draft
from drafter.facts import Fact, parse_facts
from drafter.plugins import Reply, WriteRequest
from drafter.repair import Examination
from drafter.repair.edits import added, without_clause
from drafter.repair.rules import fallbacks, fixes, nearest_fact
from drafter.repair.tables import rows
from drafter.report import Claim, Evidence, Finding
from drafter.settings import Settings
from tests.fakes import QueueWriter, faithful
from tests.test_repair import errors, steps

PLAIN = Examination("甲。", (), (), frozenset({"a", "b"}), frozenset({"c"}), 20, Counter({("x", "甲"): 2}))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weight": 10, "errors": Counter({("x", "甲"): 1})}, ""),
        ({"weight": 0, "errors": Counter(), "carried": frozenset({"a"})}, "丢了事实 b"),
        ({"weight": 0, "errors": Counter(), "touched": frozenset()}, "丢了事实 c"),
        ({"weight": 0, "errors": Counter(), "carried": frozenset("abc"), "touched": frozenset()}, ""),
        ({"weight": 10, "errors": Counter({("x", "乙"): 1})}, "有了新的错误“乙”"),
        ({"weight": 10, "errors": Counter({("x", "甲"): 3})}, "有了新的错误“甲”"),
        ({"weight": 20, "errors": Counter({("x", "甲"): 1})}, "问题没有减少（20 → 20）"),
    ],
)
def test_what_may_take_a_wordings_place(changes: dict[str, Any], said: str) -> None:
    assert PLAIN.refuses(replace(PLAIN, **changes)) == said


FACTS = (
    Fact(id="m1", topic="办件", text="1月办件1430件，网上办650件"),
    Fact(id="m2", topic="办件", text="2月办件1507件，网上办685件"),
    Fact(id="r", topic="道路", text="修路3公里，投入40万元"),
)


def finding(text: str, words: str, code: str = "numbers.conflicting", **more: Any) -> Finding:
    at = text.index(words)
    values = {"check": code.split(".")[0], "severity": "error", "message": "有误"} | more
    return Finding(code=code, start=at, end=at + len(words), text=words, **values)


def exam(text: str, *findings: Finding, claims: tuple[Claim, ...] = ()) -> Examination:
    return Examination(text, findings, claims, frozenset(), frozenset(), 10 * len(findings), Counter())


def leans_on(fact: str, value: str) -> dict[str, Any]:
    return {"evidence": (Evidence(fact=fact, text=""),), "suggestion": value}


def test_a_suggestion_is_taken_of_the_fact_that_the_sentence_tells_of() -> None:
    text = "2月办件1433件，网上办685件。"
    right, wrong = leans_on("m2", "1507件"), leans_on("m1", "1430件")
    assert [c.text for c in fixes(exam(text, finding(text, "1433件", **right)), FACTS)] == [
        "2月办件1507件，网上办685件。"
    ]
    assert list(fixes(exam(text, finding(text, "1433件", **wrong)), FACTS)) == []


@pytest.mark.parametrize(
    ("text", "words", "more"),
    [
        ("占总人口23.6%。", "23.6%", leans_on("r", "3公里")),
        ("补贴40万元。", "40万元", leans_on("r", "万元")),
        ("修路5公里，共3公里，投入40万元。", "5公里", leans_on("r", "3公里")),
        ("修路5公里，投入40万元。", "5公里", {**leans_on("r", "3公里"), "severity": "warning"}),
    ],
)
def test_a_suggestion_that_may_be_wrong_is_not_taken_by_rule(
    text: str, words: str, more: dict[str, Any]
) -> None:
    assert [c for c in fixes(exam(text, finding(text, words, **more)), FACTS) if "改为" in c.reason] == []


def test_the_nearest_fact_is_one_or_none() -> None:
    text = "1月和2月办件1433件。"
    assert nearest_fact(text, finding(text, "1433件"), FACTS) is None
    text = "修路5公里，投入40万元。"
    found = nearest_fact(text, finding(text, "5公里"), FACTS)
    assert found is not None
    assert found.id == "r"


def test_a_sentence_goes_by_rule_only_where_nothing_in_it_is_traced() -> None:
    text = "投入40万元，惠及99户。干部入户99次。"
    claim = Claim(start=2, end=6, text="40万元", status="supported")
    for words, gone in (("99户", []), ("99次", ["投入40万元，惠及99户。"])):
        found = finding(text, words, "numbers.unsupported")
        assert [c.text for c in fixes(exam(text, found, claims=(claim,)), FACTS)] == gone


def test_what_leads_in_a_list_is_not_taken_out_whole() -> None:
    text = "联合松桥镇抓了三件事：\n一是修路3公里。"
    found = finding(text, "松桥镇", "leakage.unsupported")
    assert list(fixes(exam(text, found), FACTS)) == []


@pytest.mark.parametrize("gap", ["【待核实：数量】", "【待补】"])
def test_a_gap_stays_visible(plain: dict[str, Any], gap: str) -> None:
    def answer(request: WriteRequest) -> str:
        return faithful(request).replace("9处", f"{gap}处") if request.purpose == "write" else ""

    report = draft(plain, writer=QueueWriter(answer), settings=Settings(repairs=0))
    assert "发现隐患处" not in report.text
    assert gap in report.text or "9处" in report.text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("开展巡查，落实责任，下一步将", ""),
        ("开展巡查。落实责任，", "开展巡查。落实责任。"),
    ],
)
def test_a_sentence_that_does_not_end_is_ended_or_taken_out(text: str, shown: str) -> None:
    found = finding(text, text[-6:], "residue.cutoff")
    tried = [candidate.text for candidate in fixes(exam(text, found), FACTS)]
    assert shown in tried or (not shown and tried[0] == "")


def request(*facts: Fact) -> WriteRequest:
    ledger = parse_facts(
        {
            "organization": "竹溪镇",
            "period": "2024年上半年",
            "theme": "服务工作",
            "facts": [fact.model_dump() for fact in facts],
        }
    )
    return WriteRequest((), "achievements", ("done",), "", (), facts, ledger)


def tried(text: str, *findings: Finding) -> list[str]:
    return [candidate.text for candidate in fallbacks(exam(text, *findings), request(*FACTS))]


def test_at_last_the_value_then_the_ledgers_words_then_without_the_claim() -> None:
    text = "一是修路5公里，投入40万元。二是办件有序。"
    assert tried(text, finding(text, "5公里"))[:4] == [
        "一是修路3公里，投入40万元。二是办件有序。",
        "一是修路3公里，投入40万元。二是办件有序。",
        "一是投入40万元。二是办件有序。",
        "一是办件有序。",
    ]


def test_a_clause_is_replaced_only_by_a_clause() -> None:
    fact = Fact(id="q", topic="河道", text="清理河道6.5公里")
    text = "排查有序，清理河道6.8公里，群众满意。"
    found = finding(text, "6.8公里")
    texts = [c.text for c in fallbacks(exam(text, found), request(fact))]
    assert "排查有序，清理河道6.5公里，群众满意。" in texts
    assert all(
        "650件，网上办" not in each
        for each in tried("1月办件1433件，网上办650件。", finding("1月办件1433件", "1433件"))
    )


def test_what_only_displeases_a_strangers_check_is_never_taken_out() -> None:
    text = "进一步修路3公里，投入40万元。"
    texts = tried(text, finding(text, "进一步", "style.formula"))
    assert len(texts) == 1
    assert "修路3公里" in texts[0]


def test_what_is_missing_goes_to_its_place() -> None:
    missing = Finding(
        check="coverage",
        code="coverage.missing",
        severity="error",
        message="没有写到",
        evidence=(Evidence(fact="r", text=""),),
    )
    assert (
        tried("一是办件有序。\n二是服务到位。", missing)[0]
        == "一是办件有序。\n二是服务到位。\n三是修路3公里，投入40万元。"
    )
    assert (
        tried("一是办件有序；二是服务到位。", missing)[0]
        == "一是办件有序；二是服务到位。三是修路3公里，投入40万元。"
    )
    assert tried("办件有序", missing)[0] == "办件有序。修路3公里，投入40万元。"
    assert (
        tried("办件有序。现将情况汇报如下：", missing)[0]
        == "办件有序。修路3公里，投入40万元。现将情况汇报如下："
    )
    partial = missing.model_copy(update={"code": "coverage.partial"})
    assert tried("一是修路有进展。二是服务到位。", partial)[0] == "一是修路3公里，投入40万元。二是服务到位。"


@pytest.mark.parametrize(
    ("text", "word", "left"),
    [
        (
            "一是松桥镇带队督导，排查28座；二是清理河道；三是备料。",
            "松桥镇",
            "一是排查28座；二是清理河道；三是备料。",
        ),
        ("一是甲。二是乙。一是丙。二是丁。", "丙", "一是甲。二是乙。一是丁。"),
        ("一是甲。二是乙。三是一线巡查。", "甲", "一是乙。二是一线巡查。"),
    ],
)
def test_enumerations_stay_counted(text: str, word: str, left: str) -> None:
    assert without_clause(text, text.index(word)) == left


def test_nothing_is_added_to_nothing_but_itself() -> None:
    assert added("", "修路3公里") == "修路3公里。"


def test_the_whole_by_rule_only_where_it_leaves_no_error(plain: dict[str, Any]) -> None:
    """A fact that the ledger itself gets wrong cannot be mended by telling it again: the writer's words stay."""

    class Strict:
        name = "strict"

        def check(self, text: str, context: Any) -> Any:
            for place in [i for i in range(len(text)) if text.startswith("防汛", i)][:1]:
                yield Finding(
                    check="strict",
                    code="strict.word",
                    severity="error",
                    message="不用这个词",
                    start=place,
                    end=place + 2,
                    text="防汛",
                )

    from drafter.plugins import load_registry

    registry = load_registry(entry_points=False)
    registry.checks["strict"] = Strict()
    writer = QueueWriter(lambda r: faithful(r) + "各方满意。")
    report = draft(plain, writer=writer, registry=registry)
    assert "各方满意。" in report.text
    assert {step.kind for step in steps(report)} == set()


def test_an_optional_fact_is_guarded_like_any_other(plain: dict[str, Any]) -> None:
    plain["facts"].append(
        {"id": "o", "topic": "责任落实", "text": "广播宣传走村入户，群众意识增强", "required": False}
    )

    def answer(request: WriteRequest) -> str:
        if request.purpose != "write":
            return ""
        return faithful(request).replace("广播宣传走村入户", "联合松桥镇广播宣传走村入户")

    report = draft(plain, writer=QueueWriter(answer))
    assert "走村入户" in report.text
    assert errors(report) == []


def test_a_reply_that_was_cut_off_is_not_taken_at_its_end(plain: dict[str, Any]) -> None:
    class Cut(QueueWriter):
        async def write(self, request: WriteRequest) -> Reply:
            right = faithful(request)
            if "隐患排查" not in request.topics:
                return Reply(right)
            if request.purpose == "write":
                return Reply(right.replace("清理河道6.5公里", "河道有序"))
            return Reply("1. 河道有序，清理河道6.5公里，同时还着力推", finish="length")

    report = draft(plain, writer=Cut(faithful))
    assert "着力推" not in report.text
    assert errors(report) == []


def test_a_mended_leaf_is_the_models_again(plain: dict[str, Any]) -> None:
    class Late(QueueWriter):
        async def write(self, request: WriteRequest) -> Reply:
            if request.purpose == "write":
                return Reply("开展了工作。")
            return Reply(faithful(request) if request.purpose == "rewrite" else "")

    report = draft(plain, writer=Late(faithful))
    assert "queue" in {part.writer for section in report.sections for part in section.parts}
    assert not any("没有给出能用的正文" in note for note in report.notes)


# -- marks, order, and what stands twice


def warning(text: str, words: str, code: str, **more: Any) -> Finding:
    return finding(text, words, code, severity="warning", **more)


def candidates(text: str, *findings: Finding, facts: tuple[Fact, ...] = FACTS) -> list[str]:
    return [candidate.text for candidate in fixes(exam(text, *findings), facts)]


def test_half_width_marks_are_put_right_together() -> None:
    text = "修路3公里(含桥),投入40万元。"
    found = [
        warning(text, half, "style.halfwidth", suggestion=full)
        for half, full in zip("(),", "（），", strict=True)
    ]
    assert candidates(text, *found)[0] == "修路3公里（含桥），投入40万元。"


def test_half_width_marks_are_put_right_where_only_a_part_helps() -> None:
    text = "修路3公里,投入40万元。办件有序,群众满意。"
    first, last = text.index(","), text.rindex(",")
    values = {"check": "style", "code": "style.halfwidth", "severity": "warning", "message": "半角"}
    found = [
        Finding(**values, start=at, end=at + 1, text=",", suggestion="，")  # type: ignore[arg-type]
        for at in (first, last)
    ]
    assert candidates(text, *found)[1:] == [
        "修路3公里，投入40万元。办件有序,群众满意。",
        "修路3公里,投入40万元。办件有序，群众满意。",
    ]


MARKED = (Fact(id="k", topic="责任", text="签《防汛责任书》17份，“河长”36名到岗"),)


@pytest.mark.parametrize(
    ("text", "mark", "mended"),
    [
        ("签订《防汛责任书17份。", "《", ["签订《防汛责任书》17份。"]),
        ("签订防汛责任书》17份。", "》", ["签订《防汛责任书》17份。"]),
        ("“河长36名到岗。", "“", ["“河长”36名到岗。"]),
        ("签订责任书17份）。", "）", ["签订责任书17份。"]),
        ("（群众满意。", "（", []),
        ("落实《防汛方案。", "《", []),
    ],
)
def test_a_mark_gets_the_partner_that_the_facts_give_it(text: str, mark: str, mended: list[str]) -> None:
    facts = (*MARKED, Fact(id="m", topic="责任", text="签责任书17份"))
    assert candidates(text, warning(text, mark, "structure.unbalanced"), facts=facts) == mended


def test_points_out_of_order_are_counted_anew() -> None:
    text = "一是修路3公里。三是办件有序。五是群众满意。"
    assert candidates(text, warning(text, "三是", "structure.sequence")) == [
        "一是修路3公里。二是办件有序。三是群众满意。"
    ]
    text = "修路有进展。一是修路3公里，投入40万元。办件有序。"
    assert (
        candidates(text, warning(text, "一是", "structure.sequence"))[-1]
        == "修路有进展。修路3公里，投入40万元。办件有序。"
    )
    text = "一是修路3公里。二是办件有序。二是群众满意。一是投入40万元。"
    assert "一是修路3公里。二是办件有序。三是群众满意。一是投入40万元。" in candidates(
        text, warning(text, "二是", "structure.sequence")
    )


def test_what_is_personal_goes_with_its_brackets_and_is_shown_in_no_reason() -> None:
    text = "修路3公里（联系人手机13812345678），投入40万元。"
    found = finding(text, "13812345678", "personal.phone")
    first = next(fixes(exam(text, found), FACTS))
    assert first.text == "修路3公里，投入40万元。"
    reasons = [first.reason, *(c.reason for c in fallbacks(exam(text, found), request(*FACTS)))]
    assert "13812345678" not in "".join(reasons)


@pytest.mark.parametrize(
    ("text", "words", "code", "mended"),
    [
        ("修路3公里（以上见r、f03）。", "r", "residue.echo", "修路3公里。"),
        ('修路3公里。{"a": 1}', '"a": 1', "residue.data", "修路3公里。"),
    ],
)
def test_what_remains_of_ids_and_data_goes_with_its_brackets(
    text: str, words: str, code: str, mended: str
) -> None:
    assert mended in candidates(text, finding(text, words, code))


def test_words_in_brackets_are_kept() -> None:
    text = "修路3公里（含通往各个自然村的桥涵f03）。"
    assert "修路3公里。" not in candidates(text, warning(text, "f03", "residue.echo"))


TWICE = "修路3公里，投入40万元，方便群众出行。"


def twice(text: str, *, earlier: str = TWICE) -> Finding:
    return warning(text, TWICE, "structure.duplicate", evidence=(Evidence(text=earlier),))


def test_a_sentence_that_another_section_has_goes_where_it_is_not_at_home() -> None:
    text = f"办件有序。{TWICE}"
    assert candidates(text, twice(text), facts=FACTS[:2]) == ["办件有序。"]
    assert candidates(text, twice(text)) == []  # of a fact of this section
    assert candidates(text, twice(text, earlier="修路3公里，花了40万元。"), facts=FACTS[:2]) == []


def test_a_section_gives_up_what_a_later_one_has_for_its_own() -> None:
    text = f"{TWICE}办件有序。"
    claim = Claim(start=2, end=5, text="3公里", status="supported", evidence=(Evidence(fact="r", text=""),))

    def again(facts: tuple[Fact, ...], *claims: Claim) -> list[str]:
        found = replace(exam(text, claims=claims), again=(twice(text, earlier=f"此外，{TWICE}"),))
        return [candidate.text for candidate in fixes(found, facts)]

    assert again(FACTS[:2], claim) == ["办件有序。"]
    assert again(FACTS, claim) == []
    assert again(FACTS[:2]) == []


def test_what_stands_in_two_sections_is_left_in_one(plain: dict[str, Any]) -> None:
    later = ("责任落实", "5月18日在柳塘村举办转移演练，130余人参加。")
    earlier = ("物资储备", "排查山塘28座，发现隐患9处，已整改7处。")
    for topic, again in (later, earlier):
        writer = QueueWriter(lambda r, to=topic, said=again: faithful(r) + (said if to in r.topics else ""))
        before = draft(plain, writer=writer, settings=Settings(repair=False))
        assert "structure.duplicate" in {each.code for each in before.findings}
        report = draft(plain, writer=writer)
        assert report.text == draft(plain, writer=QueueWriter(faithful)).text


def test_a_fact_written_down_and_then_told_is_left_once(plain: dict[str, Any]) -> None:
    """A small model's habit: a fact as the ledger has it, and then again with what it makes of it."""

    def twice_told(request: WriteRequest, apart: str = "") -> str:
        again = rf"\1。{apart}\1，做到心中有数。" if apart else r"\1，做到心中有数。"
        return re.sub(r"(排查山塘28座[^。]*)。", again, faithful(request))

    once = draft(plain, writer=QueueWriter(twice_told))
    assert "我镇排查山塘28座" in once.text
    for apart, left in ((" ", once.text), ("\n", once.text.replace("我镇排查", "排查"))):
        report = draft(plain, writer=QueueWriter(lambda request, apart=apart: twice_told(request, apart)))
        assert report.text == left


def test_warnings_alone_cost_no_call(plain: dict[str, Any]) -> None:
    def slovenly(request: WriteRequest) -> str:
        right = faithful(request)
        return right if request.section == "opening" else right.replace("。", ".").replace("》", "")

    writer = QueueWriter(slovenly)
    report = draft(plain, writer=writer)
    assert report.text == draft(plain, writer=QueueWriter(faithful)).text
    assert {each.purpose for each in writer.requests} == {"write"}


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("修路3公里，走村串户，问需问计，群众满意。", "走村串户，问需问计", "修路3公里，群众满意。"),
        ("修路3公里，走村串户。问需问计，群众满意。", "走村串户。问需问计", "修路3公里，群众满意。"),
        ("修路3公里。走村串户。问需问计。群众满意。", "走村串户。问需问计。", "修路3公里。群众满意。"),
        ("修路3公里，走村串户，问需问计。", "走村串户，问需问计。", "修路3公里。"),
    ],
)
def test_all_clauses_of_a_run_are_taken_out(text: str, words: str, left: str) -> None:
    at = text.index(words)
    assert without_clause(text, at, at + len(words) - 1) == left


def test_every_code_is_advised_on_or_mended_or_named_here() -> None:
    """A new code wants a line for the model or a rule; what is listed is left to a person, being a warning or not the text's."""
    advised, ruled = rows("advice.txt"), rows("fixes.txt")
    assert not (set(advised) | set(ruled)) - set(CODES)
    assert set(CODES) - set(advised) - set(ruled) == {
        "structure.numbering",
        "structure.short",
        "structure.long",
        "period.late",
        "plugin.failed",
        "outline.unplaced",
        "outline.repeated",
        "writer.fallback",
        "writer.cut_off",
        "writer.prompt_cut",
        "sealing.fallback",
        "sealing.repeated",
        "repair.stopped",
    }

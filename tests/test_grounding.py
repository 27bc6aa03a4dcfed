"""What a writer adds to the facts without a figure: sentences of its examples, deeds of nobody, what it told already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import drafter
from drafter.checks import run
from drafter.checks.leakage import Leakage
from drafter.checks.numbers import Numbers
from drafter.checks.structure import Structure
from drafter.corpus.local import open_corpus
from drafter.facts import parse_facts
from drafter.passages import Passage, Query
from drafter.plugins import CheckContext, SectionSpan, WriteRequest
from drafter.report import Finding
from drafter.settings import Settings
from tests.fakes import QueueWriter, faithful

INVENTED = "同时积极招商引资，吸引在外青年返乡开办家庭农场。"
PAST = "放水员守着闸口住了半个月，米和菜都由家里人送来。"
"""A sentence of 22 Han characters: shorter than what counts as copied by itself."""
REPORT = f"""柳湾乡2022年防汛工作报告
今年雨水偏少，柳湾乡仍把水库当成头等大事。
一、隐患排查
对水库和河道隐患逐处排查，清理河道杂草。{PAST}
柳湾乡人民政府
2022年11月20日
"""


def unfounded(plain: dict[str, Any], text: str, *facts: str) -> list[Finding]:
    sections = [SectionSpan("achievements", 0, len(text), facts=facts)] if facts else []
    result = run(text, CheckContext(parse_facts(plain), sections=sections), [Leakage()])
    return [finding for finding in result.findings if finding.code == "leakage.unfounded"]


def test_a_deed_that_no_fact_tells_is_a_warning_in_what_was_drafted(plain: dict[str, Any]) -> None:
    (found,) = unfounded(plain, f"清理河道6.5公里。{INVENTED}", "f06")
    assert (found.text, found.severity) == (INVENTED, "warning")


def test_what_a_person_wrote_is_not_judged_by_it(plain: dict[str, Any]) -> None:
    assert not unfounded(plain, f"清理河道6.5公里。{INVENTED}")


@pytest.mark.parametrize(
    "text",
    [
        "组织人员逐段清理河道，保持行洪畅通。",  # a fact in other words
        "一是认真开展山塘隐患排查和整改。",
        "工作有序推进。",  # too little to tell anything
        "围绕群众关心的大事小情，主要抓了以下几个方面：",  # leads in
        "# 推动乡村旅游和特色农业融合发展的情况",
        "接待外来游客团队和研学学生300人次。",  # its figure is judged by another check
    ],
)
def test_what_is_not_taken_for_invented(plain: dict[str, Any], text: str) -> None:
    assert not unfounded(plain, text, "f05", "f06")


def test_a_section_of_background_may_say_what_it_likes(plain: dict[str, Any]) -> None:
    assert not unfounded(plain, INVENTED, "f01")


@pytest.fixture
def past(tmp_path: Path) -> Path:
    folder = tmp_path / "past"
    folder.mkdir()
    (folder / "柳湾.txt").write_text(REPORT, encoding="utf-8")
    return folder


def test_a_sentence_of_a_shown_passage_is_an_error_however_short(plain: dict[str, Any], past: Path) -> None:
    text = f"清理河道6.5公里。{PAST}"
    with open_corpus(past) as corpus:
        shown = {passage.id for passage in corpus.search(Query(text="隐患排查 清理河道", limit=20))}

        def copied(shown: set[str]) -> list[Finding]:
            context = CheckContext(parse_facts(plain), copies=corpus.copies, shown=shown)
            return [f for f in run(text, context, [Leakage()]).findings if f.code == "leakage.copied"]

        (found,) = copied(shown)
        assert (found.text, found.severity) == (PAST, "error")
        assert found.evidence[0].passage in shown
        assert not copied(set())


def test_a_fact_told_in_the_words_of_an_example_is_no_leak(plain: dict[str, Any], past: Path) -> None:
    told = "对水库和河道隐患逐处排查，清理河道杂草。"
    plain["facts"].append({"id": "f12", "topic": "隐患排查", "text": "水库、河道隐患逐处排查，清理河道"})
    with open_corpus(past) as corpus:
        shown = {passage.id for passage in corpus.search(Query(text="隐患排查 清理河道", limit=20))}
        context = CheckContext(parse_facts(plain), copies=corpus.copies, shown=shown)
        assert not [f for f in run(told, context, [Leakage()]).findings if f.code == "leakage.copied"]


def test_a_draft_loses_both_and_no_fact(plain: dict[str, Any], past: Path) -> None:
    def adding(request: WriteRequest) -> str:
        text = faithful(request)
        return f"{text}{PAST}{INVENTED}" if "隐患排查" in request.topics else text

    report = drafter.draft(plain, writer=QueueWriter(adding), settings=Settings(model="m"), corpus=past)
    assert PAST not in report.text
    assert INVENTED not in report.text
    assert not [finding for finding in report.findings if finding.check in ("leakage", "coverage")]


def test_a_sentence_whose_figures_its_section_has_told_is_a_warning_and_goes(plain: dict[str, Any]) -> None:
    again = "总之，全镇备编织袋4500条、救生衣80件。"

    def summing(request: WriteRequest) -> str:
        text = faithful(request)
        return f"{text}{again}" if "物资储备" in request.topics else text

    found = run(
        f"全镇备编织袋4500条、救生衣80件。{again}", CheckContext(parse_facts(plain)), [Structure()]
    ).findings
    assert [(each.code, each.text) for each in found] == [("structure.retold", again)]
    report = drafter.draft(plain, writer=QueueWriter(summing), settings=Settings(model="m"))
    assert again not in report.text
    assert "编织袋4500条" in report.text


@pytest.mark.parametrize(
    "second",
    [
        "全镇备编织袋4500条。",  # one figure may be taken up again
        "备齐编织袋4500条、救生衣80件、抽水泵6台。",  # a figure of its own
    ],
)
def test_what_is_no_retelling(plain: dict[str, Any], second: str) -> None:
    text = f"全镇备编织袋4500条、救生衣80件。{second}"
    assert not run(text, CheckContext(parse_facts(plain)), [Structure()]).findings


@pytest.mark.parametrize("lead", ["去年，", "一是上年", "前年竹溪镇"])
def test_another_year_before_figures_of_this_one_is_an_error(plain: dict[str, Any], lead: str) -> None:
    found = run(f"{lead}清理河道6.5公里。", CheckContext(parse_facts(plain)), [Numbers()]).findings
    assert [(each.code, each.text) for each in found] == [("numbers.outside", lead.strip("一是，竹溪镇"))]


@pytest.mark.parametrize(
    "text",
    [
        "去年冬修渠道3公里。",  # the fact says so
        "去年底，全镇清理河道6.5公里。",
        "比去年更早，清理河道6.5公里。",
        "去年，全镇上下一条心。",  # no figure moves
    ],
)
def test_another_year_in_its_place_is_none(plain: dict[str, Any], text: str) -> None:
    plain["facts"].append({"id": "f12", "topic": "隐患排查", "text": "去年冬修渠道3公里"})
    assert not run(text, CheckContext(parse_facts(plain)), [Numbers()]).findings


def test_a_report_of_the_year_before_its_date_may_call_it_so(plain: dict[str, Any]) -> None:
    plain |= {"period": "2023年", "date": "2024-01-08"}
    assert not run("去年，清理河道6.5公里。", CheckContext(parse_facts(plain)), [Numbers()]).findings


def test_a_draft_is_of_its_own_year(plain: dict[str, Any]) -> None:
    def shifting(request: WriteRequest) -> str:
        text = faithful(request)
        return f"去年，{text}" if "物资储备" in request.topics else text

    report = drafter.draft(plain, writer=QueueWriter(shifting), settings=Settings(model="m"))
    assert "去年" not in report.text
    assert "编织袋4500条" in report.text


PLANS = "计划在现有网格基础上，为山塘配齐看守人员。\n\n"
"""A plan that no fact tells, where only deeds were asked for; as a paragraph of its own it would be a turn in a person's text."""


def test_a_plan_of_nobody_amid_deeds_is_taken_out_of_a_draft(plain: dict[str, Any]) -> None:
    def adding(request: WriteRequest) -> str:
        text = faithful(request)
        return f"{text}\n\n{PLANS}加强与企业的合作。\n\n" if "隐患排查" in request.topics else text

    report = drafter.draft(plain, writer=QueueWriter(adding), settings=Settings(model="m"))
    assert "配齐" not in report.text
    assert "企业的合作" not in report.text
    assert "8月底前整改剩余2处隐患" in report.text


def test_a_short_line_amid_others_that_tells_nothing_is_a_headline_of_the_model(
    plain: dict[str, Any],
) -> None:
    text = "清理河道6.5公里。\n\n加强与企业的合作。\n\n排查山塘28座，发现隐患9处，已整改7处。"
    (found,) = unfounded(plain, text, "f05", "f06")
    assert found.text == "加强与企业的合作。"
    assert not unfounded(plain, text.replace("\n\n", ""), "f05", "f06"), "amid a paragraph it links"


def test_what_is_told_again_with_words_around_it_is_taken_out_of_a_draft(plain: dict[str, Any]) -> None:
    padded = "为保证行洪通畅，镇里还认真组织清理河道6.5公里，有力提升了整体防御水平。"

    def adding(request: WriteRequest) -> str:
        text = faithful(request)
        return f"{text}{padded}" if "隐患排查" in request.topics else text

    report = drafter.draft(plain, writer=QueueWriter(adding), settings=Settings(model="m"))
    assert padded not in report.text
    assert "清理河道6.5公里" in report.text
    text = f"清理河道6.5公里。{padded}"
    context = CheckContext(parse_facts(plain))
    assert not [f for f in run(text, context, [Structure()]).findings if f.code == "structure.retold"]


def test_a_figure_told_before_of_a_further_fact_stays(plain: dict[str, Any]) -> None:
    plain["facts"].append(
        {"id": "f12", "topic": "隐患排查", "text": "对28座山塘逐座建立管护台账，明确巡查责任人"}
    )
    report = drafter.draft(plain, writer=QueueWriter(faithful), settings=Settings(model="m"))
    assert "对28座山塘逐座建立管护台账" in report.text
    assert not [finding for finding in report.findings if finding.check in ("structure", "coverage")]


def test_a_clause_of_a_shown_passage_is_taken_out_of_a_draft(plain: dict[str, Any], past: Path) -> None:
    half = "米和菜都由家里人送来"

    def adding(request: WriteRequest) -> str:
        text = faithful(request)
        return f"{text.removesuffix('。')}，{half}。" if "隐患排查" in request.topics else text

    report = drafter.draft(plain, writer=QueueWriter(adding), settings=Settings(model="m"), corpus=past)
    assert half not in report.text
    assert not [finding for finding in report.findings if finding.check in ("leakage", "coverage")]
    steps = [step for section in report.sections for part in section.parts for step in part.repairs]
    assert [step.reason for step in steps] == [f"删去没有事实依据的半句：“{half}”"]


@pytest.mark.parametrize(
    ("clause", "flagged"),
    [
        ("米和菜都由家里人送来", True),
        ("确保人民群众生命财产安全", False),  # a set formula
        ("逐处排查水库和河道隐患", False),  # a fact tells it
        ("家里人送来米和菜", False),  # its own words
    ],
)
def test_which_clauses_of_a_shown_passage_are_borrowed(
    plain: dict[str, Any], clause: str, flagged: bool
) -> None:
    plain["facts"].append({"id": "f12", "topic": "隐患排查", "text": "水库、河道隐患逐处排查"})
    text = f"清理河道6.5公里，{clause}。"
    masked = f"放水员守着闸口住了半个月，{clause.replace('家里人送来米和菜', '')}。"
    passage = Passage(id="p1", document="d1", text=masked, masked=masked)
    sections = [SectionSpan("achievements", 0, len(text), facts=("f05", "f06"))]
    context = CheckContext(parse_facts(plain), sections=sections, examples=[passage], shown={"p1"})
    found = [f for f in run(text, context, [Leakage()]).findings if f.code == "leakage.copied"]
    assert [f.text for f in found] == ([clause] if flagged else [])


def test_a_fact_told_in_the_wrong_tense_is_not_taken_out(plain: dict[str, Any]) -> None:
    plain["facts"].append(
        {
            "id": "f12",
            "topic": "隐患排查",
            "text": "组织镇村干部对危旧房屋逐户开展安全鉴定",
            "required": False,
        }
    )

    def planning(request: WriteRequest) -> str:
        return faithful(request).replace("组织镇村干部", "计划于汛前组织镇村干部")

    report = drafter.draft(plain, writer=QueueWriter(planning), settings=Settings(model="m"))
    assert "镇村干部对危旧房屋逐户开展安全鉴定" in report.text
    assert "style.tense" in {finding.code for finding in report.findings}

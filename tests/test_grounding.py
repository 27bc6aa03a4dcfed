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
from drafter.passages import Query
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

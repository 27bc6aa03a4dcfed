"""Repair: what is read from a reply, what rules may do, and that nothing that a writer says makes a report worse."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.drafting import Journal, draft
from drafter.errors import ContextOverflow, EndpointError
from drafter.plugins import CheckContext, Reply, WriteRequest, load_registry
from drafter.repair import weight
from drafter.repair.edits import without_clause, without_sentence
from drafter.repair.patches import Patch, PatchError, apply_patches, parse_patches
from drafter.repair.targets import Target, read_answers
from drafter.report import Finding, RepairStep, Report
from drafter.settings import Settings
from tests.fakes import QueueWriter, faithful
from tests.faulty_drafts import KINDS, PAST, Spoiling

UNREPAIRED = Settings(repair=False)


def errors(report: Report) -> list[str]:
    return [finding.code for finding in report.findings if finding.severity == "error"]


def steps(report: Report) -> list[RepairStep]:
    return [step for section in report.sections for part in section.parts for step in part.repairs]


def carried(report: Report) -> set[str]:
    missing = {e.fact for f in report.findings if f.check == "coverage" for e in f.evidence}
    return {fact.id for fact in report.ledger.facts if fact.required} - missing


# -- patches

REPLIES = [
    ("原文：甲。\n改为：乙。", [("甲。", "乙。")]),
    ("1. 原文：“甲。”\n改为：“乙。”\n\n2. 原文：丙。\n改为：丁。", [("甲。", "乙。"), ("丙。", "丁。")]),
    ("**原文**：甲。\n\n**改为**：乙。\n已改好。", [("甲。", "乙。")]),
    ("原文:\n甲。\n改为: 乙。", [("甲。", "乙。")]),
    ("原文：甲。\n改为：", [("甲。", "")]),
    ("原文：甲。\n改为：（删去）", [("甲。", "")]),
    ("原文：甲。\n改为：甲。", []),
    ('```json\n[{"old_text": "甲。", "new_text": "乙。"}]\n```', [("甲。", "乙。")]),
    ('{"patches": [{"old_text": "甲", "new_text": ""}]}', [("甲", "")]),
    ('改好了：{"old_text": "甲" 乙', []),
    ("我已经改好了。", []),
    ("原文：“四个意识”不强。\n改为：“四个意识”增强。", [("“四个意识”不强。", "“四个意识”增强。")]),
]


@pytest.mark.parametrize(("reply", "found"), REPLIES)
def test_patches_are_read_in_the_shapes_that_models_give(reply: str, found: list[tuple[str, str]]) -> None:
    assert [(each.old_text, each.new_text) for each in parse_patches(reply)] == found


def test_a_patch_is_applied_only_where_its_old_text_stands_once() -> None:
    assert apply_patches("甲，乙，丙。", [Patch("乙", "丁")]) == "甲，丁，丙。"
    with pytest.raises(PatchError, match="有 2 处"):
        apply_patches("甲，甲。", [Patch("甲", "乙")])
    with pytest.raises(PatchError, match="不在正文里"):
        apply_patches("甲。", [Patch("乙", "丙")])
    with pytest.raises(PatchError, match="不在正文里"):
        apply_patches("甲。", [Patch("", "丙")])


@given(st.text())
def test_no_reply_breaks_the_reader(reply: str) -> None:
    assert all(each.old_text != each.new_text for each in parse_patches(reply))


ASKED = [Target("巡查9次。", ("多了",)), Target("整改3处；", ("错了",))]


@pytest.mark.parametrize(
    ("reply", "asked", "found"),
    [
        ("1. 巡查8次。\n2. 整改4处。", ASKED, [("巡查9次。", "巡查8次。"), ("整改3处；", "整改4处；")]),
        ("1、巡查8次", ASKED, [("巡查9次。", "巡查8次。")]),
        ("第2句：删去", ASKED, [("整改3处；", "")]),
        ("1. 改为：巡查8次。\n7. 没有这一句。", ASKED, [("巡查9次。", "巡查8次。")]),
        ("1. 巡查9次。\n2. 原句：整改3处；", ASKED, []),
        ("巡查8次。", ASKED[:1], [("巡查9次。", "巡查8次。")]),
        ("巡查8次。", ASKED, []),
        ("好的\n我改好了", ASKED[:1], []),
    ],
)
def test_answers_by_number_are_patches_of_the_sentences_asked_for(
    reply: str, asked: list[Target], found: list[tuple[str, str]]
) -> None:
    assert [(each.old_text, each.new_text) for each in read_answers(reply, asked)] == found


def test_sentences_that_stand_twice_are_not_asked_for(plain: dict[str, Any]) -> None:
    asked: list[str] = []

    def answer(request: WriteRequest) -> str:
        if request.purpose == "write":
            wrong = "松桥镇高远山督导2次。" if request.section == "problems" else ""
            return wrong + faithful(request) + wrong
        asked.append(request.purpose)
        return ""

    with patch("drafter.repair.ladder.fixes", lambda *_: ()):
        draft(plain, writer=QueueWriter(answer))
    assert set(asked) == {"rewrite"}


# -- edits


@pytest.mark.parametrize(
    ("text", "word", "clause", "sentence"),
    [
        ("巡查9次，整改3处。", "整改", "巡查9次。", ""),
        ("巡查9次，整改3处。", "巡查", "整改3处。", ""),
        ("开会。巡查9次。", "巡查", "开会。", "开会。"),
        ("一是开会；二是巡查。", "巡查", "一是开会。", "一是开会。"),
        ("一是开会。二是巡查。三是培训。", "巡查", "一是开会。二是培训。", "一是开会。二是培训。"),
        ("一是开会。\n二是巡查。\n三是培训。", "开会", "一是巡查。\n二是培训。", "一是巡查。\n二是培训。"),
        ("甲，乙，丙。", "乙", "甲，丙。", ""),
        ("统一是要求。一是甲。三是乙。", "甲", "统一是要求。三是乙。", "统一是要求。三是乙。"),
    ],
)
def test_what_is_taken_out_leaves_the_text_in_order(text: str, word: str, clause: str, sentence: str) -> None:
    assert without_clause(text, text.index(word)) == clause
    assert without_sentence(text, text.index(word)) == sentence


# -- by rule


@pytest.mark.parametrize(
    ("wrong", "right", "kind"),
    [
        (("28座", "29座"), "排查山塘28座", "fix"),
        (("28座", "xx座"), "排查山塘28座", "fix"),
        (("4500条", "××条"), "编织袋4500条", "fix"),
    ],
)
def test_a_rule_mends_what_the_facts_settle(
    plain: dict[str, Any], wrong: tuple[str, str], right: str, kind: str
) -> None:
    writer = QueueWriter(lambda r: faithful(r).replace(*wrong))
    report = draft(plain, writer=writer)
    assert errors(report) == []
    assert right in report.text
    assert {step.kind for step in steps(report)} == {kind}
    assert {request.purpose for request in writer.requests} == {"write"}


def test_a_sentence_that_leans_on_nothing_goes_and_nothing_else(plain: dict[str, Any]) -> None:
    def leaky(request: WriteRequest) -> str:
        return faithful(request) + (
            "松桥镇党委副书记高远山到场督导。" if request.section == "achievements" else ""
        )

    report = draft(plain, writer=QueueWriter(leaky))
    assert report.text == draft(plain, writer=QueueWriter(faithful)).text
    assert errors(report) == []


def test_a_fact_that_nobody_would_write_is_told_in_the_ledgers_words(plain: dict[str, Any]) -> None:
    def forgetful(request: WriteRequest) -> str:
        return "认真抓好落实。" if "物资储备" in request.topics else faithful(request)

    report = draft(plain, writer=QueueWriter(forgetful))
    assert errors(report) == []
    assert "4500条" in report.text
    assert {step.kind for step in steps(report)} == {"fallback"}


def test_repair_may_be_switched_off_and_asking_limited(plain: dict[str, Any]) -> None:
    def forgetful(request: WriteRequest) -> str:
        return "认真抓好落实。" if "物资储备" in request.topics else faithful(request)

    assert set(errors(draft(plain, writer=QueueWriter(forgetful), settings=UNREPAIRED))) == {
        "coverage.missing"
    }
    for most in (0, 1, 2):
        writer = QueueWriter(forgetful)
        draft(plain, writer=writer, settings=Settings(repairs=most))
        assert [request.purpose for request in writer.requests if request.purpose != "write"] == [
            "patch",
            "rewrite",
        ][:most]


# -- asking


def test_a_patch_that_helps_is_taken_and_its_reason_kept(plain: dict[str, Any], tmp_path: Path) -> None:
    with Journal(tmp_path / "j.sqlite") as journal:
        report = draft(plain, writer=Spoiling("missing", 0, "helpful"), journal=journal)
    taken = steps(report)
    assert [step.kind for step in taken] == ["patch"]
    assert errors(report) == []
    with closing(sqlite3.connect(tmp_path / "j.sqlite")) as db:
        kept = [RepairStep.model_validate(json.loads(row[0])) for row in db.execute("SELECT step FROM steps")]
    assert kept == taken
    assert "问题 10 → 0" in kept[0].reason
    assert (kept[0].weight_before, kept[0].weight_after) == (10, 0)


def test_what_was_refused_is_kept_with_its_reason(plain: dict[str, Any], tmp_path: Path) -> None:
    with Journal(tmp_path / "j.sqlite") as journal:
        draft(plain, writer=Spoiling("missing", 3, "harmful"), journal=journal)
    with closing(sqlite3.connect(tmp_path / "j.sqlite")) as db:
        kept = [RepairStep.model_validate(json.loads(row[0])) for row in db.execute("SELECT step FROM steps")]
    refused = [step for step in kept if not step.accepted]
    assert refused
    assert all(step.reason for step in refused)
    assert all(step.before for step in refused)


def test_repair_prompts_hold_no_words_of_past_reports(plain: dict[str, Any], tmp_path: Path) -> None:
    past = "松桥镇2022年防汛备汛工作情况汇报\n\n一、主要做法\n\n（一）备足防汛物资。镇长高远山到大湾水库清点物资，储备砂石料31方。\n"
    (tmp_path / "past.txt").write_text(past, "utf-8")
    writer = Spoiling("missing", 0, "useless")
    draft(plain, corpus=tmp_path / "past.txt", writer=writer)
    assert writer.asked
    said = "".join(message["content"] for request in writer.asked for message in request.messages)
    for name in ("松桥镇", "高远山", "大湾水库", "31方"):
        assert name not in said


@pytest.mark.parametrize("mode", ["helpful", "useless", "harmful", "varied"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_faulty_draft_comes_out_no_worse_and_loses_no_fact(
    plain: dict[str, Any], kind: str, mode: str, tmp_path: Path
) -> None:
    (tmp_path / "past.txt").write_text(PAST, "utf-8")
    for number in range(2):
        given = {"corpus": tmp_path / "past.txt"} if kind in ("leak", "copied") else {}
        skip = 0 if kind == "form" else None
        before = draft(plain, writer=Spoiling(kind, number, mode, skip), settings=UNREPAIRED, **given)
        after = draft(plain, writer=Spoiling(kind, number, mode, skip), **given)
        assert errors(after) == []
        assert weight(after.findings) < weight(before.findings)
        assert carried(before) <= carried(after)


@settings(max_examples=25)
@given(reply=st.text(alphabet='原文：改为\n。，排查28座9处xx松桥镇【】#{}"a', max_size=80))
def test_whatever_the_writer_answers_nothing_gets_worse(reply: str) -> None:
    ledger = {
        "organization": "竹溪镇",
        "period": "2024年上半年",
        "theme": "防汛备汛工作",
        "facts": [
            {"id": "a", "topic": "排查", "text": "排查山塘28座，发现隐患9处"},
            {"id": "b", "topic": "排查", "text": "清理河道6.5公里"},
        ],
    }

    def answer(request: WriteRequest) -> str:
        wrong = faithful(request).replace("清理河道6.5公里", "清理河道若干")
        return wrong if request.purpose == "write" else reply

    before = draft(ledger, writer=QueueWriter(answer), settings=UNREPAIRED)
    after = draft(ledger, writer=QueueWriter(answer))
    assert errors(before)
    assert weight(after.findings) <= weight(before.findings)
    assert carried(before) <= carried(after)


def test_fewer_errors_buy_no_fact(plain: dict[str, Any]) -> None:
    """A rewrite that drops three leaked names for one wrong figure is refused, although one figure of its fact stands."""

    def answer(request: WriteRequest) -> str:
        right = faithful(request)
        if "物资储备" not in request.topics:
            return right
        if request.purpose == "write":
            return right + "松桥镇党委副书记高远山到大湾水库督导。"
        return right.replace("4500条", "4507条")

    with (
        patch("drafter.repair.ladder.fixes", lambda *_: ()),
        patch("drafter.repair.ladder.fallbacks", lambda *_: ()),
    ):
        report = draft(plain, writer=QueueWriter(answer))
    assert "4500条" in report.text
    assert steps(report) == []


class Failing(QueueWriter):
    """Writes with a fact missing, and fails when it is asked to mend it."""

    def __init__(self, failure: Exception) -> None:
        super().__init__(faithful)
        self.failure = failure

    async def write(self, request: WriteRequest) -> Reply:
        reply = await super().write(request)
        if request.purpose != "write":
            raise self.failure
        return Reply("抓好落实。") if {"物资储备", "隐患排查"} & set(request.topics) else reply


def test_an_endpoint_that_fails_at_repair_costs_no_report_and_is_asked_no_more(plain: dict[str, Any]) -> None:
    writer = Failing(EndpointError("服务端没有了"))
    report = draft(plain, writer=writer, settings=Settings(concurrency=1))
    assert len([request for request in writer.requests if request.purpose != "write"]) == 1
    assert errors(report) == []
    said = [finding for finding in report.findings if finding.code == "repair.stopped"]
    assert [finding.severity for finding in said] == ["warning"]
    assert "服务端没有了" in said[0].message


def test_a_prompt_too_long_for_one_leaf_stops_no_other(plain: dict[str, Any]) -> None:
    writer = Failing(ContextOverflow("放不下"))
    report = draft(plain, writer=writer, settings=Settings(concurrency=1))
    asked = [request.topics for request in writer.requests if request.purpose == "patch"]
    assert len(asked) == 2
    assert "repair.stopped" not in {finding.code for finding in report.findings}


class Once:
    """A stranger's check: a formula may stand in a report only once, and it says what may stand instead."""

    name = "once"

    def check(self, text: str, context: CheckContext) -> Iterator[Finding]:
        for place in list(re.finditer("稳步推进", text))[1:]:
            yield Finding(
                check="once",
                code="once.again",
                severity="error",
                message="套话重复",
                start=place.start(),
                end=place.end(),
                text=place[0],
                suggestion="逐步推进",
            )


def test_what_only_the_whole_report_shows_is_mended_too(plain: dict[str, Any]) -> None:
    registry = load_registry(entry_points=False)
    registry.checks["once"] = Once()
    writer = QueueWriter(lambda r: faithful(r) + "各项工作稳步推进。")
    before = draft(plain, writer=writer, registry=registry, settings=UNREPAIRED)
    assert set(errors(before)) == {"once.again"}
    report = draft(plain, writer=QueueWriter(lambda r: faithful(r) + "各项工作稳步推进。"), registry=registry)
    assert errors(report) == []
    assert report.text.count("稳步推进") == 1
    assert report.text.count("逐步推进") == len(errors(before))
    assert {step.kind for step in steps(report)} == {"fix"}


def test_a_resumed_run_repairs_alike_and_buys_nothing(plain: dict[str, Any], tmp_path: Path) -> None:
    with Journal(tmp_path / "j.sqlite") as journal:
        one = draft(plain, writer=Spoiling("missing", 0, "helpful"), journal=journal)
    with Journal(tmp_path / "j.sqlite") as journal:
        again = QueueWriter(RuntimeError("asked again"))
        again.name = "spoiling"
        two = draft(plain, writer=again, journal=journal)
    assert again.requests == []
    assert (two.text, steps(two), two.findings) == (one.text, steps(one), one.findings)
    assert (one.calls > 0, two.calls, two.tokens.prompt_tokens) == (True, 0, 0)


def test_checks_left_out_by_the_settings_still_guard_the_facts(plain: dict[str, Any]) -> None:
    def answer(request: WriteRequest) -> str:
        if request.purpose == "write":
            return faithful(request) + ("好的，以上是全部内容。" if request.section == "plans" else "")
        return "做好各项工作。"

    report = draft(plain, writer=QueueWriter(answer), settings=Settings(checks=["residue", "structure"]))
    assert "8月底前" in report.text
    assert {finding.check for finding in [*report.findings, *report.silenced]} <= {"residue", "structure"}


@pytest.mark.parametrize("chatter", ["好的，我已经按要求修改完毕。", "{}", "[]", "修改完成！"])
def test_small_talk_does_not_pass_for_a_better_sentence(plain: dict[str, Any], chatter: str) -> None:
    def answer(request: WriteRequest) -> str:
        if request.purpose == "write":
            return faithful(request) + ("松桥镇高远山到场督导。" if request.section == "problems" else "")
        return chatter

    with (
        patch("drafter.repair.ladder.fixes", lambda *_: ()),
        patch("drafter.repair.ladder.fallbacks", lambda *_: ()),
    ):
        report = draft(plain, writer=QueueWriter(answer))
    assert steps(report) == []
    assert chatter.strip("。！") not in report.text


def test_a_patch_that_tells_everything_twice_is_thinned_out(plain: dict[str, Any]) -> None:
    def answer(request: WriteRequest) -> str:
        right = faithful(request)
        if "隐患排查" not in request.topics:
            return right
        if request.purpose == "write":
            return right.replace("清理河道6.5公里", "河道清理有序")
        return f"1. {right}"

    report = draft(plain, writer=QueueWriter(answer))
    assert errors(report) == []
    assert report.text.count("6.5公里") == 1
    assert report.text.count("28座") == 1

"""One report from end to end above the wire: a writer fed from a queue, real checks, a real journal, real files."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import drafter
from drafter.drafting import Journal, adraft, draft
from drafter.drafting.leaves import _enough
from drafter.drafting.progress import Progress
from drafter.errors import DrafterError, EndpointError, OutlineError, PluginError, SettingsError
from drafter.passages import Passage, Query
from drafter.plugins import Reply, WriteRequest, load_registry
from drafter.prompting.calibration import known_ratio
from drafter.report import Report, Usage
from drafter.settings import Settings
from drafter.writers.faults import ContextOverflow
from tests.fakes import QueueWriter, faithful

UNREPAIRED = Settings(repair=False)

CORPUS = [
    "松桥镇2022年防汛备汛工作情况汇报\n\n2022年，松桥镇认真落实各项部署。现将情况汇报如下：\n\n一、主要做法\n\n"
    "（一）压紧压实防汛责任。召开动员会4次，与23个村签订责任状，镇长高远山带头包片联系大湾水库。\n\n"
    "（二）全面开展隐患排查。组织力量对辖区山塘、河道逐处过筛，查出隐患31处，《松桥镇隐患清单》逐项销号。\n\n"
    "二、存在问题\n\n一些村巡查不够及时，物资更新较慢。\n\n三、下一步打算\n\n继续抓好巡查值守，补齐物资。\n",
]


@pytest.fixture
def past(tmp_path: Path) -> Path:
    folder = tmp_path / "past"
    folder.mkdir()
    for number, text in enumerate(CORPUS):
        (folder / f"{number}.txt").write_text(text, "utf-8")
    return folder


def codes(report: Report, severity: str = "error") -> set[str]:
    return {finding.code for finding in report.findings if finding.severity == severity}


def test_the_name_of_a_section_without_heading_is_no_part_of_its_text(plain: dict[str, Any]) -> None:
    def told(request: WriteRequest) -> str:
        text = "。".join(fact.text for fact in request.facts) or "竹溪镇认真开展了防汛备汛工作"
        return f"【开头】\n\n{text}。" if request.section == "opening" else f"{text}。"

    assert "【开头】" not in draft(plain, writer=QueueWriter(told)).text


def test_a_faithful_writer_leaves_no_error_and_every_fact_covered(plain: dict[str, Any], past: Path) -> None:
    report = draft(plain, corpus=past, writer=QueueWriter(faithful))
    assert codes(report) == set()
    assert not report.unfinished
    assert sorted(fact for section in report.sections for fact in section.facts) == [
        f"f{n:02}" for n in range(1, 12)
    ]


def test_an_opening_that_only_leads_over_is_written_by_rule(plain: dict[str, Any]) -> None:
    def bare(request: WriteRequest) -> str:
        return "现将有关情况汇报如下：" if request.section == "opening" else faithful(request)

    report = draft(plain, writer=QueueWriter(bare), settings=Settings(model="m"))
    assert "2024年上半年，竹溪镇" in report.text
    assert [finding.code for finding in report.findings] == ["writer.fallback"]


def test_examples_are_no_longer_than_what_is_to_be_written(plain: dict[str, Any], past: Path) -> None:
    writer = QueueWriter(faithful)
    report = draft(plain, corpus=past, writer=writer, settings=Settings(model="m", passages=20))
    shown = {passage.id: passage for section in report.sections for passage in section.passages}
    parts = [part for section in report.sections for part in section.parts if part.passages]
    assert any(len(part.passages) > 1 for part in parts)
    lengths = {request.heading: request.limits.length for request in writer.requests}
    for request in writer.requests:
        size = sum(
            len(passage.masked)
            for passage in shown.values()
            if passage.masked in request.messages[1]["content"]
        )
        count = request.messages[1]["content"].count("<<<片段")
        assert count <= 1 or size <= lengths[request.heading]


def test_the_offline_report_is_laid_out_as_the_genre_wants(plain: dict[str, Any]) -> None:
    report = draft(plain)
    lines = [line for line in report.text.split("\n") if line]
    assert lines[0] == "# 竹溪镇2024年上半年防汛备汛工作情况汇报"
    assert lines[1] == "安澜县防汛指挥部："
    assert [line for line in lines if line.startswith("## ")] == [
        "## 一、主要工作开展情况",
        "## 二、存在的问题",
        "## 三、下一步工作打算",
    ]
    assert [line[:7] for line in lines if line.startswith("### ")] == [
        "### （一）",
        "### （二）",
        "### （三）",
    ]
    assert lines[-3:] == ["特此报告。", "竹溪镇", "2024年7月2日"]
    assert report.writer == "offline"
    assert "未调用模型" in report.notes[0]
    assert codes(report) == set()


def test_places_of_sections_blocks_and_claims_are_places_in_the_text(plain: dict[str, Any]) -> None:
    report = draft(plain)
    for block in report.blocks:
        assert block.text.split("\n")[0] in report.text[block.start : block.end]
    for section in report.sections:
        assert section.text in report.text[section.start : section.end]
    assert report.claims
    for claim in report.claims:
        assert report.text[claim.start : claim.end] == claim.text


def test_a_wrong_number_is_an_error_at_its_place_and_is_flagged_behind_it(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    writer = QueueWriter(lambda r: faithful(r).replace("28座", "29座"))
    report = draft(plain, writer=writer, settings=UNREPAIRED)
    wrong = next(finding for finding in report.findings if finding.text and "29" in finding.text)
    assert wrong.check == "numbers"
    assert wrong.severity == "error"
    assert wrong.section == "achievements"
    assert report.text[wrong.start : wrong.end] == wrong.text
    assert report.unfinished
    written = report.save(tmp_path / "r.md").read_text("utf-8")
    assert f"{wrong.text}【待核实：" in written
    assert "本稿未完成" in written


def test_a_missing_fact_is_an_error_flagged_in_its_section(plain: dict[str, Any], tmp_path: Path) -> None:
    def forgetful(request: WriteRequest) -> str:
        return faithful(request).replace("，清理河道6.5公里", "").replace("清理河道6.5公里。", "")

    report = draft(plain, writer=QueueWriter(forgetful), settings=UNREPAIRED)
    missing = next(finding for finding in report.findings if finding.code == "coverage.missing")
    assert [evidence.fact for evidence in missing.evidence] == ["f06"]
    assert (missing.start, missing.text, missing.section) == (None, None, "achievements")
    written = report.save(tmp_path / "r.md").read_text("utf-8")
    assert written.index("【待核实：") < written.index("## 二、")


def test_a_name_that_only_a_past_report_has_is_a_leak(plain: dict[str, Any], past: Path) -> None:
    leak = "《松桥镇隐患清单》逐项销号。"
    writer = QueueWriter(lambda r: faithful(r) + leak)
    report = draft(plain, corpus=past, writer=writer, settings=UNREPAIRED)
    found = [
        finding for finding in report.findings if finding.check == "leakage" and finding.severity == "error"
    ]
    assert any(finding.evidence and finding.evidence[0].document for finding in found)


@pytest.mark.parametrize(
    ("chatter", "code"),
    [("好的，以下是正文：\n", ""), ("开展巡查xx次。", "placeholder"), ("见〔地名〕。", "placeholder")],
)
def test_chatter_is_cleaned_and_a_mask_is_found(plain: dict[str, Any], chatter: str, code: str) -> None:
    report = draft(plain, writer=QueueWriter(lambda r: chatter + faithful(r)), settings=UNREPAIRED)
    assert "好的" not in report.text
    assert {finding.check for finding in report.findings if finding.severity == "error"} == (
        {code} if code else set()
    )


def test_a_retriever_that_was_chosen_is_opened_without_a_corpus_too(plain: dict[str, Any]) -> None:
    """Its index may be on a server; the local one has nothing but what is named."""
    registry = load_registry(entry_points=False)
    opened: list[Any] = []

    class Own:
        def search(self, query: Any) -> list[Any]:
            return []

        def close(self) -> None:
            opened.append("closed")

    def own(paths: Any, settings: Settings, readers: Any) -> Own:
        opened.append(list(paths))
        return Own()

    registry.retrievers["own"] = own
    draft(plain, registry=registry)
    assert opened == []
    draft(plain, settings=Settings(retriever="own"), registry=registry)
    assert opened == [[], "closed"]


def test_the_best_passage_is_shown_as_far_as_it_is_no_longer_than_what_is_to_be_written() -> None:
    sentences = [
        "对山塘逐座排查，登记造册。",
        "清理河道〔数〕公里，出动〔数〕人次。",
        "险工险段落实专人看守。",
    ]
    whole = Passage(id="p1", document="d1", text="".join(sentences), masked="".join(sentences))
    for length, shown in ((5, 1), (20, 1), (40, 2), (60, 3)):
        (best,) = _enough([whole], length)
        assert best.masked == "".join(sentences[:shown])
        assert best.text == whole.text, "what it is checked against is not cut"
    endless = Passage(id="p2", document="d1", text="排查" * 50, masked="排查" * 50)
    assert _enough([endless, whole], 60)[0].masked == endless.masked


def test_prompts_hold_masked_passages_only(plain: dict[str, Any], past: Path) -> None:
    writer = QueueWriter(faithful)
    report = draft(plain, corpus=past, writer=writer)
    asked = "".join(message["content"] for request in writer.requests for message in request.messages)
    assert any(section.passages for section in report.sections)
    assert "压紧压实防汛责任" in asked or "逐处过筛" in asked
    for name in ("松桥镇", "高远山", "大湾水库", "23个村", "31处"):
        assert name not in asked


def test_what_no_section_takes_is_reported(plain: dict[str, Any]) -> None:
    plain["outline"] = ["opening", "achievements", "plans"]
    report = draft(plain)
    left = [finding for finding in report.findings if finding.code == "outline.unplaced"]
    assert {finding.evidence[0].fact for finding in left} == {"f09", "f10"}
    assert "coverage.missing" not in codes(report)
    assert report.unfinished


def test_a_section_asked_for_without_facts_is_marked_not_invented(plain: dict[str, Any]) -> None:
    plain["facts"] = [fact for fact in plain["facts"] if fact.get("role") != "plan"]
    silent = draft(plain)
    assert "下一步" not in silent.text
    plain["outline"] = ["opening", "achievements", "problems", "plans"]
    asked = draft(plain)
    assert "【待核实：“下一步工作打算”没有可用的事实】" in asked.text
    assert asked.unfinished


TABLE = """
from drafter import Block, Section, hookimpl

class Table(Section):
    name, heading, roles = "table", "附表", ("problem",)

    def render(self, context):
        return [Block(kind="table", rows=(("事项",), *((fact.text,) for fact in context.facts)))]

class Risks(Section):
    name, heading, roles, template = "risks", "存在的风险点", ("problem",), "risks.j2"

@hookimpl
def register_sections(register):
    register(Table())
    register(Risks())
"""


def test_sections_of_a_plugin_are_drafted(plain: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(TABLE, "utf-8")
    template = '{% extends "section.j2" %}{% block task %}逐条写风险。{% endblock %}'
    (tmp_path / "risks.j2").write_text(template, "utf-8")
    registry = load_registry([str(tmp_path / "mine.py")], strict=True, entry_points=False)
    plain["outline"] = [
        "opening",
        "achievements",
        {"name": "risks", "topics": ["隐患整改"]},
        "table",
        "plans",
    ]
    writer = QueueWriter(faithful)
    report = draft(plain, writer=writer, registry=registry)
    assert {request.section for request in writer.requests} == {"opening", "achievements", "risks", "plans"}
    asked = next(request for request in writer.requests if request.section == "risks")
    assert "逐条写风险" in asked.messages[1]["content"]
    assert "## 二、存在的风险点" in report.text
    assert "| 防汛员平均58岁，不会用水位监测设备 |" in report.text
    assert next(section for section in report.sections if section.name == "table").facts == ["f10"]
    assert codes(report) == set()


def test_a_section_that_fails_to_render_is_named(plain: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(TABLE.replace("return [Block", "return 1 / 0 or [Block"), "utf-8")
    registry = load_registry([str(tmp_path / "mine.py")], strict=True, entry_points=False)
    plain["outline"] = ["opening", "table"]
    with pytest.raises(PluginError, match="章节 table 自己排版时出错"):
        draft(plain, registry=registry)


def test_calls_run_side_by_side_up_to_the_limit(plain: dict[str, Any]) -> None:
    writer = QueueWriter(faithful, delay=0.01)
    draft(plain, writer=writer, settings=Settings(concurrency=3))
    assert writer.most_running == 3


@pytest.mark.parametrize(
    ("written", "stands"),
    [
        ("竹溪镇抓实防汛。", "竹溪镇抓实防汛。现将有关情况汇报如下："),
        ("竹溪镇抓实防汛，现将情况报告如下：", "竹溪镇抓实防汛，现将情况报告如下："),
    ],
)
def test_the_program_leads_over_from_the_opening_once(
    plain: dict[str, Any], written: str, stands: str
) -> None:
    report = draft(plain, writer=QueueWriter(lambda r: written if r.section == "opening" else faithful(r)))
    assert report.sections[0].text == stands


def test_a_section_renders_itself_without_a_writer(plain: dict[str, Any]) -> None:
    writer = QueueWriter(faithful)
    report = draft(plain, writer=writer)
    assert report.sections[-1].text == "特此报告。"
    assert "closing" not in {request.section for request in writer.requests}


# -- replies that did not simply stop


@pytest.mark.parametrize(
    ("reply", "code", "severity"),
    [
        (Reply("", finish="empty", calls=2), "writer.fallback", "warning"),
        (Reply("不完整", finish="content_filter", calls=1), "writer.fallback", "warning"),
        (Reply("<think>想了很久", finish="stop", calls=1), "writer.fallback", "warning"),
    ],
)
def test_a_reply_without_text_is_replaced_by_rule_and_said_so(
    plain: dict[str, Any], reply: Reply, code: str, severity: str
) -> None:
    report = draft(plain, writer=QueueWriter(reply))
    assert code in codes(report, severity)
    assert codes(report) == set()
    assert "排查山塘28座" in report.text


def test_a_report_that_the_model_did_not_write_says_so(plain: dict[str, Any]) -> None:
    whole = draft(plain, writer=QueueWriter(Reply("", finish="empty")))
    partly = draft(
        plain, writer=QueueWriter(faithful, Reply("", finish="empty")), settings=Settings(concurrency=1)
    )
    assert "模型没有给出能用的正文" in whole.notes[0]
    assert not any("由模型起草" in note for note in whole.notes)
    assert [("由模型起草" in note, "离线写作器" in note) for note in partly.notes] == [
        (True, False),
        (False, True),
    ]


def test_silenced_errors_are_announced(plain: dict[str, Any]) -> None:
    wrong = QueueWriter(lambda r: faithful(r).replace("28座", "29座"))
    silenced = ["numbers.conflicting", "numbers.unsupported", "numbers.misattributed", "coverage.partial"]
    report = draft(plain, writer=wrong, settings=Settings(silenced=silenced))
    assert codes(report) == set()
    assert any("按设置没有提示" in note for note in report.notes)


def test_a_lone_surrogate_in_a_reply_is_kept_and_written(plain: dict[str, Any], tmp_path: Path) -> None:
    with Journal(tmp_path / "j.sqlite") as journal:
        report = draft(plain, writer=QueueWriter(lambda r: faithful(r) + "完\ud800成。"), journal=journal)
    assert "完\ufffd成" in report.text


def test_a_reply_that_was_cut_is_an_error_unless_repair_finds_all_that_is_wanted(
    plain: dict[str, Any],
) -> None:
    def cut(request: WriteRequest) -> Reply:
        return Reply(faithful(request), finish="length", calls=3)

    class Cutting(QueueWriter):
        async def write(self, request: WriteRequest) -> Reply:
            return cut(request)

    assert codes(draft(plain, writer=Cutting(""), settings=UNREPAIRED)) == {"writer.cut_off"}
    mended = draft(plain, writer=Cutting(""))
    assert codes(mended) == set()
    assert "writer.cut_off" in codes(mended, "warning")


# -- the journal


def test_the_same_run_again_buys_nothing_and_gives_the_same_report(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    first, second = QueueWriter(faithful), QueueWriter("不该再问")
    with Journal(tmp_path / "j.sqlite") as journal:
        one = draft(plain, writer=first, journal=journal)
    with Journal(tmp_path / "j.sqlite") as journal:
        two = draft(plain, writer=second, journal=journal)
    assert second.requests == []
    assert (two.text, two.calls) == (one.text, 0)
    assert one.calls == len(first.requests) > 3
    written = [part for section in two.sections for part in section.parts if part.writer == "queue"]
    assert all(part.resumed for part in written)


def test_what_arrived_before_a_failure_is_not_bought_again(plain: dict[str, Any], tmp_path: Path) -> None:
    failing = QueueWriter(faithful, faithful, EndpointError("断了"))
    with (
        Journal(tmp_path / "j.sqlite") as journal,
        pytest.raises(EndpointError, match=r"断了（已完成 2/\d 节，已存入日志"),
    ):
        draft(plain, writer=failing, journal=journal, settings=Settings(concurrency=1))
    again = QueueWriter(faithful)
    with Journal(tmp_path / "j.sqlite") as journal:
        report = draft(plain, writer=again, journal=journal)
    whole = draft(plain, writer=QueueWriter(faithful))
    assert report.text == whole.text
    assert len(again.requests) == whole.calls - 2


def test_calls_under_way_when_another_fails_are_still_kept(plain: dict[str, Any], tmp_path: Path) -> None:
    class Slow(QueueWriter):
        async def write(self, request: WriteRequest) -> Reply:
            if not self.requests:
                self.requests.append(request)
                await asyncio.sleep(0.01)
                raise EndpointError("断了")
            await asyncio.sleep(0.05)
            return await super().write(request)

    with Journal(tmp_path / "j.sqlite") as journal, pytest.raises(EndpointError, match="已完成 1/"):
        draft(plain, writer=Slow(faithful), journal=journal, settings=Settings(concurrency=2))


def test_calls_under_way_survive_a_fault_that_is_not_the_endpoints(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    class Faulty(QueueWriter):
        async def write(self, request: WriteRequest) -> Reply:
            if not self.requests:
                self.requests.append(request)
                await asyncio.sleep(0.01)
                raise ZeroDivisionError("somebody's writer")
            await asyncio.sleep(0.05)
            return await super().write(request)

    with (
        Journal(tmp_path / "j.sqlite") as journal,
        pytest.raises(PluginError, match=r"写作器 queue 出错.*somebody"),
    ):
        draft(plain, writer=Faulty(faithful), journal=journal, settings=Settings(concurrency=2))
    again = QueueWriter(faithful)
    with Journal(tmp_path / "j.sqlite") as journal:
        report = draft(plain, writer=again, journal=journal)
    written = [part for section in report.sections for part in section.parts if part.writer == "queue"]
    assert len(again.requests) == len(written) - 1


def test_a_writer_that_counts_no_calls_is_kept_too(plain: dict[str, Any], tmp_path: Path) -> None:
    class Plain:
        name = "plain"
        asked = 0

        async def write(self, request: WriteRequest) -> Reply:
            self.asked += 1
            return Reply(faithful(request))

    first, second = Plain(), Plain()
    for writer in (first, second):
        with Journal(tmp_path / "j.sqlite") as journal:
            draft(plain, writer=writer, journal=journal)
    assert (first.asked > 3, second.asked) == (True, 0)


def test_a_reply_that_was_cut_was_paid_and_is_asked_for_again_only_when_told(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    with Journal(tmp_path / "j.sqlite") as journal:
        cut = draft(plain, writer=QueueWriter(Reply("开展巡查。", finish="length")), journal=journal)
        again = QueueWriter(faithful)
        same = draft(plain, writer=again, journal=journal)
        assert again.requests == []
        whole = draft(
            plain, writer=again, journal=journal, refresh=["opening", "achievements", "problems", "plans"]
        )
    assert "writer.cut_off" in codes(cut, "warning")
    assert same.text == cut.text
    assert codes(whole) == set()


@pytest.mark.parametrize("finish", ["empty", "content_filter", "broken"])
def test_a_reply_that_is_none_is_asked_for_again(plain: dict[str, Any], tmp_path: Path, finish: str) -> None:
    with Journal(tmp_path / "j.sqlite") as journal:
        draft(plain, writer=QueueWriter(Reply("", finish=finish)), journal=journal)
        again = QueueWriter(faithful)
        draft(plain, writer=again, journal=journal)
    assert len([request for request in again.requests if request.purpose == "write"]) > 3


def test_a_context_smaller_than_set_is_met_without_passages(plain: dict[str, Any], past: Path) -> None:
    class Small(QueueWriter):
        async def write(self, request: WriteRequest) -> Reply:
            if "片段1" in request.messages[1]["content"]:
                self.requests.append(request)
                raise ContextOverflow("too long")
            return await super().write(request)

    writer = Small(faithful)
    report = draft(plain, corpus=past, writer=writer)
    assert codes(report) == set()
    assert not any(section.passages for section in report.sections)
    assert any("片段1" in request.messages[1]["content"] for request in writer.requests)


def test_what_a_server_counted_is_remembered_and_a_resumed_run_counts_as_it_began(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    settings = Settings(model="m-of-this-test")
    with Journal(tmp_path / "j.sqlite") as journal:
        draft(plain, writer=QueueWriter(faithful), settings=settings, journal=journal)
        again = QueueWriter(faithful)
        draft(plain, writer=again, settings=settings, journal=journal)
    assert again.requests == []
    assert 0 < known_ratio("", "m-of-this-test") < 1


def test_a_server_that_reports_too_few_tokens_is_named(plain: dict[str, Any]) -> None:
    class Cutting(QueueWriter):
        async def write(self, request: WriteRequest) -> Reply:
            return Reply(faithful(request), usage=Usage(prompt_tokens=40), calls=1)

    assert "writer.prompt_cut" in codes(draft(plain, writer=Cutting("")), "warning")


def test_offline_drafting_has_no_token_budget(plain: dict[str, Any]) -> None:
    plain["facts"] += [
        {"topic": "巡查", "text": f"第{n}号堤段巡查{n}次，记录完整，问题当场处理并登记入册"}
        for n in range(1, 60)
    ]
    report = draft(plain, settings=Settings(context_window=1024, max_tokens=900))
    assert "coverage.missing" not in codes(report)


def test_one_section_is_written_anew(plain: dict[str, Any], tmp_path: Path) -> None:
    with Journal(tmp_path / "j.sqlite") as journal:
        draft(plain, writer=QueueWriter(faithful), journal=journal)
        again = QueueWriter(faithful)
        draft(plain, writer=again, journal=journal, refresh=["problems"])
    assert {request.section for request in again.requests} == {"problems"}


def test_a_changed_fact_is_asked_again_and_the_rest_is_not(plain: dict[str, Any], tmp_path: Path) -> None:
    with Journal(tmp_path / "j.sqlite") as journal:
        draft(plain, writer=QueueWriter(faithful), journal=journal)
        plain["facts"][8]["text"] = "还有3处隐患未整改，缺资金9万元"
        again = QueueWriter(faithful)
        draft(plain, writer=again, journal=journal)
    assert [request.section for request in again.requests] == ["problems"]


def test_a_journal_in_use_says_who_uses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "j.sqlite"
    with Journal(path) as first:
        first.begin(title="t", writer="w", model="m", url="", drafter="0")
        with pytest.raises(DrafterError, match=rf"另一个 drafter（进程 {os.getpid()}）正在使用"):
            Journal(path, wait=0.1)
        # who only reads is not kept out
        Journal(path, read_only=True).close()
    Journal(path, wait=0).close()
    assert {file.name for file in tmp_path.iterdir()} == {"j.sqlite"}
    monkeypatch.setattr("drafter.drafting.journal.BUSY", 0.1)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with (
            pytest.raises(DrafterError, match="另一个程序正在使用这个日志文件"),
            Journal(path, wait=0.1) as held,
        ):
            held.keep_note("a", "b")


def test_a_journal_of_the_first_format_is_taken_over(plain: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    with Journal(path) as journal:
        first = draft(plain, writer=QueueWriter(faithful), journal=journal)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "CREATE TABLE replies (key TEXT PRIMARY KEY, section TEXT, heading TEXT, messages TEXT, text TEXT,"
            " finish TEXT, model TEXT, usage TEXT, calls INTEGER, seconds REAL, received TEXT)"
        )
        db.execute(
            "INSERT INTO replies SELECT key, section, heading, json_extract(body, '$.messages'), text, finish, model,"
            " usage, 1, seconds, received FROM calls"
        )
        for table in ("runs", "calls", "uses", "steps", "leaves"):
            db.execute(f"DROP TABLE {table}")
        db.execute("PRAGMA user_version = 0")
    with Journal(path) as journal:
        again = QueueWriter(faithful)
        second = draft(plain, writer=again, journal=journal)
    assert again.requests == []
    assert second.text == first.text


def test_a_journal_of_a_newer_drafter_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(DrafterError, match="较新版本"):
        Journal(path)
    assert path.read_bytes() == before


def test_a_damaged_journal_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "j.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(DrafterError, match="日志文件打不开"):
        Journal(tmp_path / "j.sqlite")


# -- the library


def test_progress_is_told_leaf_by_leaf(plain: dict[str, Any]) -> None:
    events: list[Progress] = []
    report = draft(plain, writer=QueueWriter(faithful), on_progress=events.append)
    finished = [event.done for event in events if event.stage == "finish"]
    assert finished == list(range(1, report.calls + 1))
    assert events[-1].stage == "done"


def test_inside_a_running_loop_draft_points_to_adraft(plain: dict[str, Any]) -> None:
    async def inside() -> Report:
        with pytest.raises(DrafterError, match="adraft"):
            draft(plain)
        return await adraft(plain)

    assert asyncio.run(inside()).title.startswith("竹溪镇")


def test_unknown_names_are_said_before_anything_is_written(plain: dict[str, Any]) -> None:
    with pytest.raises(OutlineError, match="没有名为“risks”的章节"):
        draft(plain, refresh=["risks"])
    with pytest.raises(SettingsError, match="没有名为“spelling”的检查"):
        draft(plain, settings=Settings(checks=["spelling"]))
    with pytest.raises(SettingsError, match="没有名为“poet”的写作器"):
        draft(plain, settings=Settings(writer="poet"))


def test_silenced_codes_are_listed_apart(plain: dict[str, Any]) -> None:
    report = draft(
        plain, writer=QueueWriter(Reply("", finish="empty")), settings=Settings(silenced=["writer.fallback"])
    )
    assert "writer.fallback" not in codes(report, "warning")
    assert {finding.code for finding in report.silenced} == {"writer.fallback"}


def test_check_reads_any_text_against_a_ledger(plain: dict[str, Any]) -> None:
    text = draft(plain).text
    assert drafter.check(text, plain).counts["error"] == 0
    worse = drafter.check(text.replace("130余人", "230余人"), plain)
    assert any(finding.text and "230" in finding.text for finding in worse.findings)
    assert {
        finding.check for finding in drafter.check(text + "xx次", plain, only=["placeholder"]).findings
    } == {"placeholder"}


def test_every_public_name_is_there() -> None:
    for name in drafter.__all__:
        assert getattr(drafter, name) is not None
    assert set(drafter.__all__) <= set(dir(drafter))
    with pytest.raises(AttributeError):
        _ = drafter.nothing  # type: ignore[attr-defined]


class Asked:
    """A corpus that has nothing and remembers what it was asked for."""

    def __init__(self) -> None:
        self.queries: list[Query] = []

    def search(self, query: Query) -> list[Passage]:
        self.queries.append(query)
        return []


def test_a_heading_is_sought_unless_it_only_says_the_role(plain: dict[str, Any]) -> None:
    outline = [{"name": "achievements"}, {"name": "problems"}, {"name": "plans", "heading": "汛后重建"}]
    asked = Asked()
    draft({**plain, "outline": outline}, corpus=asked, writer=QueueWriter(faithful), settings=UNREPAIRED)
    assert {query.role for query in asked.queries} == {"done", "problem", "plan"}
    for query in asked.queries:
        assert "开展情况" not in query.text
        assert "存在的问题" not in query.text
        assert ("汛后重建" in query.text) == (query.role == "plan")

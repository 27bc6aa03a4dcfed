"""Copying: runs of words from one past report, against a real store, with facts, formulas and shared wording taken out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import drafter
from drafter.checks import run
from drafter.checks.copying import LONG_RUN, RUN
from drafter.checks.copying import copied as runs_copied
from drafter.checks.leakage import Leakage
from drafter.checks.sameness import same_office
from drafter.corpus.local import FolderRetriever, open_corpus
from drafter.facts import parse_facts
from drafter.passages import Passage, Query
from drafter.plugins import CheckContext, WriteRequest
from drafter.report import Finding
from drafter.settings import Settings, load_settings
from tests.fakes import QueueWriter, faithful

PUMPS = (
    "老泵站的三台机组轮流趴窝，维修师傅蹲在机坑里连着拆装了四个通宵，才赶在梅雨到来之前让积水重新流进外河。"
)
NIGHTS = (
    "夜里巡堤的人手不够，支书就把自家小卖部的卷帘门拉起来当值班室，泡面热水管够，谁困了就在货架后面眯一会儿。"
)
SHARED = "各村按照划定的责任区域逐段巡查堤坝涵闸，发现渗漏管涌立即上报并组织人员抢护，直至险情完全排除为止。"
REPORTS = {
    "松坪": f"松坪镇2023年防汛工作总结\n2023年，松坪镇安全度汛。\n一、主要做法\n（一）抢修泵站。{PUMPS}\n（二）加强值守。{NIGHTS}\n（三）落实责任。{SHARED}\n松坪镇人民政府\n2023年12月1日\n",
    "柳湾": f"柳湾乡2022年防汛工作报告\n今年雨水偏少，柳湾乡仍把水库当成头等大事。\n一、巡查情况\n{SHARED}放水员老丁守着闸口，一守就是半个月。\n二、物资情况\n砂石料堆在坝脚，铁锹和雨衣挂在墙上，手电筒每周充一次电，少一样都要登记补齐。\n柳湾乡人民政府\n2022年11月20日\n",
    "竹溪": "竹溪镇2023年防汛备汛工作总结\n竹溪镇把防汛演练放到最偏的村去办，鸣锣为号，老人孩子先走，猪羊家禽后走，全村转移只用了四十分钟。\n二、存在的问题\n下游河床淤高，大水一来就顶托倒灌，靠镇里自己的挖机清不动，还得等县里统一安排。\n竹溪镇人民政府\n2023年12月10日\n",
}
DRILL = "把防汛演练放到最偏的村去办，鸣锣为号，老人孩子先走，猪羊家禽后走，全村转移只用了四十分钟"


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[FolderRetriever]:
    folder = tmp_path / "past"
    folder.mkdir()
    for name, text in REPORTS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    with open_corpus(folder) as found:
        yield found


def copied(plain: dict[str, Any], text: str, corpus: FolderRetriever | None, **context: Any) -> list[Finding]:
    copies = corpus.copies if corpus else None
    result = run(text, CheckContext(parse_facts(plain), copies=copies, **context), [Leakage()])
    return [finding for finding in result.findings if finding.code in ("leakage.copied", "plugin.failed")]


def test_a_run_of_one_report_is_found_in_the_whole_corpus_and_its_source_quoted(
    plain: dict[str, Any], corpus: FolderRetriever
) -> None:
    (finding,) = copied(plain, f"一、主要做法\n今年以来，{NIGHTS}", corpus)
    assert finding.text == NIGHTS.rstrip("。")
    assert finding.severity == "warning"
    (evidence,) = finding.evidence
    (document,) = (one for one in corpus.documents() if one.id == evidence.document)
    assert document.organization == "松坪镇"
    assert "《松坪镇2023年防汛工作总结》" in finding.message
    assert evidence.text == NIGHTS.rstrip("。")
    (passage,) = corpus.search(Query(text=NIGHTS, limit=1))
    assert evidence.passage == passage.id


@pytest.mark.parametrize(
    ("length", "severity"),
    [(RUN - 1, None), (RUN, "warning"), (LONG_RUN - 1, "warning"), (LONG_RUN, "error")],
)
def test_the_thresholds_count_han_characters(
    plain: dict[str, Any], tmp_path: Path, length: int, severity: str | None
) -> None:
    letters = "鸡鸭鹅犬驴骡羊猪鹿獐狼狐獾貂猴熊豹象鼠兔龟蛇蛙蟹虾鲤鲫鲢鳙鳝鳅鲶鲈鳜鲑鳕鲨鲸鲟鳗蚌螺蚬蛤蜂蝶蝉蟋蟀蚕蛾蚁蛛蝎蚊蝇蛆虱虻蚂蚱蜻蜓"
    (tmp_path / "甲.txt").write_text(f"西岭镇2020年物产志\n二字开头{letters}结尾。", encoding="utf-8")
    text = f"东，{letters[:length]}，南。"
    assert len(letters) > LONG_RUN
    with open_corpus(tmp_path / "甲.txt") as found:
        assert [finding.severity for finding in copied(plain, text, found)] == (
            [severity] if severity else []
        )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("三台机组", "五台机组"),
        ("维修师傅", "电工班长周大勇"),
        ("四个通宵", "十二个整夜"),
        ("才赶在", "终于赶在"),
        ("，维修师傅蹲在机坑里", "，维修师傅和徒弟蹲在机坑里"),
        ("重新流进", "流进"),
    ],
)
def test_small_edits_do_not_hide_a_copy(
    plain: dict[str, Any], corpus: FolderRetriever, before: str, after: str
) -> None:
    assert before in PUMPS
    (finding,) = copied(plain, PUMPS.replace(before, after), corpus)
    assert finding.text is not None
    assert finding.text.startswith("老泵站")
    assert finding.text.endswith("外河")
    assert "只改了几处" in finding.message


def test_what_reports_of_several_offices_share_is_nobodys(
    plain: dict[str, Any], corpus: FolderRetriever
) -> None:
    assert copied(plain, SHARED, corpus) == []
    (finding,) = copied(plain, SHARED[:-1] + "，放水员老丁守着闸口，一守就是半个月。" + NIGHTS, corpus)
    assert finding.text == NIGHTS[:-1]


def test_a_reprint_under_another_name_does_not_make_wording_common(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    for name, text in REPORTS.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    excerpt = f"防汛简报第九期\n编者按：这个镇的做法值得一看，各乡镇可结合实际参考。\n{PUMPS}\n{NIGHTS}\n"
    (tmp_path / "简报.txt").write_text(excerpt, encoding="utf-8")
    with open_corpus(tmp_path) as found:
        assert len(found.documents()) == 4
        assert len(copied(plain, NIGHTS, found)) == 1


def test_what_the_facts_say_is_no_copy(plain: dict[str, Any], corpus: FolderRetriever) -> None:
    plain["facts"].append({"id": "f20", "text": NIGHTS[:-1].replace("，", "、")})
    assert copied(plain, NIGHTS, corpus) == []
    assert len(copied(plain, PUMPS, corpus)) == 1


def test_set_formulas_are_no_copy(plain: dict[str, Any], tmp_path: Path) -> None:
    formula = (
        "坚持以习近平新时代中国特色社会主义思想为指导，全面贯彻落实党的二十大精神，"
        "深刻领悟“两个确立”的决定性意义，增强“四个意识”、坚定“四个自信”、做到“两个维护”"
    )
    (tmp_path / "甲.txt").write_text(
        f"西岭镇2023年工作总结\n西岭镇{formula}，做好各项工作。", encoding="utf-8"
    )
    with open_corpus(tmp_path / "甲.txt") as found:
        assert copied(plain, f"竹溪镇{formula}，抓好防汛。", found) == []


@pytest.mark.parametrize(
    "name", ["own", "竹溪镇", "安澜县竹溪镇人民政府", "《竹溪镇2023年防汛备汛工作总结》", "id"]
)
def test_reports_that_may_be_copied_from_are_left_out(
    plain: dict[str, Any], corpus: FolderRetriever, name: str
) -> None:
    assert len(copied(plain, DRILL, corpus)) == 1
    (document,) = (one for one in corpus.documents() if one.organization == "竹溪镇")
    names = [document.id if name == "id" else name]
    assert copied(plain, DRILL, corpus, allow_copying_from=names) == []
    assert len(copied(plain, PUMPS, corpus, allow_copying_from=names)) == 1


def test_own_means_reports_of_no_later_period(plain: dict[str, Any], corpus: FolderRetriever) -> None:
    plain["period"] = "2022年上半年"
    assert len(copied(plain, DRILL, corpus, allow_copying_from=["own"])) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("北岗镇", "东平县北岗镇", True),
        ("北岗镇人民政府", "中共北岗镇委员会", True),
        ("北岗镇人民政府", "北岗镇", True),
        ("东北岗镇", "北岗镇", False),
        ("北岗镇柳塘村", "北岗镇", False),
        ("", "北岗镇", False),
        ("", "", False),
    ],
)
def test_an_office_has_its_name_with_and_without_what_is_above_it(one: str, other: str, same: bool) -> None:
    assert same_office(one, other) is same_office(other, one) is same


def test_a_folder_may_say_what_is_copied_from(tmp_path: Path) -> None:
    (tmp_path / "drafter.toml").write_text('allow_copying_from = ["own"]', encoding="utf-8")
    assert load_settings(folder=tmp_path).allow_copying_from == ["own"]
    environ = {"DRAFTER_ALLOW_COPYING_FROM": "own, 柳湾乡"}
    assert load_settings(environ=environ).allow_copying_from == ["own", "柳湾乡"]


def test_the_library_checks_against_the_corpus_and_hears_the_setting(
    plain: dict[str, Any], corpus: FolderRetriever
) -> None:
    text = f"竹溪镇防汛工作情况\n竹溪镇{DRILL}。\n{PUMPS}\n"
    found = drafter.check(text, plain, corpus=corpus, only=["leakage"]).findings
    assert [finding.code for finding in found].count("leakage.copied") == 2
    allowed = Settings(allow_copying_from=["own"])
    found = drafter.check(text, plain, corpus=corpus, only=["leakage"], settings=allowed).findings
    assert [finding.text for finding in found if finding.code == "leakage.copied"] == [PUMPS[:-1]]


class Near:
    """A retriever that can do no more than search."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = list(passages)

    def search(self, query: Query) -> list[Passage]:
        return self.passages[: query.limit]


def test_without_copies_the_passages_near_the_text_are_compared(plain: dict[str, Any]) -> None:
    near = Near(
        [
            Passage(id="d1-3", document="d1", text=NIGHTS),
            Passage(id="d2-1", document="d2", text=SHARED),
            Passage(id="d3-7", document="d3", text=SHARED),
        ]
    )
    edited = NIGHTS.replace("支书", "妇女主任")
    found = drafter.check(f"{edited}\n{SHARED}", plain, corpus=near, only=["leakage"]).findings
    (finding,) = (finding for finding in found if finding.code == "leakage.copied")
    assert (finding.evidence[0].document, finding.evidence[0].passage) == ("d1", "d1-3")
    assert finding.text == edited[:-1]


def test_drafting_looks_in_the_whole_corpus(plain: dict[str, Any], corpus: FolderRetriever) -> None:
    def copying(request: WriteRequest) -> str:
        return faithful(request) + (PUMPS if request.section == "achievements" else "")

    kept = Settings(passages=0, repair=False)
    report = drafter.draft(plain, corpus=corpus, writer=QueueWriter(copying), settings=kept)
    found = [finding for finding in report.findings if finding.code == "leakage.copied"]
    assert {(finding.section, finding.text) for finding in found} == {("achievements", PUMPS[:-1])}
    kept = kept.model_copy(update={"allow_copying_from": ["松坪镇"]})
    report = drafter.draft(plain, corpus=corpus, writer=QueueWriter(copying), settings=kept)
    assert "leakage.copied" not in {finding.code for finding in report.findings}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.text(max_size=60), st.sampled_from([PUMPS, NIGHTS, SHARED, "\n", "\ud800"]))))
def test_any_text_is_checked(plain: dict[str, Any], corpus: FolderRetriever, pieces: list[str]) -> None:
    text = "".join(pieces)
    for finding in copied(plain, text, corpus):
        assert finding.code == "leakage.copied"
        assert text[finding.start : finding.end] == finding.text


@pytest.mark.parametrize("unit", [PUMPS, "防汛", "汛", "０。", PUMPS + NIGHTS + SHARED + DRILL])
def test_a_huge_line_is_searched_to_its_end(
    plain: dict[str, Any], corpus: FolderRetriever, unit: str
) -> None:
    text = unit * (100_000 // len(unit))
    context = CheckContext(parse_facts(plain), copies=corpus.copies)
    for finding in runs_copied(text, context, "leakage"):
        assert text[finding.start : finding.end] == finding.text

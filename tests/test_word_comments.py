"""Findings as Word comments: each on its words, with message, evidence and suggestion; none is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from drafter.exporters import DocxExporter
from drafter.report import Block, Evidence, Finding, Report
from tests.test_docx import at, paragraph, report_of, written
from tests.test_word_pages import valid


def beside(document: Any) -> dict[int, str]:
    """The words beside which each comment stands, without flags; each further paragraph begins with a line feed."""
    open_now: set[int] = set()
    found: dict[int, str] = {}
    for node in document.element.body.iter():
        number = int(node.get(qn("w:id"), "-1"))
        if node.tag == qn("w:commentRangeStart"):
            assert number not in found, "a comment begins once"
            open_now.add(number)
            found[number] = ""
        elif node.tag == qn("w:commentRangeEnd"):
            open_now.remove(number)
            assert node.getnext().xpath("w:commentReference/@w:id") == [str(number)], "its mark follows"
        elif node.tag == qn("w:t") and not node.getparent().xpath("w:rPr/w:highlight"):
            for each in open_now:
                found[each] += node.text
        elif node.tag == qn("w:p"):
            for each in open_now:
                found[each] += "\n"
    assert not open_now
    return found


def said(document: Any) -> dict[int, list[str]]:
    return {comment.comment_id: [place.text for place in comment.paragraphs] for comment in document.comments}


def test_a_comment_stands_on_its_words_and_says_what_why_and_what_instead(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    report = report_of(
        plain, Block(kind="heading", text="隐患28处", level=2), paragraph("查出5处，整改4处。")
    )
    evidence = (
        Evidence(fact="f05", text="发现隐患9处"),
        Evidence(formula="9+3=12"),
        Evidence(document="柳林镇2023年汇报", passage="p1", text="查出5处"),
    )
    found = [
        at(report, "5处", evidence=evidence, suggestion="9处", code="numbers.conflicting"),
        at(report, "28处", severity="warning"),
        at(report, "整改4处", severity="info", suggestion=""),
    ]
    document = written(report.model_copy(update={"findings": found}), tmp_path)
    assert beside(document) == {0: "5处", 1: "28处", 2: "整改4处"}
    assert said(document) == {
        0: [
            "【错误】查无出处（numbers.conflicting）",
            "依据：事实 f05：发现隐患9处",
            "依据：9+3=12",
            "依据：往期报告《柳林镇2023年汇报》：查出5处",
            "建议：改为“9处”",
        ],
        1: ["【提醒】查无出处（n.x）"],
        2: ["【说明】查无出处（n.x）", "建议：删去"],
    }
    assert {(comment.author, comment.timestamp) for comment in document.comments} == {("drafter", None)}


def test_findings_may_overlap_and_reach_over_paragraphs_and_cells(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    table = Block(kind="table", rows=(("项目", "数量"), ("巡查", "12次")))
    report = report_of(plain, paragraph("查出5处，整改4处。"), paragraph("巡河3次。"), table)
    text = report.text
    found = [
        at(report, "5处，整改4处"),
        at(report, "整改4处。"),
        at(report, "整改4处"),
        at(report, text[text.index("4处") : text.index("3次")]),
        at(report, text[text.index("3次") : text.index("数量")]),
    ]
    document = written(report.model_copy(update={"findings": found}), tmp_path)
    assert beside(document) == {
        0: "5处，整改4处",
        1: "整改4处。",
        2: "整改4处",
        3: "4处。\n巡河",
        4: "3次。\n项目",
    }
    assert valid((tmp_path / "r.docx").read_bytes(), tmp_path) == []


def test_a_finding_without_words_stands_at_its_section_else_at_the_title(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    report = report_of(plain, paragraph("正文。"))
    absent = Finding(check="c", code="coverage.missing", severity="error", message="没有写到")
    found = [
        absent.model_copy(update={"section": "achievements"}),
        absent,
        absent.model_copy(update={"section": "plans"}),
        at(report, "正文").model_copy(update={"start": 1, "end": 1, "text": ""}),
    ]
    document = written(report.model_copy(update={"findings": found}), tmp_path)
    title = report.title
    assert beside(document) == {0: "一、主要工作", 1: title, 2: title, 3: title}


@pytest.mark.parametrize("text", ["", "正文。"])
def test_without_headings_and_title_a_comment_has_a_place_too(
    plain: dict[str, Any], tmp_path: Path, text: str
) -> None:
    report = report_of(plain, paragraph("甲")).model_copy(update={"blocks": [], "sections": [], "text": text})
    absent = Finding(check="c", code="coverage.missing", severity="error", message="没有写到")
    document = written(report.model_copy(update={"findings": [absent]}), tmp_path)
    assert beside(document) == {0: text}


def test_much_evidence_is_cut_and_hostile_words_break_nothing(plain: dict[str, Any], tmp_path: Path) -> None:
    report = report_of(plain, paragraph("正文。"))
    many = tuple(Evidence(fact=f"f{place}", text="]]>\x00\ud800\u202e") for place in range(9))
    found = [at(report, "正文", evidence=many, message="<script>\n甲\t乙", suggestion="\x01")]
    document = written(report.model_copy(update={"findings": found}), tmp_path)
    lines = said(document)[0]
    assert lines[0] == "【错误】<script>\n甲\t乙（n.x）"
    assert lines[1] == "依据：事实 f0：]]>\ufffd\ufffd\ufffd"
    assert lines[-2:] == ["另有依据 3 条，见 report.json", "建议：改为“\ufffd”"]
    assert valid((tmp_path / "r.docx").read_bytes(), tmp_path) == []


def test_a_report_without_findings_has_no_comments(plain: dict[str, Any], tmp_path: Path) -> None:
    document = written(report_of(plain, paragraph("正文。")), tmp_path)
    assert not [part for part in document.part.package.iter_parts() if "comments" in str(part.partname)]


BLOCKS = (
    Block(kind="heading", text="隐患", level=2),
    paragraph("查出5处。\n整改4处。"),
    Block(kind="table", rows=(("甲", "乙|\n"), (), ("丙",))),
    Block(kind="table", rows=()),
    Block(kind="table", rows=(tuple("数" * 70),)),
    paragraph("又一段。"),
)


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=8))
def test_every_finding_is_one_comment_wherever_it_points(
    plain: dict[str, Any], tmp_path: Path, spans: list[tuple[int, int]]
) -> None:
    report = report_of(plain, *BLOCKS)
    found = [
        Finding(
            check="n", code="n.x", severity="error", message="错", start=start, end=max(start, end), text=""
        )
        for start, end in spans
    ]
    document = written(report.model_copy(update={"findings": found}), tmp_path)
    assert sorted(beside(document)) == sorted(said(document)) == list(range(len(found)))


def test_a_large_report_is_written_at_once(plain: dict[str, Any], tmp_path: Path) -> None:
    """Nothing in it grows with the square of the findings; what it costs is told by benchmarks/outputs.py."""
    from time import process_time

    def cost(times: int) -> float:
        report: Report = report_of(plain, *(paragraph("查出5处，整改4处，" * 10) for _ in range(times)))
        starts = [place for place, char in enumerate(report.text) if char == "5"]
        found = [
            Finding(check="n", code="n.x", severity="warning", message="错", start=at, end=at + 2, text="5处")
            for at in starts
        ]
        report = report.model_copy(update={"findings": found})
        best = []
        for _ in range(3):
            began = process_time()
            DocxExporter().write(report, tmp_path / "r.docx")
            best.append(process_time() - began)
        assert len(docx.Document(str(tmp_path / "r.docx")).comments) == len(found)
        return min(best)

    cost(5)  # what is read once
    assert cost(80) < 8 * cost(20)

"""What stands where in the Word file: number, attachments and annexes, signature, contents, page numbers; and its XML."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from openxml_audit import OpenXmlValidator

from drafter.checking import check, read_text
from drafter.errors import FactsError
from drafter.exporters import DocxExporter
from drafter.exporters.word.elements import xml_text
from drafter.exporters.word.pages import right_indents
from drafter.facts import Attachment, facts_schema, load_facts, parse_facts
from drafter.report import Block, Report
from tests.test_docx import at, paragraph, report_of, written

TABLE = {"name": "隐患整改情况表", "rows": [["序号", "村", "处数"], [1, "柳塘村", 4], [2, "桥头村"]]}


def styled(document: Any) -> list[tuple[str, str]]:
    return [(place.style.name, place.text) for place in document.paragraphs]


def valid(content: bytes, folder: Path) -> list[str]:
    """What breaks the rules of the Open XML SDK, by part and element."""
    path = folder / "checked.docx"
    path.write_bytes(content)
    found = OpenXmlValidator().validate(path).errors
    # Word wants no theme, and a theme could decide fonts
    return [
        f"{error.part_uri} {error.description}"
        for error in found
        if "relationships/theme'" not in error.description
    ]


def everything(plain: dict[str, Any]) -> Report:
    """A report with all that a Word file can have."""
    facts = {**plain, "document_number": "竹政〔2024〕12号", "signer": "林水生", "contact": "党政办 陶安"}
    blocks = [Block(kind="heading", text=text, level=level) for level, text in enumerate("甲乙丙", 2)]
    blocks += [
        Block(kind="table", rows=(("项目", "数量"), ("巡查", "12次"))),
        paragraph("查出5处\n整改4处\t完。"),
    ]
    report = report_of({**facts, "attachments": ["任务清单", TABLE]}, *blocks, notes=["说明。"])
    found = [
        at(report, "5处\n整改"),
        at(report, "12次", severity="warning"),
        at(report, "处", start=None, end=None),
    ]
    return report.model_copy(update={"findings": found})


def test_everything_stands_in_the_order_of_the_standard(plain: dict[str, Any], tmp_path: Path) -> None:
    document = written(everything(plain), tmp_path)
    shown = [
        (style, text)
        for style, text in styled(document)
        if style not in ("Heading 2", "Heading 3", "Heading 4")
    ]
    assert shown[:3] == [
        ("发文字号", "竹政〔2024〕12号\t签发人：林水生"),
        ("Title", "竹溪镇2024年上半年防汛备汛工作情况汇报"),
        ("Salutation", "安澜县防汛指挥部："),
    ]
    assert shown[-9:] == [
        ("附件说明", "附件：1.\t任务清单"),
        ("附件说明", "2.\t隐患整改情况表"),
        ("Signature", "竹溪镇"),
        ("Date", "2024年7月2日"),
        ("附注", "（联系人：党政办 陶安）"),
        ("附件序号", "附件2"),
        ("附件标题", "隐患整改情况表"),
        ("表格文字", ""),
        ("成稿说明", "说明。"),
    ]
    annex = document.tables[-1]
    assert [[cell.text for cell in row.cells] for row in annex.rows] == [
        ["序号", "村", "处数"],
        ["1", "柳塘村", "4"],
        ["2", "桥头村", ""],
    ]
    assert document.styles["附件序号"].paragraph_format.page_break_before
    assert not document.inline_shapes, "no seal, and nothing else is drawn"


def test_the_name_of_a_single_attachment_has_no_number(plain: dict[str, Any], tmp_path: Path) -> None:
    document = written(report_of({**plain, "attachments": [TABLE]}, paragraph("正文。")), tmp_path)
    assert ("附件说明", "附件：隐患整改情况表") in styled(document)
    assert ("附件序号", "附件") in styled(document)
    entry = next(place for place in document.paragraphs if place.style.name == "附件说明")
    # two characters in, further lines below the name's first character; a line free above; with the signature
    own = {key: entry._p.pPr.ind.get(qn(f"w:{key}")) for key in ("leftChars", "left", "hanging")}
    assert own == {"leftChars": None, "left": "1600", "hanging": "960"}
    assert entry.paragraph_format.space_before.twips == 579
    assert entry.paragraph_format.keep_with_next


def test_attachments_without_a_date_end_the_report(plain: dict[str, Any], tmp_path: Path) -> None:
    report = report_of({**plain, "date": "", "attachments": ["任务清单"]}, paragraph("正文。"))
    assert styled(written(report, tmp_path))[-2:] == [("Body Text", "正文。"), ("附件说明", "附件：任务清单")]


@pytest.mark.parametrize(
    ("signature", "date", "wanted"),
    [(3, 6, (7, 2)), (10, 6, (2, 4)), (6, 6, (2, 0)), (26, 6, (2, 20)), (6, 6.5, (4.5, 2))],
)
def test_signature_and_date_without_a_seal(
    signature: float, date: float, wanted: tuple[float, float]
) -> None:
    free = right_indents(signature, date)
    assert (free["signature"], free["date"]) == wanted
    # the date always begins two characters after the signature
    assert (free["signature"] + signature) - (free["date"] + date) == 2


def test_a_number_without_a_signer_stands_in_the_middle(plain: dict[str, Any], tmp_path: Path) -> None:
    document = written(
        report_of({**plain, "document_number": "竹政〔2024〕12号"}, paragraph("正文。")), tmp_path
    )
    first = document.paragraphs[0]
    assert (first.style.name, first.text, first.paragraph_format.alignment) == (
        "发文字号",
        "竹政〔2024〕12号",
        None,
    )
    assert first.style.paragraph_format.alignment == 1


def test_odd_pages_have_their_number_right_and_even_pages_left(plain: dict[str, Any], tmp_path: Path) -> None:
    document = written(report_of(plain, paragraph("正文。")), tmp_path)
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, side, align in (
        (section.footer, "rightChars", 2),
        (section.even_page_footer, "leftChars", 0),
    ):
        (line,) = footer.paragraphs
        assert re.fullmatch(r"— \d —", line.text)
        assert line._p.pPr.ind.get(qn(f"w:{side}")) == "100"
        assert line.paragraph_format.alignment == align
        assert line.style.font.size.pt == 14
    assert round(section.footer_distance.mm, 1) == 24.5


def test_contents_point_at_headings_and_annexes(plain: dict[str, Any], tmp_path: Path) -> None:
    report = everything(plain)
    DocxExporter(contents=True).write(report, tmp_path / "r.docx")
    document = docx.Document(str(tmp_path / "r.docx"))
    body = document.element.body
    shown = [text for style, text in styled(document) if style.startswith(("TOC", "toc"))]
    assert shown == ["目　录", "一、主要工作\t", "（一）甲\t", "附件2　隐患整改情况表\t"]
    links = body.xpath("//w:hyperlink/@w:anchor")
    marks = {
        mark.get(qn("w:name")): mark.getparent().xpath("string(.)")
        for mark in body.xpath("//w:bookmarkStart")
    }
    assert [marks[link] for link in links] == ["一、主要工作", "（一）甲", "隐患整改情况表"]
    assert 'TOC \\o "1-2"' in body.xpath("string((//w:instrText)[1])")
    kinds = body.xpath("//w:fldChar/@w:fldCharType")
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") == 4
    assert document.settings.element.xpath("w:updateFields/@w:val") == ["true"]
    number = next(place for place in document.paragraphs if place.style.name == "发文字号")
    assert number.paragraph_format.page_break_before, "the report begins on a page of its own"


def test_contents_are_not_read_as_headings(plain: dict[str, Any], tmp_path: Path) -> None:
    report = everything(plain)
    texts = []
    for contents in (False, True):
        DocxExporter(contents=contents).write(report, tmp_path / "r.docx")
        texts.append(read_text(tmp_path / "r.docx"))
    assert texts[0] == texts[1]


def test_without_being_asked_for_there_are_no_contents(plain: dict[str, Any], tmp_path: Path) -> None:
    document = written(everything(plain), tmp_path)
    assert not document.element.body.xpath("//w:instrText | //w:bookmarkStart | //w:pageBreakBefore")
    assert not document.settings.element.xpath("w:updateFields")


@pytest.mark.parametrize("contents", [False, True])
def test_the_file_keeps_the_rules_of_the_open_xml_sdk(
    plain: dict[str, Any], tmp_path: Path, contents: bool
) -> None:
    DocxExporter(contents=contents).write(everything(plain), tmp_path / "r.docx")
    assert valid((tmp_path / "r.docx").read_bytes(), tmp_path) == []


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("word/styles.xml", "<w:keepNext/><w:keepLines/>", "<w:keepLines/><w:keepNext/>"),
        ("word/document.xml", "<w:tblStyle", '<w:jc w:val="left"/><w:tblStyle'),
        ("word/comments.xml", "<w:pStyle", '<w:jc w:val="left"/><w:pStyle'),
        ("word/document.xml", '<w:commentReference w:id="0"', '<w:commentReference w:id="9"'),
    ],
)
def test_the_validator_sees_what_word_would_repair(
    plain: dict[str, Any], tmp_path: Path, part: str, old: str, new: str
) -> None:
    DocxExporter().write(everything(plain), tmp_path / "r.docx")
    broken = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "r.docx") as good, zipfile.ZipFile(broken, "w") as bad:
        for name in good.namelist():
            data = good.read(name).decode("utf-8")
            assert name != part or old in data
            bad.writestr(name, data.replace(old, new, 1) if name == part else data)
    assert len(valid(broken.getvalue(), tmp_path)) == 1


def test_the_direction_of_writing_cannot_be_turned() -> None:
    assert xml_text("整改\u202e21\u202c处\u2067") == "整改\ufffd21\ufffd处\ufffd"
    assert xml_text("右\u200e至左\u200f") == "右\u200e至左\u200f", "marks that turn nothing stay"


@pytest.mark.parametrize("hostile", ["]]>\x00\x0b", "\ud83d", "\u202e12", "甲\r\n乙", "&lt;"])
def test_hostile_text_breaks_nothing_beside_the_text_either(
    plain: dict[str, Any], tmp_path: Path, hostile: str
) -> None:
    facts = {**plain, "document_number": "号", "signer": "林", "contact": "陶", "attachments": [TABLE]}
    report = report_of(facts, paragraph("正文。"))
    annex = Attachment.model_construct(name=hostile, rows=[[hostile], [hostile]])
    names = {"document_number": hostile, "signer": hostile, "contact": hostile, "attachments": [annex]}
    report = report.model_copy(update={"ledger": report.ledger.model_copy(update=names)})
    DocxExporter(contents=True).write(report, tmp_path / "r.docx")
    assert valid((tmp_path / "r.docx").read_bytes(), tmp_path) == []
    document = docx.Document(str(tmp_path / "r.docx"))
    assert document.tables[0].cell(1, 0).text == xml_text(hostile)


def test_what_stands_in_an_annex_word_for_word_is_no_finding(plain: dict[str, Any], tmp_path: Path) -> None:
    rows = [["序号", "村", "投入\n情况"], [1, "柳塘村", "3月5日投入2.3万元"], [2, "桥头村"]]
    facts = {**plain, "signer": "林水生", "attachments": ["任务清单", {"name": "整改情况表", "rows": rows}]}
    body = paragraph("排查山塘28座，发现隐患9处，已整改7处。清理河道6.5公里。")
    path = report_of(facts, body).save(tmp_path / "r.docx")
    text = read_text(path)
    only = ["numbers", "placeholder", "leakage", "residue", "structure"]
    assert check(text, facts, only=only, markdown=False).findings == []
    changed = text.replace("2.3万元", "3.2万元")
    found = check(changed, facts, only=only, markdown=False).findings
    assert "3.2万元" in [finding.text for finding in found]


# -- attachments in the facts file


def test_an_attachment_is_a_name_or_has_a_table(plain: dict[str, Any]) -> None:
    ledger = parse_facts({**plain, "attachments": ["任务清单", TABLE]})
    assert ledger.attachments[0] == Attachment(name="任务清单")
    assert ledger.attachments[1].rows[1] == ["1", "柳塘村", "4"]
    assert parse_facts(ledger.model_dump(mode="json")) == ledger
    anyof = facts_schema()["properties"]["attachments"]["items"]["anyOf"]
    assert {"type": "string", "minLength": 1} in anyof


@pytest.mark.parametrize(
    ("attachments", "said"),
    [
        ([""], "attachments[0].name 不能为空"),
        ([5], "attachments[0] 应是一句话或对象"),
        (
            [{"name": "表", "rows": [["甲"], ["乙", "丙"]]}],
            "attachments[0].rows：第 2 行有 2 格，表头只有 1 格",
        ),
        ([{"name": "表", "rows": [[]]}], "attachments[0].rows：表头有 0 格"),
        ([{"name": "表", "rows": [["甲"] * 64]}], "attachments[0].rows：表头有 64 格，应有 1 至 63 格"),
        ([{"name": "表", "rows": [["甲"], [True]]}], "attachments[0].rows[1][0] 应是文字"),
        ([{"name": "表", "rows": "甲"}], "attachments[0].rows 应是列表"),
        ([{"name": "表", "row": []}], "attachments[0].row 是不认识的键，是否应为 rows？"),
    ],
)
def test_a_faulty_attachment_is_named(plain: dict[str, Any], attachments: list[Any], said: str) -> None:
    with pytest.raises(FactsError, match=re.escape(said)):
        parse_facts({**plain, "attachments": attachments})


def test_attachments_may_stand_in_yaml(plain: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "账.yaml"
    path.write_text(
        "organization: 竹溪镇\nperiod: 2024年上半年\ntheme: 防汛\nfacts: [巡查9次]\n"
        "attachments:\n  - 任务清单\n  - name: 情况表\n    rows:\n      - [村, 处数]\n      - [柳塘村, 4.5]\n",
        "utf-8",
    )
    assert load_facts(path).attachments[1].rows == [["村", "处数"], ["柳塘村", "4.5"]]

"""The Word file: real styles, Chinese fonts, flags, hostile text, the same bytes again; and .docx as it is read."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from drafter import draft
from drafter.checking import check, read_text
from drafter.cli import run
from drafter.corpus.readers import package, word
from drafter.drafting.assembly import DraftedSection, assemble
from drafter.errors import CorpusError
from drafter.exporters import DocxExporter
from drafter.exporters.flags import flagged_text
from drafter.exporters.pieces import flagged_blocks
from drafter.exporters.word.elements import xml_text
from drafter.exporters.word.styles import PARTS
from drafter.facts import load_facts, parse_facts
from drafter.report import Block, Finding, Report
from tests.conftest import EXAMPLES
from tests.office import converted, needs_office

FACES = {
    "Title": "方正小标宋简体",
    "Heading 1": "黑体",
    "Heading 2": "楷体",
    "Heading 3": "仿宋",
    "Heading 4": "仿宋",
    "Body Text": "仿宋",
}


def report_of(plain: dict[str, Any], *blocks: Block, notes: Sequence[str] = ()) -> Report:
    ledger = parse_facts(plain)
    text, laid, sections = assemble(ledger, [DraftedSection("achievements", "主要工作", blocks=list(blocks))])
    return Report(
        title=ledger.report_title,
        text=text,
        writer="offline",
        ledger=ledger,
        blocks=laid,
        sections=sections,
        notes=list(notes),
    )


def at(report: Report, words: str, **changes: Any) -> Finding:
    start = report.text.index(words)
    finding = Finding(
        check="n",
        code="n.x",
        severity="error",
        message="查无出处",
        start=start,
        end=start + len(words),
        text=words,
    )
    return finding.model_copy(update=changes)


def written(report: Report, folder: Path) -> Any:
    path = folder / "r.docx"
    DocxExporter().write(report, path)
    return docx.Document(str(path))


def paragraph(text: str) -> Block:
    return Block(kind="paragraph", text=text)


def bright(document: Any) -> list[tuple[str, str]]:
    """Each highlighted run, with the text that stands before it in its paragraph."""
    places = list(document.paragraphs)
    places += [p for table in document.tables for row in table.rows for c in row.cells for p in c.paragraphs]
    found = []
    for place in places:
        before = ""
        for piece in place.runs:
            if piece.font.highlight_color == WD_COLOR_INDEX.YELLOW:
                found.append((before, piece.text))
            before += piece.text
    return found


def test_every_level_has_its_real_style(plain: dict[str, Any], tmp_path: Path) -> None:
    levels = [Block(kind="heading", text=text, level=level) for level, text in enumerate("甲乙丙", 2)]
    document = written(report_of(plain, *levels, paragraph("正文。"), notes=["说明。"]), tmp_path)
    assert [(p.style.name, p.text) for p in document.paragraphs] == [
        ("Title", "竹溪镇2024年上半年防汛备汛工作情况汇报"),
        ("Salutation", "安澜县防汛指挥部："),
        ("Heading 1", "一、主要工作"),
        ("Heading 2", "（一）甲"),
        ("Heading 3", "1. 乙"),
        ("Heading 4", "（1）丙"),
        ("Body Text", "正文。"),
        ("Signature", "竹溪镇"),
        ("Date", "2024年7月2日"),
        ("成稿说明", "说明。"),
    ]
    levels_found = document.styles.element.xpath(
        "//w:style[w:name[contains(@w:val, 'heading')]]//w:outlineLvl"
    )
    assert [level.get(qn("w:val")) for level in levels_found] == ["0", "1", "2", "3"]
    section = document.sections[0]
    edges = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(edge.mm) for edge in edges] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_chinese_quotes_dashes_and_dots_have_a_chinese_font(plain: dict[str, Any], tmp_path: Path) -> None:
    text = "“九小”场所——边查边改……共‘两’类，A类9处。"
    headings = [Block(kind="heading", text=text, level=level) for level in (2, 3, 4)]
    document = written(report_of({**plain, "title": text}, *headings, paragraph(text)), tmp_path)
    default = document.styles.element.xpath("w:docDefaults//w:rFonts")[0]
    for place in document.paragraphs:
        style, fonts = place.style, None
        while style is not None and fonts is None:
            fonts = style.element.rPr.rFonts if style.element.rPr is not None else None
            style = style.base_style
        fonts = default if fonts is None else fonts
        wanted = FACES.get(place.style.name, "仿宋")
        for slot in ("w:eastAsia", "w:ascii", "w:hAnsi", "w:cs"):
            assert fonts.get(qn(slot)) == wanted
        for piece in place.runs:
            own = piece._r.rPr.rFonts
            assert own.attrib == {qn("w:hint"): "eastAsia"}


def test_nothing_is_blue_and_no_theme_decides_a_font() -> None:
    styles = (PARTS / "word" / "styles.xml").read_text("utf-8")
    assert not re.search(r"[Tt]heme=|w:color |<w:b/>", styles)
    assert 'w:eastAsia="zh-CN"' in styles


def test_signature_and_date_stay_together_and_with_the_text(plain: dict[str, Any], tmp_path: Path) -> None:
    last, signature, date = written(report_of(plain, paragraph("正文。")), tmp_path).paragraphs[-3:]
    assert last.paragraph_format.keep_with_next
    assert signature.style.paragraph_format.keep_with_next
    # 2024年7月2日 is six characters wide, 竹溪镇 three: the date, which is longer, has two free and begins two after it
    assert date._p.pPr.ind.get(qn("w:rightChars")) == "200"
    assert signature._p.pPr.ind.get(qn("w:rightChars")) == "700"


def test_flags_are_yellow_and_behind_their_words(plain: dict[str, Any], tmp_path: Path) -> None:
    table = Block(kind="table", rows=(("项目", "数|量"), ("巡|查", "12次"), ("演练", "3次")))
    heading = Block(kind="heading", text="隐患28处", level=2)
    report = report_of(plain, heading, paragraph("查出5处，整改4处。"), paragraph("共5处【待补】。"), table)
    missing = Finding(
        check="c", code="c.missing", severity="error", message="没有写到", section="achievements"
    )
    pending = at(report, "【待补】", code="placeholder.pending")
    warned = at(report, "演练", severity="warning")
    words = ["2024年", "28处", "4处", "量", "12次"]
    found = [at(report, word) for word in words]
    report = report.model_copy(update={"findings": [*found, missing, pending, warned]})
    flag = "【待核实：查无出处】"
    assert bright(written(report, tmp_path)) == [
        ("竹溪镇2024年", flag),
        ("（一）隐患28处", flag),
        ("查出5处，整改4处", flag),
        ("共5处", "【待补】"),
        ("数|量", flag),
        ("12次", flag),
        ("3次", "【待核实：没有写到】"),
    ]
    assert flagged_text(report).count("【待核实：") == 6


@pytest.mark.parametrize(
    "rows",
    [(("甲", "乙|\n"), (), ("丙",)), (), ((),), (tuple("甲乙" * 40),)],
    ids=["table", "none", "empty", "too wide"],
)
def test_no_flag_is_lost_wherever_it_points(
    plain: dict[str, Any], tmp_path: Path, rows: tuple[tuple[str, ...], ...]
) -> None:
    report = report_of(plain, paragraph("一段。"), Block(kind="table", rows=rows), paragraph("又一段。"))
    findings = [
        Finding(check="n", code="n.x", severity="error", message=f"第{end}", start=0, end=end, text="")
        for end in range(len(report.text) + 2)
    ]
    report = report.model_copy(update={"findings": findings})
    shown = "".join(text for _, text in bright(written(report, tmp_path)))
    assert sorted(map(int, re.findall(r"第(\d+)】", shown))) == list(range(len(report.text) + 2))


def test_a_fact_missing_from_a_section_without_text_is_flagged_in_the_report(plain: dict[str, Any]) -> None:
    report = report_of(plain, paragraph("正文。"))
    empty = report.sections[0].model_copy(update={"name": "plans", "start": 0, "end": 0})
    missing = Finding(check="c", code="c.missing", severity="error", message="没有写到", section="plans")
    report = report.model_copy(update={"sections": [*report.sections, empty], "findings": [missing]})
    assert "正文。【待核实：没有写到】" in flagged_text(report)


def test_a_report_without_blocks_is_not_an_empty_file(plain: dict[str, Any], tmp_path: Path) -> None:
    report = report_of(plain, paragraph("正文。")).model_copy(update={"blocks": []})
    assert "正文。" in [place.text for place in written(report, tmp_path).paragraphs]


def test_tables_have_borders_a_repeated_head_and_whole_rows(plain: dict[str, Any], tmp_path: Path) -> None:
    rows = (("序号", "项目"), ("1", "巡查\n夜查", "备注"), (), ("2",))
    document = written(
        report_of(plain, Block(kind="table", rows=rows), Block(kind="table", rows=rows)), tmp_path
    )
    table = document.tables[0]
    assert table.style.name == "Table Grid"
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["序号", "项目", ""],
        ["1", "巡查\n夜查", "备注"],
        ["", "", ""],
        ["2", "", ""],
    ]
    assert [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows] == [True, False, False, False]
    assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in table.rows)
    # tables that touch would become one
    assert table._tbl.getnext().tag == qn("w:p")


@pytest.mark.parametrize(
    "rows", [(), ((), ()), (tuple("数" * 64), ("1",))], ids=["none", "empty", "too wide"]
)
def test_a_table_that_word_cannot_show_breaks_nothing(
    plain: dict[str, Any], tmp_path: Path, rows: tuple[tuple[str, ...], ...]
) -> None:
    document = written(report_of(plain, Block(kind="table", rows=rows), paragraph("正文。")), tmp_path)
    assert not document.tables
    assert sum(place.text.count("数") for place in document.paragraphs) == sum(map(len, rows[:1]))


ANYTHING = st.text(st.characters(exclude_categories=()), max_size=40) | st.sampled_from(
    [
        "]]>",
        "<w:p>&amp;",
        "\x00\x0b\x1f",
        "\ud83d",
        "🙂",
        "\ufffe\uffff",
        "甲\r\n乙\r丙\n",
        "\t甲 ",
        "长" * 70_000,
    ]
)


@hypothesis_settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(heading=ANYTHING, body=ANYTHING, cell=ANYTHING, note=ANYTHING, organization=ANYTHING)
def test_whatever_the_text_the_file_opens_and_holds_it(
    plain: dict[str, Any], tmp_path: Path, heading: str, body: str, cell: str, note: str, organization: str
) -> None:
    blocks = (
        Block(kind="heading", text=heading, level=2),
        paragraph(body),
        Block(kind="table", rows=(("甲", cell),)),
        paragraph("完"),
    )
    report = report_of(plain, *blocks, notes=[note])
    ledger = report.ledger.model_copy(update={"organization": organization})
    report = report.model_copy(
        update={"ledger": ledger, "findings": [at(report, "完", message=body)], "title": heading * 20}
    )
    document = written(report, tmp_path)
    assert document.tables[0].cell(0, 1).text == xml_text(cell)
    flag = bright(document)[0][1]
    read = word.read_docx(tmp_path / "r.docx")
    row = " ".join(filter(str.strip, xml_text(cell).split("\n")))
    row = re.sub(r"\s*\n\s*", " ", row)
    assert read.partition("一、主要工作\n")[2] == (
        f"（一）{xml_text(heading)}\n{xml_text(body)}\n｜甲｜{row}｜\n完{flag}\n竹溪镇\n2024年7月2日\n{xml_text(note)}"
    )


def test_the_same_report_gives_the_same_bytes_and_names_no_machine(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    report = draft(plain)
    first = report.save(tmp_path / "a.docx").read_bytes()
    assert draft(plain).save(tmp_path / "b.docx").read_bytes() == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode("utf-8")
    assert re.findall(r">([^<>\s]+)<", core) == [report.title, "竹溪镇", "zh-CN"]


def test_what_was_drafted_reads_alike_from_markdown_and_word(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    for facts in sorted((EXAMPLES / "facts").iterdir()):
        ledger = load_facts(facts)
        report = draft(ledger)
        if facts.name.startswith("yunxi"):
            wrong = report.text.replace("213家", "231家")
            found = check(wrong, ledger).findings
            assert found
            changed = [
                block.model_copy(update={"text": block.text.replace("213家", "231家")})
                for block in report.blocks
            ]
            report = report.model_copy(update={"text": wrong, "blocks": changed, "findings": found})
        outcomes = []
        for name in ("r.md", "r.docx"):
            report.save(tmp_path / name)
            run(["check", str(tmp_path / name), "--facts", str(facts), "--json"])
            outcome = json.loads(capsysbinary.readouterr().out)
            text = read_text(tmp_path / name)
            assert all(text[c["start"] : c["end"]] == c["text"] for c in outcome["claims"])
            outcomes.append([(f["code"], f["text"], f["message"]) for f in outcome["findings"]])
        assert outcomes[0] == outcomes[1]


def test_a_table_from_word_makes_no_findings_of_its_own(plain: dict[str, Any], tmp_path: Path) -> None:
    rows = (("序号", "事项"), ("1", "排查山塘28座，发现隐患9处"), ("2", "一、清理河道6.5公里"))
    report = report_of(plain, paragraph("情况如下表。"), Block(kind="table", rows=rows))
    report.save(tmp_path / "r.docx")
    text = read_text(tmp_path / "r.docx")
    result = check(text, plain, only=["residue", "structure", "numbers"], markdown=False)
    assert result.findings == []


def packed(path: Path, body: str, **parts: bytes) -> Path:
    """A Word file with this XML in its body."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xml = f'<w:document xmlns:w="{space}" xmlns:mc="urn:mc"><w:body>{body}</w:body></w:document>'
    content = {"word/document.xml": xml.encode(), "_rels/.rels": (PARTS / "_rels/.rels").read_bytes()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**content, **parts}.items():
            archive.writestr(name, data)
    return path


def r(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


FIELD = {
    "begin": '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" </w:instrText></w:r>',
    "end": '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
}
"""The marks around a table of contents."""
READ = [
    (
        f"<w:p>{r('删')}<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins>{r('新')}</w:ins></w:p>",
        "删新",
    ),
    (f"<w:p><w:moveFrom>{r('甲')}</w:moveFrom><w:moveTo>{r('乙')}</w:moveTo></w:p>", "乙"),
    (f"<w:p><w:hyperlink>{r('链接')}</w:hyperlink><w:fldSimple>{r('域')}</w:fldSimple></w:p>", "链接域"),
    (f"<w:p><w:r><w:instrText>PAGE</w:instrText></w:r>{r('3')}</w:p>", "3"),
    (f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:tab/><w:br/></w:r>{r('丙')}</w:p>", "\t\n丙"),
    (f"<w:sdt><w:sdtContent><w:p>{r('控件')}</w:p></w:sdtContent></w:sdt>", "控件"),
    (
        f"<w:p><mc:AlternateContent><mc:Choice><w:txbxContent><w:p>{r('框')}</w:p></w:txbxContent></mc:Choice>"
        f"<mc:Fallback><w:txbxContent><w:p>{r('框')}</w:p></w:txbxContent></mc:Fallback></mc:AlternateContent>"
        f"{r('外')}</w:p>",
        "外\n框",
    ),
    (
        f"<w:tbl><w:tr><w:tc><w:p>{r('一')}</w:p><w:p>{r('二')}</w:p></w:tc><w:sdt><w:sdtContent><w:tc><w:p>{r('三')}"
        f"</w:p></w:tc></w:sdtContent></w:sdt></w:tr></w:tbl><w:p>{r('后')}</w:p>",
        "｜一 二｜三｜\n后",
    ),
    (
        f"<w:p>{r('目 录')}</w:p><w:p>{FIELD['begin']}{r('一、甲 1')}</w:p><w:p>{r('二、乙 2')}{FIELD['end']}</w:p><w:p>{r('一、甲')}</w:p>",
        "一、甲",
    ),
    (f"<w:p>{FIELD['begin']}{r('一、甲 1')}</w:p><w:p>{FIELD['end']}{r('一、甲')}</w:p>", "一、甲"),
    (f"<w:p>{FIELD['begin']}{r('一、甲 1')}</w:p><w:p>{r('没有完')}</w:p>", "一、甲 1\n没有完"),
    (f"<w:p><w:ruby><w:rt>{r('pin')}</w:rt><w:rubyBase>{r('拼')}</w:rubyBase></w:ruby></w:p>", "拼"),
]


@pytest.mark.parametrize(("body", "text"), READ, ids=lambda value: value[-8:])
def test_word_is_read_as_its_reader_sees_it(tmp_path: Path, body: str, text: str) -> None:
    assert word.read_docx(packed(tmp_path / "r.docx", body)) == text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"plain text", "损坏"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "旧版 .doc"),
        ("empty", "没有文字"),
        ("broken", "损坏"),
        ("other", "不是能读的"),
        ("cut", "损坏"),
        ("large", "不像一份报告"),
    ],
)
def test_a_file_that_is_no_good_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | str, said: str
) -> None:
    path = packed(tmp_path / "坏.docx", "<w:p/>")
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == "broken":
        packed(path, "<w:p>")
    elif content == "other":
        packed(path, "", **{"_rels/.rels": b"<Relationships/>"})
    elif content == "cut":
        path.write_bytes(path.read_bytes()[:-40])
    elif content == "large":
        monkeypatch.setattr(package, "MAX_XML", 600)
        packed(path, f"<w:p>{r('字' * 300)}</w:p>")
    with pytest.raises(CorpusError, match=rf"坏\.docx：.*{said}"):
        word.read_docx(path)


def test_past_reports_may_be_word_files(plain: dict[str, Any], tmp_path: Path) -> None:
    table = Block(kind="table", rows=(("项目", "数量"), ("巡查", "12次")))
    report_of(plain, paragraph("镇党委召开部署会2次，签订责任书17份。"), table).save(tmp_path / "r.docx")
    (document,) = word.WordReader().read(tmp_path / "r.docx")
    assert document.title == "竹溪镇2024年上半年防汛备汛工作情况汇报"
    assert "责任书17份" in document.text
    assert "｜" not in document.text


needs_pdftotext = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="poppler-utils (pdftotext) is not installed"
)


def printed(path: Path, folder: Path) -> list[str]:
    """The text of each page as LibreOffice prints the file, without blanks and its number."""
    pdf = converted(path, "pdf", folder)
    pages = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", str(pdf), "-"],
        check=True,
        capture_output=True,
    )
    return [
        re.sub(r"—\d+—", "", "".join(page.split())) for page in pages.stdout.decode("utf-8").split("\f")[:-1]
    ]


@pytest.mark.slow
@needs_office
@needs_pdftotext
@pytest.mark.parametrize("facts", sorted((EXAMPLES / "facts").iterdir()), ids=lambda path: path.stem)
def test_libreoffice_prints_the_whole_report_in_order(facts: Path, tmp_path: Path) -> None:
    report = draft(facts)
    pages = printed(report.save(tmp_path / "r.docx"), tmp_path)
    assert 2 <= len(pages) <= 6
    # a mark that hangs over the end of a line is printed, but pdftotext may leave it out
    text, place = re.sub(r"\W", "", "".join(pages)), 0
    lines = ["".join(piece.text for piece in own.line) for own in flagged_blocks(report)]
    for line in [*lines, *report.notes]:
        shown = re.sub(r"\W", "", line)
        assert shown in text[place:]
        place = text.index(shown, place) + len(shown)


@pytest.mark.slow
@needs_office
@needs_pdftotext
def test_libreoffice_opens_flags_tables_and_hostile_characters(plain: dict[str, Any], tmp_path: Path) -> None:
    rows = (("序号", "事项"), *((str(number), f"第{number}项]]>\x00\n两行") for number in range(1, 60)))
    body = [paragraph("查出5处\x01\ud800🙂，“整改”4处。"), Block(kind="table", rows=rows)]
    report = report_of(plain, *body, paragraph("长" * 20_000), notes=["说明。"])
    report = report.model_copy(update={"findings": [at(report, "5处"), at(report, "第7项")]})
    pages = printed(report.save(tmp_path / "r.docx"), tmp_path)
    text = "".join(pages)
    assert "查出5处【待核实：查无出处】" in text
    assert "第7项【待核实：查无出处】" in text
    assert sum("序号事项" in page for page in pages) >= 2, "the head is repeated"
    assert "竹溪镇2024年7月2日" in pages[-1]
    assert text.endswith("说明。")

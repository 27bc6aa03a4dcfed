"""The Word file as LibreOffice prints it, measured on the page; and that comments, headings and contents survive it."""

from __future__ import annotations

import re
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest

from drafter.exporters import DocxExporter
from drafter.exporters.word.template import open_template
from drafter.report import Block
from tests.office import Page, converted, needs_office, pages
from tests.test_docx import at, paragraph, report_of
from tests.test_word_comments import beside, said
from tests.test_word_pages import TABLE, everything
from tests.test_word_template import template

pytestmark = [pytest.mark.slow, needs_office]
MM = 72 / 25.4
LEFT, RIGHT, BOTTOM, TOP = 28 * MM, (210 - 26) * MM, 35 * MM, (297 - 37) * MM
"""The edges of the text on the page, in points: GB/T 9704-2012, 5.2.1."""
CHARACTER = 16.0


def printed(report: Any, folder: Path, exporter: DocxExporter | None = None) -> list[Page]:
    (exporter or DocxExporter()).write(report, folder / "r.docx")
    return pages(converted(folder / "r.docx", "pdf", folder))


def shown(page: Page) -> list[str]:
    return ["".join(char.text for char in line) for line in page.lines]


def test_a_page_has_22_lines_of_28_characters_within_the_edges(plain: dict[str, Any], tmp_path: Path) -> None:
    report = report_of(
        plain, paragraph("国" * 3000), Block(kind="heading", text="甲", level=2), paragraph("和" * 900)
    )
    found = printed(report, tmp_path)
    assert {(round(page.width / MM), round(page.height / MM)) for page in found} == {(210, 297)}
    for page in found[1:4]:
        *body, number = page.lines
        assert len(body) == 22
        assert {len(line) for line in body} == {28}
        assert re.fullmatch(r"—\d—", "".join(char.text for char in number))
        pitches = [above[0].bottom - below[0].bottom for above, below in pairwise(body)]
        assert pitches == pytest.approx([28.95] * 21, abs=0.06), "a printer's step is a twentieth of a point"
        assert min(line[0].left for line in body) == pytest.approx(LEFT, abs=1)
        assert max(line[-1].right for line in body) == pytest.approx(RIGHT, abs=1.5)
        assert body[-1][0].bottom > BOTTOM - 3
        assert body[0][0].top < TOP + 3
    # below title, recipient and heading
    first = found[0].lines[3]
    assert (len(first), first[0].left) == (26, pytest.approx(LEFT + 2 * CHARACTER, abs=1))
    # the title's two lines and the recipient leave 19 for heading and text
    assert len(found[0].lines) == 1 + 1 + 19 + 1


def test_odd_pages_have_their_number_on_the_right_and_even_pages_on_the_left(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    found = printed(report_of(plain, paragraph("国" * 2500)), tmp_path)
    assert len(found) >= 4
    for place, page in enumerate(found, 1):
        line = page.lines[-1]
        assert "".join(char.text for char in line) == f"—{place}—"
        if place % 2:
            assert line[-1].right == pytest.approx(RIGHT - 14, abs=1)
        else:
            assert line[0].left == pytest.approx(LEFT + 14, abs=1)
        middle = (line[0].bottom + line[0].top) / 2
        assert BOTTOM - middle == pytest.approx(7 * MM, abs=3)


def test_the_end_of_a_report_stands_where_the_standard_wants_it(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    names = ["任务清单" * 12, TABLE]
    found = printed(report_of({**plain, "attachments": names}, paragraph("正文。")), tmp_path)
    first = found[0]
    text, entry = first.line("正文。"), first.line("附件：1.")
    assert entry[0].left == pytest.approx(LEFT + 2 * CHARACTER, abs=1)
    assert text[0].bottom - entry[0].bottom == pytest.approx(2 * 28.95, abs=1), "a line is free between them"
    name = next(char for char in entry if char.text == "任")
    further = first.lines[first.lines.index(entry) + 1]
    assert further[0].left == pytest.approx(name.left, abs=1), "further lines begin below the name"
    second = first.line("2.隐患整改情况表")
    assert next(char for char in second if char.text == "隐").left == pytest.approx(name.left, abs=1)
    date = first.line("2024年7月2日")
    signature = first.lines[first.lines.index(date) - 1]
    assert date[-1].right == pytest.approx(RIGHT - 2 * CHARACTER, abs=1)
    assert signature[-1].right == pytest.approx(RIGHT - 7 * CHARACTER, abs=1)
    assert second[0].bottom - signature[0].bottom == pytest.approx(2 * 28.95, abs=1)
    annex = found[1]
    assert shown(annex)[:2] == ["附件2", "隐患整改情况表"]
    mark, title = annex.lines[:2]
    assert mark[0].left == pytest.approx(LEFT, abs=1)
    assert mark[0].bottom > TOP - 28.95, "on the first line"
    assert (title[0].left + title[-1].right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)
    # LibreOffice puts all that a line has to spare above its characters
    assert 28.95 * 2 <= mark[0].bottom - title[0].bottom <= 28.95 * 2 + 36 - 16, "on the third line"
    assert shown(annex)[2:5] == ["序号村处数", "1柳塘村4", "2桥头村"]


def test_comments_survive_libreoffice(plain: dict[str, Any], tmp_path: Path) -> None:
    table = Block(kind="table", rows=(("项目", "数量"), ("巡查", "12次")))
    report = report_of(plain, paragraph("查出5处，整改4处。"), paragraph("巡河3次。"), table)
    found = [
        at(report, "5处", suggestion="9处"),
        at(report, "整改4处", severity="warning"),
        at(report, "12次"),
        at(report, report.text[report.text.index("4处") : report.text.index("3次")]),
        at(report, "12次", start=None, end=None, text=None, section="achievements"),
        at(report, "12次", start=None, end=None, text=None, section=None),
    ]
    DocxExporter().write(report.model_copy(update={"findings": found}), tmp_path / "r.docx")
    before = docx.Document(str(tmp_path / "r.docx"))
    after = docx.Document(str(converted(tmp_path / "r.docx", "docx", tmp_path)))

    def by_words(document: Any) -> list[tuple[str, list[str], str]]:
        authors = {comment.comment_id: comment.author for comment in document.comments}
        words = beside(document)
        return sorted((words[number], lines, authors[number]) for number, lines in said(document).items())

    assert by_words(after) == by_words(before)
    assert len(by_words(after)) == 6


def test_libreoffice_sees_headings_and_contents(plain: dict[str, Any], tmp_path: Path) -> None:
    DocxExporter(contents=True).write(everything(plain), tmp_path / "r.docx")
    with zipfile.ZipFile(converted(tmp_path / "r.docx", "odt", tmp_path)) as archive:
        content = archive.read("content.xml").decode("utf-8")
    levels = re.findall(r'<text:h [^>]*text:outline-level="(\d)"', content)
    assert levels == ["1", "2", "3", "4", "1"]
    index = re.search(r"<text:table-of-content .*?</text:table-of-content>", content, re.DOTALL)
    assert index is not None
    assert re.sub(r"<[^>]+>", "", index[0]).startswith("一、主要工作（一）甲附件2　隐患整改情况表")
    found = pages(converted(tmp_path / "r.docx", "pdf", tmp_path))
    assert shown(found[0])[0] == "目录"
    assert shown(found[1])[0].startswith("竹政〔2024〕12号")


def test_a_report_in_an_offices_template_has_its_page(plain: dict[str, Any], tmp_path: Path) -> None:
    path = template(tmp_path / "红头.docx", "公文正文", text=("竹溪镇人民政府文件", "{{报告}}", "抄送：各村"))
    found = printed(everything(plain), tmp_path, DocxExporter(open_template(path)))
    assert shown(found[0])[:2] == ["竹溪镇人民政府", "竹溪镇人民政府文件"]
    assert round(found[0].line("附件：1.任务清单")[0].left / MM) >= 40
    assert "抄送：各村" in shown(found[-1])

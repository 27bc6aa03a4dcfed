"""Readers of other formats: what a report loses on the way through PDF, web pages and old office files (nothing)."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.corpus import PdfReader, clean, pdf
from drafter.corpus.pages import Glyph, Page, text_of_pages
from drafter.errors import CorpusError
from tests.printed import print_columns, print_report, print_scan

REPORT = (
    "松坪镇2021年防汛工作总结",
    "安澜县防汛抗旱指挥部：",
    "2021年，松坪镇坚持防在前、抢在先，把汛期安全当作头等大事来抓，全镇十二个村没有垮一处堤坝、没有伤亡一人，群众生产生活秩序井然。现将有关情况报告如下：",
    "一、主要做法",
    "（一）抓实堤防巡查。组织巡堤队员沿河逐段排查险情，登记隐患32处，整改29处，柏树湾村率先完成涵闸检修。汛期实行24小时值班，每班两人，每两小时巡查一遍；遇到暴雨预警，镇村干部全部上堤，分段包干，一处不漏。全年累计出动1860人次，处置渗漏、管涌等险情7起，都在萌芽状态得到控制。",
    "（二）储足防汛物资。购置编织袋5000条、救生衣120件、抽水泵6台，在镇村两级仓库分类码放，专人看管，随时可以调用。投入资金18.6万元，其中县级补助10万元，镇级自筹8.6万元，占全年应急支出的85.3%。物资台账每月核对一次，过期、破损的及时更换。",
    "（三）办好转移演练。分别在柳塘村、杏花村开展“夜间转移”演练2次，参加群众340余人次，用时比上年缩短11分钟。二是通过广播、微信群和App(v2)发布预警42条，做到家家知道往哪走、跟谁走、走到哪。",
    "二、存在的问题",
    "巡堤队伍年龄偏大，平均57岁，夜间巡查力量不足。排涝泵站老化，3台机组已经运行21年，抽排能力跟不上短时间的强降雨。部分群众转移意愿不强，少数在外务工人员联系不上。",
    "三、下一步打算",
    "补充年轻巡堤队员12名，更新泵站机组3台，力争汛前完成全部检修；修订转移预案，把责任落实到组、到户、到人，做到险情早发现、早报告、早处置。",
    "松坪镇人民政府",
    "2021年12月1日",
)
TEXT = clean("\n".join("　　" + line for line in REPORT))


def refused(reader: PdfReader, path: Path) -> str:
    with pytest.raises(CorpusError) as caught:
        list(reader.read(path))
    said = str(caught.value)
    assert said.startswith(f"{path}：")
    assert "\n" not in said
    return said.removeprefix(f"{path}：")


def only(path: Path) -> str:
    (document,) = PdfReader().read(path)
    return document.text


# PDF


@pytest.mark.parametrize(
    "foot", ["— {page} —", "- {page} -", "第{page}页 共3页", "{page}", "{page}/3", "Page {page} of 3"]
)
@pytest.mark.parametrize("indent", [2, 0])
def test_a_pdf_gives_the_paragraphs_as_they_were_written(tmp_path: Path, foot: str, indent: int) -> None:
    assert only(print_report(tmp_path / "a.pdf", REPORT, foot=foot, indent=indent)) == TEXT


def test_a_paragraph_that_runs_over_the_page_is_whole_wherever_the_page_ends(tmp_path: Path) -> None:
    for more in range(0, 12):
        opening = ("今年以来，" + "全镇上下齐心协力，" * (more * 3))[:-1] + "。"
        report = (*REPORT[:3], opening, *REPORT[3:])
        read = only(print_report(tmp_path / "a.pdf", report))
        assert read == clean("\n".join("　　" + line for line in report)), more


def test_one_paragraph_of_two_lines_is_whole(tmp_path: Path) -> None:
    report = (
        REPORT[0],
        "全镇组织巡堤查险四十二次，登记隐患三十二处，整改二十九处，没有垮一处堤坝，没有伤亡一人。",
        *REPORT[-2:],
    )
    assert only(print_report(tmp_path / "a.pdf", report, head="")).split("\n")[1] == report[1]


def test_first_lines_keep_their_indents_for_whoever_reads_on(tmp_path: Path) -> None:
    lines = pdf.read_pdf(print_report(tmp_path / "a.pdf", REPORT)).split("\n")
    assert "　　一、主要做法" in lines
    assert f"　　{REPORT[4]}" in lines


def test_heads_feet_and_watermarks_go_and_a_title_that_stands_only_there_stays(tmp_path: Path) -> None:
    read = only(print_report(tmp_path / "a.pdf", REPORT, head="内部资料　第3期", watermark="松坪镇办公室"))
    assert read == TEXT
    report = (REPORT[1], *REPORT[2:])
    path = print_report(tmp_path / "b.pdf", report, head="松坪镇2021年防汛工作总结")
    (document,) = PdfReader().read(path)
    assert document.title == "松坪镇2021年防汛工作总结"
    assert document.text.count("防汛工作总结") == 1


def test_a_page_laid_on_its_side_is_read_upright(tmp_path: Path) -> None:
    assert only(print_report(tmp_path / "a.pdf", REPORT, turned=True)) == TEXT


def test_rows_of_a_table_are_rows_and_nothing_to_learn_from(tmp_path: Path) -> None:
    rows = (
        ("项目", "计划", "完成", "比例"),
        ("巡堤", "40次", "42次", "105%"),
        ("演练", "2场", "2场", "100%"),
    )
    path = print_report(tmp_path / "a.pdf", REPORT, rows=rows)
    assert "｜巡堤｜40次｜42次｜105%｜" in pdf.read_pdf(path).split("\n")
    assert only(path) == TEXT


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    path = print_columns(tmp_path / "a.pdf", "防汛工作简报", REPORT[4:6], REPORT[6:9])
    assert pdf.read_pdf(path).replace("　", "").split("\n") == ["防汛工作简报", *REPORT[4:9]]


def test_pdf_files_that_are_no_good_are_named_with_the_way_out(tmp_path: Path) -> None:
    good = print_report(tmp_path / "好.pdf", REPORT).read_bytes()
    huge = tmp_path / "大.pdf"
    with huge.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    (tmp_path / "空.pdf").touch()
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    (tmp_path / "断.pdf").write_bytes(good[: len(good) // 4])
    for path, said in (
        (print_report(tmp_path / "密.pdf", REPORT, password="123456"), "有密码"),
        (print_scan(tmp_path / "扫.pdf"), "只有图片，没有文字层；请先做文字识别（OCR）"),
        (print_scan(tmp_path / "拍.pdf", "掌上扫描 制作"), "只有图片，没有文字层"),
        (tmp_path / "空.pdf", "空"),
        (tmp_path / "坏.pdf", "已损坏"),
        (tmp_path / "断.pdf", "已损坏"),
        (huge, "200 MB，超过上限 64 MB"),
        (tmp_path / "无.pdf", "找不到"),
        (tmp_path, "文件夹"),
    ):
        assert said in refused(PdfReader(), path)


def unmapped(path: Path) -> Path:
    """The report with its fonts taken from under it: characters of a font that nothing translates."""
    raw = print_report(path, REPORT).read_bytes()
    raw = raw.replace(b"/UniGB-UCS2-H", b"/Identity-H").replace(b"/Adobe-GB1", b"/Adobe-Identity")
    path.write_bytes(re.sub(rb"/Ordering \(GB1\)", b"/Ordering (Own)", raw))
    return path


def test_a_text_layer_of_garbage_is_refused(tmp_path: Path) -> None:
    assert "乱码" in refused(PdfReader(), unmapped(tmp_path / "乱.pdf"))


def test_pages_and_characters_have_their_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = print_report(tmp_path / "a.pdf", REPORT)
    monkeypatch.setattr(pdf, "MAX_CHARS", 300)
    assert "不像一份报告" in refused(PdfReader(), path)
    monkeypatch.setattr(pdf, "MAX_PAGES", 1)
    assert "超过上限 1 页" in refused(PdfReader(), path)


def test_a_page_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    unpacked = b"0 0 m " * 16_000_000
    for filters, bomb in (
        (b"/FlateDecode", zlib.compress(unpacked)),
        (b"[/FlateDecode /FlateDecode]", zlib.compress(zlib.compress(unpacked))),
    ):
        objects = [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
            b"<</Filter %s/Length %d>>stream\n%s\nendstream" % (filters, len(bomb), bomb),
        ]
        body = b"".join(b"%d 0 obj%s endobj\n" % (number, part) for number, part in enumerate(objects, 1))
        path = tmp_path / "弹.pdf"
        path.write_bytes(b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF")
        assert "展开后超过 64 MB" in refused(PdfReader(), path)


@given(
    st.lists(
        st.builds(
            Glyph,
            st.sampled_from("镇村汛，。一3 A"),
            st.floats(-50, 700),
            st.floats(-50, 700),
            st.floats(-50, 900),
            st.floats(0, 40),
        ),
        max_size=60,
    ),
    st.integers(1, 4),
)
def test_characters_anywhere_on_pages_make_some_text(glyphs: list[Glyph], pages: int) -> None:
    text = text_of_pages([Page(842.0, tuple(glyphs))] * pages)
    assert set("".join(text.split())) <= {*"镇村汛，。一3A｜"}

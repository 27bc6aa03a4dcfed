"""Readers of other formats: what a report loses on the way through PDF, web pages and old office files (nothing)."""

from __future__ import annotations

import binascii
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.checking import read_text
from drafter.corpus import OfficeReader, PdfReader, TextReader, WebReader, WordReader, clean, open_store
from drafter.corpus.readers import office, pdf, pdfium
from drafter.corpus.readers.article import article_of
from drafter.corpus.readers.printed import Glyph, Page, text_of_pages
from drafter.errors import CorpusError
from drafter.plugins import load_registry
from drafter.plugins.protocols import Reader
from tests.printed import print_columns, print_report, print_scan
from tests.test_corpus_text import HAN
from tests.test_docx import packed, r

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


def refused(reader: Reader, path: Path) -> str:
    with pytest.raises(CorpusError) as caught:
        list(reader.read(path))
    said = str(caught.value)
    assert said.startswith(f"{path}：")
    assert "\n" not in said
    return said.removeprefix(f"{path}：")


def only(path: Path, reader: Reader | None = None) -> str:
    (document,) = (reader or PdfReader()).read(path)
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


def test_a_title_in_two_lines_is_one_and_what_stands_below_the_date_is_not_of_it(tmp_path: Path) -> None:
    report = ("松坪镇人民政府关于2021年\n防汛备汛工作情况的报告", *REPORT[1:])
    path = print_report(tmp_path / "a.pdf", report, below="抄送：安澜县委办公室")
    (document,) = PdfReader().read(path)
    assert document.title == "松坪镇人民政府关于2021年防汛备汛工作情况的报告"
    assert document.text.split("\n")[-3:] == [*REPORT[-2:], "抄送：安澜县委办公室"]


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
    raw = print_report(tmp_path / "a.pdf", REPORT).read_bytes()
    monkeypatch.setattr(pdfium, "MAX_CHARS", 300)
    with pytest.raises(pdfium.Refused, match="不像一份报告"):
        pdfium.text_of_pdf(raw)
    monkeypatch.setattr(pdfium, "MAX_PAGES", 1)
    with pytest.raises(pdfium.Refused, match="超过上限 1 页"):
        pdfium.text_of_pdf(raw)


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


# web pages

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_of_a_web_page_the_report_is_read_and_little_else(path: Path) -> None:
    wanted = path.with_suffix(".txt").read_text("utf-8").strip().split("\n")
    read = only(path, WebReader()).split("\n")
    assert [line for line in read if line in wanted] == wanted, (
        "nothing of the report is lost, nothing is moved"
    )
    assert sum(len(line) for line in read if line not in wanted) <= 60


@pytest.mark.parametrize(
    ("encoding", "charset"),
    [
        ("gb18030", "gb2312"),
        ("gbk", "GBK"),
        ("gb18030", "utf-8"),  # the page says what it is not
        ("utf-8", "gb2312"),
        ("utf-8-sig", ""),
        ("utf-16", "unicode"),
        ("utf-16-le", ""),
    ],
)
def test_a_page_is_read_whatever_encoding_it_has_or_says(tmp_path: Path, encoding: str, charset: str) -> None:
    page = (
        (PAGES[0].parent / "oldtable.html").read_text("utf-8").replace("charset=gb2312", f"charset={charset}")
    )
    path = tmp_path / "a.htm"
    path.write_bytes(page.encode(encoding))
    assert only(path, WebReader()) == only(PAGES[0].parent / "oldtable.html", WebReader())


def test_a_broken_character_in_a_banner_costs_no_more_than_itself(tmp_path: Path) -> None:
    page = (PAGES[0].parent / "oldtable.html").read_text("utf-8").encode("gb18030")
    path = tmp_path / "a.htm"
    path.write_bytes(page.replace(b"</BODY>", b"<p>\xff\xfe\x80</p></BODY>").replace(b"banner", b"b\xffnner"))
    assert only(path, WebReader()) == only(PAGES[0].parent / "oldtable.html", WebReader())


def test_an_archive_of_a_page_is_its_page(tmp_path: Path) -> None:
    page = (PAGES[0].parent / "government.html").read_bytes()
    path = tmp_path / "a.mht"
    path.write_bytes(
        b"From: <Saved by a browser>\r\nSubject: =?utf-8?B?5oC757uT?=\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--b"\r\n\r\n----b\r\n'
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + binascii.b2a_base64(page)
        + b"\r\n----b\r\nContent-Type: image/png\r\n\r\nxx\r\n----b--\r\n"
    )
    assert only(path, WebReader()) == only(PAGES[0].parent / "government.html", WebReader())
    path.write_bytes(path.read_bytes().replace(b"text/html\r", b"text/css\r"))
    assert "没有网页" in refused(WebReader(), path)


def test_a_table_of_the_report_is_rows_and_one_that_lays_out_the_page_is_text() -> None:
    page = (PAGES[0].parent / "government.html").read_text("utf-8")
    assert "｜河道清淤｜公里｜10｜11.6｜" in article_of(page).split("\n")
    assert "｜" not in article_of((PAGES[0].parent / "oldtable.html").read_text("utf-8"))


def test_pages_that_hold_no_report_are_refused_with_the_way_out(tmp_path: Path) -> None:
    for page, said in (
        (b"", "空"),
        (b"<html><body></body></html>", "没有找到正文"),
        (
            "<ul><li><a href=1>松坪镇工作总结</a><li><a href=2>云溪镇工作总结</a></ul>".encode(),
            "没有找到正文",
        ),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "已损坏|二进制"),
        (b"<!-- only words to nobody -->", "没有找到正文"),
    ):
        path = tmp_path / "页.html"
        path.write_bytes(page)
        assert re.search(said, refused(WebReader(), path))


SENTENCES = st.lists(
    st.text(st.sampled_from(HAN), min_size=12, max_size=60).map(lambda text: f"{text[:6]}，{text[6:]}12处。"),
    min_size=3,
    max_size=8,
    unique=True,
)
SHAPES: list[Callable[[list[str]], str]] = [
    lambda lines: "".join(f"<p>　　{line}</p>" for line in lines),
    lambda lines: "<div>" + "<br>".join(f"&nbsp;&nbsp;{line}" for line in lines) + "</div>",
    lambda lines: "".join(
        f"<div class=a><span>{line[:5]}</span><span>{line[5:]}</span></div>" for line in lines
    ),
    lambda lines: "<table><tr><td>" + "".join(f"<p>{line}</p>" for line in lines) + "</td></tr></table>",
    lambda lines: "".join(f"<div><div><section><p>{line}</p></section></div></div>" for line in lines),
    lambda lines: "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>",
    lambda lines: "".join(f"<p>{line}</p><div class=ad><a href=x>下载</a></div>" for line in lines),
]
FRAMES = (
    "<title>松坪镇工作总结</title><div><a href=1>首页</a></div><h1>松坪镇工作总结</h1>{}<p>上一篇：<a href=2>别的</a></p>",
    "<div>来源：办公室</div><div id=x>{}</div><div>版权所有</div>",
    "{}",
    "<table><tr><td><a href=1>栏目</a></td><td><b>松坪镇工作总结</b><div>{}</div></td></tr></table>",
)


@given(SENTENCES, st.sampled_from(SHAPES), st.sampled_from(FRAMES))
def test_no_sentence_of_a_report_is_lost_whatever_the_page_is_made_of(
    lines: list[str], shape: Callable[[list[str]], str], frame: str
) -> None:
    read = "".join(article_of(frame.format(shape(lines))).split())
    assert "".join(lines) in read


@given(st.text(st.sampled_from("<>/=\"' pdivtablerh1a&;镇汛。，！-"), max_size=200))
def test_any_page_is_read_without_a_fault(page: str) -> None:
    assert isinstance(article_of(page), str)


def test_a_page_nested_deep_is_read_and_one_that_is_an_attack_does_no_harm() -> None:
    sentence = "全镇组织巡堤查险四十二次，没有垮一处堤坝。"
    assert article_of("<div>" * 1000 + sentence).strip() == sentence
    article_of("<div>" * 200_000 + sentence)


# documents under the name of another format


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    page = (PAGES[0].parent / "mill.html").read_bytes()
    wanted = only(PAGES[0].parent / "mill.html", WebReader())
    word = packed(tmp_path / "w.docx", "".join(f"<w:p>{r(line)}</w:p>" for line in REPORT)).read_bytes()
    printed = print_report(tmp_path / "p.pdf", REPORT).read_bytes()
    for name, content, reader, text in (
        ("a.doc", page, OfficeReader(), wanted),
        ("b.docx", page, WordReader(), wanted),
        ("c.doc", word, OfficeReader(), "\n".join(REPORT)),
        ("d.wps", word, OfficeReader(), "\n".join(REPORT)),
        ("e.docx", printed, WordReader(), TEXT),
        ("f.doc", "\n".join(REPORT).encode("gb18030"), OfficeReader(), "\n".join(REPORT)),
        ("g.pdf", page, PdfReader(), wanted),
        ("h.htm", word, WebReader(), "\n".join(REPORT)),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        assert only(path, reader) == text, name
        assert read_text(path), name


def test_what_is_checked_may_have_any_of_these_formats(tmp_path: Path) -> None:
    rows = (("项目", "计划", "完成"), ("巡堤", "40次", "42次"))
    text = read_text(print_report(tmp_path / "稿.pdf", REPORT, rows=rows))
    assert "｜巡堤｜40次｜42次｜" in text
    assert "登记隐患32处" in text


def test_every_reader_is_there_without_being_asked_for_and_ofd_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    folder = tmp_path / "往期"
    (folder / "网页_files").mkdir(parents=True)
    print_report(folder / "防汛.pdf", REPORT)
    shutil.copy(PAGES[0].parent / "mill.html", folder / "网页.html")
    shutil.copy(PAGES[0].parent / "blog.html", folder / "网页_files" / "frame.html")
    (folder / "版式.ofd").write_bytes(b"PK\x03\x04")
    (folder / "旧.doc").write_bytes(OLD_WORD)
    with open_store(tmp_path / "store") as corpus:
        report = corpus.add([folder], readers=load_registry().readers)
        assert report.documents == 2
        skipped = {path.name: reason for path, reason in report.skipped}
        assert skipped["版式.ofd"] == "没有能读 .ofd 文件的读取器"
        assert skipped["旧.doc"].startswith(
            "缺少程序 LibreOffice，读不了 .doc；请用 Word 或 WPS 另存为 .docx"
        )


# LibreOffice

OLD_WORD = b"\xd0\xcf\x11\xe0".ljust(512, b"\0") + "WordDocument".encode("utf-16-le").ljust(1024, b"\0")
LOCKED_WORD = OLD_WORD.ljust(2048, b"\0") + b"\xec\xa5\xc1\x00".ljust(10, b"\0") + b"\x00\x01" + bytes(500)
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="stands a script in for LibreOffice")


def program(folder: Path, script: str) -> str:
    """A program that stands in for soffice."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_old_files_that_are_no_good_are_named_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    odt = tmp_path / "锁.odt"
    with zipfile.ZipFile(odt, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("META-INF/manifest.xml", "<m><encryption-data/></m>")
    for name, content, said in (
        ("空.doc", b"", "空"),
        ("锁.doc", LOCKED_WORD, "有密码"),
        ("锁.docx", b"\xd0\xcf\x11\xe0" + bytes(508) + "EncryptedPackage".encode("utf-16-le"), "有密码"),
        ("表.doc", b"\xd0\xcf\x11\xe0" + bytes(900), "不是 Word 文档"),
        ("图.doc", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "已损坏，或不是 .doc 文件"),
        ("旧.doc", OLD_WORD, "缺少程序 LibreOffice"),
        ("旧.rtf", b"{\\rtf1 x}", "缺少程序 LibreOffice，读不了 .rtf"),
        ("锁.odt", odt.read_bytes(), "有密码"),
        ("断.odt", odt.read_bytes()[:-30], "已损坏"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        assert said in refused(OfficeReader(), path), name
    huge = tmp_path / "大.doc"
    with huge.open("wb") as file:
        file.write(OLD_WORD)
        file.truncate(200 * 1024 * 1024)
    assert "超过上限" in refused(OfficeReader(), huge)
    assert "找不到" in refused(OfficeReader(), tmp_path / "无.doc")


@POSIX
def test_a_stuck_program_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = program(tmp_path, f"sleep 600 & echo $! > {tmp_path}/child; sleep 600")
    monkeypatch.setattr(office, "find_office", lambda: stuck)
    monkeypatch.setattr(office, "TIMEOUT", 0.5)
    path = tmp_path / "旧.doc"
    path.write_bytes(OLD_WORD)
    assert "已停止" in refused(OfficeReader(), path)
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            break
        if Path(f"/proc/{child}/stat").is_file() and ") Z " in Path(f"/proc/{child}/stat").read_text():
            break  # ended, and waits for whoever inherited it
        time.sleep(0.05)
    else:
        pytest.fail("what it started still runs")


@POSIX
def test_what_the_program_makes_is_read_and_a_failure_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = packed(tmp_path / "made.docx", "".join(f"<w:p>{r(line)}</w:p>" for line in REPORT))
    path = tmp_path / "旧.doc"
    path.write_bytes(OLD_WORD)
    copy = 'while [ "$1" != --outdir ]; do shift; done; mkdir -p "$2"; cp '
    for script, said in (
        (f'{copy} {made} "$2"/report.docx', ""),
        ("exit 1", "LibreOffice 打不开，文件可能已损坏或有密码；请用 Word 或 WPS 另存为 .docx"),
        (f'{copy} /dev/null "$2"/report.docx', "经 LibreOffice 转换后文件是空的"),
    ):
        found = program(tmp_path, script)
        monkeypatch.setattr(office, "find_office", lambda found=found: found)
        if said:
            assert said in refused(OfficeReader(), path)
        else:
            assert only(path, OfficeReader()) == "\n".join(REPORT)
    monkeypatch.setattr(office, "find_office", lambda: str(tmp_path / "无"))
    assert "启动不了 LibreOffice" in refused(OfficeReader(), path)


@POSIX
def test_a_file_left_out_for_want_of_the_program_is_read_once_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = packed(tmp_path / "made.docx", "".join(f"<w:p>{r(line)}</w:p>" for line in REPORT))
    folder = tmp_path / "往期"
    folder.mkdir()
    (folder / "旧.doc").write_bytes(OLD_WORD)
    readers = {"text": TextReader(), "office": OfficeReader()}
    copy = program(
        tmp_path, f'while [ "$1" != --outdir ]; do shift; done; mkdir -p "$2"; cp {made} "$2"/report.docx'
    )
    with open_store(tmp_path / "store") as corpus:
        monkeypatch.setattr(office, "find_office", lambda: None)
        assert len(corpus.add([folder], readers=readers).skipped) == 1
        assert len(corpus.add([folder], readers=readers).skipped) == 1
        monkeypatch.setattr(office, "find_office", lambda: copy)
        assert corpus.add([folder], readers=readers).added == 1


def test_the_program_is_looked_for_where_it_is_usually_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setenv("ProgramFiles", str(tmp_path / "Program Files"))
    monkeypatch.setattr(office, "_PLACES", office._PLACES[:2])
    assert office.find_office() is None
    place = tmp_path / "Program Files/LibreOffice/program"
    place.mkdir(parents=True)
    (place / "soffice.exe").touch()
    assert office.find_office() == str(place / "soffice.exe")


needs_office = pytest.mark.skipif(
    office.find_office() is None, reason="LibreOffice (soffice) is not installed"
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report as LibreOffice saves it in each of the old formats."""
    folder = tmp_path_factory.mktemp("saved")
    document = docx.Document()
    for line in REPORT:
        if line == REPORT[7]:
            table = document.add_table(2, 3)
            for cell, text in zip(
                table._cells, ("项目", "计划", "完成", "巡堤", "40次", "42次"), strict=True
            ):
                cell.text = text
        document.add_paragraph(line)
    source = folder / "报告.docx"
    document.save(str(source))
    for form in ("doc", "rtf", "odt", "pdf"):
        command = [
            str(office.find_office()),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
        ]
        command += ["--convert-to", form, "--outdir", str(folder), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    shutil.copy(folder / "报告.doc", folder / "报告.wps")
    return {path.suffix: path for path in folder.glob("报告.*")}


@pytest.mark.slow
@needs_office
@pytest.mark.parametrize("suffix", [".doc", ".wps", ".rtf", ".odt"])
def test_old_formats_give_the_report_and_the_rows_of_its_tables(saved: dict[str, Path], suffix: str) -> None:
    assert only(saved[suffix], OfficeReader()) == "\n".join(REPORT)
    assert "｜巡堤｜40次｜42次｜" in office.read_office(saved[suffix]).split("\n")


@pytest.mark.slow
@needs_office
def test_a_pdf_that_libreoffice_printed_gives_the_report(saved: dict[str, Path]) -> None:
    assert only(saved[".pdf"]).split("\n")[: len(REPORT)] == list(REPORT)


@pytest.mark.slow
@needs_office
def test_two_files_at_once_do_not_disturb_each_other(saved: dict[str, Path]) -> None:
    read: dict[str, str] = {}
    files = [saved[".doc"], saved[".rtf"]]
    threads = [
        threading.Thread(target=lambda path=path: read.update({path.suffix: office.read_office(path)}))
        for path in files
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(read) == {".doc", ".rtf"}
    assert all(REPORT[4] in text for text in read.values())


@pytest.mark.slow
@needs_office
def test_a_damaged_old_file_is_one_line_and_leaves_nothing_behind(
    saved: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    path = tmp_path / "断.doc"
    path.write_bytes(saved[".doc"].read_bytes()[:2000])
    refused(OfficeReader(), path)
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.slow
@needs_office
def test_a_file_that_calls_for_a_picture_from_elsewhere_gets_none(tmp_path: Path) -> None:
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (
            ("office", "office"),
            ("text", "text"),
            ("draw", "drawing"),
            ("svg", "svg-compatible"),
        )
    )
    content = (
        f'<office:document-content {names} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"><office:body>'
        "<office:text><text:p>全镇组织巡堤查险四十二次。</text:p><text:p><draw:frame svg:width='3cm' svg:height='3cm'>"
        f"<draw:image xlink:href='{address}/a.png' xlink:type='simple' xlink:show='embed' xlink:actuate='onLoad'/>"
        "</draw:frame></text:p></office:text></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    path = tmp_path / "图.odt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    try:
        assert "巡堤查险" in office.read_office(path)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert asked == []

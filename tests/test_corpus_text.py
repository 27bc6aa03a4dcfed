"""Reading and cleaning: encodings, boilerplate, hard wraps, widths."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.corpus import TextReader, clean
from drafter.corpus.readers.encoding import MAX_BYTES, decode, read_text
from drafter.errors import CorpusError

ODD_FILES = pytest.mark.skipif(sys.platform != "linux", reason="pipes, links and names of any bytes")
REPORT = "松坪镇2021年防汛工作总结\n全镇组织巡堤查险四十二次。\n一、主要做法\n（一）压实责任。镇村干部分片包堤，每天巡查不少于两遍。\n"


def only(path: Path) -> str:
    (document,) = TextReader().read(path)
    return document.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "utf-32"])
def test_the_same_report_is_read_from_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes(REPORT.encode(encoding))
    assert only(path) == clean(REPORT)


def test_big_endian_utf16_is_read_by_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xfe\xff" + REPORT.encode("utf-16-be"))
    assert only(path) == clean(REPORT)


HAN = "".join(
    bytes([high, low]).decode("gb2312")
    for high in range(0xB0, 0xF7)
    for low in range(0xA1, 0xFF)
    if high != 0xD7
)
SENTENCES = st.lists(
    st.one_of(
        st.text(st.sampled_from(HAN + "，。、；：（）“”《》〇％％１2340 "), min_size=4, max_size=60),
        st.text(
            st.sampled_from("㙟镕喆龑犇堃一二三四五六年月日镇村"), max_size=2
        ),  # names with rare characters
        st.sampled_from(["\n", "\r\n", "  ", "2021年，", "App(v2)", "10.5%", REPORT]),
    ),
    min_size=2,
    max_size=12,
)


@given(
    SENTENCES.map("".join).filter(lambda text: len(text.encode("gb2312", "ignore")) > 1.7 * len(text) > 17),
    st.sampled_from(
        [
            "utf-8",
            "utf-8-sig",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "utf-32",
            "utf-32-le",
            "utf-32-be",
            "gb18030",
            "gbk",
        ]
    ),
)
def test_any_chinese_report_reads_back_as_it_was_with_or_without_a_mark(text: str, encoding: str) -> None:
    try:
        raw = text.encode(encoding)
    except UnicodeEncodeError:
        raw = text.encode("gb18030")
    assert decode(raw, "报告.txt") == text


@given(st.sampled_from(["utf-8", "utf-16", "utf-16-be", "gb18030", "utf-32-le"]), st.integers(0, 300))
def test_a_file_cut_anywhere_loses_its_last_character_at_most(encoding: str, length: int) -> None:
    text = REPORT * 4
    raw = text.encode(encoding)[: -length or None]
    read = decode(raw, "报告.txt")
    assert text.startswith(read)
    assert len(text[: len(read) + 1].encode(encoding)) >= len(raw)


@given(st.binary(max_size=2000))
def test_bytes_are_read_or_refused_in_one_line(raw: bytes) -> None:
    said = ""
    try:
        decode(raw, "报告.txt")
    except CorpusError as error:
        said = str(error)
    assert not said or (said.startswith("报告.txt：") and "\n" not in said)


def test_zeros_that_a_crash_left_at_the_end_are_no_text() -> None:
    assert decode(REPORT.encode("gb18030") + bytes(4096), "a.txt") == REPORT


def test_big5_is_read_rightly() -> None:
    text = "松坪鎮今年以來的防汛工作總結\n全鎮組織巡堤查險四十二次，各村不分日夜，人人上堤，大家都在行動，安全是第一位。\n"
    assert decode(text.encode("big5"), "a.txt") == text


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "空"),
        ("\ufeff \n\n".encode(), "空"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 20, "二进制"),
        (bytes(range(1, 8)) * 40, "二进制"),
        (bytes(range(128, 256)) * 9, "编码"),
        (b"\xff\xfe" + b"\x00\xd8" * 3, "utf-16"),
    ],
)
def test_what_is_no_text_is_refused_with_the_path_and_the_reason(
    tmp_path: Path, raw: bytes, reason: str
) -> None:
    path = tmp_path / "坏.txt"
    path.write_bytes(raw)
    with pytest.raises(CorpusError) as caught:
        list(TextReader().read(path))
    assert str(path) in str(caught.value)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_a_folder_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    for path, reason in ((tmp_path / "无.txt", "找不到"), (tmp_path, "文件夹"), (huge, "上限")):
        with pytest.raises(CorpusError, match=reason):
            list(TextReader().read(path))


@ODD_FILES
def test_what_is_no_regular_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    pipe, loop, zero = tmp_path / "管道.txt", tmp_path / "圈.txt", tmp_path / "零.txt"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    zero.symlink_to("/dev/zero")
    for path, reason in (
        (pipe, "不是普通文件"),
        (zero, "不是普通文件"),
        (loop, "链接"),
        (tmp_path, "文件夹"),
    ):
        with pytest.raises(CorpusError, match=reason) as caught:
            read_text(path)
        assert "\n" not in str(caught.value)


def test_a_report_of_more_than_16_megabytes_is_none() -> None:
    assert MAX_BYTES == 16 * 1024 * 1024


def test_web_boilerplate_goes_and_the_report_stays() -> None:
    page = (
        "范文\n当前位置：首页 > 范文 > 总结\n松坪镇2021年防汛工作总结\n时间:2022-03-01 10:20:30\n"
        "松坪镇2021年防汛工作总结[此文共980字]\n&nbsp;&nbsp;全镇组织&ldquo;夜巡&rdquo;四十二次,无一险情。\n\n"
        "《松坪镇2021年防汛工作总结.doc》\n把本页的Word版下载保存,随时打印\n推荐度:\n点击下载文档\n文档为doc格式\n"
        "Copyright © 2022 某范文网 版权所有\n"
    )
    assert clean(page) == "松坪镇2021年防汛工作总结\n全镇组织“夜巡”四十二次，无一险情。"


def test_titles_of_other_pages_below_the_report_go() -> None:
    assert (
        clean("全镇共巡堤四十二次。\n相关文章\n某街道文化工作总结\n某乡抗旱工作汇报\n")
        == "全镇共巡堤四十二次。"
    )


@pytest.mark.parametrize(
    ("dirty", "wanted"),
    [
        ("强化领导,落实责任;按时完成:", "强化领导，落实责任；按时完成："),
        ("发放资料70余条(幅)", "发放资料70余条（幅）"),
        ("投入1,200元", "投入1,200元"),
        ("12:30开会", "12:30开会"),
        ("见https://a.example/x?y=1,2", "见https://a.example/x?y=1,2"),
        ("使用App(v2)登记", "使用App(v2)登记"),
        ("　　 全镇\u00a0动员", "全镇 动员"),
        ("２０２１年ＡＢ", "2021年AB"),
        ('落实\\"双段长\\"制', "落实“双段长”制"),
        ("5 < 6 且 7 > 3", "5 < 6 且 7 > 3"),
        ("<p>第一段</p><p>第二段</p>", "第一段\n第二段"),
    ],
)
def test_widths_and_marks_are_set_right_only_between_chinese(dirty: str, wanted: str) -> None:
    assert clean(dirty) == wanted


def test_hard_wrapped_lines_are_joined_and_paragraphs_stay_apart() -> None:
    paragraph = "今年以来全镇上下围绕防汛保安这一条主线统筹安排力量落实各项措施形成了合力取得了成效群众反映良好秩序井然"
    wrapped = "\n".join(
        ("　　" if at == 0 else "") + part
        for at, part in enumerate(paragraph[i : i + 18] for i in range(0, len(paragraph), 18))
    )
    text = f"{wrapped}。\n一、主要做法\n{wrapped}。\n　　第二段话很短。"
    assert clean(text).split("\n") == [paragraph + "。", "一、主要做法", paragraph + "。", "第二段话很短。"]


def test_lines_broken_by_count_of_characters_are_joined_too() -> None:
    paragraph = "全镇共有12个村、35个小组，上半年巡堤1200余人次，排查“一河两岸”险情46处，其中渠道21处、涵闸9处，均已登记造册，交由片长逐一督办，办结一处销号一处，年底前全部清零"
    wrapped = "\n".join(paragraph[at : at + 20] for at in range(0, len(paragraph), 20))
    assert clean(wrapped + "。") == paragraph + "。"


FLOOD = "入汛以来镇村干部分片包堤日夜值守。险段每两小时巡一遍，发现渗水立即上报并就近取土压浸，沙石料备在堤脚，运输车随叫随到。群众自发送来茶水"


@pytest.mark.parametrize("mark", ["\n　　", "\n\n", "\n"])
@pytest.mark.parametrize("width", [17, 24, 31])
def test_a_sentence_that_ends_with_the_line_does_not_end_the_paragraph(mark: str, width: int) -> None:
    paragraphs = [f"{FLOOD}{number}回。" * 2 for number in ("三", "四", "五")]
    for paragraph in paragraphs:  # a line that ends right behind a sentence
        assert any(paragraph[at - 1] == "。" for at in range(width, len(paragraph), width)) or width != 17
    wrapped = mark.join(
        "\n".join(paragraph[at : at + width] for at in range(0, len(paragraph), width))
        for paragraph in paragraphs
    )
    assert clean(wrapped).split("\n") == paragraphs


def test_a_number_that_was_broken_over_two_lines_is_one_again() -> None:
    text = "".join(
        f"第{n}片巡堤查险的群众和干部一千三百余人，投入3.{n}5万元，备下编织袋9{n}00条，" for n in range(1, 7)
    )
    text += "汛期平稳。"
    for width in range(15, 25):
        wrapped = "\n".join(text[at : at + width] for at in range(0, len(text), width))
        assert clean(wrapped) == text


def test_one_line_that_stands_out_does_not_hide_the_wrap() -> None:
    text = FLOOD * 4
    wrapped = "\n".join(text[at : at + 20] for at in range(0, len(text), 20))
    aside = "本表数据由各村在汛期结束之后逐户核对并经村民代表签字确认"
    assert clean(f"{aside}\n\n{wrapped}。") == f"{aside}\n{text}。"


def test_headings_without_marks_are_not_taken_for_wrapped_lines() -> None:
    text = (
        "一、主要做法\n（一）压实责任抓落实\n"
        + "镇村干部分片包堤，每天巡查。" * 9
        + "\n（二）补足物资保供应\n"
        + "储备编织袋和救生衣。" * 9
    )
    assert clean(text).split("\n") == text.split("\n")


def test_rows_of_short_headings_among_long_paragraphs_are_no_wrapped_lines() -> None:
    rows = [
        f"{name}片区组织巡堤和夜间值守的情况" for name in ("上坪", "中坪", "下坪", "前湾", "后湾", "新城")
    ]
    text = "\n".join([*rows, "镇村干部分片包堤，每天巡查不少于两遍。" * 12])
    assert clean(text) == text


def test_markdown_keeps_headings_and_loses_bullets_and_bold() -> None:
    text = "# 松坪镇总结\n\n## 一、做法\n\n- **抓巡查。** 每天两遍。\n- 见[附件](a.md)\n\n**镇共出动*余人次。"
    assert (
        clean(text, markdown=True)
        == "# 松坪镇总结\n## 一、做法\n抓巡查。每天两遍。\n见附件\n**镇共出动*余人次。"
    )


@given(
    st.text(
        alphabet="一二三四十、（）。，；：“”《》.汛巡堤镇村工作总结报告如下是要但还存在着不足下一步将0123456789ABx*\n 　",
        max_size=300,
    )
)
def test_nothing_of_the_report_is_lost(text: str) -> None:
    def marks(value: str) -> str:
        return "".join(value.split())

    lines = text.split("\n")
    kept = "".join(
        line for at, line in enumerate(lines) if line.strip() not in [x.strip() for x in lines[:at]]
    )
    if len(kept) == len(text.replace("\n", "")):  # no line twice, which may be a repeated title
        assert marks(clean(text)).translate({ord("．"): "."}) == marks(text)


@given(st.text(max_size=400))
def test_cleaning_never_raises_and_is_stable(text: str) -> None:
    once = clean(text)
    assert all(line.strip() for line in once.split("\n") if once)
    clean(text, markdown=True)

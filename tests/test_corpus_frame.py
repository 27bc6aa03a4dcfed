"""What stands around a report: web pages, printed pages, notes behind it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.corpus import clean, documents_of, split
from drafter.corpus.layout import parse_lines

TITLE = "松坪镇2021年防汛工作总结"
BODY = "全镇分三班巡堤，每班不少于八人，汛期里没有断过一天，群众夜里睡得安稳。"


@pytest.mark.parametrize(
    "line",
    [
        "首页 政务公开 办事服务 互动交流",
        "登录 | 注册 | 无障碍浏览",
        "【打印本页】【关闭窗口】",
        "【字体：大 中 小】",
        "您现在的位置：首页 > 工作动态",
        "网站首页>>总结",
        "信息来源：防汛办 发布日期：2022-01-05 09:30 浏览次数：12",
        "作者：佚名　点击：35",
        "发布时间：2022年1月5日 10:20",
        "上一条：某乡抗旱总结",
        "下一篇",
        "友情链接：某市水利局",
        "主办：某镇人民政府　承办：党政办",
        "网站标识码：1000000001",
        "展开全文",
        "查看更多内容",
        "剩余60%未读，开通会员",
        "文档为doc格式，大小：30KB",
        "本文由某文库网收集整理，仅供参考",
        "免责声明：内容由用户上传。",
    ],
)
def test_lines_of_a_web_page_go(line: str) -> None:
    assert clean(f"{line}\n{TITLE}\n{BODY}\n{line}") == f"{TITLE}\n{BODY}"


@pytest.mark.parametrize(
    "line",
    [
        "时间：2021年7月5日",
        "审核：村民代表会议",
        "地址：老粮站二楼",
        "主办：镇文化站",
        "上一个汛期，全镇转移41户。",
        "下载防汛手册的有320人。",
        "首页公告栏换了新样式。",
        "微信、抖音",
        "收藏",
        "来信来访登记簿",
        "防汛物资：编织袋、救生衣：各两百",
        "2021",
        "- 3米水位线",
    ],
)
def test_lines_of_the_report_that_look_like_a_page_stay(line: str) -> None:
    assert clean(f"{TITLE}\n{BODY}\n{line}\n{BODY}反复演练。") == f"{TITLE}\n{BODY}\n{line}\n{BODY}反复演练。"


def test_what_touches_a_page_belongs_to_it_only_there() -> None:
    page = f"松坪镇人民政府\n首页 政务公开\n工作总结\n{TITLE}\n{BODY}\n松坪镇人民政府\n2021年9月1日\n【打印本页】【关闭窗口】\n地址：某路1号\n"
    assert clean(page) == f"{TITLE}\n{BODY}\n松坪镇人民政府\n2021年9月1日"


def test_a_title_with_the_sites_name_behind_it_gives_way_to_the_bare_one() -> None:
    assert clean(f"{TITLE} - 某某文库\n当前位置：首页 > 总结\n{TITLE}\n{BODY}") == f"{TITLE}\n{BODY}"


def test_two_pages_in_one_file_keep_both_reports() -> None:
    def page(title: str) -> str:
        return f"首页 > 总结\n{title}\n{title}[此文共300字]\n一、做法\n{BODY}\n二、打算\n{BODY}\n相关文章\n某乡打井汇报\n"

    other = "清江乡2022年抗旱工作总结"
    documents = documents_of(page(TITLE) + page(other), "a.txt")
    assert [document.title for document in documents] == [TITLE, other]
    assert "打井" not in "".join(document.text for document in documents)


def test_a_title_right_above_the_next_text_is_not_one_of_the_list() -> None:
    text = f"{TITLE}\n{BODY}\n相关文章\n某乡打井工作汇报\n清江乡抗旱工作总结\n{BODY * 2}"
    assert clean(text) == f"{TITLE}\n{BODY}\n清江乡抗旱工作总结\n{BODY * 2}"


PARAGRAPH = "今年雨水来得早，镇里从三月起就把沙石、木桩备足，分存在六个点上，钥匙由专人保管，路线写在墙上，随时可以调用，各村也都照此办理，没有一处漏下，群众看了都说放心"


def printed(style: str, head: str = "", feed: str = "") -> str:
    """A text of three pages whose paragraph runs over the pages' ends."""
    text = PARAGRAPH * 8 + "。"
    lines = [TITLE, *(text[at : at + 20] for at in range(0, len(text), 20))]
    pages = [lines[:11], lines[11:22], lines[22:]]
    return "\n".join(
        "\n".join([*([head] if head else []), *page, "", style.format(number), feed])
        for number, page in enumerate(pages, 1)
    )


@pytest.mark.parametrize(
    "style",
    [
        "— {} —",
        "-{}-",
        "第{}页",
        "第 {} 页 共 3 页",
        "共3页，第{}页",
        "{}",
        "{} / 3",
        "Page {} of 3",
        "－{}－",
    ],
)
@pytest.mark.parametrize("feed", ["", "\x0c"])
@pytest.mark.parametrize("head", ["", "松坪镇文件汇编", TITLE])
def test_pages_leave_no_trace_and_what_runs_over_their_ends_is_joined(
    style: str, feed: str, head: str
) -> None:
    assert clean(printed(style, head, feed)) == f"{TITLE}\n{PARAGRAPH * 8}。"


def test_numbers_of_rows_and_lines_that_stand_once_stay() -> None:
    table = "序号\n村名\n1\n上坪\n2\n下坪\n3\n中坪"
    assert clean(table) == table
    assert (
        clean(f"{TITLE}\n{BODY}\n— 1 —\n防汛物资清单\n{BODY}晚上也巡。")
        == f"{TITLE}\n{BODY}\n防汛物资清单\n{BODY}晚上也巡。"
    )


@pytest.mark.parametrize(
    "note",
    [
        "附件：1.物资清单",
        "附：巡堤排班表",
        "联系人：小秦，电话：0000-1234567",
        "（联系人：小秦）",
        "抄送：县防汛办，县水利局。",
        "松坪镇党政办公室 2021年9月1日印发",
        "（共印20份）",
        "特此报告。",
        "以上报告，如有不妥，请批评指正。",
        "谢谢大家！",
    ],
)
def test_notes_behind_a_report_stay_in_its_text_and_make_no_passage(note: str) -> None:
    (document,) = documents_of(f"{TITLE}\n一、做法\n{BODY}\n{note}\n松坪镇人民政府\n2021年9月1日", "a.txt")
    assert note in document.text
    assert [passage.text for passage in split(document)] == [BODY]
    assert document.organization == "松坪镇"


def test_a_list_of_enclosures_is_no_section() -> None:
    text = f"{TITLE}\n一、做法\n{BODY}\n附件：1.物资清单\n2.巡堤排班表\n松坪镇人民政府\n2021年9月1日\n抄送：县水利局。"
    kinds = [line.kind for line in parse_lines(text)]
    assert kinds == ["title", "heading", "paragraph", "note", "note", "signature", "date", "note"]


def test_what_stands_above_a_title_is_no_title() -> None:
    text = f"松坪镇人民政府文件\n松政发〔2021〕12号\n{TITLE}\n松坪镇人民政府\n（2021年9月1日）\n县防汛办：\n{BODY}"
    kinds = [line.kind for line in parse_lines(text)]
    assert kinds == ["note", "note", "title", "signature", "date", "recipient", "paragraph"]


LINES = st.sampled_from(
    [TITLE, BODY, "一、做法", "首页 > 总结", "— 2 —", "3", "4", "相关文章", "【打印】【关闭】", "附件：1.清单", "松坪镇人民政府", "2021年9月1日",
     "\x0c", "", "工作总结", "来源：某网 点击：9", "篇一：总结", "全镇巡堤", "抄送：县里"]
)  # fmt: skip


@given(st.lists(LINES, max_size=30))
def test_sentences_survive_any_frame(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = "".join(document.text for document in documents_of(text, "a.txt"))
    assert found.count("群众夜里睡得安稳") >= min(1, lines.count(BODY))

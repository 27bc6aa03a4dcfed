"""Telling reports apart, headings, roles, topics, passages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.corpus import documents_of, split
from drafter.corpus.headings import PART_LEVEL, POINT_LEVEL, parse_heading
from drafter.corpus.layout import parse_lines
from drafter.corpus.reports import separate
from drafter.corpus.roles import cut, role_of_heading
from drafter.corpus.splitting import LONGEST, SHORTEST
from drafter.corpus.topics import topic_of, topic_under
from drafter.passages import Document

LONG = "镇里逐村核对台账，逐户上门走访，把问题登记清楚，把责任落实到人，做到件件有回音、事事有着落。"


@pytest.mark.parametrize(
    ("line", "level", "text", "rest"),
    [
        ("一、主要做法", 1, "主要做法", ""),
        ("（一）压实责任", 2, "压实责任", ""),
        ("(二)补足物资", 2, "补足物资", ""),
        ("1.修渠", 3, "修渠", ""),
        ("2、补路", 3, "补路", ""),
        ("（3）栽树", 4, "栽树", ""),
        ("# 松坪镇工作总结", 0, "松坪镇工作总结", ""),
        ("## 一、主要做法", 1, "主要做法", ""),
        ("### （二）补足物资", 2, "补足物资", ""),
        ("（一）压实责任，分片包干。镇村干部上堤。", 2, "压实责任，分片包干", "镇村干部上堤。"),
        ("1.修渠。清淤三公里。", 3, "修渠", "清淤三公里。"),
        ("一是压实责任。干部上堤。", POINT_LEVEL, "压实责任", "一是压实责任。干部上堤。"),
        ("三要补足物资，备好编织袋。", POINT_LEVEL, "补足物资，备好编织袋", "三要补足物资，备好编织袋。"),
        ("十二、其他", 1, "其他", ""),
        ("第一部分 主要做法", PART_LEVEL, "主要做法", ""),
        ("1）修渠。清淤三公里。", 4, "修渠", "清淤三公里。"),
        ("(2)补路", 4, "补路", ""),
        ("⑴栽树", 4, "栽树", ""),
        ("⒉补路", 3, "补路", ""),
        ("㈡补足物资", 2, "补足物资", ""),
        ("①修渠。清淤三公里。", 5, "修渠", "清淤三公里。"),
        ("第二、补足物资", 5, "补足物资", ""),
        ("第一、压实责任。干部上堤。", POINT_LEVEL, "压实责任", "第一、压实责任。干部上堤。"),
        ("首先，压实责任。干部上堤。", POINT_LEVEL, "压实责任", "首先，压实责任。干部上堤。"),
        ("最后，说说打算。人要到位。", POINT_LEVEL, "说说打算", "最后，说说打算。人要到位。"),
        ("其二，补足物资。备好编织袋。", POINT_LEVEL, "补足物资", "其二，补足物资。备好编织袋。"),
    ],
)
def test_headings_of_every_style_are_recognised(line: str, level: int, text: str, rest: str) -> None:
    heading = parse_heading(line)
    assert heading is not None
    assert (heading.level, heading.text, heading.rest) == (level, text, rest)


@pytest.mark.parametrize(
    "line",
    [
        "1.5万元用于修渠。",
        "全镇共有三个村。",
        "（一）新建蓄水池2座，清淤渠道3公里，惠及两个村。",
        "一是不是",
        "、",
        "（）",
        "#",
        "一、二季度巡堤四遍。",
        "3、4月份清淤。",
        "第一季度巡堤四遍。",
        "一部分干部外出开会",
        "首先完成清淤的是上坪村。",
        "最后一班人下堤。",
        "12.3公里",
    ],
)
def test_prose_is_not_taken_for_a_heading(line: str) -> None:
    heading = parse_heading(line)
    assert heading is None or heading.level == POINT_LEVEL


def test_three_reports_in_one_file_are_told_apart() -> None:
    text = "\n".join(
        [
            "一、做好巡查", LONG, "二、存在问题", LONG, "三、下一步打算", LONG,
            "一、抓实演练", LONG, "二、下步计划", LONG,
            "清江乡上半年抗旱工作情况汇报", "一、摸清水源", LONG, "二、不足之处", LONG,
        ]
    )  # fmt: skip
    documents = documents_of(text, "三篇.txt")
    assert [document.text.split("\n")[0] for document in documents] == [
        "一、做好巡查",
        "一、抓实演练",
        "清江乡上半年抗旱工作情况汇报",
    ]
    assert documents[2].title == "清江乡上半年抗旱工作情况汇报"
    assert documents[2].organization == "清江乡"
    assert len({document.id for document in documents}) == 3


def test_an_opening_paragraph_belongs_to_the_report_that_it_opens() -> None:
    text = "\n".join(
        ["一、做法", LONG, "二、打算", LONG, "今年以来，**乡狠抓抗旱，现将情况汇报如下：", "一、找水", LONG]
    )
    assert [part.split("\n")[0] for part in separate(text)] == [
        "一、做法",
        "今年以来，**乡狠抓抗旱，现将情况汇报如下：",
    ]


def test_one_report_stays_one() -> None:
    text = "\n".join(
        [
            "松坪镇防汛工作总结",
            LONG,
            "一、做法",
            "（一）巡查",
            LONG,
            "（二）演练",
            LONG,
            "二、问题",
            LONG,
            "三、打算",
            LONG,
        ]
    )
    assert separate(text) == [text]


FIRST, SECOND = "松坪镇2021年防汛工作总结", "清江乡2022年抗旱工作汇报"
SIGNED = ["松坪镇人民政府", "2021年9月1日"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([FIRST, LONG, "1、做法", LONG, "2、打算", LONG], [SECOND, LONG, "1、做法", LONG]),  # numbered by 1、
        ([FIRST, *[LONG] * 6], [SECOND, *[LONG] * 6]),  # no numbers at all
        (["（一）做法", LONG, "（二）打算", LONG], ["今年以来，我乡狠抓抗旱，现汇报如下：", "（一）找水", LONG]),
        (["1、做法", LONG, "2、打算", LONG], ["今年以来，我乡狠抓抗旱，现汇报如下：", "1、找水", LONG]),
        (["一、做法", LONG, "二、打算", LONG], ["近年来，清江乡连年干旱。", "现将有关情况汇报如下：", "一、找水", LONG]),
        (["一、做法", LONG * 4, *SIGNED], [LONG, "下半年接着干。", LONG]),  # a signature ends a report
        (["一、做法", LONG * 4, *SIGNED, "附件：1.清单"], [LONG, "下半年接着干。", LONG]),
        (["篇一：" + FIRST, LONG], ["篇二：" + SECOND, LONG]),
        (["【第1篇】", FIRST, LONG], ["【第2篇】", SECOND, LONG]),
    ],
)  # fmt: skip
def test_two_reports_are_told_apart(first: list[str], second: list[str]) -> None:
    assert separate("\n".join([*first, *second])) == ["\n".join(first), "\n".join(second)]


@pytest.mark.parametrize(
    "lines",
    [
        [FIRST, LONG, "工作开展情况", "1、巡查", LONG, "2、演练", LONG, "下一步工作打算", "1、清淤", LONG],
        [FIRST, "第一部分 做法", "一、巡查", LONG, "二、演练", LONG, "第二部分 打算", "一、清淤", LONG],
        [FIRST, "1、做法", "（一）巡查", LONG, "（二）演练", LONG, "2、打算", "（一）清淤", LONG],
        [FIRST, *SIGNED, LONG * 4, "一、做法", LONG],
        [FIRST, LONG * 4, *SIGNED, "抄送：县水利局。", "联系人：小秦"],
        [FIRST, LONG * 4, *SIGNED, "本稿由办公室整理，未经本人审阅。"],
        [FIRST, LONG * 4, *SIGNED, "附件：1.巡堤情况汇报", "2.物资情况汇报"],
        [FIRST, "一、做法", "1、巡查", LONG, "2、演练", LONG, "二、打算", "1、清淤", LONG, "2、补路", LONG],
        [FIRST, "一、做法", LONG, FIRST, "二、打算", LONG],
        [
            "# " + FIRST,
            "## 一、汛情",
            LONG,
            "## 二、做法",
            "一、巡查。" + LONG,
            "二、演练。" + LONG,
            "## 三、打算",
            LONG,
        ],
    ],
)
def test_sections_signatures_and_notes_open_no_report(lines: list[str]) -> None:
    assert separate("\n".join(lines)) == ["\n".join(lines)]


def test_the_count_of_a_collection_is_no_part_of_a_title() -> None:
    documents = documents_of(f"篇一：{FIRST}\n{LONG}\n第二篇：{SECOND}\n{LONG}", "a.txt")
    assert [document.title for document in documents] == [FIRST, SECOND]
    assert all("篇" not in document.text for document in documents)


@pytest.mark.parametrize(
    ("text", "title", "organization", "period"),
    [
        (
            f"松坪镇2021年上半年防汛工作总结\n{LONG}",
            "松坪镇2021年上半年防汛工作总结",
            "松坪镇",
            "2021年上半年",
        ),
        (f"关于清江乡2020年抗旱工作的报告\n{LONG}", "关于清江乡2020年抗旱工作的报告", "清江乡", "2020年"),
        (f"**镇2020年第一季度工作情况汇报\n{LONG}", "**镇2020年第一季度工作情况汇报", "", "2020年第一季度"),
        (f"榆关街道二〇二二年工作总结\n{LONG}", "榆关街道二〇二二年工作总结", "榆关街道", "二〇二二年"),
        (f"防汛工作总结\n{LONG}\n松坪镇人民政府\n2021年7月1日", "防汛工作总结", "松坪镇", ""),
        (f"2019年，我镇狠抓巡查。{LONG}", "", "", "2019年"),
        (LONG, "", "", ""),
    ],
)
def test_title_organisation_and_period_are_guessed_or_left_empty(
    text: str, title: str, organization: str, period: str
) -> None:
    (document,) = documents_of(text, "a.txt")
    assert (document.title, document.organization, document.period) == (title, organization, period)


def test_ids_stay_for_the_same_text_and_differ_by_source() -> None:
    first, again, other = (documents_of(LONG, source)[0].id for source in ("a.txt", "a.txt", "b.txt"))
    assert first == again != other


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("存在的问题", "problem"), ("问题与不足", "problem"), ("面临的风险挑战", "problem"), ("正视自身不足，明确改进方向", "problem"),
        ("下一步工作打算", "plan"), ("2025年安排", "plan"), ("今后的努力方向", "plan"),
        ("主要做法及成效", "done"), ("工作开展情况", "done"),
        ("强化责任", None), ("补齐道路短板", None), ("防范化解风险", None), ("聚焦突出问题，狠抓整改", None),
    ],
)  # fmt: skip
def test_a_heading_states_a_role_only_when_its_words_do(heading: str, role: str | None) -> None:
    assert role_of_heading(heading) == role


def test_problems_and_plans_in_one_paragraph_are_cut_apart() -> None:
    paragraph = "对照检查，我们在工作中，存在着会开得多、堤上去得少的现象，巡查不够细。下一步工作中，镇里将定人定段，夜间加巡。"
    (document,) = documents_of(f"三、建强队伍\n{LONG}\n四、正视自身不足，明确改进方向\n{paragraph}", "a.txt")
    assert [(passage.role, passage.text) for passage in split(document)][1:] == [
        ("problem", "对照检查，我们在工作中，存在着会开得多、堤上去得少的现象，巡查不够细。"),
        ("plan", "下一步工作中，镇里将定人定段，夜间加巡。"),
    ]


def test_what_was_found_and_mended_is_no_problem() -> None:
    assert [role for role, _ in cut("检查发现存在问题9处，已全部整改。", "done")] == ["done"]


def test_roles_follow_the_order_of_the_genre() -> None:
    text = "\n".join(
        [
            "松坪镇工作总结",
            LONG,
            "一、汛情平稳",
            LONG,
            "二、存在的不足",
            LONG,
            "三、稳中求进抓巩固",
            "（一）补短板",
            LONG,
        ]
    )
    (document,) = documents_of(text, "a.txt")
    assert [passage.role for passage in split(document)] == ["background", "done", "problem", "plan"]


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        ("加强理论武装，提升能力", "理论武装"),
        ("强化责任，压实担子", "强化责任"),
        ("补短板", "短板"),
        ("窗口做减法", "窗口做减法"),
        ("组织开展“四走进”活动", "“四走进”活动"),
        ("提高能力，做好防汛值守", "防汛值守"),
        ("主动出击，切实加强对外宣传", "对外宣传"),
        ("高位推动，形成合力", "高位推动"),
    ],
)
def test_the_topic_is_the_headings_key_phrase(heading: str, topic: str) -> None:
    assert topic_of(heading) == topic


def test_a_heading_that_only_states_a_role_is_no_topic() -> None:
    (document,) = documents_of(f"二、存在的问题\n{LONG}{LONG}", "a.txt")
    assert [passage.topic for passage in split(document)] == [""]


@pytest.mark.parametrize(
    ("path", "topic"),
    [
        (("存在的问题",), ""),
        (("存在的问题和不足",), ""),
        (("下一步工作打算",), ""),
        (("正视自身不足，找准改进方向",), ""),
        (("存在的问题", "路窄灯少"), "路窄灯少"),
        (("森林防火", "存在的问题"), "森林防火"),
        (("2024年安全生产工作计划",), "安全生产"),
        (("养老服务领域存在的困难",), "养老服务"),
        (("主要做法", "加强河道清淤，保障畅通"), "河道清淤"),
        ((), ""),
    ],
)
def test_the_topic_is_of_the_innermost_heading_that_names_one(path: tuple[str, ...], topic: str) -> None:
    assert topic_under(path) == topic


def test_the_reports_own_theme_is_no_topic() -> None:
    assert topic_under(("安全生产工作打算",), "安全生产") == ""
    assert topic_under(("森林防火工作打算",), "安全生产") == "森林防火"


def test_a_point_gives_its_passage_a_topic() -> None:
    (document,) = documents_of(f"二、存在的问题\n一是路窄灯少。{LONG * 2}\n二是水质浑浊。{LONG * 2}", "a.txt")
    assert [passage.topic for passage in split(document)] == ["路窄灯少", "水质浑浊"]


def test_headings_nest_as_the_report_has_them() -> None:
    lines = ["1、做法", "（一）巡查", LONG * 2, "（二）演练", LONG * 2, "2、打算", "（一）清淤", LONG * 2]
    (document,) = documents_of("\n".join(lines), "a.txt")
    assert [passage.heading for passage in split(document)] == [
        ("做法", "巡查"),
        ("做法", "演练"),
        ("打算", "清淤"),
    ]
    assert [passage.role for passage in split(document)] == ["done", "done", "plan"]


def test_numbers_of_one_style_may_stand_under_marked_ones() -> None:
    text = f"# {FIRST}\n## 一、做法\n一、巡查。{LONG * 2}\n二、演练。{LONG * 2}\n## 二、打算\n{LONG * 2}"
    (document,) = documents_of(text, "a.md", markdown=True)
    assert [passage.heading for passage in split(document)] == [("做法", "巡查"), ("做法", "演练"), ("打算",)]


def test_a_speech_is_divided_by_its_first_and_last() -> None:
    lines = ["在全县防汛会上的汇报", "各位领导：", LONG, f"首先，压实责任。{LONG * 2}", f"其次，备足物资。{LONG * 2}",
             f"最后，说说今后的打算。{LONG * 2}", "谢谢大家！"]  # fmt: skip
    (document,) = documents_of("\n".join(lines), "a.txt")
    assert [(passage.role, passage.heading) for passage in split(document)] == [
        ("background", ()),
        ("done", ("压实责任",)),
        ("done", ("备足物资",)),
        ("plan", ("说说今后的打算",)),
    ]


def test_passages_keep_to_whole_sentences_and_usual_lengths() -> None:
    sentence = "第一片区组织巡堤队员沿河逐段排查，把隐患记在册、改在前，当天的事情当天办完。"
    text = "一、做法\n（一）巡查\n" + sentence * 40 + "\n短的一段话。\n又一段短话。\n" + LONG * 2
    (document,) = documents_of(text, "a.txt")
    passages = split(document)
    assert len(passages) > 4
    for passage in passages:
        assert SHORTEST <= len(passage.text) <= LONGEST
        assert passage.text.endswith("。")
        assert passage.heading == ("做法", "巡查")


def test_several_points_in_one_paragraph_do_not_make_the_first_the_heading() -> None:
    (document,) = documents_of(f"二、问题\n一是路窄；二是灯少；三是水浑。{LONG}", "a.txt")
    assert split(document)[0].heading == ("问题",)
    (document,) = documents_of(f"二、问题\n一是路窄。{LONG * 2}\n二是灯少。{LONG * 2}", "a.txt")
    assert [passage.heading for passage in split(document)] == [("问题", "路窄"), ("问题", "灯少")]


def test_recipient_signature_and_date_are_no_passages() -> None:
    text = f"松坪镇防汛工作总结\n县防汛办：\n{LONG}\n一、做法\n{LONG}\n松坪镇人民政府\n2021年7月1日"
    (document,) = documents_of(text, "a.txt")
    joined = "".join(passage.text for passage in split(document))
    assert joined == LONG * 2


PIECES = st.sampled_from(
    ["一、", "二、", "（一）", "(二)", "1.", "2、", "（1）", "一是", "二要", "# ", "## ", "。", "，", "；", "：", "\n", "\n", "”", "“", "存在问题", "下一步将",
     "工作总结", "汇报如下：", "镇", "2021年", "7月1日", "但还存在着一些不足", "巡堤查险", LONG, " ", "　", "！", "？"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join)))
def test_no_character_outside_headings_and_frame_is_lost(text: str) -> None:
    document = Document(id="d", text=text)
    wanted = ""
    for line in parse_lines(text):
        if line.kind == "paragraph":
            wanted += line.text
        elif line.kind == "heading" and line.heading:
            wanted += line.heading.rest
            number = "".join(line.heading.number.split()) + "".join(line.heading.text.split())
            assert "".join(line.text.split()).startswith(number[: len(line.heading.number.split())])
    passages = split(document)
    assert "".join("".join(passage.text.split()) for passage in passages) == "".join(wanted.split())
    assert len({passage.id for passage in passages}) == len(passages)


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join)))
def test_separating_loses_no_line(text: str) -> None:
    assert "\n".join(separate(text)) == "\n".join(line for line in text.split("\n") if line.strip())

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from drafter.writers.cleaning import clean_reply, strip_openings, strip_reasoning
from drafter.writers.phrases import phrases

BODY = "镇党委集中学习9次，培训300人。"


@pytest.mark.parametrize(
    "reply",
    [
        "<think>先列提纲：一、学习9次……</think>" + BODY,
        "<think>\n先想\n</think>\n\n" + BODY,
        "先想一想</think>" + BODY,
        BODY + "\n<think>还要不要写",
        "<Thinking>x</Thinking>" + BODY,
        "<think>甲<think>乙</think></think>" + BODY,
        "```\n" + BODY + "\n```",
        "```markdown\n" + BODY + "\n```",
        "```text\n" + BODY,
        "~~~\n" + BODY + "\n~~~",
        "---\n" + BODY + "\n***",
        "> " + BODY,
        "\ufeff\u200b" + BODY + "\r\n\r\n",
        "　　" + BODY,
        "镇党委集中学习 9 次 ， 培训 300 人 。",
        "镇党委集中学习9次,培训300人。",
        "**镇党委**集中学习`9次`，__培训__300人。",
        "***镇党委***集中学习9次，[培训](https://model.test/a1)300人。",
        "镇党委集中学习9次，培训300人。<br>",
        "- " + BODY,
        "* " + BODY,
        "•" + BODY,
        "1. " + BODY,
        "2、" + BODY,
        "（3）" + BODY,
        "（一）" + BODY,
        "①" + BODY,
    ],
)
def test_wrapping_and_markup_come_off(reply: str) -> None:
    assert clean_reply(reply) == BODY


@pytest.mark.parametrize(
    "opening",
    [
        "好的，以下是青禾镇2023年上半年工作报告的正文：\n\n",
        "好的！以下是为您撰写的段落：",
        "当然可以！\n",
        "当然可以，以下是修改后的内容：\n",
        "根据您提供的事项，我为您撰写了以下段落：\n",
        "根据您提供的材料，",
        "根据提供的事实，以下是“深化理论学习”部分的内容：\n",
        "按照您的要求，现为您整理如下：\n",
        "以下是续写内容：\n",
        "以下为报告正文：\n",
        "【正文】\n",
        "正文：",
        "**正文：**\n",
        "Sure! Here is the paragraph:\n",
        "Here's the section you asked for:\n\n",
        "收到。",
        "（续）",
    ],
)
def test_chatter_before_the_text_comes_off(opening: str) -> None:
    assert clean_reply(opening + BODY) == BODY


@pytest.mark.parametrize(
    "closing",
    [
        "\n\n希望以上内容对您有所帮助！",
        "\n希望这份报告能满足您的要求。",
        "\n如需修改，请随时告诉我。",
        "\n如有其他需要，请随时联系我！",
        "如果您需要进一步调整，可以继续提出。",
        "\n以上内容仅供参考。",
        "\n您可以根据实际情况进行调整。",
        "\n请根据实际情况修改完善。",
        "\n（全文约500字）",
        "（共计512字）",
        "\n(字数：512字)",
        "\n字数统计：512字",
        "\n全文共512字。",
        "\n注：以上内容根据提供的事项撰写，未添加其他数据。",
        "\n（注：本段约120字，可根据实际情况调整）",
        "\n**注：** 以上内容为示例，仅供参考。",
        "\n---\n希望以上内容对您有所帮助！如需修改，请随时告诉我。\n（全文约500字）",
        "\n祝您工作顺利！",
        "\n请问是否还需要其他部分？",
        "\n（完）",
    ],
)
def test_chatter_after_the_text_comes_off(closing: str) -> None:
    assert clean_reply(BODY + closing) == BODY


@pytest.mark.parametrize(
    "echo",
    [
        "深化理论学习\n",
        "（一）深化理论学习\n",
        "(一) 深化理论学习\n",
        "一、深化理论学习\n",
        "二、深化理论学习：\n",
        "1. 深化理论学习\n",
        "1.深化理论学习。\n",
        "## 深化理论学习\n\n",
        "### （一）深化理论学习 ###\n",
        "**（一）深化理论学习**\n",
        "**深化理论学习：**",
        "（一）深化理论学习。",
        "第一部分 深化理论学习\n",
        "理论学习\n",
        "好的，以下是正文：\n## 一、深化理论学习\n",
        "竹溪镇2023年上半年理论学习工作情况汇报\n一、深化理论学习\n",
        "标题：关于理论学习的报告\n",
    ],
)
def test_an_echo_of_the_heading_comes_off(echo: str) -> None:
    assert clean_reply(echo + BODY, "深化理论学习", ("理论学习",)) == BODY


def test_one_of_several_topics_stays_as_the_beginning_of_its_paragraph() -> None:
    reply = f"（一）理论学习\n{BODY}\n（二）督查整改\n{BODY}"
    cleaned = clean_reply(reply, "学习和督查", ("理论学习", "督查整改"))
    assert cleaned == f"理论学习。{BODY}\n督查整改。{BODY}"


@pytest.mark.parametrize(
    ("reply", "cleaned"),
    [
        (f"{BODY}\n\n### 强化督查\n\n{BODY}", f"{BODY}\n强化督查。{BODY}"),
        (f"{BODY}\n深化理论学习\n{BODY}", f"{BODY}\n{BODY}"),
        (f"一、主要做法\n（一）强化督查\n{BODY}", f"强化督查。{BODY}"),
        ("- 督查9次\n- 培训300人\n- 整改30处", "督查9次。\n培训300人。\n整改30处。"),
        ("1. **加强学习**：学习9次；\n2. 培训300人", "加强学习：学习9次；\n培训300人。"),
        ("竹溪镇人民政府\n2023年7月5日", "竹溪镇人民政府\n2023年7月5日"),
        (f"### 总结\n{BODY}\n其他工作\n{BODY}", f"{BODY}\n{BODY}"),
        ("独居老人服务\n全年探访独居老人263人次。", "全年探访独居老人263人次。"),
        (f"{BODY}\n宣传标语\n数量：刷写70余条。", f"{BODY}\n宣传标语数量：刷写70余条。"),
        (f"无。\n\n无。{BODY}", BODY),
        ("1. 5月出台评比办法。\n2. 6月评比1次。", "5月出台评比办法。\n6月评比1次。"),
        ("1. 3-5月开展大扫除。\n枫林坳村硬化入户路。", "3-5月开展大扫除。\n枫林坳村硬化入户路。"),
        ("1、5月开会2次。", "1、5月开会2次。"),
        ("1. 督查9次。\n2. 9个村通水。", "督查9次。\n9个村通水。"),
        ("无。", "无。"),
        (f"【报告】\n\n【开头】\n\n【结尾】{BODY}", BODY),
        (f"尊敬的领导：\n\n{BODY}", BODY),
        ("【待补】", "【待补】"),
        ("主要工作有三项。", "主要工作有三项。"),
    ],
)
def test_headings_and_lists_inside_become_plain_paragraphs(reply: str, cleaned: str) -> None:
    assert clean_reply(reply, "深化理论学习") == cleaned


@pytest.mark.parametrize(
    "matter",
    [
        "现将有关情况汇报如下：\n一是加强学习。",
        "以上报告，请审阅。",
        "特此报告。",
        "如有不妥，请批评指正。",
        "如有险情，随时处置。",
        "希望能得到上级部门的帮助和支持。",
        "请各村根据实际情况抓好落实。",
        "根据你镇安排，开展督查9次。",
        "根据用户需求，供水站改造管网3公里。",
        "根据要求，全镇开展督查9次。",
        "当然，问题依然存在。",
        "好的做法得到推广。",
        "以下是主要问题：一是人手不足。",
        "我将按照要求抓好落实，完成督查9次。",
        "注：数据截至6月30日。",
        "（一岗双责）落实到位。",
        "3、4月份，开展督查9次。",
        "一、二季度，开展督查9次。",
        "1.5万元用于整治。",
        "12.5%的任务已完成。",
        "2023年上半年，开展督查9次。",
        "在**镇和**村开展督查*余次，共**人。",
        "__年__月，开展督查。",
        "在**水库、**工业园增设监控。",
        "会议于9:30开始，投入1,200元，比例为3:2。",
        "网址为https://model.test/a?b=1。",
        "水位降至-5米。",
        "| 事项 | 数量 |\n| --- | --- |\n| 督查, 次 | 9 |",
        "覆盖率达95%，满意率为98.6%。",
        "“四个意识”进一步增强。",
        "全镇7*24小时值守。",
    ],
)
def test_matter_that_looks_like_chatter_or_markup_stays(matter: str) -> None:
    assert clean_reply(matter, "深化理论学习", ("理论学习",)) == matter


@pytest.mark.parametrize(
    ("half", "full"),
    [
        ("督查9次,整改30处;培训40人:", "督查9次，整改30处；培训40人："),
        ("完成率95%,同比提高", "完成率95%，同比提高"),
        ("三会一课(12次)落实", "三会一课（12次）落实"),
        ("(见附件)", "（见附件）"),
        ('开展"两学一做"活动', "开展“两学一做”活动"),
        ('推广"5G"应用', "推广“5G”应用"),
        ('一个"引号', '一个"引号'),
        ("f(x) = 1, 2", "f(x) = 1, 2"),
        ("何故?立即查!", "何故？立即查！"),
    ],
)
def test_half_width_marks_beside_chinese_become_full_width(half: str, full: str) -> None:
    assert clean_reply(half) == full


def test_bold_is_told_from_masks() -> None:
    assert (
        clean_reply("开展**专项督查**，推进**人居环境整治**工作。") == "开展专项督查，推进人居环境整治工作。"
    )
    assert clean_reply("**镇坚持为民服务，为**县作出贡献。") == "**镇坚持为民服务，为**县作出贡献。"


@pytest.mark.parametrize(
    "nothing", ["", " \n\t", "<think>x", "```\n```", "好的，以下是正文：", "## 深化理论学习", "---"]
)
def test_a_reply_of_nothing_is_empty(nothing: str) -> None:
    assert clean_reply(nothing, "深化理论学习") == ""


def test_parts_of_a_reply_can_be_cleaned_alone() -> None:
    assert strip_reasoning("a<think>b</think>c") == "ac"
    assert strip_openings(" 好的，接上文：督查") == "督查"


@pytest.mark.parametrize(
    "name",
    ["chatter_openings.txt", "chatter_closings.txt", "titles.txt", "context_overflow.txt", "quota.txt"],
)
def test_each_phrase_list_has_distinct_rules_none_of_which_takes_the_empty_text(name: str) -> None:
    rules = phrases(name)
    assert len(set(rules)) == len(rules)
    if name in ("chatter_openings.txt", "chatter_closings.txt", "titles.txt"):
        assert not [rule for rule in rules if re.fullmatch(rule, "")]


_WORDS = st.sampled_from(
    [
        "全镇",
        "我镇",
        "镇党委",
        "村干部",
        "理论学习中心组",
        "开展",
        "召开",
        "组织",
        "落实",
        "督查",
        "会议",
        "培训",
        "整改",
        "隐患",
        "30处",
        "9次",
        "300余人",
        "1.5万元",
        "95%",
        "2023年",
        "6月底",
        "进一步",
        "“四个意识”",
        "《实施方案》",
        "（含村级）",
        "安全生产",
        "一岗双责",
        "网格员",
        "百分之九十五",
        "三名",
        "App",
        "5G",
    ]
)
_CLAUSE = st.lists(_WORDS, min_size=2, max_size=6).map("".join)
_SENTENCE = st.lists(_CLAUSE, min_size=1, max_size=3).map("，".join).map(lambda text: f"{text}。")
_PARAGRAPH = st.lists(_SENTENCE, min_size=1, max_size=3).map("".join)
_PLAIN = st.lists(_PARAGRAPH, min_size=1, max_size=4)

_DIRT = st.sampled_from(
    ["<think>", "</think>", "```", "```md\n", "# ", "## ", "**", "__", "*", "`", "- ", "* ", "•", "> ", "1. ", "1.", "2、",
     "一、", "（一）", "(1)", "①", "---", "\n", "\n\n", "\r\n", " ", "　", "|", "| 甲 | 乙 |", "好的，", "当然可以！", "以下是报告正文：",
     "根据您提供的材料，", "希望以上内容对您有所帮助！", "如需修改，请随时告诉我。", "（全文约500字）", "注：", "以上内容", "正文：",
     "深化理论学习", "理论学习", "情况汇报", "标题：", ",", ";", ":", "?", "!", "(", ")", '"', "“", "”", "。", "，", "、", "：", ".", "-",
     "[a](http://b)", "![", "](", "<br>", "&nbsp;", "\ufeff", "\u200d", "\x00", "\ud800", "镇", "村", "9次", "12", "300人", "督查",
     "2023年", "5G", "x", "Sure,", "完", "（完）", "续写：", "第一部分 ", "=", "~~~"]
)  # fmt: skip
_MESS = st.one_of(st.lists(_DIRT, max_size=14).map("".join), st.text(max_size=40))
_BOUNDED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_BOUNDED
@given(_PLAIN, st.sampled_from(["\n", "\n\n", "\r\n", "\n　　", "\n \n\t"]))
def test_plain_paragraphs_pass_unchanged_but_for_blanks(paragraphs: list[str], between: str) -> None:
    assert clean_reply(between.join(paragraphs), "深化理论学习", ("理论学习",)) == "\n".join(paragraphs)


@_BOUNDED
@given(_MESS)
@example("## # ## 一、1. 一、督查")
@example("- - > 1. （一）9次")
@example("**" * 9 + "镇")
def test_cleaning_a_clean_text_changes_nothing(reply: str) -> None:
    once = clean_reply(reply, "深化理论学习", ("理论学习",))
    assert clean_reply(once, "深化理论学习", ("理论学习",)) == once
    assert "\n\n" not in once
    assert once == once.strip()


@_BOUNDED
@given(_PLAIN, st.data())
def test_digits_of_the_body_survive_whatever_is_wrapped_around(paragraphs: list[str], data: Any) -> None:
    marks = st.sampled_from(["", "## ", "- ", "* ", "> ", "（一）", "•", "一、"])
    wrapped = "\n".join(data.draw(marks) + paragraph for paragraph in paragraphs)
    before = data.draw(
        st.sampled_from(
            ["", "好的，以下是报告正文：\n", "<think>算一算</think>", "```\n", "根据您提供的材料，"]
        )
    )
    after = data.draw(
        st.sampled_from(["", "\n```", "\n希望以上内容对您有所帮助！", "\n如需修改，请随时告诉我。"])
    )
    cleaned = clean_reply(before + wrapped + after, "深化理论学习")
    assert re.findall(r"\d", cleaned) == re.findall(r"\d", "".join(paragraphs))
    assert re.findall(r"[\u4e00-\u9fff]", cleaned) == re.findall(r"[\u4e00-\u9fff]", "".join(paragraphs))


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        ("- 评选“最美脱贫户”\n- 惠民演出20余场。", "评选“最美脱贫户”。\n惠民演出20余场。"),
        ("1. 落实《实施细则》\n2. 群众说：“办得好！”", "落实《实施细则》。\n群众说：“办得好！”"),
    ],
)
def test_an_item_that_ends_with_a_closing_mark_gets_its_full_stop(reply: str, body: str) -> None:
    assert clean_reply(reply) == body


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("扎实开展养老服务，一是走访老人80户。", "一是走访老人80户。"),
        ("扎实开展养老服务，增进老人福祉，走访老人80户。", "走访老人80户。"),
        ("养老服务，是一件大事。", "养老服务，是一件大事。"),
        ("工作扎实开展养老服务。一是走访老人80户。", "一是走访老人80户。"),
        ("全镇扎实开展养老服务，走访老人80户。", "全镇扎实开展养老服务，走访老人80户。"),
    ],
)
def test_an_echo_that_runs_into_the_matter_goes(text: str, kept: str) -> None:
    heading = "扎实开展养老服务，增进老人福祉" if "福祉" in text else "扎实开展养老服务"
    assert clean_reply(text, heading) == kept


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        ("一、开会2次。二、培训六期。三、用工540人次。", "一是开会2次。二是培训六期。三是用工540人次。"),
        ("一、开会2次；二、三季度培训六期。", "一是开会2次；二是三季度培训六期。"),
        ("一、二季度开会2次。", "一、二季度开会2次。"),
    ],
)
def test_numbers_that_run_through_a_paragraph_become_the_genres(reply: str, body: str) -> None:
    assert clean_reply(reply) == body

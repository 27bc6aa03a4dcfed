"""Classes of names, phrases and counts that look alike: a numeral in brackets with the letter of what it is.

The letters are those of test_quantities_sentences. Sentences are invented; each class of mistake has some.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.quantities import Mention, find, resolve
from drafter.quantities.rules import read_rules

_KINDS = {
    "q": {"cardinal", "percent", "fraction", "ratio", "range", "ordinal", "money"},
    "d": {"date", "period"},
    "e": {"enumerator"},
    "p": {"phrase"},
    "n": {"name"},
}
CLASSES = {
    "numbered bodies": """
城关派出所[一n]中队出警
刑侦[二n]大队和特警[三n]支队联动
民[一n]庭、刑[二n]庭合并办公
第[三n]人民法庭巡回审判
中铁[十一n]局中标
中建[三n]局进场
市[三n]院专家坐诊
呼吸科[七n]病区满员
改扩建[十一n]中、[二十一n]小等六所学校
第[3n]小学开学
第[二n]化工厂搬迁
[一n]支部、[二n]支部联学
""",
    "places, persons, firms": """
[三n]岔河水文站超警
[三n]道沟片区验收
[万n]福片区动工
[千n]家洞景区开放
[一n]字溪涨水
[万n]联微电子投产
[百n]威精密项目落户
村民王[七n]斤上门求助
运动员何[一n]凡夺冠
游客走进[三n]坊[七n]巷
""",
    "craft, classes, eras": """
神舟[十八n]号返回
北斗[三n]号组网
国家[二n]级档案馆达标
响应升至[二n]级
[二n]类疫苗到货
视力[一n]级的学员
光绪[二d]年修建
民国[三十七d]年的地契
世界[500n]强企业落户
""",
    "numbers of provisions and cases": """
依照《信访工作条例》第[十五n]条办理
民法典第[一千一百六十五n]条
违反办法第[三n]条第[二n]款
(2024)皖[01n]民初[123n]号判决
账号：[6222021234567n]
""",
    "titles in quotation marks": """
“[一n]城书房”建成开放
“[一n]窗通”党群服务中心揭牌
“[万n]人助[万n]企”活动启动
“[百千万n]人才引进工程”收官
举办“[一n]书[一n]茶”读书会
“[四n]点钟学校”开班
“光荣在党[50n]年”纪念章
“[四p]大”活动
“[五p]查五看”行动
“[123p]”转移机制
“[3p]+2”产业体系
""",
    "idioms": """
[一p]步一个脚印
[九p]层之台，起于累土
推行[一p]户一册
心往[一p]处想
[两p]条腿走路
“[一p]次询问、[一p]次取证”
[一p]户不少
[三p]番五次上门
[零p]差评
“[90p]后”干部
""",
    "counts that look like phrases": """
[一q]家企业停产整顿
[一q]名教师教[四q]名学生
走访[千q]家企业
组建[三q]支队伍
创建[两q]大基地
[百q]年戏台修缮一新
[五十q]年一遇的洪水
每2小时[一q]报
水利、气象、应急[三q]方会商
辖[三q]镇[六q]村
沪苏浙皖[三q]省[一q]市
川渝[两q]地协同
夺得[九q]金[六q]银[十一q]铜
在省[十七q]运会上
下设[三q]科[一q]室
短板主要有[三q]：一曰散
营收翻了[一q]番
连续演出[十五q]晚
实现“[二十q]连丰”
[五q]位“老娘舅”
市县[两q]级联动
发热门诊[24q]小时开放
城里[百q]米服务圈
[五q]起已结，[一q]起进入仲裁，此前受理六起
""",
    "dates and numberings": """
成立联合支部，[9.30d]正式揭牌
每月[初一d]、[十五d]赶集
次日[六d]时恢复通车
**[1e].组织覆盖。**现有党员
短板不少：[一e]曰不平衡
[2.1e]推进改造
""",
}


def marked(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The sentence without its brackets, and span and letter of each."""
    text, found = "", []
    while "[" in line:
        head, _, rest = line.partition("[")
        inside, _, line = rest.partition("]")
        text += head
        found.append((len(text), len(text) + len(inside) - 1, inside[-1]))
        text += inside[:-1]
    return text + line, found


def covering(mentions: list[Mention], start: int, end: int) -> Mention:
    return max(
        (mention for mention in mentions if mention.start < end and start < mention.end),
        key=lambda mention: min(mention.end, end) - max(mention.start, start),
    )


@pytest.mark.parametrize("name", CLASSES)
def test_each_class_is_told(name: str) -> None:
    for line in CLASSES[name].strip().splitlines():
        text, spans = marked(line)
        mentions = find(text)
        for start, end, letter in spans:
            assert covering(mentions, start, end).kind in _KINDS[letter], (line, mentions)


def test_an_era_has_its_year() -> None:
    assert find("民国三十七年")[0].parts == (("年", 1948),)
    days = resolve(find("光绪二年")[0])
    assert days is not None
    assert days[0].year == 1876


@pytest.mark.parametrize("text", ["24小时值班", "五十年一遇", "每2小时一报", "千年古树"])
def test_what_the_text_only_tells_of_asks_for_no_fact(text: str) -> None:
    last = find(text)[-1]
    assert last.kind == "cardinal"
    assert not last.countable


@pytest.mark.parametrize(
    ("text", "unit"), [("9" * 40 + "万人", "人"), ("8" * 60 + "亿元", "元"), ("7" * 41 + "户", "户")]
)
def test_figures_too_long_to_be_read_are_an_unknown_quantity(text: str, unit: str) -> None:
    (mention,) = find(text)
    assert (mention.text, mention.kind, mention.value, mention.unit) == (text, "cardinal", None, unit)
    assert mention.countable
    assert mention.interval is None
    assert mention.amount is None


@pytest.mark.parametrize(
    ("text", "percent"), [("票价打对折", "50"), ("按对折优惠", "50"), ("把纸对折", None), ("对折叠床", None)]
)
def test_half_the_price_and_what_is_folded(text: str, percent: str | None) -> None:
    found = [mention.value for mention in find(text)]
    assert found == ([Decimal(percent)] if percent else [])


IDIOMS = sorted({idiom for row in read_rules("idioms.txt") for idiom in row})


@given(
    st.sampled_from(IDIOMS), st.sampled_from(["", "我们", "，", "坚持"]), st.sampled_from(["", "。", "，"])
)
@settings(max_examples=300, deadline=None)
def test_no_idiom_counts(idiom: str, before: str, after: str) -> None:
    assert not any(mention.countable for mention in find(before + idiom + after))


@given(
    st.integers(2, 9),
    st.sampled_from(
        ["名干部", "家企业", "个村", "户居民", "所小学", "支队伍", "件实事", "台设备", "座水库", "条道路"]
    ),
    st.sampled_from(["走访", "新增", "共有", "涉及"]),
)
@settings(deadline=None)
def test_counts_are_not_swallowed(number: int, thing: str, deed: str) -> None:
    numeral = "零一两三四五六七八九"[number]
    for text in (deed + numeral + thing, f"{deed}{number}{thing}"):
        assert find(text)[0].countable, text
        assert find(text)[0].value == number


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("七八年五月建成", (("年", 1978), ("月", 5))),
        ("九九年三月建成", (("年", 1999), ("月", 3))),
        ("六九年十二月参军", (("年", 1969), ("月", 12))),
    ],
)
def test_a_short_year_before_a_month_in_chinese_numerals(
    text: str, parts: tuple[tuple[str, int], ...]
) -> None:
    assert find(text)[0].parts == parts

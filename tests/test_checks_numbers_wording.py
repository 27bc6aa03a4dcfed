"""Free wording: what a writer rounds, merges and computes is no fault, and what only looks like it is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from drafter.checks import run
from drafter.checks.numbers import Numbers
from drafter.facts import parse_facts
from drafter.plugins import CheckContext
from drafter.report import Finding

FACTS: list[dict[str, Any]] = [
    {"id": "a1", "text": "群众知晓率由82%提高到95%"},
    {"id": "a2", "text": "新增监控12处，累计达到58处"},
    {"id": "a3", "text": "适老化改造518户，完成年度任务的103.6%"},
    {"id": "a4", "text": "接报火警21起，同比下降30%"},
    {"id": "a5", "text": "电影队放映公益电影78场，观众3600人次"},
    {"id": "a6", "text": "规上工业企业29家，其中竹木企业13家、五金企业9家"},
    {"id": "a7", "text": "民生支出37.1亿元，占一般公共预算支出的79.1%"},
    {"id": "a8", "text": "为379名农民工追回工资682万元"},
    {"id": "a9", "text": "家禽出栏38万羽，同比增长7.5%"},
    {"id": "b1", "text": "培育家庭农场27家、合作社14家，其中省级示范社2家"},
    {"id": "b2", "text": "3月12日召开部署会"},
    {"id": "b3", "text": "会议数量同比减少32%，文件数量同比减少27%"},
    {"id": "b4", "role": "plan", "text": "年底前知晓率达到97%"},
    {"id": "b5", "text": "5月27日至29日遭遇强降雨，转移群众587人"},
    {"id": "b6", "text": "东岭村新建文化广场1处"},
]


def findings(text: str) -> Sequence[Finding]:
    ledger = parse_facts(
        {
            "organization": "竹湾镇",
            "period": "2024年上半年",
            "theme": "镇域工作",
            "date": "2024-07-05",
            "facts": FACTS,
        }
    )
    return run(text, CheckContext(ledger), [Numbers()]).findings


@pytest.mark.parametrize(
    "text",
    [
        "群众知晓率达到95%，比之前提高13个百分点。",
        "新装监控12处，总数达到58处，较年初的46处增长26.1%。",
        "完成适老化改造518户，超额完成500户的年度任务。",
        "接报火警21起，较去年同期的30起下降30%。",
        "37.1亿元用于民生，占比近八成。",
        "379名农民工拿到工资682万元，人均约1.8万元。",
        "家禽出栏38万羽，增幅为7.5%。",
        "培育经营主体41家，其中家庭农场27家、合作社14家，2家合作社成为省级示范社。",
        "3月中旬召开部署会。",
        "会议、文件数量同比分别减少32%和27%。",
        "放映公益电影78场，3600人次观看。",
        "走进东岭村放映公益电影78场。",
        "5月27日至29日，强降雨持续三天，转移群众587人。",
        "重点抓好三项工作：一是抓学习；二是抓落实；三是抓督查。",
        "新的一年，我们将再接再厉。",
    ],
)
def test_what_follows_from_the_facts_is_no_fault(text: str) -> None:
    assert list(findings(text)) == []


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("群众知晓率达到82%。", "82%"),
        ("群众知晓率达到95%，比之前提高13%。", "13%"),
        ("监控总数达到58处，较年初的46处增长28.1%。", "28.1%"),
        ("完成适老化改造518户，超额完成510户的年度任务。", "510户"),
        ("接报火警21起，较去年同期的32起下降30%。", "32起"),
        ("379名农民工拿到工资682万元，人均约2.8万元。", "约2.8万元"),
        ("家禽出栏38万羽，降幅为7.5%。", "7.5%"),
        ("培育经营主体43家，其中家庭农场27家、合作社14家，2家合作社成为省级示范社。", "43家"),
        ("会议、文件数量同比分别减少27%和32%。", "27%"),
        ("规上工业企业29家，其中竹木企业13家、规上企业9家。", "9家"),
        ("力争年底前知晓率提高97%。", "97%"),
        ("下半年累计接报火警21起。", "下半年"),
        ("5月27日至29日，强降雨持续四天，转移群众587人。", "四天"),
        ("重点抓好四项工作：一是抓学习；二是抓落实；三是抓督查。", "四项"),
    ],
)
def test_what_only_looks_so_is_one(text: str, figure: str) -> None:
    assert figure in [finding.text for finding in findings(text)]


RECKONED = [
    {"id": "c1", "text": "查处超载车辆500辆，卸载货物8000吨"},
    {"id": "c2", "text": "排查隐患264个，整改率98.5%"},
    {"id": "c3", "text": "销售额3120万元，其中线上销售1248万元"},
    {"id": "c4", "text": "化解积案64件，其中县级交办9件、市级交办18件、镇级交办37件"},
    {"id": "c5", "text": "落实护路员岗位620个，其中脱贫人口435人"},
    {"id": "c6", "text": "游客平均停留时间1.8天，比上年延长0.3天"},
]


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("查处超载车辆500辆，卸货8000吨，平均每辆卸载{}。", "16吨", "18吨"),
        ("264个隐患整改了{}。", "260个", "250个"),
        ("264个隐患整改了260个，还有{}正在整改。", "4个", "9个"),
        ("销售额3120万元，线上销售1248万元，线下为{}。", "1872万元", "1827万元"),
        ("64件积案全部化解，其中县级和市级交办的{}。", "27件", "26件"),
        ("620个护路员岗位中，有{}由脱贫人口担任。", "435个", "453个"),
        ("游客平均停留1.8天，而上年只有{}。", "1.5天", "1.6天"),
    ],
)
def test_what_is_worked_out_from_figures_told_beside_it_stands(text: str, right: str, wrong: str) -> None:
    facts = {"organization": "竹湾镇", "period": "2024年", "theme": "镇域工作", "date": "2025-01-05"}
    ledger = parse_facts({**facts, "facts": RECKONED})

    def flagged(figure: str) -> list[str | None]:
        return [one.text for one in run(text.format(figure), CheckContext(ledger), [Numbers()]).findings]

    assert (flagged(right), flagged(wrong)) == ([], [wrong])


FREELY = [
    {"id": "d1", "role": "background", "text": "全镇12个行政村，常住人口3.2万人"},
    {"id": "d2", "text": "进驻事项213项，上年办件43500件，全年办件48720件，日均196件"},
    {"id": "d3", "text": "142个文化服务中心中34个每周开放不足42小时"},
    {"id": "d4", "text": "未整改隐患68条，因资金原因的41条"},
    {"id": "d5", "text": "核定编制86人，在岗79人"},
    {"id": "d6", "text": "免疫疫苗接种8.94万剂次，非免疫疫苗接种5.37万剂次，其中流感疫苗2.15万剂次"},
    {"id": "d7", "text": "村集体经济收入612万元"},
    {"id": "d8", "text": "三年来纠纷总量2022年2980件次、2023年2653件次、2024年2316件次"},
    {"id": "d9", "text": "招聘教师215人，其中研究生学历43人"},
    {"id": "e1", "text": "新建垃圾投放点20个，确诊肺结核病例23例"},
    {"id": "e2", "text": "果园3200亩提质增效，亩均增产300公斤"},
    {"id": "e3", "text": "用水总量1.08亿立方米，控制在1.15亿立方米指标内"},
    {"id": "e4", "text": "非遗项目省级3项、市级7项、县级16项"},
    {"id": "e5", "text": "5月18日博物馆日办活动12场"},
    {"id": "e6", "role": "plan", "text": "送戏下乡64场"},
]


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("全年办件48720件，较上年多办{}。", "5220件", "5520件"),
        ("{}文化服务中心每周开放不足42小时。", "34个", "43个"),
        ("尚余{}隐患没有改完。", "68条", "86条"),
        ("中心86个编制实际在岗79人，空缺{}。", "7个", "9个"),
        (
            "接种免疫疫苗8.94万剂次，非免疫疫苗5.37万剂次，其中流感疫苗2.15万剂次；共接种{}。",
            "14.31万剂次",
            "13.41万剂次",
        ),
        ("村集体经济收入612万元，平均每村{}。", "51万元", "61万元"),
        (
            "2024年纠纷总量2316件次，比2023年的2653件次少337件次；与2022年相比，则减少了{}。",
            "664件次",
            "646件次",
        ),
        ("确诊肺结核{}。", "23人", "32人"),
        ("3200亩果园每亩增产300公斤，共可增产{}。", "960吨", "690吨"),
        ("用水总量1.08亿立方米，比{}的控制指标少。", "1.15亿立方米", "1.51亿立方米"),
        ("省、市、县三级非遗项目分别有3项、7项、{}。", "16项", "26项"),
        ("“{}国际博物馆日”当天办活动12场。", "5·18", "5·19"),
        ("计划送戏下乡{}。", "不少于64场", "不少于74场"),
    ],
)
def test_what_a_writer_merges_and_reckons_stands(text: str, right: str, wrong: str) -> None:
    facts = {"organization": "竹湾镇", "period": "2024年", "theme": "镇域工作", "date": "2025-01-05"}
    ledger = parse_facts({**facts, "facts": FREELY})

    def flagged(figure: str) -> list[str | None]:
        return [one.text for one in run(text.format(figure), CheckContext(ledger), [Numbers()]).findings]

    assert (flagged(right), flagged(wrong)) == ([], [wrong])


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("省、市、县三级非遗项目分别有7项、3项、16项。", ["7项", "3项"]),
        ("招聘教师215人，其中每5人就有2人是研究生。", ["5人", "2人"]),
    ],
)
def test_exchanged_and_wrong_shares_are_found(text: str, figures: list[str]) -> None:
    facts = {"organization": "竹湾镇", "period": "2024年", "theme": "镇域工作", "date": "2025-01-05"}
    ledger = parse_facts({**facts, "facts": FREELY})
    assert [one.text for one in run(text, CheckContext(ledger), [Numbers()]).findings] == figures


def test_one_in_five_is_a_share() -> None:
    facts = {"organization": "竹湾镇", "period": "2024年", "theme": "镇域工作", "date": "2025-01-05"}
    ledger = parse_facts({**facts, "facts": FREELY})
    text = "招聘教师215人，其中每5人就有1人是研究生。"
    assert list(run(text, CheckContext(ledger), [Numbers()]).findings) == []

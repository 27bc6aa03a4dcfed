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

"""Sentences of invented towns with half-width marks and with wrong tenses, and sound ones. Imports nothing of drafter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_SENTENCES = [
    "镇里召开部署会，各村都来了人。",
    "一是摸清底数；二是分类处置。",
    "现将情况汇报如下：全镇平稳。",
    "群众问：“水退了吗？”干部说快了。",
    "大家齐声说好！随后分头行动。",
    "各村（社区）都有专人值守。",
    "依据《防汛预案》，逐户通知。",
    "发放资料3260册，覆盖率达到95%，群众满意。",
    "参加人数为120人（含志愿者30人），比上月多。",
    "县卫健局（WHO合作项目点）派人指导。",
    "安装APP，开展“云巡查”，效率提高。",
    "他说：“要办好这件事。”大家赞成。",
]
_HALF = dict(zip("，；：？！（）“”", ',;:?!()""', strict=True))


def half_widths() -> Iterator[tuple[str, str, str]]:
    """A sentence with one full-width mark made half-width (quotation marks both), that mark, and the right one."""
    for sentence in _SENTENCES:
        for place, mark in enumerate(sentence):
            if mark in "“”":
                continue
            if half := _HALF.get(mark):
                yield sentence[:place] + half + sentence[place + 1 :], half, mark
    for sentence in _SENTENCES:
        if "“" in sentence:
            yield sentence.replace("“", '"').replace("”", '"'), '"', "“"
    yield "排查山塘28座.\n逐处整改。", ".", "。"
    yield "网址是https://example.cn/a,请登录。", ",", "，"


RIGHTFUL = [
    *_SENTENCES,
    "共1,234.5万元，10:30开会，比例为3:1，时间10:00-11:30。",
    "登录https://example.cn/a?x=1&y=2;z=3查询。",
    "邮箱zhang.san@example.cn，网址www.example.cn/a(b)。",
    "The quick brown fox (really), jumps: yes; no? wow!",
    "推广Word、Excel(Office)，使用C++、f(x)。",
    "运行`make (all), test;`即可。",
    '```\nprint("你好", 1);\n```\n正文。',
    "详见[通知](notice(1).md)。",
    "| 村 | 户 |\n| :--- | ---: |\n| 柳湾 | 3 |",
    "1) 巡查\n2) 清淤",
    "他读了 Tom, Dick and Harry 一书。",
    '<font color="red">正文</font>，完。',
    "第3.2节，气温36.5度。",
    "AT&amp;T公司",
    "引进垂直农场(vertical farm)和滴灌(Netafim)两项技术。",
    '泵站参照"Rijn"型设计，记为("R")。',
    "每亩用水按(6×1/6)折算，坡度为(h/l≤0.3)。",
    "水文站位于北纬30°12'至30°15'，东经120°08'26\"，高程不变。",
    "塔高5'10\"，旗杆高12'6''。",
    "摘自《Water and Soil （second edition）》, 48页。",
    "见《Water Reports（Delft）》,12 (2011) 30-41一文。",
    "It's O'Brien的图纸，镇里照办。",
    "采用O'Reilly的教材和Moore's law的说法。",
]

WITHOUT_PARTNER = [
    "村里办起'小课堂，大家都来听。",
    "引用'一表通'三年，又说'够用了。",
    '镇长说"先修渠，后种树。',
    "'",
    "'水'到'渠",
    "培训会(第三期,来了40人",
    "他读Dickens' novels，记下'要点'。",
]
"""Quotation marks and brackets that no other closes."""

LEDGER: dict[str, Any] = {
    "organization": "栗坪镇",
    "period": "2024年上半年",
    "theme": "安全生产工作",
    "facts": [
        {"id": "d1", "topic": "检查", "text": "组织专项检查36次，发现隐患128处"},
        {"id": "d2", "topic": "培训", "text": "举办企业负责人培训4期，参训230人次"},
        {"id": "d3", "topic": "宣传", "text": "发放安全手册3260册"},
        {"id": "d4", "topic": "演练", "text": "在柳湾村举行山洪转移演练，130人参加"},
        {"id": "d5", "topic": "责任", "text": "与25家工业企业签订责任书"},
        {"id": "d6", "topic": "装备", "text": "为微型消防站配备灭火器80具"},
        {"id": "q1", "role": "problem", "topic": "整改", "text": "还有9处隐患没有整改"},
        {"id": "p1", "role": "plan", "topic": "整改", "text": "8月底前完成剩余9处隐患整改"},
        {"id": "p2", "role": "plan", "topic": "应急", "text": "新建应急物资分库2个"},
        {"id": "p3", "role": "plan", "topic": "培训", "text": "培训村级安全员47名"},
        {"id": "p4", "role": "plan", "topic": "设施", "text": "安装临水护栏5公里"},
        {"id": "p5", "role": "plan", "topic": "燃气", "text": "更换老化燃气软管600根"},
        {"id": "p6", "role": "plan", "topic": "制度", "text": "制定有限空间作业管理办法"},
    ],
}

_DEEDS = [
    "组织专项检查36次，发现隐患128处",
    "举办企业负责人培训4期，参训230人次",
    "发放安全手册3260册",
    "在柳湾村举行山洪转移演练，130人参加",
    "与25家工业企业签订责任书",
    "配备微型消防站灭火器80具",
]
_PLANS = [
    "新建应急物资分库2个",
    "培训村级安全员47名",
    "安装临水护栏5公里",
    "更换老化燃气软管600根",
    "制定有限空间作业管理办法",
]
_FRAME = "一、主要工作\n{done}。\n二、存在的问题\n还有9处隐患没有整改。\n三、下一步工作打算\n{plan}。"
_USUAL = "镇党委加强领导，各村抓好落实"


def wrong_tenses() -> Iterator[str]:
    """Reports in which one sentence has the wrong tense."""
    for plan in _PLANS:
        yield _FRAME.format(done=f"已{plan}", plan=_USUAL)
        yield _FRAME.format(done=plan, plan=_USUAL)
        yield _FRAME.format(done=_USUAL, plan=f"已{plan}")
        yield _FRAME.format(done=f"镇里先后{plan}", plan=_USUAL)
        verb = plan[:2]
        yield _FRAME.format(done=_USUAL, plan=f"{verb}了{plan[2:]}")
    for deed in _DEEDS:
        for lead in ("将", "拟", "计划", "力争"):
            where = {"done": f"镇里{lead}{deed}", "plan": _USUAL}
            if deed.startswith(("在", "与")):
                where["done"] = f"镇里{lead}于近期{deed}" if lead in ("将", "拟", "计划") else where["done"]
                if lead == "力争":
                    continue
            yield _FRAME.format(**where)
        yield _FRAME.format(done=_USUAL, plan=deed)
        yield _FRAME.format(done=_USUAL, plan=f"下半年将{deed}")
    for told in (
        "开展了安全培训",
        "召开了专题会议",
        "完成了道路改造",
        "已建成两个站点",
        "已完成三个村的改造",
    ):
        yield _FRAME.format(done=_USUAL, plan=told)
    for deed in _DEEDS[:2]:
        yield _FRAME.format(done=f"下一步，计划{deed}", plan=_USUAL)
    for opening in ("下一步，", "下半年，", "接下来，全镇", "明年，各村"):
        yield _FRAME.format(done=f"{_DEEDS[0]}。{opening}已全部完成整改", plan=_USUAL)


SOUND_TENSES = [
    _FRAME.format(done=_DEEDS[0] + "。下一步，对已完成的整改逐处复查", plan=_USUAL),
    _FRAME.format(done=_DEEDS[0] + "。下半年，将在已完成整改的基础上巩固提升", plan=_USUAL),
    _FRAME.format(done=_DEEDS[0] + "。下半年工作计划已制定完成", plan=_USUAL),
    *(_FRAME.format(done=deed, plan=plan) for deed, plan in zip(_DEEDS, [*_PLANS, _USUAL], strict=True)),
    _FRAME.format(done=_DEEDS[0], plan="8月底前完成剩余9处隐患整改"),
    _FRAME.format(done=_DEEDS[0], plan="在已完成检查的基础上，继续抓好整改"),
    _FRAME.format(done=_DEEDS[0], plan="巩固专项检查成果，防止已整改的隐患反弹"),
    _FRAME.format(done=_DEEDS[0], plan="对上半年发现的128处隐患逐处复查"),
    _FRAME.format(done="将检查任务分解到人，组织专项检查36次，发现隐患128处", plan=_PLANS[0]),
    _FRAME.format(done="按计划举办企业负责人培训4期，参训230人次", plan=_PLANS[0]),
    _FRAME.format(done="将安全手册3260册发放到户", plan=_PLANS[1]),
    _FRAME.format(done="按照年度计划组织专项检查36次，发现隐患128处", plan=_PLANS[2]),
    _FRAME.format(done=_DEEDS[1], plan="目前已完成选址，年底前新建应急物资分库2个"),
    _FRAME.format(done=_DEEDS[1], plan="用好已建成的微型消防站"),
    _FRAME.format(done=_DEEDS[2] + "，下一步将培训村级安全员47名", plan=_USUAL),
    _FRAME.format(done=_DEEDS[3] + "。下半年计划安装临水护栏5公里", plan=_USUAL),
]

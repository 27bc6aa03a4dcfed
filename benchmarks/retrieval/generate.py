"""Made-up township reports for timing: clauses of the sample material recombined, no two reports alike. Seeded.

Imports nothing of drafter. About twenty passages a report; themes, towns, villages, years and figures are drawn. They read
like reports from afar only: good for counting time, space and memory, not for judging what is found.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

MATERIAL = Path(__file__).parents[1] / "quantities" / "material" / "open"
PASSAGES = 20
"""Passages of a report, about."""

_SLOT = re.compile(r"\{(\w+)\}")
_NUMERALS = "一二三四五六七八九十"
_FIRST = "麦柳石双青白云龙凤清平永安东西南北上下大新金银水松梅桂竹榆杨槐枫荷莲河江湖泉溪沙岩坪原丰"
_SECOND = "岭河坪桥溪塘湾山口集铺店沟湖泉林台屯坝源洲港渡关庙坡岗营庄川滩寨井阳合兴和"
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_ACTORS = """镇党委 镇政府 班子成员 各村党支部 包片干部 驻村工作队 网格员 综治中心 便民服务中心 党政办 经济发展办 农业服务中心
社会事务办 应急管理站 文化站 财政所 派出所 卫生院 中心校 司法所 妇联 团委 工会 各村“两委” 志愿服务队 村民代表 老党员
退役军人 企业负责人 项目专班 镇纪委 人大代表 乡贤 种植大户 合作社 物业公司 帮扶单位""".split()
_MANNERS = """多次 定期 逐户 逐项 持续 扎实 全面 重点 主动 及时 认真 集中 分批 按月 按季 带头 协同 稳步 严格 统筹 常态化 逐级 联合
随机 细致 分类 有序 提前 深入 反复 从严 公开 滚动 依法""".split()
_VERBS = """推进 落实 部署 研究 排查 整治 督办 完善 规范 宣传 检查 核实 登记 回访 协调 化解 保障 公示 更新 修订 组织 通报 对接 汇总
评议 抽查 跟踪 指导 调度 梳理""".split()
_OBJECTS = """台账 责任清单 任务分工 工作方案 应急预案 群众诉求 服务事项 管护制度 考评办法 资金使用 项目进度 薄弱环节 遗留问题
重点场所 基础数据 人员名册 值班安排 物资储备 培训计划 整改措施 示范创建 入户走访 信息报送 设施维护 线索移交 经验做法 联动机制
积分兑换 村规民约 档案资料 公开栏目 热线工单 议事会议 宣传标语 预算执行""".split()
_TAILS = """取得初步成效 得到群众认可 形成工作合力 做到底数清楚 确保落到实处 逐步走上正轨 按期完成任务 补齐短板弱项 受到上级肯定
压实各方责任 打通最后环节 提高办理效率 减少重复劳动 方便群众办事 守住安全底线 增强工作主动性 明确完成时限 建立长效机制
防止问题反弹 带动周边村庄 扩大覆盖范围 降低运行成本""".split()
_LACKS = """进展不够平衡 人手仍然不足 资金缺口较大 个别村重视不够 基础设施陈旧 宣传形式单一 后续管护跟不上 群众参与不高
部门配合不密切 台账更新不及时 专业人员缺乏 制度执行不严 老旧问题反复 考核办法不细""".split()
_HEADING_VERBS = """加强 推进 做好 落实 抓实 规范 完善 深化 强化 统筹 严格 夯实""".split()
_DONE = ("主要工作开展情况", "主要做法及成效", "工作开展情况", "重点工作完成情况")
_PROBLEM = ("存在的问题", "存在的问题和不足", "存在的主要问题")
_PLAN = ("下一步工作打算", "下一步工作计划", "下一步打算")
_PERIODS = ("年", "年", "年上半年", "年第一季度", "年前三季度")


@dataclass(frozen=True)
class Theme:
    """What the material says on one theme: clauses with slots, by topic; and what each slot looks like."""

    name: str
    topics: tuple[str, ...]
    clauses: Mapping[str, tuple[str, ...]]
    slots: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@cache
def themes() -> tuple[Theme, ...]:
    """All themes of the material, slots renamed so that a clause can stand anywhere."""
    found = []
    for path in sorted(MATERIAL.glob("*.json")):
        material = json.loads(path.read_text(encoding="utf-8"))
        clauses: dict[str, list[str]] = {}
        slots: dict[str, Mapping[str, Any]] = {}
        for number, item in enumerate(material["items"]):
            for name, spec in item.get("slots", {}).items():
                slots[f"{name}_{number}"] = spec
            for sentence in item["sentences"]:
                own = _SLOT.sub(
                    lambda m, n=number, known=item.get("slots", {}): (
                        f"{{{m[1]}_{n}}}" if m[1] in known else m[0]
                    ),
                    sentence,
                )
                cut = [piece.strip() for piece in re.split("[，；。]", own)]
                clauses.setdefault(item["topic"], []).extend(piece for piece in cut if 4 < len(piece) < 60)
        kept = {topic: tuple(dict.fromkeys(pieces)) for topic, pieces in clauses.items() if pieces}
        found.append(Theme(material["theme"], tuple(kept), kept, slots))
    return tuple(found)


@dataclass(frozen=True)
class Place:
    """Whose report it is, on what and when."""

    theme: Theme
    town: str
    county: str
    villages: tuple[str, ...]
    year: int
    period: str


def report(draw: random.Random, passages: int = PASSAGES) -> str:
    """The text of one report."""
    theme = draw.choice(themes())
    name = _name(draw)
    place = Place(
        theme,
        name + draw.choice("镇镇镇乡"),
        _name(draw) + draw.choice("县县区市"),
        tuple(_name(draw) + draw.choice(("村", "村", "村", "社区")) for _ in range(8)),
        draw.randint(2012, 2025),
        draw.choice(_PERIODS),
    )
    when = f"{place.year}{place.period}"
    problems = max(1, passages // 5)
    done = max(1, passages - 2 * problems - 1)
    lines = [
        f"{place.town}{when}{theme.name}工作情况报告",
        f"{place.county}人民政府：",
        f"{when}，{place.town}围绕{theme.name}，{_plain(draw, place)}，{_said(draw, place, draw.choice(theme.topics))}。现将有关情况报告如下：",
        f"一、{draw.choice(_DONE)}",
    ]
    for number in range(done):
        topic = draw.choice(theme.topics)
        heading = f"{draw.choice(_HEADING_VERBS)}{topic}"
        lines += [f"（{_count(number + 1)}）{heading}", _paragraph(draw, place, topic)]
    lines.append(f"二、{draw.choice(_PROBLEM)}")
    for number in range(problems):
        topic = draw.choice(theme.topics)
        lines.append(
            f"{_NUMERALS[number % 10]}是{topic}{draw.choice(_LACKS)}。{_paragraph(draw, place, topic, lack=True)}"
        )
    lines.append(f"三、{draw.choice(_PLAN)}")
    for number in range(problems):
        topic = draw.choice(theme.topics)
        lines.append(
            f"{_NUMERALS[number % 10]}是{draw.choice(_HEADING_VERBS)}{topic}。{_paragraph(draw, place, topic)}"
        )
    lines += [f"{place.town}人民政府", f"{place.year}年12月{draw.randint(1, 28)}日"]
    return "\n".join(lines) + "\n"


def _paragraph(draw: random.Random, place: Place, topic: str, *, lack: bool = False) -> str:
    sentences = []
    while sum(map(len, sentences)) < 110:
        clauses = [
            _said(draw, place, topic if draw.random() < 0.6 else draw.choice(place.theme.topics))
            if draw.random() < 0.4
            else _plain(draw, place)
            for _ in range(draw.randint(2, 4))
        ]
        if lack:
            clauses.append(draw.choice(_LACKS))
        sentences.append("，".join(clauses) + "。")
    return "".join(sentences)


def _said(draw: random.Random, place: Place, topic: str) -> str:
    """A clause of the material with its slots filled."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name in place.theme.slots:
            return _figure(draw, place.theme.slots[name])
        fixed = {"now": "今年以来", "last": "上年同期", "next": "明年", "town": place.town}
        return fixed.get(name) or draw.choice(place.villages)

    return _SLOT.sub(value, draw.choice(place.theme.clauses[topic]))


def _plain(draw: random.Random, place: Place) -> str:
    """A clause put together from lists, so that not all reports of a theme have the same."""
    who = draw.choice((draw.choice(_ACTORS), draw.choice(place.villages), draw.choice(_SURNAMES) + "某某"))
    what = draw.choice((draw.choice(_OBJECTS), draw.choice(place.theme.topics) + draw.choice(_OBJECTS)))
    middle = f"{who}{draw.choice(_MANNERS)}{draw.choice(_VERBS)}{what}"
    shape = draw.random()
    if shape < 0.4:
        return middle
    if shape < 0.7:
        return f"{middle}{draw.randint(2, 480)}{draw.choice(('次', '项', '件', '处', '户', '人次'))}"
    return f"{middle}、{draw.choice(_OBJECTS)}{draw.choice(_TAILS)}"


def _figure(draw: random.Random, spec: Mapping[str, Any]) -> str:
    kind, unit = spec["kind"], spec.get("unit", "")
    if kind in ("date", "month", "time", "year", "ordinal"):
        return {"date": "6月18日", "month": "9月", "time": "9时", "year": "2019年"}.get(
            kind, f"第{draw.randint(1, 9)}{unit}"
        )
    low, high = sorted((abs(spec.get("low", 2)), abs(spec.get("high", 900))))
    number = (
        f"{draw.uniform(float(low), float(high)):.1f}"
        if spec.get("digits")
        else str(draw.randint(int(low), int(high)))
    )
    return f"{number}%" if kind in ("percent", "point") else f"{number}{unit}"


def _name(draw: random.Random) -> str:
    return draw.choice(_FIRST) + draw.choice(_SECOND)


def _count(number: int) -> str:
    """A Chinese numeral up to 99."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens - 1] + "十") + (
        _NUMERALS[ones - 1] if ones else ""
    )


def queries(draw: random.Random, count: int) -> Iterator[tuple[str, str]]:
    """A section's text (topics and a few facts, as drafting asks) and its role."""
    for _ in range(count):
        theme = draw.choice(themes())
        place = Place(theme, "本镇", "", ("各村",), 2024, "年")
        topic = draw.choice(theme.topics)
        facts = [
            _said(draw, place, topic) if draw.random() < 0.6 else _plain(draw, place)
            for _ in range(draw.randint(3, 9))
        ]
        yield (
            " ".join((topic, draw.choice(theme.topics), *facts)),
            draw.choice(("done", "done", "problem", "plan")),
        )


def write(folder: Path, passages: int, seed: int = 1) -> int:
    """Write reports with so many passages in all, a hundred files a folder; how many files."""
    draw = random.Random(seed)
    count = max(1, round(passages / PASSAGES))
    for number in range(count):
        place = folder / f"{number // 100:04d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:06d}.txt").write_text(report(draw), encoding="utf-8")
    return count

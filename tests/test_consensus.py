"""What the best passages of a search have in common brings those on their topic forward; a favoured theme fills up."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from drafter.corpus import open_store
from drafter.corpus.consensus import CONSIDERED, _agreement, by_consensus
from drafter.passages import Passage, Query

REPO = Path(__file__).resolve().parent.parent


def passages(**texts: str) -> dict[str, Passage]:
    return {
        key: Passage(id=key, document=key, heading=tuple(text.split("/")[:-1]), text=text.split("/")[-1])
        for key, text in texts.items()
    }


def test_the_sum_over_neighbours_is_the_one_that_its_definition_gives():
    draw = random.Random(3)
    sets = [frozenset(draw.sample("甲乙丙丁戊己庚辛壬癸", draw.randint(1, 8))) for _ in range(12)]
    sets[4] = frozenset()
    scores = [draw.uniform(1, 30) for _ in sets]
    frequencies = Counter(member for members in sets for member in members)
    weight = {member: math.log(len(sets) / count) ** 2 for member, count in frequencies.items()}

    def cosine(one: frozenset[str], other: frozenset[str]) -> float:
        lengths = math.prod(math.sqrt(sum(weight[member] for member in members)) for members in (one, other))
        return sum(weight[member] for member in one & other) / lengths if lengths else 0.0

    wanted = [
        sum(
            cosine(members, other) * score
            for other, score in zip(sets, scores, strict=True)
            if other is not members
        )
        for members in sets
    ]
    assert _agreement(scores, sets) == pytest.approx(wanted)


def test_a_passage_that_shares_the_topic_of_the_others_comes_before_a_stray_hit():
    found = passages(
        a="开办长者食堂，八十岁以上老人半价用餐",
        stray="食堂承包合同到期，重新组织招标，财政所负责审核",
        b="党员送餐到家，老人用餐不出门，长者食堂菜价公示",
        c="老人用餐补贴由集体承担，送餐到家",
    )
    hits = [("a", 9.0), ("stray", 8.0), ("b", 7.9), ("c", 7.8)]
    order = by_consensus(hits, found)
    assert [key for key, _ in order].index("stray") == 3
    assert [score for _, score in order] == sorted((score for _, score in order), reverse=True)


def test_headings_that_only_state_a_role_are_nothing_in_common():
    said = ("防汛物资已补充", "路灯维修十盏", "接访群众三批", "招聘会办了两场")
    plain = passages(**{str(at): text for at, text in enumerate(said)})
    under = passages(**{str(at): f"存在的问题/{text}" for at, text in enumerate(said)})
    topical = passages(
        **{str(at): f"{'备足物资' if at in (0, 3) else '存在的问题'}/{text}" for at, text in enumerate(said)}
    )
    hits = [(str(at), 5.0 - at / 10) for at in range(4)]
    assert by_consensus(hits, under) == by_consensus(hits, plain)
    assert {key for key, _ in by_consensus(hits, topical)[:2]} == {"0", "3"}


def test_few_hits_and_those_behind_the_best_keep_their_order():
    two = passages(a="甲乙丙", b="丁戊己")
    assert by_consensus([("a", 2.0), ("b", 1.0)], two) == [("a", 2.0), ("b", 1.0)]
    many = passages(**{f"p{at}": f"第{at}项工作已经办结" for at in range(CONSIDERED + 5)})
    hits = [(key, 100.0 - at) for at, key in enumerate(many)]
    assert by_consensus(hits, many)[CONSIDERED:] == hits[CONSIDERED:]
    assert by_consensus([], {}) == []


REPORTS = {
    "防汛备汛工作": "镇级仓库补充编织袋和救生衣，与沙石料场签订代储协议，抢险时随叫随到，群众转移路线也已张贴到每个村组的公告栏里。",
    "养老服务工作": "改造镇敬老院，增加护理型床位和电梯，把闲置小学改建为日间照料中心，村里建起颐养小院，添置躺椅、理疗仪和棋牌桌。",
    "农村公路养护工作": "用冷补料填补坑洼，灌缝处理裂缝，更换破碎板，疏通边沟涵洞，对沉陷路基压浆，雨后及时清除塌方，保障班车正常通行。",
}


def test_a_favoured_theme_fills_up_and_narrows_nothing(tmp_path: Path):
    for number, (theme, text) in enumerate(REPORTS.items()):
        report = f"云溪镇2023年{theme}总结\n一、主要工作开展情况\n（一）工作到位。{text}\n"
        (tmp_path / f"{number}.txt").write_text(report, encoding="utf-8")
    with open_store(tmp_path / "store") as corpus:
        corpus.add([tmp_path / f"{number}.txt" for number in range(len(REPORTS))])

        def texts(**query: str) -> list[str]:
            return [passage.text[:4] for passage in corpus.find(Query(role="done", **query))]

        assert texts(text="物资储备") == []
        assert texts(text="物资储备", favoured_theme="防汛工作")[0] == "镇级仓库"
        assert texts(text="床位", favoured_theme="防汛工作")[0] == "改造镇敬"
        assert texts(text="床位", favoured_theme="　。") == texts(text="床位") == ["改造镇敬"]


def test_scores_are_the_same_to_the_last_digit_in_every_process(tmp_path: Path) -> None:
    """Sets are walked in another order in every process, and sums of fractions depend on the order."""
    draw = random.Random(5)
    for number in range(6):
        lines = ("".join(draw.choices("排查隐患整改宣传培训道路村组防汛河道", k=60)) + "。" for _ in range(8))
        (tmp_path / f"{number}.txt").write_text(
            f"青溪镇202{number}年防汛工作总结\n" + "\n".join(lines), "utf-8"
        )
    program = (
        "import sys; from drafter.corpus import open_store; from drafter.passages import Query\n"
        "with open_store(sys.argv[1]) as store:\n"
        "    store.add([sys.argv[2]])\n"
        "    print([(hit.id, hit.score) for hit in store.find(Query(text='排查隐患，整改道路', favoured_theme='防汛'))])"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / f"store-{seed}"), str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(REPO)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
        for seed in range(3)
    }
    (only,) = told
    assert only.count("(") > 2

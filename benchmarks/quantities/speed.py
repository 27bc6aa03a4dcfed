"""How fast `find` reads and `Numbers().check` checks, and how both grow.

    python -m benchmarks.quantities.speed [--runs 7]

Texts and ledgers are made here, by a seed, no sentence like another. Times are the best of some runs on one core;
nothing is asserted. `cold` is the first check against a ledger, `warm` any further one, on a draft it has not seen yet,
as in the repair loop. Growth is the time for each character or fact, as a multiple of the time at 1×: linear work stays
near 1.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from functools import partial

from benchmarks.rows import Row, markdown
from drafter.checks.numbers import Numbers
from drafter.facts import Facts, parse_facts
from drafter.plugins import CheckContext
from drafter.quantities import find

SECTION = 3000
FACTS = 60
FEW_FACTS = 50
"""Where growth in facts begins: a ledger may have 5,000."""
RUNS = 7
STEPS = (1, 10, 100)
_WARMING = 1_000
"""The seed of the draft that makes a ledger known; a draft that was judged is not judged again, so none is timed twice."""
PATIENCE = 20.0
"""Seconds: a step is left out when the step before it says it would take longer."""

_PLACES = ("云溪", "柳湾", "石桥", "青坪", "荷塘", "南岭", "枫林", "双河", "白沙", "桃源")
_DEEDS = (
    ("组织", "消防演练", "次"),
    ("排查", "安全隐患", "处"),
    ("培训", "网格员", "人次"),
    ("修缮", "灌溉水渠", "公里"),
    ("发放", "宣传手册", "份"),
    ("走访", "困难家庭", "户"),
    ("投入", "整治资金", "万元"),
    ("栽种", "行道树", "株"),
    ("办理", "群众诉求", "件"),
    ("调解", "邻里纠纷", "起"),
    ("新建", "充电车棚", "座"),
    ("清理", "河道垃圾", "吨"),
    ("开展", "义诊活动", "场次"),
    ("改造", "老旧厨房", "间"),
)
_FILLERS = (
    "坚持把群众满意作为工作的出发点，推动各项任务落地见效",
    "进一步压实责任、细化举措，形成齐抓共管的良好局面",
    "认真落实上级部署，统筹做好督促检查和跟踪问效",
    "注重总结经验做法，不断完善长效管理机制",
    "广泛听取意见建议，着力解决大家反映突出的问题",
    "加强沟通协调，确保工作环环相扣、有序推进",
)
_DENSE = ("{p}{v}{o}{a}{u}、{o}{b}{u}，同比增长{c}%；", "{p}{v}{o}近{a}{u}，占{c}%，较上年增加{b}{u}；")


def facts_of(count: int, seed: int = 1) -> Facts:
    """A ledger of so many facts. A new object each time, so that nothing is known of it."""
    rng = random.Random(seed)
    facts = []
    for number in range(count):
        place, (verb, thing, unit) = _PLACES[number % len(_PLACES)], _DEEDS[number % len(_DEEDS)]
        group = "" if number < 140 else f"第{number // 140}网格"
        text = f"{place}村{group}{verb}{thing}{rng.randint(2, 4000)}{unit}"
        facts.append({"id": f"f{number + 1:04}", "topic": thing, "text": text})
    header = {"organization": "云溪镇", "period": "2023年上半年", "theme": "基层治理", "date": "2023-07-05"}
    return parse_facts({**header, "facts": facts})


def section_of(ledger: Facts, length: int, seed: int = 1) -> str:
    """So many characters that tell the ledger's first facts, in a new order each time they come round."""
    rng = random.Random(seed)
    texts = [fact.text for fact in ledger.facts[:FACTS]]
    pieces: list[str] = []
    size = 0
    while size < length:
        rng.shuffle(texts)
        for text in texts:
            piece = f"今年以来，{text}，{rng.choice(_FILLERS)}。"
            pieces.append(piece)
            size += len(piece)
    return "".join(pieces)[:length]


def sparse_text(length: int, seed: int = 1) -> str:
    """Report prose with one figure in about a hundred characters."""
    rng = random.Random(seed)
    pieces: list[str] = []
    size = 0
    while size < length:
        verb, thing, unit = rng.choice(_DEEDS)
        fillers = "；".join(rng.sample(_FILLERS, 3))
        piece = f"{fillers}。{rng.choice(_PLACES)}村{verb}{thing}{rng.randint(2, 4000)}{unit}，成效明显。\n"
        pieces.append(piece)
        size += len(piece)
    return "".join(pieces)[:length]


def dense_text(length: int, seed: int = 1) -> str:
    """Figures end to end: one in about eight characters."""
    rng = random.Random(seed)
    pieces: list[str] = []
    size = 0
    while size < length:
        verb, thing, unit = rng.choice(_DEEDS)
        piece = rng.choice(_DENSE).format(
            p=rng.choice(_PLACES),
            v=verb,
            o=thing,
            u=unit,
            a=rng.randint(2, 90000),
            b=rng.randint(2, 900),
            c=rng.randint(1, 999) / 10,
        )
        pieces.append(piece)
        size += len(piece)
    return "".join(pieces)[:length]


def best(function: Callable[[], object], runs: int) -> float:
    """Seconds of the fastest of some runs."""
    shortest = float("inf")
    for _ in range(runs):
        begun = time.perf_counter()
        function()
        shortest = min(shortest, time.perf_counter() - begun)
    return shortest


def check_cold(count: int, texts: Sequence[str]) -> float:
    """Seconds of the first check against a ledger of `count` facts: the fastest of these texts, each read once."""
    return min(best(partial(_check, facts_of(count), text), 1) for text in texts)


def check_warm(ledger: Facts, texts: Sequence[str]) -> float:
    """Seconds of a check of the fastest of these texts, each read once, against a ledger that was read before."""
    _check(ledger, section_of(ledger, SECTION, _WARMING))
    return min(best(partial(_check, ledger, text), 1) for text in texts)


def _check(ledger: Facts, text: str) -> None:
    list(Numbers().check(text, CheckContext(ledger)))


def grown(seconds: Callable[[int], float]) -> str:
    """`12 ms at 1×; 10× 1.02; 100× 1.05`: the time at 1×, and the time for each unit as a multiple of it."""
    first = seconds(STEPS[0])
    told = [f"{1000 * first:.3g} ms at 1×"]
    last, step_before = first, STEPS[0]
    for step in STEPS[1:]:
        if last * (step / step_before) > PATIENCE:
            told.append(f"{step}× left out: would take over {PATIENCE:.0f} s")
            break
        last, step_before = seconds(step), step
        told.append(f"{step}× {last / first / step:.2f}")
    return "; ".join(told)


def rows(runs: int = RUNS) -> list[Row]:
    """The rows of the table."""
    table = []
    for name, text in (("sparse", sparse_text(300_000)), ("dense", dense_text(300_000))):
        seconds = best(partial(find, text), runs)
        size = len(text.encode()) / 1e6
        table.append(
            Row(
                "speed: finding",
                f"{name} text, {size:.1f} MB",
                None,
                f"{size / seconds:.2f} MB/s",
                target="≥ 1 MB/s",
                note=f"{len(text) / seconds / 1e6:.2f} million characters/s; {len(find(text)):,} mentions; UTF-8",
            )
        )
    ledger = facts_of(FACTS)
    sections = [section_of(ledger, SECTION, seed) for seed in range(runs)]
    claims = CheckContext(ledger)
    findings = list(Numbers().check(section_of(ledger, SECTION, _WARMING), claims))
    part = f"{SECTION:,} characters, {FACTS} facts"
    note = f"{len(claims.claims)} claims, {len(findings)} findings"
    for name, seconds in (
        ("cold ledger", check_cold(FACTS, sections)),
        ("warm ledger", check_warm(ledger, sections)),
    ):
        ratio = seconds / 0.020
        table.append(
            Row(
                "speed: the number check",
                f"{part}, {name}",
                None,
                f"{1000 * seconds:.1f} ms",
                target="≤ 20 ms",
                note=f"{note}; {ratio:.2f} of the target",
            )
        )

    def finding(step: int) -> float:
        text = dense_text(SECTION * step)
        return best(partial(find, text), 3)

    def in_text(step: int) -> float:
        return check_warm(ledger, [section_of(ledger, SECTION * step, seed) for seed in range(3)])

    def in_facts(step: int) -> float:
        return check_cold(FEW_FACTS * step, sections[:3])

    def in_facts_warm(step: int) -> float:
        return check_warm(facts_of(FEW_FACTS * step), sections[:3])

    for name, seconds_at in (
        (f"finding, text from {SECTION:,} characters", finding),
        (f"check, text from {SECTION:,} characters, {FACTS} facts", in_text),
        (f"check, facts from {FEW_FACTS}, {SECTION:,} characters, cold", in_facts),
        (f"check, facts from {FEW_FACTS}, {SECTION:,} characters, warm", in_facts_warm),
    ):
        table.append(
            Row("growth, per unit", name, None, grown(seconds_at), note="linear or better: about 1 or less")
        )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=RUNS)
    print(markdown(rows(parser.parse_args().runs)))


if __name__ == "__main__":
    main()

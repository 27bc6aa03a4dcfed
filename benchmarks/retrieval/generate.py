"""Made-up township reports for timing: clauses of the sample material recombined, no two reports alike. Seeded.

Imports nothing of drafter. About twenty passages a report; themes, towns, villages, years and figures are drawn. They read
like reports from afar only: good for counting time, space and memory, not for judging what is found.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

MATERIAL = Path(__file__).parents[1] / "quantities" / "material" / "open"
PASSAGES = 20
"""Passages of a report, about."""

_SLOT = re.compile(r"\{(\w+)\}")
_WORDS: Mapping[str, Sequence[str]] = json.loads(
    (Path(__file__).parent / "words.json").read_text(encoding="utf-8")
)
"""Actors, manners, verbs, objects and tails that a clause is put together from, lacks and headings."""
_NUMERALS = "一二三四五六七八九十"
_FIRST = "麦柳石双青白云龙凤清平永安东西南北上下大新金银水松梅桂竹榆杨槐枫荷莲河江湖泉溪沙岩坪原丰"
_SECOND = "岭河坪桥溪塘湾山口集铺店沟湖泉林台屯坝源洲港渡关庙坡岗营庄川滩寨井阳合兴和"
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
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
            own = {name: f"{name}_{number}" for name in item.get("slots", {})}
            slots |= {own[name]: spec for name, spec in item.get("slots", {}).items()}
            for sentence in item["sentences"]:
                said = _renamed(sentence, own)
                cut = [piece.strip() for piece in re.split("[，；。]", said)]
                clauses.setdefault(item["topic"], []).extend(piece for piece in cut if 4 < len(piece) < 60)
        kept = {topic: tuple(dict.fromkeys(pieces)) for topic, pieces in clauses.items() if pieces}
        found.append(Theme(material["theme"], tuple(kept), kept, slots))
    return tuple(found)


def _renamed(sentence: str, names: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda match: f"{{{names.get(match[1], match[1])}}}", sentence)


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
        f"一、{draw.choice(_WORDS['done'])}",
    ]
    for number in range(done):
        topic = draw.choice(theme.topics)
        heading = f"{draw.choice(_WORDS['heading_verbs'])}{topic}"
        lines += [f"（{_count(number + 1)}）{heading}", _paragraph(draw, place, topic)]
    lines.append(f"二、{draw.choice(_WORDS['problem'])}")
    for number in range(problems):
        topic = draw.choice(theme.topics)
        lines.append(
            f"{_NUMERALS[number % 10]}是{topic}{draw.choice(_WORDS['lacks'])}。{_paragraph(draw, place, topic, lack=True)}"
        )
    lines.append(f"三、{draw.choice(_WORDS['plan'])}")
    for number in range(problems):
        topic = draw.choice(theme.topics)
        lines.append(
            f"{_NUMERALS[number % 10]}是{draw.choice(_WORDS['heading_verbs'])}{topic}。{_paragraph(draw, place, topic)}"
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
            clauses.append(draw.choice(_WORDS["lacks"]))
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
    who = draw.choice(
        (draw.choice(_WORDS["actors"]), draw.choice(place.villages), draw.choice(_SURNAMES) + "某某")
    )
    what = draw.choice(
        (draw.choice(_WORDS["objects"]), draw.choice(place.theme.topics) + draw.choice(_WORDS["objects"]))
    )
    middle = f"{who}{draw.choice(_WORDS['manners'])}{draw.choice(_WORDS['verbs'])}{what}"
    shape = draw.random()
    if shape < 0.4:
        return middle
    if shape < 0.7:
        return f"{middle}{draw.randint(2, 480)}{draw.choice(('次', '项', '件', '处', '户', '人次'))}"
    return f"{middle}、{draw.choice(_WORDS['objects'])}{draw.choice(_WORDS['tails'])}"


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


def queries(draw: random.Random, count: int) -> Iterator[tuple[str, str, str]]:
    """A section's text (topics and a few facts, as drafting asks), its role, and the ledger's theme."""
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
            theme.name,
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

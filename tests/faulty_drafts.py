"""Drafts with one fault each, and writers that mend them, do nothing, or make them worse; by number, without chance."""

from __future__ import annotations

import difflib
import random
import re
from collections.abc import Mapping
from dataclasses import replace

from drafter.plugins import Reply, WriteRequest
from drafter.writers.ledger_prose import sentence
from tests.fakes import faithful

KINDS = (
    "number",
    "swapped",
    "leak",
    "copied",
    "placeholder",
    "missing",
    "half",
    "residue",
    "form",
    "time",
)
_SENTENCE = re.compile(r"[^。；\n]+[。；]?")
_COUNT = re.compile(r"(?<![\d.月年第-])\d+(?![\d.-]|年|月|日)")
_CLAUSE = re.compile(r"，[^，。；：\n]+(?=[，。；])")
PAST = """松桥镇2022年重点工作情况汇报

一、主要做法

（一）坚持高位推动，凝聚工作合力。松桥镇党委副书记高远山带队到大湾水库督导，镇综合行动队全程参与，《松桥镇重点工作清单》逐项销号，与望梅乡联合开展了集中行动。

（二）坚持网格到人，形成闭环管理。推行村组干部包片、党员骨干包户、志愿者包点的办法，遇到群众反映的烦心事先登记后分办，能当场办的当场办结，一时办不了的说明原因并约定回访日期，做到件件有回音、事事有着落。

（三）坚持群众参与，营造浓厚氛围。把板凳搬到田间地头和农家院坝，用方言土语讲透政策道理，请种粮大户、退休教师、返乡青年轮流当主讲，群众从站在旁边看热闹变成主动报名当帮手，干群之间的距离一下子拉近了许多。
"""
"""A past report of another town, for the corpus: its names leak, and its long sentences are copied."""
LEAKS = (
    "松桥镇党委副书记高远山带队到大湾水库督导。",
    "对照《松桥镇重点工作清单》逐项销号。",
    "与望梅乡联合开展了集中行动。",
    "松桥镇综合行动队全程参与。",
)
COPIES = tuple(re.findall(r"。((?:推行|把板凳)[^。]+。)", PAST))
RESIDUE = (
    "以上内容根据您提供的事实整理，如需修改请随时告诉我。",
    "（以上见f02、f03）",
    "作为一个AI语言模型，我已尽量保证内容准确。",
    "<b>各项数据均已核对</b>。",
    '{"section": "achievements", "done": true}',
    "希望以上内容对您有所帮助！",
    "[注：此处可根据实际情况补充]。",
    "好的，下面继续为您撰写这一部分：",
    "下一步，各项工作还将",
    "```markdown```",
)
TIMES = (
    "{later}月28日，开展了“回头看”行动，全部整改到位。",
    "2019年3月，召开动员部署会议。",
    "深入学习贯彻党的二十届四中全会精神。",
    "联系人手机号码13812345678。",
    "负责人家住柳塘村8组26号。",
)
BLANKS = ("xx", "**", "××", "【待补】", "〔数〕", "__")


def _with(text: str, added: str, *, inside: bool) -> str:
    """The text with a sentence more, behind its first one or as the last clause of it."""
    first = _SENTENCE.match(text)
    if first is None:
        return text
    if inside and first[0].endswith(("。", "；")):
        return text[: first.end() - 1] + "，" + added.rstrip("。！：") + text[first.end() - 1 :]
    return text[: first.end()] + added + text[first.end() :]


def spoil(kind: str, text: str, request: WriteRequest, number: int) -> str:
    """The text with one fault; the text itself where it offers no place for one."""
    inside = number >= 5
    if kind in ("number", "placeholder"):
        counts = list(_COUNT.finditer(text))
        if not counts:
            return text
        found = counts[number % len(counts)]
        wrong = str(int(found[0]) + 1 + number % 8) if kind == "number" else BLANKS[number % len(BLANKS)]
        return text[: found.start()] + wrong + text[found.end() :]
    if kind == "swapped":
        return _swapped(text, number)
    if kind == "missing":
        if len(request.facts) < 2:
            return "认真抓好各项任务落实。"
        dropped = number % len(request.facts)
        return faithful(replace(request, facts=request.facts[:dropped] + request.facts[dropped + 1 :]))
    if kind == "half":
        clauses = [each for each in _CLAUSE.finditer(text) if re.search(r"\d", each[0])]
        if not clauses:
            return text
        found = clauses[number % len(clauses)]
        return text[: found.start()] + text[found.end() :]
    if kind == "form":
        return _misformed(text, request, number)
    if kind == "time":
        added = TIMES[number % len(TIMES)].format(later=min(12, int(request.ledger.date[5:7]) + 2))
        return _with(text, added, inside=inside and not added.startswith(("深入", "{")))
    if kind == "residue":
        added = RESIDUE[number % len(RESIDUE)]
        if added.startswith("好的"):
            return added + "\n" + text
        return text + added if added.endswith("还将") else _with(text, added, inside=False)
    added = LEAKS[number % len(LEAKS)] if kind == "leak" else COPIES[number % len(COPIES)]
    return _with(text, added, inside=inside)


def _swapped(text: str, number: int) -> str:
    """The text with two of its figures in each other's place."""
    counts = list(_COUNT.finditer(text))
    couples = [(a, b) for a in counts for b in counts if a.start() < b.start() and a[0] != b[0]]
    if not couples:
        return text
    one, other = couples[number * 7 % len(couples)]
    return text[: one.start()] + other[0] + text[one.end() : other.start()] + one[0] + text[other.end() :]


def _misformed(text: str, request: WriteRequest, number: int) -> str:
    """The text with what another section has, a mark without its partner, or half-width marks."""
    own = {fact.id for fact in request.facts}
    if number % 5 in (0, 3):
        others = [
            told + "。"
            for fact in request.ledger.facts
            if fact.id not in own
            and fact.role == "done"
            and len(told := sentence(fact.text, fact.role)) >= 14
        ]
        # a fact of an earlier section, or of a later one
        return _with(text, others[0 if number % 5 == 0 else -1], inside=False) if others else text
    if number % 5 == 1:
        marks = [found.start() for found in re.finditer("[》”）]", text)]
        return text[: marks[0]] + text[marks[0] + 1 :] if marks else text
    if number % 5 == 4:
        counts = list(re.finditer(r"\d[\u4e00-\u9fff]{1,2}(?=[，。])", text))
        return text[: counts[0].end()] + "）" + text[counts[0].end() :] if counts else text
    # a comma is put right already where replies are cleaned
    return text.replace("，", ",").replace("。", ".")


class Spoiling:
    """Writes with one fault in the leaf of this number, and answers what it is asked to mend as its mode says.

    The modes: helpful, useless, harmful, and varied, in which each answer is by seed right, half right or worse than before.
    `skip` leaves are written rightly before the fault.
    """

    name = "spoiling"

    def __init__(self, kind: str, number: int, mode: str, skip: int | None = None) -> None:
        self.kind, self.number, self.mode = kind, number, mode
        self.skip = 1 + number % 3 if skip is None else skip
        self.written = 0
        self.asked: list[WriteRequest] = []
        self.spoiled = ""

    async def write(self, request: WriteRequest) -> Reply:
        right = faithful(request)
        if request.purpose == "write":
            self.written += 1
            # the opening has little to spoil
            if not self.spoiled and request.section != "opening" and self.written > self.skip:
                wrong = spoil(self.kind, right, request, self.number)
                self.spoiled = wrong if wrong != right else ""
                return Reply(wrong)
            return Reply(right)
        self.asked.append(request)
        shown = _shown(request)
        text = (
            "".join(shown)
            or re.findall(r"<<<正文\n(.*?)\n正文>>>", request.messages[-1]["content"], re.DOTALL)[-1]
        )
        if self.mode == "varied":
            return Reply(self._varied(text, right, request))
        if self.mode == "helpful":
            return Reply(_patch(shown, right) if shown else right)
        turn = self.number + len(self.asked)
        answers = _useless(text) if self.mode == "useless" else _harmful(text, right)
        return Reply(answers[turn % len(answers)])

    def _varied(self, text: str, right: str, request: WriteRequest) -> str:
        chance, shown = random.Random(f"{self.kind} {self.number} {len(self.asked)}"), _shown(request)
        way = chance.choice(("well", "well", "partly", "partly", "worse", "idle"))
        if way == "well":
            return _patch(shown, right) if shown else right
        if way == "idle":
            return chance.choice(_useless(text))
        if way == "worse":
            return chance.choice(_harmful(text, right))
        # mended, and spoiled elsewhere in the same breath
        kind = chance.choice([kind for kind in KINDS if kind != self.kind])
        wrong = spoil(kind, right, request, chance.randrange(10))
        return _patch(shown, wrong) if shown else wrong


def _shown(request: WriteRequest) -> dict[str, str]:
    """The sentences that a patch is asked for, and what is said to be wrong with each."""
    asked = request.messages[-1]["content"]
    found = re.findall(r"^\d+\. (.+)\n((?:问题：.+\n)*)", asked, re.MULTILINE)
    return dict(found)


def _patch(shown: Mapping[str, str], right: str) -> str:
    """Each of these sentences as it should be, with what is to be told behind it, or none."""
    # alone a sentence has no place in a count
    sentences = [re.sub("^[一二三四五六七八九]是", "", each) for each in _SENTENCE.findall(right)]
    lines = []
    for old, said in shown.items():
        like = max(sentences, key=lambda each: difflib.SequenceMatcher(None, old, each).ratio())
        new = like if difflib.SequenceMatcher(None, old, like).ratio() > 0.5 else ""
        for fact in re.findall("按原话补全：(.+)|后面补写：(.+)", said):
            told = max(sentences, key=lambda each: len(set(each) & set("".join(fact))))
            new += told if told not in new else ""
        lines += [f"原文：{old}", f"改为：{new}"]
    return "\n".join(lines)


def _useless(text: str) -> list[str]:
    first = _SENTENCE.findall(text)[0]
    return [
        "好的，我已经按要求修改完毕。",
        text,
        "原文：这一句不在正文里。\n改为：换一句。",
        "",
        f"原文：{first}\n改为：{first}",
        '[{"old_text": "，", "new_text": "、"}]',
        "{}",
    ]


def _harmful(text: str, right: str) -> list[str]:
    sentences = _SENTENCE.findall(right)
    counts = _COUNT.findall(right) or ["9"]
    return [
        "全年组织活动99次，参与群众8888人次，受到市委表彰。",
        f"原文：{_SENTENCE.findall(text)[0]}\n改为：",
        right.replace(counts[0], str(int(counts[0]) + 7)),
        text + "".join(LEAKS),
        "".join(sentences[: len(sentences) // 2]) or "无",
        "xx次、**场，【待补】。",
        text * 3,
        f"```\n{text}\n```\n1. 已修改。",
        _swapped(right, 3),
        right + COPIES[0] + TIMES[2] + TIMES[3],
        right.replace("，", ",").replace("》", ""),
    ]

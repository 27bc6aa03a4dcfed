"""Drafts with one fault each, and writers that mend them, do nothing, or make them worse; by number, without chance."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace

from drafter.plugins import Reply, WriteRequest
from tests.fakes import faithful

KINDS = ("number", "leak", "placeholder", "missing", "chat")
_SENTENCE = re.compile(r"[^。；\n]+[。；]?")
_COUNT = re.compile(r"(?<![\d.月年第])\d+(?![\d.]|年|月|日)")
LEAKS = (
    "松桥镇党委副书记高远山带队到大湾水库督导。",
    "对照《松桥镇重点工作清单》逐项销号。",
    "与望梅乡联合开展了集中行动。",
    "松桥镇综合行动队全程参与。",
)
CHATTER = (
    "以上内容根据您提供的事实整理，如需修改请随时告诉我。",
    "作为一个AI语言模型，我已尽量保证内容准确。",
    "希望以上内容对您有所帮助！",
)


def spoil(kind: str, text: str, request: WriteRequest, number: int) -> str:
    """The text with one fault; the text itself where it offers no place for one."""
    if kind == "number":
        counts = list(_COUNT.finditer(text))
        if not counts:
            return text
        found = counts[number % len(counts)]
        return text[: found.start()] + str(int(found[0]) + 1 + number % 8) + text[found.end() :]
    if kind == "placeholder":
        counts = list(_COUNT.finditer(text))
        if not counts:
            return text
        found = counts[number % len(counts)]
        return text[: found.start()] + ("xx", "**", "××")[number % 3] + text[found.end() :]
    if kind == "missing":
        if len(request.facts) < 2:
            return "认真抓好各项任务落实。"
        dropped = number % len(request.facts)
        return faithful(replace(request, facts=request.facts[:dropped] + request.facts[dropped + 1 :]))
    added = LEAKS[number % len(LEAKS)] if kind == "leak" else CHATTER[number % len(CHATTER)]
    first = _SENTENCE.match(text)
    return text if first is None else text[: first.end()] + added + text[first.end() :]


class Spoiling:
    """Writes with one fault in the leaf of this number, and answers what it is asked to mend as its mode says."""

    name = "spoiling"

    def __init__(self, kind: str, number: int, mode: str) -> None:
        self.kind, self.number, self.mode = kind, number, mode
        self.written = 0
        self.asked: list[WriteRequest] = []
        self.spoiled = ""

    async def write(self, request: WriteRequest) -> Reply:
        right = faithful(request)
        if request.purpose == "write":
            self.written += 1
            # the opening has little to spoil
            if not self.spoiled and request.section != "opening" and self.written > 1 + self.number % 3:
                wrong = spoil(self.kind, right, request, self.number)
                self.spoiled = wrong if wrong != right else ""
                return Reply(wrong)
            return Reply(right)
        self.asked.append(request)
        text = re.findall(r"<<<正文\n(.*?)\n正文>>>", request.messages[-1]["content"], re.DOTALL)[-1]
        if self.mode == "helpful":
            return Reply(_patch(text, right) if request.purpose == "patch" else right)
        turn = self.number + len(self.asked)
        answers = _useless(text) if self.mode == "useless" else _harmful(text, right)
        return Reply(answers[turn % len(answers)])


def _patch(text: str, right: str) -> str:
    """The differences between two texts as patches of whole sentences."""
    old, new = _SENTENCE.findall(text), _SENTENCE.findall(right)
    lines = []
    for change, first, last, new_first, new_last in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if change == "equal":
            continue
        if first == last:
            # what is missing is put behind the sentence before it
            first, new_first = max(0, first - 1), max(0, new_first - 1)
        lines += [f"原文：{''.join(old[first:last])}", f"改为：{''.join(new[new_first:new_last])}"]
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
    ]

"""The sentences of a leaf that a patch is asked for, each with what is wrong with it, and the answers read back.

A model is shown the sentences with numbers and answers by number: even a small one can, while copying a sentence out
word for word it cannot. The old words are then the program's own, and still must stand in the text exactly once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from drafter.checks.wording import Wording, pairs
from drafter.repair.examination import Examination
from drafter.repair.patches import Patch
from drafter.repair.tables import rows
from drafter.report import Finding

MOST = 8
"""Sentences asked for at once: a longer list is no longer followed."""
_LONG = 60
_ALIKE = 0.3
"""Share of a sentence's pairs of characters that a better one keeps."""
_ANSWER = re.compile(r"^\s*\**第?(\d{1,2})\s*[句条]?\s*(?:[.．](?!\d)|[、:：)）])\**\s*(\S.*)$", re.MULTILINE)
_NUMBER = re.compile(r"^\d{1,2}(?:[.．](?!\d)|、)\s*")
_NOTE = re.compile(r"[（(](?:说明|注|备注|已|修改|改)[^（）()]*[）)]?")
_DATA = re.compile(r"[{}\[\]|]|\"\s*[:：]")
"""What stands in data and in no sentence."""
_TALK = re.compile(r"修改|改好|改为|改后|以[上下]|如下|按要求|好的|序号")
_MORE = 2
"""Sentences that an answer may have beyond those of the sentence that was asked for: a fact may be told behind it."""
_LABEL = re.compile(r"^(?:改为|改后|改成|修改为|改好的句子|新句)[：:]\s*")
_GONE = re.compile(r"^[（(“]?(?:删去|删除|删掉|删|无|空)(?:此句|这一句|该句|本句)?[）)”]?。?$")
_ECHO = re.compile(r"^(?:原句|原文|问题|事实)[：:]")
_END = re.compile(r"[。；！？!?;]+[”’」）)]?$")


@dataclass(frozen=True)
class Target:
    """A sentence of the text, what the writer is told about it, and the ids of the facts that it is to be mended by."""

    old_text: str
    advice: tuple[str, ...]
    facts: frozenset[str] = frozenset()


def targets(exam: Examination, facts: Mapping[str, str]) -> list[Target]:
    """The sentences that hold the leaf's errors; what is missing goes to the sentence nearest to it.

    Args:
        exam: the leaf.
        facts: the texts of its facts, by id.
    """
    wording = Wording(exam.text)
    told: dict[str, list[str]] = {}
    concerned: dict[str, set[str]] = {}
    for finding in exam.own_errors:
        if finding.start is not None:
            span = wording.sentence_at(finding.start)
        else:
            wanted = pairs(next((facts[e.fact] for e in finding.evidence if e.fact and e.fact in facts), ""))
            near = [
                (len(pairs(exam.text[slice(*each)]) & wanted), each[0], each) for each in wording.sentences
            ]
            span = max(near, default=(0, 0, (0, 0)))[2]
        old = exam.text[slice(*span)].strip()
        if old and exam.text.count(old) == 1:
            told.setdefault(old, []).append(advice(finding, facts))
            named = concerned.setdefault(old, _told_by(exam, span, facts))
            named.update(each.fact for each in finding.evidence if each.fact and each.fact in facts)
    return [
        Target(old, tuple(dict.fromkeys(said)), frozenset(concerned[old]))
        for old, said in list(told.items())[:MOST]
    ]


def _told_by(exam: Examination, span: tuple[int, int], facts: Mapping[str, str]) -> set[str]:
    """The facts that the figures of a sentence lean on, and the one whose words are most like the sentence's."""
    start, end = span
    found = {
        each.fact
        for claim in exam.claims
        if start <= claim.start < end
        for each in claim.evidence
        if each.fact and each.fact in facts
    }
    words = pairs(exam.text[start:end])
    shared = {fact: len(words & pairs(text)) for fact, text in facts.items()}
    likest = max(shared, key=shared.__getitem__, default="")
    return found | ({likest} if shared.get(likest) else set())


def advice(finding: Finding, facts: Mapping[str, str]) -> str:
    """What the writer is told about a finding: the draft's words and the facts', never those of a past report."""
    named = next((each for each in finding.evidence if each.fact), None)
    fact = (facts.get(named.fact or "") or named.text or "") if named else ""
    form = rows("advice.txt").get(finding.code)
    if form is None or ("{suggestion}" in form and finding.suggestion is None):
        # a plugin's check says in its message what is wrong, and may say what should stand
        return finding.message + (f"，应为“{finding.suggestion}”" if finding.suggestion else "")
    words = finding.text or ""
    shown = words if len(words) <= _LONG else words[: _LONG // 2] + "……" + words[-_LONG // 3 :]
    return form.format(text=shown, fact=fact, suggestion=finding.suggestion or "")


def _is_one_for(old: str, reply: str) -> bool:
    """Whether a reply without a number is the sentence made better: of one sentence, and in part of its words."""
    wanted = pairs(old)
    alike = len(wanted & pairs(reply)) >= _ALIKE * max(1, len(wanted))
    one = "\n" not in reply.strip() and len(Wording(reply).sentences) <= len(Wording(old).sentences)
    return alike and one and not _TALK.search(reply)


def _bare(answer: str) -> str:
    """An answer without a label, a second number, quotes around it, and notes on the change."""
    answer = _NUMBER.sub("", _LABEL.sub("", answer.strip()))
    answer = _NOTE.sub("", answer).strip()
    if len(answer) > 1 and answer[0] in '“"' and answer[-1] in '”"' and not set(answer[1:-1]) & set('“”"'):
        answer = answer[1:-1]
    return answer


def read_answers(reply: str, asked: Sequence[Target], clean: Callable[[str], str] = str) -> list[Patch]:
    """The patches of a reply that answers by number; a single sentence may be answered without one.

    Args:
        reply: what the writer said.
        asked: the sentences in the order of their numbers.
        clean: takes out of an answer what a model likes to put around a text.
    """
    found: dict[int, str] = {}
    for number, line in _ANSWER.findall(reply):
        answer = _bare(line)
        if 1 <= int(number) <= len(asked) and not _ECHO.match(answer):
            found.setdefault(int(number) - 1, answer)
    if not found and len(asked) == 1 and _is_one_for(asked[0].old_text, reply):
        found[0] = _bare(reply)
    patches = []
    for place, new in found.items():
        old = asked[place].old_text
        if _GONE.match(new):
            patches.append(Patch(old, ""))
            continue
        new = clean(new).strip()
        most = len(Wording(old).sentences) + _MORE
        if not new or "\n" in new or new == old or _DATA.search(new) or len(Wording(new).sentences) > most:
            continue
        mark = _END.search(old)
        patches.append(Patch(old, _END.sub("", new) + (mark[0] if mark else "")))
    return patches

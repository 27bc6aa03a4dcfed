"""Headings of subsections: taken from masked headings of past reports where one fits the topic, else composed.

A heading may say what was worked on, never what came of it, and holds no number and no name of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

LONGEST = 24
"""Characters of a past heading that is taken over; longer ones are sentences."""
_GENERIC = re.compile(r"(工作|情况|方面|建设|活动)$")
_RESULT = re.compile(
    r"(增强|提高|提升|有效|显著|明显|取得|实现|见效|成效|突破|跃升|全覆盖|圆满|完成|成果|改善|更|再上|迈上)"
)
"""A past heading that tells a result tells another report's; composed ones are ours to answer for."""
_LEAD = re.compile(r"(突出|立足|着眼|围绕|汇聚|聚焦|坚持|紧盯|注重|着力|凝聚)")
"""A first clause that only leads to the second begins so."""
_SLOT = re.compile(r"[〔〕\[\]*＊×]|[xX]{2,}|\d")


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    lines = files("drafter.sections").joinpath("data/headings.txt").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((re.compile(pattern), heading) for pattern, heading in pairs)


def compose_headings(leaves: Sequence[tuple[str, ...]], candidates: Sequence[Sequence[str]]) -> list[str]:
    """One heading for each leaf of a section, all different.

    Args:
        leaves: the topics of each leaf, in order.
        candidates: for each leaf, masked headings of similar past passages, best first.
    """
    headings: list[str] = []
    verbs: set[str] = set()
    everything = {topic for topics in leaves for topic in topics}
    for topics, past in zip(leaves, candidates, strict=True):
        heading = _from_past(topics, past, everything - set(topics), headings)
        heading = heading or _composed(topics, verbs)
        verbs.add(heading[:2])
        headings.append(heading)
    return headings


def _from_past(topics: Sequence[str], past: Sequence[str], others: set[str], used: Sequence[str]) -> str:
    """A past heading that names this topic and only this one, holds no slot, and is not yet used."""
    if len(topics) != 1:
        return ""
    core = _GENERIC.sub("", topics[0])
    core = core if len(core) >= 3 else topics[0]
    for heading in past:
        heading = heading.rstrip("。，；：")
        first, _, rest = heading.partition("，")
        # “森林防火方面” says nothing of what was done; another matter in the first clause would be this report's too
        about = core in first or (core in rest and _LEAD.match(first))
        fits = about and len(heading) <= LONGEST and not heading.startswith(core)
        fits = (
            fits
            and not _SLOT.search(heading)
            and not _RESULT.search(heading)
            and not heading.endswith(("方面", "情况", "问题"))
        )
        if fits and heading not in used and not any(other in heading for other in others):
            return heading
    return ""


def _composed(topics: Sequence[str], verbs: set[str]) -> str:
    if not topics:
        return "统筹推进其他工作"
    topic = "、".join(topics[:-1]) + "和" + topics[-1] if len(topics) > 1 else topics[0]
    subject = re.sub(r"工作$", "", topic)
    first = ""
    for pattern, heading in _rules():
        if pattern.search(subject) if len(topics) == 1 else pattern.pattern == "$":
            heading = heading.replace("{t}", subject)
            first = first or heading
            if heading[:2] not in verbs:
                return heading
    return first

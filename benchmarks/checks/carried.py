"""Drafts in which some facts are told whole, some in part and some not at all. Seeded; imports nothing of drafter."""

from __future__ import annotations

import random
import re

from benchmarks.checks import reports
from benchmarks.checks.cases import Case, World
from benchmarks.checks.frames import SEED, chance, frames, maker
from benchmarks.quantities import drafts
from benchmarks.quantities.drafts import Draft, Ledger

LEDGERS = 12
FATES = ("whole",) * 4 + (
    "other words",
    "other numerals",
    "split",
    "clause gone",
    "figure gone",
    "dropped",
    "dropped",
)
VERDICT = {"clause gone": "partial", "figure gone": "partial", "dropped": "missing"}
_STOPS = re.compile("[，；]")


def coverage(part: str, seed: int = SEED) -> list[Case]:
    """Each fact of each ledger meets one fate; in facts of one item repeated for villages none is dropped."""
    words = frames(part, "coverage")
    if words is None:
        return []
    rng, make = chance("coverage", part, seed), maker("coverage", part)
    made = []
    for turn in range(LEDGERS):
        number = turn % len(reports.ledgers(part))
        base = reports.ledgers(part)[number]
        clean = reports.clean(part, number)
        others = {draft.kind: draft for draft in drafts.paraphrases(base)}
        lines, verdicts = [], {}
        for place, statement in enumerate(base.statements):
            alone = sum(one.group == statement.group for one in base.statements) == 1
            fate, said = _told(base, place, clean, others, words, rng, alone)
            verdicts[statement.id] = VERDICT.get(fate, "present")
            lines.append(said or rng.choice(words["idle"]))
        text = f"{base.facts['title']}\n" + "\n".join(lines)
        facts = [{**fact, "required": True} for fact in base.facts["facts"]]
        world = World({**base.facts, "facts": facts})
        made.append(make("drafts", text, (), world, verdicts=verdicts))
    return made


def _sentence(draft: Draft, place: int) -> str:
    return next(draft.text[one.start : one.end] for one in draft.sentences if one.statement == place)


def _told(
    base: Ledger,
    place: int,
    clean: Draft,
    others: dict[str, Draft],
    words: dict[str, list[str]],
    rng: random.Random,
    alone: bool,
) -> tuple[str, str]:
    """The fate that this fact met, and what the draft says of it; a fate that is not possible is drawn again."""
    while True:
        fate = rng.choice(FATES)
        if fate == "whole":
            return fate, _sentence(clean, place)
        if fate == "other words":
            return fate, _sentence(others["wording"], place)
        if fate == "other numerals":
            style = rng.choice(
                [kind for kind in ("chinese", "comma", "scale", "full width") if kind in others]
            )
            return fate, _sentence(others[style], place)
        if fate == "dropped" and alone:
            return fate, ""
        cut = _cut(clean, place, fate, words, rng)
        if cut:
            return fate, cut


def _cut(draft: Draft, place: int, fate: str, words: dict[str, list[str]], rng: random.Random) -> str:
    """The sentence split in two, or without a clause, or without a figure; nothing where it has none to lose."""
    home = next(one for one in draft.sentences if one.statement == place)
    text = draft.text[home.start : home.end]
    held = [
        (mention.start - home.start, mention.end - home.start)
        for mention in draft.mentions
        if mention.statement == place and mention.start >= home.start
    ]
    stops = [match.start() for match in _STOPS.finditer(text)]
    parting = [
        stop for stop in stops if held and held[0][1] <= stop and any(start > stop for start, _ in held)
    ]
    if not parting:
        return ""
    stop = rng.choice(parting)
    if fate == "split":
        return f"{text[:stop]}。{rng.choice(words['split'])}{text[stop + 1 :]}"
    if fate == "clause gone":
        return f"{text[:stop]}。"
    if fate == "figure gone":
        start, end = held[-1]
        return text[:start] + text[end:]
    return ""

"""Which figure of an earlier ledger counts the same as a figure of this one. Never guesses: one, or a reason for none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafter.checks.numbers.deeds import denies, opposed
from drafter.checks.numbers.index import Entry, Index
from drafter.checks.numbers.tense import of_plan
from drafter.checks.numbers.values import same_measure
from drafter.checks.rules import words
from drafter.checks.sources import Source, Sources
from drafter.checks.wording import shared_start
from drafter.facts import Facts

NOT_THERE = "上期没有同一事项"
_KINDS = frozenset({"cardinal", "money", "percent", "fraction"})
_NEGATIVE = re.compile(r"(?:[-－−负]|亏损|逆差|赤字|倒挂)\s*$")
_LEAST_BESIDE = 2
"""So many characters right before two figures have to be alike where no noun says what they count."""
_OWN_ID = re.compile(r"f-[0-9a-f]{8}(?:-\d+)?")
"""An id that is made of the fact's own text says nothing of another period."""


@dataclass(frozen=True)
class Pair:
    """A figure and its counterpart, or why it has none."""

    now: Entry
    then: Entry | None = None
    reason: str = ""


def pair(ledger: Facts, previous: Facts) -> Iterator[Pair]:
    """Each figure of the ledger that a report could compare, in order; plans and changes are none."""
    ours, theirs = Index.of(Sources.of(ledger)), Index.of(Sources.of(previous))
    here, there = _figures(ours), _figures(theirs)
    partners = _by_wording(ours, theirs) | _by_id(ours, theirs, here, there)
    taken = {then.number for then in partners.values()}
    known: dict[object, list[Entry]] = defaultdict(list)
    for then in there:
        known[_what(then, theirs)].append(then)
    alike = {
        now.number: [each for each in known[_what(now, ours)] if _fellow(now, each, ours)] for now in here
    }
    found = {
        now.number: [
            each
            for each in alike[now.number]
            if each.number not in taken and same_measure(now.setting.value, each.setting.value)
        ]
        for now in here
        if now.number not in partners
    }
    wanted: dict[int, int] = defaultdict(int)
    for candidates in found.values():
        for then in candidates:
            wanted[then.number] += 1
    for now in here:
        partner = partners.get(now.number)
        candidates = [partner] if partner else _of_topic(now, found[now.number])
        if len(candidates) == 1 and (partner or wanted[candidates[0].number] == 1):
            yield Pair(now, candidates[0], _unfit(now, candidates[0]))
        elif candidates:
            facts = "、".join(dict.fromkeys(str(each.source.fact) for each in candidates))
            yield Pair(now, reason=f"可能对应的不止一处（上期 {facts}），没有比较")
        else:
            yield Pair(now, reason=_other_unit(now, alike[now.number], ours) or NOT_THERE)


def _figures(index: Index) -> list[Entry]:
    """The figures of what was done or is: no plans, dates, ordinals and changes."""
    return [
        entry
        for entry in index.entries
        if entry.source.fact
        and entry.mention.kind in _KINDS
        and entry.mention.value is not None
        and entry.mention.unit != "百分点"
        and entry.mention.dimension != "age"
        and entry.mention.direction not in ("up", "down")
        and not entry.setting.former
        and not of_plan(entry.source)
    ]


def _by_wording(ours: Index, theirs: Index) -> dict[int, Entry]:
    """Figures of facts that are worded alike but for their figures and dates, if that names one fact in each ledger."""
    found: dict[int, Entry] = {}
    for key in (_skeleton, _skeleton_in_topic):
        here, there = _by_key(ours, key), _by_key(theirs, key)
        for shape, entries in here.items():
            others = there.get(shape, ())
            if len(entries) != 1 or len(others) != 1:
                continue
            for now, then in zip(entries[0], others[0], strict=False):
                if now.number not in found and same_measure(now.setting.value, then.setting.value):
                    found[now.number] = then
    comparable = {entry.number for entry in _figures(ours)}
    return {number: then for number, then in found.items() if number in comparable}


def _by_key(index: Index, key: object) -> dict[object, list[list[Entry]]]:
    facts: dict[int, list[Entry]] = defaultdict(list)
    for entry in index.entries:
        if entry.source.fact:
            facts[id(entry.source)].append(entry)
    found: dict[object, list[list[Entry]]] = defaultdict(list)
    for entries in facts.values():
        found[key(entries[0].source)].append(entries)  # type: ignore[operator]
    return found


def _skeleton(source: Source) -> object:
    pieces, at = [], 0
    for mention in source.mentions:
        pieces.append(source.text[at : mention.start])
        at = mention.end
    return source.role, tuple("".join(piece.split()) for piece in (*pieces, source.text[at:]))


def _skeleton_in_topic(source: Source) -> object:
    return source.topic, _skeleton(source)


def _by_id(ours: Index, theirs: Index, here: Sequence[Entry], there: Sequence[Entry]) -> dict[int, Entry]:
    """Figures of facts with one id of the clerk's own, where they count the same and no other figure of theirs does."""
    found: dict[int, Entry] = {}
    for now in here:
        name = now.source.fact or ""
        if _OWN_ID.fullmatch(name):
            continue
        mates = [e for e in here if e.source is now.source and _akin(e, now, ours, ours)]
        candidates = [e for e in there if e.source.fact == name and _akin(now, e, ours, theirs)]
        if len(mates) == 1 and len(candidates) == 1 and now.source.role == candidates[0].source.role:
            found[now.number] = candidates[0]
    return found


def _akin(now: Entry, then: Entry, ours: Index, theirs: Index) -> bool:
    """Whether two figures of facts with one id count the same: one noun, or one deed without any."""
    if not same_measure(now.setting.value, then.setting.value) or _contrary(now, then):
        return False
    one, other = ours.noun(now), theirs.noun(then)
    if one.core or other.core:
        return one.core == other.core
    return bool(now.setting.deeds & then.setting.deeds) or _beside(now, then)


def _what(entry: Entry, index: Index) -> object:
    """What two figures must have in common: noun with its kind, role, owner, part or whole, average or total."""
    return (
        index.noun(entry).phrase,
        entry.source.role,
        entry.setting.each,
        _is_part(entry),
        _owners(entry, index),
    )


def _fellow(now: Entry, then: Entry, ours: Index) -> bool:
    """Whether of two such figures the same is told: one deed, none the contrary, one wording where there is no noun."""
    named = ours.noun(now).phrase or _beside(now, then)
    return bool(named) and _same_deed(now, then) and not _contrary(now, then)


def _same_deed(now: Entry, then: Entry) -> bool:
    """Whether the same was done; words that only say that something was (开展, 召开) may be missing."""
    light = words("light_deeds.txt")
    one, other = now.setting.deeds - light, then.setting.deeds - light
    return one == other or bool(one & other)


def _contrary(now: Entry, then: Entry) -> bool:
    return denies(now.setting.cell, then.setting.cell) or opposed(now.setting.deeds, then.setting.deeds)


def _beside(now: Entry, then: Entry) -> bool:
    return shared_start(now.setting.before[::-1], then.setting.before[::-1]) >= _LEAST_BESIDE


def _is_part(entry: Entry) -> bool:
    sentence = re.split("[。；;]", entry.source.text[: entry.mention.start])[-1]
    return "其中" in sentence


def _owners(entry: Entry, index: Index) -> tuple[frozenset[str], str]:
    owners = index.owners
    return owners.own.get(id(entry.source), frozenset()), owners.told_apart.get(id(entry.source), ("",))[0]


def _of_topic(now: Entry, candidates: list[Entry]) -> list[Entry]:
    """Of several, those of its topic, if there are any."""
    own = [then for then in candidates if then.source.topic == now.source.topic]
    return own if len(candidates) > 1 and own else candidates


def _unfit(now: Entry, then: Entry) -> str:
    """Why two figures of one thing cannot be set off against one another; "" where they can."""
    for entry, period in ((now, "本期"), (then, "上期")):
        if entry.mention.approximation or entry.mention.high is not None:
            return f"{period}的“{entry.text}”是概数，不能算增减"
        if _NEGATIVE.search(entry.source.text[: entry.mention.start]):
            return f"{period}的“{entry.text}”是负数，增减率没有意义"
    return ""


def _other_unit(now: Entry, alike: Sequence[Entry], ours: Index) -> str:
    """That the earlier ledger counts the thing in another unit, if it does."""
    other = next(
        (
            then
            for then in alike
            if ours.noun(now).phrase
            and not same_measure(now.setting.value, then.setting.value)
            and now.mention.dimension == then.mention.dimension
        ),
        None,
    )
    return f"单位不同，上期是“{other.text}”" if other else ""

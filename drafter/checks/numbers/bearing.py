"""Whether the words beside a quantity name another thing, place or deed than those beside the fact's quantity.

The value is right and the sentence speaks of the fact; what is asked here is whether 600 growers became 600 teachers,
one village another, and a rise a fall.
"""

from __future__ import annotations

import re

from drafter.checks.numbers.deeds import denies, further, open_in, opposed
from drafter.checks.numbers.index import Entry, Index
from drafter.checks.numbers.nouns import (
    Noun,
    bare,
    broad,
    is_deed,
    kin,
    noun_of,
    other_kind,
    other_noun,
    within,
)
from drafter.checks.numbers.owners import places_in
from drafter.checks.numbers.surroundings import Reading, Setting, leading
from drafter.checks.numbers.values import same_measure
from drafter.checks.rules import words
from drafter.checks.wording import ordered_pairs
from drafter.quantities import persons
from drafter.report import Severity

_NEAR = 200
"""So many characters before a sentence may name its owner."""


def contradicts_deed(setting: Setting, entry: Entry) -> bool:
    """Whether one says up and the other down, by so much and to so much, or one that it was done and the other not."""
    ours, theirs = setting.mention.direction, entry.mention.direction
    if ours and theirs and ours != theirs:
        return True
    if _level_for_change(setting, entry.setting):
        return True
    if opposed(setting.deeds, entry.setting.deeds):
        return True
    if ours:
        return False  # 未批先建比上年下降 denies no decrease
    if not denies(setting.cell, entry.setting.cell) or not setting.local & entry.setting.local:
        return False
    return not (open_in(setting.cell) and _goes_on(entry))


def _goes_on(entry: Entry) -> bool:
    """Whether the fact says of the figure only that it is of what it says before, which was not done: 未改造，涉及2300户."""
    text = entry.source.text[: entry.mention.start]
    lead, mark, own = text.rpartition("，")
    return bool(mark) and _CONCERNS.match(own) is not None and open_in(lead[-_SIGHT:])


_CONCERNS = re.compile(r"涉及|牵涉|牵扯|关系|共")
_SIGHT = 16
"""So many characters before a clause may say that something was not done."""


def _level_for_change(ours: Setting, theirs: Setting) -> bool:
    """Whether one says by how much and the other how much it is: 比上年提高95%, 达到95%."""
    here, there = ours.mention.direction, theirs.mention.direction
    if here in _BY and there is None:
        return _LEVEL.search(theirs.before) is not None
    if there in _BY and here is None:
        return _LEVEL.search(ours.before) is not None and _COMPARED.search(theirs.before) is not None
    return False


def _of_its_fact(ours: Noun, theirs: Noun, entry: Entry, index: Index, told: str) -> bool:
    """Whether it is the thing of another figure of the fact: 规上企业9家, of 规上工业企业29家，其中五金企业9家."""
    if (
        len(ours.kind) < 2
        or len(theirs.kind) < 2
        or theirs.kind in told
        or within(ours.phrase, theirs.phrase)
    ):
        return False
    first = entry.number - entry.place
    return any(
        other is not entry
        and same_measure(other.setting.value, entry.setting.value)
        and within(ours.phrase, index.noun(other).phrase)
        for other in index.entries[first : first + len(entry.things.mentions)]
    )


def _narrow(noun: Noun) -> str:
    """The noun without the broad one that it ends with (灌溉|面积), unless there is nothing more."""
    ends = (end for end in words("broad_nouns.txt") if noun.phrase.endswith(end))
    return noun.phrase.removesuffix(max(ends, key=len, default="")) or noun.phrase


def _of_persons(setting: Setting, ours: Noun, theirs: Noun) -> bool:
    """Whether persons are told of by what they are in one place and by what they do in the other.

    吸纳务工82人 is 82名村民就业, 受众3600人次 is 3600人次聆听, and 窗口来访咨询140人次 is 来咨询的群众140人次.
    """
    if setting.mention.unit not in _PERSONS:
        return False
    if is_deed(ours):
        return leading().sub("", setting.after).startswith(ours.core)
    if ours.core in words("anybody.txt"):
        return theirs.core not in persons()
    return ours.core in persons() and is_deed(theirs)


_POINTING = re.compile("[前后]者|[两二]者")
"""What points to a thing that was named before: 前者上涨1%."""
_MEASURED = frozenset({"money", "duration"})
_PERSONS = frozenset({"人", "名", "位", "人次"})
_BY = frozenset({"up", "down"})
_LEVEL = re.compile(r"(?:达到|达|总数|总量|总额|现有|共有|率|占比|比例|比重)$")
_COMPARED = re.compile(r"[比较]")


def other_thing(
    setting: Setting, entry: Entry, reading: Reading, index: Index, *, in_company: bool
) -> Severity | None:
    """How sure it is that another thing is counted: an error where the ledger knows that other thing, else a warning.

    `in_company` says that the sentence tells other quantities of the fact: other words are then another wording.
    """
    if not entry.source.fact:
        return None
    if _other_owner(setting, entry, reading, index):
        return "error"
    if further(setting.deeds, entry.setting.deeds) and not _done_too(setting, entry, index):
        return "warning"
    if (
        setting.mention.kind == "ordinal"
        or setting.mention.dimension == "age"
        or setting.before.endswith("前")
    ):
        return None  # 排在前三位的病种: a rank
    ours, theirs = noun_of(setting), index.noun(entry)
    if _POINTING.search(ours.phrase):
        return None
    start, end = reading.span_of(setting.sentence)
    told = reading.text[start:end]
    source, ledger = entry.source, index.sources.ledger
    stated = "，".join((source.text, source.topic, ledger.organization, ledger.theme))
    measured = setting.mention.dimension in _MEASURED or theirs.core.endswith(tuple(words("broad_nouns.txt")))
    alike = measured and ours.kind[:1] == theirs.kind[:1] != ""  # 茶园面积, 茶叶基地面积
    if not alike and other_kind(ours, theirs, stated, told):
        return "warning"
    if measured and set(ordered_pairs(_narrow(theirs))) & set(ordered_pairs(told)):
        return None  # 用于民生37.1亿元 is 民生支出: a measure has its noun in many places
    if _of_its_fact(ours, theirs, entry, index, told):
        return "error"
    if in_company and _of_persons(setting, ours, theirs):
        return None
    if _same_neighbours(setting, entry.setting):
        return None
    here, there = bare(setting), bare(entry.setting)
    if within(here, there) or within(there, here):
        return None
    known = bool(ours.core) and any(
        ours.phrase == index.noun(other).phrase for other in index.alike(setting.value) if other is not entry
    )
    if (
        known
        and ours.phrase not in stated
        and theirs.phrase not in told
        and not kin(ours.phrase, theirs.phrase)
    ):
        return "error" if theirs.core else None
    if in_company and theirs.core in words("unit_nouns.txt"):
        return None  # 参观人数6300人 says of nobody in particular
    if not broad(ours) and other_noun(ours, theirs, stated, told, setting.cell):
        return "warning"
    if in_company or not _nothing_alike(setting, entry, reading):
        return None
    return "warning"


def _done_too(setting: Setting, entry: Entry, index: Index) -> bool:
    """Whether the fact says of as many that they were done with: 受理274件，办结274件."""
    first = entry.number - entry.place
    return any(
        other is not entry
        and other.setting.value == entry.setting.value
        and setting.deeds & other.setting.deeds
        for other in index.entries[first : first + len(entry.things.mentions)]
    )


def _nothing_alike(setting: Setting, entry: Entry, reading: Reading) -> bool:
    """Whether the words beside the one are nowhere in the other's sentence, nor words that mean the same."""
    ours, theirs = setting.things, entry.setting.things
    if not ours or not theirs or ours & entry.words or theirs & reading.words_of(setting.sentence):
        return False
    here, there = bare(setting), bare(entry.setting)
    return not kin(here, there) and not set(here) & set(there)


def _same_neighbours(ours: Setting, theirs: Setting) -> bool:
    """Whether the same four characters stand next to both numbers."""
    before, after = ours.before[-4:], ours.after[:4]
    return (len(before) > 3 and theirs.before.endswith(before)) or (
        len(after) > 3 and theirs.after.startswith(after)
    )


def _other_owner(setting: Setting, entry: Entry, reading: Reading, index: Index) -> bool:
    """Whether the sentence names an owner that only other facts have, and none that this one has."""
    owners = index.owners
    theirs, apart = owners.own.get(id(entry.source)), owners.told_apart.get(id(entry.source))
    if not theirs and not apart:
        return False
    start, end = reading.span_of(setting.sentence)
    sentence = reading.text[start:end]
    ours = owners.in_text(sentence)
    if owners.named(entry.source, sentence, ours):
        return False
    if ours or (apart and any(name in sentence for name in apart[1])):
        return True
    before = reading.text[max(0, start - _NEAR) : start]
    if owners.named(entry.source, before, owners.in_text(before)):
        return False
    return bool(apart or places_in(sentence))

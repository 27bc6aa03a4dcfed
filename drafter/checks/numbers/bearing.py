"""Whether the words beside a quantity name another thing, place or deed than those beside the fact's quantity.

The value is right and the sentence speaks of the fact; what is asked here is whether 600 growers became 600 teachers,
one village another, and a rise a fall.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from drafter.checks.numbers.deeds import deeds, denied, further, opposed
from drafter.checks.numbers.index import Entry, Index
from drafter.checks.numbers.owners import places_in
from drafter.checks.numbers.surroundings import Reading, Setting, leading
from drafter.checks.rules import read_rules, words
from drafter.report import Severity

_NO_NOUN = frozenset("vadpuyr")
"""Of jieba's parts of speech: verbs, adjectives, adverbs, prepositions and the like."""
_NEAR = 200
"""So many characters before a sentence may name its owner."""
_HAN_ONLY = re.compile(r"[\u3400-\u9fff]+")
_HAN = re.compile(r"[\u3400-\u9fff]")


def contradicts_deed(setting: Setting, entry: Entry) -> bool:
    """Whether one says up and the other down, by so much and to so much, or one that it was done and the other not."""
    ours, theirs = setting.mention.direction, entry.mention.direction
    if ours and theirs and ours != theirs:
        return True
    if opposed(setting.deeds, entry.setting.deeds):
        return True
    here, there = setting.cell, entry.setting.cell
    return denied(here, there) != denied(there, here) and bool(setting.local & entry.setting.local)


def other_thing(
    setting: Setting, entry: Entry, reading: Reading, index: Index, *, in_company: bool
) -> Severity | None:
    """How sure it is that another thing is counted: an error where the ledger knows that other thing, else a warning.

    `in_company` says that the sentence tells other quantities of the fact: other words are then another wording.
    """
    if not entry.source.fact:
        return None
    sentence = reading.words_of(setting.sentence)
    if _other_owner(setting, entry, reading, index):
        return "error"
    if further(setting.deeds, entry.setting.deeds):
        return "warning"
    if _same_noun(setting, entry.setting):
        return None
    ours, theirs = setting.things, entry.setting.things
    if ours and theirs and not ours & entry.words and not theirs & sentence:
        ours_bare, theirs_bare = _bare(setting), _bare(entry.setting)
        if _kin(ours_bare, theirs_bare):
            return None
        if set(ours_bare) & set(theirs_bare):
            return _replaced(setting, entry, reading)
        if any(other.thing.head in ours for other in index.alike(setting.value) if other.thing.head):
            return "error"
        if not in_company:
            return "warning"
    return None if setting.mention.kind == "ordinal" else _replaced(setting, entry, reading)


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


def _replaced(setting: Setting, entry: Entry, reading: Reading) -> Severity | None:
    """Whether the noun next to the number is another than the fact's: 培训|果农|600人, 培训|茶农|600人."""
    ours, theirs = _noun(setting), _noun(entry.setting) or _last_word(entry.setting)
    if not ours and _same_deed(setting, entry.setting):
        ours = _last_word(setting)
    whole = entry.source.text + entry.source.topic
    start, end = reading.span_of(setting.sentence)
    sentence = reading.text[start:end]
    mine, its = _tail(setting), _tail(entry.setting)
    if _other_kind(mine, its) and mine not in whole and its not in sentence:
        return "warning"
    new = ours if _HAN.match(setting.after) else _noun_run(setting)
    if (not ours or ours in whole) and (not new or new in whole):
        return None
    old = _noun_run(entry.setting)
    if ours.endswith(tuple(words("broad_nouns.txt"))) or _kin(new, old):
        return None
    if (_one_off(new, old) or _other_kind(new, old)) and new not in whole and old not in sentence:
        return "warning"
    if _within(theirs, setting.before[-8:]) or _within(ours, entry.setting.before[-8:]):
        return None  # 防汛会, 防汛工作会
    if not ours or not theirs or ours in whole or theirs in sentence or _kin(ours, theirs):
        return None
    if _kin(_tail(setting), _tail(entry.setting)):
        return None
    common = set(ours) & set(theirs)
    if common and ours[-1] != theirs[-1]:
        return None  # 铺管, 管道; but 果农 is not 茶农
    return "warning"


def _noun(setting: Setting) -> str:
    """The noun next to the number: the first behind it, or else the last before it; nothing where that is no noun."""
    behind = setting.after.removeprefix("的")
    if _HAN.match(behind):
        found = part_of_speech(behind)
        if found[0][1][0] in "vp" and len(found[0][0]) == 1:
            return ""  # 24人|赴先进村
        return _noun_run_of(found) or next(
            (behind[:end] for end in range(2, 6) if behind[end - 1 : end] in words("noun_ends.txt")), ""
        )
    found = part_of_speech(leading().sub("", setting.before))[-2:]
    if not found:
        return ""
    if found[-1][1][0] in _NO_NOUN or found[-1][0] in _verbs():
        return _by_its_end(found[-1][0] if len(found[-1][0]) > 1 else "".join(word for word, _ in found))
    if len(found[-1][0]) > 1:
        return found[-1][0]
    return "".join(word for word, _ in found) if len(found) > 1 else ""  # 充电|桩, 托养|所


def _noun_run_of(found: Sequence[tuple[str, str]]) -> str:
    """The last of the nouns that a run of words begins with (职业|学校)."""
    last = ""
    for word, kind in found:
        if kind[0] in "bm" and not last:
            continue
        if kind[0] in _NO_NOUN or word in _verbs() or len(word) < 2:
            break
        last = word
    return last


def _last_word(setting: Setting) -> str:
    """The last two characters before the number of a fact, which tells a thing in few words: 撰写|心得|71篇."""
    if _HAN.match(setting.after):
        return ""
    rest = deeds().sub("", leading().sub("", setting.before))
    return rest[-2:] if len(rest) > 1 and _HAN_ONLY.fullmatch(rest[-2:]) else ""


def _same_deed(ours: Setting, theirs: Setting) -> bool:
    """Whether the same was done in both: what stands beside the deed is then what it was done to (出具|合同, 出具|证明)."""
    deed = set(deeds().findall(ours.before)) & set(deeds().findall(theirs.before))
    start = leading().sub("", ours.before)[:2]
    return bool(deed) or (len(start) == 2 and leading().sub("", theirs.before).startswith(start))


def _by_its_end(word: str) -> str:
    """The word if its last character ends names of things (推进会, 托养所); what jieba takes for a verb may be one."""
    return word if len(word) > 1 and word[-1] in words("noun_ends.txt") and word not in _verbs() else ""


def _same_noun(ours: Setting, theirs: Setting) -> bool:
    """Whether the same four characters stand next to both numbers."""
    before, after = ours.before[-4:], ours.after[:4]
    return (len(before) > 3 and theirs.before.endswith(before)) or (
        len(after) > 3 and theirs.after.startswith(after)
    )


def _noun_run(setting: Setting) -> str:
    """All the nouns before the number that follow one another (镇级|河长)."""
    run: list[str] = []
    for word, kind in reversed(part_of_speech(leading().sub("", setting.before))):
        if kind[0] in _NO_NOUN or word in _verbs():
            break
        run.append(word)
    return deeds().sub("", "".join(reversed(run)))


def _one_off(new: str, old: str) -> bool:
    """Whether two words of one length differ in one character that is not their last: 县级河长, 镇级河长."""
    if len(new) != len(old) or len(new) < 3 or new[-1] != old[-1] or not _HAN_ONLY.fullmatch(new + old):
        return False
    return sum(a != b for a, b in zip(new, old, strict=True)) == 1


def _other_kind(new: str, old: str) -> bool:
    """Whether the two are kinds of one thing with nothing in common but its name: 医疗纠纷, 土地纠纷."""
    tail = 0
    while tail < min(len(new), len(old)) and new[-1 - tail] == old[-1 - tail]:
        tail += 1
    ours, theirs = new[: len(new) - tail], old[: len(old) - tail]
    if tail < 2 or not (1 < len(ours) <= 4 and 1 < len(theirs) <= 4):
        return False
    if set(ours) & set(theirs) or _kin(ours, theirs):
        return False
    return not any(kind[0] == "v" for word in (ours, theirs) for _, kind in part_of_speech(word))


def _tail(setting: Setting) -> str:
    """The end of the cell before the number, without what was done."""
    return deeds().sub("", leading().sub("", setting.before))[-4:]


def _bare(setting: Setting) -> str:
    """The cell without what was done and without words that lead to any number."""
    return leading().sub("", deeds().sub("", setting.before + setting.after))


@lru_cache(maxsize=10_000)
def part_of_speech(text: str) -> list[tuple[str, str]]:
    """The words of a text, each with its part of speech in jieba's letters (n, v, …)."""
    import rjieba  # half of the time of an import of drafter, and needed for few texts

    return list(rjieba.tag(text))


def _kin(ours: str, theirs: str) -> bool:
    """Whether the two hold words that mean the same, or one is a longer form of the other."""
    if _within(ours, theirs) or _within(theirs, ours):
        return True
    pattern, groups = _synonyms()
    return bool(
        {group for word in pattern.findall(ours) for group in groups[word]}
        & {group for word in pattern.findall(theirs) for group in groups[word]}
    )


def _within(short: str, long: str) -> bool:
    """Whether the characters of the shorter stand in the longer in their order (老人, 老年人)."""
    if not 2 <= len(short) <= len(long):
        return False
    rest = iter(long)
    return all(char in rest for char in short)


@cache
def _synonyms() -> tuple[re.Pattern[str], dict[str, frozenset[int]]]:
    """The words that have others of the same meaning, and for each the groups it is in."""
    groups: dict[str, set[int]] = {}
    for number, row in enumerate(read_rules("synonyms.txt", 99)):
        for word in row:
            groups.setdefault(word, set()).add(number)
    pattern = re.compile("|".join(sorted(groups, key=len, reverse=True)))
    return pattern, {word: frozenset(found) for word, found in groups.items()}


@cache
def _verbs() -> frozenset[str]:
    return frozenset(deeds().pattern.split("|"))

"""Which noun a quantity counts, as far as the words beside it say, and whether two of them mean the same. Knows no facts.

jieba's parts of speech err in one word of five here, so they only say where a noun may end; what is compared are the
characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from drafter.checks.numbers.deeds import deeds
from drafter.checks.numbers.meaning import synonyms
from drafter.checks.numbers.surroundings import Setting, leading
from drafter.checks.rules import words
from drafter.checks.wording import ordered_pairs, shared_start

_HAN = re.compile(r"[\u3400-\u9fff]")
_REACHED = frozenset("出下到成完过了起上入回走掉")
"""What a verb ends with that says how far it came."""
_AGES = frozenset({"青年", "老年", "少年", "中年", "幼年"})
_NOUN = frozenset("njlzqagbis")
"""Of jieba's parts of speech: nouns, abbreviations, idioms, and what words it does not know are taken for."""
_AND = re.compile(r"(?<![总饱温])[和与及](?![谐平解睦])")
_QUOTED = re.compile(r"^[“\"][^”\"]{1,8}[”\"]")
"""What a thing is called in quotation marks before its name: “五老”|宣讲员."""
_LONGEST = 12
"""So many characters are looked at."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun with the words before it that say of which kind: 村级 and 路长."""

    kind: str = ""
    core: str = ""

    @property
    def phrase(self) -> str:
        """Both."""
        return self.kind + self.core


def noun_of(setting: Setting) -> Noun:
    """The noun behind the number (56名|村级路长), else the one before it (更换|灭火器|25具, 为|患者|建档3285人)."""
    behind = _QUOTED.sub("", setting.after.removeprefix("的"))
    found = Noun()
    if len(behind) == 1 and behind in words("noun_ends.txt"):
        return Noun()  # 14个|村: too short to be compared
    if _HAN.match(behind):
        found = _first(_tokens(behind[:_LONGEST], behind=True))
    if found.core:
        return found
    before = _AND.split(_times().sub(" ", leading().sub(" ", setting.before))[-_LONGEST:])
    return _last(_tokens(before[-1] if len(before[-1]) > 1 else "".join(before)))


def bare(setting: Setting) -> str:
    """The cell without times, what was done, and words that lead to any number."""
    cell = _times().sub("", setting.before + setting.after)
    return leading().sub("", deeds().sub("", cell)).strip()


def other_noun(ours: Noun, theirs: Noun, stated: str, told: str, cell: str) -> bool:
    """Whether ours is a thing that the fact does not speak of, in the place of its own thing.

    `stated` is all that the fact and the header say, `told` our sentence, `cell` the words beside our number.
    """
    if not ours.core or not theirs.core or ours.core == theirs.core:
        return False
    if theirs.phrase in told or theirs.core in cell or kin(ours.phrase, theirs.phrase):
        return False
    if ours.core in stated:  # 生活垃圾 is, 厨余垃圾 is not
        special = bool(ours.kind) and ours.kind not in words("plain_kinds.txt")
        return special and ours.kind not in stated and theirs.core not in told
    size = shared_start(ours.core[::-1], theirs.core[::-1])
    if size > 1:  # 供|水管, 排|水管
        of_ours, of_theirs = ours.core[:-size], theirs.core[:-size]
        return bool(of_ours and of_theirs) and of_ours not in stated and of_theirs not in told
    crossed = ours.core[0] in theirs.core[1:] or theirs.core[0] in ours.core[1:]
    if len(ours.core) == len(theirs.core) == 2 and not size and crossed:
        return False  # 拆违, 违建; but 果农 is no 茶农, 水厂 no 水库
    return not set(ordered_pairs(ours.core)) & set(ordered_pairs(theirs.core))


def broad(noun: Noun) -> bool:
    """Whether the noun is so broad that it stands for a narrower one (专职人员 for 专职网格员)."""
    return noun.core.endswith(tuple(words("broad_nouns.txt")))


def is_deed(noun: Noun) -> bool:
    """Whether the word is a verb alone, no thing (聆听, 就餐)."""
    import rjieba

    words_ = rjieba.tag(leading().sub("", noun.phrase))
    return [tag for _, tag in words_] == ["v"]


def other_kind(ours: Noun, theirs: Noun, stated: str, told: str) -> bool:
    """Whether the two are kinds of one thing with nothing in common but its name: 留守老人, 失能老人."""
    size = shared_start(ours.phrase[::-1], theirs.phrase[::-1])
    kind, other = ours.phrase[: len(ours.phrase) - size], theirs.phrase[: len(theirs.phrase) - size]
    same = shared_start(kind, other)
    if len(kind) - same > 1 < len(other) - same:
        kind, other = kind[same:], other[same:]  # 收训|听障儿童, 收训|孤独症儿童
    if (
        size < 2
        or len(kind) < 2
        or len(other) < 2
        or theirs.phrase in told
        or theirs.kind + theirs.core[:1] in told
    ):
        return False
    if kind in other or kin(kind, other) or words("plain_kinds.txt") & {kind, other}:
        return False
    return not any(pair in stated for pair in ordered_pairs(kind))


def kin(ours: str, theirs: str) -> bool:
    """Whether the two hold words that mean the same, or one is a longer form of the other."""
    if within(ours, theirs) or within(theirs, ours):
        return True
    pattern, groups = synonyms()
    here, there = set(pattern.findall(ours)), set(pattern.findall(theirs))
    here, there = here - there, there - here  # that both are 水管 makes 供水管 no 排水管
    return any(groups[one] & groups[other] for one in here for other in there)


def _first(tokens: list[str]) -> Noun:
    """The noun that the words begin with."""
    run: list[str] = []
    for place, word in enumerate(tokens):
        behind = tokens[place + 1 : place + 2]
        attribute = not run and any(behind) and behind[0] not in _verbs()  # 投资|项目, but 全部|办结
        if not word or (word in _verbs() and not attribute):
            break
        run.append(word)
    return _joined(run)


def _last(tokens: list[str]) -> Noun:
    """The last noun, what was done with it left out."""
    rest = list(tokens)
    while rest and (len(rest[-1]) < 2 or rest[-1] in _verbs()) and rest[-1] not in words("noun_ends.txt"):
        rest.pop()  # 新|纳入
    run: list[str] = []
    while rest and rest[-1] and rest[-1] not in _verbs():
        run.insert(0, rest.pop())
    return _joined(run)


def _joined(run: list[str]) -> Noun:
    """The words as a noun: the last of them, a single character together with the one before it (劝导|站)."""
    if not run:
        return Noun()
    size = 1
    while size < len(run) and len("".join(run[-size:])) < 2:
        size += 1
    core = "".join(run[-size:])
    return Noun("".join(run[:-size]), core) if len(core) > 1 else Noun()


@lru_cache(maxsize=10_000)
def _tokens(text: str, *, behind: bool = False) -> list[str]:
    """The words of a text; "" for each that is none of a noun's. A verb that begins what stands `behind` a number may be."""
    import rjieba  # half of the time of an import of drafter, and needed for few texts

    found: list[str] = []
    tagged = rjieba.tag(text)
    for place, (word, tag) in enumerate(tagged):
        if len(word) == 1 and place and word in words("noun_ends.txt") and len(tagged[place - 1][0]) > 1:
            found[-1] = tagged[place - 1][0] + word  # 劝导|站, 培训|班
            continue
        if tag in ("v", "vn"):
            of_noun = len(word) > 1 and _is_noun(tagged, place, bool(place and found[-1]), behind)
        else:
            of_noun = tag[0] in _NOUN or (tag == "t" and word in _AGES)
        found.append(word if of_noun and _HAN.match(word) else "")
    return found


def _is_noun(tagged: Sequence[tuple[str, str]], place: int, goes_on: bool, behind: bool) -> bool:
    """Whether what jieba takes for a verb is part of a noun or one itself: |超标|办公用房, |快递|驿站, 加装|扶手|."""
    rest = tagged[place + 1 :]
    if not place:
        if not rest:  # all that the cell says: 主播|22名, 投诉|16起; but 销出|23吨
            return tagged[0][0][-1] not in _REACHED
        word, tag = tagged[0]
        attribute = behind and (tag == "vn" or word not in _verbs())  # 60人|参加药剂师培训 counts no 药剂师
        return attribute and rest[0][1] == "n" and rest[0][0][-1] in words("noun_ends.txt")
    if not rest:
        return goes_on or tagged[place - 1][0] in _verbs()
    return rest[0][1][0] == "n" and (goes_on or tagged[place - 1][1] == "v" or tagged[place - 1][0] == "的")


def within(short: str, long: str) -> bool:
    """Whether the characters of the shorter stand in the longer in their order (老人, 老年人)."""
    if not 2 <= len(short) <= len(long):
        return False
    rest = iter(long)
    return all(char in rest for char in short)


@cache
def _times() -> re.Pattern[str]:
    return re.compile("|".join(sorted(words("time_words.txt"), key=len, reverse=True)))


@cache
def _verbs() -> frozenset[str]:
    return frozenset(deeds().pattern.split("|"))

"""Finds names of persons that have no title beside them: a surname, what given names are made of, and the words around.

Jieba says where words begin; the surname tables say how much more it takes: 罗玉珍 is a name anywhere, 高桂兰 where the
words around leave it room, 任建国 where nothing but a list or a verb stands beside it. What stays in doubt is given
apart: one document alone cannot decide it, others can.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from drafter.corpus import rules
from drafter.corpus.cutting import is_word, kind_of
from drafter.corpus.lexicon import Name

_MARKS = frozenset("、和及与")
_CLOSING = frozenset('，。；：、！？（）()“”"《》\n,;:!? \u3000——…·')
_PLACE_BEHIND = frozenset("村乡县市区街路河湾山岭坪坝沟庄屯组队厂店局站所部院校台桥")
_TITLE_BEHIND = (
    "队长",
    "组长",
    "站长",
    "所长",
    "部长",
    "院长",
    "校长",
    "局长",
    "店长",
    "厂长",
    "村长",
    "县长",
    "市长",
    "区长",
    "乡长",
)
_HOME = ("家的", "家里", "家中", "家门", "家院")
_NO_END = frozenset("村镇乡县市区局站所办部委会组队校院厅处科司厂店行员长人族")


_NAMES = frozenset(["", "nr", "nrt"])


@dataclass(frozen=True)
class _Tables:
    given: frozenset[str]
    hard: frozenset[str]
    verbal: frozenset[str]
    single: frozenset[str]
    surnames: frozenset[str]
    double: tuple[str, ...]
    words: frozenset[str]
    not_names: frozenset[str]
    longest: int
    before: frozenset[str]
    after: frozenset[str]
    verbs: tuple[str, ...]
    common: frozenset[str]
    titles: tuple[str, ...]


@cache
def _tables() -> _Tables:
    given, surnames = rules.table("given_names"), rules.table("surnames")
    after = rules.words("after_name")
    singles = {*surnames["plain"], *surnames["wordy"], *given["verbal"]}
    return _Tables(
        given=frozenset(given["character"]),
        hard=frozenset(given["hard"]),
        verbal=frozenset(given["verbal"]),
        single=frozenset({*singles, *given["hard"]}),
        surnames=frozenset({*singles, *(double[0] for double in surnames["double"])}),
        double=surnames["double"],
        words=frozenset(given["words"]),
        not_names=frozenset(rules.words("surname_words")),
        longest=max(map(len, rules.words("surname_words"))),
        before=frozenset(
            (
                *rules.words("before_name"),
                *(role for key in ("firm", "loose") for role in rules.table("person_roles")[key]),
            )
        ),
        after=frozenset(word for word in after if len(word) == 1),
        verbs=(
            *(word for word in after if len(word) > 1),
            *rules.table("person_roles")["after"],
            *rules.table("person_roles")["kin"],
        ),
        common=frozenset(rules.table("common_names")["person"]),
        titles=(*rules.table("person_roles")["firm"], *rules.table("person_roles")["loose"]),
    )


@dataclass(frozen=True)
class _Candidate:
    start: int
    end: int
    sure: bool


def find_bare(
    text: str, words: Sequence[str], shown: Collection[tuple[int, int]] = ()
) -> tuple[list[Name], list[Name]]:
    """Names of persons without a title, and those in doubt.

    Args:
        text: the text.
        words: its words, in order and without gaps.
        shown: spans of persons that the words beside them show; who stands in one list with them is a person too.
    """
    candidates = [*_candidates(text, words), *_guessed(text, words)]
    candidates = list({one.start: one for one in sorted(candidates, key=lambda one: one.sure)}.values())
    candidates.sort(key=lambda one: one.start)
    if not candidates:
        return [], []
    sure_starts = {start for start, _ in shown}
    sure_ends = {end for _, end in shown}
    sure = [one.sure for one in candidates]
    for order in (range(len(candidates)), range(len(candidates) - 1, -1, -1)):
        for place in order:
            one = candidates[place]
            if sure[place]:
                sure_starts.add(one.start)
                sure_ends.add(one.end)
            elif (text[one.start - 1 : one.start] in _MARKS and one.start - 1 in sure_ends) or (
                text[one.end : one.end + 1] in _MARKS and one.end + 1 in sure_starts
            ):
                sure[place] = True
                sure_starts.add(one.start)
                sure_ends.add(one.end)
    names = [Name(one.start, one.end, text[one.start : one.end], "person") for one in candidates]
    return (
        [name for name, is_sure in zip(names, sure, strict=True) if is_sure],
        [name for name, is_sure in zip(names, sure, strict=True) if not is_sure],
    )


def _candidates(text: str, words: Sequence[str]) -> Iterator[_Candidate]:
    tables = _tables()
    surnames, not_names, given = tables.surnames, tables.not_names, tables.given
    sizes = range(1, tables.longest + 1)
    starts = list(accumulate(map(len, words), initial=0))
    for place in [place for place, word in enumerate(words) if word[0] in surnames and len(word) < 5]:
        start, word = starts[place], words[place]
        following = text[start + 1 : start + 3]
        if given.isdisjoint(following) or any(text[start : start + size] in not_names for size in sizes):
            continue
        if len(word) == 2 and kind_of(word) not in _NAMES and text[start + 2 : start + 3] not in given:
            continue  # an everyday word
        found = _candidate(text, words, place, start, tables)
        if found and text[found.start : found.end] not in tables.common:
            yield found


def _guessed(text: str, words: Sequence[str]) -> Iterator[_Candidate]:
    """Words of three characters that jieba guesses behind a title: 会计|揣学礼, whatever the surname."""
    tables = _tables()
    starts = list(accumulate(map(len, words), initial=0))
    for place, word in enumerate(words):
        if not place or len(word) != 3 or word[-1] in _NO_END or is_word(word):
            continue
        given = [letter in tables.given for letter in word[1:]]
        if not words[place - 1].endswith(tables.titles) or word[1] in tables.after:  # 老人|学得乐
            continue
        if not all(given) and not (any(given) and word[0] in tables.surnames):
            continue
        if word[1:] not in tables.words and _right(text, starts[place + 1], words, place + 1, tables):
            yield _Candidate(starts[place], starts[place + 1], True)


def _candidate(text: str, words: Sequence[str], place: int, start: int, tables: _Tables) -> _Candidate | None:
    word = words[place]
    family = 2 if text.startswith(tables.double, start) else 1
    if family == 1 and word[0] not in tables.single:
        return None  # only the first half of a double surname
    ends = _ends(words, place, start)
    full, short = start + family + 2, start + family + 1
    if full in ends and (found := _full(text, words, place, start, full, ends[full], family, tables)):
        return found
    if full not in ends and (found := _run_on(text, words, place, start, full, family, tables)):
        return found
    if family == 1 and short in ends:
        return _short(text, words, place, start, short, ends[short], tables)
    if family == 1 and full in ends and len(word) == 3 and word[2] in tables.after:
        return _short(
            text, words, place, start, short, place + 1, tables
        )  # a verb was taken for part of the name
    return None


def _ends(words: Sequence[str], place: int, start: int) -> dict[int, int]:
    """Where the words from here on end, within four characters, and the index of the word behind."""
    ends: dict[int, int] = {}
    at = start
    for index in range(place, min(place + 4, len(words))):
        at += len(words[index])
        if at - start > 4:
            break
        ends[at] = index + 1
    return ends


def _full(
    text: str,
    words: Sequence[str],
    place: int,
    start: int,
    end: int,
    behind: int,
    family: int,
    tables: _Tables,
) -> _Candidate | None:
    """A surname with a given name of two characters."""
    given = text[start + family : end]
    strength = (given[0] in tables.given) + (given[1] in tables.given)
    if not strength or given in tables.words or given[1] in _NO_END or not given.isalpha():
        return None
    if text[end : end + 1] in _PLACE_BEHIND and not text.startswith(_TITLE_BEHIND, end):
        return None
    pieces = behind - place
    whole = pieces == 1
    if whole and kind_of(text[start:end]) not in ("", "nr", "nrt"):
        return None
    if whole and family == 1 and is_word(text[start:end]) and strength < 2:
        return None
    left, right = _left(words, place, tables), _right(text, end, words, behind, tables)
    surname = text[start]
    if given[1] in tables.after and strength < 2:
        return None
    if surname in tables.verbal:
        sure = strength == 2 and left == 2 and right == 2
        return _Candidate(start, end, True) if sure else None
    if family == 2 or surname in tables.hard:
        sure = strength == 2 if whole else strength == 2 and bool(left or right)
        sure = sure or (whole and bool(left and right))
        return _Candidate(start, end, sure) if sure or left or right else None
    if whole and not is_word(text[start:end]):
        sure = strength == 2 and bool(left or right)
    else:
        sure = strength == 2 and bool(left and right) and (place == 0 or left > 0)
    return _Candidate(start, end, sure) if sure or (left and right) else None


def _run_on(
    text: str, words: Sequence[str], place: int, start: int, end: int, family: int, tables: _Tables
) -> _Candidate | None:
    """A full name that opens a clause and whose last letter was cut into the verb behind it: 桑宝|林带|着."""
    given = text[start + family : end]
    if not (family == 2 or text[start] in tables.hard) or _left(words, place, tables) < 2:
        return None
    if len(given) < 2 or not tables.given.issuperset(given) or given in tables.words or given[1] in _NO_END:
        return None
    if text[end : end + 1] in tables.after or text.startswith(tables.verbs, end):
        return _Candidate(start, end, True)
    return None


def _short(
    text: str, words: Sequence[str], place: int, start: int, end: int, behind: int, tables: _Tables
) -> _Candidate | None:
    """A surname with one character; sure only between a word for people and a verb of theirs."""
    word, given = words[place], text[start + 1]
    if (
        given not in tables.given
        or text[start] in tables.verbal
        or is_word(text[start:end])
        or given in _NO_END
    ):
        return None
    if text[end : end + 1] in _PLACE_BEHIND and not text.startswith(_TITLE_BEHIND, end):
        return None
    left, right = _left(words, place, tables), _right(text, end, words, behind, tables)
    listed = text[start - 1 : start] in _MARKS
    if not (left and right) and not (listed and len(word) >= 2):
        return None
    sure = (
        bool(left and right)
        and text[start] in tables.hard
        and len(word) >= 2
        and right == 2
        and text[end : end + 1] not in _MARKS
    )
    return _Candidate(start, end, sure)


def _left(words: Sequence[str], place: int, tables: _Tables) -> int:
    """2 at the beginning of a clause, 1 behind what a name may follow, 0 otherwise."""
    if not place:
        return 2
    before = words[place - 1]
    if before[-1] in _CLOSING:
        return 2
    return (
        1
        if before in tables.before
        or (len(before) == 1 and place > 1 and words[place - 2] + before in tables.before)
        else 0
    )


def _right(text: str, end: int, words: Sequence[str], behind: int, tables: _Tables) -> int:
    """2 before what only a person does or a mark of a list, 1 before another mark or a particle, 0 otherwise."""
    following = text[end : end + 1]
    if following in _MARKS or text.startswith(tables.verbs, end) or text.startswith(_HOME, end):
        return 2
    if not following or following in _CLOSING:
        return 1
    nxt = words[behind] if behind < len(words) else ""
    return (
        1
        if following in tables.after and (len(nxt) == 1 or nxt[:2] in tables.verbs or following in "的了等")
        else 0
    )

"""Reads a text into its quantities, each with the words around it: its cell, its clause, its sentence. Knows no ledger.

A cell is what stands between a quantity and the next mark or quantity on either side (发现隐患|40处|，整改|38处): the
words that say most surely what is counted.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from drafter.checks.folding import fold
from drafter.checks.numbers.deeds import deeds
from drafter.checks.numbers.meaning import senses
from drafter.checks.numbers.values import Value, same_measure, value_of
from drafter.checks.rules import words
from drafter.checks.wording import pairs
from drafter.quantities import Mention

_LONGEST_CLAUSE, _LONGEST_SENTENCE = 400, 1_000
"""Characters at which a run without marks is cut: no writer's clause or sentence is so long, and each figure is weighed
against all that its sentence says."""
_CLAUSE = re.compile(rf"[^。！？!?；;，,：:\n]{{1,{_LONGEST_CLAUSE}}}")
_SENTENCE_END = re.compile(r"[。！？!?；;\n]")
_JOINING = ("和", "与", "及")
_CELL_END = re.compile(r"[，。；：、！？\n,;:!?（）()｜|—]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HEADING = re.compile(r"#+ |（?[一二三四五六七八九十]{1,3}[）、]")
_LONGEST_HEADING = 40
_PARTICLES = "了"
_NEAR = 5
"""Characters of a cell that say what is counted; further off it says of whom (柏树村发展|食用菌45亩)."""
_REACH = 24
"""Characters of a cell that are looked at: further away stands another matter."""


class Clause(NamedTuple):
    """One clause: where it stands, which sentence it is of, its words by pairs of characters, and its dates and figures."""

    start: int
    end: int
    sentence: int
    words: frozenset[str]


class Setting(NamedTuple):
    """A quantity in its place. `before` and `after` are its cell, folded; `local` the words next to it,
    with quantities of another measure."""

    mention: Mention
    value: Value
    before: str
    after: str
    local: frozenset[str]
    clause: int
    sentence: int
    deeds: frozenset[str]
    """What the cell says was done."""
    former: bool = False
    """Whether it is the value that another one, told right behind it, came from (由|82%|提高到95%)."""
    name: str = ""
    """What 分别 gives it to: 县道 of 县道、乡道分别为20公里、45公里."""
    part: int = 0
    """Whether it is told as a part of a figure before it: 1 behind 其中 or 中, 2 in the list that goes on behind such a one."""

    @property
    def told_as_former(self) -> bool:
        """Whether the words before it speak of an earlier time: 由年初的88.2%, 较上年的44.6亿元."""
        return self.former or _FORMERLY.search(self.before) is not None

    @property
    def past(self) -> bool:
        """Whether its cell speaks of an earlier time without comparing with it: 上年办件43500件."""
        return _EARLIER.search(self.before) is not None

    @property
    def fresh(self) -> bool:
        """Whether it is what is new: 新购图书2.3万册."""
        return _FRESH.search(self.before) is not None

    @property
    def total(self) -> bool:
        """Whether it is all there is: 馆藏总量58.7万册."""
        return not self.fresh and _ALL.search(self.before) is not None

    @property
    def each(self) -> bool:
        """Whether it is an average: 村均71.3万元, 平均每村71.3万元."""
        return _EACH.search(self.before) is not None

    @property
    def things(self) -> frozenset[str]:
        """The words of the cell without those that say what was done."""
        return pairs(deeds().sub(" ", self.cell))

    @property
    def cell(self) -> str:
        """What stands on both sides of it up to the next mark or quantity."""
        return f"{self.before} {self.after}"


@dataclass(frozen=True)
class Reading:
    """A text as its quantities and clauses. `headings[n]` are the words of the heading that sentence n stands under."""

    text: str
    settings: tuple[Setting, ...]
    clauses: tuple[Clause, ...]
    sentences: tuple[tuple[int, int], ...]
    """The first clause of each sentence and the one behind its last."""
    headings: tuple[frozenset[str], ...]

    def clauses_of(self, sentence: int) -> Sequence[Clause]:
        """The clauses of a sentence."""
        return self.clauses[slice(*self.sentences[sentence])]

    def words_of(self, sentence: int) -> frozenset[str]:
        """All words of a sentence."""
        return frozenset().union(*(clause.words for clause in self.clauses_of(sentence)))

    def span_of(self, sentence: int) -> tuple[int, int]:
        """Where the sentence stands."""
        first, last = self.sentences[sentence]
        return self.clauses[first].start, self.clauses[last - 1].end


def read(text: str, mentions: Iterable[Mention]) -> Reading:
    """The text with its quantities (those of `mentions` that count), in their order."""
    found = list(mentions)
    counted = [mention for mention in found if mention.countable]
    times = _times_before(found)
    plain = fold(text)
    values = [value_of(mention) for mention in counted]
    marks = [marks_of(mention, value) for mention, value in zip(counted, values, strict=True)]
    blank = _without(plain, counted)
    clauses: list[Clause] = []
    sentences: list[tuple[int, int]] = []
    at = first = 0
    end = 0
    for match in _CLAUSE.finditer(plain):
        start = match.start()
        if clauses and (
            _SENTENCE_END.search(plain, end, start) or match.end() - clauses[first].start > _LONGEST_SENTENCE
        ):
            sentences.append((first, len(clauses)))
            first = len(clauses)
        end = match.end()
        own, lent = pairs(blank[start:end]), at
        while at < len(counted) and counted[at].start < end:
            at += 1
        if at > lent:
            own = own.union(*marks[lent:at])
        clauses.append(Clause(start, end, len(sentences), own))
    if clauses:
        sentences.append((first, len(clauses)))
    starts = [clause.start for clause in clauses]
    settings: list[Setting] = []
    for place, mention in enumerate(counted):
        floor = counted[place - 1].end if place else 0
        ceiling = counted[place + 1].start if place + 1 < len(counted) else len(plain)
        clause = max(0, bisect_right(starts, mention.start) - 1)
        beside = [
            mark
            for other in (place - 1, place + 1)
            if 0 <= other < len(counted) and not same_measure(values[other], values[place])
            if _beside(counted[other], mention, clauses[clause], plain)
            for mark in marks[other]
        ]
        beside.extend(_time_of(mention, times[place], plain, floor))
        settings.append(_setting(plain, mention, values[place], floor, ceiling, clause, clauses, beside))
    _join_changes(plain, settings)
    _part(plain, settings)
    _share_out(plain, settings)
    return Reading(
        text, tuple(settings), tuple(clauses), tuple(sentences), _headings(plain, clauses, sentences)
    )


def _beside(other: Mention, mention: Mention, clause: Clause, plain: str) -> bool:
    """Whether another quantity belongs to this one's surroundings: one before it in the sentence, one behind in the clause.

    One of the same measure does not: where two figures are exchanged, each would speak for the wrong fact.
    """
    if other.start < mention.start:
        return not _SENTENCE_END.search(plain, other.end, mention.start)
    return other.start < clause.end


_RESPECTIVE = re.compile(
    r"([^，。；：！？\n,;:!?]{3,60}?)(?:同比|环比)?(?:[，,]?(分别)(?:(?:[增下上减提降回压缩新]\w|[\u3400-\u9fff]{2})?(?:达到|达|为|是|有|占|到|至|了)?)|达到|达|为)$"
)
_NAMES = re.compile(r"[、和及与]")


def _join_changes(plain: str, settings: list[Setting]) -> None:
    """Give a value that another one became what stands beside that one: 知晓率|由82%提高到|95%."""
    for place, (one, other) in enumerate(pairwise(settings), start=1):
        if (
            one.sentence == other.sentence
            and _LEFT_FROM.search(one.before)
            and same_measure(one.value, other.value)
            and _BECAME.fullmatch(plain, one.mention.end, other.mention.start)
        ):
            lead = _LEFT_FROM.sub("", one.before)
            settings[place - 1] = one._replace(former=True)
            settings[place] = other._replace(
                before=(lead + other.before)[-_REACH:], local=other.local | (one.local - _PAST)
            )


_LEFT_FROM = re.compile(r"[由从自][\u3400-\u9fff]{0,6}$")


def _share_out(plain: str, settings: list[Setting]) -> None:
    """Give each figure behind 分别 the name it belongs to: 县道、乡道分别为20公里、45公里."""
    last = 0
    for place, first in enumerate(settings):
        last = max(last, place)
        while last + 1 < len(settings) and _between(plain, settings[last], settings[last + 1]) in _LISTING:
            last += 1
        if last == place:
            continue
        lead = _RESPECTIVE.search(plain[max(0, first.mention.start - 70) : first.mention.start])
        if lead is None:
            continue
        names = _of_levels([name for name in _NAMES.split(lead[1]) if name])
        size = last + 1 - place
        if lead[2] and len(names) == 1 and (told := _told_before(settings, place, size)):
            # A注册1830人，B注册910人，出勤率分别为86.4%、81.7%
            for offset, (figure, owner) in enumerate(zip(settings[place : last + 1], told, strict=True)):
                own = owner.local.union(pairs(names[0]), marks_of(owner.mention, owner.value))
                settings[place + offset] = figure._replace(before=names[0][-_REACH:], after="", local=own)
            continue
        if len(names) < size or (len(names) > size and not lead[2]):
            continue
        figures = settings[place : last + 1]
        for offset, (figure, name) in enumerate(zip(figures, names[-size:], strict=True)):
            own = pairs(name) | {word for word in figure.local if word.startswith("@")}
            settings[place + offset] = figure._replace(
                before=name[-_REACH:], after="", local=frozenset(own), name=name
            )


def _part(plain: str, settings: list[Setting]) -> None:
    """Say which figures are parts, and divide what stands between whole and part: 213项|进驻事项|中有|29项 are both 进驻事项."""
    for place, (one, other) in enumerate(pairwise(settings), start=1):
        if one.sentence != other.sentence:
            if other.before.startswith("其中") and "\n" not in plain[one.mention.end : other.mention.start]:
                settings[place] = other._replace(part=1)
            continue
        between = plain[one.mention.end : other.mention.start]
        within = _WITHIN.fullmatch(between)
        if within is None:
            if "其中" in between:
                settings[place] = other._replace(part=1)
            elif settings[place - 1].part and not _NO_PART.search(between):
                settings[place] = other._replace(part=2)
            continue
        noun, rest = within["noun"], within["rest"] or ""
        marks = frozenset(word for word in one.local if word[0] in "@#")
        near = pairs(f"{leading().sub('', one.before)[-_NEAR:]} {noun[:_NEAR]}")
        settings[place - 1] = settings[place - 1]._replace(after=noun, local=near | marks)
        if rest:
            settings[place] = other._replace(before=rest, part=1)
        elif not noun:
            settings[place] = other._replace(before="", part=1)
        else:
            after = (noun + other.after)[:_REACH]
            settings[place] = other._replace(
                before="", after=after, local=other.local | pairs(noun[-_NEAR:]), part=1
            )


_WITHIN = re.compile(
    r"(?P<noun>[\u3400-\u9fff]{0,12}?(?<![其集初高空]))(?:(?:当中|之中|中|里)(?:[,，]?仅?只?有|的|[,，])?|(?:当中|之中|中)(?![心小学型级央国药医等期间部年])(?P<rest>[\u3400-\u9fff]{2,10}?))"
)
"""What stands between a whole and its part: 79人|中高级职称|8人."""
_NO_PART = re.compile(r"另|还|同时|此外|并|共|合计")


def _of_levels(names: list[str]) -> list[str]:
    """The names; those of levels in full (省、市、县三级项目: 省级, 市级, 县级)."""
    level = _LEVELS.match(names[-1]) if names else None
    if level:
        return [f"{name[-2:]}级" for name in (*names[:-1], level[1])]
    return [f"{name}级" if name in _LEVEL_NAMES else name for name in names]


_LEVELS = re.compile(r"([\u3400-\u9fffA-Z]{1,3})[两二三四五]级")
_LEVEL_NAMES = frozenset("部省市州县区镇乡村")
_LISTING = frozenset({"", "、", "和", "与", "及"})


def _told_before(settings: Sequence[Setting], place: int, count: int) -> Sequence[Setting]:
    """The last figures before this place if they are just so many of one measure in the same sentence."""
    told = settings[max(0, place - count) : place]
    first = settings[place]
    same = len(told) == count and all(
        one.sentence == first.sentence and same_measure(one.value, told[0].value) for one in told
    )
    return told if same and not same_measure(told[0].value, first.value) else ()


def _between(plain: str, one: Setting, other: Setting) -> str:
    return plain[one.mention.end : other.mention.start]


_FROM = re.compile(r"[由从自]$")
_FORMERLY = re.compile(
    r"(?:[由从自原](?:年初|[上去]年(?:同期|末|底)?|原[来先有]|此前|之前)?|年初|[上去]年(?:同期|末|底)?|原来|此前|之前)[的为是]?$"
)
_EARLIER = re.compile(r"(?<![比较对])(?:[上去前]年|上期|上季度?|上月)")
_FRESH = re.compile(r"新(?=[增添进建设办开招辟培购评创获认引投签])|净增|增加(?![到至])")
_ALL = re.compile(r"总[\u3400-\u9fff]{0,2}|累计|增至|增加[到至]|现有|共有|达到")
_EACH = re.compile(
    r"(?:平均|均|单[台户人件个亩车次]|每[人户村亩家场月天个证张名位次辆台处条批期])[^，。；]{0,6}$"
)
"""What stands before the value that was before: 由85%提高到90%."""


_BECAME = re.compile(r"[\u3400-\u9fff]{0,6}[到至为]")
"""What stands between a value and the one that it became: 519件|增加到|882件."""
_PAST = frozenset({"@去年"})


def _times_before(mentions: Iterable[Mention]) -> list[Mention | None]:
    """For each quantity the last date or period before it; for a date none."""
    found: list[Mention | None] = []
    last: Mention | None = None
    for mention in mentions:
        is_time = mention.kind in ("date", "period")
        if mention.countable:
            found.append(None if is_time else last)
        if is_time:
            last = mention
    return found


def _time_of(mention: Mention, time: Mention | None, plain: str, floor: int) -> tuple[str, ...]:
    """The fields of the date or period before the quantity if it is of its sentence; it goes for all that follow it.

    `floor` is the end of the figure before. What that has become (由上年的519件增加到|882件) is of another time.
    """
    if time is None or mention.start - time.end > _LONGEST_HEADING:
        return ()
    if _SENTENCE_END.search(plain, time.end, mention.start):
        return ()
    if time.end < floor and _BECAME.fullmatch(plain, floor, mention.start):
        return ()
    return marks_of(time, value_of(time))


def _without(plain: str, mentions: Sequence[Mention]) -> str:
    """The text with blanks for its quantities, so that a Chinese numeral is no word."""
    pieces: list[str] = []
    at = 0
    for mention in mentions:
        pieces.append(plain[at : mention.start])
        pieces.append(" " * (mention.end - mention.start))
        at = mention.end
    return "".join((*pieces, plain[at:]))


def marks_of(mention: Mention, value: Value) -> tuple[str, ...]:
    """What a quantity lends to the words around the others: the fields of a date, or value and unit."""
    if mention.parts:
        return tuple(f"@{name}{number}" for name, number in mention.parts)
    if mention.relative:
        return (f"@{mention.relative}",)
    return (f"#{value.low}-{value.high}{value.unit}",)


def _setting(
    plain: str,
    mention: Mention,
    value: Value,
    floor: int,
    ceiling: int,
    clause: int,
    clauses: Sequence[Clause],
    beside: Sequence[str],
) -> Setting:
    before = _CELL_END.split(plain[max(floor, mention.start - _REACH) : mention.start])[-1]
    before = before.rstrip(_PARTICLES)  # 一共打了|9场
    after = _CELL_END.split(plain[mention.end : min(ceiling, mention.end + _REACH)], maxsplit=1)[0]
    if (
        floor
        and before.endswith(_JOINING)
        and plain[floor : mention.start].strip() == before
        and _HAN.match(after)
    ):
        before = ""  # 46起未密闭运输和|26起带泥上路: what was counted before
    near = f"{leading().sub('', before)[-_NEAR:]} {after[:_NEAR]}"
    local = pairs(near)
    if not local and not _HAN.search(before) and clause and not _HAN.search(after):
        # 党员：32名, 村庄绿化，12处: what is counted stands in the clause before
        lead = clauses[clause - 1]
        if lead.sentence == clauses[clause].sentence and lead.start >= floor:
            before = _CELL_END.split(plain[max(lead.start, lead.end - _REACH) : lead.end])[-1]
            local = pairs(leading().sub("", before)[-_NEAR:])
    local = local.union(beside)
    if _FROM.search(before):
        local = local.union(_PAST)
    told = before if after and mention.end + len(after) == ceiling else f"{before} {after}"
    done = frozenset(deeds().findall(told))  # what stands right before the next figure is said of that
    done |= senses(" ".join(done))
    sentence = clauses[clause].sentence if clauses else 0
    return Setting(mention, value, before, after, local, clause, sentence, done)


def _headings(
    plain: str, clauses: Sequence[Clause], sentences: Sequence[tuple[int, int]]
) -> tuple[frozenset[str], ...]:
    """For each sentence the words of the last line before it that is a heading."""
    found: list[frozenset[str]] = []
    current: frozenset[str] = frozenset()
    for first, last in sentences:
        found.append(current)
        start, end = clauses[first].start, clauses[last - 1].end
        if end - start <= _LONGEST_HEADING and _HEADING.match(plain, start):
            current = frozenset().union(*(clause.words for clause in clauses[first:last]))
    return tuple(found)


@cache
def leading() -> re.Pattern[str]:
    """Words that lead to a number and say nothing of what it counts."""
    found = "|".join(sorted(words("fillers.txt"), key=len, reverse=True))
    return re.compile(f"(?:{found})(?![会室站])")  # 现场会

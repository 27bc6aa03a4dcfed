"""Figures worked out from others that the text tells beside them: averages, differences, what is left, shares, totals.

A cue word has to stand in the figure's own clause, and the figures that it is worked out from next to it or, one of them,
in a fact that counts what the clause names. So a wrong digit seldom comes out by chance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import combinations, permutations

from drafter.checks.numbers.derivation import fits
from drafter.checks.numbers.index import Entry, Index
from drafter.checks.numbers.surroundings import Reading, Setting
from drafter.checks.numbers.tense import of_plan
from drafter.checks.numbers.values import Value, bears_out, same_measure
from drafter.checks.rules import read_rules
from drafter.checks.wording import ordered_pairs, pairs
from drafter.quantities import Mention, same_unit

Span = Callable[[Mention], tuple[date, date] | None]
"""First and last day of a date."""

_NEAREST = 4
"""So many figures before it a figure may be worked out from."""
_MOST_PARTS = 6
_SENTENCES = 3
"""So many sentences back they may stand."""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of the text, the fact's quantity that it tells, if any, and whether it stands."""

    setting: Setting
    entry: Entry | None
    sound: bool

    @property
    def exact(self) -> bool:
        """Whether it can be reckoned with."""
        mention = self.setting.mention
        loose = mention.approximation or mention.high is not None or mention.parts
        return self.sound and not loose and _counts(self.setting) and bool(self.setting.value.low)


@dataclass(frozen=True, slots=True)
class Place:
    """A figure in doubt: what stands before it in its clause, its clause, what stands before it in its sentence, and the figures
    around it, the nearest first.

    `after` is the next figure of its sentence; `length` the report's period in days and months.
    """

    setting: Setting
    lead: str
    clause: str
    sentence: str
    before: Sequence[Told]
    after: Told | None
    index: Index
    length: tuple[int, int] | None
    spans: Sequence[tuple[date, date]]
    """First and last days of the dates of facts that the paragraph has told so far."""

    def says(self, kind: str) -> bool:
        """Whether its clause has a cue word of the kind before it."""
        return _cue(kind).search(self.lead) is not None


def reckoned(
    reading: Reading,
    told: Sequence[Told],
    place: int,
    index: Index,
    length: tuple[int, int] | None,
    span: Span,
) -> str | None:
    """The formula by which the figure at `place` comes from those of `told`, its paragraph's, or None."""
    setting = told[place].setting
    if setting.mention.parts or setting.mention.high is not None or not setting.value.low:
        return None
    clause = reading.clauses[setting.clause]
    near = [
        one
        for one in reversed(told[:place])
        if setting.sentence - one.setting.sentence <= _SENTENCES and one.exact
    ]
    dates = [one.entry.mention for one in told[:place] if one.entry and one.entry.mention.parts]
    behind = told[place + 1] if place + 1 < len(told) else None
    if behind and (behind.setting.sentence != setting.sentence or not behind.exact):
        behind = None
    at = Place(
        setting,
        reading.text[clause.start : setting.mention.start],
        reading.text[clause.start : clause.end],
        reading.text[reading.span_of(setting.sentence)[0] : setting.mention.start],
        near,
        behind,
        index,
        length,
        [days for mention in dates if (days := span(mention))],
    )
    return next((formula for way in _WAYS for formula in way(at)), None)


def _counts(setting: Setting) -> bool:
    return setting.mention.kind in ("cardinal", "money", "percent")


def _average(at: Place) -> Iterator[str]:
    """A total divided by a count, or by the days or months of the period."""
    if not at.says("average") or at.setting.value.unit == "%":
        return
    unit = at.setting.value.unit
    totals = [one for one in at.before if same_unit(one.setting.value.unit, unit)][:_NEAREST]
    for total in totals:
        for count in at.before[: _NEAREST + 1]:
            by = count.setting.mention.value or Decimal(0)
            if by > 1 and not same_measure(count.setting.value, total.setting.value):
                yield from _if_so(at, _low(total) / by, f"{_text(total)}÷{_text(count)}")
        for entry in _all_of(at):
            yield from _if_so(at, _low(total) / _worth(entry), f"{_text(total)}÷{entry.mention.text}")
        if at.length:
            for kind, count_of in zip(("day", "month"), at.length, strict=True):
                if at.says(kind):
                    yield from _if_so(at, _low(total) / count_of, f"{_text(total)}÷{count_of}")


def _all_of(at: Place) -> Iterator[Entry]:
    """How many of those there are in all of which each one's share is told: 平均每村55.6万元, of 全乡11个行政村."""
    each = _EACH_OF.search(at.lead)
    if each is None:
        return
    of = each[1] or each[2]
    for entry in at.index.entries:
        told = entry.source.role == "background" or _ALL.search(entry.setting.before)
        if entry.source.fact and told and _exact(entry) and _worth(entry) > 1:
            noun = entry.setting.after[:4]
            if entry.mention.unit == of or (noun.endswith(of) and entry.mention.unit == "个"):
                yield entry


_EACH_OF = re.compile(
    r"每[个家名]?([\u3400-\u9fff])[\u3400-\u9fff]{0,6}$|([人户村家亩])均[\u3400-\u9fff]{0,6}$"
)
_ALL = re.compile(r"[全辖现共][\u3400-\u9fff]{0,4}$")


def _difference(at: Place) -> Iterator[str]:
    """By how much one figure is more, or less, than another of the same thing."""
    if at.setting.value.unit == "%" or at.setting.mention.direction not in (None, "up", "down"):
        return  # of two percentages it is so many points
    more, less, between = (at.says(kind) for kind in ("more", "less", "between"))
    if not (more or less or between):
        return
    levels = [one for one in at.before if _like(one.setting.value, at.setting.value)][:_NEAREST]
    for level in levels:
        for other in levels:
            if other is level:
                continue
            change = _low(level) - _low(other)
            if not between and more != less and _former(other) != _former(level):
                now = change if _former(other) else -change
                if (now > 0) != more:
                    continue
            if change > 0:
                yield from _if_so(at, change, f"{_text(level)}-{_text(other)}")
        for entry in _same_thing(at, level):
            change = _low(level) - _worth(entry)
            if change and (more == less or (change > 0) == more):
                yield from _if_so(at, abs(change), f"{_text(level)}-{entry.mention.text}")


def _former(one: Told) -> bool:
    setting = one.setting
    return setting.told_as_former or _cue("then").search(setting.before) is not None


def _same_thing(at: Place, level: Told) -> Iterator[Entry]:
    """Quantities of other facts that count what the told one counts, done where that one is planned or of a named year."""
    if level.entry is None or level.setting.sentence != at.setting.sentence:
        return
    noun = at.index.noun(level.entry)
    for entry in at.index.alike(level.setting.value):
        if entry.source is level.entry.source or not entry.source.fact or not _exact(entry):
            continue
        same = bool(noun.core) and (noun.phrase == at.index.noun(entry).phrase)
        if of_plan(level.entry.source) != of_plan(entry.source) and (
            same or level.entry.thing.same(entry.thing) or _common_end(level.entry, entry)
        ):
            yield entry


def _common_end(one: Entry, other: Entry) -> bool:
    """Whether the same two characters stand right before both: 计划接待游客|140万, 接待游客|126.8万."""
    ours, theirs = one.setting.before[-2:], other.setting.before[-2:]
    return len(ours) == 2 and ours == theirs


def _rest(at: Place) -> Iterator[str]:
    """What is left of a whole without one or two parts told behind it."""
    like = [one for one in at.before if same_measure(one.setting.value, at.setting.value)]
    here = [one for one in like if one.setting.sentence == at.setting.sentence]
    if len(here) >= 2 and here[0] is at.before[0] and at.setting.mention.approximation is None:
        part, whole = here[:2]
        named = part.setting.things  # 线下12场 is not the fact's 线上12场
        lead = pairs(part.entry.setting.before) if part.entry else frozenset()
        own = part.entry is not None and (not named or not lead or named & lead)
        if own and (part.setting.part == 1 or _of_whole(part.entry, whole.entry)):
            yield from _if_so(at, _low(whole) - _low(part), f"{_text(whole)}-{_text(part)}")
    if not at.says("rest") and not _NEGATED.match(at.setting.after):
        return
    yield from _unfilled(at)
    for whole in here[:1]:
        for entry in _siblings(at, whole.entry) if whole.entry else ():
            if same_measure(entry.setting.value, whole.setting.value):
                yield from _if_so(at, _low(whole) - _worth(entry), f"{_text(whole)}-{entry.mention.text}")
            elif (left := _other_unit(at, whole, entry)) is not None:
                yield from _if_so(at, left, f"{_text(whole)}-{entry.mention.text}")
    for count in (1, 2):
        for place in range(count, min(len(like), _NEAREST)):
            whole, parts = like[place], like[:count]
            left = _low(whole) - sum(map(_low, parts))
            yield from _if_so(at, left, "-".join(map(_text, (whole, *reversed(parts)))))
    for part, whole in combinations(like[:_NEAREST], 2):  # something else told between them
        if part.entry and whole.entry and part.entry.source is whole.entry.source:
            yield from _if_so(at, _low(whole) - _low(part), f"{_text(whole)}-{_text(part)}")


def _unfilled(at: Place) -> Iterator[str]:
    """Posts without a person, both told right before: 86个编制实际在岗79人，空缺7个."""
    held, posts = at.before[:2] if len(at.before) > 1 else (None, None)
    if held is None or posts is None or at.setting.mention.approximation is not None:
        return
    units = [one.mention.unit for one in (posts.setting, held.setting, at.setting)]
    in_posts = units[0] == "个" and units[1] in _PERSONS and (units[2] == "个" or units[2] in _PERSONS)
    if in_posts and posts.setting.sentence == at.setting.sentence:
        yield from _if_so(at, _low(posts) - _low(held), f"{_text(posts)}-{_text(held)}")


def _times(at: Place) -> Iterator[str]:
    """How many times another figure one is: 核销163万元，拉动消费978万元，相当于核销额的6倍."""
    if at.setting.mention.unit != "倍" or not at.says("times") or at.setting.mention.direction is not None:
        return
    for one, other in permutations(at.before[:_NEAREST], 2):
        if same_measure(one.setting.value, other.setting.value) and _low(one) > _low(other):
            yield from _if_so(at, _low(one) / _low(other), f"{_text(one)}÷{_text(other)}")


def _other_unit(at: Place, whole: Told, entry: Entry) -> Decimal | None:
    """What is left of posts or cases of which the fact counts the persons: 岗位820个，在岗754人."""
    if entry.mention.unit not in _PERSONS or whole.setting.mention.dimension != "count":
        return None
    if entry.number < (whole.entry.number if whole.entry else 0):
        return None
    return _low(whole) - _worth(entry)


def _in_unit_of_whole(at: Place) -> Iterator[str]:
    """A part that the fact counts in persons, told in the unit of its whole: 620个岗位中|435个."""
    whole = at.before[0] if at.before else None
    if whole is None or whole.entry is None or whole.setting.sentence != at.setting.sentence:
        return
    if not same_measure(whole.setting.value, at.setting.value):
        return
    for entry in _siblings(at, whole.entry):
        between = entry.source.text[whole.entry.mention.end : entry.mention.start]
        left = _other_unit(at, whole, entry)
        if left is not None and left > 0 and "其中" in between and _worth(entry) == at.setting.value.low:
            yield f"{entry.mention.text}={at.setting.mention.text}"


def _then(at: Place) -> Iterator[str]:
    """What a figure told right before it was, of which the fact says how it changed: 1.8天，比上年延长0.3天."""
    now = at.before[0] if at.before else None
    if now is None or now.entry is None or not _THEN.search(at.lead):
        return
    if not same_measure(now.setting.value, at.setting.value):
        return
    for change in _siblings(at, now.entry):
        compared = change.number == now.entry.number + 1 and re.search("[比较]", change.setting.before)
        if not compared or not same_measure(change.setting.value, now.setting.value):
            continue
        more, less = (bool(_cue(kind).search(change.setting.before)) for kind in ("more", "less"))
        if more != less:
            sign, by = ("-", -_worth(change)) if more else ("+", _worth(change))
            yield from _if_so(at, _low(now) + by, f"{_text(now)}{sign}{change.mention.text}")


_THEN = re.compile("[上去]年|原来|此前|过去")
_PERSONS = frozenset({"人", "名", "位"})
_DAYS = frozenset({"天", "日"})


def _span(at: Place) -> Iterator[str]:
    """The days of a date that a fact has: 2月3日至2月25日 are 23天."""
    mention = at.setting.mention
    if mention.unit in _DAYS:
        for first, last in at.spans:
            if (last - first).days + 1 == mention.value and last > first:
                yield f"{first:%m-%d}…{last:%m-%d}={mention.text}"


def _product(at: Place) -> Iterator[str]:
    """An average told right before it times the count that it is of: 1235户, 每户平均0.86万元: 超过1000万元."""
    place = next((n for n, one in enumerate(at.before[:_MOST_PARTS]) if _is_each(one, at.setting)), None)
    if place is None or not at.says("sum"):
        return
    each, counts = at.before[place], at.before[place + 1 : place + _NEAREST + 1]
    for count in counts:
        each_of = _EACH_OF.search(each.setting.before)
        by_area = each_of is not None and count.setting.mention.unit == (each_of[1] or each_of[2])
        if by_area or count.setting.mention.dimension == "count":
            times = count.setting.mention.value or Decimal(0)
            yield from _if_so(at, _low(each) * times, f"{_text(each)}×{_text(count)}")


def _is_each(one: Told, setting: Setting) -> bool:
    """Whether a figure says how much of this each has."""
    each = one.setting.each or _cue("average").search(one.setting.before) is not None
    return each and same_unit(one.setting.value.unit, setting.value.unit)


def _of_rate(at: Place) -> Iterator[str]:
    """The part of a told whole that a rate of its fact makes: 隐患264个，整改率98.5%: 整改了260个."""
    whole = next((one for one in at.before if same_measure(one.setting.value, at.setting.value)), None)
    if whole is None or whole.entry is None or whole.setting.sentence != at.setting.sentence:
        return
    for rate in _siblings(at, whole.entry):
        if rate.setting.value.unit != "%" or rate.mention.direction:
            continue
        part = at.setting.value.low or Decimal(0)
        named = pairs(at.setting.cell) & pairs(rate.setting.before)
        if not named or part >= _low(whole):
            continue
        if fits(part / _low(whole) * 100, rate.mention):
            yield f"{_text(whole)}×{rate.mention.text}={at.setting.mention.text}"
        denied = _DENIED.search(at.setting.cell)
        if denied and denied[1] in rate.setting.before and fits(100 - part / _low(whole) * 100, rate.mention):
            yield f"{_text(whole)}×(100%-{rate.mention.text})={at.setting.mention.text}"


def _one_in(at: Place) -> Iterator[str]:
    """A share told as so many of so many: 招聘教师215人, of the fact's 43 of them, 每5人就有1人."""
    found = next((one for one in _SO_MANY_IN.finditer(at.clause)), None)
    if found is None or found.end() < len(at.lead) or at.setting.mention.approximation is not None:
        return
    each, many = (Decimal(_DIGITS.get(found[name], found[name])) for name in ("each", "many"))
    if not 0 < many < each:
        return
    for whole in at.before[:_NEAREST]:
        for part in _siblings(at, whole.entry) if whole.entry else ():
            if not same_measure(part.setting.value, whole.setting.value) or _worth(part) >= _low(whole):
                continue
            if abs(_worth(part) / _low(whole) * each / many - 1) <= _NEAR:
                yield f"{part.mention.text}÷{_text(whole)}≈{found[0]}"


_SO_MANY_IN = re.compile(
    r"每(?P<each>\d{1,3}|[两三四五六七八九十])[人名户个家][\u3400-\u9fff]{0,6}?[就便]有(?P<many>\d{1,2}|[一两三四五])[人名户个家]"
)
_DIGITS = dict(zip("一两三四五六七八九十", ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"], strict=True))
_NEAR = Decimal("0.1")


def _by_rate(at: Place) -> Iterator[str]:
    """The part that a share told right before makes of the whole before that: 52.6万人口中锻炼的占43.8%，约23万人."""
    if len(at.before) < 2:
        return
    rate, whole = at.before[:2]
    if (
        rate.setting.value.unit != "%"
        or rate.setting.mention.direction
        or not _cue("share").search(rate.setting.before)
    ):
        return
    together = rate.setting.sentence == whole.setting.sentence == at.setting.sentence
    if together and same_measure(whole.setting.value, at.setting.value) and not at.setting.things:
        yield from _if_so(at, _low(whole) * _low(rate) / 100, f"{_text(whole)}×{_text(rate)}")


def _remainder(at: Place) -> Iterator[str]:
    """What a share told right before leaves of the whole, in words: 专职的占31%，近七成靠兼职."""
    if at.setting.value.unit != "%" or at.setting.mention.direction in ("up", "down") or not at.before:
        return
    share = at.before[0]
    loose = at.setting.value.coarse or at.says("rest")
    told = share.setting.value.unit == "%" and share.setting.sentence == at.setting.sentence
    level = not share.setting.mention.direction and _cue("share").search(share.setting.before)
    if loose and told and level:
        yield from _if_so(at, 100 - _low(share), f"100%-{_text(share)}")


def _sum(at: Place) -> Iterator[str]:
    """The figures told right before it together, or those of one fact that its clause names."""
    every = [one for one in at.before if same_measure(one.setting.value, at.setting.value)]
    like = every[:_MOST_PARTS]
    if at.says("sum"):
        whole = [one for one in every if not one.setting.part][:_MOST_PARTS]
        for summands in (like, whole) if len(whole) < len(every) else (like,):
            for count in range(2, len(summands) + 1):
                parts = summands[:count]
                if count < len(summands) and _goes_on(summands[count], summands[count - 1]):
                    continue  # a total leaves none of its parts out
                yield from _if_so(
                    at, sum(map(_low, parts), Decimal(0)), "+".join(map(_text, reversed(parts)))
                )
    if like and at.says("level") and _cue("grown").search(at.sentence):
        for entry in _same_thing(at, like[0]):
            yield from _if_so(at, _low(like[0]) + _worth(entry), f"{entry.mention.text}+{_text(like[0])}")
    if at.setting.mention.approximation is None and (at.says("sum") or at.says("and")):
        for parts_ in _runs(at):
            if sum(map(_worth, parts_), Decimal(0)) == at.setting.value.low:
                left = "+".join(entry.mention.text for entry in parts_)
                yield f"{left}={at.setting.mention.text}"


def _goes_on(one: Told, other: Told) -> bool:
    """Whether the two are told together as parts of one kind."""
    if one.setting.sentence != other.setting.sentence or one.entry is None or other.entry is None:
        return False
    if other.setting.part == 1:
        return False  # 鱼苗250万尾，其中鳙鱼44万尾: the one is the whole
    return one.entry.source is other.entry.source or one.entry.thing.same(other.entry.thing)


def _runs(at: Place) -> Iterator[list[Entry]]:
    """Quantities that follow one another in one fact and of which the clause names each: 中央|和|省级|交办的27件."""
    naming = pairs(at.clause)
    by_fact: dict[int, list[Entry]] = {}
    for entry in at.index.alike(at.setting.value):
        if entry.source.fact and _exact(entry):
            by_fact.setdefault(id(entry.source), []).append(entry)
    for entries in by_fact.values():
        entries.sort(key=lambda entry: entry.number)
        for first in range(len(entries) - 1):
            for last in range(first + 2, min(len(entries), first + _MOST_PARTS) + 1):
                run = entries[first:last]
                own = [pairs(entry.setting.before) for entry in run]
                common = frozenset.intersection(*own)
                if all((words - common) & naming for words in own):
                    yield run


def _share(at: Place) -> Iterator[str]:
    """A figure told beside it as a share of another, of a fact's figure that its clause names, or of one with a part."""
    if at.setting.value.unit != "%" or at.setting.mention.direction in ("up", "down"):
        return
    if not _cue("share").search(at.clause):
        return
    coarse = at.setting.mention.approximation is not None or at.setting.mention.kind == "fraction"
    near = [one for one in at.before if one.setting.value.unit != "%"][: _NEAREST + 1]
    parts = ([at.after] if at.after else []) + (near[:1] if coarse else near)
    naming = pairs(at.clause)
    for part in parts:
        for whole in near:
            if whole is not part and (
                (same_measure(part.setting.value, whole.setting.value) and _part_of(at, part, whole))
                or _rate_of(at, part, whole)
            ):
                yield from _ratio(at, _low(part), _low(whole), _text(part), _text(whole))
                if _fails(at, part):
                    left = f"({_text(whole)}-{_text(part)})"
                    yield from _ratio(at, _low(whole) - _low(part), _low(whole), left, _text(whole))
        for entry in at.index.alike(part.setting.value):
            if entry.source.fact and _exact(entry) and _named(at, entry, naming):
                yield from _ratio(at, _low(part), _worth(entry), _text(part), entry.mention.text)
    for whole in near:
        if whole.entry and whole.setting.sentence == at.setting.sentence:
            for entry in _siblings(at, whole.entry):
                if same_measure(entry.setting.value, whole.setting.value) and naming & pairs(
                    entry.setting.before
                ):
                    yield from _ratio(at, _worth(entry), _low(whole), entry.mention.text, _text(whole))
                    yield from _ratio(at, _low(whole), _worth(entry), _text(whole), entry.mention.text)
                elif (denied := _DENIED.search(entry.setting.before)) and denied[1] in at.lead:
                    left = f"({_text(whole)}-{entry.mention.text})"
                    yield from _ratio(at, _low(whole) - _worth(entry), _low(whole), left, _text(whole))
    yield from _share_of_fact(at, naming)
    yield from _share_of_named(at, parts[:2])
    yield from _share_of_goal(at, parts[:1])
    if not parts or coarse:
        return
    for part in near[:1]:
        for entry in _siblings(at, part.entry) if part.entry else ():
            if entry.number < part.entry.number and part.entry.setting.part:  # type: ignore[union-attr]
                yield from _ratio(at, _low(part), _worth(entry), _text(part), entry.mention.text)


def _part_of(at: Place, part: Told, whole: Told) -> bool:
    """Whether the two may be part and whole: by the ledger, by 其中 or 中 in the text, or since the clause names the whole."""
    if _akin(part.entry, whole.entry):
        return True
    if part.setting.part == 1 and part.setting.mention.start > whole.setting.mention.start:
        return True
    found = _cue("of").search(at.lead)
    return found is not None and any(pair in whole.setting.cell for pair in ordered_pairs(found[1]))


def _named_whole(at: Place) -> frozenset[str]:
    """The words by which the clause names what the figure is a share of: 占|全部报告病例|的."""
    found = _cue("of").search(at.lead)
    return pairs(found[1]) if found else frozenset()


def _fails(at: Place, part: Told) -> bool:
    """Whether the part is what is not, and the share that of what is: 不合格的有6份，合格率."""
    denied = _DENIED.search(part.setting.before)
    return denied is not None and denied[1] in at.lead and "不" + denied[1] not in at.lead


_NEGATED = re.compile(r"[不未](?!少|足|断)")
"""What stands behind a figure of what is not: 2批次|不合格."""
_DENIED = re.compile(r"[不未]([\u3400-\u9fff]{2})")


def _share_of_goal(at: Place, parts: Sequence[Told]) -> Iterator[str]:
    """A figure told right before as a share of what a fact sets for the whole year or as a goal."""
    if not _cue("goal").search(at.lead):
        return
    for part in parts:
        for entry in at.index.alike(part.setting.value):
            goal = entry.source.fact and _exact(entry) and _GOAL.search(entry.setting.before)
            if goal and (part.entry is None or pairs(entry.source.text) & part.entry.setting.local):
                yield from _ratio(at, _low(part), _worth(entry), _text(part), entry.mention.text)


_FINE = re.compile(r"\d\.\d")
"""A share that hardly comes out by chance."""
_GOAL = re.compile(r"全年|年度|任务|目标|计划|指标")


def _share_of_named(at: Place, parts: Sequence[Told]) -> Iterator[str]:
    """A told part of a fact's whole that the clause names, wherever the report has told that."""
    naming = _named_whole(at)
    loose = at.setting.value.coarse or at.setting.mention.approximation is not None
    if not naming:
        return
    for part in parts:
        if part.setting.sentence != at.setting.sentence:
            continue
        for entry in at.index.alike(part.setting.value):
            if not entry.source.fact or not _exact(entry) or entry.setting.part:
                continue
            near = entry.words if _FINE.search(at.setting.mention.text) else entry.setting.local
            if naming <= entry.words if loose else naming & near:
                yield from _ratio(at, _low(part), _worth(entry), _text(part), entry.mention.text)


def _akin(part: Entry | None, whole: Entry | None) -> bool:
    """Whether one fact tells both, or facts of one thing; what was itself worked out is taken at its word."""
    return part is None or whole is None or part.source is whole.source or part.thing.same(whole.thing)


def _rate_of(at: Place, part: Told, whole: Told) -> bool:
    """Whether the two are counts of one fact, told right before a rate: 听证会21场，息访19件，息访率."""
    return (
        "率" in at.lead
        and [part, whole] == list(at.before[:2])
        and part.entry is not None
        and whole.entry is not None
        and part.entry.source is whole.entry.source
        and part.setting.mention.dimension == whole.setting.mention.dimension == "count"
    )


def _share_of_fact(at: Place, naming: frozenset[str]) -> Iterator[str]:
    """The first quantity of a fact as a whole and a part behind 其中, where the clause names both."""
    for entry in at.index.entries:
        if not (entry.source.fact and _exact(entry) and _named(at, entry, naming)):
            continue
        for whole in _siblings(at, entry):
            if _of_whole(entry, whole) and _named(at, whole, naming):
                yield from _ratio(at, _worth(entry), _worth(whole), entry.mention.text, whole.mention.text)


def _named(at: Place, entry: Entry, naming: frozenset[str]) -> bool:
    """Whether the clause has the noun that the fact counts."""
    noun = at.index.noun(entry)
    return bool(noun.core) and (noun.core in at.clause or pairs(noun.core) & naming == pairs(noun.core))


def _ratio(at: Place, part: Decimal, whole: Decimal, left: str, right: str) -> Iterator[str]:
    if 0 < part < whole or (0 < whole < part and _cue("goal").search(at.clause)):
        yield from _if_so(at, part / whole * 100, f"{left}÷{right}")


def _if_so(at: Place, value: Decimal, left: str) -> Iterator[str]:
    """The formula, if the value is what the figure says."""
    mention, worth = at.setting.mention, at.setting.value
    loose = mention.approximation is not None or mention.kind == "fraction"
    told = worth._replace(approximation=worth.approximation or ("约" if mention.kind == "fraction" else None))
    if loose:
        so = bears_out(worth._replace(low=value, high=None, approximation=None), told) or value == worth.low
    else:
        so = fits(value, mention)
    if so:
        yield f"{left}{'≈' if loose else '='}{mention.text}"


def _of_whole(part: Entry | None, whole: Entry | None) -> bool:
    """Whether one fact tells the one as a part of the other."""
    if part is None or whole is None or part.source is not whole.source or part.number <= whole.number:
        return False
    between = part.source.text[whole.mention.end : part.mention.start]
    return "其中" in between and same_measure(part.setting.value, whole.setting.value)


def _siblings(at: Place, entry: Entry) -> Iterable[Entry]:
    """The exact other quantities of the entry's fact."""
    first = entry.number - entry.place
    return [
        other
        for other in at.index.entries[first : first + len(entry.things.mentions)]
        if other is not entry and _exact(other)
    ]


def _exact(entry: Entry) -> bool:
    mention = entry.mention
    return (
        not mention.parts
        and mention.approximation is None
        and mention.high is None
        and bool(entry.setting.value.low)
    )


def _like(one: Value, change: Value) -> bool:
    return same_measure(one, change) or (one.unit == "%" and change.unit == "百分点")


def _low(one: Told) -> Decimal:
    return one.setting.value.low or Decimal(0)


def _worth(entry: Entry) -> Decimal:
    return entry.setting.value.low or Decimal(0)


def _text(one: Told) -> str:
    return one.setting.mention.text


@cache
def _cue(kind: str) -> re.Pattern[str]:
    return re.compile(next(row for of, row in read_rules("reckoning.txt", 2) if of == kind))


_WAYS = (
    _average,
    _rest,
    _of_rate,
    _difference,
    _then,
    _share,
    _sum,
    _product,
    _times,
    _one_in,
    _by_rate,
    _remainder,
    _in_unit_of_whole,
    _span,
)

"""Numbers that a report may compute from its facts: sums, differences, shares, growth and averages.

Each needs a cue word and like things, and shows its formula. Without that, chance would support errors: over twenty
numbers, half of all wrong digits equal some sum or ratio.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import permutations

from drafter.checks.numbers.deeds import deeds_of, undone
from drafter.checks.numbers.index import Entry
from drafter.checks.numbers.nouns import noun_of
from drafter.checks.numbers.tense import of_plan
from drafter.checks.numbers.values import is_percentage, value_of
from drafter.checks.sources import Source
from drafter.checks.wording import pairs
from drafter.quantities import Mention, same_unit

SUM_CUE = re.compile(r"共|合计|总计|累计|其中|总数|总人数|总量|总额|总面积|两项|三项|各类|合并")
SHARE_CUE = re.compile(r"占|率|比例|比重|覆盖面|达标|完成")
GROWTH_CUE = re.compile(
    r"增长|增幅|增速|同比|环比|下降|降幅|减少|缩短|压缩|压减|提高|上升|增加|较上|比上|较去|比去|提速|精简|缩减|降低|减幅|扩大|提升|翻"
)
DIFFERENCE_CUE = re.compile(
    r"净[增减]|剩余|剩下|[尚还另仍]有|尚余|结余|核减|审减|缺口|空缺|[还仍]需|其余|相差|差[额距]|[比较][^，。；]{0,12}[多少高低增减提降升]"
    r"|新增|增加|减少|提高|下降|上升|降低"
)
_CHANGE_CUE = re.compile(r"新增|增加|减少|提高|下降|上升|降低")
"""Cues that say that something changed: only of one value from the other, in time."""
AVERAGE_CUE = re.compile(r"平均|每[人户家村亩场天]|人均|户均|亩均|村均|场均|均")
_IN, _OUT = re.compile(r"[新增入进加]"), re.compile(r"[退减出销失去]")
_BECAME = re.compile(r"[\u3400-\u9fff]{0,4}[到至为]")
_NOT = re.compile(r"[不未]([\u3400-\u9fff]{2})")
_MOST_PARTS = 12
_EXACT_LIMIT = Decimal(10) ** 15


@dataclass(frozen=True)
class Derivation:
    """A formula over facts, as it should be shown, the facts it uses, and how many figures are added up (0 for none)."""

    formula: str
    sources: tuple[Source, ...]
    added: int = 0


@dataclass(frozen=True)
class Grounds:
    """What the text says around the number: what may be computed is what it names.

    sentence    the sentence
    naming      the words that may name what is counted: the number's clause, with the one before if it names nothing
    beside      entries that the sentence states too; those with the ones of the sentence before; and so on
    related     entries that the words of the sentence speak for, the most likely first
    named       of every fact whose place, office or date the sentence names, the entry that its words speak for most
    former      whether the number is told as one of an earlier time
    """

    sentence: str
    naming: str
    beside: Sequence[Sequence[Entry]]
    related: Sequence[Entry]
    named: Sequence[Entry] = ()
    former: bool = False


Way = Callable[[Mention, Grounds], Derivation | None]
"""One way to compute a number from facts."""


def ways_to(mention: Mention, sentence: str, *, former: bool = False) -> list[Way]:
    """The ways in which `mention` may be computed: those to its kind of number for which the sentence has a cue word.

    With `former` it is told as one of an earlier time, which is a cue of its own.
    """
    if mention.value is None or mention.high is not None:
        return []
    return [
        way
        for way, cue, leads_to in _WAYS
        if leads_to(mention) and (cue.search(sentence) or (way is _share and _coarse(mention)))
    ] + ([_earlier, _before_share] if former else [])


def derive(mention: Mention, ways: Iterable[Way], grounds: Grounds) -> Derivation | None:
    """How `mention` follows, in one of these ways, from facts that count the same or that the sentence names, or None."""
    return next((found for way in ways if (found := way(mention, grounds))), None)


def _sum(mention: Mention, grounds: Grounds) -> Derivation | None:
    words = pairs(grounds.naming)
    groups = [grounds.named, *grounds.beside, grounds.related]
    groups += [
        [e for e in group if e.thing.head in words or _short_for(e.thing.head, grounds.naming)]
        for group in groups[1:]
    ]
    groups += [
        [entry for entry in group if (noun := noun_of(entry.setting)).kind and noun.phrase in grounds.naming]
        for group in (*grounds.beside, grounds.related)
    ]
    groups += _groups(grounds.related)
    return next((found for group in groups if (found := _sum_of(mention, grounds, group))), None)


def _groups(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The entries of one topic together, those of one fact, and those that count one thing."""
    keys: tuple[Callable[[Entry], object], ...] = (
        lambda entry: entry.source.topic,
        lambda entry: entry.source.fact,
        lambda entry: entry.thing.head,
    )
    for key in keys:
        groups: dict[object, list[Entry]] = {}
        for entry in entries:
            groups.setdefault(key(entry), []).append(entry)
        yield from groups.values()


def _sum_of(mention: Mention, grounds: Grounds, entries: Sequence[Entry]) -> Derivation | None:
    """All the quantities of the same unit together."""
    if len(entries) < 2:
        return None
    worth = value_of(mention)
    wanted, unit = worth.low, worth.unit
    parts = [
        entry
        for entry in _once_each(entries)
        if entry.mention.high is None
        and entry.mention.kind in ("cardinal", "money")
        and entry.mention.unit is not None
        and same_unit(entry.setting.value.unit, unit)
    ]
    if not 2 <= len(parts) <= _MOST_PARTS:
        return None
    parts.sort(key=lambda entry: entry.number)
    parts = [entry for entry in parts if not any(_within(entry, other) for other in parts)]
    if len(parts) < 2:
        return None
    total = sum((_value(entry) for entry in parts), Decimal(0))
    loose = any(entry.mention.approximation for entry in parts)
    if total != wanted or (loose != bool(mention.approximation) and mention.approximation != "以上"):
        return None
    if entries is not grounds.named and not _belong_together(
        parts, grounds, any(entries is told for told in grounds.beside)
    ):
        return None
    left = "+".join(_plain(entry.mention.value) for entry in parts)
    return Derivation(f"{left}={_plain(mention.value)}{mention.unit or ''}", _sources(parts), len(parts))


def _within(part: Entry, whole: Entry) -> bool:
    """Whether the fact tells the one as a part of the other: 合作社14家，其中省级示范社2家."""
    if part.source is not whole.source or part.number <= whole.number:
        return False
    between = part.source.text[whole.mention.end : part.mention.start]
    return "其中" in between and _END.search(between) is None and part.number == whole.number + 1


_END = re.compile(r"[。；;]")


def _belong_together(parts: Sequence[Entry], grounds: Grounds, beside: bool) -> bool:
    """Whether the text means all the parts: it names each, or it states each, or they are of one thing."""
    if beside:
        return True
    naming = pairs(grounds.naming)
    named = [entry.thing.head in naming or _short_for(entry.thing.head, grounds.naming) for entry in parts]
    same = all(entry.thing.same(parts[0].thing) for entry in parts)
    if any(named) and not same:
        return all(named)
    return same and (len(_sources(parts)) == 1 or parts[0].thing.head in pairs(grounds.sentence))


def _short_for(name: str, naming: str) -> bool:
    """Whether the name is half of a joint one (县道 and 乡道 in 县乡道, 党员 in 党团员)."""
    if len(name) != 2:
        return False
    first, last = name[0], name[1]
    place = naming.find(first)
    while place >= 0:
        between, beyond = naming[place + 1 : place + 2], naming[place + 2 : place + 3]
        if between == last or (beyond == last and "\u3400" <= between <= "\u9fff"):
            return True
        place = naming.find(first, place + 1)
    return False


def _coarse(mention: Mention) -> bool:
    """Whether it is a part in words, which needs no other cue: 三分之一, 六成."""
    return mention.kind == "fraction" or "成" in mention.text


def _share(mention: Mention, grounds: Grounds) -> Derivation | None:
    """One exact quantity as a share of another of the same unit and thing."""
    groups = grounds.beside[:1] if mention.approximation else (*grounds.beside, grounds.related)
    return next((found for group in groups if (found := _share_of(mention, grounds, group))), None)


def _share_of(mention: Mention, grounds: Grounds, entries: Sequence[Entry]) -> Derivation | None:
    exact = _exact(entries)
    for part, whole in permutations(exact[:_MOST_PARTS], 2):
        if _value(part) > _value(whole) or not _like(part, whole):
            continue
        if fits(_value(part) / _value(whole) * 100, mention) and (
            _is_part(part, whole, grounds) or (entries is not grounds.related and _only_two(exact, part))
        ):
            left = f"{_plain(part.mention.value)}÷{_plain(whole.mention.value)}"
            return Derivation(f"{left}{_comes_to(mention)}", _sources([part, whole]))
    return None


def _is_part(part: Entry, whole: Entry, grounds: Grounds) -> bool:
    """Whether the part is of the whole: behind 其中 in one fact, or the same thing, which the sentence names."""
    one_fact = part.source is whole.source
    if one_fact and "其中" in part.source.text[whole.mention.end : part.mention.start]:
        return True
    if one_fact and part.setting.local & pairs(grounds.naming):
        return True  # 调解成功率 is named after 调解成功170件
    if not part.thing.same(whole.thing):
        return False
    return one_fact or bool({part.thing.head, whole.thing.head} & pairs(grounds.sentence))


def _growth(mention: Mention, grounds: Grounds) -> Derivation | None:
    """By how many per cent one exact quantity is more, or less, than another of the same thing."""
    for now, then in _comparable(grounds):
        change = abs(_value(now) - _value(then)) / _value(then) * 100
        if (
            (not mention.approximation or now.source is then.source)
            and fits(change, mention)
            and _fits_direction(mention, now, then)
        ):
            high, low = sorted((now.mention.value or 0, then.mention.value or 0), reverse=True)
            left = f"({_plain(Decimal(high))}-{_plain(Decimal(low))})÷{_plain(then.mention.value)}"
            return Derivation(f"{left}{_comes_to(mention)}", _sources([now, then]))
    for now, change_, then_ in _changes(grounds):
        rise = change_.setting.value.unit != "百分点" and abs(_value(change_)) / then_ * 100
        if rise and fits(rise, mention) and _same_way(mention, change_):
            left = f"{_plain(change_.mention.value)}÷({_plain(now.mention.value)}{_back(change_)})"
            return Derivation(f"{left}{_comes_to(mention)}", _sources([now, change_]))
    return None


def _earlier(mention: Mention, grounds: Grounds) -> Derivation | None:
    """What a figure was before it changed: 92.3%，较年初提高4.1个百分点 makes it 88.2%."""
    worth = value_of(mention)
    if not grounds.former:
        return None
    for now, change, then in _changes(grounds):
        if _like_value(now, worth.unit) and mention.approximation is None and then == worth.low:
            left = f"{_plain(now.mention.value)}{_back(change)}"
            return Derivation(f"{left}{_comes_to(mention)}", _sources([now, change]))
    return None


def _target(mention: Mention, grounds: Grounds) -> Derivation | None:
    """The aim of which a fact says what part was done (518户，完成年度任务的103.6%), or by how much it was passed."""
    worth = value_of(mention)
    for part in _once_each([*(entry for group in grounds.beside for entry in group), *grounds.related]):
        text = part.source.text
        if part.setting.value.unit != "%" or not _AIM.search(
            text[max(0, part.mention.start - 12) : part.mention.start]
        ):
            continue
        share = _value(part)
        if (
            worth.unit == "百分点"
            and worth.low is not None
            and "超" in grounds.naming
            and share - 100 == worth.low
        ):
            formula = f"{_plain(part.mention.value)}%-100%{_comes_to(mention)}"
            return Derivation(formula, (part.source,))
        for done in _of_source(part, grounds):
            if (
                _like_value(done, worth.unit)
                and worth.low
                and done.mention.value
                and mention.approximation is None
            ) and _rounded(_value(done) / worth.low * 100, part.mention) == share:
                left = f"{_plain(done.mention.value)}÷{_plain(part.mention.value)}%"
                return Derivation(f"{left}{_comes_to(mention)}", (part.source,))
    return None


_LEVEL = re.compile(r"(?:累计|总数|总量|达|到|共)[\u3400-\u9fff]{0,4}$")
_AIM = re.compile(r"任务|目标|计划|预算|总投资|总额|总量|总规模")


def _changes(grounds: Grounds) -> Iterator[tuple[Entry, Entry, Decimal]]:
    """Each figure whose fact says by how much it changed, that change, and what it was before."""
    for entries in (*grounds.beside[:1], grounds.related):
        for change in _exact(entries):
            for now in _of_source(change, grounds):
                behind = now.number == change.number + 1 and _LEVEL.search(now.setting.before)
                if not behind and _way(change) is None:
                    continue
                if not (behind or now.number == change.number - 1) or not (
                    _like(now, change)
                    or (now.setting.value.unit == "%" and change.setting.value.unit == "百分点")
                ):
                    continue
                then = _value(now) - _value(change) * (-1 if _way(change) == "down" else 1)
                if then > 0 and now.mention.direction is None:
                    yield now, change, then


def _before_share(mention: Mention, grounds: Grounds) -> Derivation | None:
    """What a figure was of which a fact says by what share it changed: 21起，同比下降30% makes it 30."""
    worth = value_of(mention)
    if not grounds.former or not worth.low or mention.approximation:
        return None
    for change in _once_each([*grounds.beside[0], *grounds.related] if grounds.beside else grounds.related):
        if change.setting.value.unit != "%" or change.mention.direction not in ("up", "down"):
            continue
        for now in _of_source(change, grounds):
            if now.number != change.number - 1 or not _like_value(now, worth.unit):
                continue
            moved = (_value(now) - worth.low) / worth.low * 100
            if (moved > 0) == (change.mention.direction == "up") and fits(abs(moved), change.mention):
                sign = "+" if moved > 0 else "-"
                left = f"{_plain(now.mention.value)}÷(1{sign}{_plain(change.mention.value)}%)"
                return Derivation(f"{left}{_comes_to(mention)}", (now.source,))
    return None


def _of_source(entry: Entry, grounds: Grounds) -> list[Entry]:
    """The exact figures of the entry's fact that the sentence tells or its words speak for."""
    told = [other for group in (*grounds.beside, grounds.related) for other in group]
    return [other for other in _exact(told) if other.source is entry.source and other is not entry]


def _back(change: Entry) -> str:
    """The change taken back, as a formula shows it."""
    return ("+" if _way(change) == "down" else "-") + _plain(change.mention.value)


def _same_way(mention: Mention, change: Entry) -> bool:
    return mention.direction is None or mention.direction == (_way(change) or "up")


def _way(change: Entry) -> str | None:
    """Whether the figure is by how much something rose or fell: 提高4.1个百分点, 新增监控12处."""
    if change.mention.direction in ("up", "down"):
        return change.mention.direction
    if change.mention.direction is None and change.setting.deeds & deeds_of("more"):
        return "up"
    return None


def _like_value(entry: Entry, unit: str | None) -> bool:
    return same_unit(entry.setting.value.unit, unit)


def _difference(mention: Mention, grounds: Grounds) -> Derivation | None:
    """What one exact quantity is more, or less, than another of the same thing."""
    worth = value_of(mention)
    unit = worth.unit
    if unit == "%" or worth.low is None:
        return None  # of two percentages it is so many points
    changed_only = DIFFERENCE_CUE.search(_CHANGE_CUE.sub("", grounds.sentence)) is None
    for now, then in _comparable(grounds, loose=mention.approximation is not None):
        like = same_unit(now.setting.value.unit, unit)
        points = unit == "百分点" and now.setting.value.unit == "%"
        if now.setting.value.unit == "百分点" or (changed_only and not _of_two_times(now, then)):
            continue  # by how much two changes differ, nobody reports
        if (
            (like or points)
            and _comes(abs(_value(now) - _value(then)), mention, worth.low)
            and _fits_direction(mention, now, then)
        ):
            high, low = sorted((now, then), key=_value, reverse=True)
            left = f"{_plain(high.mention.value)}-{_plain(low.mention.value)}"
            return Derivation(f"{left}={_plain(mention.value)}{mention.unit or ''}", _sources([now, then]))
    return None


def _comes(value: Decimal, mention: Mention, worth: Decimal) -> bool:
    """Whether a difference is the mention's value; of a loose one it is at least so much (1500万元以上)."""
    if mention.approximation in ("余", "以上"):
        return fits(value, mention)
    return value == worth and mention.approximation is None


def _rest(mention: Mention, grounds: Grounds) -> Derivation | None:
    """All but those that the fact says are not: 参训244人，不合格15人 leave 合格共229人."""
    worth = value_of(mention)
    for entries in (*grounds.beside, grounds.related):
        for whole, part in permutations(_exact(entries)[:_MOST_PARTS], 2):
            if (
                whole.source is part.source
                and _like(whole, part)
                and same_unit(whole.setting.value.unit, worth.unit)
                and _value(whole) - _value(part) == worth.low
                and _complement(part, grounds.sentence)
            ):
                left = f"{_plain(whole.mention.value)}-{_plain(part.mention.value)}"
                formula = f"{left}={_plain(mention.value)}{mention.unit or ''}"
                return Derivation(formula, _sources([whole, part]))
    return None


def _comparable(grounds: Grounds, *, loose: bool = False) -> Iterator[tuple[Entry, Entry]]:
    """Pairs of exact quantities of one thing, or both named: of one fact, told together, or in the sentence's words."""
    words = pairs(grounds.sentence)
    for entries in (*grounds.beside, grounds.related):
        exact = _exact(entries, loose=loose)
        for now, then in permutations(exact[:_MOST_PARTS], 2):
            one_fact = now.source is then.source
            if _like(now, then) and (
                now.thing.same(then.thing)
                or (one_fact and _changed(then, now))
                or (one_fact and _two_told(exact, now))
                or (one_fact and _of_named_year(now, then, grounds.sentence))
                or (one_fact and now.thing.head in words and then.thing.head in words)
                or (one_fact and "净" in grounds.sentence and _in_and_out(now, then))
                or (one_fact and bool(undone(grounds.naming) & then.setting.deeds))
            ):
                yield now, then


def _of_named_year(now: Entry, then: Entry, sentence: str) -> bool:
    """Whether the fact tells both of a year, and the sentence names that of the earlier one: 与2022年相比."""
    years = [_YEAR.search(entry.source.text[: entry.mention.start]) for entry in (now, then)]
    return all(years) and years[0][0] != years[1][0] and years[1][0] in sentence  # type: ignore[index]


_YEAR = re.compile(r"\d{4}年$")


def _two_told(exact: Sequence[Entry], now: Entry) -> bool:
    """Whether the entry's fact has two quantities of its unit and no third; its averages, or its totals, may be left out."""
    own = [entry for entry in exact if entry.source is now.source]
    return _only_two(own, now) or _only_two([e for e in own if e.setting.each == now.setting.each], now)


def _changed(before: Entry, after: Entry) -> bool:
    """Whether the fact says that the one became the other: 由510元提高到530元."""
    between = before.source.text[before.mention.end : after.mention.start]
    lead = before.source.text[: before.mention.start]
    return _BECAME.fullmatch(between) is not None and _FROM.search(lead[-8:]) is not None


def _complement(part: Entry, sentence: str) -> bool:
    """Whether the fact counts those that are not, and the sentence names those that are (不合格15人: 合格229人)."""
    denied = _NOT.search(part.setting.before)
    return denied is not None and denied[1] in sentence and denied[0] not in sentence


def _in_and_out(now: Entry, then: Entry) -> bool:
    """Whether the one came in and the other went out: 新入库9家, 退库2家."""
    return bool(_IN.search(now.setting.before) and _OUT.search(then.setting.before))


def _of_two_times(now: Entry, then: Entry) -> bool:
    """Whether one of the two is of a time before the other."""
    past = [bool(entry.setting.local & _PAST) for entry in (now, then)]
    years = [{word for word in entry.setting.local if word.startswith("@年")} for entry in (now, then)]
    if all(years) and years[0] != years[1]:
        return True
    if of_plan(now.source) != of_plan(then.source):
        return True
    return past[0] != past[1] or (now.source is then.source and (_changed(now, then) or _changed(then, now)))


def _fits_direction(mention: Mention, now: Entry, then: Entry) -> bool:
    """Whether more is called more, as far as it is known which of the two is the later."""
    if mention.direction is None or (now.mention.dimension == "duration" and _FASTER.search(mention.before)):
        return True
    past = [bool(entry.setting.local & _PAST) for entry in (now, then)]
    if past[0] != past[1]:
        later, earlier = (then, now) if past[0] else (now, then)
    elif now.source is then.source and _FROM.search(now.source.text):
        later, earlier = sorted((now, then), key=lambda entry: -entry.mention.start)
    else:
        return True
    return (_value(later) > _value(earlier)) == mention.direction.startswith("up")


_FASTER = re.compile(r"提速$")
"""Who becomes faster takes less time."""
_PAST = frozenset({"@去年", "@上年", "@去年同期", "@上年同期", "@同期", "@上月", "@上季度", "@前年"})
_FROM = re.compile(r"[由从]")


def _average(mention: Mention, grounds: Grounds) -> Derivation | None:
    """One exact quantity divided by a count: 人均, 户均."""
    worth = value_of(mention)
    unit = worth.unit
    if not AVERAGE_CUE.search(grounds.naming):
        return None
    for entries in (*grounds.beside, grounds.related):
        exact = _exact(entries)[:_MOST_PARTS]
        for total, count in permutations(exact, 2):
            if not same_unit(total.setting.value.unit, unit):
                continue
            if _like(total, count) and (total.source is not count.source or total.thing.same(count.thing)):
                continue
            if mention.approximation and total.source is not count.source:
                continue
            counts = (
                count.mention.kind == "cardinal"
                and count.mention.dimension in ("count", "area")
                and _value(count) > 1
            )
            if counts and count.mention.unit != "岁" and fits(_value(total) / _value(count), mention):
                left = f"{_plain(total.mention.value)}÷{_plain(count.mention.value)}"
                return Derivation(f"{left}{_comes_to(mention)}", _sources([total, count]))
    return None


def _is_any(mention: Mention) -> bool:
    return True


def _is_amount(mention: Mention) -> bool:
    return mention.kind in ("cardinal", "money")


def _is_percentage(mention: Mention) -> bool:
    return is_percentage(mention)


def _is_share(mention: Mention) -> bool:
    return _is_percentage(mention) and mention.direction not in ("up", "down")


_WAYS: tuple[tuple[Way, re.Pattern[str], Callable[[Mention], bool]], ...] = (
    (_sum, SUM_CUE, _is_amount),
    (_share, SHARE_CUE, _is_share),
    (_growth, GROWTH_CUE, _is_percentage),
    (_difference, DIFFERENCE_CUE, _is_any),
    (_average, AVERAGE_CUE, _is_any),
    (_rest, SUM_CUE, _is_any),
    (_target, _AIM, _is_any),
)
"""Each way with its cue words and the numbers that it leads to."""


def _exact(entries: Sequence[Entry], *, loose: bool = False) -> list[Entry]:
    """The entries with an exact value; where the text is `loose`, those with a least value too."""
    return [
        entry
        for entry in _once_each(entries)
        if entry.mention.value
        and entry.mention.high is None
        and (entry.mention.approximation is None or (loose and entry.mention.approximation in ("余", "以上")))
        and entry.mention.value < _EXACT_LIMIT
        and entry.mention.kind in ("cardinal", "money", "percent")
    ]


def _like(one: Entry, other: Entry) -> bool:
    return same_unit(one.setting.value.unit, other.setting.value.unit)


def _only_two(stated: Sequence[Entry], quantity: Entry) -> bool:
    """Whether two quantities of this unit are stated and no third that could be meant."""
    return sum(_like(other, quantity) for other in stated) == 2


def fits(value: Decimal, mention: Mention) -> bool:
    """Whether a computed value is what the mention says: rounded to its places, or within what its looseness allows."""
    worth = value_of(mention).low
    if worth is None or not mention.value:
        return False
    if mention.approximation is None:
        if mention.kind == "fraction":
            return abs(value - worth) <= 1
        if _TENTHS.fullmatch(mention.text):
            return abs(value - worth) <= _NEAR_TENTH
        return _rounded(value * mention.value / worth, mention) == mention.value
    interval = mention.interval
    if interval is None:
        return False
    scale = worth / mention.value
    low, high = (None if end is None else end * scale for end in interval)
    room = _TENTH_PART if value_of(mention).unit == "%" else abs(worth) / 10
    return (worth - room if low is None else low) <= value <= (worth + room if high is None else high)


_TENTHS = re.compile(r"[一二三四五六七八九]成")
_NEAR_TENTH = Decimal("2.5")
"""How far a value may lie from so many tenths: 89.5% is 九成."""
_TENTH_PART = Decimal(10)
"""How far a part may lie beyond a loose one: 超过七成 is told of less than eight tenths."""


def _rounded(value: Decimal, like: Mention) -> Decimal:
    """The value to as many places as the mention has, as it is written before its scale (5.2万: to thousands)."""
    grain = Decimal(1)
    written = _WRITTEN.match(like.text, like.numeral_start - like.start)
    if written and written["places"] and like.value:
        grain = abs(like.value) / Decimal(written[0].replace(",", "")) / 10 ** len(written["places"])
    return (value / grain).quantize(Decimal(1), ROUND_HALF_UP) * grain


_WRITTEN = re.compile(r"[\d,]+(?:\.(?P<places>\d+))?")


def _comes_to(mention: Mention) -> str:
    """The end of a formula: what comes out, as the text has it."""
    sign = "=" if mention.approximation is None else "≈"
    return f"{sign}{_plain(mention.value)}{mention.unit or ''}"


def _value(entry: Entry) -> Decimal:
    value = entry.setting.value.low
    return Decimal(0) if value is None else value


def _once_each(entries: Sequence[Entry]) -> list[Entry]:
    return list({entry.number: entry for entry in entries}.values())


def _sources(entries: Sequence[Entry]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(entry.source for entry in entries))


def _plain(value: Decimal | None) -> str:
    if value is None:
        return ""
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written

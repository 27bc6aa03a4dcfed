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

from drafter.checks.numbers.deeds import undone
from drafter.checks.numbers.index import Entry
from drafter.checks.numbers.nouns import noun_of
from drafter.checks.numbers.values import value_of
from drafter.checks.sources import Source
from drafter.checks.wording import pairs
from drafter.quantities import Mention, same_unit

SUM_CUE = re.compile(r"共|合计|总计|累计|其中|总数|总人数|总量|总额|总面积|两项|三项|各类|合并")
SHARE_CUE = re.compile(r"占|率|比例|比重|覆盖面|达标|完成")
GROWTH_CUE = re.compile(r"增长|增幅|增速|同比|环比|下降|降幅|减少|提高|上升|增加|较上|比上|较去|比去")
DIFFERENCE_CUE = re.compile(
    r"净[增减]|剩余|剩下|[尚还另仍]有|尚余|结余|核减|审减|缺口|其余|相差|差[额距]|[比较][^，。；]{0,12}[多少高低增减提降升]"
    r"|新增|增加|减少|提高|下降|上升|降低"
)
_CHANGE_CUE = re.compile(r"新增|增加|减少|提高|下降|上升|降低")
"""Cues that say that something changed: only of one value from the other, in time."""
AVERAGE_CUE = re.compile(r"平均|人均|户均|亩均|村均|场均|均")
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
    """

    sentence: str
    naming: str
    beside: Sequence[Sequence[Entry]]
    related: Sequence[Entry]
    named: Sequence[Entry] = ()


Way = Callable[[Mention, Grounds], Derivation | None]
"""One way to compute a number from facts."""


def ways_to(mention: Mention, sentence: str) -> list[Way]:
    """The ways in which `mention` may be computed: those to its kind of number for which the sentence has a cue word."""
    if mention.value is None or mention.high is not None:
        return []
    return [way for way, cue, leads_to in _WAYS if leads_to(mention) and cue.search(sentence)]


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
    total = sum((_value(entry) for entry in parts), Decimal(0))
    loose = any(entry.mention.approximation for entry in parts)
    if total != wanted or loose != bool(mention.approximation):
        return None
    if entries is not grounds.named and not _belong_together(
        parts, grounds, any(entries is told for told in grounds.beside)
    ):
        return None
    left = "+".join(_plain(entry.mention.value) for entry in parts)
    return Derivation(f"{left}={_plain(mention.value)}{mention.unit or ''}", _sources(parts), len(parts))


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


def _share(mention: Mention, grounds: Grounds) -> Derivation | None:
    """One exact quantity as a share of another of the same unit and thing."""
    groups = (*grounds.beside, grounds.related)
    return next((found for group in groups if (found := _share_of(mention, grounds, group))), None)


def _share_of(mention: Mention, grounds: Grounds, entries: Sequence[Entry]) -> Derivation | None:
    exact = _exact(entries)
    for part, whole in permutations(exact[:_MOST_PARTS], 2):
        if _value(part) > _value(whole) or not _like(part, whole):
            continue
        share = _rounded(_value(part) / _value(whole) * 100, mention)
        if share == mention.value and (
            _is_part(part, whole, grounds) or (entries is not grounds.related and _only_two(exact, part))
        ):
            left = f"{_plain(part.mention.value)}÷{_plain(whole.mention.value)}"
            return Derivation(f"{left}={_plain(share)}%", _sources([part, whole]))
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
        if _rounded(change, mention) == mention.value and _fits_direction(mention, now, then):
            high, low = sorted((now.mention.value or 0, then.mention.value or 0), reverse=True)
            left = f"({_plain(Decimal(high))}-{_plain(Decimal(low))})÷{_plain(then.mention.value)}"
            return Derivation(f"{left}={_plain(_rounded(change, mention))}%", _sources([now, then]))
    return None


def _difference(mention: Mention, grounds: Grounds) -> Derivation | None:
    """What one exact quantity is more, or less, than another of the same thing."""
    worth = value_of(mention)
    wanted, unit = worth.low, worth.unit
    changed_only = DIFFERENCE_CUE.search(_CHANGE_CUE.sub("", grounds.sentence)) is None
    for now, then in _comparable(grounds):
        like = same_unit(now.setting.value.unit, unit)
        points = unit == "百分点" and now.setting.value.unit == "%"
        if now.setting.value.unit == "百分点" or (changed_only and not _of_two_times(now, then)):
            continue  # by how much two changes differ, nobody reports
        if (
            (like or points)
            and abs(_value(now) - _value(then)) == wanted
            and _fits_direction(mention, now, then)
        ):
            high, low = sorted((now, then), key=_value, reverse=True)
            left = f"{_plain(high.mention.value)}-{_plain(low.mention.value)}"
            return Derivation(f"{left}={_plain(mention.value)}{mention.unit or ''}", _sources([now, then]))
    return None


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


def _comparable(grounds: Grounds) -> Iterator[tuple[Entry, Entry]]:
    """Pairs of exact quantities of one thing, or both named: of one fact, told together, or in the sentence's words."""
    words = pairs(grounds.sentence)
    for entries in (*grounds.beside, grounds.related):
        exact = _exact(entries)
        for now, then in permutations(exact[:_MOST_PARTS], 2):
            one_fact = now.source is then.source
            if _like(now, then) and (
                now.thing.same(then.thing)
                or (one_fact and _changed(then, now))
                or (one_fact and _only_two([entry for entry in exact if entry.source is now.source], now))
                or (one_fact and now.thing.head in words and then.thing.head in words)
                or (one_fact and "净" in grounds.sentence and _in_and_out(now, then))
                or (one_fact and bool(undone(grounds.naming) & then.setting.deeds))
            ):
                yield now, then


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
    return past[0] != past[1] or (now.source is then.source and (_changed(now, then) or _changed(then, now)))


def _fits_direction(mention: Mention, now: Entry, then: Entry) -> bool:
    """Whether more is called more, as far as it is known which of the two is the later."""
    if mention.direction is None:
        return True
    past = [bool(entry.setting.local & _PAST) for entry in (now, then)]
    if past[0] != past[1]:
        later, earlier = (then, now) if past[0] else (now, then)
    elif now.source is then.source and _FROM.search(now.source.text):
        later, earlier = sorted((now, then), key=lambda entry: -entry.mention.start)
    else:
        return True
    return (_value(later) > _value(earlier)) == mention.direction.startswith("up")


_PAST = frozenset({"@去年", "@上年", "@去年同期", "@上年同期", "@同期", "@上月", "@上季度", "@前年"})
_FROM = re.compile(r"[由从]")


def _average(mention: Mention, grounds: Grounds) -> Derivation | None:
    """One exact quantity divided by a count: 人均, 户均."""
    worth = value_of(mention)
    wanted, unit = worth.low, worth.unit
    for entries in (*grounds.beside, grounds.related):
        exact = _exact(entries)[:_MOST_PARTS]
        for total, count in permutations(exact, 2):
            if not same_unit(total.setting.value.unit, unit) or _like(total, count):
                continue
            if count.mention.kind == "cardinal" and wanted == _rounded(
                _value(total) / _value(count), mention
            ):
                left = f"{_plain(total.mention.value)}÷{_plain(count.mention.value)}"
                return Derivation(
                    f"{left}={_plain(mention.value)}{mention.unit or ''}", _sources([total, count])
                )
    return None


def _is_any(mention: Mention) -> bool:
    return True


def _is_amount(mention: Mention) -> bool:
    return mention.kind in ("cardinal", "money")


def _is_percentage(mention: Mention) -> bool:
    return mention.unit == "%"


_WAYS: tuple[tuple[Way, re.Pattern[str], Callable[[Mention], bool]], ...] = (
    (_sum, SUM_CUE, _is_amount),
    (_share, SHARE_CUE, _is_percentage),
    (_growth, GROWTH_CUE, _is_percentage),
    (_difference, DIFFERENCE_CUE, _is_any),
    (_average, AVERAGE_CUE, _is_any),
    (_rest, SUM_CUE, _is_any),
)
"""Each way with its cue words and the numbers that it leads to."""


def _exact(entries: Sequence[Entry]) -> list[Entry]:
    return [
        entry
        for entry in _once_each(entries)
        if entry.mention.value
        and entry.mention.high is None
        and entry.mention.approximation is None
        and entry.mention.value < _EXACT_LIMIT
        and entry.mention.kind in ("cardinal", "money", "percent")
    ]


def _like(one: Entry, other: Entry) -> bool:
    return same_unit(one.setting.value.unit, other.setting.value.unit)


def _only_two(stated: Sequence[Entry], quantity: Entry) -> bool:
    """Whether two quantities of this unit are stated and no third that could be meant."""
    return sum(_like(other, quantity) for other in stated) == 2


def _rounded(value: Decimal, like: Mention) -> Decimal:
    """The value to as many places as the mention has, as it was written before its scale."""
    scaled = like.value if like.value is not None else Decimal(0)
    exponent = scaled.as_tuple().exponent
    grain = Decimal(1).scaleb(exponent) if isinstance(exponent, int) and -6 <= exponent < 0 else Decimal(1)
    return value.quantize(grain, ROUND_HALF_UP)


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

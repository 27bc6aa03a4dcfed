"""Numbers that a report may compute from its facts: sums and shares, each with a cue word and its formula."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice, permutations

from drafter.checks.sources import Source
from drafter.checks.wording import pairs
from drafter.quantities import Mention, same_unit

SUM_CUE = re.compile(r"共|合计|总计|累计|其中|总数|总人数|总量|两项|三项|各类")
SHARE_CUE = re.compile(r"占|率|比例|比重|覆盖面")
_MAX_MENTIONS = 12


@dataclass(frozen=True)
class Derivation:
    """A formula over facts, as it should be shown, and the facts it uses."""

    formula: str
    sources: tuple[Source, ...]


Stated = tuple[Source, Mention]


@dataclass(frozen=True)
class Grounds:
    """What the text says around the number: what may be computed is what it names.

    sentence    the sentence; without a cue word nothing is derived
    naming      the words that may name what is counted: the number's clause, with the one before if it names nothing
    beside      facts' quantities that the sentence states too
    related     quantities of facts whose wording the sentence shares
    """

    sentence: str
    naming: str
    beside: Sequence[Stated]
    related: Sequence[Stated]


def derive(mention: Mention, grounds: Grounds) -> Derivation | None:
    """How `mention` follows from facts that count the same thing, or that the sentence names, or None."""
    if mention.value is None or mention.high is not None:
        return None
    if mention.kind in ("cardinal", "money") and SUM_CUE.search(grounds.sentence):
        for group in (grounds.beside, grounds.related, *_by_topic(grounds.related)):
            found = _sum(mention, grounds, group)
            if found:
                return found
    if mention.unit == "%" and SHARE_CUE.search(grounds.sentence):
        return _share(mention, grounds, grounds.beside) or _share(mention, grounds, grounds.related)
    return None


def _by_topic(stated: Sequence[Stated]) -> list[list[Stated]]:
    groups: dict[str, list[Stated]] = {}
    for source, quantity in stated:
        groups.setdefault(source.topic, []).append((source, quantity))
    return list(groups.values())


def _sum(mention: Mention, grounds: Grounds, stated: Sequence[Stated]) -> Derivation | None:
    """All the quantities of the same unit together."""
    parts = [
        (source, quantity)
        for source, quantity in stated
        if quantity.value is not None
        and quantity.high is None
        and quantity.kind in ("cardinal", "money")
        and quantity.unit is not None
        and same_unit(quantity.unit, mention.unit)
    ]
    if not 2 <= len(parts) <= _MAX_MENTIONS:
        return None
    total = sum((quantity.value for _, quantity in parts if quantity.value is not None), Decimal(0))
    loose = any(quantity.approximation for _, quantity in parts)
    if total != mention.value or loose != bool(mention.approximation):
        return None
    if not _belong_together(parts, grounds, stated is grounds.beside):
        return None
    left = "+".join(_plain(quantity.value) for _, quantity in parts)
    return Derivation(f"{left}={_plain(total)}{mention.unit or ''}", _once(parts))


def _belong_together(parts: Sequence[Stated], grounds: Grounds, beside: bool) -> bool:
    """Whether the text means all the parts: it names each, or it states each, or they are of one fact or one thing."""
    counted = [source.thing(quantity) for source, quantity in parts]
    naming = pairs(grounds.naming)
    named = [thing.head in naming for thing in counted]
    if any(named):
        return all(named)
    one_fact = len(_once(parts)) == 1
    one_thing = all(thing.same(counted[0]) for thing in counted) and counted[0].head in pairs(
        grounds.sentence
    )
    return beside or one_fact or one_thing


def _share(mention: Mention, grounds: Grounds, stated: Sequence[Stated]) -> Derivation | None:
    """One exact quantity as a share of another of the same unit and thing."""
    exact = [
        (s, q) for s, q in stated if q.value and q.high is None and q.approximation is None and q.unit != "%"
    ]
    if mention.value is None:
        return None
    exponent = mention.value.as_tuple().exponent
    grain = Decimal(1).scaleb(exponent) if isinstance(exponent, int) and -6 <= exponent < 0 else Decimal(1)
    for (part_source, part), (whole_source, whole) in islice(permutations(exact[:_MAX_MENTIONS], 2), 200):
        if part.value is None or whole.value is None or part.value > whole.value:
            continue
        if not same_unit(part.unit, whole.unit) or part.value >= 10**15 or whole.value >= 10**15:
            continue
        share = (part.value / whole.value * 100).quantize(grain, ROUND_HALF_UP)
        if share == mention.value and (
            _is_part((part_source, part), (whole_source, whole), grounds)
            or (stated is grounds.beside and _only_two(exact, part))
        ):
            formula = f"{_plain(part.value)}÷{_plain(whole.value)}={_plain(share)}%"
            return Derivation(formula, _once([(part_source, part), (whole_source, whole)]))
    return None


def _is_part(part: Stated, whole: Stated, grounds: Grounds) -> bool:
    """Whether the part is of the whole: behind 其中 in one fact, or the same thing, which the sentence names."""
    (part_source, smaller), (whole_source, larger) = part, whole
    one_fact = part_source is whole_source
    if one_fact and "其中" in part_source.text[larger.end : smaller.start]:
        return True
    smaller_thing, larger_thing = part_source.thing(smaller), whole_source.thing(larger)
    if not smaller_thing.same(larger_thing):
        return False
    return one_fact or bool({smaller_thing.head, larger_thing.head} & pairs(grounds.sentence))


def _only_two(stated: Sequence[Stated], quantity: Mention) -> bool:
    """Whether the sentence states two quantities of this unit and no third that could be meant."""
    return sum(same_unit(other.unit, quantity.unit) for _, other in stated) == 2


def _once(stated: Sequence[Stated]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(source for source, _ in stated))


def _plain(value: Decimal | None) -> str:
    return (
        "" if value is None else f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    )

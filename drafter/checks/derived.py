"""Numbers that a report may compute from its facts: sums and shares, each with a cue word and its formula."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice, permutations

from drafter.checks.sources import Source
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


def derive(
    mention: Mention, sentence: str, beside: Sequence[Stated], related: Sequence[Stated]
) -> Derivation | None:
    """How `mention` follows from facts, or None.

    Args:
        mention: the number of the text.
        sentence: the sentence it stands in; without a cue word nothing is derived.
        beside: facts' quantities that the same sentence states too.
        related: quantities of facts whose wording the sentence shares.
    """
    if mention.value is None or mention.high is not None:
        return None
    if mention.kind in ("cardinal", "money") and SUM_CUE.search(sentence):
        for group in (beside, related, *_by_topic(related)):
            found = _sum(mention, group)
            if found:
                return found
    if mention.unit == "%" and SHARE_CUE.search(sentence):
        return _share(mention, beside) or _share(mention, related)
    return None


def _by_topic(stated: Sequence[Stated]) -> list[list[Stated]]:
    groups: dict[str, list[Stated]] = {}
    for source, quantity in stated:
        groups.setdefault(source.topic, []).append((source, quantity))
    return list(groups.values())


def _sum(mention: Mention, stated: Sequence[Stated]) -> Derivation | None:
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
    left = "+".join(_plain(quantity.value) for _, quantity in parts)
    return Derivation(f"{left}={_plain(total)}{mention.unit or ''}", _once(parts))


def _share(mention: Mention, stated: Sequence[Stated]) -> Derivation | None:
    """One exact quantity as a share of another of the same unit."""
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
        if share == mention.value:
            formula = f"{_plain(part.value)}÷{_plain(whole.value)}={_plain(share)}%"
            return Derivation(formula, _once([(part_source, part), (whole_source, whole)]))
    return None


def _once(stated: Sequence[Stated]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(source for source, _ in stated))


def _plain(value: Decimal | None) -> str:
    return (
        "" if value is None else f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    )

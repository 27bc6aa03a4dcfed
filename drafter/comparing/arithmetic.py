"""The changes between two exact figures of one thing, as formal reports tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from drafter.checks.numbers.values import value_of
from drafter.comparisons import Change
from drafter.quantities import Mention

_DIGITS = re.compile(r"[\d０-９,，]*[\d０-９](?:[.．][\d０-９]+)?")
_SCALES = (("亿", Decimal(10) ** 8), ("万", Decimal(10) ** 4), ("", Decimal(1)))
_TENTH, _HUNDREDTH = Decimal("0.1"), Decimal("0.01")


def changes_between(now: Mention, then: Mention) -> Iterator[Change]:
    """Difference and growth of two counts or amounts, points of two percentages; nothing where they are equal.

    Growth is told in per cent with one decimal (two where one would be 0.0), rounded half up; of nothing nothing grows.
    """
    ours, theirs = value_of(now).low, value_of(then).low
    if ours is None or theirs is None or ours == theirs:
        return
    left, right = plain(_told(now)), plain(_told(then, like=now))
    if value_of(now).unit == "%":
        points = ours - theirs
        figure = f"{plain(abs(points))}个百分点"
        yield Change(
            kind="points", value=points, figure=figure, formula=_minus(left, right, figure, points, "%")
        )
        return
    figure = difference(now, ours - theirs)
    unit = _written(now)[1]
    yield Change(
        kind="difference",
        value=ours - theirs,
        figure=figure,
        formula=_minus(left, right, figure, ours - theirs, "", unit),
    )
    if theirs > 0:
        growth = (ours - theirs) / theirs * 100
        shown = rounded(abs(growth))
        if shown:
            high, low = (left, right) if growth > 0 else (right, left)
            formula = f"({high}-{low})÷{right}{'=' if shown == abs(growth) else '≈'}{plain(shown)}%"
            yield Change(kind="growth", value=growth, figure=f"{plain(shown)}%", formula=formula)


def rounded(share: Decimal) -> Decimal:
    """A share in per cent as reports tell it."""
    tenth = share.quantize(_TENTH, ROUND_HALF_UP)
    return tenth or share.quantize(_HUNDREDTH, ROUND_HALF_UP)


def difference(like: Mention, value: Decimal) -> str:
    """A difference in the unit and scale in which the figure is written, a smaller scale where it would be below 1."""
    number, unit = _written(like)
    factor = (value_of(like).low or Decimal(1)) / number if number else Decimal(1)
    told = abs(value) / factor
    if told < 1:
        for sign, size in _SCALES:
            if unit.startswith(sign) and sign:
                plainer = unit.removeprefix(sign)
                for lower, scale in _SCALES:
                    if scale < size and told * size / scale >= 1:
                        return f"{plain(told * size / scale)}{lower}{plainer}"
    return f"{plain(told)}{unit}"


def plain(value: Decimal) -> str:
    """Digits without an exponent and needless zeros."""
    written = f"{value.normalize():f}"
    return "0" if written == "-0" else written


def _told(mention: Mention, like: Mention | None = None) -> Decimal:
    """The figure as a number of the unit in which `like` is written, by default the mention itself."""
    like = like or mention
    number, _ = _written(like)
    worth, base = value_of(mention).low or Decimal(0), value_of(like).low or Decimal(0)
    return worth if not number or not base else worth * number / base


def _written(mention: Mention) -> tuple[Decimal, str]:
    """The number before its scale, and scale with unit behind it: 36.5 and 万元; of Chinese numerals value and unit."""
    start = mention.numeral_start - mention.start
    match = _DIGITS.match(mention.text, start)
    if match is None:
        return mention.value or Decimal(0), mention.text[mention.numeral_end - mention.start :]
    digits = (
        match[0]
        .translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
        .replace(",", "")
        .replace("，", "")
    )
    return Decimal(digits), mention.text[match.end() :]


def _minus(left: str, right: str, figure: str, value: Decimal, each: str, unit: str = "") -> str:
    high, low = (left, right) if value > 0 else (right, left)
    return f"{high}{each}{unit}-{low}{each}{unit}={figure}"

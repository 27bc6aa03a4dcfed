"""Comparing a ledger with that of an earlier period: which figures count the same, and how they changed.

A figure is compared only where the earlier ledger has one figure that counts the same thing in the same unit; where
several could be meant nothing is guessed, and the reason is told.
"""

from __future__ import annotations

from drafter.comparing.arithmetic import changes_between
from drafter.comparing.pairing import pair
from drafter.comparing.relation import comparable, relation_of
from drafter.comparisons import Compared, Comparison, Uncompared
from drafter.errors import FactsError
from drafter.facts import Facts

__all__ = ["compare"]


def compare(ledger: Facts, previous: Facts) -> Comparison:
    """The figures of `ledger` beside those of `previous`.

    Raises:
        FactsError: the earlier ledger is another office's, or of the same or a later period.
    """
    if previous.organization != ledger.organization:
        raise FactsError(
            f"上期事实文件的单位是“{previous.organization}”，本期是“{ledger.organization}”，不能比较；请核对是否选错文件"
        )
    relation = relation_of(ledger.period, previous.period)
    compared: list[Compared] = []
    left_out: list[Uncompared] = []
    unequal = comparable(ledger.period, previous.period)
    for found in pair(ledger, previous):
        now, then, reason = found.now, found.then, found.reason or unequal
        if then is None or reason:
            left_out.append(Uncompared(fact=now.source.fact or "", figure=now.text, reason=reason))
            continue
        compared.append(
            Compared(
                fact=now.source.fact or "",
                start=now.mention.start,
                end=now.mention.end,
                figure=now.text,
                previous=then.source.fact or "",
                previous_start=then.mention.start,
                previous_figure=then.text,
                previous_text=then.source.text,
                relation=relation,
                changes=tuple(changes_between(now.mention, then.mention)),
            )
        )
    return Comparison(
        period=previous.period,
        relation=relation,
        compared=tuple(compared),
        left_out=tuple(left_out),
        previous=previous,
    )

"""Arithmetic that neither rounds, nor raises, nor depends on the decimal context of the process."""

from __future__ import annotations

from decimal import Context

EXACT = Context(prec=200, Emin=-999_999, Emax=999_999, traps=[])
"""Holds any product and sum of the numerals that are read, none of which is longer than 40 places."""
QUOTIENT = Context(prec=28, Emin=-999_999, Emax=999_999, traps=[])
"""For quotients, which need not end: a third has 28 places."""

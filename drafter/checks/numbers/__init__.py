"""The number check: traces every quantity and date of a text to a fact, or says what is wrong with it."""

from __future__ import annotations

from drafter.checks.numbers.check import Numbers

__all__ = ["Numbers"]

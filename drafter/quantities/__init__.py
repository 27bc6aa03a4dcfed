"""Chinese numbers, units and dates: finds every numeral of a text and says what it is. Imports nothing of drafter's."""

from __future__ import annotations

from drafter.quantities.find import find
from drafter.quantities.mention import Kind, Mention, same_quantity, same_unit

__all__ = ["Kind", "Mention", "find", "same_quantity", "same_unit"]

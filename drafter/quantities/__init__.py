"""Chinese numbers, units and dates: finds every numeral of a text and says what it is. Imports nothing of drafter's."""

from __future__ import annotations

from drafter.quantities.context import Direction
from drafter.quantities.find import find
from drafter.quantities.learn import learn_phrases
from drafter.quantities.mention import Kind, Mention, same_quantity, same_unit
from drafter.quantities.resolve import resolve
from drafter.quantities.rules import persons, service_numbers

__all__ = [
    "Direction",
    "Kind",
    "Mention",
    "find",
    "learn_phrases",
    "persons",
    "resolve",
    "same_quantity",
    "same_unit",
    "service_numbers",
]

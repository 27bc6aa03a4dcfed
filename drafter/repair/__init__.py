"""Repair: what the checks found in a leaf is mended without ever making it worse.

The ladder: a fix by rule, a patch asked of the writer, a rewrite, and last what can be settled by rule after all. A
candidate takes the text's place only when its findings weigh less, it has no more errors, and it loses no fact that
the text carried. Every decision is told.
"""

from __future__ import annotations

from drafter.repair.examination import Examination, examination, weight
from drafter.repair.ladder import Ask, Repaired, repair
from drafter.repair.requests import repair_messages
from drafter.repair.rules import to_mend

__all__ = ["Ask", "Examination", "Repaired", "examination", "repair", "repair_messages", "to_mend", "weight"]

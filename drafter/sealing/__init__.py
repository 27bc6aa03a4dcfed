"""Sealed drafting: a model writes the report without seeing a figure or a name.

Before anything leaves, what is a ledger's own becomes typed slots (spans, book); a reply's slots are read back however
they were bent (slots) and filled by the program (filling). The map is in memory and in the local journal only.
"""

from drafter.sealing.filling import Filled
from drafter.sealing.seal import Local, Seal
from drafter.sealing.slots import KINDS, SLOT, Misuse

__all__ = ["KINDS", "SLOT", "Filled", "Local", "Misuse", "Seal"]

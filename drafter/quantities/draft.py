"""A mention in the making: what the readers fill in before its final offsets and text are known."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from drafter.quantities.mention import Direction, Kind, Mention


@dataclass(slots=True)
class Draft:
    """The fields of a mention, in the offsets of the flattened text."""

    start: int
    end: int
    numeral_start: int
    numeral_end: int
    kind: Kind
    value: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    approximation: str | None = None
    counted: str | None = None
    parts: tuple[tuple[str, int], ...] = ()
    direction: Direction | None = None
    deed: str | None = None
    relative: str | None = None

    def mention(self, start: int, end: int, numeral_start: int, numeral_end: int, text: str) -> Mention:
        """The finished mention, in the offsets of the text itself."""
        return Mention(
            start,
            end,
            numeral_start,
            numeral_end,
            text,
            self.kind,
            self.value,
            self.high,
            self.unit,
            self.approximation,
            self.counted,
            self.parts,
            self.direction,
            self.deed,
            self.relative,
        )

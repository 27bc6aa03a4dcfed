"""A mention in the making: what the readers fill in before its final offsets and text are known."""

from __future__ import annotations

from decimal import Decimal

from drafter.quantities.mention import Kind, Mention


class Draft:
    """The fields of a mention, in the offsets of the flattened text. What is not set has the mention's default."""

    parts: tuple[tuple[str, int], ...] = ()
    relative: str | None = None
    indefinite: bool = False
    before: str = ""
    after: str = ""

    def __init__(
        self,
        start: int,
        end: int,
        numeral_start: int,
        numeral_end: int,
        kind: Kind,
        value: Decimal | None = None,
        high: Decimal | None = None,
        unit: str | None = None,
        approximation: str | None = None,
    ) -> None:
        self.start = start
        self.end = end
        self.numeral_start = numeral_start
        self.numeral_end = numeral_end
        self.kind = kind
        self.value = value
        self.high = high
        self.unit = unit
        self.approximation = approximation

    def mention(self, text: str) -> Mention:
        """The finished mention, which takes the fields over; the draft is not to be used any more.

        It is filled in one go: the constructor of a frozen dataclass sets field after field, and a report has thousands.
        """
        fields = self.__dict__
        fields["text"] = text[self.start : self.end]
        made = object.__new__(Mention)
        object.__setattr__(made, "__dict__", fields)
        return made

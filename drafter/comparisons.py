"""What becomes of figures from one period to another, as plain data: who compares is drafter.comparing's matter."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field

from drafter.facts import Facts

_FROZEN = ConfigDict(frozen=True)


class Relation(BaseModel):
    """How the earlier period stands to the report's, and how that is said.

    `name` is year (the same months of the year before), before (the period right before), or other. `lead` stands
    before a change (同比, 环比, 较上半年), `former` before the earlier figure (上年同期, 上季度).
    """

    model_config = _FROZEN

    name: Literal["year", "before", "other"]
    lead: str
    former: str


class Change(BaseModel):
    """One way to tell how a figure changed.

    `difference` is in the figure's own unit, `growth` in per cent of the earlier figure, `points` between two
    percentages. `value` is exact and negative for a fall; `figure` is how it is told, without sign (16.7%).
    """

    model_config = _FROZEN

    kind: Literal["difference", "growth", "points"]
    value: Decimal
    figure: str
    formula: str

    @computed_field  # type: ignore[prop-decorator]
    @property
    def wording(self) -> str:
        """With its verb: 增加4座, 下降16.7%."""
        verbs = {"difference": "增加减少", "growth": "增长下降", "points": "提高下降"}[self.kind]
        return (verbs[:2] if self.value > 0 else verbs[2:]) + self.figure


class Compared(BaseModel):
    """A figure of a fact beside the same thing's figure of the earlier period, and the changes between them.

    `start` and `end` are its place in the fact's text. No change is told where the two are equal.
    """

    model_config = _FROZEN

    fact: str
    start: int
    end: int
    figure: str
    previous: str
    """The id of the earlier period's fact."""
    previous_start: int
    previous_figure: str
    previous_text: str
    relation: Relation
    changes: tuple[Change, ...] = ()

    @computed_field  # type: ignore[prop-decorator]
    @property
    def wording(self) -> str:
        """What a report may say behind the figure: 同比增加4座，增长16.7%."""
        if not self.changes:
            return f"与{self.relation.former}持平"
        return self.relation.lead + "，".join(change.wording for change in self.changes)

    def change(self, kind: str) -> Change | None:
        """The change of this kind."""
        return next((change for change in self.changes if change.kind == kind), None)


class Uncompared(BaseModel):
    """A figure that was not compared, and why, as a Chinese phrase."""

    model_config = _FROZEN

    fact: str
    figure: str
    reason: str


class Comparison(BaseModel):
    """A ledger beside the one of an earlier period. `previous` itself is not part of a report."""

    model_config = _FROZEN

    period: str
    """The earlier period, as its ledger names it."""
    relation: Relation
    compared: tuple[Compared, ...] = ()
    left_out: tuple[Uncompared, ...] = ()
    previous: Facts = Field(exclude=True, repr=False)

    def of(self, fact: str) -> list[Compared]:
        """The comparisons of one fact's figures, in their order."""
        return [each for each in self.compared if each.fact == fact]

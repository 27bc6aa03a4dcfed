"""What a batch says of each report: one row of the summary."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from drafter.report import Report, Usage

Status = Literal["done", "flagged", "failed", "stopped", "waiting"]
"""done: no error left; flagged: done, errors left and marked in the text; failed: its own fault, see `message`;
stopped: the endpoint or a limit stopped it, what was received is kept; waiting: not begun."""

STATUS = {"done": "完成", "flagged": "有待核实", "failed": "失败", "stopped": "中断", "waiting": "未开始"}
"""What a person calls each."""


class BatchRow(BaseModel):
    """One report of a batch. `earlier` when a former run of the batch had finished it, and this one left it alone.

    `exit_status` is what `drafter draft` would have ended with; tokens, cost and seconds are of the run that drafted it.
    """

    facts: str
    folder: str
    status: Status = "waiting"
    exit_status: int = 3
    title: str = ""
    errors: int = 0
    warnings: int = 0
    facts_required: int = 0
    facts_covered: int = 0
    claims: int = 0
    calls: int = 0
    tokens: Usage = Field(default_factory=Usage)
    cost: float = 0.0
    seconds: float = 0.0
    earlier: bool = False
    message: str = ""

    @property
    def finished(self) -> bool:
        """Whether the report was written."""
        return self.status in ("done", "flagged")

    def drafted(self, report: Report) -> BatchRow:
        """The row of a report that was written."""
        required, covered = report.coverage()
        return self.model_copy(
            update={
                "status": "flagged" if report.unfinished else "done",
                "exit_status": 1 if report.unfinished else 0,
                "title": report.title,
                "errors": report.counts["error"],
                "warnings": report.counts["warning"],
                "facts_required": required,
                "facts_covered": covered,
                "claims": len(report.claims),
                "calls": sum(row.calls for row in report.spending),
                "tokens": sum((row.tokens for row in report.spending), Usage()),
                "cost": report.cost,
                "seconds": report.seconds,
                "message": "",
            }
        )

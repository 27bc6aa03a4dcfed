"""Many reports in one go: `draft_batch` and `adraft_batch`, one pace, one budget, one summary."""

from drafter.batch.jobs import Job, find_jobs
from drafter.batch.plan import plan_batch
from drafter.batch.rows import BatchRow, Status
from drafter.batch.run import BatchProgress, adraft_batch, draft_batch
from drafter.batch.summary import write_summary

__all__ = [
    "BatchProgress",
    "BatchRow",
    "Job",
    "Status",
    "adraft_batch",
    "draft_batch",
    "find_jobs",
    "plan_batch",
    "write_summary",
]

"""Jobs: work that outlasts its request."""

from datetime import datetime
from typing import Protocol

from chalicelib.domain.jobs import Job


class Jobs(Protocol):
    """Jobs of every merchant; those that are not over are found by when they last moved."""

    def add(self, job: Job) -> None:
        """Write a new job. Raises CommitConflict (the id is taken), StoreUnavailable."""

    def find(self, merchant_id: str, job_id: str) -> Job | None:
        """Return the job (strongly consistent), or None. Raises StoreUnavailable."""

    def save(self, job: Job) -> Job:
        """Write the job as its next step; the job with the step it is at now.

        Raises:
            CommitConflict: it has moved from `job.step` already.
            StoreUnavailable: perhaps it was written.
        """

    def unfinished(self, before: datetime, limit: int = 100) -> tuple[tuple[str, str], ...]:
        """Return (merchant, job) of those that did not move since, longest ago first."""

"""The `Jobs` port in a dictionary."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.jobs import Job
from chalicelib.ports import CommitConflict


class FakeJobs:
    """Jobs of a test."""

    def __init__(self) -> None:
        self.jobs: dict[tuple[str, str], Job] = {}

    def add(self, job: Job) -> None:
        """Keep a new one."""
        if (job.merchant_id, job.job_id) in self.jobs:
            raise CommitConflict(job.job_id)
        self.jobs[job.merchant_id, job.job_id] = job

    def find(self, merchant_id: str, job_id: str) -> Job | None:
        """Return it."""
        return self.jobs.get((merchant_id, job_id))

    def save(self, job: Job) -> Job:
        """Keep its next step."""
        stored = self.jobs.get((job.merchant_id, job.job_id))
        if stored is None or stored.step != job.step:
            raise CommitConflict(job.job_id)
        saved = replace(job, step=job.step + 1)
        self.jobs[job.merchant_id, job.job_id] = saved
        return saved

    def unfinished(self, before: datetime, limit: int = 100) -> tuple[tuple[str, str], ...]:
        """Return those that did not move since."""
        waiting = [
            (job.touched_at, *key)
            for key, job in self.jobs.items()
            if not job.is_over and job.touched_at < before
        ]
        return tuple((merchant, job_id) for _, merchant, job_id in sorted(waiting))[:limit]

"""Work that outlasts its request: done in slices, each written down before the next.

A job moves by one step at a time, each under the condition of the step before: whoever
does a slice that somebody else has done already writes nothing. What was asked and what
is done so far are plain JSON, read by the kind's own use case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.domain.errors import DomainError

KEPT = timedelta(days=30)  # counted from the job's making
GIVEN_UP_AFTER = timedelta(hours=24)  # a job that has not ended by then never will


class JobKind(StrEnum):
    """What is done."""

    DRY_RUN = "dry_run"
    DRAW = "draw"
    REPUSH = "repush"  # tell every phone that holds one of the merchant's passes


class JobState(StrEnum):
    """How far it is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobNotFound(DomainError):
    """There is no such job."""

    code = "job_not_found"


class JobUnfinished(DomainError):
    """The job has no result yet."""

    code = "job_unfinished"


class JobFailed(DomainError):
    """The job ended without a result."""

    code = "job_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A piece of work and how far it is."""

    merchant_id: str
    job_id: str
    kind: JobKind
    created_at: datetime
    touched_at: datetime  # when it last moved
    asked: Mapping[str, Any]
    work: Mapping[str, Any] = field(default_factory=dict)  # done so far; the result at last
    state: JobState = JobState.QUEUED
    done: int = 0  # of `total`
    total: int = 0  # 0: not counted yet
    error: str = ""  # code of why it failed
    step: int = 0  # how often it has moved

    @property
    def is_over(self) -> bool:
        """Return whether nothing of it is left to do."""
        return self.state in (JobState.DONE, JobState.FAILED)


def moved(job: Job, work: Mapping[str, Any], done: int, total: int) -> Job:
    """Return the job after a slice that is not the last."""
    return replace(job, work=work, state=JobState.RUNNING, done=min(done, total), total=total)


def ended(job: Job, work: Mapping[str, Any], total: int) -> Job:
    """Return the job with its result."""
    return replace(job, work=work, state=JobState.DONE, done=total, total=total)


def failed(job: Job, error: str) -> Job:
    """Return the job as it ends without a result; what it had summed up is dropped."""
    return replace(job, work={}, state=JobState.FAILED, error=error)


def refuse_without_result(job: Job) -> None:
    """Refuse a job that has no result.

    Raises:
        JobUnfinished, JobFailed.
    """
    if job.state is JobState.FAILED:
        raise JobFailed(f"the job failed: {job.error}", error=job.error)
    if job.state is not JobState.DONE:
        raise JobUnfinished(
            f"{job.done} of {job.total} are done", done=job.done, total=job.total
        )

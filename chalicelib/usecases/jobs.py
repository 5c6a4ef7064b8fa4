"""Do jobs: slice by slice while there is time, then queue the rest.

A slice is written under the condition of the step before it, so that a crash repeats it
and a message that comes twice does it once. A message that was lost is missed after a
while: the sweep queues the job again.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.errors import DomainError
from chalicelib.domain.jobs import GIVEN_UP_AFTER, KEPT, Job, JobKind, JobNotFound, failed
from chalicelib.ports import CommitConflict, Jobs, TaskQueue, Trouble
from chalicelib.usecases.schedule import QUEUE

STALE_AFTER = timedelta(minutes=15)  # longer than any slice and its redelivery
RESUMED_MAX = 100  # in one sweep
INTERNAL_ERROR = "internal_error"
GIVEN_UP = "given_up"

Slice = Callable[[Job], Job]  # does the next piece of a job; raises DomainError, Trouble

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDesk:
    """The ports jobs need, and what does a slice of each kind."""

    jobs: Jobs
    queue: TaskQueue
    slices: Mapping[JobKind, Slice]


def start_job(job: Job, *, jobs: Jobs, queue: TaskQueue) -> Job:
    """Write a job down and queue it.

    Raises:
        StoreUnavailable: perhaps it was not; one that was written is done all the same.
    """
    jobs.add(job)
    _enqueue(job, queue)
    return job


def find_job(merchant_id: str, job_id: str, *, at: datetime, jobs: Jobs) -> Job:
    """Return a merchant's job.

    Raises:
        JobNotFound: there is none, or it is too old.
    """
    job = jobs.find(merchant_id, job_id)
    if job is None or at >= job.created_at + KEPT:
        raise JobNotFound("there is no such job, or it is gone")
    return job


def run_job(
    merchant_id: str,
    job_id: str,
    *,
    now: Callable[[], datetime],
    desk: JobDesk,
    has_time: Callable[[], bool],
) -> None:
    """Do at least one slice of a job, more while there is time, and queue the rest.

    A job that is over, or that somebody else is at, is left alone. `now` is asked before
    each slice is written.

    Raises:
        StoreUnavailable: what was not written is done again by whoever asks again.
    """
    job = desk.jobs.find(merchant_id, job_id)
    if job is None:
        return
    try:
        while not job.is_over:
            job = desk.jobs.save(replace(_next(job, desk), touched_at=now()))
            if not has_time():
                break
    except CommitConflict:  # another message does this job
        return
    if not job.is_over:
        _enqueue(job, desk.queue)


def resume_jobs(*, at: datetime, before: datetime, jobs: Jobs, queue: TaskQueue) -> int:
    """Queue the jobs again that did not move since `before`; how many.

    One that has not ended within a day ends here.
    """
    found = jobs.unfinished(before, RESUMED_MAX)
    for merchant_id, job_id in found:
        job = jobs.find(merchant_id, job_id)
        if job is None or job.is_over:
            continue
        is_too_old = at >= job.created_at + GIVEN_UP_AFTER
        try:
            job = jobs.save(
                replace(failed(job, GIVEN_UP) if is_too_old else job, touched_at=at)
            )
        except CommitConflict:  # it moves
            continue
        if not job.is_over:
            _enqueue(job, queue)
    return len(found)


def _next(job: Job, desk: JobDesk) -> Job:
    """Return the job after its next slice; one that cannot be done says why."""
    try:
        return desk.slices[job.kind](job)
    except Trouble:
        raise
    except DomainError as refusal:
        return failed(job, refusal.code)
    except Exception:  # the job's loop: it ends with a reason instead of coming back for ever
        log.exception("scheduled work failed: a job", extra={"job": job.job_id})
        return failed(job, INTERNAL_ERROR)


def _enqueue(job: Job, queue: TaskQueue) -> None:
    queue.enqueue(QUEUE, [{"job": job.job_id, "merchant_id": job.merchant_id}])

"""What a draw has begun and a request had no time for, as a job: pieces of bounded work."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.domain.draws import Draw, DrawState
from chalicelib.domain.jobs import Job, JobKind, ended, moved
from chalicelib.ports import Jobs, TaskQueue
from chalicelib.usecases.draw_desk import DrawDesk, HasTime, find_draw
from chalicelib.usecases.draw_prizes import finish_draw, grant_prizes
from chalicelib.usecases.draws import close_draw
from chalicelib.usecases.jobs import start_job

STRETCHES_AT_ONCE = 3  # of the journal, some 10 000 receipts each at most
GRANTS_AT_ONCE = 300


def start_draw_job(
    draw: Draw, *, at: datetime, desk: DrawDesk, jobs: Jobs, queue: TaskQueue
) -> Job:
    """Have the rest of a draw's closing or granting done."""
    job = Job(
        merchant_id=draw.merchant_id,
        job_id=desk.keyring.new_id("job"),
        kind=JobKind.DRAW,
        created_at=at,
        touched_at=at,
        asked={"draw_id": draw.draw_id},
    )
    return start_job(job, jobs=jobs, queue=queue)


def continue_draw(job: Job, *, now: Callable[[], datetime], desk: DrawDesk) -> Job:
    """Do some of what the draw has begun and not finished.

    Raises:
        DomainError: it cannot be done. Trouble: do it again.
    """
    draw = find_draw(job.merchant_id, job.asked["draw_id"], draws=desk.draws)
    if draw.state is DrawState.CLOSING:
        has_time = _pieces(STRETCHES_AT_ONCE)
        draw = close_draw(
            draw.merchant_id, draw.draw_id, at=now(), desk=desk, has_time=has_time
        )
        return ended(job, {}, 1) if draw.is_listed else moved(job, {}, 0, 1)
    draw = finish_draw(draw, desk)
    if draw.state is DrawState.DRAWN and not draw.is_granted:
        draw = grant_prizes(draw, at=now(), desk=desk, has_time=_pieces(GRANTS_AT_ONCE))
    if draw.is_granted:
        return ended(job, {}, draw.winners)
    return moved(job, {}, draw.granted, draw.winners)


def _pieces(count: int) -> HasTime:
    left = iter(range(count))
    return lambda: next(left, None) is not None

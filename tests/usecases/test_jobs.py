"""Jobs are done in slices: once, whatever is lost, repeated, late or dead in between."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.jobs import (
    GIVEN_UP_AFTER,
    KEPT,
    Job,
    JobFailed,
    JobKind,
    JobNotFound,
    JobState,
    JobUnfinished,
    ended,
    moved,
    refuse_without_result,
)
from chalicelib.ports import CommitConflict, StoreUnavailable
from chalicelib.usecases.jobs import (
    STALE_AFTER,
    JobDesk,
    find_job,
    resume_jobs,
    run_job,
    start_job,
)
from chalicelib.usecases.merchants import DraftMissing
from chalicelib.usecases.schedule import QUEUE
from tests.builders import NOON, SHOP
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.fakes.queue import FakeQueue

JOB = Job(
    merchant_id=SHOP,
    job_id="job_1",
    kind=JobKind.DRY_RUN,
    created_at=NOON,
    touched_at=NOON,
    asked={"count_to": 3},
)
MESSAGE = {"job": "job_1", "merchant_id": SHOP}


def count_on(job: Job) -> Job:
    """Do a slice of a job that counts."""
    counted = job.work.get("counted", 0) + 1
    total = job.asked["count_to"]
    if counted == total:
        return ended(job, {"counted": counted}, total)
    return moved(job, {"counted": counted}, counted, total)


class Office:
    """A queue, the jobs in it, and whoever works."""

    def __init__(self, do: Callable[[Job], Job] = count_on) -> None:
        self.jobs, self.queue, self.clock = FakeJobs(), FakeQueue(), FakeClock(NOON)
        self.do = do
        self.slices = 0

    def start(self, job: Job = JOB) -> None:
        start_job(job, jobs=self.jobs, queue=self.queue)

    def work(self, *, looks: int = 0) -> None:
        """Take one message; there is time for so many slices more than one."""
        time = iter([True] * looks)
        run_job(
            SHOP,
            "job_1",
            now=self.clock.now,
            desk=JobDesk(jobs=self.jobs, queue=self.queue, slices={JobKind.DRY_RUN: self._do}),
            has_time=lambda: next(time, False),
        )

    def job(self) -> Job:
        found = self.jobs.find(SHOP, "job_1")
        assert found
        return found

    def resume(self, *, before: timedelta = STALE_AFTER) -> int:
        at = self.clock.now()
        return resume_jobs(at=at, before=at - before, jobs=self.jobs, queue=self.queue)

    def _do(self, job: Job) -> Job:
        self.slices += 1
        return self.do(job)


class TestRunning:
    def test_a_job_with_time_is_done_at_one_go(self) -> None:
        office = Office()
        office.start()

        office.work(looks=9)

        assert office.job().state is JobState.DONE
        assert (office.job().work, office.job().done) == ({"counted": 3}, 3)
        assert office.queue.take(QUEUE) == [MESSAGE]  # the first alone

    def test_a_job_without_time_does_a_slice_and_is_queued_again(self) -> None:
        office = Office()
        office.start()
        office.queue.take(QUEUE)

        office.work()

        assert (office.job().state, office.job().done, office.job().total) == (
            JobState.RUNNING, 1, 3,
        )  # fmt: skip
        assert office.queue.take(QUEUE) == [MESSAGE]

    def test_a_message_that_comes_too_late_changes_nothing(self) -> None:
        office = Office()
        office.start()
        office.work(looks=9)

        office.work(looks=9)

        assert office.slices == 3

    def test_a_message_of_no_job_is_passed_over(self) -> None:
        office = Office()

        office.work()

        assert office.queue.take(QUEUE) == []

    def test_a_slice_that_somebody_else_has_done_is_not_counted_twice(self) -> None:
        office = Office()
        office.start()
        office.queue.take(QUEUE)

        def overtaken(job: Job) -> Job:
            office.do = count_on
            office.work()  # another message for the same job, in the middle of a slice
            return count_on(job)

        office.do = overtaken
        office.work(looks=9)

        assert (office.job().work, office.slices) == ({"counted": 1}, 2)
        assert office.queue.take(QUEUE) == [MESSAGE]  # the other's

    def test_a_crash_before_a_slice_was_written_repeats_it(self) -> None:
        office = Office(unavailable)
        office.start()
        with pytest.raises(StoreUnavailable):
            office.work()

        office.do = count_on
        office.work(looks=9)

        assert office.job().work == {"counted": 3}

    def test_a_refusal_ends_the_job_with_its_code(self) -> None:
        office = Office(refused)
        office.start()

        office.work(looks=9)

        assert (office.job().state, office.job().error) == (JobState.FAILED, "draft_missing")
        assert office.slices == 1

    def test_a_bug_ends_the_job_and_is_an_alarm(self, caplog: pytest.LogCaptureFixture) -> None:
        office = Office(broken)
        office.start()

        office.work(looks=9)

        assert (office.job().state, office.job().error) == (JobState.FAILED, "internal_error")
        assert caplog.messages == ["scheduled work failed: a job"]

    def test_progress_is_never_more_than_all(self) -> None:
        assert moved(JOB, {}, 5, 3).done == 3


class TestResuming:
    def test_a_job_whose_message_was_lost_is_queued_again_after_a_while(self) -> None:
        office = Office()
        office.start()
        office.queue.take(QUEUE)

        office.clock.at += STALE_AFTER
        early = office.resume()
        office.clock.advance(seconds=1)
        late, again = office.resume(), office.resume()

        assert (early, late, again) == (0, 1, 0)
        assert office.queue.take(QUEUE) == [MESSAGE]

    def test_a_job_that_moves_is_left_alone(self) -> None:
        office = Office()
        office.start()
        office.clock.at += STALE_AFTER + timedelta(seconds=1)
        office.work()

        assert office.resume() == 0

    def test_a_job_that_is_over_is_left_alone(self) -> None:
        office = Office()
        office.start()
        office.work(looks=9)
        office.clock.advance(days=2)

        assert office.resume() == 0

    def test_a_job_that_moves_while_it_is_looked_for_is_its_own(self) -> None:
        office = Office()
        office.start()
        office.queue.take(QUEUE)
        office.clock.advance(hours=1)
        found = office.job()
        office.jobs.find = lambda *_: found  # type: ignore[method-assign]  # read, then moved
        office.jobs.jobs[SHOP, "job_1"] = replace(found, step=found.step + 1)

        office.resume()

        assert office.queue.take(QUEUE) == []

    def test_a_job_that_has_not_ended_within_a_day_fails(self) -> None:
        office = Office()
        office.start()
        office.queue.take(QUEUE)
        office.clock.at += GIVEN_UP_AFTER

        office.resume()

        assert (office.job().state, office.job().error) == (JobState.FAILED, "given_up")
        assert office.queue.take(QUEUE) == []


class TestFinding:
    def test_a_job_is_gone_after_its_days(self) -> None:
        office = Office()
        office.start()
        last = NOON + KEPT - timedelta(seconds=1)

        assert find_job(SHOP, "job_1", at=last, jobs=office.jobs) == JOB
        with pytest.raises(JobNotFound):
            find_job(SHOP, "job_1", at=NOON + KEPT, jobs=office.jobs)

    def test_another_merchants_job_is_not_found(self) -> None:
        office = Office()
        office.start()

        with pytest.raises(JobNotFound):
            find_job("bakery", "job_1", at=NOON, jobs=office.jobs)

    def test_only_a_job_that_is_done_has_a_result(self) -> None:
        with pytest.raises(JobUnfinished):
            refuse_without_result(moved(JOB, {}, 1, 3))
        with pytest.raises(JobFailed):
            refuse_without_result(replace(JOB, state=JobState.FAILED))

        refuse_without_result(ended(JOB, {}, 3))

    def test_an_id_is_taken_once(self) -> None:
        office = Office()
        office.start()

        with pytest.raises(CommitConflict):
            office.start()


def unavailable(_: Job) -> Job:
    raise StoreUnavailable("throttled")


def refused(_: Job) -> Job:
    raise DraftMissing("there is no draft")


def broken(_: Job) -> Job:
    raise KeyError("a bug")

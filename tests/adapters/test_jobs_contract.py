"""The `Jobs` port: one contract for the fake and the table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.jobs import DynamoJobs
from chalicelib.domain.jobs import Job, JobKind, JobState
from chalicelib.ports import CommitConflict, Jobs
from tests.adapters.stores import NOW, SHOP
from tests.fakes.jobs import FakeJobs

JOB = Job(
    merchant_id=SHOP,
    job_id="job_1",
    kind=JobKind.DRY_RUN,
    created_at=NOW,
    touched_at=NOW,
    asked={"draft": {"title": "Кофе"}, "days": 90},
)
SECOND = timedelta(seconds=1)


@pytest.fixture(params=["fake", "engine"])
def jobs(request: pytest.FixtureRequest) -> Jobs:
    if request.param == "fake":
        return FakeJobs()
    request.getfixturevalue("connection")
    return DynamoJobs()


def test_a_job_is_found_as_it_was_written(jobs: Jobs) -> None:
    jobs.add(JOB)

    assert jobs.find(SHOP, "job_1") == JOB
    assert jobs.find(SHOP, "job_2") is None
    assert jobs.find("bakery", "job_1") is None


def test_an_id_is_taken_once(jobs: Jobs) -> None:
    jobs.add(JOB)

    with pytest.raises(CommitConflict):
        jobs.add(replace(JOB, asked={}))
    assert jobs.find(SHOP, "job_1") == JOB


def test_a_job_moves_one_step_at_a_time(jobs: Jobs) -> None:
    jobs.add(JOB)
    work = {"sums": {"rules": [["earn.flat_rate", "", 1]]}, "after": None}
    running = replace(JOB, work=work, state=JobState.RUNNING, done=1, total=2)

    saved = jobs.save(running)

    assert saved == replace(running, step=1)
    assert jobs.find(SHOP, "job_1") == saved
    with pytest.raises(CommitConflict):
        jobs.save(replace(running, done=2))  # from the step before
    assert jobs.find(SHOP, "job_1") == saved


def test_what_was_never_written_does_not_move(jobs: Jobs) -> None:
    with pytest.raises(CommitConflict):
        jobs.save(JOB)


def test_a_failed_job_keeps_its_reason(jobs: Jobs) -> None:
    jobs.add(JOB)

    jobs.save(replace(JOB, state=JobState.FAILED, error="draft_missing"))

    found = jobs.find(SHOP, "job_1")
    assert found
    assert (found.state, found.error) == (JobState.FAILED, "draft_missing")


def test_those_that_did_not_move_are_found_longest_ago_first(jobs: Jobs) -> None:
    for number, minutes in ((1, 5), (2, 9), (3, 7)):
        touched_at = NOW - timedelta(minutes=minutes)
        jobs.add(replace(JOB, job_id=f"job_{number}", touched_at=touched_at))
    before = NOW - timedelta(minutes=5)

    assert jobs.unfinished(before) == ((SHOP, "job_2"), (SHOP, "job_3"))
    assert jobs.unfinished(before + SECOND, limit=2) == ((SHOP, "job_2"), (SHOP, "job_3"))
    assert len(jobs.unfinished(before + SECOND)) == 3


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED])
def test_a_job_that_is_over_is_not_among_them(jobs: Jobs, state: JobState) -> None:
    jobs.add(JOB)
    jobs.save(replace(JOB, state=state))

    assert jobs.unfinished(NOW + SECOND) == ()


def test_one_that_moves_is_found_by_its_latest_moment(jobs: Jobs) -> None:
    jobs.add(JOB)

    jobs.save(replace(JOB, touched_at=NOW + 2 * SECOND))

    assert jobs.unfinished(NOW + 2 * SECOND) == ()
    assert jobs.unfinished(NOW + 3 * SECOND) == ((SHOP, "job_1"),)


def test_a_job_goes_thirty_days_after_it_was_made(connection, table_client) -> None:
    DynamoJobs().add(JOB)

    (item,) = table_client.scan(TableName=Item.Meta.table_name)["Items"]

    assert int(item["ttl"]["N"]) == (NOW + timedelta(days=30)).timestamp()

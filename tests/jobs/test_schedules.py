"""`tick` and `work`: a merchant's day is done once, in pieces if it must, and never lost."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.jobs.schedule import RESERVE_MS, tick, work
from tests.fakes.clock import NOON
from tests.jobs.conftest import TIME_ENOUGH_MS, Context, Deployment

NO_FAILURE: dict[str, Any] = {"batchItemFailures": []}
YEAR = timedelta(days=366)  # longer than points live in this shop
MEMBERS = 6  # more than there are shards: one has two


@pytest.fixture
def owed(deployment: Deployment) -> list[MemberRef]:
    """Members whose points have expired since."""
    members = [deployment.join() for _ in range(MEMBERS)]
    for member in members:
        deployment.shop.give(member.member_id, 50, expires_in_days=30)
    deployment.ports.clock.set(NOON + YEAR)
    return members


def call_work(records: list[dict[str, Any]], context: Context | None = None) -> dict[str, Any]:
    return work({"Records": records}, context or Context())


def balances(deployment: Deployment, members: list[MemberRef]) -> list[int]:
    """Return what the accounts hold, expired or not."""
    accounts = [deployment.ports.ledger.account(member) for member in members]
    return [account.total for account in accounts if account is not None]


def versions(deployment: Deployment, members: list[MemberRef]) -> list[int]:
    accounts = [deployment.ports.ledger.account(member) for member in members]
    return [account.version for account in accounts if account is not None]


def test_a_tick_queues_each_shard_of_a_merchant_once_a_day(deployment: Deployment) -> None:
    deployment.ports.clock.set(NOON + timedelta(days=1))

    ticks = [tick({}, Context())["merchants"] for _ in range(2)]

    shards = [json.loads(record["body"])["shard"] for record in deployment.queued("schedule")]
    assert ticks == [1, 0]
    assert shards == list(range(deployment.ports.settings.due_shards))


def test_a_restart_queues_every_merchant_again(deployment: Deployment) -> None:
    deployment.ports.clock.set(NOON + timedelta(days=1))
    tick({}, Context())
    deployment.queued("schedule")  # lost with the process

    again = tick({"is_restart": True}, Context())

    assert again == {"merchants": 1}
    assert len(deployment.queued("schedule")) == deployment.ports.settings.due_shards


def test_what_is_due_is_done_in_every_shard(
    deployment: Deployment, owed: list[MemberRef]
) -> None:
    tick({}, Context())

    answer = call_work(deployment.queued("schedule"))

    assert answer == NO_FAILURE
    assert balances(deployment, owed) == [0] * MEMBERS
    assert deployment.queued("schedule") == []


def test_a_repeated_batch_does_nothing(deployment: Deployment, owed: list[MemberRef]) -> None:
    tick({}, Context())
    batch = deployment.queued("schedule")
    call_work(batch)
    before = versions(deployment, owed)

    answer = call_work([*batch, *batch])

    assert answer == NO_FAILURE
    assert versions(deployment, owed) == before


@pytest.mark.parametrize("body", ["{", "{}", json.dumps({"merchant_id": "nobody", "shard": 0})])
def test_a_bad_record_is_reported_by_its_id_and_the_rest_goes_on(
    deployment: Deployment, owed: list[MemberRef], body: str
) -> None:
    tick({}, Context())
    bad = {"messageId": "bad", "body": body}

    answer = call_work([bad, *deployment.queued("schedule")])

    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert balances(deployment, owed) == [0] * MEMBERS


def test_work_that_runs_out_of_time_is_queued_again_and_nothing_is_lost(
    deployment: Deployment, owed: list[MemberRef]
) -> None:
    tick({}, Context())
    batch = deployment.queued("schedule")

    answer = call_work(batch, Context(*[TIME_ENOUGH_MS] * 2, RESERVE_MS))
    done_at_first = balances(deployment, owed).count(0)
    rest = deployment.queued("schedule")
    finished = call_work(rest)

    assert answer == finished == NO_FAILURE
    assert done_at_first == 2
    assert {record["body"] for record in rest} <= {record["body"] for record in batch}
    assert rest
    assert balances(deployment, owed) == [0] * MEMBERS


def test_a_member_that_fails_holds_up_nobody_and_stays_due(
    deployment: Deployment, owed: list[MemberRef]
) -> None:
    whole = deployment.spoil(owed[0])
    tick({}, Context())
    batch = deployment.queued("schedule")

    answer = call_work(batch)
    deployment.mend(whole)
    done = balances(deployment, owed)
    again = call_work(batch)

    assert len(answer["batchItemFailures"]) == 1
    assert done == [50] + [0] * (MEMBERS - 1)
    assert again == NO_FAILURE
    assert balances(deployment, owed) == [0] * MEMBERS

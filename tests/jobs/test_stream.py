"""`relay` and `sweep`: what was committed reaches phones, listeners and the SMS queue."""

import json
from copy import deepcopy
from typing import Any

import pytest

from chalicelib.domain.journal import JournalRow
from chalicelib.jobs.outbox import relay, sweep
from chalicelib.jobs.schedule import work
from chalicelib.ports import PushKind, PushOutcome
from tests.api.shop import new_phone
from tests.fakes.clock import NOON
from tests.jobs.conftest import Context, Deployment, is_entry

NO_FAILURE: dict[str, Any] = {"batchItemFailures": []}


def call_relay(records: list[dict[str, Any]]) -> dict[str, Any]:
    return relay({"Records": records}, Context())


def spoiled(record: dict[str, Any]) -> dict[str, Any]:
    """Return an entry's record whose content cannot be read."""
    copy = deepcopy(record)
    copy["dynamodb"]["NewImage"] = {"kind": {"S": "E"}, "pk": {"S": "?"}, "sk": {"S": "?"}}
    copy["dynamodb"]["SequenceNumber"] = "spoiled"
    return copy


def test_a_committed_change_is_announced_and_its_phone_is_pushed(
    deployment: Deployment,
) -> None:
    ann = deployment.join()
    token = deployment.take_phone(ann)
    deployment.shop.give(ann.member_id, 50)

    answer = call_relay(deployment.records())

    assert answer == NO_FAILURE
    assert deployment.events.names() == ["member.joined", "points.granted"]
    assert deployment.pusher.pushed == [token]
    assert not deployment.is_dirty(ann)


def test_a_bad_record_is_reported_by_its_number_and_the_rest_goes_on(
    deployment: Deployment,
) -> None:
    ann = deployment.join()
    token = deployment.take_phone(ann)
    deployment.shop.give(ann.member_id, 50)
    joined, granted = deployment.entries()

    answer = call_relay([joined, spoiled(joined), granted])

    assert answer == {"batchItemFailures": [{"itemIdentifier": "spoiled"}]}
    assert deployment.events.names() == ["member.joined", "points.granted"]
    assert deployment.pusher.pushed == [token]


def test_records_that_listeners_did_not_take_are_reported_each(deployment: Deployment) -> None:
    ann = deployment.join()
    deployment.shop.give(ann.member_id, 50)
    records = deployment.entries()
    deployment.events.is_down = True

    answer = call_relay(records)
    deployment.events.is_down = False
    again = call_relay(records)

    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == numbers
    assert again == NO_FAILURE
    assert deployment.events.names() == ["member.joined", "points.granted"]


def test_a_repeated_batch_pushes_nothing_and_its_events_have_the_same_ids(
    deployment: Deployment,
) -> None:
    ann = deployment.join()
    deployment.take_phone(ann)
    deployment.shop.give(ann.member_id, 50)
    records = deployment.entries()

    call_relay(records)
    call_relay(records)

    ids = [event.event_id for event in deployment.events.published]
    assert ids[:2] == ids[2:]
    assert len(deployment.pusher.pushed) == 1


def test_everything_that_is_no_entry_and_no_message_is_passed_over(
    deployment: Deployment,
) -> None:
    deployment.join()
    others = [one for one in deployment.records() if not is_entry(one)]

    answer = call_relay([one for one in others if "dirty" not in one["dynamodb"]["NewImage"]])

    assert others
    assert answer == NO_FAILURE
    assert deployment.events.published == []
    assert deployment.queued("sms") == []


def test_a_promised_message_is_queued_by_its_name_alone(deployment: Deployment) -> None:
    phone = new_phone()
    deployment.shop.ask_for_code(phone)

    answer = call_relay(deployment.records())

    bodies = [record["body"] for record in deployment.queued("sms")]
    named = [tuple(json.loads(body).values()) for body in bodies]
    assert answer == NO_FAILURE
    assert named == list(deployment.ports.sms_outbox.waiting(10))
    assert phone not in str(bodies)


def test_a_pass_that_could_not_be_pushed_is_left_to_the_sweep(deployment: Deployment) -> None:
    ann = deployment.join()
    token = deployment.take_phone(ann)
    deployment.shop.give(ann.member_id, 50)
    deployment.pusher.outcomes[token] = PushOutcome(PushKind.RETRY, 503)

    answer = call_relay(deployment.entries())
    was_dirty = deployment.is_dirty(ann)
    deployment.pusher.outcomes.clear()
    swept = sweep({}, Context())

    assert answer == NO_FAILURE
    assert was_dirty
    assert swept == {"passes": 1, "messages": 0, "looks": 0, "jobs": 0}
    assert deployment.pusher.pushed == [token, token]
    assert not deployment.is_dirty(ann)


def test_a_published_design_that_nobody_was_told_of_is_told_by_the_sweep(
    deployment: Deployment,
) -> None:
    ann = deployment.join()
    token = deployment.take_phone(ann)
    designs, shop = deployment.ports.pass_designs, ann.merchant_id
    designs.save_draft(shop, {"program_name": "Beans"})
    designs.publish(shop, {"program_name": "Beans"}, 1, at=NOON)

    swept, again = sweep({}, Context()), sweep({}, Context())
    work({"Records": deployment.queued("schedule")}, Context())

    assert (swept["looks"], again["looks"]) == (1, 0)
    assert deployment.pusher.pushed == [token]


def test_a_pass_that_apple_refuses_is_not_lost(deployment: Deployment) -> None:
    ann = deployment.join()
    token = deployment.take_phone(ann)
    deployment.shop.give(ann.member_id, 50)
    deployment.pusher.outcomes[token] = PushOutcome(PushKind.REFUSED, 403, "BadCertificate")

    call_relay(deployment.entries())
    sweep({}, Context())

    assert deployment.is_dirty(ann)


def test_the_sweep_finds_what_the_stream_never_brought(deployment: Deployment) -> None:
    ann = deployment.join()
    token = deployment.take_phone(ann)
    deployment.shop.give(ann.member_id, 50)
    deployment.shop.ask_for_code(new_phone())

    first = sweep({}, Context())
    second = sweep({}, Context())

    assert first == {"passes": 1, "messages": 1, "looks": 0, "jobs": 0}
    assert second == {
        "passes": 0,
        "messages": 1,
        "looks": 0,
        "jobs": 0,
    }  # until a worker has sent it
    assert deployment.pusher.pushed == [token]
    assert len(deployment.queued("sms")) == 2


def test_a_relayed_move_is_finished_once(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = deployment.join(), deployment.join()
    bought = deployment.shop.till.post(
        "/v1/purchases", deployment.shop.sale(ann.member_id)
    ).json
    to_bob = {"member_id": bob.member_id, "reason": "the wrong card"}
    with monkeypatch.context() as crash:  # the process dies after the void
        crash.setattr("chalicelib.usecases.returns._post", died)
        half = deployment.shop.office.post(f"/v1/purchases/{bought['id']}/move", to_bob)

    answers = [call_relay(deployment.records()), call_relay(deployment.records())]

    assert half.status == 500
    assert answers == [NO_FAILURE, NO_FAILURE]
    moved_to = deployment.ports.ledger.account(bob)
    assert moved_to is not None
    assert [lot.points for lot in moved_to.lots] == [bought["earned"]]


def died(*_: object, **__: object) -> None:
    raise RuntimeError("the process died")


def test_a_relayed_purchase_is_in_the_journal_without_being_read_again(
    deployment: Deployment,
) -> None:
    ann = deployment.join()
    deployment.shop.till.post("/v1/purchases", deployment.shop.sale(ann.member_id))

    call_relay(deployment.records())

    assert [row.member for row in journal(deployment)] == [ann]
    assert not deployment.is_dirty(ann)


def test_the_sweep_brings_the_journal_what_the_stream_lost(deployment: Deployment) -> None:
    ann = deployment.join()
    for number in ("r-1", "r-2"):
        deployment.shop.till.post("/v1/purchases", deployment.shop.sale(ann.member_id, number))

    sweep({}, Context())
    sweep({}, Context())

    assert sorted(row.receipt_id for row in journal(deployment)) == ["r-1", "r-2"]
    assert not deployment.is_dirty(ann)


def journal(deployment: Deployment) -> list[JournalRow]:
    merchant_id, shards = deployment.shop.merchant_id, deployment.ports.settings.due_shards
    pages = [deployment.ports.journal.page(merchant_id, shard) for shard in range(shards)]
    return [row for rows, _ in pages for row in rows]

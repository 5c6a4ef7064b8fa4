"""`send`: the messages of a batch leave once each, whatever becomes of the others."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamo.sms_outbox import LEASE
from chalicelib.domain.members import OutgoingSms
from chalicelib.jobs.outbox import sweep
from chalicelib.jobs.sms import send
from chalicelib.ports import SmsRejected, SmsUnavailable
from tests.api.shop import new_phone
from tests.fakes.clock import NOON
from tests.jobs.conftest import Context, Deployment

NO_FAILURE: dict[str, Any] = {"batchItemFailures": []}


@pytest.fixture
def batch(deployment: Deployment) -> list[dict[str, Any]]:
    """Two messages that wait, as the queue hands them over."""
    for _ in range(2):
        deployment.shop.ask_for_code(new_phone())
    sweep({}, Context())
    return deployment.queued("sms")


def call_send(records: list[dict[str, Any]]) -> dict[str, Any]:
    return send({"Records": records}, Context())


def stored(deployment: Deployment, record: dict[str, Any]) -> OutgoingSms:
    named = json.loads(record["body"])
    found = deployment.ports.sms_outbox.find(named["merchant_id"], named["message_id"])
    assert found is not None
    return found


def test_every_message_is_sent_and_waits_no_longer(
    deployment: Deployment, batch: list[dict[str, Any]]
) -> None:
    answer = call_send(batch)

    assert answer == NO_FAILURE
    assert len(deployment.sms.sent) == 2
    assert deployment.ports.sms_outbox.waiting(10) == ()


@pytest.mark.parametrize("body", ["{", "{}", '{"merchant_id": 1, "message_id": []}'])
def test_a_bad_record_is_reported_by_its_id_and_the_rest_goes_on(
    deployment: Deployment, batch: list[dict[str, Any]], body: str
) -> None:
    bad = {"messageId": "bad", "body": body}

    answer = call_send([batch[0], bad, batch[1]])

    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert len(deployment.sms.sent) == 2


def test_a_repeated_batch_sends_nothing_twice(
    deployment: Deployment, batch: list[dict[str, Any]]
) -> None:
    call_send(batch)

    answer = call_send([*batch, *batch])

    assert answer == NO_FAILURE
    assert len(deployment.sms.sent) == 2


def test_a_message_without_an_answer_is_reported_and_sent_later(
    deployment: Deployment, batch: list[dict[str, Any]]
) -> None:
    deployment.sms.answers.append(SmsUnavailable("timeout"))

    first = call_send(batch)
    deployment.ports.clock.set(NOON + LEASE)
    second = call_send([batch[0]])

    assert first == {"batchItemFailures": [{"itemIdentifier": batch[0]["messageId"]}]}
    assert second == NO_FAILURE
    assert len(deployment.sms.sent) == 2
    assert stored(deployment, batch[0]).attempts == 2


def test_a_number_the_operator_refuses_is_not_tried_again(
    deployment: Deployment, batch: list[dict[str, Any]]
) -> None:
    deployment.sms.answers.append(SmsRejected("number_refused", is_number_at_fault=True))

    answer = call_send(batch)

    assert answer == NO_FAILURE
    assert stored(deployment, batch[0]).state == "failed"
    assert len(deployment.sms.sent) == 1


def test_a_message_that_is_over_its_time_is_not_sent(
    deployment: Deployment, batch: list[dict[str, Any]]
) -> None:
    deployment.ports.clock.set(NOON + timedelta(hours=1))

    answer = call_send(batch)

    assert answer == NO_FAILURE
    assert deployment.sms.sent == []


def test_a_message_that_no_longer_exists_is_settled(deployment: Deployment) -> None:
    body = json.dumps({"merchant_id": "roastery", "message_id": "sms_gone"})

    assert call_send([{"messageId": "m1", "body": body}]) == NO_FAILURE

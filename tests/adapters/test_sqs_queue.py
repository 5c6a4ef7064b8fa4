"""The queue on AWS, against moto."""

import json

import pytest
from moto import mock_aws

from chalicelib.adapters.sdk import new_session
from chalicelib.adapters.sqs_queue import SqsQueue
from chalicelib.ports import StoreUnavailable


@pytest.fixture
def sqs():
    with mock_aws():
        yield new_session().create_client(
            "sqs",
            region_name="eu-central-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )


def received(sqs, url: str) -> list:
    found: list = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(message["Body"]) for message in messages]
    return found


def test_every_payload_becomes_a_message_of_the_named_queue(sqs):
    urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("sms", "schedule")}
    queue = SqsQueue(sqs, urls)

    queue.enqueue("sms", [{"n": n} for n in range(23)])
    queue.enqueue("schedule", [{"shard": 1}])

    assert sorted(body["n"] for body in received(sqs, urls["sms"])) == list(range(23))
    assert received(sqs, urls["schedule"]) == [{"shard": 1}]


def test_nothing_to_add_calls_nothing(sqs):
    queue = SqsQueue(sqs, {"sms": "https://nowhere.invalid/sms"})

    queue.enqueue("sms", [])


def test_a_queue_that_is_not_there_is_the_port_s_own_error(sqs):
    queue = SqsQueue(sqs, {"sms": "https://sqs.eu-central-1.amazonaws.com/123456789012/gone"})

    with pytest.raises(StoreUnavailable):
        queue.enqueue("sms", [{"n": 1}])


class PartlyFailing:
    """Amazon's answer to a batch of which one entry was throttled."""

    def send_message_batch(self, **_arguments):
        return {"Successful": [{"Id": "0"}], "Failed": [{"Id": "1", "Code": "Throttled"}]}


def test_an_entry_that_was_not_taken_is_not_passed_over():
    queue = SqsQueue(PartlyFailing(), {"sms": "https://example.invalid"})

    with pytest.raises(StoreUnavailable, match="1 of 2"):
        queue.enqueue("sms", [{"n": 1}, {"n": 2}])

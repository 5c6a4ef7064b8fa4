"""The `TaskQueue` port: one contract for the fake, memory and (stubbed) SQS."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.adapters.memory_queue import MemoryQueue
from chalicelib.adapters.sqs_queue import SqsQueue
from chalicelib.ports import TaskQueue
from tests.fakes.queue import FakeQueue

QUEUES = ("sms", "schedule")


@dataclass(frozen=True, slots=True)
class Queues:
    """A queue and a way to take everything out of it."""

    port: TaskQueue
    take_all: Callable[[str], list[dict[str, Any]]]


def _in_memory() -> Queues:
    queue = MemoryQueue()
    return Queues(queue, lambda name: [json.loads(m.body) for m in queue.take(name, 1000)])


def _in_sqs() -> Queues:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    client = boto3.client("sqs", region_name="eu-central-1", **keys)
    urls = {name: client.create_queue(QueueName=name)["QueueUrl"] for name in QUEUES}

    def take_all(name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for _ in range(100):
            answer = client.receive_message(QueueUrl=urls[name], MaxNumberOfMessages=10)
            if not answer.get("Messages"):
                return found
            found += [json.loads(message["Body"]) for message in answer["Messages"]]
        raise AssertionError("messages without an end")

    return Queues(SqsQueue(client, urls), take_all)


@pytest.fixture(params=["fake", "memory", "sqs"])
def queues(request) -> Iterator[Queues]:
    if request.param == "fake":
        queue = FakeQueue()
        yield Queues(queue, queue.take)
    elif request.param == "memory":
        yield _in_memory()
    else:
        with mock_aws():
            yield _in_sqs()


@pytest.mark.parametrize("count", [0, 1, 10, 23])
def test_every_payload_becomes_one_message(queues: Queues, count: int) -> None:
    queues.port.enqueue("sms", [{"message_id": f"sms_{number}"} for number in range(count)])

    taken = sorted(message["message_id"] for message in queues.take_all("sms"))

    assert taken == sorted(f"sms_{number}" for number in range(count))


def test_queues_do_not_mix(queues: Queues) -> None:
    queues.port.enqueue("schedule", [{"merchant_id": "roastery", "shard": 3}])

    assert queues.take_all("sms") == []
    assert queues.take_all("schedule") == [{"merchant_id": "roastery", "shard": 3}]

"""The queue of one machine: order, redelivery, and giving up."""

import json
import threading

import pytest

from chalicelib.adapters.memory_queue import RECEIVES_MAX, MemoryQueue
from chalicelib.ports import StoreUnavailable


def bodies(messages) -> list:
    return [json.loads(message.body) for message in messages]


def test_messages_are_taken_oldest_first():
    queue = MemoryQueue()

    queue.enqueue("sms", [{"n": 1}, {"n": 2}])
    queue.enqueue("sms", [{"n": 3}])

    assert bodies(queue.take("sms", 2)) == [{"n": 1}, {"n": 2}]
    assert bodies(queue.take("sms", 2)) == [{"n": 3}]


def test_queues_do_not_mix():
    queue = MemoryQueue()

    queue.enqueue("sms", [{"n": 1}])

    assert queue.take("schedule") == []


def test_a_taken_message_is_not_given_to_another():
    queue = MemoryQueue()
    queue.enqueue("sms", [{"n": 1}])

    queue.take("sms")

    assert queue.take("sms") == []
    assert queue.open_count() == 1


def test_a_message_that_is_done_is_forgotten():
    queue = MemoryQueue()
    queue.enqueue("sms", [{"n": 1}])

    queue.done("sms", queue.take("sms")[0].message_id)

    assert queue.join(timeout_seconds=0)


def test_a_failed_message_comes_again_and_counts_its_receives():
    queue = MemoryQueue()
    queue.enqueue("sms", [{"n": 1}])
    first = queue.take("sms")[0]

    queue.give_back("sms", first.message_id)
    again = queue.take("sms")[0]

    assert (first.receives, again.receives) == (1, 2)
    assert again.message_id == first.message_id


def test_a_failed_message_waits_for_its_delay():
    queue = MemoryQueue()
    queue.enqueue("sms", [{"n": 1}])

    queue.give_back("sms", queue.take("sms")[0].message_id, delay_seconds=3600)

    assert queue.take("sms") == []
    assert queue.open_count() == 1


def test_a_message_is_given_up_after_its_last_receive():
    queue = MemoryQueue()
    queue.enqueue("sms", [{"n": 1}])

    kept = [
        queue.give_back("sms", queue.take("sms")[0].message_id) for _ in range(RECEIVES_MAX)
    ]

    assert kept == [True] * (RECEIVES_MAX - 1) + [False]
    assert queue.open_count() == 0


def test_a_full_queue_takes_nothing_of_a_batch():
    queue = MemoryQueue(messages_max=2)
    queue.enqueue("sms", [{"n": 1}])

    with pytest.raises(StoreUnavailable):
        queue.enqueue("sms", [{"n": 2}, {"n": 3}])

    assert queue.open_count() == 1


def test_a_waiting_consumer_gets_a_message_that_comes_later():
    queue = MemoryQueue()
    taken: list = []
    consumer = threading.Thread(target=lambda: taken.extend(queue.take("sms", wait_seconds=30)))

    consumer.start()
    queue.enqueue("sms", [{"n": 1}])
    consumer.join(timeout=30)

    assert bodies(taken) == [{"n": 1}]


def test_eight_threads_share_the_messages_and_take_each_once():
    queue = MemoryQueue()
    queue.enqueue("sms", [{"n": n} for n in range(200)])
    taken: list = []

    def consume() -> None:
        while batch := queue.take("sms", 3):
            taken.extend(batch)

    threads = [threading.Thread(target=consume) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(body["n"] for body in bodies(taken)) == list(range(200))

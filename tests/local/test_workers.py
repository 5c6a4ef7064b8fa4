"""The threads around the handlers: redelivery, the hour, and everything that is due."""

import json
import threading
from datetime import UTC, datetime

import pytest

from chalicelib.adapters.clock import MovableClock
from chalicelib.adapters.memory_queue import RECEIVES_MAX, MemoryQueue
from local.workers import RUN_ROUNDS_MAX, Handlers, Workers

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
DEADLINE_SECONDS = 30


class NoStream:
    """A stream without records."""

    def step(self) -> int:
        return 0

    def retry_seconds(self) -> float:
        return 0.01


class Stream:
    """A stream of a few batches."""

    def __init__(self, *batches: int) -> None:
        self.batches = list(batches)

    def step(self) -> int:
        return self.batches.pop(0) if self.batches else 0

    def retry_seconds(self) -> float:
        return 0.01


class Jobs:
    """Handlers that note their calls; `on_tick` and `sms` may be replaced."""

    def __init__(self) -> None:
        self.ticks: list[dict] = []
        self.sweeps = 0
        self.sent: list[dict] = []
        self.on_tick = lambda: None
        self.fails = False
        self.changed = threading.Condition()

    def tick(self, event, _context):
        with self.changed:
            self.ticks.append(event)
            self.changed.notify_all()
        self.on_tick()
        return {}

    def sweep(self, _event, _context):
        self.sweeps += 1
        return {}

    def sms(self, event, _context):
        with self.changed:
            self.sent += event["Records"]
            self.changed.notify_all()
        failed = [{"itemIdentifier": record["messageId"]} for record in event["Records"]]
        return {"batchItemFailures": failed if self.fails else []}

    def until(self, is_so) -> bool:
        with self.changed:
            return self.changed.wait_for(is_so, timeout=DEADLINE_SECONDS)


def workers(jobs: Jobs, queue: MemoryQueue, clock=None, relay=None) -> Workers:
    return Workers(
        relay=relay or NoStream(),
        queue=queue,
        handlers=Handlers(tick=jobs.tick, sweep=jobs.sweep, queues={"sms": jobs.sms}),
        clock=clock or MovableClock(NOON),
        redelivery_seconds=0.001,
    )


def test_a_message_arrives_as_sqs_would_bring_it():
    jobs, queue = Jobs(), MemoryQueue()
    queue.enqueue("sms", [{"message_id": "sms_1"}])

    workers(jobs, queue).work_queue("sms")

    record = jobs.sent[0]
    assert json.loads(record["body"]) == {"message_id": "sms_1"}
    assert record["eventSource"] == "aws:sqs"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert queue.open_count() == 0


def test_a_failed_message_stays_and_is_given_up_in_the_end(caplog):
    jobs, queue = Jobs(), MemoryQueue()
    jobs.fails = True
    queue.enqueue("sms", [{"message_id": "sms_1"}])
    running = workers(jobs, queue)

    running.start()
    gone = jobs.until(lambda: len(jobs.sent) >= RECEIVES_MAX) and queue.join(DEADLINE_SECONDS)
    running.stop()

    assert gone
    assert len(jobs.sent) == RECEIVES_MAX
    assert "given up" in caplog.text


def test_run_due_ends_when_nothing_is_left():
    jobs, queue = Jobs(), MemoryQueue()
    queue.enqueue("sms", [{"n": n} for n in range(25)])

    counts = workers(jobs, queue, relay=Stream(100, 3)).run_due()

    assert counts["records"] == 103
    assert counts["sms"] == 25
    assert counts["still_due"] == 0
    assert queue.open_count() == 0


def test_run_due_does_what_the_tick_has_queued():
    jobs, queue = Jobs(), MemoryQueue()
    queued = iter([[{"n": 1}], [{"n": 2}]])
    jobs.on_tick = lambda: queue.enqueue("sms", next(queued, []))

    counts = workers(jobs, queue).run_due()

    assert counts["sms"] == 2


def test_run_due_says_when_something_never_ends():
    jobs, queue = Jobs(), MemoryQueue()
    jobs.on_tick = lambda: queue.enqueue("sms", [{"n": 1}])

    counts = workers(jobs, queue).run_due()

    assert (counts["rounds"], counts["still_due"]) == (RUN_ROUNDS_MAX, 1)


def test_run_due_waits_for_what_a_thread_has_begun():
    jobs, queue = Jobs(), MemoryQueue()
    queue.enqueue("sms", [{"n": 1}])
    taken = queue.take("sms")[0]
    running = workers(jobs, queue)
    counts: list = []
    caller = threading.Thread(target=lambda: counts.append(running.run_due()))

    caller.start()
    assert jobs.until(lambda: len(jobs.ticks) > 2)
    assert counts == []
    queue.done("sms", taken.message_id)
    caller.join(DEADLINE_SECONDS)

    assert counts[0]["still_due"] == 0


def test_the_first_tick_says_that_the_queue_has_forgotten():
    jobs = Jobs()
    running = workers(jobs, MemoryQueue())

    running.start()
    came = jobs.until(lambda: jobs.ticks)
    running.stop()

    assert came
    assert jobs.ticks[0]["is_restart"] is True
    assert jobs.ticks[0]["time"] == "2026-06-15T12:00:00Z"


def test_every_crossed_hour_ticks_also_backwards():
    jobs, clock = Jobs(), MovableClock(NOON)
    running = workers(jobs, MemoryQueue(), clock)

    running.start()
    came = [jobs.until(lambda: len(jobs.ticks) == 1)]
    clock.advance(3600)
    came.append(jobs.until(lambda: len(jobs.ticks) == 2))
    clock.set(NOON)
    came.append(jobs.until(lambda: len(jobs.ticks) == 3))
    running.stop()

    assert came == [True, True, True]
    assert [tick["is_restart"] for tick in jobs.ticks] == [True, False, True]


@pytest.mark.parametrize("is_real", [True, False])
def test_once_the_clock_is_real_again_everybodys_day_is_looked_at_once(is_real: bool):
    jobs, clock = Jobs(), MovableClock(NOON)
    idle = workers(jobs, MemoryQueue(), clock)
    clock.advance(86_400)
    idle.tick()
    clock.set(NOON if is_real else datetime(2020, 1, 1, tzinfo=UTC))

    idle.run_due()

    first, *rest = [tick["is_restart"] for tick in jobs.ticks[1:]]
    assert (first, any(rest)) == (is_real, False)


def test_a_clock_that_is_moved_back_during_the_first_tick_makes_it_the_first_again():
    jobs, clock = Jobs(), MovableClock(NOON)
    running = workers(jobs, MemoryQueue(), clock)
    jobs.on_tick = lambda: clock.set(datetime(2020, 1, 1, tzinfo=UTC))

    running.start()
    came = jobs.until(lambda: len(jobs.ticks) == 2)
    running.stop()

    assert came
    assert [tick["is_restart"] for tick in jobs.ticks] == [True, True]


def test_a_thread_outlives_an_exception(caplog):
    jobs, queue = Jobs(), MemoryQueue()
    troubles = iter([RuntimeError("a bug")])

    def stumble() -> None:
        for trouble in troubles:
            raise trouble

    jobs.on_tick = stumble
    running = workers(jobs, queue)

    running.start()
    came = jobs.until(lambda: len(jobs.ticks) == 2)
    running.stop()

    assert came
    assert "stumbled" in caplog.text

"""What AWS does around the handlers, as threads: stream, queues, schedule, sweep.

| thread | AWS | calls |
|---|---|---|
| stream | event source mapping | `jobs.outbox.relay` |
| sms, schedule | SQS → Lambda | `jobs.sms.send`, `jobs.schedule.work` |
| clock | EventBridge rules | `jobs.schedule.tick` hourly, `jobs.outbox.sweep` |

A thread outlives every exception: it is logged, and the thread goes on a second later.
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chalicelib.adapters.clock import MovableClock
from chalicelib.adapters.memory_queue import MemoryQueue, Message
from local.streams import Handler, failed_items

QUEUE_BATCH_MAX = 10  # as in infra/
SWEEP_SECONDS = 2.0
CLOCK_SECONDS = 0.2  # how soon a moved clock is noticed
STUMBLE_SECONDS = 1.0
REDELIVERY_SECONDS = 0.2  # doubled with every receive
REDELIVERY_SECONDS_MAX = 5.0
RUN_ROUNDS_MAX = 200
DRAIN_STEPS_MAX = 100_000
QUIET_ROUNDS = 2  # rounds without any work that end `run_due`
STOP_SECONDS_MAX = 10.0

log = logging.getLogger(__name__)


class Relay(Protocol):
    """Something that relays what has come: `StreamRelay`, or nothing (tests)."""

    def step(self) -> int:
        """Relay one batch; how many records."""

    def retry_seconds(self) -> float:
        """Return how long to wait before the next step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """The functions Lambda would run."""

    tick: Handler
    sweep: Handler
    queues: Mapping[str, Handler]  # by queue name


class Workers:
    """The threads, and one call that does all that is due."""

    def __init__(
        self,
        *,
        relay: Relay,
        queue: MemoryQueue,
        handlers: Handlers,
        clock: MovableClock,
        redelivery_seconds: float = REDELIVERY_SECONDS,
    ) -> None:
        self._relay = relay
        self._queue = queue
        self._handlers = handlers
        self._clock = clock
        self._redelivery_seconds = redelivery_seconds
        # So that `run_due` sees what a tick of the clock's thread has claimed as enqueued.
        self._one_schedule = threading.Lock()
        self._ticked_at: datetime | None = None
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start every thread; the clock's first sweep and tick come at once."""
        loops: dict[str, Callable[[], None]] = {
            "stream": self._relay_loop,
            "clock": self._clock_loop,
            **{name: self._queue_loop(name) for name in self._handlers.queues},
        }
        for name, loop in loops.items():
            thread = threading.Thread(
                target=self._forever, args=(loop,), name=name, daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Let each thread end the batch it is at."""
        self._stop.set()
        self._queue.wake()
        for thread in self._threads:
            thread.join(STOP_SECONDS_MAX)

    def run_due(self) -> dict[str, int]:
        """Do everything that is due now, and what follows from it; the counts.

        Safe beside the running threads: whoever takes a piece of work does it. It ends
        when two rounds in a row found nothing and no message is being worked on, or,
        with `still_due` = 1, after `RUN_ROUNDS_MAX` rounds: something fails for ever.
        """
        counts = dict.fromkeys(("rounds", "records", *self._handlers.queues, "still_due"), 0)
        quiet = 0
        while quiet < QUIET_ROUNDS and counts["rounds"] < RUN_ROUNDS_MAX:
            counts["rounds"] += 1
            self.tick()
            self.sweep()
            moved = self._drain(counts)
            is_quiet = not moved and self._queue.open_count() == 0
            quiet = quiet + 1 if is_quiet else 0
            if not moved and not is_quiet:
                self._queue.join(CLOCK_SECONDS)  # a thread is at it, or a redelivery waits
        counts["still_due"] = int(quiet < QUIET_ROUNDS)
        return counts

    def tick(self, *, is_restart: bool = False) -> None:
        """Run the hourly schedule once; after a restart the queue has forgotten its work.

        So it is when a clock that was ahead is real again: whose next run was set by the
        later clock would rest until then. A clock that is set to some past day is somebody's
        worked example, which pays for no other merchant's days.
        """
        with self._one_schedule:
            at, before = self._clock.now(), self._ticked_at
            self._ticked_at = at
            is_back = before is not None and at < before and not self._clock.is_moved
            event = {**_scheduled("tick", at), "is_restart": is_restart or is_back}
            self._handlers.tick(event, None)

    def sweep(self) -> None:
        """Look once for what the stream and the queues missed."""
        with self._one_schedule:
            self._handlers.sweep(_scheduled("sweep", self._clock.now()), None)

    def work_queue(self, name: str, *, wait_seconds: float = 0) -> int:
        """Hand one batch of a queue to its handler; how many messages it had."""
        messages = self._queue.take(name, QUEUE_BATCH_MAX, wait_seconds=wait_seconds)
        if not messages:
            return 0
        known = [message.message_id for message in messages]
        event = {"Records": [_sqs_record(name, message) for message in messages]}
        failed = failed_items(self._handlers.queues[name], event, known)
        for message in messages:
            if message.message_id not in failed:
                self._queue.done(name, message.message_id)
                continue
            delay = min(self._redelivery_seconds * 2**message.receives, REDELIVERY_SECONDS_MAX)
            if not self._queue.give_back(name, message.message_id, delay_seconds=delay):
                log.error(
                    "a message of queue %s was given up after %d receives",
                    name,
                    message.receives,
                )
        return len(messages)

    def _drain(self, counts: dict[str, int]) -> int:
        moved = 0
        for _ in range(DRAIN_STEPS_MAX):
            records = self._relay.step()
            worked = {name: self.work_queue(name) for name in self._handlers.queues}
            counts["records"] += records
            for name, count in worked.items():
                counts[name] += count
            step = records + sum(worked.values())
            if not step:
                break
            moved += step
        return moved

    def _forever(self, loop: Callable[[], None]) -> None:
        while not self._stop.is_set():
            try:
                loop()
            except Exception:  # the thread must outlive any trouble of one turn
                log.exception("a worker stumbled and goes on")
                self._stop.wait(STUMBLE_SECONDS)

    def _relay_loop(self) -> None:
        while not self._stop.is_set():
            if not self._relay.step():
                self._stop.wait(self._relay.retry_seconds())

    def _queue_loop(self, name: str) -> Callable[[], None]:
        def loop() -> None:
            while not self._stop.is_set():
                self.work_queue(name, wait_seconds=CLOCK_SECONDS)

        return loop

    def _clock_loop(self) -> None:
        hour: datetime | None = None
        turns = 0
        while not self._stop.is_set():
            now = self._clock.now().replace(minute=0, second=0, microsecond=0)
            if now != hour:  # also when the clock was moved back
                self.tick(is_restart=hour is None)
                if hour is None and self._clock.now() < now:  # moved back in the meantime
                    continue
                hour = now
            if turns % round(SWEEP_SECONDS / CLOCK_SECONDS) == 0:
                self.sweep()
            turns += 1
            self._stop.wait(CLOCK_SECONDS)


def _scheduled(name: str, at: datetime) -> dict[str, Any]:
    """Return an event as EventBridge sends it (EventBridge User Guide, read 2026-11)."""
    return {
        "version": "0",
        "id": f"local-{name}",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "region": "local",
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "resources": [f"arn:aws:events:local:000000000000:rule/{name}"],
        "detail": {},
    }


def _sqs_record(queue: str, message: Message) -> dict[str, Any]:
    """Return a record as Lambda hands it over (Lambda Developer Guide, read 2026-11)."""
    return {
        "messageId": message.message_id,
        "receiptHandle": message.message_id,
        "body": message.body,
        "attributes": {"ApproximateReceiveCount": str(message.receives)},
        "messageAttributes": {},
        "md5OfBody": hashlib.md5(message.body.encode(), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:local:000000000000:{queue}",
        "awsRegion": "local",
    }

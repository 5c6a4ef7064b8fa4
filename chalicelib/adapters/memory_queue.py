"""A task queue in memory: what SQS is on AWS, on one machine and in tests.

It forgets everything with the process. That loses nothing: what must be done is marked
in the table, and the sweep adds it again at the next start.
"""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from chalicelib.ports import StoreUnavailable

MESSAGES_MAX = 100_000  # in one queue; more is a runaway producer
RECEIVES_MAX = 5  # as the redrive policy on AWS: then the message is given up


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its consumer sees it."""

    message_id: str
    body: str  # JSON
    receives: int  # this one included
    visible_at: float = 0.0  # seconds of the monotonic clock


class MemoryQueue:
    """Named queues with redelivery; safe to share between threads."""

    def __init__(self, *, messages_max: int = MESSAGES_MAX) -> None:
        self._messages_max = messages_max
        self._changed = threading.Condition()
        self._waiting: dict[str, list[Message]] = {}
        self._taken: dict[str, dict[str, Message]] = {}

    def enqueue(self, queue: str, payloads: Sequence[Mapping[str, Any]]) -> None:
        """Add one message per payload.

        Raises:
            StoreUnavailable: the queue is full; nothing was added.
        """
        with self._changed:
            waiting = self._waiting.setdefault(queue, [])
            if len(waiting) + len(payloads) > self._messages_max:
                raise StoreUnavailable(f"{queue}: {len(waiting)} messages are waiting")
            waiting.extend(
                Message(uuid4().hex, json.dumps(payload), receives=0) for payload in payloads
            )
            self._changed.notify_all()

    def take(self, queue: str, limit: int = 10, *, wait_seconds: float = 0) -> list[Message]:
        """Take up to `limit` messages, oldest first; wait for the first if told to."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_ready(queue), timeout=wait_seconds)
            now = time.monotonic()
            waiting = self._waiting.get(queue, [])
            ready = [message for message in waiting if message.visible_at <= now][:limit]
            chosen = {message.message_id for message in ready}
            self._waiting[queue] = [m for m in waiting if m.message_id not in chosen]
            taken = [replace(message, receives=message.receives + 1) for message in ready]
            self._taken.setdefault(queue, {}).update({m.message_id: m for m in taken})
            return taken

    def done(self, queue: str, message_id: str) -> None:
        """Forget a message that was taken."""
        with self._changed:
            self._taken.get(queue, {}).pop(message_id, None)
            self._changed.notify_all()

    def give_back(self, queue: str, message_id: str, *, delay_seconds: float = 0) -> bool:
        """Let a failed message be taken again later; False if that was its last time."""
        with self._changed:
            message = self._taken.get(queue, {}).pop(message_id, None)
            self._changed.notify_all()
            if message is None or message.receives >= RECEIVES_MAX:
                return False
            visible_at = time.monotonic() + delay_seconds
            self._waiting[queue].append(replace(message, visible_at=visible_at))
            return True

    def open_count(self) -> int:
        """Return how many messages wait or are being worked on, in all queues."""
        with self._changed:
            return self._open()

    def join(self, timeout_seconds: float) -> bool:
        """Wait until no message waits or is being worked on; False when time ran out."""
        with self._changed:
            return self._changed.wait_for(lambda: self._open() == 0, timeout=timeout_seconds)

    def wake(self) -> None:
        """Let every waiting `take` return: the process is about to stop."""
        with self._changed:
            self._changed.notify_all()

    def _is_ready(self, queue: str) -> bool:
        now = time.monotonic()
        return any(message.visible_at <= now for message in self._waiting.get(queue, []))

    def _open(self) -> int:
        return sum(map(len, self._waiting.values())) + sum(map(len, self._taken.values()))

"""Queues a test can look into."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.ports import StoreUnavailable


class FakeQueue:
    """The `TaskQueue` port."""

    def __init__(self) -> None:
        self.messages: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.is_down = False

    def enqueue(self, queue: str, payloads: Sequence[Mapping[str, Any]]) -> None:
        """Keep the payloads."""
        if self.is_down:
            raise StoreUnavailable(queue)
        self.messages[queue].extend(dict(payload) for payload in payloads)

    def take(self, queue: str) -> list[dict[str, Any]]:
        """Return all messages of a queue and empty it."""
        return self.messages.pop(queue, [])

"""A small memory for what was fetched: bounded, thread-safe, never older than its time."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Keeps at most `maximum` values for `seconds` each; the oldest goes first."""

    def __init__(self, seconds: float, maximum: int, monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._maximum = maximum
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._values: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def find(self, key: K) -> V | None:
        """Return the value while it is fresh."""
        with self._lock:
            found = self._values.get(key)
        if found is None or self._monotonic() >= found[0]:
            return None
        return found[1]

    def keep(self, key: K, value: V, *, unless: Callable[[V], bool] | None = None) -> V:
        """Keep a value just fetched, and return it; the one there, `unless` it says so."""
        with self._lock:
            found = self._values.get(key)
            if unless and found and self._monotonic() < found[0] and unless(found[1]):
                return found[1]
            self._values.pop(key, None)
            self._values[key] = (self._monotonic() + self._seconds, value)
            while len(self._values) > self._maximum:
                self._values.popitem(last=False)
        return value

    def drop(self, key: K) -> None:
        """Forget a value: it was just changed."""
        with self._lock:
            self._values.pop(key, None)

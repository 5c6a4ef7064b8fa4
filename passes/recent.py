"""A bounded memory of what was made lately, for keys whose values are not hashable."""

from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Recent(Generic[Made]):
    """The `maximum` things kept last, by key; safe to share between threads."""

    def __init__(self, maximum: int) -> None:
        """Begin with nothing."""
        self._maximum = maximum
        self._kept: dict[Hashable, Made] = {}
        self._lock = Lock()

    def get(self, key: Hashable) -> Made | None:
        """Return what is kept, without a lock: one look into a dict."""
        return self._kept.get(key)

    def keep(self, key: Hashable, made: Made) -> Made:
        """Keep and return a thing; the one kept longest goes if there are too many."""
        with self._lock:
            self._kept.pop(key, None)
            while len(self._kept) >= self._maximum:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = made
        return made

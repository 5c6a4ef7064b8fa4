"""The clock: the machine's own, or one that can be moved (one machine, tests)."""

import threading
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the moment, aware, UTC."""
        return datetime.now(UTC)


class MovableClock:
    """A clock that can be set; safe to share between threads.

    `MovableClock()` runs with the machine's clock, from wherever it was set;
    `MovableClock(noon)` stands still and moves only when told (tests).
    """

    def __init__(self, now: datetime | None = None) -> None:
        self._lock = threading.Lock()
        self._start = now
        self._standing = now
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the moment, aware, UTC."""
        with self._lock:
            return self._read()

    def set(self, at: datetime) -> None:
        """Move to `at` (aware), back or forth."""
        if at.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        with self._lock:
            if self._standing is None:
                self._ahead = at.astimezone(UTC) - datetime.now(UTC)
            else:
                self._standing = at.astimezone(UTC)

    def advance(self, seconds: float) -> None:
        """Move forward."""
        with self._lock:
            if self._standing is None:
                self._ahead += timedelta(seconds=seconds)
            else:
                self._standing += timedelta(seconds=seconds)

    def reset(self) -> None:
        """Return to real time, or to where a standing clock started."""
        with self._lock:
            self._standing = self._start
            self._ahead = timedelta()

    @property
    def is_moved(self) -> bool:
        """Return whether it shows another time than real time, or than where it started."""
        with self._lock:
            return self._standing != self._start or bool(self._ahead)

    def _read(self) -> datetime:
        if self._standing is None:
            return datetime.now(UTC) + self._ahead
        return self._standing

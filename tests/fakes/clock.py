"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class FakeClock:
    """The `Clock` port; also the monotonic seconds an adapter's cache counts by."""

    def __init__(self, now: datetime = NOON) -> None:
        self.at = now

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self.at

    def monotonic(self) -> float:
        """Return seconds that move with it."""
        return self.at.timestamp()

    def advance(self, **duration: float) -> None:
        """Move on, e.g. `minutes=5`."""
        self.at += timedelta(**duration)

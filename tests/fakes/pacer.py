"""Attempts without waiting."""

from collections.abc import Iterator


class FakePacer:
    """The `Pacer` port; never sleeps."""

    def __init__(self, attempts: int = 5) -> None:
        self._attempts = attempts

    def attempts(self) -> Iterator[int]:
        """Yield 0, 1, 2 … so many times."""
        yield from range(self._attempts)

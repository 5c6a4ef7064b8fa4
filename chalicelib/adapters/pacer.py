"""How a lost race is run again: at once, then with full jitter until the time is used up.

Full jitter (any wait between nothing and a bound that doubles) spreads the losers of one
race further apart than a doubling wait of one length. This is the only layer that tries
again: the AWS clients do not.
"""

import random
import time
from collections.abc import Callable, Iterator

ATTEMPTS_MAX = 64  # the time is used up long before; a clock that stands still is not


class JitterPacer:
    """Yields attempts within a budget of seconds."""

    def __init__(
        self,
        budget_seconds: float = 2.5,
        base: float = 0.02,
        cap: float = 0.4,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._budget = budget_seconds
        self._base = base
        self._cap = cap
        self._sleep = sleep
        self._monotonic = monotonic
        self._uniform = uniform

    def attempts(self) -> Iterator[int]:
        """Yield 0 at once, then 1, 2 … each after its wait."""
        ends = self._monotonic() + self._budget
        yield 0
        for attempt in range(1, ATTEMPTS_MAX):
            bound = min(self._cap, self._base * 2 ** (attempt - 1))
            wait = self._uniform(0, bound)
            if self._monotonic() + wait >= ends:
                return
            self._sleep(wait)
            yield attempt

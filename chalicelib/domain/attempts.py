"""Guesses at a secret: counted before they are compared, slower and slower.

The first five are free. Each one after that begins a wait before the next: a minute, then two,
up to an hour. The wait is written with the count, before anything is compared, so that guesses
made at once cannot slip through; the right secret takes both away.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.errors import DomainError

FREE_GUESSES: Final = 5
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)  # without a guess


class PinWrong(DomainError):
    """Not the person's PIN; or nobody of that id has one."""

    code = "pin_wrong"


class PinLocked(DomainError):
    """Too many wrong PINs; another try after `retry_after_seconds`."""

    code = "pin_locked"


class SignInRefused(DomainError):
    """The e-mail and password, or the code, are not right. It does not say which."""

    code = "sign_in_refused"


class SignInLocked(DomainError):
    """Too many wrong tries; another after `retry_after_seconds`."""

    code = "sign_in_locked"


@dataclass(frozen=True, slots=True)
class Attempts:
    """What was guessed at one secret since it was last right."""

    count: int = 0
    locked_until: datetime | None = None
    last_at: datetime | None = None

    @property
    def left(self) -> int:
        """Return how many guesses come without a wait."""
        return max(0, FREE_GUESSES - self.count)

    def wait_seconds(self, at: datetime) -> int:
        """Return how long no guess is taken, rounded up; 0: one may guess."""
        if self.locked_until is None or at >= self.locked_until:
            return 0
        return math.ceil((self.locked_until - at).total_seconds())


def counted(before: Attempts, at: datetime) -> Attempts:
    """Return the attempts with one more guess, and the wait it begins if it is wrong."""
    is_forgotten = before.last_at is not None and at - before.last_at > FORGOTTEN_AFTER
    count = 1 if is_forgotten else before.count + 1
    if count < FREE_GUESSES:
        return Attempts(count, None, at)
    doublings = min(count - FREE_GUESSES, 10)  # 2^10 minutes are past the longest already
    return Attempts(count, at + min(FIRST_WAIT * 2**doublings, LONGEST_WAIT), at)

"""Count a guess before it is compared: the one place where secrets are guessed at."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.domain.attempts import Attempts, counted
from chalicelib.domain.errors import DomainError
from chalicelib.ports import CommitConflict, Pacer
from chalicelib.ports.staff import Guesses


def count_guess(
    subject: str,
    *,
    at: datetime,
    guesses: Guesses,
    pacer: Pacer,
    locked: Callable[[int], DomainError],
) -> Attempts:
    """Return what was guessed at the subject, this guess included.

    `locked` makes the refusal of how many seconds are to be waited.

    Raises:
        CommitConflict: too many guesses at once.
    """
    for _ in pacer.attempts():
        before = guesses.read(subject)
        seconds = before.wait_seconds(at)
        if seconds:
            raise locked(seconds)
        after = counted(before, at)
        try:
            guesses.count(subject, before, after)
        except CommitConflict:  # another guess was counted: look again whether one may
            continue
        return after
    raise CommitConflict("too many guesses at once")

"""Guesses at a secret get slower and slower, and are forgotten after a day."""

from datetime import timedelta

import pytest

from chalicelib.domain.attempts import (
    FORGOTTEN_AFTER,
    FREE_GUESSES,
    LONGEST_WAIT,
    Attempts,
    counted,
)
from tests.builders import NOON

SECOND = timedelta(seconds=1)


def guessed(times: int) -> Attempts:
    attempts = Attempts()
    for _ in range(times):
        attempts = counted(attempts, NOON)
    return attempts


def test_the_first_guesses_are_free() -> None:
    attempts = guessed(FREE_GUESSES - 1)

    assert attempts == Attempts(FREE_GUESSES - 1, None, NOON)
    assert (attempts.left, attempts.wait_seconds(NOON)) == (1, 0)


@pytest.mark.parametrize(
    ("more", "minutes"), [(0, 1), (1, 2), (2, 4), (5, 32), (6, 60), (20, 60)]
)
def test_each_one_after_that_begins_a_longer_wait(more: int, minutes: int) -> None:
    attempts = guessed(FREE_GUESSES + more)

    assert attempts.wait_seconds(NOON) == minutes * 60
    assert (attempts.left, attempts.last_at) == (0, NOON)


def test_the_wait_is_over_at_its_moment_and_rounded_up_before() -> None:
    attempts = guessed(FREE_GUESSES)

    assert attempts.wait_seconds(NOON + SECOND / 2) == 60
    assert attempts.wait_seconds(NOON + timedelta(minutes=1) - SECOND / 10) == 1
    assert attempts.wait_seconds(NOON + timedelta(minutes=1)) == 0


def test_the_wait_is_never_longer_than_the_longest() -> None:
    assert guessed(1_000).locked_until == NOON + LONGEST_WAIT


def test_a_day_without_a_guess_forgets_them() -> None:
    before = guessed(FREE_GUESSES + 3)

    assert counted(before, NOON + FORGOTTEN_AFTER).count == FREE_GUESSES + 4
    assert counted(before, NOON + FORGOTTEN_AFTER + SECOND).count == 1


def test_free_guesses_a_day_apart_are_forgotten_too() -> None:
    before = guessed(FREE_GUESSES - 1)

    assert counted(before, NOON + FORGOTTEN_AFTER + SECOND).count == 1

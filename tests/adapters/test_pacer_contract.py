"""Attempts at a lost race, on time the test owns."""

import pytest

from chalicelib.adapters.pacer import ATTEMPTS_MAX, JitterPacer
from chalicelib.ports import Pacer
from tests.fakes.pacer import FakePacer


class _StandingTime:
    """Sleeping moves it; nothing else does."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


def _pacer(clock: _StandingTime, share: float = 1.0) -> JitterPacer:
    return JitterPacer(
        sleep=clock.sleep, monotonic=clock.monotonic, uniform=lambda low, high: share * high
    )


@pytest.fixture(params=["fake", "real"])
def pacer(request: pytest.FixtureRequest) -> Pacer:
    return FakePacer() if request.param == "fake" else _pacer(_StandingTime())


def test_attempts_count_from_nought_and_end(pacer: Pacer) -> None:
    found = list(pacer.attempts())

    assert found == list(range(len(found)))
    assert len(found) > 3


def test_each_use_begins_anew(pacer: Pacer) -> None:
    list(pacer.attempts())

    assert next(pacer.attempts()) == 0


def test_the_first_attempt_does_not_wait() -> None:
    clock = _StandingTime()

    next(_pacer(clock).attempts())

    assert clock.slept == []


def test_the_bound_doubles_up_to_its_cap() -> None:
    clock = _StandingTime()

    list(_pacer(clock).attempts())

    assert clock.slept[:7] == pytest.approx([0.02, 0.04, 0.08, 0.16, 0.32, 0.4, 0.4])


def test_the_waits_stay_within_the_budget() -> None:
    clock = _StandingTime()

    list(_pacer(clock).attempts())

    assert 2.0 < clock.seconds < 2.5


def test_work_counts_against_the_budget() -> None:
    clock = _StandingTime()
    made = []

    for attempt in _pacer(clock).attempts():
        made.append(attempt)
        clock.seconds += 2

    assert made == [0, 1]


def test_a_clock_that_stands_still_does_not_make_it_endless() -> None:
    assert len(list(_pacer(_StandingTime(), share=0).attempts())) == ATTEMPTS_MAX


def test_waits_are_jittered() -> None:
    clock = _StandingTime()

    list(JitterPacer(sleep=clock.sleep, monotonic=clock.monotonic).attempts())

    assert len(set(clock.slept)) == len(clock.slept)
    assert all(0 <= wait <= 0.4 for wait in clock.slept)

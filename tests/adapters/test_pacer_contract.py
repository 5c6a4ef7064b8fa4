"""Attempts at a lost race, on time the test owns."""

import pytest

from chalicelib.adapters.pacer import ATTEMPTS_MAX, JitterPacer
from chalicelib.ports import Pacer
from tests.fakes.pacer import FakePacer


class _Time:
    """Sleeping moves it; nothing else does."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


def _pacer(time: _Time, share: float = 1.0) -> JitterPacer:
    return JitterPacer(
        sleep=time.sleep, monotonic=time.monotonic, uniform=lambda low, high: share * high
    )


@pytest.fixture(params=["fake", "real"])
def pacer(request: pytest.FixtureRequest) -> Pacer:
    return FakePacer() if request.param == "fake" else _pacer(_Time())


def test_attempts_count_from_nought_and_end(pacer: Pacer) -> None:
    found = list(pacer.attempts())

    assert found == list(range(len(found)))
    assert len(found) > 3


def test_each_use_begins_anew(pacer: Pacer) -> None:
    list(pacer.attempts())

    assert next(pacer.attempts()) == 0


def test_the_first_attempt_does_not_wait() -> None:
    time = _Time()

    next(_pacer(time).attempts())

    assert time.slept == []


def test_the_bound_doubles_up_to_its_cap() -> None:
    time = _Time()

    list(_pacer(time).attempts())

    assert time.slept[:7] == pytest.approx([0.02, 0.04, 0.08, 0.16, 0.32, 0.4, 0.4])


def test_the_waits_stay_within_the_budget() -> None:
    time = _Time()

    list(_pacer(time).attempts())

    assert 2.0 < time.seconds < 2.5


def test_work_counts_against_the_budget() -> None:
    time = _Time()
    made = []

    for attempt in _pacer(time).attempts():
        made.append(attempt)
        time.seconds += 2

    assert made == [0, 1]


def test_a_clock_that_stands_still_does_not_make_it_endless() -> None:
    assert len(list(_pacer(_Time(), share=0).attempts())) == ATTEMPTS_MAX


def test_waits_are_jittered() -> None:
    time = _Time()

    list(JitterPacer(sleep=time.sleep, monotonic=time.monotonic).attempts())

    assert len(set(time.slept)) == len(time.slept)
    assert all(0 <= wait <= 0.4 for wait in time.slept)

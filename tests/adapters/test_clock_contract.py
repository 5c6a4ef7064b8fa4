"""The `Clock` port: one contract for the fake, the machine's clock and the one that moves."""

from datetime import timedelta

import pytest

from chalicelib.adapters.clock import MovableClock, SystemClock
from chalicelib.ports import Clock
from tests.fakes.clock import NOON, FakeClock

CLOCKS = {
    "fake": FakeClock,
    "system": SystemClock,
    "movable": MovableClock,
    "standing": lambda: MovableClock(NOON),
}


@pytest.fixture(params=sorted(CLOCKS))
def clock(request) -> Clock:
    return CLOCKS[request.param]()


def test_a_moment_is_aware_and_utc(clock: Clock) -> None:
    assert clock.now().utcoffset() == timedelta()


def test_time_does_not_run_backwards(clock: Clock) -> None:
    first = clock.now()

    assert clock.now() >= first


@pytest.mark.parametrize("name", ["fake", "standing"])
def test_a_test_s_clock_moves_only_when_told(name: str) -> None:
    clock = CLOCKS[name]()
    before = clock.now()

    clock.advance(seconds=90)

    assert (before, clock.now()) == (NOON, NOON + timedelta(seconds=90))

"""The clocks: the machine's, and the one that can be moved."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from chalicelib.adapters.clock import MovableClock, SystemClock

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def test_the_system_clock_is_aware_and_utc():
    now = SystemClock().now()

    assert now.utcoffset() == timedelta()


def test_a_standing_clock_moves_only_when_told():
    clock = MovableClock(NOON)

    before = clock.now()
    clock.advance(90)

    assert (before, clock.now()) == (NOON, NOON + timedelta(seconds=90))


def test_a_moment_of_another_zone_is_read_as_utc():
    clock = MovableClock(NOON)

    clock.set(datetime(2026, 7, 1, 3, tzinfo=timezone(timedelta(hours=3))))

    assert clock.now() == datetime(2026, 7, 1, tzinfo=UTC)
    assert clock.now().utcoffset() == timedelta()


def test_a_standing_clock_returns_to_its_start():
    clock = MovableClock(NOON)
    clock.set(NOON + timedelta(days=400))

    clock.reset()

    assert clock.now() == NOON


def test_a_running_clock_goes_on_from_where_it_was_set():
    clock = MovableClock()

    clock.set(NOON)
    first, second = clock.now(), clock.now()

    assert NOON <= first <= second < NOON + timedelta(hours=1)


def test_a_running_clock_returns_to_real_time():
    clock = MovableClock()
    clock.advance(10 * 86_400)

    clock.reset()

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(hours=1)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        MovableClock().set(datetime(2026, 6, 15))  # noqa: DTZ001

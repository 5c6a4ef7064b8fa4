"""What was fetched is kept: for its time, within its bounds."""

from chalicelib.adapters.keeping import Kept
from tests.fakes.clock import FakeClock


def test_a_value_is_found_until_its_time_is_over() -> None:
    clock = FakeClock()
    kept: Kept[str, int] = Kept(60, 10, clock.monotonic)
    kept.keep("a", 1)

    clock.advance(seconds=59)
    fresh = kept.find("a")
    clock.advance(seconds=1)

    assert (fresh, kept.find("a")) == (1, None)


def test_keeping_again_begins_its_time_anew() -> None:
    clock = FakeClock()
    kept: Kept[str, int] = Kept(60, 10, clock.monotonic)
    kept.keep("a", 1)
    clock.advance(seconds=50)

    kept.keep("a", 2)
    clock.advance(seconds=50)

    assert kept.find("a") == 2


def test_the_oldest_goes_first_when_there_are_too_many() -> None:
    kept: Kept[str, int] = Kept(60, 2, FakeClock().monotonic)
    kept.keep("a", 1)
    kept.keep("b", 2)
    kept.keep("a", 3)

    kept.keep("c", 4)

    assert [kept.find(key) for key in "abc"] == [3, None, 4]


def test_what_was_changed_is_forgotten() -> None:
    kept: Kept[str, int] = Kept(60, 2, FakeClock().monotonic)
    kept.keep("a", 1)

    kept.drop("a")
    kept.drop("never kept")

    assert kept.find("a") is None


def test_a_slower_fetch_does_not_overwrite_what_is_newer() -> None:
    clock = FakeClock()
    kept: Kept[str, int] = Kept(60, 2, clock.monotonic)
    kept.keep("a", 2)

    beside_a_newer = kept.keep("a", 1, unless=lambda there: there > 1)
    clock.advance(seconds=60)
    alone = kept.keep("a", 1, unless=lambda there: there > 1)

    assert (beside_a_newer, alone) == (2, 1)

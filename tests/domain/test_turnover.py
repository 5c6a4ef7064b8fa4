"""Money by business day: which days are kept, and which a window counts (R29)."""

import pytest

from chalicelib.domain.account import Turnover
from chalicelib.domain.turnover import add_turnover, window_sum
from tests.builders import TODAY, day

OLDEST = day("2025-06-01")  # the 366th day, counted back from 1 June 2026 with it


@pytest.mark.parametrize(("on", "is_kept"), [("2025-06-01", True), ("2025-05-31", False)])
def test_a_late_receipt_counts_while_a_window_can_reach_its_day(on: str, is_kept: bool) -> None:
    turnover = add_turnover(Turnover(), day(on), 700, today=TODAY)

    assert turnover == Turnover(((day(on), 700),) if is_kept else (), 700)


def test_a_day_that_no_window_can_reach_is_dropped_and_stays_in_the_lifetime() -> None:
    before = Turnover(((day("2025-05-31"), 5), (OLDEST, 7)), 12)

    after = add_turnover(before, TODAY, 100, today=TODAY)

    assert after == Turnover(((OLDEST, 7), (TODAY, 100)), 112)


def test_a_day_whose_money_all_came_back_is_dropped() -> None:
    before = Turnover(((OLDEST, 7), (TODAY, 100)), 107)

    assert add_turnover(before, TODAY, -100, today=TODAY) == Turnover(((OLDEST, 7),), 7)


def test_days_stay_in_order_whatever_comes_late() -> None:
    before = Turnover(((TODAY, 100),), 100)

    after = add_turnover(before, day("2026-05-20"), 30, today=TODAY)

    assert after.days == ((day("2026-05-20"), 30), (TODAY, 100))


@pytest.mark.parametrize(
    ("on", "days", "expected"),
    [
        ("2026-05-30", 1, 40),
        ("2026-05-30", 2, 60),
        ("2026-05-31", 1, 0),
        ("2026-06-01", 3, 140),
        ("2026-06-01", 4, 160),
        ("2026-05-29", None, 160),
    ],
)
def test_a_window_ends_with_the_day_asked_for(on: str, days: int | None, expected: int) -> None:
    turnover = Turnover(((day("2026-05-29"), 20), (day("2026-05-30"), 40), (TODAY, 100)), 160)

    assert window_sum(turnover, day(on), days) == expected

"""The funnel's sums and days."""

from datetime import date, timedelta

import pytest

from chalicelib.domain.funnel import (
    COUNTS,
    FunnelCounts,
    FunnelDay,
    PeriodRefused,
    days_between,
    every_day,
    total_of,
)

MONDAY = date(2026, 6, 1)


def test_web_only_are_the_cards_that_no_wallet_has_held() -> None:
    assert FunnelCounts(created=5, walleted=2).web_only == 3


def test_every_push_is_delivered_failed_or_dead() -> None:
    assert FunnelCounts(pushes_delivered=4, pushes_failed=2, pushes_dead=1).pushes_sent == 7


def test_a_sum_adds_up_every_count() -> None:
    one = FunnelCounts(**dict.fromkeys(COUNTS, 1))

    assert total_of([one, one]) == FunnelCounts(**dict.fromkeys(COUNTS, 2))


def test_days_without_counts_are_zeros_and_stand_in_their_place() -> None:
    counted = FunnelDay(MONDAY + timedelta(days=1), FunnelCounts(created=1))

    found = every_day(days_between(MONDAY, MONDAY + timedelta(days=2)), [counted])

    assert found == (FunnelDay(MONDAY), counted, FunnelDay(MONDAY + timedelta(days=2)))


@pytest.mark.parametrize("length", [1, 92])
def test_a_stretch_is_one_to_92_days(length: int) -> None:
    assert len(days_between(MONDAY, MONDAY + timedelta(days=length - 1))) == length


@pytest.mark.parametrize("length", [-1, 0, 93])
def test_other_stretches_are_refused_with_their_length(length: int) -> None:
    with pytest.raises(PeriodRefused) as refused:
        days_between(MONDAY, MONDAY + timedelta(days=length - 1))

    assert refused.value.facts == {"days": length}

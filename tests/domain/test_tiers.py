"""Tiers: R28–R34, told by days and sums."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account import OverrideKind, TierOverride
from chalicelib.domain.sales import sell
from chalicelib.domain.tiers import TierState, next_fall, tier_on, tier_state
from chalicelib.domain.turnover import DAYS_KEPT, add_turnover, window_sum
from tests.builders import (
    TODAY,
    account,
    after,
    day,
    entry,
    exactly,
    line,
    lot,
    noon,
    occasion,
    program,
    rates,
    receipt,
    sale,
    tiers,
)

RULES = program(tiers=tiers(), rates=rates(base=(5, 50), silver=(10, 50), gold=(20, 50)))


def override(tier: str, until: str, kind: OverrideKind = OverrideKind.MANUAL) -> TierOverride:
    return TierOverride(kind, tier, day(until))


class TestReaching:
    @pytest.mark.parametrize(
        ("compare", "minor", "tier"),
        [
            ("gt", 100_000, "base"),
            ("gt", 100_001, "silver"),
            ("gte", 99_999, "base"),
            ("gte", 100_000, "silver"),
            ("gte", 300_000, "gold"),
        ],
    )
    def test_needs_more_than_or_at_least_the_amount(
        self, compare: str, minor: int, tier: str
    ) -> None:
        owner = account(days={"2026-06-01": minor})

        assert tier_on(owner, program(tiers=tiers(compare=compare)), TODAY) == tier

    def test_the_first_level_always_applies(self) -> None:
        assert tier_on(account(), RULES, TODAY) == "base"

    def test_a_program_without_tiers_has_none(self) -> None:
        assert tier_on(account(), program(), TODAY) is None

    @pytest.mark.parametrize(
        ("spent_on", "tier"), [("2026-03-04", "silver"), ("2026-03-03", "base")]
    )
    def test_a_window_of_90_days_includes_today(self, spent_on: str, tier: str) -> None:
        assert tier_on(account(days={spent_on: 200_000}), RULES, TODAY) == tier

    def test_the_widest_window_still_has_its_first_day(self) -> None:
        first, last = day("2025-06-01"), day("2026-06-01")
        before = add_turnover(account().turnover, first, 5, today=first)

        turnover = add_turnover(before, last, 7, today=last)

        assert window_sum(turnover, last, 366) == 12

    def test_a_lifetime_counts_everything(self) -> None:
        rules = program(tiers=tiers(window_days=None))

        assert tier_on(account(days={"2020-01-01": 200_000}), rules, TODAY) == "silver"

    def test_a_receipt_does_not_count_for_its_own_tier(self) -> None:
        change = sell(account(), sale(line(200_000)), occasion(RULES))

        assert (receipt(change).tier, receipt(change).earned) == ("base", 100)
        assert (receipt(change).tier_after, receipt(change).is_tier_new) == ("silver", True)

    def test_money_paid_counts_and_points_do_not(self) -> None:
        rules = program(tiers=tiers(), redeem_percent=100)

        change = sell(
            account(lot("june", 900)), sale(line(150_000), redeem=exactly(500)), occasion(rules)
        )

        assert after(change).turnover.lifetime_minor == 100_000
        assert after(change).tier == "base"


class TestFalling:
    def test_comes_on_the_day_the_money_leaves_the_window(self) -> None:
        owner = account(days={"2026-06-01": 200_000})

        assert next_fall(owner, RULES, TODAY) == day("2026-08-30")
        assert tier_on(owner, RULES, day("2026-08-29")) == "silver"
        assert tier_on(owner, RULES, day("2026-08-30")) == "base"

    def test_is_seen_before_anything_is_written(self) -> None:
        owner = account(days={"2026-03-01": 200_000}, tier="silver")

        change = sell(owner, sale(line(10_000)), occasion(RULES))

        assert receipt(change).tier == "base"
        assert (entry(change).tier_before, entry(change).tier_after) == ("silver", "base")

    def test_of_an_override_comes_after_its_last_day(self) -> None:
        owner = account(overrides=(override("gold", "2026-06-11"),))

        assert tier_on(owner, RULES, day("2026-06-11")) == "gold"
        assert tier_on(owner, RULES, day("2026-06-12")) == "base"
        assert next_fall(owner, RULES, TODAY) == day("2026-06-12")

    def test_does_not_come_where_the_turnover_carries_the_tier_alone(self) -> None:
        owner = account(
            days={"2026-06-01": 400_000}, overrides=(override("gold", "2026-06-11"),)
        )

        assert next_fall(owner, RULES, TODAY) == day("2026-08-30")


class TestOverriding:
    def test_the_highest_of_earned_manual_and_bought_counts(self) -> None:
        owner = account(
            days={"2026-06-01": 200_000},
            overrides=(
                override("base", "2026-07-01"),
                override("gold", "2026-07-01", OverrideKind.BOUGHT),
            ),
        )

        assert tier_on(owner, RULES, TODAY) == "gold"

    def test_of_a_level_the_program_has_no_more_counts_for_nothing(self) -> None:
        owner = account(overrides=(override("platinum", "2026-07-01"),))

        assert tier_on(owner, RULES, TODAY) == "base"

    def test_never_lowers_what_was_earned(self) -> None:
        owner = account(
            days={"2026-06-01": 200_000}, overrides=(override("base", "2026-07-01"),)
        )

        assert tier_on(owner, RULES, TODAY) == "silver"


class TestState:
    def test_says_what_is_missing_to_the_next(self) -> None:
        state = tier_state(account(days={"2026-06-01": 40_000}), RULES, TODAY)

        assert (state.name, state.next_name, state.to_next_minor) == ("base", "silver", 60_001)

    def test_says_how_long_it_lasts(self) -> None:
        state = tier_state(account(days={"2026-06-01": 200_000}), RULES, TODAY)

        assert (state.until, state.turnover_minor) == (day("2026-08-29"), 200_000)

    def test_at_least_the_amount_is_a_unit_less_than_more_than_it(self) -> None:
        owner = account(days={"2026-06-01": 40_000})

        state = tier_state(owner, program(tiers=tiers(compare="gte")), TODAY)

        assert state.to_next_minor == 60_000

    def test_the_level_before_the_highest_has_a_next(self) -> None:
        state = tier_state(account(days={"2026-06-01": 200_000}), RULES, TODAY)

        assert (state.name, state.next_name, state.to_next_minor) == ("silver", "gold", 100_001)

    def test_counts_the_money_of_the_window_alone(self) -> None:
        owner = account(days={"2025-06-01": 40_000, "2026-06-01": 7})

        state = tier_state(owner, RULES, TODAY)

        assert (state.turnover_minor, state.to_next_minor) == (7, 99_994)

    def test_without_tiers_there_is_the_lifetime_and_nothing_else(self) -> None:
        owner = account(days={"2025-06-01": 40_000, "2026-06-01": 7})

        assert tier_state(owner, program(), TODAY) == TierState(None, None, 40_007, None, None)

    def test_of_the_highest_has_no_next(self) -> None:
        state = tier_state(account(days={"2026-06-01": 900_000}), RULES, TODAY)

        assert (state.name, state.next_name, state.to_next_minor) == ("gold", None, None)


@given(
    st.lists(st.tuples(st.integers(0, 800), st.integers(1, 90_000)), max_size=20),
    st.sampled_from([1, 30, 90, 366]),
)
def test_a_window_is_the_sum_of_its_days_whatever_was_pruned(
    bought: list[tuple[int, int]], window_days: int
) -> None:
    turnover = account().turnover
    first = day("2024-01-01").toordinal()
    today = day("2024-01-01")
    for offset, minor in sorted(bought):
        today = today.fromordinal(first + offset)
        turnover = add_turnover(turnover, today, minor, today=today)

    begins = today.toordinal() - window_days + 1
    expected = sum(minor for offset, minor in bought if first + offset >= begins)
    assert window_sum(turnover, today, window_days) == expected
    assert turnover.lifetime_minor == sum(minor for _, minor in bought)
    assert len(turnover.days) <= DAYS_KEPT


@given(
    st.lists(st.tuples(st.integers(0, 89), st.integers(1, 200_000)), max_size=6),
    st.lists(st.tuples(st.sampled_from(["silver", "gold"]), st.integers(0, 40)), max_size=2),
)
def test_the_tier_stays_until_its_next_fall_and_is_lower_then(
    bought: list[tuple[int, int]], given_by_hand: list[tuple[str, int]]
) -> None:
    days = {
        day("2026-03-04").fromordinal(TODAY.toordinal() - back).isoformat(): n
        for back, n in bought
    }
    overrides = tuple(
        TierOverride(kind, tier, TODAY.fromordinal(TODAY.toordinal() + more))
        for kind, (tier, more) in zip(OverrideKind, given_by_hand, strict=False)
    )
    owner = account(days=days, overrides=overrides)

    falls = next_fall(owner, RULES, TODAY)

    names = ["base", "silver", "gold"]
    now = names.index(str(tier_on(owner, RULES, TODAY)))
    for ahead in range(1, 120):
        on = TODAY.fromordinal(TODAY.toordinal() + ahead)
        then = names.index(str(tier_on(owner, RULES, on)))
        if falls is None or on < falls:
            assert then == now
        elif on == falls:
            assert then < now


def test_noon_is_what_the_builders_say() -> None:
    assert RULES.local_date(noon("2026-06-01")) == TODAY

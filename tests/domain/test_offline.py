"""Receipts an offline till reports late: R50."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account import Account, Lot
from chalicelib.domain.capture import OfflineLimitExceeded
from chalicelib.domain.entries import LedgerChange, MovementKind
from chalicelib.domain.ledger import DateRefused
from chalicelib.domain.pricing import Redeem
from chalicelib.domain.sales import (
    CLOCK_SKEW,
    MemberRequired,
    is_late,
    refuse_impossible_date,
    sell,
    sell_anonymously,
)
from chalicelib.domain.scheduled import run_due
from tests.builders import (
    NOON,
    account,
    after,
    day,
    entry,
    exactly,
    holding,
    lot,
    lot_id,
    noon,
    occasion,
    points_by_lot,
    program,
    receipt,
    sale,
    up_to,
)

RULES = program(offline_redeem_limit=500, redeem_percent=100, earn_percent=None)
ARRIVAL = "2026-06-10"


def reported(
    owner: Account, on: str, redeem: Redeem, expired: tuple[Lot, ...] = (), number: str = "r-1"
) -> LedgerChange:
    """Report on 10 June a receipt of an earlier day."""
    late = sale(receipt=number, at=noon(on), redeem=redeem)
    return sell(owner, late, occasion(RULES, at=noon(ARRIVAL)), expired)


def after_the_job(owner: Account) -> tuple[Account, tuple[Lot, ...]]:
    """Run the job on 9 June: the account, and what it expired."""
    change = run_due(owner, occasion(RULES, at=noon("2026-06-09")))
    assert change
    moves = entry(change).movements
    return after(change), tuple(m.lot for m in moves if m.kind is MovementKind.EXPIRE and m.lot)


class TestSettling:
    def test_spends_points_that_were_good_on_the_day_of_the_receipt(self) -> None:
        before = account(lot("soon", 100, until="2026-06-05"))

        change = reported(before, "2026-06-05", exactly(60))

        assert (receipt(change).redeemed, receipt(change).shortfall) == (60, 0)
        assert after(change).total == 0  # the other 40 have expired

    def test_undoes_an_expiry_written_meanwhile(self) -> None:
        before, expired = after_the_job(account(lot("soon", 100, until="2026-06-05")))

        change = reported(before, "2026-06-05", exactly(60), expired)

        assert (receipt(change).redeemed, receipt(change).shortfall) == (60, 0)
        assert after(change).total == 0

    def test_comes_to_the_same_whether_the_job_has_run_or_not(self) -> None:
        before = account(
            lot("soon", 100, until="2026-06-05"), lot("late", 60, until="2026-06-30")
        )
        expired_account, expired = after_the_job(before)

        without_job = reported(before, "2026-06-03", exactly(60))
        with_job = reported(expired_account, "2026-06-03", exactly(60), expired)

        assert points_by_lot(after(without_job)) == {lot_id("late"): 60}
        assert points_by_lot(after(with_job)) == {lot_id("late"): 60}

    def test_spends_what_was_good_on_the_day_before_what_came_later(self) -> None:
        before = account(
            lot("one", 60, until="2026-06-30"),
            lot("two", 60, until="2026-06-20", given="2026-06-05"),
        )

        change = reported(before, "2026-06-01", exactly(60))

        assert points_by_lot(after(change)) == {lot_id("two"): 60}

    def test_what_came_later_pays_before_a_debt_is_made(self) -> None:
        before = account(lot("two", 60, until="2026-06-20", given="2026-06-05"))

        change = reported(before, "2026-06-01", exactly(40))

        assert (after(change).debt, after(change).available(day(ARRIVAL))) == (0, 20)

    def test_does_not_spend_points_that_had_expired_by_then(self) -> None:
        change = reported(
            account(lot("soon", 100, until="2026-06-02")), "2026-06-03", exactly(60)
        )

        assert receipt(change).shortfall == 60

    def test_owes_what_no_lot_covers(self) -> None:
        change = reported(account(lot("june", 20)), "2026-06-03", exactly(60))

        assert (receipt(change).redeemed, receipt(change).shortfall) == (60, 40)
        assert (after(change).debt, after(change).total) == (40, -40)
        assert entry(change).facts["shortfall"] == 40
        moves = [(move.kind, move.points, move.lot is None) for move in entry(change).movements]
        assert moves == [(MovementKind.REDEEM, -20, False), (MovementKind.REDEEM, -40, True)]

    def test_is_limited_by_what_the_program_allows_offline(self) -> None:
        with pytest.raises(
            OfflineLimitExceeded, match="501 points redeemed offline, 500 allowed"
        ):
            reported(account(lot("june", 900)), "2026-06-03", exactly(501))

    def test_may_redeem_all_that_the_program_allows_offline(self) -> None:
        change = reported(account(lot("june", 900)), "2026-06-03", exactly(500))

        assert receipt(change).redeemed == 500

    def test_a_refusal_gives_both_numbers(self) -> None:
        with pytest.raises(OfflineLimitExceeded) as refused:
            reported(account(lot("june", 900)), "2026-06-03", exactly(501))

        assert refused.value.facts == {"asked": 501, "allowed": 500}

    def test_undoes_only_what_is_missing_of_a_lot_that_a_hold_had_kept_in_part(self) -> None:
        """20 points came back from a hold whose time is over, 30 had expired meanwhile."""
        held = holding("h", lot("soon", 20, until="2026-06-05"), until=noon("2026-06-09"))
        expired = (lot("soon", 30, until="2026-06-05"),)

        change = reported(account(holds=(held,)), "2026-06-05", exactly(45), expired)

        moves = [(move.kind, move.points) for move in entry(change).movements]
        assert moves == [(MovementKind.UNEXPIRE, 25), (MovementKind.REDEEM, -45)]
        assert (receipt(change).shortfall, after(change).total) == (0, 0)

    def test_undoes_nothing_of_a_lot_that_is_all_there(self) -> None:
        change = reported(
            account(lot("soon", 60, until="2026-06-05")), "2026-06-05", exactly(60)
        )

        assert [move.kind for move in entry(change).movements] == [MovementKind.REDEEM]

    def test_as_many_as_possible_is_no_more_than_there_was(self) -> None:
        change = reported(account(lot("june", 20)), "2026-06-03", up_to())

        assert (receipt(change).redeemed, after(change).debt) == (20, 0)

    def test_counts_the_money_on_the_day_of_the_receipt(self) -> None:
        change = reported(account(), "2026-06-03", up_to(0))

        assert after(change).turnover.days == ((day("2026-06-03"), 100_000),)
        assert receipt(change).on == day("2026-06-03")


class TestOrderOfArrival:
    def test_two_receipts_come_to_the_same_in_either_order(self) -> None:
        before = account(
            lot("one", 100, until="2026-06-05"),
            lot("two", 100, until="2026-06-30", active="2026-06-02"),
        )
        late = (("2026-06-01", 100), ("2026-06-03", 100))

        outcomes = {_outcome(before, order) for order in permutations(late)}

        assert outcomes == {(0, 0)}

    @given(
        st.lists(st.tuples(st.integers(20, 120), st.integers(2, 30)), max_size=4),
        st.lists(st.tuples(st.integers(1, 9), st.integers(1, 200)), min_size=2, max_size=3),
        st.booleans(),
    )
    def test_any_receipts_come_to_the_same_in_any_order(
        self, lots: list[tuple[int, int]], receipts: list[tuple[int, int]], has_job_run: bool
    ) -> None:
        owner = account(
            *(lot(f"l{i}", n, until=f"2026-06-{end:02}") for i, (n, end) in enumerate(lots))
        )
        late = [(f"2026-06-{on:02}", points) for on, points in receipts]
        expired: tuple[Lot, ...] = ()
        if has_job_run and any(end < 9 for _, end in lots):
            owner, expired = after_the_job(owner)

        outcomes = {_outcome(owner, order, expired) for order in permutations(late)}

        assert len(outcomes) == 1


class TestDates:
    @pytest.mark.parametrize("at", ["2026-06-02", "2026-04-01"])
    def test_a_sale_from_the_future_or_too_long_ago_is_refused(self, at: str) -> None:
        with pytest.raises(DateRefused):
            refuse_impossible_date(sale(at=noon(at)), NOON)

    def test_a_clock_that_is_a_little_ahead_is_forgiven(self) -> None:
        refuse_impossible_date(sale(at=NOON + CLOCK_SKEW), NOON)

    def test_a_clock_that_is_a_little_behind_is_not_offline(self) -> None:
        assert not is_late(sale(at=NOON - CLOCK_SKEW), NOON)
        assert is_late(sale(at=NOON - CLOCK_SKEW - timedelta(seconds=1)), NOON)

    def test_nobody_redeems_without_being_a_member(self) -> None:
        with pytest.raises(MemberRequired):
            sell_anonymously(sale(member=None, redeem=exactly(1)), occasion())


def _outcome(
    owner: Account, order: tuple[tuple[str, int], ...], expired: tuple[Lot, ...] = ()
) -> tuple[int, int]:
    """Report receipts in an order: what can be spent afterwards, and the debt."""
    gone = {one.lot_id: one for one in expired}
    for number, (on, points) in enumerate(order):
        change = reported(owner, on, exactly(points), tuple(gone.values()), f"r-{number}")
        for movement in entry(change).movements:
            _note(gone, movement.kind, movement.lot)
        owner = after(change)
    return owner.available(day(ARRIVAL)), owner.debt


def _note(gone: dict[int, Lot], kind: MovementKind, moved: Lot | None) -> None:
    """Keep book of what is expired, as the ledger's entries tell it."""
    if moved is None or kind not in (MovementKind.EXPIRE, MovementKind.UNEXPIRE):
        return
    known = gone.pop(moved.lot_id, None)
    sign = 1 if kind is MovementKind.EXPIRE else -1
    points = (known.points if known else 0) + sign * moved.points
    if points:
        gone[moved.lot_id] = lot_like(moved, points)


def lot_like(moved: Lot, points: int) -> Lot:
    return Lot(
        moved.lot_id,
        moved.source,
        moved.granted_on,
        moved.active_from,
        moved.expires_on,
        points,
    )

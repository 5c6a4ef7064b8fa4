"""How points move without a receipt: grants, redemptions, holds."""

from datetime import timedelta

import pytest

from chalicelib.domain.account import Balance, as_of, balance_of
from chalicelib.domain.entries import EntryKind, MovementKind
from chalicelib.domain.joining import join
from chalicelib.domain.ledger import (
    HOLDS_MAX,
    DateRefused,
    Grant,
    HoldNotFound,
    MemberNotFound,
    TooManyHolds,
    grant,
    hold,
    present,
    redeem,
    release,
)
from chalicelib.domain.pricing import InsufficientPoints
from chalicelib.domain.sales import sell
from tests.builders import (
    ANN,
    NOON,
    TODAY,
    account,
    after,
    day,
    entry,
    exactly,
    holding,
    line,
    lot,
    lot_id,
    noon,
    occasion,
    points_by_lot,
    program,
    receipt,
    sale,
)


class TestJoining:
    def test_opens_an_empty_account_with_entry_number_one(self) -> None:
        change = join(ANN, occasion())

        assert (after(change).version, after(change).total) == (1, 0)
        assert entry(change).kind is EntryKind.JOIN

    def test_nobody_stands_behind_no_account(self) -> None:
        with pytest.raises(MemberNotFound):
            present(None)


class TestGranting:
    def test_makes_a_lot_that_lasts_through_the_day_n_days_on(self) -> None:
        change = grant(account(), Grant(points=30, reason="x", expires_in_days=10), occasion())

        given = after(change).lots[0]
        assert (given.points, given.granted_on) == (30, TODAY)
        assert (given.active_from, given.expires_on) == (TODAY, day("2026-06-11"))

    def test_points_can_wait_before_they_can_be_spent(self) -> None:
        given = Grant(points=30, reason="x", activates_in_days=2)

        left = after(grant(account(), given, occasion()))

        assert (left.available(TODAY), left.pending(TODAY)) == (0, 30)
        assert left.available(day("2026-06-02")) == 0
        assert left.available(day("2026-06-03")) == 30

    def test_points_that_end_before_they_begin_are_refused(self) -> None:
        given = Grant(points=30, reason="x", activates_in_days=3, expires_in_days=2)

        with pytest.raises(DateRefused, match=r"^the points would expire before they can"):
            grant(account(), given, occasion())

    def test_points_may_begin_and_end_on_one_day(self) -> None:
        given = Grant(points=30, reason="x", activates_in_days=3, expires_in_days=3)

        (made,) = after(grant(account(), given, occasion())).lots

        assert made.active_from == made.expires_on == day("2026-06-04")

    def test_repays_debt_first(self) -> None:
        left = after(grant(account(debt=20), Grant(points=30, reason="x"), occasion()))

        assert (left.debt, left.available(TODAY)) == (0, 10)

    def test_that_goes_into_debt_whole_makes_no_lot(self) -> None:
        change = grant(account(debt=50), Grant(points=30, reason="x"), occasion())

        assert (after(change).debt, after(change).lots) == (20, ())
        assert entry(change).facts["debt_repaid"] == 30

    def test_pending_points_repay_debt_too(self) -> None:
        given = Grant(points=30, reason="x", activates_in_days=5)

        left = after(grant(account(debt=20), given, occasion()))

        assert (left.debt, left.pending(TODAY)) == (0, 10)

    def test_takes_out_what_is_past_its_date_first(self) -> None:
        before = account(lot("old", 5, until="2026-05-31"))

        change = grant(before, Grant(points=30, reason="x"), occasion())

        kinds = [movement.kind for movement in entry(change).movements]
        assert kinds == [MovementKind.EXPIRE, MovementKind.GRANT]
        assert after(change).total == 30


class TestRedeeming:
    def test_empties_first_the_lot_that_expires_first(self) -> None:
        before = account(
            lot("june", 50, until="2026-06-30"), lot("may", 30, until="2026-06-05")
        )

        left = after(redeem(before, 40, "gift", occasion()))

        assert points_by_lot(left) == {lot_id("june"): 40}

    def test_spends_points_that_never_expire_last(self) -> None:
        before = account(lot("ever", 50), lot("june", 50, until="2026-06-30"))

        left = after(redeem(before, 60, "gift", occasion()))

        assert points_by_lot(left) == {lot_id("ever"): 40}

    @pytest.mark.parametrize(("older", "newer"), [("a", "b"), ("b", "a")])
    def test_of_two_that_end_together_spends_the_earlier_grant(
        self, older: str, newer: str
    ) -> None:
        before = account(
            lot(newer, 10, until="2026-06-30", given="2026-05-01"),
            lot(older, 10, until="2026-06-30", given="2026-04-01"),
        )

        left = after(redeem(before, 10, "gift", occasion()))

        assert points_by_lot(left) == {lot_id(newer): 10}

    @pytest.mark.parametrize(
        ("why", "lots"),
        [
            ("too few", [lot("june", 39)]),
            ("enough, but expired yesterday", [lot("may", 40, until="2026-05-31")]),
            ("enough, but not active yet", [lot("soon", 40, active="2026-06-02")]),
        ],
    )
    def test_is_refused_when_it_cannot_pay(self, why: str, lots: list) -> None:
        with pytest.raises(InsufficientPoints, match="40 points asked for"):
            redeem(account(*lots), 40, "gift", occasion())

    @pytest.mark.parametrize("on", ["2026-06-04", "2026-06-05"])
    def test_points_can_be_spent_through_their_last_day(self, on: str) -> None:
        before = account(lot("june", 40, until="2026-06-05"))

        assert after(redeem(before, 40, "gift", occasion(at=noon(on)))).total == 0

    def test_pending_points_can_be_spent_on_the_day_they_become_active(self) -> None:
        before = account(lot("soon", 40, active="2026-06-01"))

        assert after(redeem(before, 40, "gift", occasion())).total == 0

    def test_the_business_day_is_the_shops(self) -> None:
        before = account(lot("june", 40, until="2026-06-01"))
        just_before = noon("2026-06-01").replace(hour=20, minute=59)  # 23:59 in Moscow

        assert after(redeem(before, 40, "gift", occasion(at=just_before))).total == 0
        with pytest.raises(InsufficientPoints):
            redeem(before, 40, "gift", occasion(at=just_before + timedelta(minutes=1)))


class TestBalance:
    def test_is_what_can_be_spent_what_waits_what_is_owed_and_what_is_held(self) -> None:
        owner = account(
            lot("june", 50),
            lot("soon", 7, active="2026-06-09"),
            lot("may", 5, until="2026-05-31"),
            debt=3,
            holds=(holding("h", lot("held", 20)),),
        )

        assert balance_of(owner, NOON, TODAY) == Balance(
            available=50, pending=7, debt=3, held=20
        )


class TestHolding:
    def test_takes_points_out_of_their_lots(self) -> None:
        change = hold(account(lot("june", 50)), holding("h"), 20, occasion())

        balance = balance_of(after(change), NOON, TODAY)
        assert (balance.available, balance.held) == (30, 20)
        assert entry(change).points == 0

    def test_cannot_take_more_than_there_is(self) -> None:
        with pytest.raises(InsufficientPoints):
            hold(account(lot("june", 50)), holding("h"), 51, occasion())

    def test_there_are_only_so_many_at_once(self) -> None:
        standing = tuple(holding(f"h{i}") for i in range(HOLDS_MAX))

        with pytest.raises(TooManyHolds):
            hold(account(lot("june", 50), holds=standing), holding("h"), 1, occasion())

    def test_a_released_one_goes_back_to_its_own_lots(self) -> None:
        before = account(lot("june", 50, until="2026-06-30"), lot("ever", 5))
        held = after(hold(before, holding("h"), 52, occasion()))

        left = after(release(held, "h", occasion()))

        assert points_by_lot(left) == points_by_lot(before)
        assert left.holds == ()

    def test_what_is_released_after_its_date_expires_at_once(self) -> None:
        held = account(holds=(holding("h", lot("june", 20, until="2026-06-01")),))
        later = occasion(at=noon("2026-06-02") - timedelta(hours=11))

        change = release(held, "h", later)

        assert after(change).total == 0
        assert entry(change).points == -20

    def test_one_past_its_time_is_given_back_without_a_job(self) -> None:
        held = account(holds=(holding("h", lot("june", 20), until=NOON),))

        assert balance_of(held, NOON - timedelta(seconds=1), TODAY).held == 20
        assert balance_of(held, NOON, TODAY).available == 20
        assert as_of(held, NOON).holds == ()

    def test_one_past_its_time_cannot_be_captured_or_released(self) -> None:
        held = account(holds=(holding("h", lot("june", 20), until=NOON),))

        with pytest.raises(HoldNotFound):
            release(held, "h", occasion())
        with pytest.raises(HoldNotFound):
            sell(held, sale(hold="h"), occasion())

    def test_points_of_one_past_its_time_can_be_spent_again(self) -> None:
        held = account(holds=(holding("h", lot("june", 20), until=NOON),))

        change = redeem(held, 20, "gift", occasion())

        assert (after(change).total, after(change).holds) == (0, ())


class TestCapturing:
    RULES = program(redeem_percent=100)

    def test_redeems_all_that_is_held(self) -> None:
        held = account(lot("ever", 7), holds=(holding("h", lot("june", 20)),))

        change = sell(held, sale(line(10_000), hold="h"), occasion(self.RULES))

        assert (receipt(change).redeemed, receipt(change).shortfall) == (20, 0)
        assert after(change).holds == ()
        assert after(change).available(TODAY) == 7

    def test_in_part_gives_the_rest_back(self) -> None:
        portions = (lot("june", 20, until="2026-06-30"), lot("july", 20, until="2026-07-31"))
        held = account(holds=(holding("h", *portions),))

        change = sell(held, sale(line(2_500), hold="h"), occasion(self.RULES))

        assert receipt(change).redeemed == 25
        assert points_by_lot(after(change)) == {lot_id("july"): 15}

    def test_of_exactly_so_many_takes_no_more(self) -> None:
        held = account(holds=(holding("h", lot("june", 20)),))
        wish = sale(line(10_000), hold="h", redeem=exactly(5))

        change = sell(held, wish, occasion(self.RULES))

        assert (receipt(change).redeemed, after(change).available(TODAY)) == (5, 15)

    def test_of_more_than_is_held_is_refused(self) -> None:
        held = account(lot("ever", 100), holds=(holding("h", lot("june", 20)),))
        wish = sale(line(10_000), hold="h", redeem=exactly(21))

        with pytest.raises(InsufficientPoints):
            sell(held, wish, occasion(self.RULES))

    def test_redeems_points_whose_date_passed_meanwhile_and_expires_the_rest(self) -> None:
        held = account(
            holds=(holding("h", lot("june", 20, until="2026-06-01"), until=noon("2026-06-03")),)
        )

        change = sell(
            held, sale(line(1_500), hold="h", at=noon("2026-06-02")),
            occasion(self.RULES, at=noon("2026-06-02")),
        )  # fmt: skip

        assert receipt(change).redeemed == 15
        assert after(change).available(day("2026-06-02")) == 0
        expired = [m for m in entry(change).movements if m.kind is MovementKind.EXPIRE]
        assert [m.points for m in expired] == [-5]

"""Members typed in at a till: they earn at once, redeem nothing, and are forgotten in time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account import Account, Hold
from chalicelib.domain.coupons import exchange, next_automatic, terms_of
from chalicelib.domain.due import next_due
from chalicelib.domain.entries import EntryKind
from chalicelib.domain.leaving import erase
from chalicelib.domain.ledger import hold, redeem
from chalicelib.domain.redeeming import MemberUnverified
from chalicelib.domain.sales import sell
from chalicelib.domain.unverified import (
    UNVERIFIED_DAYS,
    MemberVerified,
    is_forgotten,
    join_unverified,
    refuse_confirmed,
    verify,
)
from tests.builders import (
    ANN,
    NOON,
    TODAY,
    account,
    after,
    day,
    entry,
    exactly,
    lot,
    noon,
    occasion,
    program,
    receipt,
    sale,
    up_to,
)

COUPON = {
    "id": "cup", "discount_percent": 10, "price_points": 50, "exchange": "automatic",
}  # fmt: skip
LAST_DAY = TODAY + timedelta(days=UNVERIFIED_DAYS)


def typed_in(points: int = 500) -> Account:
    """Return Ann as a till has typed her in."""
    return account(lot("may", points), unverified_through=LAST_DAY)


class TestJoining:
    def test_gives_thirty_days_to_confirm_the_phone(self) -> None:
        change = join_unverified(ANN, occasion(), UNVERIFIED_DAYS)

        assert after(change).unverified_through == day("2026-07-01")
        assert not after(change).is_verified
        assert after(change).due == day("2026-07-02")
        assert entry(change).kind is EntryKind.JOIN

    def test_a_sooner_day_stays_the_one_on_which_the_job_looks(self) -> None:
        rules = program(welcome_points={"points": 100, "expires_in_days": 5})

        change = join_unverified(ANN, occasion(rules), UNVERIFIED_DAYS)

        assert after(change).due == day("2026-06-07")


class TestEarning:
    def test_a_purchase_earns_at_once(self) -> None:
        change = sell(typed_in(), sale(), occasion())

        assert receipt(change).earned == 100
        assert after(change).unverified_through == LAST_DAY

    def test_a_quote_offers_no_points_to_redeem(self) -> None:
        change = sell(typed_in(), sale(), occasion())

        assert receipt(change).redeem_max == 0

    def test_the_job_looks_on_the_day_after_the_last(self) -> None:
        assert next_due(typed_in(), program(), TODAY) == LAST_DAY + timedelta(days=1)


class TestRedeeming:
    def test_points_without_a_receipt_are_refused(self) -> None:
        with pytest.raises(MemberUnverified):
            redeem(typed_in(), 1, "gift", occasion())

    def test_the_reason_is_named_also_where_there_are_no_points(self) -> None:
        with pytest.raises(MemberUnverified):
            redeem(account(unverified_through=LAST_DAY), 1, "gift", occasion())

    def test_a_hold_is_refused(self) -> None:
        wanted = Hold("h1", NOON + timedelta(hours=1), ())

        with pytest.raises(MemberUnverified):
            hold(typed_in(), wanted, 1, occasion())

    @pytest.mark.parametrize("wish", [exactly(1), up_to(), up_to(1)])
    def test_a_purchase_paid_by_points_is_refused(self, wish) -> None:
        with pytest.raises(MemberUnverified):
            sell(typed_in(), sale(redeem=wish), occasion())

    def test_an_exchange_for_a_coupon_is_refused(self) -> None:
        rules = program(coupons=[COUPON])

        with pytest.raises(MemberUnverified):
            exchange(typed_in(), terms_of(rules, "cup"), "12345678", occasion(rules))

    def test_nothing_is_exchanged_by_itself(self) -> None:
        rules = program(coupons=[COUPON])

        assert next_automatic(rules, typed_in(), NOON) is None
        assert next_automatic(rules, account(lot("may", 500)), NOON) is not None

    def test_what_an_offline_till_has_given_already_settles(self) -> None:
        rules = program(offline_redeem_limit=100)
        late = sale(redeem=exactly(50), at=NOON - timedelta(hours=2))

        change = sell(typed_in(), late, occasion(rules))

        assert receipt(change).redeemed == 50


class TestConfirming:
    def test_lets_points_be_redeemed_from_now_on(self) -> None:
        change = verify(typed_in(), occasion())

        assert entry(change).kind is EntryKind.VERIFY
        assert (after(change).is_verified, after(change).total) == (True, 500)
        assert after(redeem(after(change), 500, "gift", occasion())).total == 0

    def test_is_done_once(self) -> None:
        with pytest.raises(MemberVerified):
            verify(account(), occasion())


class TestForgetting:
    @pytest.mark.parametrize(("on", "is_over"), [("2026-07-01", False), ("2026-07-02", True)])
    def test_the_last_day_is_inclusive(self, on: str, is_over: bool) -> None:
        assert is_forgotten(typed_in(), day(on)) is is_over

    def test_who_was_confirmed_is_never_forgotten(self) -> None:
        with pytest.raises(MemberVerified):
            refuse_confirmed(replace(typed_in(), unverified_through=None), day("2027-01-01"))

    def test_takes_the_points_out(self) -> None:
        change = erase(typed_in(), "unconfirmed", occasion(at=noon("2026-07-02")))

        assert (after(change).total, after(change).due) == (0, None)
        assert after(change).unverified_through is None

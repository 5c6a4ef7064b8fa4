"""What a till may redeem without a second factor: what counts, for whom, on which day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account import Hold
from chalicelib.domain.entries import EntryKind
from chalicelib.domain.ledger import hold, redeem
from chalicelib.domain.limits import Counter, Take
from chalicelib.domain.sales import sell
from chalicelib.domain.till_rule import (
    SPOKEN_FOR,
    ConfirmationRequired,
    Need,
    counted,
    day_counter,
    is_spoken,
    need_of,
    points_at_stake,
)
from tests.builders import ANN, NOON, TODAY, account, lot, occasion, sale, up_to

COUNTER = day_counter(ANN, TODAY)


def test_the_counter_is_the_members_of_that_business_day() -> None:
    counter = day_counter(ANN, TODAY)

    assert counter == Counter("unconfirmed:2026-06-01", day=TODAY, member_id="mem_ann")
    assert (counter.day, counter.member_id) == (TODAY, "mem_ann")


@pytest.mark.parametrize(
    ("points", "used", "need"),
    [
        (100, 0, Need(False, 100, 0)),
        (101, 0, Need(True, 100, 0)),
        (40, 60, Need(False, 40, 60)),
        (41, 60, Need(True, 40, 60)),
        (1, 500, Need(True, 0, 500)),  # the program's number was lowered during the day
        (0, 500, Need(False, 0, 500)),
    ],
)
def test_what_was_used_today_lowers_what_is_allowed(points: int, used: int, need: Need) -> None:
    assert need_of(points, 100, COUNTER, {COUNTER: used}) == need


def test_a_day_that_nothing_was_counted_on_is_wholly_there() -> None:
    assert need_of(100, 100, COUNTER, {}) == Need(False, 100, 0)


class TestPointsAtStake:
    OWNER = account(lot("may", 500))

    def test_are_those_a_sale_redeems(self) -> None:
        assert points_at_stake(sell(self.OWNER, sale(redeem=up_to(70)), occasion())) == 70

    def test_are_those_redeemed_without_a_receipt_or_set_aside(self) -> None:
        wanted = Hold("h1", NOON + timedelta(hours=1), ())

        assert points_at_stake(redeem(self.OWNER, 30, "gift", occasion())) == 30
        assert points_at_stake(hold(self.OWNER, wanted, 40, occasion())) == 40

    def test_are_none_of_what_moves_no_points_out(self) -> None:
        change = redeem(self.OWNER, 30, "gift", occasion())
        assert change.entry is not None
        granted = replace(change, entry=replace(change.entry, kind=EntryKind.GRANT))

        assert points_at_stake(granted) == 0
        assert points_at_stake(replace(change, entry=None)) == 0


class TestCounting:
    def test_is_bounded_by_the_number_of_the_program(self) -> None:
        change = redeem(account(lot("may", 500)), 30, "gift", occasion())

        (take,) = counted(change, 30, 100, COUNTER).takes

        assert take == Take(COUNTER, 30, 100)

    def test_of_a_sale_is_noted_on_the_receipt_to_be_given_back_by_a_void(self) -> None:
        change = sell(account(lot("may", 500)), sale(redeem=up_to(30)), occasion())
        assert change.new_receipt is not None
        before = change.new_receipt.takes

        after = counted(change, 30, 100, COUNTER)

        assert after.new_receipt is not None
        assert after.new_receipt.takes == (*before, Take(COUNTER, 30))
        assert after.takes == (*change.takes, Take(COUNTER, 30, 100))


class TestANumberThatWasSaid:
    def test_is_remembered_for_an_hour(self) -> None:
        said = replace(account(), spoken_at=NOON)

        assert is_spoken(said, NOON + SPOKEN_FOR - timedelta(seconds=1))
        assert not is_spoken(said, NOON + SPOKEN_FOR)
        assert not is_spoken(account(), NOON)


class TestTheRefusal:
    def test_says_what_was_asked_and_what_is_allowed(self) -> None:
        refused = ConfirmationRequired(130, Need(True, 40, 60), "missing")

        assert str(refused) == "130 points asked for, 40 allowed without a confirmation"
        assert refused.facts == {
            "asked": 130,
            "allowed": 40,
            "used_today": 60,
            "reason": "missing",
        }

    def test_says_that_the_member_was_found_by_a_number(self) -> None:
        refused = ConfirmationRequired(1, Need(True, 0, 0, is_spoken=True), "missing")

        assert refused.facts["identified_by"] == "phone"

"""A phone gives way to another: how far a change is, and the pause after an approval."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.account import Account, as_of
from chalicelib.domain.capture import Capture, Wish
from chalicelib.domain.coupons import next_automatic
from chalicelib.domain.due import is_shown_paused, next_due
from chalicelib.domain.entries import EntryKind
from chalicelib.domain.ledger import MemberNotFound, redeem
from chalicelib.domain.members import NewPhone, Profile
from chalicelib.domain.phone_changes import (
    APPROVAL_FOR,
    GOOD_FOR,
    PAUSE,
    ChangeState,
    PhoneChange,
    change_phone,
)
from chalicelib.domain.posting import Posting
from chalicelib.domain.pricing import Redeem, RedeemMode
from chalicelib.domain.redeeming import RedemptionPaused, redeemable, refuse_redemption
from chalicelib.domain.sign_ups import charges_for, confirmation_charges, together
from tests.builders import ANN, NOON, TODAY, account, after, entry, lot, occasion, program
from tests.usecases.world import POLICY

SECOND = timedelta(seconds=1)
UNTIL = NOON + PAUSE
NEW = NewPhone(Profile(ANN, "+79990000099", "ru", NOON), "new", "old", "pch_1")


def change(**more: object) -> PhoneChange:
    made = PhoneChange(
        change_id="pch_1",
        member=ANN,
        phone="+79990000099",
        phone_hash="new",
        old_phone_hash="old",
        code_hash="c1",
        old_code_hash=None,
        created_at=NOON,
        expires_at=NOON + GOOD_FOR,
    )
    return replace(made, **more)


def paused(points: int = 100) -> Account:
    return replace(account(lot("may", points)), redeem_paused_until=UNTIL)


def test_a_pause_is_looked_at_again_on_the_day_after_it() -> None:
    day_after = UNTIL.date() + timedelta(days=1)

    assert next_due(paused(), program(), TODAY) == day_after
    assert next_due(paused(), program(), day_after) is None


@pytest.mark.parametrize(
    ("written", "at", "is_shown"),
    [
        (NOON, UNTIL - SECOND, False),
        (NOON, UNTIL, True),
        (UNTIL, UNTIL + SECOND, False),  # whoever bought since has a pass without it
    ],
)
def test_a_pause_is_shown_until_something_is_written_after_it(
    written: datetime, at: datetime, is_shown: bool
) -> None:
    day_after = UNTIL.date() + timedelta(days=1)
    owner = replace(paused(), due=day_after, pass_version=int(written.timestamp()))

    assert is_shown_paused(owner, program(), at) is is_shown
    later = replace(owner, due=day_after + timedelta(days=9))
    assert not is_shown_paused(later, program(), at)  # it was looked at


@pytest.mark.parametrize(
    ("one", "later", "state"),
    [
        (change(), timedelta(0), ChangeState.CODES_SENT),
        (change(), GOOD_FOR, ChangeState.CODES_SENT),
        (change(), GOOD_FOR + SECOND, ChangeState.EXPIRED),
        (change(verified_at=NOON), GOOD_FOR + SECOND, ChangeState.AWAITING_APPROVAL),
        (change(verified_at=NOON), APPROVAL_FOR, ChangeState.AWAITING_APPROVAL),
        (change(verified_at=NOON), APPROVAL_FOR + SECOND, ChangeState.EXPIRED),
        (change(verified_at=NOON, old_code_hash="c2"), SECOND, ChangeState.MERGE_OFFERED),
        (change(verified_at=NOON, old_phone_hash=None), SECOND, ChangeState.MERGE_OFFERED),
        (change(verified_at=NOON, done_at=NOON), 2 * APPROVAL_FOR, ChangeState.DONE),
    ],
)
def test_a_change_says_how_far_it_has_come(
    one: PhoneChange, later: timedelta, state: ChangeState
) -> None:
    assert one.state(NOON + later) is state


@pytest.mark.parametrize(
    ("one", "needs"),
    [
        (change(), True),
        (change(old_code_hash="c2"), False),
        (change(old_phone_hash=None), False),
    ],
    ids=["without the old", "both codes", "no phone yet"],
)
def test_a_manager_is_needed_where_an_old_phone_was_not_asked(
    one: PhoneChange, needs: bool
) -> None:
    assert one.needs_approval is needs


def test_an_approved_change_is_an_entry_with_evidence_and_a_pause() -> None:
    made = change_phone(
        account(lot("may", 30)), NEW, occasion(), evidence="passport", paused_until=UNTIL
    )

    assert (entry(made).kind, entry(made).reason, entry(made).points) == (
        EntryKind.PHONE, "passport", 0,
    )  # fmt: skip
    assert entry(made).facts == {"paused_until": UNTIL.isoformat()}
    assert after(made).redeem_paused_until == UNTIL
    assert made.phone == NEW


def test_a_change_by_both_codes_pauses_nothing() -> None:
    made = change_phone(account(lot("may", 30)), NEW, occasion())

    assert after(made).redeem_paused_until is None


def test_nobody_has_no_phone_to_change() -> None:
    with pytest.raises(MemberNotFound):
        change_phone(None, NEW, occasion())


def test_the_pause_ends_to_the_second() -> None:
    with pytest.raises(RedemptionPaused) as refused:
        refuse_redemption(paused(), UNTIL - SECOND)
    refuse_redemption(paused(), UNTIL)

    assert refused.value.facts == {"until": UNTIL.isoformat()}
    assert redeemable(paused(), TODAY, UNTIL - SECOND) == 0
    assert redeemable(paused(), TODAY, UNTIL) == 100
    assert as_of(paused(), UNTIL - SECOND).redeem_paused_until == UNTIL
    assert as_of(paused(), UNTIL).redeem_paused_until is None


def test_points_are_not_redeemed_in_the_pause() -> None:
    with pytest.raises(RedemptionPaused):
        redeem(paused(), 5, "mug", occasion())


def test_no_coupon_comes_for_points_by_itself_in_the_pause() -> None:
    coupon = {"id": "c", "discount_percent": 10, "price_points": 50, "exchange": "automatic"}
    rules = program(coupons=[coupon])

    assert next_automatic(rules, paused(), NOON) is None
    assert next_automatic(rules, account(lot("may", 100)), NOON) is not None


def test_what_an_offline_till_has_given_is_settled_in_the_pause() -> None:
    wish = Wish(Redeem(RedeemMode.EXACT, 5), is_late=True)

    late = Capture(Posting(paused(), occasion()), wish)

    assert late.available == 100


def test_charges_of_two_messages_take_from_a_shared_limit_once_and_twice_as_much() -> None:
    first = charges_for(phone_hash="a", prefix="7999000", ip="i", at=NOON, policy=POLICY)
    second = confirmation_charges("b", "7999000", NOON, POLICY)

    found = {(one.name, one.subject): one.units for one in together(*first, *second)}

    assert found["merchant_day", "budget"] == 2 * POLICY.price_minor
    assert found["prefix_hour", "7999000"] == 2
    assert found["phone_day", "a"] == found["phone_day", "b"] == 1
    assert len(found) == 7

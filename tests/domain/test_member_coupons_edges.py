"""Members' coupons on the edges: last days, exact prices, and what the entry says (R41)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.coupons import (
    CouponNotOffered,
    CouponState,
    CouponUnknown,
    HeldCoupon,
    NoConsent,
    NoPhone,
    exchange,
    give,
    held,
    last_day,
    next_automatic,
    obtainable,
    phone_to_tell,
    price_on,
    terms_of,
)
from chalicelib.domain.entries import EntryKind
from chalicelib.domain.members import Consent, ConsentPurpose, Profile
from chalicelib.domain.promo_codes import MemberCoupon
from chalicelib.domain.rules.coupons import Coupon
from tests.builders import ANN, NOON, TODAY, account, day, entry, lot, occasion, program
from tests.domain.rules.baskets import coupon

CODE = "12345678"
MINE = MemberCoupon(code=CODE, member_id=ANN.member_id, coupon_id="c", given_at=NOON)
ANNS = Profile(ANN, "+79990000001", "ru", NOON)


def terms(**fields: Any) -> Coupon:
    return terms_of(program(**coupon(**{"discount": "5"} | fields)), "c")


def asked(*, granted: bool, at: str) -> Consent:
    return Consent(ConsentPurpose.ADVERTISING, granted, "1", "ru", day_at(at), "me")


def day_at(text: str) -> Any:
    return NOON.replace(day=int(text[-2:]))


def test_a_coupon_the_program_lacks_is_named() -> None:
    with pytest.raises(CouponUnknown, match=r"^the program has no coupon 'd'$"):
        terms_of(program(**coupon(points=5)), "d")


@pytest.mark.parametrize(
    ("fields", "valid_days", "last"),
    [
        ({}, None, None),
        ({"to": "2026-06-07"}, None, "2026-06-07"),
        ({"valid_days": 14}, None, "2026-06-15"),
        ({"valid_days": 14}, 3, "2026-06-04"),
        ({"valid_days": 14}, 0, "2026-06-01"),
        ({"valid_months": 2}, None, "2026-08-01"),
        ({"valid_days": 14, "to": "2026-06-14"}, None, "2026-06-14"),
        ({"valid_days": 14, "to": "2026-06-16"}, None, "2026-06-15"),
    ],
)
def test_a_coupon_is_good_for_its_days_and_no_longer_than_its_terms(
    fields: dict[str, Any], valid_days: int | None, last: str | None
) -> None:
    assert last_day(terms(**fields), TODAY, valid_days) == (day(last) if last else None)


@pytest.mark.parametrize(("to", "price"), [("2026-05-31", None), ("2026-06-01", 500)])
def test_a_coupon_is_to_be_had_up_to_the_last_day_of_its_terms(
    to: str, price: int | None
) -> None:
    one = {"id": "c", "discount": "5", "price_points": 500, "to": to}
    rules = program(coupons=[one, {"id": "d", "points": 5, "price_points": 600}])

    assert price_on(terms(price_points=500, to=to), TODAY) == price
    prices = {found.offer_id: asked for found, asked in obtainable(rules, TODAY)}
    assert prices == ({"c": 500} if price else {}) | {"d": 600}


@pytest.mark.parametrize(("points", "name"), [(499, None), (500, "c"), (501, "c")])
def test_a_coupon_comes_by_itself_with_the_last_point_it_costs(
    points: int, name: str | None
) -> None:
    first = {"id": "a", "discount": "5", "price_points": 1}
    itself = {"id": "c", "discount": "5", "price_points": 500, "exchange": "automatic"}
    rules = program(coupons=[first, itself | {"to": "2026-06-01"}])

    found = next_automatic(rules, account(lot("may", points)), NOON)

    assert (found.offer_id if found else None) == name


class TestTheEntry:
    def test_of_a_gift_says_which_coupon_till_when_and_moves_no_points(self) -> None:
        change = give(account(lot("may", 30)), terms(valid_days=14), CODE, occasion())

        assert entry(change).kind is EntryKind.COUPON
        assert (entry(change).points, entry(change).reason) == (0, "coupon c")
        assert entry(change).facts == {
            "coupon": "c", "code": CODE, "valid_through": "2026-06-15",
        }  # fmt: skip
        assert change.coupon == replace(MINE, last=day("2026-06-15"))

    def test_of_an_exchange_says_its_price_and_that_it_has_no_last_day(self) -> None:
        owner = account(lot("may", 30))

        change = exchange(owner, terms(price_points=30), CODE, occasion())

        assert entry(change).kind is EntryKind.REDEEM
        assert (entry(change).points, entry(change).reason) == (-30, "coupon c")
        assert entry(change).facts == {
            "coupon": "c", "code": CODE, "valid_through": None, "redeemed": 30,
        }  # fmt: skip
        assert change.coupon == replace(MINE, points=30)

    def test_is_not_written_for_a_coupon_without_a_price(self) -> None:
        with pytest.raises(
            CouponNotOffered, match=r"^this coupon cannot be got for points now$"
        ):
            exchange(account(lot("may", 30)), terms(), CODE, occasion())


class TestWhomToTell:
    def test_nobody_who_took_the_consent_back(self) -> None:
        answers = (asked(granted=True, at="02"), asked(granted=False, at="03"))

        with pytest.raises(
            NoConsent, match=r"^the member has not agreed to advertising messages$"
        ):
            phone_to_tell(replace(ANNS, consents=answers))

    def test_nobody_without_a_phone(self) -> None:
        agreed = replace(ANNS, phone=None, consents=(asked(granted=True, at="02"),))

        with pytest.raises(NoPhone, match=r"^the member has no phone$"):
            phone_to_tell(agreed)

    def test_whoever_said_yes_last(self) -> None:
        answers = (asked(granted=True, at="03"), asked(granted=False, at="02"))

        assert phone_to_tell(replace(ANNS, consents=answers)) == ANNS.phone


@pytest.mark.parametrize(
    ("last", "to", "shown", "state"),
    [
        (None, None, None, CouponState.USABLE),
        ("2026-06-01", None, "2026-06-01", CouponState.USABLE),
        ("2026-05-31", None, "2026-05-31", CouponState.EXPIRED),
        ("2026-06-05", "2026-06-03", "2026-06-03", CouponState.USABLE),
        ("2026-06-03", "2026-06-05", "2026-06-03", CouponState.USABLE),
        (None, "2026-06-03", "2026-06-03", CouponState.USABLE),
        (None, "2026-05-31", "2026-05-31", CouponState.EXPIRED),
    ],
)
def test_a_coupon_ends_on_the_sooner_of_its_day_and_that_of_its_terms(
    last: str | None, to: str | None, shown: str | None, state: CouponState
) -> None:
    mine = replace(MINE, last=date.fromisoformat(last) if last else None)

    found = held(mine, terms(to=to) if to else terms(), 0, TODAY)

    assert found == HeldCoupon(replace(mine, last=day(shown) if shown else None), state)


def test_a_coupon_that_was_used_is_used_whatever_its_days() -> None:
    assert held(MINE, None, 1, TODAY) == HeldCoupon(MINE, CouponState.USED)
    assert held(MINE, None, 0, TODAY) == HeldCoupon(MINE, CouponState.EXPIRED)

"""Receipts that find another member: what was given before counts, codes stay what they did."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.attaching import attach, post_moved
from chalicelib.domain.basket import Presented
from chalicelib.domain.limits import Counter, Take
from chalicelib.domain.promo_codes import CodeUse, PromoCode
from chalicelib.domain.returns import Claim, take_back
from chalicelib.domain.sales import sell, sell_anonymously
from tests.builders import (
    ANN,
    account,
    as_stored,
    line,
    occasion,
    program,
    receipt,
    receipt_key,
    sale,
)

TWICE: dict[str, Any] = {"id": "p", "multiplier": 2, "limits": {"uses": {"total": 3}}}
RULES = program(promotions=[TWICE], coupons=[{"id": "c", "discount_percent": 10}])
GIVEN = Counter("promotion:p:uses")
SPRING = PromoCode(code="SPRING", coupon_id="c")
AGAIN = PromoCode(code="AGAIN", coupon_id="c")  # of the same coupon: it does nothing
BOTH = Presented((SPRING, AGAIN))
BEANS = line(10_000)


def test_a_limit_that_is_used_up_gives_a_claimed_receipt_nothing() -> None:
    sold = receipt(sell_anonymously(sale(BEANS, member=None), occasion(RULES)))

    with_room, full = (
        receipt(attach(account(), sold, 10_000, occasion(RULES), used))
        for used in (None, {GIVEN: 3})
    )

    assert (with_room.earned, with_room.takes) == (20, (Take(GIVEN, 1),))
    assert (full.earned, full.takes) == (10, ())


def test_a_limit_that_is_used_up_gives_a_moved_receipt_nothing() -> None:
    sold = receipt(sell(account(), sale(BEANS), occasion(RULES)))

    with_room, full = (
        receipt(post_moved(account(), sold, receipt_key("r-2"), occasion(RULES), used))
        for used in (None, {GIVEN: 3})
    )

    assert (with_room.earned, with_room.takes) == (20, (Take(GIVEN, 1),))
    assert (full.earned, full.takes) == (10, ())


def test_a_moved_receipt_names_its_codes_those_that_did_nothing_too() -> None:
    sold = receipt(sell(account(), sale(BEANS), occasion(RULES), presented=BOTH))

    moved = receipt(post_moved(account(), sold, receipt_key("r-2"), occasion(RULES)))

    assert sold.promo_codes == (CodeUse("SPRING", "c", True, 1_000), CodeUse("AGAIN", "c"))
    assert [(use.code, use.coupon_id) for use in moved.promo_codes] == [
        ("SPRING", "c"),
        ("AGAIN", "c"),
    ]
    assert moved.takes == (Take(SPRING.counter, 1), Take(GIVEN, 1))


def test_a_receipt_of_nobody_gives_back_the_use_of_its_code_when_it_is_voided() -> None:
    sold = sell_anonymously(sale(BEANS, member=None), occasion(RULES), presented=BOTH)
    claim = Claim(return_id="b-1", lines=None, is_void=True)

    voided = take_back(None, as_stored(sold), claim, occasion(RULES, key="b-1"))
    returned = take_back(
        None, as_stored(sold), replace(claim, is_void=False), occasion(RULES, key="b-1")
    )

    assert voided.takes == (Take(SPRING.counter, -1),)
    assert returned.takes == ()


def test_a_claimed_receipt_is_its_members_from_then_on() -> None:
    sold = receipt(sell_anonymously(sale(BEANS, member=None), occasion(RULES)))

    now = receipt(attach(account(), sold, 10_000, occasion(RULES)))

    assert (sold.member_id, now.member_id, now.first) == (None, ANN.member_id, sold)

"""Short words for sales with promo codes in a shop of the tests."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.limits import Counter
from chalicelib.domain.promo_codes import PromoCode, PromoCodeRefused
from chalicelib.domain.receipts import Receipt
from chalicelib.domain.returns import Claim
from chalicelib.usecases.purchases import record_purchase
from chalicelib.usecases.returns import return_goods
from tests.builders import SHOP, line, operation, receipt_key, sale
from tests.usecases.world import World

COUPONS = [
    {"id": "c", "discount_percent": 10},
    {"id": "p", "points": 30},
    {"id": "tea", "discount": "5", "categories": ["tea"]},
]
USED = Counter("code:SPRING")


def name(world: World, code: str = "SPRING", coupon: str = "c", **terms: Any) -> None:
    """Make a named code."""
    world.offers.named[SHOP, code] = PromoCode(code=code, coupon_id=coupon, **terms)


def buy(
    world: World, of: MemberRef | None, *codes: str, number: str = "r-1", **more: Any
) -> Receipt:
    """Buy for 100.00 with those codes."""
    member = of.member_id if of else None
    wish = sale(line(10_000), receipt=number, member=member, at=more.pop("at", world.at))
    return record_purchase(
        replace(wish, promo_codes=codes, **more),
        operation(number),
        at=world.at,
        book=world.book,
        keyring=world.keyring,
    ).value


def refused(world: World, of: MemberRef | None, *codes: str, **more: Any) -> PromoCodeRefused:
    """Buy in vain."""
    with pytest.raises(PromoCodeRefused) as error:
        buy(world, of, *codes, **more)
    return error.value


def used(world: World, counter: Counter = USED) -> int:
    """Return what a counter says."""
    return world.ledger.counters.get((SHOP, counter), 0)


def void(world: World, number: str = "r-1") -> None:
    """Void a receipt."""
    claim = Claim(return_id="v", lines=None, is_void=True)
    key = receipt_key(number)
    return_goods(key, claim, operation(f"void {number}"), at=world.at, book=world.book)

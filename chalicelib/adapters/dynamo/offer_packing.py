"""What offers left on a receipt, as values of its body: store, promo codes, takes.

Positional lists, like the rest of the body; a new value goes to the end of its list.
"""

from dataclasses import replace
from typing import Any

from chalicelib.adapters.dynamo.packing import day_number, day_of
from chalicelib.domain.limits import Counter, Take
from chalicelib.domain.promo_codes import CodeUse
from chalicelib.domain.receipts import Receipt

_OWN = 1  # instead of the id: the member is the receipt's


def offer_values(receipt: Receipt) -> list[Any]:
    """Return the values; empty if there is nothing to say."""
    if not (receipt.store_id or receipt.promo_codes or receipt.takes):
        return []
    uses = [
        [use.code, use.coupon_id, int(use.is_applied), use.discount_minor, use.points]
        for use in receipt.promo_codes
    ]
    takes = [_take_values(take, receipt.member_id) for take in receipt.takes]
    values = [receipt.store_id, uses, takes]
    while not values[-1]:
        values.pop()
    return values


def with_offers(receipt: Receipt, values: list[Any] | None) -> Receipt:
    """Return the receipt with what the values say."""
    if not values:
        return receipt
    store_id, uses, takes = (*values, [], [])[:3]
    return replace(
        receipt,
        store_id=store_id,
        promo_codes=tuple(_use_of(*use) for use in uses),
        takes=tuple(_take_of(take, receipt.member_id) for take in takes),
    )


def _use_of(code: str, coupon: str, applied: int, discount_minor: int, points: int) -> CodeUse:
    return CodeUse(code, coupon, bool(applied), discount_minor, points)


def _take_values(take: Take, member_id: str | None) -> list[Any]:
    counter = take.counter
    member: str | int | None = counter.member_id
    if member is not None and member == member_id:
        member = _OWN
    day = day_number(counter.day) if counter.day else None
    values = [counter.name, take.units, day, member]
    while values[-1] is None:
        values.pop()
    return values


def _take_of(values: list[Any], member_id: str | None) -> Take:
    name, units, day, member = (*values, None, None)[:4]
    owner = member_id if member == _OWN else member
    return Take(Counter(name, day_of(day) if day is not None else None, owner), units)

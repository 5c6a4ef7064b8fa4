"""Tills without a network: what they queued settles as if it had come in time (R50)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from tests.journeys.calling import Service, new_key
from tests.journeys.shop import Shop, assert_ledger_adds_up, open_shop, sale

NOON = datetime(2031, 6, 1, 9, tzinfo=UTC)
OFFLINE = {"offline_redeem_limit": 500, "redeem_percent": 100}


def on_day(number: int, hour: int = 9) -> datetime:
    return NOON.replace(hour=hour) + timedelta(days=number - 1)


def late(member_id: str, total_minor: int, name: str, at: datetime, points: int = 0) -> Any:
    """Return an item of an offline till's queue."""
    redeem = {"mode": "exact", "points": points} if points else {"mode": "none"}
    body = sale(member_id, total_minor, name, at=at.isoformat(), redeem=redeem)
    return {"idempotency_key": f"key of {name}", "purchase": body}


def post_batch(shop: Shop, items: Iterable[Any]) -> list[dict[str, Any]]:
    answer = shop.till("POST", "/v1/purchase-batches", {"items": list(items)})
    assert answer.status == 200, answer.body
    results: list[dict[str, Any]] = answer.json["items"]
    return results


def totals(shop: Shop, member_id: str) -> tuple[int, int, int]:
    member = shop.member(member_id)
    balance = member["balance"]
    return balance["available"], balance["debt"], member["tier"]["turnover_minor"]


def test_what_an_offline_till_queued_is_recorded_once(service: Service, shop: Shop) -> None:
    member_id = shop.join().member_id
    now = datetime.now(UTC)
    items = [late(member_id, 10_000, f"q{n}", now - timedelta(minutes=n)) for n in range(3)]

    first = post_batch(shop, items)
    again = post_batch(shop, items)

    assert [item["status"] for item in first] == [201] * 3
    assert [(item["status"], item["is_replay"]) for item in again] == [(200, True)] * 3
    assert [i["purchase"] for i in again] == [i["purchase"] for i in first]
    assert shop.available(member_id) == 30
    assert_ledger_adds_up(shop, member_id)


def test_an_item_of_a_batch_is_the_purchase_of_its_key(shop: Shop) -> None:
    member_id, key = shop.join().member_id, new_key()
    body = sale(member_id, 10_000, "r1")
    alone = shop.till("POST", "/v1/purchases", body, key=key)

    (item,) = post_batch(shop, [{"idempotency_key": key, "purchase": body}])

    assert (item["status"], item["is_replay"]) == (200, True)
    assert item["purchase"] == alone.json


def test_a_bad_item_does_not_hold_back_the_others(shop: Shop) -> None:
    member_id = shop.join().member_id
    good = [
        {"idempotency_key": new_key(), "purchase": sale(member_id, 10_000, n)} for n in "ab"
    ]
    bad = {"idempotency_key": new_key(), "purchase": sale(member_id, -1, "c")}

    results = post_batch(shop, [good[0], bad, good[1]])

    assert [item["status"] for item in results] == [201, 400, 201]
    assert results[1]["problem"]["code"] == "bad_input"
    assert shop.available(member_id) == 20


# Points that live to different days, and receipts of days between: each tells of an order in
# which a naive settlement would take the wrong lot. (points, day given, last day), then
# (day of the receipt, points).
HISTORIES = {
    "one lot has expired since": (
        ((100, 1, 5), (60, 1, 30)),
        ((3, 60), (4, 30), (8, 20)),
    ),
    "a lot was given after the first receipt": (
        ((100, 1, 5), (100, 2, 30)),
        ((1, 100), (3, 100)),
    ),
    "more was promised than there was": (
        ((50, 1, 5), (50, 1, 30)),
        ((2, 40), (3, 40), (4, 40)),
    ),
}


@pytest.mark.parametrize("is_job_first", [False, True], ids=["before the job", "after the job"])
@pytest.mark.parametrize("name", HISTORIES)
def test_offline_redemptions_come_to_the_same_in_any_order_of_arrival(
    clocked: Service, name: str, is_job_first: bool
) -> None:
    lots, receipts = HISTORIES[name]
    clocked.set_clock(on_day(1, hour=1))
    shop = open_shop(clocked, expiry_days=None, **OFFLINE)
    orders = list(permutations(range(len(receipts))))
    members = [shop.join().member_id for _ in orders]
    for points, given, last in lots:
        clocked.set_clock(on_day(given, hour=2))
        for member_id in members:
            shop.grant(member_id, points, expires_in_days=last - given)
    clocked.set_clock(on_day(10))
    if is_job_first:
        clocked.run_jobs()

    found = set()
    for order, member_id in zip(orders, members, strict=True):
        for number in order:
            day, points = receipts[number]
            item = late(member_id, points * 100, f"{member_id}-{number}", on_day(day), points)
            (result,) = post_batch(shop, [item])
            assert result["status"] == 201, result
            assert result["purchase"]["redeemed"] == points
        clocked.run_jobs()
        found.add(totals(shop, member_id))
        assert_ledger_adds_up(shop, member_id)

    assert len(found) == 1, found


def test_a_receipt_of_a_day_before_the_points_expired_is_honoured(clocked: Service) -> None:
    clocked.set_clock(on_day(1))
    shop = open_shop(clocked, expiry_days=None, **OFFLINE)
    member_id = shop.join().member_id
    shop.grant(member_id, 100, expires_in_days=4)
    clocked.set_clock(on_day(10))
    clocked.run_jobs()
    expired = shop.available(member_id)

    (result,) = post_batch(shop, [late(member_id, 10_000, "late", on_day(3), 60)])

    assert expired == 0
    assert (result["purchase"]["redeemed"], result["purchase"]["shortfall"]) == (60, 0)
    clocked.run_jobs()
    assert totals(shop, member_id)[:2] == (0, 0)
    assert_ledger_adds_up(shop, member_id)


def test_what_no_lot_covers_becomes_a_debt_that_the_next_points_repay(clocked: Service) -> None:
    clocked.set_clock(on_day(1))
    shop = open_shop(clocked, expiry_days=None, **OFFLINE)
    member_id = shop.join().member_id
    clocked.set_clock(on_day(2))

    (result,) = post_batch(shop, [late(member_id, 10_000, "late", on_day(1, hour=12), 30)])
    in_debt = totals(shop, member_id)[:2]
    shop.grant(member_id, 50)

    assert result["purchase"]["shortfall"] == 30
    assert in_debt == (0, 30)
    assert totals(shop, member_id)[:2] == (20, 0)
    assert_ledger_adds_up(shop, member_id)


def test_an_offline_till_cannot_promise_more_than_its_limit(clocked: Service) -> None:
    clocked.set_clock(on_day(1))
    shop = open_shop(clocked, expiry_days=None, **OFFLINE)
    member_id = shop.join().member_id
    clocked.set_clock(on_day(2))

    (result,) = post_batch(shop, [late(member_id, 90_000, "late", on_day(1, hour=12), 501)])

    assert (result["status"], result["problem"]["code"]) == (409, "offline_limit_exceeded")
    assert totals(shop, member_id) == (0, 0, 0)

"""Online orders that hold points, and receipts put right (R15, R18, R53, R54)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.calling import Answer, Service, new_key
from tests.journeys.shop import Shop, assert_ledger_adds_up, open_shop

MORNING = datetime(2031, 6, 1, 9, tzinfo=UTC)


def on_day(number: int) -> datetime:
    return MORNING + timedelta(days=number - 1)


def hold(shop: Shop, member_id: str, points: int, **more: Any) -> Answer:
    body = {"member_id": member_id, "points": points, **more}
    return shop.till("POST", "/v1/holds", body)


@pytest.fixture
def buyer(shop: Shop) -> str:
    """A member with 200 points."""
    member_id = shop.join().member_id
    shop.grant(member_id, 200)
    return member_id


def test_a_held_order_is_fulfilled_in_part_and_the_rest_comes_back(
    shop: Shop, buyer: str
) -> None:
    held = hold(shop, buyer, 150, order_reference="order-1")
    while_held = shop.member(buyer)["balance"]

    sold = shop.buy(buyer, 20_000, hold_id=held.json["id"], redeem={"mode": "max"})

    assert (while_held["available"], while_held["held"]) == (50, 150)
    assert sold.json["redeemed"] == 100  # half of 200.00
    balance = shop.member(buyer)["balance"]
    assert (balance["available"], balance["held"]) == (100, 0)
    again = shop.buy(buyer, 20_000, hold_id=held.json["id"])
    assert (again.status, again.code) == (404, "hold_not_found")
    assert_ledger_adds_up(shop, buyer)


def test_a_cancelled_order_gives_its_points_back_once(shop: Shop, buyer: str) -> None:
    hold_id = hold(shop, buyer, 150).json["id"]
    key = new_key()

    first = shop.till("POST", f"/v1/holds/{hold_id}/release", key=key)
    repeated = shop.till("POST", f"/v1/holds/{hold_id}/release", key=key)
    other = shop.till("POST", f"/v1/holds/{hold_id}/release")

    assert (first.status, repeated.status, repeated.is_replay) == (201, 200, True)
    assert (other.status, other.code) == (404, "hold_not_found")
    assert shop.available(buyer) == 200
    assert_ledger_adds_up(shop, buyer)


def test_held_points_cannot_be_spent_elsewhere(shop: Shop, buyer: str) -> None:
    hold(shop, buyer, 150)

    answer = hold(shop, buyer, 51)

    assert (answer.status, answer.code) == (409, "insufficient_points")
    assert shop.buy(buyer, 100_000, redeem={"mode": "max"}).json["redeemed"] == 50


def test_a_hold_that_nobody_fulfils_lapses(clocked: Service) -> None:
    clocked.set_clock(on_day(1))
    shop = open_shop(clocked)
    member_id = shop.join().member_id
    shop.grant(member_id, 200)
    hold(shop, member_id, 150, ttl_seconds=3600)

    clocked.set_clock(on_day(1) + timedelta(seconds=3601))

    assert shop.available(member_id) == 200
    assert hold(shop, member_id, 200).status == 201
    assert_ledger_adds_up(shop, member_id)


def test_an_anonymous_receipt_is_attached_once_by_its_total(shop: Shop) -> None:
    member_id, other = shop.join().member_id, shop.join().member_id
    purchase = shop.buy(None, 10_000).json
    path = f"/v1/purchases/{purchase['id']}/attach"

    wrong = shop.till("POST", path, {"member_id": member_id, "total_minor": 9_999})
    right = shop.till("POST", path, {"member_id": member_id, "total_minor": 10_000})
    second = shop.till("POST", path, {"member_id": other, "total_minor": 10_000})

    assert (wrong.status, wrong.code) == (409, "attach_refused")
    assert (right.status, right.json["earned"]) == (201, 10)
    assert (second.status, second.code) == (409, "attach_refused")
    assert [shop.available(member_id), shop.available(other)] == [10, 0]


def test_an_anonymous_receipt_can_be_attached_for_fourteen_days(clocked: Service) -> None:
    clocked.set_clock(on_day(1))
    shop = open_shop(clocked)
    member_id = shop.join().member_id
    paths = [f"/v1/purchases/{shop.buy(None, 10_000).json['id']}/attach" for _ in range(2)]
    body = {"member_id": member_id, "total_minor": 10_000}

    clocked.set_clock(on_day(15))
    in_time = shop.till("POST", paths[0], body)
    clocked.set_clock(on_day(16))
    too_late = shop.till("POST", paths[1], body)

    assert [in_time.status, too_late.status] == [201, 409]


def test_a_void_undoes_a_receipt_whole_and_once(shop: Shop, buyer: str) -> None:
    sold = shop.buy(buyer, 20_000, redeem={"mode": "max"}).json
    path = f"/v1/purchases/{sold['id']}/void"

    void = shop.till("POST", path, {"reason": "wrong shopper"})
    second = shop.till("POST", path, {"reason": "wrong shopper"})

    assert sold["redeemed"] == 100
    assert (void.status, void.json["is_void"], void.json["restored"]) == (201, True, 100)
    assert void.json["refund_minor"] == 10_000
    assert (second.status, second.code) == (409, "return_refused")
    assert shop.available(buyer) == 200
    assert shop.till("GET", f"/v1/purchases/{sold['id']}").json["status"] == "voided"
    assert_ledger_adds_up(shop, buyer)


def test_the_parts_of_a_return_come_to_the_whole(shop: Shop, buyer: str) -> None:
    lines = [{"quantity": "3", "unit_price_minor": 3_333}]
    body = {"member_id": buyer, "receipt_id": "r1", "channel": "offline", "lines": lines}
    sold = shop.till("POST", "/v1/purchases", body).json
    path = f"/v1/purchases/{sold['id']}/returns"

    parts = [
        shop.till("POST", path, {"return_id": f"t{n}", "lines": [{"line": 0, "quantity": "1"}]})
        for n in range(4)
    ]

    assert [part.status for part in parts] == [201, 201, 201, 409]
    done = [part.json for part in parts[:3]]
    assert sum(part["refund_minor"] for part in done) == sold["to_pay_minor"] == 9_999
    assert sum(part["clawed_back"] for part in done) == sold["earned"] == 9
    assert shop.available(buyer) == 200
    assert shop.member(buyer)["tier"]["turnover_minor"] == 0
    assert_ledger_adds_up(shop, buyer)


def test_a_receipt_is_moved_to_the_right_member_with_its_date(shop: Shop) -> None:
    first, second = shop.join().member_id, shop.join().member_id
    sold = shop.buy(first, 10_000).json
    path, key = f"/v1/purchases/{sold['id']}/move", new_key()
    body = {"member_id": second, "reason": "the wrong card was scanned"}

    refused = shop.till("POST", path, body, key=key)
    moved = shop.office("POST", path, body, key=key)
    repeated = shop.office("POST", path, body, key=key)

    assert (refused.status, refused.code) == (403, "scope_missing")
    assert (moved.status, moved.json["member_id"]) == (201, second)
    assert moved.json["at"] == sold["at"]
    assert (repeated.status, repeated.is_replay) == (200, True)
    assert [shop.available(first), shop.available(second)] == [0, 10]
    assert_ledger_adds_up(shop, first)
    assert_ledger_adds_up(shop, second)

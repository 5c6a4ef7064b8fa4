"""Fifty tills at one promo code: used as often as it may be, whatever gets lost (R40, P5)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.journeys.calling import Answer, Service, new_key
from tests.journeys.shop import Shop, assert_ledger_adds_up, open_shop

TILLS = 50
ASKED_MAX = 40  # times that a till asks again after 503
USES = 3
COUPONS: list[dict[str, Any]] = [
    {"id": "ten", "discount": "10"},
    {"id": "gift", "points": 40},
    {"id": "mug", "discount": "5", "price_points": 100},
]


@pytest.fixture
def coupon_shop(service: Service) -> Shop:
    return open_shop(service, coupons=COUPONS)


def at_once(call: Callable[[int], Answer], tills: int = TILLS) -> list[Answer]:
    """Call from every till at the same time, each again until it is told."""

    def until_told(till: int) -> Answer:
        for _ in range(ASKED_MAX):
            answer = call(till)
            if answer.status != 503:
                return answer
        raise AssertionError("busy for ever")

    with ThreadPoolExecutor(tills) as pool:
        return list(pool.map(until_told, range(tills)))


def make(shop: Shop, code: str, coupon: str, **limits: int) -> None:
    made = shop.office("POST", "/v1/promo-codes", {"code": code, "coupon": coupon, **limits})
    assert made.status == 201, made.body


def uses(shop: Shop, code: str) -> int:
    return int(shop.office("GET", f"/v1/promo-codes/{code}").json["uses"])


def bought(answers: list[Answer]) -> list[Answer]:
    """Return the sales; every other till was told that the code is used up."""
    sold = [answer for answer in answers if answer.status in (200, 201)]
    others = [answer for answer in answers if answer not in sold]
    told = {(answer.status, answer.code, answer.json["reason"]) for answer in others}
    assert told <= {(409, "promo_code_refused", "used_up")}
    return sold


def test_a_code_for_three_is_used_three_times_by_fifty_tills(coupon_shop: Shop) -> None:
    make(coupon_shop, "SPRING", "ten", max_uses=USES)
    keys = [new_key() for _ in range(TILLS)]

    def buy(till: int) -> Answer:
        return coupon_shop.buy(None, 10_000, key=keys[till], promo_codes=["spring"])

    sold = bought(at_once(buy))
    again = bought(at_once(buy))  # as if every answer had been lost

    assert [answer.json["to_pay_minor"] for answer in sold] == [9_000] * USES
    assert sorted(a.json["id"] for a in again) == sorted(a.json["id"] for a in sold)
    assert all(answer.is_replay for answer in again)
    assert uses(coupon_shop, "SPRING") == USES


def test_a_code_of_points_gives_them_three_times_to_one_member_at_fifty_tills(
    coupon_shop: Shop,
) -> None:
    member_id = coupon_shop.join().member_id
    make(coupon_shop, "GIFT", "gift", max_uses=USES)
    keys = [new_key() for _ in range(TILLS)]

    answers = at_once(
        lambda till: coupon_shop.buy(member_id, 1_000, key=keys[till], promo_codes=["gift"])
    )

    assert [answer.json["earned"] for answer in bought(answers)] == [41] * USES
    assert coupon_shop.available(member_id) == 41 * USES
    assert_ledger_adds_up(coupon_shop, member_id)


def test_voids_give_each_use_back_once(coupon_shop: Shop) -> None:
    make(coupon_shop, "SPRING", "ten", max_uses=USES)
    sold = [coupon_shop.buy(None, 10_000, promo_codes=["spring"]) for _ in range(USES)]
    paths = [f"/v1/purchases/{answer.json['id']}/void" for answer in sold]
    keys = [new_key() for _ in range(12)]

    def void(till: int) -> Answer:
        return coupon_shop.till("POST", paths[till % 2], {"reason": "no"}, key=keys[till])

    voided = at_once(void, 12)

    statuses = sorted(answer.status for answer in voided)
    assert statuses == [201, 201] + [409] * 10
    assert uses(coupon_shop, "SPRING") == USES - 2


def test_points_for_two_coupons_become_two_coupons_at_many_tills(coupon_shop: Shop) -> None:
    member_id = coupon_shop.join().member_id
    coupon_shop.grant(member_id, 250)
    path, body = f"/v1/members/{member_id}/coupons", {"coupon": "mug", "pay": "points"}
    keys = [new_key() for _ in range(12)]

    answers = at_once(lambda till: coupon_shop.till("POST", path, body, key=keys[till]), 12)
    again = at_once(lambda till: coupon_shop.till("POST", path, body, key=keys[till]), 12)

    codes = {answer.json["code"] for answer in answers if answer.status in (200, 201)}
    listed = coupon_shop.office("GET", path).json["items"]
    assert sorted(answer.status for answer in answers if answer.status >= 400) == [409] * 10
    assert {answer.json["code"] for answer in again if answer.status == 200} == codes
    assert {one["code"] for one in listed} == codes
    assert len(codes) == 2
    assert coupon_shop.available(member_id) == 50
    assert_ledger_adds_up(coupon_shop, member_id)

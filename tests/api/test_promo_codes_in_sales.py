"""Promo codes and limits at the till, over the whole application and the engine."""

from collections import Counter as Tally
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.adapters.dynamo.promo_code_items import (
    CouponItem,
    PromoCodeItem,
    raw_coupon,
    raw_promo_code,
)
from chalicelib.domain.entries import Operation
from chalicelib.domain.limits import Counter
from chalicelib.domain.promo_codes import MemberCoupon, PromoCode, PromoCodeRefused
from chalicelib.domain.receipts import ReceiptKey
from chalicelib.ports import CommitConflict, StoreUnavailable
from chalicelib.usecases.purchases import record_purchase
from chalicelib.wiring import Services
from tests.api.caller import Answer
from tests.api.shop import Shop, open_shop
from tests.builders import line, sale
from tests.fakes.clock import NOON

TILLS = 50
ASKED_MAX = 20  # times that a till asks again after 503
_RULES: dict[str, Any] = {
    "earn_percent": 10,
    "coupons": [
        {"id": "tenth", "discount_percent": 10},
        {"id": "tea", "discount": "5.00", "categories": ["tea"]},
    ],
    "promotions": [
        {
            "id": "here",
            "points": 5,
            "stores": ["main"],
            "limits": {"uses": {"per_member": 2}, "points": {"per_day": 15}},
        },
        {"id": "there", "points": 700, "stores": ["elsewhere"]},
    ],
}


@pytest.fixture
def shop(wired: Services, client: Client, shop: Shop) -> Shop:
    """A merchant whose program has coupons."""
    return open_shop(client, f"codes-{shop.merchant_id}", _RULES)


@pytest.fixture
def make(shop: Shop) -> Callable[..., None]:
    """Make a code of the shop."""

    def made(code: str = "SPRING", coupon: str = "tenth", **terms: Any) -> None:
        named = PromoCode(code=code, coupon_id=coupon, **terms)
        PromoCodeItem.from_raw_data(raw_promo_code(shop.merchant_id, named)).save()

    return made


def buy(shop: Shop, member: str | None, *codes: str, number: str = "r1") -> Answer:
    return shop.till.post("/v1/purchases", shop.sale(member, number, promo_codes=list(codes)))


def used(wired: Services, shop: Shop, counter: Counter) -> int:
    read = wired.book.offers.read(shop.merchant_id, member_id=None, counters=[counter])
    return read.used.get(counter, 0)


def test_a_quote_a_purchase_its_repeat_and_its_look_up_list_the_codes(
    shop: Shop, make: Callable[..., None]
) -> None:
    make()
    make("TEA", "tea")
    body = shop.sale(None, promo_codes=["spring", "Te-a"])

    quoted = shop.till.post("/v1/quotes", body)
    bought = shop.till.post(
        "/v1/purchases", {**body, "quote_id": quoted.json["quote_id"]}, key="k"
    )
    again = shop.till.post(
        "/v1/purchases", {**body, "quote_id": quoted.json["quote_id"]}, key="k"
    )
    shown = shop.till.get(f"/v1/purchases/{bought.json['id']}")

    assert (bought.status, again.status) == (201, 200)
    for answer in (quoted, bought, again, shown):
        assert answer.json["to_pay_minor"] == 9_000
        assert answer.json["promo_codes"] == [
            {
                "code": "SPRING",
                "coupon": "tenth",
                "is_applied": True,
                "discount_minor": 1_000,
                "points": 0,
            },
            {
                "code": "TEA",
                "coupon": "tea",
                "is_applied": False,
                "discount_minor": 0,
                "points": 0,
            },
        ]


def test_a_reason_names_the_coupon(shop: Shop, make: Callable[..., None]) -> None:
    make()

    answer = buy(shop, None, "SPRING")

    why = answer.json["lines"][0]["why"]
    assert (why[0]["rule"], why[0]["amount_minor"]) == ("discount.coupon", 1_000)
    assert "tenth" in why[0]["text"]


def test_a_refused_code_is_pointed_at(shop: Shop, make: Callable[..., None]) -> None:
    make()

    answer = buy(shop, None, "SPRING", "WINTER")

    assert (answer.status, answer.code) == (409, "promo_code_refused")
    assert (answer.json["promo_code"], answer.json["reason"]) == ("WINTER", "unknown")
    assert answer.json["errors"][0]["pointer"] == "/promo_codes/1"


@pytest.mark.parametrize(
    "codes",
    [
        ["SPRING", "spring"],
        ["A-B", "ab"],
        [""],
        ["- -"],
        ["x" * 81],
        [7],
        "SPRING",
        [f"code{n}" for n in range(6)],
    ],
)
def test_a_list_that_cannot_be_meant_is_bad_input(shop: Shop, codes: object) -> None:
    for path in ("/v1/quotes", "/v1/purchases"):
        answer = shop.till.post(path, shop.sale(None, promo_codes=codes))

        assert (answer.status, answer.code) == (400, "bad_input")
        assert answer.json["errors"][0]["pointer"].startswith("/promo_codes")


def test_another_merchants_code_is_unknown(
    shop: Shop, make: Callable[..., None], other_shop: Shop
) -> None:
    make()

    assert buy(other_shop, None, "SPRING").json["reason"] == "unknown"


def test_a_members_coupon_is_unknown_to_another_member(shop: Shop) -> None:
    ann, ben = (shop.join()["member_id"] for _ in range(2))
    coupon = MemberCoupon(code="12345678", member_id=ann, coupon_id="tenth", given_at=NOON)
    CouponItem.from_raw_data(raw_coupon(shop.merchant_id, coupon)).save()

    assert buy(shop, ben, "12345678").json["reason"] == "unknown"
    assert buy(shop, None, "12345678").json["reason"] == "unknown"
    assert buy(shop, ann, "1234-5678").json["to_pay_minor"] == 9_000
    assert buy(shop, ann, "12345678", number="r2").json["reason"] == "used_up"


def test_a_promotion_of_a_store_is_given_in_that_store_as_often_as_it_may(shop: Shop) -> None:
    ann, ben = (shop.join()["member_id"] for _ in range(2))

    of_ann = [buy(shop, ann, number=f"a{n}").json["earned"] for n in range(3)]
    of_ben = [buy(shop, ben, number=f"b{n}").json["earned"] for n in range(2)]

    assert of_ann == [15, 15, 10]
    assert of_ben == [15, 10]  # the day's points are given


def test_an_offline_batch_uses_codes_item_by_item(
    shop: Shop, make: Callable[..., None]
) -> None:
    make(max_uses=1)
    items = [
        {
            "idempotency_key": f"k{n}",
            "purchase": shop.sale(None, f"r{n}", promo_codes=["SPRING"]),
        }
        for n in range(2)
    ]

    first, second = shop.till.post("/v1/purchase-batches", {"items": items}).json["items"]

    assert first["purchase"]["promo_codes"][0]["is_applied"]
    assert second["problem"]["code"] == "promo_code_refused"
    assert second["problem"]["reason"] == "used_up"


def at_once(wired: Services, shop: Shop, member: str | None) -> list[str]:
    """Buy with the code at fifty tills at the same time; return what each was told."""
    barrier = Barrier(TILLS)
    merchant_id, at = shop.merchant_id, wired.clock.now()

    def till(number: int) -> str:
        key = ReceiptKey(merchant_id, f"till-{number}", "r1")
        wish = sale(line(10_000), member=member, at=at)
        wish = replace(wish, key=key, promo_codes=("SPRING",))
        operation = Operation(merchant_id, key.till_id, "k1", "00" * 32)
        barrier.wait()
        for _ in range(ASKED_MAX):
            try:
                answer = record_purchase(
                    wish, operation, at=at, book=wired.book, keyring=wired.keyring
                )
            except PromoCodeRefused as refused:
                return refused.reason
            except (CommitConflict, StoreUnavailable):
                continue
            assert answer.value.promo_codes[0].is_applied
            return "applied"
        raise AssertionError("busy for ever")

    with ThreadPoolExecutor(TILLS) as pool:
        return list(pool.map(till, range(TILLS)))


def test_a_code_for_three_uses_is_used_three_times_by_fifty_tills(
    wired: Services, shop: Shop, make: Callable[..., None]
) -> None:
    make(max_uses=3)

    told = at_once(wired, shop, None)

    assert Tally(told) == {"applied": 3, "used_up": 47}
    assert used(wired, shop, Counter("code:SPRING")) == 3


def test_a_limit_per_member_holds_at_fifty_tills(
    wired: Services, shop: Shop, make: Callable[..., None]
) -> None:
    make(max_uses=None, max_uses_per_member=2)
    ann = shop.join()["member_id"]

    told = at_once(wired, shop, ann)

    assert Tally(told) == {"applied": 2, "member_limit": 48}
    assert used(wired, shop, Counter("code:SPRING")) == 2
    assert used(wired, shop, Counter("code:SPRING", member_id=ann)) == 2


def test_a_void_gives_the_use_back(
    wired: Services, shop: Shop, make: Callable[..., None]
) -> None:
    make(max_uses=1)
    bought = buy(shop, None, "SPRING")
    path = f"/v1/purchases/{bought.json['id']}/void"

    assert shop.office.post(path, {"reason": "mistake"}).json["is_void"]

    assert used(wired, shop, Counter("code:SPRING")) == 0
    assert buy(shop, None, "SPRING", number="r2").json["to_pay_minor"] == 9_000

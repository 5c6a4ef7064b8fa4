"""Examples of promotions and coupons: bought by whom, where and when the offer says."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.basket import BasketLine
from chalicelib.domain.examples import Example
from chalicelib.domain.promo_codes import PromoCode
from tests.builders import TODAY, day, line
from tests.domain.test_examples_edges import FIVE_TIERS, of_sku, shown


def promotion(**fields: Any) -> dict[str, Any]:
    return {"id": "p", "points": 5} | fields


def offered(**fields: Any) -> Example:
    """Return the example of the one promotion of a program with tiers."""
    (found,) = shown(
        "promotion", tiers=FIVE_TIERS, redeem_percent=0, promotions=[promotion(**fields)]
    )
    return found


def test_the_first_four_that_are_not_over_are_shown() -> None:
    over = [promotion(id=f"over{n}", to="2026-05-31") for n in range(4)]
    on_now = [promotion(id=f"p{n}") for n in range(5)]

    found = shown("promotion", promotions=[on_now[0], *over, *on_now[1:]])

    assert [one.name for one in found] == ["p0", "p1", "p2", "p3"]


def test_is_bought_by_whom_where_and_how_the_offer_says() -> None:
    found = offered(
        segments=["vip", "staff"],
        stores=["west", "east"],
        channels=["online"],
        tiers=["silver", "gold"],
        min_receipt="5000",
    ).scene

    assert found.buyer.segments == {"vip", "staff"}
    assert (found.store, found.channel, found.buyer.tier) == ("east", "online", "gold")


def test_is_bought_by_anybody_of_the_lowest_tier_offline_if_it_says_nothing() -> None:
    found = offered()

    assert found.scene.buyer.segments == frozenset()
    assert (found.scene.store, found.scene.channel) == (None, "offline")
    assert found.scene.buyer.tier == "tin"
    assert (found.scene.codes, found.lines) == ((), (line(100_000),))


@pytest.mark.parametrize(
    ("fields", "bought"),
    [
        ({"min_receipt": "5000"}, line(500_000)),
        ({"categories": ["tea", "coffee"]}, line(100_000, category="coffee")),
        ({"skus": ["s2", "s1"]}, of_sku("s1", 100_000)),
        ({"skus": ["s1"], "categories": ["tea"]}, line(100_000, category="tea")),
    ],
)
def test_the_goods_are_those_it_is_for(fields: dict[str, Any], bought: BasketLine) -> None:
    assert offered(**fields).lines == (bought,)


@pytest.mark.parametrize(
    ("fields", "on"),
    [
        ({}, "2026-06-01"),
        ({"from": "2026-05-01"}, "2026-06-01"),
        ({"from": "2026-06-05"}, "2026-06-05"),
        ({"to": "2026-06-01"}, "2026-06-01"),
        ({"weekdays": ["mon", "tue"]}, "2026-06-01"),
        ({"weekdays": ["wed"]}, "2026-06-03"),
        ({"weekdays": ["sun"]}, "2026-06-07"),
        ({"weekdays": ["wed"], "to": "2026-06-03"}, "2026-06-03"),
    ],
)
def test_the_day_is_the_next_it_is_on(fields: dict[str, Any], on: str) -> None:
    assert offered(**fields).scene.on == day(on)


def test_an_offer_that_ends_before_its_weekday_is_not_shown() -> None:
    late = promotion(weekdays=["wed"], to=str(TODAY + timedelta(days=1)))

    assert shown("promotion", promotions=[late]) == []


def test_a_coupon_comes_with_a_code_of_it() -> None:
    (found,) = shown("coupon", coupons=[{"id": "spring", "discount": "100"}])

    assert found.scene.codes == (PromoCode(code="spring", coupon_id="spring"),)
    assert (found.name, [one.discount_minor for one in found.priced.lines]) == (
        "spring",
        [10_000],
    )

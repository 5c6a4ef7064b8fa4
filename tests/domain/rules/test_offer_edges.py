"""Offers on the edges: the least that is allowed, what is wrong told in words, and ties."""

from typing import Any

import pytest

from chalicelib.domain.basket import Pricing
from chalicelib.domain.limits import Limits
from chalicelib.domain.promo_codes import PromoCode
from chalicelib.domain.receipts import Why
from chalicelib.domain.rules.coupons import coupons_of
from chalicelib.domain.sales import Presented, sell
from tests.builders import account, noon, occasion, program, receipt, sale, scene
from tests.domain.rules.baskets import SPRING, bought, coupon, discounts, good, shown
from tests.domain.rules.test_fault_words import faults

ONE_OF = "give one of multiplier, extra_percent, points, discount_percent, discount"
NOT_ENOUGH = "must be above 0, and enough to give the discount once"


class TestTheLeast:
    def test_a_limit_of_points_may_be_the_points_given_once(self) -> None:
        found = coupons_of(
            program(**coupon(points=1, limits={"points": {"total": 1, "per_member": 1}}))
        )["c"]

        assert found.limits.points == Limits(total=1, per_member=1)

    def test_a_limit_of_money_may_be_one_kopeck_of_a_percentage(self) -> None:
        rules = coupon(discount_percent=10, limits={"money": {"total": "0.01"}})

        assert coupons_of(program(**rules))["c"].limits.money == Limits(total=1)

    def test_a_limit_of_money_may_be_the_discount_given_once_on_each_day(self) -> None:
        rules = coupon(discount="5", limits={"money": {"per_day": "5"}})

        assert coupons_of(program(**rules))["c"].limits.money == Limits(per_day=500)

    def test_a_coupon_may_cost_a_point_and_last_for_a_day(self) -> None:
        found = coupons_of(program(**coupon(points=5, price_points=1, valid_days=1)))["c"]

        assert (found.price_points, found.valid_days) == (1, 1)

    def test_a_bundle_may_have_a_thousand_units_of_one_good_and_no_more(self) -> None:
        inner = {"id": "in", "skus": {"a": 999}, "points": 5}
        outer = {"id": "out", "skus": {"a": 1}, "includes": ["in"], "points": 5}

        assert program(bundles=[inner, outer])
        assert faults(bundles=[inner, outer | {"skus": {"a": 2}}]) == (
            ("/bundles/1/includes", "must name 2 units at least, of 1 to 20 goods"),
        )


@pytest.mark.parametrize(
    ("fields", "path", "words"),
    [
        ({"points": 5, "exchange": "never"}, "/exchange", "must be one of asked, automatic"),
        (
            {"points": 5, "valid_days": 5, "valid_months": 1},
            "/valid_months",
            "stands beside valid_days: give one of them",
        ),
        ({"points": 5, "exchange": "automatic"}, "/exchange", "automatic needs price_points"),
        ({}, "", ONE_OF),
        (
            {"points": 5, "limits": {"money": {"total": "5"}}},
            "/limits/money",
            "is for offers that give a discount",
        ),
        ({"points": 5, "limits": {}}, "/limits", "give one of uses, points, money"),
        ({"discount": "5", "limits": {"money": {"total": "4.99"}}}, "/limits/money/total",
         NOT_ENOUGH),
        ({"discount_percent": 5, "limits": {"money": {"total": "0"}}}, "/limits/money/total",
         NOT_ENOUGH),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_coupon_is_told_in_words(
    fields: dict[str, Any], path: str, words: str
) -> None:
    assert faults(**coupon(**fields)) == ((f"/coupons/0{path}", words),)


def test_limits_without_a_number_are_told_in_words() -> None:
    found = faults(**coupon(points=5, limits={"uses": {}}))

    assert ("/coupons/0/limits/uses", "give one of total, per_day, per_member") in found


def test_a_limit_of_no_uses_is_told_by_its_bounds_alone() -> None:
    found = faults(**coupon(points=5, limits={"uses": {"total": 0}}))

    assert found == (
        ("/coupons/0/limits/uses/total", "must be a whole number from 1 to 1000000000"),
    )


def test_two_coupons_of_one_name_are_told_in_words() -> None:
    one = {"id": "c", "points": 5}

    assert faults(coupons=[one, one]) == (("/coupons/1/id", "there are two coupons c"),)


def test_the_eleventh_offer_with_limits_is_told_in_words() -> None:
    uses = {"uses": {"total": 1}}
    limited = [{"id": f"{n}", "points": 5, "limits": uses} for n in range(11)]

    assert faults(promotions=limited) == (
        ("/promotions/10/limits", "stands in more than 10 promotions and coupons"),
    )


def test_goods_nobody_named_are_told_in_words() -> None:
    assert faults(excluded={}) == (
        ("/excluded", "names no goods: give categories, skus or margins"),
    )


class TestTies:
    def test_the_odd_kopeck_falls_to_the_line_without_a_category(self) -> None:
        lines = (good(1_000, category="A"), good(1_000))

        priced = bought(*lines, at=shown(), **coupon(discount="0.01"))

        assert discounts(priced) == [0, 1]

    def test_of_two_equal_multipliers_the_first_is_said(self) -> None:
        both = [{"id": "one", "multiplier": 2}, {"id": "other", "multiplier": 2}]

        priced = bought(good(10_000), promotions=both)

        said = [why for why in priced.lines[0].why if why.rule == "earn.promotion_multiplier"]
        assert (priced.earned, [why.name for why in said]) == (20, ["one"])


class TestColumns:
    def test_units_given_free_twice_are_free_both_times(self) -> None:
        pricing = Pricing([good(1_000, 5)], scene())

        pricing.give_free(0, 1, Why("free.stamps"))
        pricing.give_free(0, 2, Why("free.stamps"))

        assert (pricing.free_milli, pricing.discount) == ([3_000], [3_000])
        assert (pricing.net(0), pricing.total()) == (2_000, 2_000)

    def test_points_are_given_to_no_line_apart_and_no_points_to_none(self) -> None:
        pricing = Pricing([good(1_000), good(1_000)], scene())
        pricing.set_apart(0, Why("excluded.goods", 0))

        pricing.add_points(0, 5, "earn.bundle", "b")
        pricing.add_points(1, 0, "earn.bundle", "b")

        assert pricing.extra_points == [0, 0]
        assert pricing.why == [[Why("excluded.goods", 0)], []]


def test_a_sale_reported_late_gets_the_coupon_of_its_own_day() -> None:
    rules = program(**coupon(discount_percent=10, to="2026-05-31"))
    may, june = sale(at=noon("2026-05-31")), sale()
    code = PromoCode(code=SPRING.code, coupon_id="c")

    late, today = (
        receipt(sell(account(), one, occasion(rules), presented=Presented((code,))))
        for one in (may, june)
    )

    assert (late.to_pay_minor, late.promo_codes[0].discount_minor) == (90_000, 10_000)
    assert (today.to_pay_minor, today.promo_codes[0].is_applied) == (100_000, False)

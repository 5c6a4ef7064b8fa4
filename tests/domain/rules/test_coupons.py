"""Coupons: what a presented code unlocks, for whom, and how it goes with discounts (F049)."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.basket import Scene
from chalicelib.domain.limits import Counter, Take
from chalicelib.domain.pricing import Priced
from chalicelib.domain.program_document import InvalidProgram
from chalicelib.domain.promo_codes import CodeUse, PromoCode
from chalicelib.domain.rules.coupons import coupons_of
from tests.builders import ANN, day, document, exactly, program, tiers
from tests.domain.rules.baskets import (
    SPRING,
    bought,
    codes,
    coupon,
    discounts,
    earned,
    good,
    shown,
    to_pay,
)


def anonymously(*presented: PromoCode) -> Scene:
    at = shown(*presented)
    return replace(at, buyer=replace(at.buyer, is_member=False, member_id=None))


def first_use(priced: Priced) -> CodeUse:
    return priced.promo_codes[0]


class TestRewards:
    def test_without_its_code_a_coupon_is_nothing(self) -> None:
        priced = bought(good(10_000), **coupon(discount_percent=50))

        assert (discounts(priced), priced.promo_codes) == ([0], ())

    def test_a_percentage_comes_after_the_other_discounts(self) -> None:
        priced = bought(
            good(10_000), at=shown(), discount_percent=20, **coupon(discount_percent=10)
        )

        assert to_pay(priced) == 7_200
        assert first_use(priced) == CodeUse("SPRING", "c", True, discount_minor=800)

    def test_an_amount_is_shared_out_over_what_fits(self) -> None:
        lines = (good(10_001, category="tea"), good(5_000, category="tea"), good(90_000))

        priced = bought(*lines, at=shown(), **coupon(discount="10", categories=["tea"]))

        assert discounts(priced) == [667, 333, 0]

    def test_the_remainder_of_an_amount_does_not_go_by_the_order_of_lines(self) -> None:
        one, other = good(1_000, category="a"), good(1_000, category="b")
        rules = coupon(discount="0.01")

        forth, back = (
            bought(*lines, at=shown(), **rules) for lines in ((one, other), (other, one))
        )

        assert (discounts(forth), discounts(back)) == ([1, 0], [0, 1])

    def test_an_amount_takes_no_more_than_the_goods_cost(self) -> None:
        priced = bought(good(3_000), good(2_000), at=shown(), **coupon(discount="500"))

        assert (discounts(priced), to_pay(priced)) == ([3_000, 2_000], 0)

    def test_points_come_once_a_receipt(self) -> None:
        priced = bought(good(10_000), good(10_000), at=shown(), **coupon(points=7))

        assert earned(priced) == [14, 13]
        assert first_use(priced) == CodeUse("SPRING", "c", True, points=7)

    @pytest.mark.parametrize(
        ("gift", "points", "rule"),
        [
            ({"multiplier": 3}, 30, "earn.coupon_multiplier"),
            ({"extra_percent": 5}, 15, "earn.coupon_percent"),
        ],
    )
    def test_a_coupon_may_change_the_rate(
        self, gift: dict[str, Any], points: int, rule: str
    ) -> None:
        priced = bought(good(10_000), at=shown(), **coupon(**gift))

        assert priced.earned == points
        assert rule in codes(priced)
        assert first_use(priced) == CodeUse("SPRING", "c", True, points=points - 10)

    def test_of_a_promotions_multiplier_and_a_coupons_the_larger_counts_and_is_said(
        self,
    ) -> None:
        double = [{"id": "p", "multiplier": 2}]

        priced = bought(good(10_000), at=shown(), promotions=double, **coupon(multiplier=3))
        less = bought(good(10_000), at=shown(), promotions=double, **coupon(multiplier=1.5))

        assert priced.earned == 30
        assert [rule for rule in codes(priced) if "multiplier" in rule] == [
            "earn.coupon_multiplier"
        ]
        assert (less.earned, first_use(less).is_applied) == (20, False)

    def test_two_codes_of_a_coupon_count_once_and_the_second_is_not_used(self) -> None:
        second = replace(SPRING, code="OTHER")

        priced = bought(good(10_000), at=shown(SPRING, second), **coupon(discount_percent=10))

        assert to_pay(priced) == 9_000
        assert [use.is_applied for use in priced.promo_codes] == [True, False]
        assert priced.takes == (Take(SPRING.counter, 1),)

    def test_codes_of_two_coupons_come_on_top_of_each_other(self) -> None:
        both = [{"id": "c", "discount_percent": 10}, {"id": "d", "discount": "5"}]
        at = shown(SPRING, PromoCode(code="D", coupon_id="d"))

        priced = bought(good(10_000), at=at, coupons=both)

        assert to_pay(priced) == 8_500
        assert [use.discount_minor for use in priced.promo_codes] == [1_000, 500]

    def test_an_expired_coupon_gives_nothing_and_its_code_is_not_used(self) -> None:
        priced = bought(
            good(10_000), at=shown(), **coupon(discount_percent=10, to="2026-05-31")
        )

        assert priced.promo_codes == (CodeUse("SPRING", "c"),)
        assert priced.takes == ()

    def test_a_late_sale_is_judged_by_its_own_day(self) -> None:
        rules = coupon(discount_percent=10, to="2026-05-31")

        priced = bought(good(10_000), at=shown(sold_on=day("2026-05-31")), **rules)

        assert to_pay(priced) == 9_000

    def test_a_basket_that_is_too_small_gets_nothing(self) -> None:
        rules = coupon(discount_percent=10, min_receipt="100.01")

        assert not first_use(bought(good(10_000), at=shown(), **rules)).is_applied

    def test_a_gift_cards_line_is_no_merchandise(self) -> None:
        lines = (good(10_000, category="gift_card"), good(1_000))

        priced = bought(*lines, at=shown(), gift_card={}, **coupon(discount="50"))

        assert discounts(priced) == [0, 1_000]


class TestWho:
    def test_a_discount_is_for_anybody(self) -> None:
        priced = bought(good(10_000), at=anonymously(), **coupon(discount_percent=10))

        assert to_pay(priced) == 9_000
        assert priced.takes == (Take(SPRING.counter, 1),)

    @pytest.mark.parametrize(
        "terms",
        [
            {"points": 5},
            {"multiplier": 2},
            {"discount_percent": 10, "tiers": ["base"]},
            {"discount_percent": 10, "segments": ["nurses"]},
            {"discount_percent": 10, "limits": {"uses": {"per_member": 1}}},
            {"discount_percent": 10, "limits": {"money": {"per_member": "9"}}},
        ],
    )
    def test_what_asks_for_a_member_is_for_members(self, terms: dict[str, Any]) -> None:
        at = anonymously()
        at = replace(at, buyer=replace(at.buyer, tier="base"))

        priced = bought(good(10_000), at=at, tiers=tiers(), **coupon(**terms))

        assert (to_pay(priced), first_use(priced).is_applied) == (10_000, False)
        assert priced.takes == ()

    def test_a_receipt_that_earns_nothing_does_not_use_a_code_for_points(self) -> None:
        priced = bought(
            good(10_000), at=shown(), available=9, redeem=exactly(9), **coupon(points=5)
        )

        assert (priced.earned, first_use(priced).is_applied, priced.takes) == (0, False, ())

    def test_a_receipt_that_earns_nothing_uses_a_code_for_a_discount(self) -> None:
        rules = coupon(discount_percent=5)

        priced = bought(good(10_000), at=shown(), available=9, redeem=exactly(9), **rules)

        assert (priced.earned, first_use(priced).is_applied) == (0, True)


class TestTakes:
    def test_a_code_takes_a_use_of_itself_and_of_the_member(self) -> None:
        limited = replace(SPRING, max_uses=9, max_uses_per_member=2)

        priced = bought(good(10_000), at=shown(limited), **coupon(discount_percent=10))

        assert priced.takes == (
            Take(Counter("code:SPRING"), 1, 9),
            Take(Counter("code:SPRING", member_id=ANN.member_id), 1, 2),
        )

    def test_a_members_own_coupon_is_counted_with_the_member(self) -> None:
        own = PromoCode(code="12345678", coupon_id="c", member_id=ANN.member_id)

        priced = bought(good(10_000), at=shown(own), **coupon(discount_percent=10))

        assert priced.takes == (Take(Counter("own:12345678", member_id=ANN.member_id), 1, 1),)

    def test_a_coupon_without_room_leaves_its_code_alone(self) -> None:
        rules = coupon(discount="5", limits={"uses": {"total": 3}})
        used = {Counter("coupon:c:uses"): 3}

        priced = bought(good(10_000), at=shown(used=used), **rules)

        assert (to_pay(priced), first_use(priced).is_applied, priced.takes) == (
            10_000, False, (),
        )  # fmt: skip


def test_terms_of_an_exchange_are_read() -> None:
    rules = program(
        **coupon(discount="5", price_points=500, valid_months=6, exchange="automatic")
    )

    found = coupons_of(rules)["c"]

    assert (found.price_points, found.valid_days, found.valid_months) == (500, None, 6)
    assert found.is_automatic


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({}, "/coupons/0"),
        ({"discount": "5", "points": 5}, "/coupons/0"),
        ({"discount": 5.5}, "/coupons/0/discount"),
        ({"discount": "-5"}, "/coupons/0/discount"),
        ({"points": 5, "valid_days": 0}, "/coupons/0/valid_days"),
        ({"points": 5, "valid_months": 121}, "/coupons/0/valid_months"),
        ({"points": 5, "valid_days": 5, "valid_months": 1}, "/coupons/0/valid_months"),
        ({"points": 5, "price_points": 0}, "/coupons/0/price_points"),
        ({"points": 5, "exchange": "never"}, "/coupons/0/exchange"),
        ({"points": 5, "exchange": "automatic"}, "/coupons/0/exchange"),
        (
            {"discount": "5", "limits": {"money": {"total": "4.99"}}},
            "/coupons/0/limits/money/total",
        ),
        ({"points": 5, "colour": "red"}, "/coupons/0/colour"),
    ],
)
def test_a_coupon_that_cannot_be_meant_is_refused(fields: dict[str, Any], path: str) -> None:
    assert path in _paths(coupons=[{"id": "c"} | fields])


def test_two_coupons_of_one_name_are_refused() -> None:
    one = {"id": "c", "points": 5}

    assert _paths(coupons=[one, one]) == ["/coupons/1/id"]


def test_a_stacking_that_is_neither_is_refused() -> None:
    assert _paths(stacking={"codes": "sum"}) == ["/stacking/codes"]


def test_more_than_ten_offers_with_limits_are_refused() -> None:
    limited = [{"id": f"{n}", "points": 5, "limits": {"uses": {"total": 1}}} for n in range(6)]

    found = _paths(promotions=limited, coupons=limited)

    assert found == ["/coupons/4/limits", "/coupons/5/limits"]


def _paths(**rules: Any) -> list[str]:
    with pytest.raises(InvalidProgram) as refused:
        program(**document(**rules))
    return [path for path, _ in refused.value.faults]

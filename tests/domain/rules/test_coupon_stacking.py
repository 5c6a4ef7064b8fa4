"""How a promo code goes with discounts, line by line: `stacking.codes` (R4)."""

import pytest

from chalicelib.domain.pricing import Priced
from chalicelib.domain.promo_codes import CodeUse, PromoCode
from tests.domain.rules.baskets import (
    SPRING,
    bought,
    codes,
    coupon,
    discounts,
    good,
    shown,
    to_pay,
)


def first_use(priced: Priced) -> CodeUse:
    return priced.promo_codes[0]


class TestBest:
    @pytest.mark.parametrize(
        ("of_all", "of_code", "to_be_paid", "is_applied"),
        [(20, 30, 7_000, True), (20, 10, 8_000, False), (20, 20, 8_000, False)],
    )
    def test_best_lets_the_better_of_discount_and_code_count(
        self, of_all: int, of_code: int, to_be_paid: int, is_applied: bool
    ) -> None:
        rules = coupon(discount_percent=of_code) | {"discount_percent": of_all}

        priced = bought(good(10_000), at=shown(), stacking={"codes": "best"}, **rules)

        assert (to_pay(priced), first_use(priced).is_applied) == (to_be_paid, is_applied)
        kinds = [rule for rule in codes(priced) if rule.startswith("discount.")]
        assert kinds == ["discount.coupon" if is_applied else "discount.fixed"]

    def test_best_is_decided_line_by_line(self) -> None:
        lines = (good(10_000, category="tea"), good(10_000))
        rules = coupon(discount_percent=30) | {"category_discounts": {"tea": 50}}

        priced = bought(*lines, at=shown(), stacking={"codes": "best"}, **rules)

        assert discounts(priced) == [5_000, 3_000]
        assert first_use(priced).discount_minor == 3_000

    def test_best_keeps_what_is_free_by_stamps(self) -> None:
        lines = good(1_000, units=2, category="tea")
        rules = coupon(discount_percent=30) | {"stamps": {"category": "tea", "every": 2}}

        priced = bought(
            lines, at=shown(), stacking={"codes": "best"}, discount_percent=10, **rules
        )

        assert to_pay(priced) == 700
        assert "free.stamps" in codes(priced)

    def test_added_discounts_compete_as_a_sum(self) -> None:
        rules = coupon(discount_percent=25) | {
            "discount_percent": 20,
            "category_discounts": {"tea": 10},
        }
        stacking = {"discounts": "sum", "codes": "best"}

        priced = bought(good(10_000, category="tea"), at=shown(), stacking=stacking, **rules)

        assert (to_pay(priced), first_use(priced).is_applied) == (7_000, False)

    def test_of_two_codes_the_better_counts_too(self) -> None:
        both = [{"id": "c", "discount_percent": 10}, {"id": "d", "discount_percent": 15}]
        at = shown(SPRING, PromoCode(code="D", coupon_id="d"))

        priced = bought(good(10_000), at=at, stacking={"codes": "best"}, coupons=both)

        assert to_pay(priced) == 8_500
        assert [use.is_applied for use in priced.promo_codes] == [False, True]

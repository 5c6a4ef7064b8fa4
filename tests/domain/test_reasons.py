"""What each line says of itself: codes and numbers, whole and in their order (R51)."""

from typing import Any

import pytest

from chalicelib.domain.basket import BasketLine
from chalicelib.domain.pricing import InsufficientPoints, price
from chalicelib.domain.program import Program
from chalicelib.domain.receipts import Why
from tests.builders import exactly, line, program, rates, scene, tiers, up_to
from tests.domain.rules.baskets import bought, good

CAPPED = {"margin_caps": {"low": 0, "medium": 3}}
BOTH = {"mode": "earn_and_redeem"}
FLAT = Why("earn.flat_rate", 10, None, 100_000)


def said(of: BasketLine, rules: Program, tier: str | None = None, **given: Any) -> Any:
    """Return the reasons of a basket's only line."""
    priced = price(
        [of],
        program=rules,
        scene=scene(tier, given.pop("channel", "offline")),
        available=given.pop("available", 0),
        redeem=given.pop("redeem", up_to()),
    )
    return priced.lines[0].why


class TestEarning:
    def test_a_flat_rate(self) -> None:
        assert said(line(10_000), program()) == (FLAT,)

    def test_no_rate_at_all_is_not_worth_a_word(self) -> None:
        assert said(line(10_000), program(earn_percent=0)) == ()

    @pytest.mark.parametrize(
        ("channel", "ppm", "points"), [("offline", 70_000, 7), ("online", 90_000, 9)]
    )
    def test_a_tier_and_a_channel(self, channel: str, ppm: int, points: int) -> None:
        table = rates(base=(5, 50), silver=(7, 50), gold=(15, 50))
        table["silver"]["online"] = {"earn": 9, "redeem": 50}
        rules = program(tiers=tiers(), rates=table)

        why = said(line(10_000), rules, "silver", channel=channel)

        assert why == (Why("earn.tier_rate", points, None, ppm, "silver"),)

    def test_a_category_the_default_one_and_one_that_is_not_listed(self) -> None:
        tea = {"tea": {"earn": 5, "redeem": 50}}
        most = tea | {"default": {"earn": 3, "redeem": 50}}

        listed, default, none = (
            said(line(10_000, category=name), program(category_rates=table))
            for name, table in (("tea", tea), ("soap", most), ("soap", tea))
        )

        assert listed == (Why("earn.category_rate", 5, None, 50_000, "tea"),)
        assert default == (Why("earn.category_rate", 3, None, 30_000, "default"),)
        assert none == (Why("earn.category_unlisted", 0, None, 0, "soap"),)

    def test_a_line_of_no_category_has_the_default_rate_too(self) -> None:
        rules = program(category_rates={"default": {"earn": 3, "redeem": 50}})

        assert said(line(10_000), rules) == (
            Why("earn.category_rate", 3, None, 30_000, "default"),
        )

    def test_steps_and_the_money_of_one(self) -> None:
        rules = program(step_accrual={"per": "30", "points": 2})

        assert said(line(10_000), rules) == (Why("earn.step", 6, 3_000),)

    @pytest.mark.parametrize(
        ("margin", "points", "caps"),
        [
            ("medium", 3, [Why("earn.margin_cap", None, None, 30_000, "medium")]),
            ("low", 0, [Why("earn.margin_cap", None, None, 0, "low")]),
            ("high", 10, []),
        ],
    )
    def test_a_cap_of_a_margin_class_that_cuts(
        self, margin: str, points: int, caps: list[Why]
    ) -> None:
        why = said(line(10_000, margin=margin), program(**CAPPED))

        assert why == (Why("earn.flat_rate", points, None, 100_000), *caps)

    def test_a_cap_that_cuts_nothing_is_not_told(self) -> None:
        rules = program(margin_caps={"fair": 10})

        assert said(line(10_000, margin="fair"), rules) == (FLAT,)

    @pytest.mark.parametrize(("margin", "points"), [("low", 0), ("medium", 6)])
    def test_steps_are_cut_by_a_cap_of_nothing_alone(self, margin: str, points: int) -> None:
        rules = program(step_accrual={"per": "30", "points": 2}, **CAPPED)

        cut = (Why("earn.margin_cap", None, None, 0, "low"),) if margin == "low" else ()
        assert said(line(10_000, margin=margin), rules) == (
            Why("earn.step", points, 3_000),
            *cut,
        )

    def test_what_earns_nothing_fills_no_step(self) -> None:
        lines = (good(2_999), good(10_000, margin="low"))

        priced = bought(*lines, step_accrual={"per": "30", "points": 2}, **CAPPED)

        assert priced.earned == 0

    def test_a_multiplier_tells_its_own_points_after_those_of_the_rate(self) -> None:
        rules = program(promotions=[{"id": "double", "multiplier": 2}])

        assert said(line(10_000), rules) == (
            FLAT,
            Why("earn.promotion_multiplier", 10, None, 2_000_000, "double"),
        )

    def test_an_extra_percent_is_told_alone_where_there_is_no_rate(self) -> None:
        rules = program(earn_percent=0, promotions=[{"id": "plus", "extra_percent": 5}])

        assert said(line(10_000), rules) == (
            Why("earn.promotion_percent", 5, None, 50_000, "plus"),
        )


class TestRedeeming:
    def test_the_rate_and_what_it_paid(self) -> None:
        why = said(line(10_000), program(**BOTH), available=20)

        assert why == (
            Why("redeem.flat_rate", 20, None, 500_000),
            Why("earn.flat_rate", 8, None, 100_000),
        )

    def test_either_or_earns_nothing_and_says_so(self) -> None:
        assert said(line(10_000), program(), available=20) == (
            Why("redeem.flat_rate", 20, None, 500_000),
            Why("earn.redeeming_receipt", 0),
        )

    def test_a_cap_that_cuts_and_one_that_does_not(self) -> None:
        caps = {"margin_caps": {"medium": 10, "fair": 50}}

        cut, whole = (
            said(line(10_000, margin=name), program(**BOTH, **caps), available=90)
            for name in ("medium", "fair")
        )

        assert cut == (
            Why("redeem.flat_rate", 10, None, 500_000),
            Why("redeem.margin_cap", None, None, 100_000, "medium"),
            Why("earn.flat_rate", 9, None, 100_000),
        )
        assert whole == (
            Why("redeem.flat_rate", 50, None, 500_000),
            Why("earn.flat_rate", 5, None, 100_000),
        )

    def test_a_line_points_may_not_pay(self) -> None:
        why = said(line(10_000), program(redeem_percent=0), available=90)

        assert why == (Why("redeem.flat_rate", 0, None, 0), FLAT)

    def test_a_line_that_other_lines_left_no_points_for_is_silent(self) -> None:
        priced = bought(good(100_000), good(1), available=1, redeem=up_to(), **BOTH)

        assert [why.rule for why in priced.lines[1].why] == ["earn.flat_rate"]

    def test_the_least_receipt_instead_of_any_rate(self) -> None:
        rules = program(min_receipt_for_redeem="100.01")

        assert said(line(10_000), rules, available=9) == (
            Why("redeem.receipt_minimum", None, 10_001),
            FLAT,
        )

    def test_the_least_money_after_the_rate(self) -> None:
        rules = program(min_money="80", **BOTH)

        assert said(line(10_000), rules, available=90) == (
            Why("redeem.flat_rate", 20, None, 500_000),
            Why("redeem.money_minimum", None, 8_000),
            Why("earn.flat_rate", 8, None, 100_000),
        )

    def test_a_least_money_that_leaves_as_much_as_the_rate_is_not_told(self) -> None:
        rules = program(min_money="50", **BOTH)

        assert [why.rule for why in said(line(10_000), rules, available=90)] == [
            "redeem.flat_rate",
            "earn.flat_rate",
        ]


def test_too_few_points_are_told_with_both_numbers() -> None:
    with pytest.raises(InsufficientPoints) as refused:
        bought(good(10_000), available=39, redeem=exactly(40))

    assert refused.value.facts == {"asked": 40, "available": 39}


def test_a_gift_card_is_set_apart_and_earns_nothing() -> None:
    why = said(
        line(10_000, category="gift"), program(gift_card={"category": "gift"}), available=9
    )

    assert why == (Why("earn.gift_card_sale", 0),)

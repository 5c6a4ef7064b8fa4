"""Which examples a program gets, to the kopeck: what is bought, by whom, where and when."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.account import Turnover
from chalicelib.domain.basket import BasketLine
from chalicelib.domain.examples import Example, typical_minor, worked_examples
from chalicelib.domain.pricing import NO_REDEMPTION
from tests.builders import TODAY, line, program, rates, up_to

NO_RATES: dict[str, Any] = {"earn_percent": None, "redeem_percent": None}
HALF = {"earn": 5, "redeem": 50}
LEVELS = ("tin", "iron", "silver", "gold", "black")
FIVE_TIERS = {"levels": [{"name": name, "over": str(n)} for n, name in enumerate(LEVELS)]}
COFFEE_CARD = {"category": "coffee", "every": 6}
OF_FIVE = [{"over": f"{n}00", "percent": n} for n in range(1, 6)]


def shown(kind: str, **fields: Any) -> list[Example]:
    """Return the examples of a kind that a program gets on 1 June, a Monday."""
    return [one for one in worked_examples(program(**fields), TODAY) if one.kind == kind]


def of_sku(sku: str, price_minor: int, units: int = 1) -> BasketLine:
    return replace(line(price_minor, 1000 * units), sku=sku)


@pytest.mark.parametrize(
    ("fields", "minor"),
    [
        ({}, 100_000),
        ({"currency": "UAH"}, 100_000),
        ({"currency": "KZT"}, 1_000_000),
        ({"currency": "JPY"}, 5_000),
        ({"currency": "KRW"}, 50_000),
        ({"currency": "USD"}, 10_000),
        ({"currency": "KWD"}, 100_000),
        ({"earn_percent": None, "step_accrual": {"per": "700", "points": 1}}, 210_000),
        ({"min_receipt_for_redeem": "1500"}, 150_000),
    ],
)
def test_a_usual_purchase_costs_enough_for_the_thresholds(
    fields: dict[str, Any], minor: int
) -> None:
    assert typical_minor(program(**fields)) == minor


class TestRates:
    def test_tiers_with_one_rate_in_both_channels_are_shown_once_each_the_first_four(
        self,
    ) -> None:
        table = rates(**dict.fromkeys(LEVELS, (5, 0)))

        found = shown("tier", **NO_RATES, tiers=FIVE_TIERS, rates=table)

        assert [(one.name, one.scene.buyer.tier) for one in found] == [
            (name, name) for name in LEVELS[:4]
        ]
        assert {one.scene.channel for one in found} == {"offline"}

    def test_categories_of_rates_and_of_discounts_are_shown_each_and_together(self) -> None:
        rules = program(
            **NO_RATES,
            category_rates={"tea": HALF, "default": HALF},
            category_discounts={"coffee": 10},
        )

        found = worked_examples(rules, TODAY)

        tea, coffee = line(100_000, category="tea"), line(100_000, category="coffee")
        assert [(one.kind, one.name, one.lines) for one in found[:3]] == [
            ("category", "tea", (tea,)),
            ("category", "coffee", (coffee,)),
            ("basket", None, (tea, coffee)),
        ]

    def test_are_of_a_member_at_the_till_who_has_bought_nothing_yet(self) -> None:
        (found,) = shown("category", **NO_RATES, category_rates={"tea": HALF})

        buyer = found.scene.buyer
        assert (found.scene.on, found.scene.channel, buyer.is_member) == (
            TODAY,
            "offline",
            True,
        )
        assert (buyer.stamps, buyer.turnover) == (0, Turnover(((TODAY, 0),), 0))

    def test_one_category_makes_no_basket(self) -> None:
        assert shown("basket", **NO_RATES, category_rates={"tea": HALF}) == []

    def test_margin_classes_are_shown_the_first_four(self) -> None:
        found = shown("margin", margin_caps={f"m{n}": n for n in range(5)})

        assert [(one.name, one.lines) for one in found] == [
            (f"m{n}", (line(100_000, margin=f"m{n}"),)) for n in range(4)
        ]

    @pytest.mark.parametrize(
        ("compare", "spent_minor"),
        [
            ("gte", [10_000, 20_000, 30_000, 40_000]),
            ("gt", [10_000, 10_001, 20_000, 20_001, 30_000, 30_001, 40_000, 40_001]),
        ],
    )
    def test_levels_of_turnover_are_shown_where_they_begin_and_just_before(
        self, compare: str, spent_minor: list[int]
    ) -> None:
        found = shown("turnover", discount_by_turnover={"compare": compare, "levels": OF_FIVE})

        assert [one.scene.buyer.turnover for one in found] == [
            Turnover(((TODAY, minor),), minor) for minor in spent_minor
        ]


class TestGoods:
    def test_a_stamp_card_is_shown_short_full_twice_full_and_with_a_cheaper_unit(self) -> None:
        found = shown("stamps", stamps=COFFEE_CARD, min_receipt_for_redeem="1000.08")

        coffee = line(20_001, category="coffee")  # a fifth of 1000.08
        assert [(one.scene.buyer.stamps, one.lines) for one in found] == [
            (0, (replace(coffee, quantity_milli=5_000),)),
            (0, (replace(coffee, quantity_milli=6_000),)),
            (5, (coffee,)),
            (1, (replace(coffee, quantity_milli=12_000),)),
            (5, (replace(coffee, quantity_milli=2_000),)),
            (4, (coffee, replace(coffee, unit_price_minor=10_000))),
        ]
        assert {one.name for one in found} == {"coffee"}

    def test_a_bundle_is_shown_as_one_set_for_a_usual_sum_the_first_four(self) -> None:
        skus = {"roll": 1, "cup": 2}
        sets = [{"id": f"set {n}", "skus": skus, "points": 5} for n in range(5)]

        found = shown("bundle", bundles=sets)

        one_set = (of_sku("roll", 33_333), of_sku("cup", 33_333, 2))
        assert [(one.name, one.lines) for one in found] == [
            (f"set {n}", one_set) for n in range(4)
        ]

    @pytest.mark.parametrize(
        ("excluded", "first"),
        [
            ({"categories": ["wine", "beer"]}, line(100_000, category="beer")),
            ({"margins": ["low", "high"]}, line(100_000, margin="high")),
            ({"skus": ["s2", "s1"]}, of_sku("s1", 100_000)),
            (
                {"categories": ["wine"], "margins": ["low"], "skus": ["s1"]},
                line(100_000, category="wine"),
            ),
        ],
    )
    def test_excluded_goods_are_shown_beside_others(
        self, excluded: dict[str, Any], first: BasketLine
    ) -> None:
        found = shown("excluded", excluded=excluded)

        assert [one.lines for one in found] == [(first, line(100_000))]


class TestPoints:
    @pytest.mark.parametrize(
        ("fields", "available"),
        [
            ({}, [20, 2_000]),
            ({"point_value": "0.0003"}, [66_666, 6_666_666]),
            ({"point_value": "1000", "redeem_percent": 100}, [2]),  # a fiftieth is nothing
            ({"point_value": "1001", "redeem_percent": 100}, []),  # nothing is worth a point
            ({"redeem_percent": 0}, []),
        ],
    )
    def test_pay_with_a_fiftieth_of_the_price_and_with_twice_the_price(
        self, fields: dict[str, Any], available: list[int]
    ) -> None:
        found = shown("redeem", **fields)

        assert [one.available for one in found] == available
        assert {one.redeem for one in found} <= {up_to()}

    def test_are_not_redeemed_in_the_other_examples(self) -> None:
        found = shown("margin", margin_caps={"low": 5})

        assert [(one.available, one.redeem) for one in found] == [(0, NO_REDEMPTION)]

    def test_pay_for_goods_of_the_first_category(self) -> None:
        found = shown("redeem", **NO_RATES, category_rates={"tea": HALF, "coffee": HALF})

        assert [one.lines for one in found] == [(line(100_000, category="tea"),)] * 2


class TestRoom:
    def test_a_program_without_rules_gets_six_sizes_of_purchase_one_of_them_weighed(
        self,
    ) -> None:
        found = shown("plain", redeem_percent=0, min_receipt_for_redeem="1000.01")

        weighed = replace(line(100_001, 350), unit="kg")
        others = [line(minor) for minor in (150_001, 33_333, 500_005, 100_001, 14_285)]
        assert [one.lines for one in found] == [(one,) for one in (weighed, *others)]

    def test_what_is_missing_to_six_is_of_the_first_category(self) -> None:
        table = {"tea": {"earn": 5, "redeem": 0}}

        found = worked_examples(program(**NO_RATES, category_rates=table), TODAY)

        assert [one.kind for one in found] == ["category", *["plain"] * 5]
        assert {one.lines[0].category for one in found} == {"tea"}

    def test_six_are_enough(self) -> None:
        found = worked_examples(program(stamps=COFFEE_CARD, redeem_percent=0), TODAY)

        assert [one.kind for one in found] == ["stamps"] * 6

    def test_of_many_fourteen_are_shown_the_first_of_every_rule_the_second_of_every_rule(
        self,
    ) -> None:
        rules = program(
            stamps=COFFEE_CARD,
            margin_caps={f"m{n}": 5 for n in range(4)},
            discount_by_turnover={"levels": OF_FIVE},
        )

        found = [one.kind for one in worked_examples(rules, TODAY)]

        assert found == ["redeem"] * 2 + ["margin"] * 4 + ["turnover"] * 4 + ["stamps"] * 4

"""Discounts: fixed, by category, by turnover, and which of several counts (F040–F043)."""

from typing import Any

import pytest

from chalicelib.domain.account import Turnover
from chalicelib.domain.basket import Scene
from chalicelib.domain.program_document import InvalidProgram
from chalicelib.domain.receipts import Why
from tests.builders import day, document, line, program, scene, up_to
from tests.domain.rules.baskets import bought, codes, discounts, good, to_pay

HALF_A_YEAR = {
    "discount_by_turnover": {
        "window_days": 180,
        "compare": "gt",
        "levels": [{"over": "10000", "percent": 5}, {"over": "30000", "percent": 10}],
    }
}


def after_spending(minor: int, on: str = "2026-05-01", lifetime: int | None = None) -> Scene:
    turnover = Turnover(((day(on), minor),), minor if lifetime is None else lifetime)
    return scene(buyer={"turnover": turnover})


def test_a_fixed_discount_is_half_up_on_each_line() -> None:
    priced = bought(good(1_010), good(1_009), discount_percent=5)

    assert discounts(priced) == [51, 50]  # 50.50 and 50.45 hundredths


def test_a_weighed_line_is_right_to_the_minor_unit() -> None:
    priced = bought(line(39_999, 350), discount_percent=5)

    assert priced.lines[0].gross_minor == 14_000  # 13 999.65
    assert discounts(priced) == [700]


def test_categories_have_their_own_discounts_and_others_none() -> None:
    table = {"glass_and_cases": 10, "phones": 3}
    lines = [
        good(price, category=name)
        for price, name in ((100_000, "glass_and_cases"), (5_000_000, "phones"), (100, "bags"))
    ]

    priced = bought(*lines, category_discounts=table)

    assert discounts(priced) == [10_000, 150_000, 0]


@pytest.mark.parametrize(
    ("spent", "compare", "percent"),
    [
        (1_000_000, "gt", 0),
        (1_000_001, "gt", 5),
        (3_000_000, "gt", 5),
        (3_000_001, "gt", 10),
        (999_999, "gte", 0),
        (1_000_000, "gte", 5),
        (3_000_000, "gte", 10),
    ],
)
def test_a_discount_grows_with_the_turnover(spent: int, compare: str, percent: int) -> None:
    table = HALF_A_YEAR["discount_by_turnover"] | {"compare": compare}

    priced = bought(good(200_000), at=after_spending(spent), discount_by_turnover=table)

    assert discounts(priced) == [2_000 * percent]


@pytest.mark.parametrize(("on", "discount"), [("2025-12-03", 0), ("2025-12-04", 5_000)])
def test_the_window_counts_its_days_with_today(on: str, discount: int) -> None:
    priced = bought(good(100_000), at=after_spending(2_000_000, on), **HALF_A_YEAR)

    assert discounts(priced) == [discount]


def test_without_a_window_the_lifetime_counts() -> None:
    table = {"window_days": None, "compare": "gte", "levels": [{"over": "500", "percent": 3}]}
    at = after_spending(0, lifetime=50_000)

    priced = bought(good(10_000), at=at, discount_by_turnover=table, currency="UAH")

    assert discounts(priced) == [300]


def test_below_the_first_level_a_dear_thing_is_no_cheaper() -> None:
    priced = bought(good(10**9), at=after_spending(0), **HALF_A_YEAR)

    assert discounts(priced) == [0]


def test_each_discount_says_its_percent_and_what_it_is_for() -> None:
    table = {"category_discounts": {"tea": 10}}

    tea = bought(good(1_000, category="tea"), **table)
    all_things = bought(good(1_000), discount_percent=5)
    grown = bought(good(1_000), at=after_spending(2_000_000), **HALF_A_YEAR)

    assert tea.lines[0].why[0] == Why("discount.category", None, 100, 100_000, "tea")
    assert all_things.lines[0].why[0] == Why("discount.fixed", None, 50, 50_000)
    assert grown.lines[0].why[0] == Why("discount.turnover", None, 50, 50_000)


BOTH = {"discount_percent": 5, "category_discounts": {"tea": 10}}


def test_of_several_discounts_the_best_counts_on_each_line() -> None:
    priced = bought(good(1_000, category="tea"), good(1_000), **BOTH)

    assert discounts(priced) == [100, 50]
    assert codes(priced)[0] == "discount.category"


def test_discounts_add_up_where_the_program_says_so() -> None:
    priced = bought(good(1_000, category="tea"), **BOTH, stacking={"discounts": "sum"})

    assert discounts(priced) == [150]
    assert codes(priced)[:2] == ["discount.fixed", "discount.category"]


def test_discounts_add_up_too_where_something_is_left_to_earn() -> None:
    double = [{"id": "double", "multiplier": 2}]

    priced = bought(
        good(1_000, category="tea"), **BOTH, stacking={"discounts": "sum"}, promotions=double
    )

    assert discounts(priced) == [150]


def test_added_discounts_stop_at_nothing_to_pay() -> None:
    table = {"discount_percent": 80, "category_discounts": {"tea": 70}}

    priced = bought(good(999, category="tea"), **table, stacking={"discounts": "sum"})

    assert to_pay(priced) == 0
    assert [why.amount_minor for why in priced.lines[0].why[:2]] == [799, 200]


def test_points_pay_and_earn_after_the_discount() -> None:
    rules = {"discount_percent": 20, "mode": "earn_and_redeem"}

    priced = bought(good(10_000), available=100, redeem=up_to(), **rules)

    assert (priced.redeemed, to_pay(priced), priced.earned) == (40, 4_000, 4)


def test_points_pay_only_for_units_that_are_not_free() -> None:
    stamps = {"category": "coffee", "every": 2}

    priced = bought(
        good(10_000, 2, category="coffee"), available=999, redeem=up_to(), stamps=stamps
    )

    assert priced.redeem_max == 50


@pytest.mark.parametrize(
    ("table", "path"),
    [
        ({"window_days": 0}, "/discount_by_turnover/window_days"),
        ({"window_days": 367}, "/discount_by_turnover/window_days"),
        ({"compare": "ge"}, "/discount_by_turnover/compare"),
        ({"levels": []}, "/discount_by_turnover/levels"),
        ({"levels": None}, "/discount_by_turnover/levels"),
        (
            {"levels": [{"over": "5", "percent": 1}, {"over": "5", "percent": 2}]},
            "/discount_by_turnover/levels/1/over",
        ),
        (
            {"levels": [{"over": "5", "percent": 101}]},
            "/discount_by_turnover/levels/0/percent",
        ),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(table: dict[str, Any], path: str) -> None:
    bad = document(discount_by_turnover=HALF_A_YEAR["discount_by_turnover"] | table)

    with pytest.raises(InvalidProgram) as refused:
        program(**bad)

    assert path in [where for where, _ in refused.value.faults]

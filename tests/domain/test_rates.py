"""What a till must know of rates: the least that holds for any line, and what it asks for."""

from typing import Any

import pytest

from chalicelib.domain.program_document import read_program
from chalicelib.domain.rates import asks_for_categories, least_redeem_ppm
from chalicelib.domain.templates import template
from tests.builders import program, rates, tiers

BY_CATEGORY = {"coffee": {"earn": 5, "redeem": 30}, "tobacco": {"earn": 0, "redeem": 10}}
DEFAULT = {"default": {"earn": 5, "redeem": 20}}
ON_LEVELS = {
    "tiers": tiers(),
    "rates": rates(base=(5, 20), silver=(5, 30), gold=(5, 40)),
    "earn_percent": None,
    "redeem_percent": None,
}
OF_GOODS = {"earn_percent": None, "redeem_percent": None}


@pytest.mark.parametrize(
    ("fields", "least"),
    [
        ({"redeem_percent": 50}, {"": 500_000}),
        ({"redeem_percent": 50, "margin_caps": {"low": 5, "high": 60}}, {"": 50_000}),
        (ON_LEVELS, {"base": 200_000, "silver": 300_000, "gold": 400_000}),
        ({**OF_GOODS, "category_rates": BY_CATEGORY | DEFAULT}, {"": 100_000}),
        ({**OF_GOODS, "category_rates": BY_CATEGORY}, {"": 0}),
    ],
)
def test_the_least_that_points_may_pay_of_any_line_is_told(
    fields: dict[str, Any], least: dict[str, int]
) -> None:
    rules = program(**fields)

    found = least_redeem_ppm(rules, "offline")

    assert found == least


@pytest.mark.parametrize(
    ("fields", "asks"),
    [
        ({}, False),
        (ON_LEVELS, False),
        ({**OF_GOODS, "category_rates": BY_CATEGORY | DEFAULT}, False),
        ({**OF_GOODS, "category_rates": BY_CATEGORY}, True),
    ],
)
def test_a_till_asks_for_categories_where_a_total_earns_nothing(
    fields: dict[str, Any], asks: bool
) -> None:
    assert asks_for_categories(program(**fields)) is asks


def test_a_stamp_card_is_stamped_by_category() -> None:
    found = template("cafe_stamps")

    assert found is not None
    assert asks_for_categories(read_program(found.document, 1))

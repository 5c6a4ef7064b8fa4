"""What is asked of a program: whether it gives points, and what they are worth."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.builders import occasion, program, rates, tiers

NO_RATES: dict[str, Any] = {"earn_percent": None, "redeem_percent": None}
ONCE = {"points": 1}


@pytest.mark.parametrize(
    "fields",
    [
        {"earn_percent": "0.0001"},
        {"tiers": tiers(), "rates": rates(base=(1, 0), silver=(1, 0), gold=(1, 0))},
        {"category_rates": {"tea": {"earn": 1, "redeem": 0}}},
        {"step_accrual": {"per": "100", "points": 1}},
        {"anniversaries": {"birthday": ONCE}},
        {"welcome_points": ONCE},
        {"referral": {"friend_points": 1}},
        {"actions": {"review": ONCE}},
    ],
)
def test_each_way_to_earn_alone_gives_points(fields: dict[str, Any]) -> None:
    assert program(**NO_RATES | fields).gives_points


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"redeem_percent": 50},
        {"margin_caps": {"low": 5}},
        {"discount_percent": 5, "stamps": {"category": "tea", "every": 6}},
        {"promotions": [{"id": "p", "points": 5}]},
        {"tiers": tiers(), "benefits": {"gold": ["Free delivery"]}},
    ],
)
def test_redeeming_discounts_stamps_and_offers_do_not(fields: dict[str, Any]) -> None:
    assert not program(**NO_RATES | fields).gives_points


@pytest.mark.parametrize(
    ("point_value", "points", "minor"),
    [
        ("1.00", 7, 700),
        ("0.001", 9, 0),  # a tenth of a kopeck each
        ("0.001", 10, 1),
        ("0.001", 19, 1),
        ("7.50", 3, 2_250),
    ],
)
def test_points_are_worth_whole_minor_units_rounded_down(
    point_value: str, points: int, minor: int
) -> None:
    assert program(point_value=point_value).points_value_minor(points) == minor


@pytest.mark.parametrize(
    ("zone", "on"),
    [("UTC", date(2026, 5, 31)), ("Europe/Moscow", date(2026, 6, 1))],
)
def test_the_business_day_is_the_day_in_the_zone_of_the_program(zone: str, on: date) -> None:
    at = datetime(2026, 5, 31, 21, tzinfo=UTC)

    assert occasion(program(timezone=zone), at=at).on == on

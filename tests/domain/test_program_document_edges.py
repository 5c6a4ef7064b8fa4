"""What is wrong with a program is told in words at its place; the edges are allowed."""

from typing import Any

import pytest

from tests.builders import program, rates, tiers
from tests.domain.rules.test_fault_words import faults

BASE = {"name": "base", "over": "0"}
RATED: dict[str, Any] = {"earn_percent": None, "redeem_percent": None, "tiers": tiers()}


def levels(*listed: dict[str, Any]) -> dict[str, Any]:
    return {"tiers": {"window_days": 90, "levels": list(listed)}}


@pytest.mark.parametrize(
    ("fields", "path", "words"),
    [
        ({"currency": "ABC"}, "/currency", "there is no currency 'ABC'"),
        ({"timezone": "Mars/Base"}, "/timezone", "there is no time zone 'Mars/Base'"),
        ({"stacking": {"discounts": "all"}}, "/stacking/discounts", "must be best or sum"),
        ({"stacking": {"codes": "sum"}}, "/stacking/codes", "must be add or best"),
        ({"point_value": "0"}, "/point_value",
         "must be an amount above 0 with up to six decimals"),
        ({"tiers": tiers(compare="ge")}, "/tiers/compare", "must be gt or gte"),
        (levels(BASE, BASE | {"name": "two"}), "/tiers/levels/1/over",
         "must be above that of base"),
        (levels(BASE, BASE | {"over": "5"}), "/tiers/levels/1/name",
         "there are two levels base"),
        (RATED | {"rates": rates(base=(1, 1), silver=(1, 1), gold=(1, 1), tin=(1, 1))},
         "/rates/tin", "is not a level of tiers"),
        (RATED | {"rates": rates(base=(1, 1), gold=(1, 1))}, "/rates/silver", "has no rates"),
        ({"earn_percent": None, "step_accrual": {"per": "0", "points": 1}},
         "/step_accrual/per", "must be above 0"),
        ({"expiry_days": 5, "pending_days": 5}, "/expiry_days",
         "must be above pending_days: points would never be usable"),
        ({"expiry_days": 50, "expiry_months": 5}, "/expiry_months",
         "stands beside expiry_days: give one of them"),
        ({"expiry_months": 1, "pending_days": 28}, "/expiry_months",
         "must be longer than pending_days"),
        ({"leap_day": "29_february"}, "/leap_day", "must be 28_february or 1_march"),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_words(fields: dict[str, Any], path: str, words: str) -> None:
    assert (path, words) in faults(**fields)


def test_months_may_be_a_day_longer_than_the_days_points_wait() -> None:
    assert program(expiry_months=1, pending_days=27).expiry_months == 1


def test_one_level_is_enough() -> None:
    found = program(**levels(BASE)).tiers

    assert found is not None
    assert [level.name for level in found.levels] == ["base"]

"""What is wrong with a program is told in words at its place; the edges are allowed."""

from typing import Any

import pytest

from chalicelib.domain.program import AnniversaryGrant, Rate
from chalicelib.domain.program_document import InvalidProgram
from tests.builders import program, rates, tiers
from tests.domain.rules.test_fault_words import faults

BASE = {"name": "base", "over": "0"}
RATE = {"earn": 1, "redeem": 1}
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
        ({"hold_hours": 1_441}, "/hold_hours", "must be a whole number from 1 to 1440"),
        ({"anniversary_catch_up_days": 301}, "/anniversary_catch_up_days",
         "must be a whole number from 0 to 300"),
        ({"point_value": "1000000.000001"}, "/point_value",
         "must be an amount above 0 with up to six decimals"),
        (levels(*(BASE | {"name": f"n{n}", "over": str(n)} for n in range(21))),
         "/tiers/levels", "must be a list of 1 to 20 levels, lowest first"),
        (RATED | {"rates": rates(silver=(1, 1)) | {"base": {"online": RATE}, "gold": {}}},
         "/rates/base/offline", "is missing"),
        ({"offline_redeem_limit": 10**9 + 1}, "/offline_redeem_limit",
         "must be a whole number from 0 to 1000000000"),
        ({"restore_grace_days": 3_661}, "/restore_grace_days",
         "must be a whole number from 0 to 3660"),
        ({"min_money": "10000000000.01"}, "/min_money",
         'must be an amount like "100.00" with 2 decimals at most'),
        ({"expiry_months": 121}, "/expiry_months", "must be a whole number from 1 to 120"),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_words(fields: dict[str, Any], path: str, words: str) -> None:
    assert (path, words) in faults(**fields)


@pytest.mark.parametrize("name", ["expiry_days", "expiry_months"])
def test_a_time_that_cannot_be_read_is_one_fault_not_two(name: str) -> None:
    told = faults(**{name: "soon", "pending_days": 60})

    assert [path for path, _ in told] == [f"/{name}"]


def test_months_may_be_a_day_longer_than_the_days_points_wait() -> None:
    assert program(expiry_months=1, pending_days=27).expiry_months == 1


def test_one_level_is_enough() -> None:
    found = program(**levels(BASE)).tiers

    assert found is not None
    assert [level.name for level in found.levels] == ["base"]


@pytest.mark.parametrize(
    ("fields", "name", "kept"),
    [
        ({"redeem_percent": None}, "flat", Rate(100_000, 0)),
        ({"hold_hours": 1}, "hold_ttl_seconds", 3_600),
        ({"hold_hours": 1_440}, "hold_ttl_seconds", 5_184_000),
        ({"anniversary_catch_up_days": 300}, "anniversary_catch_up_days", 300),
        ({}, "anniversary_catch_up_days", 3),
        ({}, "offline_redeem_limit", 0),
        ({"offline_redeem_limit": 10**9}, "offline_redeem_limit", 10**9),
        ({"title": None}, "title", "Loyalty program"),
        ({"restore_grace_days": 3_660}, "restore_grace_days", 3_660),
        ({"min_money": "10000000000.00"}, "min_money_minor", 10**12),
        ({}, "reminder_days", 7),
        ({"point_value": "0.000001"}, "point_value", (1, 10_000)),
        ({"point_value": "1000000"}, "point_value", (100_000_000, 1)),
        ({"expiry_days": 1}, "expiry_days", 1),
        ({"expiry_months": 120}, "expiry_months", 120),
        ({"anniversaries": {"birthday": {"points": 1}}}, "anniversaries",
         {"birthday": AnniversaryGrant(1, None)}),
        ({"anniversaries": {"birthday": {"points": 1, "expires_in_days": 0}}},
         "anniversaries", {"birthday": AnniversaryGrant(1, 0)}),
    ],
)  # fmt: skip
def test_the_edge_is_allowed_and_what_is_not_said_has_a_figure(
    fields: dict[str, Any], name: str, kept: object
) -> None:
    assert getattr(program(**fields), name) == kept


def test_twenty_levels_and_a_window_of_one_day_are_allowed() -> None:
    twenty = [BASE | {"name": f"n{n}", "over": str(n)} for n in range(20)]

    found = program(tiers={"window_days": 1, "levels": twenty}).tiers

    assert found is not None
    assert (found.window_days, len(found.levels)) == (1, 20)


def test_every_level_without_rates_is_told_not_only_the_first() -> None:
    found = faults(**RATED | {"rates": rates(silver=(1, 1))})

    assert found == (("/rates/base", "has no rates"), ("/rates/gold", "has no rates"))


@pytest.mark.parametrize("value", ["x", 0, 3_661, True])
@pytest.mark.parametrize(("name", "most"), [("expiry_days", 3_660), ("expiry_months", 120)])
def test_an_unreadable_term_is_told_once(name: str, most: int, value: object) -> None:
    found = faults(**{name: value})

    assert found == ((f"/{name}", f"must be a whole number from 1 to {most}"),)


def test_all_faults_are_in_the_words_of_the_refusal() -> None:
    refused = InvalidProgram((("/mode", "is unknown"), ("/type", "is missing")))

    assert refused.code == "program_invalid"
    assert str(refused) == "/mode: is unknown; /type: is missing"

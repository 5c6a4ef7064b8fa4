"""What is wrong with a rule is told in words, at its place; what is on the edge is allowed."""

from typing import Any

import pytest

from chalicelib.domain.program_document import InvalidProgram
from tests.builders import document, program, tiers

SET = {"id": "breakfast", "skus": {"coffee": 1, "roll": 2}, "points": 30}
LEVELS = [{"over": "100", "percent": 5}, {"over": "300", "percent": 10}]
TWICE = {"id": "p", "multiplier": 2}
FIFTY = {"id": "p", "points": 50}


def faults(**fields: Any) -> tuple[tuple[str, str], ...]:
    """Return what is wrong with a document."""
    with pytest.raises(InvalidProgram) as refused:
        program(**document(**fields))
    return refused.value.faults


def goods(count: int) -> dict[str, int]:
    return {f"sku-{n}": 1 for n in range(count)}


@pytest.mark.parametrize(
    ("bundle", "path", "words"),
    [
        (SET | {"skus": goods(21)}, "skus", "must name 2 units at least, of 1 to 20 goods"),
        (SET | {"points": 0}, "points", "give either points or discount_percent"),
        (SET | {"skus": {"breakfast": 2}}, "skus", "a bundle cannot contain itself"),
    ],
)
def test_a_bundle(bundle: dict[str, Any], path: str, words: str) -> None:
    assert faults(bundles=[bundle]) == ((f"/bundles/0/{path}", words),)


def test_two_bundles_of_one_name() -> None:
    assert faults(bundles=[SET, SET]) == (("/bundles/1/id", "there are two bundles breakfast"),)


@pytest.mark.parametrize(
    ("table", "path", "words"),
    [
        ({"levels": LEVELS, "compare": "ge"}, "compare", "must be gt or gte"),
        ({"compare": "gt"}, "levels", "is missing"),
        (
            {"levels": [*LEVELS, LEVELS[0]]},
            "levels/2/over",
            "must be above that of the level before",
        ),
    ],
)
def test_a_discount_by_turnover(table: dict[str, Any], path: str, words: str) -> None:
    found = faults(discount_by_turnover=table)

    assert found == ((f"/discount_by_turnover/{path}", words),)


@pytest.mark.parametrize(
    ("promotion", "path", "words"),
    [
        (
            TWICE | {"points": 5},
            "",
            "give one of multiplier, extra_percent, points, discount_percent",
        ),
        (
            TWICE | {"limits": {"points": {"total": 5}}},
            "/limits/points",
            "is for offers that give points",
        ),
        (
            FIFTY | {"limits": {"points": {"total": 1}}},
            "/limits/points/total",
            "must be enough to give 50 points once",
        ),
        (
            FIFTY | {"limits": {"points": {"per_day": 49}}},
            "/limits/points/per_day",
            "must be enough to give 50 points once",
        ),
        (TWICE | {"multiplier": 1}, "/multiplier", "must be above 1 and at most 100"),
        (
            TWICE | {"weekdays": ["monday"]},
            "/weekdays",
            "'monday' is not one of mon, tue, wed, thu, fri, sat, sun",
        ),
        (TWICE | {"channels": ["shop"]}, "/channels", "'shop' is not one of offline, online"),
        (TWICE | {"tiers": ["gold"]}, "/tiers", "'gold' is not a level of tiers"),
        (TWICE | {"from": "2026-02-02", "to": "2026-02-01"}, "/to", "is before from"),
    ],
)
def test_a_promotion(promotion: dict[str, Any], path: str, words: str) -> None:
    assert faults(promotions=[promotion]) == ((f"/promotions/0{path}", words),)


def test_two_promotions_of_one_name() -> None:
    assert faults(promotions=[TWICE, TWICE]) == (
        ("/promotions/1/id", "there are two promotions p"),
    )


@pytest.mark.parametrize(
    ("fields", "path", "words"),
    [
        (
            {"stamps": {"category": "c", "every": 2, "free_unit_choice": "any"}},
            "/stamps/free_unit_choice",
            "must be cheapest_in_receipt",
        ),
        (
            {"gift_card": {"sold_earns": "yes"}},
            "/gift_card/sold_earns",
            "must be no: the sale of a gift card never earns",
        ),
        (
            {"referral": {"friend_points": 0}},
            "/referral/referrer_points",
            "nobody is rewarded: give points to one of the two",
        ),
        (
            {"actions": {"": {"points": 1}}},
            "/actions",
            "must have a name of 1 to 32 characters",
        ),
        (
            {"actions": {f"a{n}": {"points": 1} for n in range(21)}},
            "/actions",
            "has more than 20 actions",
        ),
        ({"benefits": {"vip": ["Delivery"]}}, "/benefits/vip", "is not a level of tiers"),
        ({"benefits": {"gold": []}}, "/benefits/gold", "must be a list of 1 to 20 texts"),
        (
            {"benefits": {"gold": ["x" * 201]}},
            "/benefits/gold",
            "must be a list of 1 to 20 texts",
        ),
    ],
)
def test_other_rules(fields: dict[str, Any], path: str, words: str) -> None:
    assert faults(tiers=tiers(), **fields) == ((path, words),)


@pytest.mark.parametrize(
    "fields",
    [
        {"bundles": [SET | {"skus": goods(20)}]},
        {"bundles": [SET | {"skus": {"roll": 2}}]},
        {"discount_by_turnover": {"window_days": 1, "levels": LEVELS}},
        {"discount_by_turnover": {"window_days": 366, "levels": LEVELS}},
        {"promotions": [FIFTY | {"limits": {"points": {"total": 50}}}]},
        {"promotions": [TWICE | {"multiplier": 1.000001}]},
        {"promotions": [TWICE | {"multiplier": 100}]},
        {"promotions": [TWICE | {"from": "2026-02-02", "to": "2026-02-02"}]},
        {"stamps": {"category": "c", "every": 2}},
        {"stamps": {"category": "c", "every": 1_000}},
        {"referral": {"friend_points": 1}},
        {"referral": {"referrer_points": 1, "cap": 1}},
        {"referral": {"referrer_points": 1, "cap": 1_000_000}},
        {"referral": {"referrer_points": 1, "reversal_days": 366}},
        {"welcome_points": {"points": 1, "expires_in_days": 1}},
        {"welcome_points": {"points": 10**9, "expires_in_days": 3_660}},
        {"actions": {"a": {"points": 1}, "b" * 32: {"points": 1}}},
        {"actions": {f"a{n}": {"points": 1} for n in range(20)}},
        {"benefits": {"gold": ["x"]}},
        {"benefits": {"gold": ["x" * 200] * 20}},
    ],
)
def test_what_is_on_the_edge_is_allowed(fields: dict[str, Any]) -> None:
    assert program(tiers=tiers(), **fields).version == 1

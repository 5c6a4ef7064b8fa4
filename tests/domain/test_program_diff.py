"""What a draft changes: every difference that makes another program, and no other."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.program_diff import Change, changes
from chalicelib.domain.program_document import read_program
from tests.domain.rules.test_rules_properties import DOCUMENTS


def diff(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(one.path, one.before, one.after) for one in changes(before, after)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"earn_percent": 0, "mode": "earn_or_redeem", "tiers": None, "stacking": {}}),
        ({"earn_percent": 5}, {"earn_percent": "5.00"}),
        ({"earn_percent": "7.5", "gift_card": {"sold_earns": "no"}},
         {"gift_card": {}, "earn_percent": 7.5}),
        ({"promotions": [{"id": "a", "points": 1, "weekdays": ["mon", "tue"]}]},
         {"promotions": [{"points": 1, "id": "a", "weekdays": ["tue", "mon"]}]}),
    ],
)  # fmt: skip
def test_what_means_the_same_is_no_change(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    assert diff(before, after) == diff(after, before) == []


def test_what_means_the_same_is_left_out_beside_a_change() -> None:
    before = {"earn_percent": 5, "min_money": "1", "reminder_days": 7}
    after = {"earn_percent": 6, "min_money": "1.00", "title": "Loyalty program"}

    assert diff(before, after) == [("/earn_percent", 5, 6)]


def test_a_change_is_told_where_it_is_by_the_names_of_what_it_is_in() -> None:
    before = {
        "tiers": {"levels": [{"name": "base", "over": "0"}, {"name": "a/b", "over": "10"}]},
        "promotions": [{"id": "x", "points": 1}, {"id": "y", "multiplier": 2}],
        "category_discounts": {"tea": 5},
    }
    after = {
        "tiers": {
            "window_days": 90,
            "levels": [{"name": "base", "over": "0"}, {"name": "a/b", "over": "20"}],
        },
        "promotions": [{"id": "y", "multiplier": 3}, {"id": "z", "points": 2}],
        "category_discounts": {"coffee": 5},
    }

    assert diff(before, after) == [
        ("/category_discounts/coffee", None, 5),
        ("/category_discounts/tea", 5, None),
        ("/promotions/x", {"id": "x", "points": 1}, None),
        ("/promotions/y/multiplier", 2, 3),
        ("/promotions/z", None, {"id": "z", "points": 2}),
        ("/tiers/levels/a~1b/over", "10", "20"),
        ("/tiers/window_days", None, 90),
    ]


def test_another_order_is_told_where_it_matters() -> None:
    one, two = {"id": "a", "multiplier": 2}, {"id": "b", "multiplier": 2}

    assert diff({"promotions": [one, two]}, {"promotions": [two, one]}) == [
        ("/promotions", ["a", "b"], ["b", "a"])
    ]


def test_lists_without_names_are_told_whole() -> None:
    before = {"discount_by_turnover": {"levels": [{"over": "1", "percent": 1}]}}
    after = {"discount_by_turnover": {"levels": [{"over": "1", "percent": 2}]}}

    assert diff(before, after) == [
        (
            "/discount_by_turnover/levels",
            [{"over": "1", "percent": 1}],
            [{"over": "1", "percent": 2}],
        )
    ]


def test_a_draft_that_is_no_program_any_more_is_told_as_it_is_written() -> None:
    assert changes({"title": "A"}, {"title": "B", "unknown": 1}) == (
        Change("/title", "A", "B"),
        Change("/unknown", None, 1),
    )


@given(DOCUMENTS, DOCUMENTS)
def test_there_are_changes_exactly_where_the_programs_differ(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    found = changes(before, after)

    assert bool(found) == (read_program(before, 1) != read_program(after, 1))
    assert len({one.path for one in found}) == len(found)


@given(DOCUMENTS, st.sampled_from(["earn_percent", "redeem_percent", "reminder_days"]))
def test_one_change_is_told_alone(before: dict[str, Any], key: str) -> None:
    after = {**before, key: 37}

    found = changes(before, after)

    assert [one.path for one in found] in ([f"/{key}"], [])

"""What a draft changes, on the edges: deep parts, drafts that are no programs, many at once."""

from typing import Any

from chalicelib.domain.program_diff import TESTED_MAX
from tests.builders import tiers
from tests.domain.test_program_diff import diff

LEVELS = tiers()


def discounts(count: int, percent: Any) -> dict[str, Any]:
    return {"category_discounts": {f"c{n:03d}": percent for n in range(count)}}


def test_a_deep_part_that_means_the_same_is_left_out_beside_a_change() -> None:
    spelt = [level | {"over": f"{level['over']}.00"} for level in LEVELS["levels"]]
    before = {"earn_percent": 5, "tiers": LEVELS}
    after = {"earn_percent": 6, "tiers": LEVELS | {"levels": spelt}}

    assert diff(before, after) == [("/earn_percent", 5, 6)]


def test_a_deep_default_that_is_spelt_out_is_left_out_beside_a_change() -> None:
    one = {"id": "a", "points": 1}
    before = {"earn_percent": 5, "promotions": [one]}
    after = {"earn_percent": 6, "promotions": [one | {"min_receipt": "0"}]}

    assert diff(before, after) == [("/earn_percent", 5, 6)]
    assert diff(after, before) == [("/earn_percent", 6, 5)]


def test_a_draft_that_is_no_program_yet_is_told_whole() -> None:
    assert diff({"earn_percent": -1}, {"earn_percent": -2}) == [("/earn_percent", -1, -2)]


def test_what_is_in_a_list_in_a_list_is_told_as_it_was_written() -> None:
    deep = [{"y": [{"id": "a", "points": 1}]}]

    assert diff({}, {"x": deep}) == [("/x", None, deep)]


def test_a_tilde_and_a_slash_in_a_name_are_told_apart() -> None:
    before, after = ({"category_discounts": {"a~1": one, "a/b": one}} for one in (1, 2))

    assert diff(before, after) == [
        ("/category_discounts/a~01", 1, 2),
        ("/category_discounts/a~1b", 1, 2),
    ]


def test_however_much_is_spelt_otherwise_the_same_rules_are_no_change() -> None:
    count = TESTED_MAX + 1

    assert diff(discounts(count, 5), discounts(count, "5.00")) == []


def test_of_so_many_changes_those_without_a_meaning_are_left_out_and_of_more_none() -> None:
    for others, told in ((TESTED_MAX - 1, TESTED_MAX - 1), (TESTED_MAX, TESTED_MAX + 1)):
        before = discounts(others, 5) | {"min_money": "1"}
        after = discounts(others, 6) | {"min_money": "1.00"}

        assert len(diff(before, after)) == told

"""Excluded goods: no rule rewards them, and they are paid goods all the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.program_document import InvalidProgram
from tests.builders import document, exactly, program
from tests.domain.rules.baskets import bought, codes, discounts, earned, good, to_pay

TOBACCO = {"excluded": {"categories": ["tobacco"]}}
GENEROUS: dict[str, Any] = {
    "mode": "earn_and_redeem",
    "earn_percent": 10,
    "redeem_percent": 100,
    "discount_percent": 10,
    "category_discounts": {"tobacco": 50},
    "stamps": {"category": "tobacco", "every": 2},
    "bundles": [{"id": "b", "skus": {"T-1": 1, "C-1": 1}, "points": 100}],
    "promotions": [
        {"id": "m", "multiplier": 5},
        {"id": "p", "points": 40},
        {"id": "e", "extra_percent": 5},
    ],
}


@pytest.mark.parametrize(
    "named", [{"categories": ["tobacco"]}, {"skus": ["T-1"]}, {"margins": ["regulated"]}]
)
def test_goods_are_excluded_by_category_sku_or_margin_class(named: dict[str, Any]) -> None:
    goods = good(10_000, 2, sku="T-1", category="tobacco", margin="regulated")

    priced = bought(goods, good(10_000), **GENEROUS | {"excluded": named})

    assert discounts(priced) == [0, 1_000]
    assert earned(priced)[0] == 0
    assert codes(priced) == ["excluded.goods"]
    assert priced.stamps_after == 0


def test_points_cannot_pay_them() -> None:
    lines = (good(10_000, category="tobacco"), good(10_000))

    priced = bought(*lines, available=500, redeem=exactly(500), redeem_percent=100, **TOBACCO)

    assert [line.redeemed for line in priced.lines] == [0, 100]
    assert priced.redeem_max == 100


def test_a_bundle_and_a_promotion_do_not_count_them() -> None:
    tobacco, coffee = good(10_000, sku="T-1", category="tobacco"), good(10_000, sku="C-1")

    with_both = bought(tobacco, coffee, **GENEROUS | TOBACCO)
    without = bought(coffee, **GENEROUS | TOBACCO)

    assert earned(with_both) == [0, *earned(without)]
    assert "earn.bundle" not in codes(with_both, 1)


def test_they_count_for_turnover_and_the_minimum_of_a_receipt() -> None:
    lines = (good(9_000, category="tobacco"), good(1_000))

    priced = bought(
        *lines,
        available=10,
        redeem=exactly(10),
        redeem_percent=100,
        min_receipt_for_redeem="100",
        **TOBACCO,
    )

    assert priced.redeemed == 10
    assert [line.turnover_minor for line in priced.lines] == [9_000, 0]


PRICES = st.lists(st.integers(1, 100_000), min_size=1, max_size=4)


@given(PRICES, PRICES)
def test_the_other_lines_are_priced_as_if_they_were_alone(
    excluded: list[int], others: list[int]
) -> None:
    rules = program(**document(**GENEROUS | TOBACCO))
    apart = [good(price, category="tobacco", sku="T-1") for price in excluded]
    rest = [good(price, sku="C-1") for price in others]

    mixed, alone = bought(*apart, *rest, rules=rules), bought(*rest, rules=rules)

    assert mixed.lines[len(apart) :] == alone.lines
    assert to_pay(mixed) == to_pay(alone) + sum(excluded)


@pytest.mark.parametrize(
    ("excluded", "path"),
    [
        ({}, "/excluded"),
        ({"categories": []}, "/excluded/categories"),
        ({"skus": [""]}, "/excluded/skus"),
        ({"brands": ["x"]}, "/excluded/brands"),
        (["tobacco"], "/excluded"),
    ],
)
def test_what_names_no_goods_is_refused(excluded: Any, path: str) -> None:
    with pytest.raises(InvalidProgram) as refused:
        program(excluded=excluded)

    assert path in [found for found, _ in refused.value.faults]

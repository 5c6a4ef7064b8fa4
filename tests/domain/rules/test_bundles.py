"""Bundles: a set of goods gives points or a discount (F055)."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.program_document import InvalidProgram
from chalicelib.domain.receipts import Why
from tests.builders import document, exactly, program, scene
from tests.domain.rules.baskets import bought, codes, discounts, earned, good

SET = {"id": "breakfast", "skus": {"coffee": 1, "roll": 2}}
CHEAPER = {"bundles": [SET | {"discount_percent": 10}], "earn_percent": 0}
RICHER = {"bundles": [SET | {"points": 30}], "earn_percent": 0}


def test_the_goods_of_a_set_are_cheaper() -> None:
    priced = bought(good(20_000, sku="coffee"), good(5_000, 2, sku="roll"), **CHEAPER)

    assert discounts(priced) == [2_000, 1_000]
    assert codes(priced)[0] == "discount.bundle"


def test_what_is_more_than_the_set_costs_its_price() -> None:
    priced = bought(good(20_000, 3, sku="coffee"), good(5_000, 5, sku="roll"), **CHEAPER)

    assert discounts(priced) == [4_000, 2_000]  # two sets: 2 coffees, 4 rolls


@pytest.mark.parametrize("rolls", [0, 1])
def test_a_set_that_is_not_whole_gives_nothing(rolls: int) -> None:
    lines = [good(20_000, sku="coffee"), *[good(5_000, sku="roll")] * rolls]

    assert sum(discounts(bought(*lines, **CHEAPER))) == 0
    assert bought(*lines, **RICHER).earned == 0


def test_units_of_a_set_may_lie_on_several_lines() -> None:
    rolls = (good(5_000, sku="roll"), good(4_000, sku="roll"))

    priced = bought(good(20_000, sku="coffee"), *rolls, **CHEAPER)

    assert discounts(priced) == [2_000, 500, 400]


def test_a_unit_counts_once_even_where_its_sku_is_on_several_lines() -> None:
    coffees = (good(20_000, sku="coffee"), good(10_000, sku="coffee"))

    priced = bought(*coffees, good(5_000, 2, sku="roll"), **CHEAPER)

    assert discounts(priced) == [0, 1_000, 1_000]  # the cheaper coffee makes the set


def test_points_come_for_each_set_and_fall_on_its_lines() -> None:
    priced = bought(good(20_000, 2, sku="coffee"), good(5_000, 4, sku="roll"), **RICHER)

    assert priced.earned == 60
    assert earned(priced) == [40, 20]


def test_both_rewards_name_their_bundle() -> None:
    lines = (good(20_000, sku="coffee"), good(5_000, 2, sku="roll"))

    cheaper, richer = bought(*lines, **CHEAPER), bought(*lines, **RICHER)

    assert cheaper.lines[0].why[0] == Why(
        "discount.bundle", None, 2_000, None, name="breakfast"
    )
    assert richer.lines[1].why[-1] == Why("earn.bundle", 10, name="breakfast")


def test_a_set_competes_with_the_other_discounts() -> None:
    lines = (good(20_000, sku="coffee"), good(5_000, 2, sku="roll"), good(1_000))

    priced = bought(*lines, **CHEAPER, discount_percent=5)

    assert discounts(priced) == [2_000, 1_000, 50]


def test_points_of_a_set_fall_by_what_is_paid_after_discounts() -> None:
    lines = (good(20_000, sku="coffee", category="hot"), good(5_000, 2, sku="roll"))

    priced = bought(*lines, **RICHER, category_discounts={"hot": 50})

    assert earned(priced) == [15, 15]


def test_a_set_is_for_members() -> None:
    nobody = scene()
    nobody = replace(nobody, buyer=replace(nobody.buyer, is_member=False))

    priced = bought(
        good(20_000, sku="coffee"), good(5_000, 2, sku="roll"), at=nobody, **CHEAPER
    )

    assert discounts(priced) == [0, 0]


def test_a_receipt_that_redeems_earns_no_bundle_points_either() -> None:
    lines = (good(20_000, sku="coffee"), good(5_000, 2, sku="roll"))

    priced = bought(*lines, available=50, redeem=exactly(50), **RICHER)

    assert (priced.redeemed, priced.earned) == (50, 0)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"skus": {"coffee": 1}}, "/bundles/0/skus"),
        ({"skus": {}}, "/bundles/0/skus"),
        ({"skus": {"coffee": 0, "roll": 2}}, "/bundles/0/skus/coffee"),
        ({"skus": {"breakfast": 1, "roll": 1}}, "/bundles/0/skus"),
        ({"points": 0}, "/bundles/0/points"),
        ({"discount_percent": 5}, "/bundles/0/points"),
        ({"discount_percent": 101}, "/bundles/0/discount_percent"),
        ({"gift": 1}, "/bundles/0/gift"),
    ],
)
def test_a_bundle_that_cannot_be_meant_is_refused(fields: dict[str, Any], path: str) -> None:
    assert path in _paths([SET | {"points": 30} | fields])


def test_two_bundles_of_one_name_are_refused() -> None:
    assert _paths([SET | {"points": 30}, SET | {"points": 40}]) == ["/bundles/1/id"]


def _paths(bundles: list[dict[str, Any]]) -> list[str]:
    with pytest.raises(InvalidProgram) as refused:
        program(**document(bundles=bundles))
    return [path for path, _ in refused.value.faults]


def _of(bundle_id: str, **fields: Any) -> dict[str, Any]:
    return {"id": bundle_id, "points": 10, **fields}


COFFEE = _of("drink", skus={"coffee": 1, "milk": 1})
DESSERT = _of("dessert", skus={"cake": 2})
LUNCH = _of("lunch", includes=["drink", "dessert"], skus={"soup": 1, "milk": 1}, points=100)


def test_a_bundle_includes_the_goods_of_others() -> None:
    goods = (good(100, sku="coffee"), good(100, 2, sku="milk"), good(100, 2, sku="cake"))
    rules = program(bundles=[LUNCH, COFFEE, DESSERT], earn_percent=0)

    whole = bought(*goods, good(100, sku="soup"), rules=rules)
    without_soup = bought(*goods, rules=rules)

    assert whole.earned == 100 + 10 + 10  # those it includes count as well
    assert without_soup.earned == 10 + 10


def test_a_bundle_that_is_included_twice_counts_twice() -> None:
    rules = program(
        bundles=[
            _of("a", skus={"x": 2}),
            _of("b", includes=["a"]),
            _of("c", includes=["a", "b"], points=1_000),
        ]
    )

    (bundle,) = [one for one in rules.rules if getattr(one, "bundle_id", "") == "c"]

    assert bundle.units == {"x": 4}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("bundles", "faults"),
    [
        ([_of("a", includes=["a"])], {"/bundles/0/includes": "leads back to itself: a → a"}),
        (
            [_of("a", includes=["b"]), _of("b", includes=["a"], skus={"x": 2})],
            {
                "/bundles/0/includes": "leads back to itself: a → b → a",
                "/bundles/1/includes": "leads back to itself: b → a → b",
            },
        ),
        (
            [_of("c", includes=["a"]), _of("a", includes=["b"]), _of("b", includes=["a"])],
            {"/bundles/1/includes": "leads back to itself: a → b → a"},
        ),
        ([_of("a", includes=["b"], skus={"x": 2})], {"/bundles/0/includes": "no bundle 'b'"}),
        ([_of("a", includes=[], skus={"x": 2})], {"/bundles/0/includes": "a list of 1 to 100"}),
        ([_of("a")], {"/bundles/0/skus": "must name 2 units"}),
        (
            [
                _of("a", skus={f"x{n}": 1 for n in range(20)}),
                _of("b", includes=["a"], skus={"y": 1}),
            ],
            {"/bundles/1/includes": "of 1 to 20 goods"},
        ),
        (
            [_of("a", skus={"x": 1_000}), _of("b", includes=["a"], skus={"x": 1})],
            {"/bundles/1/includes": "must name"},
        ),
    ],
)
def test_includes_that_cannot_be_meant_are_refused(
    bundles: list[dict[str, Any]], faults: dict[str, str]
) -> None:
    with pytest.raises(InvalidProgram) as refused:
        program(**document(bundles=bundles))

    found = dict(refused.value.faults)
    assert {path for path in faults if faults[path] in found.get(path, "")} == set(faults)

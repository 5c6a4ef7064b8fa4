"""Promotions: who they are for, what they give, and what caps them (F054)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.limits import Counter, Take
from chalicelib.domain.program_document import InvalidProgram
from chalicelib.domain.receipts import Why
from tests.builders import document, exactly, program, scene, tiers
from tests.domain.rules.baskets import bought, codes, discounts, earned, good, to_pay

DOUBLE = {"id": "double", "multiplier": 2}


def promoted(**fields: Any) -> dict[str, Any]:
    """Return a document with one promotion: double points, unless told otherwise."""
    return {"promotions": [{"id": "double"} | (fields or {"multiplier": 2})]}


class TestWhenAndWhere:
    @pytest.mark.parametrize(
        ("fit", "is_on"),
        [
            ({"from": "2026-06-01", "to": "2026-06-01"}, True),
            ({"from": "2026-06-02"}, False),
            ({"to": "2026-05-31"}, False),
            ({"weekdays": ["mon", "tue"]}, True),
            ({"weekdays": ["tue"]}, False),
            ({"stores": ["main"]}, True),
            ({"stores": ["airport"]}, False),
            ({"channels": ["offline"]}, True),
            ({"channels": ["online"]}, False),
            ({"tiers": ["gold"]}, True),
            ({"tiers": ["base"]}, False),
            ({"segments": ["nurses", "teachers"]}, True),
            ({"segments": ["pilots"]}, False),
            ({"min_receipt": "100.00"}, True),
            ({"min_receipt": "100.01"}, False),
        ],
    )
    def test_a_promotion_is_for_some_sales(self, fit: dict[str, Any], is_on: bool) -> None:
        at = scene("gold", store="main", buyer={"segments": frozenset({"teachers"})})

        priced = bought(good(10_000), at=at, tiers=tiers(), **promoted(multiplier=2, **fit))

        assert priced.earned == (20 if is_on else 10)

    @pytest.mark.parametrize(
        ("fit", "points"),
        [
            ({}, [20, 20, 20]),
            ({"categories": ["tea"]}, [20, 10, 10]),
            ({"skus": ["s-2"]}, [10, 20, 10]),
            ({"categories": ["tea"], "skus": ["s-2"]}, [20, 20, 10]),
        ],
    )
    def test_a_promotion_is_for_some_goods(
        self, fit: dict[str, Any], points: list[int]
    ) -> None:
        lines = (good(10_000, category="tea"), good(10_000, sku="s-2"), good(10_000))

        priced = bought(*lines, **promoted(multiplier=2, **fit))

        assert earned(priced) == points

    def test_an_anonymous_sale_is_no_ones(self) -> None:
        at = scene()
        nobody = replace(at, buyer=replace(at.buyer, is_member=False))

        priced = bought(good(10_000), at=nobody, **promoted(discount_percent=50))

        assert discounts(priced) == [0]


class TestRates:
    def test_the_largest_multiplier_counts_and_the_other_is_not_said(self) -> None:
        several = [
            {"id": name, "multiplier": by} for name, by in (("a", 2), ("b", 3), ("c", 2.5))
        ]

        priced = bought(good(10_000), promotions=several)

        assert priced.earned == 30
        assert [why.name for why in priced.lines[0].why if "promotion" in why.rule] == ["b"]

    def test_extra_percents_add_up_after_the_multiplier(self) -> None:
        several = [DOUBLE, *({"id": name, "extra_percent": 1} for name in "ab")]

        assert bought(good(10_000), promotions=several).earned == 22

    def test_a_multiplier_is_exact(self) -> None:
        rules = promoted(multiplier=1.333333) | {"earn_percent": "0.0003"}

        priced = bought(good(10**12), rules=program(**rules, point_value="0.01"))

        assert priced.earned == 3_999_999  # 10^12 × 0.000003 × 1.333333

    def test_a_margin_class_caps_what_a_promotion_has_made_and_says_so(self) -> None:
        caps = {"medium": 15, "low": 0}
        lines = (good(10_000, margin=name) for name in ("medium", "low", "high"))

        priced = bought(*lines, margin_caps=caps, **promoted())

        assert earned(priced) == [15, 0, 20]
        assert "earn.margin_cap" in codes(priced, 0)
        assert "earn.margin_cap" not in codes(priced, 2)

    def test_nothing_times_two_is_not_worth_saying(self) -> None:
        priced = bought(good(10_000), earn_percent=0, **promoted())

        assert codes(priced) == []

    def test_a_multiplier_multiplies_steps_too(self) -> None:
        steps = {"per": "300", "points": 100}

        plain, double = (
            bought(good(95_000), step_accrual=steps, **more) for more in ({}, promoted())
        )

        assert (plain.earned, double.earned) == (300, 600)

    def test_a_multiplier_takes_only_its_goods_part_of_the_steps(self) -> None:
        steps = {"per": "300", "points": 100}
        lines = (good(20_000, category="tea"), good(40_000))

        priced = bought(
            *lines, step_accrual=steps, **promoted(multiplier=2, categories=["tea"])
        )

        assert earned(priced) == [133, 133]  # 200 points: a third of them twice

    def test_an_extra_percent_comes_on_top_of_steps(self) -> None:
        steps = {"per": "300", "points": 100}

        priced = bought(good(30_000), step_accrual=steps, **promoted(extra_percent=10))

        assert priced.earned == 130

    def test_steps_of_goods_that_earn_nothing_are_none(self) -> None:
        steps = {"per": "300", "points": 100}

        priced = bought(good(30_000, margin="low"), step_accrual=steps, margin_caps={"low": 0})

        assert priced.earned == 0


class TestPoints:
    def test_points_come_once_a_receipt_over_the_fitting_lines(self) -> None:
        lines = (good(30_000, category="tea"), good(10_000, category="tea"), good(10_000))

        priced = bought(*lines, earn_percent=0, **promoted(points=50, categories=["tea"]))

        assert earned(priced) == [38, 12, 0]

    def test_without_a_fitting_line_there_are_none(self) -> None:
        priced = bought(good(10_000), earn_percent=0, **promoted(points=50, skus=["tea"]))

        assert priced.earned == 0

    def test_a_redeeming_receipt_takes_nothing_from_the_limit(self) -> None:
        rules = promoted(points=50, limits={"points": {"total": 100}})

        priced = bought(good(10_000), available=9, redeem=exactly(9), **rules)

        assert (priced.earned, priced.takes) == (0, ())

    @pytest.mark.parametrize(("used", "points"), [(0, 50), (50, 50), (51, 0), (100, 0)])
    def test_a_limit_without_room_gives_nothing(self, used: int, points: int) -> None:
        given = Counter("promotion:double:points")
        at = scene(used={given: used})
        rules = promoted(points=50, limits={"points": {"total": 100}})

        priced = bought(good(10_000), at=at, earn_percent=0, **rules)

        assert priced.earned == points
        takes = (Take(given, 50, 100),) if points else ()
        assert priced.takes == takes

    def test_without_a_fitting_line_nothing_is_taken_from_a_limit(self) -> None:
        rules = promoted(points=50, limits={"points": {"total": 100}}, skus=["tea"])

        assert bought(good(10_000), **rules).takes == ()

    def test_a_limit_of_one_gift_gives_it_once(self) -> None:
        rules = promoted(points=50, limits={"points": {"total": 50}})

        priced = bought(good(10_000), earn_percent=0, **rules)

        assert (priced.earned, priced.takes) == (
            50,
            (Take(Counter("promotion:double:points"), 50, 50),),
        )

    def test_what_is_paid_counts_for_the_minimum_and_not_the_price(self) -> None:
        rules = promoted(points=50, min_receipt="100.00") | {"discount_percent": 20}

        dear, cheap = (
            bought(good(minor), **rules, earn_percent=0) for minor in (12_500, 12_499)
        )

        assert (dear.earned, cheap.earned) == (50, 0)

    def test_free_goods_may_still_bring_points(self) -> None:
        priced = bought(good(0), good(0), **promoted(points=3))

        assert earned(priced) == [2, 1]


class TestDiscounts:
    def test_a_promotion_may_make_goods_cheaper(self) -> None:
        lines = (good(10_000, category="tea"), good(10_000))

        priced = bought(*lines, **promoted(discount_percent=30, categories=["tea"]))

        assert discounts(priced) == [3_000, 0]

    def test_it_competes_with_the_other_discounts(self) -> None:
        priced = bought(good(10_000), discount_percent=40, **promoted(discount_percent=30))

        assert to_pay(priced) == 6_000


@pytest.mark.parametrize(
    ("reward", "why"),
    [
        ({"multiplier": 2.5}, Why("earn.promotion_multiplier", 15, None, 2_500_000)),
        ({"extra_percent": 3}, Why("earn.promotion_percent", 3, None, 30_000)),
        ({"points": 50}, Why("earn.promotion_points", 50)),
        ({"discount_percent": 30}, Why("discount.promotion", None, 3_000, 300_000)),
    ],
)
def test_a_promotion_says_what_it_did_by_its_name(reward: dict[str, Any], why: Why) -> None:
    priced = bought(good(10_000), **promoted(**reward))

    assert replace(why, name="double") in priced.lines[0].why


def test_a_promotion_ends_with_its_last_day() -> None:
    rules = program(**promoted(multiplier=2, to="2026-06-01"))
    tomorrow = replace(scene(), on=date(2026, 6, 2))

    assert bought(good(10_000), rules=rules).earned == 20
    assert bought(good(10_000), rules=rules, at=tomorrow).earned == 10


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"multiplier": 1}, "/promotions/0/multiplier"),
        ({"multiplier": 101}, "/promotions/0/multiplier"),
        ({"multiplier": 2, "points": 5}, "/promotions/0"),
        ({"limits": {"uses": {"total": 5}}}, "/promotions/0"),
        (
            {"multiplier": 2, "limits": {"points": {"total": 5}}},
            "/promotions/0/limits/points",
        ),
        ({"multiplier": 2, "limits": {"money": {"total": 5}}}, "/promotions/0/limits/money"),
        ({"multiplier": 2, "limits": {}}, "/promotions/0/limits"),
        ({"multiplier": 2, "limits": {"uses": {}}}, "/promotions/0/limits/uses"),
        (
            {"points": 50, "limits": {"points": {"total": 49}}},
            "/promotions/0/limits/points/total",
        ),
        (
            {"multiplier": 2, "limits": {"uses": {"per_day": 0}}},
            "/promotions/0/limits/uses/per_day",
        ),
        (
            {"discount_percent": 2, "limits": {"money": {"per_member": "0"}}},
            "/promotions/0/limits/money/per_member",
        ),
        ({"multiplier": 2, "discount": "5"}, "/promotions/0/discount"),
        ({"multiplier": 2, "weekdays": ["monday"]}, "/promotions/0/weekdays"),
        ({"multiplier": 2, "weekdays": []}, "/promotions/0/weekdays"),
        ({"multiplier": 2, "channels": ["shop"]}, "/promotions/0/channels"),
        ({"multiplier": 2, "tiers": ["gold"]}, "/promotions/0/tiers"),
        ({"multiplier": 2, "from": "2026-13-01"}, "/promotions/0/from"),
        ({"multiplier": 2, "from": 7}, "/promotions/0/from"),
        ({"multiplier": 2, "from": "2026-02-02", "to": "2026-02-01"}, "/promotions/0/to"),
        ({"discount_percent": 101}, "/promotions/0/discount_percent"),
        ({"extra_percent": 101}, "/promotions/0/extra_percent"),
        ({"multiplier": 2, "colour": "red"}, "/promotions/0/colour"),
    ],
)
def test_a_promotion_that_cannot_be_meant_is_refused(fields: dict[str, Any], path: str) -> None:
    assert path in _paths([{"id": "p"} | fields])


def test_two_promotions_of_one_name_are_refused() -> None:
    assert _paths([DOUBLE, DOUBLE]) == ["/promotions/1/id"]


def _paths(promotions: list[dict[str, Any]]) -> list[str]:
    with pytest.raises(InvalidProgram) as refused:
        program(**document(promotions=promotions))
    return [path for path, _ in refused.value.faults]

"""Whose the points of a line are: those of its rate, and what each offer adds to it (R51).

The default program gives 10 %: 100.00 earns ten points.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.limits import Counter, Take
from chalicelib.domain.pricing import Priced
from chalicelib.domain.promo_codes import CodeUse
from chalicelib.domain.receipts import ReturnedLine
from chalicelib.domain.returned import part_of
from chalicelib.domain.sales import sell
from tests.builders import account, exactly, line, lot, occasion, program, receipt, sale
from tests.domain.rules.baskets import SPRING, bought, coupon, earned, good, shown

DOUBLE: dict[str, Any] = {"id": "double", "multiplier": 2}
STEPS = {"step_accrual": {"per": "300", "points": 100}}


def told(priced: Priced) -> list[list[int | None]]:
    """Return what the reasons of each line say was earned, in their order."""
    return [
        [why.points for why in one.why if why.rule.startswith("earn.")] for one in priced.lines
    ]


class TestRates:
    def test_a_multiplier_adds_what_the_rate_alone_does_not_give(self) -> None:
        priced = bought(good(10_500), promotions=[DOUBLE])

        assert (priced.earned, told(priced)) == (21, [[10, 11]])

    def test_goods_it_does_not_fit_earn_by_their_rate_alone(self) -> None:
        teas = DOUBLE | {"categories": ["tea"]}

        priced = bought(good(10_000, category="tea"), good(7_000), promotions=[teas])

        assert told(priced) == [[10, 10], [7]]

    def test_what_rounding_gave_a_line_stays_with_its_rate(self) -> None:
        lines = (good(1_000), good(1_400), good(1_600))

        plain, double = (bought(*lines, promotions=some) for some in (None, [DOUBLE]))

        assert told(plain) == [[1], [1], [2]]
        assert (earned(double), told(double)) == ([2, 3, 3], [[1, 1], [1, 2], [2, 1]])

    def test_offers_add_one_after_another_multipliers_first(self) -> None:
        several = [{"id": name, "extra_percent": n} for name, n in (("a", 3), ("b", 4))]

        priced = bought(good(10_000), promotions=[*several, DOUBLE])

        assert told(priced) == [[10, 10, 3, 4]]
        names = [why.name for why in priced.lines[0].why]
        assert names == [None, "double", "a", "b"]

    def test_of_two_multipliers_the_larger_has_all_the_points(self) -> None:
        triple = {"id": "triple", "multiplier": 3, "categories": ["tea"]}
        lines = (good(10_000, category="tea"), good(10_000))

        first, last = (
            bought(*lines, promotions=order) for order in ([DOUBLE, triple], [triple, DOUBLE])
        )

        assert told(first) == told(last) == [[10, 20], [10, 10]]

    @pytest.mark.parametrize(
        ("margin", "points"),
        [
            ("none", [0, None, 0, 0]),
            ("low", [5, None, 0, 0]),
            ("fair", [10, None, 4, 0]),
            ("good", [10, None, 10, 1]),
        ],
    )
    def test_a_margin_class_cuts_what_comes_last(
        self, margin: str, points: list[int | None]
    ) -> None:
        caps = {"none": 0, "low": 5, "fair": 14, "good": 21}
        more = [DOUBLE, {"id": "plus", "extra_percent": 3}]

        priced = bought(good(10_000, margin=margin), margin_caps=caps, promotions=more)

        assert told(priced) == [points]

    def test_a_multiplier_takes_its_lines_part_of_the_steps_twice(self) -> None:
        lines = (good(20_000, category="tea"), good(40_000))
        teas = DOUBLE | {"categories": ["tea"]}

        priced = bought(*lines, **STEPS, promotions=[teas])

        assert (earned(priced), told(priced)) == ([133, 133], [[67, 66], [133]])

    def test_where_no_step_is_full_only_extra_percents_add(self) -> None:
        priced = bought(
            good(20_000), **STEPS, promotions=[DOUBLE, {"id": "plus", "extra_percent": 5}]
        )

        assert told(priced) == [[0, 10]]

    def test_points_of_a_gift_stand_apart_from_the_rates(self) -> None:
        gift = {"id": "gift", "points": 7}

        priced = bought(good(10_000), promotions=[gift, DOUBLE])

        assert (priced.earned, told(priced)) == (27, [[10, 10, 7]])


class TestRounding:
    """Tenths of points: the default program gives 0.1 for each 1.00."""

    def test_a_line_that_more_points_leave_fewer_has_no_more_by_its_rate(self) -> None:
        tenth = {"id": "tenth", "multiplier": 1.1}
        lines = (good(4_300), good(4_300), good(1_430))

        plain, raised = (bought(*lines, promotions=some) for some in (None, [tenth]))

        assert earned(plain) == [4, 4, 2]
        assert told(raised) == [[5, 0], [4, 1], [1, 0]]

    def test_rounding_gives_no_multiplier_points_where_a_cap_lets_it_add_nothing(self) -> None:
        lines = (good(11_200, margin="low"), good(4_300))

        plain, double = (
            bought(*lines, margin_caps={"low": 5}, promotions=some) for some in (None, [DOUBLE])
        )

        assert earned(plain) == [5, 4]  # of 5.6 and 4.3
        assert told(double) == [[6, None, 0], [3, 5]]  # of 5.6 and 8.6

    def test_a_line_has_no_fewer_points_than_none(self) -> None:
        tens = {"id": "tens", "multiplier": 10, "categories": ["tea"]}
        teas = (good(50, category="tea") for _ in range(5))
        others = (good(900) for _ in range(11))

        priced = bought(*teas, *others, promotions=[tens])

        # 10.15 points without it and 12.4 with it, of which ten other lines have 0.9 each
        assert priced.earned == 12
        assert told(priced) == [[0, 1], *[[0, 0]] * 4, *[[1]] * 11]

    def test_a_rate_of_nothing_gets_no_points_from_rounding(self) -> None:
        rates = {"tea": {"earn": 0, "redeem": 0}, "default": {"earn": 10, "redeem": 0}}
        nines = {"id": "nines", "extra_percent": 90, "categories": ["tea"]}
        teas = (good(100, category="tea") for _ in range(3))

        priced = bought(*teas, good(500), good(500), category_rates=rates, promotions=[nines])

        assert told(priced) == [[0, 1], [0, 1], [0, 1], [0], [0]]


class TestReceipts:
    def test_points_that_pay_a_part_lessen_the_rate_and_the_multiplier_alike(self) -> None:
        priced = bought(
            good(10_000), mode="earn_and_redeem", available=40, redeem=exactly(40),
            promotions=[DOUBLE],
        )  # fmt: skip

        assert told(priced) == [[6, 6]]

    def test_a_receipt_that_earns_nothing_for_redeeming_tells_no_multiplier(self) -> None:
        priced = bought(good(10_000), available=40, redeem=exactly(40), promotions=[DOUBLE])

        assert told(priced) == [[0]]

    def test_a_free_unit_is_multiplied_for_nothing(self) -> None:
        stamps = {"stamps": {"category": "coffee", "every": 2}}

        priced = bought(
            good(10_000, 2, category="coffee"), good(5_000), **stamps, promotions=[DOUBLE]
        )

        assert told(priced) == [[10, 10], [5, 5]]

    def test_returned_parts_take_back_the_points_of_rate_and_multiplier(self) -> None:
        rules = program(promotions=[DOUBLE])
        sold = receipt(sell(account(), sale(line(10_500, 3_000)), occasion(rules)))

        parts = [part_of(sold, (ReturnedLine(0, milli),)) for milli in (1_000, 3_000)]

        assert told_of(sold.lines[0].why) == [31, 32]
        assert [part.earned for part in parts] == [21, 63]

    def test_a_lot_of_points_on_hand_changes_nothing_unasked(self) -> None:
        rules = program(promotions=[DOUBLE], mode="earn_and_redeem")

        sold = receipt(sell(account(lot("old", 50)), sale(line(10_000)), occasion(rules)))

        assert told_of(sold.lines[0].why) == [10, 10]


class TestCodes:
    def test_a_code_tells_the_points_its_multiplier_gave(self) -> None:
        priced = bought(good(10_000), at=shown(), **coupon(multiplier=1.5))

        assert priced.promo_codes == (CodeUse("SPRING", "c", True, points=5),)

    def test_a_code_that_a_margin_class_cut_to_nothing_is_not_used(self) -> None:
        uses = {"uses": {"total": 9}}

        nothing, something = (
            bought(
                good(10_000, margin=margin), at=shown(), margin_caps={"low": 10},
                **coupon(multiplier=2, limits=uses),
            )
            for margin in ("low", "high")
        )  # fmt: skip

        assert nothing.promo_codes == (CodeUse("SPRING", "c", False),)
        assert nothing.takes == ()
        assert Take(Counter("coupon:c:uses"), 1, 9) in something.takes
        assert Take(SPRING.counter, 1, None) in something.takes


@given(
    st.lists(st.integers(0, 2_000), min_size=1, max_size=6),
    st.sampled_from([1.5, 2, 3.333333]),
    st.sampled_from([{}, STEPS]),
)
def test_an_offer_for_everything_leaves_the_rates_the_points_they_had(
    prices: list[int], times: float, more: dict[str, Any]
) -> None:
    lines = [good(price * 100) for price in prices]
    offer = {"id": "all", "multiplier": times}

    plain, raised = (bought(*lines, **more, promotions=some) for some in (None, [offer]))

    assert sum(points[0] or 0 for points in told(raised) if points) == plain.earned


def told_of(whys: Any) -> list[int]:
    """Return the points in the reasons of earning."""
    return [why.points for why in whys if why.rule.startswith("earn.")]

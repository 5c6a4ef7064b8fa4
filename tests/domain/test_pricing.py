"""What a basket comes to: R1–R9, R28, R51, told with one receipt each."""

import pytest

from chalicelib.domain.pricing import InsufficientPoints, Priced, Redeem, RedeemMode, price
from chalicelib.domain.program import Program
from chalicelib.domain.receipts import ReceiptLine
from tests.builders import exactly, line, program, rates, scene, tiers, up_to

NOTHING = up_to(0)


def priced(*lines: object, rules: Program, available: int = 0, **given: object) -> Priced:
    """Price lines for a member of no tier, offline, who redeems nothing unless told."""
    given.setdefault("redeem", NOTHING)
    seen = scene(given.pop("tier", None), given.pop("channel", "offline"))
    return price(lines, program=rules, scene=seen, available=available, **given)  # type: ignore[arg-type]


def earned(result: Priced) -> list[int]:
    return [one.earned for one in result.lines]


def redeemed(result: Priced) -> list[int]:
    return [one.redeemed for one in result.lines]


def rules_said(one: ReceiptLine) -> list[str]:
    return [why.rule for why in one.why]


class TestEarning:
    def test_rounds_down_once_for_the_whole_receipt(self) -> None:
        result = priced(line(550), line(550), rules=program())  # 0.55 points a line

        assert result.earned == 1

    @pytest.mark.parametrize(("price_minor", "points"), [(999, 0), (1_000, 1), (1_999, 1)])
    def test_a_point_needs_its_full_worth(self, price_minor: int, points: int) -> None:
        assert priced(line(price_minor), rules=program()).earned == points

    def test_gives_the_odd_point_to_the_largest_remainder(self) -> None:
        result = priced(line(1_000), line(1_900), line(1_500), rules=program())

        assert earned(result) == [1, 2, 1]

    def test_gives_the_odd_point_to_the_earlier_of_equal_lines(self) -> None:
        result = priced(line(1_500), line(1_500), rules=program())

        assert earned(result) == [2, 1]

    @pytest.mark.parametrize(
        ("point_value", "points"), [("0.01", 1_000), ("7.50", 1), ("100", 0), ("1.00", 10)]
    )
    def test_divides_by_what_a_point_is_worth(self, point_value: str, points: int) -> None:
        result = priced(line(10_000), rules=program(point_value=point_value))

        assert result.earned == points

    def test_counts_a_weight_to_the_gram(self) -> None:
        result = priced(line(119_900, 350), rules=program())

        assert result.lines[0].gross_minor == 41_965
        assert result.earned == 41

    def test_rounds_half_a_minor_unit_of_a_weight_up(self) -> None:
        assert priced(line(1, 500), rules=program()).lines[0].gross_minor == 1

    def test_a_line_of_nothing_earns_nothing_and_is_allowed(self) -> None:
        result = priced(line(0), line(1_000), rules=program())

        assert earned(result) == [0, 1]

    def test_a_receipt_of_nothing_is_allowed(self) -> None:
        result = priced(line(0), rules=program(), available=10, redeem=up_to())

        assert (result.earned, result.redeem_max, result.redeemed) == (0, 0, 0)

    def test_goes_by_tier_and_channel(self) -> None:
        table = rates(base=(5, 0), silver=(10, 0), gold=(20, 0))
        table["silver"]["online"] = {"earn": 7, "redeem": 0}
        rules = program(tiers=tiers(), rates=table)

        offline = priced(line(10_000), rules=rules, tier="silver")
        online = priced(line(10_000), rules=rules, tier="silver", channel="online")

        assert (offline.earned, online.earned) == (10, 7)

    def test_goes_by_category_and_says_when_one_is_not_listed(self) -> None:
        rules = program(category_rates={"tea": {"earn": 20, "redeem": 0}})

        result = priced(line(1_000, category="tea"), line(1_000, category="salt"), rules=rules)

        assert earned(result) == [2, 0]
        assert "earn.category_unlisted" in rules_said(result.lines[1])

    def test_an_unlisted_category_has_the_default_rate_if_there_is_one(self) -> None:
        rules = program(category_rates={"default": {"earn": 30, "redeem": 0}})

        result = priced(line(1_000, category="salt"), line(1_000), rules=rules)

        assert earned(result) == [3, 3]

    @pytest.mark.parametrize(
        ("price_minor", "points"), [(29_999, 0), (30_000, 100), (89_999, 200)]
    )
    def test_steps_count_full_ones_only(self, price_minor: int, points: int) -> None:
        rules = program(earn_percent=None, step_accrual={"per": "300", "points": 100})

        assert priced(line(price_minor), rules=rules).earned == points

    def test_steps_are_counted_over_the_whole_receipt(self) -> None:
        rules = program(earn_percent=None, step_accrual={"per": "300", "points": 100})

        result = priced(line(20_000), line(10_000), rules=rules)

        assert earned(result) == [67, 33]

    def test_a_margin_class_caps_what_is_earned(self) -> None:
        rules = program(margin_caps={"medium": 5, "low": 0})

        result = priced(
            line(10_000, margin="medium"),
            line(10_000, margin="low"),
            line(10_000, margin="high"),
            rules=rules,
        )

        assert earned(result) == [5, 0, 10]
        assert "earn.margin_cap" in rules_said(result.lines[0])
        assert "earn.margin_cap" not in rules_said(result.lines[2])

    def test_the_base_is_the_money_paid_or_the_price_before_points(self) -> None:
        both = {"mode": "earn_and_redeem"}
        after, before = program(**both), program(**both, earn_base="gross")

        net = priced(line(10_000), rules=after, available=50, redeem=exactly(50))
        gross = priced(line(10_000), rules=before, available=50, redeem=exactly(50))

        assert (net.earned, gross.earned) == (5, 10)


class TestRedeeming:
    def test_pays_at_most_its_part_of_the_receipt(self) -> None:
        result = priced(line(10_099), rules=program(), available=1_000, redeem=up_to())

        assert (result.redeem_max, result.redeemed) == (50, 50)

    def test_pays_at_most_what_is_available(self) -> None:
        result = priced(line(10_000), rules=program(), available=7, redeem=up_to())

        assert (result.redeem_max, result.redeemed) == (7, 7)

    def test_pays_at_most_what_was_asked(self) -> None:
        result = priced(line(10_000), rules=program(), available=40, redeem=up_to(3))

        assert (result.redeem_max, result.redeemed) == (40, 3)

    def test_exactly_so_many_is_refused_if_there_are_fewer(self) -> None:
        with pytest.raises(InsufficientPoints, match="40 points asked for, 39 available"):
            priced(line(10_000), rules=program(), available=39, redeem=exactly(40))

    def test_exactly_so_many_is_cut_to_what_the_receipt_takes(self) -> None:
        result = priced(line(1_000), rules=program(), available=40, redeem=exactly(40))

        assert result.redeemed == 5

    def test_exactly_nothing_is_nothing(self) -> None:
        wish = Redeem(RedeemMode.EXACT)

        result = priced(line(10_000), rules=program(), available=40, redeem=wish)

        assert (result.redeemed, result.earned) == (0, 10)

    def test_is_shared_out_in_proportion_to_the_caps(self) -> None:
        rules = program(margin_caps={"low": 0, "medium": 10})

        result = priced(
            line(10_000), line(10_000, margin="medium"), line(10_000, margin="low"),
            rules=rules, available=100, redeem=up_to(),
        )  # fmt: skip

        assert redeemed(result) == [50, 10, 0]

    def test_no_line_pays_more_points_than_its_cap_rounded_up(self) -> None:
        result = priced(line(300), line(300), rules=program(), available=9, redeem=up_to())

        assert redeemed(result) == [2, 1]

    @pytest.mark.parametrize(
        ("point_value", "points", "to_pay"),
        [("0.01", 5_000, 5_000), ("7.50", 6, 5_500), ("100", 0, 10_000)],
    )
    def test_goes_by_what_a_point_is_worth(
        self, point_value: str, points: int, to_pay: int
    ) -> None:
        rules = program(point_value=point_value)

        result = priced(line(10_000), rules=rules, available=10_000, redeem=up_to())

        assert result.redeemed == points
        assert sum(one.net_minor for one in result.lines) == to_pay

    def test_leaves_the_least_money_to_be_paid(self) -> None:
        rules = program(redeem_percent=100, min_money="30")

        result = priced(line(10_000), rules=rules, available=1_000, redeem=up_to())

        assert result.redeemed == 70

    def test_leaves_nothing_to_redeem_where_the_receipt_is_all_least_money(self) -> None:
        rules = program(redeem_percent=100, min_money="30")

        assert priced(line(2_000), rules=rules, available=9, redeem=up_to()).redeem_max == 0

    def test_not_even_the_smallest_coin_of_the_least_money_is_paid_in_points(self) -> None:
        rules = program(redeem_percent=100, min_money="30", point_value="0.01")

        assert priced(line(3_000), rules=rules, available=9, redeem=up_to()).redeem_max == 0

    @pytest.mark.parametrize(("price_minor", "points"), [(49_999, 0), (50_000, 250)])
    def test_needs_the_least_receipt(self, price_minor: int, points: int) -> None:
        rules = program(min_receipt_for_redeem="500")

        result = priced(line(price_minor), rules=rules, available=900, redeem=up_to())

        assert result.redeemed == points

    def test_a_receipt_that_redeems_earns_nothing_where_it_is_one_or_the_other(self) -> None:
        result = priced(line(10_000), rules=program(), available=1, redeem=exactly(1))

        assert (result.redeemed, result.earned) == (1, 0)
        assert "earn.redeeming_receipt" in rules_said(result.lines[0])

    def test_a_wish_that_came_to_nothing_earns_normally(self) -> None:
        result = priced(line(10_000), rules=program(), available=0, redeem=up_to())

        assert (result.redeemed, result.earned) == (0, 10)

    def test_says_which_rule_gave_how_many_points(self) -> None:
        first = priced(line(10_000), rules=program()).lines[0].why[0]

        assert (first.rule, first.points, first.percent_ppm) == ("earn.flat_rate", 10, 100_000)


class TestWhyPointsPayLess:
    """R51: every limit that cut a redemption is named on the lines it cut."""

    def test_names_the_least_receipt(self) -> None:
        rules = program(min_receipt_for_redeem="500")

        only = priced(line(49_999), rules=rules, available=9, redeem=up_to()).lines[0]

        assert rules_said(only) == ["redeem.receipt_minimum", "earn.flat_rate"]
        assert only.why[0].amount_minor == 50_000

    def test_names_the_least_money(self) -> None:
        rules = program(redeem_percent=100, min_money="90", mode="earn_and_redeem")

        only = priced(line(10_000), rules=rules, available=100, redeem=exactly(50)).lines[0]

        assert only.redeemed == 10
        said = ["redeem.flat_rate", "redeem.money_minimum", "earn.flat_rate"]
        assert rules_said(only) == said
        assert only.why[1].amount_minor == 9_000

    def test_does_not_name_the_least_money_where_it_cut_nothing(self) -> None:
        rules = program(redeem_percent=100, min_money="90")

        only = priced(line(10_000), rules=rules, available=100, redeem=exactly(10)).lines[0]

        assert "redeem.money_minimum" not in rules_said(only)

    def test_names_a_category_points_may_not_pay(self) -> None:
        rules = program(category_rates={"coffee": {"earn": 5, "redeem": 50}})

        only = priced(
            line(10_000, category="gift"), rules=rules, available=9, redeem=up_to()
        ).lines[0]

        assert rules_said(only)[0] == "redeem.category_unlisted"

    def test_names_a_margin_class_points_may_not_pay(self) -> None:
        rules = program(margin_caps={"low": 0})

        only = priced(line(10_000, margin="low"), rules=rules, available=9, redeem=up_to())

        assert rules_said(only.lines[0])[:2] == ["redeem.flat_rate", "redeem.margin_cap"]

    @pytest.mark.parametrize(("redeem", "available"), [(NOTHING, 9), (up_to(), 0)])
    def test_says_nothing_where_no_points_were_to_pay(
        self, redeem: Redeem, available: int
    ) -> None:
        rules = program(min_receipt_for_redeem="500", margin_caps={"low": 0})

        only = priced(
            line(10_000, margin="low"), rules=rules, available=available, redeem=redeem
        ).lines[0]

        assert not [rule for rule in rules_said(only) if rule.startswith("redeem.")]

"""What is true of every price, whatever the basket and the program."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.basket import BasketLine
from chalicelib.domain.money import share_out
from chalicelib.domain.pricing import Priced, price
from chalicelib.domain.program import Program
from tests.builders import line, program, scene, up_to

PROGRAMS = st.builds(
    program,
    mode=st.sampled_from(["earn_or_redeem", "earn_and_redeem"]),
    earn_base=st.sampled_from(["net_paid", "gross"]),
    point_value=st.sampled_from(["0.01", "0.001", "1.00", "7.50", "100"]),
    earn_percent=st.integers(0, 100),
    redeem_percent=st.integers(0, 100),
    min_money=st.sampled_from(["0", "1.50", "500"]),
    margin_caps=st.just({"medium": 5, "low": 0}),
)
LINES = st.lists(
    st.builds(
        line,
        st.integers(0, 300_000),
        st.integers(1, 5_000),
        margin=st.sampled_from([None, "low", "medium", "high"]),
    ),
    min_size=1,
    max_size=6,
)
POINTS = st.integers(0, 5_000)


def _price(basket: list[BasketLine], rules: Program, available: int, asked: int) -> Priced:
    return price(
        basket,
        program=rules,
        scene=scene(),
        available=available,
        redeem=up_to(asked),
    )


@pytest.mark.parametrize(
    ("kilograms", "price_of_one", "whole"),
    [
        ("0.350", "1199.00", "419.65"),
        ("0.350", "99.99", "35.00"),  # 34.9965
        ("0.335", "99.99", "33.50"),  # 33.49665
        ("1.005", "1.00", "1.01"),  # the half goes up
        ("0.001", "4.99", "0.00"),
        ("0.001", "5.00", "0.01"),
        ("0.333", "0.01", "0.00"),
        ("999999.999", "99999.99", "99999989900.00"),
    ],
)
def test_what_is_weighed_is_priced_right_to_the_minor_unit(
    kilograms: str, price_of_one: str, whole: str
) -> None:
    quantity_milli, price_minor = int(Decimal(kilograms) * 1000), _minor(price_of_one)

    assert line(price_minor, quantity_milli).gross_minor == _minor(whole)


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_line_is_price_times_quantity_rounded_half_up_once(
    price_minor: int, quantity_milli: int
) -> None:
    exact = Decimal(price_minor) * Decimal(quantity_milli) / 1000

    assert line(price_minor, quantity_milli).gross_minor == exact.quantize(1, ROUND_HALF_UP)


@pytest.mark.parametrize(("available", "told"), [(0, False), (5, True)])
def test_a_receipt_too_small_for_a_point_says_how_much_points_may_pay(
    available: int, told: bool
) -> None:
    priced = _price([line(150)], program(redeem_percent=50), available, 5)

    whys = {why.rule: (why.points, why.percent_ppm) for why in priced.lines[0].why}
    assert priced.redeemed == 0
    assert whys.get("redeem.flat_rate") == ((0, 500_000) if told else None)


@given(LINES, PROGRAMS, POINTS, POINTS)
def test_money_and_points_add_up_and_no_line_is_negative(
    basket: list[BasketLine], rules: Program, available: int, asked: int
) -> None:
    priced = _price(basket, rules, available, asked)

    gross = sum(one.gross_minor for one in priced.lines)
    value = sum(one.redeemed_minor for one in priced.lines)
    to_pay = sum(one.net_minor for one in priced.lines)
    assert to_pay + value + sum(one.discount_minor for one in priced.lines) == gross
    assert value == rules.points_value_minor(priced.redeemed)
    assert sum(one.redeemed for one in priced.lines) == priced.redeemed
    assert sum(one.earned for one in priced.lines) == priced.earned
    for one in priced.lines:
        assert min(one.net_minor, one.redeemed, one.earned, one.redeemed_minor) >= 0


@given(LINES, PROGRAMS, POINTS, POINTS)
def test_never_more_is_redeemed_than_allowed(
    basket: list[BasketLine], rules: Program, available: int, asked: int
) -> None:
    priced = _price(basket, rules, available, asked)

    assert 0 <= priced.redeemed <= min(available, asked, priced.redeem_max)
    if priced.redeemed:
        to_pay = sum(one.net_minor for one in priced.lines)
        assert to_pay >= rules.min_money_minor


@given(LINES, PROGRAMS, POINTS, POINTS, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_change_what_is_redeemed(
    basket: list[BasketLine], rules: Program, available: int, asked: int, random: object
) -> None:
    mixed = list(basket)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    one, other = (_price(lines, rules, available, asked) for lines in (basket, mixed))

    assert (one.redeem_max, one.redeemed) == (other.redeem_max, other.redeemed)
    assert _to_pay(one) == _to_pay(other)


@given(LINES, PROGRAMS, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_change_what_is_earned(
    basket: list[BasketLine], rules: Program, random: object
) -> None:
    mixed = list(basket)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    assert _price(basket, rules, 0, 0).earned == _price(mixed, rules, 0, 0).earned


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**9), max_size=9))
def test_shares_add_up_and_stay_within_one_of_the_exact_value(
    whole: int, weights: list[int]
) -> None:
    shares = share_out(whole, weights)

    total = sum(weights)
    assert sum(shares) == (whole if total else 0)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * total - whole * weight) < max(total, 1)
        assert weight or share == 0


def _to_pay(priced: Priced) -> int:
    return sum(one.net_minor for one in priced.lines)


def _minor(text: str) -> int:
    return int(Decimal(text) * 100)

"""Counters on the edges: what a void gives back, what a move leaves, codes that did nothing."""

from dataclasses import replace

from chalicelib.domain.limits import Counter, Take
from chalicelib.domain.promo_codes import PromoCode, PromoCodeRefused
from chalicelib.domain.receipts import ReturnedLine, Why
from chalicelib.domain.returned import stamps_of
from chalicelib.domain.sales import sell
from chalicelib.domain.takes import counters_of, given_back, kept_takes
from tests.builders import ANN, TODAY, account, line, occasion, program, receipt, sale
from tests.domain.rules.baskets import SPRING, bought, coupon, good, shown

OWN = Take(Counter("own:12345678", member_id=ANN.member_id), 1)
CODE = Take(Counter("code:SPRING"), 1)
POINTS = Take(Counter("promotion:p:points"), 30)


def test_a_moved_receipt_keeps_the_uses_of_its_codes_and_gives_back_its_points() -> None:
    moved = replace(receipt(sell(account(), sale(), occasion())), takes=(OWN, CODE, POINTS))

    assert kept_takes(moved) == (OWN, CODE)
    assert given_back(moved, TODAY, is_moved=True) == (Take(POINTS.counter, -30),)


def test_a_counter_that_was_taken_from_twice_gets_back_both_at_once() -> None:
    sold = receipt(sell(account(), sale(), occasion()))
    twice = replace(sold, takes=(POINTS, CODE, replace(POINTS, units=12)))

    assert given_back(twice, TODAY, is_moved=False) == (
        Take(POINTS.counter, -42),
        Take(CODE.counter, -1),
    )


def test_a_code_that_did_nothing_takes_nothing_and_the_next_takes_its_own() -> None:
    both = [{"id": "c", "discount_percent": 10}, {"id": "d", "discount_percent": 15}]
    at = shown(SPRING, PromoCode(code="D", coupon_id="d"))

    priced = bought(good(10_000), at=at, stacking={"codes": "best"}, coupons=both)

    assert priced.takes == (Take(Counter("code:D"), 1, 1),)


def test_without_codes_the_counters_of_points_are_read_after_a_coupons() -> None:
    uses = {"uses": {"total": 9}}
    rules = program(
        promotions=[{"id": "p", "multiplier": 2, "limits": uses}],
        **coupon(discount="5", limits=uses),
    )

    assert counters_of(rules, shown()) == (Counter("promotion:p:uses"),)


def test_a_refused_code_says_which_it_is_and_why() -> None:
    refused = PromoCodeRefused("SPRING", "used_up")

    assert str(refused) == "SPRING: the code has been used as often as it may be"
    assert (refused.reason, refused.place) == ("used_up", 0)


def test_stamps_go_back_for_the_units_that_were_paid_alone() -> None:
    rules = program(stamps={"category": "coffee", "every": 3})
    four = sale(line(10_000, 4_000, category="coffee"))

    sold = receipt(sell(account(), four, occasion(rules)))

    assert sold.lines[0].free_milli == 1_000
    assert stamps_of(sold, [ReturnedLine(0, 3_000)]) == 3
    assert stamps_of(sold, [ReturnedLine(0, 4_000)]) == 3


def test_an_excluded_line_says_that_it_gives_no_points() -> None:
    priced = bought(good(10_000, category="tea"), excluded={"categories": ["tea"]})

    assert priced.lines[0].why == (Why("excluded.goods", 0),)

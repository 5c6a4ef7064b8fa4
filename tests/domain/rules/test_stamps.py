"""Stamp cards: R38, and R25 when stamped units come back."""

from dataclasses import replace

import pytest

from chalicelib.domain.account import Account
from chalicelib.domain.attaching import attach
from chalicelib.domain.basket import Scene
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.program import Program
from chalicelib.domain.receipts import Receipt, ReceiptLine, ReturnedLine, Why
from chalicelib.domain.returns import Claim, take_back
from chalicelib.domain.sales import sell, sell_anonymously
from tests.builders import (
    account,
    after,
    as_stored,
    line,
    noon,
    occasion,
    program,
    receipt,
    sale,
    scene,
)
from tests.domain.rules.baskets import bought, codes, discounts, good, to_pay

CARD = {"stamps": {"category": "coffee", "every": 6}, "earn_percent": 0}
COFFEE = program(**CARD)


def holding(stamps: int) -> Scene:
    return scene(buyer={"stamps": stamps})


class TestCounting:
    @pytest.mark.parametrize(
        ("before", "units", "free", "stamps"),
        [(0, 5, 0, 5), (0, 6, 1, 0), (4, 3, 1, 1), (1, 12, 2, 1), (5, 1, 1, 0)],
    )
    def test_each_sixth_unit_is_free(
        self, before: int, units: int, free: int, stamps: int
    ) -> None:
        coffee = good(15_000, units, category="coffee")

        priced = bought(coffee, rules=COFFEE, at=holding(before))

        assert priced.lines[0].free_milli == free * 1000
        assert to_pay(priced) == (units - free) * 15_000
        assert priced.stamps_after == stamps

    def test_a_stamped_line_and_a_free_unit_name_the_category(self) -> None:
        priced = bought(good(15_000, 6, category="coffee"), rules=COFFEE)

        assert priced.lines[0].why == (
            Why("stamps.collected", name="coffee"),
            Why("free.stamps", None, 15_000, None, "coffee"),
        )

    def test_units_of_several_lines_fill_one_card_and_the_cheapest_is_free(self) -> None:
        large, small = (
            good(price, units, category="coffee") for price, units in ((25_000, 4), (15_000, 2))
        )

        priced = bought(large, small, rules=COFFEE)

        assert discounts(priced) == [0, 15_000]

    def test_which_of_two_units_of_one_price_is_free_does_not_depend_on_their_order(
        self,
    ) -> None:
        rules = program(**CARD, promotions=[{"id": "p", "discount_percent": 50, "skus": ["a"]}])
        lines = [good(15_000, 3, category="coffee", sku=sku) for sku in ("a", "b")]

        one, other = (bought(*these, rules=rules) for these in (lines, lines[::-1]))

        assert to_pay(one) == to_pay(other)

    def test_another_category_gets_no_stamp(self) -> None:
        priced = bought(good(100, 6, category="tea"), rules=COFFEE, at=holding(5))

        assert (to_pay(priced), priced.stamps_after) == (600, 5)

    def test_a_part_of_a_unit_gets_no_stamp(self) -> None:
        weighed, one_and_a_half = (
            line(10_000, milli, category="coffee") for milli in (350, 1500)
        )

        priced = bought(weighed, one_and_a_half, rules=COFFEE)

        assert priced.stamps_after == 1
        assert codes(priced, 1)[0] == "stamps.collected"
        assert "stamps.collected" not in codes(priced, 0)

    def test_a_full_card_of_an_older_program_waits_for_the_next_unit(self) -> None:
        nothing = bought(good(100, category="tea"), rules=COFFEE, at=holding(9))
        coffee = bought(good(100, category="coffee"), rules=COFFEE, at=holding(13))

        assert nothing.stamps_after == 9
        assert (to_pay(coffee), coffee.stamps_after) == (0, 8)

    def test_nobody_unknown_collects(self) -> None:
        at = scene()
        nobody = replace(at, buyer=replace(at.buyer, is_member=False))

        priced = bought(good(100, 6, category="coffee"), rules=COFFEE, at=nobody)

        assert (to_pay(priced), priced.stamps_after) == (600, None)

    def test_the_reason_says_what_the_free_units_are_worth(self) -> None:
        priced = bought(good(15_000, 6, category="coffee"), rules=COFFEE)

        why = priced.lines[0].why[1]
        assert (why.rule, why.amount_minor, why.name) == ("free.stamps", 15_000, "coffee")


class TestReturning:
    def test_paid_units_come_back_first_at_their_full_price(self) -> None:
        owner, of = _sold(12)

        first = _back(owner, of, (0, 1000))
        rest = _back(after(first), as_stored(first), (0, 11_000), number="b-2")

        assert receipt(first).returns[0].refund_minor == 15_000
        assert receipt(rest).returns[1].refund_minor == 135_000

    def test_a_consumed_free_unit_is_worth_nothing(self) -> None:
        owner, of = _sold(6)

        paid = _back(owner, of, (0, 5000))
        free = _back(after(paid), as_stored(paid), (0, 1000), number="b-2")

        assert receipt(paid).returns[0].refund_minor == 75_000
        assert receipt(free).returns[1].refund_minor == 0

    def test_a_paid_unit_loses_its_stamp_and_a_free_one_none(self) -> None:
        owner, of = _sold(9)

        two = _back(owner, of, (0, 2000))
        all_the_rest = _back(after(two), as_stored(two), number="b-2")

        assert (owner.stamps, after(two).stamps, after(all_the_rest).stamps) == (3, 1, 0)

    def test_the_card_never_falls_below_nothing(self) -> None:
        owner, of = _sold(7)

        back = _back(owner, of, (0, 4000))

        assert (owner.stamps, after(back).stamps) == (1, 0)

    def test_parts_of_a_unit_lose_the_stamp_once_they_make_one(self) -> None:
        owner, of = _sold(3)

        half = _back(owner, of, (0, 500))
        whole = _back(after(half), as_stored(half), (0, 500), number="b-2")

        assert (after(half).stamps, after(whole).stamps) == (3, 2)

    def test_goods_without_a_stamp_leave_the_card_alone(self) -> None:
        change = sell(
            account(stamps=4), sale(line(100, 2000, category="tea")), occasion(COFFEE)
        )

        back = _back(after(change), receipt(change))

        assert after(back).stamps == 4

    def test_todays_rules_do_not_decide_what_was_stamped(self) -> None:
        owner, of = _sold(3)

        back = _back(owner, of, (0, 1000), rules=program())

        assert after(back).stamps == 2

    def test_a_line_of_free_units_alone_can_come_back(self) -> None:
        owner, of = _sold(1, stamps=5)

        back = _back(owner, of)

        assert receipt(back).returns[0].refund_minor == 0
        assert after(back).stamps == 0


def test_a_receipt_attached_later_is_stamped_but_stays_as_it_was_paid() -> None:
    coffee = sale(line(15_000, 2000, category="coffee"), member=None)
    of = receipt(sell_anonymously(coffee, occasion(COFFEE)))

    change = attach(account(stamps=5), of, 30_000, occasion(COFFEE, at=noon("2026-06-02")))

    assert receipt(change).to_pay_minor == 30_000
    assert after(change).stamps == 7
    assert _free(receipt(change).lines[0]) == 0


def _free(one: ReceiptLine) -> int:
    return one.free_milli // 1000


def _sold(units: int, stamps: int = 0) -> tuple[Account, Receipt]:
    coffee = sale(line(15_000, units * 1000, category="coffee"))
    change = sell(account(stamps=stamps), coffee, occasion(COFFEE))
    return after(change), receipt(change)


def _back(
    owner: Account,
    of: Receipt,
    *lines: tuple[int, int],
    number: str = "b-1",
    rules: Program = COFFEE,
) -> LedgerChange:
    claim = Claim(return_id=number, lines=tuple(ReturnedLine(*one) for one in lines) or None)
    return take_back(owner, of, claim, occasion(rules, at=noon("2026-06-02"), key=number))

"""Limits: how often, how many points and how much money an offer may give (F056)."""

from typing import Any

import pytest

from chalicelib.domain.basket import Scene
from chalicelib.domain.limits import Counter, Limits, Take, have_room
from chalicelib.domain.program import Program
from chalicelib.domain.promo_codes import PromoCode
from chalicelib.domain.takes import counters_of, has_limits
from tests.builders import ANN, TODAY, program, scene
from tests.domain.rules.baskets import bought, discounts, good, to_pay

ALL, DAY, EACH = (
    Counter("promotion:p:uses"),
    Counter("promotion:p:uses", day=TODAY),
    Counter("promotion:p:uses", member_id=ANN.member_id),
)


def anns(**more: Any) -> Scene:
    return scene(buyer={"member_id": ANN.member_id}, **more)


def limited(limits: dict[str, Any], **gift: Any) -> dict[str, Any]:
    return {"promotions": [{"id": "p", "limits": limits} | (gift or {"multiplier": 2})]}


@pytest.mark.parametrize(
    ("limits", "counter", "most"),
    [
        ({"total": 3}, ALL, 3),
        ({"per_day": 2}, DAY, 2),
        ({"per_member": 1}, EACH, 1),
    ],
)
def test_a_use_is_taken_from_the_counter_it_is_limited_by_until_that_is_full(
    limits: dict[str, int], counter: Counter, most: int
) -> None:
    rules = limited({"uses": limits})

    given = bought(good(10_000), at=anns(used={counter: most - 1}), **rules)
    full = bought(good(10_000), at=anns(used={counter: most}), **rules)

    assert (given.earned, given.takes) == (20, (Take(counter, 1, most),))
    assert (full.earned, full.takes) == (10, ())


def test_another_day_and_another_member_have_room_of_their_own() -> None:
    rules = limited({"uses": {"per_day": 1, "per_member": 1}})
    others = {
        Counter("promotion:p:uses", day=TODAY.replace(day=2)): 1,
        Counter("promotion:p:uses", member_id="mem_other"): 1,
    }

    assert bought(good(10_000), at=anns(used=others), **rules).earned == 20


@pytest.mark.parametrize(("used", "off"), [(0, 3_000), (7_000, 3_000), (7_001, 0)])
def test_money_needs_room_for_the_most_the_discount_can_take_off(used: int, off: int) -> None:
    counter = Counter("promotion:p:money")
    rules = limited({"money": {"total": "100"}}, discount_percent=30)

    priced = bought(good(10_000), at=anns(used={counter: used}), **rules)

    assert discounts(priced) == [off]
    assert priced.takes == ((Take(counter, off, 10_000),) if off else ())


def test_money_is_counted_as_it_was_given_not_as_it_was_offered() -> None:
    rules = limited({"money": {"total": "900"}, "uses": {"total": 9}}, discount_percent=30)
    lines = (good(10_000, category="tea"), good(10_000))

    priced = bought(*lines, at=anns(), category_discounts={"tea": 40}, **rules)

    assert discounts(priced) == [4_000, 3_000]
    assert priced.takes == (Take(ALL, 1, 9), Take(Counter("promotion:p:money"), 3_000, 90_000))


def test_a_discount_that_lost_everywhere_takes_nothing() -> None:
    rules = limited({"uses": {"total": 9}}, discount_percent=30)

    priced = bought(good(10_000), at=anns(), discount_percent=40, **rules)

    assert (to_pay(priced), priced.takes) == (6_000, ())


def test_a_multiplier_that_lost_takes_nothing() -> None:
    rules = limited({"uses": {"total": 9}})
    rules["promotions"].append({"id": "more", "multiplier": 3})

    priced = bought(good(10_000), at=anns(), **rules)

    assert (priced.earned, priced.takes) == (30, ())


class TestCounters:
    def test_a_program_without_limits_reads_nothing(self) -> None:
        rules = program(promotions=[{"id": "p", "multiplier": 2}])

        assert not has_limits(rules)
        assert counters_of(rules, anns(), has_codes=True) == ()

    def test_a_limit_that_is_open_reads_its_counters(self) -> None:
        rules = self.limited({})

        assert counters_of(rules, anns()) == (ALL, DAY, EACH)

    @pytest.mark.parametrize(
        "fit",
        [
            {"to": "2026-05-31"},
            {"from": "2026-06-02"},
            {"weekdays": ["tue"]},
            {"stores": ["airport"]},
            {"channels": ["online"]},
            {"segments": ["nurses"]},
        ],
    )
    def test_a_limit_that_is_closed_reads_nothing(self, fit: dict[str, Any]) -> None:
        rules = self.limited(fit)

        assert has_limits(rules)
        assert counters_of(rules, anns(store="main")) == ()

    def test_a_coupons_counters_are_read_when_there_are_codes(self) -> None:
        rules = program(
            coupons=[{"id": "c", "discount": "5", "limits": {"uses": {"total": 1}}}]
        )

        assert counters_of(rules, anns()) == ()
        assert counters_of(rules, anns(), has_codes=True) == (Counter("coupon:c:uses"),)

    @staticmethod
    def limited(fit: dict[str, Any]) -> Program:
        uses = {"total": 9, "per_day": 9, "per_member": 9}
        promotion = {"id": "p", "multiplier": 2, "limits": {"uses": uses}}
        return program(promotions=[promotion | fit])


def test_a_receipt_that_was_paid_before_takes_for_its_points_alone() -> None:
    rules = limited({"uses": {"total": 9}})
    rules["promotions"].append(
        {"id": "cheap", "discount_percent": 5, "limits": {"uses": {"total": 9}}}
    )
    rules["coupons"] = [{"id": "c", "points": 3}]
    code = PromoCode(code="C", coupon_id="c")

    priced = bought(good(10_000), at=anns(is_paid=True, codes=(code,)), **rules)

    assert priced.takes == (Take(ALL, 1, 9),)
    assert priced.promo_codes[0].points == 3


def test_room_is_asked_of_every_counter() -> None:
    maxima = Limits(total=5, per_day=2).counters("x", TODAY, None)

    assert have_room(maxima, {}, 2)
    assert not have_room(maxima, {}, 3)
    assert not have_room(maxima, {Counter("x"): 4}, 2)

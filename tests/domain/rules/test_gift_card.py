"""The sale of a gift card within a basket: it is no merchandise (R5, R28)."""

from dataclasses import replace

import pytest

from chalicelib.domain.gift_cards import Remainder
from chalicelib.domain.program_document import InvalidProgram
from chalicelib.domain.returns import Claim, take_back
from chalicelib.domain.rules.gift_card import remainder_of
from chalicelib.domain.sales import sell
from tests.builders import (
    account,
    after,
    as_stored,
    exactly,
    line,
    lot,
    occasion,
    program,
    receipt,
    sale,
)

COFFEE = replace(line(10_000, category="coffee"), sku="cup")
CARD = replace(line(50_000, category="gift_card"), sku="card")
REWARDS = {
    "mode": "earn_and_redeem",
    "discount_percent": 10,
    "redeem_percent": 100,
    "bundles": [{"id": "set", "skus": {"cup": 1, "card": 1}, "discount_percent": 90}],
    "promotions": [
        {"id": "double", "multiplier": 2},
        {"id": "more", "extra_percent": 5},
        {"id": "cheaper", "discount_percent": 50, "categories": ["gift_card"]},
        {"id": "thanks", "points": 60},
    ],
}
OFF = program(**REWARDS)
ON = program(**REWARDS, gift_card={"remainder": "keep"})


def bought(*lines, rules=ON, points: int = 0):
    asked = {"redeem": exactly(points)} if points else {}
    return sell(account(lot("june", 500)), sale(*lines, **asked), occasion(rules))


def test_a_card_gets_no_discount_and_earns_nothing() -> None:
    _, sold = receipt(bought(COFFEE, CARD)).lines

    assert (sold.discount_minor, sold.redeemed, sold.earned) == (0, 0, 0)
    assert [(why.rule, why.points) for why in sold.why] == [("earn.gift_card_sale", 0)]


def test_points_cannot_buy_a_card() -> None:
    change = bought(line(10_000), CARD, points=500)

    coffee, sold = receipt(change).lines
    assert (coffee.redeemed, sold.redeemed) == (90, 0)


def test_what_else_is_in_the_basket_is_rewarded_as_ever() -> None:
    plain = REWARDS | {"promotions": None, "bundles": None}
    alone = receipt(bought(COFFEE, rules=program(**plain))).lines[0]
    rules = program(**plain, gift_card={})

    beside = receipt(bought(COFFEE, CARD, rules=rules)).lines[0]

    assert beside == alone


def test_a_card_fills_no_step() -> None:
    steps = {"step_accrual": {"per": "100.00", "points": 7}, "earn_percent": None}

    change = bought(COFFEE, CARD, rules=program(**steps, gift_card={}))

    assert [one.earned for one in receipt(change).lines] == [7, 0]


def test_the_sale_of_a_card_is_no_turnover_nor_is_its_return() -> None:
    change = bought(line(10_000), CARD)
    back = take_back(
        after(change), as_stored(change), Claim(return_id="b", lines=None), occasion(ON)
    )

    assert after(change).turnover.lifetime_minor == 9_000
    assert after(back).turnover.lifetime_minor == 0
    assert receipt(back).returns[0].refund_minor == 59_000


def test_a_receipt_that_redeems_says_of_the_card_why_it_earns_nothing() -> None:
    rules = program(**(REWARDS | {"mode": None}), gift_card={})

    change = bought(line(10_000), CARD, rules=rules, points=10)

    assert after(change).turnover.lifetime_minor == 8_000


def test_without_the_rule_the_category_is_like_any_other() -> None:
    sold = receipt(bought(CARD, rules=OFF)).lines[0]

    assert sold.discount_minor == 25_000  # the promotion's half
    assert sold.earned > 0


def test_the_category_may_have_another_name() -> None:
    rules = program(gift_card={"category": "certificates"})

    first, second = receipt(
        bought(line(10_000, category="certificates"), CARD, rules=rules)
    ).lines

    assert (first.earned, second.earned) == (0, 50)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Remainder.KEEP),
        ({"gift_card": {}}, Remainder.KEEP),
        ({"gift_card": {"remainder": "forfeit", "sold_earns": "no"}}, Remainder.FORFEIT),
    ],
)
def test_a_remainder_is_kept_unless_the_program_says_otherwise(fields, expected) -> None:
    assert remainder_of(program(**fields)) is expected


@pytest.mark.parametrize(
    ("gift_card", "path"),
    [
        ({"remainder": "lose"}, "/gift_card/remainder"),
        ({"sold_earns": "yes"}, "/gift_card/sold_earns"),
        ({"category": ""}, "/gift_card/category"),
        ({"expiry_days": 3}, "/gift_card/expiry_days"),
        ("keep", "/gift_card"),
    ],
)
def test_what_is_wrong_is_told_by_path(gift_card, path: str) -> None:
    with pytest.raises(InvalidProgram) as refused:
        program(gift_card=gift_card)

    assert [fault[0] for fault in refused.value.faults] == [path]

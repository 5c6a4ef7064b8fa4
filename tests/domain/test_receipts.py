"""What a receipt comes to, line by line and in all."""

from dataclasses import replace

from chalicelib.domain.receipts import (
    GIFT_CARD_SALE,
    GiftCardPart,
    Receipt,
    ReceiptLine,
    ReceiptStatus,
    Why,
)
from chalicelib.domain.sales import sell, sell_anonymously
from tests.builders import account, line, occasion, receipt, sale

TEA = ReceiptLine(
    sku=None,
    category="tea",
    margin=None,
    quantity_milli=1_000,
    unit_price_minor=50_000,
    gross_minor=50_000,
    discount_minor=4_000,
    free_milli=0,
    redeemed=7,
    redeemed_minor=700,
    earned=3,
    why=(Why("earn.flat_rate", 3),),
)
CARD = replace(
    TEA,
    gross_minor=20_000,
    discount_minor=0,
    redeemed_minor=0,
    why=(Why("excluded.goods", 0), Why(GIFT_CARD_SALE, 0)),
)


def of_lines(*lines: ReceiptLine) -> Receipt:
    return replace(receipt(sell(account(), sale(line(1)), occasion())), lines=lines)


def test_a_line_costs_what_discount_and_points_leave_and_that_is_its_turnover() -> None:
    assert (TEA.net_minor, TEA.turnover_minor) == (45_300, 45_300)


def test_a_gift_card_that_is_sold_is_paid_for_and_is_no_turnover() -> None:
    assert (CARD.net_minor, CARD.turnover_minor) == (20_000, 0)


def test_a_receipt_is_the_sum_of_its_lines() -> None:
    found = of_lines(TEA, TEA, CARD)

    assert (found.gross_minor, found.discount_minor) == (120_000, 8_000)
    assert (found.to_pay_minor, found.money_minor, found.gift_card_minor) == (
        110_600,
        110_600,
        0,
    )


def test_what_a_gift_card_pays_is_not_paid_in_money() -> None:
    part = GiftCardPart("hash", paid_minor=5_300, forfeited_minor=200)

    found = replace(of_lines(TEA), gift_card=part)

    assert (found.to_pay_minor, found.gift_card_minor, found.money_minor) == (
        45_300,
        5_300,
        40_000,
    )


def test_a_sale_to_nobody_has_nothing_of_a_member() -> None:
    found = receipt(sell_anonymously(sale(line(1), member=None), occasion()))

    assert (found.member_id, found.ledger_version, found.balance) == (None, None, None)
    assert (found.tier, found.tier_after, found.is_tier_new) == (None, None, False)
    assert (found.allocation, found.earned_lot, found.returns) == ((), None, ())
    assert (found.debt_repaid, found.shortfall, found.revision) == (0, 0, 1)


def test_the_words_of_its_status_are_stored_and_stay() -> None:
    assert [str(status) for status in ReceiptStatus] == ["completed", "voided"]

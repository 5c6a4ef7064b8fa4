"""All that a sale writes: the receipt and the entry, field by field."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.account import Balance, LotSource
from chalicelib.domain.day_rows import row_of_sale
from chalicelib.domain.entries import EntryKind, LedgerChange, MovementKind
from chalicelib.domain.gift_cards import GiftCard, GiftCardState, GiftCardWish
from chalicelib.domain.ledger import DateRefused
from chalicelib.domain.receipts import Receipt, ReceiptLine, Why
from chalicelib.domain.sales import (
    MemberRequired,
    Sale,
    refuse_impossible_date,
    sell,
    sell_anonymously,
    settles_on,
)
from tests.builders import (
    ANN,
    NOON,
    TODAY,
    account,
    day,
    entry,
    exactly,
    holding,
    line,
    lot,
    lot_id,
    occasion,
    operation,
    program,
    rates,
    receipt,
    receipt_key,
    sale,
    tiers,
)

TIERED = program(
    tiers=tiers(),
    rates=rates(base=(5, 50), silver=(10, 50), gold=(15, 50)),
    mode="earn_and_redeem",
    pending_days=2,
    expiry_days=30,
)
CARDS = {"stamps": {"category": "coffee", "every": 3}}
DESK = (("desk", "2"),)


def sold(**fields: object) -> Sale:
    """Return a sale for 100.00, seen online."""
    return replace(sale(line(10_000), channel="online"), metadata=DESK, **fields)


def written(**fields: object) -> Receipt:
    """Return the receipt of such a sale: to nobody, who gets and pays no points."""
    plain = Receipt(
        key=receipt_key(),
        member_id=None,
        at=NOON,
        on=TODAY,
        recorded_at=NOON,
        channel="online",
        currency="RUB",
        program_version=1,
        lines=(bought(Why("earn.tier_rate", 0, None, 50_000, "base")),),
        redeem_max=0,
        redeemed=0,
        earned=0,
        metadata=DESK,
    )
    return replace(plain, **fields)


def bought(*why: Why, redeemed: int = 0, earned: int = 0) -> ReceiptLine:
    """Return the line of such a sale."""
    return ReceiptLine(
        sku=None,
        category=None,
        margin=None,
        quantity_milli=1_000,
        unit_price_minor=10_000,
        gross_minor=10_000,
        discount_minor=0,
        free_milli=0,
        redeemed=redeemed,
        redeemed_minor=redeemed * 100,
        earned=earned,
        why=why,
    )


def test_an_anonymous_sale_is_a_receipt_of_the_first_tier_and_nothing_else() -> None:
    change = sell_anonymously(sold(member_id=None), occasion(TIERED))

    row = row_of_sale(written())
    assert change == LedgerChange(
        operation(), 0, None, None, new_receipt=written(), day_row=row
    )


def test_a_members_receipt_says_all_that_moved() -> None:
    owner = account(lot("june", 900), days={"2026-05-20": 120_000}, tier="silver")

    change = sell(owner, sold(redeem=exactly(20)), occasion(TIERED))

    given = change.new_receipt
    assert given
    assert given.earned_lot
    assert given == written(
        member_id=ANN.member_id,
        lines=(
            bought(
                Why("redeem.tier_rate", 20, None, 500_000, "silver"),
                Why("earn.tier_rate", 8, None, 100_000, "silver"),
                redeemed=20,
                earned=8,
            ),
        ),
        redeem_max=50,
        redeemed=20,
        earned=8,
        tier="silver",
        tier_after="silver",
        balance=Balance(available=880, pending=8, debt=0, held=0),
        allocation=(lot("june", 20),),
        earned_lot=given.earned_lot,
        ledger_version=2,
    )
    assert (given.earned_lot.points, given.earned_lot.source) == (8, LotSource.PURCHASE)
    assert given.earned_lot.active_from == day("2026-06-03")
    assert given.earned_lot.expires_on == day("2026-07-01")


def test_the_entry_says_where_and_how_much() -> None:
    owner = account(lot("june", 900), days={"2026-05-20": 120_000}, tier="silver")

    made = entry(sell(owner, sold(redeem=exactly(20)), occasion(TIERED)))

    assert (made.kind, made.reference, made.actor) == (EntryKind.PURCHASE, "r-1", "till:till-1")
    assert (made.key, made.net_minor, made.net_on) == ("key-1", 8_000, TODAY)
    assert made.facts == {"earned": 8, "redeemed": 20, "channel": "online"}
    assert made.reason == ""
    moves = [(move.kind, move.points) for move in made.movements]
    assert moves == [(MovementKind.REDEEM, -20), (MovementKind.EARN, 8)]


def test_points_repay_debt_and_the_receipt_says_how_much() -> None:
    change = sell(account(debt=3), sold(), occasion(TIERED))

    assert (receipt(change).debt_repaid, receipt(change).earned) == (3, 5)
    assert receipt(change).balance == Balance(available=0, pending=2, debt=0, held=0)


def test_points_that_all_go_into_debt_make_no_lot() -> None:
    change = sell(account(debt=9), sold(), occasion(TIERED))

    assert (receipt(change).debt_repaid, receipt(change).earned_lot) == (5, None)
    assert change.account
    assert (change.account.debt, change.account.lots) == (4, ())


def test_a_sale_that_earns_nothing_repays_nothing() -> None:
    change = sell(account(debt=9), sold(), occasion(program(earn_percent=0)))

    assert (receipt(change).debt_repaid, receipt(change).earned_lot) == (0, None)


def test_a_captured_hold_is_named_on_the_receipt() -> None:
    owner = account(holds=(holding("h", lot("june", 20)),))

    change = sell(owner, sold(hold_id="h"), occasion(TIERED))

    assert (receipt(change).hold_id, receipt(change).redeemed) == ("h", 20)


def test_what_the_member_has_bought_makes_a_sale_cheaper() -> None:
    levels = {"window_days": 30, "levels": [{"over": "1000", "percent": 5}]}
    owner = account(days={"2026-05-20": 100_001})

    change = sell(owner, sold(), occasion(program(discount_by_turnover=levels)))

    assert receipt(change).to_pay_minor == 9_500


def test_the_entry_of_a_gift_card_is_signed_by_the_till_that_sold() -> None:
    card = GiftCard(
        merchant_id="roastery",
        code_hash="ab" * 32,
        card_id="gft_1",
        currency="RUB",
        amount_minor=4_000,
        balance_minor=4_000,
        issued_at=NOON,
        state=GiftCardState.ACTIVE,
    )
    wants = sold(gift_card=GiftCardWish(card.code_hash))

    change = sell(account(), wants, occasion(TIERED), gift_card=card)

    assert change.gift_card
    made = change.gift_card.entry
    assert (made.at, made.actor, made.key) == (NOON, "till:till-1", "key-1")
    assert (made.reference, made.amount_minor) == ("r-1", -4_000)


@pytest.mark.parametrize(
    ("minutes", "settles"),
    [(0, None), (5, None), (6, TODAY), (12 * 60, TODAY), (12 * 60 + 1, day("2026-05-31"))],
)
def test_only_a_late_sale_or_one_of_a_day_that_is_over_settles_in_the_past(
    minutes: int, settles: date | None
) -> None:
    made = sold(sold_at=NOON - timedelta(minutes=minutes))

    assert settles_on(made, occasion()) == settles


def test_a_stamp_card_is_as_the_sale_left_it() -> None:
    coffees = sale(line(10_000, 4_000, category="coffee"))

    change = sell(account(stamps=1), coffees, occasion(program(**CARDS)))

    assert receipt(change).stamps_after == 2
    assert change.account
    assert change.account.stamps == 2


def test_a_sale_is_counted_on_the_day_it_was_made_and_written_when_it_arrived() -> None:
    late = sold(sold_at=NOON - timedelta(days=3))

    given = receipt(sell(account(), late, occasion(TIERED)))

    assert (given.at, given.on) == (NOON - timedelta(days=3), day("2026-05-29"))
    assert given.recorded_at == NOON


def test_the_sums_of_a_receipt_are_those_of_its_lines() -> None:
    rules = program(category_discounts={"tea": 10}, mode="earn_and_redeem")
    lines = (line(10_000, category="tea"), line(5_000), line(3_000, 2_000))

    given = receipt(
        sell(account(lot("june", 30)), sale(*lines, redeem=exactly(30)), occasion(rules))
    )

    assert (given.gross_minor, given.discount_minor) == (21_000, 1_000)
    assert (given.to_pay_minor, given.money_minor, given.gift_card_minor) == (17_000, 17_000, 0)


@pytest.mark.parametrize("fields", [{"redeem": exactly(1)}, {"hold_id": "h"}])
def test_nobody_can_redeem(fields: dict[str, object]) -> None:
    with pytest.raises(MemberRequired, match=r"^only a member can redeem points$"):
        sell_anonymously(sold(member_id=None, **fields), occasion(TIERED))


def test_a_promotion_of_another_store_is_not_this_ones() -> None:
    there = {"promotions": [{"id": "p", "multiplier": 2, "stores": ["airport"]}]}

    here, at_the_airport = (
        receipt(sell(account(), sold(store_id=store), occasion(program(**there)))).earned
        for store in ("main", "airport")
    )

    assert (here, at_the_airport) == (10, 20)


def test_a_till_may_be_five_minutes_ahead_and_a_receipt_31_days_old() -> None:
    refuse_impossible_date(sold(sold_at=NOON + timedelta(minutes=5)), NOON)
    refuse_impossible_date(sold(sold_at=NOON - timedelta(days=31)), NOON)

    with pytest.raises(DateRefused, match=r"^the sale is in the future: check"):
        refuse_impossible_date(sold(sold_at=NOON + timedelta(minutes=5, seconds=1)), NOON)
    with pytest.raises(DateRefused, match="more than 31 days old"):
        refuse_impossible_date(sold(sold_at=NOON - timedelta(days=31, seconds=1)), NOON)


def test_a_redeemed_lot_of_a_receipt_is_the_portion_that_was_taken() -> None:
    before = account(lot("may", 15, until="2026-06-05"), lot("june", 30, until="2026-06-30"))

    given = receipt(sell(before, sold(redeem=exactly(20)), occasion(TIERED)))

    taken = [(portion.lot_id, portion.points) for portion in given.allocation]
    assert taken == [(lot_id("may"), 15), (lot_id("june"), 5)]

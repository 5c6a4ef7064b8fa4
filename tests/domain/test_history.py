"""Sales from before the program, imported for the turnover."""

import pytest

from chalicelib.domain.account import Balance
from chalicelib.domain.entries import EntryKind
from chalicelib.domain.history import PastReceipt, import_past
from chalicelib.domain.ledger import DateRefused
from chalicelib.domain.receipts import Receipt, ReceiptKey, ReceiptLine
from tests.builders import (
    ANN,
    NOON,
    account,
    after,
    day,
    entry,
    lot,
    noon,
    occasion,
    program,
    receipt,
    tiers,
)


def test_counts_for_the_turnover_of_its_own_day_and_gives_no_points() -> None:
    past = PastReceipt(sold_at=noon("2026-05-20"), net_minor=200_000, receipt_id="p-1")

    left = after(import_past(account(), past, occasion(program(tiers=tiers()))))

    assert left.turnover.days == ((day("2026-05-20"), 200_000),)
    assert (left.tier, left.total) == ("silver", 0)


def test_is_kept_as_a_receipt_of_one_line_that_a_return_can_find() -> None:
    past = PastReceipt(sold_at=noon("2026-05-20"), net_minor=200_000, receipt_id="p-1")
    before = account(lot("june", 50), lot("soon", 7, active="2026-06-09"), tier="base")

    change = import_past(before, past, occasion(program(tiers=tiers())))

    assert receipt(change) == Receipt(
        key=ReceiptKey(ANN.merchant_id, "history", "p-1"),
        member_id=ANN.member_id,
        at=noon("2026-05-20"),
        on=day("2026-05-20"),
        recorded_at=NOON,
        channel="offline",
        currency="RUB",
        program_version=1,
        lines=(
            ReceiptLine(
                *(None, None, None, 1_000, 200_000, 200_000),
                discount_minor=0,
                free_milli=0,
                redeemed=0,
                redeemed_minor=0,
                earned=0,
            ),
        ),
        redeem_max=0,
        redeemed=0,
        earned=0,
        tier="base",
        is_tier_new=True,
        tier_after="silver",
        balance=Balance(available=50, pending=7, debt=0, held=0),
        ledger_version=2,
    )
    assert (entry(change).kind, entry(change).reference) == (EntryKind.HISTORY, "p-1")


@pytest.mark.parametrize("on", ["2026-06-01", "2016-05-24"])
def test_may_be_of_today_or_of_ten_years_ago(on: str) -> None:
    past = PastReceipt(sold_at=noon(on), net_minor=1, receipt_id="p-1")

    assert after(import_past(account(), past, occasion())).turnover.lifetime_minor == 1


@pytest.mark.parametrize("on", ["2026-06-02", "2016-05-23"])
def test_from_the_future_or_too_long_ago_is_refused(on: str) -> None:
    past = PastReceipt(sold_at=noon(on), net_minor=1, receipt_id="p-1")

    with pytest.raises(DateRefused, match=f"{on} is in the future or too long ago"):
        import_past(account(), past, occasion())

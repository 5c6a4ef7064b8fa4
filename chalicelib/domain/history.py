"""The decision to count a sale from before the program: turnover without points."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.account import Account, Balance
from chalicelib.domain.entries import EntryKind, LedgerChange
from chalicelib.domain.ledger import DateRefused, change_of
from chalicelib.domain.money import MILLI
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.posting import Posting
from chalicelib.domain.receipts import Receipt, ReceiptKey, ReceiptLine

HISTORY_DAYS_MAX = 3_660  # how old an imported receipt may be
HISTORY_TILL = "history"  # the till of imported receipts
HISTORY_CHANNEL = "offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReceipt:
    """A sale from before the program, imported for the turnover."""

    sold_at: datetime
    net_minor: int
    receipt_id: str


def import_past(account: Account, past: PastReceipt, occasion: Occasion) -> LedgerChange:
    """Count a past receipt for the turnover, without points, once and for ever.

    It is kept as a receipt of the till `HISTORY_TILL`, so that its number counts once
    whatever the key, and a return finds it.

    Raises:
        DateRefused: the date is in the future or more than ten years back.
    """
    posting = Posting(account, occasion)
    on = occasion.program.local_date(past.sold_at)
    if not posting.on - timedelta(days=HISTORY_DAYS_MAX) <= on <= posting.on:
        raise DateRefused(f"{on} is in the future or too long ago")
    posting.expire_due()
    posting.count_turnover(past.net_minor, on)
    change = change_of(posting, EntryKind.HISTORY, reference=past.receipt_id)
    return replace(change, new_receipt=_past_receipt(past, change, occasion))


def _past_receipt(past: PastReceipt, change: LedgerChange, occasion: Occasion) -> Receipt:
    """Return the receipt of a past sale: one line, the money paid."""
    account, entry, program = change.account, change.entry, occasion.program
    assert account, "a change of a member"
    assert entry, "a change of a member"
    line = ReceiptLine(
        sku=None, category=None, margin=None, quantity_milli=MILLI,
        unit_price_minor=past.net_minor, gross_minor=past.net_minor,
        discount_minor=0, free_milli=0, redeemed=0, redeemed_minor=0, earned=0,
    )  # fmt: skip
    on = occasion.on
    return Receipt(
        key=ReceiptKey(account.member.merchant_id, HISTORY_TILL, past.receipt_id),
        member_id=account.member.member_id,
        at=past.sold_at,
        on=program.local_date(past.sold_at),
        recorded_at=occasion.at,
        channel=HISTORY_CHANNEL,
        currency=program.currency,
        program_version=program.version,
        lines=(line,),
        redeem_max=0,
        redeemed=0,
        earned=0,
        tier=entry.tier_before,
        is_tier_new=entry.tier_before != entry.tier_after,
        tier_after=entry.tier_after,
        balance=Balance(account.available(on), account.pending(on), account.debt, account.held),
        ledger_version=entry.version,
    )

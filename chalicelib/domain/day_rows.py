"""The rows of the day-book, made of ledger entries, receipts, returns and gift cards.

What has an account is noted by the outbox from its entry; what has none (an anonymous
receipt, what becomes of it, a gift card's own) is written with its own transaction.
"""

from collections.abc import Mapping
from datetime import date

from chalicelib.domain.day_book import DayKind, DayRow, name_of
from chalicelib.domain.entries import EntryKind, LedgerEntry, Operation
from chalicelib.domain.gift_cards import GiftCardChange, GiftCardEntryKind, GiftCardState
from chalicelib.domain.receipts import Receipt, ReceiptKey, Return

TILL = "till:"  # what the actor of an entry of a till begins with
_RETURNS = (EntryKind.RETURN, EntryKind.VOID)
_GIFT_CARDS = {
    GiftCardEntryKind.ACTIVATE: DayKind.GIFT_CARD_SALE,
    GiftCardEntryKind.PAY: DayKind.GIFT_CARD_PAYMENT,
    GiftCardEntryKind.VOID: DayKind.GIFT_CARD_VOID,
    GiftCardEntryKind.TOP_UP: DayKind.GIFT_CARD_TOP_UP,
    GiftCardEntryKind.TOP_UP_VOID: DayKind.GIFT_CARD_TOP_UP_VOID,
}
_OF_SALES = {DayKind.GIFT_CARD_SALE, DayKind.GIFT_CARD_VOID}


def receipt_named(entry: LedgerEntry) -> ReceiptKey | None:
    """Return the receipt that must be read to make the row of an entry; None: no receipt."""
    if entry.kind is not EntryKind.PURCHASE and entry.kind not in _RETURNS:
        return None
    merchant_id, till_id = entry.member.merchant_id, entry.actor.removeprefix(TILL)
    return ReceiptKey(merchant_id, till_id, entry.reference)


def row_of_entry(entry: LedgerEntry, receipts: Mapping[ReceiptKey, Receipt]) -> DayRow | None:
    """Return the row of an entry; None: nobody would look for it here.

    `receipts` has the one it names.
    """
    if entry.kind in (EntryKind.GRANT, EntryKind.REDEEM):
        return _row_of_points(entry)
    key = receipt_named(entry)
    receipt = receipts.get(key) if key else None
    if receipt is None:
        return None
    if entry.kind is EntryKind.PURCHASE:
        return _moved_row(entry, receipt) if receipt.key.is_moved else row_of_sale(receipt)
    if "moved_to" in entry.facts:
        return _moved_row(entry, receipt)
    return_id = entry.facts.get("return_id")
    for done in receipt.returns:
        if done.return_id == return_id:
            return row_of_return(
                receipt, done, entry.on, till_id=_till_of(entry), staff_id=entry.staff_id
            )
    return None


def row_of_sale(receipt: Receipt) -> DayRow:
    """Return the row of a receipt as it was sold, whatever came back of it later."""
    points_minor = sum(line.redeemed_minor for line in receipt.lines)
    return DayRow(
        merchant_id=receipt.key.merchant_id,
        on=receipt.on,
        at=receipt.at,
        kind=DayKind.PURCHASE,
        name=name_of(DayKind.PURCHASE, receipt.key.till_id, receipt.key.receipt_id),
        till_id=receipt.key.till_id,
        store_id=receipt.store_id or "",
        staff_id=receipt.staff_id,
        member_id=receipt.member_id or "",
        receipt=receipt.key,
        amount_minor=receipt.to_pay_minor + points_minor,
        points_minor=points_minor,
        gift_card_minor=receipt.gift_card_minor,
        points=receipt.earned,
        redeemed=receipt.redeemed,
    )


def row_of_return(
    receipt: Receipt, done: Return, on: date, *, till_id: str, staff_id: str
) -> DayRow:
    """Return the row of a return or void of a receipt, at the till that took it back."""
    key = receipt.key
    kind = DayKind.VOID if done.is_void else DayKind.RETURN
    return DayRow(
        merchant_id=key.merchant_id,
        on=on,
        at=done.at,
        kind=kind,
        name=name_of(kind, key.till_id, key.receipt_id, done.return_id),
        till_id=till_id,
        store_id=(receipt.store_id or "") if till_id == key.till_id else "",
        staff_id=staff_id,
        member_id=receipt.member_id or "",
        receipt=key,
        amount_minor=done.refund_minor,
        gift_card_minor=done.gift_card_minor,
        points=-done.clawed_back,
        redeemed=-done.restored,
    )


def row_of_gift_card(change: GiftCardChange, operation: Operation, on: date) -> DayRow | None:
    """Return the row of what happened to a gift card without a receipt.

    A card that is made beforehand is sold when it is activated.
    """
    card, entry = change.card, change.entry
    kind = _GIFT_CARDS.get(entry.kind)
    if entry.kind is GiftCardEntryKind.ISSUE and card.state is GiftCardState.ACTIVE:
        kind = DayKind.GIFT_CARD_SALE
    if kind is None:
        return None
    is_payment = kind is DayKind.GIFT_CARD_PAYMENT
    is_of_sale = kind in _OF_SALES
    number = entry.reference or (card.receipt_id if is_of_sale else "")
    return DayRow(
        merchant_id=card.merchant_id,
        on=on,
        at=entry.at,
        kind=kind,
        name=name_of(kind, card.card_id, entry.version),
        till_id=operation.client,
        staff_id=operation.staff_id,
        receipt=ReceiptKey(card.merchant_id, operation.client, number) if number else None,
        amount_minor=card.amount_minor if is_of_sale else abs(entry.amount_minor),
        gift_card_minor=-entry.amount_minor if is_payment else 0,
    )


def _row_of_points(entry: LedgerEntry) -> DayRow:
    """Return the row of a grant or of a redemption without a receipt.

    A grant is the office's, or a job's: it is done at no till.
    """
    is_grant = entry.kind is EntryKind.GRANT
    kind = DayKind.GRANT if is_grant else DayKind.REDEEM
    return DayRow(
        merchant_id=entry.member.merchant_id,
        on=entry.on,
        at=entry.at,
        kind=kind,
        name=name_of(kind, entry.member.member_id, entry.version),
        till_id="" if is_grant else _till_of(entry),
        staff_id=entry.staff_id,
        member_id=entry.member.member_id,
        points=_number(entry, "granted"),
        redeemed=_number(entry, "redeemed"),
    )


def _moved_row(entry: LedgerEntry, receipt: Receipt) -> DayRow:
    """Return the row of one half of a move: from the one member, or to the other."""
    is_from = entry.kind is EntryKind.VOID
    points = -_number(entry, "clawed_back") if is_from else receipt.earned
    return DayRow(
        merchant_id=entry.member.merchant_id,
        on=entry.on,
        at=entry.at,
        kind=DayKind.MOVE,
        name=name_of(DayKind.MOVE, entry.member.member_id, entry.version),
        till_id=_till_of(entry),
        staff_id=entry.staff_id,
        store_id=receipt.store_id or "",
        member_id=entry.member.member_id,
        receipt=receipt.key,
        points=points,
        redeemed=-_number(entry, "restored"),
    )


def _till_of(entry: LedgerEntry) -> str:
    """Return where it was done: a return says so if it is not where it was bought."""
    done_at = entry.facts.get("done_at")
    if isinstance(done_at, str):
        return done_at
    return "" if entry.actor.startswith("member:") else entry.actor.removeprefix(TILL)


def _number(entry: LedgerEntry, fact: str) -> int:
    found = entry.facts.get(fact)
    return found if isinstance(found, int) else 0

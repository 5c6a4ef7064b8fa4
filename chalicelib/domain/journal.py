"""The journal of receipts: which receipts each member was given, day by day.

It lists, it does not price: a row names a receipt and its day, and whoever reads it looks
the receipt up, voided and returned ones among them. Rows are made from committed ledger
entries, so a purchase is not slowed by them, and follow it within a minute.
"""

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import EntryKind, LedgerEntry
from chalicelib.domain.receipts import ReceiptKey

JOURNAL_DAYS = 400  # how long a row is kept, counted from the receipt's own day
TILL = "till:"  # what the actor of a sale's entry begins with


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One receipt of one member."""

    member: MemberRef
    on: date  # the receipt's business day
    till_id: str
    receipt_id: str

    @property
    def key(self) -> ReceiptKey:
        """Return the key of the receipt."""
        return ReceiptKey(self.member.merchant_id, self.till_id, self.receipt_id)


def row_of(entry: LedgerEntry) -> JournalRow | None:
    """Return the row of an entry that gave its member a receipt: a sale, claimed or moved.

    A past receipt that was imported for the turnover alone has none: no rule priced it.
    """
    if entry.kind is not EntryKind.PURCHASE:
        return None
    assert entry.actor.startswith(TILL), "the entry of a sale names its till"
    till_id = entry.actor.removeprefix(TILL)
    return JournalRow(entry.member, entry.net_on or entry.on, till_id, entry.reference)

"""Accounts, their entries and receipts; and the index of what time brings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.entries import LedgerChange, LedgerEntry, Operation, Recorded
from chalicelib.domain.receipts import Receipt, ReceiptKey


class Ledger(Protocol):
    """Accounts, their entries, and receipts."""

    def account(self, member: MemberRef) -> Account | None:
        """Return the account (strongly consistent), or None. Raises StoreUnavailable."""

    def receipt(self, key: ReceiptKey) -> Receipt | None:
        """Return the receipt (strongly consistent), or None. Raises StoreUnavailable."""

    def find_accounts(self, members: Sequence[MemberRef]) -> dict[MemberRef, Account]:
        """Return those that exist (strongly consistent), many at a time.

        Raises StoreUnavailable.
        """

    def find_receipts(self, wanted: Sequence[ReceiptKey]) -> dict[ReceiptKey, Receipt]:
        """Return those that exist (strongly consistent), many at a time.

        Raises StoreUnavailable.
        """

    def account_and_receipt(
        self, member: MemberRef, key: ReceiptKey
    ) -> tuple[Account | None, Receipt | None]:
        """Return both in one round trip (strongly consistent). Raises StoreUnavailable."""

    def recorded(self, operation: Operation) -> Recorded | None:
        """Return what the client and key wrote, or None. Raises StoreUnavailable."""

    def commit(self, change: LedgerChange) -> None:
        """Write account, entry, receipt, gift card, counters and record in one transaction.

        Conditions: the account is at `version_read`; entry, new receipt and idempotency
        record do not exist; a changed receipt is at the revision that was read, a gift card
        at the version before its entry's; counters stay within the maxima of what is taken
        from them. The idempotency record wins over every other reason.

        Raises:
            AlreadyRecorded: client and key were used before (whatever the content).
            ReceiptExists: the new receipt's key is taken.
            CommitConflict: the account, the changed receipt, the gift card or a counter moved.
            StoreUnavailable: the outcome is unknown.
        """

    def reschedule(self, account: Account) -> None:
        """Store `account.due` alone: the job looked and there was nothing to write.

        Raises:
            CommitConflict: the account is no longer at `account.version`.
        """

    def note_spoken(self, member: MemberRef, at: datetime | None) -> None:
        """Note when a till found the account by a phone number; None: by something shown.

        No entry, and no version: whoever decides meanwhile is not overtaken.

        Raises:
            CommitConflict: it is being written now, or is not there.
            StoreUnavailable.
        """

    def entries(
        self, member: MemberRef, *, before: int | None = None, limit: int = 50
    ) -> tuple[LedgerEntry, ...]:
        """Return entries newest first, versions below `before`. Raises StoreUnavailable."""

    def receipts_of(self, member: MemberRef, *, limit: int = 10) -> tuple[Receipt, ...]:
        """Return the member's latest receipts, newest first. Raises StoreUnavailable."""


class DueWork(Protocol):
    """What the scheduled jobs must look at: sparse index, never a scan."""

    def due_members(
        self, merchant_id: str, shard: int, through: date, *, after: str | None = None
    ) -> tuple[tuple[MemberRef, ...], str | None]:
        """Return up to 25 accounts due on or before a day, earliest first, and a cursor."""

    def due_anniversaries(
        self, merchant_id: str, shard: int, through: date, *, after: str | None = None
    ) -> tuple[tuple[MemberRef, ...], str | None]:
        """Return up to 25 profiles with an anniversary due, earliest first, and a cursor."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What one record of the table's stream says: an entry, a promised message, or neither."""

    entry: LedgerEntry | None = None
    message: tuple[str, str] | None = None  # merchant id, message id


class ChangeStream(Protocol):
    """Reads what the table's stream carries."""

    def read(self, image: Mapping[str, Any]) -> Committed:
        """Return what a new item (DynamoDB JSON) stands for."""

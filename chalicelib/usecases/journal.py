"""Bring what readers ask for up to an account: part of the outbox.

That is the journal of receipts, the day-book, and what needs attention.

Entries that a batch of the stream brought are not read again; what it did not bring is.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from chalicelib.domain.account import Account
from chalicelib.domain.attention import debt_after, pauses_of
from chalicelib.domain.day_rows import receipt_named, row_of_entry
from chalicelib.domain.entries import LedgerEntry
from chalicelib.domain.journal import row_of
from chalicelib.ports import Attention, DayBook, Journal, Ledger, PassDevices

ENTRIES_PAGE = 200
ACCOUNTS_READ = 100  # in one round trip
MARKERS_READ = 200  # of what the outbox has not told yet, by somebody who waits
ENTRY_PAGES_MAX = 1_000  # of one account that was not looked at for a long time


def note_receipts(
    account: Account,
    seen: Sequence[LedgerEntry],
    *,
    ledger: Ledger,
    journal: Journal,
    day_book: DayBook,
    attention: Attention,
) -> None:
    """Note what the account was given and did since both were last brought up to it.

    Repeated, it changes nothing. Raises StoreUnavailable.
    """
    noted = _noted(account)
    own = {one.version: one for one in seen if one.member == account.member}
    missing = range(noted + 1, account.version + 1)
    if all(version in own for version in missing):
        entries = [own[version] for version in missing]
    else:
        entries = list(_entries_after(noted, account, ledger))
    rows = [row for row in map(row_of, entries) if row]
    if rows:
        journal.note(rows)
    _note_days(entries, ledger, day_book)
    _note_attention(account, entries, attention)


def catch_up(
    merchant_id: str,
    *,
    at: datetime,
    ledger: Ledger,
    journal: Journal,
    day_book: DayBook,
    attention: Attention,
    devices: PassDevices,
    has_time: Callable[[], bool],
) -> bool:
    """Note every receipt of a merchant that the outbox has not; False: go on later.

    For who needs the journal whole while the stream may be behind, or down. What was noted
    is remembered with the account, so that the next run goes on where this one stopped.
    """
    members = devices.dirty_of(merchant_id)
    for first in range(0, len(members), ACCOUNTS_READ):
        accounts = ledger.find_accounts(members[first : first + ACCOUNTS_READ])
        behind = [one for one in accounts.values() if _noted(one) < one.version]
        if behind and not has_time():
            return False
        for account in behind:
            note_receipts(
                account,
                (),
                ledger=ledger,
                journal=journal,
                day_book=day_book,
                attention=attention,
            )
            devices.postpone(account.member, at, account.version)
    return True


def note_latest(
    merchant_id: str,
    *,
    ledger: Ledger,
    journal: Journal,
    day_book: DayBook,
    attention: Attention,
    devices: PassDevices,
    has_time: Callable[[], bool],
) -> bool:
    """Note what the outbox has not come to, for somebody who waits; whether that was all.

    A look at the oldest markers of all merchants, which are few unless the outbox is behind;
    nothing is remembered with the accounts, as the outbox is at them in this moment.
    Raises StoreUnavailable.
    """
    dirty = devices.dirty(MARKERS_READ)
    members = [member for member in dirty if member.merchant_id == merchant_id]
    for first in range(0, len(members), ACCOUNTS_READ):
        accounts = ledger.find_accounts(members[first : first + ACCOUNTS_READ])
        for account in accounts.values():
            if _noted(account) < account.version:
                if not has_time():
                    return False
                note_receipts(
                    account,
                    (),
                    ledger=ledger,
                    journal=journal,
                    day_book=day_book,
                    attention=attention,
                )
    return len(dirty) < MARKERS_READ


def _note_days(entries: Sequence[LedgerEntry], ledger: Ledger, day_book: DayBook) -> None:
    """Note in the day-book what was done; the figures are those of the receipts."""
    named = [key for key in map(receipt_named, entries) if key]
    receipts = ledger.find_receipts(named) if named else {}
    rows = [row for entry in entries if (row := row_of_entry(entry, receipts))]
    if rows:
        day_book.note(rows)


def _note_attention(
    account: Account, entries: Sequence[LedgerEntry], attention: Attention
) -> None:
    """Note what somebody has to look at: few entries make a debt, or a pause."""
    debt = debt_after(account, entries)
    if debt is not None:
        attention.note_debt(debt)
    pauses = pauses_of(entries)
    if pauses:
        attention.note_waits(pauses)


def _noted(account: Account) -> int:
    """Return the version up to which the journal has the account's receipts."""
    return max(account.told_version, account.noted_version)


def _entries_after(version: int, account: Account, ledger: Ledger) -> Iterator[LedgerEntry]:
    before = account.version + 1
    for _ in range(ENTRY_PAGES_MAX):
        limit = min(ENTRIES_PAGE, before - 1 - version)
        if limit <= 0:
            return
        yield from ledger.entries(account.member, before=before, limit=limit)
        before -= limit
    raise AssertionError("an account has fewer entries")

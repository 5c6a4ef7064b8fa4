"""Bring the journal of receipts up to an account: part of the outbox.

Entries that a batch of the stream brought are not read again; what it did not bring is.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from chalicelib.domain.account import Account
from chalicelib.domain.entries import LedgerEntry
from chalicelib.domain.journal import row_of
from chalicelib.ports import Journal, Ledger, PassDevices

ENTRIES_PAGE = 200
ACCOUNTS_READ = 100  # in one round trip
ENTRY_PAGES_MAX = 1_000  # of one account that was not looked at for a long time


def note_receipts(
    account: Account, seen: Sequence[LedgerEntry], *, ledger: Ledger, journal: Journal
) -> None:
    """Note every receipt the account was given since the journal was last brought up to it.

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


def catch_up(
    merchant_id: str,
    *,
    at: datetime,
    ledger: Ledger,
    journal: Journal,
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
            note_receipts(account, (), ledger=ledger, journal=journal)
            devices.postpone(account.member, at, account.version)
    return True


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

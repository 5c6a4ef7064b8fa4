"""What somebody at the shop has to look at: sales that were refused too late, debts, pauses.

A till without a network has let the shopper go by the time the service refuses a sale, so
the refusal is kept for the merchant until somebody has dealt with it. A debt is noted from
the ledger entry that made it, a pause of redemption from the entry of the new phone.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.day_rows import receipt_named
from chalicelib.domain.entries import EntryKind, LedgerEntry
from chalicelib.domain.errors import DomainError
from chalicelib.domain.receipts import ReceiptKey

KEPT_FOR = timedelta(days=400)  # a conflict nobody deals with
KEPT_SETTLED = timedelta(days=90)
CONFLICTS_PER_DAY_MAX = 500  # of a merchant: a till that is out of its mind fills no table
CONFLICT_PREFIX = "cnf_"
_HASH_DIGITS = 24


class ConflictNotFound(DomainError):
    """The merchant has no such offline conflict, or it is long settled."""

    code = "conflict_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineConflict:
    """A sale a till made without a network, and why the service refused it."""

    conflict_id: str  # text order is the order of the sales
    merchant_id: str
    till_id: str
    sold_at: datetime  # by the till's clock
    refused_at: datetime
    receipt_id: str
    total_minor: int
    currency: str
    code: str  # of the problem
    detail: str  # of the problem, in English
    staff_id: str = ""
    member_id: str = ""
    redeem_mode: str = "none"
    redeem_points: int | None = None
    settled_at: datetime | None = None
    settled_by: str = ""
    note: str = ""  # what was done about it

    @property
    def is_settled(self) -> bool:
        """Return whether somebody has dealt with it."""
        return self.settled_at is not None


@dataclass(frozen=True, slots=True)
class DebtStart:
    """The entry a debt begins with."""

    at: datetime
    kind: EntryKind
    receipt: ReceiptKey | None


@dataclass(frozen=True, slots=True)
class Debt:
    """What a member owes, as of a version of the account; no points: nothing any more."""

    member: MemberRef
    version: int
    points: int
    since: DebtStart | None  # None: it began before what is noted now


@dataclass(frozen=True, slots=True)
class PhoneWait:
    """A change of a phone that staff should know of, until it is over."""

    member: MemberRef
    at: datetime  # when the new phone was proven, or given
    until: datetime
    is_pause: bool = False  # it is done, and nothing can be redeemed; else a manager decides


def conflict_id_of(till_id: str, key: str, sold_at: datetime) -> str:
    """Return the id of the conflict about a sale: the same for the same key.

    >>> conflict_id_of("till-1", "key-1", datetime(2026, 6, 15, 12, tzinfo=UTC))
    'cnf_20260615T120000000000_f049e0d17b4b4725b2fc01f7'
    """
    name = hashlib.sha256(f"{till_id}\x1f{key}".encode()).hexdigest()[:_HASH_DIGITS]
    return f"{CONFLICT_PREFIX}{sold_at.astimezone(UTC):%Y%m%dT%H%M%S%f}_{name}"


def settled(conflict: OfflineConflict, by: str, note: str, at: datetime) -> OfflineConflict:
    """Return the conflict as dealt with; what was settled stays as it was."""
    if conflict.is_settled:
        return conflict
    return replace(conflict, settled_at=at, settled_by=by, note=note)


def debt_after(account: Account, entries: Sequence[LedgerEntry]) -> Debt | None:
    """Return what an account owes after entries that end at it; None: they moved no debt."""
    if not any(one.lot is None for entry in entries for one in entry.movements):
        return None
    debt, since = account.debt, None
    for entry in sorted(entries, key=lambda one: one.version, reverse=True):
        if not debt:
            break  # paid; or it began with the entry that came before this one
        debt -= _owed(entry)
        since = None if debt else DebtStart(entry.at, entry.kind, receipt_named(entry))
    return Debt(account.member, account.version, account.debt, since)


def pauses_of(entries: Sequence[LedgerEntry]) -> tuple[PhoneWait, ...]:
    """Return the pauses of redemption that entries begin."""
    found = []
    for entry in entries:
        until = entry.facts.get("paused_until")
        if entry.kind is EntryKind.PHONE and isinstance(until, str):
            until_at = datetime.fromisoformat(until)
            found.append(PhoneWait(entry.member, entry.at, until_at, is_pause=True))
    return tuple(found)


def _owed(entry: LedgerEntry) -> int:
    """Return the points by which an entry made the debt larger (+) or smaller (-)."""
    return -sum(one.points for one in entry.movements if one.lot is None)

"""What a decision about an account writes: one ledger entry, and all that goes with it.

The entry, the account after it, the receipt and the idempotency record are written in
one transaction or not at all (`LedgerChange`); only a ledger adapter writes them.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.account import Account, Lot, MemberRef
from chalicelib.domain.confirmations import Confirmation
from chalicelib.domain.day_book import DayRow
from chalicelib.domain.gift_cards import GiftCardChange
from chalicelib.domain.limits import Take
from chalicelib.domain.members import Leaving, NewPassCode, NewPhone, PromisedSms
from chalicelib.domain.promo_codes import CodeBatch, MemberCoupon, PromoCode
from chalicelib.domain.receipts import Receipt

_JSON = json.JSONEncoder(separators=(",", ":"))  # of the chain: the same text for ever


class EntryKind(StrEnum):
    """Why an entry was written."""

    JOIN = "join"
    PURCHASE = "purchase"
    RETURN = "return"
    VOID = "void"
    GRANT = "grant"
    ANNIVERSARY = "anniversary"
    REDEEM = "redeem"  # points redeemed without a receipt
    HOLD = "hold"
    RELEASE = "release"
    EXPIRE = "expire"
    REMIND = "remind"  # no points move: the member is told what expires when
    HISTORY = "history"  # a past receipt imported without points
    ACTIVATE = "activate"  # no points move: pending ones can be spent from now on
    TIER = "tier"  # an override, or a fall the job found
    REVERSE = "reverse"
    SEGMENTS = "segments"  # no points move: the member belongs to other ones from now on
    COUPON = "coupon"  # no points move: the member was given a coupon
    CODE = "code"  # no points move: the member has another pass code from now on
    PHONE = "phone"  # no points move: the member has another phone from now on
    VERIFY = "verify"  # no points move: the member has confirmed the phone
    ERASE = "erase"  # the last one: the member is gone, and the points with them
    MERGED = "merged"  # the last one: all of it goes to another member
    TAKEOVER = "takeover"  # what came from a member merged into this one, or a part of it


class MovementKind(StrEnum):
    """What moved points within an entry."""

    EXPIRE = "expire"
    REDEEM = "redeem"
    EARN = "earn"
    GRANT = "grant"
    CLAW_BACK = "claw_back"
    RESTORE = "restore"
    FORFEIT = "forfeit"
    MERGE = "merge"  # two lots became one: out of the one, into the other
    TRANSFER = "transfer"  # to another account, or from it: two members became one
    UNEXPIRE = "unexpire"  # an offline receipt settles from a lot that has expired since


@dataclass(frozen=True, slots=True)
class Movement:
    """Points into (+) or out of (-) one lot, or the debt where `lot` is None.

    Paying back debt is a positive movement without a lot; falling into debt a negative
    one. `lot` carries the dates; its own `points` equal abs(points).
    """

    kind: MovementKind
    points: int
    lot: Lot | None


@dataclass(frozen=True, slots=True)
class HoldMove:
    """Portions that went into a hold (+) or came out of it unspent (-)."""

    hold_id: str
    is_release: bool
    portions: tuple[Lot, ...]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One immutable line of an account's ledger. Mistakes are corrected by new entries."""

    member: MemberRef
    version: int  # 1..n without a gap
    kind: EntryKind
    at: datetime  # UTC
    on: date  # business day it was written on
    movements: tuple[Movement, ...]
    balance_after: int  # lots + held - debt: the previous one plus `points`
    reason: str = ""
    reference: str = ""  # receipt number, return id, hold id
    actor: str = ""  # till, integration, job or member; never a name
    key: str = ""  # idempotency key, for the reader; the record itself guards
    net_minor: int = 0  # money that moved the turnover (signed)
    net_on: date | None = None  # the business day it counts for
    tier_before: str | None = None
    tier_after: str | None = None
    hold_moves: tuple[HoldMove, ...] = ()
    facts: Mapping[str, int | str | None] = field(default_factory=dict)  # what the answer says
    previous_hash: str = ""
    staff_id: str = ""  # who was signed in at the till
    approved_by: str = ""  # the manager who allowed it

    @property
    def points(self) -> int:
        """Return the sum of the movements."""
        return sum(movement.points for movement in self.movements)


@dataclass(frozen=True, slots=True)
class Operation:
    """A write as its caller names it: the same client and key are the same operation."""

    merchant_id: str
    client: str  # till or integration the credential belongs to; survives key rotation
    key: str
    fingerprint: str  # sha256 hex of the canonical request, endpoint included
    staff_id: str = ""
    approved_by: str = ""
    own_member_id: str = ""  # the card of whoever is signed in


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """All that one decision writes, together or not at all.

    `account.version` is already the new one; `version_read` is the one it was decided
    on. For an anonymous receipt `account` and `entry` are None; for what is a gift card's
    own, and for promo codes, there is nothing but that.
    """

    operation: Operation
    version_read: int
    account: Account | None
    entry: LedgerEntry | None
    new_receipt: Receipt | None = None
    changed_receipt: Receipt | None = None  # its `revision` is the one that was read
    return_id: str | None = None  # which return of `changed_receipt` answers a repeat
    gift_card: GiftCardChange | None = None
    coupon: MemberCoupon | None = None  # a new one
    promo_code: PromoCode | None = None  # a new one, and nothing else
    code_batch: CodeBatch | None = None  # the same
    message: PromisedSms | None = None
    takes: tuple[Take, ...] = ()
    confirmation: Confirmation | None = None  # used up by this
    pass_code: NewPassCode | None = None
    phone: NewPhone | None = None
    leaving: Leaving | None = None
    day_row: DayRow | None = None  # of what has no entry the outbox would note


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an operation wrote when it was first made: exactly one of the six.

    What a receipt did to a gift card is in the receipt.
    """

    fingerprint: str
    entry: LedgerEntry | None = None
    receipt: Receipt | None = None
    return_id: str | None = None  # with `receipt`: the operation was this return
    gift_card: GiftCardChange | None = None
    promo_code: PromoCode | None = None
    code_batch: CodeBatch | None = None


def hash_of(entry: LedgerEntry) -> str:
    """Return the sha256 of all of an entry, its predecessor's hash included: the chain."""
    content = [
        entry.previous_hash,
        entry.member.merchant_id,
        entry.member.member_id,
        entry.version,
        entry.kind,
        entry.at.isoformat(),
        entry.on.isoformat(),
        [[m.kind, m.points, m.lot and _lot_content(m.lot)] for m in entry.movements],
        entry.balance_after,
        entry.reason,
        entry.reference,
        entry.actor,
        entry.key,
        entry.net_minor,
        entry.net_on and entry.net_on.isoformat(),
        entry.tier_before,
        entry.tier_after,
        [
            [move.hold_id, move.is_release, [_lot_content(lot) for lot in move.portions]]
            for move in entry.hold_moves
        ],
        sorted(entry.facts.items()),
    ]
    if entry.staff_id or entry.approved_by:  # entries without either keep their hash
        content.append([entry.staff_id, entry.approved_by])
    return hashlib.sha256(_JSON.encode(content).encode()).hexdigest()


def _lot_content(lot: Lot) -> list[int | str | None]:
    return [
        lot.lot_id,
        lot.source,
        lot.granted_on.isoformat(),
        lot.active_from.isoformat(),
        lot.expires_on.isoformat() if lot.expires_on else None,
        lot.points,
    ]

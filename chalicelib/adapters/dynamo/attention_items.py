"""What waits for somebody at the shop, as items: conflicts, debts, changes of phones.

| item     | pk                       | sk                                          |
|----------|--------------------------|---------------------------------------------|
| conflict | T#{merchant}#ATTENTION   | C#{conflict}: text order is that of the sales |
| debt     | the same                 | D#{member}                                  |
| wait     | the same                 | P#{member}#A: for a manager; #P: a pause    |
| refusals | T#{merchant}#ATTENTION#N | {YYYY-MM-DD}: how many were kept on a day   |

What waits has `until`: what it waits for is over then. Without it nothing is to be done.
"""

from datetime import UTC, datetime

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.keys import Key, part
from chalicelib.adapters.dynamo.reading import epoch
from chalicelib.domain.account import MemberRef
from chalicelib.domain.attention import (
    KEPT_FOR,
    Debt,
    DebtStart,
    OfflineConflict,
    PhoneWait,
)
from chalicelib.domain.entries import EntryKind
from chalicelib.domain.receipts import ReceiptKey

CONFLICT, DEBT, WAIT = "C#", "D#", "P#"
ALWAYS = datetime(9999, 1, 1, tzinfo=UTC)  # a debt waits until it is paid
_WAITS, _PAUSED = "#A", "#P"


class ConflictItem(Item, discriminator="ac"):
    """An offline conflict."""

    until = MomentAttribute(null=True)
    till = UnicodeAttribute()
    sold_at = MomentAttribute()
    refused_at = MomentAttribute()
    receipt = UnicodeAttribute()
    total = IntegerAttribute()
    currency = UnicodeAttribute()
    code = UnicodeAttribute()
    detail = UnicodeAttribute(null=True)
    staff = UnicodeAttribute(null=True)
    member = UnicodeAttribute(null=True)
    redeem_mode = UnicodeAttribute()
    redeem_points = IntegerAttribute(null=True)
    settled_at = MomentAttribute(null=True)
    settled_by = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)


class DebtItem(Item, discriminator="ad"):
    """What a member owes."""

    until = MomentAttribute(null=True)
    member = UnicodeAttribute()
    version = IntegerAttribute()
    points = IntegerAttribute()
    since = MomentAttribute(null=True)
    since_kind = UnicodeAttribute(null=True)
    receipt_till = UnicodeAttribute(null=True)
    receipt = UnicodeAttribute(null=True)


class WaitItem(Item, discriminator="aw"):
    """A change of a phone that waits, or a pause."""

    until = MomentAttribute()
    member = UnicodeAttribute()
    at = MomentAttribute()
    is_pause = BooleanAttribute(null=True)


class RefusalsItem(Item, discriminator="an"):
    """How many conflicts of a day were kept."""

    units = IntegerAttribute()


def attention_pk(merchant_id: str) -> str:
    """Return the partition of what waits at a merchant."""
    return f"T#{part(merchant_id)}#ATTENTION"


def conflict_key(merchant_id: str, conflict_id: str) -> Key:
    """Return where a conflict lies."""
    return attention_pk(merchant_id), CONFLICT + part(conflict_id)


def debt_key(member: MemberRef) -> Key:
    """Return where a member's debt lies."""
    return attention_pk(member.merchant_id), DEBT + part(member.member_id)


def refusals_key(merchant_id: str, at: datetime) -> Key:
    """Return where the conflicts of a day are counted."""
    return f"{attention_pk(merchant_id)}#N", at.astimezone(UTC).date().isoformat()


def wait_key(member: MemberRef, *, is_pause: bool) -> Key:
    """Return where a member's wait lies."""
    which = _PAUSED if is_pause else _WAITS
    return attention_pk(member.merchant_id), f"{WAIT}{part(member.member_id)}{which}"


def conflict_item(conflict: OfflineConflict) -> ConflictItem:
    """Return the item of a conflict that nobody has dealt with."""
    ends = conflict.refused_at + KEPT_FOR
    return ConflictItem(
        *conflict_key(conflict.merchant_id, conflict.conflict_id),
        until=ends,
        till=conflict.till_id,
        sold_at=conflict.sold_at,
        refused_at=conflict.refused_at,
        receipt=conflict.receipt_id,
        total=conflict.total_minor,
        currency=conflict.currency,
        code=conflict.code,
        detail=conflict.detail or None,
        staff=conflict.staff_id or None,
        member=conflict.member_id or None,
        redeem_mode=conflict.redeem_mode,
        redeem_points=conflict.redeem_points,
        ttl=epoch(ends),
    )


def conflict_of(merchant_id: str, item: ConflictItem) -> OfflineConflict:
    """Return the conflict of an item."""
    return OfflineConflict(
        conflict_id=item.sk.removeprefix(CONFLICT),  # nothing in it is encoded
        merchant_id=merchant_id,
        till_id=item.till,
        sold_at=item.sold_at,
        refused_at=item.refused_at,
        receipt_id=item.receipt,
        total_minor=item.total,
        currency=item.currency,
        code=item.code,
        detail=item.detail or "",
        staff_id=item.staff or "",
        member_id=item.member or "",
        redeem_mode=item.redeem_mode,
        redeem_points=item.redeem_points,
        settled_at=item.settled_at,
        settled_by=item.settled_by or "",
        note=item.note or "",
    )


def debt_of(merchant_id: str, item: DebtItem) -> Debt:
    """Return the debt of an item."""
    since = None
    if item.since is not None:
        receipt = None
        if item.receipt is not None:
            receipt = ReceiptKey(merchant_id, item.receipt_till or "", item.receipt)
        since = DebtStart(item.since, EntryKind(item.since_kind), receipt)
    return Debt(MemberRef(merchant_id, item.member), item.version, item.points, since)


def wait_item(wait: PhoneWait) -> WaitItem:
    """Return the item of a wait."""
    return WaitItem(
        *wait_key(wait.member, is_pause=wait.is_pause),
        until=wait.until,
        member=wait.member.member_id,
        at=wait.at,
        is_pause=wait.is_pause or None,
        ttl=epoch(wait.until),
    )


def wait_of(merchant_id: str, item: WaitItem) -> PhoneWait:
    """Return the wait of an item."""
    member = MemberRef(merchant_id, item.member)
    return PhoneWait(member, item.at, item.until, bool(item.is_pause))

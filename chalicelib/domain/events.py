"""What leaves the outbox: facts for other consumers, versioned and named.

Names go from general to specific. A consumer sees each at least once; `event_id` is the
same each time. Nothing personal is in them: a consumer looks the member up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import EntryKind, LedgerEntry, MovementKind

EVENT_VERSION = 1  # of every name's data; grows when a field changes its meaning

_NAMES = {
    EntryKind.JOIN: "member.joined",
    EntryKind.PURCHASE: "purchase.completed",
    EntryKind.RETURN: "purchase.returned",
    EntryKind.VOID: "purchase.voided",
    EntryKind.GRANT: "points.granted",
    EntryKind.ANNIVERSARY: "points.granted",
    EntryKind.REDEEM: "points.redeemed",
    EntryKind.HOLD: "points.held",
    EntryKind.RELEASE: "points.released",
    EntryKind.ACTIVATE: "points.activated",
    EntryKind.REMIND: "points.expiring",
    EntryKind.REVERSE: "points.reversed",
    EntryKind.COUPON: "coupon.given",
    EntryKind.CODE: "pass_code.replaced",
    EntryKind.VERIFY: "member.verified",
    EntryKind.PHONE: "member.phone_changed",
    EntryKind.ERASE: "member.erased",
    EntryKind.MERGED: "member.merged",
}
# What an entry keeps to fold the ledger or to finish what it began: nobody else's matter.
_OF_THE_LEDGER = frozenset({"turnover", "overrides", "actions", "friends", "coupons", "spoken"})


@dataclass(frozen=True, slots=True)
class Event:
    """One fact, after its commit."""

    event_id: str
    name: str
    version: int
    member: MemberRef  # without a member_id: of the merchant itself
    at: datetime
    facts: Mapping[str, int | str | None]


def own_points(entry: LedgerEntry) -> int:
    """Return what a grant gave or a redemption took, without what expired beside it."""
    granted, redeemed = entry.facts.get("granted"), entry.facts.get("redeemed")
    if entry.kind in (EntryKind.GRANT, EntryKind.ANNIVERSARY) and isinstance(granted, int):
        return granted
    if entry.kind is EntryKind.REDEEM and isinstance(redeemed, int):
        return -redeemed
    return entry.points


def events_of(entry: LedgerEntry) -> tuple[Event, ...]:
    """Return the events an entry stands for: its own, and what happened beside it."""
    names: list[tuple[str, dict[str, int | str | None]]] = []
    if name := _NAMES.get(entry.kind):
        own: dict[str, int | str | None] = {
            "points": own_points(entry),
            "reference": entry.reference,
            "reason": entry.reason,
        }
        told = {k: v for k, v in entry.facts.items() if k not in _OF_THE_LEDGER}
        names.append((name, own | told))
    expired = -sum(m.points for m in entry.movements if m.kind is MovementKind.EXPIRE)
    if expired:
        names.append(("points.expired", {"points": expired}))
    is_moved = entry.tier_before != entry.tier_after and entry.tier_before is not None
    if is_moved and entry.kind not in (EntryKind.ERASE, EntryKind.MERGED):
        names.append(("tier.changed", {"from": entry.tier_before, "to": entry.tier_after}))
    return tuple(
        Event(
            # Not "merchant.member" anywhere: that is a pass serial, and ids are logged.
            event_id=f"evt_{entry.member.merchant_id}-{entry.version}-{name}"
            f"-{entry.member.member_id}",
            name=name,
            version=EVENT_VERSION,
            member=entry.member,
            at=entry.at,
            facts={**facts, "ledger_version": entry.version},
        )
        for name, facts in names
    )

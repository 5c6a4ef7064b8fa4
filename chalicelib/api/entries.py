"""Ledger entries as JSON."""

from typing import Any

from chalicelib.api.ids import lot_id
from chalicelib.api.shapes import write_moment
from chalicelib.domain.entries import EntryKind, LedgerEntry, Movement
from chalicelib.domain.segments import segments_of


def entry_json(entry: LedgerEntry) -> dict[str, Any]:
    """Return one line of the ledger; a grant's also says which lot it made."""
    found: dict[str, Any] = {
        "id": f"ent_{entry.member.member_id}.{entry.version}",
        "object": "ledger_entry",
        "version": entry.version,
        "kind": entry.kind.value,
        "points": entry.points,
        "movements": [_movement_json(movement) for movement in entry.movements],
        "balance_after": entry.balance_after,
        "at": write_moment(entry.at),
        "on": entry.on.isoformat(),
        "created_at": write_moment(entry.at),
        "reason": entry.reason,
        "reference": entry.reference,
        "key": entry.key or None,
        "tier_before": entry.tier_before,
        "tier_after": entry.tier_after,
    }
    granted = entry.facts.get("lot_id")
    if isinstance(granted, int):
        found["lot_id"] = lot_id(granted)
    return found


def staff_entry_json(entry: LedgerEntry) -> dict[str, Any]:
    """Return the line with what is the shop's own matter: segments, and who did it."""
    found = entry_json(entry)
    if entry.staff_id:
        found["staff_id"] = entry.staff_id
    if entry.approved_by:
        found["approved_by"] = entry.approved_by
    if entry.kind is EntryKind.SEGMENTS:
        found["segments"] = list(segments_of(entry))
    return found


def _movement_json(movement: Movement) -> dict[str, Any]:
    lot = movement.lot
    return {
        "kind": movement.kind.value,
        "points": movement.points,
        "lot_id": lot_id(lot.lot_id) if lot else None,
        "expires_on": lot.expires_on.isoformat() if lot and lot.expires_on else None,
    }

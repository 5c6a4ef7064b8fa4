"""The chain of a ledger: whatever is changed in a stored entry, its hash tells."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account import Lot, LotSource, MemberRef
from chalicelib.domain.entries import (
    EntryKind,
    HoldMove,
    LedgerEntry,
    Movement,
    MovementKind,
    hash_of,
)
from tests.builders import ANN, NOON, TODAY, lot

MAY = lot("may", 30, until="2026-05-31", active="2026-05-02", given="2026-05-01")
ENTRY = LedgerEntry(
    member=ANN,
    version=3,
    kind=EntryKind.PURCHASE,
    at=NOON,
    on=TODAY,
    movements=(Movement(MovementKind.EARN, 30, MAY),),
    balance_after=90,
    reason="sale",
    reference="r-1",
    actor="till-1",
    key="key-1",
    net_minor=100_000,
    net_on=TODAY,
    tier_before="base",
    tier_after="silver",
    hold_moves=(HoldMove("hold-1", True, (MAY,)),),
    facts={"paid_minor": 100_000, "tier": "base"},
    previous_hash="0" * 64,
)
NEXT_DAY = TODAY + timedelta(days=1)
OTHER_FIELDS: dict[str, Any] = {
    "member": MemberRef("bakery", ANN.member_id),
    "version": 4,
    "kind": EntryKind.GRANT,
    "at": NOON + timedelta(microseconds=1),
    "on": NEXT_DAY,
    "movements": (Movement(MovementKind.GRANT, 30, MAY),),
    "balance_after": 91,
    "reason": "gift",
    "reference": "r-2",
    "actor": "till-2",
    "key": "key-2",
    "net_minor": 100_001,
    "net_on": NEXT_DAY,
    "tier_before": None,
    "tier_after": "gold",
    "hold_moves": (HoldMove("hold-1", False, (MAY,)),),
    "facts": {"paid_minor": 100_000, "tier": "silver"},
    "previous_hash": "1" * 64,
    "staff_id": "stf_vera",
    "approved_by": "stf_olga",
}
OTHER_LOT: dict[str, Any] = {
    "lot_id": 1,
    "source": LotSource.ANNIVERSARY,
    "granted_on": TODAY,
    "active_from": TODAY,
    "expires_on": None,
    "points": 31,
}


def test_every_field_is_tried_below() -> None:
    assert OTHER_FIELDS.keys() == {field.name for field in fields(LedgerEntry)}
    assert OTHER_LOT.keys() == {field.name for field in fields(Lot)}


@pytest.mark.parametrize("name", OTHER_FIELDS)
def test_an_entry_with_another_value_has_another_hash(name: str) -> None:
    changed = replace(ENTRY, **{name: OTHER_FIELDS[name]})

    assert hash_of(changed) != hash_of(ENTRY)


@pytest.mark.parametrize("name", OTHER_LOT)
def test_a_lot_with_another_value_gives_its_entry_another_hash(name: str) -> None:
    other = replace(MAY, **{name: OTHER_LOT[name]})

    moved = replace(ENTRY, movements=(Movement(MovementKind.EARN, 30, other),))
    held = replace(ENTRY, hold_moves=(HoldMove("hold-1", True, (other,)),))

    assert len({hash_of(ENTRY), hash_of(moved), hash_of(held)}) == 3


def test_the_hash_of_an_entry_is_the_same_for_ever() -> None:
    assert hash_of(ENTRY) == "875b7f6f70bf8d189d58e67865dee6a0418fce299066d382b4d4e94580b2639d"


def test_who_did_it_and_who_allowed_it_are_told_apart() -> None:
    done = replace(ENTRY, staff_id="stf_vera")
    allowed = replace(ENTRY, approved_by="stf_vera")

    assert hash_of(done) != hash_of(allowed)


def test_facts_in_another_order_are_the_same_facts() -> None:
    turned = replace(ENTRY, facts=dict(reversed(ENTRY.facts.items())))

    assert hash_of(turned) == hash_of(ENTRY)

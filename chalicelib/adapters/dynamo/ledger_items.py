"""Account, ledger entry and idempotency record as items, to and from the domain.

Empty values are left out: an attribute that is absent is 0, "", None or (). Binaries are
the packed forms of `packing.py`. The fourth item of an operation, the receipt, is in
`receipt_items.py`.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo import keys, packing
from chalicelib.adapters.dynamo.items import (
    DateAttribute,
    HashAttribute,
    IntegerAttribute,
    Item,
    MomentAttribute,
)
from chalicelib.domain.account import Account, MemberRef, MemberStatus, Turnover
from chalicelib.domain.entries import EntryKind, LedgerChange, LedgerEntry
from chalicelib.domain.receipts import ReceiptKey


class AccountItem(Item, discriminator="A"):
    """An account; every write is under the condition of the version that was read."""

    version = IntegerAttribute()
    pass_version = IntegerAttribute()
    lots = BinaryAttribute(legacy_encoding=False, null=True)
    holds = BinaryAttribute(legacy_encoding=False, null=True)
    turnover = BinaryAttribute(legacy_encoding=False, null=True)
    overrides = BinaryAttribute(legacy_encoding=False, null=True)
    debt = IntegerAttribute(null=True)
    stamps = IntegerAttribute(null=True)
    tier = UnicodeAttribute(null=True)
    status = UnicodeAttribute(null=True)  # absent: active
    reminded = DateAttribute(null=True)
    entry_hash = HashAttribute(attr_name="hash", null=True)
    pushed = IntegerAttribute(null=True)  # version the passes were told; the pusher's alone


# What an operation rewrites in an account: all but `pushed`. The marker is set only where
# there is none and never cleared, so that an account that is dirty costs no index write.
REWRITTEN = (
    "version", "pass_version", "lots", "holds", "turnover", "overrides", "debt", "stamps",
    "tier", "status", "reminded", "hash", "due", "due_sk", "dirty", "dirty_sk",
)  # fmt: skip
KEPT_MARKER = frozenset({"dirty", "dirty_sk"})


class EntryItem(Item, discriminator="E"):
    """A ledger entry; written once, never updated."""

    entry = UnicodeAttribute()
    at = MomentAttribute()
    on = DateAttribute()
    moves = BinaryAttribute(legacy_encoding=False, null=True)
    balance = IntegerAttribute()
    reason = UnicodeAttribute(null=True)
    reference = UnicodeAttribute(null=True)
    actor = UnicodeAttribute(null=True)
    key = UnicodeAttribute(null=True)
    net = IntegerAttribute(null=True)
    net_on = DateAttribute(null=True)
    tier_from = UnicodeAttribute(null=True)
    tier_to = UnicodeAttribute(null=True)
    holds = BinaryAttribute(legacy_encoding=False, null=True)
    facts = UnicodeAttribute(null=True)
    previous = HashAttribute(null=True)
    till = UnicodeAttribute(null=True)  # of the receipt this entry gave the member
    receipt = UnicodeAttribute(null=True)  # its number; absent: `reference`


class OperationItem(Item, discriminator="I"):
    """The permanent idempotency record: what was asked for, and what answers a repeat."""

    fingerprint = HashAttribute()
    member = UnicodeAttribute(null=True)  # with `version`: the entry
    version = IntegerAttribute(null=True)
    till = UnicodeAttribute(null=True)  # with `receipt`: the receipt
    receipt = UnicodeAttribute(null=True)
    return_id = UnicodeAttribute(null=True)


def account_item(account: Account, *, at: datetime, due_shards: int) -> AccountItem:
    """Return an account's item; `at` is when it became dirty."""
    item = AccountItem(*keys.account_key(account.member), **_account_values(account))
    if account.due is not None:
        item.due, item.due_sk = due_place(account, due_shards)
    if account.is_dirty:
        item.dirty, item.dirty_sk = _dirty(account.member, at)
    return item


def account_of(item: AccountItem) -> Account:
    """Return the account of an item."""
    return Account(
        member=keys.member_of(item.pk),
        version=item.version,
        lots=packing.unpack_lots(item.lots) if item.lots else (),
        holds=packing.unpack_holds(item.holds) if item.holds else (),
        debt=item.debt or 0,
        turnover=packing.unpack_turnover(item.turnover) if item.turnover else Turnover(),
        overrides=packing.unpack_overrides(item.overrides) if item.overrides else (),
        stamps=item.stamps or 0,
        tier=item.tier,
        status=MemberStatus(item.status) if item.status else MemberStatus.ACTIVE,
        pass_version=item.pass_version,
        due=DateAttribute().deserialize(item.due_sk[:10]) if item.due_sk else None,
        reminded_through=item.reminded,
        is_dirty=item.dirty is not None,
        entry_hash=item.entry_hash or "",
    )


def entry_item(entry: LedgerEntry, receipt: ReceiptKey | None = None) -> EntryItem:
    """Return the item of an entry; `receipt` is the one it gave the member, if any."""
    values: dict[str, Any] = {
        "reason": entry.reason,
        "reference": entry.reference,
        "actor": entry.actor,
        "key": entry.key,
        "net": entry.net_minor,
        "net_on": entry.net_on,
        "tier_from": entry.tier_before,
        "tier_to": entry.tier_after,
        "previous": entry.previous_hash,
    }
    if entry.movements:
        values["moves"] = packing.pack_movements(entry.movements)
    if entry.hold_moves:
        values["holds"] = packing.pack_hold_moves(entry.hold_moves)
    if entry.facts:
        values["facts"] = packing.to_json(dict(entry.facts)).decode()
    if receipt:
        values["till"] = receipt.till_id
        if receipt.receipt_id != entry.reference:
            values["receipt"] = receipt.receipt_id
    return EntryItem(
        *keys.entry_key(entry.member, entry.version),
        entry=entry.kind.value,
        at=entry.at,
        on=entry.on,
        balance=entry.balance_after,
        **{name: value for name, value in values.items() if value},
    )


def entry_of(item: EntryItem) -> LedgerEntry:
    """Return the entry of an item."""
    return LedgerEntry(
        member=keys.member_of(item.pk),
        version=int(item.sk[len(keys.ENTRY_PREFIX) :]),
        kind=EntryKind(item.entry),
        at=item.at,
        on=item.on,
        movements=packing.unpack_movements(item.moves) if item.moves else (),
        balance_after=item.balance,
        reason=item.reason or "",
        reference=item.reference or "",
        actor=item.actor or "",
        key=item.key or "",
        net_minor=item.net or 0,
        net_on=item.net_on,
        tier_before=item.tier_from,
        tier_after=item.tier_to,
        hold_moves=packing.unpack_hold_moves(item.holds) if item.holds else (),
        facts=json.loads(item.facts) if item.facts else {},
        previous_hash=item.previous or "",
    )


def entry_of_image(image: Mapping[str, Any]) -> LedgerEntry | None:
    """Return the entry of a stream record's image as Lambda hands it over, if it is one.

    Binaries are base64 text there. Other items of the table give None.
    """
    if image.get("kind", {}).get("S") != "E":
        return None
    item = EntryItem()
    item.from_dynamodb_dict({name: dict(value) for name, value in image.items()})
    return entry_of(item)


def receipt_given(item: EntryItem) -> ReceiptKey | None:
    """Return the key of the receipt an entry gave its member."""
    if item.till is None:
        return None
    member = keys.member_of(item.pk)
    return ReceiptKey(member.merchant_id, item.till, item.receipt or item.reference or "")


def operation_item(change: LedgerChange) -> OperationItem:
    """Return the record of a change's operation, pointing to what answers a repeat."""
    operation = change.operation
    item = OperationItem(
        *keys.operation_key(operation.merchant_id, operation.client, operation.key),
        fingerprint=operation.fingerprint,
    )
    receipt = change.new_receipt or change.changed_receipt
    if receipt is not None:
        item.till, item.receipt = receipt.key.till_id, receipt.key.receipt_id
        item.return_id = change.return_id
    elif change.entry is not None:
        item.member, item.version = change.entry.member.member_id, change.entry.version
    return item


def _account_values(account: Account) -> dict[str, Any]:
    values: dict[str, Any] = {
        "version": account.version,
        "pass_version": account.pass_version,
        "debt": account.debt or None,
        "stamps": account.stamps or None,
        "tier": account.tier,
        "reminded": account.reminded_through,
        "entry_hash": account.entry_hash or None,
    }
    if account.lots:
        values["lots"] = packing.pack_lots(account.lots)
    if account.holds:
        values["holds"] = packing.pack_holds(account.holds)
    if account.turnover != Turnover():
        values["turnover"] = packing.pack_turnover(account.turnover)
    if account.overrides:
        values["overrides"] = packing.pack_overrides(account.overrides)
    if account.status is not MemberStatus.ACTIVE:
        values["status"] = account.status.value
    return {name: value for name, value in values.items() if value is not None}


def due_place(account: Account, due_shards: int) -> tuple[str, str]:
    """Return where a due account stands in the index: partition and sort key."""
    assert account.due is not None, "the caller looks"
    member = account.member
    shard = keys.shard_of(member.member_id, due_shards)
    return (
        keys.due_accounts(member.merchant_id, shard),
        keys.due_member_sk(account.due, member.member_id),
    )


def _dirty(member: MemberRef, at: datetime) -> tuple[str, str]:
    shard = keys.shard_of(member.member_id, keys.DIRTY_SHARDS)
    return (
        keys.dirty_passes(shard),
        keys.dirty_sk(at, member.merchant_id, member.member_id),
    )

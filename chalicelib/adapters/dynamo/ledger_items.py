"""Account, ledger entry and idempotency record as items, to and from the domain.

Empty values are left out: an attribute that is absent is 0, "", None or (). Binaries are
the packed forms of `packing.py`. The fourth item of an operation, the receipt, is in
`receipt_items.py`.
"""

import json
from datetime import UTC, datetime
from typing import Any

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo import keys, packing
from chalicelib.adapters.dynamo.connection import Rewriting
from chalicelib.adapters.dynamo.index_places import dirty_place, due_place
from chalicelib.adapters.dynamo.items import (
    DateAttribute,
    HashAttribute,
    IntegerAttribute,
    Item,
    MomentAttribute,
)
from chalicelib.adapters.dynamo.raw_items import RawFormat, RawItem
from chalicelib.adapters.dynamo.reward_packing import pack_rewards, unpack_rewards
from chalicelib.domain.account import Account, MemberStatus, Turnover
from chalicelib.domain.entries import EntryKind, LedgerChange, LedgerEntry
from chalicelib.domain.receipts import ReceiptKey
from chalicelib.domain.reward_record import NO_REWARDS


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
    merged_into = UnicodeAttribute(null=True)
    reminded = DateAttribute(null=True)
    rewards = BinaryAttribute(legacy_encoding=False, null=True)
    segments = BinaryAttribute(legacy_encoding=False, null=True)  # absent: none
    unverified = DateAttribute(null=True)  # last day to confirm the phone
    paused = MomentAttribute(null=True)  # nothing is redeemed before
    entry_hash = HashAttribute(attr_name="hash", null=True)
    pushed = IntegerAttribute(null=True)  # version the passes were told; the pusher's alone
    noted = IntegerAttribute(null=True)  # the journal's, while the passes cannot be told
    marks = IntegerAttribute(null=True)  # of what made it dirty beside its entries
    pushed_at = IntegerAttribute(null=True)  # Unix seconds
    spoken = IntegerAttribute(null=True)  # the same: a till found it by phone; look-ups' own


# What an operation rewrites in an account: all but the outbox's own `pushed`, `noted`,
# `marks` and `pushed_at`, and `spoken`. The marker is set only where there is none and never
# cleared: an account that is dirty costs no index write.
REWRITING = Rewriting(
    (
        "version", "pass_version", "lots", "holds", "turnover", "overrides", "debt", "stamps",
        "tier", "status", "merged_into", "reminded", "rewards", "segments", "unverified",
        "paused", "hash", "due", "due_sk", "dirty", "dirty_sk",
    ),
    once=frozenset({"dirty", "dirty_sk"}),
    reserved=frozenset({"status", "hash", "segments"}),
)  # fmt: skip


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
    staff = UnicodeAttribute(null=True)  # who was signed in at the till
    approver = UnicodeAttribute(null=True)


class OperationItem(Item, discriminator="I"):
    """The permanent idempotency record: what was asked for, and what answers a repeat."""

    fingerprint = HashAttribute()
    member = UnicodeAttribute(null=True)  # with `version`: the entry
    version = IntegerAttribute(null=True)
    till = UnicodeAttribute(null=True)  # with `receipt`: the receipt
    receipt = UnicodeAttribute(null=True)
    return_id = UnicodeAttribute(null=True)
    gift_card = UnicodeAttribute(null=True)  # hash of its code; with `version`: its entry
    promo_code = UnicodeAttribute(null=True)
    code_batch = UnicodeAttribute(null=True)


ACCOUNTS = RawFormat(AccountItem)
ENTRIES = RawFormat(EntryItem)
OPERATIONS = RawFormat(OperationItem)


def account_item(account: Account, *, at: datetime, due_shards: int) -> AccountItem:
    """Return an account's item; `at` is when it became dirty."""
    return AccountItem.from_raw_data(raw_account(account, at=at, due_shards=due_shards))


def raw_account(account: Account, *, at: datetime, due_shards: int) -> RawItem:
    """Return the JSON of an account's item."""
    due = due_place(account, due_shards) if account.due is not None else (None, None)
    dirty = dirty_place(account.member, at) if account.is_dirty else (None, None)
    is_active = account.status is MemberStatus.ACTIVE
    turnover = account.turnover
    values = {
        "version": account.version,
        "pass_version": account.pass_version,
        "lots": packing.pack_lots(account.lots) if account.lots else None,
        "holds": packing.pack_holds(account.holds) if account.holds else None,
        "turnover": packing.pack_turnover(turnover) if turnover != Turnover() else None,
        "overrides": packing.pack_overrides(account.overrides) if account.overrides else None,
        "debt": account.debt or None,
        "stamps": account.stamps or None,
        "tier": account.tier,
        "status": None if is_active else account.status.value,
        "merged_into": account.merged_into,
        "reminded": account.reminded_through,
        "rewards": pack_rewards(account.rewards) if account.rewards != NO_REWARDS else None,
        "segments": packing.pack_names(account.segments) if account.segments else None,
        "unverified": account.unverified_through,
        "paused": account.redeem_paused_until,
        "entry_hash": account.entry_hash or None,
        "due": due[0],
        "due_sk": due[1],
        "dirty": dirty[0],
        "dirty_sk": dirty[1],
    }
    return ACCOUNTS.write(keys.account_key(account.member), values)


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
        merged_into=item.merged_into,
        pass_version=item.pass_version,
        due=DateAttribute().deserialize(item.due_sk[:10]) if item.due_sk else None,
        reminded_through=item.reminded,
        is_dirty=item.dirty is not None,
        told_version=item.pushed or 0,
        noted_version=item.noted or 0,
        marks=item.marks or 0,
        pushed_at=datetime.fromtimestamp(item.pushed_at, UTC) if item.pushed_at else None,
        rewards=unpack_rewards(item.rewards) if item.rewards else NO_REWARDS,
        segments=packing.unpack_names(item.segments) if item.segments else (),
        unverified_through=item.unverified,
        spoken_at=datetime.fromtimestamp(item.spoken, UTC) if item.spoken else None,
        redeem_paused_until=item.paused,
        entry_hash=item.entry_hash or "",
    )


def entry_item(entry: LedgerEntry, receipt: ReceiptKey | None = None) -> EntryItem:
    """Return the item of an entry; `receipt` is the one it gave the member, if any."""
    return EntryItem.from_raw_data(raw_entry(entry, receipt))


def raw_entry(entry: LedgerEntry, receipt: ReceiptKey | None = None) -> RawItem:
    """Return the JSON of an entry's item."""
    moves, holds = entry.movements, entry.hold_moves
    is_reference = receipt is not None and receipt.receipt_id == entry.reference
    values = {
        "entry": entry.kind.value,
        "at": entry.at,
        "on": entry.on,
        "moves": packing.pack_movements(moves) if moves else None,
        "balance": entry.balance_after,
        "reason": entry.reason or None,
        "reference": entry.reference or None,
        "actor": entry.actor or None,
        "key": entry.key or None,
        "net": entry.net_minor or None,
        "net_on": entry.net_on,
        "tier_from": entry.tier_before or None,
        "tier_to": entry.tier_after or None,
        "holds": packing.pack_hold_moves(holds) if holds else None,
        "facts": packing.to_json(dict(entry.facts)).decode() if entry.facts else None,
        "previous": entry.previous_hash or None,
        "till": receipt.till_id if receipt else None,
        "receipt": receipt.receipt_id if receipt and not is_reference else None,
        "staff": entry.staff_id or None,
        "approver": entry.approved_by or None,
    }
    return ENTRIES.write(keys.entry_key(entry.member, entry.version), values)


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
        staff_id=item.staff or "",
        approved_by=item.approver or "",
    )


def receipt_given(item: EntryItem) -> ReceiptKey | None:
    """Return the key of the receipt an entry gave its member."""
    if item.till is None:
        return None
    member = keys.member_of(item.pk)
    return ReceiptKey(member.merchant_id, item.till, item.receipt or item.reference or "")


def operation_item(change: LedgerChange) -> OperationItem:
    """Return the record of a change's operation, pointing to what answers a repeat."""
    return OperationItem.from_raw_data(raw_operation(change))


def raw_operation(change: LedgerChange) -> RawItem:
    """Return the JSON of `operation_item`."""
    operation, entry = change.operation, change.entry
    values: dict[str, Any] = {"fingerprint": operation.fingerprint}
    receipt = change.new_receipt or change.changed_receipt
    if receipt is not None:
        values["till"], values["receipt"] = receipt.key.till_id, receipt.key.receipt_id
        values["return_id"] = change.return_id
    elif entry is not None:
        values["member"], values["version"] = entry.member.member_id, entry.version
    elif change.gift_card is not None:
        card, written = change.gift_card.card, change.gift_card.entry
        values["gift_card"], values["version"] = card.code_hash, written.version
    elif change.promo_code is not None:
        values["promo_code"] = change.promo_code.code
    elif change.code_batch is not None:
        values["code_batch"] = change.code_batch.batch_id
    key = keys.operation_key(operation.merchant_id, operation.client, operation.key)
    return OPERATIONS.write(key, values)

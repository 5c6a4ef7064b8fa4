"""The `GiftCards` port, and a card's part in the ledger's transaction.

| part            | write           | condition                                   |
|-----------------|-----------------|---------------------------------------------|
| gift card       | update (or put) | at the version before that of the entry     |
| gift card entry | put             | does not exist                              |

A card is found by the keyed hash of its code: the table never holds the code. Empty
values are left out.
"""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Rewriting, Transaction, store_errors
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.raw_items import RawFormat, RawItem
from chalicelib.adapters.dynamo.reading import find
from chalicelib.domain.gift_cards import (
    GiftCard,
    GiftCardChange,
    GiftCardEntry,
    GiftCardEntryKind,
    GiftCardState,
    as_after,
)

ENTRIES_MAX = 200  # of one answer

_CARD, _ENTRY = "gift card", "gift card entry"


class GiftCardItem(Item, discriminator="W"):
    """A gift card as it stands."""

    card_id = UnicodeAttribute()
    currency = UnicodeAttribute()
    amount = IntegerAttribute()
    balance = IntegerAttribute()
    state = UnicodeAttribute()
    issued_at = MomentAttribute()
    version = IntegerAttribute()
    receipt = UnicodeAttribute(null=True)  # the till's number of its sale
    topped_up = IntegerAttribute(null=True)


class GiftCardEntryItem(Item, discriminator="w"):
    """One change of a card; written once, never updated."""

    entry = UnicodeAttribute()
    at = MomentAttribute()
    amount = IntegerAttribute()
    balance = IntegerAttribute()
    state = UnicodeAttribute()
    forfeited = IntegerAttribute(null=True)
    topped_up = IntegerAttribute(null=True)
    undoes = IntegerAttribute(null=True)
    reference = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    actor = UnicodeAttribute(null=True)
    key = UnicodeAttribute(null=True)


CARDS = RawFormat(GiftCardItem)
ENTRIES = RawFormat(GiftCardEntryItem)
_REWRITING = Rewriting(
    ("balance", "state", "version", "topped_up"),
    once=frozenset(),
    reserved=frozenset({"state"}),
)


class DynamoGiftCards:
    """Gift cards in the table."""

    def find(self, merchant_id: str, code_hash: str) -> GiftCard | None:
        item = find(GiftCardItem, keys.gift_card_key(merchant_id, code_hash))
        return card_of(item) if item else None

    def entries(
        self, merchant_id: str, code_hash: str, *, limit: int = 50
    ) -> tuple[GiftCardEntry, ...]:
        pk, _ = keys.gift_card_key(merchant_id, code_hash)
        with store_errors():
            items = GiftCardEntryItem.query(
                pk,
                GiftCardEntryItem.sk.startswith(keys.ENTRY_PREFIX),
                consistent_read=True,
                scan_index_forward=False,
                limit=min(limit, ENTRIES_MAX),
            )
            return tuple(entry_of(item) for item in items)


def add_gift_card(write: Transaction, change: GiftCardChange) -> None:
    """Add to a transaction that a card changes, if it has not moved since it was read."""
    card, entry = change.card, change.entry
    raw = _raw_card(card)
    if entry.version == 1:
        write.put_new(_CARD, raw)
    else:
        write.rewrite(_CARD, raw, entry.version - 1, _REWRITING)
    write.put_new(_ENTRY, _raw_entry(card, entry))


def change_of(card: RawItem, entry: RawItem) -> GiftCardChange:
    """Return what an operation once wrote: its entry, and the card as that left it."""
    written = entry_of(ENTRIES.read(entry))
    return GiftCardChange(as_after(card_of(CARDS.read(card)), written), written)


def card_of(item: GiftCardItem) -> GiftCard:
    """Return the card of an item."""
    merchant_id, code_hash = keys.gift_card_of(item.pk)
    return GiftCard(
        merchant_id=merchant_id,
        code_hash=code_hash,
        card_id=item.card_id,
        currency=item.currency,
        amount_minor=item.amount,
        balance_minor=item.balance,
        issued_at=item.issued_at,
        state=GiftCardState(item.state),
        receipt_id=item.receipt or "",
        topped_up_minor=item.topped_up or 0,
        version=item.version,
    )


def entry_of(item: GiftCardEntryItem) -> GiftCardEntry:
    """Return the entry of an item."""
    return GiftCardEntry(
        version=int(item.sk[len(keys.ENTRY_PREFIX) :]),
        kind=GiftCardEntryKind(item.entry),
        at=item.at,
        amount_minor=item.amount,
        balance_after=item.balance,
        state_after=GiftCardState(item.state),
        forfeited_minor=item.forfeited or 0,
        topped_up_after=item.topped_up or 0,
        undoes=item.undoes or 0,
        reference=item.reference or "",
        reason=item.reason or "",
        actor=item.actor or "",
        key=item.key or "",
    )


def _raw_card(card: GiftCard) -> RawItem:
    values = {
        "card_id": card.card_id,
        "currency": card.currency,
        "amount": card.amount_minor,
        "balance": card.balance_minor,
        "state": card.state.value,
        "issued_at": card.issued_at,
        "version": card.version,
        "receipt": card.receipt_id or None,
        "topped_up": card.topped_up_minor or None,
    }
    return CARDS.write(keys.gift_card_key(card.merchant_id, card.code_hash), values)


def _raw_entry(card: GiftCard, entry: GiftCardEntry) -> RawItem:
    values = {
        "entry": entry.kind.value,
        "at": entry.at,
        "amount": entry.amount_minor,
        "balance": entry.balance_after,
        "state": entry.state_after.value,
        "forfeited": entry.forfeited_minor or None,
        "topped_up": entry.topped_up_after or None,
        "undoes": entry.undoes or None,
        "reference": entry.reference or None,
        "reason": entry.reason or None,
        "actor": entry.actor or None,
        "key": entry.key or None,
    }
    place = keys.gift_card_entry_key(card.merchant_id, card.code_hash, entry.version)
    return ENTRIES.write(place, values)

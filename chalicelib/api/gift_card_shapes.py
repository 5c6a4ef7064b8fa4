"""Gift cards, their entries, payments and top-ups as they are answered."""

from typing import Any

from chalicelib.api.shapes import write_moment
from chalicelib.domain.gift_cards import GiftCard, GiftCardChange, GiftCardEntry


def card_json(card: GiftCard) -> dict[str, Any]:
    """Return a card as it stands."""
    return {
        "id": card.card_id,
        "object": "gift_card",
        "created_at": write_moment(card.issued_at),
        "currency": card.currency,
        "amount_minor": card.amount_minor,
        "topped_up_minor": card.topped_up_minor,
        "balance_minor": card.balance_minor,
        "state": card.state.value,
        "receipt_id": card.receipt_id or None,
    }


def entry_json(entry: GiftCardEntry) -> dict[str, Any]:
    """Return one change of a card."""
    return {
        "version": entry.version,
        "kind": entry.kind.value,
        "at": write_moment(entry.at),
        "amount_minor": entry.amount_minor,
        "forfeited_minor": entry.forfeited_minor,
        "balance_after_minor": entry.balance_after,
        "receipt_id": entry.reference or None,
        "reason": entry.reason or None,
    }


def top_up_json(change: GiftCardChange) -> dict[str, Any]:
    """Return a top-up, or what took it back."""
    card, entry = change.card, change.entry
    return {
        "id": f"{card.card_id}.{entry.undoes or entry.version}",
        "object": "gift_card_top_up",
        "created_at": write_moment(entry.at),
        "gift_card_id": card.card_id,
        "currency": card.currency,
        "amount_minor": entry.amount_minor,
        "topped_up_minor": card.topped_up_minor,
        "balance_minor": entry.balance_after,
        "receipt_id": entry.reference or None,
    }


def payment_json(change: GiftCardChange, amount_minor: int) -> dict[str, Any]:
    """Return what a card has paid of an amount."""
    card, entry = change.card, change.entry
    return {
        "id": f"{card.card_id}.{entry.version}",
        "object": "gift_card_payment",
        "created_at": write_moment(entry.at),
        "gift_card_id": card.card_id,
        "currency": card.currency,
        "amount_minor": amount_minor,
        "gift_card_minor": -entry.amount_minor,
        "money_minor": amount_minor + entry.amount_minor,
        "forfeited_minor": entry.forfeited_minor,
        "balance_minor": entry.balance_after,
    }

"""Top-ups of gift cards: more money on a card that was sold, taken back while unused (R27).

What a top-up brings earns nothing, as the sale of the card does. Money that was on the card
first is spent first: so a top-up is unused as long as the card still has it and all that was
put on after it. Which top-ups stand is read off the card's latest entries.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from chalicelib.domain.errors import DomainError
from chalicelib.domain.gift_cards import (
    GiftCard,
    GiftCardChange,
    GiftCardEntry,
    GiftCardEntryKind,
    GiftCardRefused,
    GiftCardState,
    GiftCardUsed,
    Remainder,
    Signature,
    changed,
)

ENTRIES_READ: Final = 200  # of a card: an older top-up stands for ever
BALANCE_MAX_MINOR: Final = 10**12  # where the program says nothing


class GiftCardOverLimit(DomainError):
    """A card may not hold so much."""

    code = "gift_card_over_limit"


class TopUpNotFound(DomainError):
    """The card has no such top-up among its latest entries."""

    code = "top_up_not_found"


def refuse_over_limit(balance_minor: int, limit_minor: int) -> None:
    """Refuse a card that would hold more than the program lets one hold.

    Raises:
        GiftCardOverLimit.
    """
    if balance_minor > limit_minor:
        raise GiftCardOverLimit(
            f"{balance_minor} minor units would be over {limit_minor}",
            balance_minor=balance_minor,
            limit_minor=limit_minor,
        )


def top_up(
    card: GiftCard,
    amount_minor: int,
    signature: Signature,
    *,
    currency: str,
    limit_minor: int,
    remainder: Remainder,
) -> GiftCardChange:
    """Put more money on a card.

    Raises:
        GiftCardRefused: it is not active, of another currency, or of one use and used.
        GiftCardOverLimit: it would hold too much.
    """
    assert amount_minor > 0, "a request has some minor units"
    if card.state is not GiftCardState.ACTIVE:
        raise GiftCardRefused(f"the gift card is {card.state}", state=card.state)
    if card.currency != currency:
        raise GiftCardRefused(f"the gift card is in {card.currency}, not in {currency}")
    if remainder is Remainder.FORFEIT and card.balance_minor != card.loaded_minor:
        raise GiftCardRefused("a gift card of one use has paid already", state=card.state)
    refuse_over_limit(card.balance_minor + amount_minor, limit_minor)
    topped = replace(card, topped_up_minor=card.topped_up_minor + amount_minor)
    return changed(topped, GiftCardEntryKind.TOP_UP, amount_minor, signature)


def undoable(card: GiftCard, entries: Iterable[GiftCardEntry]) -> frozenset[int]:
    """Return the versions of the top-ups that can be taken back.

    `entries` are the card's latest, newest first, read after the card itself.
    """
    found, later_minor = set(), 0
    if card.state is GiftCardState.ACTIVE:
        for entry in _standing(entries):
            if card.balance_minor - later_minor >= entry.amount_minor:
                found.add(entry.version)
            later_minor += entry.amount_minor
    return frozenset(found)


def undo_top_up(
    card: GiftCard, entries: Sequence[GiftCardEntry], version: int, signature: Signature
) -> GiftCardChange:
    """Take a top-up back: its money goes back as it came, by the till.

    Raises:
        TopUpNotFound: no entry of that version is a top-up.
        GiftCardRefused: it was taken back before, or the card was voided.
        GiftCardUsed: something of it has paid.
    """
    made = next((one for one in entries if one.version == version), None)
    if made is None or made.kind is not GiftCardEntryKind.TOP_UP:
        raise TopUpNotFound("the gift card has no such top-up")
    if all(one.version != version for one in _standing(entries)):
        raise GiftCardRefused("the top-up is taken back already", state=card.state)
    if version not in undoable(card, entries):
        raise GiftCardUsed(
            f"{card.balance_minor} minor units are left: the top-up has paid",
            amount_minor=made.amount_minor,
            balance_minor=card.balance_minor,
        )
    left = replace(card, topped_up_minor=card.topped_up_minor - made.amount_minor)
    signed = replace(signature, reference=made.reference)
    kind = GiftCardEntryKind.TOP_UP_VOID
    return changed(left, kind, -made.amount_minor, signed, undoes=version)


def _standing(entries: Iterable[GiftCardEntry]) -> list[GiftCardEntry]:
    """Return the top-ups that were not taken back, newest first."""
    read = list(entries)
    undone = {one.undoes for one in read}
    return [
        one
        for one in read
        if one.kind is GiftCardEntryKind.TOP_UP and one.version not in undone
    ]

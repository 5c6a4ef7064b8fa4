"""Gift cards that members keep with their card, so that no code has to be typed at a till.

The code is the bearer: who keeps a card has shown its code once, and others who know it can
go on paying, or keep it too. What is kept is no code, but what finds the card, and the end
of the code to tell cards apart; it is sealed with the profile, goes with it when the member
is erased, and to the survivor of a merge.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.errors import DomainError
from chalicelib.domain.gift_cards import (
    GiftCard,
    GiftCardNotFound,
    GiftCardRefused,
    GiftCardState,
)

KEPT_MAX: Final = 5  # of one member: each is read when the member is looked up
ENDING_SYMBOLS: Final = 5  # of 17; the others are 60 bits: still too many to guess


class TooManyGiftCards(DomainError):
    """The member keeps as many gift cards as one may."""

    code = "too_many_gift_cards"


class GiftCardLocked(DomainError):
    """Too many codes were tried that are no gift card's."""

    code = "gift_card_locked"


@dataclass(frozen=True, slots=True)
class KeptGiftCard:
    """A gift card that a member keeps."""

    card_id: str
    code_hash: str
    ending: str  # of its code
    kept_at: datetime


Kept = tuple[KeptGiftCard, ...]  # of one member, the latest first


@dataclass(frozen=True, slots=True)
class HeldGiftCard:
    """A gift card that a member keeps, as it stands now."""

    kept: KeptGiftCard
    card: GiftCard

    @property
    def can_pay(self) -> bool:
        """Return whether a till should offer it."""
        return self.card.state is GiftCardState.ACTIVE and self.card.balance_minor > 0


def ending_of(code: str) -> str:
    """Return the end of a code, which tells cards apart and opens none.

    >>> ending_of("CCAZ-8R3P-FBQX-0GXJ-9")
    '0GXJ9'
    """
    return code.replace("-", "")[-ENDING_SYMBOLS:]


def with_gift_card(known: Kept, card: GiftCard, ending: str, at: datetime) -> Kept:
    """Return the cards with one more; the same ones if it is among them.

    Raises:
        GiftCardRefused: it cannot pay.
        TooManyGiftCards.
    """
    if any(one.card_id == card.card_id for one in known):
        return known
    if card.state is not GiftCardState.ACTIVE:
        raise GiftCardRefused(f"the gift card is {card.state}", state=card.state)
    if len(known) >= KEPT_MAX:
        raise TooManyGiftCards("take one off first", maximum=KEPT_MAX)
    return (KeptGiftCard(card.card_id, card.code_hash, ending, at), *known)


def without_gift_card(known: Kept, card_id: str) -> Kept:
    """Return the cards without one.

    Raises:
        GiftCardNotFound: there is none of that id.
    """
    left = tuple(one for one in known if one.card_id != card_id)
    if len(left) == len(known):
        raise GiftCardNotFound("the member keeps no such gift card")
    return left


def kept_together(survivor: Kept, gone: Kept) -> Kept:
    """Return what the survivor of a merge keeps; what is too many is found by its code."""
    every = {one.card_id: one for one in (*survivor, *gone)}
    return tuple(every.values())[:KEPT_MAX]

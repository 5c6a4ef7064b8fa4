"""Keep a gift card with a member's card, see what it holds, take it off again.

A code is compared only after the try was counted, and a code that is wrong as it is spelled
is no try: its check symbol says so to everybody.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.gift_cards import GiftCard, GiftCardNotFound, found
from chalicelib.domain.gift_codes import read_code
from chalicelib.domain.kept_gift_cards import (
    GiftCardLocked,
    HeldGiftCard,
    Kept,
    ending_of,
    with_gift_card,
    without_gift_card,
)
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.members import Profile
from chalicelib.domain.sign_ups import gift_card_failure
from chalicelib.ports import CommitConflict, GiftCards, Members
from chalicelib.usecases.gift_cards import code_hash_of
from chalicelib.usecases.members import Directory
from chalicelib.usecases.tries import count_try
from chalicelib.usecases.write_once import Book

NO_CARD = ""  # what finds no gift card


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftCardShelf:
    """The ports gift cards are kept through."""

    book: Book
    directory: Directory


def keep_gift_card(
    member: MemberRef, text: str, *, at: datetime, shelf: GiftCardShelf
) -> tuple[HeldGiftCard, bool]:
    """Keep the card with a code; return it, and whether the member has kept it before.

    Raises:
        DomainError: `GiftCardNotFound`, `GiftCardRefused`, `GiftCardLocked`,
            `TooManyGiftCards`, `MemberNotFound`.
        Trouble: ask again.
    """
    book, merchant_id = shelf.book, member.merchant_id
    code_hash = code_hash_of(merchant_id, text, shelf.directory.keyring)
    tries = gift_card_failure(member.member_id, at)
    count_try(merchant_id, tries, book, lambda: GiftCardLocked("too many codes for a day"))
    card = found(book.gift_cards.find(merchant_id, code_hash))
    book.confirmations.forgive_failure(merchant_id, tries)
    ending = ending_of(read_code(text) or "")

    def edit(known: Kept) -> Kept:
        return with_gift_card(known, card, ending, at)

    before, after = _edited(member, edit, shelf.directory)
    return _held_of(after, card), before is after


def let_gift_card_go(member: MemberRef, card_id: str, *, shelf: GiftCardShelf) -> None:
    """Take a card off the member's; it stays what it was for whoever knows its code.

    Raises:
        DomainError: `GiftCardNotFound`, `MemberNotFound`.
        Trouble: ask again.
    """
    _edited(member, lambda known: without_gift_card(known, card_id), shelf.directory)


def held_gift_cards(profile: Profile, *, gift_cards: GiftCards) -> tuple[HeldGiftCard, ...]:
    """Return the cards a member keeps, as they stand; nothing is read if there are none.

    Raises:
        StoreUnavailable.
    """
    merchant_id = profile.member.merchant_id
    read = ((one, gift_cards.find(merchant_id, one.code_hash)) for one in profile.gift_cards)
    return tuple(HeldGiftCard(one, card) for one, card in read if card is not None)


def kept_code_hash(member: MemberRef, card_id: str, *, members: Members) -> str:
    """Return what finds a card that the member keeps; `NO_CARD` if it is not kept.

    Not a refusal: what was paid by a card that has been taken off since is still told.

    Raises:
        StoreUnavailable.
    """
    profile = members.profile(member)
    kept = profile.gift_cards if profile else ()
    return next((one.code_hash for one in kept if one.card_id == card_id), NO_CARD)


def _held_of(kept: Kept, card: GiftCard) -> HeldGiftCard:
    for one in kept:
        if one.card_id == card.card_id:
            return HeldGiftCard(one, card)
    raise GiftCardNotFound("the member keeps no such gift card")


def _edited(
    member: MemberRef, edit: Callable[[Kept], Kept], directory: Directory
) -> tuple[Kept, Kept]:
    """Return what is kept before and after; the same if nothing was to be written."""
    trouble: Exception = CommitConflict("no attempt was made")
    for _ in directory.pacer.attempts():
        profile = directory.members.profile(member)
        if profile is None:
            raise MemberNotFound("there is no such member")
        before = profile.gift_cards
        after = edit(before)
        if after is before:
            return before, before
        try:
            directory.members.save_profile(replace(profile, gift_cards=after))
        except CommitConflict as error:
            trouble = error
            continue
        return before, after
    raise trouble

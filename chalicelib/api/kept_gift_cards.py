"""Gift cards that a member keeps with the card; a till then offers them without a code."""

from typing import Any

from chalice import Blueprint

from chalicelib.api.book import book, directory
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import MEMBER, Answer, Call
from chalicelib.api.models.gift_cards import GiftCardTenderBody
from chalicelib.api.models.kept_gift_cards import (
    KeepGiftCardBody,
    KeptGiftCardAnswer,
    KeptGiftCardsAnswer,
)
from chalicelib.api.shapes import write_moment
from chalicelib.domain.account import MemberRef
from chalicelib.domain.gift_cards import GiftCardMode, GiftCardWish
from chalicelib.domain.kept_gift_cards import HeldGiftCard
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.members import Profile
from chalicelib.usecases.gift_cards import code_hash_of
from chalicelib.usecases.kept_gift_cards import (
    NO_CARD,
    GiftCardShelf,
    held_gift_cards,
    keep_gift_card,
    kept_code_hash,
    let_gift_card_go,
)
from chalicelib.wiring import services

kept_gift_cards = Blueprint(__name__)


@endpoint(
    kept_gift_cards,
    "GET",
    "/v1/me/gift-cards",
    summary="The gift cards the member keeps, and what is left on them.",
    tag="Member",
    access=MEMBER,
    answers={200: KeptGiftCardsAnswer},
    problems=("member_not_found",),
)
def get_my_gift_cards(call: Call[None]) -> Answer:
    """List them, the latest first."""
    return _listed(call)


@endpoint(
    kept_gift_cards,
    "POST",
    "/v1/me/gift-cards",
    summary="Keep a gift card, by its code; the same again changes nothing.",
    tag="Member",
    access=MEMBER,
    body=KeepGiftCardBody,
    answers={201: KeptGiftCardAnswer, 200: KeptGiftCardAnswer},
    problems=(
        *("member_not_found", "gift_card_not_found", "gift_card_refused"),
        *("gift_card_locked", "too_many_gift_cards"),
    ),
)
def post_my_gift_card(call: Call[KeepGiftCardBody]) -> Answer:
    """Keep a card; whoever knows its code can still pay with it."""
    held, is_known = keep_gift_card(
        call.member, call.body.code, at=call.at, shelf=gift_card_shelf()
    )
    status = 200 if is_known else 201
    return Answer(body=held_json(held), status=status, metric="GiftCardKept")


@endpoint(
    kept_gift_cards,
    "DELETE",
    "/v1/me/gift-cards/{gift_card_id}",
    summary="Take a gift card off the member's; what is left on it stays.",
    tag="Member",
    access=MEMBER,
    answers={200: KeptGiftCardsAnswer},
    problems=("member_not_found", "gift_card_not_found"),
)
def delete_my_gift_card(call: Call[None], gift_card_id: str) -> Answer:
    """Let a card go, and answer what is left."""
    let_gift_card_go(call.member, gift_card_id, shelf=gift_card_shelf())
    return _listed(call)


def gift_card_shelf() -> GiftCardShelf:
    """Return the ports gift cards are kept through."""
    return GiftCardShelf(book=book(), directory=directory())


def held_of(profile: Profile) -> tuple[HeldGiftCard, ...]:
    """Return the gift cards of a profile as they stand."""
    return held_gift_cards(profile, gift_cards=book().gift_cards)


def held_json(held: HeldGiftCard) -> dict[str, Any]:
    """Return a kept card as it is answered."""
    return {
        "id": held.kept.card_id,
        "object": "kept_gift_card",
        "created_at": write_moment(held.kept.kept_at),
        "ending": held.kept.ending,
        "currency": held.card.currency,
        "balance_minor": held.card.balance_minor,
        "state": held.card.state.value,
    }


def offered_json(held: tuple[HeldGiftCard, ...]) -> list[dict[str, Any]]:
    """Return what a till may offer."""
    return [
        {
            "id": one.kept.card_id,
            "ending": one.kept.ending,
            "balance_minor": one.card.balance_minor,
        }
        for one in held
        if one.can_pay
    ]


def tender_of(
    call: Call[Any], wish: GiftCardTenderBody | None, member_id: str | None
) -> GiftCardWish | None:
    """Return the wish to pay by gift card: by its code, or by the member who keeps it."""
    if wish is None:
        return None
    mode = GiftCardMode(wish.mode)
    if wish.code is not None:
        code_hash = code_hash_of(call.merchant_id, wish.code, services().keyring)
        return GiftCardWish(code_hash, mode, wish.amount_minor)
    kept_hash = NO_CARD
    if member_id is not None and wish.gift_card_id is not None:
        member = MemberRef(call.merchant_id, member_id)
        kept_hash = kept_code_hash(member, wish.gift_card_id, members=services().members)
    return GiftCardWish(kept_hash, mode, wish.amount_minor, is_kept=True)


def _listed(call: Call[None]) -> Answer:
    profile = services().members.profile(call.member)
    if profile is None:
        raise MemberNotFound("there is no such member")
    items = [held_json(one) for one in held_of(profile)]
    return Answer(body={"items": items, "next_cursor": None})

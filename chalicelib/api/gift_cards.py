"""Gift cards: sold, activated, looked at, paid with, and their sale undone.

A code stands in the path, typed or scanned in any spelling; logs know the route alone.
A receipt is paid by gift card in `POST /v1/purchases`.
"""

from typing import Any

from chalice import Blueprint

from chalicelib.api.book import book
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.gift_cards import (
    GiftCardAnswer,
    GiftCardBody,
    GiftCardPaymentAnswer,
    GiftCardPaymentBody,
    GiftCardVoidBody,
    IssuedGiftCardAnswer,
    ShownGiftCardAnswer,
)
from chalicelib.api.shapes import write_moment
from chalicelib.domain.gift_cards import (
    GiftCard,
    GiftCardChange,
    GiftCardEntry,
    GiftCardMode,
    GiftCardWish,
)
from chalicelib.domain.members import Scope
from chalicelib.usecases.gift_cards import (
    GiftCardSale,
    activate_gift_card,
    code_hash_of,
    find_gift_card,
    issue_gift_card,
    pay_by_gift_card,
    void_gift_card,
)
from chalicelib.usecases.write_once import Answered
from chalicelib.wiring import services

gift_cards = Blueprint(__name__)

_SELLS = scoped(Scope.TILL, Scope.GRANTS)


@endpoint(
    gift_cards,
    "POST",
    "/v1/gift-cards",
    summary="Issue a gift card and get its code.",
    tag="Gift cards",
    access=_SELLS,
    body=GiftCardBody,
    answers={201: IssuedGiftCardAnswer, 200: IssuedGiftCardAnswer},
    is_keyed=True,
)
def post_gift_card(call: Call[GiftCardBody]) -> Answer:
    """Issue a card; its sale earns nothing and is no turnover."""
    body = call.body
    sale = GiftCardSale(
        amount_minor=body.amount_minor,
        receipt_id=body.receipt_id or "",
        is_active=body.activate,
    )
    done = issue_gift_card(
        sale, call.operation, at=call.at, book=book(), keyring=services().keyring
    )
    issued = {**_card_json(done.value.card), "code": done.value.code}
    return _answer(issued, is_replay=done.is_replay, metric="GiftCardIssued")


@endpoint(
    gift_cards,
    "POST",
    "/v1/gift-cards/{code}/activate",
    summary="Let a gift card pay from now on: it was sold.",
    tag="Gift cards",
    access=_SELLS,
    answers={201: GiftCardAnswer, 200: GiftCardAnswer},
    problems=("gift_card_not_found", "gift_card_refused"),
    is_keyed=True,
)
def post_gift_card_activate(call: Call[None], code: str) -> Answer:
    """Activate a card, once."""
    done = activate_gift_card(_hash(call, code), call.operation, at=call.at, book=book())
    return _changed(done, "GiftCardActivated")


@endpoint(
    gift_cards,
    "GET",
    "/v1/gift-cards/{code}",
    summary="Show a gift card: its balance and latest entries.",
    tag="Gift cards",
    access=scoped(Scope.TILL, Scope.GRANTS),
    answers={200: ShownGiftCardAnswer},
    problems=("gift_card_not_found",),
)
def get_gift_card(call: Call[None], code: str) -> Answer:
    """Return a card and what has happened to it."""
    card, entries = find_gift_card(
        call.merchant_id, _hash(call, code), gift_cards=book().gift_cards
    )
    shown = {**_card_json(card), "entries": [_entry_json(entry) for entry in entries]}
    return Answer(body=shown)


@endpoint(
    gift_cards,
    "POST",
    "/v1/gift-cards/{code}/payments",
    summary="Pay by gift card what is no purchase of the program.",
    tag="Gift cards",
    access=scoped(Scope.TILL),
    body=GiftCardPaymentBody,
    answers={201: GiftCardPaymentAnswer, 200: GiftCardPaymentAnswer},
    problems=("gift_card_not_found", "gift_card_refused", "gift_card_insufficient"),
    is_keyed=True,
)
def post_gift_card_payment(call: Call[GiftCardPaymentBody], code: str) -> Answer:
    """Take an amount from a card."""
    body = call.body
    amount = body.amount_minor
    wish = GiftCardWish(_hash(call, code), GiftCardMode(body.mode), amount)
    done = pay_by_gift_card(
        wish, amount, body.receipt_id or "", call.operation, at=call.at, book=book()
    )
    paid = _payment_json(done.value, amount)
    return _answer(paid, is_replay=done.is_replay, metric="GiftCardPaid")


@endpoint(
    gift_cards,
    "POST",
    "/v1/gift-cards/{code}/void",
    summary="Undo the sale of a gift card that has paid nothing.",
    tag="Gift cards",
    access=scoped(Scope.TILL, Scope.MANAGER),
    body=GiftCardVoidBody,
    answers={201: GiftCardAnswer, 200: GiftCardAnswer},
    problems=("gift_card_not_found", "gift_card_refused", "gift_card_used"),
    is_keyed=True,
)
def post_gift_card_void(call: Call[GiftCardVoidBody], code: str) -> Answer:
    """Take a card out of the world; the till gives its money back."""
    done = void_gift_card(
        _hash(call, code), call.body.reason, call.operation, at=call.at, book=book()
    )
    return _changed(done, "GiftCardVoided")


def _hash(call: Call[Any], code: str) -> str:
    return code_hash_of(call.merchant_id, code, services().keyring)


def _changed(done: Answered[GiftCardChange], metric: str) -> Answer:
    return _answer(_card_json(done.value.card), is_replay=done.is_replay, metric=metric)


def _answer(body: dict[str, Any], *, is_replay: bool, metric: str) -> Answer:
    status = 200 if is_replay else 201
    return Answer(body=body, status=status, is_replay=is_replay, metric=metric)


def _card_json(card: GiftCard) -> dict[str, Any]:
    return {
        "id": card.card_id,
        "object": "gift_card",
        "created_at": write_moment(card.issued_at),
        "currency": card.currency,
        "amount_minor": card.amount_minor,
        "balance_minor": card.balance_minor,
        "state": card.state.value,
        "receipt_id": card.receipt_id or None,
    }


def _entry_json(entry: GiftCardEntry) -> dict[str, Any]:
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


def _payment_json(change: GiftCardChange, amount_minor: int) -> dict[str, Any]:
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

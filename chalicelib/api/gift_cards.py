"""Gift cards: sold, activated, topped up, looked at, paid with, and what was sold undone.

A code stands in the path, typed or scanned in any spelling; logs know the route alone.
A receipt is paid by gift card in `POST /v1/purchases`.
"""

from typing import Any

from chalice import Blueprint

from chalicelib.api.book import book
from chalicelib.api.deeds import tell
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.gift_card_shapes import (
    card_json,
    entry_json,
    payment_json,
    top_up_json,
)
from chalicelib.api.models.gift_cards import (
    GiftCardAnswer,
    GiftCardBody,
    GiftCardPaymentAnswer,
    GiftCardPaymentBody,
    GiftCardVoidBody,
    IssuedGiftCardAnswer,
    ShownGiftCardAnswer,
    TopUpAnswer,
    TopUpBody,
)
from chalicelib.domain.audit import Deed
from chalicelib.domain.entries import Operation
from chalicelib.domain.gift_cards import GiftCardChange, GiftCardMode, GiftCardWish
from chalicelib.domain.members import Scope
from chalicelib.domain.top_ups import TopUpNotFound, undoable
from chalicelib.domain.undoing import ApprovalRequired
from chalicelib.usecases.gift_cards import (
    GiftCardSale,
    MadeTopUp,
    activate_gift_card,
    code_hash_of,
    find_gift_card,
    issue_gift_card,
    pay_by_gift_card,
    take_top_up_back,
    top_up_gift_card,
    void_gift_card,
)
from chalicelib.usecases.write_once import Answered
from chalicelib.wiring import services

gift_cards = Blueprint(__name__)

VERSION_DIGITS_MAX = 9

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
    problems=("gift_card_over_limit",),
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
    issued = {**card_json(done.value.card), "code": done.value.code}
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
    open_to_undo = undoable(card, entries)
    rows = [
        {**entry_json(entry), "can_be_undone": entry.version in open_to_undo}
        for entry in entries
    ]
    return Answer(body={**card_json(card), "entries": rows})


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
    paid = payment_json(done.value, amount)
    return _answer(paid, is_replay=done.is_replay, metric="GiftCardPaid")


@endpoint(
    gift_cards,
    "POST",
    "/v1/gift-cards/{code}/top-ups",
    summary="Put more money on a gift card that is active.",
    tag="Gift cards",
    access=scoped(Scope.TILL),
    body=TopUpBody,
    answers={201: TopUpAnswer, 200: TopUpAnswer},
    problems=("gift_card_not_found", "gift_card_refused", "gift_card_over_limit"),
    is_keyed=True,
)
def post_gift_card_top_up(call: Call[TopUpBody], code: str) -> Answer:
    """Top a card up; it earns nothing and is no turnover."""
    body = call.body
    done = top_up_gift_card(
        *(_hash(call, code), body.amount_minor, body.receipt_id or "", call.operation),
        at=call.at,
        book=book(),
    )
    shown = top_up_json(done.value)
    return _answer(shown, is_replay=done.is_replay, metric="GiftCardToppedUp")


@endpoint(
    gift_cards,
    "POST",
    "/v1/gift-cards/{code}/top-ups/{top_up_id}/void",
    summary="Take back a top-up of which nothing has paid.",
    tag="Gift cards",
    access=scoped(Scope.TILL, Scope.MANAGER),
    body=GiftCardVoidBody,
    answers={201: TopUpAnswer, 200: TopUpAnswer},
    problems=(
        *("gift_card_not_found", "gift_card_refused", "gift_card_used"),
        *("top_up_not_found", "approval_required"),
    ),
    is_keyed=True,
)
def post_gift_card_top_up_void(
    call: Call[GiftCardVoidBody], code: str, top_up_id: str
) -> Answer:
    """Take the money off the card again; the till gives it back, if a manager agrees."""
    if call.is_cashiers:
        raise ApprovalRequired("a manager must allow this")
    done = take_top_up_back(
        *(_hash(call, code), _made(top_up_id), call.body.reason, call.operation),
        at=call.at,
        book=book(),
    )
    _tell(Deed.TOP_UP_VOIDED, done.value, call.operation)
    shown = top_up_json(done.value)
    return _answer(shown, is_replay=done.is_replay, metric="GiftCardTopUpVoided")


@endpoint(
    gift_cards,
    "POST",
    "/v1/gift-cards/{code}/void",
    summary="Undo the sale of a gift card that has paid nothing.",
    tag="Gift cards",
    access=scoped(Scope.TILL, Scope.MANAGER),
    body=GiftCardVoidBody,
    answers={201: GiftCardAnswer, 200: GiftCardAnswer},
    problems=(
        *("gift_card_not_found", "gift_card_refused", "gift_card_used"),
        "approval_required",
    ),
    is_keyed=True,
)
def post_gift_card_void(call: Call[GiftCardVoidBody], code: str) -> Answer:
    """Take a card out of the world; the till gives its money back, if a manager agrees."""
    if call.is_cashiers:
        raise ApprovalRequired("a manager must allow this")
    done = void_gift_card(
        _hash(call, code), call.body.reason, call.operation, at=call.at, book=book()
    )
    _tell(Deed.GIFT_CARD_VOIDED, done.value, call.operation)
    return _changed(done, "GiftCardVoided")


def _tell(deed: Deed, change: GiftCardChange, operation: Operation) -> None:
    """Note what somebody of the staff took back; the card is named by its id."""
    card, entry = change.card, change.entry
    tell(deed, card.card_id, operation, entry.at, reason=entry.reason)


def _made(top_up_id: str) -> MadeTopUp:
    """Return which top-up an id names: the card's, and its entry's version."""
    card_id, _, version = top_up_id.rpartition(".")
    is_one = version.isascii() and version.isdigit() and len(version) <= VERSION_DIGITS_MAX
    if not is_one:
        raise TopUpNotFound("there is no such top-up")
    return MadeTopUp(card_id, int(version))


def _hash(call: Call[Any], code: str) -> str:
    return code_hash_of(call.merchant_id, code, services().keyring)


def _changed(done: Answered[GiftCardChange], metric: str) -> Answer:
    return _answer(card_json(done.value.card), is_replay=done.is_replay, metric=metric)


def _answer(body: dict[str, Any], *, is_replay: bool, metric: str) -> Answer:
    status = 200 if is_replay else 201
    return Answer(body=body, status=status, is_replay=is_replay, metric=metric)

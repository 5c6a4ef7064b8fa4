"""Quotes and purchases: what a till asks for and reports."""

import time
from typing import Any

from chalice import Blueprint

from chalicelib.api.book import book
from chalicelib.api.confirmations import presence_of
from chalicelib.api.endpoint import endpoint
from chalicelib.api.errors import answer_to, problem
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.ids import receipt_key
from chalicelib.api.models.purchases import (
    BatchAnswer,
    BatchBody,
    BatchItemBody,
    PurchaseAnswer,
    PurchaseBody,
    PurchasesAnswer,
    PurchasesQuery,
    QuoteAnswer,
    QuoteBody,
)
from chalicelib.api.parsing import BadRequest, validate_part
from chalicelib.api.receipts import purchase_json, quote_json
from chalicelib.api.shapes import MONEY_MAX, read_quantity_milli
from chalicelib.api.speaking import language_of
from chalicelib.domain.account import MemberRef
from chalicelib.domain.basket import BasketLine
from chalicelib.domain.entries import Operation
from chalicelib.domain.gift_cards import GiftCardMode, GiftCardWish
from chalicelib.domain.ledger import present
from chalicelib.domain.members import Scope
from chalicelib.domain.money import MILLI
from chalicelib.domain.pricing import Redeem, RedeemMode
from chalicelib.domain.receipts import Receipt, ReceiptKey
from chalicelib.domain.sales import Sale
from chalicelib.usecases.gift_cards import code_hash_of
from chalicelib.usecases.purchases import (
    QuoteChanged,
    find_receipt,
    quote,
    record_purchase,
)
from chalicelib.usecases.write_once import Answered
from chalicelib.wiring import services

purchases = Blueprint(__name__)

BATCH_SECONDS_MAX = 1.5  # then no further item is begun

_TILL = scoped(Scope.TILL)
_PRICING_PROBLEMS = (
    "member_not_found",
    "member_required",
    "insufficient_points",
    "hold_not_found",
    "date_refused",
    "offline_limit_exceeded",
    "gift_card_not_found",
    "gift_card_refused",
    "gift_card_insufficient",
    "promo_code_refused",
)
_PURCHASE_PROBLEMS = (
    *_PRICING_PROBLEMS,
    "receipt_exists",
    "quote_changed",
    "confirmation_required",
)


@endpoint(
    purchases,
    "POST",
    "/v1/quotes",
    summary="Price a basket: what would be earned, redeemed and paid. Nothing is written.",
    tag="Till",
    access=_TILL,
    body=QuoteBody,
    answers={200: QuoteAnswer},
    problems=_PRICING_PROBLEMS,
)
def post_quote(call: Call[QuoteBody]) -> Answer:
    """Run a purchase dry."""
    sale = _sale(call, call.body)
    quoted = quote(
        sale, at=call.at, book=book(), keyring=services().keyring, presence=presence_of(call)
    )
    return Answer(body=quote_json(quoted, language_of(call)))


@endpoint(
    purchases,
    "POST",
    "/v1/purchases",
    summary="Record a sale: points move, once per receipt.",
    tag="Till",
    access=_TILL,
    body=PurchaseBody,
    answers={201: PurchaseAnswer, 200: PurchaseAnswer},
    problems=_PURCHASE_PROBLEMS,
    is_keyed=True,
)
def post_purchase(call: Call[PurchaseBody]) -> Answer:
    """Credit a sale to its member: 201 and the receipt; 200 when it was repeated."""
    try:
        recorded = _record(call, call.body, call.operation)
    except QuoteChanged as error:
        return _quote_changed(call, error)
    return Answer(
        body=purchase_json(recorded.value, language_of(call)),
        status=200 if recorded.is_replay else 201,
        is_replay=recorded.is_replay,
        metric="PurchaseReplayed" if recorded.is_replay else "PurchaseRecorded",
    )


@endpoint(
    purchases,
    "POST",
    "/v1/purchase-batches",
    summary="Record what an offline till has queued, each item under its own key.",
    tag="Till",
    access=_TILL,
    body=BatchBody,
    answers={200: BatchAnswer},
)
def post_purchase_batch(call: Call[BatchBody]) -> Answer:
    """Record one by one, in order; one result per item.

    What is not reached in time is answered `busy`: the till sends it again, as it is.
    """
    until = time.monotonic() + BATCH_SECONDS_MAX
    items = []
    for item in call.body.items:
        is_late = time.monotonic() > until
        items.append(_item_json(problem("busy")) if is_late else _batch_item(call, item))
    return Answer(body={"items": items})


@endpoint(
    purchases,
    "GET",
    "/v1/purchases",
    summary="Find a receipt by its number at this till, or a member's latest receipts.",
    tag="Till",
    access=_TILL,
    query=PurchasesQuery,
    answers={200: PurchasesAnswer},
    problems=("member_not_found",),
)
def get_purchases(call: Call[None]) -> Answer:
    """List receipts, newest first."""
    found = _find_receipts(call, call.query)
    language = language_of(call)
    items = [purchase_json(receipt, language) for receipt in found]
    return Answer(body={"items": items, "next_cursor": None})


@endpoint(
    purchases,
    "GET",
    "/v1/purchases/{purchase_id}",
    summary="Show a receipt with its returns.",
    tag="Till",
    access=_TILL,
    answers={200: PurchaseAnswer},
    problems=("purchase_not_found",),
)
def get_purchase(call: Call[None], purchase_id: str) -> Answer:
    """Return one receipt."""
    receipt = find_receipt(key_named(call, purchase_id), ledger=services().ledger)
    return Answer(body=purchase_json(receipt, language_of(call)))


def key_named(call: Call[Any], purchase_id: str) -> ReceiptKey:
    """Return the receipt an id names at the caller's merchant. Raises BadRequest (404)."""
    key = receipt_key(call.merchant_id, purchase_id)
    if key is None:
        raise BadRequest("not_found", "there is no such purchase")
    return key


def _batch_item(call: Call[Any], item: BatchItemBody) -> dict[str, Any]:
    """Record one item; its fingerprint is that of `POST /v1/purchases` with the same body."""
    try:
        operation = call.operation_of(
            item.idempotency_key, "POST", "/v1/purchases", item.purchase
        )
        body = validate_part(PurchaseBody, item.purchase)
        recorded = _record(call, body, operation)
    except QuoteChanged as error:
        return _item_json(_quote_changed(call, error))
    except Exception as error:  # one item refused must not hold back the others; bugs go on
        refusal = answer_to(error, call.at)
        if refusal is None:
            raise
        return _item_json(refusal)
    return {
        "status": 200 if recorded.is_replay else 201,
        "is_replay": recorded.is_replay,
        "purchase": purchase_json(recorded.value, language_of(call)),
        "problem": None,
    }


def _item_json(refusal: Answer) -> dict[str, Any]:
    return {
        "status": refusal.status,
        "is_replay": False,
        "purchase": None,
        "problem": refusal.body,
    }


def _quote_changed(call: Call[Any], error: QuoteChanged) -> Answer:
    quoted = quote_json(error.quoted, language_of(call))
    return problem("quote_changed", str(error), facts={"quote": quoted})


def _record(call: Call[Any], body: PurchaseBody, operation: Operation) -> Answered[Receipt]:
    return record_purchase(
        _sale(call, body),
        operation,
        at=call.at,
        book=book(),
        keyring=services().keyring,
        quote_id=body.quote_id,
        presence=presence_of(call, body.confirmation_id),
    )


def _sale(call: Call[Any], body: PurchaseBody | QuoteBody) -> Sale:
    lines = _lines(body)
    if sum(line.gross_minor for line in lines) > MONEY_MAX:
        raise BadRequest("bad_input", f"the basket is over {MONEY_MAX} minor units")
    receipt_id = body.receipt_id or ""  # a quote needs none
    return Sale(
        key=ReceiptKey(call.merchant_id, call.api_key.till_id, receipt_id),
        member_id=body.member_id,
        sold_at=body.at or call.at,
        channel=body.channel,
        lines=lines,
        redeem=Redeem(RedeemMode(body.redeem.mode), body.redeem.points),
        hold_id=body.hold_id,
        metadata=tuple(sorted(body.metadata.items())),
        store_id=call.api_key.store_id or None,
        gift_card=_gift_card(call, body),
        promo_codes=tuple(body.promo_codes),
    )


def _gift_card(call: Call[Any], body: PurchaseBody | QuoteBody) -> GiftCardWish | None:
    wish = body.gift_card
    if wish is None:
        return None
    code_hash = code_hash_of(call.merchant_id, wish.code, services().keyring)
    return GiftCardWish(code_hash, GiftCardMode(wish.mode), wish.amount_minor)


def _lines(body: PurchaseBody | QuoteBody) -> tuple[BasketLine, ...]:
    """Return the basket; a receipt that is only a total is one line without a class."""
    if body.lines is None:
        return (BasketLine(quantity_milli=MILLI, unit_price_minor=body.total_minor or 0),)
    return tuple(
        BasketLine(
            quantity_milli=read_quantity_milli(line.quantity),
            unit_price_minor=line.unit_price_minor,
            sku=line.sku,
            category=line.category,
            margin=line.margin,
            unit=line.unit,
        )
        for line in body.lines
    )


def _find_receipts(call: Call[Any], query: PurchasesQuery) -> tuple[Receipt, ...]:
    ledger = services().ledger
    if query.receipt_id is not None:
        key = ReceiptKey(call.merchant_id, call.api_key.till_id, query.receipt_id)
        receipt = ledger.receipt(key)
        return (receipt,) if receipt else ()
    assert query.member_id is not None, "the model asks for one of the two"
    member = MemberRef(call.merchant_id, query.member_id)
    found = ledger.receipts_of(member, limit=query.limit)
    if not found:
        present(ledger.account(member))  # nobody, or nothing bought yet
    return found

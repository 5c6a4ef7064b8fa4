"""Quotes and purchases: what a till asks for and reports."""

from typing import Any

from chalice import Blueprint

from chalicelib.api.baskets import is_reported_late, lines_of
from chalicelib.api.book import book
from chalicelib.api.confirmations import presence_of
from chalicelib.api.endpoint import endpoint
from chalicelib.api.errors import answer_to, problem
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.ids import receipt_key
from chalicelib.api.kept_gift_cards import tender_of
from chalicelib.api.models.purchases import (
    PurchaseAnswer,
    PurchaseBody,
    PurchasesAnswer,
    PurchasesQuery,
    QuoteAnswer,
    QuoteBody,
)
from chalicelib.api.offline_conflicts import keep_refused
from chalicelib.api.parsing import BadRequest
from chalicelib.api.receipts import purchase_json, quote_json
from chalicelib.api.request_log import count
from chalicelib.api.shapes import MONEY_MAX
from chalicelib.api.speaking import language_of
from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import Operation
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import present
from chalicelib.domain.members import Scope
from chalicelib.domain.pricing import Redeem, RedeemMode
from chalicelib.domain.receipts import Receipt, ReceiptKey
from chalicelib.domain.sales import Sale, is_late
from chalicelib.usecases.purchases import (
    QuoteChanged,
    find_receipt,
    quote,
    record_purchase,
)
from chalicelib.usecases.receipt_search import receipts_numbered, tills_of
from chalicelib.usecases.write_once import Answered
from chalicelib.wiring import services

purchases = Blueprint(__name__)

_TILL = scoped(Scope.TILL)
_PRICING_PROBLEMS = (
    "member_not_found",
    "member_required",
    "insufficient_points",
    "member_unverified",
    "redemption_paused",
    "hold_not_found",
    "date_refused",
    "offline_limit_exceeded",
    "gift_card_not_found",
    "gift_card_refused",
    "gift_card_insufficient",
    "promo_code_refused",
    "own_card",
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
    sale = sale_of_body(call, call.body)
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
        recorded = record(call, call.body, call.operation)
    except DomainError as error:
        refusal = refusal_of(call, error)
        if refusal is None:
            raise
        if is_reported_late(call.body, call.at):  # the shopper has gone
            return keep_refused(call, call.body, call.operation, refusal)
        return refusal
    return Answer(
        body=purchase_json(recorded.value, language_of(call)),
        status=200 if recorded.is_replay else 201,
        is_replay=recorded.is_replay,
        metric="PurchaseReplayed" if recorded.is_replay else "PurchaseRecorded",
    )


@endpoint(
    purchases,
    "GET",
    "/v1/purchases",
    summary="Find a receipt by its number, at this till or at any, or a member's latest.",
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


def refusal_of(call: Call[Any], error: Exception) -> Answer | None:
    """Return the answer to what stopped a sale; None: a bug of ours."""
    if isinstance(error, QuoteChanged):
        return _quote_changed(call, error)
    return answer_to(error, call.at)


def _quote_changed(call: Call[Any], error: QuoteChanged) -> Answer:
    quoted = quote_json(error.quoted, language_of(call))
    return problem("quote_changed", str(error), facts={"quote": quoted})


def record(call: Call[Any], body: PurchaseBody, operation: Operation) -> Answered[Receipt]:
    """Record a sale. Raises DomainError, BadRequest, StoreUnavailable."""
    sale = sale_of_body(call, body)
    recorded = record_purchase(
        sale,
        operation,
        at=call.at,
        book=book(),
        keyring=services().keyring,
        quote_id=body.quote_id,
        presence=presence_of(call, body.confirmation_id),
    )
    if not recorded.is_replay and recorded.value.redeemed and is_late(sale, call.at):
        count("RedeemedOffline")  # points nobody has confirmed
    return recorded


def sale_of_body(call: Call[Any], body: PurchaseBody | QuoteBody) -> Sale:
    """Return the sale a request is about. Raises BadRequest."""
    lines = lines_of(body)
    call.refuse_own_card(body.member_id)
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
        gift_card=tender_of(call, body.gift_card, body.member_id),
        promo_codes=tuple(body.promo_codes),
        is_offline=isinstance(body, PurchaseBody) and body.offline,
    )


def _find_receipts(call: Call[Any], query: PurchasesQuery) -> tuple[Receipt, ...]:
    ledger = services().ledger
    if query.receipt_id is not None and query.any_till:
        return _numbered(call, query.receipt_id)[: query.limit]
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


def _numbered(call: Call[Any], number: str) -> tuple[Receipt, ...]:
    """Return the receipts of a number, those of the caller's own till first."""
    ports, merchant_id, own = services(), call.merchant_id, call.api_key.till_id
    tills = tills_of(merchant_id, ports.staff_room, ports.api_keys, first=own)
    return receipts_numbered(merchant_id, number, tills, ports.ledger)

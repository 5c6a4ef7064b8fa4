"""Undoing and correcting receipts: returns, voids, attaching, moving."""

from chalice import Blueprint

from chalicelib.api.book import book
from chalicelib.api.deeds import tell
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.purchases import PurchaseAnswer
from chalicelib.api.models.returns import (
    AttachBody,
    MoveBody,
    ReturnAnswer,
    ReturnBody,
    ReturnLineBody,
    ReturnQuoteAnswer,
    ReturnQuoteBody,
    VoidBody,
)
from chalicelib.api.purchases import key_named
from chalicelib.api.receipts import (
    as_recorded,
    purchase_json,
    return_json,
    return_quote_json,
)
from chalicelib.api.shapes import read_quantity_milli
from chalicelib.api.speaking import language_of
from chalicelib.domain.audit import Deed
from chalicelib.domain.members import Scope
from chalicelib.domain.receipts import Receipt, Return, ReturnedLine
from chalicelib.domain.returns import Claim
from chalicelib.domain.undoing import refuse_late_undo
from chalicelib.usecases.purchases import attach_receipt, find_receipt
from chalicelib.usecases.returns import move_receipt, quote_return, return_goods
from chalicelib.usecases.write_once import Answered
from chalicelib.wiring import services

returns = Blueprint(__name__)

VOID_ID = "void\n"  # the return that a void is; callers cannot send a line break
QUOTE_ID = "quote\n"  # of a return that is not made

_TILL = scoped(Scope.TILL)
_PROBLEMS = ("purchase_not_found", "return_refused")


@endpoint(
    returns,
    "POST",
    "/v1/purchases/{purchase_id}/returns",
    summary="Take lines of a receipt back: money, points and turnover go back as they came.",
    tag="Till",
    access=_TILL,
    body=ReturnBody,
    answers={201: ReturnAnswer, 200: ReturnAnswer},
    problems=(*_PROBLEMS, "return_exists"),
    is_keyed=True,
)
def post_return(call: Call[ReturnBody], purchase_id: str) -> Answer:
    """Return some lines, or all that is left."""
    lines = _lines(call.body.lines)
    claim = Claim(return_id=call.body.return_id, lines=lines, reason=call.body.reason or "")
    done = return_goods(
        key_named(call, purchase_id),
        claim,
        call.operation,
        at=call.at,
        book=book(),
    )
    return _returned(done, "ReturnRecorded")


@endpoint(
    returns,
    "POST",
    "/v1/purchases/{purchase_id}/returns/quote",
    summary="What a return would move now. Nothing is written.",
    tag="Till",
    access=_TILL,
    body=ReturnQuoteBody,
    answers={200: ReturnQuoteAnswer},
    problems=_PROBLEMS,
)
def post_return_quote(call: Call[ReturnQuoteBody], purchase_id: str) -> Answer:
    """Decide a return and write nothing of it."""
    claim = Claim(return_id=QUOTE_ID, lines=_lines(call.body.lines))
    found = quote_return(key_named(call, purchase_id), claim, at=call.at, book=book())
    return Answer(body=return_quote_json(*found))


@endpoint(
    returns,
    "POST",
    "/v1/purchases/{purchase_id}/void",
    summary="Undo a receipt whole.",
    tag="Till",
    access=scoped(Scope.TILL, Scope.MANAGER),
    body=VoidBody,
    answers={201: ReturnAnswer, 200: ReturnAnswer},
    problems=(*_PROBLEMS, "approval_required"),
    is_keyed=True,
)
def post_void(call: Call[VoidBody], purchase_id: str) -> Answer:
    """Return everything, marked as a void; a cashier's own only for a moment."""
    key = key_named(call, purchase_id)
    if call.is_cashiers:
        receipt = find_receipt(key, ledger=services().ledger)
        refuse_late_undo(receipt, till_id=call.client, staff_id=call.staff_id, at=call.at)
    claim = Claim(return_id=VOID_ID, lines=None, is_void=True, reason=call.body.reason)
    done = return_goods(
        key,
        claim,
        call.operation,
        at=call.at,
        book=book(),
    )
    _tell_void(call, *done.value)
    return _returned(done, "ReceiptVoided")


@endpoint(
    returns,
    "POST",
    "/v1/purchases/{purchase_id}/attach",
    summary="Give an anonymous receipt to the member who made it, once, within 14 days.",
    tag="Till",
    access=_TILL,
    body=AttachBody,
    answers={201: PurchaseAnswer, 200: PurchaseAnswer},
    problems=("purchase_not_found", "member_not_found", "attach_refused", "own_card"),
    is_keyed=True,
)
def post_attach(call: Call[AttachBody], purchase_id: str) -> Answer:
    """Credit a receipt that was made without a card."""
    call.refuse_own_card(call.body.member_id)
    done = attach_receipt(
        key_named(call, purchase_id),
        call.body.member_id,
        call.body.total_minor,
        call.operation,
        at=call.at,
        book=book(),
    )
    return _purchase(call, done, "ReceiptAttached")


@endpoint(
    returns,
    "POST",
    "/v1/purchases/{purchase_id}/move",
    summary="Move a receipt to another member: a void, and a new posting of the old date.",
    tag="Till",
    access=scoped(Scope.MANAGER),
    body=MoveBody,
    answers={201: PurchaseAnswer, 200: PurchaseAnswer},
    problems=(*_PROBLEMS, "member_not_found", "move_refused", "own_card"),
    is_keyed=True,
)
def post_move(call: Call[MoveBody], purchase_id: str) -> Answer:
    """Correct whose receipt it is."""
    call.refuse_own_card(call.body.member_id)
    key = key_named(call, purchase_id)
    done = move_receipt(
        key,
        call.body.member_id,
        call.body.reason,
        call.operation,
        at=call.at,
        book=book(),
    )
    tell(
        Deed.RECEIPT_MOVED,
        key.receipt_id,
        call.operation,
        done.value.recorded_at,
        till=key.till_id,
        member=call.body.member_id,
        reason=call.body.reason,
    )
    return _purchase(call, done, "ReceiptMoved")


def _tell_void(call: Call[VoidBody], receipt: Receipt, done: Return) -> None:
    tell(
        Deed.RECEIPT_VOIDED,
        receipt.key.receipt_id,
        call.operation,
        done.at,
        till=receipt.key.till_id,
        member=receipt.member_id or "",
        reason=call.body.reason,
    )


def _lines(asked: list[ReturnLineBody] | None) -> tuple[ReturnedLine, ...] | None:
    if asked is None:
        return None
    return tuple(ReturnedLine(line.line, read_quantity_milli(line.quantity)) for line in asked)


def _returned(done: Answered[tuple[Receipt, Return]], metric: str) -> Answer:
    return Answer(
        body=return_json(*done.value),
        status=200 if done.is_replay else 201,
        is_replay=done.is_replay,
        metric=metric,
    )


def _purchase(
    call: Call[AttachBody] | Call[MoveBody], done: Answered[Receipt], metric: str
) -> Answer:
    return Answer(
        body=purchase_json(as_recorded(done.value), language_of(call)),
        status=200 if done.is_replay else 201,
        is_replay=done.is_replay,
        metric=metric,
    )

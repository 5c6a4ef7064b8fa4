"""Undoing and correcting receipts: returns, voids, attaching, moving."""

from chalice import Blueprint

from chalicelib.api.book import book
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.purchases import PurchaseAnswer, ReturnAnswer
from chalicelib.api.models.returns import AttachBody, MoveBody, ReturnBody, VoidBody
from chalicelib.api.purchases import key_named
from chalicelib.api.receipts import as_recorded, purchase_json, return_json
from chalicelib.api.shapes import read_quantity_milli
from chalicelib.api.speaking import language_of
from chalicelib.domain.members import Scope
from chalicelib.domain.receipts import Receipt, Return, ReturnedLine
from chalicelib.domain.returns import Claim
from chalicelib.usecases.purchases import attach_receipt
from chalicelib.usecases.returns import move_receipt, return_goods
from chalicelib.usecases.write_once import Answered

returns = Blueprint(__name__)

VOID_ID = "void\n"  # the return that a void is; callers cannot send a line break

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
    asked = call.body.lines
    lines = None
    if asked is not None:
        lines = tuple(
            ReturnedLine(line.line, read_quantity_milli(line.quantity)) for line in asked
        )
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
    "/v1/purchases/{purchase_id}/void",
    summary="Undo a receipt whole.",
    tag="Till",
    access=scoped(Scope.TILL, Scope.MANAGER),
    body=VoidBody,
    answers={201: ReturnAnswer, 200: ReturnAnswer},
    problems=_PROBLEMS,
    is_keyed=True,
)
def post_void(call: Call[VoidBody], purchase_id: str) -> Answer:
    """Return everything, marked as a void."""
    claim = Claim(return_id=VOID_ID, lines=None, is_void=True, reason=call.body.reason)
    done = return_goods(
        key_named(call, purchase_id),
        claim,
        call.operation,
        at=call.at,
        book=book(),
    )
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
    problems=("purchase_not_found", "member_not_found", "attach_refused"),
    is_keyed=True,
)
def post_attach(call: Call[AttachBody], purchase_id: str) -> Answer:
    """Credit a receipt that was made without a card."""
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
    problems=(*_PROBLEMS, "member_not_found", "move_refused"),
    is_keyed=True,
)
def post_move(call: Call[MoveBody], purchase_id: str) -> Answer:
    """Correct whose receipt it is."""
    done = move_receipt(
        key_named(call, purchase_id),
        call.body.member_id,
        call.body.reason,
        call.operation,
        at=call.at,
        book=book(),
    )
    return _purchase(call, done, "ReceiptMoved")


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

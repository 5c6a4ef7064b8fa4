"""Points for many members at once, row by row: the bonuses of a contest (F052)."""

import time
from dataclasses import replace
from typing import Any

from chalice import Blueprint

from chalicelib.api.book import book, directory
from chalicelib.api.endpoint import endpoint
from chalicelib.api.errors import answer_to, problem
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.ids import lot_id
from chalicelib.api.models.grant_batches import GrantBatchAnswer, GrantBatchBody, GranteeBody
from chalicelib.api.phones import parse_phone
from chalicelib.domain.account import MemberRef
from chalicelib.domain.ledger import Grant
from chalicelib.domain.members import Scope
from chalicelib.usecases.members import find_by_card, find_by_phone
from chalicelib.usecases.points import grant_points
from chalicelib.usecases.write_once import KeyReused, merchant_of
from chalicelib.wiring import services

grant_batches = Blueprint(__name__)

BATCH_SECONDS_MAX = 6.0  # then no further row is begun


@endpoint(
    grant_batches,
    "POST",
    "/v1/grant-batches",
    summary="Give the same points to up to 500 members, each row an operation of its own.",
    tag="Members",
    access=scoped(Scope.GRANTS),
    body=GrantBatchBody,
    answers={200: GrantBatchAnswer},
    is_keyed=True,
    is_fresh=True,
)
def post_grant_batch(call: Call[GrantBatchBody]) -> Answer:
    """Grant row by row, in order; one result per row.

    What is not reached in time is answered `busy`: the same call again does the rest.
    """
    until = time.monotonic() + BATCH_SECONDS_MAX
    items = []
    for number, grantee in enumerate(call.body.members, start=1):
        is_late = time.monotonic() > until
        items.append(_refused(problem("busy")) if is_late else _row(call, number, grantee))
    return Answer(body={"items": items}, metric="GrantBatch")


def _row(call: Call[GrantBatchBody], number: int, grantee: GranteeBody) -> dict[str, Any]:
    """Grant one row; its key is the batch's and its number, its content the whole batch."""
    operation = replace(call.operation, key=f"{call.operation.key}:{number}")
    given = Grant(
        points=call.body.points,
        reason=call.body.reason,
        expires_in_days=call.body.expires_in_days,
    )
    try:
        member = _member(call, grantee)
        done = grant_points(member, given, operation, at=call.at, book=book())
    except KeyReused:
        raise  # the batch is another one: no row of it is right
    except Exception as error:  # one row refused must not hold back the others; bugs go on
        refusal = answer_to(error, call.at)
        if refusal is None:
            raise
        return _refused(refusal)
    number_of_lot = done.value.facts.get("lot_id")
    return {
        "status": 200 if done.is_replay else 201,
        "is_replay": done.is_replay,
        "member_id": member.member_id,
        "lot_id": lot_id(number_of_lot) if isinstance(number_of_lot, int) else None,
        "problem": None,
    }


def _member(call: Call[GrantBatchBody], grantee: GranteeBody) -> MemberRef:
    """Return whom a row names. Raises BadRequest, MemberNotFound."""
    if grantee.phone is not None:
        merchant = merchant_of(call.merchant_id, services().merchants)
        phone = parse_phone(grantee.phone, merchant.country)
        return find_by_phone(call.merchant_id, phone, directory=directory())
    if grantee.card_number is not None:
        return find_by_card(call.merchant_id, grantee.card_number, directory=directory())
    assert grantee.member_id is not None, "the model asks for one of the three"
    return MemberRef(call.merchant_id, grantee.member_id)


def _refused(refusal: Answer) -> dict[str, Any]:
    return {
        "status": refusal.status,
        "is_replay": False,
        "member_id": None,
        "lot_id": None,
        "problem": refusal.body,
    }

"""Members who go: erased by staff or by themselves, merged into another.

A body of a DELETE has no meaning (RFC 9110, 9.3.5), so what it needs is in the query.
"""

from typing import Any

from chalice import Blueprint

from chalicelib.api.book import exit_desk
from chalicelib.api.deeds import tell
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import MEMBER, Answer, Call, scoped
from chalicelib.api.models.leaving import (
    ConfirmedQuery,
    ErasureAnswer,
    ErasureQuery,
    MergeAnswer,
    MergeBody,
)
from chalicelib.api.shapes import write_moment
from chalicelib.domain.account import MemberRef
from chalicelib.domain.audit import Deed
from chalicelib.domain.entries import LedgerEntry, Operation
from chalicelib.domain.members import Scope
from chalicelib.usecases.leaving import erase_member, erase_oneself, merge_members
from chalicelib.usecases.write_once import Answered

leaving = Blueprint(__name__)

BY_MEMBER = "asked for by the member"


@endpoint(
    leaving,
    "DELETE",
    "/v1/members/{member_id}",
    summary="Erase a member: personal data and points are gone for good.",
    tag="Members",
    access=scoped(Scope.MEMBERS),
    query=ErasureQuery,
    answers={200: ErasureAnswer},
    problems=("member_not_found",),
    is_keyed=True,
    is_fresh=True,
)
def delete_member(call: Call[None], member_id: str) -> Answer:
    """Forget who the member is."""
    member, reason = MemberRef(call.merchant_id, member_id), call.query.reason
    operation = _operation(call, reason)
    done = erase_member(member, reason, operation, at=call.at, desk=exit_desk())
    tell(Deed.MEMBER_ERASED, member_id, operation, done.value.at, reason=reason)
    return _erased(done)


@endpoint(
    leaving,
    "DELETE",
    "/v1/me",
    summary="Erase the calling member: personal data and points are gone for good.",
    tag="Member",
    access=MEMBER,
    query=ConfirmedQuery,
    answers={200: ErasureAnswer},
    problems=("member_not_found", "erase_unconfirmed"),
    is_keyed=True,
)
def delete_me(call: Call[None]) -> Answer:
    """Forget who is calling."""
    done = erase_oneself(
        call.member,
        call.query.confirmation_id,
        BY_MEMBER,
        _operation(call, BY_MEMBER),
        at=call.at,
        desk=exit_desk(),
    )
    return _erased(done)


@endpoint(
    leaving,
    "POST",
    "/v1/members/{member_id}/merges",
    summary="Make another member one with this one, who gets all of the other's.",
    tag="Members",
    access=scoped(Scope.MEMBERS),
    body=MergeBody,
    answers={201: MergeAnswer, 200: MergeAnswer},
    problems=("member_not_found", "merge_refused"),
    is_keyed=True,
    is_fresh=True,
)
def post_merge(call: Call[MergeBody], member_id: str) -> Answer:
    """Let the other become this member."""
    done = merge_members(
        MemberRef(call.merchant_id, member_id),
        call.body.other_member_id,
        call.body.reason,
        call.operation,
        at=call.at,
        desk=exit_desk(),
    )
    return _merged(done)


def _operation(call: Call[Any], reason: str) -> Operation:
    # The reason is part of the request, though a DELETE has no body to say it in.
    return call.operation_of(call.idempotency_key, call.method, call.path, {"reason": reason})


def _erased(done: Answered[LedgerEntry]) -> Answer:
    entry = done.value
    body = {
        "member_id": entry.member.member_id,
        "object": "erasure",
        "points_forfeited": entry.facts["forfeited"],
        "reason": entry.reason,
        "ledger_version": entry.version,
        "at": write_moment(entry.at),
    }
    return Answer(body=body, is_replay=done.is_replay, metric="MemberErased")


def _merged(done: Answered[LedgerEntry]) -> Answer:
    entry = done.value
    body = {
        "member_id": entry.facts["merged_into"],
        "object": "merge",
        "merged_member_id": entry.member.member_id,
        "points": entry.facts["points"],
        "stamps": entry.facts["stamps"],
        "reason": entry.reason,
        "ledger_version": entry.version,
        "at": write_moment(entry.at),
    }
    status = 200 if done.is_replay else 201
    return Answer(body=body, status=status, is_replay=done.is_replay, metric="MembersMerged")

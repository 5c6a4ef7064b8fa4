"""A member's phone gives way to another: by two codes, or by a manager with evidence."""

from datetime import datetime
from typing import Any

from chalice import Blueprint

from chalicelib.api.book import number_desk
from chalicelib.api.deeds import tell
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import MEMBER, Answer, Call, scoped
from chalicelib.api.models.phone_changes import (
    ApprovalBody,
    ChangeCodesBody,
    OfficeChangeBody,
    PhoneChangeAnswer,
    PhoneChangeBody,
    PhoneChangesAnswer,
)
from chalicelib.api.people import phone_masked
from chalicelib.api.phones import parse_allowed_phone
from chalicelib.api.shapes import write_moment
from chalicelib.domain.account import MemberRef
from chalicelib.domain.audit import Deed
from chalicelib.domain.ledger import present
from chalicelib.domain.members import Scope
from chalicelib.domain.phone_changes import PAUSE, PhoneChange, PhoneChangeNotFound
from chalicelib.usecases.phone_changes import (
    approve_change,
    find_change,
    merge_into_change,
    verify_change,
)
from chalicelib.usecases.phone_codes import NumberWish, begin_change
from chalicelib.usecases.write_once import merchant_of
from chalicelib.wiring import services

phone_changes = Blueprint(__name__)

_MANAGER = scoped(Scope.MANAGER, Scope.MEMBERS)
_BEGIN = (
    "member_not_found", "phone_invalid", "phone_not_allowed", "phone_unchanged",
    "too_many_codes",
)  # fmt: skip
_CODES = ("phone_change_not_found", "code_wrong", "code_expired", "code_locked")
_END = ("member_not_found", "phone_change_refused")


@endpoint(
    phone_changes,
    "POST",
    "/v1/me/phone-changes",
    summary="Begin to change the member's phone: codes go to the new one and the old.",
    tag="Member",
    access=MEMBER,
    body=PhoneChangeBody,
    answers={201: PhoneChangeAnswer},
    problems=_BEGIN,
)
def post_my_phone_change(call: Call[PhoneChangeBody]) -> Answer:
    """Answer a change whose codes are on their way."""
    return _begun(call, call.member, call.body.phone, is_without_old=call.body.without_old)


@endpoint(
    phone_changes,
    "GET",
    "/v1/me/phone-changes/{change_id}",
    summary="How far a change of the member's phone has come.",
    tag="Member",
    access=MEMBER,
    answers={200: PhoneChangeAnswer},
    problems=("phone_change_not_found",),
)
def get_my_phone_change(call: Call[None], change_id: str) -> Answer:
    """Return one change."""
    return Answer(body=_json(_own(call, change_id), call.at))


@endpoint(
    phone_changes,
    "POST",
    "/v1/me/phone-changes/{change_id}/verify",
    summary="Prove the phones by their codes; the phone changes, or a manager has to look.",
    tag="Member",
    access=MEMBER,
    body=ChangeCodesBody,
    answers={200: PhoneChangeAnswer},
    problems=(*_CODES, *_END),
)
def post_my_change_codes(call: Call[ChangeCodesBody], change_id: str) -> Answer:
    """Compare what arrived with what was sent; the right codes again change nothing."""
    found, body = _own(call, change_id), call.body
    desk = number_desk()
    done = verify_change(found, body.new_code, body.old_code, at=call.at, desk=desk)
    return Answer(body=_json(done, call.at), metric=_metric(done))


@endpoint(
    phone_changes,
    "POST",
    "/v1/me/phone-changes/{change_id}/merge",
    summary="Become one with the member who has the new phone: this one gets all of theirs.",
    tag="Member",
    access=MEMBER,
    answers={200: PhoneChangeAnswer},
    problems=("phone_change_not_found", "merge_refused", "phone_taken", *_END),
    is_keyed=True,
)
def post_my_change_merge(call: Call[None], change_id: str) -> Answer:
    """Merge and change the phone; a merge cannot be undone."""
    found = _own(call, change_id)
    done = merge_into_change(found, call.operation, at=call.at, desk=number_desk())
    return Answer(body=_json(done, call.at), metric=_metric(done))


@endpoint(
    phone_changes,
    "POST",
    "/v1/members/{member_id}/phone-changes",
    summary="Begin to change the phone of a member who stands at the counter.",
    tag="Members",
    access=_MANAGER,
    body=OfficeChangeBody,
    answers={201: PhoneChangeAnswer},
    problems=_BEGIN,
)
def post_phone_change(call: Call[OfficeChangeBody], member_id: str) -> Answer:
    """Send a code to the new phone, and a warning to the old one."""
    member = MemberRef(call.merchant_id, member_id)
    return _begun(call, member, call.body.phone, is_without_old=True)


@endpoint(
    phone_changes,
    "GET",
    "/v1/members/{member_id}/phone-changes",
    summary="The changes of a member's phone of the last days, the latest first.",
    tag="Members",
    access=_MANAGER,
    answers={200: PhoneChangesAnswer},
    problems=("member_not_found",),
)
def get_phone_changes(call: Call[None], member_id: str) -> Answer:
    """List them."""
    member = MemberRef(call.merchant_id, member_id)
    present(services().ledger.account(member))
    items = [_json(one, call.at) for one in services().phone_changes.of_member(member)]
    return Answer(body={"items": items, "next_cursor": None})


@endpoint(
    phone_changes,
    "POST",
    "/v1/phone-changes/{change_id}/approve",
    summary="Change the phone without the old one, on evidence; redemption pauses for 72 h.",
    tag="Members",
    access=_MANAGER,
    body=ApprovalBody,
    answers={200: PhoneChangeAnswer},
    problems=(*_CODES, "phone_taken", *_END),
)
def post_phone_change_approval(call: Call[ApprovalBody], change_id: str) -> Answer:
    """Take the manager's word; the same again changes nothing."""
    desk, body = number_desk(), call.body
    found = find_change(call.merchant_id, change_id, desk=desk)
    if body.new_code is not None:
        found = verify_change(found, body.new_code, None, at=call.at, desk=desk)
    done = approve_change(found, body.evidence, at=call.at, desk=desk, staff_id=call.staff_id)
    _tell(call, done)
    return Answer(body=_json(done, call.at), metric=_metric(done))


def _begun(call: Call[Any], member: MemberRef, phone: str, *, is_without_old: bool) -> Answer:
    merchant = merchant_of(member.merchant_id, services().merchants)
    wish = NumberWish(
        member=member,
        phone=parse_allowed_phone(phone, merchant.country, merchant.phone_countries),
        is_without_old=is_without_old,
        ip=call.network,
    )
    present(services().ledger.account(member))
    change = begin_change(wish, at=call.at, desk=number_desk())
    return Answer(body=_json(change, call.at), status=201, metric="PhoneChangeBegun")


def _own(call: Call[Any], change_id: str) -> PhoneChange:
    """Return the calling member's change. Raises PhoneChangeNotFound."""
    found = find_change(call.merchant_id, change_id, desk=number_desk())
    if found.member != call.member:
        raise PhoneChangeNotFound("there is no such change of a phone")
    return found


def _tell(call: Call[ApprovalBody], done: PhoneChange) -> None:
    named = call.operation_of(done.change_id, call.method, call.path, None)
    member_id, at = done.member.member_id, done.done_at or call.at
    tell(Deed.PHONE_CHANGED, member_id, named, at, reason=call.body.evidence)


def _metric(done: PhoneChange) -> str | None:
    return "PhoneChanged" if done.done_at else None


def _json(change: PhoneChange, at: datetime) -> dict[str, Any]:
    return {
        "id": change.change_id,
        "object": "phone_change",
        "created_at": write_moment(change.created_at),
        "member_id": change.member.member_id,
        "phone_masked": phone_masked(change.phone),
        "state": change.state(at).value,
        "needs_old_code": change.old_code_hash is not None,
        "expires_at": write_moment(change.expires_at),
        "redemption_paused_until": _paused_until(change),
    }


def _paused_until(change: PhoneChange) -> str | None:
    if change.done_at is None or not change.is_pausing:
        return None
    return write_moment(change.done_at + PAUSE)

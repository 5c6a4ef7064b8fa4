"""Confirmations: second factors of members, by what their cards show or by SMS."""

from typing import Any

from chalice import Blueprint

from chalicelib.api.book import confirmation_desk
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.confirmations import (
    ConfirmationAnswer,
    ConfirmationBody,
    SentCodeBody,
)
from chalicelib.api.shapes import write_moment
from chalicelib.domain.account import MemberRef
from chalicelib.domain.confirmations import (
    Confirmation,
    ConfirmationCodeWrong,
    ConfirmationLocked,
    ConfirmationUsed,
    Method,
)
from chalicelib.domain.ledger import present
from chalicelib.domain.members import Scope
from chalicelib.domain.rotating import DIGITS
from chalicelib.domain.till_rule import Presence
from chalicelib.ports import Trouble
from chalicelib.usecases.confirmations import (
    confirm_by_digits,
    find_confirmation,
    profile_of,
    send_code,
    verify_sent,
)
from chalicelib.wiring import services
from passes.rotating import ShownCode, parse_shown

confirmations = Blueprint(__name__)

_TILL = scoped(Scope.TILL)
_WRONG = ("confirmation_code_wrong", "confirmation_locked")


@endpoint(
    confirmations,
    "POST",
    "/v1/confirmations",
    summary="Confirm that a member is there, by a code the card shows now; or send one by SMS.",
    tag="Till",
    access=_TILL,
    body=ConfirmationBody,
    answers={201: ConfirmationAnswer},
    problems=(
        "member_not_found", "confirmation_used", "no_phone", "too_many_codes",
        "birth_date_needed", *_WRONG,
    ),
)  # fmt: skip
def post_confirmation(call: Call[ConfirmationBody]) -> Answer:
    """Answer a verified confirmation, or a pending one whose code is on its way."""
    member = MemberRef(call.merchant_id, call.body.member_id)
    present(services().ledger.account(member))
    method = Method(call.body.method)
    desk = confirmation_desk()
    if method is Method.SMS:
        found = send_code(member, at=call.at, desk=desk)
        return _shown(found, call, 201, "ConfirmationSent")
    pass_code = profile_of(member, desk).code
    digits = _digits(call.body.code or "", pass_code, method)
    found = confirm_by_digits(member, pass_code, method, digits, at=call.at, desk=desk)
    return _shown(found, call, 201, "Confirmed")


@endpoint(
    confirmations,
    "POST",
    "/v1/confirmations/{confirmation_id}/verify",
    summary="Verify a confirmation by the code that was sent; the same again changes nothing.",
    tag="Till",
    access=_TILL,
    body=SentCodeBody,
    answers={200: ConfirmationAnswer},
    problems=("confirmation_not_found", "confirmation_expired", *_WRONG),
)
def post_sent_code(call: Call[SentCodeBody], confirmation_id: str) -> Answer:
    """Compare what the member read out with what was sent."""
    desk = confirmation_desk()
    found = verify_sent(
        call.merchant_id, confirmation_id, call.body.code.strip(), at=call.at, desk=desk
    )
    return _shown(found, call, 200, "Confirmed")


@endpoint(
    confirmations,
    "GET",
    "/v1/confirmations/{confirmation_id}",
    summary="Show how far a confirmation has come.",
    tag="Till",
    access=_TILL,
    answers={200: ConfirmationAnswer},
    problems=("confirmation_not_found",),
)
def get_confirmation(call: Call[None], confirmation_id: str) -> Answer:
    """Return one confirmation."""
    found = find_confirmation(call.merchant_id, confirmation_id, desk=confirmation_desk())
    return _shown(found, call, 200, None)


def presence_of(call: Call[Any], confirmation_id: str | None = None) -> Presence:
    """Return where a call comes from, and what confirms that its member is there."""
    return Presence(call.api_key.is_at_till, confirmation_id)


def verification(
    call: Call[Any], member: MemberRef, pass_code: str, shown: ShownCode | None
) -> dict[str, Any]:
    """Return what a look-up learns of a scanned code; nothing of it stops the look-up."""
    # A static code, a phone or a card proves nobody's presence; nor does a void pass, of
    # somebody who was merged into this member.
    if shown is None or shown.code != pass_code:
        return _unverified("stale" if shown else None)
    try:
        found = confirm_by_digits(
            member,
            pass_code,
            shown.method,
            shown.digits,
            at=call.at,
            desk=confirmation_desk(),
        )
    except ConfirmationCodeWrong:
        return _unverified("stale")
    except ConfirmationUsed:
        return _unverified("used")
    except ConfirmationLocked:
        return _unverified("locked")
    except Trouble:  # the member can be confirmed later, and earns now
        return _unverified("busy")
    confirmation_id = found.confirmation_id
    return {"verified": True, "confirmation_id": confirmation_id, "unverified_reason": None}


def _unverified(reason: str | None) -> dict[str, Any]:
    return {"verified": False, "confirmation_id": None, "unverified_reason": reason}


def _digits(text: str, pass_code: str, method: Method) -> str:
    """Return the digits of a code that was scanned whole, or read out.

    Raises:
        ConfirmationCodeWrong: it is another kind of code, or another member's.
    """
    shown = parse_shown(text)
    if shown is None:
        bare = "".join(text.split())
        if len(bare) != DIGITS:
            raise ConfirmationCodeWrong("send what was scanned, or its six digits")
        return bare
    if shown.method is not method or shown.code != pass_code:
        raise ConfirmationCodeWrong("the code is of another member or method")
    return shown.digits


def _shown(found: Confirmation, call: Call[Any], status: int, metric: str | None) -> Answer:
    body = {
        "id": found.confirmation_id,
        "object": "confirmation",
        "created_at": write_moment(found.created_at),
        "member_id": found.member.member_id,
        "method": found.method.value,
        "state": found.state(call.at).value,
        "expires_at": write_moment(found.expires_at),
    }
    return Answer(body=body, status=status, metric=metric)

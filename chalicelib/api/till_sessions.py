"""Tills that people sign in at: a device is bound by a code, a person signs in by a PIN."""

from typing import Any

from chalice import Blueprint

from chalicelib.api.auth import ScopeMissing
from chalicelib.api.cookies import drop_cookie, set_cookie
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import PUBLIC, TILL_DEVICE, Answer, Call
from chalicelib.api.models.till_sessions import (
    ActivationBody,
    ApprovalAnswer,
    ApprovalBody,
    PinBody,
    PinResetAnswer,
    TillSessionAnswer,
    UnboundAnswer,
)
from chalicelib.api.shapes import write_moment
from chalicelib.domain.activations import ApprovalRefused
from chalicelib.domain.rates import asks_for_categories, least_redeem_ppm
from chalicelib.domain.rules.gift_card import sells_gift_cards
from chalicelib.domain.rules.stamps import stamp_card
from chalicelib.domain.sessions import LOCK_AFTER_SECONDS, Face, Session
from chalicelib.domain.staff import StaffMember, StaffRef
from chalicelib.usecases.approvals import Wish, approve
from chalicelib.usecases.pins import reset_pin
from chalicelib.usecases.till_sessions import (
    Opened,
    TillView,
    activate,
    csrf_token,
    lock_till,
    sign_in_at_till,
    unbind,
    view_till,
)
from chalicelib.wiring import services

till_sessions = Blueprint(__name__)

_TAG = "Till sessions"
_CHANNEL = "offline"  # of what is sold at a counter
_GUESSED = ("pin_wrong", "pin_locked")


@endpoint(
    till_sessions,
    "POST",
    "/v1/till/activations",
    summary="Bind this device to the till a code was made for; the answer sets its cookie.",
    tag=_TAG,
    access=PUBLIC,
    body=ActivationBody,
    answers={201: TillSessionAnswer},
    problems=("activation_refused", "activation_locked", "till_not_found"),
)
def post_activation(call: Call[ActivationBody]) -> Answer:
    """Use a code up."""
    device = call.headers.get("user-agent", "")
    opened = activate(
        call.body.code,
        device=device,
        network=call.network,
        at=call.at,
        desk=services().till_desk,
    )
    return _begun(call, opened, 201, "DeviceBound")


@endpoint(
    till_sessions,
    "GET",
    "/v1/till/session",
    summary="Show where this device is bound, who may sign in, and who is signed in.",
    tag=_TAG,
    access=TILL_DEVICE,
    answers={200: TillSessionAnswer},
    problems=("till_not_found",),
)
def get_till_session(call: Call[None]) -> Answer:
    """Return what a till's screen begins with."""
    return Answer(body=_session_json(call, call.session, call.caller.csrf_token))


@endpoint(
    till_sessions,
    "POST",
    "/v1/till/sign-in",
    summary="Sign in by PIN: a new session cookie and a new token.",
    tag=_TAG,
    access=TILL_DEVICE,
    body=PinBody,
    answers={200: TillSessionAnswer},
    problems=(*_GUESSED, "till_not_found"),
)
def post_till_sign_in(call: Call[PinBody]) -> Answer:
    """Begin somebody's shift."""
    body, desk = call.body, services().till_desk
    opened = sign_in_at_till(call.session, body.staff_id, body.pin, at=call.at, desk=desk)
    return _begun(call, opened, 200, "SignedIn")


@endpoint(
    till_sessions,
    "POST",
    "/v1/till/lock",
    summary="Sign out; the device stays bound to its till.",
    tag=_TAG,
    access=TILL_DEVICE,
    answers={200: TillSessionAnswer},
    problems=("till_not_found",),
)
def post_till_lock(call: Call[None]) -> Answer:
    """End somebody's shift."""
    left = lock_till(call.session, desk=services().till_desk)
    return Answer(body=_session_json(call, left, call.caller.csrf_token))


@endpoint(
    till_sessions,
    "DELETE",
    "/v1/till/session",
    summary="Unbind this device; a manager, or a call with an approval.",
    tag=_TAG,
    access=TILL_DEVICE,
    answers={200: UnboundAnswer},
    problems=("scope_missing",),
)
def delete_till_session(call: Call[None]) -> Answer:
    """Make the device no till any more."""
    unbind(call.session, _senior(call), at=call.at, desk=services().till_desk)
    gone = drop_cookie(Face.TILL, services().settings.public_url)
    shown = {"till_id": call.session.till_id, "object": "till_session", "is_bound": False}
    return Answer(body=shown, cookies=(gone,), metric="DeviceUnbound")


@endpoint(
    till_sessions,
    "POST",
    "/v1/till/approvals",
    summary="Let a manager allow one call at this till: send `Approval-Id` with it.",
    tag=_TAG,
    access=TILL_DEVICE,
    body=ApprovalBody,
    answers={201: ApprovalAnswer},
    problems=(*_GUESSED, "approver_refused"),
)
def post_approval(call: Call[ApprovalBody]) -> Answer:
    """Take a manager's PIN on a cashier's till."""
    body, desk = call.body, services().till_desk
    wish = Wish(f"{body.method} {body.path}", body.target or "")
    made = approve(call.session, body.staff_id, body.pin, wish, at=call.at, desk=desk)
    shown = {
        "approval_id": made.approval_id,
        "object": "approval",
        "expires_at": write_moment(made.expires_at),
    }
    return Answer(body=shown, status=201, metric="Approved")


@endpoint(
    till_sessions,
    "POST",
    "/v1/till/pin-resets",
    summary="Give somebody another PIN; a manager, or a call with an approval.",
    tag=_TAG,
    access=TILL_DEVICE,
    body=PinBody,
    answers={200: PinResetAnswer},
    problems=("pin_invalid", "staff_not_found", "approver_refused", "scope_missing"),
)
def post_pin_reset(call: Call[PinBody]) -> Answer:
    """Help somebody who has forgotten their PIN."""
    body, caller = call.body, call.caller
    if caller.approver and caller.approved_target != body.staff_id:
        raise ApprovalRefused("ask the manager again: they allowed it for somebody else")
    reset_pin(
        call.session,
        body.staff_id,
        body.pin,
        _senior(call),
        is_approved=caller.approver is not None,
        at=call.at,
        desk=services().till_desk,
    )
    shown = {"staff_id": body.staff_id, "object": "pin_reset"}
    return Answer(body=shown, metric="PinReset")


def _senior(call: Call[Any]) -> StaffRef:
    """Return the manager behind a call: who approved it, or who is signed in."""
    who = call.caller.approver or call.caller.staff
    if who is None or not who.role.approves:
        raise ScopeMissing
    return who


def _begun(call: Call[Any], opened: Opened, status: int, metric: str) -> Answer:
    """Answer with a new session and its cookie."""
    session, settings = opened.session, services().settings
    token = csrf_token(session.merchant_id, opened.secret, services().keyring)
    cookie = set_cookie(Face.TILL, session.merchant_id, opened.secret, settings.public_url)
    return Answer(
        body=_session_json(call, session, token),
        status=status,
        cookies=(cookie,),
        metric=metric,
    )


def _session_json(call: Call[Any], session: Session, token: str) -> dict[str, Any]:
    found = view_till(session, at=call.at, desk=services().till_desk)
    merchant, store, till = found.merchant, found.store, found.till
    return {
        "object": "till_session",
        "merchant": {
            "merchant_id": merchant.merchant_id,
            "name": merchant.name,
            "language": merchant.language,
            "accent": merchant.accent,
            "currency": found.program.currency,
        },
        "store": {"store_id": store.store_id, "name": store.name},
        "till": {"till_id": till.till_id, "name": till.name},
        "staff": [_staff_json(person) for person in found.staff],
        "signed_in": _staff_json(found.signed_in) if found.signed_in else None,
        "csrf_token": token,
        "lock_after_seconds": LOCK_AFTER_SECONDS,
        "program": _program_json(found),
        "now": write_moment(call.at),
    }


def _staff_json(person: StaffMember) -> dict[str, Any]:
    return {"staff_id": person.staff_id, "name": person.name, "role": person.role.value}


def _program_json(found: TillView) -> dict[str, Any]:
    program = found.program
    stamps = stamp_card(program)
    return {
        "gives_points": program.gives_points,
        "has_stamps": stamps is not None,
        "stamp_category": stamps.category if stamps else None,
        "has_gift_cards": sells_gift_cards(program),
        "offline_redeem_limit": program.offline_redeem_limit,
        "redeem_ppm": least_redeem_ppm(program, _CHANNEL),
        "min_receipt_for_redeem_minor": program.min_receipt_for_redeem_minor,
        "min_money_minor": program.min_money_minor,
        "confirm_above": program.confirm_above,
        "categories": list(found.categories),
        "asks_for_categories": bool(found.categories) and asks_for_categories(program),
        "point_value": list(program.point_value),
    }

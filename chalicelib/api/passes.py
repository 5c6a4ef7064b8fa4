"""Phones: the pass to download, and Apple's web service.

Apple Wallet: PassKit web service, "Adding a Web Service to Update Passes" (read 2026-11).
Its own Authorization scheme, its own statuses; unknown serial and wrong token are one
401. `Last-Modified` is the pass's version: whole seconds, strictly growing.
The routes have `{file_name}` where `{serial}.pkpass` is meant: API Gateway takes a path
parameter only as a whole part of a path.
"""

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from chalice import Blueprint

from chalicelib.api.book import directory, phone_desk
from chalicelib.api.cards import card_of, voided_card_of
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.models.passes import (
    LOG_LINES_MAX,
    DownloadQuery,
    LogBody,
    RegistrationBody,
    UpdatedQuery,
)
from chalicelib.api.parsing import BadRequest
from chalicelib.api.pass_images import uploaded
from chalicelib.api.request_log import log_pass_trouble
from chalicelib.domain.account import MemberRef
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.members import DeviceRegistration
from chalicelib.domain.pass_designs import PassDesign
from chalicelib.domain.pass_holders import PassState
from chalicelib.usecases.card_tokens import PassUnknown, open_card, pass_of
from chalicelib.usecases.passes import (
    PassView,
    changed_passes,
    pass_state,
    register_device,
    unregister_device,
    view_pass,
)
from chalicelib.wiring import services
from passes.card import Card, colours_shown

passes = Blueprint(__name__)

PASS_TYPE = "application/vnd.apple.pkpass"
LOG_LINE_CHARS_MAX = 300
ID_BYTES_MAX = 200  # of a device or pass type; Apple's have some 30, and a key of ours 1024
_SCHEME = "ApplePass "
_UNKNOWN = "there is no such pass, or the token is not its own"
_DOWNLOAD = ".pkpass"
_REGISTRATIONS = "/wallet/apple/v1/devices/{device_id}/registrations/{pass_type}"
# Serials, tokens, device ids and addresses; and anything that could be a phone number.
_SECRETS = re.compile(r"[A-Za-z0-9_.+/=%-]{16,}|\+?\d[\d\s().-]{5,}\d")


@endpoint(
    passes,
    "GET",
    "/passes/{file_name}",
    summary="Download a pass: `{serial}.pkpass?token=…`.",
    tag="Phones",
    query=DownloadQuery,
    answers={200: None},
    problems=("not_found",),
    is_documented=False,
)
def get_pass_file(call: Call[None], file_name: str) -> Answer:
    """Build the pass for whoever holds the card's address."""
    serial, ports = file_name.removesuffix(_DOWNLOAD), services()
    token = f"{serial}.{call.query.token}"
    try:
        visit = open_card(token, at=call.at, members=ports.members, keyring=ports.keyring)
        view = _view(call, visit.member)
    except (PassUnknown, MemberNotFound):
        raise BadRequest("not_found", "there is no such pass") from None
    if not file_name.endswith(_DOWNLOAD):
        raise BadRequest("not_found", "there is no such pass")
    disposition = {"Content-Disposition": 'attachment; filename="card.pkpass"'}
    pass_type = ports.certificate_desk.pass_type_of(visit.member.merchant_id)
    return _pass(view, pass_type, visit.browser_id, disposition)


@endpoint(
    passes,
    "POST",
    _REGISTRATIONS + "/{serial}",
    summary="Register a phone for a pass's pushes: 201 new, 200 known.",
    tag="Phones",
    body=RegistrationBody,
    answers={201: None, 200: None},
    problems=("pass_unknown",),
    is_documented=False,
)
def post_registration(
    call: Call[RegistrationBody], device_id: str, pass_type: str, serial: str
) -> Answer:
    """Keep the phone's push token, also when it was registered before."""
    member, pass_id = _authorized(call, pass_type, serial)
    push_token = call.body.push_token.lower()
    registration = DeviceRegistration(
        device_id, pass_type, serial, push_token, call.at, pass_id=pass_id
    )
    if not _fits(device_id):
        raise BadRequest("bad_input", f"a device id has at most {ID_BYTES_MAX} bytes")
    is_new = register_device(member, registration, desk=phone_desk())
    return Answer(status=201 if is_new else 200, metric="PassRegistered")


@endpoint(
    passes,
    "DELETE",
    _REGISTRATIONS + "/{serial}",
    summary="Forget a phone; also when it is forgotten already.",
    tag="Phones",
    answers={200: None},
    problems=("pass_unknown",),
    is_documented=False,
)
def delete_registration(
    call: Call[None], device_id: str, pass_type: str, serial: str
) -> Answer:
    """Push to this phone no more."""
    member, _ = _authorized(call, pass_type, serial)
    if _fits(device_id):
        unregister_device(member, device_id, pass_type, at=call.at, desk=phone_desk())
    return Answer(metric="PassUnregistered")


@endpoint(
    passes,
    "GET",
    _REGISTRATIONS,
    summary="List the passes on a phone that changed since a tag; 204 if none did.",
    tag="Phones",
    query=UpdatedQuery,
    answers={200: None, 204: None},
    is_documented=False,
)
def get_updated_passes(call: Call[None], device_id: str, pass_type: str) -> Answer:
    """Name every pass the tag does not know; no credential, the device id is the secret."""
    if not (_fits(device_id) and _fits(pass_type)):
        return Answer(status=204)
    ports = services()
    changed = changed_passes(
        device_id,
        pass_type,
        call.query.since,
        devices=ports.devices,
        states=ports.pass_states,
    )
    if changed is None:
        return Answer(status=204)
    # The tag is text: iOS drops the whole answer if it is a number.
    return Answer(body={"serialNumbers": list(changed.serials), "lastUpdated": changed.tag})


@endpoint(
    passes,
    "HEAD",
    "/wallet/apple/v1/passes/{pass_type}/{serial}",
    summary="As GET, without the body: phones do ask so.",
    tag="Phones",
    answers={200: None, 304: None},
    problems=("pass_unknown",),
    is_documented=False,
)
@endpoint(
    passes,
    "GET",
    "/wallet/apple/v1/passes/{pass_type}/{serial}",
    summary="The latest pass; 304 if the phone has it.",
    tag="Phones",
    answers={200: None, 304: None},
    problems=("pass_unknown",),
    is_documented=False,
)
def get_latest_pass(call: Call[None], pass_type: str, serial: str) -> Answer:
    """Build the pass, if it is newer than the phone's; what is not asks for no signature."""
    member, pass_id = _authorized(call, pass_type, serial)
    state = pass_state(member, pass_id, states=services().pass_states)
    if _is_fresh(state.version, call.headers.get("if-modified-since")):
        return Answer(status=304, headers=_modified(state.version))
    if call.method == "HEAD":
        return Answer(headers={**_modified(state.version), "Content-Type": PASS_TYPE})
    try:
        return (
            _voided(member, state, pass_type, pass_id)
            if state.is_void
            else _pass(_view(call, member), pass_type, pass_id, {})
        )
    except MemberNotFound:
        raise PassUnknown("there is no such pass") from None


@endpoint(
    passes,
    "POST",
    "/wallet/apple/v1/log",
    summary="What went wrong on a phone.",
    tag="Phones",
    body=LogBody,
    answers={200: None},
    is_documented=False,
)
def post_log(call: Call[LogBody]) -> Answer:
    """Keep the first lines, without anything that could be a secret, and raise the metric."""
    lines = [
        _SECRETS.sub("…", line[:LOG_LINE_CHARS_MAX])
        for line in call.body.logs[:LOG_LINES_MAX]
        if isinstance(line, str)
    ]
    log_pass_trouble(lines)
    return Answer(metric="PassTrouble")


def _authorized(call: Call[Any], pass_type: str, serial: str) -> tuple[MemberRef, str]:
    """Return whose pass the phone speaks for, and which. Raises PassUnknown."""
    sent = call.headers.get("authorization") or ""
    if not sent.startswith(_SCHEME):
        raise PassUnknown(_UNKNOWN)
    keyring = services().keyring
    member, pass_id = pass_of(serial, sent.removeprefix(_SCHEME), keyring=keyring)
    if not services().certificate_desk.serves(member.merchant_id, pass_type):
        raise PassUnknown(_UNKNOWN)
    return member, pass_id


def _fits(name: str) -> bool:
    """Return whether anything can lie under that name."""
    return len(name.encode()) <= ID_BYTES_MAX


def _view(call: Call[Any], member: MemberRef) -> PassView:
    return view_pass(member, at=call.at, directory=directory(), designs=services().pass_designs)


def _pass(view: PassView, pass_type: str, pass_id: str, headers: dict[str, str]) -> Answer:
    card = card_of(view.member, view.version, pass_id)
    return _built(card, view.look.design, view.member.member, pass_type, headers)


def _voided(member: MemberRef, state: PassState, pass_type: str, pass_id: str) -> Answer:
    """Return what is left on the phone of a member who was erased or merged."""
    look = services().pass_designs.look(member.merchant_id)
    card = voided_card_of(member, state.version, pass_id)
    return _built(card, look.design, member, pass_type, {})


def _built(
    card: Card, design: PassDesign, member: MemberRef, pass_type: str, headers: dict[str, str]
) -> Answer:
    """Return the pass, made by the certificate of its own pass type."""
    from passes.images import images_of  # lazy: no till draws a pass

    signer = services().apple_signers.of(pass_type)
    if signer is None:  # taken away a moment ago
        raise PassUnknown(_UNKNOWN)
    content: bytes = signer.build(
        card,
        design,
        images_of(design, colours_shown(card, design), uploaded(member.merchant_id)),
        web_service_url=f"{services().settings.public_url}/wallet/apple",
    )
    return Answer(
        body=content,
        content_type=PASS_TYPE,
        headers={**_modified(card.version), **headers},
        metric="PassBuilt",
    )


def _modified(version: int) -> dict[str, str]:
    moment = datetime.fromtimestamp(version, UTC)
    return {"Last-Modified": format_datetime(moment, usegmt=True)}


def _is_fresh(version: int, if_modified_since: str | None) -> bool:
    """Return whether the phone has this version; an unreadable date means it has not."""
    try:
        return version <= int(parsedate_to_datetime(if_modified_since or "").timestamp())
    except (ValueError, TypeError, OverflowError, IndexError):
        return False

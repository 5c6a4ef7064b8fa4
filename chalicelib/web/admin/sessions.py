"""Who is at the desk: the office's cookie, and the tokens its forms carry.

Before anybody is signed in there is no session whose token a form could carry: there the
browser itself must say that the form is of our own page.
"""

import hmac
from dataclasses import replace
from typing import Final

from chalicelib.api.cookies import (
    Presented,
    cookie_of,
    drop_cookie,
    presented,
    refuse_other_sites,
    set_cookie,
)
from chalicelib.domain.members import Merchant
from chalicelib.domain.sessions import CsrfRefused, Face, SessionExpired, SessionMissing
from chalicelib.usecases.owners import OwnerDesk, owner_of
from chalicelib.usecases.till_sessions import Opened, csrf_token, find_session
from chalicelib.usecases.write_once import merchant_of
from chalicelib.web.admin.visit import Visit
from chalicelib.wiring import services

DEVICE_CHARS_MAX: Final = 120
TOKEN_HEADER: Final = "x-csrf-token"


def entered(visit: Visit, *, is_open: bool) -> Visit:
    """Return the visit with its owner, or as it is where everybody may come.

    Raises:
        SessionMissing, SessionExpired: the page is for owners.
    """
    found = _presented(visit)
    cookie = cookie_of(Face.OFFICE, found, services().settings.public_url)
    if cookie is None:
        return _nobody(visit, is_open)
    try:
        session = find_session(
            cookie.merchant_id,
            cookie.secret,
            at=visit.at,
            sessions=services().staff_sessions,
            keyring=services().keyring,
        )
    except SessionExpired:
        return _nobody(visit, is_open)
    if session.face is not Face.OFFICE:
        return _nobody(visit, is_open)
    token = csrf_token(cookie.merchant_id, cookie.secret, services().keyring)
    known = replace(visit, session=session, csrf_token=token)
    staff = session.signed_in(visit.at)
    if staff is None:  # the second factor is still to come
        return known if is_open else _nobody(visit, is_open)
    person = services().till_desk.room.person(session.merchant_id, staff.staff_id)
    return replace(
        known,
        merchant=_shop(session.merchant_id),
        owner_name=person.name if person else "",
    )


def check_origin(visit: Visit) -> None:
    """Refuse what another site may have made a browser send. Raises CsrfRefused."""
    refuse_other_sites(_presented(visit), services().settings.public_url)


def check_token(visit: Visit) -> None:
    """Refuse a form without the session's own token. Raises CsrfRefused."""
    if visit.session is None:
        return
    given = visit.form["csrf_token"] or visit.call.headers.get(TOKEN_HEADER, "")
    if not hmac.compare_digest(given.encode(), visit.csrf_token.encode()):
        raise CsrfRefused("the form is of another session")


def owner_desk() -> OwnerDesk:
    """Return the ports that owners are known by."""
    found: OwnerDesk = services().owner_desk
    return found


def has_second_factor(visit: Visit) -> bool:
    """Return whether the owner signs in with a code, too."""
    return owner_of(visit.own_session, owner_desk()).is_totp_on


def begin(opened: Opened) -> str:
    """Return the Set-Cookie of a new session."""
    url = services().settings.public_url
    return set_cookie(Face.OFFICE, opened.session.merchant_id, opened.secret, url)


def end() -> str:
    """Return the Set-Cookie that forgets a session."""
    return drop_cookie(Face.OFFICE, services().settings.public_url)


def device_of(visit: Visit) -> str:
    """Return what the browser calls itself."""
    return visit.call.headers.get("user-agent", "")[:DEVICE_CHARS_MAX]


def _nobody(visit: Visit, is_open: bool) -> Visit:
    if not is_open:
        raise SessionMissing("sign in")
    return visit


def _shop(merchant_id: str) -> Merchant:
    return merchant_of(merchant_id, services().merchants)


def _presented(visit: Visit) -> Presented:
    call = visit.call
    return presented(call.method, call.path, call.path, call.headers, b"")

"""Who is calling. The merchant comes from the credential, never from the request.

The endpoint wrapper asks here, not API Gateway's authorizer: the gateway's own 401 and
403 bodies are not problem documents, and its cache would let a revoked key in for
minutes more. Keys are looked up by hash in the adapter's cache (at most 60 s); sessions are
read each time.

    Bearer lk_live_…                           a till's or an online shop's API key
    Bearer mt_…                                a browser that a member signed in with
    Cookie kopilka-till, kopilka-office        staff; see cookies.py

A session with somebody signed in acts like an API key: a cashier's like that of the till, an
owner's like one with every scope. A header decides before any cookie.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.api.cookies import (
    Presented,
    cookie_of,
    is_own_token,
    refuse_other_sites,
)
from chalicelib.api.exchange import Access, Caller
from chalicelib.domain.members import ApiKey, Scope
from chalicelib.domain.sessions import (
    CsrfRefused,
    Face,
    Session,
    SessionExpired,
    SessionLocked,
    SessionMissing,
    require_fresh,
)
from chalicelib.usecases.card_tokens import PassUnknown, named_by_member_token, signed_in
from chalicelib.wiring import Services

CREDENTIAL_CHARS_MAX = 512


class Unauthenticated(Exception):
    """No credential, or one that opens nothing."""


class ScopeMissing(Exception):
    """A valid credential that may not do this."""


def authenticate(access: Access, found: Presented, services: Services, at: datetime) -> Caller:
    """Return who is calling.

    Raises:
        Unauthenticated: the credential is missing, unknown, revoked or of another kind.
        ScopeMissing: the key lacks every scope that would do.
        SessionMissing, SessionExpired, SessionLocked, CsrfRefused: of calls by cookie.
        ApprovalRefused: the approval that was named is not good for this.
    """
    if access.is_public:
        return Caller()
    if access.face is not None:
        return _at_face(access.face, found, services, at)
    if access.is_member:
        return _member(_bearer(found.authorization), services, at)
    if found.authorization is None:
        caller = _by_cookie(found, services, at)
        if caller is not None:
            return _within(access, caller)
    secret = _bearer(found.authorization)
    key_hash = services.keyring.api_key_hash(secret)
    api_key = services.api_keys.find(key_hash) if key_hash else None
    if api_key is None or api_key.is_revoked:
        raise Unauthenticated
    return _within(access, Caller(api_key=api_key))


def refuse_stale(caller: Caller, at: datetime) -> None:
    """Refuse an owner whose password was typed too long ago, as pages do. Raises NotFresh."""
    if caller.session is not None and caller.session.face is Face.OFFICE:
        require_fresh(caller.session, at)


def _within(access: Access, caller: Caller) -> Caller:
    scopes = caller.api_key.scopes if caller.api_key else frozenset[Scope]()
    if not access.scopes & scopes:
        raise ScopeMissing
    return caller


def _at_face(face: Face, found: Presented, services: Services, at: datetime) -> Caller:
    """Return who calls with a session of that face, signed in or not."""
    refuse_other_sites(found, services.settings.public_url)
    caller = _of_session(face, found, services, at)
    if caller is None:
        raise SessionMissing("there is no session here; sign in")
    _refuse_without_token(found, caller)
    return _approved(caller, found, services, at)


def _by_cookie(found: Presented, services: Services, at: datetime) -> Caller | None:
    """Return who calls by cookie; None: no cookie. With both faces' the token decides."""
    callers, refusal = [], None
    for face in Face:
        try:
            caller = _of_session(face, found, services, at)
        except SessionExpired as error:
            refusal = error
            continue
        if caller is not None:
            callers.append(caller)
    if not callers:
        if refusal is not None:
            raise refusal
        return None
    refuse_other_sites(found, services.settings.public_url)
    named = [one for one in callers if is_own_token(found, one.csrf_token)]
    chosen = (named or sorted(callers, key=lambda one: one.staff is None))[0]
    _refuse_without_token(found, chosen)
    if chosen.api_key is None:
        raise SessionLocked("nobody is signed in at this till")
    return _approved(chosen, found, services, at)


def _of_session(
    face: Face, found: Presented, services: Services, at: datetime
) -> Caller | None:
    """Return the caller of a face's cookie; None: there is none. Raises SessionExpired."""
    cookie = cookie_of(face, found, services.settings.public_url)
    if cookie is None:
        return None
    from chalicelib.usecases.till_sessions import csrf_token, find_session  # lazy: by cookie

    session = find_session(
        cookie.merchant_id,
        cookie.secret,
        at=at,
        sessions=services.staff_sessions,
        keyring=services.keyring,
    )
    if session.face is not face:
        raise SessionExpired("the session is of another kind")
    token = csrf_token(cookie.merchant_id, cookie.secret, services.keyring)
    return caller_of(session, token, at)


def caller_of(session: Session, token: str, at: datetime) -> Caller:
    """Return who calls with a session."""
    staff = session.signed_in(at)
    api_key = session.as_key(staff) if staff else None
    return Caller(api_key=api_key, session=session, staff=staff, csrf_token=token)


def _refuse_without_token(found: Presented, caller: Caller) -> None:
    if not found.is_safe and not is_own_token(found, caller.csrf_token):
        raise CsrfRefused("send the session's own X-CSRF-Token")


def _approved(caller: Caller, found: Presented, services: Services, at: datetime) -> Caller:
    """Return the caller with what a manager allows, if the request names an approval."""
    session = caller.session
    if not found.approval_id or found.is_safe or session is None:
        return caller
    from chalicelib.usecases.approvals import Attempt, use_approval  # lazy: few do

    attempt = Attempt(
        call=f"{found.method} {found.path}", route=found.route, operation=found.operation
    )
    approval = use_approval(session, found.approval_id, attempt, at=at, desk=services.till_desk)
    key: ApiKey | None = caller.api_key
    if key is not None:
        key = replace(key, scopes=key.scopes | {Scope.MANAGER})
    target = approval.target
    return replace(caller, api_key=key, approver=approval.approver, approved_target=target)


def _bearer(authorization: str | None) -> str:
    scheme, _, secret = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(secret) <= CREDENTIAL_CHARS_MAX:
        raise Unauthenticated
    if not secret.isascii():
        raise Unauthenticated
    return secret.strip()


def _member(secret: str, services: Services, at: datetime) -> Caller:
    """Return the member; the profile was read to see that the browser is signed in still."""
    named = named_by_member_token(secret, keyring=services.keyring)
    if named is None:
        raise Unauthenticated
    member, browser_id = named
    try:
        visit = signed_in(member, browser_id, at=at, members=services.members)
    except PassUnknown:
        raise Unauthenticated from None
    # Of a member who has gone there is nothing left to guard; a view says what became of it.
    return Caller(
        member=member, browser_id=browser_id, profile=visit.profile if visit else None
    )

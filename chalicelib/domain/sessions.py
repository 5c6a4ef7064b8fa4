"""Sessions: a device at a till, or an owner at a desk, and who is signed in there.

A till's session binds a device to a store and a till for months; a cashier signs in on top of
it for a shift and locks it again. An office session is the owner's own and ends after an hour
without a call. Every sign-in makes a new session; what was before it at a till stays bound for
a few minutes without anybody signed in, so that a lost answer does not unbind the device.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.errors import DomainError
from chalicelib.domain.members import ApiKey, Scope
from chalicelib.domain.owners import Owner
from chalicelib.domain.staff import (
    FIRST_STORE,
    OFFICE,
    Role,
    StaffMember,
    StaffRef,
    Till,
    scopes_of,
)

DEVICE_IDLE = timedelta(days=90)  # a shop may close for a season
DEVICE_LIFE = timedelta(days=400)  # as long as browsers keep a cookie
SHIFT_IDLE = timedelta(hours=1)  # on the server; the device locks itself much sooner
SHIFT_LIFE = timedelta(hours=16)
OFFICE_IDLE = timedelta(hours=1)
OFFICE_LIFE = timedelta(hours=12)
PENDING_LIFE = timedelta(minutes=10)  # between the password and the second factor
FRESH_FOR = timedelta(minutes=10)
REPLACED_LIFE = timedelta(minutes=10)  # of a session whose successor's answer may be lost
SEEN_EVERY = timedelta(minutes=1)  # a session is written at most so often for being used
LOCK_AFTER_SECONDS: Final = 300  # without a touch, by the device itself
SESSIONS_MAX: Final = 20_000  # of a merchant; those that are over lie there for a day or two


class SessionMissing(DomainError):
    """The call came with no session."""

    code = "session_missing"


class SessionExpired(DomainError):
    """The session is over, was ended, or never was."""

    code = "session_expired"


class SessionLocked(DomainError):
    """The device is bound to a till, and nobody is signed in."""

    code = "session_locked"


class CsrfRefused(DomainError):
    """The request may come from another site."""

    code = "csrf_refused"


class NotFresh(DomainError):
    """The owner must sign in again before this."""

    code = "sign_in_again"


class Face(StrEnum):
    """Where a session is good."""

    TILL = "till"
    OFFICE = "office"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session; its id is the hash of what the cookie holds."""

    session_id: str
    merchant_id: str
    face: Face
    till_id: str
    store_id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    device: str = ""  # what the browser calls itself, for the list of devices
    device_id: str = ""  # the same in every session of a device that is bound to a till
    staff_id: str | None = None
    role: Role | None = None
    signed_in_at: datetime | None = None
    owner_id: str | None = None  # hash of an owner's e-mail
    own_member_id: str | None = None  # of the person's own card
    is_pending: bool = False  # the second factor is still to come
    fresh_until: datetime | None = None

    @property
    def staff(self) -> StaffRef | None:
        """Return who was signed in last."""
        if self.staff_id is None or self.role is None:
            return None
        return StaffRef(self.staff_id, self.role)

    @property
    def is_replaced(self) -> bool:
        """Return whether another session of the same device took its place."""
        return self.face is Face.TILL and self.expires_at < self.created_at + DEVICE_LIFE

    def is_over(self, at: datetime) -> bool:
        """Return whether it is good no more."""
        idle = DEVICE_IDLE if self.face is Face.TILL else OFFICE_IDLE
        return at >= self.expires_at or at - self.seen_at >= idle

    def signed_in(self, at: datetime) -> StaffRef | None:
        """Return who is signed in now."""
        if self.is_pending or self.is_over(at) or self.signed_in_at is None:
            return None
        if self.face is Face.TILL:
            is_idle = at - self.seen_at >= SHIFT_IDLE
            if is_idle or at - self.signed_in_at >= SHIFT_LIFE:
                return None
        return self.staff

    def is_fresh(self, at: datetime) -> bool:
        """Return whether the owner has just proven who they are."""
        return self.fresh_until is not None and at < self.fresh_until

    def as_key(self, staff: StaffRef) -> ApiKey:
        """Return the API key it acts like while that person is signed in."""
        is_till = self.face is Face.TILL
        return ApiKey(
            key_id=f"ses_{self.session_id[:16]}",
            merchant_id=self.merchant_id,
            till_id=self.till_id,
            store_id=self.store_id,
            scopes=scopes_of(staff.role) if is_till else frozenset(Scope),
        )


def require_fresh(session: Session, at: datetime) -> None:
    """Refuse what needs a recent proof of who is there. Raises NotFresh."""
    if not session.is_fresh(at):
        raise NotFresh("sign in again: this needs a password entered in the last 10 minutes")


def till_session(
    session_id: str, merchant_id: str, till: Till, *, device: str, at: datetime
) -> Session:
    """Return a device bound to a till."""
    return Session(
        session_id=session_id,
        merchant_id=merchant_id,
        face=Face.TILL,
        till_id=till.till_id,
        store_id=till.store_id,
        created_at=at,
        seen_at=at,
        expires_at=at + DEVICE_LIFE,
        device=device,
        device_id=session_id,
    )


def office_session(session_id: str, owner: Owner, *, device: str, at: datetime) -> Session:
    """Return an owner's session: fresh, as they have just signed in."""
    return Session(
        session_id=session_id,
        merchant_id=owner.merchant_id,
        face=Face.OFFICE,
        till_id=OFFICE,
        store_id=FIRST_STORE,
        created_at=at,
        seen_at=at,
        expires_at=at + OFFICE_LIFE,
        device=device,
        staff_id=owner.staff_id,
        role=Role.OWNER,
        owner_id=owner.email_hash,
        signed_in_at=at,
        fresh_until=at + FRESH_FOR,
    )


def awaiting_code(session: Session) -> Session:
    """Return an office session as one whose second factor is still to come."""
    ends = session.created_at + PENDING_LIFE
    return replace(session, is_pending=True, fresh_until=None, expires_at=ends)


def shift(bound: Session, session_id: str, person: StaffMember, at: datetime) -> Session:
    """Return the session of a person who signs in at a till."""
    return replace(
        bound,
        session_id=session_id,
        seen_at=at,
        staff_id=person.staff_id,
        role=person.role,
        own_member_id=person.member_id,
        signed_in_at=at,
    )


def locked(session: Session) -> Session:
    """Return a till's session with nobody signed in."""
    return replace(session, staff_id=None, role=None, own_member_id=None, signed_in_at=None)


def replaced(session: Session, at: datetime) -> Session:
    """Return what is left of a session that another took the place of."""
    return replace(locked(session), expires_at=min(session.expires_at, at + REPLACED_LIFE))

"""PINs: proven, set and reset. Every guess is counted before it is compared."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.activations import ApproverRefused
from chalicelib.domain.attempts import PinLocked, PinWrong
from chalicelib.domain.audit import AuditRecord, Deed
from chalicelib.domain.errors import DomainError
from chalicelib.domain.sessions import Face, Session, locked
from chalicelib.domain.staff import (
    Role,
    StaffMember,
    StaffNotFound,
    StaffRef,
    checked_pin,
    with_pin,
)
from chalicelib.ports import Catalogue, CommitConflict, Keyring, Merchants, Pacer
from chalicelib.ports.staff import DeviceCodes, Guesses, Sessions, StaffRoom
from chalicelib.usecases.guessing import count_guess


@dataclass(frozen=True, slots=True, kw_only=True)
class TillDesk:
    """The ports that tills are opened with."""

    room: StaffRoom
    sessions: Sessions
    guesses: Guesses
    codes: DeviceCodes
    merchants: Merchants
    catalogue: Catalogue
    keyring: Keyring
    pacer: Pacer


def prove_pin(
    session: Session, staff_id: str, pin: str, *, at: datetime, desk: TillDesk
) -> StaffMember:
    """Return whose PIN it is; the guess is counted first, by person and till.

    Raises:
        PinWrong: nobody of that id, or another PIN; PinLocked.
    """

    def too_many(seconds: int) -> DomainError:
        words = f"too many wrong PINs; try again in {seconds} s"
        return PinLocked(words, retry_after_seconds=seconds)

    subject = _guesses_at(session, staff_id, desk.keyring)
    tried = count_guess(subject, at=at, guesses=desk.guesses, pacer=desk.pacer, locked=too_many)
    person = desk.room.person(session.merchant_id, staff_id)
    salt = person.pin_salt if person else ""
    given = _pin_hash(session.merchant_id, staff_id, salt, pin, desk.keyring)
    known = person.pin_hash if person and person.can_sign_in else ""
    if person is None or not hmac.compare_digest(given, known):
        raise PinWrong("not the right PIN", attempts_left=tried.left)
    desk.guesses.forgive(subject)
    return person


def reset_pin(
    session: Session,
    staff_id: str,
    pin: str,
    by: StaffRef,
    *,
    is_approved: bool,
    at: datetime,
    desk: TillDesk,
) -> StaffMember:
    """Give a person another PIN, at a till; whoever they are signed in as elsewhere ends.

    `is_approved`: `by` allowed it, and somebody else stands at the till.

    Raises:
        PinInvalid, StaffNotFound, ApproverRefused: only the owner resets a manager's.
    """
    merchant_id = session.merchant_id
    person = desk.room.person(merchant_id, staff_id)
    if person is None or not person.is_active:
        raise StaffNotFound("nobody of that id works here")
    if not _may_reset(person, by, is_approved=is_approved):
        raise ApproverRefused("a manager's PIN is reset by the owner, in the office")
    renewed = new_pin(merchant_id, person, pin, desk.keyring)
    record = AuditRecord(
        audit_id=desk.keyring.new_id("aud"),
        merchant_id=merchant_id,
        at=at,
        actor=by.staff_id,
        deed=Deed.PIN_RESET,
        subject=staff_id,
        facts={"till": session.till_id},
    )
    desk.room.change(merchant_id, renewed, record)
    desk.guesses.forgive(_guesses_at(session, staff_id, desk.keyring))
    sign_out_person(merchant_id, staff_id, sessions=desk.sessions)
    return renewed


def _may_reset(person: StaffMember, by: StaffRef, *, is_approved: bool) -> bool:
    if by.staff_id == person.staff_id:
        # Who approves does not type the new PIN: it would be theirs in a cashier's hands.
        return not is_approved
    if by.role is Role.OWNER:
        return True
    return by.role.approves and not person.role.approves


def new_pin(merchant_id: str, person: StaffMember, pin: str, keyring: Keyring) -> StaffMember:
    """Return the person with that PIN. Raises PinInvalid."""
    salt = keyring.new_id("salt")
    pin_hash = _pin_hash(merchant_id, person.staff_id, salt, checked_pin(pin), keyring)
    return with_pin(person, salt=salt, pin_hash=pin_hash)


def sign_out_person(merchant_id: str, staff_id: str, *, sessions: Sessions) -> None:
    """End what a person is signed in to: tills are locked, office sessions deleted."""
    for session in sessions.of_merchant(merchant_id):
        if session.staff_id != staff_id:
            continue
        if session.face is Face.OFFICE:
            sessions.end(merchant_id, session.session_id)
            continue
        try:
            sessions.save(locked(session))
        except CommitConflict:  # it was ended meanwhile, which is as good
            continue


def _guesses_at(session: Session, staff_id: str, keyring: Keyring) -> str:
    return keyring.fingerprint("pin-guesses", session.merchant_id, session.till_id, staff_id)


def _pin_hash(merchant_id: str, staff_id: str, salt: str, pin: str, keyring: Keyring) -> str:
    """Return the keyed hash of a PIN; see decision 14 for why it is not a slow one."""
    return keyring.fingerprint("pin", merchant_id, staff_id, salt, pin)

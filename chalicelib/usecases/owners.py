"""Owners sign in and out: a password first, then a code of their phone.

An address nobody has is answered as a wrong password is, after the same work: a hash is
compared either way, and guesses are counted by address whether or not it is known.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from chalicelib.domain.activations import typed_code
from chalicelib.domain.attempts import SignInLocked, SignInRefused
from chalicelib.domain.audit import AuditRecord, Deed
from chalicelib.domain.confirmations import Method
from chalicelib.domain.errors import DomainError
from chalicelib.domain.owners import Owner, checked_password, folded_email, guess_charges
from chalicelib.domain.rotating import accepted_step, step_of
from chalicelib.domain.sessions import (
    FRESH_FOR,
    Face,
    Session,
    SessionExpired,
    awaiting_code,
    office_session,
)
from chalicelib.ports import CommitConflict, Keyring, Pacer
from chalicelib.ports.owners import Owners, Passwords
from chalicelib.ports.staff import Guesses, Sessions, StaffRoom
from chalicelib.usecases.guessing import count_guess
from chalicelib.usecases.till_sessions import DEVICE_CHARS_MAX, Opened, session_id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerDesk:
    """The ports that owners are known by."""

    owners: Owners
    passwords: Passwords
    room: StaffRoom
    sessions: Sessions
    guesses: Guesses
    keyring: Keyring
    pacer: Pacer


def email_hash_of(email: str, keyring: Keyring) -> str:
    """Return under which hash an owner lies. Raises EmailInvalid."""
    return keyring.fingerprint("owner", folded_email(email))


def sign_in(
    email: str, password: str, *, network: str, device: str, at: datetime, desk: OwnerDesk
) -> Opened:
    """Sign an owner in by password; `session.is_pending`: a code is still to come.

    Raises:
        SignInRefused, SignInLocked; LimitReached.
    """
    desk.owners.limit(guess_charges(network, at))
    try:
        email_hash = email_hash_of(email, desk.keyring)
    except DomainError as error:
        raise SignInRefused("the e-mail and password are not right") from error
    subject = _guesses("password-guesses", email_hash, desk)
    _count(subject, at, desk)
    if not desk.passwords.matches(desk.owners.password_hash(email_hash), password):
        raise SignInRefused("the e-mail and password are not right")
    owner = desk.owners.find(email_hash)
    assert owner is not None, "an empty hash matches nothing"
    desk.guesses.forgive(subject)
    return _opened(owner, device, at, desk, is_pending=owner.is_totp_on)


def give_second_factor(session: Session, code: str, *, at: datetime, desk: OwnerDesk) -> Opened:
    """Let the owner of a pending session in by a code of their phone, or a recovery code.

    Raises:
        SignInRefused, SignInLocked, SessionExpired.
    """
    owner = check_code(owner_of(session, desk), code, at=at, desk=desk)
    opened = opened_office(owner, session.device, at, desk)
    desk.sessions.end(session.merchant_id, session.session_id)
    return opened


def prove_again(
    session: Session, password: str, code: str, *, at: datetime, desk: OwnerDesk
) -> Session:
    """Return the session as fresh: its owner has given everything once more.

    Raises:
        SignInRefused, SignInLocked, SessionExpired.
    """
    owner = check_password(owner_of(session, desk), password, at=at, desk=desk)
    if owner.is_totp_on:
        check_code(owner, code, at=at, desk=desk)
    fresh = replace(session, fresh_until=at + FRESH_FOR, seen_at=at)
    desk.sessions.save(fresh)
    return fresh


def change_password(
    session: Session,
    old: str,
    new: str,
    *,
    merchant_name: str,
    at: datetime,
    desk: OwnerDesk,
) -> None:
    """Set another password; every other session of the owner ends.

    Raises:
        SignInRefused, SignInLocked, PasswordWeak.
    """
    owner = owner_of(session, desk)
    checked_password(new, email=owner.email, merchant_name=merchant_name)
    check_password(owner, old, at=at, desk=desk)
    record = owner_record(owner, Deed.PASSWORD_CHANGED, at, desk)
    desk.owners.save(replace(owner, password_hash=desk.passwords.hashed(new)), record)
    end_sessions(owner, desk, but=session.session_id)


def sign_out(session: Session, *, desk: OwnerDesk) -> None:
    """End an office session."""
    desk.sessions.end(session.merchant_id, session.session_id)


def sign_out_everywhere(session: Session, *, at: datetime, desk: OwnerDesk) -> None:
    """End every office session of the owner, this one too."""
    owner = owner_of(session, desk)
    end_sessions(owner, desk)
    desk.room.note(owner_record(owner, Deed.SIGNED_OUT_EVERYWHERE, at, desk))


def owner_of(session: Session, desk: OwnerDesk) -> Owner:
    """Return whose office session it is. Raises SessionExpired."""
    owner = desk.owners.find(session.owner_id) if session.owner_id else None
    if owner is None or owner.merchant_id != session.merchant_id:
        raise SessionExpired("sign in again")
    return owner


def check_password(owner: Owner, password: str, *, at: datetime, desk: OwnerDesk) -> Owner:
    """Return the owner whose password it is; the guess is counted first.

    Raises:
        SignInRefused, SignInLocked.
    """
    subject = _guesses("password-guesses", owner.email_hash, desk)
    _count(subject, at, desk)
    if not desk.passwords.matches(owner.password_hash, password):
        raise SignInRefused("the password is not right")
    desk.guesses.forgive(subject)
    return owner


def check_code(owner: Owner, code: str, *, at: datetime, desk: OwnerDesk) -> Owner:
    """Return the owner after a code: of the phone or a recovery code, each good once.

    Raises:
        SignInRefused, SignInLocked.
    """
    forgive = count_code_guess(owner, at=at, desk=desk)
    after, record = _after_digits(owner, code, at), None
    if after is None:
        after = _after_recovery(owner, code, desk)
        record = owner_record(owner, Deed.RECOVERY_CODE_USED, at, desk)
    if after is None:
        raise SignInRefused("the code is not right, or was used before")
    try:
        desk.owners.save(after, record)
    except CommitConflict as error:  # the same code, at the same moment
        raise SignInRefused("the code was used a moment ago") from error
    forgive()
    return replace(after, revision=after.revision + 1)


def count_code_guess(owner: Owner, *, at: datetime, desk: OwnerDesk) -> Callable[[], None]:
    """Count a guess at an owner's code; return what forgets it. Raises SignInLocked."""
    subject = _guesses("code-guesses", owner.email_hash, desk)
    _count(subject, at, desk)
    return partial(desk.guesses.forgive, subject)


def recovery_hash(owner: Owner, code: str, keyring: Keyring) -> str:
    """Return how a recovery code is stored, however it was typed."""
    return keyring.fingerprint("recovery", owner.email_hash, typed_code(code))


def opened_office(owner: Owner, device: str, at: datetime, desk: OwnerDesk) -> Opened:
    """Open an office session of an owner who has proven all there is to prove."""
    return _opened(owner, device, at, desk, is_pending=False)


def owner_record(
    owner: Owner, deed: Deed, at: datetime, desk: OwnerDesk, *, subject: str = ""
) -> AuditRecord:
    """Return a record of what an owner does, to their own sign-in unless told."""
    return AuditRecord(
        audit_id=desk.keyring.new_id("aud"),
        merchant_id=owner.merchant_id,
        at=at,
        actor=owner.staff_id,
        deed=deed,
        subject=subject or owner.staff_id,
    )


def end_sessions(owner: Owner, desk: OwnerDesk, *, but: str = "") -> None:
    """End the owner's office sessions, but for one."""
    for session in desk.sessions.of_merchant(owner.merchant_id):
        is_own = session.face is Face.OFFICE and session.staff_id == owner.staff_id
        if is_own and session.session_id != but:
            desk.sessions.end(owner.merchant_id, session.session_id)


def forgive_passwords(owner: Owner, desk: OwnerDesk) -> None:
    """Forget the guesses at an owner's password."""
    desk.guesses.forgive(_guesses("password-guesses", owner.email_hash, desk))


def _after_digits(owner: Owner, code: str, at: datetime) -> Owner | None:
    digits = "".join(code.split())
    step = accepted_step(owner.totp_secret, digits, step_of(Method.TOTP, at))
    if not owner.is_totp_on or step is None or step <= owner.totp_step:
        return None
    return replace(owner, totp_step=step)


def _after_recovery(owner: Owner, code: str, desk: OwnerDesk) -> Owner | None:
    given = recovery_hash(owner, code, desk.keyring)
    left = tuple(one for one in owner.recovery_hashes if not hmac.compare_digest(one, given))
    return None if left == owner.recovery_hashes else replace(owner, recovery_hashes=left)


def _opened(
    owner: Owner, device: str, at: datetime, desk: OwnerDesk, *, is_pending: bool
) -> Opened:
    secret = desk.keyring.new_id("s")
    session_id = session_id_of(owner.merchant_id, secret, desk.keyring)
    session = office_session(session_id, owner, device=device[:DEVICE_CHARS_MAX], at=at)
    if is_pending:
        session = awaiting_code(session)
    desk.sessions.open(session)
    return Opened(session, secret)


def _guesses(purpose: str, email_hash: str, desk: OwnerDesk) -> str:
    return desk.keyring.fingerprint(purpose, email_hash)


def _count(subject: str, at: datetime, desk: OwnerDesk) -> None:
    def too_many(seconds: int) -> DomainError:
        words = f"too many wrong tries; again in {seconds} s"
        return SignInLocked(words, retry_after_seconds=seconds)

    count_guess(subject, at=at, guesses=desk.guesses, pacer=desk.pacer, locked=too_many)

"""A device becomes a till, and people sign in at it by PIN.

A secret is made here and goes into the cookie; only its hash is stored. Who is signed in is
in the session alone, so that ending it is enough.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.activations import (
    Activation,
    ActivationLocked,
    ActivationRefused,
    typed_code,
)
from chalicelib.domain.audit import AuditRecord, Deed
from chalicelib.domain.errors import DomainError
from chalicelib.domain.members import Merchant
from chalicelib.domain.named_goods import goods_named
from chalicelib.domain.program import Program
from chalicelib.domain.sessions import (
    SEEN_EVERY,
    Session,
    SessionExpired,
    locked,
    replaced,
    shift,
    till_session,
)
from chalicelib.domain.staff import (
    StaffMember,
    StaffRef,
    Store,
    Till,
    TillNotFound,
)
from chalicelib.ports import CommitConflict, Keyring
from chalicelib.ports.staff import Sessions
from chalicelib.usecases.guessing import count_guess
from chalicelib.usecases.pins import TillDesk, prove_pin
from chalicelib.usecases.write_once import merchant_of, program_of

DEVICE_CHARS_MAX = 120
DEVICE = "device"  # the actor of what a code alone allows


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session and the secret its cookie holds, told once."""

    session: Session
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TillView:
    """What a till's screen begins with."""

    merchant: Merchant
    program: Program
    store: Store
    till: Till
    staff: tuple[StaffMember, ...]  # who can sign in
    signed_in: StaffMember | None
    categories: tuple[str, ...]  # of goods: those of the catalogue, else the program's


def session_id_of(merchant_id: str, secret: str, keyring: Keyring) -> str:
    """Return under which id the session of a cookie is stored."""
    return keyring.fingerprint("session", merchant_id, secret)


def csrf_token(merchant_id: str, secret: str, keyring: Keyring) -> str:
    """Return what a page of that session must send with whatever changes something."""
    return keyring.fingerprint("csrf", merchant_id, secret)


def find_session(
    merchant_id: str, secret: str, *, at: datetime, sessions: Sessions, keyring: Keyring
) -> Session:
    """Return the session of a cookie, and note that it was used.

    Raises:
        SessionExpired: it is over, was ended, or never was.
    """
    found = sessions.find(merchant_id, session_id_of(merchant_id, secret, keyring))
    if found is None or found.is_over(at):
        raise SessionExpired("the session is over; sign in again")
    # A shift that has been idle too long must not come back to life by being looked at.
    is_idle_shift = found.signed_in_at is not None and found.signed_in(at) is None
    if at - found.seen_at >= SEEN_EVERY and (found.is_pending or not is_idle_shift):
        sessions.seen(found, at)
    return found


def activate(code: str, *, device: str, network: str, at: datetime, desk: TillDesk) -> Opened:
    """Bind a device to the till its code was made for; the code is used up.

    Raises:
        ActivationRefused, ActivationLocked, TillNotFound.
    """

    def too_many(seconds: int) -> DomainError:
        words = f"too many wrong codes; try again in {seconds} s"
        return ActivationLocked(words, retry_after_seconds=seconds)

    subject = desk.keyring.fingerprint("activation-guesses", network)
    count_guess(subject, at=at, guesses=desk.guesses, pacer=desk.pacer, locked=too_many)
    code_hash = activation_hash(code, desk.keyring)
    found = desk.codes.redeem(code_hash, at)
    if found is None:
        raise ActivationRefused("ask for a new code in the office; one is good for 10 minutes")
    desk.guesses.forgive(subject)
    till = desk.room.till(found.merchant_id, found.till_id)
    if till is None or not till.is_active:
        raise TillNotFound("the till of this code was switched off")
    opened = _opened_till(found, till, device, at, desk)
    desk.sessions.open(opened.session)
    desk.room.note(_record(opened.session, DEVICE, Deed.DEVICE_BOUND, at, desk))
    return opened


def activation_hash(code: str, keyring: Keyring) -> str:
    """Return under which hash an activation code is stored, however it was typed."""
    return keyring.fingerprint("activation", typed_code(code))


def view_till(session: Session, *, at: datetime, desk: TillDesk) -> TillView:
    """Return what the till of a session shows.

    Raises:
        TillNotFound: it was switched off; MerchantNotFound.
    """
    merchant_id = session.merchant_id
    till = desk.room.till(merchant_id, session.till_id)
    if till is None or not till.is_active:
        raise TillNotFound("this till was switched off")
    stores = {store.store_id: store for store in desk.room.stores(merchant_id)}
    people = desk.room.people(merchant_id)
    ref = session.signed_in(at)
    return TillView(
        merchant=merchant_of(merchant_id, desk.merchants),
        program=program_of(merchant_id, desk.merchants),
        store=stores.get(till.store_id) or Store(store_id=till.store_id, name=till.store_id),
        till=till,
        staff=tuple(person for person in people if person.can_sign_in),
        signed_in=next((one for one in people if ref and one.staff_id == ref.staff_id), None),
        categories=_categories(merchant_id, desk),
    )


def sign_in_at_till(
    session: Session, staff_id: str, pin: str, *, at: datetime, desk: TillDesk
) -> Opened:
    """Sign a person in on a bound device: a new session, and the old one locked.

    Raises:
        PinWrong, PinLocked; SessionExpired: the device was unbound meanwhile.
    """
    person = prove_pin(session, staff_id, pin, at=at, desk=desk)
    secret = desk.keyring.new_id("s")
    session_id = session_id_of(session.merchant_id, secret, desk.keyring)
    begun = shift(session, session_id, person, at)
    try:
        desk.sessions.succeed(begun, replaced(session, at), person)
    except CommitConflict as error:
        raise SessionExpired("the till or the person changed meanwhile") from error
    return Opened(begun, secret)


def lock_till(session: Session, *, desk: TillDesk) -> Session:
    """Sign out whoever is signed in; the device stays bound."""
    found = locked(session)
    try:
        desk.sessions.save(found)
    except CommitConflict as error:
        raise SessionExpired("the device was unbound meanwhile") from error
    return found


def unbind(session: Session, by: StaffRef, *, at: datetime, desk: TillDesk) -> None:
    """Make the device no till any more, by whichever of its sessions it calls."""
    end_device(session, desk.sessions)
    record = _record(session, by.staff_id, Deed.DEVICE_UNBOUND, at, desk)
    desk.room.note(record)


def end_device(session: Session, sessions: Sessions) -> None:
    """End every session of the device that a session is of."""
    for one in sessions.of_merchant(session.merchant_id):
        if one.device_id and one.device_id == session.device_id:
            sessions.end(session.merchant_id, one.session_id)


def _categories(merchant_id: str, desk: TillDesk) -> tuple[str, ...]:
    summary = desk.catalogue.summary(merchant_id)
    if summary is not None and summary.rows:
        return summary.categories
    named = goods_named(desk.merchants.document(merchant_id) or {})
    return tuple(dict.fromkeys(one.name for one in named if one.kind == "category"))


def _opened_till(
    found: Activation, till: Till, device: str, at: datetime, desk: TillDesk
) -> Opened:
    secret = desk.keyring.new_id("s")
    session_id = session_id_of(found.merchant_id, secret, desk.keyring)
    session = till_session(
        session_id, found.merchant_id, till, device=device[:DEVICE_CHARS_MAX], at=at
    )
    return Opened(session, secret)


def _record(
    session: Session, actor: str, deed: Deed, at: datetime, desk: TillDesk
) -> AuditRecord:
    return AuditRecord(
        audit_id=desk.keyring.new_id("aud"),
        merchant_id=session.merchant_id,
        at=at,
        actor=actor,
        deed=deed,
        subject=session.till_id,
    )

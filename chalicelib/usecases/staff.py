"""Stores, tills and people, as the office keeps them; the audit log says who did what."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from chalicelib.domain.activations import CODE_LIFE, CODE_SYMBOLS, Activation
from chalicelib.domain.audit import AuditRecord, Deed
from chalicelib.domain.sessions import Face, Session, locked
from chalicelib.domain.staff import (
    FIRST_STORE,
    FIRST_TILL,
    STAFF_MAX,
    STORES_MAX,
    TILLS_MAX,
    OwnerFixed,
    Role,
    StaffMember,
    StaffNotFound,
    Store,
    StoreNotFound,
    Till,
    TillNotFound,
    TooManyOfThem,
    free_id,
    staff_id_of,
    thing_id,
)
from chalicelib.ports import CommitConflict, Taken
from chalicelib.usecases.pins import TillDesk, new_pin, sign_out_person
from chalicelib.usecases.till_sessions import activation_hash, end_device

AUDIT_PAGE_MAX = 100
_DEEDS = {
    Store: (Deed.STORE_ADDED, Deed.STORE_CHANGED),
    Till: (Deed.TILL_ADDED, Deed.TILL_CHANGED),
    StaffMember: (Deed.STAFF_ADDED, Deed.STAFF_CHANGED),
}

_AN_OWNERS = {(Role.OWNER, None), (Role.OWNER, True)}

T = TypeVar("T", Store, Till, StaffMember)


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a device types, or opens as a link, to become a till; told once."""

    code: str
    till: Till
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Doer:
    """Whose staff it is about, who does something to them, and when."""

    merchant_id: str
    by: str  # a staff id, or `key:…`
    at: datetime


def add_store(name: str, address: str, *, doer: Doer, desk: TillDesk) -> Store:
    """Open a store. Raises TooManyOfThem."""
    known = desk.room.stores(doer.merchant_id)
    _refuse_too_many(len(known), STORES_MAX, "stores")
    store_id = free_id("store", [FIRST_STORE, *(one.store_id for one in known)])
    return _added(Store(store_id=store_id, name=name, address=address), doer, desk)


def change_store(
    store_id: str, name: str, address: str, *, doer: Doer, desk: TillDesk
) -> Store:
    """Rename or move a store. Raises StoreNotFound, CommitConflict."""
    store = find_store(doer.merchant_id, store_id, desk)
    return _changed(replace(store, name=name, address=address), doer, desk)


def add_till(store_id: str, name: str, *, doer: Doer, desk: TillDesk) -> Till:
    """Set up a till in a store. Raises StoreNotFound, TooManyOfThem.

    The first id belongs to whoever reports sales with the merchant's first API key.
    """
    find_store(doer.merchant_id, store_id, desk)
    known = desk.room.tills(doer.merchant_id)
    _refuse_too_many(len(known), TILLS_MAX, "tills")
    till_id = free_id("till", [FIRST_TILL, *(one.till_id for one in known)])
    return _added(Till(till_id=till_id, store_id=store_id, name=name), doer, desk)


def change_till(
    till_id: str,
    *,
    name: str | None = None,
    is_active: bool | None = None,
    doer: Doer,
    desk: TillDesk,
) -> Till:
    """Rename a till, or switch it off or on; switched off, its devices are unbound.

    Raises:
        TillNotFound, CommitConflict.
    """
    till = find_till(doer.merchant_id, till_id, desk)
    after = replace(
        till,
        name=till.name if name is None else name,
        is_active=till.is_active if is_active is None else is_active,
    )
    changed = _changed(after, doer, desk)
    if not changed.is_active:
        for session in desk.sessions.of_merchant(doer.merchant_id):
            if session.till_id == till_id:
                desk.sessions.end(doer.merchant_id, session.session_id)
    return changed


def add_person(
    name: str,
    role: Role,
    pin: str | None,
    *,
    member_id: str | None = None,
    doer: Doer,
    desk: TillDesk,
) -> StaffMember:
    """Take somebody on; without a PIN they cannot sign in at a till yet.

    Raises:
        PinInvalid, TooManyOfThem.
    """
    _refuse_too_many(len(desk.room.people(doer.merchant_id)), STAFF_MAX, "people")
    person = StaffMember(
        staff_id=staff_id_of(desk.keyring.new_id("stf")),
        role=role,
        name=name,
        member_id=member_id,
    )
    if pin is not None:
        person = new_pin(doer.merchant_id, person, pin, desk.keyring)
    return _added(person, doer, desk)


def change_person(
    staff_id: str,
    *,
    name: str | None = None,
    role: Role | None = None,
    is_active: bool | None = None,
    member_id: str | None = None,
    doer: Doer,
    desk: TillDesk,
) -> StaffMember:
    """Change what is known of somebody; an empty `member_id` takes the card away.

    If it is more than the name, they sign in again: with what they may do now.

    Raises:
        StaffNotFound, CommitConflict; OwnerFixed: an owner stays one.
    """
    person = find_person(doer.merchant_id, staff_id, desk)
    if person.role is Role.OWNER and (role or Role.OWNER, is_active) not in _AN_OWNERS:
        raise OwnerFixed("an owner stays an owner")
    after = replace(
        person,
        name=person.name if name is None else name,
        role=person.role if role is None else role,
        is_active=person.is_active if is_active is None else is_active,
        member_id=person.member_id if member_id is None else member_id or None,
    )
    changed = _changed(after, doer, desk)
    if replace(after, name=person.name) != person:
        sign_out_person(doer.merchant_id, staff_id, sessions=desk.sessions)
    return changed


def set_pin(staff_id: str, pin: str, *, doer: Doer, desk: TillDesk) -> StaffMember:
    """Give somebody a PIN, from the office; shifts they are in end.

    Raises: StaffNotFound, PinInvalid, CommitConflict; OwnerFixed: they have a password.
    """
    person = find_person(doer.merchant_id, staff_id, desk)
    if person.role is Role.OWNER:
        raise OwnerFixed("an owner signs in with a password, and never by PIN")
    after = new_pin(doer.merchant_id, person, pin, desk.keyring)
    record = record_of(Deed.PIN_RESET, staff_id, doer, desk)
    desk.room.change(doer.merchant_id, after, record)
    _lock_shifts(doer.merchant_id, staff_id, desk)
    return after


def invite_device(till_id: str, *, doer: Doer, desk: TillDesk) -> DeviceCode:
    """Make a code that binds one device to a till within ten minutes.

    Raises:
        TillNotFound.
    """
    till = find_till(doer.merchant_id, till_id, desk)
    if not till.is_active:
        raise TillNotFound("the till is switched off")
    code = desk.keyring.new_pass_code()[-CODE_SYMBOLS:]
    activation = Activation(
        code_hash=activation_hash(code, desk.keyring),
        merchant_id=doer.merchant_id,
        store_id=till.store_id,
        till_id=till_id,
        expires_at=doer.at + CODE_LIFE,
    )
    desk.codes.invite(activation, record_of(Deed.DEVICE_INVITED, till_id, doer, desk))
    return DeviceCode(code, till, activation.expires_at)


def devices(merchant_id: str, *, at: datetime, desk: TillDesk) -> tuple[Session, ...]:
    """Return the devices that are bound to tills, each by its latest session."""
    return tuple(
        one
        for one in desk.sessions.of_merchant(merchant_id)
        if one.face is Face.TILL and not one.is_replaced and not one.is_over(at)
    )


def unbind_device(session_id: str, *, doer: Doer, desk: TillDesk) -> None:
    """Make a device no till any more, from the office; nothing if it is none."""
    found = desk.sessions.find(doer.merchant_id, session_id)
    if found is None or found.face is not Face.TILL:
        return
    end_device(found, desk.sessions)
    desk.room.note(record_of(Deed.DEVICE_UNBOUND, found.till_id, doer, desk))


def audit_page(
    merchant_id: str, *, before: str | None = None, limit: int, desk: TillDesk
) -> tuple[AuditRecord, ...]:
    """Return what staff did, newest first; the last one's `place` leads on."""
    assert 0 < limit <= AUDIT_PAGE_MAX, "a page is bounded"
    return desk.room.audit(merchant_id, before=before, limit=limit)


def find_store(merchant_id: str, store_id: str, desk: TillDesk) -> Store:
    """Return one store. Raises StoreNotFound."""
    for store in desk.room.stores(merchant_id):
        if store.store_id == store_id:
            return store
    raise StoreNotFound("there is no such store")


def find_till(merchant_id: str, till_id: str, desk: TillDesk) -> Till:
    """Return one till, switched off or not. Raises TillNotFound."""
    till = desk.room.till(merchant_id, till_id)
    if till is None:
        raise TillNotFound("there is no such till")
    return till


def find_person(merchant_id: str, staff_id: str, desk: TillDesk) -> StaffMember:
    """Return one person, still working or not. Raises StaffNotFound."""
    person = desk.room.person(merchant_id, staff_id)
    if person is None:
        raise StaffNotFound("nobody of that id works here")
    return person


def record_of(deed: Deed, subject: str, doer: Doer, desk: TillDesk) -> AuditRecord:
    """Return a record of what somebody does."""
    return AuditRecord(
        audit_id=desk.keyring.new_id("aud"),
        merchant_id=doer.merchant_id,
        at=doer.at,
        actor=doer.by,
        deed=deed,
        subject=subject,
    )


def _added(thing: T, doer: Doer, desk: TillDesk) -> T:
    deed, _ = _DEEDS[type(thing)]
    try:
        desk.room.add(doer.merchant_id, thing, record_of(deed, thing_id(thing), doer, desk))
    except Taken as error:  # another was added at the same moment
        raise CommitConflict(thing_id(thing)) from error
    return thing


def _changed(thing: T, doer: Doer, desk: TillDesk) -> T:
    _, deed = _DEEDS[type(thing)]
    desk.room.change(doer.merchant_id, thing, record_of(deed, thing_id(thing), doer, desk))
    return replace(thing, revision=thing.revision + 1)


def _lock_shifts(merchant_id: str, staff_id: str, desk: TillDesk) -> None:
    for session in desk.sessions.of_merchant(merchant_id):
        if session.face is Face.TILL and session.staff_id == staff_id:
            with suppress(CommitConflict):  # it was ended meanwhile, which is as good
                desk.sessions.save(locked(session))


def _refuse_too_many(count: int, maximum: int, what: str) -> None:
    if count >= maximum:
        raise TooManyOfThem(f"{maximum} {what} are the most there can be", maximum=maximum)

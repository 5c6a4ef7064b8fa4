"""Stores, tills and people, for an office without our pages."""

from typing import Any

from chalice import Blueprint

from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.staff import (
    DeviceCodeAnswer,
    PeopleAnswer,
    PersonAnswer,
    PersonBody,
    PersonChange,
    StoreAnswer,
    StoreBody,
    StoresAnswer,
    TillAnswer,
    TillBody,
    TillChange,
    TillsAnswer,
)
from chalicelib.api.shapes import write_moment
from chalicelib.domain.members import Scope
from chalicelib.domain.staff import Role, StaffMember, Store, Till
from chalicelib.usecases.staff import (
    Doer,
    add_person,
    add_store,
    add_till,
    change_person,
    change_store,
    change_till,
    invite_device,
    set_pin,
)
from chalicelib.wiring import services

staff = Blueprint(__name__)

_TAG = "Staff"
_STAFF = scoped(Scope.STAFF)


@endpoint(
    staff,
    "GET",
    "/v1/stores",
    summary="List the merchant's stores.",
    tag=_TAG,
    access=_STAFF,
    answers={200: StoresAnswer},
)
def get_stores(call: Call[None]) -> Answer:
    """Return every store."""
    found = services().till_desk.room.stores(call.merchant_id)
    return _listed([_store_json(one) for one in found])


@endpoint(
    staff,
    "POST",
    "/v1/stores",
    summary="Open a store.",
    tag=_TAG,
    access=_STAFF,
    body=StoreBody,
    answers={201: StoreAnswer},
    problems=("too_many",),
)
def post_store(call: Call[StoreBody]) -> Answer:
    """Add a store."""
    body, desk = call.body, services().till_desk
    made = add_store(body.name, body.address, doer=doer_of(call), desk=desk)
    return Answer(body=_store_json(made), status=201)


@endpoint(
    staff,
    "PUT",
    "/v1/stores/{store_id}",
    summary="Rename a store, or write down another address.",
    tag=_TAG,
    access=_STAFF,
    body=StoreBody,
    answers={200: StoreAnswer},
    problems=("store_not_found",),
)
def put_store(call: Call[StoreBody], store_id: str) -> Answer:
    """Change a store."""
    body, desk = call.body, services().till_desk
    found = change_store(store_id, body.name, body.address, doer=doer_of(call), desk=desk)
    return Answer(body=_store_json(found))


@endpoint(
    staff,
    "GET",
    "/v1/tills",
    summary="List the merchant's tills.",
    tag=_TAG,
    access=_STAFF,
    answers={200: TillsAnswer},
)
def get_tills(call: Call[None]) -> Answer:
    """Return every till."""
    found = services().till_desk.room.tills(call.merchant_id)
    return _listed([_till_json(one) for one in found])


@endpoint(
    staff,
    "POST",
    "/v1/tills",
    summary="Set up a till in a store.",
    tag=_TAG,
    access=_STAFF,
    body=TillBody,
    answers={201: TillAnswer},
    problems=("store_not_found", "too_many"),
)
def post_till(call: Call[TillBody]) -> Answer:
    """Add a till."""
    body, desk = call.body, services().till_desk
    made = add_till(body.store_id, body.name, doer=doer_of(call), desk=desk)
    return Answer(body=_till_json(made), status=201)


@endpoint(
    staff,
    "PATCH",
    "/v1/tills/{till_id}",
    summary="Rename a till, switch it off (its devices are unbound) or on.",
    tag=_TAG,
    access=_STAFF,
    body=TillChange,
    answers={200: TillAnswer},
    problems=("till_not_found",),
)
def patch_till(call: Call[TillChange], till_id: str) -> Answer:
    """Change a till."""
    body, desk = call.body, services().till_desk
    found = change_till(
        till_id, name=body.name, is_active=body.is_active, doer=doer_of(call), desk=desk
    )
    return Answer(body=_till_json(found))


@endpoint(
    staff,
    "POST",
    "/v1/tills/{till_id}/activations",
    summary="Make a code that binds one device to the till within ten minutes.",
    tag=_TAG,
    access=_STAFF,
    answers={201: DeviceCodeAnswer},
    problems=("till_not_found",),
)
def post_till_activation(call: Call[None], till_id: str) -> Answer:
    """Invite a device."""
    made = invite_device(till_id, doer=doer_of(call), desk=services().till_desk)
    shown = {
        "code": made.code,
        "object": "till_activation",
        "till_id": till_id,
        "url": f"{services().settings.public_url}/till#{made.code}",
        "expires_at": write_moment(made.expires_at),
    }
    return Answer(body=shown, status=201)


@endpoint(
    staff,
    "GET",
    "/v1/staff",
    summary="List everybody who works or worked here.",
    tag=_TAG,
    access=_STAFF,
    answers={200: PeopleAnswer},
)
def get_staff(call: Call[None]) -> Answer:
    """Return everybody."""
    found = services().till_desk.room.people(call.merchant_id)
    return _listed([_person_json(one) for one in found])


@endpoint(
    staff,
    "POST",
    "/v1/staff",
    summary="Take on a cashier or a manager, with a PIN of 4 to 6 digits.",
    tag=_TAG,
    access=_STAFF,
    body=PersonBody,
    answers={201: PersonAnswer},
    problems=("pin_invalid", "too_many"),
    is_fresh=True,
)
def post_staff(call: Call[PersonBody]) -> Answer:
    """Add somebody."""
    body = call.body
    made = add_person(
        body.name,
        Role(body.role),
        body.pin,
        member_id=body.member_id,
        doer=doer_of(call),
        desk=services().till_desk,
    )
    return Answer(body=_person_json(made), status=201)


@endpoint(
    staff,
    "PATCH",
    "/v1/staff/{staff_id}",
    summary="Change a name, a role or a PIN, or let somebody go.",
    tag=_TAG,
    access=_STAFF,
    body=PersonChange,
    answers={200: PersonAnswer},
    problems=("staff_not_found", "pin_invalid", "owner_fixed"),
    is_fresh=True,
)
def patch_staff(call: Call[PersonChange], staff_id: str) -> Answer:
    """Change somebody; the PIN first, as it may be refused."""
    body, desk, doer = call.body, services().till_desk, doer_of(call)
    if body.pin is not None:
        set_pin(staff_id, body.pin, doer=doer, desk=desk)
    found = change_person(
        staff_id,
        name=body.name,
        role=Role(body.role) if body.role else None,
        is_active=body.is_active,
        member_id=body.member_id,
        doer=doer,
        desk=desk,
    )
    return Answer(body=_person_json(found))


def doer_of(call: Call[Any]) -> Doer:
    """Return who does something to staff: a person, or the key of an integration."""
    who = call.caller.staff
    name = who.staff_id if who else f"key:{call.api_key.key_id}"
    return Doer(call.merchant_id, name, call.at)


def _listed(items: list[dict[str, Any]]) -> Answer:
    return Answer(body={"items": items, "next_cursor": None})


def _store_json(store: Store) -> dict[str, Any]:
    return {
        "store_id": store.store_id,
        "object": "store",
        "name": store.name,
        "address": store.address,
    }


def _till_json(till: Till) -> dict[str, Any]:
    return {
        "till_id": till.till_id,
        "object": "till",
        "store_id": till.store_id,
        "name": till.name,
        "is_active": till.is_active,
    }


def _person_json(person: StaffMember) -> dict[str, Any]:
    return {
        "staff_id": person.staff_id,
        "object": "staff_member",
        "name": person.name,
        "role": person.role.value,
        "is_active": person.is_active,
        "has_pin": bool(person.pin_hash),
        "member_id": person.member_id,
    }

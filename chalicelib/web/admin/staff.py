"""Cashiers and managers: add, change, give a PIN, turn off."""

from typing import Any, Final

from chalicelib.api.exchange import Answer
from chalicelib.domain.errors import DomainError
from chalicelib.domain.staff import PinInvalid, Role, StaffMember, TooManyOfThem
from chalicelib.usecases.staff import add_person, change_person, find_person, set_pin
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import Errors, refusal_text
from chalicelib.web.admin.frame import done
from chalicelib.web.admin.shop import desk, doer, name_errors
from chalicelib.web.admin.visit import Missing, Visit
from chalicelib.web.admin.words import words_of

ROLES: Final = (Role.CASHIER, Role.MANAGER)


def show(visit: Visit, *, errors: Errors | None = None, opened: str = "") -> Answer:
    """Show who works here; `opened` is whose form was refused."""
    words = words_of(visit.language)
    found = sorted(
        desk().room.people(visit.merchant_id), key=lambda one: (not one.is_active, one.name)
    )
    view = {
        "people": [_view(visit, one) for one in found if one.role is not Role.OWNER],
        "roles": [{"value": one.value, "text": words[f"role_{one}"]} for one in ROLES],
        "opened": opened,
        "form": visit.form,
        "errors": errors or {},
    }
    return page(visit, "staff", view, at="staff", status=422 if errors else 200)


def add(visit: Visit) -> Answer:
    """Take somebody on."""
    form = visit.form
    errors = _name_errors(visit)
    if not errors:
        try:
            add_person(form["name"], _role(visit), form["pin"], doer=doer(visit), desk=desk())
            return done(visit, "/admin/staff", "person_added")
        except (PinInvalid, TooManyOfThem) as refusal:
            errors = _refused(refusal, visit)
    return show(visit, errors=errors, opened="new")


def change(visit: Visit, staff_id: str) -> Answer:
    """Change a name or a role, or turn somebody off or on."""
    _own(visit, staff_id)
    if visit.form.has("switch"):
        is_on = visit.form["switch"] == "on"
        change_person(staff_id, is_active=is_on, doer=doer(visit), desk=desk())
        return done(visit, "/admin/staff", "person")
    errors = _name_errors(visit, staff_id)
    if errors:
        return show(visit, errors=errors, opened=staff_id)
    name = visit.form["name"]
    change_person(staff_id, name=name, role=_role(visit), doer=doer(visit), desk=desk())
    return done(visit, "/admin/staff", "person")


def reset_pin(visit: Visit, staff_id: str) -> Answer:
    """Give somebody another PIN."""
    _own(visit, staff_id)
    try:
        set_pin(staff_id, visit.form["pin"], doer=doer(visit), desk=desk())
    except PinInvalid as refusal:
        return show(visit, errors=_refused(refusal, visit), opened=staff_id)
    return done(visit, "/admin/staff", "pin")


def _own(visit: Visit, staff_id: str) -> StaffMember:
    """Return somebody who stands at tills: an owner is not changed here."""
    person = find_person(visit.merchant_id, staff_id, desk())
    if person.role is Role.OWNER:
        raise Missing
    return person


def _role(visit: Visit) -> Role:
    return Role.MANAGER if visit.form["role"] == Role.MANAGER else Role.CASHIER


def _refused(refusal: DomainError, visit: Visit) -> Errors:
    field = "pin" if isinstance(refusal, PinInvalid) else ""
    return {field: refusal_text(refusal, visit.language)}


def _name_errors(visit: Visit, own_id: str = "") -> Errors:
    errors = name_errors(visit, "name")
    typed = visit.form["name"].casefold()
    others = desk().room.people(visit.merchant_id)
    if any(
        one.name.casefold() == typed and one.staff_id != own_id and one.is_active
        for one in others
    ):
        errors.setdefault("name", str(words_of(visit.language)["error_taken"]))
    return errors


def _view(visit: Visit, person: StaffMember) -> dict[str, Any]:
    words = words_of(visit.language)
    return {
        "id": person.staff_id,
        "name": person.name,
        "role": person.role.value,
        "role_text": words[f"role_{person.role}"],
        "is_active": person.is_active,
        "has_pin": bool(person.pin_hash),
    }

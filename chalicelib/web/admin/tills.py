"""One till: connect a device by a one-time code, see its devices, rename, switch off."""

from typing import Any

from qrcode.constants import ERROR_CORRECT_L

from chalicelib.api.exchange import Answer
from chalicelib.domain.browsers import label_of
from chalicelib.domain.sessions import Session
from chalicelib.domain.staff import Till, TooManyOfThem
from chalicelib.usecases.staff import (
    DeviceCode,
    add_till,
    change_till,
    devices,
    find_store,
    find_till,
    invite_device,
    unbind_device,
)
from chalicelib.web.admin import stores
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import Errors, refusal_text
from chalicelib.web.admin.frame import done
from chalicelib.web.admin.shop import clock_text, desk, doer, moment_text, name_errors
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.web.qr import symbol
from chalicelib.wiring import services

TILL_PATH = "/till"


def add(visit: Visit, store_id: str) -> Answer:
    """Set up a till."""
    find_store(visit.merchant_id, store_id, desk())
    errors = _till_errors(visit, store_id)
    if not errors:
        try:
            name = visit.form["till_name"]
            till = add_till(store_id, name, doer=doer(visit), desk=desk())
            return done(visit, f"/admin/tills/{till.till_id}", "till_added")
        except TooManyOfThem as refusal:
            errors = {"": refusal_text(refusal, visit.language)}
    return stores.show(visit, errors=errors, opened=f"{store_id}-till")


def show(visit: Visit, till_id: str, *, errors: Errors | None = None) -> Answer:
    """Show a till and its devices."""
    return _page(visit, find_till(visit.merchant_id, till_id, desk()), errors=errors)


def change(visit: Visit, till_id: str) -> Answer:
    """Rename it, or switch it off or on."""
    till = find_till(visit.merchant_id, till_id, desk())
    if visit.form.has("switch"):
        is_on = visit.form["switch"] == "on"
        change_till(till_id, is_active=is_on, doer=doer(visit), desk=desk())
        return done(visit, f"/admin/tills/{till_id}", "till")
    errors = _till_errors(visit, till.store_id, till_id)
    if errors:
        return _page(visit, till, errors=errors)
    change_till(till_id, name=visit.form["till_name"], doer=doer(visit), desk=desk())
    return done(visit, f"/admin/tills/{till_id}", "till")


def invite(visit: Visit, till_id: str) -> Answer:
    """Make a code for one device, and show it once."""
    invitation = invite_device(till_id, doer=doer(visit), desk=desk())
    return _page(visit, invitation.till, invitation=invitation)


def unbind(visit: Visit, till_id: str) -> Answer:
    """Disconnect a device of this till."""
    session_id = visit.form["session_id"]
    find_till(visit.merchant_id, till_id, desk())
    own = {one.session_id for one in _devices(visit, till_id)}
    if session_id in own:
        unbind_device(session_id, doer=doer(visit), desk=desk())
    return done(visit, f"/admin/tills/{till_id}", "unbound")


def _page(
    visit: Visit,
    till: Till,
    *,
    errors: Errors | None = None,
    invitation: DeviceCode | None = None,
) -> Answer:
    people = desk().room.people(visit.merchant_id)
    names = {one.staff_id: one.name for one in people}
    view = {
        "till": {
            "id": till.till_id,
            "name": visit.form["till_name"] or till.name,
            "is_active": till.is_active,
            "store": find_store(visit.merchant_id, till.store_id, desk()).name,
        },
        "devices": [_device(visit, one, names) for one in _devices(visit, till.till_id)],
        "invitation": _invitation(visit, invitation) if invitation else None,
        "errors": errors or {},
    }
    return page(visit, "till", view, at="stores", status=422 if errors else 200)


def _invitation(visit: Visit, invitation: DeviceCode) -> dict[str, Any]:
    address = f"{services().settings.public_url}{TILL_PATH}"
    link = f"{address}#{invitation.code}"
    qr = symbol(link, ERROR_CORRECT_L)
    code = invitation.code
    return {
        "code": f"{code[:4]}\u00a0{code[4:]}",
        "address": address,
        "link": link,
        "qr": {"size": qr.size, "path": qr.path},
        "until": clock_text(visit, invitation.expires_at),
    }


def _devices(visit: Visit, till_id: str) -> list[Session]:
    found = devices(visit.merchant_id, at=visit.at, desk=desk())
    own = [one for one in found if one.till_id == till_id]
    return sorted(own, key=lambda one: one.seen_at, reverse=True)


def _device(visit: Visit, session: Session, names: dict[str, str]) -> dict[str, Any]:
    words = words_of(visit.language)
    staff = session.signed_in(visit.at)
    name = names.get(staff.staff_id, "") if staff else ""
    return {
        "session_id": session.session_id,
        "name": label_of(session.device) or str(words["device_unknown"]),
        "seen": str(words["device_seen"]).format(when=moment_text(visit, session.seen_at)),
        "who": str(words["device_signed_in"]).format(name=name) if name else "",
    }


def _till_errors(visit: Visit, store_id: str, own_id: str = "") -> Errors:
    errors = name_errors(visit, "till_name")
    typed = visit.form["till_name"].casefold()
    others = (
        one
        for one in desk().room.tills(visit.merchant_id)
        if one.store_id == store_id and one.till_id != own_id
    )
    if any(one.name.casefold() == typed for one in others):
        errors.setdefault("till_name", str(words_of(visit.language)["error_taken"]))
    return errors

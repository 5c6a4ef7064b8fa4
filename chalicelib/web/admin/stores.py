"""Stores with their tills: which devices stand there, and when they were last seen."""

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from chalicelib.api.exchange import Answer
from chalicelib.domain.sessions import Session
from chalicelib.domain.staff import Store, Till, TooManyOfThem
from chalicelib.usecases.staff import add_store, change_store, devices, find_store
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import Errors, is_line, refusal_text
from chalicelib.web.admin.frame import done
from chalicelib.web.admin.shop import (
    ADDRESS_CHARS_MAX,
    STORES_SHOWN,
    chosen_stores,
    desk,
    doer,
    is_recent,
    moment_text,
    name_errors,
)
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.web.formats import plural


def show(visit: Visit, *, errors: Errors | None = None, opened: str = "") -> Answer:
    """Show every store; `opened` is the form that was refused."""
    ports = desk()
    bound: defaultdict[str, list[Session]] = defaultdict(list)
    for session in devices(visit.merchant_id, at=visit.at, desk=ports):
        bound[session.till_id].append(session)
    tills = ports.room.tills(visit.merchant_id)
    stores, search = chosen_stores(visit, ports.room.stores(visit.merchant_id), opened)
    view = {
        **search,
        "stores": [_store_view(visit, store, tills, bound) for store in stores],
        "opened": opened,
        "form": visit.form,
        "errors": errors or {},
    }
    return page(visit, "stores", view, at="stores", status=422 if errors else 200)


def add(visit: Visit) -> Answer:
    """Open a store."""
    errors = _store_errors(visit)
    if not errors:
        try:
            form = visit.form
            add_store(form["name"], form["address"], doer=doer(visit), desk=desk())
        except TooManyOfThem as refusal:
            errors = {"": refusal_text(refusal, visit.language)}
    return show(visit, errors=errors, opened="store") if errors else _done(visit)


def change(visit: Visit, store_id: str) -> Answer:
    """Rename or move a store."""
    find_store(visit.merchant_id, store_id, desk())
    errors = _store_errors(visit, store_id)
    if errors:
        return show(visit, errors=errors, opened=store_id)
    form = visit.form
    change_store(store_id, form["name"], form["address"], doer=doer(visit), desk=desk())
    return _done(visit)


def _done(visit: Visit) -> Answer:
    if len(desk().room.stores(visit.merchant_id)) <= STORES_SHOWN:
        return done(visit, "/admin/stores", "store")
    return done(visit, f"/admin/stores?{urlencode({'find': visit.form['name']})}", "store")


def _store_errors(visit: Visit, own_id: str = "") -> Errors:
    errors = name_errors(visit, "name")
    words = words_of(visit.language)
    address = visit.form["address"]
    if len(address) > ADDRESS_CHARS_MAX or not is_line(address):
        errors["address"] = str(words["error_long"]).format(maximum=ADDRESS_CHARS_MAX)
    others = desk().room.stores(visit.merchant_id)
    typed = visit.form["name"].casefold()
    if any(one.name.casefold() == typed and one.store_id != own_id for one in others):
        errors.setdefault("name", str(words["error_taken"]))
    return errors


def _store_view(
    visit: Visit, store: Store, tills: tuple[Till, ...], bound: dict[str, list[Session]]
) -> dict[str, Any]:
    own = [till for till in tills if till.store_id == store.store_id]
    return {
        "id": store.store_id,
        "name": store.name,
        "address": store.address,
        "tills": [_till_view(visit, till, bound[till.till_id]) for till in own],
    }


def _till_view(visit: Visit, till: Till, bound: list[Session]) -> dict[str, Any]:
    words = words_of(visit.language)
    seen = max((session.seen_at for session in bound), default=None)
    forms = plural(len(bound), words["till_devices"], visit.language)
    return {
        "id": till.till_id,
        "name": till.name,
        "is_active": till.is_active,
        "devices": forms.format(count=len(bound)) if bound else "",
        "seen": moment_text(visit, seen) if seen else "",
        "is_recent": seen is not None and is_recent(visit, seen),
    }

"""API keys: made, shown once, revoked."""

from typing import Any, Final

from chalicelib.api.exchange import Answer
from chalicelib.domain.members import ApiKey, Scope
from chalicelib.domain.staff import FIRST_STORE, Till
from chalicelib.usecases.keys import (
    KeyNotFound,
    KeyWish,
    TooManyKeys,
    list_keys,
    make_key,
    revoke_key,
)
from chalicelib.usecases.merchants import INTEGRATION
from chalicelib.usecases.write_once import program_of
from chalicelib.web import formats
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import Errors, refusal_text
from chalicelib.web.admin.frame import done
from chalicelib.web.admin.sessions import owner_desk
from chalicelib.web.admin.shop import desk, name_errors
from chalicelib.web.admin.visit import Missing, Visit
from chalicelib.web.admin.words import words_of
from chalicelib.wiring import services

OF_A_TILL: Final = (Scope.TILL.value,)


def show(visit: Visit, *, errors: Errors | None = None, secret: str = "") -> Answer:
    """Show every key; a new one's secret once."""
    words = words_of(visit.language)
    tills = {one.till_id: one for one in desk().room.tills(visit.merchant_id)}
    found = list_keys(visit.merchant_id, office=services().office)
    options = [
        {"value": one.till_id, "text": one.name} for one in tills.values() if one.is_active
    ]
    view = {
        "keys": [_view(visit, one, tills) for one in found],
        "tills": [*options, {"value": INTEGRATION, "text": words["key_integration"]}],
        "scopes": [{"value": one.value, "text": words[f"scope_{one}"]} for one in Scope],
        "chosen": visit.form.all("scopes") or OF_A_TILL,
        "form": {"name": "", "till": "", **({} if secret else visit.form.values)},
        "secret": secret,
        "opened": bool(errors) or not found,
        "errors": errors or {},
    }
    return page(visit, "keys", view, at="api_keys", status=422 if errors else 200)


def add(visit: Visit) -> Answer:
    """Make a key; the answer is the only page that ever shows it."""
    tills = {one.till_id: one for one in desk().room.tills(visit.merchant_id)}
    errors, scopes = _errors(visit, tills), visit.form.all("scopes")
    till_id = visit.form["till"]
    if not errors and _is_taken(visit, till_id):  # or the same form is sent once more
        errors = {"name": str(words_of(visit.language)["error_key_taken"])}
    if errors:
        return show(visit, errors=errors)
    wish = KeyWish(
        name=visit.form["name"],
        till_id=till_id,
        store_id=tills[till_id].store_id if till_id in tills else FIRST_STORE,
        scopes=frozenset(one for one in Scope if one.value in scopes),
    )
    try:
        made = make_key(
            visit.own_session,
            wish,
            at=visit.at,
            office=services().office,
            desk=owner_desk(),
        )
    except TooManyKeys as refusal:
        return show(visit, errors={"till": refusal_text(refusal, visit.language)})
    return show(visit, secret=made.secret)


def revoke(visit: Visit, key_id: str) -> Answer:
    """Make a key open nothing any more."""
    try:
        revoke_key(
            visit.own_session,
            key_id,
            at=visit.at,
            office=services().office,
            desk=owner_desk(),
        )
    except KeyNotFound as refusal:
        raise Missing from refusal
    return done(visit, "/admin/keys", "key_revoked")


def _errors(visit: Visit, tills: dict[str, Till]) -> Errors:
    words, errors = words_of(visit.language), name_errors(visit, "name")
    if visit.form["till"] not in {*tills, INTEGRATION}:
        errors["till"] = str(words["error_choose"])
    known = {one.value for one in Scope}
    if not set(visit.form.all("scopes")) & known:
        errors["scopes"] = str(words["error_choose"])
    return errors


def _is_taken(visit: Visit, till_id: str) -> bool:
    name = visit.form["name"].casefold()
    found = list_keys(visit.merchant_id, office=services().office)
    return any(
        one.till_id == till_id and not one.is_revoked and one.name.casefold() == name
        for one in found
    )


def _view(visit: Visit, one: ApiKey, tills: dict[str, Till]) -> dict[str, Any]:
    words = words_of(visit.language)
    till = tills.get(one.till_id)
    where = till.name if till else str(words["key_integration"])
    today = program_of(visit.merchant_id, services().merchants).local_date(visit.at)
    used = one.last_used_on
    said = (
        str(words["key_used"]).format(day=formats.day(used, today, visit.language))
        if used
        else str(words["key_unused"])
    )
    return {
        "id": one.key_id,
        "name": one.name or one.till_id,
        "said": f"{where} · {said}",
        "is_revoked": one.is_revoked,
    }

"""Signing up: a shop, its program from a template, and an owner, in one form."""

from dataclasses import replace
from typing import Any, Final

from chalicelib.api.exchange import Answer
from chalicelib.domain.errors import DomainError
from chalicelib.domain.owners import EMAIL_CHARS_MAX, EmailInvalid, EmailTaken, PasswordWeak
from chalicelib.domain.program_document import read_program
from chalicelib.domain.templates import Template, template, templates
from chalicelib.ports import LimitReached
from chalicelib.usecases.merchants import (
    COUNTRIES,
    NAME_CHARS_MAX,
    MerchantTaken,
    paint_merchant,
)
from chalicelib.usecases.shops import NewShop, open_shop
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import Errors, is_line, limit_text, missing, refusal_text
from chalicelib.web.admin.frame import go
from chalicelib.web.admin.sessions import begin, device_of
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.wiring import services

ZONES: Final = {
    "RUB": "Europe/Moscow",
    "UAH": "Europe/Kyiv",
    "KZT": "Asia/Almaty",
    "BYN": "Europe/Minsk",
    "GBP": "Europe/London",
    "EUR": "Europe/Berlin",
    "USD": "America/New_York",
}
_FIELDS: Final = {
    EmailInvalid: "email",
    EmailTaken: "email",
    PasswordWeak: "password",
    MerchantTaken: "shop_name",
}


def show(visit: Visit, errors: Errors | None = None) -> Answer:
    """Ask for everything at once."""
    if visit.is_signed_in:
        return go(visit, "/admin")
    currency = "RUB" if visit.language == "ru" else "USD"
    form = {
        "shop_name": visit.form["shop_name"],
        "owner_name": visit.form["owner_name"],
        "email": visit.form["email"],
        "template": visit.form["template"],
        "currency": visit.form["currency"] or currency,
    }
    view = {
        "form": form,
        "templates": [_choice(one, visit) for one in templates()],
        "currencies": [{"value": one, "text": one} for one in COUNTRIES],
        "errors": errors or {},
    }
    return page(visit, "sign_up", view, status=422 if errors else 200)


def post(visit: Visit) -> Answer:
    """Open the shop, and go on to the second factor."""
    form, chosen = visit.form, template(visit.form["template"])
    errors = _errors(visit)
    if errors or chosen is None:
        return show(visit, errors)
    wish = NewShop(
        email=form["email"],
        password=form["password"],
        merchant_name=form["shop_name"],
        owner_name=form["owner_name"],
        template=chosen.name,
        document=_document(chosen, visit),
        language=visit.language,
        country=COUNTRIES[form["currency"]],
    )
    try:
        found = open_shop(
            wish,
            network=visit.call.network,
            device=device_of(visit),
            at=visit.at,
            desk=services().shop_desk,
        )
    except tuple(_FIELDS) as refusal:
        return show(visit, {_FIELDS[type(refusal)]: _text(refusal, visit)})
    except LimitReached as refusal:
        return show(visit, {"": limit_text(refusal, visit.at, visit.language)})
    _paint(found.merchant.merchant_id)
    answer = go(visit, "/admin/security/second-factor")
    return replace(answer, cookies=(begin(found.opened),))


def _paint(merchant_id: str) -> None:
    """Give the pages the colour of the template's card."""
    document = services().pass_designs.document(merchant_id) or {}
    accent = document.get("colours", {}).get("background")
    if accent:
        paint_merchant(merchant_id, accent, merchants=services().merchants)


def _choice(one: Template, visit: Visit) -> dict[str, str]:
    language = visit.language
    return {
        "name": one.name,
        "title": one.title[language],
        "summary": one.summary[language],
    }


def _document(chosen: Template, visit: Visit) -> dict[str, Any]:
    """Return the template's program in the shop's language, currency, time zone and name."""
    currency, own = visit.form["currency"], chosen.document_in(visit.language)
    document = {**own, "currency": currency, "title": visit.form["shop_name"]}
    if currency != chosen.document.get("currency"):
        document["timezone"] = ZONES[currency]
    read_program(document, 1)
    return document


def _errors(visit: Visit) -> Errors:
    form, words = visit.form, words_of(visit.language)
    errors = missing(form, "shop_name", "email", "password", language=visit.language)
    for name in ("shop_name", "owner_name"):
        if len(form[name]) > NAME_CHARS_MAX or not is_line(form[name]):
            text = str(words["error_long"]).format(maximum=NAME_CHARS_MAX)
            errors.setdefault(name, text)
    if len(form["email"]) > EMAIL_CHARS_MAX:
        errors["email"] = str(words["error_email_invalid"])
    if template(form["template"]) is None:
        errors["template"] = str(words["error_choose"])
    if form["currency"] not in COUNTRIES:
        errors["currency"] = str(words["error_choose"])
    return errors


def _text(refusal: DomainError, visit: Visit) -> str:
    if refusal.facts.get("reason") == "short":
        return str(words_of(visit.language)["error_password_short"])
    return refusal_text(refusal, visit.language)

"""How the owner signs in; and, before what cannot be taken back, that it is them again."""

from dataclasses import replace

from chalicelib.api.exchange import Answer
from chalicelib.domain.attempts import SignInLocked, SignInRefused
from chalicelib.domain.owners import PasswordWeak
from chalicelib.usecases import owners
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import Errors, missing, refusal_text
from chalicelib.web.admin.frame import done, go, own_path
from chalicelib.web.admin.pages import page_of
from chalicelib.web.admin.sessions import end, has_second_factor, owner_desk
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of


def show(visit: Visit, errors: Errors | None = None) -> Answer:
    """Show what protects the sign-in."""
    owner = owners.owner_of(visit.own_session, owner_desk())
    view = {
        "is_on": owner.is_totp_on,
        "email": owner.email,
        "codes_left": len(owner.recovery_hashes),
        "errors": errors or {},
    }
    return page(visit, "security", view, at="security", status=422 if errors else 200)


def post_password(visit: Visit) -> Answer:
    """Set another password."""
    form = visit.form
    errors = missing(form, "old_password", "password", language=visit.language)
    try:
        if not errors:
            owners.change_password(
                visit.own_session,
                form["old_password"],
                form["password"],
                merchant_name=visit.shop.name,
                at=visit.at,
                desk=owner_desk(),
            )
    except PasswordWeak as refusal:
        errors = {"password": refusal_text(refusal, visit.language)}
    except SignInRefused as refusal:
        errors = {"old_password": refusal_text(refusal, visit.language)}
    except SignInLocked as refusal:
        errors = {"": refusal_text(refusal, visit.language)}
    return show(visit, errors) if errors else done(visit, "/admin/security", "password")


def sign_out(visit: Visit) -> Answer:
    """End this session."""
    owners.sign_out(visit.own_session, desk=owner_desk())
    return replace(done(visit, "/admin/sign-in", "signed_out"), cookies=(end(),))


def sign_out_everywhere(visit: Visit) -> Answer:
    """End every session of the owner."""
    owners.sign_out_everywhere(visit.own_session, at=visit.at, desk=owner_desk())
    return replace(done(visit, "/admin/sign-in", "signed_out"), cookies=(end(),))


def show_confirm(visit: Visit, errors: Errors | None = None) -> Answer:
    """Ask for the password once more."""
    there = own_path(visit.form["next"] or visit.asked("next"))
    view = {
        "next": there,
        "back": page_of("/".join(there.partition("?")[0].split("/")[:3])),
        "lost": visit.asked("lost"),
        "needs_code": has_second_factor(visit),
        "errors": errors or {},
    }
    return page(visit, "confirm", view, status=422 if errors else 200)


def post_confirm(visit: Visit) -> Answer:
    """Go on to what was wanted."""
    form = visit.form
    try:
        owners.prove_again(
            visit.own_session, form["password"], form["code"], at=visit.at, desk=owner_desk()
        )
    except SignInRefused:
        text = str(words_of(visit.language)["error_confirm_refused"])
        return show_confirm(visit, {"": text})
    except SignInLocked as refusal:
        return show_confirm(visit, {"": refusal_text(refusal, visit.language)})
    return go(visit, own_path(form["next"]))

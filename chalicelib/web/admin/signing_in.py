"""Signing in: e-mail and password, then the code of the phone or a recovery code."""

from dataclasses import replace
from urllib.parse import urlencode

from chalicelib.api.exchange import Answer
from chalicelib.domain.attempts import SignInLocked, SignInRefused
from chalicelib.domain.sessions import SessionMissing
from chalicelib.ports import LimitReached
from chalicelib.usecases.owners import give_second_factor, sign_in
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import Errors, limit_text, missing, refusal_text
from chalicelib.web.admin.frame import go, own_path
from chalicelib.web.admin.sessions import begin, device_of, owner_desk
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of


def show(visit: Visit, errors: Errors | None = None) -> Answer:
    """Ask for e-mail and password."""
    there = _next(visit)
    if visit.is_signed_in:
        return go(visit, there)
    view = {
        "form": visit.form,
        "next": there,
        "lost": visit.asked("lost"),
        "errors": errors or {},
    }
    return page(visit, "sign_in", view, status=422 if errors else 200)


def post(visit: Visit) -> Answer:
    """Sign in, or go on to the code."""
    form = visit.form
    errors = missing(form, "email", "password", language=visit.language)
    if errors:
        return show(visit, errors)
    try:
        opened = sign_in(
            form["email"],
            form["password"],
            network=visit.call.network,
            device=device_of(visit),
            at=visit.at,
            desk=owner_desk(),
        )
    except (SignInRefused, SignInLocked) as refusal:
        return show(visit, {"": refusal_text(refusal, visit.language)})
    except LimitReached as refusal:
        return show(visit, {"": limit_text(refusal, visit.at, visit.language)})
    there = _next(visit)
    if opened.session.is_pending:
        there = f"/admin/sign-in/code?{urlencode({'next': there})}"
    return replace(go(visit, there), cookies=(begin(opened),))


def show_code(visit: Visit, errors: Errors | None = None) -> Answer:
    """Ask for the code."""
    if visit.is_signed_in:
        return go(visit, _next(visit))
    if visit.session is None:
        raise SessionMissing("the password comes first")
    view = {"next": _next(visit), "errors": errors or {}}
    return page(visit, "sign_in_code", view, status=422 if errors else 200)


def post_code(visit: Visit) -> Answer:
    """Let the owner in."""
    if visit.is_signed_in or visit.session is None:
        return show_code(visit)
    is_recovery = visit.form.has("recovery_code")
    code = visit.form["recovery_code"] or visit.form["code"]
    try:
        opened = give_second_factor(visit.session, code, at=visit.at, desk=owner_desk())
    except SignInRefused:
        field = "recovery" if is_recovery else "code"
        text = str(words_of(visit.language)[f"error_{field}_refused"])
        return show_code(visit, {"recovery_code" if is_recovery else "code": text})
    except SignInLocked as refusal:
        return show_code(visit, {"": refusal_text(refusal, visit.language)})
    return replace(go(visit, _next(visit)), cookies=(begin(opened),))


def _next(visit: Visit) -> str:
    return own_path(visit.form["next"] or visit.asked("next"))

"""A forgotten password: a letter with a link, and the page the link leads to.

Whether anybody signs in with an address is never told. Opening the link changes nothing.
"""

from chalicelib.api.exchange import Answer
from chalicelib.domain.owners import EmailInvalid, PasswordLinkOver, PasswordWeak
from chalicelib.ports import LimitReached
from chalicelib.usecases.password_letters import ask_for_letter, owner_of_link, set_password
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import Errors, limit_text, missing, refusal_text
from chalicelib.web.admin.frame import done
from chalicelib.web.admin.sessions import owner_desk
from chalicelib.web.admin.visit import Visit
from chalicelib.wiring import services

OVER = 410


def show(visit: Visit, errors: Errors | None = None) -> Answer:
    """Ask for the address."""
    view = {"form": visit.form, "can_send": _can_send(), "errors": errors or {}}
    return page(visit, "forgotten", view, status=422 if errors else 200)


def post(visit: Visit) -> Answer:
    """Send the letter."""
    form, errors = visit.form, missing(visit.form, "email", language=visit.language)
    if errors or not _can_send():
        return show(visit, errors)
    try:
        ask_for_letter(
            form["email"],
            page=f"{services().settings.public_url}/admin/new-password",
            language=visit.language,
            network=visit.call.network,
            at=visit.at,
            desk=owner_desk(),
            merchants=services().merchants,
        )
    except EmailInvalid as refusal:
        return show(visit, {"email": refusal_text(refusal, visit.language)})
    except LimitReached as refusal:
        return show(visit, {"": limit_text(refusal, visit.at, visit.language)})
    return done(visit, "/admin/forgotten", "letter")


def show_new(visit: Visit, link: str, errors: Errors | None = None) -> Answer:
    """Ask for another password."""
    try:
        owner = owner_of_link(link, at=visit.at, desk=owner_desk())
    except PasswordLinkOver:
        return page(visit, "password_link_over", {}, status=OVER)
    view = {"link": link, "email": owner.email, "errors": errors or {}}
    return page(visit, "new_password", view, status=422 if errors else 200)


def post_new(visit: Visit, link: str) -> Answer:
    """Set it; then they sign in with it."""
    errors = missing(visit.form, "password", language=visit.language)
    if errors:
        return show_new(visit, link, errors)
    try:
        set_password(
            link,
            visit.form["password"],
            at=visit.at,
            desk=owner_desk(),
            merchants=services().merchants,
        )
    except PasswordLinkOver:
        return show_new(visit, link)
    except PasswordWeak as refusal:
        return show_new(visit, link, {"password": refusal_text(refusal, visit.language)})
    return done(visit, "/admin/sign-in", "password")


def _can_send() -> bool:
    """Return whether this deployment sends letters at all."""
    return services().settings.mail_sender != "off"

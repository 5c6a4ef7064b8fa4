"""The second factor: a secret for the phone, confirmed by a code; recovery codes, once."""

from qrcode.constants import ERROR_CORRECT_L

from chalicelib.api.exchange import Answer
from chalicelib.domain.attempts import SignInLocked, SignInRefused
from chalicelib.domain.owners import SecondFactorRefused, otpauth_uri, secret_text
from chalicelib.usecases.owners import owner_of
from chalicelib.usecases.second_factor import (
    NewFactor,
    begin_second_factor,
    confirm_second_factor,
    renew_recovery_codes,
)
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import Errors, refusal_text
from chalicelib.web.admin.frame import go
from chalicelib.web.admin.sessions import owner_desk
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.web.qr import symbol

SECRET_GROUP = 4


def show(visit: Visit) -> Answer:
    """Show a new secret."""
    found = begin_second_factor(
        visit.own_session, merchant_name=visit.shop.name, at=visit.at, desk=owner_desk()
    )
    return _page(visit, found, {})


def post(visit: Visit) -> Answer:
    """Turn it on by a code, and show the recovery codes."""
    session, desk = visit.own_session, owner_desk()
    try:
        codes = confirm_second_factor(session, visit.form["code"], at=visit.at, desk=desk)
    except SecondFactorRefused:
        return go(visit, "/admin/security")
    except SignInRefused:
        text = str(words_of(visit.language)["error_code_refused"])
        return _page(visit, _begun(visit), {"code": text})
    except SignInLocked as refusal:
        return _page(visit, _begun(visit), {"": refusal_text(refusal, visit.language)})
    return page(visit, "recovery_codes", {"codes": codes})


def renew(visit: Visit) -> Answer:
    """Make other recovery codes."""
    codes = renew_recovery_codes(visit.own_session, at=visit.at, desk=owner_desk())
    return page(visit, "recovery_codes", {"codes": codes})


def _begun(visit: Visit) -> NewFactor:
    """Return the secret that is being confirmed: a wrong code does not change it."""
    owner = owner_of(visit.own_session, owner_desk())
    uri = otpauth_uri(owner, visit.shop.name, owner.new_secret)
    return NewFactor(uri, secret_text(owner.new_secret))


def _page(visit: Visit, found: NewFactor, errors: Errors) -> Answer:
    qr, secret = symbol(found.uri, ERROR_CORRECT_L), found.secret
    groups = [secret[i : i + SECRET_GROUP] for i in range(0, len(secret), SECRET_GROUP)]
    view = {
        "qr": {"size": qr.size, "path": qr.path},
        "secret": " ".join(groups),
        "errors": errors,
    }
    return page(visit, "second_factor", view, status=422 if errors else 200)

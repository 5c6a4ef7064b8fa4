"""Around every page of the office: who is there, may the form be theirs, what went wrong.

The merchant comes from the session and from nowhere else. A form is taken only from our own
pages: the browser says where it comes from, and the form carries a token of the session.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from chalicelib.api.errors import answer_to
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.parsing import BadRequest
from chalicelib.domain.errors import DomainError
from chalicelib.domain.owners import SecondFactorMissing
from chalicelib.domain.sessions import (
    CsrfRefused,
    NotFresh,
    SessionExpired,
    SessionMissing,
    require_fresh,
)
from chalicelib.ports import Trouble
from chalicelib.web.admin import sessions
from chalicelib.web.admin.drawing import HEADERS, page
from chalicelib.web.admin.forms import read_form
from chalicelib.web.admin.pages import Route, admin, function_of, page_of
from chalicelib.web.admin.tongue import keeping, language_of
from chalicelib.web.admin.visit import Missing, Visit
from chalicelib.web.admin.words import words_of
from chalicelib.wiring import services

NOT_FOUND: Final = 404
UNREADABLE: Final = 400
TOO_LARGE: Final = 413
TROUBLE: Final = 503
RETRY_SECONDS: Final = 60
_SAID: Final = frozenset({"done", "lang"})  # to a page once
_NOT_FOUND: Final = frozenset(
    {"member_not_found", "store_not_found", "till_not_found", "staff_not_found"}
)
_OF_ADDRESSES: Final = "/?#&=%:;,@!$'()*+~[]"  # what an address has written as it is


def answer(route: Route, call: Call[Any], parts: Mapping[str, str]) -> Answer:
    """Answer a request to the office: with its page, or with why not."""
    visit = _visit(call)
    return keeping(visit, _answered(route, visit, parts))


def _answered(route: Route, visit: Visit, parts: Mapping[str, str]) -> Answer:
    call = visit.call
    try:
        visit = sessions.entered(visit, is_open=route.is_open)
        if call.method == "POST":
            sessions.check_origin(visit)
            visit = replace(visit, form=_form(call))
            sessions.check_token(visit)
        if route.is_fresh:
            require_fresh(visit.own_session, visit.at)
        return function_of(route)(visit, **parts)
    except (DomainError, Missing, BadRequest) as refusal:
        return _moved_on(visit, refusal) or _refused(visit, refusal)
    except Trouble:
        found = _notice(visit, "trouble", TROUBLE)
        headers = {**found.headers, "Retry-After": str(RETRY_SECONDS)}
        return replace(found, headers=headers)


def lost(call: Call[Any]) -> Answer:
    """Answer an address of the office where nothing is."""
    visit = _visit(call)
    with suppress(Trouble):  # then as to anybody: there is nothing here for anyone
        visit = sessions.entered(visit, is_open=True)
    return keeping(visit, _notice(visit, "missing", NOT_FOUND))


def go(visit: Visit, path: str, **headers: str) -> Answer:
    """Return a move to another page; htmx is told in its own way."""
    assert path.startswith("/admin"), "only within the office"
    path = quote(path, safe=_OF_ADDRESSES)  # a header is ASCII (RFC 9110, 5.5)
    if visit.is_from_htmx:
        return Answer(status=204, headers={**HEADERS, "HX-Redirect": path, **headers})
    return Answer(status=303, headers={**HEADERS, "Location": path, **headers})


def lead_back(visit: Visit, **_: str) -> Answer:
    """Lead from the address of a form to the page it is on."""
    return go(visit, page_of(visit.call.path))


def done(visit: Visit, path: str, what: str) -> Answer:
    """Return a move to a page that says what was done."""
    sign = "&" if "?" in path else "?"
    return go(visit, f"{path}{sign}done={quote(what)}")


def own_path(path: str) -> str:
    """Return a page of the office to go on to; never another site's."""
    is_ours = path == "/admin" or path.startswith("/admin/")
    return path if is_ours and path.isprintable() and "\\" not in path else "/admin"


def _visit(call: Call[Any]) -> Visit:
    found: Any = admin.current_request.query_params or {}
    query = {str(name): str(found[name]) for name in found}
    return Visit(
        call=call,
        query=query,
        language=language_of(call, query),
        is_local=services().settings.stage == "local",
    )


def _form(call: Call[Any]) -> Any:
    return read_form(call.body, call.headers.get("content-type"))


def _moved_on(visit: Visit, refusal: Exception) -> Answer | None:
    """Return where a visit that was refused goes instead; None: it goes nowhere."""
    if isinstance(refusal, (SessionMissing, SessionExpired)):
        return go(visit, f"/admin/sign-in?{_to_come_back(visit)}")
    if isinstance(refusal, NotFresh):
        return go(visit, f"/admin/confirm?{_to_come_back(visit)}")
    if isinstance(refusal, SecondFactorMissing):
        return go(visit, "/admin/security/second-factor")
    if isinstance(refusal, CsrfRefused):
        return _notice(visit, "form_old", 403, page_of(visit.call.path))
    if isinstance(refusal, Missing) or getattr(refusal, "code", "") in _NOT_FOUND:
        return _notice(visit, "missing", NOT_FOUND)
    return None


def _refused(visit: Visit, refusal: Exception) -> Answer:
    """Return a page for what no page has words of its own: never a document for programs."""
    said = answer_to(refusal, visit.at)
    status = said.status if said else UNREADABLE
    what = "form_large" if status == TOO_LARGE else "form_unread"
    return _notice(visit, what, status, page_of(visit.call.path))


def _to_come_back(visit: Visit) -> str:
    """Return the page to come back to, and whether a form was lost: it is not sent again."""
    path = visit.call.path
    if visit.call.method != "GET":
        return urlencode({"next": page_of(path), "lost": 1})
    asked = urlencode({name: one for name, one in visit.query.items() if name not in _SAID})
    return urlencode({"next": f"{path}?{asked}" if asked and path != "/admin" else path})


def _notice(visit: Visit, what: str, status: int, back: str = "") -> Answer:
    words = words_of(visit.language)
    view = {
        "heading": words[f"{what}_title"],
        "text": words[f"{what}_text"],
        "back": back,  # to a form that was not taken
    }
    return page(visit, "notice", view, status=status)

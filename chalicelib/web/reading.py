"""Who reads a page, in which language, and what is said when there is no page to show."""

from typing import Any, Final

from chalice import Blueprint

from chalicelib.api.exchange import Answer, Call
from chalicelib.usecases.members import MemberView
from chalicelib.web.rendering import page, render
from passes.wording import Language

pages = Blueprint(__name__)  # here, as what a page was asked is read through it

RETRY_SECONDS: Final = 60
TROUBLE: Final = {
    "heading": "trouble_title",
    "text": "trouble_text",
    "title_word": "trouble_title",
    "can_reload": True,
}


def page_language(call: Call[None], fallback: str = "en") -> Language:
    """Return the language of `?lang=`, else of the browser, else the fallback."""
    asked = asked_for("lang") or call.accepted_language or fallback
    return "ru" if asked == "ru" else "en"


def card_language(shown: MemberView) -> Language:
    """Return the language of `?lang=`, else the member's own."""
    asked = asked_for("lang")
    known = asked if asked in {"ru", "en"} else shown.profile.language
    return "ru" if known == "ru" else "en"


def asked_for(name: str) -> str | None:
    """Return a query parameter; unknown ones, such as an advertiser's, are let pass."""
    found: Any = pages.current_request.query_params or {}
    value = found.get(name)
    return str(value) if value else None


def missing(call: Call[None], what: str) -> Answer:
    """Return the page of what is not there; `what` names its words."""
    view = {"heading": what, "text": f"{what}_text", "title_word": "missing_title"}
    return page(render("notice.html", view, page_language(call)), 404)


def unavailable(call: Call[None]) -> Answer:
    """Return the page of trouble outside."""
    html = render("notice.html", TROUBLE, page_language(call))
    return page(html, 503, **{"Retry-After": str(RETRY_SECONDS)})

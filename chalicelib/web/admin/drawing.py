"""The office's templates to answers: words, navigation, and the policy of its pages.

What was done is told on the page that follows a form (`?done=`), so that to load it again
sends nothing twice.
"""

import secrets
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.api.exchange import Answer
from chalicelib.domain.members import Merchant
from chalicelib.ports import Trouble
from chalicelib.web.admin.pages import page_of
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.web.card_page import monogram
from chalicelib.web.rendering import HTML, OFFICE_POLICY, PAGE_HEADERS, environment
from chalicelib.web.theme import theme_path, token
from chalicelib.wiring import services

KEY_BYTES: Final = 16
COUNT_SHOWN: Final = 99
HEADERS: Final = {**PAGE_HEADERS, "Content-Security-Policy": OFFICE_POLICY}


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the navigation."""

    name: str  # of its word, and what a page says it is
    path: str
    icon: str


HOME: Final = Link("home", "/admin", "home")
NAVIGATION: Final = (
    (
        "",
        (
            HOME,
            Link("members", "/admin/members", "users"),
            Link("operations", "/admin/operations", "history"),
            Link("attention", "/admin/attention", "alert-triangle"),
        ),
    ),
    (
        "program_group",
        (
            Link("program", "/admin/program", "award"),
            Link("design", "/admin/design", "palette"),
            Link("posters", "/admin/posters", "qrcode"),
            Link("messages", "/admin/messages", "mail"),
        ),
    ),
    (
        "shop_group",
        (
            Link("stores", "/admin/stores", "building-store"),
            Link("staff", "/admin/staff", "user-plus"),
            Link("api_keys", "/admin/keys", "key"),
            Link("audit", "/admin/audit", "lock"),
        ),
    ),
)
TABS: Final = ("home", "members", "operations", "stores")


def page(
    visit: Visit, template: str, view: dict[str, Any], *, at: str = "", status: int = 200
) -> Answer:
    """Return a page; `at` says which place of the navigation it belongs to."""
    words = words_of(visit.language)
    links = [link for _, group in NAVIGATION for link in group]
    done = visit.asked("done")
    html = _rendered(
        visit,
        template,
        {
            "at": at,
            "navigation": NAVIGATION,
            "tabs": [link for link in links if link.name in TABS],
            "done": words.get(f"done_{done}", "") if done else "",
            "waits": waiting(visit),
            "errors": {},
            **view,
        },
    )
    return Answer(body=html.encode(), status=status, content_type=HTML, headers=HEADERS)


def waiting(visit: Visit) -> str:
    """Return how much needs attention, as the navigation says it; empty: nothing."""
    if not visit.is_signed_in:
        return ""
    try:
        count = services().attention.count(visit.merchant_id, at=visit.at)
    except Trouble:  # the page may be about just that
        return ""
    return f"{COUNT_SHOWN}+" if count > COUNT_SHOWN else str(count or "")


def fragment(visit: Visit, template: str, view: dict[str, Any], status: int = 200) -> Answer:
    """Return a part of a page."""
    html = _rendered(visit, template, view)
    return Answer(body=html.encode(), status=status, content_type=HTML, headers=HEADERS)


def new_key() -> str:
    """Return the key of a form: sent twice, it is done once."""
    return secrets.token_hex(KEY_BYTES)


def _rendered(visit: Visit, template: str, view: dict[str, Any]) -> str:
    merchant = visit.merchant if visit.is_signed_in else None
    return str(
        environment()
        .get_template(f"admin/{template}.html")
        .render(
            words=words_of(visit.language),
            language=visit.language,
            merchant=_named(merchant) if merchant else None,
            csrf=visit.csrf_token,
            owner=visit.owner_name,
            is_local=visit.is_local,
            theme=theme_path(merchant.accent) if merchant else None,
            here=page_of(visit.call.path) if visit.call.method == "POST" else "",
            icon_path=theme_path(token("house"), "svg"),
            key=new_key(),
            **view,
        )
    )


def _named(merchant: Merchant) -> dict[str, str]:
    return {
        "merchant_id": merchant.merchant_id,
        "name": merchant.name,
        "monogram": monogram(merchant.name),
    }

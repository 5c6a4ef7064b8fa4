"""What every page behind a card begins with: whose card it is, and in which language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from chalicelib.api.book import directory
from chalicelib.api.exchange import Answer, Call
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.ports import Trouble
from chalicelib.usecases.card_tokens import (
    PassUnknown,
    Visit,
    named_by_card_token,
    open_card,
)
from chalicelib.usecases.members import MemberView, view_member
from chalicelib.usecases.write_once import MerchantNotFound
from chalicelib.web.reading import (
    asked_for,
    card_language,
    missing,
    page_language,
    unavailable,
)
from chalicelib.web.rendering import page, render
from chalicelib.wiring import services
from passes.wording import Language

VERSION_DIGITS_MAX = 9
# Where a page behind the card may have been opened from, and what the way back is called.
_ORIGINS = {"history": "back_history", "settings": "back_settings", "my-data": "back_data"}
GONE = (MemberNotFound, MerchantNotFound, PassUnknown)


@dataclass(frozen=True, slots=True)
class Frame:
    """A card that was opened: by whom, whose, in which language, under which address."""

    visit: Visit
    view: MemberView
    language: Language
    token: str
    at: datetime

    @property
    def path(self) -> str:
        """Return the card's address."""
        return f"/c/{self.token}"

    @property
    def query(self) -> str:
        """Return what links keep of the page's own query: the language, if one was asked."""
        return f"?lang={self.language}" if asked_for("lang") else ""


def version_of(text: str | None) -> int | None:
    """Return the version of an entry that a text names; None: it names none."""
    is_one = text and text.isascii() and text.isdigit() and len(text) <= VERSION_DIGITS_MAX
    return int(text) if text and is_one else None


def visit_of(call: Call[None], token: str) -> Visit:
    """Return who comes by that address. Raises PassUnknown."""
    ports = services()
    return open_card(token, at=call.at, members=ports.members, keyring=ports.keyring)


def shown_to(call: Call[None], visit: Visit) -> MemberView:
    """Return the member as of now. Raises MemberNotFound, MerchantNotFound."""
    return view_member(visit.member, at=call.at, directory=directory(), profile=visit.profile)


def _way_back(frame: Frame) -> dict[str, str]:
    """Return where the arrow leads, if not to the card: the page that led here."""
    origin = asked_for("from") or ""
    if origin not in _ORIGINS:
        return {}
    asked: dict[str, object] = {"lang": frame.language if asked_for("lang") else None}
    if origin == "history":
        asked["before"] = version_of(asked_for("before"))
    query = urlencode({name: value for name, value in asked.items() if value})
    path = f"{frame.path}/{origin}"
    return {"back_to": f"{path}?{query}" if query else path, "back_word": _ORIGINS[origin]}


def card_gone(call: Call[None], token: str) -> Answer:
    """Return the page of a card that is not here; where it once was, it leads back in."""
    ports = services()
    named = named_by_card_token(token, keyring=ports.keyring)
    try:
        merchant = ports.merchants.find(named[0].merchant_id) if named else None
    except Trouble:
        return unavailable(call)
    if merchant is None:
        return missing(call, "missing_card")
    from chalicelib.web.card_page import monogram  # lazy: it brings Babel

    language = page_language(call, fallback=merchant.language)
    view = {
        "merchant": merchant.name,
        "monogram": monogram(merchant.name),
        "title_word": "closed_card",
        "heading": "closed_card",
        "text": "closed_card_text",
        "join_path": f"/j/{merchant.merchant_id}?lang={language}",
    }
    return page(render("notice.html", view, language, accent=merchant.accent), 404)


def card_page(
    call: Call[None], token: str, template: str, fill: Callable[[Frame], dict[str, Any]]
) -> Answer:
    """Return a page behind a card; what is missing or out of reach is a page too."""
    try:
        visit = visit_of(call, token)
        view = shown_to(call, visit)
        frame = Frame(visit, view, card_language(view), token, call.at)
        filled = fill(frame)
    except GONE:
        return card_gone(call, token)
    except Trouble:
        return unavailable(call)
    from chalicelib.web.card_page import monogram  # lazy: it brings Babel

    merchant = view.merchant
    shown = {
        "merchant": merchant.name,
        "monogram": monogram(merchant.name),
        "card_path": frame.path,
        "query": frame.query,
        **_way_back(frame),
        **filled,
    }
    return page(render(template, shown, frame.language, accent=merchant.accent))

"""The shopper's pages: join (`/j/…`), the card (`/c/…`), the rules (`/r/…`), their files.

A page is in the language of `?lang=`, else of its reader: on the card the member's own, on
the join page the browser's; else the merchant's. What draws pages is imported on first use:
a till's call, on the same function, should not wait for Babel, Jinja and qrcode.
"""

from typing import Any, Final

from chalice import Blueprint

from chalicelib.api.book import directory
from chalicelib.api.cards import card_links
from chalicelib.api.coupons import held_coupons
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.domain.account import MemberRef, as_of
from chalicelib.domain.ledger import MemberNotFound, present
from chalicelib.ports import Trouble
from chalicelib.usecases.members import MemberView, view_member
from chalicelib.usecases.passes import PassUnknown, member_of_card_token
from chalicelib.usecases.program_rules import rules_of
from chalicelib.usecases.write_once import MerchantNotFound, program_of
from chalicelib.web.invitations import invited_by
from chalicelib.web.rendering import page, render, tag_of
from chalicelib.wiring import services
from passes.wording import Language

pages = Blueprint(__name__)

LOCAL_MERCHANTS_MAX: Final = 5
RETRY_SECONDS: Final = 60
_GONE: Final = (MemberNotFound, MerchantNotFound, PassUnknown)


@endpoint(
    pages,
    "GET",
    "/",
    summary="What this is.",
    tag="Pages",
    answers={200: None},
    is_documented=False,
)
def get_index(call: Call[None]) -> Answer:
    """Name the service; on one machine also the merchants to join."""
    is_local = services().settings.stage == "local"
    known = services().merchants.all_scheduled(LOCAL_MERCHANTS_MAX) if is_local else ()
    view = {
        "merchants": [{"path": f"/j/{m.merchant_id}", "name": m.name} for m in known],
        "is_local": is_local,
    }
    return page(render("index.html", view, page_language(call)))


@endpoint(
    pages,
    "GET",
    "/j/{merchant_id}",
    summary="Join a merchant's program.",
    tag="Pages",
    answers={200: None, 404: None},
    is_documented=False,
)
def get_join(call: Call[None], merchant_id: str) -> Answer:
    """Ask for a phone, a code, consents and, if the shopper likes, a name."""
    try:
        merchant = services().merchants.find(merchant_id)
        if merchant is None:
            return missing(call, "missing_merchant")
        program = program_of(merchant_id, services().merchants)
    except _GONE:
        return missing(call, "missing_merchant")
    except Trouble:
        return unavailable(call)
    from chalicelib.web.join_page import join_view  # lazy: see above

    language = page_language(call, fallback=merchant.language)
    view = join_view(
        merchant,
        program,
        language,
        store=_asked("s"),
        referral_code=invited_by(_asked("r")),
        code_minutes=services().sms_policy.code_minutes,
    )
    return page(render("join.html", view, language, accent=merchant.accent))


@endpoint(
    pages,
    "GET",
    "/r/{merchant_id}",
    summary="A merchant's rules, with worked examples.",
    tag="Pages",
    answers={200: None, 404: None},
    is_documented=False,
)
def get_rules(call: Call[None], merchant_id: str) -> Answer:
    """Tell anybody what the program gives; made from the configuration (R52)."""
    try:
        found = rules_of(merchant_id, at=call.at, merchants=services().merchants)
    except _GONE:
        return missing(call, "missing_merchant")
    except Trouble:
        return unavailable(call)
    from chalicelib.web.rules_page import rules_view  # lazy: see above

    language = page_language(call, fallback=found.merchant.language)
    view = rules_view(found, language)
    return page(render("rules.html", view, language, accent=found.merchant.accent))


@endpoint(
    pages,
    "GET",
    "/c/{token}",
    summary="A member's card.",
    tag="Pages",
    answers={200: None, 404: None},
    is_documented=False,
)
def get_card(call: Call[None], token: str) -> Answer:
    """Show the code to scan, points, tier and history to whoever has the address."""
    try:
        member = member_of_card_token(token, keyring=services().keyring)
        tag = _live_tag(call, member)  # read first: at worst the page is newer than its tag
        shown = view_member(member, at=call.at, directory=directory())
        language = _card_language(shown)
        wallet = _wallet(call, member)
        live = _live(call, shown, language)
    except _GONE:
        return missing(call, "missing_card")
    except Trouble:
        return unavailable(call)
    from chalicelib.web.card_page import card_view  # lazy: see above

    view = {
        **card_view(shown, language, services().settings.public_url),
        **live,
        "wallet": wallet,
        "tag": tag,
        "live_path": f"/c/{token}/live?lang={language}",
        "coupons_path": f"/c/{token}/coupons",
    }
    return page(render("card.html", view, language, accent=shown.merchant.accent))


@endpoint(
    pages,
    "GET",
    "/c/{token}/live",
    summary="The part of a card that changes; 304 while it does not.",
    tag="Pages",
    answers={200: None, 304: None, 404: None},
    is_documented=False,
)
def get_live_card(call: Call[None], token: str) -> Answer:
    """Answer from the account alone while nothing has changed."""
    try:
        member = member_of_card_token(token, keyring=services().keyring)
        tag = _live_tag(call, member)
        if call.headers.get("if-none-match") == tag:
            return Answer(status=304, headers={"ETag": tag})
        shown = view_member(member, at=call.at, directory=directory())
        language = _card_language(shown)
        live = _live(call, shown, language)
    except _GONE:
        return missing(call, "missing_card")
    except Trouble:
        return unavailable(call)
    return page(render("_live.html", live, language), ETag=tag)


def _live(call: Call[None], shown: MemberView, language: Language) -> dict[str, Any]:
    from chalicelib.web.card_code import code_view  # lazy: see above
    from chalicelib.web.card_page import live_view
    from chalicelib.web.history import HISTORY_MAX

    # Twice as many, as some are not shown.
    entries = services().ledger.entries(shown.member, limit=2 * HISTORY_MAX)
    live = live_view(shown, entries, held_coupons(shown, call.at), language)
    return {**live, **code_view(shown, at=call.at, keyring=services().keyring)}


def _live_tag(call: Call[None], member: MemberRef) -> str:
    """Return what changes whenever the live part does; costs one read.

    Raises:
        MemberNotFound, MerchantNotFound.
    """
    ports = services()
    program = program_of(member.merchant_id, ports.merchants)
    account = as_of(present(ports.ledger.account(member)), call.at)
    today = program.local_date(call.at)
    return tag_of(account.version, account.held, program.version, today)


def _wallet(call: Call[None], member: MemberRef) -> dict[str, str] | None:
    """Return the one button that fits the reader's machine, if any does."""
    from chalicelib.web.card_page import platform_of  # lazy: see above

    platform = platform_of(call.headers.get("user-agent", ""))
    if platform == "other":
        return None
    links = card_links(member)
    name = "apple_pass_url" if platform == "apple" else "google_save_url"
    word = "add_apple" if platform == "apple" else "add_google"
    return {"url": str(links[name]), "word": word} if links[name] else None


def page_language(call: Call[None], fallback: str = "en") -> Language:
    """Return the language of `?lang=`, else of the browser, else the fallback."""
    asked = _asked("lang") or call.accepted_language or fallback
    return "ru" if asked == "ru" else "en"


def _card_language(shown: MemberView) -> Language:
    asked = _asked("lang")
    known = asked if asked in {"ru", "en"} else shown.profile.language
    return "ru" if known == "ru" else "en"


def _asked(name: str) -> str | None:
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
    view = {"heading": "trouble_title", "text": "trouble_text", "title_word": "trouble_title"}
    html = render("notice.html", view, page_language(call))
    return page(html, 503, **{"Retry-After": str(RETRY_SECONDS)})

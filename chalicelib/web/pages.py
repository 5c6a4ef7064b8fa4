"""The shopper's pages: join (`/j/…`), the card (`/c/…`), the rules (`/r/…`), their files.

A page is in the language of `?lang=`, else of its reader: on the card the member's own, on
the join page the browser's; else the merchant's. What draws pages is imported on first use:
a till's call, on the same function, should not wait for Babel, Jinja and qrcode.
"""

from typing import Any, Final

from chalicelib.api.cards import wallet_links
from chalicelib.api.coupons import held_coupons
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.kept_gift_cards import held_of
from chalicelib.domain.account import MemberRef, as_of
from chalicelib.domain.ledger import present
from chalicelib.ports import Trouble
from chalicelib.usecases.card_tokens import Visit
from chalicelib.usecases.members import MemberView
from chalicelib.usecases.program_rules import rules_of
from chalicelib.usecases.write_once import program_of
from chalicelib.web.card_frame import GONE, card_gone, shown_to, visit_of
from chalicelib.web.invitations import invited_by
from chalicelib.web.reading import (
    asked_for,
    card_language,
    missing,
    page_language,
    pages,
    unavailable,
)
from chalicelib.web.rendering import page, render, tag_of
from chalicelib.wiring import services
from passes.wording import Language

__all__ = ["pages"]  # the blueprint with these views on it

LOCAL_MERCHANTS_MAX: Final = 5


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
    except GONE:
        return missing(call, "missing_merchant")
    except Trouble:
        return unavailable(call)
    from chalicelib.web.join_page import join_view  # lazy: see above

    language = page_language(call, fallback=merchant.language)
    view = join_view(
        merchant,
        program,
        language,
        store=asked_for("s"),
        referral_code=invited_by(asked_for("r")),
        code_minutes=services().sms_policy.code_minutes,
        on=program.local_date(call.at),
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
    except GONE:
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
        visit = visit_of(call, token)
        tag = _live_tag(call, visit.member)  # first: at worst the page is newer than its tag
        shown = shown_to(call, visit)
        language = card_language(shown)
        wallet = _wallet(call, visit, language)
        live = _live(call, token, shown, language)
    except GONE:
        return card_gone(call, token)
    except Trouble:
        return unavailable(call)
    from chalicelib.web.card_page import card_view, links_view  # lazy: see above

    view = {
        **card_view(shown, language, services().settings.public_url),
        **live,
        "wallet": wallet,
        "tag": tag,
        "live_path": f"/c/{token}/live?lang={language}",
        "coupons_path": f"/c/{token}/coupons",
        "links": links_view(
            shown,
            language,
            path=live["card_path"],
            query=live["query"],
            is_signed_in=visit.is_signed_in,
        ),
        "now": int(call.at.timestamp() * 1_000),
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
        visit = visit_of(call, token)
        tag = _live_tag(call, visit.member)
        if call.headers.get("if-none-match") == tag:
            return Answer(status=304, headers={"ETag": tag})
        shown = shown_to(call, visit)
        language = card_language(shown)
        live = _live(call, token, shown, language)
    except GONE:
        return card_gone(call, token)
    except Trouble:
        return unavailable(call)
    return page(render("_live.html", live, language), ETag=tag)


def _live(
    call: Call[None], token: str, shown: MemberView, language: Language
) -> dict[str, Any]:
    from chalicelib.web.card_code import code_view  # lazy: see above
    from chalicelib.web.card_gift_cards import gift_cards_view
    from chalicelib.web.card_page import live_view
    from chalicelib.web.history import SHOWN_ON_CARD

    # Twice as many, as some are not shown.
    entries = services().ledger.entries(shown.member, limit=2 * SHOWN_ON_CARD)
    live = live_view(shown, entries, held_coupons(shown, call.at), language)
    return {
        **live,
        "gift_cards": gift_cards_view(shown, held_of(shown.profile), language),
        **code_view(shown, at=call.at, keyring=services().keyring),
        "card_path": f"/c/{token}",
        "query": f"?lang={language}" if asked_for("lang") else "",
    }


def _live_tag(call: Call[None], member: MemberRef) -> str:
    """Return what changes whenever the live part does; costs one read.

    Raises:
        MemberNotFound, MerchantNotFound.
    """
    ports = services()
    program = program_of(member.merchant_id, ports.merchants)
    account = as_of(present(ports.ledger.account(member)), call.at)
    today = program.local_date(call.at)
    tag = tag_of(account.version, account.held, program.version, today)
    return f"W/{tag}"  # the same part may come compressed or not


def _wallet(call: Call[None], visit: Visit, language: Language) -> dict[str, Any] | None:
    """Return the one button that fits the reader's machine, if any does."""
    from chalicelib.web.badges import badge_of  # lazy: see above
    from chalicelib.web.card_page import platform_of

    platform = platform_of(call.headers.get("user-agent", ""))
    if platform == "other":
        return None
    links = wallet_links(visit.member, visit.browser_id)
    if platform == "apple":
        url, word, badge = links["apple_pass_url"], "add_apple", badge_of("apple", language)
    else:
        url, word, badge = links["google_save_url"], "add_google", badge_of("google", language)
    return {"url": url, "word": word, "badge": badge} if url else None

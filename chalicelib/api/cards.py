"""What a member's card shows and where it is found, for wallets and the card page."""

from datetime import datetime
from itertools import islice
from typing import Any

from chalicelib.api.wording import short_money_text
from chalicelib.domain.account import MemberRef
from chalicelib.domain.colours import CONTRAST_MIN, Colour, contrast
from chalicelib.domain.entries import EntryKind, LedgerEntry
from chalicelib.domain.notices import Topic, Way, is_muted
from chalicelib.domain.pass_designs import Colours
from chalicelib.domain.rules.discounts import discount_ppm
from chalicelib.domain.rules.stamps import stamp_card
from chalicelib.usecases.card_tokens import (
    apple_token,
    card_token,
    link_id,
    member_token,
    serial_of,
)
from chalicelib.usecases.members import MemberView
from chalicelib.usecases.write_once import merchant_of, program_of
from chalicelib.wiring import services
from passes.card import (
    HISTORY_MAX,
    Card,
    Expiry,
    HistoryLine,
    News,
    NextTier,
    Stamps,
    voided_card,
)
from passes.history_titles import HISTORY_TITLES
from passes.wording import Language

ENTRIES_READ_MAX = 20  # of which those that moved points are shown
LIGHT, DARK = "#ffffff", "#1d1d1f"
BLACK = "#000000"  # for grounds on which neither can be read: on those it always can
LABEL_SHARE = 75  # percent of the text's colour in a label's, the rest is the ground's


def card_links(member: MemberRef, browser_id: str) -> dict[str, Any]:
    """Return a browser's own token and every way to hold the card from there."""
    token = member_token(member, browser_id, keyring=services().keyring)
    return {
        "member_token": token,
        "card_url": card_url(member, browser_id),
        **wallet_links(member, browser_id),
    }


def wallet_links(member: MemberRef, holder_id: str) -> dict[str, str | None]:
    """Return where the card is put into a wallet from a browser, or from a pass's link."""
    token = card_token(member, holder_id, keyring=services().keyring)
    secret = token.removeprefix(f"{serial_of(member)}.")
    base = services().settings.public_url
    return {
        "apple_pass_url": f"{base}/passes/{serial_of(member)}.pkpass?token={secret}",
        "google_save_url": _google_link(token),
    }


def card_url(member: MemberRef, holder_id: str) -> str:
    """Return the address of the in-browser card, in a browser or behind a pass's link."""
    token = card_token(member, holder_id, keyring=services().keyring)
    return f"{services().settings.public_url}/c/{token}"


def card_of(view: MemberView, version: int, pass_id: str = "") -> Card:
    """Return the card of a member as of the view's moment; `version` is its pass's.

    `pass_id` names the pass of Apple's that shows it; what is no such pass has no token.
    Reads the latest entries.
    """
    language, member, program = _language(view.profile.language), view.member, view.program
    entries = tuple(services().ledger.entries(member, limit=ENTRIES_READ_MAX))
    expiry, tier, stamped = view.next_expiry, view.tier, stamp_card(program)
    balance = view.balance
    return Card(
        serial_number=serial_of(member),
        authentication_token=_pass_token(member, pass_id),
        code=view.profile.code,
        merchant_name=view.merchant.name,
        program_name=program.title,
        points=balance.available,
        language=language,
        colours=colours_of(view.merchant.accent),
        card_url=card_url(member, link_id(member, view.profile.code, services().keyring)),
        version=version,
        member_name=view.profile.name or "",
        tier_name=tier.name,
        tier_until=tier.until,
        next_tier=_next_tier(view, language),
        next_expiry=Expiry(expiry.points, expiry.on) if expiry else None,
        stamps=Stamps(view.account.stamps, stamped.every) if stamped else None,
        has_points=program.gives_points
        or bool(balance.available or balance.pending or balance.debt or balance.held),
        discount_ppm=discount_ppm(program, view.account.turnover, view.on),
        history=history_of(entries),
        news=news_of(entries),
        as_of=as_of(entries, view.account.version),
        is_quiet=is_muted(view.profile, Topic.POINTS, Way.WALLET),
        paused_until=view.account.redeem_paused_until,
        rules_url=rules_url(member.merchant_id),
        zone=program.zone,
    )


def voided_card_of(member: MemberRef, version: int, pass_id: str = "") -> Card:
    """Return what is left of the card of a member who was erased or merged."""
    ports = services()
    merchant = merchant_of(member.merchant_id, ports.merchants)
    return voided_card(
        serial_number=serial_of(member),
        authentication_token=_pass_token(member, pass_id),
        merchant_name=merchant.name,
        program_name=program_of(member.merchant_id, ports.merchants).title,
        language=_language(merchant.language),
        colours=colours_of(merchant.accent),
        version=version,
        rules_url=rules_url(member.merchant_id),
    )


def rules_url(merchant_id: str) -> str:
    """Return the address of the rules in words."""
    return f"{services().settings.public_url}/r/{merchant_id}"


def history_of(entries: tuple[LedgerEntry, ...]) -> tuple[HistoryLine, ...]:
    """Return the latest of the entries that moved points, newest first as they come."""
    moved = (entry for entry in entries if entry.points)
    lines = (HistoryLine(entry.on, entry.points, _why(entry.kind)) for entry in moved)
    return tuple(islice(lines, HISTORY_MAX))


def as_of(entries: tuple[LedgerEntry, ...], version: int) -> datetime | None:
    """Return when the account came to that version: the same however often it is shown."""
    return next((entry.at for entry in entries if entry.version <= version), None)


def news_of(entries: tuple[LedgerEntry, ...]) -> News:
    """Return what the newest entry that changed anything on the card was about."""
    for entry in entries:
        if entry.kind is EntryKind.PHONE:
            return News.PAUSE
        if entry.tier_before != entry.tier_after:
            return News.TIER
        if entry.points or entry.net_minor:
            break
    return News.POINTS


def colours_of(accent: str) -> Colours:
    """Return a card in the merchant's colour, with text and labels that can be read on it.

    >>> colours_of("#7a3b12")
    Colours(background='#7a3b12', foreground='#ffffff', label='#ddcec3')
    >>> colours_of("#808080")  # neither the light text nor the dark one has contrast enough
    Colours(background='#808080', foreground='#000000', label='#171717')
    """
    ground = _rgb(accent)
    text = max((LIGHT, DARK), key=lambda one: contrast(_rgb(one), ground))
    if contrast(_rgb(text), ground) < CONTRAST_MIN:
        text = BLACK
    return Colours(accent, text, _label(_rgb(text), ground))


def _label(ink: Colour, ground: Colour) -> str:
    """Return the palest of the text's shades that can be read: never less than text must."""
    for share in range(LABEL_SHARE, 100):
        red, green, blue = (
            (i * share + g * (100 - share)) // 100 for i, g in zip(ink, ground, strict=True)
        )
        if contrast((red, green, blue), ground) >= CONTRAST_MIN:
            return f"#{bytes((red, green, blue)).hex()}"
    return f"#{bytes(ink).hex()}"


def _rgb(text: str) -> Colour:
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def _pass_token(member: MemberRef, pass_id: str) -> str:
    return apple_token(member, pass_id, keyring=services().keyring) if pass_id else ""


def _language(language: str) -> Language:
    return "ru" if language == "ru" else "en"


def _why(kind: EntryKind) -> EntryKind:
    """Return the kind a line is called by: an entry for anything else only expires points."""
    return kind if kind in HISTORY_TITLES["en"] else EntryKind.EXPIRE


def _next_tier(view: MemberView, language: Language) -> NextTier | None:
    tier, currency = view.tier, view.program.currency
    if tier.next_name is None or tier.to_next_minor is None:
        return None
    other: Language = "en" if language == "ru" else "ru"
    return NextTier(
        tier.next_name,
        short_money_text(tier.to_next_minor, currency, language),
        short_money_text(tier.to_next_minor, currency, other),
    )


def _google_link(token: str) -> str | None:
    """Return our own address: Google is asked when the shopper taps, not at sign-up."""
    ports = services()
    if not ports.settings.google_issuer_id:
        return None
    return f"{ports.settings.public_url}/wallet/google/{token}"

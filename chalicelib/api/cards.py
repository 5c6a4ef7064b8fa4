"""What a member's card shows and where it is found, for wallets and the card page."""

from typing import Any

from chalicelib.api.wording import money_text
from chalicelib.domain.account import MemberRef
from chalicelib.domain.rules.stamps import stamp_card
from chalicelib.usecases.members import MemberView
from chalicelib.usecases.passes import apple_token, card_token, member_token, serial_of
from chalicelib.wiring import services
from passes.card import Card, Colours, Expiry, NextTier, Stamps
from passes.wording import Language

LIGHT, DARK = "#ffffff", "#1d1d1f"
LABEL_SHARE = 75  # percent of the text's colour in a label's, the rest is the ground's
_LUMINANCE_SPLIT = 0.45  # above: dark text on the merchant's accent


def card_links(member: MemberRef) -> dict[str, Any]:
    """Return a member's own token and every way to hold the card."""
    ports = services()
    token = card_token(member, keyring=ports.keyring)
    _, _, secret = token.rpartition(".")
    base = ports.settings.public_url
    return {
        "member_token": member_token(member, keyring=ports.keyring),
        "card_url": card_url(member),
        "apple_pass_url": f"{base}/passes/{serial_of(member)}.pkpass?token={secret}",
        "google_save_url": _google_link(token),
    }


def card_url(member: MemberRef) -> str:
    """Return the address of the in-browser card."""
    token = card_token(member, keyring=services().keyring)
    return f"{services().settings.public_url}/c/{token}"


def card_of(view: MemberView) -> Card:
    """Return the card of a member as of the view's moment."""
    language: Language = "ru" if view.profile.language == "ru" else "en"
    expiry, tier, stamped = view.next_expiry, view.tier, stamp_card(view.program)
    next_tier = None
    if tier.next_name is not None and tier.to_next_minor is not None:
        to_spend = money_text(tier.to_next_minor, view.program.currency, language)
        next_tier = NextTier(tier.next_name, to_spend)
    return Card(
        serial_number=serial_of(view.member),
        authentication_token=apple_token(view.member, keyring=services().keyring),
        code=view.profile.code,
        merchant_name=view.merchant.name,
        program_name=view.program.title,
        points=view.balance.available,
        language=language,
        colours=colours_of(view.merchant.accent),
        card_url=card_url(view.member),
        version=view.account.pass_version,
        member_name=view.profile.name or "",
        tier_name=tier.name,
        tier_until=tier.until,
        next_tier=next_tier,
        next_expiry=Expiry(expiry.points, expiry.on) if expiry else None,
        stamps=Stamps(view.account.stamps, stamped.every) if stamped else None,
    )


def colours_of(accent: str) -> Colours:
    """Return a card in the merchant's colour, with text that can be read on it.

    >>> colours_of("#7a3b12")
    Colours(background='#7a3b12', foreground='#ffffff', label='#ddcec3')
    """
    ground = bytes.fromhex(accent.removeprefix("#"))
    red, green, blue = ground
    luminance = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255
    text = DARK if luminance > _LUMINANCE_SPLIT else LIGHT
    ink = bytes.fromhex(text.removeprefix("#"))
    label = bytes(
        (i * LABEL_SHARE + g * (100 - LABEL_SHARE)) // 100
        for i, g in zip(ink, ground, strict=True)
    )
    return Colours(accent, text, f"#{label.hex()}")


def _google_link(token: str) -> str | None:
    """Return our own address: Google is asked when the shopper taps, not at sign-up."""
    ports = services()
    if not ports.settings.google_issuer_id:
        return None
    return f"{ports.settings.public_url}/wallet/google/{token}"

"""Pictures of the caller's passes: how a design looks before anybody carries it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from chalice import Blueprint

from chalicelib.api.auth import ScopeMissing
from chalicelib.api.book import directory
from chalicelib.api.cards import card_of
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.pass_previews import PreviewPicture, PreviewQuery
from chalicelib.api.parsing import BadRequest
from chalicelib.api.sample_cards import sample_card
from chalicelib.domain.account import MemberRef
from chalicelib.domain.design_document import read_design
from chalicelib.domain.members import Merchant, Scope
from chalicelib.domain.pass_designs import PassDesign
from chalicelib.usecases.members import view_member
from chalicelib.usecases.pass_designs import of_passes
from chalicelib.usecases.write_once import merchant_of, program_of
from chalicelib.wiring import services
from passes.apple_texts import OTHER
from passes.card import Card, NextTier, colours_shown
from passes.wording import Language

pass_previews = Blueprint(__name__)

# A picture of somebody's card: it runs nothing, fetches nothing, and is kept by nobody.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src data:; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
Uploaded = Callable[[str], Mapping[str, bytes]]  # id of an image → its files by name
Uploads = Mapping[str, Mapping[str, bytes]]
_TITLES = {"apple": "Apple Wallet", "google": "Google Wallet"}


@endpoint(
    pass_previews,
    "GET",
    "/v1/pass-design/preview",
    summary="A picture of the card in a wallet: of the published design or the draft.",
    tag="Pass design",
    access=scoped(Scope.PROGRAM),
    query=PreviewQuery,
    answers={200: PreviewPicture},
    problems=("not_found", "member_not_found"),
)
def get_pass_preview(call: Call[None]) -> Answer:
    """Draw a sample card, or with `member_id` that member's."""
    wanted: PreviewQuery = call.query
    merchant = merchant_of(call.merchant_id, services().merchants)
    design = _design(call.merchant_id, wanted.of)
    language: Language = wanted.language or ("ru" if merchant.language == "ru" else "en")
    card = _card(call, merchant, language)
    svg = card_pictures(card, design, merchant, (wanted.wallet,))[wanted.wallet]
    return Answer(body=svg.encode(), content_type=PreviewPicture.MEDIA_TYPE, headers=HEADERS)


def card_pictures(
    card: Card,
    design: PassDesign,
    merchant: Merchant,
    wallets: Sequence[str] = tuple(_TITLES),
    *,
    unsaved: Uploads = MappingProxyType({}),
) -> dict[str, str]:
    """Return an SVG of the card in each of the wallets, Apple's first.

    `unsaved` are the files, by id, of images the design names and nobody has kept.
    """

    def uploaded(image_id: str) -> Mapping[str, bytes]:
        kept = services().pass_images
        return unsaved.get(image_id) or kept.files(merchant.merchant_id, image_id) or {}

    drawn = {"apple": _apple, "google": _google}
    return {
        wallet: drawn[wallet](card, design, merchant, uploaded, _titled(wallet, merchant))
        for wallet in wallets
    }


def _titled(wallet: str, merchant: Merchant) -> str:
    return f"{_TITLES[wallet]} · {merchant.name}"


def _design(merchant_id: str, which: str) -> PassDesign:
    designs = services().pass_designs
    if which == "published":
        return designs.look(merchant_id).design
    document = designs.draft(merchant_id)
    if document is None:
        raise BadRequest("not_found", "there is no draft")
    return read_design(document)


def _card(call: Call[None], merchant: Merchant, language: Language) -> Card:
    """Return the card of a member, whose name only some keys may see, or a sample."""
    if call.query.member_id is None:
        program = program_of(call.merchant_id, services().merchants)
        return sample_card(program, merchant, language, call.at)
    if Scope.MEMBERS not in call.api_key.scopes:
        raise ScopeMissing
    member = MemberRef(call.merchant_id, call.query.member_id)
    view = view_member(member, at=call.at, directory=directory())
    card = card_of(view, view.account.pass_version)
    return card if card.language == language or not call.query.language else _turned(card)


def _turned(card: Card) -> Card:
    """Return the card in the other language."""
    above = card.next_tier
    if above is not None:
        text, other = above.to_spend_text, above.to_spend_other
        above = NextTier(above.name, other or text, text)
    return replace(card, language=OTHER[card.language], next_tier=above)


def _apple(
    card: Card, design: PassDesign, _merchant: Merchant, uploaded: Uploaded, title: str
) -> str:
    from passes.images import images_of  # lazy, as all drawing: a till never does
    from passes.previews import apple_card_svg

    def travelling(image_id: str) -> Mapping[str, bytes]:
        return of_passes(uploaded(image_id))

    images = images_of(design, colours_shown(card, design), travelling)
    return apple_card_svg(card, design, images, title=title)


def _google(
    card: Card, design: PassDesign, merchant: Merchant, uploaded: Uploaded, title: str
) -> str:
    from passes import artwork
    from passes.previews import GoogleSide, google_card_svg, google_hero, google_logo

    colours = design.colours or card.colours
    default = artwork.coloured(background=colours.background, foreground=colours.foreground)
    logo = design.logo or design.icon
    side = GoogleSide(
        country=merchant.country,
        colours=card.colours,
        logo=google_logo(uploaded(logo) if logo else {}, default["icon@3x.png"]),
        hero=google_hero(uploaded(design.strip) if design.strip else {}),
    )
    return google_card_svg(card, design, side, title=title)

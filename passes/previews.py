"""A card and its design as both wallets would show them: from what they would be sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.pass_designs import Colours, PassDesign
from passes.apple_card import store_card
from passes.apple_pass import LoyaltyPass, Page
from passes.apple_texts import merchant_texts, texts_of
from passes.card import Card
from passes.google_class import HERO, LOGO, Issuer, loyalty_class
from passes.google_object import GoogleFrame, loyalty_object
from passes.images import PassImages
from passes.preview_apple import apple_preview
from passes.preview_google import google_preview

_NOBODY: Final = "preview"  # identifiers that a picture does not show


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleSide:
    """What Google's card needs beside card and design."""

    country: str
    colours: Colours  # of a design that has none
    logo: bytes | None
    hero: bytes | None


def apple_card_svg(card: Card, design: PassDesign, images: PassImages, *, title: str) -> str:
    """Draw the card as an iPhone would show its pass."""
    page = Page(card, design, "")
    shared = merchant_texts(card, design, card.language)
    texts = {**shared, **texts_of(card, design)}
    made = LoyaltyPass(
        store_card(texts, design, page.shape(card.language)),
        passTypeIdentifier=_NOBODY,
        teamIdentifier=_NOBODY,
        organizationName=card.merchant_name,
    )
    made.describe(texts)
    made.dress(page, card.language)
    content = made.json_dict()
    return apple_preview(content, dict(images.images), language=card.language, title=title)


def google_card_svg(card: Card, design: PassDesign, side: GoogleSide, *, title: str) -> str:
    """Draw the card as an Android phone would show its object."""
    issuer = Issuer(
        issuer_id=_NOBODY,
        class_name=_NOBODY,
        merchant_name=card.merchant_name,
        program_name=card.program_name,
        country=side.country,
        language=card.language,
        images_url="",
        default_logo_url="",
        rules_url="",
        callback_url="",
    )
    frame = GoogleFrame(issuer_id=_NOBODY, class_name=_NOBODY, rules_url="")
    return google_preview(
        loyalty_class(issuer, design, side.colours),
        loyalty_object(card, design, frame),
        logo=side.logo,
        hero=side.hero,
        language=card.language,
        title=title,
    )


def google_logo(files: Mapping[str, bytes], default: bytes) -> bytes:
    """Return the logo of an image's files; the default one if there is none."""
    return files.get(LOGO, default)


def google_hero(files: Mapping[str, bytes]) -> bytes | None:
    """Return the hero image of an image's files."""
    return files.get(HERO)

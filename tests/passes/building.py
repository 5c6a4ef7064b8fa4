"""Builds passes as the tests of passes want them: everything said but what matters."""

from typing import Any

from chalicelib.domain.pass_designs import DEFAULT_DESIGN, PassDesign
from passes.apple import ApplePassSigner
from passes.apple_pass import LoyaltyPass
from passes.card import Card, colours_shown
from passes.images import default_images
from tests.passes.builders import WEB_SERVICE_URL, card
from tests.passes.reading import json_of


def built(
    signer: ApplePassSigner, shown: Card | None = None, design: PassDesign = DEFAULT_DESIGN
) -> bytes:
    """Give the `.pkpass` of a card with the default artwork."""
    shown = shown or card()
    images = default_images(colours_shown(shown, design))
    return signer.build(shown, design, images, web_service_url=WEB_SERVICE_URL)


def laid_out(
    signer: ApplePassSigner, shown: Card | None = None, design: PassDesign = DEFAULT_DESIGN
) -> LoyaltyPass:
    """Give wallet-py3k's model of a card's pass."""
    return signer.card_pass(shown or card(), design, web_service_url=WEB_SERVICE_URL)


def shown_json(
    signer: ApplePassSigner,
    shown: Card,
    url: str = WEB_SERVICE_URL,
    design: PassDesign = DEFAULT_DESIGN,
) -> dict[str, Any]:
    """Give the `pass.json` of a card."""
    images = default_images(shown.colours)
    return json_of(signer.build(shown, design, images, web_service_url=url))


def fields_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the fields of a `pass.json`, front and back."""
    return [field for place in content["storeCard"].values() for field in place]

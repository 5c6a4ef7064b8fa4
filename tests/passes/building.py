"""Builds passes as the tests of passes want them: everything said but what matters."""

from chalicelib.domain.pass_designs import DEFAULT_DESIGN, PassDesign
from passes.apple import ApplePassSigner
from passes.apple_pass import LoyaltyPass
from passes.card import Card, colours_shown
from passes.images import default_images
from tests.passes.builders import WEB_SERVICE_URL, card


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

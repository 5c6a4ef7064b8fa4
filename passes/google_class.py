"""A merchant's passes as Google's loyalty class: what all of its members' objects share.

One class for each merchant. Google draws a logo in a circle and wants one always; a merchant
who has uploaded none gets the default artwork in the card's colours. Google fetches images by
their address: public, never changing.

Source: Google Wallet API v1, "LoyaltyClass", discovery document revision 20260806; "Brand
guidelines", read 2026-11.
"""

from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.pass_designs import PLACES_MAX, Colours, PassDesign, Place
from passes.google_ids import resource_id
from passes.google_words import localized, of_card
from passes.wording import Language

NAME_LENGTH_MAX: Final = 20  # Google cuts longer ones
LOGO, HERO = "google-logo.png", "google-hero.png"
_MILLIONTHS: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Whose class it is, and where our side of it answers."""

    issuer_id: str
    class_name: str
    merchant_name: str
    program_name: str
    country: str  # ISO 3166-1 alpha-2
    language: Language
    images_url: str  # of the merchant's images: `{images_url}/{image}/{name}`
    default_logo_url: str
    rules_url: str
    callback_url: str


def loyalty_class(issuer: Issuer, design: PassDesign, colours: Colours) -> dict[str, Any]:
    """Give the class of a merchant's passes.

    Raises:
        ValueError: the class's name has characters Google refuses.
    """
    ground = (design.colours or colours).background
    logo = design.logo or design.icon
    logo_url = f"{issuer.images_url}/{logo}/{LOGO}" if logo else issuer.default_logo_url
    name = design.program_name or issuer.program_name
    holders = "ONE_USER_ALL_DEVICES" if design.is_sharing_prohibited else "MULTIPLE_HOLDERS"
    made: dict[str, Any] = {
        "id": resource_id(issuer.issuer_id, issuer.class_name),
        "issuerName": issuer.merchant_name[:NAME_LENGTH_MAX],
        "programName": name[:NAME_LENGTH_MAX],
        "programLogo": _image(logo_url),
        "reviewStatus": "UNDER_REVIEW",  # approves itself; a draft cannot be saved
        "hexBackgroundColor": ground.lower(),
        "countryCode": issuer.country,
        "multipleDevicesAndHoldersAllowedStatus": holders,
        "callbackOptions": {"url": issuer.callback_url},
        "homepageUri": {"id": "home", "uri": design.support.url or issuer.rules_url},
        "merchantLocations": [_place(one) for one in design.places[:PLACES_MAX]],
        **_labels(issuer.language),
    }
    if design.strip:
        made["heroImage"] = _image(f"{issuer.images_url}/{design.strip}/{HERO}")
    return made


def _labels(language: Language) -> dict[str, Any]:
    holder, number = of_card(lambda words: words.member), of_card(lambda words: words.code)
    return {
        "accountNameLabel": holder[language],
        "localizedAccountNameLabel": localized(holder, language),
        "accountIdLabel": number[language],
        "localizedAccountIdLabel": localized(number, language),
    }


def _image(url: str) -> dict[str, Any]:
    return {"sourceUri": {"uri": url}}


def _place(place: Place) -> dict[str, float]:
    # The one place where a float leaves the house: Google wants degrees as numbers.
    return {
        "latitude": place.latitude_e6 / _MILLIONTHS,
        "longitude": place.longitude_e6 / _MILLIONTHS,
    }

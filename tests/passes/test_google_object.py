"""A card as Google's loyalty object: what is on it, and that Google takes every form of it."""

import base64
import hashlib
import hmac
import itertools
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.domain.pass_designs import (
    DEFAULT_DESIGN,
    Colours,
    PassDesign,
    PassField,
    Place,
    Support,
    Symbology,
)
from local.google_schema import faults
from passes.google_class import Issuer, loyalty_class
from passes.google_object import (
    coupon_message,
    loyalty_object,
    phone_message,
    tier_message,
    voided_object,
)
from tests.passes.builders import CLASS_NAME, ISSUER_ID, card, english_card
from tests.passes.write_snapshots import google_frame

KEY = bytes(range(20))
FULL = PassDesign(
    version=3,
    program_name="Узор Бонус",
    colours=Colours("#0A3B12", "#FFFFFF", "#DDCEC3"),
    logo="img_logo",
    strip="img_strip",
    header=(PassField.TIER,),
    secondary=(PassField.STAMPS, PassField.EXPIRING),
    auxiliary=(PassField.NEXT_TIER,),
    symbology=Symbology.AZTEC,
    is_sharing_prohibited=False,
    expires_on=date(2027, 12, 31),
    places=tuple(Place(f"store {n}", 55_751_244, 37_618_423 + n) for n in range(10)),
    support=Support("+74950000000", "help@uzor.example", "https://uzor.example"),
)
DESIGNS = {"default": DEFAULT_DESIGN, "full": FULL}
CARDS = {
    "ru": card(),
    "en": english_card(),
    "new": card(points=0, tier_name=None, next_tier=None, next_expiry=None, stamps=None),
    "rich": card(points=9_999_999, member_name="Константин Константинопольский-Задунайский"),
    "nameless": card(member_name=""),
    "voided": card(is_voided=True),
    "stamps": card(points=0, has_points=False),
    "discount": card(points=0, has_points=False, stamps=None, discount_ppm=75_000),
    "tier": card(points=0, has_points=False, stamps=None),
}
ISSUER = Issuer(
    issuer_id=ISSUER_ID,
    class_name=CLASS_NAME,
    merchant_name="Пекарня «Узор» на Покровке",
    program_name="Бонусы пекарни «Узор»",
    country="RU",
    language="ru",
    images_url="https://cards.example/wallet/images/uzor",
    default_logo_url="https://cards.example/wallet/google/logo/7a3b12-ffffff.png",
    rules_url="https://cards.example/r/uzor",
    callback_url="https://cards.example/wallet/google/callback",
)
COLOURS = Colours("#7A3B12", "#FFFFFF", "#F4E3CF")


@pytest.mark.parametrize(
    ("shown", "design", "symbology", "key"),
    list(itertools.product(CARDS, DESIGNS, Symbology, [None, KEY])),
)
def test_google_takes_every_object(
    shown: str, design: str, symbology: Symbology, key: bytes | None
) -> None:
    drawn = replace(DESIGNS[design], symbology=symbology)

    made = loyalty_object(CARDS[shown], drawn, google_frame(key))

    assert faults("LoyaltyObject", made) == []
    assert ("barcode" in made) is not ("rotatingBarcode" in made)
    assert len(made["accountName"]) <= 20
    assert len(made["accountId"]) <= 20
    assert len(made.get("loyaltyPoints", {}).get("label", "")) <= 9


@pytest.mark.parametrize("design", DESIGNS)
def test_google_takes_every_class(design: str) -> None:
    made = loyalty_class(ISSUER, DESIGNS[design], COLOURS)

    assert faults("LoyaltyClass", made) == []
    assert len(made["issuerName"]) <= 20
    assert len(made["programName"]) <= 20


@pytest.mark.parametrize("language", ["ru", "en"])
def test_google_takes_every_message(language: Any) -> None:
    made = [
        tier_message(7, "Золото", language),
        coupon_message(8, language),
        phone_message(9, language),
    ]

    assert [faults("AddMessageRequest", {"message": one}) for one in made] == [[]] * 3


def test_a_voided_object_keeps_nothing_of_the_member() -> None:
    made = voided_object(card().serial_number, google_frame())

    assert faults("LoyaltyObject", made) == []
    assert made.keys() == {"id", "classId", "state"}
    assert made["state"] == "EXPIRED"


@pytest.mark.parametrize(
    "planted",
    [
        {"state": "GOOD"},
        {"points": 5},
        {"loyaltyPoints": {"balance": {"int": "5"}}},
        {"rotatingBarcode": {"totpDetails": {"periodMillis": 30_000}}},
        {"textModulesData": {"header": "no list"}},
    ],
)
def test_the_document_finds_planted_errors(planted: dict[str, Any]) -> None:
    made = loyalty_object(card(), DEFAULT_DESIGN, google_frame())

    assert faults("LoyaltyObject", {**made, **planted}) != []


def test_the_designs_fields_come_first_and_in_its_order() -> None:
    made = loyalty_object(card(), FULL, google_frame())

    assert [one["id"] for one in made["textModulesData"]] == [
        *("stamps", "expiry", "next_tier", "as_of")
    ]


def test_the_object_says_of_when_it_is_and_that_nothing_can_be_redeemed() -> None:
    until = datetime(2026, 11, 25, 11, 5, tzinfo=UTC)

    shown = loyalty_object(card(paused_until=until), DEFAULT_DESIGN, google_frame())

    modules = {one["id"]: one for one in shown["textModulesData"]}
    assert modules["as_of"]["header"] == "Баланс на"
    assert modules["as_of"]["body"] == "20 ноября 2026 г., 14:05"
    assert modules["redeeming"]["body"].startswith("закрыто до 25 ноября 2026 г., 14:05: ")


def test_the_tier_stands_where_the_design_wants_it() -> None:
    without = replace(FULL, header=())

    shown = loyalty_object(card(), FULL, google_frame())
    hidden = loyalty_object(card(), without, google_frame())

    assert shown["secondaryLoyaltyPoints"]["balance"] == {"string": "Серебро"}
    assert "secondaryLoyaltyPoints" not in hidden


@pytest.mark.parametrize(
    ("shown", "balance"),
    [
        ("ru", {"int": 1240}),
        ("stamps", {"string": "4 из 6"}),
        ("discount", {"string": "7,5\u00a0%"}),
        ("tier", {"string": "Серебро"}),
    ],
)
def test_a_program_without_points_leads_with_something_else(
    shown: str, balance: dict[str, Any]
) -> None:
    made = loyalty_object(CARDS[shown], FULL, google_frame())

    assert made["loyaltyPoints"]["balance"] == balance


def test_texts_are_in_both_languages_the_members_first() -> None:
    label = loyalty_object(english_card(), FULL, google_frame())["loyaltyPoints"]

    assert label["label"] == "Points"
    assert label["localizedLabel"] == {
        "defaultValue": {"language": "en", "value": "Points"},
        "translatedValues": [{"language": "ru", "value": "Баллы"}],
    }


def test_the_links_lead_to_card_rules_and_support() -> None:
    uris = loyalty_object(card(), FULL, google_frame())["linksModuleData"]["uris"]

    assert {one["id"]: one["uri"] for one in uris} == {
        "card": "https://cards.example/c/uzor.Zk3vQ0",
        "rules": "https://cards.example/r/uzor",
        "phone": "tel:+74950000000",
        "email": "mailto:help@uzor.example",
        "site": "https://uzor.example",
    }


def test_a_static_code_may_be_pictured_only_if_cards_may_be_shared() -> None:
    kinds = [
        loyalty_object(card(), design, google_frame(key))["passConstraints"]
        for design, key in ((FULL, None), (DEFAULT_DESIGN, None), (FULL, KEY))
    ]

    assert [one["screenshotEligibility"] for one in kinds] == [
        "ELIGIBLE",
        "INELIGIBLE",
        "INELIGIBLE",
    ]


def test_the_code_is_drawn_as_the_design_says() -> None:
    made = loyalty_object(card(), FULL, google_frame())

    assert made["barcode"] == {
        "type": "AZTEC",
        "alternateText": "7Q2M-8K4D-9XAB-9",
        "value": "L17Q2M8K4D9XAB",
    }


def _totp(key_base16: str, seconds: int, period: int, digits: int) -> str:
    """Make a code as a phone does (RFC 6238 over SHA-1)."""
    counter = (seconds // period).to_bytes(8, "big")
    digest = hmac.digest(base64.b16decode(key_base16), counter, hashlib.sha1)
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def test_a_phone_makes_a_rotating_code_of_twenty_symbols() -> None:
    # RFC 6238's own key and one of its test moments: 94287082 at 59 s, six digits of it.
    key = b"12345678901234567890"

    made = loyalty_object(card(), FULL, google_frame(key))["rotatingBarcode"]

    details = made["totpDetails"]
    (parameter,) = details["parameters"]
    period = int(details["periodMillis"]) // 1000
    code = _totp(parameter["key"], 59, period, parameter["valueLength"])
    shown = made["valuePattern"].replace("{totp_value_0}", code)
    assert details["algorithm"] == "TOTP_SHA1"
    assert shown == "L27Q2M8K4D9XAB287082"
    assert len(shown) == 20


def test_the_class_has_the_designs_images_and_places() -> None:
    made = loyalty_class(ISSUER, FULL, COLOURS)

    base = "https://cards.example/wallet/images/uzor"
    assert made["programLogo"] == {"sourceUri": {"uri": f"{base}/img_logo/google-logo.png"}}
    assert made["heroImage"] == {"sourceUri": {"uri": f"{base}/img_strip/google-hero.png"}}
    assert made["hexBackgroundColor"] == "#0a3b12"
    assert len(made["merchantLocations"]) == 10
    assert made["merchantLocations"][0] == {"latitude": 55.751244, "longitude": 37.618423}
    assert made["multipleDevicesAndHoldersAllowedStatus"] == "MULTIPLE_HOLDERS"


def test_without_a_design_the_class_has_the_merchants_colours_and_our_logo() -> None:
    made = loyalty_class(ISSUER, DEFAULT_DESIGN, COLOURS)

    assert made["programLogo"] == {"sourceUri": {"uri": ISSUER.default_logo_url}}
    assert made["hexBackgroundColor"] == "#7a3b12"
    assert made["multipleDevicesAndHoldersAllowedStatus"] == "ONE_USER_ALL_DEVICES"
    assert made["reviewStatus"] == "UNDER_REVIEW"
    assert made["callbackOptions"] == {"url": "https://cards.example/wallet/google/callback"}
    assert "heroImage" not in made


def test_a_merchants_text_is_never_a_pattern() -> None:
    made = tier_message(7, "{tier} {0} %s", "en")

    assert made["body"] == "Your tier is now {tier} {0} %s"

"""What a design and its end do to an Apple pass, and what a pass refuses to be."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.pass_designs import (
    Colours,
    PassDesign,
    Place,
    Support,
    Symbology,
)
from passes.apple import ApplePassSigner
from passes.apple_rules import InvalidPass
from tests.passes.builders import WEB_SERVICE_URL, card, voided
from tests.passes.building import built, fields_of, laid_out, shown_json
from tests.passes.reading import Verifier, files_of, json_of

QR = {
    "format": "PKBarcodeFormatQR",
    "message": "L17Q2M8K4D9XAB",
    "messageEncoding": "iso-8859-1",
    "altText": "7Q2M-8K4D-9XAB-9",
}


@pytest.mark.parametrize(
    ("symbology", "barcodes", "alone"),
    [
        (Symbology.QR, [QR], QR["format"]),
        (
            Symbology.AZTEC,
            [{**QR, "format": "PKBarcodeFormatAztec"}, QR],
            "PKBarcodeFormatAztec",
        ),
        (
            Symbology.PDF417,
            [{**QR, "format": "PKBarcodeFormatPDF417"}, QR],
            "PKBarcodeFormatPDF417",
        ),
        (Symbology.CODE128, [{**QR, "format": "PKBarcodeFormatCode128"}, QR], QR["format"]),
    ],
)
def test_the_code_is_drawn_as_the_design_says_and_else_as_a_qr_code(
    symbology: Symbology,
    barcodes: list[dict[str, str]],
    alone: str,
    signer: ApplePassSigner,
) -> None:
    content = shown_json(signer, card(), design=PassDesign(symbology=symbology))

    assert content["barcodes"] == barcodes
    assert content["barcode"] == {**QR, "format": alone}


def test_a_voided_pass_names_nobody_and_opens_nothing(
    signer: ApplePassSigner, openssl_accepts: Verifier
) -> None:
    design = PassDesign(places=(Place("Мира, 12", 58_010_450, 56_229_434),))

    pkpass = built(signer, voided(), design)

    content = json_of(pkpass)
    assert content["voided"] is True
    assert content["serialNumber"] == card().serial_number
    assert not {"barcode", "barcodes", "locations"} & content.keys()
    assert [(field["key"], field["value"]) for field in fields_of(content)] == [
        ("voided", "закрыта"),
        ("about", "Узор Бонус · Пекарня «Узор»"),
        ("rules_url", "https://cards.example/r/uzor"),
    ]
    assert openssl_accepts(files_of(pkpass))


def test_what_a_voided_card_still_holds_is_not_shown(signer: ApplePassSigner) -> None:
    shown = str(shown_json(signer, card(is_voided=True)))

    assert not any(text in shown for text in ("Елена", "L17Q2M", "1240", "Серебро", "Zk3vQ0"))


@pytest.mark.parametrize("is_prohibited", [True, False])
def test_sharing_is_as_the_design_says(is_prohibited: bool, signer: ApplePassSigner) -> None:
    content = shown_json(signer, card(), design=PassDesign(is_sharing_prohibited=is_prohibited))

    assert content.get("sharingProhibited", False) is is_prohibited


def test_a_pass_expires_at_the_end_of_the_day_in_the_programs_zone(
    signer: ApplePassSigner,
) -> None:
    shown = card(zone=ZoneInfo("Asia/Yekaterinburg"))

    content = shown_json(signer, shown, design=PassDesign(expires_on=date(2026, 12, 31)))

    assert content["expirationDate"] == "2026-12-31T23:59:59+05:00"


def test_the_phone_is_told_of_ten_places_at_most_in_the_members_language(
    signer: ApplePassSigner,
) -> None:
    first = Place(
        "Мира, 12", 58_010_450, 56_229_434, {"ru": "Булочки ещё тёплые", "en": "Warm"}
    )
    design = PassDesign(places=(first, *[Place("Парк", 58_000_000, -1)] * 10), near_m=300)

    content = shown_json(signer, card(), design=design)

    assert content["locations"][:2] == [
        {"latitude": 58.01045, "longitude": 56.229434, "relevantText": "Булочки ещё тёплые"},
        {"latitude": 58.0, "longitude": -0.000001, "relevantText": "Парк"},
    ]
    assert len(content["locations"]) == 10
    assert content["maxDistance"] == 300


def test_a_tier_with_colours_of_its_own_is_shown_in_them(signer: ApplePassSigner) -> None:
    plain, silver = (
        Colours("#000001", "#FFFFFF", "#EEEEEE"),
        Colours("#C0C0C0", "#000000", "#333333"),
    )
    design = PassDesign(colours=plain, tier_colours={"Серебро": silver})

    tiers = [
        shown_json(signer, card(tier_name=name), design=design)
        for name in ("Серебро", "Золото")
    ]

    assert [content["backgroundColor"] for content in tiers] == [
        "rgb(192, 192, 192)",
        "rgb(0, 0, 1)",
    ]


def test_a_design_may_call_the_program_otherwise(signer: ApplePassSigner) -> None:
    content = shown_json(signer, card(), design=PassDesign(program_name="Узор"))

    assert content["logoText"] == "Узор"
    assert content["description"] == "Карта «Узор»"


def test_designs_with_one_version_number_are_not_mixed_up(signer: ApplePassSigner) -> None:
    one, other = (PassDesign(version=1, support=Support(phone)) for phone in ("101", "102"))

    shown = [str(shown_json(signer, card(), design=design)) for design in (one, other, one)]

    assert ["101" in text for text in shown] == [True, False, True]


@pytest.mark.parametrize(
    ("changes", "url", "reason"),
    [
        ({"authentication_token": "short"}, WEB_SERVICE_URL, "16 characters"),
        ({"serial_number": ""}, WEB_SERVICE_URL, "serialNumber"),
        ({"merchant_name": ""}, WEB_SERVICE_URL, "organizationName"),
        ({"points": 1.5}, WEB_SERVICE_URL, "whole number"),
        ({"points": True}, WEB_SERVICE_URL, "whole number"),
        ({}, f"{WEB_SERVICE_URL}/v1", "/v1"),
        ({}, "ftp://cards.example", "http address"),
    ],
)
def test_what_wallet_would_drop_in_silence_is_refused(
    changes: dict[str, Any], url: str, reason: str, signer: ApplePassSigner
) -> None:
    with pytest.raises(InvalidPass, match=reason):
        shown_json(signer, card(**changes), url)


def test_two_fields_with_one_key_are_refused(signer: ApplePassSigner) -> None:
    made = laid_out(signer)
    made.passInformation.addBackField("points", "1240", "Again")

    with pytest.raises(InvalidPass, match="two fields"):
        made.json_dict()


def test_a_fifth_field_under_the_strip_is_refused(signer: ApplePassSigner) -> None:
    made = laid_out(signer)
    made.passInformation.addAuxiliaryField("city", "Perm", "City")
    made.passInformation.addAuxiliaryField("street", "Mira 12", "Street")

    with pytest.raises(InvalidPass, match="5 fields under the strip"):
        made.json_dict()


def test_a_barcode_that_its_encoding_cannot_hold_is_refused(signer: ApplePassSigner) -> None:
    made = laid_out(signer)
    made.set("barcodes", [{**QR, "message": "Узор"}])

    with pytest.raises(InvalidPass, match="encoding"):
        made.json_dict()


def test_a_key_apple_does_not_know_is_refused(signer: ApplePassSigner) -> None:
    made = laid_out(signer)

    with pytest.raises(InvalidPass, match="exprirationDate"):
        made.set("exprirationDate", "2027-01-01T00:00+05:00")


def test_a_key_wallet_py3k_misspells_can_be_set(signer: ApplePassSigner) -> None:
    made = laid_out(signer)

    made.set("expirationDate", "2027-01-01T00:00+05:00")

    assert made.json_dict()["expirationDate"] == "2027-01-01T00:00+05:00"

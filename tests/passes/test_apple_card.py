"""Where an Apple pass shows what, and what it refuses to be."""

from typing import Any

import pytest

from passes.apple import ApplePassSigner
from passes.apple_rules import InvalidPass
from passes.card import Card
from tests.passes.builders import WEB_SERVICE_URL, card


def _json(signer: ApplePassSigner, shown: Card, url: str = WEB_SERVICE_URL) -> dict[str, Any]:
    content: dict[str, Any] = signer.card_pass(shown, web_service_url=url).json_dict()
    return content


def _fields(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [field for place in content["storeCard"].values() for field in place]


def test_only_points_and_tier_announce_their_change(signer: ApplePassSigner) -> None:
    content = _json(signer, card())

    announcing = [field["key"] for field in _fields(content) if "changeMessage" in field]
    assert announcing == ["tier", "points"]


@pytest.mark.parametrize(
    ("points", "label", "message"),
    [
        (0, "баллов", "На карте %@ баллов"),
        (1, "балл", "На карте %@ балл"),
        (2, "балла", "На карте %@ балла"),
        (5, "баллов", "На карте %@ баллов"),
    ],
)
def test_points_are_a_number_with_the_right_noun(
    points: int, label: str, message: str, signer: ApplePassSigner
) -> None:
    content = _json(signer, card(points=points))

    assert content["storeCard"]["primaryFields"] == [
        {
            "key": "points",
            "value": points,
            "label": label,
            "changeMessage": message,
            "numberStyle": "PKNumberStyleDecimal",
        }
    ]


def test_the_barcode_is_a_qr_code_of_the_code_with_the_typed_form_under_it(
    signer: ApplePassSigner,
) -> None:
    content = _json(signer, card())

    assert content["barcodes"] == [
        {
            "format": "PKBarcodeFormatQR",
            "message": "L17Q2M8K4D9XAB",
            "messageEncoding": "iso-8859-1",
            "altText": "7Q2M-8K4D-9XAB-9",
        }
    ]
    assert content["barcode"] == content["barcodes"][0]


def test_a_bare_card_has_no_nulls_and_nothing_empty(signer: ApplePassSigner) -> None:
    bare = card(
        member_name="",
        tier_name=None,
        tier_until=None,
        next_tier=None,
        next_expiry=None,
        stamps=None,
        points=0,
    )

    content = _json(signer, bare)

    assert _empty_places(content) == []
    assert "voided" not in content
    assert [field["key"] for field in _fields(content)] == [
        "points",
        "program",
        "code",
        "card_page",
    ]


def _empty_places(content: Any, path: str = "") -> list[str]:
    if content is None or content in ("", [], {}):
        return [path]
    if isinstance(content, dict):
        return [
            p for key, part in content.items() for p in _empty_places(part, f"{path}/{key}")
        ]
    if isinstance(content, list):
        return [p for part in content for p in _empty_places(part, f"{path}/*")]
    return []


def test_a_voided_card_says_so(signer: ApplePassSigner) -> None:
    assert _json(signer, card(is_voided=True))["voided"] is True


def test_the_pass_cannot_be_shared(signer: ApplePassSigner) -> None:
    assert _json(signer, card())["sharingProhibited"] is True


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
        _json(signer, card(**changes), url)


def test_two_fields_with_one_key_are_refused(signer: ApplePassSigner) -> None:
    made = signer.card_pass(card(), web_service_url=WEB_SERVICE_URL)
    made.passInformation.addBackField("points", "1240", "Again")

    with pytest.raises(InvalidPass, match="two fields"):
        made.json_dict()


def test_a_fifth_field_under_the_strip_is_refused(signer: ApplePassSigner) -> None:
    made = signer.card_pass(card(), web_service_url=WEB_SERVICE_URL)
    made.passInformation.addAuxiliaryField("city", "Perm", "City")
    made.passInformation.addAuxiliaryField("street", "Mira 12", "Street")

    with pytest.raises(InvalidPass, match="5 fields under the strip"):
        made.json_dict()


def test_a_barcode_that_its_encoding_cannot_hold_is_refused(signer: ApplePassSigner) -> None:
    made = signer.card_pass(card(), web_service_url=WEB_SERVICE_URL)
    made.barcode.message = "Узор"

    with pytest.raises(InvalidPass, match="encoding"):
        made.json_dict()


def test_a_key_apple_does_not_know_is_refused(signer: ApplePassSigner) -> None:
    made = signer.card_pass(card(), web_service_url=WEB_SERVICE_URL)

    with pytest.raises(InvalidPass, match="exprirationDate"):
        made.set("exprirationDate", "2027-01-01T00:00+05:00")


def test_a_key_wallet_py3k_misspells_can_be_set(signer: ApplePassSigner) -> None:
    made = signer.card_pass(card(), web_service_url=WEB_SERVICE_URL)

    made.set("expirationDate", "2027-01-01T00:00+05:00")

    assert made.json_dict()["expirationDate"] == "2027-01-01T00:00+05:00"

"""Where an Apple pass shows what, and what it refuses to be."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.entries import EntryKind
from chalicelib.domain.pass_designs import (
    DEFAULT_DESIGN,
    Colours,
    PassDesign,
    PassField,
    Place,
    Support,
    Symbology,
)
from passes.apple import ApplePassSigner
from passes.apple_rules import InvalidPass
from passes.card import Card, HistoryLine, News, Stamps
from passes.images import default_images
from tests.passes.builders import WEB_SERVICE_URL, card, voided
from tests.passes.building import built, laid_out
from tests.passes.reading import Verifier, files_of, json_of


def _json(
    signer: ApplePassSigner,
    shown: Card,
    url: str = WEB_SERVICE_URL,
    design: PassDesign = DEFAULT_DESIGN,
) -> dict[str, Any]:
    images = default_images(shown.colours)
    return json_of(signer.build(shown, design, images, web_service_url=url))


def _fields(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [field for place in content["storeCard"].values() for field in place]


def _announcing(content: dict[str, Any]) -> dict[str, str]:
    return {
        field["key"]: field["changeMessage"]
        for field in _fields(content)
        if "changeMessage" in field
    }


@pytest.mark.parametrize(
    ("news", "announcing"),
    [
        (News.POINTS, {"points": "На карте %@ баллов"}),
        (News.TIER, {"tier": "Ваш уровень: %@"}),
    ],
)
def test_one_field_announces_the_newest_change(
    news: News, announcing: dict[str, str], signer: ApplePassSigner
) -> None:
    assert _announcing(_json(signer, card(news=news))) == announcing


def test_a_new_tier_that_is_not_on_the_front_is_announced_by_the_points(
    signer: ApplePassSigner,
) -> None:
    design = PassDesign(header=())

    assert _announcing(_json(signer, card(news=News.TIER), design=design)).keys() == {"points"}


@pytest.mark.parametrize(
    ("news", "given", "announced"),
    [
        (News.POINTS, "{balance} — 100% ваши", "%@ — 100%% ваши"),
        (News.POINTS, "{balance.real} {0} {balance}", "{balance.real} {0} %@"),
        (News.POINTS, "ни числа", "На карте %@ баллов"),
        (News.POINTS, "{balance} {balance}", "На карте %@ баллов"),
        (News.TIER, "%@ %s: {tier}", "%%@ %%s: %@"),
    ],
)
def test_a_designs_own_message_is_never_a_template_of_anything_else(
    news: News, given: str, announced: str, signer: ApplePassSigner
) -> None:
    design = PassDesign(points_changed={"ru": given}, tier_changed={"ru": given})

    [message] = _announcing(_json(signer, card(news=news), design=design)).values()

    assert message == announced


@pytest.mark.parametrize(
    ("changes", "leading"),
    [
        ({}, ("points", 1240)),
        ({"has_points": False}, ("stamps", "4 из 6")),
        (
            {"has_points": False, "stamps": None, "discount_ppm": 75_000},
            ("discount", "7,5\xa0%"),
        ),
        ({"has_points": False, "stamps": None}, ("tier", "Серебро")),
    ],
)
def test_a_card_without_points_leads_with_something_else(
    changes: dict[str, Any], leading: tuple[str, Any], signer: ApplePassSigner
) -> None:
    content = _json(signer, card(**changes))

    [primary] = content["storeCard"]["primaryFields"]
    assert (primary["key"], primary["value"]) == leading
    assert list(_announcing(content)) == [leading[0]]


def test_a_card_with_nothing_to_lead_with_has_no_primary_field(signer: ApplePassSigner) -> None:
    content = _json(signer, card(has_points=False, stamps=None, tier_name=None))

    assert "primaryFields" not in content["storeCard"]


def test_a_stamp_card_announces_its_stamps(signer: ApplePassSigner) -> None:
    content = _json(signer, card(has_points=False, stamps=Stamps(5, 6)))

    assert _announcing(content) == {"stamps": "Штампов на карте: %@"}


def test_fields_stand_where_the_design_places_them_and_once(signer: ApplePassSigner) -> None:
    design = PassDesign(
        header=(PassField.STAMPS, PassField.DISCOUNT),
        secondary=(PassField.STAMPS, PassField.NEXT_TIER, PassField.MEMBER),
        auxiliary=(PassField.TIER, PassField.EXPIRING),
    )

    shown = _json(signer, card(discount_ppm=100_000), design=design)["storeCard"]

    rows = {
        place: [field["key"] for field in shown[place]]
        for place in ("headerFields", "secondaryFields", "auxiliaryFields")
    }
    assert rows == {
        "headerFields": ["stamps", "discount"],
        "secondaryFields": ["next_tier", "member"],
        "auxiliaryFields": ["tier", "expiring"],
    }


def test_a_design_with_too_many_fields_shows_the_first_four_under_the_strip(
    signer: ApplePassSigner,
) -> None:
    design = PassDesign(
        header=(),
        secondary=(PassField.MEMBER, PassField.EXPIRING, PassField.STAMPS),
        auxiliary=(PassField.TIER, PassField.NEXT_TIER),
    )

    shown = _json(signer, card(), design=design)["storeCard"]

    assert [field["key"] for field in shown["auxiliaryFields"]] == ["tier"]


def test_the_back_tells_what_the_front_has_no_room_for(signer: ApplePassSigner) -> None:
    design = PassDesign(support=Support("+7 342 200-00-00", "hello@uzor.example"))

    back = {
        field["key"]: field
        for field in _json(signer, card(), design=design)["storeCard"]["backFields"]
    }

    assert list(back) == [
        *("about", "tier_until", "to_next_tier", "expiry", "history", "code_text"),
        *("card_url", "rules_url", "support"),
    ]
    assert back["rules_url"]["value"] == "https://cards.example/r/uzor"
    assert back["rules_url"]["attributedValue"] == (
        "<a href='https://cards.example/r/uzor'>Открыть</a>"
    )
    assert back["support"]["value"] == "+7 342 200-00-00\nhello@uzor.example"


def test_the_back_lists_the_latest_entries_with_day_points_and_reason(
    signer: ApplePassSigner,
) -> None:
    lines = (
        HistoryLine(date(2026, 11, 20), 44, EntryKind.PURCHASE),
        HistoryLine(date(2025, 12, 31), -1286, EntryKind.EXPIRE),
    )

    content = _json(signer, card(history=lines))

    [shown] = [field for field in _fields(content) if field["key"] == "history"]
    assert shown["value"] == (
        "20 нояб. 2026 · +44 · Покупка\n31 дек. 2025 · −1\xa0286 · Баллы сгорели"
    )


def test_an_address_cannot_break_out_of_its_link(signer: ApplePassSigner) -> None:
    content = _json(signer, card(rules_url="https://cards.example/r/a'b&c<d"))

    [shown] = [field for field in _fields(content) if field["key"] == "rules_url"]
    assert shown["attributedValue"].startswith(
        "<a href='https://cards.example/r/a&#x27;b&amp;c&lt;d'>"
    )


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
    content = _json(signer, card(), design=PassDesign(symbology=symbology))

    assert content["barcodes"] == barcodes
    assert content["barcode"] == {**QR, "format": alone}


def test_a_bare_card_has_no_nulls_and_nothing_empty(signer: ApplePassSigner) -> None:
    bare = card(
        member_name="",
        tier_name=None,
        tier_until=None,
        next_tier=None,
        next_expiry=None,
        stamps=None,
        points=0,
        history=(),
        rules_url="",
    )

    content = _json(signer, bare)

    assert _empty_places(content) == []
    assert "voided" not in content
    assert [field["key"] for field in _fields(content)] == [
        "points",
        "about",
        "code_text",
        "card_url",
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


def test_a_voided_pass_names_nobody_and_opens_nothing(
    signer: ApplePassSigner, openssl_accepts: Verifier
) -> None:
    design = PassDesign(places=(Place("Мира, 12", 58_010_450, 56_229_434),))

    pkpass = built(signer, voided(), design)

    content = json_of(pkpass)
    assert content["voided"] is True
    assert content["serialNumber"] == card().serial_number
    assert not {"barcode", "barcodes", "locations"} & content.keys()
    assert [(field["key"], field["value"]) for field in _fields(content)] == [
        ("voided", "закрыта"),
        ("about", "Узор Бонус · Пекарня «Узор»"),
        ("rules_url", "https://cards.example/r/uzor"),
    ]
    assert openssl_accepts(files_of(pkpass))


def test_what_a_voided_card_still_holds_is_not_shown(signer: ApplePassSigner) -> None:
    shown = str(_json(signer, card(is_voided=True)))

    assert not any(text in shown for text in ("Елена", "L17Q2M", "1240", "Серебро", "Zk3vQ0"))


@pytest.mark.parametrize("is_prohibited", [True, False])
def test_sharing_is_as_the_design_says(is_prohibited: bool, signer: ApplePassSigner) -> None:
    content = _json(signer, card(), design=PassDesign(is_sharing_prohibited=is_prohibited))

    assert content.get("sharingProhibited", False) is is_prohibited


def test_a_pass_expires_at_the_end_of_the_day_in_the_programs_zone(
    signer: ApplePassSigner,
) -> None:
    shown = card(zone=ZoneInfo("Asia/Yekaterinburg"))

    content = _json(signer, shown, design=PassDesign(expires_on=date(2026, 12, 31)))

    assert content["expirationDate"] == "2026-12-31T23:59:59+05:00"


def test_the_phone_is_told_of_ten_places_at_most_in_the_members_language(
    signer: ApplePassSigner,
) -> None:
    first = Place(
        "Мира, 12", 58_010_450, 56_229_434, {"ru": "Булочки ещё тёплые", "en": "Warm"}
    )
    design = PassDesign(places=(first, *[Place("Парк", 58_000_000, -1)] * 10), near_m=300)

    content = _json(signer, card(), design=design)

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
        _json(signer, card(tier_name=name), design=design) for name in ("Серебро", "Золото")
    ]

    assert [content["backgroundColor"] for content in tiers] == [
        "rgb(192, 192, 192)",
        "rgb(0, 0, 1)",
    ]


def test_a_design_may_call_the_program_otherwise(signer: ApplePassSigner) -> None:
    content = _json(signer, card(), design=PassDesign(program_name="Узор"))

    assert content["logoText"] == "Узор"
    assert content["description"] == "Карта «Узор»"


def test_designs_with_one_version_number_are_not_mixed_up(signer: ApplePassSigner) -> None:
    one, other = (PassDesign(version=1, support=Support(phone)) for phone in ("101", "102"))

    shown = [str(_json(signer, card(), design=design)) for design in (one, other, one)]

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
        _json(signer, card(**changes), url)


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

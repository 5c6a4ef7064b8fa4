"""Every pass is a package that Wallet takes: over cards and designs of all kinds.

Keys, values and sizes as Apple has them: "Pass", "PassFieldContent", "Pass.Barcodes",
"Creating the Source for a Pass", read 2026-11.
"""

import hashlib
import json
import re
import struct
import zipfile
from datetime import date
from io import BytesIO
from itertools import product
from typing import Any

import pytest

from chalicelib.domain.pass_designs import (
    Colours,
    PassDesign,
    PassField,
    Place,
    Support,
    Symbology,
)
from passes.apple import ApplePassSigner
from passes.card import Card, Expiry, News
from tests.passes.builders import card, english_card, voided
from tests.passes.building import built, laid_out
from tests.passes.reading import Verifier, files_of, json_of
from tests.passes.strings_file import read_strings

PASS_BYTES_MAX = 40_000
TOP_LEVEL = {
    *("authenticationToken", "backgroundColor", "barcode", "barcodes", "description"),
    *("expirationDate", "foregroundColor", "formatVersion", "labelColor", "locations"),
    *("logoText", "maxDistance", "organizationName", "passTypeIdentifier", "serialNumber"),
    *("sharingProhibited", "storeCard", "teamIdentifier", "userInfo", "voided"),
    "webServiceURL",
}
PLACES = {"headerFields", "primaryFields", "secondaryFields", "auxiliaryFields", "backFields"}
FIELD = {
    *("attributedValue", "changeMessage", "key", "label", "numberStyle", "textAlignment"),
    *("dateStyle", "ignoresTimeZone", "timeStyle", "value"),
}
FORMATS = {f"PKBarcodeFormat{name}" for name in ("QR", "Aztec", "PDF417", "Code128")}
ALIGNMENTS = {f"PKTextAlignment{name}" for name in ("Left", "Center", "Right", "Natural")}
W3C = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
SIZES = {"icon": (38, 38), "logo": (160, 50), "strip": (375, 123)}
LONG = "Ж" * 60

CARDS = {
    "russian": card(),
    "english": english_card(),
    "promoted": card(news=News.TIER, tier_name="Золото", next_tier=None),
    "bare": card(
        member_name="", tier_name=None, tier_until=None, next_tier=None, next_expiry=None,
        stamps=None, history=(), points=0, rules_url="",
    ),
    "rich": card(points=9_999_999, next_expiry=Expiry(1_234_567, date(2027, 1, 31))),
    "wordy": card(
        member_name=LONG, merchant_name=LONG, program_name=f'{LONG} "№ 1" \\ и другие',
        tier_name=LONG,
    ),
    "stamps": card(has_points=False, points=0, next_expiry=None, history=()),
    "discount": card(has_points=False, stamps=None, discount_ppm=125_000),
    "voided": voided(),
}  # fmt: skip
FULL = PassDesign(
    version=7,
    program_name="Узор",
    colours=Colours("#7a3b12", "#ffffff", "#f4e3cf"),
    tier_colours={"Серебро": Colours("#c0c0c0", "#000000", "#333333")},
    header=(PassField.NEXT_TIER, PassField.TIER),
    secondary=(PassField.MEMBER, PassField.STAMPS, PassField.DISCOUNT),
    auxiliary=(PassField.EXPIRING, PassField.TIER),
    is_sharing_prohibited=False,
    expires_on=date(2027, 6, 30),
    places=tuple(Place(f"Магазин {n}", 58_000_000 + n, -56_000_000 - n) for n in range(10)),
    near_m=150,
    support=Support("+7 342 200-00-00", "hello@uzor.example", "https://uzor.example/help"),
    points_changed={"ru": "На счету {balance}", "en": "{balance} in all"},
    tier_changed={"ru": "Вы теперь {tier}"},
)
DESIGNS = {
    "full": FULL,
    **{symbology.value: PassDesign(symbology=symbology) for symbology in Symbology},
}
MATRIX = [
    pytest.param(CARDS[shown], DESIGNS[design], id=f"{shown}-{design}")
    for shown, design in product(CARDS, DESIGNS)
]
every_pass = pytest.mark.parametrize(("shown", "design"), MATRIX)


@every_pass
def test_the_package_is_whole(shown: Card, design: PassDesign, signer: ApplePassSigner) -> None:
    pkpass = built(signer, shown, design)

    files = files_of(pkpass)
    content = {name: files[name] for name in files.keys() - {"manifest.json", "signature"}}
    assert json.loads(files["manifest.json"]) == {
        name: hashlib.sha1(body, usedforsecurity=False).hexdigest()
        for name, body in content.items()
    }
    assert {"icon.png", "icon@2x.png", "pass.json"} < content.keys()
    assert {"ru.lproj/pass.strings", "en.lproj/pass.strings"} < content.keys()
    assert len(zipfile.ZipFile(BytesIO(pkpass)).namelist()) == len(files)  # none twice
    assert len(pkpass) <= PASS_BYTES_MAX


@every_pass
def test_pass_json_holds_only_what_apple_knows(
    shown: Card, design: PassDesign, signer: ApplePassSigner
) -> None:
    content = json_of(built(signer, shown, design))

    assert content.keys() <= TOP_LEVEL
    assert content["storeCard"].keys() <= PLACES
    assert _empty(content) == []
    fields = [field for place in content["storeCard"].values() for field in place]
    assert all(field.keys() <= FIELD for field in fields)
    assert len({field["key"] for field in fields}) == len(fields)
    assert sum("changeMessage" in field for field in fields) <= 1
    assert all(
        field["changeMessage"].count("%@") == 1 for field in fields if "changeMessage" in field
    )
    assert {field.get("textAlignment", "PKTextAlignmentLeft") for field in fields} <= ALIGNMENTS


@every_pass
def test_values_are_of_apples_kinds(
    shown: Card, design: PassDesign, signer: ApplePassSigner
) -> None:
    content = json_of(built(signer, shown, design))

    for key in ("backgroundColor", "foregroundColor", "labelColor"):
        numbers = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", content[key])
        assert numbers
        assert all(int(number) <= 255 for number in numbers.groups())
    for barcode in content.get("barcodes", []):
        assert barcode.keys() == {"format", "message", "messageEncoding", "altText"}
        assert barcode["format"] in FORMATS
        barcode["message"].encode(barcode["messageEncoding"])
    assert content.get("barcode", {}).get("format") in {
        None,
        *FORMATS - {"PKBarcodeFormatCode128"},
    }
    assert len(content["authenticationToken"]) >= 16
    assert W3C.fullmatch(content.get("expirationDate", "2027-01-01T00:00:00+00:00"))
    for location in content.get("locations", []):
        assert location.keys() == {"latitude", "longitude", "relevantText"}


@every_pass
def test_images_are_png_of_at_most_apples_size(
    shown: Card, design: PassDesign, signer: ApplePassSigner
) -> None:
    files = files_of(built(signer, shown, design))

    images = {name: body for name, body in files.items() if name.endswith(".png")}
    for name, body in images.items():
        kind, scale = re.fullmatch(r"(\w+)(?:@([23])x)?\.png", name).groups()
        width, height = struct.unpack_from(">2I", body, 16)
        assert body.startswith(b"\x89PNG\r\n\x1a\n")
        assert width <= SIZES[kind][0] * int(scale or 1)
        assert height <= SIZES[kind][1] * int(scale or 1)


@every_pass
def test_what_is_filled_into_a_skeleton_is_what_the_model_lays_out(
    shown: Card, design: PassDesign, signer: ApplePassSigner
) -> None:
    first, again = (built(signer, shown, design) for _ in range(2))

    model = laid_out(signer, shown, design).json_dict()
    assert json_of(first) == json_of(again) == model


@every_pass
def test_both_languages_can_be_read(
    shown: Card, design: PassDesign, signer: ApplePassSigner
) -> None:
    files = files_of(built(signer, shown, design))

    for language in ("ru", "en"):
        assert read_strings(files[f"{language}.lproj/pass.strings"])


@pytest.mark.parametrize("name", CARDS)
def test_openssl_accepts_every_kind_of_card(
    name: str, signer: ApplePassSigner, openssl_accepts: Verifier
) -> None:
    assert openssl_accepts(files_of(built(signer, CARDS[name], FULL)), "cms")


def _empty(content: Any) -> list[Any]:
    if content is None or content in ("", [], {}):
        return [content]
    parts = content.values() if isinstance(content, dict) else content
    if isinstance(content, (dict, list)):
        return [empty for part in parts for empty in _empty(part)]
    return []

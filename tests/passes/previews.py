"""Passes to preview: what both wallets would be sent, written out."""

from typing import Any

from chalicelib.domain.pass_designs import Symbology
from passes.preview_apple import apple_preview
from passes.preview_google import google_preview
from passes.templates import template_design
from passes.wording import Language

CODE, CODE_TEXT = "L17Q2M8K4D9XAB", "7Q2M-8K4D-9XAB-9"
APPLE = {
    Symbology.QR: "PKBarcodeFormatQR",
    Symbology.AZTEC: "PKBarcodeFormatAztec",
    Symbology.PDF417: "PKBarcodeFormatPDF417",
    Symbology.CODE128: "PKBarcodeFormatCode128",
}
GOOGLE = {
    Symbology.QR: "QR_CODE",
    Symbology.AZTEC: "AZTEC",
    Symbology.PDF417: "PDF_417",
    Symbology.CODE128: "CODE_128",
}


def images_of(name: str = "bakery") -> dict[str, bytes]:
    """Return the images of a template, the round logo among them."""
    found = template_design(name)
    assert found is not None
    return {one.name: one.content for artwork in found.artworks for one in artwork.files}


def field(label: str, value: object) -> dict[str, Any]:
    """Return a field of a store card."""
    return {"key": label, "label": label, "value": value}


def pass_json(symbology: Symbology = Symbology.QR, **changes: Any) -> dict[str, Any]:
    """Return a `pass.json` as far as a preview looks at it."""
    return {
        "backgroundColor": "rgb(122, 59, 18)",
        "foregroundColor": "rgb(255, 255, 255)",
        "labelColor": "rgb(255, 233, 214)",
        "logoText": "Узор Бонус",
        "storeCard": {
            "primaryFields": [field("баллов", 12_480)],
            "headerFields": [field("Уровень", "Серебро")],
            "secondaryFields": [field("Участник", "Елена К."), field("Сгорят 31 дек.", 120)],
            "auxiliaryFields": [],
        },
        "barcodes": [
            {"format": APPLE[symbology], "message": CODE, "altText": CODE_TEXT},
            {"format": "PKBarcodeFormatQR", "message": "not the first", "altText": ""},
        ],
        **changes,
    }


def google_class(**changes: Any) -> dict[str, Any]:
    """Return a loyalty class as far as a preview looks at it."""
    return {
        "issuerName": "Пекарня «Узор»",
        "programName": "Узор Бонус",
        "hexBackgroundColor": "#7a3b12",
        **changes,
    }


def google_object(symbology: Symbology = Symbology.QR, **changes: Any) -> dict[str, Any]:
    """Return a loyalty object as far as a preview looks at it."""
    return {
        "loyaltyPoints": {"label": "Баллы", "balance": {"int": 12_480}},
        "secondaryLoyaltyPoints": {"label": "Уровень", "balance": {"string": "Серебро"}},
        "barcode": {"type": GOOGLE[symbology], "value": CODE, "alternateText": CODE_TEXT},
        **changes,
    }


def apple_svg(content: dict[str, Any], language: Language = "ru") -> str:
    """Draw a pass with the bakery's images."""
    return apple_preview(content, images_of(), language=language, title="Apple Wallet")


def google_svg(
    of_class: dict[str, Any], of_object: dict[str, Any], language: Language = "ru"
) -> str:
    """Draw a pass with the bakery's images."""
    images = images_of()
    return google_preview(
        of_class,
        of_object,
        logo=images["google-logo.png"],
        hero=images["google-hero.png"],
        language=language,
        title="Google Wallet",
    )

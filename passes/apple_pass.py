"""A card as `pass.json`: wallet-py3k's model of a pass, with the keys it lacks.

Source: Apple, "Wallet Passes", "Pass", "Pass.Barcodes" and "Pass.Locations", read 2026-11.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from wallet.models import Barcode, BarcodeFormat, Location, Pass

from chalicelib.domain.pass_designs import PLACES_MAX, Colours, PassDesign, Symbology
from passes.apple_card import Shape
from passes.apple_rules import ADDED_KEYS, InvalidPass, check, without_empty
from passes.apple_texts import Texts
from passes.card import Card, colours_shown
from passes.wording import Language

_MICRODEGREES: Final = 1_000_000
_END_OF_DAY: Final = time(23, 59, 59)
_FORMATS: Final = {
    Symbology.QR: BarcodeFormat.QR,
    Symbology.AZTEC: BarcodeFormat.AZTEC,
    Symbology.PDF417: BarcodeFormat.PDF417,
    Symbology.CODE128: "PKBarcodeFormatCode128",  # iOS 9; wallet-py3k does not know it
}


@dataclass(frozen=True, slots=True)
class Page:
    """What a pass shows whatever its texts say."""

    card: Card  # one of its shape: what is one member's is not taken from it
    design: PassDesign
    web_service_url: str

    def shape(self, language: Language) -> Shape:
        """Return what decides where the fields are."""
        card = self.card
        return Shape(language, card.leading, card.news, card.is_voided, card.is_quiet)

    def colours(self) -> Colours:
        """Return the colours of all cards alike."""
        return colours_shown(self.card, self.design)


class LoyaltyPass(Pass):  # type: ignore[misc]  # wallet-py3k is untyped
    """wallet-py3k's pass with the keys it lacks; never made by its own `create`."""

    _added: Mapping[str, Any] = {}

    def set(self, key: str, value: object) -> None:
        """Set a top-level key that wallet-py3k does not know.

        Raises:
            InvalidPass: it is not one of Apple's.
        """
        if key not in ADDED_KEYS:
            raise InvalidPass(f"{key} is not a key of a pass that may be added")
        self._added = {**self._added, key: value}

    def describe(self, texts: Texts) -> None:
        """Fill the keys that say whose card it is."""
        self.serialNumber = texts["serial"]
        self.description = texts["description"]
        self.logoText = texts["program"]
        self.userInfo = {"version": texts["version"]}  # tells what a phone shows, when one asks
        if "code" in texts:
            self.barcode = Barcode(texts["code"], BarcodeFormat.QR, texts["code_text"])

    def dress(self, page: Page, language: Language) -> None:
        """Fill the keys that a design decides."""
        design, colours = page.design, page.colours()
        self.backgroundColor = _rgb(colours.background)
        self.foregroundColor = _rgb(colours.foreground)
        self.labelColor = _rgb(colours.label)
        self.voided = page.card.is_voided
        if design.is_sharing_prohibited:
            self.set("sharingProhibited", True)
        if design.expires_on:
            end = datetime.combine(design.expires_on, _END_OF_DAY, page.card.zone)
            self.set("expirationDate", end.isoformat())
        if self.barcode:
            self._encode(design.symbology)
        if design.places and not page.card.is_voided:
            self.locations = _locations(design, language)
            if design.near_m:
                self.set("maxDistance", design.near_m)

    def json_dict(self) -> dict[str, Any]:
        """Give `pass.json`, without nulls and empty values, checked against Apple's rules."""
        content: dict[str, Any] = without_empty({**super().json_dict(), **self._added})
        if not content["suppressStripShine"]:
            del content["suppressStripShine"]  # the default; iOS 7 dropped the shine
        check(content)
        return content

    def _encode(self, symbology: Symbology) -> None:
        """Show the code as the design says; a phone that cannot takes the QR code after it.

        `barcode` alone, the QR code if need be, is for iOS 8 and for other viewers.
        """
        qr = dict(self.barcode.json_dict())
        preferred = {**qr, "format": _FORMATS[symbology]}
        self.set("barcodes", [qr] if symbology is Symbology.QR else [preferred, qr])
        if symbology is not Symbology.CODE128:
            self.barcode.format = _FORMATS[symbology]


def _locations(design: PassDesign, language: Language) -> list[dict[str, Any]]:
    made = []
    for place in design.places[:PLACES_MAX]:
        location = Location(
            place.latitude_e6 / _MICRODEGREES, place.longitude_e6 / _MICRODEGREES, None
        )
        location.altitude = None  # wallet-py3k would say: at the level of the sea
        location.relevantText = place.text.get(language) or place.name
        made.append(location.json_dict())
    return made


def _rgb(colour: str) -> str:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return f"rgb({red}, {green}, {blue})"

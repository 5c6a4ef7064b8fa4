"""Apple's rules for `pass.json`, checked before signing: Wallet drops a bad pass in silence.

Source: Apple, "Wallet Passes", "Pass" and "PassFieldContent", read 2026-11.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from passes.card import Card

TOKEN_LENGTH_MIN: Final = 16

# Top-level keys of Apple's that wallet-py3k does not know and a loyalty card may want.
ADDED_KEYS: Final = frozenset(
    {
        "barcodes",
        "expirationDate",
        "featuredActions",
        "maxDistance",
        "relevantDates",
        "semantics",
        "sharingProhibited",
    }
)

_REQUIRED: Final = (
    "description",
    "formatVersion",
    "organizationName",
    "passTypeIdentifier",
    "serialNumber",
    "storeCard",
    "teamIdentifier",
)
_COLOUR_KEYS: Final = ("backgroundColor", "foregroundColor", "labelColor")
_RGB: Final = re.compile(r"rgb\(\d{1,3}, \d{1,3}, \d{1,3}\)")
_FIELDS_MAX: Final = {
    "headerFields": 3,
    "primaryFields": 1,
    "secondaryFields": 4,
    "auxiliaryFields": 4,
    "backFields": 20,
}
_FRONT_ROW_MAX: Final = 4  # secondary and auxiliary fields together on a store card


class InvalidPass(ValueError):
    """Wallet would refuse this pass."""


def without_empty(content: dict[str, Any]) -> dict[str, Any]:
    """Leave out nulls, empty strings and empty collections, at every depth."""
    kept = {}
    for key, value in content.items():
        if type(value) is str:  # most are
            clean: Any = value
        elif type(value) is dict:
            clean = without_empty(value)
        elif type(value) is list:
            clean = [without_empty(part) if type(part) is dict else part for part in value]
        else:
            clean = value
        if clean or clean == 0:  # 0 points and false are values
            kept[key] = clean
    return kept


def check_card(card: Card) -> None:
    """Refuse a card Wallet would drop the pass of; `check` sees what all of its shape share.

    Raises:
        InvalidPass: the first rule that is broken.
    """
    expiring = card.next_expiry.points if card.next_expiry else 0
    for number in (card.points, card.version, expiring):
        if type(number) is not int:  # and not a bool
            raise InvalidPass("what is shown as a number is not a whole number")
    if not card.serial_number:
        raise InvalidPass("a pass needs serialNumber")
    if not card.merchant_name:
        raise InvalidPass("a pass needs organizationName")
    if len(card.authentication_token) < TOKEN_LENGTH_MIN:
        raise InvalidPass(f"an authentication token has {TOKEN_LENGTH_MIN} characters at least")


def check(content: Mapping[str, Any]) -> None:
    """Refuse a pass that Wallet would drop.

    Raises:
        InvalidPass: the first rule that is broken.
    """
    missing = [key for key in _REQUIRED if key not in content]
    if missing:
        raise InvalidPass(f"a pass needs {', '.join(missing)}")
    _check_colours(content)
    _check_web_service(content)
    _check_fields(content["storeCard"])
    for barcode in content.get("barcodes", ()):
        _check_barcode(barcode)


def _check_colours(content: Mapping[str, Any]) -> None:
    for key in _COLOUR_KEYS:
        if key in content and not _RGB.fullmatch(content[key]):
            raise InvalidPass(f"{key} is not rgb(r, g, b)")


def _check_web_service(content: Mapping[str, Any]) -> None:
    url = content.get("webServiceURL")
    if url is None:
        return
    if not url.startswith(("https://", "http://")):  # http is for a developer's phone
        raise InvalidPass("webServiceURL is not an http address")
    if url.rstrip("/").endswith("/v1"):
        raise InvalidPass("webServiceURL must not end in /v1: the phone appends it")
    if len(content.get("authenticationToken", "")) < TOKEN_LENGTH_MIN:
        raise InvalidPass(f"an authentication token has {TOKEN_LENGTH_MIN} characters at least")


def _check_fields(card: Mapping[str, Any]) -> None:
    keys = set()
    for place, most in _FIELDS_MAX.items():
        fields = card.get(place, ())
        if len(fields) > most:
            raise InvalidPass(f"{len(fields)} {place}, {most} at most")
        for field in fields:
            _check_field(field)
            if field["key"] in keys:
                raise InvalidPass(f"two fields have the key {field['key']}")
            keys.add(field["key"])
    front = len(card.get("secondaryFields", ())) + len(card.get("auxiliaryFields", ()))
    if front > _FRONT_ROW_MAX:
        raise InvalidPass(f"{front} fields under the strip, {_FRONT_ROW_MAX} at most")


def _check_field(field: Mapping[str, Any]) -> None:
    if "key" not in field or "value" not in field:
        raise InvalidPass("a field needs a key and a value")
    value = field["value"]
    if type(value) not in {str, int}:  # and not a bool
        raise InvalidPass(f"the value of {field['key']} is neither text nor a whole number")
    if "numberStyle" in field and not isinstance(value, int):
        raise InvalidPass(f"{field['key']} has a number style and no number")
    if "numberStyle" in field and "currencyCode" in field:
        raise InvalidPass(f"{field['key']} has a number style and a currency")


def _check_barcode(barcode: Mapping[str, Any]) -> None:
    for key in ("format", "message", "messageEncoding"):
        if key not in barcode:
            raise InvalidPass(f"a barcode needs {key}")
    try:
        barcode["message"].encode(barcode["messageEncoding"])
    except (LookupError, UnicodeEncodeError) as error:
        raise InvalidPass("a barcode's message does not fit its encoding") from error

"""A card as Google's loyalty object, and messages on it.

An object is sent whole each time: a PATCH leaves what it does not name. The tier stands here
and not in the class, where Google has it: one class for each merchant (decision 10). Texts are
in both languages; the phone chooses.

The rotating code is `L2`, the twelve symbols of the pass code and six digits of a TOTP
(RFC 6238, SHA-1, 30 s), made by the phone from a key that only Google and we have. There is no
static barcode beside it: that would be the one to copy.

Source: Google Wallet API v1, "LoyaltyObject", discovery document revision 20260806, read
2026-11.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.domain.confirmations import Method
from chalicelib.domain.pass_designs import PassDesign, PassField, Symbology
from chalicelib.domain.rotating import DIGITS, PERIODS
from passes.card import Card, Leading
from passes.google_ids import resource_id
from passes.google_words import (
    GOOGLE_WORDINGS,
    Texts,
    discount_body,
    expiry_body,
    localized,
    next_tier_body,
    of_card,
    of_google,
    stamps_body,
)
from passes.moments import moment_text, paused_text
from passes.rotating import payload_start
from passes.wording import WORDINGS, Language

_ACCOUNT_LENGTH_MAX: Final = 20
_LABEL_LENGTH_MAX: Final = 9
_TEXT_MODULES_MAX: Final = 10
_TYPES: Final = {
    Symbology.QR: "QR_CODE",
    Symbology.AZTEC: "AZTEC",
    Symbology.PDF417: "PDF_417",
    Symbology.CODE128: "CODE_128",
}
_BODIES: Final[Mapping[PassField, tuple[str, Callable[[Card, Language], str]]]] = {
    PassField.EXPIRING: ("expiry", expiry_body),
    PassField.NEXT_TIER: ("next_tier", next_tier_body),
    PassField.STAMPS: ("stamps", stamps_body),
    PassField.DISCOUNT: ("discount", discount_body),
}
_LEADING: Final = {Leading.STAMPS: PassField.STAMPS, Leading.DISCOUNT: PassField.DISCOUNT}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleFrame:
    """What a card's object needs beside the card and its design."""

    issuer_id: str
    class_name: str
    rules_url: str
    rotating_key: bytes | None = None  # None: a static code


def loyalty_object(card: Card, design: PassDesign, frame: GoogleFrame) -> dict[str, Any]:
    """Give the object of a card.

    Raises:
        ValueError: the serial number or the class name has characters Google refuses.
    """
    made: dict[str, Any] = {
        "id": resource_id(frame.issuer_id, card.serial_number),
        "classId": resource_id(frame.issuer_id, frame.class_name),
        "state": "EXPIRED" if card.is_voided else "ACTIVE",
        "accountId": card.code,
        "accountName": (card.member_name or card.code_text)[:_ACCOUNT_LENGTH_MAX],
        "textModulesData": _text_modules(card, design),
        "linksModuleData": {"uris": _links(card, design, frame)},
        "passConstraints": {"screenshotEligibility": _screenshots(design, frame)},
        **_barcode(card, design, frame),
    }
    if leading := _leading(card):
        made["loyaltyPoints"] = leading
    is_tier_wanted = PassField.TIER in _fields(design) and card.leading is not Leading.TIER
    if card.tier_name and is_tier_wanted:
        made["secondaryLoyaltyPoints"] = {
            **_label(of_card(lambda words: words.tier), card.language),
            "balance": {"string": card.tier_name},
        }
    if design.expires_on is not None:
        made["validTimeInterval"] = {"end": {"date": f"{design.expires_on}T23:59:59"}}
    return made


def voided_object(serial_number: str, frame: GoogleFrame) -> dict[str, Any]:
    """Give the object of a member who is no more: nothing of theirs is left on it."""
    return {
        "id": resource_id(frame.issuer_id, serial_number),
        "classId": resource_id(frame.issuer_id, frame.class_name),
        "state": "EXPIRED",
    }


def tier_message(version: int, tier_name: str, language: Language) -> dict[str, Any]:
    """Give the message of a member who has risen."""
    texts = of_google(lambda words: words.tier_up_text)
    bodies = {one: text.replace("{tier}", tier_name) for one, text in texts.items()}
    return _message(f"tier-{version}", of_google(lambda words: words.tier_up), bodies, language)


def coupon_message(version: int, language: Language) -> dict[str, Any]:
    """Give the message of a member who was given a coupon."""
    bodies = of_google(lambda words: words.coupon_text)
    heads = of_google(lambda words: words.coupon)
    return _message(f"coupon-{version}", heads, bodies, language)


def phone_message(
    version: int, language: Language, paused_until: datetime | None = None
) -> dict[str, Any]:
    """Give the message of a member whose phone was changed; `paused_until` in its zone."""
    bodies = of_google(lambda words: words.phone_text)
    if paused_until:
        bodies = {
            one: f"{words.redeeming} {paused_text(paused_until, one)}"
            for one, words in WORDINGS.items()
        }
    heads = of_google(lambda words: words.phone)
    return _message(f"phone-{version}", heads, bodies, language)


def _message(
    message_id: str, heads: Texts, bodies: Texts, language: Language
) -> dict[str, Any]:
    return {
        "id": message_id,
        "header": heads[language],
        "body": bodies[language],
        "localizedHeader": localized(heads, language),
        "localizedBody": localized(bodies, language),
    }


def _leading(card: Card) -> dict[str, Any]:
    """Give what stands largest; a program without points shows none."""
    texts, balance = {
        Leading.POINTS: (of_card(lambda words: words.points_label), {"int": card.points}),
        Leading.STAMPS: (
            of_card(lambda words: words.stamps),
            {"string": stamps_body(card, card.language)},
        ),
        Leading.DISCOUNT: (
            of_card(lambda words: words.discount),
            {"string": discount_body(card, card.language)},
        ),
        Leading.TIER: (of_card(lambda words: words.tier), {"string": card.tier_name}),
        Leading.NOTHING: ({}, {}),
    }[card.leading]
    return {**_label(texts, card.language), "balance": balance} if texts else {}


def _label(texts: Texts, language: Language) -> dict[str, Any]:
    cut = {one: text[:_LABEL_LENGTH_MAX] for one, text in texts.items()}
    return {"label": cut[language], "localizedLabel": localized(cut, language)}


def _fields(design: PassDesign) -> tuple[PassField, ...]:
    return (*design.header, *design.secondary, *design.auxiliary)


def _text_modules(card: Card, design: PassDesign) -> list[dict[str, Any]]:
    """Give the design's fields in its order, then what a card's back shows beside them."""
    heads = {
        PassField.EXPIRING: of_card(lambda words: words.expiry),
        PassField.NEXT_TIER: of_card(lambda words: words.next_tier),
        PassField.STAMPS: of_card(lambda words: words.stamps),
        PassField.DISCOUNT: of_card(lambda words: words.discount),
    }
    modules = _redeeming(card)
    for one in dict.fromkeys((*_fields(design), *_BODIES)):
        name, body = _BODIES.get(one, ("", lambda _card, _language: ""))
        bodies: Texts = {language: body(card, language) for language in WORDINGS}
        if bodies[card.language] and one is not _LEADING.get(card.leading):
            modules.append(_message(name, heads[one], bodies, card.language))
    return [*modules, *_as_of(card)][:_TEXT_MODULES_MAX]


def _redeeming(card: Card) -> list[dict[str, Any]]:
    """Say why nothing can be redeemed, while that is so."""
    if not (card.paused_until and card.has_points):
        return []
    until = card.paused_until.astimezone(card.zone)
    bodies: Texts = {one: paused_text(until, one) for one in WORDINGS}
    return [
        _message("redeeming", of_card(lambda words: words.redeeming), bodies, card.language)
    ]


def _as_of(card: Card) -> list[dict[str, Any]]:
    """Say when the card last changed: the phone may be offline since."""
    if not card.as_of:
        return []
    at = card.as_of.astimezone(card.zone)
    heads = of_card(lambda words: words.balance_as_of if card.has_points else words.card_as_of)
    bodies: Texts = {one: moment_text(at, one) for one in WORDINGS}
    return [_message("as_of", heads, bodies, card.language)]


def _links(card: Card, design: PassDesign, frame: GoogleFrame) -> list[dict[str, Any]]:
    own = of_card(lambda words: words.card_page)
    found: list[tuple[str, str, Texts]] = [("card", card.card_url, own)]
    found.append(("rules", frame.rules_url, of_google(lambda words: words.rules)))
    support = design.support
    if support.phone:
        call = {one: f"{words.call} {support.phone}" for one, words in GOOGLE_WORDINGS.items()}
        found.append(("phone", f"tel:{support.phone}", call))
    if support.email:
        found.append(("email", f"mailto:{support.email}", of_google(lambda words: words.write)))
    if support.url:
        found.append(("site", support.url, of_google(lambda words: words.site)))
    return [
        {
            "id": name,
            "uri": uri,
            "description": texts[card.language],
            "localizedDescription": localized(texts, card.language),
        }
        for name, uri, texts in found
        if uri
    ]


def _screenshots(design: PassDesign, frame: GoogleFrame) -> str:
    """Refuse pictures of a code that must be the phone's own, or that nobody should share."""
    is_kept = frame.rotating_key is not None or design.is_sharing_prohibited
    return "INELIGIBLE" if is_kept else "ELIGIBLE"


def _barcode(card: Card, design: PassDesign, frame: GoogleFrame) -> dict[str, Any]:
    shown = {"type": _TYPES[design.symbology], "alternateText": card.code_text}
    if frame.rotating_key is None:
        return {"barcode": {**shown, "value": card.code}}
    parameters = [{"key": frame.rotating_key.hex().upper(), "valueLength": DIGITS}]
    return {
        "rotatingBarcode": {
            **shown,
            "valuePattern": payload_start(Method.TOTP, card.code) + "{totp_value_0}",
            "totpDetails": {
                "algorithm": "TOTP_SHA1",
                "periodMillis": str(PERIODS[Method.TOTP] * 1000),
                "parameters": parameters,
            },
        }
    }

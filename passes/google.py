"""A "Save to Google Wallet" link for a card, and the loyalty object behind it.

The link is a JWT signed with the service account's key (RS256). Skinny, it names an object that
was inserted by REST before; fat, it carries the object, which must then fit into a link.
Neither has an end by Google's rules. The class (`{issuer}.{name}`) must exist in both cases.

Sources: Google, "Google Wallet for loyalty cards", "LoyaltyObject" and "Working with JWTs",
read 2026-11.
"""

import json
import re
from datetime import datetime
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from passes.card import Card
from passes.wording import WORDINGS, expiry_text

SAVE_LINK_LENGTH_MAX: Final = 1800  # longer ones are cut by some browsers and messengers

_SAVE_URL: Final = "https://pay.google.com/gp/v/save/"
_RESOURCE_ID: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9._-]+")
_ACCOUNT_LENGTH_MAX: Final = 20
_LABEL_LENGTH_MAX: Final = 9


class BadGoogleKey(ValueError):
    """Not the key of a service account."""


class SaveLinkTooLong(ValueError):
    """A fat link does not fit; insert the object by REST and make a skinny one."""


class GooglePassSigner:
    """A service account of Google Wallet; parsed once, safe to share between threads.

    `key_is_validated` skips the validation of the key, about fifty signatures' time.
    """

    def __init__(
        self,
        key_pem: bytes,
        key_id: str,
        service_account_email: str,
        issuer_id: str,
        origins: tuple[str, ...] = (),
        *,
        key_is_validated: bool = False,
    ) -> None:
        """Parse the key.

        Raises:
            BadGoogleKey: it is not an RSA key.
            ValueError: it is not PEM.
        """
        key = serialization.load_pem_private_key(
            key_pem, password=None, unsafe_skip_rsa_key_validation=key_is_validated
        )
        if not isinstance(key, RSAPrivateKey):
            raise BadGoogleKey("Google's service accounts have RSA keys")
        self.private_key: RSAPrivateKey = key
        self._key_id = key_id
        self._service_account_email = service_account_email
        self._issuer_id = issuer_id
        self._origins = origins

    def save_link(self, card: Card, *, class_name: str, issued_at: datetime, fat: bool) -> str:
        """Make the link that saves a card to Google Wallet.

        A fat link leaves out as many text modules, from the last, as it takes to fit.

        Raises:
            SaveLinkTooLong: it exceeds `SAVE_LINK_LENGTH_MAX` characters even so.
        """
        made = self.loyalty_object(card, class_name=class_name)
        if not fat:
            made = {key: made[key] for key in ("id", "classId")}
        modules = made.get("textModulesData", [])
        link = self._link(made, issued_at)
        while modules and len(link) > SAVE_LINK_LENGTH_MAX:
            modules.pop()
            link = self._link(made, issued_at)
        if len(link) > SAVE_LINK_LENGTH_MAX:
            raise SaveLinkTooLong(f"{len(link)} characters, {SAVE_LINK_LENGTH_MAX} at most")
        return link

    def loyalty_object(self, card: Card, *, class_name: str) -> dict[str, Any]:
        """Give the loyalty object of a card, as REST takes it too.

        Raises:
            ValueError: the serial number or the class name has characters Google refuses.
        """
        words = WORDINGS[card.language]
        made: dict[str, Any] = {
            "id": self._resource_id(card.serial_number),
            "classId": self._resource_id(class_name),
            "state": "EXPIRED" if card.is_voided else "ACTIVE",
            "accountId": card.code,
            "accountName": (card.member_name or card.code_text)[:_ACCOUNT_LENGTH_MAX],
            "loyaltyPoints": {
                "label": words.points_label[:_LABEL_LENGTH_MAX],
                "balance": {"int": card.points},
            },
            "barcode": _barcode(card),
            "linksModuleData": {
                "uris": [{"id": "card", "uri": card.card_url, "description": words.card_page}]
            },
        }
        if card.tier_name:
            made["secondaryLoyaltyPoints"] = {
                "label": words.tier[:_LABEL_LENGTH_MAX],
                "balance": {"string": card.tier_name},
            }
        if modules := _text_modules(card):
            made["textModulesData"] = modules
        return made

    def _link(self, loyalty_object: dict[str, Any], issued_at: datetime) -> str:
        claims = {
            "iss": self._service_account_email,
            "aud": "google",
            "typ": "savetowallet",
            "iat": int(issued_at.timestamp()),
            "origins": self._origins,
            "payload": {"loyaltyObjects": [loyalty_object]},
        }
        # Not jwt.encode: it escapes each Cyrillic letter into six characters.
        content = json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode()
        return _SAVE_URL + jwt.api_jws.encode(
            content, self.private_key, algorithm="RS256", headers={"kid": self._key_id}
        )

    def _resource_id(self, name: str) -> str:
        made = f"{self._issuer_id}.{name}"
        if not _RESOURCE_ID.fullmatch(made):
            raise ValueError("Google's ids hold letters, digits, '.', '_' and '-' only")
        return made


def _barcode(card: Card) -> dict[str, str]:
    return {"type": "QR_CODE", "value": card.code, "alternateText": card.code_text}


def _text_modules(card: Card) -> list[dict[str, str]]:
    words = WORDINGS[card.language]
    modules = []
    if card.next_expiry:
        body = expiry_text(card.next_expiry.points, card.next_expiry.on, card.language)
        modules.append({"id": "expiry", "header": words.expiry, "body": body})
    if card.next_tier:
        body = words.next_tier_text.format(
            name=card.next_tier.name, to_spend=card.next_tier.to_spend_text
        )
        modules.append({"id": "next_tier", "header": words.next_tier, "body": body})
    if card.stamps:
        body = words.stamps_text.format(
            collected=card.stamps.collected, needed=card.stamps.needed
        )
        modules.append({"id": "stamps", "header": words.stamps, "body": body})
    return modules

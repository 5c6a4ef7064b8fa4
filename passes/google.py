"""The link that saves a card to Google Wallet.

The link is a JWT signed with the service account's key (RS256). It only names an object that
was inserted by REST before ("skinny"): one that carried the whole object would show the key of
its rotating code to whoever sees the address, and be too long for some messengers. By Google's
rules it has no end.

Source: Google, "Google Wallet for loyalty cards", "Working with JWTs", read 2026-11.
"""

import json
from datetime import datetime
from typing import Final

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from passes.google_ids import resource_id

SAVE_URL: Final = "https://pay.google.com/gp/v/save/"
SAVE_LINK_LENGTH_MAX: Final = 1800  # longer ones are cut by some browsers and messengers


class BadGoogleKey(ValueError):
    """Not the key of a service account."""


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
        save_url: str = SAVE_URL,
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
        self._save_url = save_url

    def save_link(self, serial_number: str, *, class_name: str, issued_at: datetime) -> str:
        """Make the link that saves the object of a card.

        Raises:
            ValueError: an id has characters Google refuses, or is so long that the link is.
        """
        named = {
            "id": resource_id(self._issuer_id, serial_number),
            "classId": resource_id(self._issuer_id, class_name),
        }
        claims = {
            "iss": self._service_account_email,
            "aud": "google",
            "typ": "savetowallet",
            "iat": int(issued_at.timestamp()),
            "origins": self._origins,
            "payload": {"loyaltyObjects": [named]},
        }
        content = json.dumps(claims, separators=(",", ":")).encode()
        link = self._save_url + jwt.api_jws.encode(
            content, self.private_key, algorithm="RS256", headers={"kid": self._key_id}
        )
        if len(link) > SAVE_LINK_LENGTH_MAX:
            raise ValueError(f"{len(link)} characters, {SAVE_LINK_LENGTH_MAX} at most")
        return link

"""A signed Apple Wallet pass (`.pkpass`, a store card) for a card.

wallet-py3k gives the object model of `pass.json`. Two of its hooks are replaced: `json_dict`,
which knows too few keys and emits nulls, and `create`, which starts the `openssl` program
(there is none on Lambda) with the key's password on its command line.

The manifest holds the SHA-1 of every file; the signature over it is a detached PKCS#7 with
signing time, the leaf and Apple's WWDR certificate. A pass costs exactly one RSA operation.

Sources: Apple, "Wallet Passes", "Pass", "PassFields", "Creating the Source for a Pass" and
"Building a Pass", read 2026-11.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from wallet.models import Barcode, BarcodeFormat, Pass

from passes.apple_card import store_card
from passes.apple_rules import ADDED_KEYS, InvalidPass, check, without_empty
from passes.card import Card, Colours
from passes.design import Design
from passes.wording import WORDINGS

MEDIA_TYPE: Final = "application/vnd.apple.pkpass"

_SIGNATURE_OPTIONS: Final = [
    pkcs7.PKCS7Options.DetachedSignature,
    pkcs7.PKCS7Options.Binary,
    pkcs7.PKCS7Options.NoCapabilities,
]

_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


class BadPassCertificate(ValueError):
    """The certificate, the key, Apple's certificate and the identifiers do not go together."""


class ApplePassSigner:
    """A pass type's certificate and key, parsed once; safe to share between threads.

    Keep it for the life of the process: parsing and validating the key takes as long as fifty
    signatures. `key_is_validated` skips that validation; say so only of a key that was
    validated when it was stored.
    """

    def __init__(
        self,
        certificate_pem: bytes,
        key_pem: bytes,
        wwdr_pem: bytes,
        pass_type_identifier: str,
        team_identifier: str,
        *,
        key_is_validated: bool = False,
    ) -> None:
        """Parse all three.

        Raises:
            BadPassCertificate: they do not belong together, or the key is not RSA.
            ValueError: one is not PEM.
        """
        key = serialization.load_pem_private_key(
            key_pem, password=None, unsafe_skip_rsa_key_validation=key_is_validated
        )
        if not isinstance(key, RSAPrivateKey):
            raise BadPassCertificate("Apple's pass certificates are made for RSA keys")
        self.private_key: RSAPrivateKey = key
        self.certificate: Final = x509.load_pem_x509_certificate(certificate_pem)
        self.wwdr_certificate: Final = x509.load_pem_x509_certificate(wwdr_pem)
        self.pass_type_identifier: Final = pass_type_identifier
        self.team_identifier: Final = team_identifier
        self._check_subject()
        self._check_chain()

    def build(self, card: Card, design: Design, *, web_service_url: str) -> bytes:
        """Make the `.pkpass` of a card.

        `web_service_url` is without `/v1`: the phone appends that.

        Raises:
            InvalidPass: Wallet would drop this pass in silence; the message says why.
        """
        made: bytes = self.card_pass(card, web_service_url=web_service_url).create(self, design)
        return made

    def card_pass(self, card: Card, *, web_service_url: str) -> "LoyaltyPass":
        """Lay a card out as a pass, not yet signed."""
        made = LoyaltyPass(
            store_card(card),
            passTypeIdentifier=self.pass_type_identifier,
            teamIdentifier=self.team_identifier,
            organizationName=card.merchant_name,
        )
        made.describe(card)
        made.webServiceURL = web_service_url
        made.authenticationToken = card.authentication_token
        return made

    def sign(self, content: bytes) -> bytes:
        """Sign content: detached PKCS#7 in DER, certificates included, content not."""
        return (
            pkcs7.PKCS7SignatureBuilder()
            .set_data(content)
            .add_signer(self.certificate, self.private_key, hashes.SHA256())
            .add_certificate(self.wwdr_certificate)
            .sign(serialization.Encoding.DER, _SIGNATURE_OPTIONS)
        )

    def _check_subject(self) -> None:
        for oid, expected in (
            (NameOID.USER_ID, self.pass_type_identifier),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, self.team_identifier),
        ):
            values = [
                name.value for name in self.certificate.subject.get_attributes_for_oid(oid)
            ]
            if expected not in values:
                raise BadPassCertificate(f"the certificate is for {values}, not {expected}")

    def _check_chain(self) -> None:
        if self.certificate.public_key() != self.private_key.public_key():
            raise BadPassCertificate("the key is not the certificate's")
        try:
            self.certificate.verify_directly_issued_by(self.wwdr_certificate)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise BadPassCertificate(
                "the certificate was not issued by this WWDR certificate"
            ) from error


class LoyaltyPass(Pass):  # type: ignore[misc]  # wallet-py3k is untyped
    """wallet-py3k's pass with the keys it lacks, and signed without a program."""

    _added: Mapping[str, Any] = {}

    def set(self, key: str, value: object) -> None:
        """Set a top-level key that wallet-py3k does not know.

        Raises:
            InvalidPass: it is not one of Apple's.
        """
        if key not in ADDED_KEYS:
            raise InvalidPass(f"{key} is not a key of a pass that may be added")
        self._added = {**self._added, key: value}

    def describe(self, card: Card) -> None:
        """Fill the keys that say what the card is and how it looks."""
        self.serialNumber = card.serial_number
        self.description = WORDINGS[card.language].description.format(program=card.program_name)
        self.logoText = card.program_name
        self._paint(card.colours)
        self.barcode = Barcode(card.code, BarcodeFormat.QR, card.code_text)
        self.voided = card.is_voided
        self.userInfo = {"version": card.version}  # tells what a phone shows, when one asks
        self.set("sharingProhibited", True)

    def json_dict(self) -> dict[str, Any]:
        """Give `pass.json`, without nulls and empty values, checked against Apple's rules."""
        content: dict[str, Any] = without_empty({**super().json_dict(), **self._added})
        if not content["suppressStripShine"]:
            del content["suppressStripShine"]  # the default; iOS 7 dropped the shine
        if "barcode" in content:  # alone it is for iOS 8
            content.setdefault("barcodes", [content["barcode"]])
        check(content)
        return content

    def create(self, signer: ApplePassSigner, design: Design) -> bytes:
        """Hash, sign and zip; images come ready from the design. One RSA operation."""
        content = _JSON.encode(self.json_dict()).encode()
        manifest = design.manifest(content)
        return design.archive.adding(
            (
                ("pass.json", content),
                ("manifest.json", manifest),
                ("signature", signer.sign(manifest)),
            )
        ).to_bytes()

    def _paint(self, colours: Colours) -> None:
        self.backgroundColor = _rgb(colours.background)
        self.foregroundColor = _rgb(colours.foreground)
        self.labelColor = _rgb(colours.label)


def _rgb(colour: str) -> str:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return f"rgb({red}, {green}, {blue})"

"""A signed Apple Wallet pass (`.pkpass`, a store card) for a card.

wallet-py3k gives the object model of `pass.json`. Two of its hooks are replaced: `json_dict`,
which knows too few keys and emits nulls, and `create`, which starts the `openssl` program
(there is none on Lambda) with the key's password on its command line.

The manifest holds the SHA-1 of every file; the signature over it is a detached PKCS#7 with
signing time, the leaf and Apple's WWDR certificate. A pass costs exactly one RSA operation.

Sources: Apple, "Wallet Passes", "Pass", "PassFields", "Creating the Source for a Pass" and
"Building a Pass", read 2026-11.
"""

from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import NameOID

from chalicelib.domain.pass_designs import PassDesign
from passes.apple_card import store_card
from passes.apple_pass import LoyaltyPass, Page
from passes.apple_rules import check_card
from passes.apple_skeleton import Skeleton
from passes.apple_texts import OTHER, Texts, merchant_texts, spoken_texts, texts_of
from passes.card import Card, colours_shown
from passes.images import PassImages, sha1
from passes.recent import Recent
from passes.signing import SignatureTemplate
from passes.wording import Language

MEDIA_TYPE: Final = "application/vnd.apple.pkpass"
SKELETONS_MAX: Final = 1_000  # of a few kB each: a merchant has some dozens at most


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
        self._template: Final = SignatureTemplate(self.certificate, key, self.wwdr_certificate)
        self._skeletons: Final[Recent[tuple[PassDesign, Skeleton]]] = Recent(SKELETONS_MAX)

    def build(
        self, card: Card, design: PassDesign, images: PassImages, *, web_service_url: str
    ) -> bytes:
        """Make the `.pkpass` of a card: one RSA operation.

        `web_service_url` is without `/v1`: the phone appends that.

        Raises:
            InvalidPass: Wallet would drop this pass in silence; the message says why.
        """
        check_card(card)
        texts = texts_of(card, design)
        skeleton = self._skeleton(card, design, tuple(texts), web_service_url)
        other = spoken_texts(card, design, OTHER[card.language])
        content, strings = skeleton.fill(texts, other)
        manifest = b'%s, "pass.json": "%s", "%s": "%s", %s}' % (
            *(images.manifest_start, sha1(content).encode()),
            *(skeleton.strings_name.encode(), sha1(strings).encode()),
            skeleton.own_entry,
        )
        return images.archive.closed(
            (
                ("pass.json", content),
                (skeleton.strings_name, strings),
                skeleton.own_strings,
                ("manifest.json", manifest),
                ("signature", self.sign(manifest)),
            )
        )

    def card_pass(
        self, card: Card, design: PassDesign, *, web_service_url: str
    ) -> "LoyaltyPass":
        """Lay a card out as a pass, not yet signed."""
        page = Page(card, design, web_service_url)
        return self._laid_out(page, texts_of(card, design), card.language)

    def sign(self, content: bytes) -> bytes:
        """Sign content: detached PKCS#7 in DER, certificates included, content not."""
        return self._template.sign(content, self.private_key, datetime.now(UTC))

    def _skeleton(
        self, card: Card, design: PassDesign, names: tuple[str, ...], web_service_url: str
    ) -> Skeleton:
        colours = colours_shown(card, design)
        key = (
            *(card.merchant_name, card.program_name, card.rules_url, design.version),
            *(names, card.language, card.leading),
            *(card.news, card.is_voided, card.is_quiet, card.zone, web_service_url),
            *(colours.background, colours.foreground, colours.label),
        )
        found = self._skeletons.get(key)
        if found and (found[0] is design or found[0] == design):
            return found[1]
        page = Page(card, design, web_service_url)
        own, other = card.language, OTHER[card.language]
        made = Skeleton(own, other)
        made.lay_out(
            lambda texts: (
                self._laid_out(page, texts, own).json_dict(),
                self._laid_out(page, texts, other).json_dict(),
            ),
            names,
            spoken_texts(card, design, other),
        )
        self._skeletons.keep(key, (design, made))
        return made

    def _laid_out(self, page: "Page", texts: Texts, language: Language) -> "LoyaltyPass":
        texts = {**merchant_texts(page.card, page.design, language), **texts}
        made = LoyaltyPass(
            store_card(texts, page.design, page.shape(language)),
            passTypeIdentifier=self.pass_type_identifier,
            teamIdentifier=self.team_identifier,
            organizationName=texts["merchant"],
        )
        made.describe(texts)
        made.dress(page, language)
        made.webServiceURL = page.web_service_url
        made.authenticationToken = texts["token"]
        return made

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

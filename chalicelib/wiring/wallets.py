"""Passes: what signs them, and what tells phones that they have changed."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.secrets import AwsSecrets
from chalicelib.domain.pass_certificates import OPERATOR, CertificateFiles, PassCertificate
from chalicelib.ports import (
    CertificateRecords,
    DevicePusher,
    DevicePushers,
    PassCertificates,
)
from chalicelib.settings import BadSettings
from chalicelib.usecases.pass_certificates import CertificateDesk
from chalicelib.wiring.deployment import Deployment

if TYPE_CHECKING:
    from chalicelib.adapters.apns import ApnsSender
    from chalicelib.adapters.apns_token import ProviderToken
    from chalicelib.wiring.by_pass_type import ByPassType


class Wallets(Deployment):
    """Keys and certificates are loaded once, when a pass is first asked for."""

    @cached_property
    def certificate_desk(self) -> CertificateDesk:
        """Merchants' own certificates."""
        return CertificateDesk(
            records=self.certificate_records,
            secrets=self.pass_certificates,
            operators_type=self.settings.pass_type_identifier,
        )

    @cached_property
    def certificate_records(self) -> CertificateRecords:
        """What is known of certificates without their keys."""
        from chalicelib.adapters.dynamo.pass_certificates import DynamoCertificateRecords

        return DynamoCertificateRecords(self.connection)

    @cached_property
    def pass_certificates(self) -> PassCertificates:
        """The secret store of merchants' own certificates."""
        from chalicelib.adapters.pass_certificates import (
            AwsPassCertificates,
            FilePassCertificates,
        )

        settings = self.settings
        if settings.pass_certificates_prefix:
            client = self.client("secretsmanager")
            return AwsPassCertificates(client, settings.pass_certificates_prefix)
        if not settings.secrets_file:
            raise BadSettings("PASS_CERTIFICATES_PREFIX is missing")
        return FilePassCertificates(Path(settings.secrets_file).parent / "pass-certificates")

    @cached_property
    def pushers(self) -> DevicePushers:
        """Tell phones that a pass has changed, by the certificate of its pass type."""
        from chalicelib.adapters.apns_pushers import ApnsPushers

        senders: ByPassType[DevicePusher] = self._by_pass_type(
            lambda: self.pusher, self._sender, end=lambda sender: sender.close()
        )
        return ApnsPushers(senders.of)

    @cached_property
    def pusher(self) -> DevicePusher:
        """Pushes passes of the operator's type."""
        pem = self.pass_pem
        files = CertificateFiles(pem["certificate"], pem["key"], pem["wwdr"])
        return self._sender(None, files, self._provider_token())

    @cached_property
    def apple_signers(self) -> "ByPassType[Any]":
        """Sign passes of every type; each key is loaded once."""
        from passes.apple import ApplePassSigner

        def signer(known: PassCertificate, files: CertificateFiles) -> ApplePassSigner:
            return ApplePassSigner(
                files.certificate,
                files.key,
                files.wwdr,
                known.pass_type,
                known.team,
                key_is_validated=True,  # when it was handed in
            )

        return self._by_pass_type(lambda: self.apple_signer, signer)

    @property
    def operators_certificate(self) -> PassCertificate | None:
        """What is known of the operator's certificate; None: there is none."""
        settings = self.settings
        if not (settings.pass_secret_name or settings.pass_certificate_file):
            return None
        from passes.apple_certificate import known_certificate

        return known_certificate(
            self.pass_pem["certificate"],
            merchant_id=OPERATOR,
            pass_type=settings.pass_type_identifier,
            team=settings.team_identifier,
        )

    @cached_property
    def pass_pem(self) -> dict[str, bytes]:
        """Return the pass certificate, its key and Apple's intermediate, as PEM."""
        settings = self.settings
        if settings.pass_secret_name:
            found = AwsSecrets(self.client("secretsmanager"), settings.pass_secret_name).read()
            names = ("certificate", "key", "wwdr", "apns_key")
            return {name: str(found[name]).encode() for name in names if name in found}
        return {
            "certificate": Path(settings.pass_certificate_file).read_bytes(),
            "key": Path(settings.pass_key_file).read_bytes(),
            "wwdr": Path(settings.wwdr_certificate_file).read_bytes(),
        }

    @cached_property
    def apple_signer(self) -> Any:
        """Signs passes of the operator's type; its key is loaded once."""
        from passes.apple import ApplePassSigner

        pem = self.pass_pem
        return ApplePassSigner(
            pem["certificate"],
            pem["key"],
            pem["wwdr"],
            self.settings.pass_type_identifier,
            self.settings.team_identifier,
        )

    def _provider_token(self) -> "ProviderToken | None":
        """Return what pushes are signed with instead of the certificate, if set up."""
        settings = self.settings
        if not settings.apns_key_id:
            return None
        from chalicelib.adapters.apns_token import ProviderToken

        if settings.apns_key_file:
            key = Path(settings.apns_key_file).read_bytes()
        else:
            key = self.pass_pem.get("apns_key", b"")
        team = settings.apns_team_id or settings.team_identifier
        return ProviderToken(key, settings.apns_key_id, team)

    def _sender(
        self,
        known: PassCertificate | None,
        files: CertificateFiles,
        token: "ProviderToken | None" = None,
    ) -> "ApnsSender":
        """Return a sender with a merchant's certificate, or with the operator's."""
        from chalicelib.adapters.apns import ApnsSender

        settings = self.settings
        return ApnsSender(
            host=settings.apns_host,
            port=settings.apns_port,
            topic=known.pass_type if known else settings.pass_type_identifier,
            certificate_pem=files.certificate,
            key_pem=files.key,
            ca_pem=Path(settings.apns_ca_file).read_bytes() if settings.apns_ca_file else None,
            key_is_validated=known is not None,
            token=token,
            rest_seconds_max=60,
        )

    def _by_pass_type(self, operators: Any, make: Any, **more: Any) -> "ByPassType[Any]":
        from chalicelib.wiring.by_pass_type import ByPassType

        return ByPassType(
            self.settings.pass_type_identifier,
            operators,
            make,
            records=self.certificate_records,
            secrets=self.pass_certificates,
            **more,
        )

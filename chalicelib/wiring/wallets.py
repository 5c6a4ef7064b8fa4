"""Passes: what signs them, and what tells phones that they have changed."""

from functools import cached_property
from pathlib import Path
from typing import Any

from chalicelib.adapters.secrets import AwsSecrets
from chalicelib.ports import DevicePusher
from chalicelib.wiring.deployment import Deployment


class Wallets(Deployment):
    """Keys and certificates are loaded once, when a pass is first asked for."""

    @cached_property
    def pusher(self) -> DevicePusher:
        """Tells phones that a pass has changed."""
        from chalicelib.adapters.apns import ApnsSender

        settings, pem = self.settings, self.pass_pem
        return ApnsSender(
            host=settings.apns_host,
            port=settings.apns_port,
            topic=settings.pass_type_identifier,
            certificate_pem=pem["certificate"],
            key_pem=pem["key"],
            ca_pem=Path(settings.apns_ca_file).read_bytes() if settings.apns_ca_file else None,
        )

    @cached_property
    def pass_pem(self) -> dict[str, bytes]:
        """Return the pass certificate, its key and Apple's intermediate, as PEM."""
        settings = self.settings
        if settings.pass_secret_name:
            found = AwsSecrets(self.client("secretsmanager"), settings.pass_secret_name).read()
            return {name: str(found[name]).encode() for name in ("certificate", "key", "wwdr")}
        return {
            "certificate": Path(settings.pass_certificate_file).read_bytes(),
            "key": Path(settings.pass_key_file).read_bytes(),
            "wwdr": Path(settings.wwdr_certificate_file).read_bytes(),
        }

    @cached_property
    def apple_signer(self) -> Any:
        """Signs passes; its key is loaded once."""
        from passes.apple import ApplePassSigner

        pem = self.pass_pem
        return ApplePassSigner(
            pem["certificate"],
            pem["key"],
            pem["wwdr"],
            self.settings.pass_type_identifier,
            self.settings.team_identifier,
        )

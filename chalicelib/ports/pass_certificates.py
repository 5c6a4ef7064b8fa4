"""Pass certificates: what is known of them, and where their keys lie."""

from datetime import datetime
from typing import Protocol

from chalicelib.domain.pass_certificates import CertificateFiles, PassCertificate


class PassCertificates(Protocol):
    """The secret store of merchants' own certificates: nowhere else does a key lie."""

    def find(self, merchant_id: str) -> CertificateFiles | None:
        """Return the merchant's, or None. Raises StoreUnavailable."""

    def save(self, merchant_id: str, files: CertificateFiles) -> None:
        """Keep the merchant's in the place of any before. Raises StoreUnavailable."""

    def delete(self, merchant_id: str) -> None:
        """Destroy the merchant's; nothing happens if there is none. Raises StoreUnavailable."""


class CertificateRecords(Protocol):
    """What is known of certificates without a key; strongly consistent."""

    def of_merchant(self, merchant_id: str) -> PassCertificate | None:
        """Return the merchant's own, or None. Raises StoreUnavailable."""

    def of_pass_type(self, pass_type: str) -> PassCertificate | None:
        """Return that of a pass type, or None. Raises StoreUnavailable."""

    def save(self, certificate: PassCertificate) -> None:
        """Write it in the place of its owner's last one of the same pass type.

        Raises:
            Taken: the pass type is another's, or the owner has one of another pass type.
            StoreUnavailable: perhaps it was written.
        """

    def delete(self, certificate: PassCertificate) -> None:
        """Forget it; nothing happens if it is gone. Raises StoreUnavailable."""

    def due(self, at: datetime, limit: int = 100) -> tuple[PassCertificate, ...]:
        """Return those whose `alarm_at` has come, earliest first. Raises StoreUnavailable."""

    def move_alarm(self, certificate: PassCertificate, alarm_at: datetime | None) -> bool:
        """Set `alarm_at` if the record is still the one read; whether it was."""

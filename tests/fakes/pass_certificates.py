"""Certificates in dictionaries."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.pass_certificates import CertificateFiles, PassCertificate
from chalicelib.ports import Taken


class FakePassCertificates:
    """The `PassCertificates` port."""

    def __init__(self) -> None:
        self.kept: dict[str, CertificateFiles] = {}

    def find(self, merchant_id: str) -> CertificateFiles | None:
        return self.kept.get(merchant_id)

    def save(self, merchant_id: str, files: CertificateFiles) -> None:
        self.kept[merchant_id] = files

    def delete(self, merchant_id: str) -> None:
        self.kept.pop(merchant_id, None)


class FakeCertificateRecords:
    """The `CertificateRecords` port."""

    def __init__(self) -> None:
        self.by_type: dict[str, PassCertificate] = {}

    def of_merchant(self, merchant_id: str) -> PassCertificate | None:
        own = [one for one in self.by_type.values() if one.merchant_id == merchant_id]
        return own[0] if own and merchant_id else None

    def of_pass_type(self, pass_type: str) -> PassCertificate | None:
        return self.by_type.get(pass_type)

    def save(self, certificate: PassCertificate) -> None:
        known = self.of_pass_type(certificate.pass_type)
        own = self.of_merchant(certificate.merchant_id)
        is_another = own is not None and own.pass_type != certificate.pass_type
        if is_another or (known and known.merchant_id != certificate.merchant_id):
            raise Taken(certificate.merchant_id)
        self.by_type[certificate.pass_type] = certificate

    def delete(self, certificate: PassCertificate) -> None:
        self.by_type.pop(certificate.pass_type, None)

    def due(self, at: datetime, limit: int = 100) -> tuple[PassCertificate, ...]:
        come = [one for one in self.by_type.values() if one.alarm_at and one.alarm_at <= at]
        return tuple(sorted(come, key=lambda one: one.alarm_at or at)[:limit])

    def move_alarm(self, certificate: PassCertificate, alarm_at: datetime | None) -> bool:
        if self.by_type.get(certificate.pass_type) != certificate:
            return False
        self.by_type[certificate.pass_type] = replace(certificate, alarm_at=alarm_at)
        return True

"""Pass certificates: a merchant brings its own, or goes back to the operator's.

A pass keeps the pass type it was made with. So a certificate is only renewed under its own
pass type; another one comes after the first was taken away, and with it the updates of the
passes it made.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.events import EVENT_VERSION, Event
from chalicelib.domain.pass_certificates import (
    OPERATOR,
    CertificateFiles,
    CertificateTypeFixed,
    PassCertificate,
    PassTypeTaken,
    alarm_after,
    days_left,
)
from chalicelib.ports import CertificateRecords, Events, PassCertificates, Taken

ALARMS_MAX = 1_000  # in one run; the rest come with the next
EXPIRING = "certificate.expiring"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDesk:
    """Where certificates lie, their keys apart."""

    records: CertificateRecords
    secrets: PassCertificates
    operators_type: str

    def serves(self, merchant_id: str, pass_type: str) -> bool:
        """Return whether a pass of the merchant's may be of that type."""
        if pass_type == self.operators_type:
            return True
        found = self.records.of_pass_type(pass_type)
        return found is not None and found.merchant_id == merchant_id

    def pass_type_of(self, merchant_id: str) -> str:
        """Return the type of the merchant's new passes."""
        found = self.records.of_merchant(merchant_id)
        return found.pass_type if found else self.operators_type


def keep_certificate(
    certificate: PassCertificate, files: CertificateFiles, *, desk: CertificateDesk
) -> None:
    """Make a certificate the merchant's own; from now on new passes are of its type.

    The key is stored first: what a crash leaves behind then is a key that nothing leads to,
    and the same call again finishes.

    Raises:
        PassTypeTaken: the pass type is the operator's or another merchant's.
        CertificateTypeFixed: the merchant has one of another type.
        StoreUnavailable: perhaps it was kept; once more does no harm.
    """
    merchant_id, pass_type = certificate.merchant_id, certificate.pass_type
    known = desk.records.of_pass_type(pass_type)
    if pass_type == desk.operators_type or (known and known.merchant_id != merchant_id):
        raise PassTypeTaken("this pass type belongs to somebody else here")
    own = desk.records.of_merchant(merchant_id)
    if own is not None and own.pass_type != pass_type:
        words = f"the certificate is for {own.pass_type}, whose passes are on phones"
        raise CertificateTypeFixed(words)
    desk.secrets.save(merchant_id, files)
    try:
        desk.records.save(certificate)
    except Taken as error:  # another call was faster
        raise PassTypeTaken("this pass type belongs to somebody else here") from error


def drop_certificate(merchant_id: str, *, desk: CertificateDesk) -> None:
    """Go back to the operator's certificate and destroy the merchant's key.

    Passes of its type stay on phones as they are. Nothing happens if there is none.

    Raises:
        StoreUnavailable: perhaps half of it was done; once more finishes.
    """
    own = desk.records.of_merchant(merchant_id)
    if own is not None:
        desk.records.delete(own)
    desk.secrets.delete(merchant_id)


def note_operators(certificate: PassCertificate, *, records: CertificateRecords) -> None:
    """See to it that the end of the operator's certificate is told of as well.

    Raises:
        Taken: its pass type belongs to a merchant.
    """
    known = records.of_pass_type(certificate.pass_type)
    if known is None or known.fingerprint != certificate.fingerprint:
        records.save(certificate)


def announce_expiring(at: datetime, *, records: CertificateRecords, events: Events) -> int:
    """Tell of each certificate that ends soon, once at each of `ALARM_DAYS`; how many.

    Listeners are told before it is noted: after a crash between the two they are told again,
    with the same event id.

    Raises:
        StoreUnavailable: the rest are told of the next time.
    """
    due = records.due(at, ALARMS_MAX)
    for certificate in due:
        left = days_left(certificate.expires_at, at)
        log.error("pass certificate expires", extra=_named(certificate, left))  # an alarm
        if certificate.merchant_id != OPERATOR:
            events.publish([_expiring(certificate, at, left)])
        records.move_alarm(certificate, alarm_after(certificate.expires_at, at))
    return len(due)


def _named(certificate: PassCertificate, left: int) -> Mapping[str, str | int]:
    whose = certificate.merchant_id or "operator"
    return {"merchant": whose, "pass_type": certificate.pass_type, "days_left": left}


def _expiring(certificate: PassCertificate, at: datetime, left: int) -> Event:
    """Return the event of one alarm; it is of no member, so their id is empty."""
    alarm = f"{certificate.alarm_at:%Y-%m-%d}" if certificate.alarm_at else ""
    return Event(
        event_id=f"evt_{certificate.merchant_id}-{EXPIRING}"
        f"-{certificate.fingerprint[:16]}-{alarm}",
        name=EXPIRING,
        version=EVENT_VERSION,
        member=MemberRef(certificate.merchant_id, ""),
        at=at,
        facts={
            "pass_type_identifier": certificate.pass_type,
            "expires_on": certificate.expires_at.date().isoformat(),
            "days_left": left,
        },
    )

"""Pass certificates: what signs passes of one pass type and opens the connection for pushes.

The operator has one for every merchant; a merchant may bring its own. A pass keeps the pass
type it was made with, so each is signed and pushed by the certificate of its own type.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.domain.errors import DomainError

ALARM_DAYS = (30, 7)  # before the end, most first
OPERATOR = ""  # in the place of a merchant's id


class CertificateInvalid(DomainError):
    """The files or identifiers cannot serve passes; `field` of the request says which."""

    code = "certificate_invalid"

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class CertificateTypeFixed(DomainError):
    """The merchant's certificate is for another pass type, with passes on phones."""

    code = "certificate_type_fixed"


class PassTypeTaken(DomainError):
    """The pass type is the operator's or another merchant's."""

    code = "pass_type_taken"


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """PEM: a certificate, its key without a password, and Apple's intermediate."""

    certificate: bytes = field(repr=False)
    key: bytes = field(repr=False)
    wwdr: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassCertificate:
    """What may be known of a certificate; its key is elsewhere."""

    merchant_id: str  # OPERATOR: for all who have none
    pass_type: str
    team: str
    subject: str
    fingerprint: str  # SHA-256 of the certificate, hexadecimal
    expires_at: datetime
    alarm_at: datetime | None = None  # when its end is told of next; None: it was, for good


def days_left(expires_at: datetime, at: datetime) -> int:
    """Return the whole days a certificate is good for; 0 on its last day and after it.

    >>> end = datetime(2026, 6, 8, 12)
    >>> days_left(end, datetime(2026, 6, 1, 12)), days_left(end, datetime(2026, 6, 1, 13))
    (7, 6)
    """
    return max((expires_at - at).days, 0)


def first_alarm(expires_at: datetime) -> datetime:
    """Return when the end of a certificate is told of first, also if that is past."""
    return expires_at - timedelta(days=ALARM_DAYS[0])


def alarm_after(expires_at: datetime, at: datetime) -> datetime | None:
    """Return when it is told of next, having been told at `at`; None: no more.

    >>> alarm_after(datetime(2026, 6, 30), datetime(2026, 6, 1))
    datetime.datetime(2026, 6, 23, 0, 0)
    """
    moments = (expires_at - timedelta(days=days) for days in ALARM_DAYS)
    return next((moment for moment in moments if moment > at), None)

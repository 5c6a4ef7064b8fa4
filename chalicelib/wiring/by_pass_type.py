"""What is made once of each pass type's certificate and kept: the `KEPT_MAX` used last.

Loading a key costs as much as many signatures, and Apple takes rapid connecting for an
attack. Whether the certificate is still the same is asked each time, one read of its record,
so that a renewed one serves at once in every container. The operator's never asks.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from chalicelib.adapters.secrets import BadSecrets
from chalicelib.domain.pass_certificates import CertificateFiles, PassCertificate
from chalicelib.ports import CertificateRecords, PassCertificates
from passes.apple_certificate import known_certificate

KEPT_MAX = 32

T = TypeVar("T")


class ByPassType(Generic[T]):
    """Things made of certificates; threads may share one."""

    def __init__(
        self,
        operators_type: str,
        operators: Callable[[], T],
        make: Callable[[PassCertificate, CertificateFiles], T],
        *,
        records: CertificateRecords,
        secrets: PassCertificates,
        end: Callable[[T], None] = lambda _: None,
    ) -> None:
        self._operators_type = operators_type
        self._operators = operators
        self._make = make
        self._records = records
        self._secrets = secrets
        self._end = end
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[str, T]] = {}  # pass type → fingerprint; latest last

    def of(self, pass_type: str) -> T | None:
        """Return that of a pass type; None: it has no certificate.

        Raises:
            BadSecrets: it has one, whose key is not where it should be.
            StoreUnavailable.
        """
        if pass_type == self._operators_type:
            return self._operators()
        record = self._records.of_pass_type(pass_type)
        if record is None:
            return None
        with self._lock:
            known = self._kept.pop(pass_type, None)
            if known is None or known[0] != record.fingerprint:
                if known is not None:
                    self._end(known[1])
                known = self._made(record)
            self._kept[pass_type] = known
            while len(self._kept) > KEPT_MAX:
                _, oldest = self._kept.pop(next(iter(self._kept)))
                self._end(oldest)
        return known[1]

    def _made(self, record: PassCertificate) -> tuple[str, T]:
        """Make one of the stored files, and name it by what they hold.

        While a certificate is renewed they may be older or newer than the record: the next
        call notices.
        """
        files = self._secrets.find(record.merchant_id)
        if files is None:
            raise BadSecrets("a pass certificate's key is not in the secret store")
        try:
            loaded = known_certificate(
                files.certificate,
                merchant_id=record.merchant_id,
                pass_type=record.pass_type,
                team=record.team,
            )
            return loaded.fingerprint, self._make(loaded, files)
        except ValueError as error:
            raise BadSecrets("a pass certificate is not that of its pass type") from error

"""The `DevicePushers` port: a sender to Apple for each pass type, and answers where none is."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.adapters.secrets import BadSecrets
from chalicelib.ports import DevicePusher, PushKind, PushOutcome, StoreUnavailable

_NO_CERTIFICATE = PushOutcome(PushKind.UNSERVED, 0, "NoCertificate")
_NOT_NOW = PushOutcome(PushKind.RETRY, 0, "CertificateNotReadable")
_UNUSABLE = PushOutcome(PushKind.REFUSED, 0, "CertificateUnusable")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SameAnswer:
    """A pusher that pushes nothing and says why."""

    outcome: PushOutcome

    def push_many(self, tokens: Sequence[str]) -> Mapping[str, PushOutcome]:
        """Answer for every token alike."""
        return dict.fromkeys(tokens, self.outcome)


class ApnsPushers:
    """One kept connection per pass type; one merchant's trouble is nobody else's."""

    def __init__(self, senders: Callable[[str], DevicePusher | None]) -> None:
        self._senders = senders

    def of(self, pass_type: str) -> DevicePusher:
        """Return the sender of a pass type; never raises."""
        try:
            sender = self._senders(pass_type)
        except StoreUnavailable:
            return SameAnswer(_NOT_NOW)
        except (BadSecrets, ValueError):
            log.exception("pass certificate unusable", extra={"pass_type": pass_type})
            return SameAnswer(_UNUSABLE)
        return SameAnswer(_NO_CERTIFICATE) if sender is None else sender

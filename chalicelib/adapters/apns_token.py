"""A provider token: how Apple knows us by a key instead of the pass certificate.

ES256 over `{iss: team, iat}`, key id in the header. Apple takes one for an hour, and refuses
(429) who makes a new one more often than every 20 minutes. Format: Apple, "Establishing a
token-based connection to APNs" (read 2026-11). Seconds.
"""

import threading
import time
from collections.abc import Callable

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey

KEPT_SECONDS = 2400  # between Apple's 20 and 60 minutes, with room for clocks that differ
EXPIRED_AGAIN_SECONDS = 1200  # sooner than that Apple is not believed twice


class ProviderToken:
    """The token in use; threads may share one."""

    def __init__(
        self,
        key_pem: bytes,
        key_id: str,
        team_id: str,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Load the key.

        Raises:
            ValueError: it is not one for ES256, or has a password.
        """
        try:
            key = serialization.load_pem_private_key(key_pem, None)
        except TypeError:
            raise ValueError("the key of provider tokens has a password") from None
        if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
            raise ValueError("provider tokens are signed with a P-256 key")
        self._key = key
        self._key_id = key_id
        self._team_id = team_id
        self._now = now
        self._lock = threading.Lock()
        self._text = ""
        self._made_at = self._expired_at = float("-inf")

    def text(self) -> str:
        """Return the token, a new one when the last has served its time."""
        with self._lock:
            age = self._now() - self._made_at
            if not self._text or not 0 <= age < KEPT_SECONDS:
                self._make()
            return self._text

    def expire(self) -> bool:
        """Make another, as Apple calls this one expired; False if it said so a moment ago."""
        with self._lock:
            if 0 <= self._now() - self._expired_at < EXPIRED_AGAIN_SECONDS:
                return False
            self._expired_at = self._now()
            self._make()
            return True

    def _make(self) -> None:
        self._made_at = self._now()
        self._text = jwt.encode(
            {"iss": self._team_id, "iat": int(self._made_at)},
            self._key,
            algorithm="ES256",
            headers={"kid": self._key_id},
        )

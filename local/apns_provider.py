"""How the local push server judges provider tokens: Apple's rules, with its reasons.

Apple, "Establishing a token-based connection to APNs" and "Handling notification responses
from APNs" (read 2026-11). Times are Unix seconds of the server's own clock.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import jwt

from local.apns_judgement import Request

TOKEN_SECONDS_MAX = 3600
_SCHEME = "bearer "


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who may push without a certificate, and to which topic."""

    key_id: str
    team_id: str
    public_key_pem: bytes
    topic: str
    now: Callable[[], float] = time.time

    def refusal(self, request: Request) -> tuple[int, str] | None:
        """Return what Apple would say of the request's token; None: it is good."""
        sent = request.header("authorization")
        if not sent.startswith(_SCHEME):
            return 403, "MissingProviderToken"
        text = sent.removeprefix(_SCHEME)
        try:
            key_id = jwt.get_unverified_header(text).get("kid")
            claims = jwt.decode(
                text,
                self.public_key_pem,
                algorithms=["ES256"],
                options={"verify_iat": False, "require": ["iss", "iat"]},
            )
        except jwt.InvalidTokenError:
            return 403, "InvalidProviderToken"
        if key_id != self.key_id or claims["iss"] != self.team_id:
            return 403, "InvalidProviderToken"
        age = self.now() - int(claims["iat"])
        return None if age < TOKEN_SECONDS_MAX else (403, "ExpiredProviderToken")

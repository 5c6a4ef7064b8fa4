"""Access tokens of a service account, for a process: asked for once an hour.

By `google-auth` over urllib3. Times are the machine's own, never the movable clock: Google
judges the request for a token by real time.
"""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import google.auth.exceptions
import urllib3
from google.auth.transport.urllib3 import Request
from google.oauth2 import service_account

SCOPE = "https://www.googleapis.com/auth/wallet_object.issuer"
FRESH_FOR = timedelta(minutes=5)  # a token that ends sooner is not used
_NO_REPEATS = urllib3.Retry(total=0, redirect=0)


class AccessDenied(Exception):
    """Google gives no token for this account; the message has Google's words."""


class AccessUnavailable(Exception):
    """Google's token endpoint does not answer."""


class AccessTokens:
    """The tokens of one service account; safe to share between threads."""

    def __init__(
        self, account: Mapping[str, Any], *, connect_seconds: float, read_seconds: float
    ) -> None:
        """Parse the key. Raises ValueError: it is not that of a service account."""
        self._credentials = service_account.Credentials.from_service_account_info(
            account, scopes=[SCOPE]
        )
        timeout = urllib3.Timeout(connect=connect_seconds, read=read_seconds)
        # google-auth asks up to three times by itself; each has these time-outs.
        self._request = Request(urllib3.PoolManager(timeout=timeout, retries=_NO_REPEATS))
        self._lock = threading.Lock()

    def token(self) -> str:
        """Return a token that is good for a while. Raises AccessDenied, AccessUnavailable."""
        with self._lock:
            if not self._is_fresh():
                self._refresh()
            token: str = self._credentials.token
            return token

    def drop(self, token: str) -> None:
        """Never give that token again; one that is newer stays."""
        with self._lock:
            if self._credentials.token == token:
                self._credentials.token = None

    def _is_fresh(self) -> bool:
        ends = self._credentials.expiry  # UTC without a zone
        if not self._credentials.token or ends is None:
            return False
        return bool(ends.replace(tzinfo=UTC) - datetime.now(UTC) > FRESH_FOR)

    def _refresh(self) -> None:
        try:
            self._credentials.refresh(self._request)
        except google.auth.exceptions.TransportError as error:
            raise AccessUnavailable(type(error).__name__) from None
        except google.auth.exceptions.RefreshError as error:
            if error.retryable:
                raise AccessUnavailable(type(error).__name__) from None
            raise AccessDenied(str(error.args[0])) from None

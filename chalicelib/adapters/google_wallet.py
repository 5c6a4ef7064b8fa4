"""Google Wallet's REST interface over one kept connection, without Google's client library.

Source: Google Wallet API v1, "LoyaltyClass" and "LoyaltyObject", discovery document revision
20260806; "Errors", read 2026-11. There is no ETag: the order of versions is the caller's.

| answer | meaning here |
|---|---|
| 401 | the token has died: once more with a new one |
| 403 | the account is no user of the issuer; or a quota of ours, if the reason says so |
| 404 | no such object (PATCH, PUT), or no such class (POST) |
| 409 | the object exists: PATCH |
| 429, 5xx, none | later |
| 400 of `QuotaExceeded` | the object has rung three times in 24 hours |
| other 4xx | our body is wrong |
"""

import json
import re
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import urllib3
from urllib3.exceptions import HTTPError

from chalicelib.adapters.google_access import AccessDenied, AccessTokens, AccessUnavailable
from chalicelib.ports import AnswerKind, GoogleAnswer
from chalicelib.ports.google_wallet import Body

CONNECTIONS_MAX: Final = 8
REASON_CHARS_MAX: Final = 300
_NO_REPEATS: Final = urllib3.Retry(total=0, redirect=0)
_OK, _BAD, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _CONFLICT = 200, 400, 401, 403, 404, 409
_TRANSIENT: Final = frozenset({408, 425, 429})
_SERVER_ERROR: Final = 500
# Values a refusal quotes may be a member's name; field names stand in single quotes.
_QUOTED: Final = re.compile(r'"[^"]*"')
_RATE_REASONS: Final = ("ratelimitexceeded", "quotaexceeded", "userratelimitexceeded")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for Google."""

    connect_seconds: float
    read_seconds: float
    call_seconds: float  # no request of a call begins later


UNATTENDED: Final = Patience(connect_seconds=2, read_seconds=5, call_seconds=30)
ATTENDED: Final = Patience(connect_seconds=1, read_seconds=2, call_seconds=3)  # one waits


class GoogleWallet:
    """One issuer's classes and objects; safe to share between threads."""

    def __init__(
        self, base_url: str, tokens: AccessTokens, patience: Patience = UNATTENDED
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._tokens = tokens
        self._patience = patience
        self._pool = urllib3.PoolManager(
            maxsize=CONNECTIONS_MAX,
            timeout=urllib3.Timeout(
                connect=patience.connect_seconds, read=patience.read_seconds
            ),
            retries=_NO_REPEATS,
        )

    def put_class(self, body: Body, *, is_new: bool) -> GoogleAnswer:
        """Insert the class, or replace the one there is: what a design took away must go."""
        return self._put("loyaltyClass", "PUT", body, is_new=is_new)

    def put_object(self, body: Body, *, is_new: bool, is_whole: bool) -> GoogleAnswer:
        """Insert the object, or change the one there is."""
        method = "PUT" if is_whole else "PATCH"
        return self._put("loyaltyObject", method, body, is_new=is_new)

    def add_message(self, object_id: str, message: Body) -> GoogleAnswer:
        """Add a message."""
        path = f"{_path('loyaltyObject', object_id)}/addMessage"
        until = time.monotonic() + self._patience.call_seconds
        return self._ask("POST", path, {"message": message}, until)

    def _put(self, collection: str, change: str, body: Body, *, is_new: bool) -> GoogleAnswer:
        """Insert or change, first what is likely, then the other if it was not so."""
        ways = [("POST", collection), (change, _path(collection, body["id"]))]
        first, second = ways if is_new else ways[::-1]
        until = time.monotonic() + self._patience.call_seconds
        answer = self._ask(*first, body, until)
        if answer.status == (_CONFLICT if is_new else _NOT_FOUND):
            answer = self._ask(*second, body, until)
        return answer

    def _ask(self, method: str, path: str, body: Body, until: float) -> GoogleAnswer:
        """Send a request; once more if the token has died."""
        try:
            token = self._tokens.token()
            if time.monotonic() > until:
                return GoogleAnswer(AnswerKind.RETRY, reason="too slow")
            answer = self._send(method, path, body, token)
            if answer.status == _UNAUTHORIZED:
                self._tokens.drop(token)
                token = self._tokens.token()
                if time.monotonic() <= until:
                    answer = self._send(method, path, body, token)
        except AccessUnavailable as error:
            return GoogleAnswer(AnswerKind.RETRY, reason=f"no token: {error}")
        except AccessDenied as error:
            return GoogleAnswer(AnswerKind.FORBIDDEN, reason=f"no token: {_words(str(error))}")
        return answer

    def _send(self, method: str, path: str, body: Body, token: str) -> GoogleAnswer:
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json; charset=utf-8",
        }
        try:
            response = self._pool.request(
                method, f"{self._base_url}/{path}", body=content, headers=headers
            )
        except HTTPError as error:
            return GoogleAnswer(AnswerKind.RETRY, reason=type(error).__name__)
        return _answer(response.status, response.data)


def _path(collection: str, resource_id: str) -> str:
    return f"{collection}/{quote(resource_id, safe='')}"


def _answer(status: int, content: bytes) -> GoogleAnswer:
    if status == _OK:
        return GoogleAnswer(AnswerKind.DONE, status)
    message, reasons = _error(content)
    return GoogleAnswer(_kind(status, reasons), status, _words(message))


def _kind(status: int, reasons: str) -> AnswerKind:
    if status in _TRANSIENT or status >= _SERVER_ERROR:
        return AnswerKind.RETRY
    if "quotaexceeded" in reasons and status == _BAD:
        return AnswerKind.NO_QUOTA
    if status in (_UNAUTHORIZED, _FORBIDDEN):
        is_rate = any(reason in reasons for reason in _RATE_REASONS)
        return AnswerKind.RETRY if is_rate else AnswerKind.FORBIDDEN
    if status == _NOT_FOUND:
        return AnswerKind.MISSING
    return AnswerKind.REFUSED


def _error(content: bytes) -> tuple[str, str]:
    """Return Google's message, and its reasons in lower case; both may be empty."""
    try:
        error: Any = json.loads(content)["error"]
        message = str(error.get("message", ""))
        reasons = [str(one.get("reason", "")) for one in error.get("errors", ())]
        return message, " ".join([*reasons, message]).lower()
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", ""


def _words(message: str) -> str:
    return _QUOTED.sub('"…"', message)[:REASON_CHARS_MAX]

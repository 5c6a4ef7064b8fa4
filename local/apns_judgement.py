"""How the local push server judges a request: Apple's rules, and answers chosen by token.

Formats and reasons: Apple, "Sending notification requests to APNs" and "Handling notification
responses from APNs" (read 2026-11).

Tokens are hexadecimal; the first eight digits choose the answer, all others are accepted:

    00000400  400 BadDeviceToken          00000429  429 TooManyRequests
    00000401  400 DeviceTokenNotForTopic  00000500  500 InternalServerError
    00000403  403 Forbidden               00000503  503 ServiceUnavailable
    00000410  410 Unregistered, with the timestamp (milliseconds)
    0000600a  the first time GOAWAY, streams from this one on unanswered; then accepted
    0000500b  the first time 500; then accepted
    0000503b  the first time 503; then accepted
    00000000  silence
"""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Push = Mapping[str, Any]

PAYLOAD_BYTES_MAX = 4096
COLLAPSE_ID_BYTES_MAX = 64

_ANSWERS = {
    "00000400": (400, "BadDeviceToken"),
    "00000401": (400, "DeviceTokenNotForTopic"),
    "00000403": (403, "Forbidden"),
    "00000410": (410, "Unregistered"),
    "00000429": (429, "TooManyRequests"),
    "00000500": (500, "InternalServerError"),
    "00000503": (503, "ServiceUnavailable"),
    "00000000": (0, "Silence"),
    "0000600a": (0, "GoAway"),
    "0000500b": (500, "InternalServerError"),
    "0000503b": (503, "ServiceUnavailable"),
}
FIRST_TIME = ("0000600a", "0000500b", "0000503b")
ACCEPTED = (200, "")
_TOKEN = re.compile(r"(?:[0-9a-f]{2}){1,100}", re.IGNORECASE)
_TOPIC = re.compile(r"[A-Za-z0-9.-]{1,255}")


@dataclass(slots=True)
class Request:
    """A request as far as it has come."""

    fields: list[tuple[str, str]]
    body: bytes = b""

    def header(self, name: str, default: str = "") -> str:
        """Return a header's text."""
        return dict(self.fields).get(name, default)

    @property
    def token(self) -> str:
        """The last part of the path."""
        return self.header(":path").rpartition("/")[2]


def judge(request: Request, topic: str) -> tuple[int, str]:
    """Return status and reason as Apple would: the first fault, or what the token chooses."""
    for status, reason, is_kept in _RULES:
        if not is_kept(request, topic):
            return status, reason
    return _ANSWERS.get(request.token[:8].lower(), ACCEPTED)


def _fits_collapse(text: str) -> bool:
    return len(text.encode()) <= COLLAPSE_ID_BYTES_MAX


def _is_uuid(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False


def _is_json_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


# Apple lets a certificate of one topic leave the topic out; we promise to send it always.
# A background push has no priority but 5, and without the header it would be 10.
_RULES: tuple[tuple[int, str, Callable[[Request, str], bool]], ...] = (
    (405, "MethodNotAllowed", lambda it, _: it.header(":method") == "POST"),
    (404, "BadPath", lambda it, _: it.header(":path") == f"/3/device/{it.token}"),
    (400, "MissingDeviceToken", lambda it, _: bool(it.token)),
    (400, "BadDeviceToken", lambda it, _: bool(_TOKEN.fullmatch(it.token))),
    (400, "DuplicateHeaders", lambda it, _: len(it.fields) == len(dict(it.fields))),
    (400, "MissingTopic", lambda it, _: "apns-topic" in dict(it.fields)),
    (400, "BadTopic", lambda it, _: bool(_TOPIC.fullmatch(it.header("apns-topic")))),
    (400, "TopicDisallowed", lambda it, topic: it.header("apns-topic") == topic),
    (400, "InvalidPushType", lambda it, _: it.header("apns-push-type") == "background"),
    (400, "BadPriority", lambda it, _: it.header("apns-priority") == "5"),
    (400, "BadExpirationDate", lambda it, _: it.header("apns-expiration", "0").isdecimal()),
    (400, "BadCollapseId", lambda it, _: _fits_collapse(it.header("apns-collapse-id"))),
    (400, "BadMessageId", lambda it, _: _is_uuid(it.header("apns-id", "0" * 32))),
    (413, "PayloadTooLarge", lambda it, _: len(it.body) <= PAYLOAD_BYTES_MAX),
    (400, "PayloadEmpty", lambda it, _: _is_json_object(it.body)),
)


def push_json(request: Request, connection: int, status: int, reason: str) -> Push:
    """Return what the log says about a request."""
    sent = {name: text for name, text in request.fields if name.startswith("apns-")}
    return {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "token": request.token,
        "status": status,
        "reason": reason,
        "connection": connection,
        "payload": request.body.decode(errors="replace"),
        **sent,
    }


def topic_of(peer: Mapping[str, Any]) -> str:
    """Return the certificate's UID, which is the one topic it may push to."""
    fields = [pair for part in peer.get("subject", ()) for pair in part]
    return str(dict(fields).get("userId", ""))

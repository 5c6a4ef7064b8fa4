"""One HTTP/2 connection to Apple's push server, and how its answers are read.

Used by one thread at a time. Times are moments of `time.monotonic`, in seconds. Statuses and
reasons: Apple, "Handling notification responses from APNs" (read 2026-11).
"""

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_bytes

import h2.connection
import h2.events
from h2.exceptions import ProtocolError
from hpack import HeaderTuple

from chalicelib.ports import PushKind, PushOutcome

STREAMS_MAX = 100  # in flight, if the server allows as many; keeps the buffers small
ANSWER_BYTES_MAX = 4096
_TOKEN_REASONS = {"BadDeviceToken", "DeviceTokenNotForTopic"}
_TROUBLE_STATUSES = {0, 429, 500, 503}  # 0: an answer without a readable status
_GONE_STATUS = 410
_CREDENTIAL_REASONS = {"BadCertificate", "BadCertificateEnvironment", "Forbidden"}
_BODY = b"{}"
_READ_BYTES = 65_536

Headers = list[HeaderTuple]


class Lost(Exception):
    """The connection is of no more use."""

    def __init__(self, reason: str, *, is_our_fault: bool = False) -> None:
        super().__init__(reason)
        kind = PushKind.REFUSED if is_our_fault else PushKind.RETRY
        self.outcome = PushOutcome(kind, 0, reason)


@dataclass(slots=True)
class _Answer:
    """A response as far as it has come."""

    token: str
    status: int = 0
    body: bytes = b""


class Connection:
    """One HTTP/2 connection, used by one thread at a time."""

    def __init__(self, secure: ssl.SSLSocket) -> None:
        self._socket = secure
        self._http = h2.connection.H2Connection()
        self._answers: dict[int, _Answer] = {}  # by stream
        self._has_settings = False
        self._is_used = False

    def open(self, until: float) -> None:
        """Wait for the server's settings: only they say how many streams it bears."""
        if self._socket.selected_alpn_protocol() != "h2":
            raise Lost("NoHttp2", is_our_fault=True)
        self._http.initiate_connection()
        while not self._has_settings:
            if not self._turn(until, {}):
                raise Lost("NoAnswer")

    def close(self) -> None:
        """Close without ceremony; a goodbye could block."""
        self._socket.close()

    def exchange(
        self,
        requests: Mapping[str, Headers],
        outcomes: dict[str, PushOutcome],
        until: float,
        silence_seconds: float,
    ) -> None:
        """Send what has no outcome yet and read until everything is answered.

        Raises:
            Lost: the connection broke or time is up; outcomes so far are kept.
        """
        waiting = [token for token in requests if token not in outcomes]
        heard_by = until
        if self._is_used:
            # The sandbox may have been frozen and the other end long gone. A live server
            # answers a ping at once, even while it is slow to push. A third of the time is
            # left to find out, the rest for another connection.
            now = time.monotonic()
            heard_by = now + min(silence_seconds, (until - now) / 3)
            self._http.ping(token_bytes(8))
        self._is_used = True
        while waiting or self._answers:
            self._start(waiting, requests)
            if not self._turn(heard_by, outcomes):
                raise Lost("NoAnswer")
            heard_by = until

    def _start(self, waiting: list[str], requests: Mapping[str, Headers]) -> None:
        """Open as many streams as the server's settings and its window allow."""
        settings = self._http.remote_settings
        streams_max = min(STREAMS_MAX, settings.max_concurrent_streams)
        while (
            waiting
            and len(self._answers) < streams_max
            and self._http.outbound_flow_control_window >= len(_BODY)
            and settings.initial_window_size >= len(_BODY)
        ):
            token = waiting.pop()
            try:
                stream_id = self._http.get_next_available_stream_id()
                self._http.send_headers(stream_id, requests[token])
                self._http.send_data(stream_id, _BODY, end_stream=True)
            except ProtocolError as error:  # such as: out of stream ids
                raise Lost("ProtocolError") from error
            self._answers[stream_id] = _Answer(token)

    def _turn(self, until: float, outcomes: dict[str, PushOutcome]) -> bool:
        """Write what is due and read once; return whether anything came before `until`."""
        self._socket.settimeout(max(until - time.monotonic(), 0.001))
        try:
            try:
                self._socket.sendall(self._http.data_to_send())
            except ConnectionError:
                self._socket.recv(_READ_BYTES)  # raises the server's parting alert, if any
                raise
            received = self._socket.recv(_READ_BYTES)
        except TimeoutError:
            return False
        except OSError as error:
            raise lost_by(error) from error
        if not received:
            raise Lost("Closed")
        try:
            events = self._http.receive_data(received)
        except ProtocolError as error:
            raise Lost("ProtocolError") from error
        for event in events:
            self._handle(event, outcomes)
        return True

    def _handle(self, event: h2.events.Event, outcomes: dict[str, PushOutcome]) -> None:
        match event:
            case h2.events.RemoteSettingsChanged():
                self._has_settings = True
            case h2.events.ConnectionTerminated(additional_data=said):
                # Streams below its last id may still be answered, but h2 reads no further:
                # they are pushed again on the next connection.
                reason = str(_json_object(said or b"").get("reason", "GoAway"))
                raise Lost(reason, is_our_fault=reason in _CREDENTIAL_REASONS)
            case h2.events.ResponseReceived(stream_id=stream_id, headers=headers):
                status = dict(headers).get(b":status", b"")
                self._answers[stream_id].status = int(status) if status.isdigit() else 0
            case h2.events.DataReceived(stream_id=stream_id, data=part):
                self._http.acknowledge_received_data(event.flow_controlled_length, stream_id)
                answer = self._answers[stream_id]
                answer.body = (answer.body + part)[:ANSWER_BYTES_MAX]
            case h2.events.StreamEnded(stream_id=stream_id):
                answer = self._answers.pop(stream_id)
                outcomes[answer.token] = _outcome(answer.status, _json_object(answer.body))
            case h2.events.StreamReset(stream_id=stream_id) if stream_id in self._answers:
                answer = self._answers.pop(stream_id)
                outcomes[answer.token] = Lost("StreamReset").outcome


def lost_by(error: OSError) -> Lost:
    """Tell our own fault (a certificate that one side rejects) from trouble on the way."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Lost("ServerNotTrusted", is_our_fault=True)
    alert = str(getattr(error, "reason", None) or "")
    if "ALERT" in alert and "INTERNAL_ERROR" not in alert:
        return Lost("CertificateRejected", is_our_fault=True)
    return Lost("NoAnswer" if isinstance(error, TimeoutError) else "Unreachable")


def _outcome(status: int, answer: Mapping[str, object]) -> PushOutcome:
    """Read Apple's answer."""
    reason = str(answer.get("reason", ""))
    if status == 200:  # noqa: PLR2004
        return PushOutcome(PushKind.ACCEPTED, status)
    if status == _GONE_STATUS:
        return PushOutcome(PushKind.GONE, status, reason, _moment(answer.get("timestamp")))
    if reason in _TOKEN_REASONS:
        return PushOutcome(PushKind.GONE, status, reason)
    if status in _TROUBLE_STATUSES or reason == "IdleTimeout":
        return PushOutcome(PushKind.RETRY, status, reason)
    return PushOutcome(PushKind.REFUSED, status, reason)


def _moment(milliseconds: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(str(milliseconds)) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _json_object(text: bytes) -> dict[str, object]:
    try:
        parsed = json.loads(text)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}

"""Pushes to Apple devices: HTTP/2 over TLS with the pass certificate as client certificate.

A pass push carries nothing: it makes the phone ask our web service what changed. So sending
one twice does no harm, and whatever was not answered may be sent again.

Facts: host api.push.apple.com:443, for development passes too (the sandbox knows no pass
tokens). Time-outs are seconds. One connection is kept for the life of the process: Apple takes
rapid connecting for an attack. Formats: Apple, "Sending notification requests to APNs" and
"Handling notification responses from APNs" (read 2026-11).
"""

import random
import re
import socket
import ssl
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from hpack import HeaderTuple, NeverIndexedHeaderTuple

from chalicelib.adapters.apns_connection import Connection, Headers, Lost, lost_by
from chalicelib.adapters.apns_tls import client_tls, show_certificate
from chalicelib.adapters.apns_token import ProviderToken
from chalicelib.ports import PushKind, PushOutcome

TOKENS_MAX = 1000  # per call
CONNECTIONS_MAX = 2  # per call: the kept one and one more
ATTEMPTS_MAX = 3  # per call, of a push that Apple could not take
PAUSE_SECONDS = 0.2  # at most, before the second attempt; twice that before the third
COLLAPSE_ID_BYTES_MAX = 64
EXPIRES_SECONDS = 86_400
REST_DOUBLINGS = 16  # of the rest between calls in vain, at most
# Apple promises no form but a path part; at most 100 bytes in hex. It judges the rest itself.
_TOKEN = re.compile(r"[0-9A-Za-z_-]{1,200}")
_UNAVAILABLE_STATUS = 503
_AGAIN_STATUSES = {500, _UNAVAILABLE_STATUS}
_EXPIRED = "ExpiredProviderToken"


def _full_jitter(most: float) -> float:
    """Return any wait up to the most, so that not all come back at once."""
    return random.uniform(0, most)


@dataclass(kw_only=True)
class ApnsSender:
    """The `DevicePusher` that talks to Apple; threads may share one.

    Nothing is opened before the first push. The certificate may be a chain, leaf first;
    with a `token` it is not shown. Without `ca_pem` the server is verified against the
    system's authorities.
    """

    host: str
    port: int
    topic: str
    certificate_pem: bytes = field(repr=False)
    key_pem: bytes = field(repr=False)
    ca_pem: bytes | None = field(default=None, repr=False)
    connect_seconds: float = 2.0  # also the silence after which a kept connection is dead
    deadline_seconds: float = 5.0
    token: ProviderToken | None = field(default=None, repr=False)
    key_is_validated: bool = False  # when it was stored
    rest_seconds_max: float = 0.0  # between calls in vain, each with connections of its own
    pause: Callable[[float], None] = field(default=time.sleep, repr=False)
    jitter: Callable[[float], float] = field(default=_full_jitter, repr=False)
    now: Callable[[], float] = field(default=time.monotonic, repr=False)  # of rests alone
    _vain_calls: int = field(default=0, init=False, repr=False)  # one after another
    _rests_until: float = field(default=0.0, init=False, repr=False)
    _opens_left: int = field(default=0, init=False, repr=False)  # of the call in progress
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _connection: Connection | None = field(default=None, init=False, repr=False)

    def push_many(
        self, tokens: Sequence[str], *, collapse_id: str | None = None
    ) -> dict[str, PushOutcome]:
        """Push to every token; an outcome for each within the deadline.

        Raises:
            ValueError: more than `TOKENS_MAX` tokens, or a collapse id over 64 bytes. What
                happens outside never raises.
        """
        if len(tokens) > TOKENS_MAX:
            raise ValueError(f"{len(tokens)} tokens in one call, {TOKENS_MAX} allowed")
        if collapse_id and len(collapse_id.encode()) > COLLAPSE_ID_BYTES_MAX:
            raise ValueError(f"a collapse id has at most {COLLAPSE_ID_BYTES_MAX} bytes")
        until = time.monotonic() + self.deadline_seconds
        bad = PushOutcome(PushKind.GONE, 400, "BadDeviceToken")
        outcomes = {token: bad for token in tokens if not _TOKEN.fullmatch(token)}
        requests = self._requests(set(tokens) - outcomes.keys(), collapse_id)
        reason = Lost("Busy").outcome
        if requests and self._lock.acquire(timeout=self.deadline_seconds):
            try:
                reason = self._push_unless_resting(requests, outcomes, until)
            finally:
                self._lock.release()
        return dict.fromkeys(requests, reason) | outcomes

    def close(self) -> None:
        """Close the connection; the next push opens another."""
        with self._lock:
            self._drop()

    def _push_unless_resting(
        self, requests: Mapping[str, Headers], outcomes: dict[str, PushOutcome], until: float
    ) -> PushOutcome:
        """Push all; after calls that were in vain, only once a rest is over.

        While Apple is away every batch would knock, from every container: it takes rapid
        connecting for an attack. The rest doubles with each call in vain, with full jitter.
        """
        if self._connection is None and self.now() < self._rests_until:
            return Lost("Resting").outcome
        reason = self._push_all(requests, outcomes, until)
        taken = (t for t in requests if t in outcomes and _is_taken(outcomes[t]))
        if self._connection is not None or any(taken):
            self._vain_calls = 0
        elif self.rest_seconds_max:
            self._vain_calls += 1
            longest = min(self.rest_seconds_max, 2.0 ** min(self._vain_calls, REST_DOUBLINGS))
            self._rests_until = self.now() + self.jitter(longest)
        return reason

    def _push_all(
        self, requests: Mapping[str, Headers], outcomes: dict[str, PushOutcome], until: float
    ) -> PushOutcome:
        """Fill `outcomes`; what Apple could not take is tried again. Return why any is missing.

        Full jitter, as after a failure of Apple's everybody comes back.
        """
        self._opens_left = CONNECTIONS_MAX - (1 if self._connection else 0)
        reason = Lost("NoAnswer").outcome
        for attempt in range(ATTEMPTS_MAX):
            again = {t for t, outcome in outcomes.items() if outcome.status in _AGAIN_STATUSES}
            if attempt and not again:
                break
            if attempt:
                wait = self.jitter(PAUSE_SECONDS * 2 ** (attempt - 1))
                if time.monotonic() + wait >= until or not (
                    self._connection or self._opens_left
                ):
                    break
                self.pause(wait)
            fresh = {t: outcome for t, outcome in outcomes.items() if t not in again}
            reason = self._push_signed(requests, fresh, until)
            outcomes |= fresh
        return reason

    def _push_signed(
        self, requests: Mapping[str, Headers], outcomes: dict[str, PushOutcome], until: float
    ) -> PushOutcome:
        """Push what has no outcome, with a token if there is one; once more if that is old."""
        if self.token is None:
            return self._push_once(requests, outcomes, until)
        reason = self._push_once(_signed(requests, self.token), outcomes, until)
        expired = [t for t, outcome in outcomes.items() if outcome.reason == _EXPIRED]
        if expired and self.token.expire():
            for token in expired:
                del outcomes[token]
            reason = self._push_once(_signed(requests, self.token), outcomes, until)
        return reason

    def _push_once(
        self, requests: Mapping[str, Headers], outcomes: dict[str, PushOutcome], until: float
    ) -> PushOutcome:
        """Push what has no outcome, if need be over another connection."""
        reason = Lost("NoAnswer").outcome
        while self._connection or self._opens_left:
            try:
                if self._connection is None:
                    self._opens_left -= 1
                    self._connection = self._connect(until)
                self._connection.exchange(requests, outcomes, until, self.connect_seconds)
                break
            except Lost as lost:
                reason = lost.outcome
                was_connected = self._connection is not None
                self._drop()
            if outcomes.keys() >= requests.keys():
                break  # lost after the last answer
            if reason.kind is PushKind.REFUSED or not was_connected:
                self._opens_left = 0  # Apple unwilling or down: no use in knocking again
        if any(outcome.status == _UNAVAILABLE_STATUS for outcome in outcomes.values()):
            self._drop()  # that server is shutting down
        return reason

    def _connect(self, until: float) -> Connection:
        """Connect, shake hands and learn the server's settings. Raises Lost."""
        seconds = min(self.connect_seconds, until - time.monotonic())
        if seconds <= 0:
            raise Lost("NoAnswer")
        try:
            context = self._tls
        except (ValueError, TypeError, OSError) as error:  # no PEM, encrypted, no pair
            raise Lost("CertificateUnusable", is_our_fault=True) from error
        try:
            plain = socket.create_connection((self.host, self.port), timeout=seconds)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            secure = context.wrap_socket(plain, server_hostname=self.host)
        except OSError as error:
            raise lost_by(error) from error
        connection = Connection(secure)
        try:
            connection.open(time.monotonic() + seconds)
        except Lost:
            connection.close()
            raise
        return connection

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        context = client_tls(self.ca_pem)
        if self.token is None:
            show_certificate(
                context,
                self.certificate_pem,
                self.key_pem,
                is_validated=self.key_is_validated,
            )
        return context

    def _requests(self, tokens: Iterable[str], collapse_id: str | None) -> dict[str, Headers]:
        """Return headers by token; made once, so that a repeat carries the same apns-id."""
        expiration = int(time.time()) + EXPIRES_SECONDS
        always = [
            HeaderTuple("apns-topic", self.topic),
            HeaderTuple("apns-push-type", "background"),
            HeaderTuple("apns-priority", "5"),
            HeaderTuple("apns-expiration", str(expiration)),
        ]
        if collapse_id:
            always.append(HeaderTuple("apns-collapse-id", collapse_id))
        return {
            token: [
                HeaderTuple(":method", "POST"),
                HeaderTuple(":scheme", "https"),
                HeaderTuple(":authority", self.host),
                # What never repeats would only push the rest out of HPACK's table.
                NeverIndexedHeaderTuple(":path", f"/3/device/{token}"),
                *always,
                NeverIndexedHeaderTuple("apns-id", str(uuid.uuid4())),
            ]
            for token in tokens
        }

    def _drop(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


def _is_taken(outcome: PushOutcome) -> bool:
    """Return whether Apple has dealt with a push for good."""
    return outcome.kind in {PushKind.ACCEPTED, PushKind.GONE}


def _signed(requests: Mapping[str, Headers], token: ProviderToken) -> dict[str, Headers]:
    """Return the requests with the token; indexed, as it is the same in each."""
    header = HeaderTuple("authorization", f"bearer {token.text()}")
    return {name: [*headers, header] for name, headers in requests.items()}

"""One client of the local push server: its handshake, its requests, their answers.

Used by the thread that serves it; `cut` and `is_frozen` from any.
"""

import json
import ssl
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import h2.connection
import h2.events
from h2.config import H2Configuration
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings

from local.apns_judgement import (
    ACCEPTED,
    FIRST_TIME,
    PAYLOAD_BYTES_MAX,
    Request,
    judge,
    push_json,
    topic_of,
)
from local.apns_sockets import HANDSHAKE_SECONDS, part_with, wake

if TYPE_CHECKING:
    from local.apns_server import ApnsServer


class Client:
    """A client on one connection, served by one thread."""

    def __init__(self, server: "ApnsServer", secure: ssl.SSLSocket) -> None:
        self.is_frozen = False
        self._server = server
        self._socket = secure
        self._requests: dict[int, Request] = {}
        self._is_over = False

    def cut(self) -> None:
        """End the connection without a word, from whatever thread; its own will close it."""
        wake(self._socket)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def run(self) -> None:
        """Shake hands and answer until either side has enough. Raises OSError."""
        secure = self._socket
        secure.settimeout(HANDSHAKE_SECONDS)
        try:
            secure.do_handshake()
        except ssl.SSLError:
            part_with(secure)
            raise
        self._number = self._server.count_handshake()
        self._topic = topic_of(secure.getpeercert() or {})
        secure.settimeout(None)
        self._http = self._greeting()
        secure.sendall(self._http.data_to_send())
        while not self._is_over and (received := secure.recv(65_536)):
            if not self.is_frozen:
                self._take(received)
                secure.sendall(self._http.data_to_send())
        part_with(secure)

    def _greeting(self) -> h2.connection.H2Connection:
        http = h2.connection.H2Connection(
            H2Configuration(client_side=False, header_encoding="utf-8")
        )
        http.local_settings = Settings(
            client=False,
            initial_values={
                SettingCodes.MAX_CONCURRENT_STREAMS: self._server.streams_max,
                SettingCodes.INITIAL_WINDOW_SIZE: self._server.stream_window,
            },
        )
        http.initiate_connection()
        return http

    def _take(self, received: bytes) -> None:
        """Answer everything that is complete."""
        try:
            events = self._http.receive_data(received)
        except (ProtocolError, UnicodeDecodeError):
            self._is_over = True  # h2 has a GOAWAY with the error's code ready
            return
        self._server.count_streams(self._http.open_inbound_streams)
        for event in events:
            if not self._is_over:
                self._handle(event)

    def _handle(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.RequestReceived(stream_id=stream_id, headers=headers):
                self._requests[stream_id] = Request(
                    [(str(name), str(text)) for name, text in headers]
                )
            case h2.events.DataReceived(stream_id=stream_id, data=part):
                self._http.acknowledge_received_data(event.flow_controlled_length, stream_id)
                request = self._requests[stream_id]
                request.body = (request.body + part)[: PAYLOAD_BYTES_MAX + 1]
            case h2.events.StreamReset(stream_id=stream_id):
                self._requests.pop(stream_id, None)
            case h2.events.StreamEnded(stream_id=stream_id):
                self._answer(stream_id, self._requests.pop(stream_id))
            case h2.events.ConnectionTerminated():
                self._is_over = True

    def _answer(self, stream_id: int, request: Request) -> None:
        status, reason = self._judged(request)
        is_once = request.token[:8].lower() in FIRST_TIME
        if is_once and self._server.has_met(request.token):
            status, reason = ACCEPTED
        self._server.record(push_json(request, self._number, status, reason))
        if status:
            self._respond(stream_id, request, status, reason)
        elif reason == "GoAway":
            self._http.close_connection(last_stream_id=max(stream_id - 2, 0))
            self._is_over = True

    def _judged(self, request: Request) -> tuple[int, str]:
        provider = self._server.provider
        if provider is None or self._topic:
            return judge(request, self._topic)
        return provider.refusal(request) or judge(request, provider.topic)

    def _respond(self, stream_id: int, request: Request, status: int, reason: str) -> None:
        apns_id = request.header("apns-id", str(uuid.uuid4()))
        headers = [(":status", str(status)), ("apns-id", apns_id)]
        self._http.send_headers(stream_id, headers, end_stream=not reason)
        if reason:
            answer: dict[str, Any] = {"reason": reason}
            if reason == "Unregistered":
                since = self._server.gone_since or datetime.now(UTC)
                answer["timestamp"] = int(since.timestamp() * 1000)
            self._http.send_data(stream_id, json.dumps(answer).encode(), end_stream=True)

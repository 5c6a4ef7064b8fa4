"""A push server that behaves like Apple's, for laptops and tests.

On its own: `python -m local.apns_server`. TLS 1.2 or later, ALPN h2, a client certificate of
our own authority required; no code shared with the sender. A pass push is judged as strictly
as our product promises to send it. Formats and reasons: Apple, "Sending notification requests
to APNs" and "Handling notification responses from APNs" (read 2026-11).

What a token's first eight digits choose stands in `apns_judgement.py`.

Each request becomes one JSON object for the callback and one line in the log file: `at`,
`token`, `status` (0: not answered), `reason`, `connection` (1 is the first), `payload`, and
the `apns-*` headers by name.
"""

import argparse
import json
import logging
import signal
import socket
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from local.apns_client import Client
from local.apns_judgement import Push
from local.apns_provider import Provider
from local.apns_sockets import server_tls, wake
from local.certificates import Certificates, ensure_certificates
from local.line_log import append_line

REQUESTS_KEPT_MAX = 2000
CONNECTIONS_MAX = 100
TOKENS_SEEN_MAX = 1000
STREAMS_MAX = 1000

_log = logging.getLogger(__name__)


class ApnsServer:
    """The server: one thread that accepts, one per connection."""

    def __init__(
        self,
        certificates: Certificates,
        *,
        port: int = 0,
        on_push: Callable[[Push], None] | None = None,
        log_path: Path | None = None,
        gone_since: datetime | None = None,
        provider: Provider | None = None,
    ) -> None:
        """Prepare to serve on 127.0.0.1; port 0 takes a free one and keeps it.

        `gone_since` is what a 410 says; by default the moment of the push. With a `provider`
        clients may come without a certificate, and are asked for its tokens.
        """
        self.port = port
        self.on_push = on_push
        self.gone_since = gone_since
        self.provider = provider
        self.requests: deque[Push] = deque(maxlen=REQUESTS_KEPT_MAX)
        self.handshakes = 0
        self.streams_peak = 0
        self.streams_max = STREAMS_MAX  # of connections opened from now on
        self.stream_window = 65_535  # bytes of body a client may send unasked; likewise
        self._log_path = log_path
        self._tls = server_tls(certificates, asks_certificate=provider is None)
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self._connections: set[Client] = set()
        self._met: deque[str] = deque(maxlen=TOKENS_SEEN_MAX)

    def start(self) -> "ApnsServer":
        """Listen; connections are taken from now on. Raises OSError: the port is taken."""
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening and cut every connection; `start` takes the same port again."""
        if self._listener:
            wake(self._listener)
            self._listener.close()
        self._listener = None
        self.cut()

    def cut(self) -> None:
        """End the connections open now without a word; others may come."""
        with self._lock:
            for connection in self._connections:
                connection.cut()

    def freeze(self) -> None:
        """Never again answer on the connections open now, as if their other end were gone."""
        with self._lock:
            for connection in self._connections:
                connection.is_frozen = True

    def count_handshake(self) -> int:
        """Count a finished handshake; return its number."""
        with self._lock:
            self.handshakes += 1
            return self.handshakes

    def count_streams(self, streams: int) -> None:
        """Keep the greatest number of streams open at once."""
        with self._lock:
            self.streams_peak = max(self.streams_peak, streams)

    def has_met(self, token: str) -> bool:
        """Return whether the token was here before; the next time it was."""
        with self._lock:
            if token in self._met:
                return True
            self._met.append(token)
            return False

    def record(self, push: Push) -> None:
        """Remember a request, log it, tell the callback."""
        with self._lock:
            self.requests.append(push)
            if self._log_path:
                append_line(self._log_path, json.dumps(push))
        if self.on_push:
            try:
                self.on_push(push)
            except Exception:  # noqa: BLE001 - the listener's trouble is not the server's
                _log.exception("push listener failed")

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:  # stopped
                return
            secure = self._tls.wrap_socket(
                plain, server_side=True, do_handshake_on_connect=False
            )
            connection = Client(self, secure)
            with self._lock:
                has_room = len(self._connections) < CONNECTIONS_MAX
                if has_room and listener is self._listener:
                    self._connections.add(connection)
                else:
                    secure.close()
                    continue
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: Client) -> None:
        try:
            connection.run()
        except OSError as error:  # no certificate, or gone
            _log.info("push connection ended: %s", error)
        finally:
            with self._lock:
                self._connections.discard(connection)
            connection.close()


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--certificates", type=Path, required=True)
    arguments.add_argument("--pass-type-identifier", required=True)
    arguments.add_argument("--team-identifier", required=True)
    arguments.add_argument("--port", type=int, default=2197)
    arguments.add_argument("--log", type=Path)
    chosen = arguments.parse_args()
    certificates = ensure_certificates(
        chosen.certificates,
        pass_type_identifier=chosen.pass_type_identifier,
        team_identifier=chosen.team_identifier,
    )
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    server = ApnsServer(certificates, port=chosen.port, log_path=chosen.log).start()
    print(f"push server ready on 127.0.0.1:{server.port}", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    server.stop()


if __name__ == "__main__":
    main()

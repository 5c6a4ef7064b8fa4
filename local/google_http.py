"""How the local Google Wallet server speaks HTTP; what it says is in `google_server.py`."""

import contextlib
import json
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import parse_qs

from local.google_resources import Answer, error

REST = "/walletobjects/v1/"
SAVE = "/gp/v/save/"
BODY_BYTES_MAX = 1_000_000


class WalletHandler(BaseHTTPRequestHandler):
    """Speaks HTTP for the server."""

    protocol_version = "HTTP/1.1"
    wallet: ClassVar[Any]  # the `GoogleServer`

    def do_GET(self) -> None:
        """Answer GET."""
        if self.path.startswith(SAVE):
            status, text = self.wallet.saved(self.path.removeprefix(SAVE))
            self._send(status, text.encode(), "text/html; charset=utf-8")
        elif self.path.startswith("/gp/m/issuer/keys"):
            self._json(self.wallet.keys())
        else:
            self._rest()

    def do_POST(self) -> None:
        """Answer POST."""
        if self.path == "/token":
            self._json(self.wallet.grant(parse_qs(self._body().decode())))
        else:
            self._rest()

    def do_PUT(self) -> None:
        """Answer PUT."""
        self._rest()

    def do_PATCH(self) -> None:
        """Answer PATCH."""
        self._rest()

    def log_message(self, *_: Any) -> None:
        """Say nothing: there is a log of our own."""

    def _rest(self) -> None:
        if not self.path.startswith(REST):
            self._json(error(404, "notFound", "no such path"))
            return
        authorization = self.headers.get("Authorization", "")
        answer = self.wallet.rest(self.command, self.path, authorization, self._body())
        self._json(answer)

    def _body(self) -> bytes:
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(min(length, BODY_BYTES_MAX))

    def _json(self, answer: Answer) -> None:
        status, content = answer
        text = json.dumps(content, ensure_ascii=False).encode()
        self._send(status, text, "application/json; charset=utf-8")

    def _send(self, status: int, content: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the client has hung up
            self.wfile.write(content)

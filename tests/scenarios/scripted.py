"""An HTTP server on the loopback that answers by script and remembers what it was asked.

It stands where the service would, to show what the runner says and how it judges; whether
the service follows the rules is `test_scenarios.py`'s to show, against the real one.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    call: str  # "POST /v1/purchases", without the query
    query: str
    body: Any
    credential: str | None
    key: str | None


RETRY_AFTER_SECONDS = 6  # more than a caller waits for
HANG_UP = (0, None)  # an answer that never comes


class Script:
    """Answers by call, in turn; the last one stays. What is not scripted answers 404."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: dict[str, list[tuple[int, Any]]] = {
            "POST /local/clock": [(200, {})],
            "POST /local/jobs/run": [(200, {})],
            "POST /local/merchants": [
                (201, {"merchant": "m", "till_key": "till", "integration_key": "office"})
            ],
            "POST /v1/merchants/m/sign-ups": [(202, {"sign_up_id": "s"})],
            "POST /v1/sign-ups/s/verify": [(201, {"member_id": "mem_1"})],
        }

    def on(self, call: str, *answers: tuple[int, Any]) -> None:
        """Answer a call so from now on."""
        self.answers[call] = list(answers)

    def bodies(self, call: str) -> list[Any]:
        """Return what a call was made with, in order."""
        return [asked.body for asked in self.asked if asked.call == call]

    def calls(self) -> list[str]:
        """Return the calls made, in order."""
        return [asked.call for asked in self.asked]

    def answer(self, asked: Asked) -> tuple[int, Any]:
        """Remember a request and return its answer."""
        self.asked.append(asked)
        if asked.call == "GET /local/outbox":
            return 200, {"items": self._messages()}
        answers = self.answers.get(asked.call, [(404, {"code": "not_scripted"})])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def _messages(self) -> list[dict[str, str]]:
        """Return the outbox: each code is there only at the second look after its sign-up."""
        sign_ups = [i for i, c in enumerate(self.calls()) if c.endswith("/sign-ups")]
        looks_since = len(self.asked) - 1 - sign_ups[-1] if sign_ups else 0
        sent = len(sign_ups) - (looks_since == 1)
        return [{"kind": "sms", "text": f"Code {n:06d}"} for n in range(sent, 0, -1)]


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """Serve a script on a free port; give the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_any(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path, _, query = self.path.partition("?")
            asked = Asked(
                call=f"{self.command} {path}",
                query=query,
                body=json.loads(content) if content else None,
                credential=self.headers.get("Authorization"),
                key=self.headers.get("Idempotency-Key"),
            )
            status, body = script.answer(asked)
            if (status, body) == HANG_UP:
                self.close_connection = True
                return
            self.reply(status, json.dumps(body).encode())

        do_GET = do_POST = do_PUT = do_any

        def reply(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            if status == 429:
                self.send_header("Retry-After", str(RETRY_AFTER_SECONDS))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Keep the tests' output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

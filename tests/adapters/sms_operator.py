"""An SMS operator that misbehaves on request, over real sockets.

One server speaks all three formats, told apart by path: `/sys/send.php` (smsc), `/sms/send`
(smsru) and `/` (Amazon SNS, query protocol). Each request takes the next behaviour from the
script; after the last one the server takes every message. `taken` is what would reach phones.
"""

import hashlib
import json
import ssl
import threading
from collections.abc import Sequence
from enum import StrEnum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl, urlencode

import urllib3

SMSC_PATH, SMSRU_PATH, SNS_PATH, ELSEWHERE = "/sys/send.php", "/sms/send", "/", "/elsewhere"
DRIP_BYTES, DRIP_SECONDS, HUGE_BYTES = 500, 0.01, 200_000
HANG_SECONDS_MAX = 30


class Behaviour(StrEnum):
    """What the operator does with one request."""

    TAKE = auto()
    HANG = auto()  # never answers and never sends
    LOSE = auto()  # takes the message, closes without an answer
    DRIP = auto()  # takes it, answers a byte at a time
    GARBAGE = auto()
    NESTED = auto()  # JSON deeper than a parser's stack
    HUGE = auto()  # a good answer after too many spaces
    FAIL = auto()  # 500
    THROTTLE = auto()
    REDIRECT = auto()
    REJECT_NUMBER = auto()
    REJECT_ACCOUNT = auto()


_SMSC_CODES = {
    Behaviour.THROTTLE: 4,
    Behaviour.REJECT_NUMBER: 7,
    Behaviour.REJECT_ACCOUNT: 3,
}
_SMSRU_CODES = {
    Behaviour.THROTTLE: 220,
    Behaviour.REJECT_NUMBER: 202,
    Behaviour.REJECT_ACCOUNT: 201,
}
_SNS_ERRORS = {
    Behaviour.THROTTLE: (400, "Throttling", "Rate exceeded"),
    Behaviour.REJECT_ACCOUNT: (403, "AuthorizationError", "not authorized"),
    Behaviour.REJECT_NUMBER: (400, "InvalidParameter", "Invalid parameter: PhoneNumber"),
    Behaviour.FAIL: (500, "InternalError", "oops"),
}
_NESTED = b"[" * 60_000


class _QuietServer(ThreadingHTTPServer):
    """A client that hangs up is what these tests are about, not an error."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


class OperatorServer:
    """The operator, on a free port of this machine, until closed."""

    def __init__(self, *script: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.taken: list[dict[str, str]] = []
        self.answered = 0  # answers that left whole
        self.closing = threading.Event()
        self._script = list(script)
        self._lock = threading.Lock()
        self._server = _QuietServer(("127.0.0.1", 0), _handler(self))
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "http" if tls is None else "https"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> "OperatorServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}{path}"

    def next_behaviour(self, path: str, form: dict[str, str]) -> Behaviour:
        """Note the request and return what to do with it."""
        with self._lock:
            self.requests.append((path, form))
            return self._script.pop(0) if self._script else Behaviour.TAKE

    def take(self, form: dict[str, str]) -> bool:
        """Note a message that will reach its phone; False if it is a repeat."""
        with self._lock:
            is_new = form not in self.taken
            if is_new:
                self.taken.append(form)
            return is_new

    def report(self, url: str, forms: Sequence[str]) -> list[tuple[int, str]]:
        """Post report forms one after another, as given: repeated, or out of order."""
        with urllib3.PoolManager(retries=False) as pool:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            answers = [pool.request("POST", url, body=form, headers=headers) for form in forms]
            return [(answer.status, answer.data.decode()) for answer in answers]


def smsc_report(operator_id: str, phone: str, status: int, *, secret: str, ts: int) -> str:
    """Return the form smsc posts for one message."""
    signed = f"{operator_id}:{phone}:{status}:{secret}"
    fields = {"id": operator_id, "phone": phone, "status": status, "err": 0, "ts": ts}
    return urlencode(fields | {"sha1": hashlib.sha1(signed.encode()).hexdigest()})


def smsru_report(rows: Sequence[tuple[str, int, int]], *, secret: str) -> str:
    """Return the form smsru posts for several messages: (id, status code, Unix time) each."""
    entries = ["test\n1", *(f"sms_status\n{row[0]}\n{row[1]}\n{row[2]}" for row in rows)]
    fields = {f"data[{place}]": entry for place, entry in enumerate(entries)}
    signed = "".join([secret, *entries])
    return urlencode(fields | {"hash": hashlib.sha256(signed.encode()).hexdigest()})


def _answer(server: OperatorServer, path: str, form: dict[str, str], do: Behaviour):
    """Return status and body for a request of any format."""
    if path == SNS_PATH:
        return _sns_answer(server, form, do)
    if do is Behaviour.FAIL:
        return 500, b"oops"
    read = _smsru_answer if path == SMSRU_PATH else _smsc_answer
    return 200, json.dumps(read(server, form, do)).encode()


def _smsc_answer(server: OperatorServer, form: dict[str, str], do: Behaviour) -> object:
    code = _SMSC_CODES.get(do)
    if code is None and not server.take(form):
        code = 9
    if code is not None:
        return {"error": f"no: {form['phones']} {form['mes']}", "error_code": code}
    return {"id": form["id"], "cnt": 1}


def _smsru_answer(server: OperatorServer, form: dict[str, str], do: Behaviour) -> object:
    code = _SMSRU_CODES.get(do)
    if code is None and not server.take(form):
        code = 231
    if do in (Behaviour.REJECT_ACCOUNT, Behaviour.THROTTLE):
        return {"status": "ERROR", "status_code": code, "status_text": "no"}
    if code is not None:
        row = {"status": "ERROR", "status_code": code, "status_text": form["to"]}
    else:
        row = {"status": "OK", "status_code": 100, "sms_id": f"000000-{len(server.taken)}"}
    return {"status": "OK", "status_code": 100, "sms": {form["to"]: row}, "balance": 4.5}


def _sns_answer(server: OperatorServer, form: dict[str, str], do: Behaviour):
    if do in _SNS_ERRORS:
        status, code, message = _SNS_ERRORS[do]
        message = f"{message} Reason: {form['PhoneNumber']} {form['Message']}"
        error = (
            f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        )
        return status, f"<ErrorResponse>{error}</ErrorResponse>".encode()
    server.take(form)
    result = f"<PublishResult><MessageId>sns-{len(server.taken)}</MessageId></PublishResult>"
    return 200, f"<PublishResponse>{result}</PublishResponse>".encode()


def _handler(server: OperatorServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            form = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
            do = server.next_behaviour(self.path, form)
            if do is Behaviour.HANG:
                server.closing.wait(HANG_SECONDS_MAX)
                return
            if do is Behaviour.LOSE:
                server.take(form)
                return
            if do is Behaviour.REDIRECT:
                status, body = 307, b""
            elif do is Behaviour.GARBAGE:
                status, body = 200, f"<html>not now: {form}</html>".encode()
            elif do is Behaviour.NESTED:
                status, body = 200, _NESTED
            else:
                status, body = _answer(server, self.path, form, do)
            if do is Behaviour.HUGE:
                body = b" " * HUGE_BYTES + body
            self._send(status, body, drip=do is Behaviour.DRIP)

        def _send(self, status: int, body: bytes, *, drip: bool) -> None:
            padding = b" " * (DRIP_BYTES if drip else 0)
            self.send_response(status)
            self.send_header("Content-Length", str(len(padding + body)))
            if status == 307:
                self.send_header("Location", server.url(ELSEWHERE))
            self.end_headers()
            for _ in padding:
                self.wfile.write(b" ")
                if server.closing.wait(DRIP_SECONDS):
                    return
            self.wfile.write(body)
            server.answered += 1

        def log_message(self, *arguments: object) -> None:
            """Keep quiet: the tests read the logs."""

    return Handler

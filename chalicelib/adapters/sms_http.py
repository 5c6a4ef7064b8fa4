"""The SMS port over an HTTP operator, in the format its configuration names.

No exception or log record here holds a number, a text, an answer or a secret: `from None`
where the cause could. One connection per message, never tried again: after a time-out nobody
knows whether the message left, and what to do then is the caller's decision.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from urllib.parse import urlencode

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import parse_url

from chalicelib.adapters.sms_formats import Operator, rejected
from chalicelib.ports import (
    Sms,
    SmsReceipt,
    SmsUnavailable,
)

ANSWER_BYTES_MAX = 64 * 1024
_FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
_OUR_FAULT = frozenset(range(400, 500)) - {408, 425, 429}


class HttpSms:
    """Sends by one operator."""

    def __init__(self, operator: Operator, tls: ssl.SSLContext | None = None) -> None:
        url = parse_url(operator.url)
        if url.auth or url.query or not url.host:
            raise ValueError("an operator's address has a host, no user and no query")
        if url.scheme != "https" and not (url.scheme == "http" and _is_loopback(url.host)):
            raise ValueError("an operator's address must be https")
        self.route = operator.route
        self.format = operator.format
        self._operator = operator
        self._url = url
        self._tls = tls or ssl.create_default_context()

    def send(self, sms: Sms) -> SmsReceipt:
        """Hand the message over, once. Raises SmsRejected, SmsUnavailable."""
        status, body = self._post(self._operator.format.form(self._operator, sms))
        if status in (401, 403):
            raise rejected("account_refused")
        if status in _OUR_FAULT:
            raise rejected("request_refused")
        if status != http.client.OK:
            raise SmsUnavailable(f"{self.route}: status {status}")
        try:
            answer = json.loads(body, parse_constant=_no_constant)
            operator_id = self._operator.format.operator_id(answer, sms)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise SmsUnavailable(f"{self.route}: answer not understood") from None
        return SmsReceipt(route=self.route, operator_id=operator_id)

    def _post(self, form: Mapping[str, str]) -> tuple[int, bytes]:
        connection = self._connection()
        try:
            connection.connect()
            connection.timeout = self._operator.read_ms / 1000
            with _cut_after(connection.sock, self._operator.answer_ms) as cut:
                body = urlencode(form).encode()
                path = self._url.request_uri
                connection.request("POST", path, body, _FORM, preload_content=False)
                response = connection.getresponse()
                answer = response.read(ANSWER_BYTES_MAX)
            if cut.is_set():
                raise SmsUnavailable(f"{self.route}: answer too slow")
            return response.status, answer
        except (HTTPError, OSError, http.client.HTTPException) as error:
            raise SmsUnavailable(f"{self.route}: {type(error).__name__}") from None
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        host = str(self._url.host)
        timeout = self._operator.connect_ms / 1000
        if self._url.scheme == "http":
            return HTTPConnection(host, self._url.port, timeout=timeout)
        return HTTPSConnection(host, self._url.port, timeout=timeout, ssl_context=self._tls)


@contextmanager
def _cut_after(connection: socket.socket, milliseconds: int) -> Iterator[threading.Event]:
    """Shut the connection when its time is over.

    A socket's own time-out starts again with every byte, so an answer that drips in would
    hold the worker for hours. The base class's `shutdown` leaves TLS to the reading thread.
    """
    cut = threading.Event()

    def shut() -> None:
        cut.set()
        with suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)

    timer = threading.Timer(milliseconds / 1000, shut)
    timer.daemon = True
    timer.start()
    try:
        yield cut
    finally:
        timer.cancel()
        timer.join()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _no_constant(name: str) -> None:
    raise ValueError(name)

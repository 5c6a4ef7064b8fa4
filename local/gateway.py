"""API Gateway on one machine: a WSGI callable in front of the Chalice application.

It turns a WSGI request (PEP 3333) into the event of a REST API's Lambda proxy
integration and the answer back (API Gateway Developer Guide, "Lambda proxy integrations",
read 2026-11). What it answers itself is problem+json: 400 for a path or query that is no
UTF-8, 404, 405, 413, 414 and 503. A view's own answers pass untouched, compressed where large.
"""

import base64
import binascii
import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from chalice.app import Chalice
from chalice.local import LambdaContext, LocalChalice

from local.compression import compress
from local.gateway_event import (
    ANYWHERE,
    Environ,
    Match,
    Refused,
    build_event,
    match_route,
    nothing_here,
    raw_path,
)

BODY_BYTES_MAX = 4_500_000  # what Lambda takes: 6 MB of event, a body in it as base64
WORKING_MAX = 16  # requests handled at once; more threads only fight for the interpreter
WAITING_MAX = 64
WAIT_SECONDS_MAX = 2.0
RETRY_AFTER_SECONDS = 1

log = logging.getLogger(__name__)

StartResponse = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over WSGI."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


class Gateway:
    """WSGI in, Lambda proxy event out; as many threads as the server has."""

    def __init__(
        self,
        app: Chalice,
        *,
        body_bytes_max: int = BODY_BYTES_MAX,
        working_max: int = WORKING_MAX,
        waiting_max: int = WAITING_MAX,
        wait_seconds_max: float = WAIT_SECONDS_MAX,
    ) -> None:
        share_between_threads(app)
        self._app = app
        self._body_bytes_max = body_bytes_max
        self._wait_seconds_max = wait_seconds_max
        self._working = threading.BoundedSemaphore(working_max)
        self._waiting = threading.BoundedSemaphore(waiting_max)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        try:
            answer = self._answer_in_turn(environ)
        except Refused as refused:
            answer = _problem(refused)
        except Exception:  # the edge: whatever it is, no stack trace leaves the process
            log.exception("the application did not answer")
            answer = _problem(_BROKEN)
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        headers, body = compress(answer.headers, answer.body, accepted)
        if not any(name.lower() == "content-length" for name, _ in headers):
            headers = [*headers, ("Content-Length", str(len(body)))]
        start_response(f"{answer.status} {_reason(answer.status)}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _answer_in_turn(self, environ: Environ) -> Answer:
        if not self._working.acquire(blocking=False):
            if not self._waiting.acquire(blocking=False):
                raise _overloaded()
            try:
                if not self._working.acquire(timeout=self._wait_seconds_max):
                    raise _overloaded()
            finally:
                self._waiting.release()
        try:
            return self._answer(environ)
        finally:
            self._working.release()

    def _answer(self, environ: Environ) -> Answer:
        path = raw_path(environ)
        match = match_route(self._app.routes, path)
        method = self._method(environ["REQUEST_METHOD"], match)
        event = build_event(
            environ, match, method, self._body(environ), self._app.api.binary_types
        )
        context = LambdaContext("local", 128, max_runtime_ms=29_000)
        event["requestContext"]["requestId"] = context.aws_request_id
        return _as_answer(self._app(event, context))

    def _method(self, method: str, match: Match) -> str:
        allowed = sorted(self._app.routes[match.resource])
        if method == "HEAD" and "HEAD" not in allowed and "GET" in allowed:
            return "GET"
        if method not in allowed and match.resource == ANYWHERE:
            raise nothing_here()
        if method not in allowed:
            raise Refused(
                HTTPStatus.METHOD_NOT_ALLOWED,
                "method_not_allowed",
                f"allowed here: {', '.join(allowed)}",
                {"Allow": ", ".join(allowed)},
            )
        return method

    def _body(self, environ: Environ) -> bytes:
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > self._body_bytes_max:
            raise Refused(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                "body_too_large",
                f"{length} bytes; at most {self._body_bytes_max} are taken",
            )
        body: bytes = environ["wsgi.input"].read(max(0, length)) if length else b""
        return body


def share_between_threads(app: Chalice) -> None:
    """Give each thread its own `current_request`: Lambda has one at a time, we have many.

    An application that keeps it apart by itself is left as it is.
    """
    if not isinstance(getattr(type(app), "current_request", None), property):
        app.__class__ = type("ThreadedChalice", (LocalChalice, type(app)), {})


def _as_answer(response: Mapping[str, Any]) -> Answer:
    headers = [(name, str(value)) for name, value in response.get("headers", {}).items()]
    headers += [
        (name, str(value))
        for name, values in response.get("multiValueHeaders", {}).items()
        for value in values
    ]
    body = response.get("body") or ""
    if body and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    content = body if isinstance(body, bytes) else body.encode()
    if response.get("isBase64Encoded"):
        try:
            content = base64.b64decode(content, validate=True)
        except binascii.Error as error:
            raise AssertionError("the application marks as base64 what is not") from error
    return Answer(response["statusCode"], headers, content)


def _problem(refused: Refused) -> Answer:
    document = {
        "type": f"/problems/{refused.code}",
        "title": _reason(refused.status),
        "status": refused.status.value,
        "detail": refused.detail,
        "code": refused.code,
        "retryable": refused.status == HTTPStatus.SERVICE_UNAVAILABLE,
    }
    headers = [("Content-Type", "application/problem+json"), ("Request-Id", str(uuid4()))]
    headers += list(refused.headers.items())
    return Answer(refused.status.value, headers, json.dumps(document).encode())


_BROKEN = Refused(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "internal_error",
    "this is our mistake and has been logged",
)


def _overloaded() -> Refused:
    return Refused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "overloaded",
        "too many requests at once: ask again with the same Idempotency-Key",
        {"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"

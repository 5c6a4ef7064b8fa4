"""Calls of the service's JSON API over one kept-alive connection.

Every call may be repeated: writes that move points carry an Idempotency-Key, a sign-up
asked for twice only sends a second code, and the local calls set or add nothing that a
repeat would double. So a lost connection and a busy service are asked again, at most
`ATTEMPTS_MAX` times in all, and nothing below this layer retries.
"""

import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

ATTEMPTS_MAX = 5
ANSWER_SECONDS_MAX = 120  # `POST /local/jobs/run` answers when all that is due is done
WAIT_SECONDS_FIRST = 0.05  # doubled with every attempt
WAIT_SECONDS_MAX = 5.0  # a service that asks for more is taken at its word: refused


class Unreachable(Exception):
    """No answer, although asked `ATTEMPTS_MAX` times."""


class Refused(Exception):
    """An answer of 400 or above."""

    def __init__(self, call: str, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", ""))
        self.problem = problem
        detail = problem.get("detail") or problem.get("title") or ""
        super().__init__(" ".join(f"{call} answered {status} {self.code} {detail}".split()))


class Caller:
    """One caller's connection to a service. Not for several threads at once."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Unreachable(f"{base_url!r} is not an http address")
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=ANSWER_SECONDS_MAX)
        self._prefix = parts.path.rstrip("/")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        credential: str | None = None,
        key: str | None = None,
    ) -> tuple[int, Any]:
        """Ask once, or again where that helps; return status and body of a good answer.

        Raises:
            Refused: the last answer was 400 or above.
            Unreachable: there was none.
        """
        headers = {"Accept": "application/json"}
        if credential:
            headers["Authorization"] = f"Bearer {credential}"
        if key:
            headers["Idempotency-Key"] = key
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        return self._asked(method, path, content, headers)

    def _asked(
        self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, Any]:
        failure: Exception = Unreachable()
        for attempt in range(ATTEMPTS_MAX):
            wait = WAIT_SECONDS_FIRST * 2**attempt
            try:
                self._connection.request(method, self._prefix + path, content, headers)
                response = self._connection.getresponse()
                answer = _content(response)
            except (OSError, HTTPException) as error:
                self._connection.close()  # the next request opens it again
                failure = Unreachable(f"{method} {path}: {type(error).__name__} {error}")
            else:
                if response.status < HTTPStatus.BAD_REQUEST:
                    return response.status, answer
                failure = Refused(f"{method} {path}", response.status, _problem(answer))
                asked_to_wait = _wait_asked(response, answer)
                if asked_to_wait is None or asked_to_wait > WAIT_SECONDS_MAX:
                    raise failure
                wait = max(wait, asked_to_wait)
            if attempt + 1 < ATTEMPTS_MAX:
                time.sleep(wait)
        raise failure


def _content(response: HTTPResponse) -> Any:
    content = response.read()
    if response.headers.get_content_type() in ("text/csv", "text/html"):
        return content.decode()
    return _json(content)


def _json(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError as error:
        raise HTTPException(f"not JSON: {content[:80]!r}") from error


def _problem(answer: Any) -> Mapping[str, Any]:
    return answer if isinstance(answer, dict) else {}


def _wait_asked(response: HTTPResponse, answer: Any) -> float | None:
    """Return the seconds to wait before asking again; None: another try would not help."""
    busy = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    in_progress = response.status == HTTPStatus.CONFLICT and _problem(answer).get("retryable")
    if response.status not in busy and not in_progress:
        return None
    asked = response.headers.get("Retry-After", "0")
    return float(asked) if asked.isdigit() else None

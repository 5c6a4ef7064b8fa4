"""The Chalice application, with two repairs.

Passes are bytes, and API Gateway decodes a base64 body only where the request's Accept
literally matches a binary type: phones send `*/*`, so `*/*` is one. Chalice then answers
400 to a request without Accept, so a missing one is added.

Chalice keeps the current request on the application, where two threads of one process
would see each other's: here each has its own.
"""

import json
import sys
from contextvars import ContextVar
from typing import Any

from chalice import Chalice
from chalice.app import Request, Response

from chalicelib.api.errors import problem
from chalicelib.api.request_log import log_bug

_request: ContextVar[Request | None] = ContextVar("request", default=None)


class GatewayApp(Chalice):
    """Chalice for API Gateway (REST), safe under threads."""

    def __init__(self, app_name: str) -> None:
        super().__init__(app_name=app_name, configure_logs=False)  # request_log.py does
        self.api.binary_types = ["*/*"]
        self.experimental_feature_flags.update(["BLUEPRINTS"])

    @property
    def current_request(self) -> Request | None:
        """Return the request this thread is answering."""
        return _request.get()

    @current_request.setter
    def current_request(self, request: Request | None) -> None:
        _request.set(request)

    def _unhandled_exception_to_response(self) -> Response:
        """Answer a view without `@endpoint` that raised; Chalice would log its message."""
        error = sys.exc_info()[1]
        request = self.current_request
        if isinstance(error, Exception):
            route = str((request.context if request else {}).get("resourcePath", "unknown"))
            request_id = str((request.context if request else {}).get("requestId", ""))
            log_bug(error, request_id=request_id, route=route)
        answer = problem("internal_error")
        headers: dict[str, str | list[str]] = {"Content-Type": answer.content_type}
        return Response(json.dumps(answer.body).encode(), headers=headers, status_code=500)

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Answer one event of API Gateway."""
        headers = event.get("headers") or {}
        if not any(name.lower() == "accept" for name in headers):
            headers = {**headers, "accept": "*/*"}
        answer: dict[str, Any] = super().__call__({**event, "headers": headers}, context)
        return answer

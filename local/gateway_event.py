"""From a WSGI request to the event of a REST API's Lambda proxy integration.

Shapes: API Gateway Developer Guide, "Lambda proxy integrations" (read 2026-11). Header
names come in lower case: WSGI has folded them already, and HTTP compares them so.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, quote, unquote_to_bytes
from uuid import uuid4

QUERY_FIELDS_MAX = 100
PATH_BYTES_MAX = 4096
ROUTES_KEPT = 1024  # more than there are: each is taken apart once
ANYWHERE = "/{proxy+}"  # the route of what fits no other

Environ = dict[str, Any]


class Refused(Exception):
    """The gateway answers by itself."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Match:
    """A route and what its path parameters hold, percent-decoded."""

    resource: str
    parameters: dict[str, str]


def match_route(routes: Mapping[str, Any], path: str) -> Match:
    """Find the route of a raw (still percent-encoded) path; literal segments win.

    Raises:
        Refused: 404, or 400 where the path is not UTF-8.
    """
    if len(path) > PATH_BYTES_MAX:
        raise Refused(HTTPStatus.REQUEST_URI_TOO_LONG, "path_too_long", "shorten the path")
    parts = [_decoded(part) for part in _segments(path)]
    best: Match | None = None
    for resource in routes:
        names = _names(resource)
        if resource == ANYWHERE or len(names) != len(parts) or not _fits(names, parts):
            continue
        if best is None or _literals(names) > _literals(_names(best.resource)):
            captured = {
                name[1:-1]: part
                for name, part in zip(names, parts, strict=True)
                if name.startswith("{")
            }
            best = Match(resource, captured)
    if best is None and ANYWHERE in routes:
        best = Match(ANYWHERE, {"proxy": "/".join(parts[1:])})
    if best is None:
        raise nothing_here()
    return best


def nothing_here() -> Refused:
    """Return the refusal of a path, or of a method, that leads nowhere."""
    return Refused(HTTPStatus.NOT_FOUND, "not_found", "nothing lives at this path")


def build_event(
    environ: Environ, match: Match, method: str, body: bytes, binary_types: Iterable[str]
) -> dict[str, Any]:
    """Build the event a REST API's proxy integration would send."""
    headers = _headers(environ)
    query = _query(environ.get("QUERY_STRING", ""))
    text, is_base64 = _event_body(body, headers["content-type"], binary_types)
    return {
        "resource": match.resource,
        "path": raw_path(environ),
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": match.parameters or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": match.resource,
            "httpMethod": method,
            "path": raw_path(environ),
            "stage": "local",
            "protocol": environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
            "requestId": str(uuid4()),
            "identity": {
                "sourceIp": environ.get("REMOTE_ADDR", "127.0.0.1"),
                "userAgent": headers.get("user-agent", ""),
            },
        },
        "body": text,
        "isBase64Encoded": is_base64,
    }


def _headers(environ: Environ) -> dict[str, str]:
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    headers["content-type"] = environ.get("CONTENT_TYPE") or "application/json"
    if not headers.get("accept"):
        headers["accept"] = "*/*"  # chalice refuses to send bytes to who accepts nothing
    return headers


def _query(text: str) -> dict[str, list[str]]:
    try:
        return parse_qs(
            text, keep_blank_values=True, errors="strict", max_num_fields=QUERY_FIELDS_MAX
        )
    except ValueError as error:  # UnicodeDecodeError is one
        raise Refused(
            HTTPStatus.BAD_REQUEST, "query_invalid", "the query is not UTF-8 or is too long"
        ) from error


def _event_body(
    body: bytes, content_type: str, binary_types: Iterable[str]
) -> tuple[str | None, bool]:
    if not body:
        return None, False
    kind = content_type.partition(";")[0].strip().lower()
    if not {kind, "*/*"} & set(binary_types):
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True


def raw_path(environ: Environ) -> str:
    """Return the path as it was sent where the server tells, else encode it again."""
    raw = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    if raw:
        path_sent = str(raw).partition("?")[0]
        if "://" in path_sent:  # absolute form, as a proxy would be asked
            path_sent = "/" + path_sent.partition("://")[2].partition("/")[2]
        return path_sent
    path: bytes = environ.get("PATH_INFO", "/").encode("latin-1")
    return quote(path) or "/"


def _segments(path: str) -> list[str]:
    return path.removesuffix("/").split("/") if path != "/" else ["", ""]


@lru_cache(ROUTES_KEPT)
def _names(resource: str) -> tuple[str, ...]:
    return tuple(_segments(resource))


def _decoded(segment: str) -> str:
    try:
        return unquote_to_bytes(segment).decode()
    except UnicodeDecodeError as error:
        raise Refused(
            HTTPStatus.BAD_REQUEST, "path_invalid", "the path is not UTF-8"
        ) from error


def _fits(names: Sequence[str], parts: Sequence[str]) -> bool:
    for name, part in zip(names, parts, strict=True):
        if name != part and not (part and name.startswith("{")):
            return False
    return True


def _literals(names: Sequence[str]) -> list[bool]:
    return [not name.startswith("{") for name in names]

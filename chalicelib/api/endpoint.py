"""A route with everything around it: who calls, what they say, and how it is answered.

`@endpoint(…)` goes on a view `def post_thing(call: Call[ThingBody], **path) -> Answer`.
It registers the route on the blueprint and its description in `ENDPOINTS`, from which
docs/openapi.json and docs/API.md are made. An exception that is not Chalice's own would
become Chalice's 500 before any middleware sees it: hence the wrapper.
"""

import functools
import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalice import Blueprint, Response
from chalice.app import Request
from pydantic import BaseModel

from chalicelib.api.auth import authenticate, refuse_stale
from chalicelib.api.cookies import Presented, presented
from chalicelib.api.errors import answer_to, base_url, problem
from chalicelib.api.exchange import PUBLIC, Access, Answer, Call, Caller
from chalicelib.api.parsing import (
    BadRequest,
    TextBody,
    check_text,
    parse_json,
    validate,
    validate_query,
)
from chalicelib.api.request_log import RequestLine, log_bug, log_request
from chalicelib.wiring import services

PATH_PART_BYTES_MAX = 600  # a purchase id of the longest receipt number fits; a key has 1024
HTTPS_SECONDS = 365 * 24 * 3600
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

View = Callable[..., Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A route as it is documented and checked."""

    name: str
    method: str
    path: str
    summary: str
    tag: str
    access: Access
    body: type[BaseModel] | None
    text: TextBody | None
    query: type[BaseModel] | None
    answers: Mapping[int, type[BaseModel] | None]
    problems: tuple[str, ...]
    is_keyed: bool
    is_fresh: bool
    is_documented: bool


ENDPOINTS: list[Endpoint] = []  # in the order of registration; filled by importing views


def endpoint(
    blueprint: Blueprint,
    method: str,
    path: str,
    *,
    summary: str,
    tag: str,
    access: Access = PUBLIC,
    body: type[BaseModel] | None = None,
    text: TextBody | None = None,
    query: type[BaseModel] | None = None,
    answers: Mapping[int, type[BaseModel] | None],
    problems: tuple[str, ...] = (),
    is_keyed: bool = False,
    is_fresh: bool = False,
    is_documented: bool = True,
) -> Callable[[View], View]:
    """Register a view; it keeps its name and can be called on its own.

    `is_fresh`: by the office's cookie only a few minutes after the password was typed.
    """

    def register(view: View) -> View:
        found = Endpoint(
            name=view.__name__,
            method=method,
            path=path,
            summary=summary,
            tag=tag,
            access=access,
            body=body,
            text=text,
            query=query,
            answers=answers,
            problems=problems,
            is_keyed=is_keyed,
            is_fresh=is_fresh,
            is_documented=is_documented,
        )
        ENDPOINTS.append(found)
        _route(blueprint, found, view)
        return view

    return register


def _route(blueprint: Blueprint, endpoint: Endpoint, view: View) -> None:
    @functools.wraps(view)
    def handle(**path_parts: str) -> Response:
        return respond(endpoint, view, blueprint.current_request, path_parts)

    # Media types are ours to judge: Chalice's 415 is not a problem document.
    name = f"{endpoint.name}_{endpoint.method}"
    register = blueprint.route(
        endpoint.path, methods=[endpoint.method], content_types=["*/*"], name=name
    )
    register(handle)


def respond(
    endpoint: Endpoint, view: View, request: Request, path_parts: Mapping[str, str]
) -> Response:
    """Authenticate, parse, call and answer one request."""
    begun = time.perf_counter()
    request_id = str(request.context.get("requestId") or uuid.uuid4())
    at, caller = None, Caller()
    try:
        ports = services()
        at = ports.clock.now()
        found = _presented(endpoint, request, path_parts)
        caller = authenticate(endpoint.access, found, ports, at)
        if endpoint.is_fresh:
            refuse_stale(caller, at)
        call = _call(endpoint, request, path_parts, caller=caller, at=at)
        answer = view(call, **path_parts)
    except Exception as error:  # noqa: BLE001  the edge: nothing may escape unanswered
        refusal = answer_to(error, at)
        if refusal is None:
            log_bug(error, request_id=request_id, route=endpoint.path)
        answer = refusal or problem("internal_error")

    line = RequestLine(
        request_id=request_id,
        method=endpoint.method,
        route=endpoint.path,
        status=answer.status,
        duration_ms=round((time.perf_counter() - begun) * 1000, 1),
        merchant_id=caller.merchant_id,
        code=answer.code,
        is_replay=answer.is_replay,
    )
    log_request(line, answer.metric)
    return _response(answer, request_id, is_head=endpoint.method == "HEAD")


def _call(
    endpoint: Endpoint,
    request: Request,
    path_parts: Mapping[str, str],
    *,
    caller: Caller,
    at: datetime,
) -> Call[Any]:
    for part in path_parts.values():
        if not 0 < len(part.encode()) <= PATH_PART_BYTES_MAX or not part.isprintable():
            raise BadRequest("not_found", "there is no such thing here")
    headers = request.headers
    key = headers.get("idempotency-key")
    if endpoint.is_keyed and not key:
        raise BadRequest("idempotency_key_missing", "send an Idempotency-Key")
    parsed, body = None, None
    if endpoint.method in {"POST", "PUT", "PATCH"}:
        parsed, body = _body(endpoint, request)
    return Call(
        at=at,
        body=body,
        parsed=parsed,
        query=_query(endpoint, request),
        caller=caller,
        method=endpoint.method,
        path=endpoint.path.format_map(path_parts),
        headers=headers,
        source_ip=str((request.context.get("identity") or {}).get("sourceIp") or ""),
        idempotency_key=key,
    )


def _body(endpoint: Endpoint, request: Request) -> tuple[Any, Any]:
    """Return the JSON of a body and its model; for a text None and its bytes."""
    raw, content_type = request.raw_body, request.headers.get("content-type")
    assert isinstance(raw, bytes), "Chalice decodes"
    if endpoint.text:
        return None, check_text(raw, content_type, endpoint.text)
    parsed = parse_json(raw, content_type) if raw.strip() or endpoint.body else None
    if endpoint.body:
        return parsed, validate(endpoint.body, raw)
    if parsed not in ({}, None):
        raise BadRequest("bad_input", "this call takes no body")
    return parsed, None


def _presented(
    endpoint: Endpoint, request: Request, path_parts: Mapping[str, str]
) -> Presented:
    path = endpoint.path.format_map(path_parts)
    raw = request.raw_body if endpoint.method not in {"GET", "HEAD"} else b""
    assert isinstance(raw, bytes), "Chalice decodes"
    return presented(endpoint.method, path, endpoint.path, request.headers, raw)


def _query(endpoint: Endpoint, request: Request) -> BaseModel | None:
    found = request.query_params
    values = {name: found.getlist(name) for name in found} if found else {}
    if endpoint.query:
        return validate_query(endpoint.query, values)
    if values and endpoint.is_documented:
        raise BadRequest("unknown_field", "this call takes no query parameters")
    return None


def https_only(public_url: str) -> dict[str, str | list[str]]:
    """Return what keeps browsers to https for a year (RFC 6797), where it is spoken.

    Of this host alone: what other names of the domain speak is not ours to say.
    """
    if not public_url.startswith("https://"):
        return {}
    return {"Strict-Transport-Security": f"max-age={HTTPS_SECONDS}"}


def _response(answer: Answer, request_id: str, *, is_head: bool) -> Response:
    body = answer.body
    if not isinstance(body, bytes):
        body = _JSON.encode(body).encode()
    headers: dict[str, str | list[str]] = {
        "Request-Id": request_id,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        **https_only(base_url()),
        **answer.headers,
    }
    if answer.is_replay:
        headers["Idempotent-Replayed"] = "true"
    if body:
        headers["Content-Type"] = answer.content_type
    if answer.cookies:
        headers["Set-Cookie"] = list(answer.cookies)
    return Response(b"" if is_head else body, headers=headers, status_code=answer.status)

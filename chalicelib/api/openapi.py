"""The OpenAPI 3.1 document, made from the endpoints and their models.

`python -m chalicelib.api.openapi` prints it; docs/openapi.json is its committed copy.
Source of the format: OpenAPI Specification 3.1.1 (read 2026-11).
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib.api.endpoint import ENDPOINTS, Endpoint
from chalicelib.api.errors import CONTENT_TYPE
from chalicelib.api.models.points import HistoryRowBody
from chalicelib.api.models.programs import ProblemAnswer
from chalicelib.api.models.purchases import PurchaseBody
from chalicelib.api.problems import PROBLEMS

VERSION = "1.0.0"
_REF = "#/components/schemas/{model}"
_EVERY_CALL = ("internal_error", "unavailable", "busy")
_WITH_BODY = (
    "bad_input",
    "unknown_field",
    "malformed_json",
    "body_too_large",
    "unsupported_media_type",
)
_KEYED = ("idempotency_key_missing", "idempotency_key_reused")

Mode = Literal["validation", "serialization"]


@cache
def document() -> dict[str, Any]:
    """Return the document of every endpoint registered so far."""
    # Sorted: the order of imports is nobody's business.
    endpoints = sorted(
        (one for one in ENDPOINTS if one.is_documented), key=lambda one: (one.path, one.method)
    )
    refs, schemas = _schemas(endpoints)
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for one in endpoints:
        paths[one.path][one.method.lower()] = _operation(one, refs)
    found = {
        "openapi": "3.1.1",
        "info": {
            "title": "Kopilka",
            "version": VERSION,
            "description": "The loyalty card in the phone: tills, online shops, members. "
            "Money is in integer minor units (`…_minor`), points are integers. Repeat a "
            "write with the same Idempotency-Key: it is written once.",
            "license": {"name": "Proprietary", "identifier": "LicenseRef-Proprietary"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in sorted({one.tag for one in endpoints})],
        "paths": dict(paths),
        "components": {"schemas": schemas, "securitySchemes": _SECURITY_SCHEMES},
    }
    linked: dict[str, Any] = json.loads(
        re.sub(
            r'"type": "object", "x-schema": "(\w+)"',
            lambda match: f'"$ref": "{_REF.format(model=match.group(1))}"',
            json.dumps(found),
        )
    )
    return linked


_SECURITY_SCHEMES = {
    "apiKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "API key of a till or an online shop: `lk_live_…`.",
    },
    "memberToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "A member's own token, as the verification answers it: `mt_…`.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-kopilka-till",
        "description": "Staff who are signed in; what changes something wants X-CSRF-Token.",
    },
}

_HEADERS = {
    "Request-Id": {
        "description": "Names the request in our logs.",
        "schema": {"type": "string"},
    },
    "Idempotent-Replayed": {
        "description": "`true`: an earlier request with the same key did this.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}},
}


def _schemas(endpoints: list[Endpoint]) -> tuple[dict[tuple[type, Mode], Any], dict[str, Any]]:
    wanted: dict[tuple[type[BaseModel], Mode], None] = {
        (ProblemAnswer, "serialization"): None,
        (PurchaseBody, "validation"): None,
        (HistoryRowBody, "validation"): None,
    }
    for one in endpoints:
        if one.body:
            wanted[one.body, "validation"] = None
        for model in one.answers.values():
            if model:
                wanted[model, "serialization"] = None
    refs, found = models_json_schema(list(wanted), ref_template=_REF)
    return dict(refs), found["$defs"]


def _operation(one: Endpoint, refs: dict[tuple[type, Mode], Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": one.name,
        "tags": [one.tag],
        "summary": one.summary,
        "parameters": [*_parameters(one)],
        "responses": {
            **{str(status): _answer(one, model, refs) for status, model in one.answers.items()},
            **_problems(one, refs),
        },
        "security": _security(one),
    }
    if one.access.scopes:
        scopes = " or ".join(f"`{scope}`" for scope in sorted(one.access.scopes))
        operation["description"] = f"Scope: {scopes}."
    if one.body:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": refs[one.body, "validation"]}},
        }
    if one.text:
        kind = {"format": "binary"} if one.text.is_binary else {}
        schema = {"schema": {"type": "string", **kind}}
        content = dict.fromkeys(one.text.media_types, schema)
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _parameters(one: Endpoint) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"\{(\w+)\}", one.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    if one.query:
        found = one.query.model_json_schema()
        for name, schema in found["properties"].items():
            is_required = name in found.get("required", ())
            said = {"name": name, "in": "query", "required": is_required}
            yield {**said, "schema": _not_null(schema)}
    if one.is_keyed:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "description": "New for each operation, the same for its repeats.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255},
            "example": "3f0c8a52-receipt-1042",
        }


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter's schema without null: a query string has no such value."""
    if "anyOf" not in schema:
        return schema
    (only,) = (kind for kind in schema["anyOf"] if kind != {"type": "null"})
    return dict(only)


def _answer(
    one: Endpoint, model: type[BaseModel] | None, refs: dict[tuple[type, Mode], Any]
) -> dict[str, Any]:
    names = ["Request-Id", *(["Idempotent-Replayed"] if one.is_keyed else [])]
    found: dict[str, Any] = {
        "description": (model.__doc__ or "").strip().split("\n")[0] if model else "Done.",
        "headers": {name: _HEADERS[name] for name in names},
    }
    if model:
        media_type = getattr(model, "MEDIA_TYPE", "application/json")
        found["content"] = {media_type: {"schema": refs[model, "serialization"]}}
    return found


def _problems(one: Endpoint, refs: dict[tuple[type, Mode], Any]) -> dict[str, Any]:
    codes_by_status: dict[int, list[str]] = defaultdict(list)
    for code in problem_codes(one):
        codes_by_status[PROBLEMS[code].status].append(code)
    schema = refs[ProblemAnswer, "serialization"]
    return {
        str(status): {
            "description": ", ".join(f"`{code}`: {PROBLEMS[code].title}" for code in codes),
            "headers": {
                name: _HEADERS[name]
                for name in ("Request-Id", "Retry-After")
                if name == "Request-Id" or status in (429, 503)
            },
            "content": {CONTENT_TYPE: {"schema": schema, "example": _example(codes[0])}},
        }
        for status, codes in sorted(codes_by_status.items())
    }


def problem_codes(one: Endpoint) -> tuple[str, ...]:
    """Return every code the endpoint can answer: its own, and what surrounds it."""
    codes = [*one.problems]
    if one.body or one.method in {"POST", "PUT", "PATCH"}:
        codes += _WITH_BODY
    else:
        codes += ["bad_input", "unknown_field"]
    if one.is_keyed:
        codes += _KEYED
    if one.access.scopes:
        codes += ["unauthenticated", "scope_missing"]
    if one.access.is_member:
        codes += ["unauthenticated"]
    codes += _of_sessions(one)
    if "{" in one.path:
        codes += ["not_found"]
    return tuple(dict.fromkeys([*codes, *_EVERY_CALL]))


def _of_sessions(one: Endpoint) -> list[str]:
    """Return what calls by cookie can be answered, beside what the others can."""
    access = one.access
    if not access.scopes and access.face is None:
        return []
    codes = ["session_expired", "session_locked"]
    if one.is_fresh:
        codes.append("sign_in_again")
    if access.face is not None:
        codes.append("session_missing")
    is_safe = one.method in {"GET", "HEAD"}
    return codes if is_safe else [*codes, "csrf_refused", "approval_refused"]


def _example(code: str) -> dict[str, Any]:
    kind = PROBLEMS[code]
    return {
        "type": f"/problems/{code}",
        "title": kind.title,
        "status": kind.status,
        "detail": kind.cause,
        "code": code,
        "retryable": kind.is_retryable,
        "errors": [],
    }


def _security(one: Endpoint) -> list[dict[str, list[str]]]:
    if one.access.scopes:
        return [{"apiKey": []}, {"session": []}]
    if one.access.face is not None:
        return [{"session": []}]
    return [{"memberToken": []}] if one.access.is_member else []


def _print() -> None:
    import app  # noqa: F401  registers every endpoint

    text = json.dumps(document(), ensure_ascii=False, indent=1)
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    _print()

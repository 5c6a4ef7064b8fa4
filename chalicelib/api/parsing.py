"""Strict JSON: what a request may say before any rule looks at it.

Bodies are at most 64 KB of UTF-8 JSON without NaN, infinities, duplicate keys or more
than 20 levels; unknown fields are refused, nothing is coerced. Complaints carry JSON
pointers (RFC 6901) and never the value itself: it may be personal.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

BODY_BYTES_MAX = 64 * 1024
DEPTH_MAX = 20
COMPLAINTS_MAX = 20
QUERY_VALUE_CHARS_MAX = 512

M = TypeVar("M", bound=BaseModel)


class BadRequest(Exception):
    """The request is not of the documented shape; `errors` point at the places."""

    def __init__(
        self, code: str, message: str, errors: Sequence[Mapping[str, str]] = ()
    ) -> None:
        super().__init__(message)
        self.code = code
        self.errors = tuple(errors)


def parse_json(raw: bytes, content_type: str | None) -> Any:
    """Return the JSON of a body.

    Raises:
        BadRequest: too large, another media type, or not strict JSON.
    """
    if len(raw) > BODY_BYTES_MAX:
        raise BadRequest("body_too_large", f"{len(raw)} bytes, at most {BODY_BYTES_MAX}")
    if content_type and not _is_json(content_type):
        raise BadRequest("unsupported_media_type", "the body must be application/json")
    try:
        # As text: json.loads guesses UTF-16 and UTF-32 from bytes.
        parsed = _STRICT.decode(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadRequest("malformed_json", "the body is not valid JSON") from error
    if raw.count(b"{") + raw.count(b"[") > DEPTH_MAX and _is_deeper(parsed, DEPTH_MAX):
        raise BadRequest("malformed_json", f"nested more than {DEPTH_MAX} levels deep")
    return parsed


@dataclass(frozen=True, slots=True)
class TextBody:
    """A body that is no JSON: of which media type, and how long at most."""

    media_type: str
    bytes_max: int
    others: tuple[str, ...] = ()  # media types that will do as well
    is_binary: bool = False

    @property
    def media_types(self) -> tuple[str, ...]:
        """Return every media type it may be of."""
        return (self.media_type, *self.others)


def check_text(raw: bytes, content_type: str | None, text: TextBody) -> bytes:
    """Return a body that is no JSON as it came; what it says is the rules' to judge.

    Raises:
        BadRequest: too large, or another media type.
    """
    if len(raw) > text.bytes_max:
        raise BadRequest("body_too_large", f"{len(raw)} bytes, at most {text.bytes_max}")
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type not in text.media_types:
        wanted = " or ".join(text.media_types)
        raise BadRequest("unsupported_media_type", f"the body must be {wanted}")
    return raw


def validate(model: type[M], raw: bytes) -> M:
    """Return the model of JSON that `parse_json` has let through.

    Raises:
        BadRequest: unknown fields, wrong types, values out of bounds.
    """
    try:
        return model.model_validate_json(raw, strict=True)
    except ValidationError as error:
        raise _complaint(error) from None


def validate_part(model: type[M], part: Any) -> M:
    """Return the model of one part of a parsed body. Raises BadRequest."""
    return validate(model, json.dumps(part).encode())


def validate_query(model: type[M], values: Mapping[str, Sequence[str]]) -> M:
    """Return the model of a query string; numbers are read from their text.

    One that `TAKES_ANYTHING` refuses nothing: of what is repeated the first counts.

    Raises:
        BadRequest: unknown, repeated or unreadable parameters.
    """
    if getattr(model, "TAKES_ANYTHING", False):
        return model.model_validate({name: found[0] for name, found in values.items()})
    for name, found in values.items():
        if len(found) > 1:
            raise BadRequest("bad_input", "a query parameter is repeated", [_at(name)])
        if len(found[0]) > QUERY_VALUE_CHARS_MAX:
            raise BadRequest("bad_input", "a query parameter is too long", [_at(name)])
    try:
        return model.model_validate({name: found[0] for name, found in values.items()})
    except ValidationError as error:
        raise _complaint(error) from None


def fingerprint(method: str, path: str, parsed: Any) -> str:
    """Return the SHA-256, hex, of the canonical request: the same request, the same text.

    >>> one, other = {"x": 1, "y": 2}, {"y": 2, "x": 1}
    >>> fingerprint("POST", "/a", one) == fingerprint("POST", "/a", other)
    True
    """
    text = _CANONICAL.encode([method, path, parsed])
    return hashlib.sha256(text.encode()).hexdigest()


def _is_json(content_type: str) -> bool:
    media_type, _, parameters = content_type.lower().partition(";")
    if media_type.strip() != "application/json":
        return False
    name, _, value = parameters.strip().partition("=")
    return name.strip() != "charset" or value.strip(' "') in {"utf-8", "utf8"}


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise ValueError("out of range")  # 1e999 would become Infinity
    return number


_STRICT = json.JSONDecoder(
    object_pairs_hook=_no_duplicates, parse_constant=_no_constant, parse_float=_finite
)
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def _is_deeper(value: Any, levels: int) -> bool:
    layer = [value] if isinstance(value, dict | list) else []
    for _ in range(levels):
        layer = [
            child
            for node in layer
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not layer:
            return False
    return True


def _complaint(error: ValidationError) -> BadRequest:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    errors = [
        {"pointer": _pointer(one["loc"]), "detail": str(one["msg"])}
        for one in found[:COMPLAINTS_MAX]
    ]
    if any(one["type"] == "extra_forbidden" for one in found):
        return BadRequest("unknown_field", "a field is not known here", errors)
    if any(one["type"] == "json_invalid" for one in found):
        return BadRequest("malformed_json", "the body is not valid JSON")
    return BadRequest("bad_input", "a field has a wrong type or value", errors)


def _pointer(location: tuple[int | str, ...]) -> str:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in location)
    return "".join(f"/{part}" for part in parts)


def _at(name: str) -> dict[str, str]:
    return {"pointer": _pointer((name,)), "detail": "see the documentation"}

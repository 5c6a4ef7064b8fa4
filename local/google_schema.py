"""What Google Wallet accepts, from the discovery document that Google's own client brings.

The document comes with google-api-python-client, which is installed for this alone: nothing of
it is imported. Its types become JSON Schema as strict as the document allows: no fields but
those listed, whole numbers of 64 bits as text, enumerated values.
Source: Google, "API Discovery Service", "Type and format summary", read 2026-11.
"""

import importlib.util
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

_DOCUMENT = "discovery_cache/documents/walletobjects.v1.json"
_INT64 = {"type": "string", "pattern": r"^-?[0-9]{1,19}$"}
_RANGES = {
    "int32": {"minimum": -(2**31), "maximum": 2**31 - 1},
    "uint32": {"minimum": 0, "maximum": 2**32 - 1},
}


@cache
def discovery() -> Mapping[str, Any]:
    """Return Google's document."""
    found = importlib.util.find_spec("googleapiclient")
    assert found is not None, "google-api-python-client is in requirements-dev.txt"
    assert found.origin is not None, "a package has a place"
    document: Mapping[str, Any] = json.loads(
        (Path(found.origin).parent / _DOCUMENT).read_text(encoding="utf-8")
    )
    return document


@cache
def validator(name: str) -> Draft202012Validator:
    """Return what judges a body of that type, such as `LoyaltyObject`."""
    definitions = {one: _schema(found) for one, found in discovery()["schemas"].items()}
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": definitions})


def faults(name: str, body: object) -> list[str]:
    """Return what is wrong with a body, as path and words; none: it is accepted."""
    return [
        f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(body)
    ]


def _schema(found: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in found:
        return {"$ref": f"#/$defs/{found['$ref']}"}
    kind, form = found["type"], found.get("format")
    if kind == "object":
        return _object(found)
    if kind == "array":
        return {"type": "array", "items": _schema(found["items"])}
    if form in ("int64", "uint64"):
        return dict(_INT64)
    if kind == "any":
        return {}
    made: dict[str, Any] = {"type": kind, **_RANGES.get(form or "", {})}
    if "enum" in found:
        made["enum"] = found["enum"]
    return made


def _object(found: Mapping[str, Any]) -> dict[str, Any]:
    others = found.get("additionalProperties")
    return {
        "type": "object",
        "properties": {name: _schema(one) for name, one in found.get("properties", {}).items()},
        "additionalProperties": _schema(others) if others else False,
    }

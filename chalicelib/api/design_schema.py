"""The JSON Schema (2020-12) of a pass design's document.

It says which fields there are, of what kind and within what bounds; what depends on several
fields (contrast, a field that stands twice, tiers of the program) only saving a draft can
tell. Tests hold it to `read_design`. `null` stands for an absent field.
"""

from functools import cache
from typing import Any

from chalicelib.domain import design_document as rules
from chalicelib.domain.pass_designs import PLACES_MAX, PassField, Symbology
from chalicelib.domain.program_document import LEVELS_MAX

Schema = dict[str, Any]

_COLOUR: Schema = {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}
_COLOUR_NAMES = ("background", "foreground", "label")


@cache
def design_schema() -> Schema:
    """Return the schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Pass design",
        **_object(
            **{name: {"anyOf": [one, {"type": "null"}]} for name, one in _fields().items()}
        ),
    }


def _fields() -> dict[str, Schema]:
    colours = _object(_COLOUR_NAMES, **dict.fromkeys(_COLOUR_NAMES, _COLOUR))
    image = _matching(rules.IMAGE_ID)
    return {
        "program_name": _line(rules.PROGRAM_NAME_CHARS_MAX),
        "colours": colours,
        "tier_colours": {
            "type": "object",
            "additionalProperties": colours,
            "maxProperties": LEVELS_MAX,
        },
        "logo": image,
        "strip": image,
        "icon": image,
        "header": _row(rules.HEADER_MAX),
        "secondary": _row(rules.BODY_MAX),
        "auxiliary": _row(rules.BODY_MAX),
        "symbology": {"enum": list(Symbology)},
        "is_sharing_prohibited": {"type": "boolean"},
        "expires_on": {"type": "string", "format": "date"},
        "places": {
            "type": "array",
            "items": _object(
                ("name", "latitude", "longitude"),
                name=_line(rules.PLACE_CHARS_MAX),
                latitude=_matching(rules.DEGREES),
                longitude=_matching(rules.DEGREES),
                text={"anyOf": [_texts(), {"type": "null"}]},
            ),
            "minItems": 1,
            "maxItems": PLACES_MAX,
        },
        "near_m": {"type": "integer", "minimum": 1, "maximum": rules.NEAR_M_MAX},
        "support": _object(
            phone=_matching(rules.PHONE),
            email=_matching(rules.EMAIL, rules.EMAIL_CHARS_MAX),
            url=_matching(rules.URL, rules.URL_CHARS_MAX),
        ),
        "points_changed": _texts(r"\{balance\}"),
        "tier_changed": _texts(r"\{tier\}"),
    }


def _object(required: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    found: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }
    return {**found, "required": list(required)} if required else found


def _line(maximum: int) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": maximum}


def _matching(pattern: str, maximum: int = rules.URL_CHARS_MAX) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}$", "maxLength": maximum}


def _row(maximum: int) -> Schema:
    return {"type": "array", "items": {"enum": list(PassField)}, "maxItems": maximum}


def _texts(pattern: str = "") -> Schema:
    text = _line(rules.TEXT_CHARS_MAX)
    if pattern:
        text["pattern"] = rf"^[^{{}}]*{pattern}[^{{}}]*$"
    return _object(**{one: {"anyOf": [text, {"type": "null"}]} for one in rules.LANGUAGES})

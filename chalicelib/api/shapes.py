"""The building blocks of request and answer models, with their bounds.

Requests are strict: JSON types as documented, nothing coerced, unknown fields refused,
text without control characters. Money: integer minor units, at most 10^12. Points: at
most 10^9. Quantities: decimal strings of up to three places. Moments: RFC 3339 with an
offset. Business days: YYYY-MM-DD.
"""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from chalicelib.domain.money import MILLI, scaled

MONEY_MAX = 10**12
POINTS_MAX = 10**9
QUANTITY_MILLI_MAX = 10**6 * MILLI
METADATA_KEYS_MAX = 20
QUANTITIES_KEPT = 1024  # read ones: a till sends the same few all day
YEAR_MIN, YEAR_MAX = 2000, 2100
BIRTH_YEAR_MIN = 1900

# Printable text: no C0, DEL, C1, line and paragraph separators, bidirectional overrides, and
# no noncharacters, which XML cannot hold (XML 1.0, 2.2).
_PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]*$"
_QUANTITY = re.compile(r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,3})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)


class Request(BaseModel):
    """A request body: strict, and nothing but the documented fields."""

    # defer_build: a schema costs a millisecond; a till's function needs three of them.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Query(BaseModel):
    """Query parameters: read from text, nothing but the documented names."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Body(BaseModel):
    """The body of an answer; for the document and the tests, never built on the way."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


@lru_cache(maxsize=QUANTITIES_KEPT)
def read_quantity_milli(text: str) -> int:
    """Return thousandths.

    >>> read_quantity_milli("0.350")
    350
    """
    milli = scaled(text, 3, maximum=QUANTITY_MILLI_MAX)
    assert milli is not None, "the model checked the pattern"
    return milli


def write_quantity(milli: int) -> str:
    """Return the shortest decimal string.

    >>> write_quantity(350), write_quantity(2000)
    ('0.35', '2')
    """
    whole, part = divmod(milli, MILLI)
    return f"{whole}.{part:03d}".rstrip("0").rstrip(".")


def write_moment(moment: datetime) -> str:
    """Return RFC 3339 in UTC, with fractions only where there are any.

    >>> write_moment(datetime(2026, 6, 15, 12, tzinfo=UTC))
    '2026-06-15T12:00:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@lru_cache(maxsize=QUANTITIES_KEPT)
def _positive_quantity(text: str) -> str:
    if not _QUANTITY.fullmatch(text) or read_quantity_milli(text) == 0:
        raise ValueError("a decimal string above 0 of up to three places, such as 0.350")
    return text


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _MOMENT.fullmatch(value):
        raise ValueError("an RFC 3339 moment with an offset, such as 2026-06-15T12:00:00Z")
    try:
        moment = datetime.fromisoformat(_cut(value)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("no such moment") from error
    if not YEAR_MIN <= moment.year < YEAR_MAX:
        raise ValueError(f"a year from {YEAR_MIN} to {YEAR_MAX - 1}")
    return moment


def _cut(value: str) -> str:
    """Drop what is finer than microseconds, which Python 3.11 cannot read."""
    return re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", value.upper())


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _DAY.fullmatch(value):
        raise ValueError("a day, such as 2026-06-15")
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("no such day") from error
    if not BIRTH_YEAR_MIN <= day.year < YEAR_MAX:
        raise ValueError(f"a year from {BIRTH_YEAR_MIN} to {YEAR_MAX - 1}")
    return day


def _metadata(value: dict[str, str]) -> dict[str, str]:
    if len(value) > METADATA_KEYS_MAX:
        raise ValueError(f"at most {METADATA_KEYS_MAX} keys")
    return value


def _text(low: int, high: int) -> Any:
    return StringConstraints(min_length=low, max_length=high, pattern=_PRINTABLE)


Id = Annotated[str, _text(1, 128)]
Name = Annotated[str, _text(1, 64)]
NameOrNone = Annotated[str, _text(0, 64)]
Line = Annotated[str, _text(0, 200)]
PhoneText = Annotated[str, _text(1, 40)]
Unit = Annotated[str, _text(1, 16)]
Reason = Annotated[str, _text(1, 200)]
MinorUnits = Annotated[int, Field(ge=0, le=MONEY_MAX)]
Points = Annotated[int, Field(ge=0, le=POINTS_MAX)]
SomePoints = Annotated[int, Field(ge=1, le=POINTS_MAX)]
Days = Annotated[int, Field(ge=1, le=36_600)]
Quantity = Annotated[
    str,
    StringConstraints(max_length=12),
    AfterValidator(_positive_quantity),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(0|[1-9][0-9]{0,5})(\.[0-9]{1,3})?$",
            "examples": ["1", "0.350"],
        }
    ),
]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-06-15T12:00:00Z"]}
    ),
]
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-06-15"]}),
]
Metadata = Annotated[dict[Name, Line], AfterValidator(_metadata), Field(max_length=20)]
# A reference that openapi.py fills in: the model of problems imports from here.
ProblemObject = Annotated[
    dict[str, Any], WithJsonSchema({"type": "object", "x-schema": "ProblemAnswer"})
]

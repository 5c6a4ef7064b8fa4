"""Reads a scenario file: `id`, `title`, `program` and `events`, every key known.

A key, an event or an expectation that is not in `SHAPES` is an error, never skipped: a
scenario that is half understood would pass for the wrong reason. The program is the
exception: it goes to the service as it stands, which refuses keys it does not know.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Never

FILE_BYTES_MAX = 1_000_000
EVENTS_MAX = 1_000
LINES_MAX = 200


class FormatError(Exception):
    """A file that is no scenario, or says something this runner does not know."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys one type of event must have, may have, and may expect of the answer."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    expects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Event:
    """One step: what happens, on which local date of the program's time zone, at noon."""

    number: int  # from 1, as the verdict names it
    type: str
    at: date
    customer: str
    fields: Mapping[str, Any]
    expect: Mapping[str, Any] = field(default_factory=dict)

    @property
    def moves_clock(self) -> bool:
        """Return whether it happens at `at`, not about it."""
        return self.type != "history" and not self.is_as_of

    @property
    def is_as_of(self) -> bool:
        """Return whether it is asked at the end of the file about a past date."""
        return self.fields.get("as_of", False) is True

    @property
    def label(self) -> str:
        """Return its name in a verdict."""
        return f"event {self.number} ({self.type})"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A worked example: one merchant's program and what happens under it."""

    id: str
    title: str
    program: Mapping[str, Any]
    events: tuple[Event, ...]

    @property
    def currency(self) -> str:
        """Return the currency of every amount in the file."""
        return str(self.program["currency"])


def _shape(required: str = "", optional: str = "", expects: str = "") -> Shape:
    return Shape(*(frozenset(keys.split()) for keys in (required, optional, expects)))


SHAPES: Mapping[str, Shape] = {
    "register": _shape("customer phone", "referred_by", "accepted why"),
    "purchase": _shape(
        "id lines",
        "anonymous channel redeem gift_card_balance promo_codes confirmation",
        "tier redeem_limit redeemed earned to_pay earned_by_line redeemed_by_line from_lots "
        "free_units stamps_after gift_covered cash discount codes_applied refused",
    ),
    "quote": _shape(
        "lines",
        "anonymous channel redeem promo_codes",
        "discount earned to_pay codes_applied refused",
    ),
    "return": _shape("purchase lines", "", "refund clawed_back restored"),
    "void": _shape("purchase"),
    "query": _shape("", "as_of", "available pending debt tier turnover coupons"),
    "grant": _shape("points", "id reason expires_in_days activates_in_days"),
    "spend": _shape("points", "id reason confirmation", "refused"),
    "confirm": _shape("id", "", "accepted"),
    "history": _shape("net_paid", "id"),
    "manual_tier": _shape("tier days", "by"),
    "segments": _shape("segments"),
    "vip_purchase": _shape("price tier days", "id", "earned"),
    "hold": _shape("id points", "confirmation", "accepted refused"),
    "release": _shape("id", "points", "accepted"),
    "gift_issue": _shape("id nominal"),
    "gift_pay": _shape("id receipt_total", "", "covered to_pay remaining"),
    "promo_code": _shape("code coupon", "max_uses max_uses_per_member from to", "accepted"),
    "code_batch": _shape("id coupon count", "prefix max_uses from to", "count"),
    "stop_code": _shape("code"),
    "code_uses": _shape("code", "", "uses"),
    "coupon": _shape(
        "coupon pay", "id notify valid_days", "accepted refused points valid_through"
    ),
    "coupons": _shape("id", "", "valid_through"),
    "draw": _shape("id opens closes prizes entries"),
    "close_draw": _shape("id", "", "entries members"),
    "draw_winners": _shape("id", "public_text", "winners won again_the_same"),
    "change_program": _shape("set"),
}
_ALWAYS_OPTIONAL = frozenset({"type", "at", "customer", "expect"})
_SCENARIO_KEYS = frozenset({"id", "title", "program", "events"})
_LINE_KEYS = frozenset({"unit_price", "qty", "margin", "category", "sku"})
_RETURNED_LINE_KEYS = frozenset({"line", "qty"})


def read_scenario(path: Path) -> Scenario:
    """Read one file.

    Raises:
        FormatError: it cannot be read, or is no scenario; the message says where.
    """
    document = _parsed(path)
    if not isinstance(document, dict):
        raise FormatError("cannot be read: not a JSON object")
    _refuse_unknown("the file", document, _SCENARIO_KEYS)
    _require("the file", document, _SCENARIO_KEYS - {"title"})
    program, events = document["program"], document["events"]
    if not isinstance(program, dict) or not isinstance(events, list):
        raise FormatError("`program` must be an object and `events` a list")
    _require("the program", program, frozenset({"currency", "timezone"}))
    if not 0 < len(events) <= EVENTS_MAX:
        raise FormatError(f"{len(events)} events; 1 to {EVENTS_MAX} can be run")
    return Scenario(
        id=str(document["id"]),
        title=str(document.get("title", "")),
        program=program,
        events=tuple(_event(number, event) for number, event in enumerate(events, 1)),
    )


def _parsed(path: Path) -> Any:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise FormatError(f"cannot be read: larger than {FILE_BYTES_MAX} bytes")
        return json.loads(
            path.read_text(encoding="utf-8"),
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique_keys,
        )
    except (OSError, ValueError, RecursionError) as error:
        raise FormatError(f"cannot be read: {error}") from error


def _refuse_constant(name: str) -> Never:
    raise FormatError(f"cannot be read: {name} is not JSON")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise FormatError(f"cannot be read: `{twice}` stands twice in one object")
    return found


def _event(number: int, event: Any) -> Event:
    if not isinstance(event, dict):
        raise FormatError(f"event {number}: not an object")
    kind = event.get("type")
    where = f"event {number} ({kind})"
    if not isinstance(kind, str) or kind not in SHAPES:
        raise FormatError(f"{where}: unknown event type")
    shape = SHAPES[kind]
    _refuse_unknown(where, event, shape.required | shape.optional | _ALWAYS_OPTIONAL)
    _require(where, event, shape.required | {"at"})
    expect = event.get("expect", {})
    if not isinstance(expect, dict):
        raise FormatError(f"{where}: `expect` is not an object")
    _refuse_unknown(f"{where}: expect", expect, shape.expects)
    _check_lines(where, kind, event)
    return Event(
        number=number,
        type=kind,
        at=_date(where, event["at"]),
        customer=str(event.get("customer", "A")),
        fields={k: v for k, v in event.items() if k not in _ALWAYS_OPTIONAL},
        expect=expect,
    )


def _check_lines(where: str, kind: str, event: Mapping[str, Any]) -> None:
    if "lines" not in event or (kind == "return" and event["lines"] == "all"):
        return
    lines = event["lines"]
    if not isinstance(lines, list) or not 0 < len(lines) <= LINES_MAX:
        raise FormatError(f"{where}: `lines` is not a list of 1 to {LINES_MAX} lines")
    known = _RETURNED_LINE_KEYS if kind == "return" else _LINE_KEYS
    required = known if kind == "return" else frozenset({"unit_price", "qty"})
    for index, line in enumerate(lines):
        if not isinstance(line, dict):
            raise FormatError(f"{where}: line {index} is not an object")
        _refuse_unknown(f"{where}: line {index}", line, known)
        _require(f"{where}: line {index}", line, required)


def _date(where: str, text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise FormatError(f"{where}: `at` is not a date: {text!r}") from error


def _refuse_unknown(where: str, found: Mapping[str, Any], known: frozenset[str]) -> None:
    unknown = sorted(set(found) - known)
    if unknown:
        raise FormatError(f"{where}: unknown key `{unknown[0]}`")


def _require(where: str, found: Mapping[str, Any], required: frozenset[str]) -> None:
    missing = sorted(required - set(found))
    if missing:
        raise FormatError(f"{where}: `{missing[0]}` is missing")

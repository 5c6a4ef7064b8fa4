"""One run of a scenario under way: its merchant, its clock, and the ids it has met."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from scenarios.calls import Caller
from scenarios.enrolment import enrol
from scenarios.format import Event, FormatError, Scenario
from scenarios.money import minor_units, money

MEMBER_A_PHONE = "+79990000001"


@dataclass(slots=True)
class Journey:
    """A fresh merchant with one member, and what the file's names mean there."""

    caller: Caller
    program: dict[str, Any]  # as last published
    merchant: str
    till_key: str
    integration_key: str
    run_id: str = field(default_factory=lambda: uuid4().hex)
    today: date | None = None
    members: dict[str, str] = field(default_factory=dict)  # customer → member id
    purchases: dict[str, str] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)  # lot id → name in the file
    holds: dict[str, str] = field(default_factory=dict)
    gift_cards: dict[str, str] = field(default_factory=dict)  # name in the file → code
    draws: dict[str, str] = field(default_factory=dict)  # the same → id
    cards: dict[str, str] = field(default_factory=dict)  # customer → path of the card
    confirmations: dict[str, str] = field(default_factory=dict)  # name in the file → id
    codes: dict[str, str] = field(default_factory=dict)  # of coupons and batches, the same

    def till(self, method: str, path: str, body: object = None, *, key: str = "") -> Any:
        """Call the API as the merchant's till; `key` names the operation within the run."""
        return self._call(self.till_key, method, path, body, key)

    def office(self, method: str, path: str, body: object = None, *, key: str = "") -> Any:
        """Call the API as the merchant's integration."""
        return self._call(self.integration_key, method, path, body, key)

    def move_clock(self, on: date) -> None:
        """Make it noon of `on` in the program's time zone, unless it is that day already."""
        if on != self.today:
            set_clock(self.caller, on, str(self.program["timezone"]))
            self.today = on

    def run_jobs(self) -> None:
        """Run all that is due."""
        self.caller.call("POST", "/local/jobs/run", {})

    def member_id(self, customer: str) -> str:
        """Return a customer's member id."""
        return named(self.members, customer, "customer")

    def minor(self, amount: object) -> int:
        """Return an amount of the file in minor units."""
        try:
            return minor_units(amount, self.currency)
        except ValueError as error:
            raise FormatError(str(error)) from error

    def money(self, minor: Any) -> Any:
        """Return an amount of an answer as the file writes it; what is no amount, as it is."""
        return money(minor, self.currency) if type(minor) is int else minor

    @property
    def currency(self) -> str:
        """Return the currency of every amount."""
        return str(self.program["currency"])

    def _call(self, credential: str, method: str, path: str, body: object, key: str) -> Any:
        full_key = f"{self.run_id}-{key}" if key else None
        _, answer = self.caller.call(method, path, body, credential=credential, key=full_key)
        return answer


def set_clock(caller: Caller, on: date, timezone: str) -> None:
    """Make it noon of a local date."""
    caller.call("POST", "/local/clock", {"at": noon(on, timezone)})


def noon(on: date, timezone: str) -> str:
    """Return noon of a local date as an RFC 3339 moment in UTC.

    >>> noon(date(2026, 3, 2), "Europe/Moscow")
    '2026-03-02T09:00:00Z'
    """
    try:
        zone = ZoneInfo(timezone)
    except (OSError, ValueError, KeyError) as error:  # KeyError: not in the tz database
        raise FormatError(f"unknown time zone {timezone!r}") from error
    return datetime.combine(on, time(12), zone).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def begin(caller: Caller, scenario: Scenario) -> Journey:
    """Open a merchant for one run, on the file's first day, with its member A."""
    program = dict(scenario.program)
    first_day = _first_day(scenario)
    set_clock(caller, first_day, str(program["timezone"]))
    _, opened = caller.call("POST", "/local/merchants", {"program": program})
    journey = Journey(
        caller=caller,
        program=program,
        merchant=opened["merchant"],
        till_key=opened["till_key"],
        integration_key=opened["integration_key"],
        today=first_day,
    )
    enrolled = enrol(caller, journey.merchant, MEMBER_A_PHONE)
    journey.members["A"], journey.cards["A"] = enrolled.member_id, enrolled.card_path
    return journey


def named(found: dict[str, str], name: object, kind: str) -> str:
    """Return what a name of the file stands for.

    Raises:
        FormatError: no event has introduced it.
    """
    try:
        return found[str(name)]
    except KeyError as error:
        raise FormatError(f"there is no {kind} {name!r} by then") from error


def _first_day(scenario: Scenario) -> date:
    """Return the date of the first event that happens then.

    Past receipts and questions about a past date do not set the clock; where a file has
    nothing else, the last of their dates is today.
    """
    moving = [event.at for event in scenario.events if event.moves_clock]
    return moving[0] if moving else max(event.at for event in scenario.events)


def operation(event: Event) -> str:
    """Return the idempotency key of an event within its run."""
    return f"e{event.number}"

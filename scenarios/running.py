"""Runs one scenario: twice, each time at a fresh merchant, and says how it went.

Once with the due jobs run after every event and once without: what the rules decide by
date must not wait for a job (R13, R14, R32), so both runs must show the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenarios import confirmation_events, draw_events, member_events, offer_events, till_events
from scenarios.calls import Caller, Refused, Unreachable
from scenarios.comparing import first_difference, first_divergence
from scenarios.enrolment import CodeMissing
from scenarios.format import Event, FormatError, Scenario, read_scenario
from scenarios.journey import Journey, begin

EVENTS: Mapping[str, Callable[[Journey, Event], dict[str, Any]]] = {
    "register": member_events.register,
    "purchase": till_events.purchase,
    "quote": till_events.quote,
    "return": till_events.give_back,
    "query": member_events.query,
    "grant": member_events.grant,
    "spend": member_events.spend,
    "confirm": confirmation_events.confirm,
    "history": member_events.history,
    "manual_tier": member_events.manual_tier,
    "segments": member_events.segments,
    "vip_purchase": member_events.vip_purchase,
    "hold": till_events.hold,
    "release": till_events.release,
    "gift_issue": till_events.gift_issue,
    "gift_pay": till_events.gift_pay,
    "void": till_events.void,
    "promo_code": offer_events.promo_code,
    "code_batch": offer_events.code_batch,
    "stop_code": offer_events.stop_code,
    "code_uses": offer_events.code_uses,
    "coupon": offer_events.coupon,
    "coupons": offer_events.coupons,
    "draw": draw_events.draw,
    "close_draw": draw_events.close_draw,
    "draw_winners": draw_events.draw_winners,
    "change_program": member_events.change_program,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a file went."""

    name: str
    failure: str | None = None

    @property
    def line(self) -> str:
        """Return the line that is printed."""
        return f"{self.name} FAIL: {self.failure}" if self.failure else f"{self.name} ok"


class _Failed(Exception):
    """A run that did not show what the file says; the message is the verdict's."""


def run_file(caller: Caller, path: Path) -> Verdict:
    """Run one file both ways."""
    try:
        scenario = read_scenario(path)
    except FormatError as error:
        return Verdict(path.stem, str(error))
    return Verdict(scenario.id, _failure(caller, scenario))


def _failure(caller: Caller, scenario: Scenario) -> str | None:
    try:
        with_jobs = _run(caller, scenario, jobs=True)
    except _Failed as failed:
        return str(failed)
    try:
        without = _run(caller, scenario, jobs=False)
    except _Failed as failed:
        return f"{failed} (in the run without jobs)"
    for event in scenario.events:
        divergence = first_divergence(with_jobs[event.number], without[event.number])
        if divergence:
            return f"{event.label}: {divergence}"
    return None


def _run(caller: Caller, scenario: Scenario, *, jobs: bool) -> dict[int, dict[str, Any]]:
    """Run every event once; return what each showed, by its number."""
    try:
        journey = begin(caller, scenario)
    except _TROUBLE as error:
        raise _Failed(f"the start: {_words(error)}") from error
    shown: dict[int, dict[str, Any]] = {}
    # A stable sort: events in file order, then the questions left for the end of the file.
    for event in sorted(scenario.events, key=lambda event: event.is_as_of):
        if event.moves_clock:
            journey.move_clock(event.at)
        try:
            shown[event.number] = EVENTS[event.type](journey, event)
            difference = first_difference(event.expect, shown[event.number], scenario.currency)
            if jobs:
                journey.run_jobs()
        except _TROUBLE as error:
            raise _Failed(f"{event.label}: {_words(error)}") from error
        if difference:
            raise _Failed(f"{event.label}: {difference}")
    return shown


# A field that an answer must have and has not is a KeyError: the service's fault, reported.
_TROUBLE = (Refused, Unreachable, CodeMissing, FormatError, KeyError, TypeError, ValueError)


def _words(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"the answer has no {error}"
    return str(error)

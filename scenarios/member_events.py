"""What concerns a member or the program itself: one function per event of a file.

Each makes the requests and returns what the answers show, under the names of the format.
"""

import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from scenarios.calls import Refused
from scenarios.confirmation_events import confirmed
from scenarios.enrolment import enrol
from scenarios.format import Event, FormatError
from scenarios.journey import Journey, noon, operation
from scenarios.offer_events import refusal_of
from scenarios.till_events import present

REWARD_SECONDS_MAX = 2.0
_POLL_SECONDS = 0.05


def register(journey: Journey, event: Event) -> dict[str, Any]:
    """Sign a customer up; the phone of a member is answered, but adds nobody."""
    referral_code = None
    if "referred_by" in event.fields:
        referrer = _member(journey, str(event.fields["referred_by"]))
        referral_code = str(referrer["referral_code"])
    phone = str(event.fields["phone"])
    enrolled = enrol(journey.caller, journey.merchant, phone, referral_code=referral_code)
    if enrolled.is_new:
        journey.members[event.customer] = enrolled.member_id
        journey.cards[event.customer] = enrolled.card_path
    elif "accepted" not in event.expect:
        raise FormatError(f"{event.customer} could not register: the phone is a member's")
    return {"accepted": enrolled.is_new}


def query(journey: Journey, event: Event) -> dict[str, Any]:
    """Ask for a member's balance, tier and turnover, or for the balance of a past date.

    A referral's reward, and a coupon that comes by itself, are posted after a purchase was
    answered; a file with one is asked again for a while until the answer is the expected one.
    """
    if event.is_as_of:
        return _balance_on(journey, event)
    is_waiting = "referral" in journey.program or "coupons" in event.expect
    deadline = time.monotonic() + is_waiting * REWARD_SECONDS_MAX
    while True:
        seen = _seen(journey, event)
        if time.monotonic() >= deadline or _meets(seen, event.expect):
            return seen
        time.sleep(_POLL_SECONDS)


def grant(journey: Journey, event: Event) -> dict[str, Any]:
    """Give points."""
    body = {
        "points": event.fields["points"],
        "reason": event.fields.get("reason", "grant"),
        "expires_in_days": event.fields.get("expires_in_days"),
        "activates_in_days": event.fields.get("activates_in_days", 0),
    }
    path = f"/v1/members/{journey.member_id(event.customer)}/grants"
    answer = journey.office("POST", path, body, key=operation(event))
    if "id" in event.fields:
        journey.grants[str(answer["lot_id"])] = str(event.fields["id"])
    return {}


def spend(journey: Journey, event: Event) -> dict[str, Any]:
    """Redeem points without a receipt."""
    body = {
        "member_id": journey.member_id(event.customer),
        "points": event.fields["points"],
        "reason": event.fields.get("reason", "spend"),
        **confirmed(journey, event.fields),
    }
    try:
        journey.till("POST", "/v1/redemptions", body, key=operation(event))
    except Refused as refusal:
        return refusal_of(event, refusal)
    return {}


def history(journey: Journey, event: Event) -> dict[str, Any]:
    """Import a past receipt, at noon of its own date."""
    row = {
        "member_id": journey.member_id(event.customer),
        "at": noon(event.at, str(journey.program["timezone"])),
        "net_paid_minor": journey.minor(event.fields["net_paid"]),
        "receipt_id": f"history-{event.number}",
    }
    answer = journey.office("POST", "/v1/history", [row], key=operation(event))
    for result in answer["items"]:
        status = int(result["status"])
        if status >= HTTPStatus.BAD_REQUEST:
            raise Refused("POST /v1/history", status, result.get("problem") or result)
    return {}


def manual_tier(journey: Journey, event: Event) -> dict[str, Any]:
    """Give a tier for a number of days."""
    _override(journey, event, {"reason": str(event.fields.get("by", "manual tier"))})
    return {}


def segments(journey: Journey, event: Event) -> dict[str, Any]:
    """Put a member into segments, and into no other."""
    path = f"/v1/members/{journey.member_id(event.customer)}/segments"
    body = {"segments": event.fields["segments"]}
    journey.office("PUT", path, body, key=operation(event))
    return {}


def vip_purchase(journey: Journey, event: Event) -> dict[str, Any]:
    """Sell a tier for a number of days; what it earned is what the member has more of."""
    before = _points(_member(journey, event.customer))
    fee_minor = journey.minor(event.fields["price"])
    _override(journey, event, {"reason": "bought status", "paid_minor": fee_minor})
    return {"earned": _points(_member(journey, event.customer)) - before}


def change_program(journey: Journey, event: Event) -> dict[str, Any]:
    """Publish the program with some keys replaced."""
    changed = event.fields["set"]
    if not isinstance(changed, dict):
        raise FormatError("`set` is not an object")
    # The file's own document, not the service's rendering of it: what a key that the file
    # leaves out means is the service's to say, before and after.
    program = {**journey.program, **changed}
    key = operation(event)
    journey.office("PUT", "/v1/program/draft", program, key=f"{key}-draft")
    journey.office("POST", "/v1/program/draft/publish", {}, key=f"{key}-publish")
    journey.program.update(changed)
    return {}


def _override(journey: Journey, event: Event, more: Mapping[str, Any]) -> None:
    body = {"tier": event.fields["tier"], "days": event.fields["days"], **more}
    path = f"/v1/members/{journey.member_id(event.customer)}/tier-overrides"
    journey.office("POST", path, body, key=operation(event))


def _member(journey: Journey, customer: str) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = journey.office(
        "GET", f"/v1/members/{journey.member_id(customer)}"
    )
    return answer


def _seen(journey: Journey, event: Event) -> dict[str, Any]:
    member = _member(journey, event.customer)
    balance, tier = member["balance"], member.get("tier") or {}
    return present(
        {
            "available": balance.get("available"),
            "pending": balance.get("pending"),
            "debt": balance.get("debt"),
            "tier": tier.get("name"),
            "turnover": journey.money(tier.get("turnover_minor")),
            "coupons": _usable(journey, event) if "coupons" in event.expect else None,
        }
    )


def _usable(journey: Journey, event: Event) -> list[str]:
    """Return the names of the coupons a member can use, in order."""
    answer = journey.office("GET", f"/v1/members/{journey.member_id(event.customer)}/coupons")
    return sorted(one["coupon"] for one in answer["items"] if one["state"] == "usable")


def _balance_on(journey: Journey, event: Event) -> dict[str, Any]:
    member_id = journey.member_id(event.customer)
    answer = journey.office("GET", f"/v1/members/{member_id}/balance?on={event.at}")
    shown = {name: answer.get(name) for name in ("available", "pending", "debt")}
    tier = answer.get("tier") or {}
    shown["tier"] = tier.get("name")
    shown["turnover"] = journey.money(tier.get("turnover_minor"))
    return present(shown)


def _meets(seen: Mapping[str, Any], expect: Mapping[str, Any]) -> bool:
    return all(seen.get(name) == value for name, value in expect.items())


def _points(member: Mapping[str, Any]) -> int:
    """Return all a member has: what an accrual, pending or repaying a debt, would raise."""
    balance = member["balance"]
    return int(balance["available"] + balance["pending"] + balance["held"] - balance["debt"])

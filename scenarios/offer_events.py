"""Promo codes and coupons: one function per event of a file.

A code that an event makes has a name in the file: a member's coupon its `id`; the codes of a
batch, and the coupons an event asks for, `{id}-0`, `{id}-1` and so on. What is no such name
is the code itself, as a shopper would say it.
"""

import csv
from typing import Any

from scenarios.calls import Refused
from scenarios.confirmation_events import REQUIRED
from scenarios.format import Event, FormatError
from scenarios.journey import Journey, operation

REFUSED = "promo_code_refused"
_WINDOW = ("from", "to")
_GIFT_REFUSALS = ("insufficient_points", "coupon_not_offered", "no_consent")


def promo_code(journey: Journey, event: Event) -> dict[str, Any]:
    """Make a named code; one that exists is an answer, not a failure."""
    names = ("code", "coupon", "max_uses", "max_uses_per_member", *_WINDOW)
    body = {name: event.fields[name] for name in names if name in event.fields}
    try:
        journey.office("POST", "/v1/promo-codes", body, key=operation(event))
    except Refused as refusal:
        if refusal.code != "promo_code_exists" or "accepted" not in event.expect:
            raise
        return {"accepted": False}
    return {"accepted": True}


def code_batch(journey: Journey, event: Event) -> dict[str, Any]:
    """Make codes at once, and learn them as a shop does: from the list."""
    names = ("coupon", "count", "prefix", "max_uses", *_WINDOW)
    body = {name: event.fields[name] for name in names if name in event.fields}
    batch = journey.office("POST", "/v1/promo-code-batches", body, key=operation(event))
    listed = journey.office("GET", f"/v1/promo-code-batches/{batch['id']}/codes.csv")
    rows = list(csv.DictReader(str(listed).splitlines()))
    for number, row in enumerate(rows):
        journey.codes[f"{event.fields['id']}-{number}"] = row["code"]
    return {"count": len(rows)}


def stop_code(journey: Journey, event: Event) -> dict[str, Any]:
    """Let a code be used no more."""
    code = said(journey, event.fields["code"])
    journey.office("POST", f"/v1/promo-codes/{code}/stop", {})
    return {}


def code_uses(journey: Journey, event: Event) -> dict[str, Any]:
    """Ask how often a code was used."""
    code = said(journey, event.fields["code"])
    return {"uses": journey.office("GET", f"/v1/promo-codes/{code}")["uses"]}


def coupon(journey: Journey, event: Event) -> dict[str, Any]:
    """Give a customer a coupon, or exchange points for it; a refusal is an answer."""
    names = ("coupon", "pay", "notify", "valid_days")
    body = {name: event.fields[name] for name in names if name in event.fields}
    path = f"/v1/members/{journey.member_id(event.customer)}/coupons"
    try:
        answer = journey.office("POST", path, body, key=operation(event))
    except Refused as refusal:
        if refusal.code not in _GIFT_REFUSALS or "accepted" not in event.expect:
            raise
        return {"accepted": False, "refused": refusal.code}
    if "id" in event.fields:
        journey.codes[str(event.fields["id"])] = str(answer["code"])
    return {
        "accepted": True,
        "points": answer["points"],
        "valid_through": answer["valid_through"],
    }


def coupons(journey: Journey, event: Event) -> dict[str, Any]:
    """Learn the codes of the coupons a customer can use, in the order of their last days."""
    path = f"/v1/members/{journey.member_id(event.customer)}/coupons"
    usable = [one for one in journey.office("GET", path)["items"] if one["state"] == "usable"]
    usable.sort(key=lambda one: (one["valid_through"] or "", one["coupon"], one["code"]))
    for number, one in enumerate(usable):
        journey.codes[f"{event.fields['id']}-{number}"] = str(one["code"])
    return {"valid_through": [one["valid_through"] for one in usable]}


def said(journey: Journey, name: object) -> str:
    """Return the code a name of the file stands for; else the name is the code."""
    return journey.codes.get(str(name), str(name))


def presented(journey: Journey, event: Event) -> dict[str, Any]:
    """Return the part of a basket that says its codes."""
    names = event.fields.get("promo_codes", [])
    if not isinstance(names, list):
        raise FormatError("`promo_codes` is not a list")
    return {"promo_codes": [said(journey, name) for name in names]} if names else {}


def refusal_of(event: Event, refusal: Refused) -> dict[str, Any]:
    """Return what a refused basket shows, if the file expects a refusal.

    Of a promo code it is the reason; of a redemption that wants a confirmation the code.
    """
    if refusal.code not in (REFUSED, REQUIRED) or "refused" not in event.expect:
        raise refusal
    reason = refusal.problem.get("reason") if refusal.code == REFUSED else refusal.code
    return {"refused": reason}


def applied(answer: dict[str, Any]) -> list[bool] | None:
    """Return, code by code, whether it gave something."""
    codes = answer.get("promo_codes")
    return [bool(code["is_applied"]) for code in codes] if codes else None

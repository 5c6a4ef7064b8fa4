"""What happens at the till or in the online shop: one function per event of a file.

Each makes the requests and returns what the answers show, under the names of the format.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from scenarios.calls import Refused
from scenarios.confirmation_events import REQUIRED, confirmed
from scenarios.format import Event, FormatError
from scenarios.journey import Journey, named, operation
from scenarios.offer_events import applied, presented, refusal_of

HOLD_SECONDS = 24 * 60 * 60


def purchase(journey: Journey, event: Event) -> dict[str, Any]:
    """Post a receipt."""
    body = _basket(journey, event) | {"receipt_id": str(event.fields["id"])}
    body |= confirmed(journey, event.fields)
    if "gift_card_balance" in event.fields:
        code = issue_gift_card(journey, event, event.fields["gift_card_balance"])
        body["gift_card"] = {"code": code, "mode": "max"}

    try:
        answer = journey.till("POST", "/v1/purchases", body, key=operation(event))
    except Refused as refusal:
        return refusal_of(event, refusal)

    journey.purchases[str(event.fields["id"])] = answer["id"]
    lines = answer.get("lines") or []
    return present(
        {
            "tier": (answer.get("tier") or {}).get("name"),
            "redeem_limit": answer.get("redeem_max"),
            "redeemed": answer.get("redeemed"),
            "earned": answer.get("earned"),
            "to_pay": journey.money(answer.get("to_pay_minor")),
            "earned_by_line": [line.get("earned") for line in lines],
            "redeemed_by_line": [line.get("redeemed") for line in lines],
            "from_lots": _from_lots(journey, answer),
            "free_units": _free_units(lines),
            "stamps_after": answer.get("stamps"),
            "gift_covered": journey.money(answer.get("gift_card_minor")),
            "cash": journey.money(answer.get("money_minor")),
            "discount": journey.money(answer.get("discount_minor")),
            "codes_applied": applied(answer),
        }
    )


def quote(journey: Journey, event: Event) -> dict[str, Any]:
    """Ask what a basket would cost."""
    try:
        answer = journey.till("POST", "/v1/quotes", _basket(journey, event))
    except Refused as refusal:
        return refusal_of(event, refusal)
    return present(
        {
            "discount": journey.money(answer.get("discount_minor")),
            "earned": answer.get("earned"),
            "codes_applied": applied(answer),
            "to_pay": journey.money(answer.get("to_pay_minor")),
        }
    )


def give_back(journey: Journey, event: Event) -> dict[str, Any]:
    """Return a purchase, whole or by line."""
    purchase_id = named(journey.purchases, event.fields["purchase"], "purchase")
    body: dict[str, Any] = {"return_id": f"return-{event.number}"}
    if event.fields["lines"] == "all":
        body["all"] = True
    else:
        body["lines"] = [
            {"line": line["line"], "quantity": _quantity(line["qty"])}
            for line in event.fields["lines"]
        ]

    path = f"/v1/purchases/{purchase_id}/returns"
    answer = journey.till("POST", path, body, key=operation(event))

    return present(
        {
            "refund": journey.money(answer.get("refund_minor")),
            "clawed_back": answer.get("clawed_back"),
            "restored": answer.get("restored"),
        }
    )


def void(journey: Journey, event: Event) -> dict[str, Any]:
    """Undo a purchase whole."""
    purchase_id = named(journey.purchases, event.fields["purchase"], "purchase")
    path = f"/v1/purchases/{purchase_id}/void"
    journey.office("POST", path, {"reason": "a mistake"}, key=operation(event))
    return {}


def hold(journey: Journey, event: Event) -> dict[str, Any]:
    """Reserve points for a day; too few of them is an answer, not a failure."""
    body = {
        "member_id": journey.member_id(event.customer),
        "points": event.fields["points"],
        "ttl_seconds": HOLD_SECONDS,
        **confirmed(journey, event.fields),
    }
    try:
        answer = journey.till("POST", "/v1/holds", body, key=operation(event))
    except Refused as refusal:
        if refusal.code == REQUIRED:
            return refusal_of(event, refusal)
        return _not_accepted(event, refusal, "insufficient_points")
    journey.holds[str(event.fields["id"])] = answer["id"]
    return {"accepted": True}


def release(journey: Journey, event: Event) -> dict[str, Any]:
    """Give reserved points back."""
    hold_id = named(journey.holds, event.fields["id"], "hold")
    try:
        journey.till("POST", f"/v1/holds/{hold_id}/release", {}, key=operation(event))
    except Refused as refusal:
        return _not_accepted(event, refusal, "hold_not_found")
    return {"accepted": True}


def gift_issue(journey: Journey, event: Event) -> dict[str, Any]:
    """Sell a gift card."""
    code = issue_gift_card(journey, event, event.fields["nominal"])
    journey.gift_cards[str(event.fields["id"])] = code
    return {}


def gift_pay(journey: Journey, event: Event) -> dict[str, Any]:
    """Pay a receipt with a gift card as far as it goes."""
    code = named(journey.gift_cards, event.fields["id"], "gift card")
    body = {
        "member_id": journey.member_id(event.customer),
        "receipt_id": f"gift-{event.number}",
        "channel": "offline",
        "total_minor": journey.minor(event.fields["receipt_total"]),
        "redeem": {"mode": "none"},
        "gift_card": {"code": code, "mode": "max"},
    }
    answer = journey.till("POST", "/v1/purchases", body, key=operation(event))
    card = journey.till("GET", f"/v1/gift-cards/{code}")
    return present(
        {
            "covered": journey.money(answer.get("gift_card_minor")),
            "to_pay": journey.money(answer.get("money_minor")),
            "remaining": journey.money(card.get("balance_minor")),
        }
    )


def issue_gift_card(journey: Journey, event: Event, nominal: object) -> str:
    """Sell a gift card of this nominal, ready to pay with, and return its code."""
    key = operation(event)
    body = {"amount_minor": journey.minor(nominal)}
    card = journey.office("POST", "/v1/gift-cards", body, key=f"{key}-issue")
    code = str(card["code"])
    journey.office("POST", f"/v1/gift-cards/{code}/activate", {}, key=f"{key}-activate")
    return code


def present(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the answers did show: a field that is absent cannot meet an expectation."""
    return {name: value for name, value in shown.items() if value is not None}


def _basket(journey: Journey, event: Event) -> dict[str, Any]:
    who = {} if event.fields.get("anonymous") else _member(journey, event)
    return {
        **who,
        **presented(journey, event),
        "channel": event.fields.get("channel", "offline"),
        "lines": [_line(journey, line) for line in event.fields["lines"]],
        "redeem": _redeem(event.fields.get("redeem", 0)),
    }


def _member(journey: Journey, event: Event) -> dict[str, Any]:
    return {"member_id": journey.member_id(event.customer)}


def _line(journey: Journey, line: Mapping[str, Any]) -> dict[str, Any]:
    classes = {name: line[name] for name in ("sku", "margin", "category") if name in line}
    return classes | {
        "quantity": _quantity(line["qty"]),
        "unit_price_minor": journey.minor(line["unit_price"]),
    }


def _quantity(quantity: Any) -> str:
    """Return a quantity as a decimal string; JSON's 0.35 is Python's, and reads the same."""
    if isinstance(quantity, bool) or not isinstance(quantity, int | float | str):
        raise FormatError(f"{quantity!r} is not a quantity")
    return str(quantity)


def _redeem(asked: Any) -> dict[str, Any]:
    """Return the API's words for "no points", "as many as possible", "at most so many"."""
    if asked == "max":
        return {"mode": "max"}
    if type(asked) is not int or asked < 0:
        raise FormatError(f'`redeem` is neither points nor "max": {asked!r}')
    return {"mode": "max", "points": asked} if asked else {"mode": "none"}


def _from_lots(journey: Journey, answer: Mapping[str, Any]) -> dict[str, int]:
    """Return the points taken from each lot that has a name in the file."""
    taken: dict[str, int] = {}
    for part in answer.get("allocation") or []:
        name = journey.grants.get(str(part["lot_id"]))
        if name is not None:
            taken[name] = taken.get(name, 0) + part["points"]
    return taken


def _free_units(lines: list[Mapping[str, Any]]) -> Any:
    free = sum((Decimal(line.get("free_quantity") or 0) for line in lines), Decimal(0))
    return int(free) if free == free.to_integral_value() else str(free)


def _not_accepted(event: Event, refusal: Refused, code: str) -> dict[str, Any]:
    """Return the refusal as an answer, if the file asks about it and it is the one meant."""
    if "accepted" not in event.expect or refusal.code != code:
        raise refusal
    return {"accepted": False}
